"""CSV, one row at a time, so that a row that cannot be read costs no more than itself.

A quotation mark that is opened and never closed would swallow every row after it. So whenever a row of
several lines turns out wrong, only its first line is set aside and reading goes on from the second.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from eligibility.errors import FIELD_NAMES_ALIKE, nearest
from eligibility.reading._cells import Unreadable, read_cell
from eligibility.reading._records import Columns, Kind, Problem, RawCase, Rejected, shown
from eligibility.reading._text import SAVE_AS_UTF8, printable

LINE_LIMIT = 1_000_000  # characters; a row has a few hundred
ROW_LINES = 20  # lines that quoted cells may stretch a row over
_SHOWN = 2_000  # characters kept of a row too long to be one


def read_csv(stream: IO[bytes], source: str, columns: Columns) -> Iterator[RawCase | Rejected]:
    """The cases of a table with dotted column names, read in bounded memory; empty rows are passed over."""
    try:
        table = CsvTable(stream, source, columns)
    except Problem as problem:
        yield Rejected(source, 0, problem.reason, "", problem.line or 1)
        return
    for row in table.rows():
        yield table.read(row) if isinstance(row, TableRow) else row


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as it stands: its cells, its number among the rows, the line it is on, and its text."""

    row: int
    line: int
    cells: list[str]
    raw: str


class CsvTable:
    """The rows of a CSV file as they stand, to be read one by one or whole columns at a time.

    Raises Problem where its first line does not name columns that can be there.
    """

    def __init__(self, stream: IO[bytes], source: str, columns: Columns) -> None:
        self._lines = _Lines(io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline=""))
        self._source = source
        self._header = _header(self._lines, columns)
        self.names = [column.name for column in self._header]

    def rows(self) -> Iterator[TableRow | RawCase | Rejected]:
        """The rows in order; one of several lines is read at once, because where the next begins hangs on it."""
        row = 0
        for record in self._lines.records():
            if not any(cell.strip() for cell in record.cells) and record.problem is None:
                continue
            row += 1
            if len(record.lines) == 1 and record.problem is None:
                yield TableRow(row, record.line, record.cells, record.lines[0].rstrip("\r\n"))
            else:
                yield self._read(record, row)
        if not row:
            yield Rejected(self._source, 0, "the file names its columns and has no row below them", "")

    def read(self, row: TableRow) -> RawCase | Rejected:
        """The case of a row, or why it cannot be read."""
        return self._read(_Record([row.raw], row.line, row.cells), row.row)

    def _read(self, record: _Record, row: int) -> RawCase | Rejected:
        try:
            data = _row(record, self._header)
        except Problem as problem:
            if len(record.lines) > 1:
                self._lines.give_back(record.lines[1:])
            raw = printable(record.lines[0].rstrip("\r\n"))
            return Rejected(self._source, row, problem.reason, raw[:LINE_LIMIT], record.line)
        return RawCase(data, self._source, row, "".join(record.lines).rstrip("\r\n"), record.line)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column; one without a kind is passed over."""

    name: str
    kind: Kind | None
    path: list[str]


@dataclass(frozen=True, slots=True)
class _Record:
    """The lines of one row, beginning at `line`, and its cells, or why they could not be told apart."""

    lines: list[str]
    line: int
    cells: list[str]
    problem: str | None = None


class _RowTooLong(Exception):
    """A line or a row is longer than any row of cases."""


class _Lines:
    """The lines of a file, each of bounded length, which can be given back and read again."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) == ROW_LINES:
            raise _RowTooLong
        line = self._waiting.popleft() if self._waiting else self._read()
        if not line:
            raise StopIteration
        self._taken.append(line)
        if len(line) > LINE_LIMIT:
            raise _RowTooLong
        return line

    def _read(self) -> str:
        line = rest = self._text.readline(LINE_LIMIT + 1)
        while len(rest) > LINE_LIMIT and not rest.endswith("\n"):
            rest = self._text.readline(LINE_LIMIT + 1)
        return line

    def give_back(self, lines: list[str]) -> None:
        """Let `lines`, the last ones taken, be read again."""
        self._waiting.extendleft(reversed(lines))
        self._line -= len(lines)

    def record(self) -> _Record | None:
        """The next row, None at the end."""
        self._taken = []
        problem = None
        cells: list[str] = []
        try:
            cells = next(csv.reader(self, strict=True))
        except StopIteration:
            if not self._taken:
                return None
        except _RowTooLong:
            problem = "the row is too long, or a quotation mark in it is not closed"
        except csv.Error as error:
            problem = "a quotation mark is not closed, or stands inside a cell"
            if "field larger" in str(error):
                problem = f"a cell is longer than {csv.field_size_limit():,} characters"
        line = self._line + 1
        self._line += len(self._taken)
        taken = self._taken
        if problem and len(taken[0]) > _SHOWN:
            taken[0] = taken[0][:_SHOWN]
        return _Record(taken, line, cells, problem)

    def records(self) -> Iterator[_Record]:
        """The rows to the end of the file."""
        while (record := self.record()) is not None:
            yield record


