"""A plane to draw on: metres east and north of a place, right to a millionth where a map lies. Never measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from eligibility.geography.ground import Floats
from eligibility.geography.model import Point

if TYPE_CHECKING:
    from pyproj import Proj


@dataclass(frozen=True)
class Projection:
    """Transverse Mercator on WGS84, true to scale along the meridian of `middle`, whose up is true north there."""

    middle: Point

    @classmethod
    def around(cls, points: Sequence[Point]) -> Projection:
        """One whose middle is that of the box around some points."""
        held = np.array(points)
        lon, lat = ((held.min(axis=0) + held.max(axis=0)) / 2).tolist()
        return cls((lon, lat))

    @cached_property
    def _proj(self) -> Proj:
        from pyproj import Proj  # loaded only where something is drawn

        return Proj(proj="tmerc", lon_0=self.middle[0], lat_0=self.middle[1], ellps="WGS84")

    def metres(self, lon: Floats, lat: Floats) -> Floats:
        """Degrees as pairs of metres."""
        return np.column_stack(self._proj(lon, lat))

    def metres_of(self, points: Sequence[Point]) -> Floats:
        """As `metres`, of points."""
        held = np.array(points, dtype=np.float64).reshape(-1, 2)
        return self.metres(held[:, 0], held[:, 1])

    def degrees_of(self, metres: Floats) -> list[Point]:
        """Metres back as points in degrees."""
        lon, lat = self._proj(metres[:, 0], metres[:, 1], inverse=True)
        return list(zip(np.asarray(lon).tolist(), np.asarray(lat).tolist(), strict=True))
