"""Of a population on a day: who has not begun to travel, because the first day is to come or a notice delays it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from eligibility import decide
from eligibility.assess import Assessor
from eligibility.in_force import Books
from eligibility.modelling.answers_in_columns import ENTITLED
from eligibility.modelling.assessed import assess_and_settle
from eligibility.modelling.outcome_tables import on_statutory_ground
from eligibility.modelling.population_rows import cases_of
from eligibility.policy import Version

_FIRST = "travel_from"


def assess_from_the_first_day(known: pl.DataFrame, books: Books, version: Version, on: dt.date | None) -> pl.DataFrame:
    """The pupils of a checked population assessed on a day; those whose first day is to come, on that day of theirs."""
    later = _begins_later(known, on)
    parts = [
        assess_and_settle(rows.lazy(), books, [version], on=day).answers
        for rows, day in ((known.filter(~later), on), (known.filter(later), None))
        if rows.height
    ]
    return pl.concat(parts, how="diagonal").sort("row")


def travels_on(known: pl.DataFrame, answers: pl.DataFrame, books: Books, version: Version, on: dt.date) -> pl.Series:
    """For each pupil, yes or no: whether travel has begun on the day, as a decision on the pupil says it has.

    A notice that falls delays who is carried by no statutory ground. Those are few, and each is decided as a case.
    Where it is not known whether one falls, the decision has no first day.
    """
    book = books.of(version)
    falls = [pl.col(notice.applies) for notice in book.notices]
    may_wait = (pl.col("outcome") == ENTITLED) & ~on_statutory_ground(answers.columns, book)
    marks = answers.select(
        "row",
        delayed=may_wait & pl.any_horizontal(pl.lit(False), *(fall.fill_null(value=False) for fall in falls)),
        open=may_wait & pl.any_horizontal(pl.lit(False), *(fall.is_null() for fall in falls)),
    )
    waits = known.filter(marks["delayed"])
    begun = dict(zip(waits["row"], _begun(waits, books, version, on), strict=True))
    found = [begun.get(row, not is_open) for row, _, is_open in marks.iter_rows()]
    return pl.select(
        pl.when(pl.Series(found, dtype=pl.Boolean) & ~_begins_later(known, on))
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
    ).to_series()


def _begins_later(known: pl.DataFrame, on: dt.date | None) -> pl.Series:
    """For each pupil, whether the first day of travel lies after the day."""
    if on is None or _FIRST not in known.columns:
        return pl.repeat(False, known.height, dtype=pl.Boolean, eager=True)
    return (known[_FIRST] > on).fill_null(value=False)


def _begun(waits: pl.DataFrame, books: Books, version: Version, on: dt.date) -> Iterator[bool]:
    """Whether travel has begun for each of some pupils on whom a notice falls, decided on their own first day."""
    names = [name for name in waits.columns if name != "row" and not name.startswith("fact_")]
    assessor = Assessor(books.policies, second=None)
    for case in cases_of(waits.select(names)):
        decided = assessor.matter(case, policy=version.id).on if case.get(_FIRST) else on
        matter = assessor.matter(case, policy=version.id, on=on, decided=decided)
        starts_on = decide.dates(matter, decide.explainer(matter)).starts_on
        yield starts_on is not None and starts_on <= on
