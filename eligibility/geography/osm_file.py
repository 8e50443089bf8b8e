"""Reads roads and paths from OpenStreetMap, PBF or XML, through libosmium."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from eligibility.errors import EdtravelError, UsageError
from eligibility.geography.coordinates import BRITAIN
from eligibility.geography.model import Point
from eligibility.geography.osm_rules import Use, barred, street_of, use_of
from eligibility.geography.tables import Reject
from eligibility.geography.walked import Line, Walked

if TYPE_CHECKING:
    from osmium import FileProcessor

LICENCE = "Open Database License 1.0, © OpenStreetMap contributors"
_ENDINGS = (".pbf", ".osm", ".osm.gz", ".osm.bz2")
_APART = 1_000_000  # levels that nothing joins start here, above those of nodes that share a place


@dataclass
class OsmLines:
    """The lines of a file, what was set aside, how many ways nobody travels on, and what is worth saying."""

    lines: list[Line] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    passed_over: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Way:
    """A way as far as the file holds its nodes: `nodes` in its order, with its place in the file where known."""

    number: int
    nodes: tuple[int, ...]
    use: Use
    street: str


Places = dict[int, tuple[int, int]]  # of a node, in ten-millionths of a degree, as the file holds them


def reads(path: Path) -> bool:
    """Whether the file's name says that it is OpenStreetMap data."""
    return path.name.lower().endswith(_ENDINGS)


def versions() -> str:
    """What reads these files, to be recorded beside what was read."""
    from osmium.version import libosmium_version, pyosmium_release

    return f"pyosmium {pyosmium_release}, libosmium {libosmium_version}"


def read_lines(path: Path, walked: Walked) -> OsmLines:
    """The roads and paths of a file as lines that join where they share a node, and only there.

    So a road on a bridge never meets the one below. A barrier stops whom its tags stop. Raises EdtravelError
    where the file is damaged or holds no road.
    """
    found = OsmLines()
    places: Places = {}
    barriers: dict[int, tuple[bool, bool]] = {}
    ways: dict[int, _Way] = {}
    private = 0
    import osmium

    with sentence(path):
        for entity in processor(path).with_filter(osmium.filter.KeyFilter("highway", "barrier")):
            tags = {tag.k: tag.v for tag in entity.tags}
            if isinstance(entity, osmium.osm.Node):
                if any(stopped := barred(tags)):
                    barriers[entity.id] = stopped
            elif isinstance(entity, osmium.osm.Way) and "highway" in tags and not entity.deleted:
                use = use_of(tags, walked)
                if use is None or not (use.walk or use.forward or use.back):
                    private += use is not None and use.kind == "private"
                    found.passed_over += use is None or use.kind != "private"
                    continue
                for node in entity.nodes:
                    if node.location.valid():
                        places[node.ref] = (node.location.x, node.location.y)
                nodes = tuple(node.ref for node in entity.nodes)
                ways[entity.id] = _Way(entity.id, nodes, use, street_of(tags))
    if private:
        found.notes.append(f"{private:,} ways of {path.name} are private and were left out; --walk-private keeps them")
    _draw(path, found, ways, places, barriers)
    if not found.lines:
        raise EdtravelError(f"{path} holds no road or path that can be used")
    return found


def processor(path: Path) -> FileProcessor:
    """Everything in a file, ways with the places of their nodes. Raises EdtravelError for no such file."""
    import osmium

    if not path.name.lower().endswith((".gz", ".bz2")):
        with path.open("rb") as stream:
            begins = stream.read(64)
        if not begins:
            raise EdtravelError(f"{path} is empty; expected OpenStreetMap data")
        if (b"OSMHeader" in begins) != path.name.lower().endswith(".pbf"):
            raise EdtravelError(f"{path} is not what its name says; expected OpenStreetMap data, .osm.pbf or .osm")
    return osmium.FileProcessor(str(path)).with_locations()


@contextmanager
def sentence(path: Path) -> Iterator[None]:
    """Turns whatever libosmium says of a file into one sentence."""
    import osmium

    try:
        yield
    except OSError as problem:
        raise UsageError(f"cannot read {path}: {problem.strerror or problem}") from None
    except (osmium.InvalidLocationError, RuntimeError, ValueError, MemoryError, OverflowError) as problem:
        if "out of order" in str(problem).lower():
            raise EdtravelError(
                f"{path} is not in order; expected nodes, ways and relations by number, as `osmium sort` puts them"
            ) from None
        raise EdtravelError(
            f"{path} is damaged or cut off: it cannot be read to its end as OpenStreetMap data"
        ) from None


