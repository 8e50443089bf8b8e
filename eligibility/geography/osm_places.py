"""Schools, postcodes and named places from OpenStreetMap's tags, for where no register is given.

Volunteers' tags are no register: what they do not say is not known. A school whose tags give its URN (`ref:edubase`)
has that number; any other gets one from 700000 to 899999, where no URN lies, made from its number on the map.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import shapely

from eligibility.errors import EdtravelError
from eligibility.geography.model import Point
from eligibility.geography.osm_file import degrees, in_britain, processor, sentence
from eligibility.geography.schools import SchoolRow, religions
from eligibility.geography.tables import Reject, is_postcode, tidy_postcode

_URN = re.compile(r"1[0-9]{5}")
_OWN_NUMBERS = (700_000, 899_999)
_BESIDE = 0.001  # degrees of latitude: 111 m
_PLACES = ("city", "town", "suburb", "village", "hamlet", "neighbourhood", "isolated_dwelling", "farm")
# Phase and statutory ages by level of the International Standard Classification, and by words of the name.
_BY_LEVEL = {("1",): ("Primary", 4, 11), ("2",): ("Secondary", 11, 16), ("2", "3"): ("Secondary", 11, 18)}
_BY_NAME = (
    ("infant", ("Primary", 4, 7)),
    ("junior", ("Primary", 7, 11)),
    ("first school", ("Primary", 4, 9)),
    ("middle school", ("Middle", 9, 13)),
    ("primary", ("Primary", 4, 11)),
)
_DENOMINATIONS = {
    "anglican": "Church of England", "church_of_england": "Church of England", "roman_catholic": "Roman Catholic",
    "catholic": "Roman Catholic", "methodist": "Methodist", "quaker": "Quaker",
}  # fmt: skip
_IN_NAMES = (
    (r"\bc(?:hurch)? ?of ?e(?:ngland)?\b", "Church of England"),
    (r"\b(?:roman )?catholic\b", "Roman Catholic"),
    (r"\bmethodist\b", "Methodist"),
)
_GENDERS = {"male": "boys", "boys": "boys", "female": "girls", "girls": "girls", "mixed": "mixed"}

Tags = Mapping[str, str]


@dataclass
class OsmPlaces:
    """What a file's tags name: schools, postcode centres, and places as (name, kind, point).

    `doubles` are things tagged as a school that are another one once more, `numbered` counts schools without a URN,
    `addresses` those that postcode centres were made from.
    """

    schools: list[SchoolRow] = field(default_factory=list)
    postcodes: dict[str, Point] = field(default_factory=dict)
    places: list[tuple[str, str, Point]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    numbered: int = 0
    addresses: int = 0


@dataclass(frozen=True)
class _Found:
    """One tagged thing: its kind and number on the map (`way 12`), tags and shape."""

    label: str
    tags: dict[str, str]
    shape: shapely.Geometry


def read_places(path: Path) -> OsmPlaces:
    """Schools, postcodes and places of a file. Raises EdtravelError where it is damaged."""
    found = OsmPlaces()
    things = {thing.label: thing for thing in _things(path, found)}
    ordered = [things[label] for label in sorted(things, key=_order)]
    _schools(path, [each for each in ordered if each.tags.get("amenity") == "school"], found)
    addresses: dict[str, set[Point]] = defaultdict(set)
    for thing in ordered:
        for each in thing.tags.get("addr:postcode", "").split(";"):
            if is_postcode(each):
                addresses[tidy_postcode(each)].add(_centre(thing))
    found.addresses = sum(map(len, addresses.values()))
    found.postcodes = {code: _middle(points) for code, points in sorted(addresses.items())}
    for thing in ordered:
        kind, name = thing.tags.get("place", ""), thing.tags.get("name", "")
        if kind in _PLACES and name:
            found.places.append((name, kind, _centre(thing)))
    found.places.sort()
    return found


def _order(label: str) -> tuple[str, int]:
    kind, _, number = label.partition(" ")
    return kind, int(number)


def _things(path: Path, found: OsmPlaces) -> Iterator[_Found]:
    """Everything tagged as a school, a place or with a postcode."""
    import osmium

    wanted = osmium.filter.KeyFilter("amenity", "addr:postcode", "place")
    make = osmium.geom.WKBFactory()
    outlined: set[str] = set()
    sought: set[str] = set()
    with sentence(path):
        for entity in processor(path).with_areas(wanted).with_filter(wanted):
            tags = {tag.k: tag.v for tag in entity.tags}
            if not (tags.get("amenity") == "school" or "addr:postcode" in tags or tags.get("place") in _PLACES):
                continue
            if isinstance(entity, osmium.osm.Node):
                if entity.location.valid():
                    point = shapely.Point(degrees((entity.location.x, entity.location.y)))
                    yield _Found(f"node {entity.id}", tags, point)
            elif isinstance(entity, osmium.osm.Area):
                label = f"{'way' if entity.from_way() else 'relation'} {entity.orig_id()}"
                outlined.add(label)
                yield _Found(label, tags, shapely.from_wkb(make.create_multipolygon(entity)))
            elif tags.get("amenity") == "school":
                sought.add(f"{'way' if isinstance(entity, osmium.osm.Way) else 'relation'} {entity.id}")
    reason = "the outline of the school is not closed, or the file does not hold all of it"
    broken = sorted(sought - outlined, key=_order)
    found.rejects += [Reject(str(path), _order(label)[1], reason, label) for label in broken]


def _centre(thing: _Found) -> Point:
    centre = shapely.centroid(thing.shape)
    return round(centre.x, 9), round(centre.y, 9)


def _middle(points: set[Point]) -> Point:
    """The middle of addresses, in whole ten-millionths of a degree so that their order cannot matter."""
    count = len(points)
    x, y = (sum(round(point[axis] * 1e7) for point in points) for axis in (0, 1))
    return degrees((round(x / count), round(y / count)))


def _schools(path: Path, things: list[_Found], found: OsmPlaces) -> None:
    urns: set[str] = set()
    named = {thing.tags.get("name") for thing in things}
    unnumbered: list[tuple[_Found, SchoolRow]] = []
    for thing in things:
        number = _order(thing.label)[1]
        if _is_drawn_already(thing, things, named):
            found.doubles.append(thing.label)
            continue
        reason = "" if in_britain(_centre(thing)) else "the place lies outside Great Britain"
        urn = thing.tags.get("ref:edubase", "")
        if urn in urns:
            reason = f"its number, {urn}, is another school's too"
        if reason:
            found.rejects.append(Reject(str(path), number, reason, thing.label))
            continue
        row = _row(thing, number)
        if _URN.fullmatch(urn):
            urns.add(urn)
            found.schools.append(replace(row, urn=urn))
        else:
            unnumbered.append((thing, row))
    for thing, row in unnumbered:
        urn = _own_number(thing.label, urns)
        urns.add(urn)
        found.schools.append(replace(row, urn=urn))
    found.numbered = len(unnumbered)
    if not found.schools:
        raise EdtravelError(f"{path} holds no school (amenity=school); give a register with --schools")


def _is_drawn_already(thing: _Found, things: list[_Found], named: set[str | None]) -> bool:
    """Whether a thing is another school once more: a house it operates, its grounds without a name, a second mark."""
    name, operator = thing.tags.get("name"), thing.tags.get("operator")
    if operator and operator != name and operator in named:
        return True
    if not name and _named_beside(thing, things) is not None:
        return True
    around = _grounds(thing, things)
    return around is not None and (name or around.tags.get("name")) == around.tags.get("name")


def _own_number(label: str, taken: set[str]) -> str:
    """A number for a school that has no URN: the same in every file that holds the same schools."""
    low, high = _OWN_NUMBERS
    number = low + zlib.crc32(label.encode()) % (high - low + 1)
    while str(number) in taken:
        number = low + (number + 1 - low) % (high - low + 1)
    return str(number)


def _grounds(thing: _Found, things: list[_Found]) -> _Found | None:
    """The first other school whose grounds hold this one."""
    for other in things:
        if other is thing or shapely.get_dimensions(other.shape) != 2 or not shapely.covers(other.shape, thing.shape):
            continue
        # Of two drawn alike the first stays.
        if not shapely.covers(thing.shape, other.shape) or _order(other.label) < _order(thing.label):
            return other
    return None


def _named_beside(thing: _Found, things: list[_Found]) -> _Found | None:
    """The first school with a name within about a hundred metres."""
    for other in things:
        if other.tags.get("name") and shapely.dwithin(other.shape, thing.shape, _BESIDE):
            return other
    return None


def _row(thing: _Found, number: int) -> SchoolRow:
    tags = thing.tags
    name = tags.get("name", "")
    phase, low, high = _ages(tags, name.lower())
    gender = _GENDERS.get(tags.get("school:gender", tags.get("gender", "")).lower(), "mixed")
    return SchoolRow(
        urn="",
        name=name or f"unnamed school ({thing.label})",
        phase=phase,
        low_age=low,
        high_age=high,
        gender=gender,
        religions=_religions(tags, name.lower()),
        independent=tags.get("fee") == "yes" or tags.get("operator:type") == "private",
        special="special" in name.lower() or any(key.startswith("school:special") for key in tags),
        selective=tags.get("school:selective") == "yes",
        la_code="",
        postcode=tidy_postcode(tags.get("addr:postcode", "")),
        district="",
        easting=0,
        northing=0,
        row=number,
        point=_centre(thing),
    )


def _ages(tags: Tags, name: str) -> tuple[str, int | None, int | None]:
    """(phase, lowest age, highest age); "" and None where neither tags nor name say."""
    given = tuple(tags.get(key, "") for key in ("min_age", "max_age"))
    levels = tuple(sorted(set(tags.get("isced:level", "").replace(",", ";").split(";")) - {"", "0"}))
    told = _BY_LEVEL.get(levels) or next((ages for word, ages in _BY_NAME if word in name), None)
    phase, low, high = told or ("", None, None)
    if all(re.fullmatch(r"[0-9]{1,2}", age) for age in given) and int(given[0]) < int(given[1]) <= 25:
        return phase, int(given[0]), int(given[1])
    return phase, low, high


def _religions(tags: Tags, name: str) -> tuple[str, ...] | None:
    denomination, religion = tags.get("denomination", ""), tags.get("religion", "")
    if denomination or religion:
        return religions(_DENOMINATIONS.get(denomination, denomination or religion).replace("_", " "))
    return next((religions(word) for pattern, word in _IN_NAMES if re.search(pattern, name)), None)
