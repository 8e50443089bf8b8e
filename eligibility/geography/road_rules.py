"""What the attributes of a road or path in a table say: those of the Ordnance Survey and of OpenStreetMap extracts."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import shapely

from eligibility.geography.features import Properties
from eligibility.geography.osm_rules import use_of
from eligibility.geography.tables import RowError
from eligibility.geography.walked import Kind, Line, Walked

# Attribute names, made alike by `features.tidy`, of OS Open Map Local, Open Roads, MasterMap and OpenStreetMap.
NAMES = ("distname", "name", "name1", "roadname", "roadname1", "pathname", "pathname1")
_NUMBERS = ("roadnumber", "roadclassificationnumber", "ref")
_CLASSES = (
    "highway", "fclass", "classifica", "roadclassification", "class", "routehierarchy", "roadfunction", "function",
)  # fmt: skip
_FORMS = ("formofway", "classifica", "routehierarchy", "roadfunction", "function")
_FORWARD = ("yes", "true", "1", "forward", "indirection")
_BACK = ("-1", "reverse", "back", "backward", "inoppositedirection")
_BOTH = ("", "no", "false", "0", "both", "bothdirections")
# Extracts of OpenStreetMap as tables, known by their column `fclass`, abbreviate.
_EXTRACT = {"f": "yes", "t": "-1", "b": "no"}
_PATHS = ("pathlink", "connectinglink", "path")
_NOT_OPEN = ("permanently closed", "under construction", "prospective", "disused", "planned")
_INNER = 1_000_000  # levels of vertices that nothing joins start here, above any real one


class PassedOver(Exception):
    """A feature is no part of a network and nobody need put it right."""


def lines(properties: Properties, shape: shapely.Geometry, walked: Walked, *, road: bool) -> Iterator[Line]:
    """The lines of one feature; `road` where it stands in a file or layer of roads.

    Raises RowError where an attribute or the shape cannot be read, PassedOver where the link is not open.
    """
    parts = line_parts(shape)
    if first(properties, ("operationalstate", "status")).lower() in _NOT_OPEN:
        raise PassedOver
    street = first(properties, NAMES) or first(properties, _NUMBERS) or properties.get("alternatename", "")
    kind, walk, forward, back = _use(properties, walked, road=road)
    level = _whole(properties, "drawlevel") if "drawlevel" in properties else 0
    if "fclass" in properties:
        level = _whole(properties, "layer")
    linked = "startnode" in properties and "endnode" in properties
    for part in parts:
        points = tuple((round(x, 9), round(y, 9)) for x, y in part.coords)
        levels: tuple[int, ...] = ()
        if linked:
            ends = _whole(properties, "startgradeseparation"), _whole(properties, "endgradeseparation")
            levels = link_levels(points, ends)
        yield Line(points, street, walk, forward, back, level, kind, levels)


def link_levels(points: tuple[tuple[float, float], ...], ends: tuple[int, int]) -> tuple[int, ...]:
    """Levels for a link that meets others at its ends alone: in between, those of this very link and no other.

    A second copy of the link, either way round, gets the same ones, so that it is known for a copy.
    """
    own = _INNER + zlib.crc32(repr(min(points, points[::-1])).encode())
    return (ends[0], *[own] * (len(points) - 2), ends[1])


def _use(properties: Properties, walked: Walked, *, road: bool) -> tuple[Kind, bool, bool, bool]:
    """(kind, walked, driven forward, driven back)."""
    forward, back = _directions(properties)
    said = first(properties, _CLASSES).lower()
    if "fclass" in properties or "highway" in properties:
        highway = "track" if said.startswith("track_") else said
        use = use_of({**properties, "highway": highway}, walked)
        if use is None:
            raise PassedOver
        return use.kind, use.walk, road and use.forward and forward, road and use.back and back
    form = " ".join(properties.get(name, "") for name in _FORMS).lower()
    if "guided busway" in form:
        raise PassedOver
    kind: Kind = "road" if road else "path"
    if road and said.startswith("motorway"):
        kind = "motorway"
    elif "steps" in form:
        kind = "steps"
    elif "restricted local access" in form:
        kind = "restricted"
    drive = road and kind != "steps" and (kind != "restricted" or walked.restricted)
    return kind, walked.allows(kind), drive and forward, drive and back


def _directions(properties: Properties) -> tuple[bool, bool]:
    """Whether vehicles may go along the line as drawn, and against it. Raises RowError."""
    name = "directionality" if "directionality" in properties else "oneway"
    said = properties.get(name, "").lower()
    if "fclass" in properties:
        said = _EXTRACT.get(said, said)
    plain = said.replace(" ", "").replace("_", "")
    if plain not in _FORWARD + _BACK + _BOTH:
        raise RowError(f"{name} is {said}; expected yes, no or -1")
    return plain not in _BACK, plain not in _FORWARD


def _whole(properties: Properties, name: str) -> int:
    text = properties.get(name, "") or "0"
    if not text.lstrip("-").isdecimal():
        raise RowError(f"{name} is {text}; expected a whole number")
    return int(text)


def is_path_layer(layer: str) -> bool:
    """Whether a layer of a network holds paths by its name, as `path_link` of MasterMap Highways does."""
    plain = "".join(each for each in layer.lower() if each.isalnum())
    return plain in _PATHS


def line_parts(shape: shapely.Geometry) -> list[shapely.LineString]:
    """The unbroken lines of a shape. Raises RowError where it is no line."""
    if not isinstance(shape, shapely.LineString | shapely.MultiLineString):
        raise RowError(f"its geometry is a {type(shape).__name__}; expected LineString or MultiLineString")
    return [part for part in shapely.get_parts(shape).tolist() if not part.is_empty]


def first(properties: Properties, names: tuple[str, ...]) -> str:
    """The first of these attributes that is given; "" where none is."""
    return next((properties[name] for name in names if properties.get(name)), "")
