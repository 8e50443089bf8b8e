"""Paths that were drawn on another map than the roads meet them where the council says so, and nowhere else."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.errors import UsageError
from eligibility.geography import Area, Home, Pupil, Route, how_measured
from eligibility.geography.check import pieces
from eligibility.geography.join import join
from eligibility.geography.join_paths import join_paths
from eligibility.geography.model import Point
from eligibility.geography.walked import Line
from tests.geography.county import Drawing, Spot, drawing, line

# Round three sides of a square by road: 2,700 m. A path across stops 6 m short of either end of it.
ROUND = line((0, 0), (0, 900), (900, 900), (900, 0), name="Round Street", classifica="Minor Road")
ACROSS: tuple[Spot, Spot] = ((6, 300), (894, 300))


def made(folder: Path, *paths: dict[str, Any], roads: list[dict[str, Any]] | None = None) -> Drawing:
    drawn = drawing(folder, roads or [ROUND], (900, 0), (0, 0))
    drawn.shapes("paths", list(paths) or [line(*ACROSS, name="The Cut")])
    return drawn


def route(area: Area) -> Route:
    found = area.route(Home(postcode="TA1 1AA"), "100001", "walk")
    assert found is not None
    return found


def test_a_path_that_stops_short_of_the_road_is_not_walked_unless_it_is_asked_for_and_building_says_so(
    tmp_path: Path,
) -> None:
    drawn = made(tmp_path)
    built = drawn.build()
    assert 2_690_000 < route(Area.open(tmp_path / "area.gpkg")).length_mm < 2_710_000
    (note,) = built.notes
    assert "2 of 2 ends of paths meet no other way" in note
    assert "2 of them come within 10 m of one, and --join-paths 10 leads them on to it" in note


def test_a_path_that_is_led_on_to_the_road_is_walked_and_the_way_to_it_counts(tmp_path: Path) -> None:
    area = made(tmp_path).open(join_paths=10)
    found = route(area)
    assert found.length_mm == pytest.approx(300_000 + 900_000 + 300_000, rel=0.001)
    assert [step.street for step in found.steps] == ["Round Street", "The Cut", "Round Street"]
    assert found.steps[1].mm == pytest.approx(900_000, rel=0.001)  # 6 m at each end of 888
    assert sum(step.mm for step in found.steps) == found.length_mm


def test_a_path_that_ends_further_from_the_road_than_was_said_is_not_led_on_to_it(tmp_path: Path) -> None:
    assert route(made(tmp_path).open(join_paths=5)).length_mm > 2_690_000


def test_leading_paths_on_changes_no_distance_by_road(tmp_path: Path) -> None:
    before, after = (made(tmp_path).open(join_paths=metres) for metres in (0, 10))
    lengths = []
    for area in (before, after):
        found = area.measure(Home(postcode="TA1 1AA"), Pupil(5, None)).schools[0].road
        assert found is not None
        lengths.append(found.mm)
    assert lengths[0] == lengths[1]


@pytest.mark.parametrize(("drawlevel", "joined"), [("0", True), ("1", False)])
def test_a_path_meets_the_road_it_crosses_on_the_level_and_not_one_on_a_bridge(
    tmp_path: Path, drawlevel: str, joined: bool
) -> None:
    roads = [line((0, 0), (0, 900), (900, 900), (900, -900), drawlevel=drawlevel), line((900, -900), (300, -900))]
    drawn = made(tmp_path, line((0, 0), (0, -450), (1200, -450)), roads=roads)
    assert (route(drawn.open(join_paths=10)).length_mm < 2_000_000) == joined


def test_two_paths_that_cross_meet(tmp_path: Path) -> None:
    paths = [line((0, 0), (450, 300), (450, -300)), line((300, 100), (900, 100), (900, 0))]
    assert route(made(tmp_path, *paths).open()).length_mm > 2_690_000
    assert route(made(tmp_path, *paths).open(join_paths=1)).length_mm < 1_300_000


def test_a_file_that_says_itself_where_its_links_meet_is_left_as_it_is(tmp_path: Path) -> None:
    link = line(*ACROSS, name="The Cut", startnode="A", endnode="B")
    assert route(made(tmp_path, link).open(join_paths=10)).length_mm > 2_690_000


def test_a_path_is_led_on_to_a_link_that_meets_others_at_its_ends_alone(tmp_path: Path) -> None:
    linked = [
        line((0, 0), (0, 900), name="A", startnode="1", endnode="2"),
        line((0, 900), (900, 900), name="B", startnode="2", endnode="3"),
        line((900, 900), (900, 0), name="C", startnode="3", endnode="4"),
    ]
    assert route(made(tmp_path, roads=linked).open(join_paths=10)).length_mm < 1_510_000


def test_an_end_is_led_on_to_the_nearest_road_though_another_path_is_nearer(tmp_path: Path) -> None:
    """Two paths that end beside one another, a metre apart and 4 m short of the road."""
    paths = [line((450, 600), (450, 896)), line((451, 896), (451, 650), (600, 650))]
    area = made(tmp_path, *paths).open(join_paths=10)
    assert set(pieces(area, "walk")) == {0}


def test_two_paths_that_face_one_another_across_a_gap_are_led_on(tmp_path: Path) -> None:
    paths = [line((0, 0), (446, 0)), line((452, 0), (900, 0))]
    assert route(made(tmp_path, *paths).open()).length_mm > 2_690_000
    assert route(made(tmp_path, *paths).open(join_paths=10)).length_mm == pytest.approx(900_000, rel=0.001)


def test_the_area_says_that_its_paths_were_led_on_and_so_does_the_evidence(tmp_path: Path) -> None:
    area = made(tmp_path).open(join_paths=10)
    says = "A path that ends within 10 metres of a road or another path is taken to lead on to it"
    assert area.settings["join_paths"] == "10"
    assert says in " ".join(how_measured(area, route(area)))
    assert says in " ".join(area.measure(Home(postcode="TA1 1AA"), Pupil(5, None)).assumptions)


def test_an_area_whose_paths_are_left_alone_is_as_it_was(tmp_path: Path) -> None:
    area = made(tmp_path).open()
    assert "join_paths" not in area.settings
    assert "lead on" not in " ".join(how_measured(area, route(area)))


def test_paths_cannot_be_led_on_where_none_are_given(tmp_path: Path) -> None:
    drawn = drawing(tmp_path, [ROUND], (900, 0), (0, 0))
    with pytest.raises(UsageError, match="--join-paths joins the paths of --paths, and no such file is given"):
        drawn.build(join_paths=10)


def test_the_same_paths_in_another_order_or_drawn_the_other_way_round_give_the_same_area(tmp_path: Path) -> None:
    spots: list[tuple[Spot, ...]] = [ACROSS, ((450, 300.5), (450, 893)), ((455, 306), (700, 640))]
    hashes = set()
    for order in permutations(spots):
        for turned in (False, True):
            paths = [line(*(each[::-1] if turned else each), name=str(spots.index(each))) for each in order]
            hashes.add(made(tmp_path, *paths).build(join_paths=10).content_hash)
    assert len(hashes) == 1


places = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: (-2.36 + p[0] * 5e-5, 51.38 + p[1] * 5e-5))
drawn_lines = st.lists(st.lists(places, min_size=2, max_size=4, unique=True), min_size=1, max_size=5)


def walks(lines: list[Line]) -> dict[Point, dict[Point, float]]:
    """The shortest way from every vertex to every other, in micrometres, by another program."""
    joined = join(lines)
    graph: nx.Graph[Point] = nx.Graph()
    for edge in joined.edges:
        graph.add_edge(joined.nodes[edge.a], joined.nodes[edge.b], weight=edge.um)
    return dict(nx.all_pairs_dijkstra_path_length(graph))


@settings(max_examples=60)
@given(drawn_lines, drawn_lines, st.integers(1, 20))
def test_leading_paths_on_makes_no_way_longer(
    roads: list[list[tuple[float, float]]], paths: list[list[tuple[float, float]]], within: int
) -> None:
    streets = [Line(tuple(points), "", True, True, True, 0) for points in roads]
    ways = [Line(tuple(points), "", True, False, False, 0, "path") for points in paths]
    lines, ends = join_paths(streets, ways, within)
    assert ends.near <= ends.loose <= ends.all == 2 * len(ways)
    assert join(lines).zero_length == 0
    after = walks(lines)
    for start, reached in walks(streets + ways).items():
        for end, um in reached.items():
            # Each cut moves a stretch by a tenth of a millimetre at most.
            assert after[start][end] <= um + 200 * len(lines) ** 2
