"""Counting pupils by the categories of a return. Every pupil counted stands once in every question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from eligibility.modelling.answers_in_columns import ENTITLED, OUTCOMES
from eligibility.modelling.facts_of_cases import NONE
from eligibility.modelling.yearly_return.categories import Categories, Category, Line, Question

MET, CARRIES = "met:", "carries:"
"""How the columns of pupils begin that say whether a ground is met, and whether it carries the pupil."""
OUTCOME, TAKES_UP, RUNS = "outcome", "about.takes_up", "runs"
NOT_KNOWN, NONE_OF_THESE, TOTAL = "not_known", "none_of_these", "total"
WORDS = {NOT_KNOWN: "not known", NONE_OF_THESE: "in none of these", TOTAL: "total"}
NOT_RUNNING, NOT_TAKEN_UP = "entitled, not on this day", "entitled, not taken up"


@dataclass(frozen=True)
class Count:
    """One line of a return: pupils of a category, across the kinds and in all."""

    category: str
    title: str
    across: Mapping[str, int]

    @property
    def total(self) -> int:
        """All pupils of the line."""
        return sum(self.across.values())


@dataclass(frozen=True)
class YearlyReturn:
    """A return: for each question its lines, and what became of the pupils who are not counted.

    `pupils` has, by outcome, those who were decided, not travelling or not taking travel up apart.
    """

    categories: Categories
    counts: Mapping[str, tuple[Count, ...]]
    pupils: Mapping[str, int]
    set_aside: int
    about: Mapping[str, Any]

    @property
    def counted(self) -> int:
        """The pupils counted: the total of every question."""
        return self.pupils.get(ENTITLED, 0)


def count(categories: Categories, pupils: pl.DataFrame, *, set_aside: int, about: Mapping[str, Any]) -> YearlyReturn:
    """The return of pupils, one row each.

    The columns: `outcome`; `met:<ground>` and `carries:<ground>`; those that the categories read, as words; perhaps
    `runs`, whether travel runs on the day, and `about.takes_up`. One that is missing is not known.
    """
    needed = [*categories.columns, TAKES_UP, RUNS]
    missing = [pl.lit(None, pl.String).alias(name) for name in needed if name not in pupils.columns]
    pupils = pupils.with_columns(missing).with_columns(_what_became().alias("became"))
    told = {str(name): int(number) for name, number in pupils["became"].value_counts().rows()}
    order = (*OUTCOMES, NOT_RUNNING, NOT_TAKEN_UP)
    carried = pupils.filter(pl.col("became") == ENTITLED)
    placed = carried.select(_place(question, carried.columns).alias(question.id) for question in categories.questions)
    counts = {question.id: _lines(question, categories.kinds, placed) for question in categories.questions}
    return YearlyReturn(categories, counts, {name: told[name] for name in order if name in told}, set_aside, about)


def _what_became() -> pl.Expr:
    entitled = pl.col(OUTCOME) == ENTITLED
    return (
        pl.when(entitled & (pl.col(RUNS) == "no"))
        .then(pl.lit(NOT_RUNNING))
        .when(entitled & (pl.col(TAKES_UP) == "no"))
        .then(pl.lit(NOT_TAKEN_UP))
        .otherwise(pl.col(OUTCOME))
    )


def _place(question: Question, columns: list[str]) -> pl.Expr:
    """The category that each pupil is counted in."""
    read = {line.columns for category in question.categories for line in category.lines if line.columns}
    # A question about grounds alone is never open: what carries a pupil is known.
    is_open = pl.any_horizontal(pl.lit(False), *(pl.coalesce(names).is_null() for names in sorted(read)))
    placed = pl.when(is_open).then(pl.lit(NOT_KNOWN)).otherwise(pl.lit(NONE_OF_THESE))
    for category in reversed(question.categories):
        placed = pl.when(_falls_in(category, columns)).then(pl.lit(category.id)).otherwise(placed)
    return placed


def _falls_in(category: Category, columns: list[str]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *(_holds(line, columns) for line in category.lines))


def _holds(line: Line, columns: list[str]) -> pl.Expr:
    if line.grounds:
        return _carried_by(line.grounds, columns)
    cell = pl.coalesce(pl.col(name) for name in line.columns)
    is_so = cell.is_in(list(line.words)) if line.words else cell != NONE
    return is_so.fill_null(value=False)


def _carried_by(grounds: tuple[str, ...], columns: list[str]) -> pl.Expr:
    """Whether one of these is met; where no ground at all is met by its own result, whether one of these carries."""

    def some(prefix: str, wanted: tuple[str, ...] | None) -> pl.Expr:
        named = [c for c in columns if c.startswith(prefix) and (wanted is None or c.removeprefix(prefix) in wanted)]
        return pl.any_horizontal(pl.lit(False), *(pl.col(name).fill_null(value=False) for name in named))

    return some(MET, grounds) | (~some(MET, None) & some(CARRIES, grounds))


def _lines(question: Question, kinds: Question, placed: pl.DataFrame) -> tuple[Count, ...]:
    pairs = placed.select(pl.col(question.id).alias("category"), pl.col(kinds.id).alias("kind"))
    found = {(row[0], row[1]): row[2] for row in pairs.group_by("category", "kind").len().rows()}
    across = [*(kind.id for kind in kinds.categories), NOT_KNOWN, NONE_OF_THESE]
    titles = {each.id: each.title for each in question.categories} | {
        key: WORDS[key] for key in (NOT_KNOWN, NONE_OF_THESE)
    }
    return tuple(
        Count(category, title, {kind: found.get((category, kind), 0) for kind in across})
        for category, title in titles.items()
    )
