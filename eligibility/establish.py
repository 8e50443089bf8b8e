"""From a case to the facts that rules read: what is known, what it was taken from, and whom to ask for the rest.

What is not known stays out of the facts. Supplied facts that cannot all be true are refused here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eligibility.case import Case
from eligibility.constraints import apply_constraints
from eligibility.derived import DERIVERS, Day
from eligibility.errors import Contradiction, InputError
from eligibility.facts import NEVER, OTHER_HOME, Fact, vocabulary
from eligibility.language.partial import Known
from eligibility.policy import REPLACED_VERSION, VERSION_STARTS, Policies, Version, rule_value
from eligibility.school_calendar import as_number, school_year_start

NOT_GIVEN = 10**12
"""The number that stands for a figure known not to have been given: above every limit."""
_YEARS = 25


@dataclass
class Measured:
    """What an area adds: facts by name, whom to ask where it cannot tell, what it assumed."""

    facts: dict[str, Known] = field(default_factory=dict)
    asks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    phase: str | None = None
    last_year_group: int | None = None


NOTHING_MEASURED = Measured()


@dataclass
class Established:
    """The facts of a case on one day under one version."""

    facts: dict[str, Known]
    day: Day
    measured: Measured

    def ask(self, name: str) -> tuple[str, ...]:
        """The places in the case whose answer would make the fact known."""
        if name in self.measured.asks:
            return self.measured.asks[name]
        return ask_for(self.day.case, name)


def ask_for(case: Case, name: str) -> tuple[str, ...]:
    """The places in a case to ask for, to know a fact; a part that is missing altogether is asked for as one."""
    terms = vocabulary()
    base = name.removesuffix(OTHER_HOME)
    for section in terms.sections.values():
        if section.name == base:
            return (section.case,)
    fact = terms.by_name.get(base)
    if fact is None:
        return (base,)
    from_other_home = name.endswith(OTHER_HOME)
    if fact.by:
        place = fact.of or base
        if case.has(place):
            place = "school.former_urns"  # all else is given, so it is the school's earlier numbers that are wanting
    elif from_other_home and _is_silent_on(case, "other_home"):
        return ("other_home",)
    else:
        place = fact.other_home if from_other_home else fact.case
    parts = (part for part in terms.sections if place.startswith(f"{part}.") and _is_silent_on(case, part))
    return (next(parts, place),)


def _is_silent_on(case: Case, part: str) -> bool:
    return not any(place == part or place.startswith(f"{part}.") for place in case.known)


def establish(
    case: Case,
    version: Version,
    policies: Policies,
    on: dt.date,
    *,
    measured: Measured = NOTHING_MEASURED,
    choices: Mapping[str, str] | None = None,
    asked_on: dt.date | None = None,
    older: Iterable[str] = (),
) -> Established:
    """The facts of `case` on the day `on`; `choices` overrides readings by name.

    `asked_on` is the day the case was given for; on a day in a later school year, facts that last a school year are no
    longer known. `older` names versions whose parameters and readings are needed too.

    Raises Contradiction where supplied facts cannot all be true.
    """
    day = Day(case, version, policies, on, phase=measured.phase, last_year_group=measured.last_year_group)
    starts = day.school_year_starts
    aged = asked_on is not None and school_year_start(on, starts) > school_year_start(asked_on, starts)
    facts = {**measured.facts, **_supplied(day, aged=aged)}
    for fact in vocabulary().facts:
        for suffix in ("", OTHER_HOME) if fact.same_as else ():
            if fact.name + suffix not in facts and fact.same_as + suffix in facts:
                facts[fact.name + suffix] = facts[fact.same_as + suffix]
    facts |= policy_facts(version, on, choices or {})
    for name in older:
        held = policy_facts(policies.versions[name], on, choices or {})
        facts |= {f"{key}@{name}": value for key, value in held.items()}
    apply_constraints(facts)
    return Established(facts, day, measured)


def _supplied(day: Day, *, aged: bool) -> dict[str, Known]:
    """What the case itself tells; where it has `aged`, without the facts that last a school year."""
    facts: dict[str, Known] = {}
    case, terms = day.case, vocabulary()
    for section in terms.sections.values():
        if section.name:
            _put(facts, section.name, _section(case, section.case))
    for fact in terms.facts:
        if not fact.name or (aged and fact.lasts == "school_year"):
            continue
        if fact.by:
            if all(name in day.version.parameters for name in fact.parameters):
                _put(facts, fact.name, DERIVERS[fact.by](day, fact))
            continue
        _put(facts, fact.name, _leaf(case, fact, fact.case))
        if fact.other_home:
            _put(facts, fact.name + OTHER_HOME, _leaf(case, fact, fact.other_home))
    return facts


def policy_facts(version: Version, on: dt.date, choices: Mapping[str, str]) -> dict[str, Known]:
    """A version's parameters and readings as rules read them on a day."""
    found: dict[str, Known] = {VERSION_STARTS: as_number(version.starts)}
    if version.replaces:
        found[REPLACED_VERSION] = version.replaces
    for parameter in version.parameters.values():
        value = parameter.on(on)
        if isinstance(value, dt.date | int | str):
            found[parameter.name] = rule_value(value)
    for reading in version.readings.values():
        choice = choices.get(reading.name, reading.chosen)
        found[reading.name] = reading.chosen if reading.settled else choice
    return found


