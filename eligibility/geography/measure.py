"""Measures one home: the shortest route to every school on both networks, and what bounds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eligibility.errors import InputError, UsageError
from eligibility.geography.ground import UM_PER_MM, geodesic_um, millimetres
from eligibility.geography.model import (
    Home,
    HomeMeasurement,
    Length,
    Mode,
    Point,
    Pupil,
    School,
    SchoolDistance,
)
from eligibility.geography.network import Search, Snap
from eligibility.geography.suitability import suitable

if TYPE_CHECKING:
    from eligibility.geography.area import Area, Entrance, Place

MEASURE_FROM = ("address_point", "property_meets_road")
# A home further than this from every road is a wrong grid reference sooner than a remote house.
FURTHEST_LEG_UM = 2_000_000_000
# A school beyond the border may have its entrance this side of it; no entrance is taken to stand
# further than this from where the register puts its school.
ENTRANCE_ALLOWANCE_MM = 300_000


class Start:
    """A home ready to be measured from: its snap on a network and whether the leg counts."""

    def __init__(self, area: Area, home: Home, measure_from: str) -> None:
        if measure_from not in MEASURE_FROM:
            raise UsageError(f"measure_from is {measure_from}; expected {' or '.join(MEASURE_FROM)}")
        self.area = area
        self.place: Place = area.locate(home)
        self.counts_leg = measure_from == "address_point"
        self.snaps: dict[Mode, Snap | None] = {
            "walk": area.network.snap(self.place.point, "walk"),
            "road": area.network.snap(self.place.point, "road"),
        }
        nearest_um = min(snap.leg_um for snap in self.snaps.values() if snap is not None)
        if nearest_um > FURTHEST_LEG_UM:
            raise InputError(
                f"{home.key} is {nearest_um / 1e9:.1f} km from the nearest road of the area "
                f"{area.name}; expected a home within {FURTHEST_LEG_UM // 10**9} km of one"
            )
        border = area.border
        self.border_mm = None if border is None else border.distance_mm(self.place.point)

    def search(self, mode: Mode) -> Search | None:
        """The shortest routes from the home on a network; None where it has no such network."""
        snap = self.snaps[mode]
        return None if snap is None else self.area.network.search(snap, mode)

    def leg_um(self, mode: Mode) -> int:
        """The straight leg from the home to the network, 0 where it does not count."""
        snap = self.snaps[mode]
        return snap.leg_um if self.counts_leg and snap is not None else 0

    def unsure_um(self, mode: Mode) -> int:
        """How far from the home the measuring may truly start, beyond what is counted."""
        snap = self.snaps[mode]
        return 0 if self.counts_leg or snap is None else snap.leg_um


def shortest(start: Start, search: Search | None, entrances: list[Entrance], mode: Mode) -> tuple[int, Entrance] | None:
    """(micrometres, entrance) of the shortest route to the nearest of a school's entrances.

    The leg from the network to a gate counts, as the home's does; where only the register's point
    is known the route ends where the network passes nearest to it.
    """
    if search is None:
        return None
    found: list[tuple[int, int, Entrance]] = []
    for number, entrance in enumerate(entrances):
        snap = entrance.snaps[mode]
        along = None if snap is None else search.um_to(snap)
        if snap is not None and along is not None:
            gate_um = snap.leg_um if entrance.is_gate else 0
            found.append((start.leg_um(mode) + along + gate_um, number, entrance))
    if not found:
        return None
    um, _, entrance = min(found, key=lambda each: each[:2])
    return um, entrance


def _length(start: Start, search: Search | None, entrances: list[Entrance], mode: Mode) -> Length | None:
    best = shortest(start, search, entrances, mode)
    if best is None:
        return None
    mm = millimetres(best[0])
    if start.border_mm is None:
        return Length(mm, mm)
    # The true route may end at another entrance than the one nearest on this network.
    floors = [_floor(start, entrance, mode, mm) for entrance in entrances]
    return Length(mm, min([mm, *floors]))


def _floor(start: Start, entrance: Entrance, mode: Mode, mm: int) -> int:
    """What a route to this entrance cannot be less than, roads beyond the border included.

    Either it stays inside, and is no shorter than the network's `mm`, or it runs to the border
    and back; and it is never shorter than the straight line.
    """
    snap = entrance.snaps[mode]
    end_um = 0 if entrance.is_gate or snap is None else snap.leg_um
    unsure = -(-(start.unsure_um(mode) + end_um) // UM_PER_MM)
    straight = geodesic_um(start.place.point, entrance.place) // UM_PER_MM - unsure
    outside = (start.border_mm or 0) + (entrance.border_mm or 0) - unsure
    return max(0, straight, min(mm, outside))


@dataclass(frozen=True)
class Seen:
    """What one home sees, whoever lives there: each school with its lengths, and the rest."""

    kind: str
    in_authority: bool | None
    lengths: tuple[tuple[School, Length | None, Length | None], ...]
    border_mm: int | None
    transport_areas: frozenset[str] | None
    catchments: frozenset[str] | None
    assumptions: tuple[str, ...]


def look(area: Area, home: Home, measure_from: str) -> Seen:
    """Measures a home; `Area.measure` keeps the last few, as each version and reading asks again."""
    start = Start(area, home, measure_from)
    walk, road = start.search("walk"), start.search("road")
    lengths = []
    for urn, school in area.schools.items():
        entrances = area.entrances[urn]
        walking = _length(start, walk, entrances, "walk")
        lengths.append((school, walking, _length(start, road, entrances, "road")))
    lengths.sort(key=lambda each: (each[1] is None, each[1].mm if each[1] else 0, each[0].urn))
    point = start.place.point
    return Seen(
        kind=start.place.kind,
        in_authority=start.place.in_authority,
        lengths=tuple(lengths),
        border_mm=_nearest_unheld(area, start),
        transport_areas=area.holders("transport_area", point),
        catchments=area.holders("catchment", point),
        assumptions=tuple(_assumptions(area, start, joined=lengths[0][1] is not None)),
    )


def for_pupil(seen: Seen, pupil: Pupil | None) -> HomeMeasurement:
    """What a home sees, with whether each school suits the pupil; not judged without one."""
    return HomeMeasurement(
        kind=seen.kind,
        in_authority=seen.in_authority,
        schools=tuple(
            SchoolDistance(school, walking, road, *(suitable(school, pupil) if pupil else (None, "")))
            for school, walking, road in seen.lengths
        ),
        border_mm=seen.border_mm,
        transport_areas=seen.transport_areas,
        catchments=seen.catchments,
        assumptions=seen.assumptions,
    )


def _nearest_unheld(area: Area, start: Start) -> int | None:
    """No school that the area does not hold can be nearer than this, in millimetres."""
    if start.border_mm is None:
        return None
    unsure = -(-max(start.unsure_um("walk"), start.unsure_um("road")) // UM_PER_MM)
    floors = [start.border_mm - ENTRANCE_ALLOWANCE_MM]
    for _, lon, lat, leg_um in area.rows("left_out_school"):
        place: Point = (float(lon or 0), float(lat or 0))
        floors.append((geodesic_um(start.place.point, place) - int(leg_um or 0)) // UM_PER_MM)
    return max(0, min(floors) - unsure)


def _assumptions(area: Area, start: Start, *, joined: bool) -> list[str]:
    said = []
    if not joined:
        said.append(
            "The road nearest to the home is not joined to the rest of the network, so no walking route "
            "could be measured."
        )
    if start.place.kind == "postcode_centre":
        said.append("The home is taken to be at the centre of its postcode, an estimate of its address.")
    if not area.has_paths:
        said.append("The network holds no footpaths, so a shorter walking route may exist.")
    without = sum(not any(e.is_gate for e in found) for found in area.entrances.values())
    if without:
        said.append(
            "Where a school's gates are not known, its entrance is taken to be where the network "
            f"passes nearest to the register's point ({without} of {len(area.schools)} schools)."
        )
    if area.settings.get("coverage") == "derived":
        said.append(
            "The land the network covers is derived from its roads (no further than 500 m from "
            "one), as no boundary was given."
        )
    if stretches := area.count("unsafe"):
        said.append(
            f"The area records stretches as unsafe to walk ({stretches}); the walking route does not avoid them, "
            "and whether it uses one is for the officer."
        )
    return said
