"""What was asked of a table, checked, so that a slip of the pen is told and not answered with nobody.

A value that a table could have and has of no pupil is no slip: it is answered with no pupils.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from eligibility.errors import UsageError, nearest
from eligibility.in_force import InForce
from eligibility.modelling.changes import CHANGES, NONE, NOT_KNOWN, OUTCOMES
from eligibility.modelling.outcome_tables import ALL, COUNTED, LOCAL, NOTICE_MARKS, RESULTS, STATUTORY
from eligibility.reading_names import EXPECTATION

_KEYS = ("year", "rank")
"""Columns of numbers that name a row; all others of numbers are what is counted."""
_FEW = 8
_OF_ONE_PUPIL = ("row", "reference")


class AskedCell:
    """The columns and values by which a cell of a table was named.

    `where` is what is left of them once a table has taken what its rows are counted under; the rest are columns of the
    pupils. `books` are the versions compared.
    """

    def __init__(self, table: str, rows: pl.DataFrame, where: Mapping[str, str], books: Sequence[InForce]) -> None:
        """Raises UsageError for a value that no row of the table has and none could have."""
        self.table, self.rows, self.where = table, rows, dict(where)
        self._could_be = _could_be(books)
        self._keys = [name for name, kind in rows.schema.items() if kind == pl.String or name in _KEYS]
        if "value" in self.where and "dimension" not in self.where and "dimension" in self._keys:
            raise UsageError("a value is one of a dimension; name it too, such as --where dimension=phase")
        for name in (name for name in self.where if name in self._keys):
            self._check(name)

    def _check(self, name: str) -> None:
        value, rows, could_be = self.where[name], self.rows, self._could_be.get(name, ())
        if name == "value" and "dimension" in self.where:
            dimension = self.where["dimension"]
            rows, could_be = rows.filter(pl.col("dimension") == dimension), self._could_be.get(dimension, ())
        there = set(rows.get_column(name).cast(pl.String).fill_null(""))
        if value not in there and value not in could_be:
            of = f" of {self.where['dimension']}" if name == "value" else ""
            raise UsageError(f"no row{of} in {self.table} has {name}={value}{_hint(value, there)}")

    def take(self, name: str, otherwise: str = "") -> str:
        """The value of a column, or another where it is not named; it is then no longer asked of the pupils."""
        return self.where.pop(name, otherwise)

    def year(self) -> int:
        """The year of a run-off, by its number or its school year; that of the change where neither is named."""
        named = {name: self.where.pop(name) for name in ("year", "school_year") if name in self.where}
        if not named:
            return 0
        found = self.rows.filter(pl.col(name).cast(pl.String) == value for name, value in named.items())
        if not found.height:
            raise UsageError(f"no row of {self.table} has both that year and that school year; name one of them")
        return int(found.item(0, "year"))

    def one_row(self, example: str) -> dict[str, Any]:
        """The row that the columns named single out. Raises UsageError where they do not."""
        named = (pl.col(name).cast(pl.String) == self.where[name] for name in self._keys if name in self.where)
        found = self.rows.filter(*named)
        if found.height != 1:
            raise UsageError(f"{found.height} rows of {self.table} are named; name one, {example}")
        return found.row(0, named=True)

    def among(self, pupils: pl.DataFrame, *, every: pl.DataFrame | None = None) -> pl.DataFrame:
        """Those of some pupils for whom every column that is left has its value; `every` are all who are looked at."""
        dimension = self.where.pop("dimension", ALL) if "dimension" in self._keys else ALL
        if dimension != ALL and "value" in self.where:
            self.where[dimension] = self.where.pop("value")
        elif "dimension" in self._keys:
            self.where.pop("value", None)
        told = [name for name in pupils.columns if name not in COUNTED]
        columns = {name.removeprefix("by:"): name for name in sorted(told, key=lambda name: name.startswith("by:"))}
        for given, value in self.where.items():
            name = columns.get(given.removeprefix("by:"))
            if name is None:
                known = {*columns, *self._keys}
                raise UsageError(f"{self.table} has no column {given}{nearest(given, known)}")
            held = pl.col(name).cast(pl.String).fill_null("")
            if given not in self._keys and given != dimension:
                self._check_pupils(given, value, set((pupils if every is None else every).select(held).to_series()))
            pupils = pupils.filter(held == value)
        return pupils

    def _check_pupils(self, name: str, value: str, there: Collection[str]) -> None:
        if value in there or value in self._could_be.get(name, ()):
            return
        if name in _OF_ONE_PUPIL:
            raise UsageError(f"no pupil of the run has that {name}")
        raise UsageError(f"no pupil of the run has {name}={value}{_hint(value, there)}")


def _hint(value: str, there: Collection[str]) -> str:
    """The nearest of the values that there are; all of them where none is near and they are few."""
    few = sorted(filter(None, there))
    return nearest(value, few) or (f"; expected {', '.join(few)}" if 0 < len(few) <= _FEW else "")


def _could_be(books: Sequence[InForce]) -> dict[str, Collection[str]]:
    """By column: the values that a table can have, whether a pupil has them or not."""
    grounds = {ground.rule.id for book in books for ground in book.grounds}
    kept = {element for book in books for elements in book.expectations.values() for element in elements}
    carried_by = {*grounds, *kept, NONE, NOT_KNOWN, EXPECTATION}
    return {
        "change": CHANGES,
        **dict.fromkeys(("before", "after"), OUTCOMES),
        **dict.fromkeys(("ground_before", "ground_after"), carried_by),
        "kept": {"", *kept},
        "result": RESULTS,
        "notice": NOTICE_MARKS,
        "carried_by": (STATUTORY, LOCAL),
    }
