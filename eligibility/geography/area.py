"""Opens an area: one file that holds schools, postcodes and the networks between them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from eligibility.errors import EdtravelError, InputError, MismatchError
from eligibility.geography import evidence, measure, verified
from eligibility.geography.coverage import Border
from eligibility.geography.geopackage import connect, rows_of, shape
from eligibility.geography.ground import from_grid, on_grid
from eligibility.geography.layers import BY_NAME, LAYERS, Row, content_hash
from eligibility.geography.model import Home, HomeMeasurement, Mode, Point, Pupil, Route, School
from eligibility.geography.network import Edge, Network, Snap
from eligibility.geography.suitability import last_year_group
from eligibility.geography.tables import tidy_postcode


@dataclass(frozen=True)
class Entrance:
    """Where routes to a school end: a gate, or the register's point; its snap on each network.

    `border_mm` is the floor of the straight line from here to the border; None where the area has
    none.
    """

    place: Point
    is_gate: bool
    snaps: dict[Mode, Snap | None]
    border_mm: int | None


@dataclass(frozen=True)
class Place:
    """A home found in the area: its point, how it was given, and whether the authority holds it."""

    point: Point
    kind: str
    in_authority: bool | None


class Area:
    """An open area. `name` is for people; `content_hash` says which content decided."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base = connect(path)
        self.settings = {str(key): str(value) for key, value in self._rows("setting")}
        self.name = self.settings.get("name", path.stem)
        self.content_hash = self.settings.get("content_hash", "")
        self._seen: dict[tuple[Home, str], measure.Seen] = {}
        self.schools = {school.urn: school for school in map(_school, self._rows("school"))}

    @classmethod
    def open(cls, path: Path) -> Area:
        """The area in the file at `path`, its content verified.

        Raises UsageError or MismatchError where it is not an area, or no longer the one that was built.
        """
        path = Path(path)
        seen = verified.fingerprint(path) if path.is_file() else []
        area = cls(path)
        if not verified.is_remembered(path, seen, area.content_hash):
            area.verify()
            verified.remember(path, seen, area.content_hash)
        return area

    @property
    def complete(self) -> bool:
        """Whether nothing lies beyond the network, as on an island."""
        return self.settings.get("complete") == "yes"

    @property
    def has_paths(self) -> bool:
        """Whether footpaths are part of the walking network."""
        return self.settings.get("paths") == "yes"

    def _rows(self, layer: str, *, geometry: bool = False) -> list[Row]:
        return rows_of(self._base, BY_NAME[layer], geometry=geometry)

    def rows(self, layer: str) -> list[Row]:
        """A layer's rows in order, columns as in `layers.LAYERS`, WKB last where it is drawn."""
        return self._rows(layer, geometry=True)

    def _one(self, query: str, keys: tuple[str, ...]) -> Any:
        try:
            return self._base.execute(query, keys).fetchone()
        except sqlite3.Error as problem:
            raise EdtravelError(f"{self.path} is damaged; build the area again") from problem

    def count(self, layer: str) -> int:
        """How many rows a layer has."""
        query = f'SELECT count(*) FROM "{BY_NAME[layer].name}"'  # noqa: S608  # names of our own layers
        return int(self._one(query, ())[0])

    def verify(self) -> None:
        """Raises MismatchError where the content no longer gives the hash it was built with."""
        rows = {layer.name: self.rows(layer.name) for layer in LAYERS}
        rows["setting"] = [row for row in rows["setting"] if row[0] not in UNHASHED]
        found = content_hash(rows)
        if found != self.content_hash:
            raise MismatchError(
                f"the area {self.path} was changed since it was built: its content gives {found}, "
                f"expected {self.content_hash}; build it again"
            )

    @cached_property
    def network(self) -> Network:
        """The joined network, read on first use."""
        nodes = np.array(self._rows("node"), dtype=np.float64).reshape(-1, 2)
        return Network(nodes, [Edge._make(row) for row in self._rows("edge")])

    @cached_property
    def entrances(self) -> dict[str, list[Entrance]]:
        """The entrances of each school by URN, gates where these are known."""
        found: dict[str, list[Entrance]] = {urn: [] for urn in self.schools}
        for urn, kind, lon, lat, *numbers in self._rows("entrance"):
            snaps: dict[Mode, Snap | None] = {
                "walk": _snap(numbers[0:3]),
                "road": _snap(numbers[3:6]),
            }
            border = numbers[6]
            found[str(urn)].append(
                Entrance(
                    (float(lon or 0), float(lat or 0)),
                    kind == "gate",
                    snaps,
                    None if border is None else int(border),
                )
            )
        return found

    @cached_property
    def border(self) -> Border | None:
        """The border of the land the network covers; None where nothing lies beyond it."""
        rows = self._rows("coverage", geometry=True)
        return Border(shape(rows[0][-1])) if rows else None

    def holders(self, layer: str, place: Point) -> frozenset[str] | None:
        """URNs whose polygon in `transport_area` or `catchment` holds a place; None: no layer."""
        shapes = self._polygons[layer]
        if not shapes:
            return None
        point = shapely.Point(place)
        return frozenset(urn for urn, area in shapes if shapely.covers(area, point))

    @cached_property
    def _polygons(self) -> dict[str, list[tuple[str, shapely.Geometry]]]:
        return {
            layer: [(str(urn), shape(wkb)) for urn, wkb in self._rows(layer, geometry=True)]
            for layer in ("transport_area", "catchment")
        }

    def school(self, urn: str) -> School:
        """The school with this URN. Raises InputError, with the right one where only that can have been meant."""
        found = self.schools.get(str(urn))
        if found is not None:
            return found
        closed = self._one('SELECT name, "on" FROM closed_school WHERE urn = ?', (str(urn),))
        if closed is not None:
            when = f" on {closed[1]}" if closed[1] else ""
            raise InputError(f"school.urn {urn} ({closed[0]}) closed{when}; give the open school's URN")
        left_out = self._one("SELECT urn FROM left_out_school WHERE urn = ?", (str(urn),))
        if left_out is not None:
            raise InputError(
                f"school.urn {urn} is a school of another authority that the area {self.name} leaves out; "
                "build an area that holds it"
            )
        close = [known for known in self.schools if _is_a_slip(str(urn), known)]
        named = f"; did you mean {close[0]} ({self.schools[close[0]].name})?" if len(close) == 1 else ""
        raise InputError(f"school.urn {urn} is not in the area {self.name} ({len(self.schools):,} schools){named}")

    def locate(self, home: Home) -> Place:
        """Where a home is. Raises InputError where it cannot be found; never echoes a postcode."""
        given = [home.postcode is not None, home.uprn is not None, home.easting is not None]
        if sum(given) != 1 or (home.easting is None) != (home.northing is None):
            raise InputError(f"{home.key}: give one of postcode, uprn, or easting and northing")
        if home.postcode is not None:
            return self._by_postcode(home.postcode, home.key)
        if home.uprn is not None:
            return self._by_uprn(home.uprn, home.key)
        easting, northing = home.easting or 0, home.northing or 0
        point = from_grid(easting, northing) if on_grid(easting, northing) else None
        if point is None:
            raise InputError(
                f"{home.key}.easting and northing are not on the British National Grid; "
                "expected whole metres, such as 350000 and 130000"
            )
        return Place(point, "grid_reference", None)

    def _by_postcode(self, postcode: str, key: str) -> Place:
        tidy = (tidy_postcode(postcode),)
        row = self._one("SELECT lon, lat FROM postcode WHERE postcode = ?", tidy)
        if row is not None:
            return Place((row[0], row[1]), "postcode_centre", self._authority)
        ended = self._one('SELECT "on" FROM terminated WHERE postcode = ?', tidy)
        if ended is not None:
            raise InputError(
                f"{key}.postcode was terminated in {ended[0]}; give the address's present postcode, "
                "or easting and northing"
            )
        raise InputError(
            f"{key}.postcode is not in the area {self.name} ({self.count('postcode'):,} postcodes); "
            "check it, or give easting and northing"
        )

    def _by_uprn(self, uprn: str, key: str) -> Place:
        row = self._one(
            "SELECT lon, lat, address.postcode, EXISTS (SELECT 1 FROM postcode"
            " WHERE postcode.postcode = address.postcode) FROM address WHERE uprn = ?",
            (str(uprn).lstrip("0"),),
        )
        if row is None:
            raise InputError(
                f"{key}.uprn is not in the area {self.name} ({self.count('address'):,} addresses); "
                "check it, or give easting and northing"
            )
        return Place((row[0], row[1]), "address", self._authority if row[3] else None)

    @property
    def _authority(self) -> bool | None:
        # An area built for authorities keeps no other authority's postcodes.
        return True if self.settings.get("la_codes") else None

    def measure(self, home: Home, pupil: Pupil | None, *, measure_from: str = "address_point") -> HomeMeasurement:
        """Every school's distance from `home` and whether it suits `pupil`; without one that is not judged.

        `measure_from` is `address_point` (the straight leg from the home to the network counts) or
        `property_meets_road` (it does not). Raises InputError where the home cannot be found.
        """
        asked = home, measure_from
        if asked not in self._seen:
            while len(self._seen) >= _HOMES_KEPT:
                del self._seen[next(iter(self._seen))]
            self._seen[asked] = measure.look(self, home, measure_from)
        return measure.for_pupil(self._seen[asked], pupil)

    def route(self, home: Home, urn: str, network: Mode, *, measure_from: str = "address_point") -> Route | None:
        """The evidence for one distance; None where that network holds no route."""
        return evidence.route(self, home, urn, network, measure_from)


