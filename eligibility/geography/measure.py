"""Measures one home: the shortest route to every school on both networks, and what bounds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from eligibility.errors import InputError, UsageError
from eligibility.geography.assumed import assumptions
from eligibility.geography.entrances import ENTRANCE_ALLOWANCE_MM, FURTHEST_LEG_UM, Ends
from eligibility.geography.ground import UM_PER_MM, Floats, Wholes, inverse, millimetres
from eligibility.geography.model import (
    Home,
    HomeMeasurement,
    Length,
    Mode,
    Pupil,
    School,
    SchoolDistance,
    SchoolEntrance,
)
from eligibility.geography.network import Snap
from eligibility.geography.search import Search
from eligibility.geography.suitability import suitable

if TYPE_CHECKING:
    from eligibility.geography.area import Area
    from eligibility.geography.homes import Place

MEASURE_FROM = ("address_point", "property_meets_road")


@dataclass(frozen=True)
class How:
    """How a distance is measured: the readings `measure_from` and `school_entrance`, and the day.

    On a day the stretches that are unsafe then are left out of the walking network; without one nothing is.
    """

    measure_from: str = "address_point"
    school_entrance: SchoolEntrance = "nearest_gate"
    on: dt.date | None = None

    def __post_init__(self) -> None:
        if self.measure_from not in MEASURE_FROM:
            raise UsageError(f"measure_from is {self.measure_from}; expected {' or '.join(MEASURE_FROM)}")


class Start:
    """A home ready to be measured from: its snap on each network and whether the leg counts."""

    def __init__(self, area: Area, home: Home, how: How) -> None:
        self.area, self.how = area, how
        self.place: Place = area.locate(home)
        self.counts_leg = how.measure_from == "address_point"
        self.snaps: dict[Mode, Snap | None] = {
            "walk": area.network.snap(self.place.point, "walk"),
            "road": area.network.snap(self.place.point, "road"),
        }
        check_leg(min(snap.leg_um for snap in self.snaps.values() if snap is not None), home.key, area.name)
        border = area.border
        self.border_mm = None if border is None else border.distance_mm(self.place.point)

    def search(self, mode: Mode, *, safe: bool = True, limit_um: float = np.inf) -> Search | None:
        """The shortest routes from the home on a network; None where it has no such network.

        On foot the stretches that are unsafe on the day are left out unless `safe` is False.
        """
        snap = self.snaps[mode]
        arcs = self.area.arcs(mode, self.how.on if safe else None)
        return None if snap is None else Search(arcs, snap, limit_um=limit_um)

    def leg_um(self, mode: Mode) -> int:
        """The straight leg from the home to the network, 0 where it does not count."""
        snap = self.snaps[mode]
        return snap.leg_um if self.counts_leg and snap is not None else 0

    def unsure_um(self, mode: Mode) -> int:
        """How far from the home the measuring may truly start, beyond what is counted."""
        snap = self.snaps[mode]
        return 0 if self.counts_leg or snap is None else snap.leg_um

    def straight_um(self, lon: Floats, lat: Floats) -> Wholes:
        """The straight lines from the home to these places."""
        here = self.place.point
        return inverse(np.full(len(lon), here[0]), np.full(len(lon), here[1]), lon, lat)[0]


def check_leg(leg_um: int, key: str, name: str) -> None:
    """Raises InputError where a home is too far from every road to be one."""
    if leg_um > FURTHEST_LEG_UM:
        raise InputError(
            f"{key} is {leg_um / 1e9:.1f} km from the nearest road of the area "
            f"{name}; expected a home within {FURTHEST_LEG_UM // 10**9} km of one"
        )


def limits(first_um: float, *, everything: bool) -> tuple[float, ...]:
    """How far to search, in micrometres: a bit more than a straight line, then twice and four times that, then on."""
    start = 1.4 * first_um + 5e8
    return (np.inf,) if everything else (start, 2 * start, 4 * start, np.inf)


def to_entrances(start: Start, search: Search | None, ends: Ends, mode: Mode) -> Floats:
    """Micrometres from the home to each entrance; infinite where that network holds no route within the search.

    The leg from the network to a gate counts, as the home's does; where only the register's point
    is known the route ends where the network passes nearest to it, unless that is too far (`FURTHEST_LEG_UM`).
    """
    if search is None:
        return np.full(len(ends.number), np.inf)
    found = start.leg_um(mode) + search.um_to_all(ends.spots(start.area.chains, mode))
    return np.where(ends.reached(mode), found, np.inf)


class Looking:
    """One home while its schools are measured, with what every length needs."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.ends = start.area.ends(start.how.school_entrance)
        self.straight_um = start.straight_um(self.ends.lon, self.ends.lat)
        unsure_um = max(start.unsure_um("walk"), start.unsure_um("road"))
        floors = self.ends.straight_floors_mm(self.straight_um, unsure_um).tolist()
        self.floors_of_far = [mm if far else None for mm, far in zip(floors, self.ends.far.tolist(), strict=True)]

    def lengths(self, mode: Mode, search: Search | None) -> list[Length | None]:
        """The length to each school in the order of the area's schools."""
        um = to_entrances(self.start, search, self.ends, mode)
        nearest = np.minimum.reduceat(um, self.ends.first)
        mm = [None if np.isinf(each) else millimetres(int(each)) for each in nearest.tolist()]
        if self.start.border_mm is None:
            return [None if each is None else Length(each, each) for each in mm]
        lows = np.minimum.reduceat(self._floors(mode, mm), self.ends.first).tolist()
        return [None if each is None else Length(each, min(each, low)) for each, low in zip(mm, lows, strict=True)]

    def _floors(self, mode: Mode, mm: list[int | None]) -> Wholes:
        """What a route to each entrance cannot be less than, roads beyond the border included.

        Either it stays inside, and is no shorter than the network's `mm`, or it runs to the border
        and back; and it is never shorter than the straight line. The true route may end at another
        entrance than the one nearest on this network.
        """
        ends, start = self.ends, self.start
        counts = np.diff(np.append(ends.first, len(ends.number)))
        inside = np.repeat(np.array([each or 0 for each in mm], dtype=np.int64), counts)
        end_um = np.where(ends.is_gate, 0, ends.legs_um[mode])
        unsure = -(-(start.unsure_um(mode) + end_um) // UM_PER_MM)
        straight = self.straight_um // UM_PER_MM - unsure
        outside = (start.border_mm or 0) + ends.border_mm - unsure
        found: Wholes = np.maximum(0, np.maximum(straight, np.minimum(inside, outside)))
        return found


class Found(NamedTuple):
    """A school as one home sees it; see `SchoolDistance`."""

    school: School
    walking: Length | None
    road: Length | None
    through_unsafe: Length | None
    at_least_mm: int | None


@dataclass(frozen=True)
class Seen:
    """What one home sees, whoever lives there: each school with its lengths, and the rest."""

    kind: str
    in_authority: bool | None
    found: tuple[Found, ...]
    border_mm: int | None
    transport_areas: frozenset[str] | None
    catchments: frozenset[str] | None
    assumptions: tuple[str, ...]


def look(area: Area, home: Home, how: How) -> Seen:
    """Measures a home; `Area.measure` keeps the last few, as each version and reading asks again."""
    start = Start(area, home, how)
    looking = Looking(start)
    walking = looking.lengths("walk", start.search("walk"))
    road = looking.lengths("road", start.search("road"))
    through: list[Length | None] = [None] * len(walking)
    if area.closed(how.on) and None in walking:
        unsafe = looking.lengths("walk", start.search("walk", safe=False))
        through = [None if safe else other for safe, other in zip(walking, unsafe, strict=True)]
    found = map(Found, area.schools.values(), walking, road, through, looking.floors_of_far)
    return seen_from(start, list(found), joined=any(walking) or any(through))


def seen_from(start: Start, found: Sequence[Found], *, joined: bool) -> Seen:
    """What a home sees of these schools; `joined` where it can walk to any at all."""
    area, point = start.area, start.place.point

    def key(each: Found) -> tuple[bool, int, str]:
        nearness = each.walking or each.through_unsafe
        return nearness is None, nearness.mm if nearness else 0, each.school.urn

    return Seen(
        kind=start.place.kind,
        in_authority=start.place.in_authority,
        found=tuple(sorted(found, key=key)),
        border_mm=_nearest_unheld(start),
        transport_areas=area.holders("transport_area", point),
        catchments=area.holders("catchment", point),
        assumptions=tuple(assumptions(area, start.how, start.place, joined=joined)),
    )


def for_pupil(seen: Seen, pupil: Pupil | None) -> HomeMeasurement:
    """What a home sees, with whether each school suits the pupil; not judged without one."""
    return HomeMeasurement(
        kind=seen.kind,
        in_authority=seen.in_authority,
        schools=tuple(
            SchoolDistance(
                each.school,
                each.walking,
                each.road,
                *(suitable(each.school, pupil) if pupil else (None, "")),
                each.through_unsafe,
                each.at_least_mm,
            )
            for each in seen.found
        ),
        border_mm=seen.border_mm,
        transport_areas=seen.transport_areas,
        catchments=seen.catchments,
        assumptions=seen.assumptions,
    )


def _nearest_unheld(start: Start) -> int | None:
    """No school that the area does not hold can be nearer than this, in millimetres."""
    if start.border_mm is None:
        return None
    unsure = -(-max(start.unsure_um("walk"), start.unsure_um("road")) // UM_PER_MM)
    lon, lat, leg_um = start.area.left_out
    floors = [start.border_mm - ENTRANCE_ALLOWANCE_MM, *((start.straight_um(lon, lat) - leg_um) // UM_PER_MM).tolist()]
    return int(max(0, min(floors) - unsure))
