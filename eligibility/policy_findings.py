"""What a check of the policy files finds, and every condition they hold with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eligibility.language.expressions import Expression, names
from eligibility.marked_yaml import Marked
from eligibility.policy import Policies, Version
from eligibility.rulebook import Condition, Rules, needs


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and where."""

    where: Marked
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def place(version: Version, *keys: str) -> Marked:
    """Where something is written in a version's own file: the innermost of `keys` that is there."""
    mark = version.mark
    for key in keys:
        if not isinstance(mark.value, dict) or key not in mark.value:
            break
        mark = mark.value[key]
    return mark


def written_tests(policies: Policies) -> Iterator[tuple[Marked, Expression]]:
    """Every condition of the rules and of the transitions, with its place."""
    rules = policies.rules
    for ground in rules.grounds.values():
        yield from _conditions(rules.places[ground.id].value["conditions"], ground.conditions)
        if ground.listed_when is not None:
            yield rules.places[ground.id].value["listed_when"], ground.listed_when
    for notice in rules.notices.values():
        yield from _conditions(rules.places[notice.id].value["conditions"], notice.conditions)
    for definition in rules.definitions.values():
        yield rules.places[definition.name].value["test"], definition.test
    for advice in rules.advice:
        yield advice.place.value["when"], advice.when
    for version in policies.versions.values():
        for name, expectation in version.transition.readings.items() if version.transition else ():
            yield from _conditions(place(version, "transition", "readings", name, "conditions"), expectation.conditions)


def _conditions(mark: Marked, conditions: tuple[Condition, ...]) -> Iterator[tuple[Marked, Expression]]:
    for item, condition in zip(mark.items(), conditions, strict=True):
        yield item.value["test"], condition.test


def reads_of_term(rules: Rules, term: str) -> set[str]:
    """Every name that a definition reads, those of the definitions that it uses included."""
    found: set[str] = set()
    waiting = [term]
    while waiting:
        read = set(names(rules.definitions[waiting.pop()].test)) - found
        found |= read
        waiting += sorted(read & set(rules.definitions))
    return found


def uses(rules: Rules, ground: str) -> set[str]:
    """A ground and every other ground and definition that it hangs on, at any depth."""
    found: set[str] = set()
    waiting = [ground]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += sorted(needs(rules, name))
    return found


def reads(rules: Rules, ground: str) -> set[str]:
    """Every name that a ground reads, those of its definitions, its other grounds and its limits included."""
    found: set[str] = set()
    for name in uses(rules, ground):
        if name in rules.definitions:
            found |= set(names(rules.definitions[name].test))
        else:
            rule = rules.grounds[name]
            found |= {n for condition in rule.conditions for n in names(condition.test)}
            found |= {measure.limit for measure in rules.measures.get(rule.measures, ())}
    return found
