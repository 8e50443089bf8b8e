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
from collections.abc import Iterator, Mapping

import polars as pl

from eligibility.modelling.changes import NOBODY, ways_to_read
from eligibility.modelling.outcome_tables import COUNTED, counts
from eligibility.modelling.part import Part
from eligibility.modelling.people import YearGroups
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
    """Counts of each school year, 0 being that of the change, up to and with `years`, in both views."""
    tables = []
    for view, find in ((FOLLOWED, _followed), (KEPT, _kept)):
        for year, old, new, there in find(part, option, years):
            key: dict[str, str | int] = {"option": option.id, "view": view, "year": year}
            tables += _counted(part, option, key, old=old, new=new, among=there)
    return pl.concat(tables)


Years = Iterator[tuple[int, pl.DataFrame, pl.DataFrame, pl.DataFrame]]
"""School years, each with what the old version comes to, what the new one answers, and the pupils asked."""


def _kept(part: Part, option: Version, years: int) -> Years:
    """The county kept as it is: the same pupils on the same day, the change so many years longer ago."""
    questions = [part.question(part.old), *(part.question(option, years_ago=year) for year in range(years + 1))]
    old: pl.DataFrame | None = None
    for question, answer in part.ask_all(questions, long_held=True):
        if old is None:
            old = part.read(answer, part.old)
        else:
            yield question.years_ago, old, answer, part.people


def _followed(part: Part, option: Version, years: int) -> Years:
    """The pupils of today in every later school year in which they are still at the school, all years at once."""
    asked = [part.question(version) for version in (part.old, option)]
    now = dict(part.ask_all(asked))
    yield 0, part.read(now[asked[0]], part.old), now[asked[1]], part.people
    first = first_year(option, part.groups)
    there = {
        year: part.people.filter(pl.col("year_group") + year <= pl.col("last_year_group"))
        for year in range(1, years + 1)
    }
    days = {
        year: (dt.date(first + year, *part.groups.starts), still.get_column("row")) for year, still in there.items()
    }
    for year, (old, new) in part.in_later_years((part.old, option), days).items():
        yield year, part.read(old, part.old), new, there[year]


def _counted(
    part: Part,
    option: Version,
    key: Mapping[str, str | int],
    *,
    old: pl.DataFrame,
    new: pl.DataFrame,
    among: pl.DataFrame,
) -> list[pl.DataFrame]:
    """The counts of one school year under each reading, by the change and by the element kept."""
    label = school_year(first_year(option, part.groups) + int(key["year"]))
    tables = []
    for way in (*ways_to_read(part.book(option)), NOBODY):
        changed = part.changed(old, part.read(new, option, way), among).with_columns(pl.col("kept").fill_null(""))
        fixed = {**key, "reading": way, "school_year": label}
        named = [pl.lit(value).alias(name) for name, value in fixed.items()]
        counted = changed.group_by("change", "kept").agg(counts()).with_columns(named)
        tables.append(counted.select(*KEYS, *COUNTED))
    return tables


def years_to_follow(bounds: pl.DataFrame, option: Version, groups: YearGroups) -> int:
    """How many school years after that of a change nobody can be protected any more.

    `bounds` has the most years that a pupil still has at the school (`years_left`) and the earliest day on which one
    started there (`started`): after as many years all have left, or stand for one who started after the change.
    """
    left, started = (bounds.item(0, name) for name in ("years_left", "started"))
    by_start = option.starts.year - started.year + 1 if started else 0
    longest = groups.schooling_ends_with + 2
    return max(1, min(longest, max((left or 0) + 1, by_start)))
