"""Builds an area file from what a council has: register, postcodes, roads and the rest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import shapely

from eligibility.errors import EdtravelError, UsageError
from eligibility.geography import arrays, build_notes, coverage, shapes, unsafe
from eligibility.geography.chains import chain
from eligibility.geography.gather import Gathered
from eligibility.geography.geopackage import write
from eligibility.geography.ground import TRANSFORMATION, points_from_grid
from eligibility.geography.inputs import Built, Inputs, check_files
from eligibility.geography.join import join
from eligibility.geography.layers import FORMAT, NOT_STATED, Cell, Row, content_hash
from eligibility.geography.model import Mode, Point
from eligibility.geography.network import Network
from eligibility.geography.schools import Register, SchoolRow
from eligibility.geography.sources import Place, read_terminated
from eligibility.geography.tables import Reject

_OUTSIDE_SHIFT = "the grid point lies outside the OSTN15 transformation"


def build(inputs: Inputs, out: Path, progress: Callable[[str], None] = lambda _: None) -> Built:
    """Builds the area and writes it to `out`. Rows that cannot be used are set aside and returned.

    `progress` is told each step. Raises UsageError where a file is not there or the inputs do not go
    together, EdtravelError where what a file holds stops the building; nothing is written then.
    """
    if inputs.complete and inputs.boundary is not None:
        raise UsageError("--complete says that nothing lies beyond the network; leave out --boundary")
    check_files(inputs, out)
    work = _Work(inputs, progress)
    rows = work.rows()
    counts = {name: len(found) for name, found in rows.items()}
    digest = content_hash(rows)
    # These are left out of the hash: see area.UNHASHED.
    extra: list[Row] = [("content_hash", digest), ("name", inputs.name or out.stem), ("readers", work.read.readers())]
    rows["setting"] = sorted([*rows["setting"], *extra], key=_sort_key)
    progress("writing the area")
    write(out, rows)
    return Built(digest, counts, tuple(work.rejects), tuple(work.notes))


class _Work:
    """One build: reads each file in turn into rows of the area's layers."""

    def __init__(self, inputs: Inputs, progress: Callable[[str], None]) -> None:
        self.inputs = inputs
        self.progress = progress
        self.read = Gathered(inputs)
        self.rejects, self.notes = self.read.rejects, self.read.notes
        self.result: dict[str, list[Row]] = {}
        self.settings: dict[str, str] = {
            "format": FORMAT,
            "transformation": TRANSFORMATION,
            "la_codes": " ".join(sorted(set(inputs.la_codes))),
            "complete": "yes" if inputs.complete else "no",
            **self.read.settings,
        }

    def rows(self) -> dict[str, list[Row]]:
        """Every layer's rows in the order they are hashed and written."""
        self.progress("reading schools")
        register = self.read.register()
        self._note_register(register)
        self.progress("reading postcodes")
        self._postcodes(register)
        self.progress("joining the network")
        network, pairs, nodes = self._network()
        self.progress("finding the border")
        border = self._coverage(nodes, pairs)
        self.progress("finding entrances")
        urns = self._schools(register, network, border)
        self.progress("reading areas")
        self._areas(urns)
        self._sources()
        self.result["setting"] = [(key, value) for key, value in sorted(self.settings.items())]
        return self.result

    def _note_register(self, register: Register) -> None:
        self.rejects += register.rejects
        self.result["closed_school"] = sorted(register.closed)
        if register.passed_over:
            self.notes.append(
                f"{register.passed_over} entries of the register are no open school for children "
                "of compulsory age and were passed over"
            )

    def _postcodes(self, register: Register) -> None:
        found = self.read.postcodes(register)
        self.rejects += found.rejects
        self.settings["districts"] = " ".join(sorted(found.districts or ()))
        if found.newer:
            self.notes.append(
                f"{found.newer} postcodes are newer than the district lookup of the postcode file "
                "(their ladcd is empty) and were left out"
            )
        placed = self._placed("postcodes", found.places)
        self.result["postcode"] = sorted(
            (place.key, place.district, place.ward, *point, _wkb_point(point)) for place, point in placed
        )
        if self.inputs.terminated_postcodes is not None:
            ended, rejects = read_terminated(
                self.inputs.terminated_postcodes,
                found.districts,
                {place.key for place in found.places},
            )
            self.rejects += rejects
            self.result["terminated"] = [*ended]
        surveyed = self.read.addresses()
        geocoded = self._placed("geocoded", self.read.geocoded({place.key for place in surveyed}))
        self.result["address"] = sorted(
            (place.key, place.postcode, *point, place.placed, _wkb_point(point))
            for place, point in (*self._placed("addresses", surveyed), *geocoded)
        )
        self.result["place"] = [(name, kind, *point, _wkb_point(point)) for name, kind, point in self.read.places()]

    def _placed(self, role: str, places: list[Place]) -> list[tuple[Place, Point]]:
        """Places with their points in degrees; one whose grid reference has none is set aside."""
        on_grid = [place for place in places if place.point is None]
        moved = iter(points_from_grid([p.easting for p in on_grid], [p.northing for p in on_grid]))
        kept: list[tuple[Place, Point]] = []
        for place in places:
            point = place.point or next(moved)
            if point is None:
                (path,) = self.inputs.of(role)
                self.rejects.append(Reject(str(path), place.row, _OUTSIDE_SHIFT, place.key))
            else:
                kept.append((place, point))
        return kept

    def _network(self) -> tuple[Network, list[tuple[int, int]], list[Point]]:
        lines = self.read.lines()
        self.settings |= self.read.settings
        stretches = self._unsafe()
        joined = join(unsafe.cut(lines, stretches))
        if not joined.edges:
            raise EdtravelError(f"{self.inputs.of('roads')[0]} holds no line longer than nothing")
        self.settings["zero_length_edges"] = str(joined.zero_length)
        self.settings["duplicate_edges"] = str(joined.duplicates)
        self.result["defect"] = [(what, *point, _wkb_point(point)) for what, point in joined.defects]
        lying = unsafe.lying_along(joined, stretches)
        if beside := len(stretches) - len({stretch for _, stretch in lying}):
            self.notes.append(
                f"{beside} of {len(stretches)} stretches recorded as unsafe lie along no way of the walking network "
                f"(within {unsafe.WITHIN_METRES:.0f} m) and change no route"
            )
        network = Network.of(joined.nodes, joined.edges, lying)
        self.result |= arrays.rows(chain(network))
        return network, [(edge.a, edge.b) for edge in joined.edges], joined.nodes

    def _unsafe(self) -> list[shapely.MultiLineString]:
        """The stretches in the order of their layer, which the network counts them in."""
        if self.inputs.unsafe is None:
            return []
        found = sorted(
            (
                (name, begins, ends, line.wkb, line)
                for name, begins, ends, line in self.read.shapes("unsafe", shapes.read_unsafe)
            ),
            key=lambda each: each[:4],
        )
        self.result["unsafe"] = [each[:4] for each in found]
        return [each[4] for each in found]

    def _coverage(self, nodes: list[Point], pairs: Iterable[tuple[int, int]]) -> coverage.Border | None:
        if self.inputs.complete:
            self.settings["coverage"] = "complete"
            return None
        if self.inputs.boundary is not None:
            shape = _union(self.read.shapes("boundary", shapes.read_boundary))
            self.settings["coverage"] = "boundary"
        else:
            shape = coverage.derived(nodes, pairs)
            self.settings["coverage"] = "derived"
        self.result["coverage"] = [(self.settings["coverage"], shape.wkb)]
        return coverage.Border(shape)

    def _schools(self, register: Register, network: Network, border: coverage.Border | None) -> set[str]:
        placed = self._placed("schools", [_place(school) for school in register.kept])
        where = {place.key: point for place, point in placed}
        kept = sorted((s for s in register.kept if s.urn in where), key=lambda each: each.urn)
        if not kept:
            raise EdtravelError(f"{self.inputs.schools} holds no school on the National Grid as OSTN15 knows it")
        self.result["school"] = [_school_row(school, where[school.urn]) for school in kept]
        gates: dict[str, list[Point]] = {}
        for place, point in self._placed("gates", self.read.gates(set(where))):
            gates.setdefault(place.key, []).append(point)
        entrances: list[Row] = []
        for school in kept:
            # The register's point always, as the reading `school_entrance` may choose it where gates are known.
            entrances.append(_entrance(school.urn, "register", where[school.urn], network, border))
            points = sorted(set(gates.get(school.urn, [])))
            entrances += [_entrance(school.urn, "gate", point, network, border) for point in points]
        self.result["entrance"] = entrances
        if not self.inputs.la_codes:
            self.notes += build_notes.about_far_schools(entrances, {school.la_code for school in kept})
        self.notes += build_notes.about_far_gates(entrances)
        self._left_out(register, network, border)
        return set(where)

    def _left_out(self, register: Register, network: Network, border: coverage.Border | None) -> None:
        """Other authorities' schools inside the coverage: near, yet no part of the area."""
        places = [_place(school) for school in register.others]
        rows: list[Row] = []
        for place, point in self._placed("schools", places):
            if border is not None and border.holds(point):
                snap = network.snap(point, "walk")
                rows.append((place.key, *point, snap.leg_um if snap else 0))
        self.result["left_out_school"] = sorted(rows, key=_sort_key)
        if rows:
            self.notes.append(
                f"schools of other authorities on land this network covers ({len(rows)}) are no part of the "
                "area, and no home is told that nothing nearer exists than these"
            )

    def _areas(self, urns: set[str]) -> None:
        for role, layer in (("transport_areas", "transport_area"), ("catchments", "catchment")):
            if getattr(self.inputs, role) is None:
                continue
            found: dict[str, list[shapely.Geometry]] = {}
            for urn, polygon in self.read.shapes(role, lambda path, asked: shapes.read_areas(path, urns, asked)):
                found.setdefault(urn, []).append(polygon)
            self.result[layer] = [(urn, _union(found[urn]).wkb) for urn in sorted(found)]
        for role, layer in (("districts", "district"), ("wards", "ward")):
            named: dict[tuple[str, str], list[shapely.Geometry]] = {}
            for code, name, polygon in self.read.shapes(role, shapes.read_named_areas):
                named.setdefault((code, name), []).append(polygon)
            self.result[layer] = [(*key, _union(named[key]).wkb) for key in sorted(named)]

    def _sources(self) -> None:
        rows: list[Row] = []
        for role, path in self.read.used:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            vintage = re.search(r"(?:19|20)[0-9]{2}(?:-?[01][0-9](?:-?[0-3][0-9])?)?", path.name)
            licence = self.inputs.licences.get(role) or self.read.licences.get(role)
            rows.append(
                (
                    role, path.name, digest, path.stat().st_size,
                    vintage.group() if vintage else NOT_STATED, licence or NOT_STATED,
                )
            )  # fmt: skip
        self.result["source"] = rows


