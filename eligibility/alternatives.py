"""What would be different under another reading, or under another version."""

from __future__ import annotations

from typing import Any

from eligibility.errors import InputError
from eligibility.matter import Matter
from eligibility.reading_names import DATE_APPLIED, EXPECTATION, GOVERNING_DATE, MEASURING


def other_readings(matter: Matter) -> list[dict[str, str]]:
    """Every other choice of a reading that gives another outcome."""
    found = []
    for reading in matter.version.readings.values():
        if reading.name == EXPECTATION and len(matter.now.by_reading) > 1:
            found.extend(_expectations(matter))
            continue
        for other in reading.others:
            outcome = outcome_under(matter, reading.name, other)
            if outcome and outcome != matter.now.outcome:
                found.append(_entry(matter, reading.name, reading.chosen, other, outcome))
    return found


def _entry(matter: Matter, name: str, chosen: str, other: str, outcome: str) -> dict[str, str]:
    source = matter.version.readings[name].source
    return {"name": name, "chosen": chosen, "other": other, "outcome": outcome, "source": source}


def _expectations(matter: Matter) -> list[dict[str, str]]:
    now = matter.now
    mine = now.by_reading[now.chosen]
    return [
        _entry(matter, EXPECTATION, now.chosen, other, outcome)
        for other, outcome in now.by_reading.items()
        if other != now.chosen and outcome != mine and now.outcome != "need_information"
    ]


def outcome_under(matter: Matter, name: str, other: str) -> str | None:
    """The outcome with one reading changed; None where the choice cannot be tried on this case."""
    if name == EXPECTATION and len(matter.now.by_reading) > 1:
        return matter.now.by_reading.get(other)
    if name == GOVERNING_DATE:
        return _outcome_on_other_day(matter, other)
    version = matter.version
    if name in MEASURING:
        if matter.measured(version, {name: other}).facts == matter.measured(version, {}).facts:
            return matter.now.outcome  # it was measured otherwise and came out the same
    elif name not in matter.now.book.outcome_reads:
        return matter.now.outcome  # no rule that the outcome hangs on asks for it
    return matter.answer_on(matter.on, choices={name: other}).outcome


def _outcome_on_other_day(matter: Matter, other: str) -> str | None:
    travel, applied = matter.case.get("travel_from"), matter.case.get("applied_on")
    day = applied if other == DATE_APPLIED else travel
    if not day or day == matter.on or (matter.asked_on and travel and matter.asked_on not in (travel, applied)):
        return None
    try:
        version = matter.version if matter.forced else matter.policies.for_day(day)
        matter.policies.check_held(version, day)
        return matter.answer_on(day, version=version).outcome
    except InputError:
        return None  # a day before the first version, or before birth: no reading can mean it


def other_version(matter: Matter) -> dict[str, str] | None:
    """What the version before (or after) says of the same day."""
    other = matter.other
    return {"policy": other.book.version.id, "outcome": other.outcome} if other else None


def awards_of(matter: Matter) -> list[dict[str, Any]]:
    """The awards that this decision gives, one for each ground that carries it, as a later day will find them."""
    carrying = {g.rule.id for g in matter.now.book.grounds if g.rule.outcome == matter.now.outcome}
    return [
        {
            "ground": ground,
            "policy": matter.version.id,
            "urn": matter.case.get("school.urn"),
            "granted_on": matter.on,
            "ends_on": None,
            "in_error": False,
            "paid_seat": False,
        }
        for ground in sorted(matter.now.met() & carrying)
    ]
