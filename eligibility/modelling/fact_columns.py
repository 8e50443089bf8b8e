"""The facts of a population as columns: what they are, what a version adds, and which readings change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.engines.frame_conditions import Bounds
from eligibility.language.partial import Known
from eligibility.policy import Version
from eligibility.reading_names import DATE_APPLIED, GOVERNING_DATE, PRESUMED, UNNAMED_SCHOOL_HAD_A_PLACE

Join = Callable[[nw.LazyFrame[Any], pl.DataFrame, str], nw.LazyFrame[Any]]
"""Joins a small table to a population on a column, in the engine that the population is in."""


def join_in_polars(population: nw.LazyFrame[Any], table: pl.DataFrame, on: str) -> nw.LazyFrame[Any]:
    """Joins a small table to a population that is in Polars, whose rows stay in their order."""
    rows: pl.LazyFrame = population.to_native()
    return nw.from_native(rows.join(table.lazy(), on=on, how="left", maintain_order="left"))


@dataclass(frozen=True)
class OfVersion:
    """What a version adds to the facts of a population: what is the same for every pupil, and columns of its own.

    `columns` maps a fact to the name under which this version's values of it stand, where another version has others.
    """

    constants: Mapping[str, Known]
    columns: Mapping[str, str]


@dataclass(frozen=True)
class FactColumns:
    """The facts of a population: columns of `frame` by `column_of`, and what each version adds, by its id.

    `bounds` has the columns of numbers that may be known only to lie between two, `missing` the facts that are known of
    nobody; `contradicts` is true where the facts of a pupil cannot all be true.
    """

    frame: nw.LazyFrame[Any]
    versions: Mapping[str, OfVersion]
    bounds: Mapping[str, Bounds]
    missing: frozenset[str]
    contradicts: nw.Expr


def looks_at(version: Version, choices: Mapping[str, str]) -> tuple[bool, bool]:
    """What of a version's readings changes a pupil's facts: the day of the application, and what is presumed."""
    chosen = (_chosen(version, choices, name) for name in (GOVERNING_DATE, UNNAMED_SCHOOL_HAD_A_PLACE))
    governing, unnamed = chosen
    return governing == DATE_APPLIED, unnamed == PRESUMED


def _chosen(version: Version, choices: Mapping[str, str], name: str) -> str:
    reading = version.readings.get(name)
    return choices.get(name, reading.chosen if reading else "")
