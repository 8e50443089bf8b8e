"""Shortest routes: Dijkstra's algorithm, as SciPy has it, from junction to junction.

Lengths are whole micrometres in float64, which adds them exactly (see `network.EXACT_UM`). What decides between routes
of one length is fixed here and not left to the library: see `path_to`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from eligibility.geography.chains import Chains
from eligibility.geography.ground import Floats, Wholes
from eligibility.geography.model import Mode, Point
from eligibility.geography.network import BACK, FORWARD, WALK, Snap

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Spots:
    """Points of a network to search from or to: the chain, micrometres from its first end, and beyond the network.

    `extra_um` is a leg that counts, such as from the road to a gate.
    """

    chain: Wholes
    along_um: Wholes
    extra_um: Wholes

    def __len__(self) -> int:
        return len(self.chain)

    def one(self, number: int) -> Spots:
        """One of them alone."""
        own = slice(number, number + 1)
        return Spots(self.chain[own], self.along_um[own], self.extra_um[own])

    @classmethod
    def of(cls, chains: Chains, snap: Snap, extra_um: int = 0) -> Spots:
        """One snapped point."""
        chain, along = chains.place_of(snap)
        return cls(np.array([chain]), np.array([along]), np.array([extra_um]))


class Arcs:
    """What one mode may use while some stretches are closed: the ways from junction to junction, shortest only."""

    def __init__(self, chains: Chains, mode: Mode, closed: Sequence[int] = ()) -> None:
        self.chains, self.mode = chains, mode
        forward, back = (WALK, WALK) if mode == "walk" else (FORWARD, BACK)
        is_open = ~np.isin(chains.closing, np.array(closed, dtype=np.int32))
        self.forward = ((chains.uses & forward) > 0) & is_open
        self.back = ((chains.uses & back) > 0) & is_open
        self.junctions, ends = np.unique(np.concatenate([chains.first, chains.last]), return_inverse=True)
        self.first, self.last = ends[: len(chains.um)], ends[len(chains.um) :]

    @property
    def size(self) -> int:
        """How many junctions there are."""
        return len(self.junctions)

    @cached_property
    def _ahead(self) -> _Table:
        return _Table.of(self, reverse=False)

    @cached_property
    def _behind(self) -> _Table:
        # On foot every way is used in both directions, so both tables are the same.
        return self._ahead if self.mode == "walk" else _Table.of(self, reverse=True)

    def table(self, *, reverse: bool) -> _Table:
        """The arcs by the junction they leave, or by the one they arrive at."""
        return self._behind if reverse else self._ahead

    def ends(self, spots: Spots, *, reverse: bool) -> tuple[Floats, Floats]:
        """Micrometres from each spot to the first and to the last end of its chain, or from these to it.

        Infinite where the chain may not be used that way. A spot at an end of its chain is there already, whichever
        way the chain is used, so it does not matter on which of the streets that meet there it was found.
        """
        to_first, to_last = (self.forward, self.back) if reverse else (self.back, self.forward)
        chain, extra = spots.chain, spots.extra_um
        before, after = spots.along_um, self.chains.um[chain] - spots.along_um
        first = np.where(to_first[chain] | (before == 0), (before + extra).astype(float), np.inf)
        last = np.where(to_last[chain] | (after == 0), (after + extra).astype(float), np.inf)
        return first, last

    def from_rows(self, spots: Spots, row: Wholes, rows: int, *, reverse: bool, limit_um: float = np.inf) -> Floats:
        """Micrometres from the nearest spot of each row to every junction (or back from it): rows x junctions.

        Infinite where there is no way, or none within the limit.
        """
        from scipy.sparse.csgraph import dijkstra

        graph = self._with_rows(spots, row, rows, reverse=reverse)
        found = dijkstra(graph, directed=True, indices=np.arange(self.size, self.size + rows), limit=limit_um)
        return np.asarray(found)[:, : self.size]

    def _with_rows(self, spots: Spots, row: Wholes, rows: int, *, reverse: bool) -> csr_array[np.float64]:
        """The graph with a node for each row, from which its spots' ends are reached."""
        from scipy.sparse import csr_array

        first, last = self.ends(spots, reverse=reverse)
        start = np.concatenate([row, row])
        node = np.concatenate([self.first[spots.chain], self.last[spots.chain]])
        um = np.concatenate([first, last])
        usable = np.isfinite(um)
        start, node, um, _ = _shortest(start[usable], node[usable], um[usable], np.zeros(int(usable.sum()), np.int64))
        base = self.table(reverse=reverse)
        counts = np.bincount(start, minlength=rows)
        pointers = np.concatenate([base.pointers, base.pointers[-1] + np.cumsum(counts)]).astype(np.int32)
        nodes = np.concatenate([base.node, node]).astype(np.int32)
        size = self.size + rows
        return csr_array((np.concatenate([base.um, um]), nodes, pointers), shape=(size, size))


