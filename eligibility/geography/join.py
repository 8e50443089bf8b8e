"""Joins lines into a network: where they share a vertex they meet, and every straight stretch is an edge.

Every vertex of a line is a node and every straight stretch between two vertices an edge; parallel edges are
therefore copies of one stretch and are merged, each mode keeping what any copy allowed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from eligibility.geography.ground import inverse
from eligibility.geography.model import Point
from eligibility.geography.network import Edge
from eligibility.geography.shapes import Line

_Key = tuple[float, float, int]


@dataclass(frozen=True)
class Joined:
    """Lines joined at shared vertices, with what was left out on the way.

    `defects` says where: ("zero_length" or "duplicate", point), in order.
    """

    nodes: list[Point]
    edges: list[Edge]
    zero_length: int
    duplicates: int
    defects: list[tuple[str, Point]]


def join(lines: Iterable[Line]) -> Joined:
    """Joins lines where they share a vertex, to the billionth of a degree (a tenth of a mm).

    Lines of different `level` join only where both end: a bridge does not meet the road below,
    even where that road is cut in two under it. A line that gives the level of each vertex itself
    (`levels`) joins where both place and level are the same, and nowhere else. Nodes and edges come
    out in an order that does not depend on the order of the lines.
    """
    lines = list(lines)
    meeting = levels_meeting(lines)

    def key(point: Point, level: int) -> _Key:
        return (*point, meeting(point, level))

    stretches: dict[tuple[_Key, _Key], list[Line]] = defaultdict(list)
    empty: list[Point] = []
    for line in lines:
        if line.levels:
            keys = [(*point, level) for point, level in zip(line.points, line.levels, strict=True)]
        else:
            keys = [key(point, line.level) for point in line.points]
        for one, two in pairwise(keys):
            if one[:2] == two[:2]:
                empty.append(one[:2])
            elif one < two:
                stretches[one, two].append(line)
            else:
                stretches[two, one].append(replace(line, forward=line.back, back=line.forward))
    found = sorted({end for pair in stretches for end in pair})
    number = {end: place for place, end in enumerate(found)}
    nodes = [(lon, lat) for lon, lat, _ in found]
    pairs = sorted(stretches)
    lengths = _lengths_um([one[:2] for one, _ in pairs], [two[:2] for _, two in pairs])
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
    doubled = [_middle(one, two) for (one, two), same in stretches.items() if len(same) > 1]
    defects = [("duplicate", point) for point in sorted(doubled)] + [("zero_length", point) for point in sorted(empty)]
    return Joined(nodes, edges, len(empty), duplicates, defects)


def levels_meeting(lines: Iterable[Line]) -> Callable[[Point, int], int]:
    """At which level a line of one level meets others at a point: where lines of several end there, the lowest."""
    ends: dict[Point, set[int]] = defaultdict(set)
    for line in lines:
        if not line.levels:
            ends[line.points[0]].add(line.level)
            ends[line.points[-1]].add(line.level)

    def at(point: Point, level: int) -> int:
        meeting = ends.get(point, ())
        return min(meeting) if level in meeting else level

    return at


def _middle(one: _Key, two: _Key) -> Point:
    return round((one[0] + two[0]) / 2, 9), round((one[1] + two[1]) / 2, 9)


def _lengths_um(starts: Sequence[Point], ends: Sequence[Point]) -> list[int]:
    if not starts:
        return []
    one, two = np.array(starts), np.array(ends)
    found: list[int] = inverse(one[:, 0], one[:, 1], two[:, 0], two[:, 1])[0].tolist()
    return found
