"""A population counted in parts: each part's tables are kept as soon as they are there, so that a killed run resumes.

Every table is a sum of whole numbers over pupils. So what comes out does not hang on where the parts are cut, in which
order they are counted, or whether some were counted by an earlier run.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from eligibility.modelling.outcome_tables import COUNTED
from eligibility.modelling.readings import WORTH

Tables = Mapping[str, pl.DataFrame]
ROWS_IN_A_PART = 100_000
_SUMMED = frozenset((*COUNTED, *WORTH, "pence"))
"""The columns of counted tables that are summed; all others are what they are counted by."""


def cuts(last_row: int, rows_in_a_part: int = ROWS_IN_A_PART) -> list[tuple[int, int]]:
    """The parts of a population: first and last row of each, both counted in."""
    return [(first, min(first + rows_in_a_part - 1, last_row)) for first in range(1, last_row + 1, rows_in_a_part)]


def add_up(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """The tables of several parts as one: their columns of counts summed, its rows in one order."""
    whole = pl.concat([table for table in tables if table.width], how="diagonal")
    keys = [name for name in whole.columns if name not in _SUMMED]
    sums = [name for name in whole.columns if name in _SUMMED]
    return whole.group_by(keys).agg(pl.col(sums).sum()).select(whole.columns).sort(keys)


class KeptParts:
    """The parts counted so far, in a folder of their own: one folder a part, in place only once it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def tables(self, part: tuple[int, int], count: Callable[[], Tables]) -> dict[str, pl.DataFrame]:
        """The tables of a part: those kept, otherwise what `count` gives, which is then kept."""
        folder = self._folder / f"rows-{part[0]:09d}-{part[1]:09d}"
        if not folder.is_dir():
            self._keep(folder, count())
        return {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}

    @staticmethod
    def _keep(folder: Path, tables: Tables) -> None:
        unfinished = folder.with_name(folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        for name, table in tables.items():
            if table.width:
                table.write_parquet(unfinished / f"{name}.parquet")
        unfinished.rename(folder)
