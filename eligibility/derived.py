"""Facts that follow from others by the calendar or by comparing two answers; each named in vocabulary/derived.yaml.

Ages and days come from the policy's parameters; none is written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from eligibility import school_calendar as calendar
from eligibility.case import Case
from eligibility.facts import Fact
from eligibility.language.expressions import Value
from eligibility.policy import Policies, Version


@dataclass
class Day:
    """A case looked at on one day under one version."""

    case: Case
    version: Version
    policies: Policies
    on: dt.date
    assumptions: dict[str, str] = field(default_factory=dict)
    """By fact, what was assumed in working it out."""
    phase: str | None = None
    """The school's phase and last year group, where an area tells them."""
    last_year_group: int | None = None

    @property
    def born(self) -> dt.date:
        """The date of birth."""
        return self.case.born

    @property
    def school_calendar(self) -> calendar.SchoolCalendar | None:
        """The calendar of the version's council, if one is held."""
        return self.policies.calendars.get(self.version.calendar)

    @property
    def school_year_starts(self) -> tuple[int, int]:
        """The month and day on which every school year starts."""
        return calendar.month_day(self.parameter("school_year_starts"))

    def parameter(self, name: str) -> Any:
        """A parameter's value on this day, in the unit its kind is read in. Raises KeyError where there is none."""
        return self.version.parameters[name].on(self.on)

    def year_group(self, day: dt.date | None = None) -> int:
        """The year group by date of birth (0 is Reception; below 0 not yet at school)."""
        return calendar.year_group(
            self.born, day or self.on, self.school_year_starts, self.parameter("reception_starts_after")
        )

    def end_of_school_year(self, day: dt.date, note: str = "") -> dt.date:
        """The last day of the school year in which `day` lies; `note` is the fact to note an assumption for."""
        without = calendar.month_day(self.parameter("school_year_ends_without_calendar"))
        last, year = calendar.end_of_school_year(day, self.school_year_starts, without, self.school_calendar)
        assumed = year.assumed if year else self.version.parameters["school_year_ends_without_calendar"].assumed
        if note and assumed:
            self.assumptions[note] = assumed
        return last

    def this_school(self) -> tuple[set[str], bool]:
        """The numbers of this school, and whether its former ones are known."""
        former = self.case.get("school.former_urns")
        known = self.case.has("school.former_urns")
        return {self.case.get("school.urn"), *(former or ())}, known


def _has_happened(day: Day, fact: Fact) -> Value | None:
    if not day.case.has(fact.of):
        return None
    return day.case.get(fact.of) is not None


def _same_school(day: Day, urns: tuple[str, ...]) -> bool | None:
    own, all_known = day.this_school()
    if own & set(urns):
        return True
    return False if all_known else None


def _names_this_school(day: Day, fact: Fact) -> Value | None:
    if not day.case.has(fact.of):
        return None
    return _same_school(day, day.case.get(fact.of) or ())


def _is_this_school(day: Day, fact: Fact) -> Value | None:
    if not day.case.has(fact.of):
        return None
    urn = day.case.get(fact.of)
    return False if urn is None else _same_school(day, (urn,))


def _has_one_entry(day: Day, fact: Fact) -> Value | None:
    if not day.case.has(fact.of):
        return None
    return len(day.case.get(fact.of) or ()) == 1


def _same_school_year(day: Day, fact: Fact) -> Value | None:
    then = day.case.get(fact.of)
    if not isinstance(then, dt.date):
        return None
    starts = day.school_year_starts
    return calendar.school_year_start(then, starts) == calendar.school_year_start(day.on, starts)


def _prescribed_day_after_birthday(day: Day, fact: Fact) -> Value | None:
    age, prescribed = (day.parameter(name) for name in fact.parameters)
    days = tuple(calendar.month_day(text) for text in prescribed)
    return calendar.as_number(calendar.prescribed_day(calendar.anniversary(day.born, age), days))


def _school_leaving_day(day: Day, fact: Fact) -> Value | None:
    age, starts, leaving = (day.parameter(name) for name in fact.parameters)
    first = calendar.school_year_start(calendar.anniversary(day.born, age), calendar.month_day(starts))
    return calendar.as_number(calendar.weekday_of_month(leaving, first.year + 1))


def _school_year_after_birthday(day: Day, fact: Fact) -> Value | None:
    age, starts = (day.parameter(name) for name in fact.parameters)
    return calendar.as_number(
        calendar.next_school_year(calendar.anniversary(day.born, age), calendar.month_day(starts))
    )


def _end_of_school_year_of_birthday(day: Day, fact: Fact) -> Value | None:
    age, *_ = (day.parameter(name) for name in fact.parameters)
    return calendar.as_number(day.end_of_school_year(calendar.anniversary(day.born, age), fact.name))


def _phase_is_one_of(day: Day, fact: Fact) -> Value | None:
    phase = day.case.get(fact.of) or day.phase
    if phase:
        return str(phase) in fact.words
    day.assumptions[fact.name] = "The kind of school is not known; it is taken from the year group."
    (ends_with,) = (day.parameter(name) for name in fact.parameters)
    return day.year_group() <= int(ends_with)


def _number_of_incidents(day: Day, _: Fact) -> Value | None:
    return len(day.case.get("service.incidents") or ()) if day.case.has("service.incidents") else None


def _any_serious_incident(day: Day, _: Fact) -> Value | None:
    if not day.case.has("service.incidents"):
        return None
    return any(incident.serious for incident in day.case.get("service.incidents") or ())


DERIVERS: dict[str, Callable[[Day, Fact], Value | None]] = {
    "governing_day": lambda day, _: calendar.as_number(day.on),
    "given_by_the_policy": lambda *_: None,
    "has_happened": _has_happened,
    "is_given": _has_happened,
    "names_this_school": _names_this_school,
    "is_this_school": _is_this_school,
    "has_one_entry": _has_one_entry,
    "same_school_year": _same_school_year,
    "prescribed_day_after_birthday": _prescribed_day_after_birthday,
    "school_leaving_day": _school_leaving_day,
    "school_year_after_birthday": _school_year_after_birthday,
    "end_of_school_year_of_birthday": _end_of_school_year_of_birthday,
    "phase_is_one_of": _phase_is_one_of,
    "number_of_incidents": _number_of_incidents,
    "any_serious_incident": _any_serious_incident,
}
"""How each derived fact is worked out, by the name its declaration gives under `by`."""
