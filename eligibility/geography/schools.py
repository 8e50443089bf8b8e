"""Reads the register of schools: Get Information About Schools, as downloaded or tidied."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from eligibility.errors import EdtravelError, UsageError, nearest
from eligibility.geography.model import Point
from eligibility.geography.tables import Record, Reject, RowError, grid_pair, in_order, read_rows, whole

COLUMNS = {
    "urn": ("URN",),
    "establishment_name": ("EstablishmentName",),
    "establishment_status": ("EstablishmentStatus (name)",),
    "establishment_type": ("TypeOfEstablishment (name)",),
    "establishment_type_group": ("EstablishmentTypeGroup (name)",),
    "education_phase": ("PhaseOfEducation (name)",),
    "statutory_low_age": ("StatutoryLowAge",),
    "statutory_high_age": ("StatutoryHighAge",),
    "gender": ("Gender (name)",),
    "religious_character": ("ReligiousCharacter (name)",),
    "admissions_policy": ("AdmissionsPolicy (name)",),
    "close_date": ("CloseDate",),
    "postcode": ("Postcode",),
    "administrative_district": ("DistrictAdministrative (name)",),
    "easting": ("Easting",),
    "northing": ("Northing",),
    "la_code": ("LA (code)",),
}
OPTIONAL = (
    "establishment_status",
    "establishment_type",
    "establishment_type_group",
    "admissions_policy",
    "close_date",
    "postcode",
    "administrative_district",
)
# Entries of the register that are no school a child of compulsory age attends: their rows are
# passed over, not rejected.
_NOT_SCHOOLS = ("colleges", "universities", "online provider", "other types", "welsh schools")
_NO_RELIGION = ("does not apply", "none", "no religious character")


@dataclass(frozen=True)
class SchoolRow:
    """One school as the register gives it in `row`; easting and northing in metres.

    Where the map gives it instead, `point` says where it is, and ages that no tag says are None.
    """

    urn: str
    name: str
    phase: str
    low_age: int | None
    high_age: int | None
    gender: str
    religions: tuple[str, ...] | None
    independent: bool
    special: bool
    selective: bool
    la_code: str
    postcode: str
    district: str
    easting: float
    northing: float
    row: int
    point: Point | None = None


@dataclass
class Register:
    """The register read: `kept` schools, `others` of other authorities, `closed` (URN, name, day).

    `passed_over` counts entries that are no school for children of compulsory age.
    """

    kept: list[SchoolRow] = field(default_factory=list)
    others: list[SchoolRow] = field(default_factory=list)
    closed: list[tuple[str, str, str]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    passed_over: int = 0


def read_schools(path: Path, la_codes: Collection[str]) -> Register:
    """The register at `path`; with `la_codes`, those authorities' schools are kept, others apart.

    Raises EdtravelError where the file cannot be used or no school is left.
    """
    register = Register()
    seen: set[str] = set()
    authorities: set[str] = set()
    for number, record, cells in in_order(read_rows(path, COLUMNS, optional=OPTIONAL)):
        authorities.add(record["la_code"])
        ours = not la_codes or record["la_code"] in la_codes
        try:
            _take(number, record, register, seen, ours=ours)
        except RowError as problem:
            if ours:
                register.rejects.append(Reject(str(path), number, str(problem), ",".join(cells)))
    register.rejects.sort(key=lambda reject: reject.row)
    for code in la_codes:
        if code not in authorities:
            found = ", ".join(sorted(authorities)[:8])
            hint = nearest(code, authorities)
            raise UsageError(f"{path} has no school with la_code {code}; it has {found}{hint}")
    if not register.kept:
        why = f": row {register.rejects[0].row}: {register.rejects[0].reason}" if register.rejects else ""
        raise EdtravelError(f"{path} holds no open school that can be used{why}")
    return register


def _take(row: int, record: Record, register: Register, seen: set[str], *, ours: bool) -> None:
    urn = record["urn"]
    if not re.fullmatch(r"[0-9]{5,7}", urn):
        raise RowError("urn is not a number of 5 to 7 digits")
    if urn in seen:
        raise RowError(f"urn {urn} stands in another row too")
    seen.add(urn)
    status = record["establishment_status"].lower()
    if status == "closed":
        if ours:
            register.closed.append((urn, record["establishment_name"], _day(record["close_date"])))
        return
    group, kind = record["establishment_type_group"].lower(), record["establishment_type"].lower()
    if status.startswith("proposed") or group in _NOT_SCHOOLS or "children's centre" in kind:
        register.passed_over += ours
        return
    school = _school(row, record, group, kind)
    (register.kept if ours else register.others).append(school)


def _school(row: int, record: Record, group: str, kind: str) -> SchoolRow:
    low = whole(record, "statutory_low_age", 0, 25)
    high = whole(record, "statutory_high_age", low, 25)
    easting, northing = grid_pair(record)
    gender = record["gender"].lower() or "mixed"
    if gender not in ("mixed", "boys", "girls"):
        raise RowError(f"gender is {record['gender']}; expected Mixed, Boys or Girls")
    if not record["establishment_name"]:
        raise RowError("establishment_name is empty")
    # Pupil referral units and alternative provision take children by placement, as special
    # schools take them by a plan, so neither is a school a family can simply choose.
    placed = ("special", "pupil referral", "alternative provision")
    return SchoolRow(
        urn=record["urn"],
        name=record["establishment_name"],
        phase=record["education_phase"],
        low_age=low,
        high_age=high,
        gender=gender,
        religions=religions(record["religious_character"]),
        independent="independent" in group or "independent" in kind,
        special=any(word in group or word in kind for word in placed),
        selective=record["admissions_policy"].lower() == "selective",
        la_code=record["la_code"],
        postcode=record["postcode"],
        district=record["administrative_district"],
        easting=easting,
        northing=northing,
        row=row,
    )


def religions(text: str) -> tuple[str, ...] | None:
    """The religions or beliefs a register's cell names, as words like `roman_catholic`.

    Empty where the school has none; None where the register does not say.
    """
    if text.lower() in ("", "not reported", "not recorded"):
        return None
    if text.lower() in _NO_RELIGION:
        return ()
    return tuple(re.sub(r"[^a-z]+", "_", part.lower()).strip("_") for part in text.split("/"))


def _day(text: str) -> str:
    """An ISO day from the register's DD-MM-YYYY or ISO form; "" where there is none."""
    parts = text.split("-")
    return "-".join(reversed(parts)) if len(parts) == 3 and len(parts[2]) == 4 else text
