"""The network: what it is made of, and the nearest point of it to a place.

Lengths are whole micrometres, so sums are exact whatever their order: held as float64 for SciPy they
stay exact to 2**53 micrometres, nine million kilometres.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from eligibility.geography.ground import Floats, Wholes, inverse, lines_of, points_of, scales
from eligibility.geography.model import Mode, Point

Bools = NDArray[np.bool_]
WALK, FORWARD, BACK = 1, 2, 4
"""The bits of `uses`: on foot, by road from a to b, by road from b to a."""

EXACT_UM = 2**53
"""Whole micrometres up to here are added by float64 without rounding: nine million kilometres."""

_EARTH_METRES = 6_378_137.0
# In the plane of the index a metre is the same in every direction to 0.7 in a hundred (the ellipsoid's share), and
# over a distance it changes by no more than twice that distance's share of the Earth's radius (to 63 N).
_UNEVEN, _WIDENING = 0.01, 2.0
_FAR_METRES = 50_000.0


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
class Snap:
    """The point of a network nearest to a place: `along_um` from the edge's node `a`.

    `leg_um` is the straight line between the place and the point.
    """

    edge: int
    along_um: int
    leg_um: int


class Snaps(NamedTuple):
    """As `Snap`, for many places: arrays; an edge of -1 stands for none."""

    edge: Wholes
    along_um: Wholes
    leg_um: Wholes

    def one(self, place: int) -> Snap | None:
        """One of them."""
        edge = int(self.edge[place])
        return None if edge < 0 else Snap(edge, int(self.along_um[place]), int(self.leg_um[place]))


@dataclass(frozen=True, eq=False)
class Network:
    """A joined network as arrays: a place for each node, and for each edge its ends, length, uses and street.

    `closing` is 0, or the number of the entry of `closings` (stretches, by number, along which the edge lies).
    """

    lon: Floats
    lat: Floats
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    um: Wholes
    uses: NDArray[np.uint8]
    street: NDArray[np.int32]
    streets: tuple[str, ...]
    closing: NDArray[np.int32]
    closings: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, nodes: Sequence[Point], edges: Sequence[Edge], lying: Iterable[tuple[int, int]] = ()) -> Network:
        """A network of joined edges; `lying` are (edge, stretch): the edge lies along the unsafe stretch."""
        streets = sorted({edge.street for edge in edges} | {""})
        number = {street: place for place, street in enumerate(streets)}
        along: dict[int, set[int]] = {}
        for edge, stretch in lying:
            along.setdefault(edge, set()).add(stretch)
        closings = ((), *sorted({tuple(sorted(found)) for found in along.values()}))
        closing = np.zeros(len(edges), dtype=np.int32)
        for place, found in along.items():
            closing[place] = closings.index(tuple(sorted(found)))
        places = np.array(nodes, dtype=np.float64).reshape(-1, 2)
        return cls(
            lon=np.ascontiguousarray(places[:, 0]),
            lat=np.ascontiguousarray(places[:, 1]),
            a=np.array([edge.a for edge in edges], dtype=np.int32),
            b=np.array([edge.b for edge in edges], dtype=np.int32),
            um=np.array([edge.um for edge in edges], dtype=np.int64),
            uses=np.array([e.walk * WALK + e.forward * FORWARD + e.back * BACK for e in edges], dtype=np.uint8),
            street=np.array([number[edge.street] for edge in edges], dtype=np.int32),
            streets=tuple(streets),
            closing=closing,
            closings=closings,
        )

    def edge(self, number: int) -> Edge:
        """One edge."""
        uses = int(self.uses[number])
        return Edge(
            int(self.a[number]),
            int(self.b[number]),
            int(self.um[number]),
            bool(uses & WALK),
            bool(uses & FORWARD),
            bool(uses & BACK),
            self.streets[int(self.street[number])],
        )

    @cached_property
    def edges(self) -> list[Edge]:
        """Every edge, to look through; what measures uses the arrays."""
        columns: list[NDArray[Any]] = [self.a, self.b, self.um]
        columns += [(self.uses & bit) > 0 for bit in (WALK, FORWARD, BACK)]
        names = [self.streets[number] for number in self.street.tolist()]
        return [Edge(*cells) for cells in zip(*(each.tolist() for each in columns), names, strict=True)]

    def usable(self, mode: Mode) -> Bools:
        """For each edge whether a mode may use it in either direction, on a day when nothing is closed."""
        bits = WALK if mode == "walk" else FORWARD | BACK
        found: Bools = (self.uses & bits) > 0
        return found

    @staticmethod
    def ways(edge: Edge, mode: Mode) -> tuple[bool, bool]:
        """Whether an edge may be used from a to b, and from b to a."""
        return (edge.walk, edge.walk) if mode == "walk" else (edge.forward, edge.back)

    def node(self, number: int) -> Point:
        """Where a node is."""
        return float(self.lon[number]), float(self.lat[number])

    def point(self, snap: Snap) -> Point:
        """Where a snapped point is, to draw it: right to a millimetre or so along a long edge."""
        start, end = self.node(int(self.a[snap.edge])), self.node(int(self.b[snap.edge]))
        share = snap.along_um / int(self.um[snap.edge])
        return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])

    def snap(self, place: Point, mode: Mode) -> Snap | None:
        """The nearest point along any edge of a mode, never merely the nearest node; None where it has no edge.

        Of edges equally near, to the micrometre, the one with the lowest number is taken.
        """
        return self.snap_many(np.array([place[0]]), np.array([place[1]]), mode).one(0)

    def snap_many(self, lon: Floats, lat: Floats, mode: Mode) -> Snaps:
        """As `snap`, for many places at once, and to the same micrometre."""
        index = self._road_index if mode == "road" else self._walk_index
        if not len(index.edges) or not len(lon):
            none = np.full(len(lon), -1, dtype=np.int64)
            return Snaps(none, none, none)
        # Neighbours one after another, which the tree is twice as fast at; the answers go back to their places.
        order = np.lexsort((lon, np.floor(lat * 200)))
        found = [self._snap_some(lon[some], lat[some], index) for some in np.split(order, _splits(len(order)))]
        back = np.argsort(order)
        return Snaps(*(np.concatenate(part)[back] for part in zip(*found, strict=True)))

    def snap_both(self, lon: Floats, lat: Floats) -> dict[Mode, Snaps]:
        """As `snap_many`, on both networks; once where every edge is on both."""
        walk = self.snap_many(lon, lat, "walk")
        same = self._road_index is self._walk_index
        return {"walk": walk, "road": walk if same else self.snap_many(lon, lat, "road")}

    @cached_property
    def _walk_index(self) -> _Index:
        return _Index(self, "walk")

    @cached_property
    def _road_index(self) -> _Index:
        same = np.array_equal(self.usable("walk"), self.usable("road"))
        return self._walk_index if same else _Index(self, "road")

    def _snap_some(self, lon: Floats, lat: Floats, index: _Index) -> Snaps:
        places, edges = index.candidates(lon, lat, self)
        apart, share = self._apart(lon[places], lat[places], edges)
        order = np.lexsort((edges, apart, places))
        chosen = order[np.searchsorted(places[order], np.arange(len(lon)))]
        edge = edges[chosen]
        share = self._foot(lon, lat, edge, share[chosen])
        at_lon, at_lat = self._between(edge, share)
        along = inverse(self.lon[self.a[edge]], self.lat[self.a[edge]], at_lon, at_lat)[0]
        leg = inverse(lon, lat, at_lon, at_lat)[0]
        return Snaps(edge, np.minimum(along, self.um[edge]), leg)

    def _apart(self, lon: Floats, lat: Floats, edge: Wholes) -> tuple[Floats, Floats]:
        """How far places are from edges, in whole micrometres, and the share of each edge before the nearest point."""
        a, b = self.a[edge], self.b[edge]
        from_lon, from_lat = self.lon[a] - lon, self.lat[a] - lat
        over, up = self.lon[b] - self.lon[a], self.lat[b] - self.lat[a]
        share: Floats = np.full(len(edge), 0.5)
        for _ in range(2):
            # A stretch is straight in degrees, so each is measured in degrees scaled as they are halfway
            # to its nearest point; twice, as that point is not known at first.
            east, north = scales(lat + (from_lat + share * up) / 2)
            towards = from_lon * over * east**2 + from_lat * up * north**2
            share = np.clip(-towards / ((over * east) ** 2 + (up * north) ** 2), 0.0, 1.0)
        apart = np.rint(np.hypot((from_lon + share * over) * east, (from_lat + share * up) * north) * 1e6)
        return apart, share

    def _foot(self, lon: Floats, lat: Floats, edge: Wholes, share: Floats) -> Floats:
        """Where on each edge its nearest point to a place is, from a share that is right to millimetres.

        Slides along the edge until the geodesic from the place meets it at a right angle.
        """
        a, b = self.a[edge], self.b[edge]
        over, up = self.lon[b] - self.lon[a], self.lat[b] - self.lat[a]
        for _ in range(3):
            at_lon, at_lat = self._between(edge, share)
            east, north = scales(at_lat)
            bearing = np.arctan2(over * east, up * north)
            far, arrival = inverse(lon, lat, at_lon, at_lat)
            share = np.clip(share - far * np.cos(arrival - bearing) / self.um[edge], 0.0, 1.0)
        return share

    def _between(self, edge: Wholes, share: Floats) -> tuple[Floats, Floats]:
        a, b = self.a[edge], self.b[edge]
        return (
            self.lon[a] + share * (self.lon[b] - self.lon[a]),
            self.lat[a] + share * (self.lat[b] - self.lat[a]),
        )


_TOGETHER = 20_000  # places looked up at a time, to bound memory


def _splits(count: int) -> list[int]:
    return list(range(_TOGETHER, count, _TOGETHER))


class _Index:
    """The edges of a mode in a tree, to find those that may be nearest to a place.

    The tree lies in Mercator's plane, where a metre is a metre in all directions but not everywhere the same: it only
    chooses candidates, with a margin that no error of the plane exceeds.
    """

    def __init__(self, network: Network, mode: Mode) -> None:
        self.edges = np.flatnonzero(network.usable(mode))
        a, b = network.a[self.edges], network.b[self.edges]
        x, y = _mercator(network.lon, network.lat)
        ends = np.stack([np.stack([x[a], y[a]], axis=1), np.stack([x[b], y[b]], axis=1)], axis=1)
        self._tree = shapely.STRtree(lines_of(ends))
        # A line straight in degrees bows in the plane by no more than an eighth of (its rise) squared times this.
        rise = np.radians(network.lat[b] - network.lat[a])
        steepest = np.radians(np.abs(network.lat).max(initial=0.0))
        self._bow = float((rise**2).max(initial=0.0) / 8 * np.tan(steepest) / np.cos(steepest))

    def candidates(self, lon: Floats, lat: Floats, network: Network) -> tuple[Wholes, Wholes]:
        """(place, edge) pairs that hold for each place its nearest edge and every other equally near."""
        points = points_of(*_mercator(lon, lat))
        one = self.edges[self._tree.nearest(points)]
        metres = network._apart(lon, lat, one)[0] / 1e6  # no nearest edge is further than this one
        share = 1 + _UNEVEN + metres / _EARTH_METRES * _WIDENING
        within = (metres * share + 0.01) / (_EARTH_METRES * np.cos(np.radians(lat))) + 2 * self._bow
        near = metres < _FAR_METRES
        places, found = self._tree.query(points[near], predicate="dwithin", distance=within[near])
        far = np.flatnonzero(~near)
        return (
            np.concatenate([np.flatnonzero(near)[places], np.repeat(far, len(self.edges))]),
            np.concatenate([self.edges[found], np.tile(self.edges, len(far))]),
        )


def _mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return np.radians(lon), np.arcsinh(np.tan(np.radians(lat)))
