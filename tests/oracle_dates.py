"""Days as policy.md counts them, written again from its words and from the published term dates.

The calendars are typed in here a second time on purpose: this file must know nothing of the engine.
"""

from __future__ import annotations

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)

# Somerset's published half-term blocks; 2018/19 is the invented calendar of policy.md section 4.
BLOCKS = [
    (date(2016, 9, 1), date(2016, 10, 21)),
    (date(2016, 10, 31), date(2016, 12, 16)),
    (date(2017, 1, 3), date(2017, 2, 10)),
    (date(2017, 2, 20), date(2017, 3, 31)),
    (date(2017, 4, 18), date(2017, 5, 26)),
    (date(2017, 6, 5), date(2017, 7, 24)),
    (date(2017, 9, 4), date(2017, 10, 20)),
    (date(2017, 10, 30), date(2017, 12, 21)),
    (date(2018, 1, 8), date(2018, 2, 9)),
    (date(2018, 2, 19), date(2018, 3, 23)),
    (date(2018, 4, 9), date(2018, 5, 25)),
    (date(2018, 6, 4), date(2018, 7, 24)),
    (date(2018, 9, 3), date(2018, 10, 19)),
    (date(2018, 10, 29), date(2018, 12, 21)),
    (date(2019, 1, 7), date(2019, 2, 15)),
    (date(2019, 2, 25), date(2019, 4, 5)),
    (date(2019, 4, 23), date(2019, 5, 24)),
    (date(2019, 6, 3), date(2019, 7, 23)),
]

_HOLIDAYS = """
2016-08-29 2016-12-26 2016-12-27 2017-01-02 2017-04-14 2017-04-17 2017-05-01 2017-05-29 2017-08-28 2017-12-25 2017-12-26
2018-01-01 2018-03-30 2018-04-02 2018-05-07 2018-05-28 2018-08-27 2018-12-25 2018-12-26
2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
"""
BANK_HOLIDAYS = {date.fromisoformat(word) for word in _HOLIDAYS.split()}


def age(born: date, on: date) -> int:
    """Birthdays reached; a child born on 29 February reaches one on 1 March of an ordinary year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def birthday(born: date, years: int) -> date:
    """The first day on which the child has that age."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def school_year(on: date) -> int:
    """The year in which the school year (1 September to 31 August) of the day began."""
    return on.year if on.month >= 9 else on.year - 1


def end_of_school_year(on: date, *, calendar: bool = True) -> date:
    """The last day of the council's calendar; without one, "a school year ... ends on 31 July"."""
    began = school_year(on)
    held = [last for first, last in BLOCKS if calendar and school_year(first) == began]
    return max(held) if held else date(began + 1, 7, 31)


def compulsory_from(born: date) -> date:
    """The prescribed day "on or next after the 5th birthday (31 August, 31 December, 31 March)"."""
    day = birthday(born, 5)
    while (day.month, day.day) not in {(8, 31), (12, 31), (3, 31)}:
        day += ONE_DAY
    return day


def compulsory_until(born: date) -> date:
    """ "The last Friday in June of the school year in which the child turns 16": that day still counts."""
    day = date(school_year(birthday(born, 16)) + 1, 6, 30)
    while day.weekday() != 4:
        day -= ONE_DAY
    return day


def local_from(born: date) -> date:
    """ "From the September after the fourth birthday"."""
    return date(school_year(birthday(born, 4)) + 1, 9, 1)


def local_until(born: date) -> date:
    """ "To the end of Year 11": the school year in which the child turns 16."""
    return end_of_school_year(birthday(born, 16))


def working_days_after(day: date, number: int) -> date:
    """Neither weekends nor bank holidays are working days."""
    while number:
        day += ONE_DAY
        number -= day.weekday() < 5 and day not in BANK_HOLIDAYS
    return day


def _school_days() -> list[date]:
    """Weekdays in a block that are no bank holiday: "the council's 195" a year."""
    days = []
    for first, last in BLOCKS:
        day = first
        while day <= last:
            if day.weekday() < 5 and day not in BANK_HOLIDAYS:
                days.append(day)
            day += ONE_DAY
    return days


SCHOOL_DAYS = _school_days()


def half_a_term(notice_given: date) -> tuple[int, date | None] | None:
    """How many school days half a term's notice is, and the school day after the last of them.

    "As many school days as the half-term block in which notice is given; in a holiday, the next block.
    Counted from the first school day after the notice; assistance starts on the school day after the
    last." None where no calendar is held for the date; no day where the count leaves the calendar.
    """
    block = next(((first, last) for first, last in BLOCKS if notice_given <= last), None)
    if block is None:
        return None
    first, last = block
    number = sum(first <= day <= last for day in SCHOOL_DAYS)
    later = [day for day in SCHOOL_DAYS if day > notice_given]
    return number, later[number] if len(later) > number else None
