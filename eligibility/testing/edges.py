"""Where a version turns, found in the version itself: its figures, days and ages, and those of its calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from eligibility.policy import Parameter, Policies, Version
from eligibility.school_calendar import month_day, weekday_of_month
from eligibility.testing.drawn_pupils import AROUND, Edges
from eligibility.units import MM_PER_MILE

_YEARS_LOOKED_AT = 2
"""For how many years from its first day pupils of a version travel, where it has no last day."""
_STEPS = 80
_QUARTER = MM_PER_MILE // 4
_TINY = Decimal("0.0000001")
"""Of a mile: more than half a millimetre is left of it, so that it comes to the next one or to none."""


def edges_of(policies: Policies, version: Version) -> Edges:
    """What pupils of a version are drawn beside: its limits to the millimetre, its ages and days to the day."""
    chain = policies.with_those_before(version)
    lengths = _values(version, "miles")
    first = min(each.starts for each in chain)
    last = version.ends or version.starts + dt.timedelta(days=365 * _YEARS_LOOKED_AT)
    prescribed = [month_day(text) for text in _texts(version, "days of the year")]
    starts = month_day(version.parameters["school_year_starts"].on(version.starts))
    calendar = policies.calendars.get(version.calendar)
    blocks = [block for _, block in calendar.blocks()] if calendar else []
    years = range(first.year, last.year + 1)
    begun = [dt.date(year, *starts) for year in years]
    days = [day for block in blocks for day in block if first <= day <= last] or begun
    ages = _values(version, "years")
    return Edges(
        first=first,
        last=last,
        changes=(*(day for day in _dated(version) if first <= day <= last), version.starts),
        turns=lambda year: _turns(version, year),
        school_days=days,
        school_starts=begun,
        year_starts=starts,
        prescribed=prescribed or [starts],
        ages=list(range(min(ages), max(ages) + 1)) + ages,
        walking=lengths,
        lengths=[limit + step for limit in lengths for step in AROUND] + [_QUARTER, 2 * max(lengths)],
        walking_miles=[text for limit in lengths for text in _miles(limit)],
        road_miles=[text for limit in lengths for text in _miles(limit)],
        pence=[0, *(pence + step for pence in _values(version, "pounds") for step in AROUND)],
        meals_from=min(_dated(version), default=version.starts),
        minutes=[0, *(minutes + step for minutes in _values(version, "minutes") for step in (0, 1))],
        grounds=list(version.grounds),
        withdrawn=[element for each in chain if each.transition for element in each.transition.protects],
        versions={each.starts: each.id for each in chain},
    )


def anywhere(edges: Edges) -> Edges:
    """The same pupils beside no boundary in particular: lengths, sums and days as they come."""
    lengths = [step * _QUARTER + 7 * step for step in range(1, _STEPS)]
    days = [edges.first + dt.timedelta(days=day) for day in range((edges.last - edges.first).days + 1)]
    miles = [f"{step}.{step % 10}" for step in range(1, _STEPS // 4)]
    return replace(
        edges,
        walking=lengths,
        lengths=lengths,
        walking_miles=miles,
        road_miles=miles,
        pence=[pounds * 12_345 for pounds in range(_STEPS)],
        school_days=days,
        school_starts=days,
        turns=lambda year: [dt.date(year, month, 15) for month in range(1, 13)],
    )


def _values(version: Version, unit: str) -> list[int]:
    """The whole values that the figures of one unit take, without repeats."""
    found = (value for parameter in _of(version, unit) for _, value in parameter.values)
    return sorted({value for value in found if isinstance(value, int)})


def _texts(version: Version, unit: str) -> list[str]:
    found: list[str] = []
    for parameter in _of(version, unit):
        value = parameter.on(version.starts)
        found += map(str, value) if isinstance(value, tuple) else [str(value)]
    return found


def _of(version: Version, unit: str) -> Iterator[Parameter]:
    return (parameter for parameter in version.parameters.values() if parameter.unit == unit)


def _dated(version: Version) -> list[dt.date]:
    """Days that are figures, in order."""
    found = (value for parameter in _of(version, "date") for _, value in parameter.values)
    return sorted({day for day in found if isinstance(day, dt.date)})


def _turns(version: Version, year: int) -> Sequence[dt.date]:
    """The days of a calendar year on which the version has something begin or end."""
    texts = [*_texts(version, "day of the year"), *_texts(version, "days of the year")]
    days = [dt.date(year, *month_day(text)) for text in texts]
    return [*days, *(weekday_of_month(text, year) for text in _texts(version, "weekday of a month"))]


def _miles(limit: int) -> list[str]:
    """A length in miles, to the digit: just so, and a little on either side."""
    exact = Decimal(limit) / MM_PER_MILE
    return [format(value.normalize(), "f") for value in (exact, exact - _TINY, exact + _TINY, exact + 4 * _TINY)]
