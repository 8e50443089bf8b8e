"""How far the network can be trusted: the land it covers, and how near its border is.

Beyond the border there may be roads and schools that the area does not hold. A route that leaves
the coverage runs at least to the border and back, so every length has a floor below which the
true one cannot lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from eligibility.geography.ground import plane
from eligibility.geography.model import Point

# Roads closer together than twice this are taken to have nothing unrecorded between them: wide
# enough to span the fields between lanes, narrow enough that little land beyond the border is
# taken in (in Bath and North East Somerset 1.2 of 307 square km).
CLOSING_METRES = 500
# The plane is right to a millionth; a thousandth and a metre keep every bound on the safe side.
_SLACK_SHARE, _SLACK_METRES = 0.999, 1.0


def derived(nodes: Sequence[Point], pairs: Iterable[tuple[int, int]]) -> shapely.MultiPolygon:
    """The land a network covers where no boundary is given: its lines closed by 500 m, holes filled.

    Closing (growing, then shrinking by the same) never reaches further than the lines do, save
    into bays narrower than a kilometre.
    """
    points = np.array(nodes)
    middle = points.mean(axis=0)
    scale = np.array([111_320 * math.cos(math.radians(middle[1])), 111_250])
    flat = (points - middle) * scale
    lines = shapely.linestrings([(flat[a], flat[b]) for a, b in pairs])
    # Each street grown by itself, then united: growing them all at once takes minutes.
    streets = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    grown = shapely.union_all(shapely.buffer(streets, CLOSING_METRES, quad_segs=8))
    closed = shapely.buffer(grown, -CLOSING_METRES, quad_segs=8)
    solid = [shapely.Polygon(part.exterior) for part in shapely.get_parts(closed).tolist()]
    return rounded(shapely.transform(shapely.union_all(solid), lambda each: each / scale + middle))


def rounded(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of `shape` with coordinates to a millionth of a degree (a tenth of a metre)."""
    fixed = shapely.set_precision(shape, 1e-6)
    parts = [part for part in shapely.get_parts(fixed).tolist() if part.geom_type == "Polygon"]
    return shapely.normalize(shapely.MultiPolygon(parts))


class Border:
    """The border of a coverage; distances to it are floors, in whole millimetres."""

    def __init__(self, coverage: shapely.Geometry) -> None:
        self.coverage = coverage
        shapely.prepare(coverage)
        rings = [
            shapely.get_coordinates(ring)
            for part in shapely.get_parts(coverage).tolist()
            for ring in (part.exterior, *part.interiors)
        ]
        # A lone road encloses no land: then nothing is inside and there is no border to measure to.
        self._starts = np.concatenate([np.empty((0, 2)), *(ring[:-1] for ring in rings)])
        self._ends = np.concatenate([np.empty((0, 2)), *(ring[1:] for ring in rings)])

    def holds(self, place: Point) -> bool:
        """Whether the coverage holds a place."""
        return bool(shapely.covers(self.coverage, shapely.Point(place)))

    def distance_mm(self, place: Point) -> int:
        """What the straight line from `place` to the border cannot be less than; 0 outside."""
        if not self.holds(place):
            return 0
        ax, ay = plane(place, self._starts[:, 0], self._starts[:, 1])
        bx, by = plane(place, self._ends[:, 0], self._ends[:, 1])
        dx, dy = bx - ax, by - ay
        squared = np.maximum(dx * dx + dy * dy, 1e-12)
        share = np.clip(-(ax * dx + ay * dy) / squared, 0.0, 1.0)
        metres = float(np.hypot(ax + share * dx, ay + share * dy).min())
        return max(0, math.floor((metres * _SLACK_SHARE - _SLACK_METRES) * 1000))
