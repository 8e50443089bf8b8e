"""The pupils of a population as the tables see them: what they are counted by, how long they stay, what they cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from eligibility.columns import ABOUT
from eligibility.modelling.about_columns import LAST_YEAR_GROUP, MODE, TAKES_UP
from eligibility.modelling.unit_costs import ROAD, UnitCosts
from eligibility.policy import Version
from eligibility.school_calendar import month_day

NOT_GIVEN = "not known"
DIMENSIONS: Mapping[str, str] = {
    "phase": "about.phase",
    "school": "school.urn",
    "ward": "about.ward",
    "district": "about.district",
    "mode": MODE,
    "sex": "sex",
    "religion": "belief.religion",
    "disability": "needs.disability",
}
"""What tables are broken down by beside the change, the grounds and the year group: columns of a population."""
LOW_INCOME, _TOLD_BY = "low_income", ("income.free_school_meals", "income.maximum_working_tax_credit")
"""A dimension made from two columns: either is what the statute calls low income."""


@dataclass(frozen=True)
class YearGroups:
    """How year groups are counted under a version, and where a pupil leaves whose school's ages are not given."""

    starts: tuple[int, int]
    reception_after: int
    primary_ends_with: int
    schooling_ends_with: int

    @classmethod
    def of(cls, version: Version) -> YearGroups:
        """As a version's parameters have it on its first day."""
        return cls(
            month_day(version.parameters["school_year_starts"].on(version.starts)),
            *(
                version.whole(name, version.starts)
                for name in ("reception_starts_after", "primary_ends_with", "schooling_ends_with")
            ),
        )

    def school_year(self, day: pl.Expr) -> pl.Expr:
        """The calendar year in which the school year of a day started."""
        return day.dt.year() - self._before_the_start(day).cast(pl.Int32)

    def group(self, born: pl.Expr, day: pl.Expr) -> pl.Expr:
        """The year group by date of birth on a day; 0 is Reception."""
        reception = born.dt.year() + self.reception_after + 1 - self._before_the_start(born).cast(pl.Int32)
        return self.school_year(day) - reception

    def last(self, given: pl.Expr, group: pl.Expr) -> pl.Expr:
        """The last year group of a pupil's school, as given, otherwise as the policy assumes it."""
        assumed = (
            pl.when(group <= self.primary_ends_with)
            .then(pl.lit(self.primary_ends_with))
            .otherwise(pl.lit(self.schooling_ends_with))
        )
        return pl.coalesce(given, assumed).cast(pl.Int32)

    def _before_the_start(self, day: pl.Expr) -> pl.Expr:
        month, date = self.starts
        days = day.dt.month().cast(pl.Int32) * 100 + day.dt.day().cast(pl.Int32)
        return days < month * 100 + date


def people(
    population: pl.DataFrame, groups: YearGroups, costs: UnitCosts, *, on: dt.date | None, by: Sequence[str] = ()
) -> pl.DataFrame:
    """One row a pupil: `row`, `reference`, the dimensions as words, year groups, whole pence a year.

    `on` is the day all are looked at; without it each on the day they first travel. A family that does not take up a
    seat costs nothing; one of which that is not known takes it up.
    """
    typed = {MODE: pl.String, ROAD: pl.Int64, LAST_YEAR_GROUP: pl.Int32, TAKES_UP: pl.Boolean, "travel_from": pl.Date}
    missing = [pl.lit(None, kind).alias(name) for name, kind in typed.items() if name not in population.columns]
    population = population.with_columns(missing)
    day = pl.lit(on, pl.Date) if on else pl.col("travel_from")
    group = groups.group(pl.col("date_of_birth"), day)
    takes_up = pl.col(TAKES_UP).fill_null(True)
    pence = pl.when(takes_up).then(costs.schedule.pence_a_year()).otherwise(pl.lit(0, pl.Int64))
    held = {name: column for name, column in DIMENSIONS.items() if column in population.columns}
    held |= {column.removeprefix(ABOUT): column for column in by}
    told = [pl.col(name) if name in population.columns else pl.lit(None, pl.Boolean) for name in _TOLD_BY]
    low_income = _words(pl.any_horizontal(told)).alias(f"by:{LOW_INCOME}")
    return population.sort("row").select(
        "row",
        "reference",
        *(_words(pl.col(column)).alias(f"by:{name}") for name, column in held.items()),
        *([low_income] if set(_TOLD_BY) & set(population.columns) else []),
        _words(group).alias("by:year_group"),
        group.alias("year_group"),
        groups.last(pl.col(LAST_YEAR_GROUP), group).alias("last_year_group"),
        takes_up.alias("takes_up"),
        pence.alias("pence"),
        costs.saved_pence(pence).alias("seat_pence"),
    )


def _words(column: pl.Expr) -> pl.Expr:
    return column.cast(pl.String).fill_null(NOT_GIVEN)
