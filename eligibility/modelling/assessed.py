"""A population assessed under a version: one row a pupil, what each ground says of it, its outcome, what it keeps.

The grounds, the protection and the outcome of a pupil are those of a decision on the same case on the same day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.columns import ABOUT
from eligibility.engines.frame_conditions import FACT
from eligibility.in_force import Books, InForce
from eligibility.modelling.answers_in_columns import OPEN, OUTCOMES, agreed_readings, conclude
from eligibility.modelling.engines import Engine, InPolars
from eligibility.modelling.fact_columns import FactColumns, Join, join_in_polars
from eligibility.modelling.facts_in_columns import establish_in_columns
from eligibility.modelling.settled import Told, settle
from eligibility.policy import Version

KEPT = ("row", "reference")
"""The columns of a population that come through, beside those that begin with `about.`."""


@dataclass(frozen=True)
class Settled:
    """A population that has been assessed, `patterns` of missing facts proved; `left_open`: see `MOST_PATTERNS`."""

    answers: pl.DataFrame
    patterns: int
    left_open: int


def assess(
    population: pl.LazyFrame,
    books: Books,
    version: Version,
    *,
    on: dt.date | None = None,
    choices: Mapping[str, str] | None = None,
) -> pl.LazyFrame:
    """Every pupil of a checked population under a version, on the day `on` or each on its own first day of travel.

    `choices` overrides readings by name. The columns: `row`, `reference` and `about.*` as they were; `outcome`;
    `outcome[<reading>]` for each reading of legitimate expectation where the version has a transition; for each ground
    its result, by its id, and `carries:<ground>` where the outcome is drawn from another form;
    `kept:<ground>[<reading>]` for each withdrawn element, whether it is protected and met; `protected`, the one kept
    under the chosen reading, and `protected[<reading>]`; `notice:<id>`. Null is not known, and of `protected` also that
    there is none. An outcome that is open here may yet hang on nothing unknown: see `assess_and_settle`.
    """
    return assess_versions(population, books, [version], on=on, choices=choices)


def assess_versions(
    population: pl.LazyFrame,
    books: Books,
    versions: Sequence[Version],
    *,
    on: dt.date | None = None,
    choices: Mapping[str, str] | None = None,
) -> pl.LazyFrame:
    """The same under several versions at once, which work out together what they have in common.

    The columns of each of several have its id and a colon before their names: `somerset-2018:outcome`. Raises
    UsageError where the versions do not look at the same day, or presume otherwise of places.
    """
    asked = _Asked(nw.from_native(population), books, versions, on=on, choices=choices, join=join_in_polars)
    rows: pl.LazyFrame = asked.answered.to_native()
    come = [name for name in population.collect_schema().names() if name in KEPT or name.startswith(ABOUT)]
    return rows.select(*come, *(column.in_words().alias(name) for name, column in asked.columns.items()))


def assess_and_settle(
    population: pl.LazyFrame | Path,
    books: Books,
    versions: Sequence[Version],
    *,
    on: dt.date | None = None,
    choices: Mapping[str, str] | None = None,
    engine: Engine | None = None,
    told: Told = lambda _done, _of: None,
) -> Settled:
    """As `assess_versions`, worked out; every outcome that is open and yet hangs on nothing unknown is settled.

    So each outcome is the one that a decision on the pupil would give; that under one reading of legitimate expectation
    alone is settled by itself. A population in a file may be worked out by another `engine` than Polars. `told` is told
    how many of how many patterns of missing facts are done.
    """
    engine = engine or InPolars()
    asked = _Asked(engine.open(population), books, versions, on=on, choices=choices, join=engine.join)
    outcomes = asked.outcomes()
    is_open = reduce(lambda one, other: one | other, (nw.col(held) == OPEN for held in outcomes))
    facts = [name for name in asked.facts.frame.collect_schema().names() if name.startswith(FACT)]
    answers, rows = engine.collect(
        asked.answered.select("row", *dict.fromkeys(column.held for column in asked.columns.values())),
        asked.answered.filter(is_open).select("row", *facts, *outcomes),
    )
    patterns = left = 0
    for held, (book, readings) in outcomes.items():
        some = rows.filter(pl.col(held) == OPEN)
        if some.height:
            found = settle(some, asked.facts, book, readings, told=told)
            patterns, left = patterns + found.patterns, left + found.not_tried
            numbers = found.settled.replace_strict(list(OUTCOMES), range(len(OUTCOMES)), return_dtype=pl.Int8)
            known = pl.DataFrame([some["row"], numbers.alias("settled")]).drop_nulls()
            joined = answers.lazy().join(known.lazy(), on="row", how="left", maintain_order="left")
            answers = joined.with_columns(pl.coalesce("settled", held).alias(held)).drop("settled").collect()
    about = pl.scan_parquet(population) if isinstance(population, Path) else population
    come = [name for name in about.collect_schema().names() if name in KEPT or name.startswith(ABOUT)]
    named = [column.in_words().alias(name) for name, column in asked.columns.items()]
    whole = about.select(come).join(answers.lazy(), on="row", how="left", maintain_order="left")
    return Settled(whole.select(*come, *named).collect(), patterns, left)


class _Asked:
    """What is asked of a population: the columns of the answer, under names that every engine takes."""

    def __init__(
        self,
        population: nw.LazyFrame[Any],
        books: Books,
        versions: Sequence[Version],
        *,
        on: dt.date | None,
        choices: Mapping[str, str] | None,
        join: Join,
    ) -> None:
        self.books = {f"{version.id}:" if len(versions) > 1 else "": books.of(version) for version in versions}
        written = list(self.books.values())
        self.facts = establish_in_columns(population, written, books.policies, on=on, choices=choices, join=join)
        self.answered, self.columns = conclude(self.facts, self.books)

    def outcomes(self) -> dict[str, tuple[InForce, tuple[str, ...]]]:
        """By column of an outcome: the book that it is drawn from, and the readings taken together for it."""
        found = outcome_columns(self.books, self.facts)
        return {self.columns[name].held: drawn_from for name, drawn_from in found.items()}


def outcome_columns(books: Mapping[str, InForce], facts: FactColumns) -> dict[str, tuple[InForce, tuple[str, ...]]]:
    """By name of an outcome: the book that it is drawn from, and the readings taken together for it."""
    found: dict[str, tuple[InForce, tuple[str, ...]]] = {}
    for prefix, book in books.items():
        agreed, _ = agreed_readings(book, facts.versions[book.version.id].constants)
        found[f"{prefix}outcome"] = book, agreed
        for reading in book.outcomes if book.expectations else ():
            found[f"{prefix}outcome[{reading}]"] = book, (reading,)
    return found
