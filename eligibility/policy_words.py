"""Words for people that speak of nothing there is, or of a figure that what they are said of does not read."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.errors import nearest
from eligibility.facts import vocabulary
from eligibility.policy import Policies
from eligibility.policy_findings import Finding, reads_of_term
from eligibility.rule_names import shown


def words(policies: Policies) -> Iterator[Finding]:
    """Everything found."""
    rules, choices = policies.rules, _choices(policies)
    for name, said in rules.words.items():
        where = rules.places[f"words:{name}"]
        if name not in choices:
            yield Finding(where, f"no version holds a figure or reading {name}{nearest(name, choices)}")
            continue
        for choice in said.choices:
            if choice not in choices[name]:
                mark = where.value["choices"].value[choice]
                yield Finding(mark, f"{choice} is no choice of {name}{nearest(choice, choices[name])}")
    for name, definition in rules.definitions.items():
        known = _shown_with(reads_of_term(rules, name))
        for figure in shown(definition.asked):
            if figure not in known:
                mark = rules.places[name].value["asked"].at(f"{{{figure}}}")
                yield Finding(mark, f"the question of {name} shows {figure}, which {name} does not read")


def _choices(policies: Policies) -> dict[str, set[str]]:
    """By the name of a figure or reading: what any version may set it to, where that is words."""
    found: dict[str, set[str]] = {}
    for version in policies.versions.values():
        for name, parameter in version.parameters.items():
            found.setdefault(name, set()).update(parameter.choices)
        for name, reading in version.readings.items():
            found.setdefault(name, set()).update(reading.choices)
    return found


def _shown_with(names: set[str]) -> set[str]:
    """Names, and the figures that the facts among them are worked out with."""
    facts = vocabulary().by_name
    return names | {figure for name in names if name in facts for figure in facts[name].parameters}
