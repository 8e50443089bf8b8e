"""Lengths on the ground and points on the grid.

Every length is geodesic on the WGS84 ellipsoid. Grid metres are not ground metres: on the British
National Grid in Somerset a three-mile route comes out about 1.5 m short.
"""

from __future__ import annotations

from decimal import Decimal
from math import isnan
from typing import Any

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray

from eligibility.geography.model import Point

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]

UM_PER_MM = 1_000
GRID_LIMITS = (700_000, 1_300_000)  # metres: the extent of the British National Grid
TRANSFORMATION = "OSTN15 (Ordnance Survey), British National Grid to ETRS89, taken as WGS84"

_SEMI_MAJOR = 6_378_137.0
_ECCENTRICITY2 = 0.0066943799901413165  # WGS84


def geodesic_um(start: Point, end: Point) -> int:
    """The straight line from `start` to `end` on WGS84, in whole micrometres."""
    line = Geodesic.WGS84.Inverse(start[1], start[0], end[1], end[0], Geodesic.DISTANCE)
    return round(float(line["s12"]) * 1e6)


def inverse(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> tuple[Wholes, Floats]:
    """As `geodesic_um` for many pairs at once, by PROJ: whole micrometres, and the bearing on arrival in radians.

    Both are Karney's algorithm, right to a few nanometres.
    """
    from pyproj import Geod  # loaded only where something is measured

    _, arrival, metres = Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat, return_back_azimuth=False)
    return np.rint(np.asarray(metres) * 1e6).astype(np.int64), np.radians(np.asarray(arrival))


def millimetres(micrometres: int) -> int:
    """Whole millimetres, half rounded up: the one rounding a length goes through."""
    return (micrometres + UM_PER_MM // 2) // UM_PER_MM


def points_of(x: Floats, y: Floats) -> NDArray[Any]:
    """An array of shapely points."""
    return np.asarray(shapely.points(x, y))


def lines_of(ends: Floats) -> NDArray[Any]:
    """An array of shapely lines, each from two or more pairs of coordinates."""
    return np.asarray(shapely.linestrings(ends))


def scales(lat: Floats | np.float64) -> tuple[Floats, Floats]:
    """Metres per degree of longitude and of latitude, at a latitude in degrees."""
    angle = np.radians(lat)
    curve = 1 - _ECCENTRICITY2 * np.sin(angle) ** 2
    east = _SEMI_MAJOR / np.sqrt(curve) * np.cos(angle)
    north = _SEMI_MAJOR * (1 - _ECCENTRICITY2) / curve**1.5
    return np.radians(east), np.radians(north)


def plane(origin: Point, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Metres east and north of `origin`, by the mid-latitude formula.

    Right to about a millionth of the distance within 50 km: good enough to say which point is
    nearest, never used for a length that is reported.
    """
    east, north = scales((lat + origin[1]) / 2)
    return east * (lon - origin[0]), north * (lat - origin[1])


def on_grid(easting: float | Decimal, northing: float | Decimal) -> bool:
    """Whether the pair lies within the British National Grid and is not its empty origin."""
    return 0 < easting <= GRID_LIMITS[0] and 0 < northing <= GRID_LIMITS[1]


def from_grid(easting: float, northing: float) -> Point | None:
    """British National Grid metres as a WGS84 point by OSTN15; None outside its coverage."""
    return points_from_grid([easting], [northing])[0]


def points_from_grid(eastings: list[float], northings: list[float]) -> list[Point | None]:
    """As `from_grid`, for many points at once."""
    if not eastings:
        return []
    from convertbng.cutil import convert_lonlat  # loads the 30 MB shift grid, only when asked

    lon, lat = convert_lonlat(np.array(eastings, dtype=float), np.array(northings, dtype=float))
    pairs = zip(lon.tolist(), lat.tolist(), strict=True)
    # 1e-9 degree is a tenth of a millimetre; rounding there keeps the last bit of a platform's
    # arithmetic out of the content hash.
    return [None if isnan(x) or isnan(y) else (round(x, 9), round(y, 9)) for x, y in pairs]


def grid_of(lon: Floats, lat: Floats) -> tuple[Wholes, Wholes]:
    """WGS84 degrees as whole metres of the British National Grid by OSTN15, for many points at once.

    Raises ValueError where a point lies outside the transformation.
    """
    from convertbng.cutil import convert_to_osgb36

    east, north = (np.asarray(each) for each in convert_to_osgb36(np.ascontiguousarray(lon), np.ascontiguousarray(lat)))
    if not np.isfinite([east, north]).all():
        raise ValueError("a point lies outside the OSTN15 transformation")
    return np.rint(east).astype(np.int64), np.rint(north).astype(np.int64)
