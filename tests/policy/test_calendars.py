"""The days of the calendars, against their own rules and against the term dates typed in a second time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from eligibility.policy_files import policies
from tests.oracle_dates import BLOCKS, school_year

EASTER_SUNDAYS = """
2016-03-27 2017-04-16 2018-04-01 2019-04-21 2020-04-12 2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20
2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21
"""
EASTER = {day.year: day for day in map(date.fromisoformat, EASTER_SUNDAYS.split())}
MONDAY = 0
MOVED = {
    date(2020, 5, 4): date(2020, 5, 8),  # 75 years after the end of the war in Europe
    date(2022, 5, 30): date(2022, 6, 2),  # the Platinum Jubilee
}
PROCLAIMED = {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}  # the Jubilee, the funeral, the coronation


def first_monday(day: date) -> date:
    return day + timedelta((MONDAY - day.weekday()) % 7)


def last_monday(day: date) -> date:
    return day - timedelta((day.weekday() - MONDAY) % 7)


def bank_holidays(year: int) -> set[date]:
    """Those of the Banking and Financial Dealings Act 1971, with Good Friday, Christmas Day and what was proclaimed."""
    usual = {
        EASTER[year] - timedelta(2),
        EASTER[year] + timedelta(1),
        first_monday(date(year, 5, 1)),
        last_monday(date(year, 5, 31)),
        last_monday(date(year, 8, 31)),
    }
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    held = {MOVED.get(day, day) for day in usual} | set(fixed) | {day for day in PROCLAIMED if day.year == year}
    for day in fixed:  # one that falls at a weekend is kept on the next weekday that is none already
        kept = day
        while kept.weekday() >= 5 or (kept != day and kept in held):
            kept += timedelta(1)
        held.add(kept)
    return held


@pytest.mark.parametrize("year", range(2016, 2031))
def test_the_bank_holidays_are_those_of_the_act_and_the_proclamations(year: int) -> None:
    assert {day for day in policies().bank_holidays.days if day.year == year} == bank_holidays(year)


def test_bank_holidays_are_held_for_2016_to_2030_and_no_further() -> None:
    held = policies().bank_holidays
    assert {day.year for day in held.days} == set(range(2016, 2031))
    assert held.until == date(2030, 12, 31)


@pytest.mark.parametrize("year", [2016, 2017, 2018])
def test_the_half_terms_are_those_published_and_for_2018_19_the_invented_ones(year: int) -> None:
    (held,) = [one for one in policies().calendars["somerset"].years if one.blocks[0][0].year == year]
    assert held.blocks == tuple(block for block in BLOCKS if school_year(block[0]) == year)
    assert held.name == f"{year}/{year - 1999}"
    assert bool(held.assumed) is (year == 2018)


def test_school_terms_are_held_for_three_years() -> None:
    assert [year.name for year in policies().calendars["somerset"].years] == ["2016/17", "2017/18", "2018/19"]
