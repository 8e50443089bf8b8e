"""Whole populations: every pupil to every school within a limit, on both networks, into one Parquet file.

Measured from the schools outward, a block of schools at a time, in the same whole micrometres as one pupil is, so to
the same millimetre. Each finished block lies beside the file until all are done, so that a run that was stopped goes on
where it was and gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from eligibility.errors import InputError
from eligibility.geography import distance_files
from eligibility.geography.entrances import FURTHEST_LEG_UM, Ends
from eligibility.geography.ground import UM_PER_MM, Floats, Wholes, on_grid, points_from_grid
from eligibility.geography.measure import How, check_leg
from eligibility.geography.model import Home, Mode, Point
from eligibility.geography.search import Arcs, Spots, along_one_chain

if TYPE_CHECKING:
    from eligibility.geography.area import Area

NONE_MM = -1
"""Stands for a length that is beyond the limit, or that the network holds no route for, until it is written as null."""
_BLOCK = 16  # schools searched from at a time: 16 rows of every junction, some 25 MB on 200,000


@dataclass(frozen=True)
class Reach:
    """How far schools are looked for, in whole millimetres, both inclusive.

    There is no usual one: what is too far to matter follows from the policy's limits, which the caller knows.
    """

    walking_mm: int
    road_mm: int


@dataclass(frozen=True)
class Unplaced:
    """A pupil who could not be measured: the place in the input, from 1, and why. Never says where the home is."""

    row: int
    reason: str


@dataclass(frozen=True)
class Distances:
    """What was measured: pupils placed, rows written, who was left out and why."""

    pupils: int
    rows: int
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True, eq=False)
class Homes:
    """Homes found and snapped; `spots` and `legs` by mode, None where the area has no such network."""

    references: list[str]
    lon: Floats
    lat: Floats
    spots: dict[Mode, Spots | None]
    _around: dict[Mode, _Around] = field(default_factory=dict)

    def around(self, arcs: Arcs, spots: Spots) -> _Around:
        """The homes by junction; sorted once for all blocks of schools."""
        known = self._around.get(arcs.mode)
        if known is None or known.arcs is not arcs:
            known = self._around[arcs.mode] = _Around(arcs, spots)
        return known


def measure_many(
    area: Area,
    pupils: Iterable[tuple[str, Home]],
    out: Path,
    *,
    reach: Reach,
    how: How | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Distances:
    """Measures every pupil (reference, home) to every school within `reach` and writes `out`, a Parquet file.

    A row a pupil and school, pupils in the order given, nearest school first: `reference`, `urn`, `walking_mm`,
    `road_mm` (whole millimetres; null beyond the limit or where there is no route). A pupil with no school within
    reach has no row, nor has a school so far from the network that no distance to it is known (`Ends.far`). `progress`
    is told how many schools of how many are done.

    Raises UsageError where the file cannot be written.
    """
    how = how or How()
    homes, unplaced = place_all(area, pupils, how)
    every = blocks(area)
    parts = distance_files.Parts(out, fingerprint(area, homes, how, reach), len(homes.references))
    done = 0
    for number, block in enumerate(every):
        if not parts.has(number):
            parts.write(number, *rows_of(area, homes, block, how, reach))
        done += len(block)
        progress(done, len(area.schools))
    about = {"area": area.content_hash, "on": how.on.isoformat() if how.on else None, **asdict(reach)}
    about |= {"measure_from": how.measure_from, "school_entrance": how.school_entrance}
    rows = parts.merge(len(every), homes.references, list(area.schools), about)
    return Distances(len(homes.references), rows, tuple(unplaced))


def blocks(area: Area) -> list[range]:
    """The area's schools, a block at a time, as they are searched from."""
    return [range(first, min(first + _BLOCK, len(area.schools))) for first in range(0, len(area.schools), _BLOCK)]


def place_all(area: Area, pupils: Iterable[tuple[str, Home]], how: How) -> tuple[Homes, list[Unplaced]]:
    """Finds and snaps every home; those that cannot be are returned apart."""
    given: list[tuple[int, str, Home]] = []
    places: dict[int, Point] = {}
    unplaced: list[Unplaced] = []
    grid: list[tuple[int, int, int]] = []
    for row, (reference, home) in enumerate(pupils, start=1):
        given.append((row, reference, home))
        if _is_on_grid(home):
            grid.append((row, home.easting or 0, home.northing or 0))
            continue
        try:
            places[row] = area.locate(home).point
        except InputError as problem:
            unplaced.append(Unplaced(row, problem.message))
    for (row, _, _), point in zip(grid, points_from_grid([g[1] for g in grid], [g[2] for g in grid]), strict=True):
        if point is None:
            unplaced.append(Unplaced(row, f"{given[row - 1][2].key} lies outside the OSTN15 transformation"))
        else:
            places[row] = point
    placed = [each for each in given if each[0] in places]
    lon, lat = (np.array([places[row][axis] for row, *_ in placed], dtype=np.float64) for axis in (0, 1))
    snaps = area.network.snap_both(lon, lat)
    legs = np.min([np.where(s.edge < 0, np.iinfo(np.int64).max, s.leg_um) for s in snaps.values()], axis=0)
    near = legs <= FURTHEST_LEG_UM
    for number in np.flatnonzero(~near).tolist():
        try:
            check_leg(int(legs[number]), placed[number][2].key, area.name)
        except InputError as problem:
            unplaced.append(Unplaced(placed[number][0], problem.message))
    spots: dict[Mode, Spots | None] = {}
    for mode, found in snaps.items():
        edge, along, leg = (each[near] for each in found)
        counted = leg if how.measure_from == "address_point" else np.zeros_like(leg)
        spots[mode] = None if (edge < 0).any() else Spots(*area.chains.place(edge, along), counted)
    references = [reference for (_, reference, _), is_near in zip(placed, near.tolist(), strict=True) if is_near]
    return Homes(references, lon[near], lat[near], spots), sorted(unplaced, key=lambda each: each.row)


