"""Small areas to measure in, drawn in metres from a corner in Somerset: a network, schools and homes as input files."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eligibility.geography import Area, Built, Inputs, build
from eligibility.testing.drawn_pupils import Pick

EAST, NORTH = 350_000, 130_000
Spot = tuple[float, float]


def school(urn: int, spot: Spot, **more: Any) -> dict[str, Any]:
    """A row of the register: an open mixed primary school unless told otherwise."""
    return {
        "urn": urn,
        "establishment_name": f"School {urn}",
        "establishment_status": "Open",
        "education_phase": "Primary",
        "statutory_low_age": 4,
        "statutory_high_age": 11,
        "gender": "Mixed",
        "religious_character": "None",
        "admissions_policy": "Not applicable",
        "establishment_type_group": "Academies",
        "postcode": "TA1 1AA",
        "administrative_district": "Somewhere",
        "easting": int(EAST + spot[0]),
        "northing": int(NORTH + spot[1]),
        "la_code": "933",
        **more,
    }


def postcode(name: str, spot: Spot, district: str = "E1") -> dict[str, Any]:
    """A row of the postcode file."""
    east, north = int(EAST + spot[0]), int(NORTH + spot[1])
    return {"postcode": name, "easting": east, "northing": north, "admin_district": district, "admin_ward": "W1"}


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature in metres from the corner."""

    def moved(part: Any) -> Any:
        if isinstance(part[0], int | float):
            return [EAST + part[0], NORTH + part[1]]
        return [moved(each) for each in part]

    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": moved(coordinates)},
    }


def line(*spots: Spot, **properties: Any) -> dict[str, Any]:
    """A road or path through these places."""
    return feature("LineString", [list(spot) for spot in spots], **properties)


def square(low: Spot, high: Spot, **properties: Any) -> dict[str, Any]:
    """A rectangle between two corners."""
    (x, y), (u, v) = low, high
    return feature("Polygon", [[[x, y], [u, y], [u, v], [x, v], [x, y]]], **properties)


@dataclass
class Drawing:
    """A folder that input files are written to and built from."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)

    def table(self, role: str, rows: list[dict[str, Any]]) -> Path:
        """Writes a CSV for a role."""
        path = self.files[role] = self.folder / f"{role}.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def shapes(self, role: str, features: list[dict[str, Any]]) -> Path:
        """Writes a GeoJSON file on the British National Grid for a role."""
        path = self.files[role] = self.folder / f"{role}.geojson"
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
        path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
        return path

    def build(self, *, complete: bool = True, **more: Any) -> Built:
        """Builds `area.gpkg` from the files written; nothing lies beyond unless told otherwise."""
        given: dict[str, Any] = {**self.files, "complete": complete, **more}
        return build(Inputs(**given), self.folder / "area.gpkg")

    def open(self, **more: Any) -> Area:
        """Builds and opens the area."""
        self.build(**more)
        return Area.open(self.folder / "area.gpkg")


def drawing(folder: Path, roads: list[dict[str, Any]], school_at: Spot, home_at: Spot) -> Drawing:
    """One school, 100001, and one postcode, TA1 1AA, on a network of `roads`."""
    made = Drawing(folder)
    made.table("schools", [school(100_001, school_at)])
    made.table("postcodes", [postcode("TA1 1AA", home_at)])
    made.shapes("roads", roads)
    return made


@dataclass(frozen=True)
class Places:
    """Streets, schools and homes, as the rows and shapes of the files that an area is built from."""

    roads: Sequence[dict[str, Any]]
    schools: Sequence[dict[str, Any]]
    postcodes: Sequence[dict[str, Any]]

    def build(self, folder: Path) -> Area:
        """Write the files into a folder, and build and open the area."""
        made = Drawing(folder)
        made.table("schools", list(self.schools))
        made.table("postcodes", list(self.postcodes))
        made.shapes("roads", list(self.roads))
        return made.open()


_STREETS = 3
"""Streets each way."""


def drawn_places(pick: Pick) -> Places:
    """A grid of streets as `pick` draws it: perhaps a stretch missing, one-way, or for walkers alone."""
    apart = pick([200, 700, 1_700])
    stretches = [
        ((x * apart, y * apart), ((x + dx) * apart, (y + dy) * apart))
        for x in range(_STREETS)
        for y in range(_STREETS)
        for dx, dy in ((1, 0), (0, 1))
        if x + dx < _STREETS and y + dy < _STREETS
    ]
    gone = pick([None, None, *range(1, len(stretches))])
    roads = [
        line(
            start,
            end,
            name=f"Street {number}",
            directionality=pick(["bothDirections", "bothDirections", "inDirection"]),
        )
        for number, (start, end) in enumerate(stretches)
        if number != gone
    ]
    corners = [(x * apart, y * apart) for x in range(_STREETS) for y in range(_STREETS)]
    schools = [school(100_001 + number, pick(corners)) for number in range(pick([1, 2, 3]))]
    homes = [postcode(f"TA1 {number}AA", pick(corners)) for number in range(1, 1 + pick([1, 2, 3]))]
    return Places(roads, schools, homes)
