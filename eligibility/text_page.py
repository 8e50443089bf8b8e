"""A page of text for a terminal or a file: headings, paragraphs, lists and tables, wrapped."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

STYLES = {
    "entitled": "bold green",
    "refer": "bold yellow",
    "not_entitled": "bold red",
    "need_information": "bold cyan",
}
"""By outcome: how it is drawn on a terminal."""
_SHORTEST_LINE, _LONGEST_LINE = 20, 110
_TABLE_FITS = 70  # characters; below it a table would be all line breaks, and a list is printed


class Page:
    """Text for a terminal or a file, wrapped, coloured only on a terminal and without NO_COLOR."""

    def __init__(self) -> None:
        self._out = io.StringIO()
        width = min(max(shutil.get_terminal_size((100, 24)).columns, _SHORTEST_LINE), _LONGEST_LINE)
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        self._console = Console(
            file=self._out,
            width=width,
            force_terminal=colour,
            no_color=not colour,
            highlight=False,
            emoji=False,
            markup=False,
        )

    @property
    def width(self) -> int:
        """Characters of a line."""
        return self._console.width

    @property
    def is_narrow(self) -> bool:
        """Whether a table would not fit."""
        return self._console.width < _TABLE_FITS

    def title(self, text: str, outcome: str) -> None:
        """The first line, in the colour of an outcome."""
        self._console.print(Text(text, STYLES[outcome]))

    def heading(self, text: str) -> None:
        """A heading, after an empty line."""
        self._console.print()
        self._console.print(Text(text, "bold"))

    def line(self, text: str) -> None:
        """A paragraph."""
        self._console.print(text)

    def labelled(self, label: str, text: str, outcome: str) -> None:
        """A paragraph that begins with a label in the colour of an outcome."""
        self._console.print(Text.assemble((label, STYLES[outcome]), " ", text))

    def item(self, text: str) -> None:
        """A paragraph behind a dash."""
        grid = Table.grid(padding=(0, 1))
        grid.add_column()
        grid.add_column(overflow="fold")
        grid.add_row("-", text)
        self._console.print(grid)

    def section(self, heading: str, items: Iterable[str]) -> None:
        """A heading and its items, where there are any."""
        kept = list(items)
        if kept:
            self.heading(heading)
            for text in kept:
                self.item(text)

    def table(self, table: Table) -> None:
        """A table."""
        self._console.print(table)

    def text(self) -> str:
        """All of it."""
        return "\n".join(line.rstrip() for line in self._out.getvalue().rstrip("\n").split("\n"))
