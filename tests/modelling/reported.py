"""A finished run of a small county, to be reported."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import polars as pl
import shapely

from eligibility.modelling.report.ward_areas import ROUND_POSTCODES, WardAreas
from eligibility.modelling.run import Run, run
from eligibility.modelling.spread import measures, spread
from tests.modelling.small_county import population
from tests.modelling.small_run import PUPILS, compared, no_reject


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes with the process."""
    return tempfile.TemporaryDirectory()


@functools.cache
def shared() -> Run:
    """One run that all tests of a process may look at and none may change."""
    return finished(Path(_folder().name))


def finished(folder: Path, *, brief: bool = False) -> Run:
    """The change of September 2018, over some pupils."""
    pupils = folder / "pupils.parquet"
    population(PUPILS, seed=5).drop("row").write_parquet(pupils)
    return run(compared(brief=brief), [pupils], folder / "run", set_aside=no_reject)


def over_draws(found: Run, *outcomes: pl.DataFrame) -> Run:
    """The run with a spread over its own figures and those of other draws."""
    draws = [measures(each, found.tables.get("late_notices")) for each in (found.tables["outcomes"], *outcomes)]
    return replace(found, tables={**found.tables, "spread": spread(draws)})


def squares(wards: Collection[str]) -> WardAreas:
    """A square of a kilometre for each ward."""
    sides = {ward: shapely.box(1000 * n, 0, 1000 * (n + 1), 1000) for n, ward in enumerate(sorted(wards))}
    return WardAreas(sides, ROUND_POSTCODES)