def _section(case: Case, place: str) -> bool | None:
    if case.lies_in_none(place) or (place in case.known and case.known[place] is None):
        return False
    return True if any(p.startswith(f"{place}.") for p in case.known) else None


def _put(facts: dict[str, Known], name: str, value: Known | None) -> None:
    if value is not None:
        facts[name] = value


def _leaf(case: Case, fact: Fact, place: str) -> Known | None:
    if place in case.known:
        value = case.known[place]
        return _none(fact) if value is None else _as_rule_value(value)
    if case.lies_in_none(place) and fact.has_none:
        return _none(fact)
    if fact.has_default:
        return NOT_GIVEN if fact.default == "not_given" else fact.default
    return None


def _none(fact: Fact) -> Known | None:
    if fact.none == "never":
        return NEVER
    if fact.default == "not_given":
        return NOT_GIVEN
    return fact.none  # type: ignore[no-any-return]  # a value of the vocabulary


def _as_rule_value(value: Any) -> Known:
    if isinstance(value, dt.date):
        return as_number(value)
    if isinstance(value, bool | int | str):
        return value
    raise TypeError(f"a fact cannot hold a {type(value).__name__}")


def check_dates(case: Case, on: dt.date, year_group: int) -> list[str]:
    """Refuse dates before birth, ages no pupil has and a year group far from the date of birth.

    `year_group` is the one that follows the date of birth. Returns what had to be assumed.
    """
    born = case.get("date_of_birth")
    for fact in vocabulary().facts:
        for place in filter(None, (fact.case, fact.other_home)) if fact.not_before_birth else ():
            value = case.get(place)
            if isinstance(value, dt.date) and value < born:
                raise Contradiction(f"{place} is before date_of_birth")
    for place in ("travel_from", "applied_on"):
        value = case.get(place)
        if isinstance(value, dt.date) and value < born:
            raise Contradiction(f"{place} is before date_of_birth")
    if born >= on:
        raise Contradiction("the day of the decision is not after date_of_birth")
    if on.year - born.year > _YEARS:
        raise InputError(f"date_of_birth is more than {_YEARS} years before the day; expected a pupil's")
    given = case.get("year_group")
    if given is None or given == year_group:
        return []
    if abs(given - year_group) > 1:
        raise Contradiction(
            f"year_group {given} does not fit date_of_birth, which gives year group {max(year_group, 0)}"
        )
    return [f"Year group {given} is given; the date of birth gives {max(year_group, 0)}, and the dates follow it."]
