"""Polars, DuckDB and Spark work out the same population, and agree row for row."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from eligibility.errors import UsageError
from eligibility.modelling.assessed import Settled, assess_and_settle, assess_versions
from eligibility.modelling.engines import Engine, InDuckDB, OnSpark, engine
from eligibility.policy_files import policies
from tests.modelling.populations import books, drawn, population
from tests.pupils import VERSIONS

TABLES = {"about.ward": pl.lit("Frome")}


@pytest.fixture(scope="module")
def spark() -> Iterator[OnSpark]:
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.fail("the tests need pyspark and Java (default-jre-headless)")
    from pyspark.sql import SparkSession

    # A slice is worked out sooner as it is written than after Spark has made a program of it.
    settings: dict[str, bool | float | int | str | None] = {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
    }
    session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    yield OnSpark()
    session.stop()


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    path = tmp_path / "checked.parquet"
    population(drawn(3, 150)).with_columns(**TABLES).write_parquet(path)
    return path


def worked_out(path: Path, by: Engine | None, on: date | None, names: Sequence[str] = VERSIONS[1:]) -> Settled:
    versions = [policies().versions[name] for name in names]
    return assess_and_settle(path, books(), versions, on=on, engine=by)


@pytest.mark.parametrize("on", [None, date(2018, 9, 4)])
def test_duckdb_says_what_polars_says_of_every_row(checked: Path, on: date | None) -> None:
    expected, found = worked_out(checked, None, on), worked_out(checked, InDuckDB(), on)
    assert found.answers.equals(expected.answers)
    assert found.patterns == expected.patterns


def test_spark_says_what_polars_says_of_every_row(checked: Path, spark: OnSpark) -> None:
    expected, found = (worked_out(checked, by, None, VERSIONS[2:]) for by in (None, spark))
    assert found.answers.equals(expected.answers)


def test_what_is_found_does_not_hang_on_the_order_of_the_rows_or_on_how_a_file_is_cut(tmp_path: Path) -> None:
    rows = population(drawn(4, 300))
    versions = [policies().versions["somerset-2018"]]
    whole = assess_versions(rows.lazy(), books(), versions).collect()
    mixed = assess_versions(rows.sample(fraction=1.0, shuffle=True, seed=1).lazy(), books(), versions).collect()
    assert mixed.sort("row").equals(whole)
    parts = [assess_versions(part.lazy(), books(), versions).collect() for part in rows.iter_slices(70)]
    assert pl.concat(parts).equals(whole)
    rows.write_parquet(tmp_path / "cut.parquet", row_group_size=17)
    assert assess_versions(pl.scan_parquet(tmp_path / "cut.parquet"), books(), versions).collect().equals(whole)


def test_an_engine_that_is_not_there_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="there is no engine dask; expected one of polars, duckdb, pyspark"):
        engine("dask")
    with monkeypatch.context() as patch:
        patch.setattr(importlib.util, "find_spec", lambda _name: None)
        for name in ("duckdb", "pyspark"):
            with pytest.raises(UsageError, match=rf"pip install 'edtravel\[{name}\]'"):
                engine(name)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="needs Java"):
        engine("pyspark")


def test_only_a_file_can_be_worked_out_elsewhere(checked: Path) -> None:
    frame: Any = pl.scan_parquet(checked)
    with pytest.raises(UsageError, match="only a population in a file"):
        worked_out(frame, InDuckDB(), None)
