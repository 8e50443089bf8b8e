"""Tells the pupils behind a cell of a table, and why each came out so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from eligibility.errors import InputError, UsageError
from eligibility.modelling.cells import cell
from eligibility.modelling.drill_down import cases_behind, reasons
from eligibility.modelling.population_writing import SUFFIXES, as_text
from eligibility.modelling.scenario import Scenario
from eligibility.text import comparison_text

_MOST_LISTED = 50


def tell(
    folder: Path, scenario: Scenario, table: str, where: Mapping[str, str], *, number: int, cases: Path | None
) -> None:
    """List the pupils of a cell, tell the decisions on the first few, write all as cases where a file is named."""
    if cases is not None and cases.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{cases}: expected a name that ends in {' or '.join(SUFFIXES)}")
    found = cell(scenario, folder, table, where)
    behind = cases_behind(folder, found)
    day = f" on {found.on.isoformat()}" if found.on else ""
    click.echo(f"{found.pupils.height:,} pupils of {table} ({_said(where)}){day}, for officers only")
    for row in found.pupils.head(_MOST_LISTED).iter_rows(named=True):
        kept = f", keeps {row['kept']}" if row["kept"] else ""
        click.echo(
            f"  row {row['row']}, {row['reference']}: {row['before']} ({row['ground_before']}) -> "
            f"{row['after']} ({row['ground_after']}){kept}{_otherwise(row)}"
        )
    if found.pupils.height > _MOST_LISTED:
        click.echo(f"  and {found.pupils.height - _MOST_LISTED:,} more; --cases writes all of them")
    if found.years_ago:
        click.echo(f"The reasons are told as if {found.option.id} had come {found.years_ago} years earlier.")
    for old, new in reasons(scenario, behind.head(number), found):
        click.echo("\n" + comparison_text(old, new))
    if cases is not None:
        _write(behind, cases)


def _otherwise(row: Mapping[str, Any]) -> str:
    """What comes of a pupil with the reading of the cell read otherwise; nothing where a cell is of no reading."""
    if "change_otherwise" not in row or all(row[name] == row[f"{name}_otherwise"] for name in ("before", "after")):
        return ""
    return f"; read otherwise {row['before_otherwise']} -> {row['after_otherwise']}"


def _said(where: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in where.items()) or "every cell"


def _write(behind: object, cases: Path) -> None:
    import polars as pl

    if not isinstance(behind, pl.DataFrame):
        raise InputError("there are no pupils to write")
    rows = behind.drop("row")
    if cases.suffix.lower() == ".csv":
        as_text(rows).write_csv(cases)
    else:
        rows.write_parquet(cases)
    click.echo(f"edtravel: {rows.height} cases in {cases}; this file holds pupils and is not to be published", err=True)
