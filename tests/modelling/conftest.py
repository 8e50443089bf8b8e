"""A run of the small county, made once for all tests that look into one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from eligibility.modelling.run import Run, run
from tests.modelling.small_county import population
from tests.modelling.small_run import BY, PUPILS, ROWS_IN_A_PART, compared, no_reject


@pytest.fixture(scope="session")
def small_county_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its pupils as a population file."""
    path = tmp_path_factory.mktemp("population") / "pupils.parquet"
    bands = pl.Series(BY, [f"band {number % 3}" for number in range(PUPILS)])
    population(PUPILS, seed=5).drop("row").with_columns(bands).write_parquet(path)
    return path


@pytest.fixture(scope="session")
def finished(small_county_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The finished run of them, later years and readings with it."""
    folder = tmp_path_factory.mktemp("run")
    return run(compared(by=(BY,)), [small_county_file], folder, set_aside=no_reject, rows_in_a_part=ROWS_IN_A_PART)
