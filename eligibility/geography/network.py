"""The network: joined from lines, snapped to along its edges, searched for shortest routes.

Lengths are whole micrometres, so sums are exact whatever their order. Every vertex of a line is a
node and every straight stretch between two vertices an edge; parallel edges are therefore copies
of one stretch and are merged, each mode keeping what any copy allowed.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eligibility.geography.ground import Floats, geodesic_past_um, geodesic_um, scales
from eligibility.geography.model import Mode, Point
from eligibility.geography.shapes import Line

Bools = NDArray[np.bool_]


class Edge(NamedTuple):
    """A straight stretch from node `a` to node `b` (`a` < `b`), `um` micrometres long."""

    a: int
    b: int
    um: int
    walk: bool
    forward: bool
    back: bool
    street: str


@dataclass(frozen=True)
class Joined:
    """Lines joined at shared vertices, with what was left out on the way."""

    nodes: list[Point]
    edges: list[Edge]
    zero_length: int
    duplicates: int


@dataclass(frozen=True)
class Snap:
    """The point of a network nearest to a place: `along_um` from the edge's node `a`.

    `leg_um` is the straight line between the place and the point.
    """

    edge: int
    along_um: int
    leg_um: int


def join(lines: Iterable[Line]) -> Joined:
    """Joins lines where they share a vertex, to the billionth of a degree (a tenth of a mm).

    Lines of different `level` join only where both end: a bridge does not meet the road below,
    even where that road is cut in two under it. A line that gives the level of each vertex itself
    (`levels`) joins where both place and level are the same, and nowhere else. Nodes and edges come
    out in an order that does not depend on the order of the lines.
    """
    lines = list(lines)
    ends: dict[Point, set[int]] = defaultdict(set)
    for line in lines:
        if not line.levels:
            ends[line.points[0]].add(line.level)
            ends[line.points[-1]].add(line.level)

    def key(point: Point, level: int) -> tuple[float, float, int]:
        meeting = ends.get(point, ())
        return (*point, min(meeting) if level in meeting else level)

    stretches: dict[tuple[tuple[float, float, int], tuple[float, float, int]], list[Line]]
    stretches = defaultdict(list)
    zero = 0
    for line in lines:
        if line.levels:
            keys = [(*point, level) for point, level in zip(line.points, line.levels, strict=True)]
        else:
            keys = [key(point, line.level) for point in line.points]
        for one, two in pairwise(keys):
            if one[:2] == two[:2]:
                zero += 1
            elif one < two:
                stretches[one, two].append(line)
            else:
                stretches[two, one].append(_turned(line))
    found = sorted({end for pair in stretches for end in pair})
    number = {end: place for place, end in enumerate(found)}
    nodes = [(lon, lat) for lon, lat, _ in found]
    pairs = sorted(stretches)
    lengths = _geodesic_um([one[:2] for one, _ in pairs], [two[:2] for _, two in pairs])
    edges = [
        Edge(
            number[one],
            number[two],
            um,
            walk=any(line.walk for line in stretches[one, two]),
            forward=any(line.forward for line in stretches[one, two]),
            back=any(line.back for line in stretches[one, two]),
            street=min((line.street for line in stretches[one, two] if line.street), default=""),
        )
        for (one, two), um in zip(pairs, lengths, strict=True)
    ]
    duplicates = sum(len(same) - 1 for same in stretches.values())
    return Joined(nodes, edges, zero, duplicates)


def _turned(line: Line) -> Line:
    return replace(line, forward=line.back, back=line.forward)


def _geodesic_um(starts: Sequence[Point], ends: Sequence[Point]) -> list[int]:
    from pyproj import Geod  # loaded only where a network is built

    if not starts:
        return []
    one, two = np.array(starts), np.array(ends)
    metres = Geod(ellps="WGS84").inv(one[:, 0], one[:, 1], two[:, 0], two[:, 1])[2]
    return [round(each * 1e6) for each in metres.tolist()]


class Network:
    """A joined network to snap to and search. `nodes` in degrees, edges as in `Edge`."""

    def __init__(self, nodes: Floats, edges: Sequence[Edge]) -> None:
        self.lon, self.lat = nodes[:, 0], nodes[:, 1]
        self.edges = edges
        self._a = np.array([edge.a for edge in edges], dtype=np.int64)
        self._b = np.array([edge.b for edge in edges], dtype=np.int64)

    @cached_property
    def _usable(self) -> dict[Mode, Bools]:
        walk = np.array([edge.walk for edge in self.edges], dtype=bool)
        road = np.array([edge.forward or edge.back for edge in self.edges], dtype=bool)
        return {"walk": walk, "road": road}

    def node(self, number: int) -> Point:
        """Where a node is."""
        return float(self.lon[number]), float(self.lat[number])

    def point(self, snap: Snap) -> Point:
        """Where a snapped point is, to draw it: right to a millimetre or so along a long edge."""
        edge = self.edges[snap.edge]
        return self._between(edge, snap.along_um / edge.um)

    def snap(self, place: Point, mode: Mode) -> Snap | None:
        """The nearest point along any edge of a mode, never merely the nearest node.

        Of edges equally near, to the micrometre, the one with the lowest number is taken. None
        where the mode has no edge.
        """
        usable = np.flatnonzero(self._usable[mode])
        if not len(usable):
            return None
        a, b = self._a[usable], self._b[usable]
        lon, lat = self.lon[a] - place[0], self.lat[a] - place[1]
        over, up = self.lon[b] - self.lon[a], self.lat[b] - self.lat[a]
        share: Floats = np.full(len(usable), 0.5)
        for _ in range(2):
            # A stretch is straight in degrees, so each is measured in degrees scaled as they are halfway
            # to its nearest point; twice, as that point is not known at first.
            east, north = scales(place[1] + (lat + share * up) / 2)
            towards = lon * over * east**2 + lat * up * north**2
            share = np.clip(-towards / ((over * east) ** 2 + (up * north) ** 2), 0.0, 1.0)
        apart = np.rint(np.hypot((lon + share * over) * east, (lat + share * up) * north) * 1e6)
        best = int(np.argmin(apart))
        number = int(usable[best])
        edge = self.edges[number]
        point = self._between(edge, self._foot(edge, place, float(share[best])))
        along_um = min(geodesic_um(self.node(edge.a), point), edge.um)
        return Snap(number, along_um, geodesic_um(place, point))

    def _foot(self, edge: Edge, place: Point, share: float) -> float:
        """Where on an edge its nearest point to `place` is, from a share that is right to millimetres.

        Slides along the edge until the geodesic from `place` meets it at a right angle.
        """
        start, end = self.node(edge.a), self.node(edge.b)
        for _ in range(3):
            point = self._between(edge, share)
            east, north = (float(each) for each in scales(np.float64(point[1])))
            bearing = math.atan2((end[0] - start[0]) * east, (end[1] - start[1]) * north)
            share -= geodesic_past_um(place, point, bearing) / edge.um
            share = min(max(share, 0.0), 1.0)
        return share

    def _between(self, edge: Edge, share: float) -> Point:
        start, end = self.node(edge.a), self.node(edge.b)
        return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])

    def search(self, start: Snap, mode: Mode) -> Search:
        """The shortest routes from a snapped point to every node."""
        return Search(self, start, mode)

    @cached_property
    def _neighbours(self) -> dict[Mode, list[list[tuple[int, int, int]]]]:
        walk: list[list[tuple[int, int, int]]] = [[] for _ in range(len(self.lon))]
        road: list[list[tuple[int, int, int]]] = [[] for _ in range(len(self.lon))]
        for number, edge in enumerate(self.edges):
            if edge.walk:
                walk[edge.a].append((edge.b, edge.um, number))
                walk[edge.b].append((edge.a, edge.um, number))
            if edge.forward:
                road[edge.a].append((edge.b, edge.um, number))
            if edge.back:
                road[edge.b].append((edge.a, edge.um, number))
        return {"walk": walk, "road": road}

    def ways(self, edge: Edge, mode: Mode) -> tuple[bool, bool]:
        """Whether an edge may be used from a to b, and from b to a."""
        return (edge.walk, edge.walk) if mode == "walk" else (edge.forward, edge.back)

    def neighbours(self, mode: Mode) -> list[list[tuple[int, int, int]]]:
        """For each node the (next node, micrometres, edge) that a mode may take."""
        return self._neighbours[mode]


class Search:
    """Dijkstra's algorithm from one snapped point, in whole micrometres, so without rounding.

    Written on the standard library's heap: for one home it is over before SciPy has loaded.
    """

    def __init__(self, network: Network, start: Snap, mode: Mode) -> None:
        self._network, self._start, self._mode = network, start, mode
        edge = network.edges[start.edge]
        forward, back = network.ways(edge, mode)
        self._um: dict[int, int] = {}
        self._came: dict[int, tuple[int, int]] = {}
        heap: list[tuple[int, int, int, int]] = []  # micrometres, node, from node, by edge
        if forward:
            heap.append((edge.um - start.along_um, edge.b, -1, start.edge))
        if back:
            heap.append((start.along_um, edge.a, -1, start.edge))
        heapq.heapify(heap)
        around = network.neighbours(mode)
        done = self._um
        while heap:
            far, node, origin, by = heapq.heappop(heap)
            if node in done:
                continue
            done[node] = far
            self._came[node] = (origin, by)
            for following, um, number in around[node]:
                if following not in done:
                    heapq.heappush(heap, (far + um, following, node, number))

    def um_to(self, end: Snap) -> int | None:
        """Micrometres along the network to a snapped point; None where it cannot be reached."""
        best = self._best(end)
        return None if best is None else best[0]

    def _best(self, end: Snap) -> tuple[int, int] | None:
        """(micrometres, last node or -1 where start and end share an edge) of the shortest."""
        edge = self._network.edges[end.edge]
        forward, back = self._network.ways(edge, self._mode)
        choices: list[tuple[int, int]] = []
        if end.edge == self._start.edge:
            ahead = end.along_um - self._start.along_um
            if (ahead >= 0 and forward) or (ahead <= 0 and back):
                choices.append((abs(ahead), -1))
        if forward and edge.a in self._um:
            choices.append((self._um[edge.a] + end.along_um, edge.a))
        if back and edge.b in self._um:
            choices.append((self._um[edge.b] + edge.um - end.along_um, edge.b))
        return min(choices, default=None)

    def path_to(self, end: Snap) -> list[tuple[int, int, Point]]:
        """The route as (edge, micrometres on it, where that stretch ends), in order."""
        best = self._best(end)
        if best is None:
            return []
        _, node = best
        if node < 0:
            length = abs(end.along_um - self._start.along_um)
            return [(end.edge, length, self._network.point(end))]
        last = self._network.edges[end.edge]
        tail = end.along_um if node == last.a else last.um - end.along_um
        stretches = [(end.edge, tail, self._network.point(end))]
        while node >= 0:
            origin, by = self._came[node]
            length = self._um[node] - (self._um[origin] if origin >= 0 else 0)
            stretches.append((by, length, self._network.node(node)))
            node = origin
        return stretches[::-1]
