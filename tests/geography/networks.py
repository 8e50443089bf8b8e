"""Generated networks: streets between places on a small grid, with everything that makes a network awkward."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
from hypothesis import strategies as st

from eligibility.geography.chains import Chains, chain
from eligibility.geography.join import join
from eligibility.geography.model import Mode, Point
from eligibility.geography.network import Network, Snap
from eligibility.geography.search import Arcs, Search
from eligibility.geography.shapes import Line

STEP = 0.0031  # degrees between two places of the grid


@st.composite
def points(draw: st.DrawFn) -> Point:
    """A place of a grid of 5 by 5, so that lines often meet, and now and then lie upon one another."""
    x, y = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    return round(-3.0 + x * STEP, 9), round(51.0 + y * STEP * 0.6, 9)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """A street of up to four stretches: perhaps a loop, a dead end, one-way, for walkers or for vehicles alone."""
    found = draw(st.lists(points(), min_size=2, max_size=5))
    walk = draw(st.sampled_from([True, True, True, False]))
    forward, back = draw(st.sampled_from([(True, True), (True, True), (True, False), (False, True), (False, False)]))
    walk = walk or not (forward or back)
    return Line(tuple(found), draw(st.sampled_from(["", "A", "B"])), walk, forward, back, 0)


@st.composite
def networks(draw: st.DrawFn) -> Chains:
    """A network of up to 14 streets with at least one edge, some of it along an unsafe stretch (number 0)."""
    joined = join(draw(st.lists(lines(), min_size=1, max_size=14)))
    if not joined.edges:
        joined = join([Line(((-3.0, 51.0), (-3.0 + STEP, 51.0)), "", True, True, True, 0)])
    unsafe = draw(st.sets(st.integers(0, len(joined.edges) - 1), max_size=4))
    return chain(Network.of(joined.nodes, joined.edges, [(edge, 0) for edge in unsafe]))


@st.composite
def spots(draw: st.DrawFn, chains: Chains, mode: Mode) -> Snap | None:
    """A point of the network, often at an end of its edge; None where the mode has no edge."""
    usable = chains.network.usable(mode).nonzero()[0].tolist()
    if not usable:
        return None
    edge = draw(st.sampled_from(usable))
    um = int(chains.network.um[edge])
    return Snap(edge, draw(st.one_of(st.sampled_from([0, um]), st.integers(0, um))), 0)


@dataclass(frozen=True)
class Oracle:
    """The same lengths by NetworkX: every edge by itself, whole numbers throughout, no chains."""

    chains: Chains
    mode: Mode
    closed: bool = False

    def um(self, start: Snap, end: Snap) -> int | None:
        """Micrometres from one point to another; None where there is no way."""
        graph: nx.DiGraph[object] = nx.DiGraph()
        network = self.chains.network
        for number, edge in enumerate(network.edges):
            if self.closed and network.closing[number]:
                continue
            here = sorted({0, edge.um} | {s.along_um for s in (start, end) if s.edge == number})
            names: list[object] = [edge.a if um == 0 else edge.b if um == edge.um else (number, um) for um in here]
            ahead, back = network.ways(edge, self.mode)
            for (one, two), long in zip(pairwise(names), _gaps(here), strict=True):
                for source, target, allowed in ((one, two, ahead), (two, one, back)):
                    if allowed:
                        graph.add_edge(source, target, um=long)
        source, target = (self._name(each) for each in (start, end))
        if source == target:
            return 0
        if source not in graph or target not in graph:
            return None
        try:
            return int(nx.shortest_path_length(graph, source, target, weight="um"))
        except nx.NetworkXNoPath:
            return None

    def _name(self, snap: Snap) -> object:
        edge = self.chains.network.edge(snap.edge)
        if snap.along_um == 0:
            return edge.a
        return edge.b if snap.along_um == edge.um else (snap.edge, snap.along_um)


def _gaps(found: list[int]) -> list[int]:
    return [two - one for one, two in pairwise(found)]


def search(chains: Chains, start: Snap, mode: Mode, *, closed: bool = False, reverse: bool = False) -> Search:
    """The shortest routes from a point, with the unsafe stretch left out or not."""
    shut = [number for number, stretches in enumerate(chains.network.closings) if closed and stretches]
    return Search(Arcs(chains, mode, shut), start, reverse=reverse)