@dataclass(frozen=True, eq=False)
class _Table:
    """Arcs by the junction they leave: `pointers` into `node`, `um` and `chain`, as in a CSR matrix."""

    pointers: Wholes
    node: Wholes
    um: Floats
    chain: Wholes

    @classmethod
    def of(cls, arcs: Arcs, *, reverse: bool) -> _Table:
        ahead, against = np.flatnonzero(arcs.forward), np.flatnonzero(arcs.back)
        start = np.concatenate([arcs.first[ahead], arcs.last[against]])
        end = np.concatenate([arcs.last[ahead], arcs.first[against]])
        chain = np.concatenate([ahead, against])
        apart = start != end  # a chain back to where it started is no way to anywhere
        start, end, chain = start[apart], end[apart], chain[apart]
        if reverse:
            start, end = end, start
        start, end, um, chain = _shortest(start, end, arcs.chains.um[chain].astype(float), chain)
        pointers = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=arcs.size))])
        return cls(pointers, end, um, chain)


def _shortest(start: Wholes, end: Wholes, um: Floats, chain: Wholes) -> tuple[Wholes, Wholes, Floats, Wholes]:
    """Of ways between the same two places the shortest, then of the lowest number: SciPy would add them up."""
    order = np.lexsort((chain, um, end, start))
    start, end, um, chain = start[order], end[order], um[order], chain[order]
    keep = np.ones(len(start), dtype=bool)
    keep[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return start[keep], end[keep], um[keep], chain[keep]


class Search:
    """The shortest routes from one snapped point (or, `reverse`, to it), to where `limit_um` ends it."""

    def __init__(self, arcs: Arcs, start: Snap, *, limit_um: float = np.inf, reverse: bool = False) -> None:
        self._arcs, self._chains, self._reverse = arcs, arcs.chains, reverse
        self._start = Spots.of(arcs.chains, start)
        self.um: Floats = arcs.from_rows(
            self._start, np.zeros(1, dtype=np.int64), 1, reverse=reverse, limit_um=limit_um
        )[0]

    def um_to(self, end: Snap) -> int | None:
        """Micrometres along the network to a snapped point; None where it cannot be reached."""
        found = float(self.um_to_all(Spots.of(self._chains, end))[0])
        return None if np.isinf(found) else int(found)

    def um_to_all(self, ends: Spots) -> Floats:
        """As `um_to`, for many; infinite where one cannot be reached. Their `extra_um` counts."""
        found: Floats = np.min(self._choices(ends), axis=0)
        return found

    def _choices(self, ends: Spots) -> Floats:
        """Micrometres by the three ways there are: straight along the chain, by its first end, by its last."""
        first, last = self._arcs.ends(ends, reverse=not self._reverse)
        direct = along_one_chain(self._arcs, self._start, ends, reverse=self._reverse)
        chain = ends.chain
        return np.stack([direct, self.um[self._arcs.first[chain]] + first, self.um[self._arcs.last[chain]] + last])

    def at_nodes(self) -> Floats:
        """Micrometres to every node of the network; infinite where it cannot be reached within the limit."""
        network, chains = self._chains.network, self._chains
        found = np.full(len(network.lon), np.inf)
        edges = np.arange(len(network.um))
        for node, along in ((network.a, np.zeros_like(network.um)), (network.b, network.um)):
            chain, within = chains.place(edges, along)
            np.minimum.at(found, node, self.um_to_all(Spots(chain, within, np.zeros_like(within))))
        return found

    def path_to(self, end: Snap) -> list[tuple[int, int, Point]]:
        """The route as (edge, micrometres on it, where that stretch ends), in order; every vertex is followed.

        Of routes equally long, that which at each junction, coming back from the end, arrives by the chain of the
        lowest number, and which turns off no earlier than it must.
        """
        spot = Spots.of(self._chains, end)
        choices = self._choices(spot)[:, 0]
        way = int(np.argmin(choices))
        if np.isinf(choices[way]):
            return []
        chain, along = int(spot.chain[0]), int(spot.along_um[0])
        begin, begin_along = int(self._start.chain[0]), int(self._start.along_um[0])
        if way == 0:
            return self._along(chain, begin_along, along)
        node = int(self._arcs.first[chain] if way == 1 else self._arcs.last[chain])
        tail = self._along(chain, 0 if way == 1 else int(self._chains.um[chain]), along)
        return [*self._back_to_start(node, begin, begin_along), *tail]

    def _back_to_start(self, node: int, begin: int, begin_along: int) -> list[tuple[int, int, Point]]:
        """The stretches from the start to a junction."""
        arcs, um = self._arcs, self.um
        first, last = (float(each[0]) for each in arcs.ends(self._start, reverse=False))
        table = arcs.table(reverse=True)
        parts: list[tuple[int, bool]] = []
        while True:
            far = float(um[node])
            for at, leg, to in ((arcs.first, first, 0), (arcs.last, last, int(self._chains.um[begin]))):
                if int(at[begin]) == node and leg == far:
                    found = self._along(begin, begin_along, to)
                    for chain, ahead in reversed(parts):
                        whole = int(self._chains.um[chain])
                        found += self._along(chain, 0, whole) if ahead else self._along(chain, whole, 0)
                    return found
            came = slice(int(table.pointers[node]), int(table.pointers[node + 1]))
            fits = np.flatnonzero(um[table.node[came]] + table.um[came] == far)
            chosen = int(fits[np.argmin(table.chain[came][fits])])
            chain, before = int(table.chain[came][chosen]), int(table.node[came][chosen])
            parts.append((chain, int(arcs.first[chain]) == before))
            node = before

    def _along(self, chain: int, begin: int, end: int) -> list[tuple[int, int, Point]]:
        """The stretches of a chain between two points of it, in the order they are walked."""
        chains, network = self._chains, self._chains.network
        low, high = min(begin, end), max(begin, end)
        found: list[tuple[int, int, Point]] = []
        edges = chains.edges_of(chain)
        for edge in edges if begin <= end else reversed(edges):
            before, um = int(chains.before_um[edge]), int(network.um[edge])
            enter, leave = max(low, before), min(high, before + um)
            if leave <= enter and not (begin == end and before <= begin <= before + um):
                continue
            stop = leave if begin <= end else enter
            within = before + um - stop if chains.turned[edge] else stop - before
            found.append((edge, leave - enter, network.point(Snap(edge, within, 0))))
            if begin == end:
                break
        return found


def along_one_chain(arcs: Arcs, start: Spots, ends: Spots, *, reverse: bool) -> Floats:
    """Micrometres from one spot straight along its chain to each of `ends`; infinite where that is no way."""
    ahead = (ends.along_um - start.along_um[0]) * (-1 if reverse else 1)
    chain = ends.chain
    allowed = (ahead == 0) | np.where(ahead > 0, arcs.forward[chain], arcs.back[chain])
    same = (chain == start.chain[0]) & allowed
    return np.where(same, (np.abs(ahead) + ends.extra_um + start.extra_um[0]).astype(float), np.inf)
