"""Stretches that are unsafe to walk: which edges lie along them, and on which days.

A council draws a stretch on its own map, so its line need not be the network's. The network is cut where a stretch
ends, so that exactly what lies along it is left out, and an edge lies along a stretch if it keeps within
`WITHIN_METRES` of it and runs with it: a street that crosses does not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from eligibility.errors import EdtravelError
from eligibility.geography.ground import Floats, lines_of, plane
from eligibility.geography.join import Joined
from eligibility.geography.model import Point
from eligibility.geography.walked import Line, with_vertices

WITHIN_METRES = 10.0
"""How far from the drawn stretch an edge may run and still lie along it."""
RUNS_WITH = 0.8
"""How much of an edge's length the stretch must advance beside it, so that neither a crossing nor a corner counts."""


@dataclass(frozen=True)
class Stretch:
    """A stretch as the council gave it; a day that is None is open: unsafe since ever, or until further notice.

    `begins` is the first day and `ends` the last day on which it is left out.
    """

    name: str
    begins: dt.date | None
    ends: dt.date | None

    @property
    def said(self) -> str:
        """The stretch's name with its days, for a sentence."""
        days = [f"from {self.begins}"] * (self.begins is not None) + [f"until {self.ends}"] * (self.ends is not None)
        return " ".join([self.name or "a stretch without a name", *days])

    def is_closed(self, on: dt.date) -> bool:
        """Whether the stretch is left out on a day."""
        return (self.begins is None or self.begins <= on) and (self.ends is None or on <= self.ends)


def named(said: Sequence[str], most: int = 10) -> str:
    """What `Stretch.said` gives of several, in a list that names each once with its number, up to `most` of them."""
    counts = Counter(said)
    once = [f"{name} ({number:,} stretches)" if number > 1 else name for name, number in counts.items()]
    return "; ".join([*once[:most], *(["and others"] if len(once) > most else [])])


def day(text: str, what: str) -> dt.date | None:
    """A day as the area holds it, YYYY-MM-DD, or None for "". Raises EdtravelError."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise EdtravelError(f"{what} is not a day; expected YYYY-MM-DD, such as 2018-09-01") from None


def change_days(stretches: Sequence[Stretch]) -> list[dt.date]:
    """The days from which other stretches are left out than on the day before, in order."""
    begins = {each.begins for each in stretches if each.begins is not None}
    after = {
        each.ends + dt.timedelta(days=1) for each in stretches if each.ends is not None and each.ends < dt.date.max
    }
    return sorted(begins | after)


def cut(lines: Sequence[Line], stretches: Sequence[shapely.MultiLineString]) -> list[Line]:
    """The lines with a vertex more where a stretch beside them ends, so that an edge lies along it or does not."""
    if not stretches:
        return list(lines)
    segments = [(number, place) for number, line in enumerate(lines) for place in range(len(line.points) - 1)]
    ends = np.array([[lines[n].points[p], lines[n].points[p + 1]] for n, p in segments])
    tree = shapely.STRtree(lines_of(ends))
    extra: dict[int, dict[int, list[tuple[float, Point]]]] = {}
    for end, towards in _ends(stretches):
        for found in tree.query(shapely.Point(end).buffer(_degrees(end[1]))).tolist():
            share = _foot(end, towards, *ends[found].tolist())
            if share is not None:
                one, two = ends[found].tolist()
                point = tuple(round(a + share * (b - a), 9) for a, b in zip(one, two, strict=True))
                number, place = segments[found]
                extra.setdefault(number, {}).setdefault(place, []).append((share, (point[0], point[1])))
    return [with_vertices(line, extra[n]) if n in extra else line for n, line in enumerate(lines)]


def _ends(stretches: Sequence[shapely.MultiLineString]) -> Iterator[tuple[Point, Point]]:
    """The ends of stretches, each with the next vertex, which tells the way the stretch runs there."""
    for stretch in stretches:
        for part in shapely.get_parts(stretch).tolist():
            points = list(part.coords)
            if len(points) > 1:
                yield points[0][:2], points[1][:2]
                yield points[-1][:2], points[-2][:2]


def _foot(end: Point, towards: Point, one: Point, two: Point) -> float | None:
    """The share of a segment at which it passes nearest to a stretch's end; None where it is not beside it."""
    lon, lat = np.array([towards[0], one[0], two[0]]), np.array([towards[1], one[1], two[1]])
    east, north = plane(end, lon, lat)
    over, up = east[2] - east[1], north[2] - north[1]
    long, reach = float(np.hypot(over, up)), float(np.hypot(east[0], north[0]))
    if not long or not reach:
        return None
    if abs(over * east[0] + up * north[0]) < RUNS_WITH * long * reach:
        return None  # it crosses, or leaves at a corner
    share = float(-(east[1] * over + north[1] * up) / long**2)
    apart = float(np.hypot(east[1] + share * over, north[1] + share * up))
    return share if 0 < share < 1 and apart <= WITHIN_METRES else None


def _degrees(lat: float) -> float:
    """`WITHIN_METRES` in degrees of longitude at a latitude, and more than that in degrees of latitude."""
    return float(1.1 * WITHIN_METRES / (111_000 * np.cos(np.radians(lat))))


def lying_along(joined: Joined, stretches: Sequence[shapely.MultiLineString]) -> list[tuple[int, int]]:
    """(edge, stretch) for every walked edge that lies along a stretch, in order."""
    walked = [number for number, edge in enumerate(joined.edges) if edge.walk]
    if not stretches or not walked:
        return []
    ends = np.array([[joined.nodes[joined.edges[n].a], joined.nodes[joined.edges[n].b]] for n in walked])
    tree = shapely.STRtree(lines_of(ends))
    found: set[tuple[int, int]] = set()
    for number, stretch in enumerate(stretches):
        for part in shapely.get_parts(stretch).tolist():
            near = tree.query(part.buffer(_degrees(part.bounds[3])))
            beside = _beside(shapely.get_coordinates(part), ends[near])
            found |= {(walked[each], number) for each in near[beside].tolist()}
    return sorted(found)


def _beside(part: Floats, ends: Floats) -> Floats:
    """Which edges keep within reach of a part of a stretch and run with it."""
    origin = (float(part[0, 0]), float(part[0, 1]))
    line = shapely.LineString(np.stack(plane(origin, part[:, 0], part[:, 1]), axis=1))
    flat = [np.stack(plane(origin, ends[:, side, 0], ends[:, side, 1]), axis=1) for side in (0, 1)]
    points = [shapely.points(each) for each in flat]
    # Its middle too: a long edge may leave the stretch and come back to it.
    middle = shapely.points((flat[0] + flat[1]) / 2)
    near = [shapely.distance(each, line) <= WITHIN_METRES for each in (*points, middle)]
    advance = np.abs(shapely.line_locate_point(line, points[1]) - shapely.line_locate_point(line, points[0]))
    long = np.hypot(*(flat[1] - flat[0]).T)
    found: Floats = near[0] & near[1] & near[2] & (advance >= RUNS_WITH * long)
    return found
