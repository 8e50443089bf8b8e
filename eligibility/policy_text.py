"""A policy version in words, and what one changes against another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from eligibility import wording
from eligibility.language.expressions import names
from eligibility.policy import Parameter, Policies, Version
from eligibility.reading_names import EXPECTATION, LATE_NOTICE
from eligibility.rulebook import Condition


def show(policies: Policies, version: Version) -> str:
    """The whole version as plain text: grounds, figures, readings, protection, each with its source."""
    return "\n".join(_show(policies, version))


def _show(policies: Policies, version: Version) -> Iterator[str]:
    until = f" to {wording.date(version.ends)}" if version.ends else ""
    yield f"{version.id}: {version.title}"
    draft = " A draft: it can never decide a case." if version.draft else ""
    yield f"In force from {wording.date(version.starts)}{until}.{draft}"
    for text in version.assumed:
        yield f"Assumed: {text}"
    if version.replaces:
        yield f"Replaces {version.replaces}."
    yield ""
    yield "Grounds"
    for name, source in version.grounds.items():
        ground = policies.rules.grounds[name]
        leads = "free travel" if ground.outcome == "entitled" else "an officer decides"
        yield f"  {name} ({ground.kind}; {leads}): {ground.title} [{source}]"
        if ground.assumed:
            yield f"    Assumed: {ground.assumed}"
    yield ""
    yield "Figures"
    for parameter in version.parameters.values():
        yield f"  {parameter.name}: {_written(parameter)} [{parameter.source}]"
        if parameter.assumed:
            yield f"    Assumed: {parameter.assumed}"
    yield ""
    yield "Readings"
    for reading in version.readings.values():
        others = f" (otherwise: {', '.join(reading.others)})" if reading.others else ""
        yield f"  {reading.name}: {reading.chosen}{others} [{reading.source}]"
        if reading.assumed:
            yield f"    Assumed: {reading.assumed}"
    if version.notices:
        yield ""
        yield "Notices"
        for name, source in version.notices.items():
            yield f"  {name}: {policies.rules.notices[name].title} [{source}]"
            yield f"    Assumed: {policies.rules.notices[name].assumed}"
    if version.advice:
        yield ""
        yield "Advice on the service (never part of eligibility): " + ", ".join(version.advice)
    if version.transition:
        yield ""
        yield f"Legitimate expectation [{version.transition.source}]"
        yield f"  Keeps: {', '.join(version.transition.protects)}, as worded in {version.replaces}"
        for expectation in version.transition.readings.values():
            yield f"  Read by section {expectation.reading}: {expectation.says} [{expectation.source}]"
    clarifications = [change for change in version.changes if change.kind == "clarification"]
    if clarifications:
        yield ""
        yield "Clarifications (they change nothing)"
        for change in clarifications:
            yield f"  {change.about}: {change.says} [{change.source}]"


def diff(policies: Policies, old: Version, new: Version) -> str:
    """What `new` changes against `old`, a line each, with its source."""
    lines = list(_diff(policies, old, new))
    return "\n".join([f"From {old.id} to {new.id}", *lines]) if lines else f"{old.id} and {new.id} say the same."


def _diff(policies: Policies, old: Version, new: Version) -> Iterator[str]:
    changed = {(change.kind, change.about): change for change in new.changes}
    for name in old.grounds:
        if name not in new.grounds:
            source = changed[("withdraw", name)].source if ("withdraw", name) in changed else "not in the other"
            yield f"  withdrawn: {name} ({policies.rules.grounds[name].title}) [{source}]"
    for name, source in new.grounds.items():
        if name not in old.grounds:
            yield f"  added: {name} ({policies.rules.grounds[name].title}) [{source}]"
    for kind, a, b in (("notice", old.notices, new.notices),):
        for name in (*a, *b):
            if (name in a) != (name in b):
                source = (b if name in b else a)[name]
                yield f"  {'added' if name in b else 'withdrawn'}: {kind} {name} [{source}]"
    for name in dict.fromkeys((*old.parameters, *new.parameters)):
        before, after = old.parameters.get(name), new.parameters.get(name)
        if _values(before) != _values(after):
            source = after.source if after else before.source if before else ""
            yield f"  {name}: {_written(before)} -> {_written(after)} [{source}]"
    for name in dict.fromkeys((*old.readings, *new.readings)):
        was, now = old.readings.get(name), new.readings.get(name)
        if (was and was.chosen, was and was.others) != (now and now.chosen, now and now.others):
            source = now.source if now else was.source if was else ""
            first, second = (_read_as(policies, version, name) for version in (old, new))
            yield f"  reading {name}: {first} -> {second} [{source}]"
    if new.transition and new.replaces == old.id:
        kept = ", ".join(new.transition.protects)
        yield f"  kept by pupils with a legitimate expectation: {kept} [{new.transition.source}]"
    for change in new.changes:
        if change.kind == "clarification":
            yield f"  clarified, changing nothing: {change.about} [{change.source}]"


def _read_as(policies: Policies, version: Version, name: str) -> str:
    """A reading as a version chooses it, or why the version does not ask for it."""
    reading = version.readings.get(name)
    if reading is None:
        return f"not asked ({_why_not_asked(policies, name)})"
    if reading.settled:
        return f"{reading.chosen} (settled)"
    return reading.chosen + (f" (or {', '.join(reading.others)})" if reading.others else "")


def _why_not_asked(policies: Policies, name: str) -> str:
    """Why a version can do without a reading: it lacks what asks for it."""
    if name == EXPECTATION:
        return "it withdraws nothing"
    if name == LATE_NOTICE:
        return "it gives no notice"
    rules = policies.rules
    asked = {name} | {one.name for one in rules.definitions.values() if name in names(one.test)}
    grounds = [f"ground {one.id}" for one in rules.grounds.values() if _asks(one.conditions, asked)]
    notices = [f"notice {one.id}" for one in rules.notices.values() if _asks(one.conditions, asked)]
    return f"it has no {wording.listed([*grounds, *notices], 'or')}" if grounds or notices else "no rule asks for it"


def _asks(conditions: Iterable[Condition], asked: set[str]) -> bool:
    return any(asked & set(names(condition.test)) for condition in conditions)


def _values(parameter: Parameter | None) -> object:
    return [value for _, value in parameter.values] if parameter else None


def _written(parameter: Parameter | None) -> str:
    if parameter is None:
        return "none"
    values = [(start, _value(parameter, value)) for start, value in parameter.values]
    if len(values) == 1:
        return values[0][1]
    return "; ".join(f"{text} as seen from {wording.date(start)}" for start, text in values)


def _value(parameter: Parameter, value: object) -> str:
    if isinstance(value, dt.date):
        return wording.date(value)
    if parameter.unit == "pounds" and isinstance(value, int):
        return wording.pounds(value)
    if isinstance(value, tuple):
        return wording.listed([str(item) for item in value])
    return str(value) if parameter.unit in ("word", _WEEKDAY, *_DAYS) else parameter.written


_WEEKDAY, _DAYS = "weekday of a month", ("day of the year", "days of the year")
