"""Compares a distance with another system's figure and finds what explains the difference, by trying what may.

Nothing here decides anything: what decides is measured by `measure`; this says why another figure is another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from eligibility.errors import InputError
from eligibility.geography.area import Area
from eligibility.geography.chains import Chains
from eligibility.geography.entrances import Ends
from eligibility.geography.ground import geodesic_um, millimetres
from eligibility.geography.measure import How
from eligibility.geography.model import Home, Mode, Point, SchoolEntrance
from eligibility.geography.network import WALK
from eligibility.units import MM_PER_METRE, MM_PER_MILE

_DECIMALS = {3: "three decimals of a mile", 2: "two decimals of a mile", 1: "tenths of a mile", 0: "whole miles"}
WITHIN_MM = 1_000
"""How near another figure must come to be called the same, unless told otherwise."""


@dataclass(frozen=True)
class Setting:
    """One way to measure: each field is a matter on which two systems may differ."""

    home: str
    measure_from: str
    entrance: str
    way: str = "walk"
    safe: bool = True
    length: str = "ground"


@dataclass(frozen=True)
class Trial:
    """What one change, or two, make of the distance; `changes` are phrases, `mm` None where there is no such route.

    `reproduces` says how the other figure comes out: "" exactly (within the tolerance), or how it was rounded; None
    where it does not.
    """

    changes: tuple[str, ...]
    mm: int | None
    reproduces: str | None


@dataclass(frozen=True)
class Opinion:
    """Two figures for one distance, and what makes the one of the other.

    `alone` tries each change by itself; `explained` are the trials that reproduce the other figure with the fewest
    changes, empty where none of them does. Lengths are whole millimetres.
    """

    ours_mm: int
    theirs_mm: int
    within_mm: int
    limits: tuple[int, ...]
    alone: tuple[Trial, ...]
    explained: tuple[Trial, ...]


def second_opinion(
    area: Area,
    homes: Mapping[str, Home],
    urn: str,
    theirs_mm: int,
    how: How,
    *,
    mode: Mode = "walk",
    within_mm: int = WITHIN_MM,
    limits: Sequence[int] = (),
) -> Opinion:
    """Why a distance on foot, or by road, and another system's figure differ.

    `homes` are the ways in which the same home is known: the first is measured from, the others are tried; their names
    say what each is. Raises InputError where there is no such route.
    """
    trials = _Trials(area, homes, urn, how, mode)
    ours = trials.length(trials.base)
    if ours is None:
        raise InputError("there is no such route to the school on this network, so there is nothing to compare")

    def tried(changes: Sequence[tuple[str, Any, str]]) -> Trial:
        setting = replace(trials.base, **{field: value for field, value, _ in changes})
        mm = trials.length(setting)
        return Trial(tuple(says for *_, says in changes), mm, None if mm is None else _same(mm, theirs_mm, within_mm))

    one = [tried([change]) for change in trials.changes()]
    two = (tried(pair) for pair in combinations(trials.changes(), 2) if trials.are_two(pair))
    return Opinion(ours, theirs_mm, within_mm, tuple(limits), tuple(one), _fewest(tried([]), one, two))


def _fewest(none: Trial, one: list[Trial], two: Iterator[Trial]) -> tuple[Trial, ...]:
    """The trials that reproduce the figure with the fewest changes; a rounding counts for one."""
    changed: dict[int, list[Trial]] = {}
    for trial in (none, *one):
        if trial.reproduces is not None:
            changed.setdefault(len(trial.changes) + bool(trial.reproduces), []).append(trial)
    if not changed or min(changed) > 1:
        for trial in two:
            if trial.reproduces is not None:
                changed.setdefault(2 + bool(trial.reproduces), []).append(trial)
    return tuple(changed[min(changed)]) if changed else ()


def _same(mm: int, theirs_mm: int, within_mm: int) -> str | None:
    """How a length gives the other figure: "" as it is, or by which rounding to decimals of a mile; None if not."""
    if abs(mm - theirs_mm) <= within_mm:
        return ""
    for places in (3, 2, 1, 0):
        unit = Decimal(1).scaleb(-places)
        for rounding, says in ((ROUND_HALF_UP, "rounded to"), (ROUND_DOWN, "cut off after")):
            shown = (Decimal(mm) / MM_PER_MILE).quantize(unit, rounding) * MM_PER_MILE
            if abs(shown - theirs_mm) <= 1:
                return f"{says} {_DECIMALS[places]}"
    return None


class _Trials:
    """One home and school, measured in one way or another; each way once."""

    def __init__(self, area: Area, homes: Mapping[str, Home], urn: str, how: How, mode: Mode) -> None:
        self.area, self.homes, self.urn, self.how = area, homes, urn, how
        self.base = Setting(next(iter(homes)), how.measure_from, how.school_entrance, mode)
        self._lengths: dict[Setting, int | None] = {}

    def changes(self) -> list[tuple[str, Any, str]]:
        """Each single change as (field, value, phrase)."""
        found: list[tuple[str, Any, str]] = [
            ("home", name, f"measured from {name} instead of {self.base.home}") for name in list(self.homes)[1:]
        ]
        if self.base.measure_from == "address_point":
            says = "measured from where the property meets the road, without the straight way from the home to it"
            found.append(("measure_from", "property_meets_road", says))
        else:
            says = "measured from the address point, with the straight way from the home to the road"
            found.append(("measure_from", "address_point", says))
        has_gate = any(each.is_gate for each in self.area.entrances[self.urn])
        if has_gate and self.base.entrance == "nearest_gate":
            says = "measured to where the network passes the register's point, instead of the nearest gate"
            found.append(("entrance", "main_entrance", says))
        elif has_gate:
            says = "measured to the nearest gate, instead of where the network passes the register's point"
            found.append(("entrance", "nearest_gate", says))
        says = "measured on to the register's point itself, with the straight way from the network to it"
        found.append(("entrance", "point", says))
        walked = self.base.way == "walk"
        if self._has_paths:
            says = "along roads only, footpaths left out"
            found.append(("way", "roads", says if walked else f"on foot {says}"))
        if walked:
            found.append(("way", "road", "as a vehicle drives it, by road"))
        else:
            found.append(("way", "walk", "as one walks it, on foot"))
        if walked and self.area.closed(self.how.on):
            found.append(("safe", False, "along what is recorded as unsafe to walk on the day as well"))
        found.append(("length", "sphere", "lengths on a sphere (great circles) instead of the ellipsoid WGS84"))
        found.append(("length", "grid", "lengths in metres of the National Grid instead of metres on the ground"))
        found.append(("length", "straight", "in a straight line, without any route"))
        return found

    @staticmethod
    def are_two(pair: Sequence[tuple[str, Any, str]]) -> bool:
        """Whether two changes can be made together: of different matters, and no straight line keeps to roads."""
        if pair[0][0] == pair[1][0]:
            return False
        values = {value for _, value, _ in pair}
        return "straight" not in values or all(field in ("home", "entrance", "length") for field, *_ in pair)

    def length(self, setting: Setting) -> int | None:
        """Whole millimetres; None where there is no such route."""
        if setting not in self._lengths:
            self._lengths[setting] = self._measure(setting)
        return self._lengths[setting]

    def _measure(self, setting: Setting) -> int | None:
        mode: Mode = "road" if setting.way == "road" else "walk"
        area = self._roads_only if setting.way == "roads" else self.area
        entrance: SchoolEntrance = "nearest_gate" if setting.entrance == "nearest_gate" else "main_entrance"
        home = self.homes[setting.home]
        if setting.length == "straight":
            return self._straight(home, entrance)
        found = area.route(
            home,
            self.urn,
            mode,
            measure_from=setting.measure_from,
            school_entrance=entrance,
            on=self.how.on,
            safe=setting.safe,
        )
        if found is None:
            return None
        line, mm = list(found.line), found.length_mm
        if setting.entrance == "point":
            point = self._ends(entrance)[0]
            mm += millimetres(geodesic_um(line[-1], point))
            line.append(point)
        if setting.length == "ground":
            return mm
        return _on_sphere(line) if setting.length == "sphere" else _on_grid(line)

    def _straight(self, home: Home, entrance: SchoolEntrance) -> int:
        here = self.area.locate(home).point
        return min(millimetres(geodesic_um(here, end)) for end in self._ends(entrance))

    def _ends(self, entrance: SchoolEntrance) -> list[Point]:
        ends = self.area.ends(entrance).of_school(list(self.area.schools).index(self.urn))
        return list(zip(ends.lon.tolist(), ends.lat.tolist(), strict=True))

    @property
    def _has_paths(self) -> bool:
        return bool((self.area.network.uses == WALK).any())

    @cached_property
    def _roads_only(self) -> Area:
        return _RoadsOnly(self.area)


class _RoadsOnly(Area):
    """An area whose walking network is without footpaths: what only a walker may use is taken out."""

    def __init__(self, area: Area) -> None:
        super().__init__(area.path)
        self._whole = area

    @cached_property
    def chains(self) -> Chains:
        """The network, its footpaths closed to all."""
        held = self._whole.chains
        network = replace(held.network, uses=np.where(held.network.uses == WALK, 0, held.network.uses).astype(np.uint8))
        return Chains(network, held.order, held.starts, held.turned)

    def ends(self, which: SchoolEntrance) -> Ends:
        """The entrances, met where roads pass nearest to them."""
        held = self._whole.ends(which)
        snaps = self.network.snap_many(held.lon, held.lat, "walk")
        return replace(
            held,
            edges={**held.edges, "walk": snaps.edge},
            along_um={**held.along_um, "walk": snaps.along_um},
            legs_um={**held.legs_um, "walk": snaps.leg_um},
        )


def _on_sphere(line: Sequence[Point]) -> int:
    from geopy.distance import great_circle

    pairs = pairwise([(lat, lon) for lon, lat in line])
    return round(math.fsum(great_circle(one, two).meters for one, two in pairs) * MM_PER_METRE)


def _on_grid(line: Sequence[Point]) -> int:
    from convertbng.cutil import convert_to_osgb36

    lon, lat = np.array(line, dtype=np.float64).T
    east, north = convert_to_osgb36(np.ascontiguousarray(lon), np.ascontiguousarray(lat))
    return round(float(np.hypot(np.diff(east), np.diff(north)).sum()) * MM_PER_METRE)
