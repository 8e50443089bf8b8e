"""What comes out of a file: a case as keys and values, or a rejection with its reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Kind = Literal["boolean", "whole", "decimal", "date", "word", "text", "list", "places", "section", "incidents"]


class Columns(Protocol):
    """The columns a CSV file may have, by their dotted names (`home.postcode`)."""

    @property
    def names(self) -> Collection[str]:
        """Every column name, used to suggest the nearest one."""
        ...

    @property
    def required(self) -> Collection[str]:
        """The columns without which no row can be a case."""
        ...

    def is_passed_over(self, name: str) -> bool:
        """Whether a column is known to be no part of a case."""
        ...

    def kind(self, name: str) -> Kind | None:
        """How the cells of column `name` are read; None if there is no such column."""
        ...


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file (row 0) or a case (row from 1) that was set aside; the others go on.

    `reason` never repeats a value of the case; `raw` is the text that was set aside.
    `line` and `column` count from 1, 0 where there is none to name.
    """

    source: str
    row: int
    reason: str
    raw: str
    line: int = 0
    column: int = 0

    @property
    def place(self) -> str:
        """Where inside the file, such as "line 3, column 1"; empty if it is the whole file."""
        parts = [("line", self.line), ("column", self.column)]
        return ", ".join(f"{word} {number}" for word, number in parts if number)

    @property
    def sentence(self) -> str:
        """File, row, line, column and reason in one sentence."""
        row = f"row {self.row}" if self.row else ""
        where = ", ".join(part for part in (self.source, row, self.place) if part)
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class RawCase:
    """One case as it was written: nested keys and values, not yet checked against the vocabulary.

    Values are None, bool, int, Decimal, date, str, list and dict; never float. A key that is absent
    is not known, None is known to be none. JSON has no dates, so there a date is still a str.
    `row` counts the cases of the file from 1, `line` is where the case begins.
    """

    data: dict[str, Any]
    source: str
    row: int
    raw: str
    line: int = 0

    def rejected(self, reason: str) -> Rejected:
        """The same case set aside for `reason`, once a later step finds it cannot be used."""
        return Rejected(self.source, self.row, reason, self.raw, self.line)


class Problem(Exception):
    """Why some text could not be read, and where in it; for use inside this package."""

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


def shown(name: str) -> str:
    """A key or column name in quotes if it looks like one, otherwise words that give nothing away.

    A file without a header, or with its keys and values swapped, has personal data where names belong.
    """
    plain = name.isascii() and len(name) <= 60 and name.replace("_", "").replace(".", "").isalpha()
    return f"'{name}'" if plain else "which is not a field name"
