"""Joins paths that were drawn on another map than the roads, where the council says so.

A council's definitive map draws a footpath to the edge of the highway, and a map of roads draws their middle: the two
share no vertex, so nothing would ever be walked from one to the other. Asked to, each end of a path that meets nothing
is led on straight to the nearest road, and to the nearest other path, within so many metres; and where a path crosses
one on the level they meet. A file that says itself where its lines meet, such as OpenStreetMap's, is left as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from eligibility.geography.ground import Floats, Wholes, lines_of, plane
from eligibility.geography.join import levels_meeting
from eligibility.geography.model import Point
from eligibility.geography.walked import Line, with_vertices

USUAL_METRES = 10
"""What is proposed where many ends are loose: half of a wide road and its verge. It joins nothing by itself."""


@dataclass(frozen=True)
class Ends:
    """Of `all` ends of paths, `loose` meet nothing and `near` of these come near enough to another way to be led on.

    `crossings` is at how many places a path crosses another way on the level.
    """

    all: int
    loose: int
    near: int
    crossings: int

    def says(self, within: int, *, joined: bool) -> str:
        """A sentence for whoever builds the area."""
        loose = f"{self.loose:,} of {self.all:,} ends of paths meet no other way"
        if joined:
            return (
                f"{loose}; {self.near:,} of them were led on to the nearest within {within} m, and at "
                f"{self.crossings:,} places where a path crosses another way on the level the two were joined"
            )
        return (
            f"{loose}, so no route goes on from there; {self.near:,} of them come within {within} m of one, and "
            f"--join-paths {within} leads them on to it"
        )


def join_paths(roads: Sequence[Line], paths: Sequence[Line], within: int) -> tuple[list[Line], Ends]:
    """The lines of both with the paths joined, and what was joined; `within` is in whole metres."""
    work = _Work(roads, paths, within)
    led = [stretch for end in work.loose for stretch in work.led_on(end)]
    crossings = work.cross()
    near = len({stretch.points[0] for stretch in led})
    # Two ends that face each other are led on to one another: that is one stretch.
    once = {tuple(sorted(stretch.points)): stretch for stretch in sorted(led, key=lambda each: each.points)}
    # An end that lies on a road already meets it where the road now has a vertex.
    apart = [stretch for stretch in once.values() if stretch.points[0] != stretch.points[1]]
    return [*work.changed(), *apart], Ends(2 * len(work.paths), len(work.loose), near, crossings)


@dataclass(frozen=True)
class _End:
    """One end of a path that meets nothing: its line's number, and which vertex of it."""

    line: int
    vertex: int


