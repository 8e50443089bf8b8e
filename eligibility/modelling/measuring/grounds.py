"""Where a population is measured: in an area, along its networks; or on open data, by estimates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from eligibility.geography import Area, Home, How, School
from eligibility.geography.distance_files import forget
from eligibility.geography.ground import Floats, Wholes, on_grid, points_from_grid
from eligibility.geography.layers import BORDERED
from eligibility.geography.many import place_all
from eligibility.geography.tables import tidy_postcode
from eligibility.modelling.measuring.lengths import Detour, Distances, Progress, along_networks, estimated
from eligibility.policy import Version
from eligibility.reading_names import MEASURE_FROM, SCHOOL_ENTRANCE

_AREAS = dict(zip(("transport_area_school", "catchment_school"), BORDERED, strict=True))
_BOTH = ("easting", "northing")


def _nothing(_done: int, _of: int) -> None:
    return


@dataclass
class InArea:
    """An area: every length along its networks, to the millimetre that of one pupil. `out` lets a stopped run go on."""

    area: Area
    out: Path | None = None
    progress: Progress = _nothing
    _homes: list[Home] = field(default_factory=list)
    _known: dict[tuple[str, ...], int | str] = field(default_factory=dict)
    _measured: dict[tuple[object, ...], Distances] = field(default_factory=dict)
    _holds: dict[str, Any] = field(default_factory=dict)

    @property
    def schools(self) -> Sequence[School]:
        """The schools of the area."""
        return tuple(self.area.schools.values())

    def place(self, homes: pl.DataFrame, key: str) -> tuple[Wholes, dict[int, str]]:
        """See `measure.Ground`."""
        keys = [_key(row, key) for row in homes.iter_rows(named=True)]
        new = {each: None for each in keys if each and each not in self._known}
        given = [("", _home(each)) for each in new]
        _, unplaced = place_all(self.area, given, How())
        why = {problem.row - 1: problem.reason for problem in unplaced}
        for number, each in enumerate(new):
            if number in why:
                self._known[each] = why[number]
            else:
                self._known[each] = len(self._homes)
                self._homes.append(given[number][1])
        found = [self._known[each] if each else -1 for each in keys]
        places = np.array([each if isinstance(each, int) else -1 for each in found], dtype=np.int64)
        return places, {row: each for row, each in enumerate(found) if isinstance(each, str)}

    def distances(self, on: dt.date, version: Version) -> Distances:
        """See `measure.Ground`; days on which the same stretches are unsafe are measured once."""
        start, entrance = (version.readings[name].chosen for name in (MEASURE_FROM, SCHOOL_ENTRANCE))
        how = How(start, entrance, on)  # type: ignore[arg-type]  # a reading's choice is one of the two
        same = self.area.closed(on), start, entrance
        if same not in self._measured:
            homes, _ = place_all(self.area, [("", home) for home in self._homes], how)
            self._measured[same] = along_networks(self.area, homes, how, self.progress, self.out)
        return self._measured[same]

    def forget(self) -> None:
        """Throw away what lies beside `out`, once the file itself is written."""
        if self.out is not None:
            forget(self.out)

    def holds(self, school: Wholes, home: Wholes) -> Mapping[str, pl.Series]:
        """See `measure.Ground`."""
        found = {}
        schools = list(self.area.schools)
        for figure, layer in _AREAS.items():
            if layer not in self._holds:
                points = [self.area.locate(each).point for each in self._homes]
                self._holds[layer] = [self.area.holders(layer, point) for point in points]
            holders = self._holds[layer]
            if holders and holders[0] is not None:
                answers = [schools[s] in holders[h] for s, h in zip(school.tolist(), home.tolist(), strict=True)]
                found[figure] = pl.Series(answers, dtype=pl.Boolean)
        return found


@dataclass
class ByEstimate:
    """Schools on the grid and postcodes, without a network: straight lines times a detour factor.

    `postcodes` gives the grid reference of a postcode, written without a space.
    """

    schools: Sequence[School]
    at: tuple[Wholes, Wholes]
    postcodes: Mapping[str, tuple[float, float]]
    detour: Detour
    _known: dict[tuple[float, float], int] = field(default_factory=dict)
    _measured: Distances | None = None

    def place(self, homes: pl.DataFrame, key: str) -> tuple[Wholes, dict[int, str]]:
        """See `measure.Ground`."""
        places, why = np.full(len(homes), -1, dtype=np.int64), {}
        for row, told in enumerate(homes.iter_rows(named=True)):
            if told["easting"] is not None and told["northing"] is not None:
                pair = float(told["easting"]), float(told["northing"])
            elif told["postcode"] is not None:
                pair = self.postcodes.get(tidy_postcode(told["postcode"]), (0.0, 0.0))
            elif told["uprn"] is not None:
                why[row] = f"{key}.uprn cannot be placed without an area; give the postcode, or easting and northing"
                continue
            else:
                continue
            if not on_grid(*pair):
                why[row] = f"{key} is neither a postcode of the data nor a grid reference in Great Britain"
                continue
            places[row] = self._known.setdefault(pair, len(self._known))
        return places, why

    def distances(self, on: dt.date, version: Version) -> Distances:  # noqa: ARG002  # the same on every day
        """See `measure.Ground`."""
        if self._measured is None:
            grid = np.array(list(self._known), dtype=np.float64).reshape(-1, 2)
            lon, lat = _degrees(grid[:, 0], grid[:, 1])
            self._measured = estimated(lon, lat, *_degrees(*self.at), self.detour)
        return self._measured

    def holds(self, school: Wholes, home: Wholes) -> Mapping[str, pl.Series]:  # noqa: ARG002  # nothing tells it
        """See `measure.Ground`: no transport areas are known."""
        return {}


def _degrees(easting: Floats | Wholes, northing: Floats | Wholes) -> tuple[Floats, Floats]:
    points = points_from_grid([float(each) for each in easting], [float(each) for each in northing])
    found = np.array([(np.nan, np.nan) if point is None else point for point in points], dtype=np.float64)
    return found.reshape(-1, 2)[:, 0], found.reshape(-1, 2)[:, 1]


def _key(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The way in which a home is told that goes before the others; empty where there is no home."""
    if all(row[leaf] is not None for leaf in _BOTH):
        return (key, "grid", str(row["easting"]), str(row["northing"]))
    for leaf in ("uprn", "postcode"):
        if row[leaf] is not None:
            return (key, leaf, str(row[leaf]))
    return ()


def _home(told: tuple[str, ...]) -> Home:
    key, kind, *values = told
    if kind == "grid":
        return Home(easting=int(values[0]), northing=int(values[1]), key=key)
    return Home(uprn=values[0], key=key) if kind == "uprn" else Home(postcode=values[0], key=key)
