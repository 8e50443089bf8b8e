"""What is wrong with the policy files although each of them can be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from eligibility.policy import Parameter, Policies, Version
from eligibility.policy_clauses import too_many_clauses
from eligibility.policy_conflicts import conflicts
from eligibility.policy_findings import Finding, place, uses
from eligibility.policy_names import names_and_figures
from eligibility.policy_words import words
from eligibility.reading_names import EXPECTATION


def check(policies: Policies) -> list[Finding]:
    """Everything found wrong, in the order of the files."""
    found: list[Finding] = []
    for version in policies.versions.values():
        found.extend(edits_that_change_nothing(policies, version))
        found.extend(against_statute(policies, version))
        found.extend(_transition(policies, version))
    found.extend(names_and_figures(policies))
    found.extend(words(policies))
    found.extend(conflicts(policies))
    found.extend(_dates(policies))
    found.extend(too_many_clauses(policies))
    return found


def edits_that_change_nothing(policies: Policies, version: Version) -> Iterator[Finding]:
    """What a version writes that the version it replaces says already, down to a version that changes nothing."""
    if not version.replaces:
        return
    before = policies.versions[version.replaces]
    hint = "mark it as a clarification, or take it out"
    for change in version.changes:
        if change.kind == "parameter":
            old, new = before.parameters.get(change.about), version.parameters[change.about]
            if old and _from(old, version.starts) == _from(new, version.starts):
                yield Finding(change.mark, f"{change.about} has this value already in {before.id}; {hint}")
        elif (change.kind == "add_ground" and change.about in before.grounds) or (
            change.kind == "add_notice" and change.about in before.notices
        ):
            yield Finding(change.mark, f"{change.about} is in {before.id} already; {hint}")
    for name, mark in version.own.items():
        old_parameter, old_reading = before.parameters.get(name), before.readings.get(name)
        if old_parameter and _from(old_parameter, version.starts) == _from(version.parameters[name], version.starts):
            yield Finding(mark, f"{name} has this value already in {before.id}; {hint}")
        if old_reading and (old_reading.chosen, old_reading.others) == (
            version.readings[name].chosen,
            version.readings[name].others,
        ):
            yield Finding(mark, f"{name} is read so already in {before.id}; {hint}")
    if _holds(before, version.starts) == _holds(version, version.starts):
        yield Finding(place(version, "replaces"), f"{version.id} changes nothing against {before.id}")


def _from(parameter: Parameter, day: dt.date) -> tuple[object, ...]:
    """A parameter's value on a day, and every value it changes to after that."""
    return (parameter.on(day), *((start, value) for start, value in parameter.values if start > day))


def _holds(version: Version, day: dt.date) -> tuple[object, ...]:
    """All that a version says of cases from a day on."""
    return (
        set(version.grounds),
        set(version.notices),
        version.advice,
        version.calendar,
        {name: _from(parameter, day) for name, parameter in version.parameters.items()},
        {name: (reading.chosen, reading.others) for name, reading in version.readings.items()},
    )


def against_statute(policies: Policies, version: Version) -> Iterator[Finding]:
    """What a version takes away from statute, or sets otherwise; what it took over so is said of the version before."""
    if not version.statute:
        return
    statute = policies.versions[version.statute]
    before = policies.versions[version.replaces] if version.replaces else None
    if before and before.statute != version.statute:
        before = None
    changed = {(change.kind, change.about): change.mark for change in version.changes}
    for ground in statute.grounds:
        if ground not in version.grounds and (before is None or ground in before.grounds):
            yield Finding(
                changed.get(("withdraw", ground), version.mark),
                f"{version.id} leaves out {ground}, which statute grants under every version",
            )
    for name, parameter in statute.parameters.items():
        held = version.parameters.get(name)
        if held is None or _from(held, version.starts) == _from(parameter, version.starts):
            continue
        if before is None or before.parameters.get(name) != held:
            yield Finding(
                changed.get(("parameter", name), version.own.get(name, version.mark)),
                f"{version.id} changes {name}, which statute sets; the two conclude against each other. "
                "Add a local ground instead",
            )


def _transition(policies: Policies, version: Version) -> Iterator[Finding]:
    reading = version.readings.get(EXPECTATION)
    withdrawn = [change for change in version.changes if change.kind == "withdraw"]
    if version.transition is None:
        if withdrawn:
            said = f"{version.id} withdraws grounds and says nothing of who keeps them (transition)"
            yield Finding(withdrawn[0].mark, said)
        return
    if not version.replaces:
        yield Finding(place(version, "transition"), f"{version.id} has a transition but replaces no version")
        return
    before = policies.versions[version.replaces]
    for item in place(version, "transition", "protects").items():
        ground = item.value["ground"]
        if ground.text() not in before.grounds:
            yield Finding(ground, f"{version.id} protects {ground.text()}, which {before.id} does not grant")
    if reading is None or set(reading.choices) != set(version.transition.readings):
        yield Finding(
            place(version, "transition", "readings"),
            f"the choices of {EXPECTATION} and the readings of the transition are not the same",
        )
    for change in withdrawn:
        if change.about not in version.transition.protects:
            said = f"{change.about} is withdrawn and not named among what the transition protects"
            yield Finding(change.mark, said)
        for ground in version.grounds:
            hangs = ground in before.grounds and change.about in uses(policies.rules, ground)
            if hangs and ground not in version.transition.protects:
                said = (
                    f"{ground} hangs on {change.about}, which is withdrawn: name it among what the transition protects"
                )
                yield Finding(change.mark, said)


def _dates(policies: Policies) -> Iterator[Finding]:
    day = dt.timedelta(days=1)
    by_council: dict[str, list[Version]] = {}
    for version in policies.council_versions():
        by_council.setdefault(version.council, []).append(version)
    for versions in by_council.values():
        for before, after in pairwise(versions):
            if before.ends is None:
                yield Finding(place(before, "from"), f"{before.id} has no last day (until), yet {after.id} follows it")
            elif before.ends + day < after.starts:
                yield Finding(place(after, "from"), f"no version is in force between {before.id} and {after.id}")
            elif before.ends + day > after.starts:
                yield Finding(place(after, "from"), f"{before.id} and {after.id} are in force on the same days")
        first = versions[0]
        if first.statute and policies.versions[first.statute].starts > first.starts:
            yield Finding(place(first, "from"), f"{first.id} starts before the statute under it is held")