def _place(school: SchoolRow) -> Place:
    return Place(school.urn, school.easting, school.northing, row=school.row, point=school.point)


def _union(parts: list[shapely.Geometry]) -> shapely.MultiPolygon:
    """All of the polygons as one, the same whatever their order."""
    return coverage.rounded(shapely.union_all(sorted(parts, key=shapely.to_wkb)))


def _wkb_point(point: Point) -> bytes:
    return shapely.Point(point).wkb


def _school_row(school: SchoolRow, point: Point) -> Row:
    religions = None if school.religions is None else ";".join(school.religions)
    return (
        school.urn, school.name, school.phase, school.low_age, school.high_age, school.gender,
        religions, int(school.independent), int(school.special), int(school.selective),
        school.la_code, *point, _wkb_point(point),
    )  # fmt: skip


def _entrance(urn: str, kind: str, point: Point, network: Network, border: coverage.Border | None) -> Row:
    cells: list[Cell] = [urn, kind, *point]
    modes: tuple[Mode, ...] = ("walk", "road")
    for mode in modes:
        snap = network.snap(point, mode)
        cells += [None] * 3 if snap is None else [snap.edge, snap.along_um, snap.leg_um]
    cells.append(None if border is None else border.distance_mm(point))
    return (*cells, _wkb_point(point))


def _sort_key(row: Row) -> str:
    return str(row[0])
