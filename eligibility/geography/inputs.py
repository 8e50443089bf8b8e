"""What an area is built from, and what comes of the building."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eligibility.errors import UsageError
from eligibility.geography.tables import Reject

ROLES = (
    "schools",
    "postcodes",
    "roads",
    "paths",
    "addresses",
    "gates",
    "transport_areas",
    "catchments",
    "unsafe",
    "terminated_postcodes",
    "boundary",
)


@dataclass(frozen=True)
class Inputs:
    """The files an area is built from, each by its role.

    `la_codes` keeps the schools of these authorities and the postcodes of their districts.
    `complete` says that nothing lies beyond the network, as on an island. `licences` states the
    licence of a role's file where the file does not.
    """

    schools: Path
    postcodes: Path
    roads: Path
    paths: Path | None = None
    addresses: Path | None = None
    gates: Path | None = None
    transport_areas: Path | None = None
    catchments: Path | None = None
    unsafe: Path | None = None
    terminated_postcodes: Path | None = None
    boundary: Path | None = None
    la_codes: tuple[str, ...] = ()
    complete: bool = False
    name: str = ""
    licences: Mapping[str, str] = field(default_factory=dict)

    def files(self) -> list[tuple[str, Path]]:
        """(role, path) of every file given."""
        given = [(role, getattr(self, role)) for role in ROLES]
        return [(role, path) for role, path in given if path is not None]


@dataclass(frozen=True)
class Built:
    """What was built: the content hash, how many rows each layer got, what was set aside, notes."""

    content_hash: str
    counts: dict[str, int]
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]


def check_files(inputs: Inputs, out: Path) -> None:
    """Raises UsageError at once, before minutes of work, for what is not there or may not be written."""
    for role, path in inputs.files():
        option = f"--{role.replace('_', '-')}"
        if path.is_dir():
            raise UsageError(f"{option}: {path} is a folder, and a file was expected")
        if not path.is_file():
            raise UsageError(f"{option}: there is no file {path}")
    if out.is_dir():
        raise UsageError(f"cannot write {out}: it is a folder, and a file was expected")
    if not out.parent.is_dir():
        raise UsageError(f"cannot write {out}: there is no folder {out.parent}")
    if not os.access(out.parent, os.W_OK):
        raise UsageError(f"cannot write {out}: the folder may not be written to")
