"""Reads GeoJSON: roads and paths, transport areas and catchments, unsafe stretches, a boundary."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import shapely

from eligibility.errors import EdtravelError, UsageError
from eligibility.geography.ground import on_grid, points_from_grid
from eligibility.geography.model import Point
from eligibility.geography.tables import Reject, RowError

# Attribute names of OS Open Map Local, OS Open Roads and OpenStreetMap, in that order.
_NAMES = ("distname", "name", "name_1", "name1")
_NUMBERS = ("roadnumber", "roadclassificationnumber", "ref")
_CLASSES = ("classifica", "roadclassification", "class", "function", "highway")
_FORWARD = ("yes", "true", "1", "forward")
_BACK = ("-1", "reverse", "back", "backward")
_BOTH = ("", "no", "false", "0", "both")
_DEGREE_SYSTEMS = ("crs84", "4326", "4258")
_GRID_SYSTEM = "27700"

Item = TypeVar("Item")
Properties = dict[str, str]


Kind = Literal["road", "motorway", "path", "steps", "private", "track"]


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


@dataclass(frozen=True)
class Collection:
    """A GeoJSON file read: its items, the features set aside, and the licence it states, if any."""

    items: list[Any]
    rejects: list[Reject]
    licence: str


def read_roads(path: Path) -> Collection:
    """Roads as `Line`s: walked both ways (motorways not), driven as a `oneway` attribute allows."""
    return _read(path, lambda properties, shape: _lines(properties, shape, road=True))


def read_paths(path: Path) -> Collection:
    """Footpaths and bridleways as `Line`s that are walked and never driven."""
    return _read(path, lambda properties, shape: _lines(properties, shape, road=False))


def read_areas(path: Path, urns: set[str]) -> Collection:
    """Polygons as (URN, polygon); a feature of several schools joins their URNs with `;`."""

    def take(properties: Properties, shape: shapely.Geometry) -> Iterator[tuple[str, shapely.Geometry]]:
        polygon = _polygon(shape)
        named = [urn.strip() for urn in properties.get("urn", "").split(";") if urn.strip()]
        if not named:
            raise RowError("no property urn; expected the URN of the school the polygon is for")
        for urn in named:
            if urn not in urns:
                raise RowError(f"urn {urn} is no school of this area")
            yield urn, polygon

    return _read(path, take)


def read_unsafe(path: Path) -> Collection:
    """Stretches as (name, first day or "", last day or "", line)."""

    def take(properties: Properties, shape: shapely.Geometry) -> Iterator[tuple[str, str, str, Any]]:
        name = _first(properties, _NAMES)
        dates = properties.get("from", ""), properties.get("until", "")
        yield name, *dates, shapely.MultiLineString(_parts(shape))

    return _read(path, take)


def read_boundary(path: Path) -> Collection:
    """The polygons of the land that the network covers."""
    return _read(path, lambda _, shape: iter([_polygon(shape)]))


def _read(path: Path, take: Callable[[Properties, shapely.Geometry], Iterator[Item]]) -> Collection:
    document = _document(path)
    features = document.get("features")
    if not isinstance(features, list):
        raise EdtravelError(f"{path} is not GeoJSON; expected a FeatureCollection with features")
    on_the_grid = _is_grid(path, document)
    items: list[Item] = []
    rejects: list[Reject] = []
    for number, feature in enumerate(features, start=1):
        try:
            items += list(take(*_feature(feature, on_the_grid)))
        except RowError as problem:
            rejects.append(Reject(str(path), number, str(problem), _label(feature)))
    if not items:
        why = f"; feature {rejects[0].row}: {rejects[0].reason}" if rejects else ""
        raise EdtravelError(f"{path} holds no feature that can be used{why}")
    licence = document.get("licence") or document.get("license") or document.get("attribution")
    return Collection(items, rejects, licence if isinstance(licence, str) else "")


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as problem:
        raise UsageError(f"cannot read {path}: {problem.strerror or problem}") from None
    except UnicodeDecodeError as problem:
        raise EdtravelError(f"{path}, byte {problem.start + 1}: not UTF-8; expected GeoJSON") from None
    except json.JSONDecodeError as problem:
        raise EdtravelError(
            f"{path}, line {problem.lineno}, column {problem.colno}: not JSON ({problem.msg}); expected GeoJSON"
        ) from None
    except ValueError:
        raise EdtravelError(f"{path} holds a number too long to be a coordinate; expected GeoJSON") from None
    except RecursionError:
        raise EdtravelError(f"{path} is nested too deeply; expected GeoJSON") from None
    if not isinstance(document, dict):
        raise EdtravelError(f"{path} is not GeoJSON; expected a FeatureCollection")
    return document


def _is_grid(path: Path, document: dict[str, Any]) -> bool:
    stated = document.get("crs")
    if not stated:
        return False
    name = json.dumps(stated).lower()
    if _GRID_SYSTEM in name:
        return True
    if not any(system in name for system in _DEGREE_SYSTEMS):
        raise EdtravelError(
            f"{path}: its crs is not one that can be read; expected WGS84 longitude and latitude "
            "(CRS84) or the British National Grid (EPSG:27700)"
        )
    return False


def _feature(feature: Any, on_the_grid: bool) -> tuple[Properties, shapely.Geometry]:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise RowError("the feature has no geometry")
    given = feature.get("properties")
    properties = {
        str(key).lower(): str(value).strip()
        for key, value in (given.items() if isinstance(given, dict) else ())
        if value is not None
    }
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(feature["geometry"])))
    except (shapely.errors.ShapelyError, ValueError):
        raise RowError("its geometry is not GeoJSON") from None
    if shape.is_empty:
        raise RowError("its geometry is empty")
    return properties, _in_degrees(shape, on_the_grid)


def _in_degrees(shape: shapely.Geometry, on_the_grid: bool) -> shapely.Geometry:
    pairs = shapely.get_coordinates(shape).tolist()
    if not on_the_grid:
        if all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in pairs):
            return shape
        metres = all(on_grid(x, y) for x, y in pairs)
        hint = '; metres need "crs": EPSG:27700' if metres else ""
        raise RowError(f"coordinates are not longitude and latitude{hint}")
    points = points_from_grid([x for x, _ in pairs], [y for _, y in pairs])
    found = [point for point in points if point is not None]
    if len(found) < len(points):
        raise RowError("coordinates are not on the British National Grid")
    return shapely.set_coordinates(shape, found)


def _lines(properties: Properties, shape: shapely.Geometry, *, road: bool) -> Iterator[Line]:
    oneway = properties.get("oneway", "").lower()
    if oneway not in _FORWARD + _BACK + _BOTH:
        raise RowError(f"oneway is {oneway}; expected yes, no or -1")
    level = properties.get("drawlevel", "") or "0"
    if not level.lstrip("-").isdecimal():
        raise RowError(f"drawlevel is {level}; expected a whole number")
    street = _first(properties, _NAMES) or _first(properties, _NUMBERS)
    motorway = _first(properties, _CLASSES).lower().startswith("motorway")
    for part in _parts(shape):
        points = tuple((round(x, 9), round(y, 9)) for x, y in part.coords)
        yield Line(
            points,
            street,
            walk=not road or not motorway,
            forward=road and oneway not in _BACK,
            back=road and oneway not in _FORWARD,
            level=int(level),
        )


def _parts(shape: shapely.Geometry) -> list[shapely.LineString]:
    if not isinstance(shape, shapely.LineString | shapely.MultiLineString):
        raise RowError(f"its geometry is a {type(shape).__name__}; expected LineString or MultiLineString")
    return [part for part in shapely.get_parts(shape).tolist() if not part.is_empty]


def _polygon(shape: shapely.Geometry) -> shapely.Geometry:
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        raise RowError(f"its geometry is a {type(shape).__name__}; expected Polygon or MultiPolygon")
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure")


def _first(properties: Properties, names: tuple[str, ...]) -> str:
    return next((properties[name] for name in names if properties.get(name)), "")


def _label(feature: Any) -> str:
    found = feature.get("id") if isinstance(feature, dict) else None
    return str(found) if isinstance(found, str | int) else ""