def _is_on_grid(home: Home) -> bool:
    """Whether a home is given by a grid reference alone; these are many, and turned into degrees all at once."""
    if home.easting is None or home.northing is None or home.postcode is not None or home.uprn is not None:
        return False
    return on_grid(home.easting, home.northing)


def rows_of(
    area: Area, homes: Homes, block: range, how: How, reach: Reach
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """(pupil, school, walking, road) for every pair of the block within reach, by pupil, then school."""
    walking = lengths(area, homes, block, how, mode="walk", limit_mm=reach.walking_mm)
    road = lengths(area, homes, block, how, mode="road", limit_mm=reach.road_mm)
    pupil, school = np.nonzero(((walking != NONE_MM) | (road != NONE_MM)).T)
    found = pupil, school + block.start, walking[school, pupil], road[school, pupil]
    return tuple(each.astype(np.int32) for each in found)  # type: ignore[return-value]  # as many as before


def lengths(area: Area, homes: Homes, block: range, how: How, *, mode: Mode, limit_mm: int) -> NDArray[np.int32]:
    """Whole millimetres from every home to every school of a block, schools x homes; `NONE_MM` beyond the limit."""
    found = np.full((len(block), len(homes.references)), NONE_MM, dtype=np.int32)
    spots = homes.spots[mode]
    if spots is None or not len(spots):
        return found
    arcs, ends = area.arcs(mode, how.on), area.ends(how.school_entrance)
    entrances, row = _entrances(area, ends, block, mode)
    if not len(row):
        return found
    limit_um = limit_mm * UM_PER_MM + UM_PER_MM // 2
    reached = arcs.from_rows(entrances, row, len(block), reverse=True, limit_um=float(limit_um))
    around = homes.around(arcs, spots)
    for school in range(len(block)):
        own = [entrances.one(number) for number in np.flatnonzero(row == school).tolist()]
        home, um = around.within(reached[school], own, float(limit_um))
        found[school, home] = (um.astype(np.int64) + UM_PER_MM // 2) // UM_PER_MM
    return found


class _Around:
    """Homes by the junctions at the ends of their chains, so that only those a search came near are looked at."""

    def __init__(self, arcs: Arcs, spots: Spots) -> None:
        self.arcs = arcs
        self._first_um, self._last_um = arcs.ends(spots, reverse=False)
        self._first, self._last = arcs.first[spots.chain], arcs.last[spots.chain]
        self._by_chain = np.argsort(spots.chain, kind="stable")
        self._spots = Spots(*(each[self._by_chain] for each in (spots.chain, spots.along_um, spots.extra_um)))

    def within(self, reached: Floats, entrances: list[Spots], limit_um: float) -> tuple[Wholes, Floats]:
        """The homes nearer than the limit to a school, and how near; `reached` is from the school to each junction."""
        came = reached < limit_um
        looked = came[self._first] | came[self._last]
        beside = [self._straight_along(entrance) for entrance in entrances]
        for home, _ in beside:
            looked[home] = True
        homes = np.flatnonzero(looked)
        by_first = reached[self._first[homes]] + self._first_um[homes]
        um = np.minimum(by_first, reached[self._last[homes]] + self._last_um[homes])
        for home, straight in beside:
            place = np.searchsorted(homes, home)
            um[place] = np.minimum(um[place], straight)
        near = um < limit_um  # half a millimetre beyond the limit rounds up, and so lies beyond it
        return homes[near], um[near]

    def _straight_along(self, entrance: Spots) -> tuple[Wholes, Floats]:
        """Homes on the very chain that an entrance stands on, which need not go by either of its ends."""
        homes = self._spots
        low, high = np.searchsorted(homes.chain, [entrance.chain[0], entrance.chain[0] + 1])
        near = Spots(homes.chain[low:high], homes.along_um[low:high], homes.extra_um[low:high])
        return self._by_chain[low:high], along_one_chain(self.arcs, entrance, near, reverse=True)


def _entrances(area: Area, ends: Ends, block: range, mode: Mode) -> tuple[Spots, Wholes]:
    """The entrances of a block's schools that a network reaches, and each one's school within the block."""
    counts = np.diff(np.append(ends.first, len(ends.number)))
    school = np.repeat(np.arange(len(ends.first)), counts)
    chosen = np.flatnonzero((school >= block.start) & (school < block.stop) & ends.reached(mode))
    every = ends.spots(area.chains, mode)
    spots = Spots(every.chain[chosen], every.along_um[chosen], every.extra_um[chosen])
    return spots, school[chosen] - block.start


def fingerprint(area: Area, homes: Homes, how: How, reach: Reach) -> str:
    """What a stopped run must have been about for its blocks to be used."""
    digest = hashlib.sha256(json.dumps([area.content_hash, str(how), asdict(reach), _BLOCK]).encode())
    digest.update(homes.lon.tobytes() + homes.lat.tobytes())
    for reference in homes.references:
        digest.update(reference.encode() + b"\0")
    return digest.hexdigest()
