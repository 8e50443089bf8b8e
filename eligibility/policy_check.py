"""What is wrong with the policy files although each of them can be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from eligibility.answers import Answers
from eligibility.language.expressions import FALSE, TRUE, AnyOf, Expression, atoms, both, names
from eligibility.language.partial import partial
from eligibility.marked_yaml import Marked
from eligibility.policy import Policies, Version
from eligibility.reading_names import EXPECTATION, READ_BY_THE_ENGINE
from eligibility.rulebook import Condition, Rules

_MOST_TRIED = 50_000


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and where."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


def check(policies: Policies) -> list[Finding]:
    """Everything found wrong, in the order of the files."""
    found: list[Finding] = []
    for version in policies.versions.values():
        found.extend(_edits_that_change_nothing(policies, version))
        found.extend(_against_statute(policies, version))
        found.extend(_transition(policies, version))
    found.extend(_unused(policies))
    found.extend(_read_by_none(policies))
    found.extend(_conflicts(policies))
    found.extend(_dates(policies))
    return found


def _at(mark: Marked) -> str:
    return f"{mark.file}:{mark.line}:{mark.column}"


def _edits_that_change_nothing(policies: Policies, version: Version) -> Iterator[Finding]:
    if not version.replaces:
        return
    before = policies.versions[version.replaces]
    hint = "mark it as a clarification, or take it out"
    for change in version.changes:
        if change.kind == "parameter":
            old, new = before.parameters[change.about], version.parameters[change.about]
            if old.on(version.starts) == new.on(version.starts):
                yield Finding(_at(change.mark), f"{change.about} has this value already in {before.id}; {hint}")
        elif (change.kind == "add_ground" and change.about in before.grounds) or (
            change.kind == "add_notice" and change.about in before.notices
        ):
            yield Finding(_at(change.mark), f"{change.about} is in {before.id} already; {hint}")
    for name, mark in version.own.items():
        old_parameter, old_reading = before.parameters.get(name), before.readings.get(name)
        if old_parameter and old_parameter.values == version.parameters[name].values:
            yield Finding(_at(mark), f"{name} has this value already in {before.id}; {hint}")
        if old_reading and (old_reading.chosen, old_reading.others) == (
            version.readings[name].chosen,
            version.readings[name].others,
        ):
            yield Finding(_at(mark), f"{name} is read so already in {before.id}; {hint}")
    if _same(before, version):
        yield Finding(_at(version.mark), f"{version.id} changes nothing against {before.id}")


def _same(a: Version, b: Version) -> bool:
    values = [
        (
            set(v.grounds),
            set(v.notices),
            v.advice,
            {n: p.values[-1][1] for n, p in v.parameters.items()},
            {n: (r.chosen, r.others) for n, r in v.readings.items()},
        )
        for v in (a, b)
    ]
    return values[0] == values[1]


def _against_statute(policies: Policies, version: Version) -> Iterator[Finding]:
    if not version.statute:
        return
    statute = policies.versions[version.statute]
    for ground in statute.grounds:
        if ground not in version.grounds:
            yield Finding(
                _at(version.mark),
                f"{version.id} leaves out {ground}, which statute grants under every version",
            )
    for name, parameter in statute.parameters.items():
        held = version.parameters.get(name)
        if held is None or held.values == parameter.values:
            continue
        yield Finding(
            _at(version.mark),
            f"{version.id} changes {name}, which statute sets; the two conclude against each other. "
            "Add a local ground instead",
        )


def _transition(policies: Policies, version: Version) -> Iterator[Finding]:
    reading = version.readings.get(EXPECTATION)
    if version.transition is None:
        if any(change.kind == "withdraw" for change in version.changes):
            yield Finding(
                _at(version.mark),
                f"{version.id} withdraws grounds and says nothing of who keeps them (transition)",
            )
        return
    if not version.replaces:
        yield Finding(_at(version.mark), f"{version.id} has a transition but replaces no version")
        return
    before = policies.versions[version.replaces]
    for ground in version.transition.protects:
        if ground not in before.grounds:
            yield Finding(_at(version.mark), f"{version.id} protects {ground}, which {before.id} does not grant")
    if reading is None or set(reading.choices) != set(version.transition.readings):
        yield Finding(
            _at(version.mark),
            f"the choices of {EXPECTATION} and the readings of the transition are not the same",
        )
    withdrawn = {change.about for change in version.changes if change.kind == "withdraw"}
    for ground in sorted(withdrawn - set(version.transition.protects)):
        yield Finding(_at(version.mark), f"{ground} is withdrawn and not named among what the transition protects")


def _unused(policies: Policies) -> Iterator[Finding]:
    rules, versions = policies.rules, policies.versions.values()
    for kind, known, used in (
        ("ground", rules.grounds, {g for v in versions for g in v.grounds}),
        ("notice", rules.notices, {n for v in versions for n in v.notices}),
        ("advice", {a.about for a in rules.advice}, {a for v in versions for a in v.advice}),
    ):
        for name in known:
            if name not in used:
                yield Finding(rules.files[name].name, f"the {kind} {name} is in no version")
    for version in versions:
        for about in version.advice:
            if about not in {a.about for a in rules.advice}:
                yield Finding(_at(version.mark), f"there is no advice about {about}")
    reached = _reached(rules)
    for name in rules.definitions:
        if name not in reached:
            yield Finding(rules.files[name].name, f"the definition {name} is used by no rule")


def _read_by_none(policies: Policies) -> Iterator[Finding]:
    """Figures that a ground needs and its version does not hold, and readings held that no rule asks for."""
    rules, versions = policies.rules, policies.versions.values()
    read = {name for test in _tests(policies) for name in names(test)} | {
        name for lines in rules.measures.values() for m in lines for name in (m.value, m.limit)
    }
    for name, ground in rules.grounds.items():
        era = [v for v in versions if name in v.grounds]
        needed = {n for c in ground.conditions for n in names(c.test)} & _parameter_names(policies)
        for version in era:
            for missing in sorted(needed - set(version.parameters) - set(version.readings)):
                yield Finding(rules.files[name].name, f"{name} needs {missing}, which {version.id} does not hold")
    for version in versions:
        for name, mark in version.own.items():
            if name in version.readings and name not in read and name not in READ_BY_THE_ENGINE:
                yield Finding(_at(mark), f"no rule reads {name}")


def _parameter_names(policies: Policies) -> set[str]:
    return {n for v in policies.versions.values() for n in (*v.parameters, *v.readings)}


def _tests(policies: Policies) -> Iterator[Expression]:
    rules = policies.rules
    for conditions in _condition_lists(rules):
        yield from (condition.test for condition in conditions)
    yield from (definition.test for definition in rules.definitions.values())
    yield from (advice.when for advice in rules.advice)
    for version in policies.versions.values():
        if version.transition:
            yield from (c.test for e in version.transition.readings.values() for c in e.conditions)


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


def _conflicts(policies: Policies) -> Iterator[Finding]:
    """Two rules that conclude against each other: one case, two answers."""
    rules = policies.rules
    for a, b in combinations(rules.grounds.values(), 2):
        same = {c.test for c in a.conditions} == {c.test for c in b.conditions}
        if same and a.outcome != b.outcome:
            what = f"{a.id} and {b.id} hold of the same cases, and conclude {a.outcome} and {b.outcome}"
            yield Finding(f"{rules.files[a.id].name}, {rules.files[b.id].name}", what)
    for x, y in combinations(rules.advice, 2):
        if x.about != y.about or x.says == y.says:
            continue
        together = _can_hold_together(x.when, y.when)
        if together is not False:
            how = "can hold at once" if together else "may hold at once (too many cases to tell)"
            what = f"two pieces of advice about {x.about} {how}: “{x.says[:50]}...” and “{y.says[:50]}...”"
            yield Finding(rules.files[x.about].name, what)


def _can_hold_together(a: Expression, b: Expression) -> bool | None:
    """Whether two conditions hold of some case; None where there are too many cases to try."""
    test = both(a, b)
    if test == FALSE or any(isinstance(atom, AnyOf) for atom in atoms(test)):
        return False
    answers = Answers({}, (test,))
    support = sorted(set(names(test)))
    for tried, values in enumerate(product(*(answers.of(name) for name in support))):
        if tried > _MOST_TRIED:
            return None
        if partial(test, dict(zip(support, values, strict=True)), {}) == TRUE:
            return True
    return False


def _dates(policies: Policies) -> Iterator[Finding]:
    day = dt.timedelta(days=1)
    by_council: dict[str, list[Version]] = {}
    for version in policies.council_versions():
        by_council.setdefault(version.council, []).append(version)
    for versions in by_council.values():
        for before, after in pairwise(versions):
            if before.ends is None:
                yield Finding(_at(before.mark), f"{before.id} has no last day, yet {after.id} follows it")
            elif before.ends + day < after.starts:
                yield Finding(_at(after.mark), f"no version is in force between {before.id} and {after.id}")
            elif before.ends + day > after.starts:
                yield Finding(_at(after.mark), f"{before.id} and {after.id} are in force on the same days")
        first = versions[0]
        if first.statute and policies.versions[first.statute].starts > first.starts:
            yield Finding(_at(first.mark), f"{first.id} starts before the statute under it is held")
