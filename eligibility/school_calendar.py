"""The school year: terms, half-term blocks, bank holidays, ages that the law counts by the day.

Whole days throughout. Thresholds (which birthday, which prescribed day) come from the policy and are passed in.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

_WEEKDAYS = [name.lower() for name in months.day_name]
_MONTHS = [name.lower() for name in months.month_name]
_ONE_DAY = dt.timedelta(days=1)
_LONGEST_HOLIDAY = 60  # days; a longer gap between two blocks means that the school year between is not held


@dataclass(frozen=True)
class BankHolidays:
    """Bank holidays up to and including `until`; later ones are not known."""

    days: frozenset[dt.date]
    until: dt.date
    source: str

    def is_working_day(self, day: dt.date) -> bool:
        """Whether a day is neither at a weekend nor a bank holiday."""
        return day.weekday() < 5 and day not in self.days

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """The working day that is `count` working days after `day`."""
        while count > 0:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return day


@dataclass(frozen=True)
class SchoolYear:
    """One school year's half-term blocks, first day to last day of each."""

    name: str
    blocks: tuple[tuple[dt.date, dt.date], ...]
    source: str
    assumed: str = ""


@dataclass(frozen=True)
class SchoolCalendar:
    """The school years held for a council."""

    id: str
    title: str
    years: tuple[SchoolYear, ...]

    def year_of(self, day: dt.date, starts: tuple[int, int]) -> SchoolYear | None:
        """The school year, if held, in which `day` lies; a school year runs from `starts` (month, day)."""
        first = school_year_start(day, starts)
        return next((y for y in self.years if school_year_start(y.blocks[0][0], starts) == first), None)

    def blocks(self) -> Iterator[tuple[SchoolYear, tuple[dt.date, dt.date]]]:
        """Every half-term block, oldest first, with its school year."""
        for year in self.years:
            for block in year.blocks:
                yield year, block

    def is_school_day(self, day: dt.date, holidays: BankHolidays) -> bool:
        """Whether a day is a working day within a block."""
        return holidays.is_working_day(day) and any(a <= day <= b for _, (a, b) in self.blocks())

    def half_term(
        self, day: dt.date, holidays: BankHolidays
    ) -> tuple[int, dt.date | None, tuple[SchoolYear, ...]] | None:
        """Half a term's notice given on `day`: its school days, the school day after the last of them, the years used.

        The block in which the day lies, in a holiday the next one, gives the number of school days; they are counted
        from the first school day after `day`. The end is None where the calendar runs out first; None altogether
        where it holds no such block.
        """
        held = [(year, block) for year, block in self.blocks() if block[1] >= day]
        if not held or (held[0][1][0] - day).days > _LONGEST_HOLIDAY:
            return None
        days = left = sum(holidays.is_working_day(d) for d in _days(*held[0][1]))
        used: list[SchoolYear] = []
        previous_end = held[0][1][0]
        for year, (first, last) in held:
            if (first - previous_end).days > _LONGEST_HOLIDAY:
                break  # a school year between is not held
            previous_end = last
            used.extend([year] if year not in used else [])
            for current in _days(max(first, day + _ONE_DAY), last):
                if holidays.is_working_day(current):
                    if left == 0:
                        return days, current, tuple(used)
                    left -= 1
        return days, None, tuple(used)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += _ONE_DAY


def anniversary(born: dt.date, years: int) -> dt.date:
    """The day on which an age is reached; for 29 February, 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


def school_year_start(day: dt.date, starts: tuple[int, int]) -> dt.date:
    """The first day of the school year in which `day` lies."""
    first = dt.date(day.year, *starts)
    return first if first <= day else dt.date(day.year - 1, *starts)


def next_school_year(day: dt.date, starts: tuple[int, int]) -> dt.date:
    """The first start of a school year after `day`."""
    first = dt.date(day.year, *starts)
    return first if first > day else dt.date(day.year + 1, *starts)


def prescribed_day(day: dt.date, prescribed: tuple[tuple[int, int], ...]) -> dt.date:
    """The prescribed day on or next after `day` (Education Act 1996, section 8(2))."""
    return min(d for d in (dt.date(y, *p) for y in (day.year, day.year + 1) for p in prescribed) if d >= day)


def weekday_of_month(text: str, year: int) -> dt.date:
    """A day written as "last friday of june" in a year. Raises ValueError where it is written otherwise."""
    last, weekday, of, month = text.split()
    if (last, of) != ("last", "of") or weekday not in _WEEKDAYS:
        raise ValueError(text)
    number = _MONTHS.index(month, 1)
    day = dt.date(year, number, months.monthrange(year, number)[1])
    while day.weekday() != _WEEKDAYS.index(weekday):
        day -= _ONE_DAY
    return day


def year_group(born: dt.date, day: dt.date, starts: tuple[int, int], reception_after: int) -> int:
    """The year group by date of birth on a day: Reception (0) is the school year after the fourth birthday."""
    reception = next_school_year(anniversary(born, reception_after), starts)
    return school_year_start(day, starts).year - reception.year


def end_of_school_year(
    day: dt.date, starts: tuple[int, int], without_calendar: tuple[int, int], held: SchoolCalendar | None
) -> tuple[dt.date, SchoolYear | None]:
    """The last day of the school year in which `day` lies, and the school year it was read from (None: assumed)."""
    year = held.year_of(day, starts) if held else None
    if year:
        return year.blocks[-1][1], year
    first = school_year_start(day, starts)
    last = dt.date(first.year, *without_calendar)
    return (last if last > first else dt.date(first.year + 1, *without_calendar)), None


def as_number(day: dt.date) -> int:
    """A date as a rule reads it, YYYYMMDD."""
    return day.year * 10000 + day.month * 100 + day.day


def as_date(number: int) -> dt.date:
    """The date behind YYYYMMDD."""
    return dt.date(number // 10000, number // 100 % 100, number % 100)


def month_day(text: object) -> tuple[int, int]:
    """Month and day from "09-01"."""
    month, day = str(text).split("-")
    return int(month), int(day)
