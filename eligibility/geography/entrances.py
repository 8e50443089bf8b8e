"""Where routes to schools end: gates, or the point that the register gives, each snapped to both networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np

from eligibility.errors import UsageError
from eligibility.geography.chains import Chains
from eligibility.geography.ground import UM_PER_MM, Floats, Wholes
from eligibility.geography.layers import Cell, Row
from eligibility.geography.model import Mode, Point, SchoolEntrance
from eligibility.geography.network import Bools, Snap
from eligibility.geography.search import Spots

FURTHEST_LEG_UM = 2_000_000_000
"""A home or a school further than this from every way of a network is a wrong grid reference sooner than remote."""
ENTRANCE_ALLOWANCE_MM = 300_000
"""No entrance is taken to stand further than this from where the register puts its school."""


@dataclass(frozen=True)
class Entrance:
    """Where routes to a school end: a gate, or the register's point; its snap on each network.

    `border_mm` is the floor of the straight line from here to the border; None where the area has
    none.
    """

    place: Point
    is_gate: bool
    snaps: dict[Mode, Snap | None]
    border_mm: int | None


@dataclass(frozen=True, eq=False)
class Ends:
    """The entrances that count under a reading, school by school, as arrays; `legs_um` is the way on to a gate.

    `number` is each one's place among the area's entrances, `first` where each school's begin. An edge of -1 stands
    for a network that has none.
    """

    number: Wholes
    first: Wholes
    lon: Floats
    lat: Floats
    is_gate: Bools
    border_mm: Wholes
    edges: dict[Mode, Wholes]
    along_um: dict[Mode, Wholes]
    legs_um: dict[Mode, Wholes]

    def spots(self, chains: Chains, mode: Mode) -> Spots:
        """The entrances on a network. One that has no edge there stands on edge 0; see `reached`."""
        edge = np.maximum(self.edges[mode], 0)
        chain, along = chains.place(edge, np.where(self.edges[mode] < 0, 0, self.along_um[mode]))
        return Spots(chain, along, self.counted_um(mode))

    def reached(self, mode: Mode) -> Bools:
        """Which entrances a network comes to, no further from it than `FURTHEST_LEG_UM`."""
        found: Bools = (self.edges[mode] >= 0) & (self.legs_um[mode] <= FURTHEST_LEG_UM)
        return found

    @property
    def far(self) -> Bools:
        """By school, whether it stands too far from a network, with every entrance, for a distance to be known."""
        found = np.zeros(len(self.first), dtype=bool)
        for mode, edges in self.edges.items():
            beyond = (edges >= 0) & (self.legs_um[mode] > FURTHEST_LEG_UM)
            found |= np.logical_and.reduceat(beyond, self.first)
        return found

    def straight_floors_mm(self, straight_um: Wholes, unsure_um: int | Wholes) -> Wholes:
        """By school, what no way to it can be less than, from the straight line to each entrance; whole millimetres.

        `straight_um` may have a column a home, as may `unsure_um`: how far from the home the measuring may begin.
        """
        allowance = np.where(self.is_gate, 0, ENTRANCE_ALLOWANCE_MM)
        nearest = np.minimum.reduceat((straight_um // UM_PER_MM).T - allowance, self.first, axis=-1).T
        found: Wholes = np.maximum(nearest - -(-unsure_um // UM_PER_MM), 0)
        return found

    def of_school(self, place: int) -> Ends:
        """The entrances of one school, by its place among the area's schools."""
        after = self.first[place + 1] if place + 1 < len(self.first) else len(self.number)
        own = slice(int(self.first[place]), int(after))
        return Ends(
            number=self.number[own],
            first=np.zeros(1, dtype=np.int64),
            lon=self.lon[own],
            lat=self.lat[own],
            is_gate=self.is_gate[own],
            border_mm=self.border_mm[own],
            edges={mode: each[own] for mode, each in self.edges.items()},
            along_um={mode: each[own] for mode, each in self.along_um.items()},
            legs_um={mode: each[own] for mode, each in self.legs_um.items()},
        )

    def snap(self, place: int, mode: Mode) -> Snap | None:
        """Where one of these entrances meets a network."""
        edge = int(self.edges[mode][place])
        return None if edge < 0 else Snap(edge, int(self.along_um[mode][place]), int(self.legs_um[mode][place]))

    def counted_um(self, mode: Mode) -> Wholes:
        """The leg that counts: on to a gate, and never from the road to the register's point."""
        return np.where(self.is_gate, self.legs_um[mode], 0)


class Entrances:
    """Every entrance of an area's schools, in the order of `urns`, then as stored."""

    def __init__(self, rows: Sequence[Row], urns: Sequence[str]) -> None:
        self.urns = tuple(urns)
        place = {urn: number for number, urn in enumerate(self.urns)}
        self._rows = sorted(rows, key=lambda row: place[str(row[0])])
        self._school = np.array([place[str(row[0])] for row in self._rows], dtype=np.int64)
        self._is_gate = np.array([row[1] == "gate" for row in self._rows], dtype=bool)

    @cached_property
    def all(self) -> list[Entrance]:
        """Each of them."""
        return [_entrance(row) for row in self._rows]

    def of_school(self, which: SchoolEntrance = "nearest_gate") -> dict[str, list[Entrance]]:
        """The entrances that count under a reading, by URN."""
        found: dict[str, list[Entrance]] = {urn: [] for urn in self.urns}
        for number in self._chosen(which).tolist():
            found[self.urns[int(self._school[number])]].append(self.all[number])
        return found

    def ends(self, which: SchoolEntrance) -> Ends:
        """As `of_school`, as arrays."""
        number = self._chosen(which)
        rows = [self._rows[each] for each in number.tolist()]
        modes: tuple[tuple[Mode, int], ...] = (("walk", 4), ("road", 7))
        return Ends(
            number=number,
            first=np.searchsorted(self._school[number], np.arange(len(self.urns))),
            lon=np.array([row[2] for row in rows], dtype=np.float64),
            lat=np.array([row[3] for row in rows], dtype=np.float64),
            is_gate=self._is_gate[number],
            border_mm=_wholes([row[10] for row in rows], 0),
            edges={mode: _wholes([row[cell] for row in rows], -1) for mode, cell in modes},
            along_um={mode: _wholes([row[cell + 1] for row in rows], 0) for mode, cell in modes},
            legs_um={mode: _wholes([row[cell + 2] for row in rows], 0) for mode, cell in modes},
        )

    def _chosen(self, which: SchoolEntrance) -> Wholes:
        if which not in get_args(SchoolEntrance):
            raise UsageError(f"school_entrance is {which}; expected {' or '.join(get_args(SchoolEntrance))}")
        if which == "main_entrance":
            return np.flatnonzero(~self._is_gate)
        has_gates = np.zeros(len(self.urns), dtype=bool)
        has_gates[self._school[self._is_gate]] = True
        return np.flatnonzero(self._is_gate == has_gates[self._school])


def _wholes(cells: list[Cell], missing: int) -> Wholes:
    return np.array([missing if cell is None else int(cell) for cell in cells], dtype=np.int64)


def _entrance(row: Row) -> Entrance:
    _, kind, lon, lat, *numbers = row
    border = numbers[6]
    snaps: dict[Mode, Snap | None] = {"walk": _snap(numbers[0:3]), "road": _snap(numbers[3:6])}
    return Entrance((float(lon or 0), float(lat or 0)), kind == "gate", snaps, None if border is None else int(border))


def _snap(numbers: list[Cell]) -> Snap | None:
    edge, along, leg = numbers
    return None if edge is None else Snap(int(edge), int(along or 0), int(leg or 0))
