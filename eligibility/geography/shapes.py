"""Reads what is drawn: roads and paths, transport areas and catchments, districts, gates, unsafe stretches, a boundary.

From GeoJSON, GeoPackage and Shapefile in any system they declare, and roads from OpenStreetMap too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from collections.abc import Collection as Group
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import shapely

from eligibility.errors import EdtravelError
from eligibility.geography import osm_file, road_rules
from eligibility.geography.features import Asked, Feature, Properties, layers_of, read_features
from eligibility.geography.model import Point
from eligibility.geography.tables import Reject, RowError
from eligibility.geography.walked import Line, Walked

__all__ = [
    "Collection",
    "Line",
    "read_areas",
    "read_boundary",
    "read_gates",
    "read_named_areas",
    "read_paths",
    "read_roads",
    "read_unsafe",
]

_BEGINS = ("from", "fromdate", "startdate", "unsafefrom")
_ENDS = ("until", "untildate", "enddate", "unsafeuntil")
_CODES = ("code", "gsscode", "onscode", "censuscode")
_URNS = ("urn", "schoolurn")
_ROAD_LAYERS = ("roadlink", "roads", "road", "pathlink", "connectinglink")
_PLAIN = str.maketrans("", "", "_- ")

Item = TypeVar("Item")
Take = Callable[[Properties, shapely.Geometry], Iterator[Item]]


@dataclass(frozen=True)
class Collection:
    """A file read: its items, the features set aside, the licence it states, if any, and its coordinate system.

    `passed_over` counts features that nobody need put right, such as a road still being built.
    """

    items: list[Any]
    rejects: list[Reject]
    licence: str
    crs: str = ""
    passed_over: int = 0
    notes: list[str] = field(default_factory=list)


def read_roads(path: Path, asked: Asked = Asked("roads"), walked: Walked = Walked()) -> Collection:  # noqa: B008  # frozen
    """Roads as `Line`s, with the paths that stand in the same file; walked and driven as the file and `walked` say.

    Raises EdtravelError where the file holds nothing that can be used, UsageError where it cannot be read.
    """
    if osm_file.reads(path):
        found = osm_file.read_lines(path, walked)
        return Collection(found.lines, found.rejects, osm_file.LICENCE, "WGS 84", found.passed_over, found.notes)
    return _lines(path, asked, walked, road=True)


def read_paths(path: Path, asked: Asked = Asked("paths"), walked: Walked = Walked()) -> Collection:  # noqa: B008  # frozen
    """Footpaths and bridleways as `Line`s that are walked and never driven. Raises as `read_roads` does."""
    if osm_file.reads(path):
        found = osm_file.read_lines(path, walked)
        paths = [line for line in found.lines if line.walk and not (line.forward or line.back)]
        return Collection(paths, found.rejects, osm_file.LICENCE, "WGS 84", found.passed_over, found.notes)
    return _lines(path, asked, walked, road=False)


def read_areas(path: Path, urns: Group[str], asked: Asked = Asked("transport_areas")) -> Collection:  # noqa: B008  # frozen
    """Polygons as (URN, polygon); a feature of several schools joins their URNs with `;`."""

    def take(properties: Properties, shape: shapely.Geometry) -> Iterator[tuple[str, shapely.Geometry]]:
        polygon = _polygon(shape)
        given = road_rules.first(properties, _URNS)
        named = [urn.strip() for urn in given.split(";") if urn.strip()]
        if not named:
            raise RowError("no property urn; expected the URN of the school the polygon is for")
        for urn in named:
            if urn not in urns:
                raise RowError(f"urn {urn} is no school of this area")
            yield urn, polygon

    return _read(path, _one_layer(path, asked), take)


def read_named_areas(path: Path, asked: Asked) -> Collection:
    """Districts or wards as (code, name, polygon), by the column names of the Ordnance Survey and of the ONS."""

    def take(properties: Properties, shape: shapely.Geometry) -> Iterator[tuple[str, str, shapely.Geometry]]:
        polygon = _polygon(shape)
        code, name = road_rules.first(properties, _CODES), road_rules.first(properties, road_rules.NAMES)
        for key, value in sorted(properties.items()):
            ending = re.fullmatch(r"(?:wd|lad|ced|utla|ctyua)[0-9]{2}(cd|nm)", key)
            if ending is not None:
                code, name = (code or value, name) if ending[1] == "cd" else (code, name or value)
        if not code:
            raise RowError("no column code; expected the code of the district or ward, as in the postcode file")
        yield code, name, polygon

    return _read(path, _one_layer(path, asked), take)


def read_unsafe(path: Path, asked: Asked = Asked("unsafe")) -> Collection:  # noqa: B008  # frozen
    """Stretches as (name, first day or "", last day or "", line); days as YYYY-MM-DD."""

    def take(properties: Properties, shape: shapely.Geometry) -> Iterator[tuple[str, str, str, Any]]:
        name = road_rules.first(properties, road_rules.NAMES)
        begins, ends = _day(properties, _BEGINS), _day(properties, _ENDS)
        if begins and ends and ends < begins:
            raise RowError(f"until {ends} is before from {begins}")
        yield name, begins, ends, shapely.MultiLineString(road_rules.line_parts(shape))

    found = _read(path, _one_layer(path, asked), take)
    if not any(begins or ends for _, begins, ends, _ in found.items):
        # Either meant so, or the days stand in columns of other names, which would close the stretches for ever.
        count = len(found.items)
        found.notes.append(
            f"none of {count:,} {'stretch' if count == 1 else 'stretches'} in {path.name} has a day in a column from "
            "or until, so that walking routes leave out all of them on every day"
        )
    return found


def read_gates(path: Path, urns: Group[str], asked: Asked) -> Collection:
    """Gates drawn as points, as (URN, point, whether it is available); one that is not is no entrance."""

    def take(properties: Properties, shape: shapely.Geometry) -> Iterator[tuple[str, Point, bool]]:
        if not isinstance(shape, shapely.Point):
            raise RowError(f"its geometry is a {type(shape).__name__}; expected Point")
        available = properties.get("available", "").lower()
        if available not in ("", "yes", "no", "true", "false", "1", "0"):
            raise RowError(f"available is {available}; expected yes or no")
        urn = road_rules.first(properties, _URNS)
        if urn not in urns:
            raise RowError(f"urn {urn or 'empty'} is no school of this area")
        yield urn, (round(shape.x, 9), round(shape.y, 9)), available not in ("no", "false", "0")

    return _read(path, _one_layer(path, asked), take)


def read_boundary(path: Path, asked: Asked = Asked("boundary")) -> Collection:  # noqa: B008  # frozen
    """The polygons of the land that the network covers."""
    return _read(path, _one_layer(path, asked), lambda _, shape: iter([_polygon(shape)]))


def _lines(path: Path, asked: Asked, walked: Walked, *, road: bool) -> Collection:
    """The lines of every layer of a file that holds roads or paths."""
    known = layers_of(path)
    likely = [name for name in known if _plain(name) in _ROAD_LAYERS and (road or road_rules.is_path_layer(name))]
    chosen = likely if likely and not asked.layer else [_one_layer(path, asked).layer]
    found: list[Collection] = []
    for layer in chosen:
        driven = road and not road_rules.is_path_layer(layer or "")

        def take(properties: Properties, shape: shapely.Geometry, driven: bool = driven) -> Iterator[Line]:
            return road_rules.lines(properties, shape, walked, road=driven)

        found.append(_read(path, Asked(asked.role, layer, asked.crs), take))
    return Collection(
        [line for each in found for line in each.items],
        [reject for each in found for reject in each.rejects],
        found[0].licence,
        found[0].crs,
        sum(each.passed_over for each in found),
    )


def _plain(layer: str) -> str:
    return layer.lower().translate(_PLAIN)


def _one_layer(path: Path, asked: Asked) -> Asked:
    """With the layer to read: the one asked for, the only one, or the one named after the role."""
    known = layers_of(path)
    if not known or asked.layer in known:
        return asked
    say = f"say which with --layer {asked.role.replace('_', '-')}=NAME"
    if asked.layer:
        raise EdtravelError(f"{path} has no layer {asked.layer}; it has {', '.join(known)}")
    named = [name for name in known if _plain(name).rstrip("s") == _plain(asked.role).rstrip("s")]
    if len(known) > 1 and len(named) != 1:
        raise EdtravelError(f"{path} holds several layers, {', '.join(known)}; {say}")
    return Asked(asked.role, named[0] if len(known) > 1 else known[0], asked.crs)


def _read(path: Path, asked: Asked, take: Take[Item]) -> Collection:
    read = read_features(path, asked)
    items: list[Item] = []
    rejects: list[Reject] = []
    passed_over = 0
    for feature in read.features:
        try:
            items += list(take(feature.properties, _shape(feature)))
        except road_rules.PassedOver:
            passed_over += 1
        except RowError as problem:
            rejects.append(Reject(read.where, feature.number, str(problem), feature.label))
    if not items:
        why = f"; feature {rejects[0].row}: {rejects[0].reason}" if rejects else ""
        raise EdtravelError(f"{read.where} holds no feature that can be used{why}")
    return Collection(items, rejects, read.licence, read.crs, passed_over)


def _shape(feature: Feature) -> shapely.Geometry:
    if feature.shape is None:
        raise RowError(feature.problem)
    return feature.shape


def _polygon(shape: shapely.Geometry) -> shapely.Geometry:
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        raise RowError(f"its geometry is a {type(shape).__name__}; expected Polygon or MultiPolygon")
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure")


def _day(properties: Properties, names: tuple[str, ...]) -> str:
    """A day as YYYY-MM-DD from its ISO or British form; "" where none is given. Raises RowError."""
    given = road_rules.first(properties, names)
    text = re.sub(r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$", _turned_round, given)
    try:
        return dt.date.fromisoformat(text[:10]).isoformat() if text else ""
    except ValueError:
        raise RowError(f"{names[0]} is {given}; expected a day such as 2018-09-04") from None


def _turned_round(found: re.Match[str]) -> str:
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
