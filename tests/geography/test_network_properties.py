"""What holds of shortest routes on any network at all."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eligibility.geography.chains import Chains, agree, chain
from eligibility.geography.ground import Wholes
from eligibility.geography.join import join
from eligibility.geography.model import Mode
from eligibility.geography.network import EXACT_UM, Network, Snap
from eligibility.geography.search import Arcs, Search, Spots
from eligibility.geography.shapes import Line
from tests.geography.networks import STEP, Oracle, lines, networks, search, spots

MODES: tuple[Mode, ...] = ("walk", "road")
both = pytest.mark.parametrize("mode", MODES)


def pick(data: st.DataObject, chains: Chains, mode: Mode, count: int) -> list[Snap]:
    """So many points of the network."""
    found = [data.draw(spots(chains, mode)) for _ in range(count)]
    assume(all(found))
    return [each for each in found if each is not None]


@both
@pytest.mark.parametrize("closed", [False, True])
@given(chains=networks(), data=st.data())
def test_every_length_is_that_of_an_independent_search_without_chains(
    mode: Mode, *, closed: bool, chains: Chains, data: st.DataObject
) -> None:
    start, end = pick(data, chains, mode, 2)
    expected = Oracle(chains, mode, closed).um(start, end)
    assert search(chains, start, mode, closed=closed).um_to(end) == expected
    assert search(chains, end, mode, closed=closed, reverse=True).um_to(start) == expected


@both
@given(chains=networks(), data=st.data())
def test_a_route_is_a_way_through_the_network_as_long_as_it_says(
    mode: Mode, chains: Chains, data: st.DataObject
) -> None:
    start, end = pick(data, chains, mode, 2)
    found = search(chains, start, mode)
    um, path = found.um_to(end), found.path_to(end)
    if um is None:
        assert path == []
        return
    network = chains.network
    assert sum(length for _, length, _ in path) == um
    assert path[-1][2] == pytest.approx(network.point(end), abs=1e-12)
    at = network.point(start)
    for edge, length, point in path:
        assert length <= int(network.um[edge])
        ends = [network.node(int(each[edge])) for each in (network.a, network.b)]
        for place in (at, point):
            assert min(x for x, _ in ends) - 1e-9 <= place[0] <= max(x for x, _ in ends) + 1e-9
        at = point


@both
@given(chains=networks(), data=st.data())
def test_going_by_way_of_a_third_place_is_never_shorter(mode: Mode, chains: Chains, data: st.DataObject) -> None:
    a, b, c = pick(data, chains, mode, 3)
    straight, first, second = (search(chains, x, mode).um_to(y) for x, y in ((a, c), (a, b), (b, c)))
    if first is not None and second is not None:
        assert straight is not None
        assert straight <= first + second


@given(chains=networks(), data=st.data())
def test_on_foot_the_way_back_is_as_long(chains: Chains, data: st.DataObject) -> None:
    start, end = pick(data, chains, "walk", 2)
    assert search(chains, start, "walk").um_to(end) == search(chains, end, "walk").um_to(start)


@given(chains=networks(), data=st.data())
def test_a_closed_stretch_never_shortens_a_walk_and_never_changes_a_drive(chains: Chains, data: st.DataObject) -> None:
    start, end = pick(data, chains, "walk", 2)
    whole, closed = (search(chains, start, "walk", closed=shut).um_to(end) for shut in (False, True))
    assert closed is None or (whole is not None and whole <= closed)


@both
@given(chains=networks(), data=st.data())
def test_moving_along_an_edge_changes_a_length_by_no_more_than_the_move(
    mode: Mode, chains: Chains, data: st.DataObject
) -> None:
    start, end = pick(data, chains, mode, 2)
    moved = replace(start, along_um=data.draw(st.integers(0, int(chains.network.um[start.edge]))))
    edge = chains.network.edge(start.edge)
    assume(all(chains.network.ways(edge, mode)))
    one, two = (search(chains, each, mode).um_to(end) for each in (start, moved))
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert abs(one - two) <= abs(start.along_um - moved.along_um)


@given(long=st.integers(2, 40), data=st.data())
def test_on_a_road_without_turnings_a_home_that_moves_changes_its_distance_by_exactly_that_much(
    long: int, data: st.DataObject
) -> None:
    joined = join([Line(tuple((-3 + n * STEP, 51.0 + n % 2 * STEP) for n in range(long)), "", True, True, True, 0)])
    network = Network.of(joined.nodes, joined.edges)
    chains = chain(network)
    school = search(chains, Snap(long - 2, int(network.um[-1]), 0), "walk")
    edge = data.draw(st.integers(0, long - 2))
    one, two = (data.draw(st.integers(0, int(network.um[edge]))) for _ in range(2))
    far = [school.um_to(Snap(edge, along, 0)) for along in (one, two)]
    assert far[0] is not None
    assert far[1] is not None
    assert far[0] - far[1] == two - one


@given(streets=st.lists(lines(), min_size=1, max_size=10), data=st.data())
def test_the_order_in_which_streets_are_given_changes_no_route(streets: list[Line], data: st.DataObject) -> None:
    one, two = (join(order) for order in (streets, data.draw(st.permutations(streets))))
    assert one == two
    assume(one.edges)
    chains = chain(Network.of(one.nodes, one.edges))
    start, end = pick(data, chains, "walk", 2)
    again = chain(Network.of(two.nodes, two.edges))
    assert search(chains, start, "walk").path_to(end) == search(again, start, "walk").path_to(end)


@given(chains=networks())
def test_chains_hold_every_edge_once_and_run_from_one_to_the_next(chains: Chains) -> None:
    assert sorted(chains.order.tolist()) == list(range(len(chains.network.um)))
    assert agree(chains)
    assert int(chains.um.sum()) == int(chains.network.um.sum())
    for number in range(len(chains.um)):
        node = int(chains.first[number])
        for edge in chains.edges_of(number):
            ends = (int(chains.network.a[edge]), int(chains.network.b[edge]))
            assert node in ends
            node = ends[0] if node == ends[1] else ends[1]
        assert node == int(chains.last[number])


@both
@given(chains=networks(), data=st.data())
def test_several_entrances_at_once_give_the_nearest_of_them(mode: Mode, chains: Chains, data: st.DataObject) -> None:
    home, *gates = pick(data, chains, mode, 4)
    legs: Wholes = np.array([data.draw(st.integers(0, 50_000_000)) for _ in gates], dtype=np.int64)
    arcs = Arcs(chains, mode)
    edge, along = (np.array([getattr(gate, name) for gate in gates]) for name in ("edge", "along_um"))
    rows = arcs.from_rows(Spots(*chains.place(edge, along), legs), np.zeros(3, dtype=np.int64), 1, reverse=True)
    first, last = arcs.ends(Spots.of(chains, home), reverse=False)
    place = chains.place_of(home)[0]
    around = float(min(rows[0][arcs.first[place]] + first[0], rows[0][arcs.last[place]] + last[0]))
    alone = [Search(arcs, home).um_to(gate) for gate in gates]
    best = min((um + int(leg) for um, leg in zip(alone, legs, strict=True) if um is not None), default=None)
    assert best is None or best <= around
    if not any(int(chains.place_of(gate)[0]) == place for gate in gates):
        assert best == (None if np.isinf(around) else int(around))


def test_sums_of_whole_micrometres_are_exact_in_the_numbers_that_scipy_adds() -> None:
    around_the_earth = 40_075_017 * 10**6
    assert 200 * around_the_earth < EXACT_UM
    assert float(EXACT_UM - 1) + 1.0 == EXACT_UM


def test_two_ways_of_one_length_are_always_decided_alike() -> None:
    square = [(-3.0, 51.0), (-3.0, 51.01), (-2.99, 51.01), (-2.99, 51.0), (-3.0, 51.0)]
    tail = [(-3.0, 51.0), (-3.01, 51.0)]
    top = [(-2.99, 51.01), (-2.98, 51.01)]
    joined = join(
        [Line(tuple(p), "", True, True, True, 0) for p in (*pairwise(square), *pairwise(tail), *pairwise(top))]
    )
    # Made equal to the micrometre, as on the ground the southern side is a little longer.
    network = Network.of(joined.nodes, [edge._replace(um=1_000_000) for edge in joined.edges])
    chains = chain(network)
    start = next(Snap(n, 0, 0) for n, e in enumerate(joined.edges) if joined.nodes[e.a][0] == -3.01)
    end = next(Snap(n, 1_000_000, 0) for n, e in enumerate(joined.edges) if joined.nodes[e.b][0] == -2.98)
    one, two = (search(chains, start, "walk").path_to(end) for _ in range(2))
    assert one == two
    assert sum(length for _, length, _ in one) == 4_000_000
