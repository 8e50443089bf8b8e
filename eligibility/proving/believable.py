"""What makes the pupil of an example look like one that an officer could meet; it never decides what is true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import z3

from eligibility.constraints import for_home
from eligibility.engines.proof import Formula, Formulas, code_of
from eligibility.facts import NEVER, OTHER_HOME, vocabulary
from eligibility.language.expressions import Expression
from eligibility.proving.every_pupil import OLDEST, EveryPupil
from eligibility.school_calendar import as_number
from eligibility.units import MM_PER_MILE

_FIRST_DAY_OF_TERM = 904
"""4 September, as MMDD."""
_DAYS = {
    "date_of_birth": 514,
    "school_started_on": _FIRST_DAY_OF_TERM,
    "applied_on": 620,
    "award_granted_on": 905,
    "award_ends_on": 731,
    "income_evidence_seen_on": 701,
    "medical_from": 903,
    "medical_until": 1019,
    "moved_on": 801,
    "route_safe_from": 401,
}
"""Days of the year (MMDD) on which such things happen to most pupils, whatever the year."""
_ON_SCHOOL_DAYS = ("school_started_on", "award_granted_on")
"""What happens on that day, or where it is a Saturday or a Sunday on the Monday after."""
_NEAR_THE_CHANGE = 45
"""Days before and after the first day looked at, among which some are looked for that are not usual."""
_SATURDAY = 5
_TENTHS = ((35, 36), (25, 26), (12, 13), (50, 52), (100, 102))
"""Tenths of a mile on foot and by road that are easily read."""
_STARTS_AT = (11, 4)
"""Years: the ages at which most pupils start at a school."""
_EARNINGS = (500000, 2000000)
"""Pence a year."""


def wishes(pupil: EveryPupil) -> list[Formula]:
    """What is true of most pupils, to be taken in this order as far as possible."""
    year, day = pupil.year_and_day["on"]
    first = pupil.first if as_number(pupil.first) % 10000 <= _FIRST_DAY_OF_TERM else dt.date(pupil.first.year + 1, 1, 1)
    ordinary = [formula for _, formula in what_is_ordinary(pupil)]
    starts = _school_day(first.year, _FIRST_DAY_OF_TERM)
    return [year == first.year, day == starts, *ordinary, *_easily_read(pupil)]


def _easily_read(pupil: EveryPupil) -> Iterator[Formula]:
    """Figures and days like those of many pupils; nothing is unusual about a pupil who has others."""
    started, born = pupil.fact("school_started_on"), pupil.fact("date_of_birth")
    yield from ((started - born) / z3.IntVal(10000) == age for age in _STARTS_AT)
    yield pupil.fact("award_ends_on") == NEVER
    # An award is given under a version that has begun, on a ground that it has.
    for version in pupil.policies.versions.values():
        begun = pupil.fact("award_granted_on") >= as_number(version.starts)
        under_it = pupil.fact("award_policy") == code_of(version.id)
        yield z3.Implies(under_it, begun)
        yield z3.Implies(under_it, z3.Or(*(pupil.fact("award_ground") == code_of(g) for g in version.grounds)))
    for home in ("", OTHER_HOME):
        walk, road = pupil.fact(f"walking_mm{home}"), pupil.fact(f"road_mm{home}")
        pairs = ((a * MM_PER_MILE // 10, b * MM_PER_MILE // 10) for a, b in _TENTHS)
        yield z3.Or(*(z3.And(walk == a, road == b) for a, b in pairs))
    yield z3.Or(*(pupil.fact("net_earnings_pence") == pence for pence in _EARNINGS))
    for name, usual in _DAYS.items():
        for found in (name, name + OTHER_HOME):
            if found in pupil.year_and_day:
                year, day = pupil.year_and_day[found]
                if name in _ON_SCHOOL_DAYS:
                    years = range(pupil.first.year - OLDEST, pupil.first.year + 2)
                    yield z3.Or(*(z3.And(year == y, day == _school_day(y, usual)) for y in years))
                else:
                    yield day == usual
    # Where a usual day cannot be, another school day.
    days = (pupil.first + dt.timedelta(days=step) for step in range(-_NEAR_THE_CHANGE, _NEAR_THE_CHANGE + 1))
    weekends = [as_number(day) for day in days if day.weekday() >= _SATURDAY]
    for name in ("on", *_ON_SCHOOL_DAYS):
        yield z3.And(*(pupil.fact(name) != day for day in weekends))


def _school_day(year: int, usual: int) -> int:
    """A day of a year (MMDD), or where it is a Saturday or a Sunday the Monday after."""
    day = dt.date(year, usual // 100, usual % 100)
    while day.weekday() >= _SATURDAY:
        day += dt.timedelta(days=1)
    return day.month * 100 + day.day


def what_is_ordinary(pupil: EveryPupil) -> Iterator[tuple[Expression, Formula]]:
    """What is true of most pupils of each home, as written and as a formula."""
    formulas = Formulas(pupil.term)
    for suffix in ("", OTHER_HOME):
        for wish in vocabulary().believable:
            test = for_home(wish, suffix)
            if test is not None:
                yield test, formulas.pair(test, {}).holds
