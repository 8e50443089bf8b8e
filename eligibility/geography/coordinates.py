"""Coordinates in whatever system a file declares, as degrees on WGS84, and mistakes in declaring one.

The British National Grid goes through OSTN15 (see `ground`), and so does anything else on its datum. Systems on
WGS84 and ETRS89 are unprojected and ETRS89 taken as WGS84. Any other datum is refused: without its own shift grid
it would be metres off, and nobody would notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from eligibility.errors import EdtravelError
from eligibility.geography.ground import Floats, on_grid, points_from_grid

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

GRID = "EPSG:27700"
DEGREES = "OGC:CRS84"
# Degrees west, south, east, north: Great Britain with its islands. Rules, schools and grid are British.
Box = tuple[float, float, float, float]
"""West, south, east, north."""
BRITAIN = (-9.0, 49.0, 3.0, 61.5)
_WEB_MERCATOR = (-1_002_000, 6_270_000, 334_000, 8_730_000)  # metres: the same box in EPSG:3857
_AIRY_METRES = 6_377_563.396
_LIKE_WGS84 = ("world geodetic system 1984", "european terrestrial reference system 1989", "irenet95")


@dataclass(frozen=True)
class System:
    """A declared coordinate system that can be read; `name` as people know it."""

    declared: str
    name: str
    kind: str
    geographic: bool = False

    @cached_property
    def _unproject(self) -> Transformer:
        from pyproj import Transformer

        crs = _parsed(self.declared)
        target = GRID if self.kind == "on the grid's datum" else crs.geodetic_crs
        return Transformer.from_crs(crs, target, always_xy=True)

    def box(self, degrees: Box) -> Box:
        """A box of degrees in this system's own numbers, with a kilometre or so to spare on every side."""
        from pyproj import Transformer

        turn = Transformer.from_crs("EPSG:4326", _parsed(self.declared), always_xy=True)
        west, south, east, north = turn.transform_bounds(*degrees)
        spare = 0.01 if self.geographic else 1000.0
        return west - spare, south - spare, east + spare, north + spare

    def degrees(self, pairs: Floats) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of (x, y) pairs; NaN where a pair lies outside the system."""
        with np.errstate(invalid="ignore"):
            x, y = pairs[:, 0].copy(), pairs[:, 1].copy()
            if self.kind == "degrees":
                return x, y
            if self.kind != "grid":
                x, y = self._unproject.transform(x, y)
                x[~np.isfinite(x)] = y[~np.isfinite(y)] = np.nan
            if self.kind in ("grid", "on the grid's datum"):
                x, y = _from_grid(x, y)
        return x, y


def system(declared: str, path: object) -> System:
    """The system a file declares, as EPSG code, URN or WKT. Raises EdtravelError where it cannot be read."""
    from pyproj.exceptions import CRSError

    try:
        crs = _parsed(declared)
    except CRSError:
        raise EdtravelError(
            f"{path}: its coordinate system is not one that can be read; expected WGS84 longitude and latitude "
            f"(EPSG:4326) or the British National Grid ({GRID})"
        ) from None
    name = " ".join(crs.name.split())
    datum = "" if crs.datum is None else crs.datum.name.lower()
    if crs.to_epsg(20) == 27700 or (crs.is_projected and _is_the_grid(crs)):
        return System(declared, "the British National Grid", "grid")
    if "great britain 1936" in datum:
        return System(declared, name, "on the grid's datum", crs.is_geographic)
    if any(word in datum for word in _LIKE_WGS84):
        return System(declared, name, "degrees" if crs.is_geographic else "projected", crs.is_geographic)
    raise EdtravelError(
        f"{path}: its coordinate system, {name}, cannot be turned into longitude and latitude without an error of "
        f"metres; save the file in the British National Grid ({GRID}) or WGS84 (EPSG:4326)"
    )


def _parsed(declared: str) -> CRS:
    from pyproj import CRS

    crs = CRS.from_user_input(declared).to_2d()
    # A system bound to a rough shift of its own (`towgs84`) is read by what it is bound from.
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs.to_2d()
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    return crs


def _is_the_grid(crs: CRS) -> bool:
    """Whether a system without a code is the National Grid by its figures, as a .prj file of ESRI's is."""
    ellipsoid, operation = crs.ellipsoid, crs.coordinate_operation
    if ellipsoid is None or operation is None or abs(ellipsoid.semi_major_metre - _AIRY_METRES) > 0.001:
        return False
    return sorted(round(float(each.value), 6) for each in operation.params) == [
        -100000.0,
        -2.0,
        0.999601,
        49.0,
        400000.0,
    ]


