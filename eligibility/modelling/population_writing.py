"""Writing a population: Parquet or CSV, and beside it a JSON file that says how it came to be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from eligibility.case import NO_DAY
from eligibility.errors import UsageError
from eligibility.modelling.facts_of_cases import NONE

SUFFIXES = (".parquet", ".csv")


def about_path(path: Path) -> Path:
    """The JSON file that says how a population came to be."""
    return path.with_name(path.name + ".about.json")


def check_path(path: Path) -> None:
    """Raises UsageError where a population cannot be written there, before anything is worked out."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{path}: expected a name that ends in {' or '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {path.parent}")


def write_population(pupils: pl.DataFrame, about: Mapping[str, Any], path: Path) -> None:
    """Write both files. The Parquet file carries what the JSON file says too. Raises UsageError where it cannot."""
    check_path(path)
    told = json.dumps(about, ensure_ascii=False, sort_keys=True, indent=2)
    draft = path.with_name(path.name + ".part")
    try:
        if path.suffix.lower() == ".csv":
            as_text(pupils).write_csv(draft)
        else:
            pupils.write_parquet(draft, compression="zstd", metadata={"edtravel": told})
        draft.replace(path)
        about_path(path).write_text(told + "\n", encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"cannot write {path}: {problem.strerror or problem}") from None


def as_text(pupils: pl.DataFrame) -> pl.DataFrame:
    """The columns as a CSV of cases has them: yes and no, `none` for a day that is known to be none."""
    columns = []
    for name, kind in pupils.schema.items():
        if kind == pl.Date:
            text = pl.col(name).dt.to_string("%Y-%m-%d")
            columns.append(pl.when(pl.col(name) == NO_DAY).then(pl.lit(NONE)).otherwise(text).alias(name))
        elif kind == pl.Boolean:
            columns.append(pl.when(name).then(pl.lit("yes")).when(~pl.col(name)).then(pl.lit("no")).alias(name))
    return pupils.with_columns(columns)