class _Work:
    """The lines of both kinds, those of roads first, and the vertices they are to get."""

    def __init__(self, roads: Sequence[Line], paths: Sequence[Line], within: int) -> None:
        self.lines = [*roads, *paths]
        self.first_path, self.within = len(roads), within
        self.paths = [n for n in range(len(roads), len(self.lines)) if self.lines[n].walk and not self.lines[n].levels]
        self.extra: dict[int, dict[int, list[tuple[float, Point]]]] = defaultdict(lambda: defaultdict(list))
        walked = [number for number, line in enumerate(self.lines) if line.walk]
        self.owner: Wholes = np.repeat(walked, [len(self.lines[n].points) - 1 for n in walked])
        self.place: Wholes = np.concatenate(
            [np.empty(0, np.int64), *(np.arange(len(self.lines[n].points) - 1) for n in walked)]
        )
        pairs = [pair for n in walked for pair in zip(self.lines[n].points, self.lines[n].points[1:], strict=False)]
        self.ends: Floats = np.array(pairs, dtype=np.float64).reshape(-1, 2, 2)
        self.tree = shapely.STRtree(lines_of(self.ends) if pairs else [])
        self._level = levels_meeting(self.lines)

    @cached_property
    def loose(self) -> list[_End]:
        """The ends of paths that share their place with no other vertex of a walked line."""
        met = Counter(point for line in self.lines if line.walk for point in line.points)
        return [
            _End(number, vertex)
            for number in self.paths
            for vertex in (0, len(self.lines[number].points) - 1)
            if met[self.lines[number].points[vertex]] == 1
        ]

    def led_on(self, end: _End) -> Iterator[Line]:
        """The straight stretches from a loose end to the nearest road, and to the nearest other path."""
        path = self.lines[end.line]
        here = path.points[end.vertex]
        reach = 1.1 * self.within / (111_000 * np.cos(np.radians(here[1])))
        near = self.tree.query(shapely.Point(here).buffer(reach))
        near = near[self.owner[near] != end.line]
        metres, shares = _feet(here, self.ends[near])
        for of_path in (False, True):
            chosen = np.flatnonzero((metres <= self.within) & ((self.owner[near] >= self.first_path) == of_path))
            if len(chosen):
                found = [(float(metres[n]), self._foot(int(near[n]), float(shares[n])), int(near[n])) for n in chosen]
                _, foot, segment = min(found)
                level = self._meet(segment, foot, path.level)
                yield Line(
                    (here, foot),
                    path.street,
                    walk=True,
                    forward=False,
                    back=False,
                    level=path.level,
                    kind="path",
                    levels=(path.level, level),
                )

    def _foot(self, segment: int, share: float) -> Point:
        one, two = self.ends[segment].tolist()
        return round(one[0] + share * (two[0] - one[0]), 9), round(one[1] + share * (two[1] - one[1]), 9)

    def _meet(self, segment: int, point: Point, level: int) -> int:
        """Has a line meet others at a point of one of its segments; the level at which it does."""
        number, place = int(self.owner[segment]), int(self.place[segment])
        line = self.lines[number]
        for vertex in (place, place + 1):
            if line.points[vertex] == point:
                return line.levels[vertex] if line.levels else self._level(point, line.level)
        one, two = self.ends[segment]
        along = float(np.dot(np.array(point) - one, two - one) / np.dot(two - one, two - one))
        self.extra[number][place].append((along, point))
        return level if line.levels else line.level

    def cross(self) -> int:
        """Has paths meet what they cross on the level; at how many places."""
        mine = np.flatnonzero(np.isin(self.owner, self.paths))
        if not len(mine):
            return 0
        one, two = self.tree.query(lines_of(self.ends[mine]), predicate="intersects")
        one = mine[one]
        apart = (self.owner[one] != self.owner[two]) & ~_share_an_end(self.ends[one], self.ends[two])
        found: set[Point] = set()
        for this, other in zip(one[apart].tolist(), two[apart].tolist(), strict=True):
            path, line = self.lines[int(self.owner[this])], self.lines[int(self.owner[other])]
            heights = {line.levels[0], line.levels[-1]} if line.levels else {line.level}
            point = shapely.intersection(*lines_of(self.ends[[this, other]]))
            if heights != {path.level} or not isinstance(point, shapely.Point):
                continue
            at = (round(point.x, 9), round(point.y, 9))
            for segment in (this, other):
                self._meet(segment, at, path.level)
            found.add(at)
        return len(found)

    def changed(self) -> list[Line]:
        """The lines with the vertices at which others meet them."""
        return [
            with_vertices(line, self.extra[number], level=0) if number in self.extra else line
            for number, line in enumerate(self.lines)
        ]


def _feet(here: Point, ends: Floats) -> tuple[Floats, Floats]:
    """How far segments pass from a place, in metres, and at which share of each."""
    (ax, ay), (bx, by) = (plane(here, ends[:, side, 0], ends[:, side, 1]) for side in (0, 1))
    over, up = bx - ax, by - ay
    squared = np.maximum(over * over + up * up, 1e-12)
    share = np.clip(-(ax * over + ay * up) / squared, 0.0, 1.0)
    return np.hypot(ax + share * over, ay + share * up), share


def _share_an_end(one: Floats, two: Floats) -> NDArray[np.bool_]:
    same = [(one[:, a] == two[:, b]).all(axis=1) for a in (0, 1) for b in (0, 1)]
    found: NDArray[np.bool_] = np.any(same, axis=0)
    return found
