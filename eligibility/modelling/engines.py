"""Where a population is worked out: in Polars, or where it outgrows one machine's frames in DuckDB or on Spark.

All three run the same expressions on the same checked file and agree row for row. DuckDB and Spark are extras.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from eligibility.errors import UsageError
from eligibility.modelling.fact_columns import join_in_polars

NAMES = ("polars", "duckdb", "pyspark")


class Engine(Protocol):
    """What an engine does: open a checked population, join a small table to it, and give back what was worked out."""

    def open(self, population: pl.LazyFrame | Path) -> nw.LazyFrame[Any]:
        """The rows of a population with their facts."""
        ...

    def join(self, population: nw.LazyFrame[Any], table: pl.DataFrame, on: str) -> nw.LazyFrame[Any]:
        """The population with a small table joined on a column."""
        ...

    def collect(self, *frames: nw.LazyFrame[Any]) -> list[pl.DataFrame]:
        """Frames worked out, each in the order of its rows."""
        ...


def engine(name: str) -> Engine:
    """The engine of a name. Raises UsageError where there is none such, or what it needs is not installed."""
    match name:
        case "polars":
            return InPolars()
        case "duckdb":
            return InDuckDB()
        case "pyspark":
            return OnSpark()
        case _:
            raise UsageError(f"there is no engine {name}; expected one of {', '.join(NAMES)}")


class InPolars:
    """Polars, on one machine."""

    def open(self, population: pl.LazyFrame | Path) -> nw.LazyFrame[Any]:
        """The rows of a population with their facts."""
        rows = pl.scan_parquet(population) if isinstance(population, Path) else population
        return nw.from_native(rows)

    def join(self, population: nw.LazyFrame[Any], table: pl.DataFrame, on: str) -> nw.LazyFrame[Any]:
        """The population with a small table joined on a column."""
        return join_in_polars(population, table, on)

    def collect(self, *frames: nw.LazyFrame[Any]) -> list[pl.DataFrame]:
        """Frames worked out together, each in the order of its rows."""
        natives: list[pl.LazyFrame] = [frame.to_native() for frame in frames]
        return pl.collect_all(natives)


class InDuckDB:
    """DuckDB, on one machine and beyond its memory. Raises UsageError where it is not installed."""

    def __init__(self) -> None:
        _needs("duckdb", "duckdb")
        import duckdb

        self._connection = duckdb.connect()
        self._tables = 0

    def open(self, population: pl.LazyFrame | Path) -> nw.LazyFrame[Any]:
        """The rows of a population with their facts."""
        import duckdb

        path, names = _file(population)
        rows = self._connection.read_parquet(str(path))
        return nw.from_native(rows.select(*map(duckdb.ColumnExpression, names)))

    def join(self, population: nw.LazyFrame[Any], table: pl.DataFrame, on: str) -> nw.LazyFrame[Any]:
        """The population with a small table joined on a column."""
        self._tables += 1
        name = f"small_{self._tables}"
        self._connection.register(name, table.to_arrow())
        return population.join(nw.from_native(self._connection.table(name)), on=on, how="left")

    def collect(self, *frames: nw.LazyFrame[Any]) -> list[pl.DataFrame]:
        """Frames worked out, each in the order of its rows."""
        return [frame.to_native().pl().sort("row") for frame in frames]


class OnSpark:
    """Spark: the session there is, or one on this machine. Raises UsageError where it or Java is not installed."""

    def __init__(self) -> None:
        _needs("pyspark", "pyspark")
        if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
            raise UsageError("--engine pyspark needs Java, and there is none; install one: default-jre-headless")
        from pyspark.sql import SparkSession

        settings: dict[str, bool | float | int | str | None] = {
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "8",
        }
        builder = SparkSession.builder.appName("edtravel").config(map=settings)
        self._session = SparkSession.getActiveSession() or builder.master("local[*]").getOrCreate()

    def open(self, population: pl.LazyFrame | Path) -> nw.LazyFrame[Any]:
        """The rows of a population with their facts."""
        path, names = _file(population)
        return nw.from_native(self._session.read.parquet(str(path)).select(*names))

    def join(self, population: nw.LazyFrame[Any], table: pl.DataFrame, on: str) -> nw.LazyFrame[Any]:
        """The population with a small table joined on a column."""
        return population.join(nw.from_native(self._session.createDataFrame(table.to_arrow())), on=on, how="left")

    def collect(self, *frames: nw.LazyFrame[Any]) -> list[pl.DataFrame]:
        """Frames worked out, each in the order of its rows."""
        return [pl.DataFrame(pl.from_arrow(frame.to_native().toArrow())).sort("row") for frame in frames]


def _file(population: pl.LazyFrame | Path) -> tuple[Path, list[str]]:
    """A checked population's file, and the columns that an engine needs; the names of others hold dots."""
    if not isinstance(population, Path):
        raise UsageError("only a population in a file can be worked out by another engine than Polars")
    names = pl.read_parquet_schema(population)
    return population, [name for name in names if name == "row" or name.startswith("fact_")]


def _needs(module: str, extra: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise UsageError(f"--engine {extra} needs {module}; install it with: pip install 'edtravel[{extra}]'")
