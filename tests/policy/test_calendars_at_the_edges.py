"""Days counted by hand on a small invented calendar: the first and last day of everything that is counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from eligibility.school_calendar import (
    BankHolidays,
    SchoolCalendar,
    SchoolYear,
    anniversary,
    as_date,
    as_number,
    end_of_school_year,
    month_day,
    next_school_year,
    prescribed_day,
    school_year_start,
    weekday_of_month,
    year_group,
)

SEPTEMBER = (9, 1)
AUGUST = (8, 31)
PRESCRIBED = ((8, 31), (12, 31), (3, 31))
HOLIDAYS = BankHolidays(frozenset({date(2018, 12, 25), date(2018, 12, 26), date(2019, 1, 1)}), date(2019, 12, 31), "")
# A Monday to the Friday of the week after: ten school days, and after one week the same once more.
AUTUMN = (date(2018, 9, 3), date(2018, 9, 14))
WINTER = (date(2018, 9, 24), date(2018, 10, 5))
YEAR = SchoolYear("2018/19", (AUTUMN, WINTER), "")


def held(*years: SchoolYear) -> SchoolCalendar:
    return SchoolCalendar("invented", "Invented", years)


def after(days: int, length: int = 5, name: str = "2019/20") -> SchoolYear:
    """A school year of one block, so many days after the end of the one above."""
    first = WINTER[1] + timedelta(days=days)
    return SchoolYear(name, ((first, first + timedelta(days=length - 1)),), "")


# -- working days


def test_monday_to_friday_are_working_days_except_bank_holidays() -> None:
    week = [date(2018, 12, 24) + timedelta(days=n) for n in range(7)]
    assert [HOLIDAYS.is_working_day(day) for day in week] == [True, False, False, True, True, False, False]


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        ("2018-12-21", 0, "2018-12-21"),
        ("2018-12-22", 0, "2018-12-22"),  # nothing to count: the day itself, at a weekend too
        ("2018-12-21", 1, "2018-12-24"),
        ("2018-12-21", 2, "2018-12-27"),
        ("2018-12-22", 1, "2018-12-24"),
        ("2018-12-28", 2, "2019-01-02"),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: str, count: int, reached: str) -> None:
    assert HOLIDAYS.add_working_days(date.fromisoformat(day), count) == date.fromisoformat(reached)


# -- the school year


@pytest.mark.parametrize(
    ("day", "start", "following"),
    [
        ("2018-08-31", "2017-09-01", "2018-09-01"),
        ("2018-09-01", "2018-09-01", "2019-09-01"),
        ("2018-12-31", "2018-09-01", "2019-09-01"),
    ],
)
def test_a_school_year_begins_on_its_first_day_and_the_next_one_after_it(day: str, start: str, following: str) -> None:
    assert school_year_start(date.fromisoformat(day), SEPTEMBER) == date.fromisoformat(start)
    assert next_school_year(date.fromisoformat(day), SEPTEMBER) == date.fromisoformat(following)


def test_the_school_year_of_a_day_is_the_one_held_or_none() -> None:
    calendar = held(YEAR, after(400))
    assert calendar.year_of(date(2018, 8, 31), SEPTEMBER) is None
    assert calendar.year_of(date(2018, 9, 1), SEPTEMBER) is YEAR
    assert calendar.year_of(date(2019, 8, 31), SEPTEMBER) is YEAR
    assert calendar.year_of(date(2019, 9, 1), SEPTEMBER) is calendar.years[1]


def test_a_school_year_is_the_one_in_which_its_first_day_lies() -> None:
    late = SchoolYear("2018/19", (AUTUMN, (date(2019, 9, 2), date(2019, 9, 6))), "")
    assert held(late).year_of(date(2018, 10, 1), SEPTEMBER) is late
    early = SchoolYear("2017/18", ((date(2018, 8, 27), date(2018, 9, 7)),), "")
    assert held(early).year_of(date(2018, 8, 28), SEPTEMBER) is early


def test_the_blocks_of_all_years_follow_one_another_each_with_its_year() -> None:
    later = after(60)
    assert list(held(YEAR, later).blocks()) == [(YEAR, AUTUMN), (YEAR, WINTER), (later, later.blocks[0])]


@pytest.mark.parametrize(
    ("day", "school"),
    [
        ("2018-09-02", False),
        ("2018-09-03", True),
        ("2018-09-08", False),  # a Saturday within a block
        ("2018-09-14", True),
        ("2018-09-17", False),
        ("2018-10-05", True),
        ("2018-10-08", False),
    ],
)
def test_school_days_are_the_working_days_from_the_first_to_the_last_of_a_block(day: str, school: bool) -> None:
    assert held(YEAR).is_school_day(date.fromisoformat(day), HOLIDAYS) is school


def test_a_bank_holiday_within_a_block_is_no_school_day() -> None:
    closed = BankHolidays(frozenset({date(2018, 9, 4)}), date.max, "")
    assert not held(YEAR).is_school_day(date(2018, 9, 4), closed)
    assert held(YEAR).is_school_day(date(2018, 9, 5), closed)


def test_the_last_day_of_a_school_year_is_that_of_its_last_block_and_without_one_the_day_assumed() -> None:
    assert end_of_school_year(date(2018, 9, 1), SEPTEMBER, AUGUST, held(YEAR)) == (WINTER[1], YEAR)
    longer = SchoolYear("2018/19", (AUTUMN, WINTER, (date(2019, 1, 7), date(2019, 2, 15))), "")
    assert end_of_school_year(date(2018, 9, 1), SEPTEMBER, AUGUST, held(longer)) == (date(2019, 2, 15), longer)
    assert end_of_school_year(date(2017, 9, 1), SEPTEMBER, AUGUST, held(YEAR)) == (date(2018, 8, 31), None)
    assert end_of_school_year(date(2018, 8, 31), SEPTEMBER, AUGUST, None) == (date(2018, 8, 31), None)
    assert end_of_school_year(date(2018, 9, 1), SEPTEMBER, (12, 20), None) == (date(2018, 12, 20), None)
    assert end_of_school_year(date(2018, 9, 1), SEPTEMBER, SEPTEMBER, None) == (date(2019, 9, 1), None)


# -- half a term's notice


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        ("2018-08-31", "2018-09-24"),  # ten school days from the 3rd; the next is the first of the next block
        ("2018-09-03", "2018-09-25"),
        ("2018-09-13", "2018-10-05"),
        ("2018-09-14", None),  # the ten run to the last day held
        ("2018-09-17", None),
    ],
)
def test_notice_ends_on_the_school_day_after_as_many_as_the_block_has(day: str, ends: str | None) -> None:
    found = held(YEAR).half_term(date.fromisoformat(day), HOLIDAYS)
    assert found == (10, date.fromisoformat(ends) if ends else None, (YEAR,))


def test_a_bank_holiday_shortens_the_notice_and_is_not_counted() -> None:
    closed = BankHolidays(frozenset({date(2018, 9, 5), date(2018, 9, 25)}), date.max, "")
    assert held(YEAR).half_term(date(2018, 9, 3), closed) == (9, date(2018, 9, 26), (YEAR,))


def test_notice_may_run_on_into_the_next_school_year_and_names_both() -> None:
    later = after(30, length=29)  # from Sunday 4 November, and twice as many school days
    found = held(YEAR, later).half_term(date(2018, 9, 24), HOLIDAYS)
    assert found == (10, date(2018, 11, 6), (YEAR, later))


def test_after_the_last_block_no_notice_can_be_counted() -> None:
    assert held(YEAR).half_term(date(2018, 10, 5), HOLIDAYS) == (10, None, (YEAR,))
    assert held(YEAR).half_term(date(2018, 10, 6), HOLIDAYS) is None
    assert held().half_term(date(2018, 10, 6), HOLIDAYS) is None


@pytest.mark.parametrize(("days", "counted"), [(60, True), (61, False)])
def test_a_block_more_than_60_days_off_is_of_another_school_year_than_the_next(days: int, counted: bool) -> None:
    day = AUTUMN[0] - timedelta(days=days)
    assert (held(YEAR).half_term(day, HOLIDAYS) is not None) is counted


@pytest.mark.parametrize(("days", "counted"), [(60, True), (61, False)])
def test_notice_does_not_run_on_over_a_school_year_that_is_not_held(days: int, counted: bool) -> None:
    later = after(days, length=30)
    found = held(YEAR, later).half_term(date(2018, 9, 28), HOLIDAYS)
    assert found is not None
    _, ends, used = found
    assert used == ((YEAR, later) if counted else (YEAR,))
    assert (ends is not None) is counted


# -- birthdays


@pytest.mark.parametrize(
    ("born", "years", "reached"),
    [
        ("2008-02-29", 4, "2012-02-29"),
        ("2008-02-29", 5, "2013-03-01"),
        ("2008-02-28", 5, "2013-02-28"),
        ("2008-03-01", 5, "2013-03-01"),
    ],
)
def test_who_is_born_on_29_february_reaches_an_age_on_1_march_of_other_years(
    born: str, years: int, reached: str
) -> None:
    assert anniversary(date.fromisoformat(born), years) == date.fromisoformat(reached)


@pytest.mark.parametrize(
    ("day", "prescribed"),
    [
        ("2018-03-31", "2018-03-31"),
        ("2018-04-01", "2018-08-31"),
        ("2018-08-31", "2018-08-31"),
        ("2018-09-01", "2018-12-31"),
        ("2018-12-31", "2018-12-31"),
        ("2019-01-01", "2019-03-31"),
    ],
)
def test_the_prescribed_day_is_the_day_itself_or_the_next_one(day: str, prescribed: str) -> None:
    assert prescribed_day(date.fromisoformat(day), PRESCRIBED) == date.fromisoformat(prescribed)


def test_the_first_prescribed_day_of_a_year_follows_the_last_of_the_year_before() -> None:
    assert prescribed_day(date(2018, 9, 1), ((3, 31), (8, 31))) == date(2019, 3, 31)


@pytest.mark.parametrize(
    ("born", "group"),
    [("2014-08-31", 0), ("2014-09-01", -1), ("2013-09-01", 0), ("2013-08-31", 1), ("2002-09-01", 11)],
)
def test_reception_is_the_school_year_after_the_fourth_birthday(born: str, group: int) -> None:
    for day in (date(2018, 9, 1), date(2019, 8, 31)):
        assert year_group(date.fromisoformat(born), day, SEPTEMBER, 4) == group


# -- days as they are written


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("last friday of june", "2019-06-28"),
        ("last sunday of june", "2019-06-30"),
        ("last monday of january", "2019-01-28"),
        ("last saturday of december", "2019-12-28"),
    ],
)
def test_the_last_weekday_of_a_month_is_within_its_last_seven_days(text: str, day: str) -> None:
    assert weekday_of_month(text, 2019) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    ["first friday of june", "last friday in june", "last fryday of june", "last friday of juni", "last friday of"],
)
def test_a_weekday_of_a_month_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says it in a sentence; any ValueError will do
        weekday_of_month(text, 2019)


def test_a_day_and_the_number_a_rule_reads_are_one_another_again() -> None:
    assert as_number(date(2018, 9, 4)) == 20180904
    assert as_date(20180904) == date(2018, 9, 4)
    assert as_date(19991231) == date(1999, 12, 31)
    assert as_date(99991231) == date.max
    assert month_day("08-31") == (8, 31)
