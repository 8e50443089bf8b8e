"""Reads every file an area is built from, each by its role, and keeps what is to be said of the reading."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely

from eligibility.geography import build_notes, gdal_files, osm_file, osm_places, shapes
from eligibility.geography.coordinates import Box
from eligibility.geography.features import Asked
from eligibility.geography.inputs import Inputs
from eligibility.geography.join_paths import USUAL_METRES, join_paths
from eligibility.geography.model import Point
from eligibility.geography.schools import Register, read_schools
from eligibility.geography.sources import (
    Place,
    Postcodes,
    read_addresses,
    read_gates,
    read_geocoded,
    read_postcodes,
)
from eligibility.geography.tables import Reject
from eligibility.geography.walked import Line

_PATHS = ("path", "steps")
MAP = "OpenStreetMap"


class Gathered:
    """The inputs read. `rejects` are the rows set aside, `notes` sentences for people, `licences` by role.

    `used` holds (role, path) of every file that something was taken from; `settings` what is part of the area's
    content, by which another reading of the same files would give another area.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.rejects: list[Reject] = []
        self.notes: list[str] = []
        self.licences: dict[str, str] = {}
        self.used = inputs.files()
        self.settings = {
            "walk_private": "yes" if inputs.walked.private else "no",
            "restricted": "yes" if inputs.walked.restricted else "no",
            "walk_steps": "yes" if inputs.walked.steps else "no",
            "schools_from": MAP if inputs.schools is None else "register",
            "postcodes_from": MAP if self._map is not None and inputs.postcodes is None else "postcode file",
        }
        for role, crs in sorted(inputs.systems.items()):
            self.settings[f"crs_{role}"] = crs

    @cached_property
    def _map(self) -> Path | None:
        """The OpenStreetMap file whose tags stand in for a register."""
        return next((path for path in self.inputs.of("roads") if osm_file.reads(path)), None)

    @cached_property
    def _tagged(self) -> osm_places.OsmPlaces:
        return osm_places.OsmPlaces() if self._map is None else osm_places.read_places(self._map)

    @cached_property
    def _box(self) -> Box | None:
        """The box around the polygons of `within`: what roads and paths are read in."""
        if self.inputs.within is None:
            return None
        parts = self.shapes("within", shapes.read_boundary)
        west, south, east, north = shapely.total_bounds(parts).tolist()
        self.settings["within"] = f"{west:.6f} {south:.6f} {east:.6f} {north:.6f}"
        return west, south, east, north

    def readers(self) -> str:
        """The programs that read the files, with their versions: recorded, and no part of the content."""
        paths = [path for _, path in self.inputs.files()]
        found = [gdal_files.versions()] if any(map(gdal_files.reads, paths)) else []
        return ", ".join(found + [osm_file.versions()] * (self._map is not None))

    def register(self) -> Register:
        """The schools, from the register or the map."""
        if self.inputs.schools is not None:
            return read_schools(self.inputs.schools, self.inputs.la_codes)
        tagged = self._tagged
        self._from_map("schools")
        self.notes.append(
            f"schools were taken from the map's tags ({len(tagged.schools)}, of which {tagged.numbered} without a URN "
            "have numbers of our own from 700000); ages that no tag says are not known, and each is taken to be "
            "mixed and not selective unless its tags say otherwise"
        )
        if tagged.doubles:
            self.notes.append(
                f"{len(tagged.doubles)} things tagged as a school are another one once more, its grounds or a house of "
                f"its own, and were passed over: {', '.join(tagged.doubles[:10])}"
            )
        return Register(kept=tagged.schools, rejects=list(tagged.rejects))

    def postcodes(self, register: Register) -> Postcodes:
        """The postcode centres, from the postcode file or the map."""
        if self.inputs.postcodes is not None:
            return read_postcodes(self.inputs.postcodes, register.kept, self.inputs.la_codes)
        tagged = self._tagged
        if self._map is None:
            return Postcodes([], [], None, 0)
        self._from_map("postcodes")
        self.notes.append(
            f"postcode centres were made from addresses on the map ({len(tagged.postcodes)} from {tagged.addresses})"
        )
        places = [Place(code, 0, 0, code, point=point) for code, point in tagged.postcodes.items()]
        return Postcodes(places, [], None, 0)

    def _from_map(self, role: str) -> None:
        if self._map is not None:
            self.used.append((role, self._map))
            self.licences[role] = osm_file.LICENCE

    def places(self) -> list[tuple[str, str, Point]]:
        """The named places of the map, as (name, kind, point)."""
        if self._tagged.places:
            self._from_map("places")
        return self._tagged.places

    def addresses(self) -> list[Place]:
        """The addresses by UPRN."""
        places: list[Place] = []
        for path in self.inputs.of("addresses"):
            places, rejects = read_addresses(path)
            self.rejects += rejects
        return places

    def geocoded(self, surveyed: Collection[str]) -> list[Place]:
        """The addresses that a geocoding service placed; where one is surveyed too, that counts."""
        if self.inputs.geocoded is None:
            return []
        places, rejects = read_geocoded(self.inputs.geocoded, surveyed)
        self.rejects += rejects
        return places

    def gates(self, urns: set[str]) -> list[Place]:
        """The gates that are available by URN, from a table or a drawing."""
        path = self.inputs.gates
        given = [] if path is None else self._gates(path, urns)
        found = [gate for gate in given if gate.available]
        if shut := sorted({gate.key for gate in given} - {gate.key for gate in found}):
            self.notes.append(build_notes.about_shut_gates(shut))
        return found

    def _gates(self, path: Path, urns: set[str]) -> list[Place]:
        if gdal_files.reads(path) or path.suffix.lower() in (".geojson", ".json"):
            found = self.shapes("gates", lambda each, asked: shapes.read_gates(each, urns, asked))
            return [Place(urn, 0, 0, point=point, available=available) for urn, point, available in found]
        places, rejects = read_gates(path, urns)
        self.rejects += rejects
        return places

    def lines(self) -> list[Line]:
        """Every road and path that somebody may use."""
        walked = self.inputs.walked
        roads, paths = (
            [line for line in self.shapes(role, functools.partial(read, walked=walked)) if _meets(line, self._box)]
            for role, read in (("roads", shapes.read_roads), ("paths", shapes.read_paths))
        )
        lines = self._with_paths(roads, paths)
        kept = [line for line in lines if line.walk or line.forward or line.back]
        if closed := sum(line.kind == "restricted" for line in lines) * (not walked.restricted):
            self.notes.append(f"{closed:,} restricted local access roads were left out; --restricted keeps them")
        with_paths = self.inputs.paths is not None or any(line.kind in _PATHS for line in kept)
        self.settings["paths"] = "yes" if with_paths else "no"
        return kept

    def _with_paths(self, roads: list[Line], paths: list[Line]) -> list[Line]:
        """Both together, the paths joined to the rest as far as this was asked for."""
        asked = self.inputs.join_paths
        if not any(line.walk and not line.levels for line in paths):
            return roads + paths
        joined, ends = join_paths(roads, paths, asked or USUAL_METRES)
        if asked or ends.near:
            self.notes.append(ends.says(asked or USUAL_METRES, joined=bool(asked)))
        if asked:
            self.settings["join_paths"] = str(asked)
        return joined if asked else roads + paths

    def shapes(self, role: str, read: Callable[[Path, Asked], shapes.Collection]) -> list[Any]:
        """The items of a role's files."""
        items: list[Any] = []
        for path in self.inputs.of(role):
            found = read(path, self.inputs.asked(role, self._box if role in ("roads", "paths") else None))
            items += found.items
            self.rejects += found.rejects
            self.notes += found.notes
            if found.licence:
                self.licences[role] = found.licence
            if found.passed_over:
                self.notes.append(
                    f"{found.passed_over:,} features of {path.name} are on neither network (closed to all, not yet "
                    "built, or no road) and were passed over"
                )
        return items


def _meets(line: Line, box: Box | None) -> bool:
    """Whether the box around a line meets a box."""
    if box is None:
        return True
    west, south, east, north = box
    lon, lat = [point[0] for point in line.points], [point[1] for point in line.points]
    return max(lon) >= west and min(lon) <= east and max(lat) >= south and min(lat) <= north
