"""Transport areas and catchments: which of them hold a home, and how far it is from their borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from eligibility.geography.geopackage import shape
from eligibility.geography.ground import plane
from eligibility.geography.layers import Row
from eligibility.geography.model import NearArea, Point

NEAR_MM = 500_000
"""An area that does not hold a home is named where its border is no further than this."""


@dataclass(frozen=True, eq=False)
class Polygons:
    """The polygons of one layer, each for a school."""

    urns: tuple[str, ...]
    shapes: tuple[shapely.Geometry, ...]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Polygons:
        """The rows of a layer: URN, then WKB."""
        return cls(tuple(str(row[0]) for row in rows), tuple(shape(row[-1]) for row in rows))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        shapely.prepare(np.array(self.shapes))
        return shapely.STRtree(self.shapes)

    def holders(self, place: Point) -> frozenset[str] | None:
        """URNs whose polygon holds a place, its border included; None where there is no polygon at all."""
        if not self.urns:
            return None
        found = self._tree.query(shapely.Point(place), predicate="covered_by")
        return frozenset(self.urns[number] for number in found.tolist())

    def near(self, place: Point) -> tuple[NearArea, ...]:
        """The areas that hold a place, or whose border is near it: those that hold it first, then the nearest."""
        held = self.holders(place) or frozenset()
        found = [
            NearArea(urn, urn in held, _border_mm(polygon, place))
            for urn, polygon in zip(self.urns, self.shapes, strict=True)
        ]
        near = [each for each in found if each.inside or each.border_mm <= NEAR_MM]
        return tuple(sorted(near, key=lambda each: (not each.inside, each.border_mm, each.urn)))


def _border_mm(polygon: shapely.Geometry, place: Point) -> int:
    """The straight line from a place to the nearest point of a polygon's border, right to a millionth within 50 km."""
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(polygon).tolist()
        for ring in (part.exterior, *part.interiors)
    ]
    best = np.inf
    for ring in rings:
        east, north = plane(place, ring[:, 0], ring[:, 1])
        line = shapely.LineString(np.stack([east, north], axis=1))
        best = min(best, float(shapely.distance(line, shapely.Point(0, 0))))
    return round(best * 1000)
