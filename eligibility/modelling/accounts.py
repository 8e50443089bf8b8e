"""What a change saves in each school year and in each year of accounts: target, probable and assured kept apart.

- **target**: what would be saved if nobody were protected, at the average cost of a pupil carried;
- **probable**: what is saved under the reading of legitimate expectation that the version chose, at the average cost;
- **assured**: the least that is saved under any of its readings, counting of each cost only what an empty seat saves.

All three are what the losers of that year would have cost, less what the winners cost; a pupil whom an officer decides,
or of whom more has to be known, saves nothing here. They are taken from the county kept as it is (`run_off`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from eligibility.modelling.changes import NOBODY
from eligibility.modelling.people import YearGroups
from eligibility.modelling.run_off import KEPT, first_year, school_year
from eligibility.policy import Policies, Version
from eligibility.school_calendar import SchoolYear, month_day

TARGET, PROBABLE, ASSURED = "target", "probable", "assured"
KINDS = (TARGET, PROBABLE, ASSURED)


@dataclass(frozen=True)
class InYear:
    """What part of a school year falls before the accounts close: `first` of `whole`, and by what rule."""

    first: int
    whole: int
    rule: str

    def split(self, pence: int) -> tuple[int, int]:
        """A school year's pence in the year of accounts in which it starts, and in the next; together the whole."""
        first = (abs(pence) * self.first * 2 + self.whole) // (2 * self.whole)
        first = first if pence >= 0 else -first
        return first, pence - first


def in_year(policies: Policies, option: Version, groups: YearGroups, accounts_start: str) -> InYear:
    """How the school years from a change on are divided between two years of accounts.

    By the school days of the calendar held for the first of them, otherwise for the last one held; where the council
    has no calendar, by whole months.
    """
    starts = dt.date(first_year(option, groups), *groups.starts)
    closes = _next(starts, month_day(accounts_start))
    calendar = policies.calendars.get(option.calendar)
    if calendar is None:
        months = (closes.year - starts.year) * 12 + closes.month - starts.month
        return InYear(months, 12, f"by months: {months} of 12 fall before the accounts close.")
    held = calendar.year_of(starts, groups.starts) or calendar.years[-1]
    own_start = dt.date(held.blocks[0][0].year, *groups.starts)
    own_close = _next(own_start, month_day(accounts_start))
    days = list(_school_days(policies, held))
    before = sum(day < own_close for day in days)
    assumed = f" {held.assumed}" if held.assumed else ""
    return InYear(
        before,
        len(days),
        f"by school days: {before} of the {len(days)} of {held.name} fall before the accounts close.{assumed}",
    )


def _next(day: dt.date, month_and_day: tuple[int, int]) -> dt.date:
    found = dt.date(day.year, *month_and_day)
    return found if found > day else dt.date(day.year + 1, *month_and_day)


def _school_days(policies: Policies, year: SchoolYear) -> list[dt.date]:
    days = (first + dt.timedelta(count) for first, last in year.blocks for count in range((last - first).days + 1))
    return [day for day in days if policies.bank_holidays.is_working_day(day)]


def savings(run_off: pl.DataFrame, chosen: str, readings: tuple[str, ...]) -> pl.DataFrame:
    """By school year of one option's run-off: pupils and pence of each kind, and how many are still protected."""
    kept = run_off.filter(pl.col("view") == KEPT)
    rows = []
    for year, label in kept.select("year", "school_year").unique().sort("year").iter_rows():
        this = kept.filter(pl.col("year") == year)
        by_reading = {way: this.filter(pl.col("reading") == way) for way in {*readings, chosen, NOBODY}}
        least = min((by_reading[way] for way in readings or (chosen,)), key=lambda found: saved(found, "seat_pence"))
        taken = {TARGET: by_reading[NOBODY], PROBABLE: by_reading[chosen], ASSURED: least}
        row: dict[str, int | str] = {"year": year, "school_year": label}
        for kind, found in taken.items():
            row[f"{kind}_pupils"] = _count(found, "loser") - _count(found, "winner")
            row[f"{kind}_pence"] = saved(found, "seat_pence" if kind == ASSURED else "pence")
        row["protected"] = _count(by_reading[chosen], "protected")
        rows.append(row)
    return pl.DataFrame(rows)


def _count(found: pl.DataFrame, change: str) -> int:
    return int(found.filter(pl.col("change") == change).get_column("pupils").sum())


def saved(found: pl.DataFrame, pence: str) -> int:
    """What those who lose would have cost, less what those who win cost; of all others nothing."""
    lost = found.filter(pl.col("change") == "loser").get_column(f"{pence}_before").sum()
    won = found.filter(pl.col("change") == "winner").get_column(f"{pence}_after").sum()
    return int(lost) - int(won)


def by_financial_year(by_school_year: pl.DataFrame, division: InYear, first: int) -> pl.DataFrame:
    """The same in years of accounts: what falls in each, beside the full year of the school year that starts in it.

    `first` is the calendar year of the first school year. A financial year is named by the two years it lies in. The
    last one stands for every year after it: nobody is protected any more, and a whole year falls in each.
    """
    rows = []
    held = list(by_school_year.sort("year").iter_rows(named=True))
    carried = dict.fromkeys(KINDS, 0)
    for place, found in enumerate([*held, *held[-1:]]):
        year = first + place
        row: dict[str, int | str] = {
            "financial_year": f"{year}-{(year + 1) % 100:02d}",
            "school_year": school_year(year),
        }
        for kind in KINDS:
            now, later = division.split(found[f"{kind}_pence"])
            row[f"{kind}_in_year_pence"] = carried[kind] + now
            row[f"{kind}_full_year_pence"] = found[f"{kind}_pence"]
            carried[kind] = later
        rows.append(row)
    return pl.DataFrame(rows)
