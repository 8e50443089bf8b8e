"""Reads CSV tables (plain, .gz or .zip): columns by any of their known names, bad bytes named."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO

from eligibility.errors import EdtravelError, UsageError, nearest
from eligibility.geography.ground import GRID_LIMITS, on_grid

LARGEST_TABLE = 2_000_000_000
"""Bytes, unpacked: every postcode of Great Britain takes a tenth of it. A packed file may claim to be small."""
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


@dataclass(frozen=True)
class Reject:
    """A row set aside: the file, its row (the header is row 1; features count from 1), why."""

    file: str
    row: int
    reason: str
    text: str


class RowError(Exception):
    """One row cannot be used; its message becomes the reason of a `Reject`."""


Record = dict[str, str]
Numbered = tuple[int, Record, list[str]]


def read_rows(
    path: Path,
    columns: Mapping[str, Sequence[str]],
    *,
    optional: Sequence[str] = (),
    headless: Sequence[str] = (),
) -> Iterator[Numbered]:
    """Rows as (row number, {our column name: cell}, the row as it stands).

    `columns` gives the accepted headings of each column, compared without case, spaces or
    punctuation; those in `optional` may be missing (their cells are then ""). `headless` names the
    columns of a file that starts with a postcode instead of headings. Raises EdtravelError.
    """
    for text in _texts(path):
        yield from _rows(path, text, columns, optional, headless)


def in_order(rows: Iterable[Numbered]) -> list[Numbered]:
    """Rows by what stands in them, so that of two for one thing the same is kept whatever the order of the file."""
    return sorted(rows, key=lambda row: row[2])


def _rows(
    path: Path,
    text: str,
    columns: Mapping[str, Sequence[str]],
    optional: Sequence[str],
    headless: Sequence[str],
) -> Iterator[Numbered]:
    reader = csv.reader(io.StringIO(text, newline=""))
    number = 0
    places: dict[str, int] | None = None
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cells):
                continue
            if places is None:
                if headless and is_postcode(cells[0]):
                    places = {name: place for place, name in enumerate(headless) if name}
                else:
                    places = _places(path, cells, columns, optional)
                    continue
            yield number, _record(cells, places, columns), cells
    except csv.Error as problem:
        raise EdtravelError(f"{path}, row {number + 1}: not a readable CSV row ({problem})") from None
    if places is None:
        raise EdtravelError(f"{path} is empty; expected a CSV file with a row of headings")


def _record(cells: list[str], places: Mapping[str, int], columns: Mapping[str, object]) -> Record:
    record = dict.fromkeys(columns, "")
    for name, place in places.items():
        if place < len(cells):
            record[name] = cells[place].strip()
    return record


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def _places(
    path: Path,
    headings: list[str],
    columns: Mapping[str, Sequence[str]],
    optional: Sequence[str],
) -> dict[str, int]:
    plain = [_plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for name, accepted in columns.items():
        for heading in (name, *accepted):
            if _plain(heading) in plain:
                found[name] = plain.index(_plain(heading))
                break
        else:
            if name not in optional:
                words = " or ".join({_plain(word): word for word in (*accepted, name)}.values())
                hint = nearest(name, [heading for heading in headings if heading])
                raise EdtravelError(f"{path}, row 1: no column {name}; expected {words}{hint}")
    return found


def _texts(path: Path) -> Iterator[str]:
    try:
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                names = sorted(name for name in archive.namelist() if name.lower().endswith(".csv"))
                # Code-Point Open keeps its data apart from a CSV that describes the columns.
                data = [name for name in names if "/csv/" in f"/{name.lower()}"] or names
                if not data:
                    raise EdtravelError(f"{path} holds no CSV file")
                left = LARGEST_TABLE
                for name in data:
                    with archive.open(name) as packed:
                        text = _bounded(packed, path, left)
                    left -= len(text)
                    yield _decoded(f"{path} ({name})", text)
        elif path.suffix.lower() == ".gz":
            with gzip.open(path) as unpacked:
                yield _decoded(str(path), _bounded(unpacked, path, LARGEST_TABLE))
        else:
            with path.open("rb") as plain:
                yield _decoded(str(path), _bounded(plain, path, LARGEST_TABLE))
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise EdtravelError(f"cannot read {path}: it is damaged ({problem})") from None
    except (NotImplementedError, RuntimeError):
        raise EdtravelError(f"cannot read {path}: it is packed with a password or in a way that is not known") from None
    except OSError as problem:
        raise UsageError(f"cannot read {path}: {problem.strerror or problem}") from None


def _bounded(stream: IO[bytes] | gzip.GzipFile, path: Path, most: int) -> bytes:
    parts = []
    while part := stream.read(1 << 24):
        parts.append(part)
        most -= len(part)
        if most < 0:
            raise EdtravelError(f"{path} unpacks to more than {LARGEST_TABLE // 10**9} GB; expected one table")
    return b"".join(parts)


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # The government publishes its register of schools in Windows-1252.
        if b"EstablishmentName" in data[:4096]:
            return data.decode("cp1252", errors="replace")
        row = data.count(b"\n", 0, problem.start) + 1
        byte = problem.start - (data.rfind(b"\n", 0, problem.start) + 1) + 1
        raise EdtravelError(
            f"{name}, row {row}, byte {byte}: 0x{data[problem.start]:02x} is not UTF-8; "
            "expected the file saved as UTF-8"
        ) from None


def tidy_postcode(text: str) -> str:
    """A postcode without spaces, in capitals: the form areas are keyed by."""
    return re.sub(r"\s", "", text).upper()


def is_postcode(text: str) -> bool:
    """Whether `text` has the form of a full UK postcode."""
    return _POSTCODE.fullmatch(tidy_postcode(text)) is not None


def whole(record: Record, name: str, low: int, high: int) -> int:
    """The whole number in a column. Raises RowError outside `low` to `high`."""
    text = record[name]
    if not re.fullmatch(r"-?[0-9]{1,12}", text) or not low <= int(text) <= high:
        raise RowError(f"{name} is {text or 'empty'}; expected a whole number {low} to {high}")
    return int(text)


def grid_pair(record: Record) -> tuple[float, float]:
    """Easting and northing in metres (decimals allowed). Raises RowError off the grid."""
    try:
        easting, northing = Decimal(record["easting"]), Decimal(record["northing"])
    except InvalidOperation:
        raise RowError("easting or northing is not a number; expected metres") from None
    if not (easting.is_finite() and northing.is_finite() and on_grid(easting, northing)):
        raise RowError(
            f"easting {easting}, northing {northing} is not on the British National Grid; "
            f"expected up to {GRID_LIMITS[0]} and {GRID_LIMITS[1]}"
        )
    return float(easting), float(northing)
