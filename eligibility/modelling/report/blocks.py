"""What a report is made of: sections of sentences, drawings and tables; the page and the workbook show the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from eligibility.geography.drawing import Sheet

Cell = str | int
"""A word or a whole number; a withheld number is the word `withheld.MARK`."""


@dataclass(frozen=True)
class Table:
    """A table: its name in a workbook, its caption, the heads of its columns, its rows, the first column words."""

    name: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it: sentences, drawings, tables, a list."""

    anchor: str
    title: str
    sentences: tuple[str, ...] = ()
    drawings: tuple[Sheet, ...] = ()
    tables: tuple[Table, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole report: `about` is what it looks at, `headline` one sentence, `made_from` stands at its foot."""

    title: str
    headline: str
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    made_from: str
    warning: str = ""
    """What must be said before all else, such as that it may not be published."""
    told: tuple[tuple[str, str], ...] = field(default=())
    """Pupils with their reasons: a heading and the decisions in words. Of the officers' companion alone."""

    def tables(self) -> Iterator[Table]:
        """Every table, in order."""
        for section in self.sections:
            yield from section.tables
