"""Chains: edges one after another with nothing to turn into between them, so that a search need not stop there.

A chain runs between two junctions and is used the same way along all its length, on every day. Searching from junction
to junction is therefore exact: whoever enters a chain leaves it at its other end, having walked all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from eligibility.geography.ground import Wholes
from eligibility.geography.network import BACK, FORWARD, WALK, Network, Snap


@dataclass(frozen=True, eq=False)
class Chains:
    """The chains of a network.

    - `order`: every edge once, chain by chain in the order in which each is run through
    - `starts`: where in `order` each chain starts, and at last where the last one ends
    - `turned`: for each edge whether its chain runs through it from b to a
    """

    network: Network
    order: NDArray[np.int32]
    starts: NDArray[np.int32]
    turned: NDArray[np.bool_]

    @cached_property
    def of(self) -> Wholes:
        """The chain of each edge."""
        found = np.empty(len(self.order), dtype=np.int64)
        found[self.order] = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return found

    @cached_property
    def before_um(self) -> Wholes:
        """For each edge the micrometres of its chain that lie before it."""
        um = self.network.um[self.order]
        total = np.concatenate([[0], np.cumsum(um)])
        found = np.empty(len(self.order), dtype=np.int64)
        found[self.order] = total[:-1] - np.repeat(total[self.starts[:-1]], np.diff(self.starts))
        return found

    @cached_property
    def um(self) -> Wholes:
        """The length of each chain."""
        if len(self.starts) == 1:
            return np.empty(0, dtype=np.int64)
        return np.add.reduceat(self.network.um[self.order], self.starts[:-1])

    @cached_property
    def first(self) -> Wholes:
        """The junction at which each chain starts."""
        edge = self.order[self.starts[:-1]]
        return np.where(self.turned[edge], self.network.b[edge], self.network.a[edge]).astype(np.int64)

    @cached_property
    def last(self) -> Wholes:
        """The junction at which each chain ends."""
        edge = self.order[self.starts[1:] - 1]
        return np.where(self.turned[edge], self.network.a[edge], self.network.b[edge]).astype(np.int64)

    @cached_property
    def uses(self) -> NDArray[np.uint8]:
        """How each chain may be used, as in `Network.uses`, along it and against it."""
        edge = self.order[self.starts[:-1]]
        return np.where(self.turned[edge], _TURNED[self.network.uses[edge]], self.network.uses[edge])

    @cached_property
    def closing(self) -> NDArray[np.int32]:
        """What closes each chain, as in `Network.closing`."""
        return self.network.closing[self.order[self.starts[:-1]]]

    def place(self, edge: Wholes, along_um: Wholes) -> tuple[Wholes, Wholes]:
        """Points of edges as points of chains: the chain, and the micrometres from its first end."""
        within = np.where(self.turned[edge], self.network.um[edge] - along_um, along_um)
        return self.of[edge], self.before_um[edge] + within

    def place_of(self, snap: Snap) -> tuple[int, int]:
        """As `place`, for one."""
        chain, along = self.place(np.array([snap.edge]), np.array([snap.along_um]))
        return int(chain[0]), int(along[0])

    def edges_of(self, chain: int) -> list[int]:
        """The edges of a chain in order."""
        found: list[int] = self.order[self.starts[chain] : self.starts[chain + 1]].tolist()
        return found


_TURNED = np.array([u & WALK | (BACK if u & FORWARD else 0) | (FORWARD if u & BACK else 0) for u in range(8)], np.uint8)


def chain(network: Network) -> Chains:
    """Finds the chains: from each junction in turn along each of its edges in turn; rings without a junction last."""
    around: list[list[int]] = [[] for _ in range(len(network.lon))]
    ends = list(zip(network.a.tolist(), network.b.tolist(), strict=True))
    for edge, (a, b) in enumerate(ends):
        around[a].append(edge)
        around[b].append(edge)
    uses, against = network.uses.tolist(), _TURNED[network.uses].tolist()
    closing = network.closing.tolist()

    def passes(node: int) -> bool:
        """Whether there is nothing to turn into at a node: one edge goes on as the other came."""
        if len(around[node]) != 2:
            return False
        one, two = around[node]
        came = uses[one] if ends[one][1] == node else against[one]
        goes = uses[two] if ends[two][0] == node else against[two]
        return bool(came == goes and closing[one] == closing[two])

    through = [passes(node) for node in range(len(around))]
    seen, turned = [False] * len(ends), [False] * len(ends)
    order: list[int] = []
    starts: list[int] = []

    def follow(node: int, edge: int) -> None:
        starts.append(len(order))
        while not seen[edge]:
            seen[edge] = True
            turned[edge] = ends[edge][0] != node
            order.append(edge)
            node = ends[edge][0] if turned[edge] else ends[edge][1]
            if not through[node]:
                return
            edge = around[node][0] if around[node][1] == edge else around[node][1]

    for wanted in (False, True):
        for node, edges in enumerate(around):
            for edge in edges if through[node] is wanted else ():
                if not seen[edge]:
                    follow(node, edge)
    return Chains(
        network,
        np.array(order, dtype=np.int32),
        np.array([*starts, len(order)], dtype=np.int32),
        np.array(turned, dtype=bool),
    )


def agree(chains: Chains) -> bool:
    """Whether stored chains are those of their network."""
    found = chain(chains.network)
    pairs = ((found.order, chains.order), (found.starts, chains.starts), (found.turned, chains.turned))
    return all(np.array_equal(one, two) for one, two in pairs)
