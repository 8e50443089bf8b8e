"""What an area is built from, and what comes of the building."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eligibility.errors import UsageError
from eligibility.geography import osm_file
from eligibility.geography.coordinates import Box
from eligibility.geography.features import Asked
from eligibility.geography.tables import Reject
from eligibility.geography.walked import Walked

ROLES = (
    "schools",
    "postcodes",
    "roads",
    "paths",
    "addresses",
    "geocoded",
    "gates",
    "transport_areas",
    "catchments",
    "unsafe",
    "terminated_postcodes",
    "boundary",
    "districts",
    "wards",
    "within",
)


@dataclass(frozen=True)
class Inputs:
    """The files an area is built from, each by its role; `roads` and `paths` may be several of one kind.

    Where the roads are OpenStreetMap's, schools and postcodes not given are taken from its tags. `la_codes`
    keeps the schools of these authorities and the postcodes of their districts. `complete` says that nothing
    lies beyond the network, as on an island. Of roads and paths larger than the area only what comes near the
    polygons of `within` is read. By role, `licences` states the licence of a file that does not
    state it, `layers` which layer to read and `systems` the coordinate system of a file that declares none.
    `join_paths`, in whole metres, leads loose ends of `paths` on to what they come that near; 0 joins nothing.
    """

    schools: Path | None = None
    postcodes: Path | None = None
    roads: Path | tuple[Path, ...] = ()
    paths: Path | tuple[Path, ...] | None = None
    addresses: Path | None = None
    geocoded: Path | None = None
    gates: Path | None = None
    transport_areas: Path | None = None
    catchments: Path | None = None
    unsafe: Path | None = None
    terminated_postcodes: Path | None = None
    boundary: Path | None = None
    districts: Path | None = None
    wards: Path | None = None
    within: Path | None = None
    la_codes: tuple[str, ...] = ()
    complete: bool = False
    name: str = ""
    licences: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)
    systems: Mapping[str, str] = field(default_factory=dict)
    walked: Walked = field(default_factory=Walked)
    join_paths: int = 0

    def of(self, role: str) -> list[Path]:
        """The files of a role, in the order of their names."""
        given = getattr(self, role)
        return [given] if isinstance(given, Path) else sorted(given or ())

    def files(self) -> list[tuple[str, Path]]:
        """(role, path) of every file given."""
        return [(role, path) for role in ROLES for path in self.of(role)]

    def asked(self, role: str, box: Box | None = None) -> Asked:
        """What was said of how to read a role's files, and the part of them to read, in degrees."""
        return Asked(role, self.layers.get(role), self.systems.get(role), box)


@dataclass(frozen=True)
class Built:
    """What was built: the content hash, how many rows each layer got, what was set aside, notes."""

    content_hash: str
    counts: dict[str, int]
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]


def check_files(inputs: Inputs, out: Path) -> None:
    """Raises UsageError at once, before minutes of work, for what is not there or may not be written."""
    if not inputs.of("roads"):
        raise UsageError("--roads: give the roads of the area")
    if inputs.join_paths and not inputs.of("paths"):
        raise UsageError("--join-paths joins the paths of --paths, and no such file is given")
    table = not any(osm_file.reads(path) for path in inputs.of("roads"))
    if inputs.schools is None and table:
        raise UsageError("--schools: give the register; only from OpenStreetMap's roads can schools be taken as well")
    if inputs.postcodes is None and inputs.addresses is None and table:
        raise UsageError("--postcodes: give the postcodes, or --addresses")
    if inputs.schools is None and inputs.la_codes:
        raise UsageError("--la: an authority's schools are told apart by the register; give it with --schools")
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