def _draw(
    path: Path, found: OsmLines, ways: dict[int, _Way], places: Places, barriers: dict[int, tuple[bool, bool]]
) -> None:
    """Turns ways into lines, in the order of their numbers."""
    levels = _levels(ways.values(), places)
    stops = _stops(ways.values(), barriers)
    cut = 0
    for number in sorted(ways):
        way = ways[number]
        stretches = list(_held(way.nodes, places))
        cut += len(way.nodes) > sum(map(len, stretches))
        for nodes in stretches:
            if not all(in_britain(degrees(places[node])) for node in nodes):
                reason = "the place lies outside Great Britain"
                found.rejects.append(Reject(str(path), number, reason, f"way {number}"))
                continue
            found.lines += _lines(way, nodes, places, levels, stops.get(number, {}))
    if cut:
        found.notes.append(f"{cut:,} ways of {path.name} go on beyond the file and end where it ends")


def degrees(place: tuple[int, int]) -> Point:
    """Longitude and latitude of a place in ten-millionths of a degree."""
    return round(place[0] / 1e7, 9), round(place[1] / 1e7, 9)


def in_britain(point: Point) -> bool:
    """Whether a point lies in Great Britain or the seas around it."""
    west, south, east, north = BRITAIN
    return west <= point[0] <= east and south <= point[1] <= north


def _held(nodes: Sequence[int], places: Places) -> Iterator[list[int]]:
    """The stretches of a way whose nodes the file holds."""
    stretch: list[int] = []
    for node in nodes:
        if node in places:
            stretch.append(node)
        elif stretch:
            if len(stretch) > 1:
                yield stretch
            stretch = []
    if len(stretch) > 1:
        yield stretch


def _levels(ways: Iterable[_Way], places: Places) -> dict[int, int]:
    """For nodes that share a place with others, the level that keeps them apart.

    Two nodes of one place that follow each other on a way are one: the way goes on through both.
    """
    at: dict[tuple[int, int], set[int]] = defaultdict(set)
    same: dict[int, int] = {}
    for node, place in places.items():
        at[place].add(node)

    def root(node: int) -> int:
        while node in same:
            node = same[node]
        return node

    for way in ways:
        for one, two in pairwise(way.nodes):
            if one in places and places.get(two) == places[one] and root(one) != root(two):
                low, high = sorted((root(one), root(two)))
                same[high] = low
    levels: dict[int, int] = {}
    for nodes in at.values():
        roots = sorted({root(node) for node in nodes})
        if len(roots) > 1:
            levels.update({node: roots.index(root(node)) for node in nodes})
    return levels


def _stops(ways: Iterable[_Way], barriers: dict[int, tuple[bool, bool]]) -> dict[int, dict[int, tuple[bool, bool]]]:
    """By way, the nodes at which a barrier stands on it and whom it stops (walkers, vehicles).

    At a junction a barrier stands on the ways that end there, not on the one that goes through.
    """
    through: dict[int, list[int]] = defaultdict(list)
    ending: dict[int, list[int]] = defaultdict(list)
    for way in ways:
        for place, node in enumerate(way.nodes):
            if node in barriers:
                inside = 0 < place < len(way.nodes) - 1
                (through if inside else ending)[node].append(way.number)
    found: dict[int, dict[int, tuple[bool, bool]]] = defaultdict(dict)
    for node in {*through, *ending}:
        for number in ending.get(node) or through[node]:
            found[number][node] = barriers[node]
    return found


def _lines(
    way: _Way, nodes: list[int], places: Places, levels: dict[int, int], stops: dict[int, tuple[bool, bool]]
) -> Iterator[Line]:
    """The lines of one stretch: one, or where a barrier stands on it, those walked and those driven by themselves."""
    use = way.use
    walkers = {node for node in nodes if stops.get(node, (False, False))[0]}
    vehicles = {node for node in nodes if stops.get(node, (False, False))[1]}
    drive = use.forward or use.back
    if walkers == vehicles or not (use.walk and drive):
        modes = [(walkers if use.walk else vehicles, use.walk, use.forward, use.back)]
    else:
        modes = [(walkers, True, False, False), (vehicles, False, use.forward, use.back)]
    for stopped, walk, forward, back in modes:
        for piece in _pieces(nodes, stopped):
            heights = [levels.get(node, 0) for node in piece]
            for end in (0, -1):
                if piece[end] in stopped:
                    heights[end] = _APART + zlib.crc32(f"{way.number} {piece[end]} {end}".encode())
            points = tuple(degrees(places[node]) for node in piece)
            yield Line(points, way.street, walk, forward, back, 0, use.kind, tuple(heights))


def _pieces(nodes: list[int], stopped: set[int]) -> Iterator[list[int]]:
    """The nodes of a way cut at those where somebody is stopped."""
    piece = [nodes[0]]
    for node in nodes[1:]:
        piece.append(node)
        if node in stopped:
            yield piece
            piece = [node]
    if len(piece) > 1:
        yield piece