def _header(lines: _Lines, columns: Columns) -> list[_Column]:
    record = lines.record()
    while record is not None and not record.problem and not any(cell.strip() for cell in record.cells):
        record = lines.record()
    if record is None:
        raise Problem("the file is empty, and a first line that names the columns was expected")
    if record.problem:
        raise Problem(f"the column names cannot be read: {record.problem}", record.line)
    names = [cell.strip() for cell in record.cells]
    _check_names(names, columns, record.line)
    return [_Column(name, columns.kind(name), name.split(".")) for name in names]


def _check_names(names: list[str], columns: Columns, line: int) -> None:
    if not all(_clean(name) for name in names):
        raise Problem(f"a column name holds a byte that is not UTF-8; {SAVE_AS_UTF8}", line)
    unknown = [number for number, name in enumerate(names, 1) if not _is_known(name, columns)]
    if len(unknown) == len(names):
        # This may be a row of personal data, so nothing of it is repeated.
        for mark, word in ((";", "semicolons"), ("\t", "tabs")):
            if len(names) == 1 and any(part.strip() in columns.names for part in names[0].split(mark)):
                raise Problem(f"the columns are separated by {word}, and commas were expected", line)
        wanted = ", ".join(sorted(columns.required))
        raise Problem(f"the first line names no known column; it must name {wanted} and any others given", line)
    for number in unknown:
        name = names[number - 1]
        if not name:
            raise Problem(f"column {number} has no name", line)
        hint = nearest(name, columns.names, FIELD_NAMES_ALIKE) if shown(name).startswith("'") else ""
        raise Problem(f"column {number} has a name that is not known, {shown(name)}{hint}", line)
    for number, name in enumerate(names, 1):
        if name in names[: number - 1]:
            raise Problem(f"column {number} repeats the name '{name}'", line)
    if missing := [name for name in sorted(columns.required) if name not in names]:
        plural = "s" if len(missing) > 1 else ""
        raise Problem(f"the column{plural} {', '.join(missing)} must be there and cannot be found", line)


def _is_known(name: str, columns: Columns) -> bool:
    return columns.kind(name) is not None or columns.is_passed_over(name)


def _clean(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _row(record: _Record, header: list[_Column]) -> dict[str, Any]:
    if record.problem:
        raise Problem(record.problem)
    if len(record.cells) != len(header):
        raise Problem(f"the row has {len(record.cells)} cells and the header has {len(header)} columns")
    data: dict[str, Any] = {}
    for column, cell in zip(header, record.cells, strict=True):
        if column.kind is None or not cell or cell.isspace():
            continue
        if not _clean(cell):
            raise Problem(f"{column.name} holds a byte that is not UTF-8; {SAVE_AS_UTF8}")
        if "\0" in cell:
            raise Problem(f"{column.name} holds a NUL character, which is no part of a text")
        try:
            value = read_cell(column.kind, cell)
        except Unreadable as error:
            raise Problem(f"{column.name} cannot be read: {error}") from None
        _put(data, column, value)
    return data


def _put(data: dict[str, Any], column: _Column, value: Any) -> None:
    """Set the value at the column's place. Raises Problem where a section is none and yet has a part."""
    inside = data
    for depth, key in enumerate(column.path[:-1], 1):
        inside = inside.setdefault(key, {})
        if not isinstance(inside, dict):
            raise Problem(f"{'.'.join(column.path[:depth])} is none, yet {column.name} is given")
    last = column.path[-1]
    if column.kind == "section" and inside.get(last):
        raise Problem(f"{column.name} is none, yet a part of it is given")
    inside[last] = value
