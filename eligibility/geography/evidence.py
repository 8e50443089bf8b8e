"""The evidence for one distance: its line and its steps by street, and both as GeoJSON; `maps` draws it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from eligibility.geography.entrances import Ends
from eligibility.geography.ground import Floats, millimetres
from eligibility.geography.measure import How, Looking, Start, limits, to_entrances
from eligibility.geography.model import Home, Length, Mode, Point, Route, Step
from eligibility.geography.search import Search

if TYPE_CHECKING:
    from eligibility.geography.area import Area


def routes(
    area: Area, home: Home, urns: Sequence[str], mode: Mode, how: How, *, safe: bool = True
) -> dict[str, Route | None]:
    """The shortest route to each school on one network, found in one search; see `Area.route`."""
    start = Start(area, home, how)
    places = {area.school(urn).urn: area.place_of(urn) for urn in urns}
    ends = area.ends(how.school_entrance)
    search, found = _search(start, ends, list(places.values()), mode, safe=safe)
    if search is None:
        return dict.fromkeys(places)
    lengths = None if start.border_mm is None else Looking(start).lengths(mode, search)
    return {
        urn: _route(
            search,
            ends.of_school(place),
            found[place],
            _Asked(start, urn, mode, safe, lengths[place] if lengths is not None else None),
        )
        for urn, place in places.items()
    }


class _Asked(NamedTuple):
    """One route asked for; `length` is between what it lies, None where nothing lies beyond the area."""

    start: Start
    urn: str
    mode: Mode
    safe: bool
    length: Length | None


def _route(search: Search, ends: Ends, um: Floats, asked: _Asked) -> Route | None:
    """The route to the nearest of a school's entrances, `um` micrometres away; None where none is reached."""
    start, mode, how = asked.start, asked.mode, asked.start.how
    best = int(np.argmin(um))
    begin, end = start.snaps[mode], ends.snap(best, mode)
    if begin is None or end is None or np.isinf(um[best]):
        return None
    network = start.area.network
    length_mm = millimetres(int(um[best]))
    stretches: list[tuple[str, int, bool]] = [("", start.leg_um(mode), True)]
    line: list[Point] = [start.place.point] if start.counts_leg else []
    line.append(network.point(begin))
    for number, length, point in search.path_to(end):
        stretches.append((network.streets[int(network.street[number])], length, False))
        line.append(point)
    if ends.is_gate[best]:
        stretches.append(("", end.leg_um, True))
        line.append((float(ends.lon[best]), float(ends.lat[best])))
    return Route(
        urn=asked.urn,
        mode=mode,
        length_mm=length_mm,
        at_least_mm=asked.length.low if asked.length else length_mm,
        line=tuple(point for place, point in enumerate(line) if not place or point != line[place - 1]),
        steps=_steps(stretches),
        area=start.area.content_hash,
        home=start.place.kind,
        measure_from=how.measure_from,
        school_entrance=how.school_entrance,
        to_gate=bool(ends.is_gate[best]),
        on=how.on,
        safe=asked.safe,
    )


def unsafe_on_the_way(area: Area, home: Home, urn: str, how: How) -> tuple[str, ...]:
    """The stretches, unsafe on the day, along the shortest walk to a school; see `Area.unsafe_on_the_way`."""
    start, place = Start(area, home, how), area.place_of(urn)
    ends = area.ends(how.school_entrance)
    search, found = _search(start, ends, [place], "walk", safe=False)
    best = int(np.argmin(found[place]))
    end = ends.of_school(place).snap(best, "walk")
    if search is None or end is None or np.isinf(found[place][best]):
        return ()
    network = area.network
    along = {stretch for edge, *_ in search.path_to(end) for stretch in network.closings[int(network.closing[edge])]}
    closed = [area.stretches[stretch] for stretch in sorted(along)]
    return tuple(dict.fromkeys(stretch.said for stretch in closed if how.on and stretch.is_closed(how.on)))


def _search(
    start: Start, ends: Ends, places: Sequence[int], mode: Mode, *, safe: bool
) -> tuple[Search | None, dict[int, Floats]]:
    """A search that has found the shortest route to each school, no wider than it must be, and each one's lengths."""
    schools = {place: ends.of_school(place) for place in places}
    straight = max((float(start.straight_um(each.lon, each.lat).min()) for each in schools.values()), default=0.0)
    for limit_um in limits(straight, everything=False):
        search = start.search(mode, safe=safe, limit_um=limit_um)
        found = {place: to_entrances(start, search, each, mode) for place, each in schools.items()}
        # The shortest route is found once any route is no longer than the limit.
        if all(um.min() <= limit_um for um in found.values()):
            break
    return search, found


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
            "at_least_mm": found.at_least_mm,
            "area": found.area,
            "steps": [{"street": step.street, "mm": step.mm} for step in found.steps],
        },
        "geometry": {"type": "LineString", "coordinates": [list(point) for point in found.line]},
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    # On one line: with line breaks it takes four times as long, as much as finding the route.
    return json.dumps(collection, ensure_ascii=False) + "\n"
