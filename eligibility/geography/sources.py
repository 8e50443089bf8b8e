"""Reads postcodes, addresses, gates and terminated postcodes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from eligibility.errors import EdtravelError
from eligibility.geography.model import Point
from eligibility.geography.schools import SchoolRow
from eligibility.geography.tables import (
    Record,
    Reject,
    RowError,
    grid_pair,
    in_order,
    is_postcode,
    read_rows,
    tidy_postcode,
)

_POSTCODES = {
    "postcode": ("Postcode", "pcds", "pcd"),
    "easting": ("Eastings",),
    "northing": ("Northings",),
    "ladcd": (),
    "admin_district": ("Admin_district_code",),
    "admin_ward": ("Admin_ward_code",),
}
_DISTRICTS = ("ladcd", "admin_district", "admin_ward")
_CODE_POINT = (
    "postcode", "", "easting", "northing", "", "", "", "", "admin_district", "admin_ward",
)  # fmt: skip
_TERMINATED = {
    "postcode": ("pcds", "pcd"),
    "doterm": ("terminated_on", "date_of_termination"),
    "ladcd": ("oslaua", "admin_district"),
}
_ADDRESSES = {
    "uprn": ("UPRN",),
    "easting": ("X_COORDINATE",),
    "northing": ("Y_COORDINATE",),
    "postcode": ("POSTCODE_LOCATOR",),
}
_PLACED = {**_ADDRESSES, "placed_by": (), "placed_on": (), "accuracy": ()}
_GATES = {"urn": ("URN",), "easting": (), "northing": (), "available": ()}

Item = TypeVar("Item")


@dataclass(frozen=True)
class Place:
    """A postcode, an address (UPRN) or a gate (URN) at a grid point, in metres; `row` of its file.

    Where a file gives degrees instead, `point` is where it is. `placed` says how a geocoding service placed it,
    `available` whether a gate may be used.
    """

    key: str
    easting: float
    northing: float
    postcode: str = ""
    district: str = ""
    ward: str = ""
    row: int = 0
    point: Point | None = None
    placed: str = ""
    available: bool = True


def _collect(
    rows: Iterable[tuple[int, Record, list[str]]],
    path: Path,
    take: Callable[[int, Record], Item | None],
) -> tuple[list[Item], list[Reject]]:
    items: list[Item] = []
    rejects: list[Reject] = []
    for number, record, cells in in_order(rows):
        try:
            item = take(number, record)
        except RowError as problem:
            rejects.append(Reject(str(path), number, str(problem), ",".join(cells)))
        else:
            if item is not None:
                items.append(item)
    return items, sorted(rejects, key=lambda reject: reject.row)


@dataclass(frozen=True)
class Postcodes:
    """Postcode centres read: those kept, bad rows, and the district codes they belong to.

    `districts` is None where all postcodes were kept. `newer` counts postcodes left out because
    the file's lookup (`ladcd`) is older than they are and gives them no district.
    """

    places: list[Place]
    rejects: list[Reject]
    districts: set[str] | None
    newer: int


def read_postcodes(path: Path, schools: Collection[SchoolRow], la_codes: Collection[str]) -> Postcodes:
    """Postcode centres; with `la_codes`, those in the districts of the authorities' `schools`.

    Reads Code-Point Open (csv, csv.gz or the zip, with or without headings), or any CSV with
    postcode, easting, northing and a district in `ladcd` or `admin_district`. Raises EdtravelError.
    """
    rows = list(read_rows(path, _POSTCODES, optional=_DISTRICTS, headless=_CODE_POINT))
    # A file with both columns dates them differently; `ladcd` is the lookup it was matched to.
    column = next((name for name in _DISTRICTS[:2] if any(row[1][name] for row in rows)), "")
    districts = _districts(path, rows, column, schools, la_codes) if la_codes else None
    newer = 0
    seen: set[str] = set()

    def take(row: int, record: Record) -> Place | None:
        nonlocal newer
        district = record[column] if column else ""
        if districts is not None and district not in districts:
            newer += not district and record["admin_district"] in districts
            return None
        if not is_postcode(record["postcode"]):
            raise RowError("postcode does not have the form of a full postcode")
        postcode = tidy_postcode(record["postcode"])
        if postcode in seen:
            raise RowError("the postcode stands in another row too")
        easting, northing = grid_pair(record)
        seen.add(postcode)
        return Place(postcode, easting, northing, postcode, district, record["admin_ward"], row)

    places, rejects = _collect(rows, path, take)
    if not places:
        why = f"; row {rejects[0].row}: {rejects[0].reason}" if rejects else ""
        raise EdtravelError(f"{path} holds no postcode of this area that can be used{why}")
    return Postcodes(places, rejects, districts, newer)


def _districts(
    path: Path,
    rows: list[tuple[int, Record, list[str]]],
    column: str,
    schools: Collection[SchoolRow],
    la_codes: Collection[str],
) -> set[str]:
    """The district codes that the schools' authorities consist of.

    The register names districts and the postcode file codes them, so for each name the code is
    the one most of its schools' postcodes carry.
    """
    if not column:
        raise EdtravelError(f"{path}, row 1: no column admin_district; --la needs one, or ladcd")
    names = {tidy_postcode(school.postcode): school.district for school in schools}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for _, record, _ in rows:
        name = names.get(tidy_postcode(record["postcode"]))
        if name is not None and record[column]:
            votes[name][record[column]] += 1
    if not votes:
        raise EdtravelError(
            f"{path}: no district could be found for --la {' '.join(sorted(la_codes))}; expected "
            "the postcodes of its schools, each with a district code"
        )
    # Sorted, so that a tie falls the same way every time.
    return {max(sorted(codes.items()), key=lambda pair: pair[1])[0] for codes in votes.values()}


def read_terminated(
    path: Path, districts: Collection[str] | None, live: Collection[str]
) -> tuple[list[tuple[str, str]], list[Reject]]:
    """Postcodes no longer in use with the month (YYYY-MM) or day they ended.

    Rows without an end are live and passed over, as is any postcode in `live` (reused since).
    """

    def take(_: int, record: Record) -> tuple[str, str] | None:
        ended = re.fullmatch(r"([0-9]{4})-?([0-9]{2})(?:-?([0-9]{2}))?", record["doterm"])
        postcode = tidy_postcode(record["postcode"])
        elsewhere = districts is not None and bool(record["ladcd"]) and record["ladcd"] not in districts
        if not record["doterm"] or elsewhere or postcode in live:
            return None
        if not is_postcode(postcode):
            raise RowError("postcode does not have the form of a full postcode")
        if ended is None:
            raise RowError(f"doterm is {record['doterm']}; expected a month such as 201106")
        return postcode, "-".join(part for part in ended.groups() if part)

    items, rejects = _collect(read_rows(path, _TERMINATED, optional=("ladcd",)), path, take)
    return sorted(dict(items).items()), rejects


def read_addresses(path: Path) -> tuple[list[Place], list[Reject]]:
    """Addresses by UPRN (the columns of AddressBase, or uprn, easting, northing, postcode)."""
    seen: set[str] = set()
    return _collect(
        read_rows(path, _ADDRESSES, optional=("postcode",)), path, lambda row, record: _address(row, record, seen)
    )


def read_geocoded(path: Path, surveyed: Collection[str]) -> tuple[list[Place], list[Reject]]:
    """Addresses as `area geocode` writes them: each says which service placed it, when and how exactly.

    Those in `surveyed`, of which a better place is known, are passed over.
    """
    seen: set[str] = set()

    def take(row: int, record: Record) -> Place | None:
        placed = [record[name] for name in ("placed_by", "placed_on", "accuracy")]
        if not all(placed):
            raise RowError("placed_by, placed_on or accuracy is empty; expected a row as `area geocode` writes it")
        found = _address(row, record, seen)
        by, on, accuracy = placed
        return None if found.key in surveyed else replace(found, placed=f"{by}, on {on}, to the {accuracy}")

    return _collect(read_rows(path, _PLACED, optional=("postcode",)), path, take)


def _address(row: int, record: Record, seen: set[str]) -> Place:
    uprn = record["uprn"].lstrip("0")
    if not re.fullmatch(r"[0-9]{1,12}", uprn):
        raise RowError("uprn is not a number of up to 12 digits")
    if uprn in seen:
        raise RowError("the uprn stands in another row too")
    easting, northing = grid_pair(record)
    seen.add(uprn)
    return Place(uprn, easting, northing, tidy_postcode(record["postcode"]), row=row)


def read_gates(path: Path, urns: Collection[str]) -> tuple[list[Place], list[Reject]]:
    """School gates (urn, easting, northing); a row whose `available` is no is not an entrance, and has no place."""

    def take(row: int, record: Record) -> Place | None:
        if record["available"].lower() not in ("", "yes", "no", "true", "false"):
            raise RowError(f"available is {record['available']}; expected yes or no")
        if record["urn"] not in urns:
            raise RowError(f"urn {record['urn'] or 'empty'} is no school of this area")
        if record["available"].lower() in ("no", "false"):
            return Place(record["urn"], 0, 0, row=row, available=False)
        easting, northing = grid_pair(record)
        return Place(record["urn"], easting, northing, row=row)

    return _collect(read_rows(path, _GATES, optional=("available",)), path, take)
