"""Looks through an area for what is wrong with its inputs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from eligibility.geography.build_notes import far_gates
from eligibility.geography.ground import Floats, Wholes
from eligibility.geography.model import Mode

if TYPE_CHECKING:
    from eligibility.geography.area import Area

FAR_SCHOOL_UM = 200_000_000
FAR_POSTCODE_UM = 500_000_000
_MODES: tuple[Mode, ...] = ("walk", "road")
_SHOWN = 10


@dataclass(frozen=True)
class Finding:
    """One thing found: an id for programs, a sentence for people, how many, and some examples.

    `serious` findings can make a distance wrong; the others are worth knowing.
    """

    id: str
    count: int
    says: str
    examples: tuple[str, ...] = ()
    serious: bool = False


def check(area: Area) -> list[Finding]:
    """Everything worth knowing about an area's inputs, in a fixed order.

    Raises MismatchError where the file has changed since it was built.
    """
    area.verify()
    area.verify_drawing()
    found = [*_pieces(area), *_edges(area), *_schools(area), *_gates(area), *_postcodes(area)]
    left_out = [str(row[0]) for row in area.rows("left_out_school")]
    found += _some("schools_left_out", left_out, "of other authorities on land the network covers")
    return found


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def pieces(area: Area, mode: Mode) -> list[int]:
    """For each node the number of the connected piece it lies in, -1 where the mode never comes.

    A one-way street connects both ways here: what is asked is whether lines meet at all.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    edges = area.network.edges
    pairs = [(edge.a, edge.b) for edge in edges if any(area.network.ways(edge, mode))]
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    size = len(area.network.lon)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    used = np.zeros(size, dtype=bool)
    used[ends.ravel()] = True
    found: list[int] = np.where(used, labels, -1).tolist()
    return found


def _pieces(area: Area) -> list[Finding]:
    found = []
    for mode in _MODES:
        sizes = sorted(_piece_sizes(area, mode).values(), reverse=True)
        if len(sizes) > 1:
            share = 100 * sizes[0] / sum(sizes)
            says = (
                f"{_many(len(sizes) - 1, 'piece')} of the {_word(mode)} network not joined to the main one, "
                f"which holds {sizes[0]:,} of {sum(sizes):,} nodes ({share:.1f}%)"
            )
            examples = tuple(_many(size, "node") for size in sizes[1 : 1 + _SHOWN])
            found.append(Finding(f"disconnected_{mode}", len(sizes) - 1, says, examples, serious=True))
        if not sizes:
            found.append(Finding(f"empty_{mode}", 1, f"the {_word(mode)} network is empty", serious=True))
    return found


def _piece_sizes(area: Area, mode: Mode) -> dict[int, int]:
    return Counter(piece for piece in pieces(area, mode) if piece >= 0)


def _word(mode: Mode) -> str:
    return "walking" if mode == "walk" else "road"


def _edges(area: Area) -> list[Finding]:
    zero = int(area.settings.get("zero_length_edges", "0"))
    twice = int(area.settings.get("duplicate_edges", "0"))
    found = []
    if zero:
        says = f"{_many(zero, 'edge')} without length, left out"
        found.append(Finding("zero_length_edges", zero, says))
    if twice:
        says = f"{_many(twice, 'edge')} given more than once, merged"
        found.append(Finding("duplicate_edges", twice, says))
    return found


def _schools(area: Area) -> list[Finding]:
    far, outside, apart, unreached = [], [], [], []
    labels = pieces(area, "walk")
    main = main_piece(labels)
    for urn, entrances in sorted(area.entrances.items()):
        snaps = [entrance.snaps["walk"] for entrance in entrances]
        known = [snap for snap in snaps if snap is not None]
        leg_um = min((snap.leg_um for snap in known), default=0)
        if not known:
            unreached.append(urn)
        elif leg_um > FAR_SCHOOL_UM:
            far.append(f"{urn} ({leg_um / 1e6:.0f} m)")
        if known and all(labels[area.network.edges[snap.edge].a] != main for snap in known):
            apart.append(urn)
        if area.border is not None and not any(area.border.holds(each.place) for each in entrances):
            outside.append(urn)
    return [
        *_some("schools_far", far, "more than 200 m from the walking network", serious=True),
        *_some("schools_unreached", unreached, "on no walking network", serious=True),
        *_some("schools_apart", apart, "on a piece not joined to the main network", serious=True),
        *_some("schools_outside", outside, "outside the land the network covers", serious=True),
    ]


def _gates(area: Area) -> list[Finding]:
    """A gate far from its school is most often a slip in its coordinates, and routes end at it all the same."""
    named = far_gates(area.rows("entrance"))
    return _some("gates_far", named, "with a gate more than 1 km from the register's point", serious=True)


def main_piece(labels: list[int]) -> int:
    """The number of the largest piece, of the labels that `pieces` gives; -1 where there is none."""
    sizes = Counter(label for label in labels if label >= 0)
    return max(sizes, key=lambda label: (sizes[label], -label), default=-1)


@dataclass(frozen=True)
class Postcodes:
    """Every postcode's place, the nearest point of the walking network, how far that is, and on which edge."""

    places: Floats
    feet: Floats
    um: Floats
    edges: Wholes


def remote_postcodes(area: Area) -> Postcodes | None:
    """How far each postcode is from the walking network; None where either has nothing."""
    from pyproj import Geod

    network = area.network
    rows = area.rows("postcode")
    places = np.array([(row[3], row[4]) for row in rows], dtype=np.float64).reshape(-1, 2)
    walked = np.flatnonzero(network.usable("walk"))
    if not len(walked) or not len(places):
        return None
    # Degrees of longitude shrunk to those of latitude: near enough to find the nearest edge.
    scale = np.array([np.cos(np.radians(places[:, 1].mean())), 1.0])
    nodes = np.column_stack([network.lon, network.lat])
    lines = shapely.linestrings(nodes[np.column_stack([network.a[walked], network.b[walked]])] * scale)
    points = shapely.points(places * scale)
    nearest = shapely.STRtree(lines).nearest(points)
    found = shapely.line_interpolate_point(lines[nearest], shapely.line_locate_point(lines[nearest], points))
    feet = shapely.get_coordinates(found) / scale
    metres = Geod(ellps="WGS84").inv(places[:, 0], places[:, 1], feet[:, 0], feet[:, 1])[2]
    return Postcodes(places, feet, metres * 1e6, walked[nearest])


def _postcodes(area: Area) -> list[Finding]:
    """Postcodes are counted and never named: a list of remote ones names households."""
    remote = remote_postcodes(area)
    if remote is None:
        return []
    far = int((remote.um > FAR_POSTCODE_UM).sum())
    labels = pieces(area, "walk")
    main = main_piece(labels)
    apart = sum(labels[int(area.network.a[number])] != main for number in remote.edges.tolist())
    border = area.border
    outside = 0 if border is None else sum(not border.holds((lon, lat)) for lon, lat in remote.places.tolist())
    counts = (
        ("postcodes_far", far, "more than 500 m from the walking network", True),
        ("postcodes_apart", apart, "whose nearest edge is not joined to the main network", True),
        ("postcodes_outside", outside, "outside the land the network covers", False),
    )
    return [
        Finding(name, count, f"{_many(count, 'postcode')} {what}", serious=serious)
        for name, count, what, serious in counts
        if count
    ]


def _some(name: str, urns: list[str], what: str, *, serious: bool = False) -> list[Finding]:
    if not urns:
        return []
    says = f"{_many(len(urns), 'school')} {what}"
    return [Finding(name, len(urns), says, tuple(urns[:_SHOWN]), serious=serious)]
