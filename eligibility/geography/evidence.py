"""The evidence for one distance: its line and its steps by street, and both as GeoJSON; `maps` draws it."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from eligibility.geography.entrances import Ends
from eligibility.geography.ground import millimetres
from eligibility.geography.measure import How, Start, limits, to_entrances
from eligibility.geography.model import Home, Mode, Point, Route, Step
from eligibility.geography.search import Search

if TYPE_CHECKING:
    from eligibility.geography.area import Area


def route(area: Area, home: Home, urn: str, mode: Mode, how: How, *, safe: bool = True) -> Route | None:
    """The shortest route to a school on one network; see `Area.route`."""
    school = area.school(urn)
    start = Start(area, home, how)
    ends = area.ends(how.school_entrance)
    place = list(area.schools).index(school.urn)
    chosen = ends.of_school(place)
    search = _search(start, mode, chosen, safe=safe)
    found = to_entrances(start, search, chosen, mode)
    best = int(np.argmin(found))
    begin, end = start.snaps[mode], chosen.snap(best, mode)
    if search is None or begin is None or end is None or np.isinf(found[best]):
        return None
    network = area.network
    stretches: list[tuple[str, int, bool]] = [("", start.leg_um(mode), True)]
    line: list[Point] = [start.place.point] if start.counts_leg else []
    line.append(network.point(begin))
    for number, length, point in search.path_to(end):
        stretches.append((network.streets[int(network.street[number])], length, False))
        line.append(point)
    if chosen.is_gate[best]:
        stretches.append(("", end.leg_um, True))
        line.append((float(chosen.lon[best]), float(chosen.lat[best])))
    return Route(
        urn=school.urn,
        mode=mode,
        length_mm=millimetres(int(found[best])),
        line=tuple(point for place, point in enumerate(line) if not place or point != line[place - 1]),
        steps=_steps(stretches),
        area=area.content_hash,
        home=start.place.kind,
        measure_from=how.measure_from,
        school_entrance=how.school_entrance,
        to_gate=bool(chosen.is_gate[best]),
        on=how.on,
        safe=safe,
    )


def unsafe_on_the_way(area: Area, home: Home, urn: str, how: How) -> tuple[str, ...]:
    """The stretches, unsafe on the day, along the shortest walk to a school; see `Area.unsafe_on_the_way`."""
    start = Start(area, home, how)
    ends = area.ends(how.school_entrance).of_school(list(area.schools).index(area.school(urn).urn))
    search = _search(start, "walk", ends, safe=False)
    found = to_entrances(start, search, ends, "walk")
    best = int(np.argmin(found))
    end = ends.snap(best, "walk")
    if search is None or end is None or np.isinf(found[best]):
        return ()
    network = area.network
    along = {stretch for edge, *_ in search.path_to(end) for stretch in network.closings[int(network.closing[edge])]}
    closed = [area.stretches[stretch] for stretch in sorted(along)]
    return tuple(dict.fromkeys(stretch.said for stretch in closed if how.on and stretch.is_closed(how.on)))


def _search(start: Start, mode: Mode, ends: Ends, *, safe: bool) -> Search | None:
    """A search that has found the shortest route, no wider than it must be."""
    straight = float(start.straight_um(ends.lon, ends.lat).min())
    for limit_um in limits(straight, everything=False):
        search = start.search(mode, safe=safe, limit_um=limit_um)
        # The shortest route is found once any route is no longer than the limit.
        if to_entrances(start, search, ends, mode).min() <= limit_um:
            return search
    return search


def _steps(stretches: list[tuple[str, int, bool]]) -> tuple[Step, ...]:
    merged: list[tuple[str, int, bool]] = []
    for street, um, is_leg in stretches:
        if merged and (merged[-1][0], merged[-1][2]) == (street, is_leg):
            merged[-1] = (street, merged[-1][1] + um, is_leg)
        elif um:
            merged.append((street, um, is_leg))
    ends = [millimetres(um) for um in accumulate((um for _, um, _ in merged), initial=0)]
    steps = (
        Step(street, end - begin, is_leg)
        for (street, _, is_leg), begin, end in zip(merged, ends, ends[1:], strict=False)
    )
    return tuple(step for step in steps if step.mm)


def geojson(found: Route) -> str:
    """The route as a GeoJSON feature, WGS84 degrees; length in millimetres. No home is named."""
    feature = {
        "type": "Feature",
        "properties": {
            "urn": found.urn,
            "network": found.mode,
            "length_mm": found.length_mm,
            "area": found.area,
            "steps": [{"street": step.street, "mm": step.mm} for step in found.steps],
        },
        "geometry": {"type": "LineString", "coordinates": [list(point) for point in found.line]},
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    return json.dumps(collection, ensure_ascii=False, indent=1) + "\n"
