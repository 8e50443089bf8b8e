"""Opens an area: one file that holds schools, postcodes and the networks between them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from eligibility.errors import InputError, MismatchError
from eligibility.geography import arrays, evidence, measure, nearest, verified
from eligibility.geography.chains import Chains, agree
from eligibility.geography.coverage import Border
from eligibility.geography.entrances import Ends, Entrance, Entrances
from eligibility.geography.geopackage import connect, damaged, rows_of, shape
from eligibility.geography.ground import Floats, Wholes
from eligibility.geography.homes import Place, locate
from eligibility.geography.layers import BORDERED, BY_NAME, LAYERS, Row, content_hash, drawn_elsewhere
from eligibility.geography.measure import How
from eligibility.geography.model import (
    Home,
    HomeMeasurement,
    Mode,
    NearArea,
    Point,
    Pupil,
    Route,
    School,
    SchoolEntrance,
)
from eligibility.geography.network import Network
from eligibility.geography.polygons import Polygons
from eligibility.geography.registered import is_a_slip, schools_of
from eligibility.geography.search import Arcs
from eligibility.geography.unsafe import Stretch, change_days, day


class Area:
    """An open area. `name` is for people; `content_hash` says which content decided."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base = connect(path)
        self.settings = {str(key): str(value) for key, value in self._rows("setting")}
        self.name = self.settings.get("name", path.stem)
        self.content_hash = self.settings.get("content_hash", "")
        self._seen: dict[tuple[object, ...], measure.Seen] = {}
        self._arcs: dict[tuple[Mode, tuple[int, ...]], Arcs] = {}
        self._ends: dict[SchoolEntrance, Ends] = {}
        self.schools = schools_of(self._rows("school"), path)

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
        return rows_of(self._base, self.path, BY_NAME[layer], geometry=geometry)

    def rows(self, layer: str) -> list[Row]:
        """A layer's rows in order, columns as in `layers.LAYERS`, WKB last where it is drawn."""
        return self._rows(layer, geometry=True)

    def one(self, layer: str, query: str, keys: tuple[str, ...] = ()) -> Any:
        """The first row that a query of a layer gives, or None. Raises MismatchError where the layer is damaged."""
        try:
            return self._base.execute(query, keys).fetchone()
        except sqlite3.Error as problem:
            raise damaged(self.path, layer) from problem

    def count(self, layer: str) -> int:
        """How many rows a layer has."""
        query = f'SELECT count(*) FROM "{BY_NAME[layer].name}"'  # noqa: S608  # names of our own layers
        return int(self.one(layer, query)[0])

    def verify(self) -> None:
        """Raises MismatchError where the content no longer gives the hash it was built with, or is drawn otherwise."""
        rows = {layer.name: self.rows(layer.name) for layer in LAYERS if not (layer.drawn or layer.recorded)}
        rows["setting"] = [row for row in rows["setting"] if row[0] not in UNHASHED]
        found = content_hash(rows)
        if found != self.content_hash:
            self._refuse(f"its content gives {found}, expected {self.content_hash}")
        if moved := drawn_elsewhere(rows):
            self._refuse(f"its layer {moved} draws a point elsewhere than its columns lon and lat say")
        for layer, sums in arrays.sums(self.network).items():
            if self.one(layer, arrays.sums_query(layer)) != sums:
                self._refuse(_OTHERWISE)

    def verify_drawing(self) -> None:
        """Raises MismatchError where the drawn layers are not, in all they show, the network that is measured on."""
        if not (arrays.drawn(self.network, self.rows("node"), self.rows("edge")) and agree(self.chains)):
            self._refuse(_OTHERWISE)

    def _refuse(self, why: str) -> NoReturn:
        raise MismatchError(f"the area {self.path} was changed since it was built: {why}; build it again")

    @cached_property
    def chains(self) -> Chains:
        """The joined network with its chains, read on first use."""
        return arrays.read(self._rows("network"), self.path)

    @property
    def network(self) -> Network:
        """The joined network."""
        return self.chains.network

    def arcs(self, mode: Mode, on: dt.date | None) -> Arcs:
        """What a mode may use on a day; without a day nothing is left out."""
        is_closed = [each.is_closed(on) if on else False for each in self.stretches]
        closed = tuple(
            number
            for number, stretches in enumerate(self.network.closings)
            if mode == "walk" and any(is_closed[stretch] for stretch in stretches)
        )
        if (mode, closed) not in self._arcs:
            while len(self._arcs) >= _ARCS_KEPT:
                del self._arcs[next(iter(self._arcs))]
            self._arcs[mode, closed] = Arcs(self.chains, mode, closed)
        return self._arcs[mode, closed]

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The stretches recorded as unsafe to walk, in the order that `Network.closings` numbers them."""
        return tuple(
            Stretch(str(name), day(str(begins or ""), "from_date"), day(str(ends or ""), "until_date"))
            for name, begins, ends in self._rows("unsafe")
        )

    def closed(self, on: dt.date | None) -> tuple[str, ...]:
        """The names of the stretches left out of the walking network on a day, in order."""
        if on is None:
            return ()
        return tuple(each.said for each in self.stretches if each.is_closed(on))

    @cached_property
    def ways_change_on(self) -> tuple[dt.date, ...]:
        """The days from which other stretches are left out than on the day before, in order."""
        return tuple(change_days(self.stretches))

    @cached_property
    def _entrances(self) -> Entrances:
        return Entrances(self._rows("entrance"), list(self.schools))

    @cached_property
    def entrances(self) -> dict[str, list[Entrance]]:
        """The entrances of each school by URN, gates where these are known."""
        return self._entrances.of_school()

    def ends(self, which: SchoolEntrance) -> Ends:
        """The entrances that count under a reading, as arrays."""
        if which not in self._ends:
            self._ends[which] = self._entrances.ends(which)
        return self._ends[which]

    @cached_property
    def left_out(self) -> tuple[Floats, Floats, Wholes]:
        """Schools of other authorities on land the network covers: longitudes, latitudes, legs in micrometres."""
        rows = self._rows("left_out_school")
        lon, lat = (np.array([row[place] for row in rows], dtype=np.float64) for place in (1, 2))
        return lon, lat, np.array([row[3] or 0 for row in rows], dtype=np.int64)

    @cached_property
    def border(self) -> Border | None:
        """The border of the land the network covers; None where nothing lies beyond it."""
        rows = self._rows("coverage", geometry=True)
        return Border(shape(rows[0][-1])) if rows else None

    def holders(self, layer: str, place: Point) -> frozenset[str] | None:
        """URNs whose polygon in `transport_area` or `catchment` holds a place; None: no layer."""
        return self._polygons[layer].holders(place)

    def near_areas(self, layer: str, home: Home) -> tuple[NearArea, ...]:
        """The polygons of `transport_area` or `catchment` that hold a home or whose border is near it."""
        return self._polygons[layer].near(self.locate(home).point)

    @cached_property
    def _polygons(self) -> dict[str, Polygons]:
        return {layer: Polygons.of(self._rows(layer, geometry=True)) for layer in BORDERED}

    def place_of(self, urn: str) -> int:
        """A school's place among the area's schools, in the order of `Ends.first`. Raises InputError as `school`."""
        return self._places[self.school(urn).urn]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {urn: place for place, urn in enumerate(self.schools)}

    def school(self, urn: str) -> School:
        """The school with this URN. Raises InputError, with the right one where only that can have been meant."""
        found = self.schools.get(str(urn))
        if found is not None:
            return found
        closed = self.one("closed_school", 'SELECT name, "on" FROM closed_school WHERE urn = ?', (str(urn),))
        if closed is not None:
            when = f" on {closed[1]}" if closed[1] else ""
            raise InputError(f"school.urn {urn} ({closed[0]}) closed{when}; give the open school's URN")
        if self.one("left_out_school", "SELECT urn FROM left_out_school WHERE urn = ?", (str(urn),)) is not None:
            raise InputError(
                f"school.urn {urn} is a school of another authority that the area {self.name} leaves out; "
                "build an area that holds it"
            )
        close = [known for known in self.schools if is_a_slip(str(urn), known)]
        named = f"; did you mean {close[0]} ({self.schools[close[0]].name})?" if len(close) == 1 else ""
        raise InputError(f"school.urn {urn} is not in the area {self.name} ({len(self.schools):,} schools){named}")

    def locate(self, home: Home) -> Place:
        """Where a home is. Raises InputError where it cannot be found; never echoes a postcode."""
        return locate(self, home)

    def measure(
        self,
        home: Home,
        pupil: Pupil | None,
        *,
        measure_from: str = "address_point",
        school_entrance: SchoolEntrance = "nearest_gate",
        on: dt.date | None = None,
    ) -> HomeMeasurement:
        """Every school's distance from `home` and whether it suits `pupil`; without one that is not judged.

        `measure_from` is `address_point` (the straight leg from the home to the network counts) or
        `property_meets_road` (it does not); `school_entrance` is `nearest_gate` or `main_entrance`. `on` is the day:
        stretches that are unsafe then are left out of the walking network; without a day nothing is.

        Raises InputError where the home cannot be found.
        """
        how = How(measure_from, school_entrance, on)
        # As long as the same stretches are left out, what a home sees is the same.
        asked = home, how.measure_from, how.school_entrance, self.closed(on), on is None
        if asked not in self._seen:
            while len(self._seen) >= _HOMES_KEPT:
                del self._seen[next(iter(self._seen))]
            self._seen[asked] = measure.look(self, home, how)
        return measure.for_pupil(self._seen[asked], pupil)

    def nearest(
        self, home: Home, pupil: Pupil | None, many: int = 5, *, by: Mode = "walk", how: How | None = None
    ) -> HomeMeasurement:
        """As `measure`, for the schools up to the `many`-th that suits the pupil by the mode `by`, and no others.

        The same distances to the millimetre, found without searching the whole network.
        """
        return measure.for_pupil(nearest.look(self, home, how or How(), pupil, many=many, by=by), pupil)

    def unsafe_on_the_way(self, home: Home, urn: str, how: How) -> tuple[str, ...]:
        """The names of stretches, unsafe on the day, that the shortest walk to a school would use, in order."""
        return evidence.unsafe_on_the_way(self, home, urn, how) if self.closed(how.on) else ()

    def route(
        self,
        home: Home,
        urn: str,
        network: Mode,
        *,
        measure_from: str = "address_point",
        school_entrance: SchoolEntrance = "nearest_gate",
        on: dt.date | None = None,
        safe: bool = True,
    ) -> Route | None:
        """The evidence for one distance; None where that network holds no route.

        As `measure`; with `safe` False a walk that uses the stretches that are unsafe on the day.
        """
        how = How(measure_from, school_entrance, on)
        return evidence.routes(self, home, [urn], network, how, safe=safe)[self.school(urn).urn]

    def routes(self, home: Home, urns: Sequence[str], network: Mode, how: How | None = None) -> dict[str, Route | None]:
        """As `route`, for several schools at once, by URN."""
        return evidence.routes(self, home, urns, network, how or How())


_OTHERWISE = "its layers node and edge do not show the network it measures on"
_HOMES_KEPT = 512
_ARCS_KEPT = 8
# What names an area but is no part of what decides.
UNHASHED = ("name", "content_hash", "readers")
