"""What one policy version changes against another, in words a line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from eligibility import wording
from eligibility.language.expressions import names
from eligibility.policy import Parameter, Policies, Reading, Version
from eligibility.reading_names import EXPECTATION, LATE_NOTICE
from eligibility.rulebook import Condition
from eligibility.version_changes import Added, Clarified, Figure, Kept, Point, Withdrawn, changes


def diff(policies: Policies, old: Version, new: Version) -> str:
    """What `new` changes against `old`, a line each, with its source."""
    lines = list(_diff(policies, old, new))
    return "\n".join([f"From {old.id} to {new.id}", *lines]) if lines else f"{old.id} and {new.id} say the same."


def _diff(policies: Policies, old: Version, new: Version) -> Iterator[str]:
    grounds = policies.rules.grounds
    for change in changes(old, new):
        match change:
            case Withdrawn(kind, name, source) | Added(kind, name, source):
                what = f"{name} ({grounds[name].title})" if kind == "ground" else f"{kind} {name}"
                said = f"{'withdrawn' if isinstance(change, Withdrawn) else 'added'}: {what}"
            case Figure(name, before, after, source):
                said = f"{name}: {_written(before)} -> {_written(after)}"
            case Point(name, was, now, source):
                said = f"reading {name}: {_read_as(policies, name, was)} -> {_read_as(policies, name, now)}"
            case Kept(kept, source):
                said = f"kept by pupils with a legitimate expectation: {', '.join(kept)}"
            case Clarified(about, _, source):
                said = f"clarified, changing nothing: {about}"
        yield f"  {said} [{source}]"


def _read_as(policies: Policies, name: str, reading: Reading | None) -> str:
    """A reading as a version chooses it, or why the version does not ask for it."""
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
