"""What follows from a date of birth by the calendar: worked out once for each day on which a pupil can be born.

The functions are those that work it out for a single case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eligibility.case import Case
from eligibility.derived import DERIVERS, Day
from eligibility.facts import Fact
from eligibility.policy import Policies, Version
from eligibility.school_calendar import anniversary, as_number, next_school_year

BY_BIRTH = (
    "prescribed_day_after_birthday",
    "school_leaving_day",
    "school_year_after_birthday",
    "end_of_school_year_of_birthday",
)
"""Those of `derived.DERIVERS` that hang on the date of birth and the policy's figures alone."""
PHASE = "phase_is_one_of"
"""The one that hangs on the year group, where the phase of the school is not known."""


@dataclass(frozen=True)
class ByBirth:
    """By fact, and by era of the policy's figures: its value for each of the days (YYYYMMDD)."""

    values: dict[str, tuple[tuple[int, ...], ...]]


def days_of(years: Iterable[int]) -> list[int]:
    """Every day of some years, YYYYMMDD."""
    return [as_number(day) for day in _days(years)]


_OF_THE_CALENDAR = ("school_year_starts", "school_year_ends_without_calendar", "reception_starts_after")
"""The figures that these facts read beside their own parameters."""


def by_birth(
    version: Version,
    policies: Policies,
    years: Iterable[int],
    eras: Sequence[dt.date],
    facts: Iterable[Fact],
    *,
    held: dict[str, object],
) -> ByBirth:
    """The facts of a version for each day of birth in some years; `eras` are days on which its figures are looked up.

    A fact that hangs on the year group is given as the day from which the year group is beyond it. What was worked out
    by the same figures before is taken from `held`.
    """
    found: dict[str, tuple[tuple[int, ...], ...]] = {}
    for fact in facts:
        by_era = []
        for era in eras:
            figures = [str(version.parameters[name].on(era)) for name in (*fact.parameters, *_OF_THE_CALENDAR)]
            values: list[int] = []
            for year in years:
                key = f"{__name__} {fact.name} {version.calendar} {year} {figures}"
                of_year = held.get(key)
                if not isinstance(of_year, tuple):
                    of_year = tuple(_value(born, version, policies, era, fact) for born in _days([year]))
                    held[key] = of_year
                values += of_year
            by_era.append(tuple(values))
        found[fact.name] = tuple(by_era)
    return ByBirth(found)


def _days(years: Iterable[int]) -> Iterable[dt.date]:
    for year in years:
        first = dt.date(year, 1, 1)
        yield from (first + dt.timedelta(n) for n in range((dt.date(year + 1, 1, 1) - first).days))


def _value(born: dt.date, version: Version, policies: Policies, era: dt.date, fact: Fact) -> int:
    day = Day(Case("", {"date_of_birth": born}, {}), version, policies, era)
    if fact.by == PHASE:
        return _beyond(day, int(day.parameter(fact.parameters[0])))
    value = DERIVERS[fact.by](day, fact)
    if not isinstance(value, int):
        raise TypeError(f"{fact.name} does not follow from the date of birth")
    return value


def _beyond(day: Day, year_group: int) -> int:
    """The first day of the school year after the one of a year group."""
    starts = day.school_year_starts
    reception = next_school_year(anniversary(day.born, day.parameter("reception_starts_after")), starts)
    return as_number(reception.replace(year=reception.year + year_group + 1))
