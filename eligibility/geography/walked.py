"""Lines of a network, and which of them are walked as configured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eligibility.geography.model import Point

Kind = Literal["road", "motorway", "path", "steps", "private", "restricted", "track"]


@dataclass(frozen=True)
class Walked:
    """What the walking network holds besides public roads and paths, as the user configured it.

    `private`: roads and paths marked private, which vehicles then use too. `restricted`: what the Ordnance Survey
    calls restricted local access roads, for both as well; that says how a road is used, not that nobody has a right
    to walk there, so by default they are kept. `steps`: flights of steps.
    """

    private: bool = False
    restricted: bool = True
    steps: bool = True

    def allows(self, kind: Kind) -> bool:
        """Whether a line of a kind is walked, as far as this says."""
        settled = {"motorway": False, "private": self.private, "restricted": self.restricted, "steps": self.steps}
        return settled.get(kind, True)


@dataclass(frozen=True)
class Line:
    """One unbroken line of a network with what the two modes may do on it.

    `forward` and `back` are for vehicles; on foot a line is used both ways or not at all.
    `level` tells a bridge from what it crosses. `kind` says what the line is, for maps and counts;
    what may be done on it is in `walk`, `forward` and `back` alone, as configured when it was read.
    `levels`, where given, holds one level a vertex: the line then joins others only where both place
    and level are the same (OpenStreetMap's shared nodes, the ends of a link of the Ordnance Survey).
    """

    points: tuple[Point, ...]
    street: str
    walk: bool
    forward: bool
    back: bool
    level: int
    kind: Kind = "road"
    levels: tuple[int, ...] = ()


def with_vertices(line: Line, extra: Mapping[int, Sequence[tuple[float, Point]]], level: int | None = None) -> Line:
    """A line with more vertices: by segment, each with the share of the segment at which it stands.

    On a line that gives the level of each vertex they get `level` or, without one, that of the vertex before them.
    """
    levels = line.levels or (line.level,) * len(line.points)
    found: list[tuple[Point, int]] = []
    for place, vertex in enumerate(zip(line.points, levels, strict=True)):
        found.append(vertex)
        between = [(point, vertex[1] if level is None else level) for _, point in sorted(extra.get(place, ()))]
        ends = line.points[place : place + 2]
        found += [each for each in dict.fromkeys(between) if each[0] not in ends]
    return replace(line, points=tuple(p for p, _ in found), levels=tuple(n for _, n in found) if line.levels else ())
