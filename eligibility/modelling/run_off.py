"""Year by year from a change of policy until the last pupil it protects has left.

Two views, because "protections will take time to expire" can be looked at in two ways:

- **followed**: the pupils of the population, no others, each with real dates, on the first day of every later school
  year. A pupil leaves after the last year group of the school (`about.last_year_group`, else as the policy assumes),
  and with the school all protection. What a family tells (income, needs, faith, home) is taken to stay as it is.
- **kept**: the county stays as it is, each year's intake like the one before. A pupil of today then stands for the one
  in the same place so many years later, and the county of that year is today's with the change so many years longer
  ago. So savings come as cohorts leave, and nothing else changes. An award given on the first day of a policy, or
  before, is taken to be as old as the child's time at the school: further back than that day no award can reach.

Each is worked out under every reading of legitimate expectation, and as if nobody were protected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import polars as pl

from eligibility.modelling.changes import NOBODY, ways_to_read
from eligibility.modelling.outcome_tables import COUNTED, counts
from eligibility.modelling.part import Part
from eligibility.modelling.people import YearGroups
from eligibility.modelling.variants import VARIANT, Variants
from eligibility.policy import Version

FOLLOWED, KEPT = "followed", "kept"
KEYS = ("option", "view", "reading", "year", "school_year", "change", "kept")


def first_year(option: Version, groups: YearGroups) -> int:
    """The calendar year in which the school year of a change starts."""
    starts = dt.date(option.starts.year, *groups.starts)
    return starts.year if starts <= option.starts else starts.year - 1


def school_year(year: int) -> str:
    """2018/19."""
    return f"{year}/{(year + 1) % 100:02d}"


def run_off(part: Part, option: Version, years: int) -> pl.DataFrame:
    """Counts of each school year, 0 being that of the change, up to and with `years`, in both views.

    A group may have two rows, which are to be added up.
    """
    ways = (*ways_to_read(part.book(option)), NOBODY)
    tables = [
        pl.concat([_named(option, part.groups, view, way, counted) for way, counted in find(part, option, years, ways)])
        for view, find in ((FOLLOWED, _followed), (KEPT, _kept))
    ]
    return pl.concat(tables)


Counted = Iterator[tuple[str, pl.DataFrame]]
"""By way to read the answers: counts by `year`, `change` and `kept`."""


def _kept(part: Part, option: Version, years: int, ways: Sequence[str]) -> Counted:
    """The county kept as it is: the same pupils on the same day, the change so many years longer ago."""
    old = part.question(part.old)
    pairs = [(old, part.question(option, years_ago=year)) for year in range(years + 1)]
    variants = Variants(part, option, pairs, (old, part.question(option, years_ago=None)), ways, long_held=True)
    for way in ways:
        yield way, variants.changed(way).counted(["change", "kept"]).rename({VARIANT: "year"})


def _followed(part: Part, option: Version, years: int, ways: Sequence[str]) -> Counted:
    """The pupils of today in every later school year in which they are still at the school, all years at once."""
    first = first_year(option, part.groups)
    there = {
        year: part.people.filter(pl.col("year_group") + year <= pl.col("last_year_group")).get_column("row")
        for year in range(1, years + 1)
    }
    days = {year: (dt.date(first + year, *part.groups.starts), rows) for year, rows in there.items() if len(rows)}
    later = part.in_later_years((part.old, option), days) if days else []
    asked = [(pl.lit(0, pl.Int64).alias("year"), [part.by_logic(part.old), part.by_logic(option)])]
    asked += [(pl.col("year"), later)] if later else []
    for way in ways:
        tables = []
        for year, (old, new) in asked:
            among = new.select(year, "row").join(part.priced, on="row", how="left", maintain_order="left")
            read = part.read(old, part.old, grounds=False), part.read(new, option, way, grounds=False)
            tables.append(part.changed(*read, among).group_by("year", "change", "kept").agg(counts()))
        yield way, pl.concat(tables)


def _named(option: Version, groups: YearGroups, view: str, way: str, counted: pl.DataFrame) -> pl.DataFrame:
    """Counts under the keys of a run-off."""
    first = first_year(option, groups)
    years = {year: school_year(first + year) for year in counted.get_column("year").unique().to_list()}
    named = {"option": option.id, "view": view, "reading": way}
    return counted.with_columns(
        *(pl.lit(value).alias(name) for name, value in named.items()),
        pl.col("year").cast(pl.Int32),
        pl.col("year").replace_strict(years, return_dtype=pl.String).alias("school_year"),
        pl.col("kept").fill_null(""),
    ).select(*KEYS, *COUNTED)


def years_to_follow(bounds: pl.DataFrame, option: Version, groups: YearGroups) -> int:
    """How many school years after that of a change nobody can be protected any more.

    `bounds` has the most years that a pupil still has at the school (`years_left`) and the earliest day on which one
    started there (`started`): after as many years all have left, or stand for one who started after the change.
    """
    left, started = (bounds.item(0, name) for name in ("years_left", "started"))
    by_start = option.starts.year - started.year + 1 if started else 0
    longest = groups.schooling_ends_with + 2
    return max(1, min(longest, max((left or 0) + 1, by_start)))
