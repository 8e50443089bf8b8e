"""Rules that nothing uses, names that nothing answers to, and figures written where no source stands beside them."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.errors import nearest
from eligibility.facts import vocabulary
from eligibility.language.expressions import Among, AnyOf, Compare, Constant, Expression, Name, Operand, atoms, names
from eligibility.policy import REPLACED_VERSION, RULE_TYPES, VERSION_STARTS, Policies
from eligibility.policy_findings import Finding, place, reads, uses, written_tests
from eligibility.reading_names import READ_BY_THE_ENGINE
from eligibility.rulebook import Condition, Rules

_SMALLEST_FIGURE = 100
"""From here on a whole number is taken for a figure of the policy, not for a count."""


def names_and_figures(policies: Policies) -> Iterator[Finding]:
    """Everything found, kind by kind."""
    yield from _unused(policies)
    yield from _read_by_none(policies)
    yield from _tags(policies)
    yield from _clarifications(policies)
    yield from _protected_without_need(policies)
    yield from _figures(policies)


def _unused(policies: Policies) -> Iterator[Finding]:
    rules, versions = policies.rules, policies.versions.values()
    subjects = {a.about for a in rules.advice}
    for kind, known, used in (
        ("ground", rules.grounds, {g for v in versions for g in v.grounds}),
        ("notice", rules.notices, {n for v in versions for n in v.notices}),
        ("advice", subjects, {a for v in versions for a in v.advice}),
    ):
        for name in sorted(set(known) - used):
            yield Finding(rules.places[name], f"the {kind} {name} is in no version")
    for version in versions:
        advice = place(version, "advice")
        if advice is not version.mark:
            for item in advice.value if isinstance(advice.value, list) else [advice]:
                if item.text() not in subjects:
                    yield Finding(item, f"there is no advice about {item.text()}{nearest(item.text(), subjects)}")
    reached = _reached(rules)
    for name in rules.definitions:
        if name not in reached:
            yield Finding(rules.places[name], f"the definition {name} is used by no rule")


def _read_by_none(policies: Policies) -> Iterator[Finding]:
    """Figures that a ground needs and its version does not hold, and readings held that no rule asks for."""
    rules, versions = policies.rules, policies.versions.values()
    read = {name for _, test in written_tests(policies) for name in names(test)} | {
        name for lines in rules.measures.values() for m in lines for name in (m.value, m.limit)
    }
    for name, ground in rules.grounds.items():
        era = [v for v in versions if name in v.grounds]
        needed = {n for c in ground.conditions for n in names(c.test)} & _held_somewhere(policies)
        for version in era:
            for missing in sorted(needed - set(version.parameters) - set(version.readings)):
                yield Finding(rules.places[name], f"{name} needs {missing}, which {version.id} does not hold")
    for version in versions:
        for name, mark in version.own.items():
            if name in version.readings and name not in read and name not in READ_BY_THE_ENGINE:
                yield Finding(mark, f"no rule reads {name}")


def _held_somewhere(policies: Policies) -> set[str]:
    return {n for v in policies.versions.values() for n in (*v.parameters, *v.readings)}


def _condition_lists(rules: Rules) -> Iterator[tuple[Condition, ...]]:
    yield from (ground.conditions for ground in rules.grounds.values())
    yield from (notice.conditions for notice in rules.notices.values())


def _reached(rules: Rules) -> set[str]:
    reached: set[str] = set()
    waiting = [name for conditions in _condition_lists(rules) for c in conditions for name in names(c.test)]
    waiting += [name for lines in rules.measures.values() for m in lines if m.when for name in names(m.when)]
    waiting += [name for a in rules.advice for name in names(a.when)]
    while waiting:
        name = waiting.pop()
        if name in rules.definitions and name not in reached:
            reached.add(name)
            waiting.extend(names(rules.definitions[name].test))
    return reached


def _tags(policies: Policies) -> Iterator[Finding]:
    rules = policies.rules
    used = {atom.tag for _, test in written_tests(policies) for atom in atoms(test) if isinstance(atom, AnyOf)}
    for ground in rules.grounds.values():
        if not ground.tags:
            continue
        tags = rules.places[ground.id].value["tags"]
        for item in tags.value if isinstance(tags.value, list) else [tags]:
            if item.text() not in used:
                yield Finding(item, f"no rule asks for any({item.text()}){nearest(item.text(), used)}")


def _clarifications(policies: Policies) -> Iterator[Finding]:
    rules = policies.rules
    subjects = {*rules.grounds, *rules.definitions, *rules.notices, *(a.about for a in rules.advice)}
    for version in policies.versions.values():
        known = {*subjects, *version.parameters, *version.readings}
        for change in version.changes:
            if change.kind == "clarification" and change.about not in known:
                what = f"{change.about} is no ground, definition, notice, advice, parameter or reading"
                yield Finding(change.mark.value["clarification"], what + nearest(change.about, known))


def _protected_without_need(policies: Policies) -> Iterator[Finding]:
    for version in policies.versions.values():
        if version.transition is None or not version.replaces:
            continue
        before = policies.versions[version.replaces]
        changed = {change.about for change in version.changes if change.kind == "parameter"} | set(version.own)
        withdrawn = {change.about for change in version.changes if change.kind == "withdraw"}
        for item in place(version, "transition", "protects").items():
            ground = item.value["ground"].text()
            if ground not in before.grounds or ground not in version.grounds:
                continue
            if not (reads(policies.rules, ground) & changed or uses(policies.rules, ground) & withdrawn):
                what = f"{version.id} protects {ground}, which it neither withdraws nor changes by a parameter"
                yield Finding(item.value["ground"], what)


def _figures(policies: Policies) -> Iterator[Finding]:
    types = {name: kind.type for name, kind in vocabulary().kinds().items()} | {VERSION_STARTS: "date"}
    types |= {REPLACED_VERSION: "word"}
    for version in policies.versions.values():
        types |= {name: RULE_TYPES.get(p.unit, "") for name, p in version.parameters.items()}
    for mark, test in written_tests(policies):
        for figure in _written_figures(test, types):
            yield Finding(
                mark.at(str(figure)), f"{figure} is a figure of the policy; write it as a parameter with a source"
            )


def _written_figures(test: Expression, types: dict[str, str]) -> Iterator[int]:
    for atom in atoms(test):
        if isinstance(atom, Compare):
            sides = (atom.left, atom.right)
            beside = [_type(side, types) for side in sides]
            constants = [side.value for side in sides if isinstance(side, Constant)]
        elif isinstance(atom, Among):
            beside, constants = [_type(atom.operand, types)], list(atom.values)
        else:
            continue
        for value in constants:
            if not isinstance(value, int) or "date" in beside:
                continue
            if value >= _SMALLEST_FIGURE or (value and {"length", "money"} & set(beside)):
                yield value


def _type(operand: Operand, types: dict[str, str]) -> str:
    return types.get(operand.name, "") if isinstance(operand, Name) else ""
