"""Writes the rows that a command set aside, each with its reason."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from eligibility.errors import EdtravelError


def write_set_aside(path: Path, rejects: Sequence[Any]) -> None:
    """Write rows set aside as CSV: file, row, reason and the row as it stands."""
    write_table(
        path, ["file", "row", "reason", "text"], [(each.file, each.row, each.reason, each.text) for each in rejects]
    )


def say_set_aside(count: int, beside: Path) -> None:
    """Tell on stderr how many rows were set aside, and where they lie."""
    rows = "1 row was" if count == 1 else f"{count:,} rows were"
    click.echo(f"{rows} set aside; see {beside}", err=True)


def write_table(path: Path, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write a CSV file. Raises EdtravelError where it cannot be written."""
    try:
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(headings)
            writer.writerows(rows)
    except OSError as problem:
        raise EdtravelError(f"cannot write {path}: {problem.strerror or problem}") from None