def _from_grid(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    fits = (x > 0) & (x <= 700_000) & (y > 0) & (y <= 1_300_000)
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    found = points_from_grid(x[fits].tolist(), y[fits].tolist())
    lon[fits] = [np.nan if point is None else point[0] for point in found]
    lat[fits] = [np.nan if point is None else point[1] for point in found]
    return lon, lat


def in_degrees(shapes: Iterable[shapely.Geometry], declared: System) -> list[tuple[shapely.Geometry | None, str]]:
    """Each shape in degrees, or None with the reason why it cannot be where its numbers say it is."""
    given = list(shapes)
    pairs, owner = shapely.get_coordinates(given, return_index=True)
    lon, lat = declared.degrees(pairs)
    west, south, east, north = BRITAIN
    with np.errstate(invalid="ignore"):
        good = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    bad = set(owner[~good].tolist())
    moved = np.column_stack([lon, lat])
    ends = np.searchsorted(owner, np.arange(len(given) + 1))
    found: list[tuple[shapely.Geometry | None, str]] = []
    for number, shape in enumerate(given):
        start, end = int(ends[number]), int(ends[number + 1])
        if number in bad:
            found.append((None, _mistake(pairs[start:end], lon[start:end], lat[start:end], declared)))
        else:
            found.append((shapely.set_coordinates(shape, moved[start:end]), ""))
    return found


def _mistake(pairs: Floats, lon: Floats, lat: Floats, declared: System) -> str:
    if not np.isfinite(pairs).all():
        return "a coordinate is not a number"
    x, y = pairs[:, 0], pairs[:, 1]
    degrees = bool((abs(x) <= 180).all() and (abs(y) <= 180).all())
    if not declared.geographic:
        if degrees:
            return f"its numbers are degrees, and {declared.name} is declared, which is in metres"
        if declared.kind == "grid":
            return f"coordinates are not on the British National Grid{_looks(x, y, grid=False)}"
    elif degrees and _within(y, x, BRITAIN):
        return "longitude and latitude are swapped; expected longitude first"
    elif not (degrees and (abs(y) <= 90).all()):
        return f"coordinates are not longitude and latitude{_looks(x, y, grid=True)}"
    elif not np.isfinite(lon).all() or not np.isfinite(lat).all():
        return f"coordinates are not in {declared.name}"
    return f"the place lies outside Great Britain{_looks(x, y, grid=not degrees)}"


def _looks(x: Floats, y: Floats, *, grid: bool) -> str:
    """A hint at the system that was meant."""
    if _within(x, y, _WEB_MERCATOR):
        return "; they look like Web Mercator: declare EPSG:3857"
    if grid and all(on_grid(one, two) for one, two in zip(x.tolist(), y.tolist(), strict=True)):
        return f"; they look like metres of the British National Grid: declare {GRID}"
    return ""


def _within(x: Floats, y: Floats, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return bool(((x >= west) & (x <= east) & (y >= south) & (y <= north)).all())


def undeclared(shapes: Iterable[shapely.Geometry]) -> str:
    """What the numbers of a file that declares no system look like, in words; "" where like nothing known."""
    pairs = shapely.get_coordinates(list(shapes))
    x, y = pairs[:, 0], pairs[:, 1]
    if _within(x, y, BRITAIN):
        return "degrees (EPSG:4326)"
    if len(pairs) and all(on_grid(one, two) for one, two in pairs.tolist()):
        return f"metres of the British National Grid ({GRID})"
    return ""