_HOMES_KEPT = 512
# What names an area but is no part of what decides.
UNHASHED = ("name", "content_hash")


def _is_a_slip(written: str, known: str) -> bool:
    """Whether two school numbers differ in one digit, or by two neighbours that are swapped."""
    if len(written) != len(known):
        return False
    apart = [place for place, pair in enumerate(zip(written, known, strict=True)) if pair[0] != pair[1]]
    if len(apart) != 2:
        return len(apart) == 1
    first, second = apart
    return second == first + 1 and written[first] == known[second] and written[second] == known[first]


def _school(row: Row) -> School:
    urn, name, phase, low, high, gender, religions, independent, special, selective, la, *_ = row
    named = tuple(str(religions).split(";")) if religions else ()
    return School(
        urn=str(urn),
        name=str(name),
        phase=str(phase),
        low_age=int(low or 0),
        high_age=int(high or 0),
        gender=str(gender),
        religion=named[0] if named else None,
        independent=bool(independent),
        special=bool(special),
        selective=bool(selective),
        la_code=str(la),
        last_year_group=last_year_group(int(high or 0)),
        religions=named,
        religion_known=religions is not None,
    )


def _snap(numbers: list[str | int | float | bytes | None]) -> Snap | None:
    edge, along, leg = numbers
    if edge is None:
        return None
    return Snap(int(edge), int(along or 0), int(leg or 0))
