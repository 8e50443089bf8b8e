"""A population file in parts of bounded size, from CSV, Parquet and XLSX: whole columns, and any one row as text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from eligibility.case import NO_DAY
from eligibility.columns import ABOUT
from eligibility.errors import InputError, UsageError
from eligibility.modelling.population_columns import PopulationColumns, check_columns, refuse_personal
from eligibility.reading import CsvTable, Problem, RawCase, Rejected, TableRow

ROWS_AT_ONCE = 100_000
_NO_PUPILS = "the file holds no pupils; it has no row below the names of its columns"
_MIDNIGHT = "^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$"
"""A date of a spreadsheet, which has midnight behind it."""


@dataclass(frozen=True)
class Part:
    """Some rows of a file: `table` has their cells, `rows` their numbers counted from 1.

    `read` reads one of them, by its place, as a case by itself. `others` are rows that could only be read that way.
    """

    table: pl.DataFrame
    rows: list[int]
    read: Callable[[int], RawCase | Rejected]
    others: list[RawCase | Rejected] = field(default_factory=list)


def parts(source: Path) -> Iterator[Part]:
    """The parts of a file, in order.

    Raises UsageError where it cannot be opened or is of no known kind, InputError where its columns cannot be used.
    """
    readers = {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx}
    reader = readers.get(source.suffix.lower())
    if reader is None:
        raise UsageError(f"{source}: expected a population as .csv, .parquet or .xlsx")
    if not source.is_file():
        raise UsageError(f"{source}: there is no such file")
    try:
        yield from reader(source)
    except OSError as error:
        raise UsageError(
            f"{source}: the file cannot be read ({(error.strerror or 'the device failed').lower()})"
        ) from None


def _csv(source: Path) -> Iterator[Part]:
    with source.open("rb") as stream:
        first = stream.readline(1_000_000).decode("utf-8-sig", errors="replace")
        refuse_personal([name.strip() for name in next(csv.reader([first]), [])], str(source))
        stream.seek(0)
        try:
            table = CsvTable(stream, str(source), PopulationColumns())
        except Problem as problem:
            raise InputError(f"{source}, line {problem.line or 1}: {problem.reason}") from None
        held: list[TableRow] = []
        others: list[RawCase | Rejected] = []
        for row in table.rows():
            if not row.row:  # it is about the whole file
                raise InputError(f"{source}: {_NO_PUPILS}")
            if isinstance(row, TableRow) and len(row.cells) == len(table.names) and _is_plain(row.raw):
                held.append(row)
            else:
                others.append(table.read(row) if isinstance(row, TableRow) else row)
            if len(held) + len(others) == ROWS_AT_ONCE:
                yield _part_of_csv(table, held, others)
                held, others = [], []
        if held or others:
            yield _part_of_csv(table, held, others)


def _is_plain(text: str) -> bool:
    """Whether a line holds neither a byte that is not UTF-8 nor NUL, which no column can hold."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text))


def _part_of_csv(table: CsvTable, held: list[TableRow], others: list[RawCase | Rejected]) -> Part:
    columns = zip(*(row.cells for row in held), strict=True) if held else ([] for _ in table.names)
    cells = pl.DataFrame(
        dict(zip(table.names, map(list, columns), strict=True)), schema=dict.fromkeys(table.names, pl.String)
    )
    return Part(cells, [row.row for row in held], lambda place: table.read(held[place]), others)


def _parquet(source: Path) -> Iterator[Part]:
    from pyarrow import ArrowInvalid, parquet

    try:
        file = parquet.ParquetFile(source)
    except ArrowInvalid:
        raise InputError(f"{source}: this is no Parquet file, whatever its name says") from None
    with file:
        check_columns(file.schema_arrow.names, str(source))
        _refuse_what_is_no_cell(pl.from_arrow(file.schema_arrow.empty_table()), source)
        first = 1
        for batch in file.iter_batches(ROWS_AT_ONCE):
            table = pl.DataFrame(pl.from_arrow(batch))
            yield _part_of_table(table, range(first, first + table.height), source)
            first += table.height
    if first == 1:
        raise InputError(f"{source}: {_NO_PUPILS}")


def _refuse_what_is_no_cell(table: pl.DataFrame | pl.Series, source: Path) -> None:
    """Raises InputError for a column of lists, of records or of bytes."""
    for number, kind in enumerate(pl.DataFrame(table).dtypes, 1):
        if kind.is_nested() or kind in (pl.Binary, pl.Object):
            raise InputError(f"{source}: column {number} holds lists, records or bytes; expected one value a cell")


def _xlsx(source: Path) -> Iterator[Part]:
    try:
        import fastexcel
    except ImportError:
        raise UsageError(
            f"{source}: reading .xlsx needs fastexcel (pip install 'edtravel[xlsx]'), or save it as CSV"
        ) from None
    try:
        loaded = fastexcel.read_excel(source).load_sheet(0, dtypes="string")
        batch, errors = loaded.to_arrow_with_errors()
    except fastexcel.FastExcelError:
        raise InputError(f"{source}: this is no .xlsx file that can be read; save it as CSV and try again") from None
    sheet = (
        pl.DataFrame(pl.from_arrow(batch))
        .rename(str.strip)
        .with_columns(pl.all().str.strip_chars().str.replace(_MIDNIGHT, "$1"))
    )
    check_columns(sheet.columns, f"{source}, first sheet")
    blank = pl.all_horizontal(pl.exclude("_row").fill_null("") == "")
    numbered = sheet.with_row_index("_row", offset=1).filter(~blank)
    if not numbered.height:
        raise InputError(f"{source}: {_NO_PUPILS}")
    wrong = dict(sorted((error.offset_position for error in errors.errors), reverse=True)) if errors else {}
    others: list[RawCase | Rejected] = [
        Rejected(str(source), place + 1, f"{sheet.columns[column]} holds an error of the spreadsheet, and no value", "")
        for place, column in sorted(wrong.items())
    ]
    right = numbered.filter(~pl.col("_row").is_in([other.row for other in others]))
    for number, part in enumerate(right.iter_slices(ROWS_AT_ONCE) if right.height else [right]):
        found = _part_of_table(part.drop("_row"), part["_row"].to_list(), source)
        yield found if number else replace(found, others=others)


def _part_of_table(table: pl.DataFrame, rows: Any, source: Path) -> Part:
    table = table.with_columns(
        pl.selectors.by_dtype(pl.Categorical, pl.Enum).cast(pl.String),
        (pl.selectors.decimal() | pl.selectors.float()).cast(pl.Float64),
        (pl.selectors.temporal() & pl.selectors.starts_with(ABOUT) & ~pl.selectors.date()).cast(pl.String),
    )
    numbers = list(rows)

    def read(place: int) -> RawCase | Rejected:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([table.columns, map(_text, table.row(place))])
        header, raw = text.getvalue().split("\n", 1)
        found = CsvTable(io.BytesIO(f"{header}\n{raw}".encode()), str(source), PopulationColumns())
        item = next(iter(found.rows()))
        item = found.read(item) if isinstance(item, TableRow) else item
        if isinstance(item, Rejected):
            return Rejected(item.source, numbers[place], item.reason, raw.rstrip("\n"))
        return RawCase(item.data, item.source, numbers[place], raw.rstrip("\n"))

    return Part(table, numbers, read)


def _text(value: Any) -> str:
    """A cell as it would stand in a CSV file."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return "" if math.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
        case dt.date():
            return "none" if value == NO_DAY else value.isoformat()
        case _:
            return str(value)
