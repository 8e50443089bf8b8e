"""The evidence for one distance: its line, its steps by street, as GeoJSON or drawn as SVG."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from eligibility.geography.entrances import Ends
from eligibility.geography.ground import millimetres, plane
from eligibility.geography.measure import How, Start, limits, to_entrances
from eligibility.geography.model import Home, Mode, Point, Route, Step
from eligibility.geography.search import Search

if TYPE_CHECKING:
    from eligibility.geography.area import Area

_WIDTH, _MARGIN = 640, 24


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
    stretches: list[tuple[str, int]] = [("", start.leg_um(mode))]
    line: list[Point] = [start.place.point] if start.counts_leg else []
    line.append(network.point(begin))
    for number, length, point in search.path_to(end):
        stretches.append((network.streets[int(network.street[number])], length))
        line.append(point)
    if chosen.is_gate[best]:
        stretches.append(("", end.leg_um))
        line.append((float(chosen.lon[best]), float(chosen.lat[best])))
    return Route(
        urn=school.urn,
        mode=mode,
        length_mm=millimetres(int(found[best])),
        line=tuple(point for place, point in enumerate(line) if not place or point != line[place - 1]),
        steps=_steps(stretches),
        area=area.content_hash,
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


def _steps(stretches: list[tuple[str, int]]) -> tuple[Step, ...]:
    merged: list[tuple[str, int]] = []
    for street, um in stretches:
        if not um:
            continue
        if merged and merged[-1][0] == street:
            merged[-1] = (street, merged[-1][1] + um)
        else:
            merged.append((street, um))
    return tuple(Step(street, millimetres(um)) for street, um in merged)


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


def svg(area: Area, found: Route) -> str:
    """The route drawn over the roads around it, north up, the school as a square."""
    middle = found.line[len(found.line) // 2]
    nodes = plane(middle, area.network.lon, area.network.lat)
    points = np.array(found.line)
    east, north = plane(middle, points[:, 0], points[:, 1])
    left, right = float(east.min()), float(east.max())
    low, high = float(north.min()), float(north.max())
    around = max(right - left, high - low, 100.0) * 0.1
    left, right, low, high = left - around, right + around, low - around, high + around
    scale = (_WIDTH - 2 * _MARGIN) / max(right - left, high - low)
    height = round((high - low) * scale) + 2 * _MARGIN

    def at(x: float, y: float) -> str:
        return f"{_MARGIN + (x - left) * scale:.1f},{_MARGIN + (high - y) * scale:.1f}"

    inside = (nodes[0] > left) & (nodes[0] < right) & (nodes[1] > low) & (nodes[1] < high)
    roads = " ".join(
        f"M{at(nodes[0][edge.a], nodes[1][edge.a])}L{at(nodes[0][edge.b], nodes[1][edge.b])}"
        for edge in area.network.edges
        if inside[edge.a] and inside[edge.b]
    )
    drawn = " ".join(at(x, y) for x, y in zip(east.tolist(), north.tolist(), strict=True))
    home_x, home_y = at(float(east[0]), float(north[0])).split(",")
    end_x, end_y = at(float(east[-1]), float(north[-1])).split(",")
    school = area.school(found.urn).name
    how = "walking" if found.mode == "walk" else "road"
    title = f"{school}: {found.length_mm / 1000:,.3f} m by {how}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f'<path d="{roads}" fill="none" stroke="#b8b8b8" stroke-width="1.5"/>\n'
        f'<polyline points="{drawn}" fill="none" stroke="#0b5394" stroke-width="3.5"/>\n'
        f'<circle cx="{home_x}" cy="{home_y}" r="6" fill="#0b5394"/>\n'
        f'<rect x="{float(end_x) - 6:.1f}" y="{float(end_y) - 6:.1f}" width="12" height="12"'
        ' fill="#a61c00"/>\n</svg>\n'
    )
