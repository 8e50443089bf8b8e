"""The nearest schools for one pupil: ranked, ties named, nearer ones that do not suit passed over with a reason."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.geography import Area, Home, How, Pupil
from eligibility.geography.model import Mode
from eligibility.geography.nearest import rank
from eligibility.sample_county import path as sample
from eligibility.sample_county import pupil
from tests.geography.county import EAST, NORTH, Drawing, drawing, line, school, square

HOME = Home(easting=EAST, northing=NORTH)
LOW = Pupil(3, "female")


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    made = drawing(tmp_path, [line((-3000, 0), (0, 0), (3000, 0))], (1000, 0), (0, 0))
    spots = {1: 1000, 2: -1004, 3: 400, 4: 2000, 5: -1002}
    more: dict[int, dict[str, object]] = {3: {"gender": "Boys"}}
    made.table("schools", [school(100_000 + n, (x, 0), **more.get(n, {})) for n, x in spots.items()])
    return made


def test_schools_are_ranked_nearest_first_and_those_that_do_not_suit_are_passed_over(drawn: Drawing) -> None:
    seen = drawn.open().measure(HOME, LOW)
    ranking = rank(seen.schools, many=3, places={"100001": False}, tolerance_mm=5_000)
    assert [(each.rank, each.distance.school.urn) for each in ranking.schools] == [
        (1, "100001"), (2, "100005"), (3, "100002"),
    ]  # fmt: skip
    assert [each.place for each in ranking.schools] == [False, None, None]
    assert [(s.school.urn, s.unsuitable_because) for s in ranking.passed_over] == [("100003", "for boys only")]


def test_schools_within_the_tolerance_of_each_other_are_named_as_such(drawn: Drawing) -> None:
    seen = drawn.open().measure(HOME, LOW)
    first, *_ = rank(seen.schools, tolerance_mm=5_000).schools
    assert [urn for urn, _ in first.as_near_as] == ["100005", "100002"]
    assert not rank(seen.schools, tolerance_mm=0).schools[3].as_near_as
    assert 3_990 <= dict(first.as_near_as)["100002"] <= 4_010


def test_schools_at_the_same_distance_are_ranked_by_their_number_whatever_order_they_come_in(drawn: Drawing) -> None:
    spots = [school(100_000 + n, (1000, 0)) for n in (9, 2, 5)]
    drawn.table("schools", spots)
    seen = drawn.open().measure(HOME, LOW)
    for schools in (seen.schools, seen.schools[::-1]):
        assert [s.distance.school.urn for s in rank(schools).schools] == ["100002", "100005", "100009"]


def test_the_order_by_road_is_its_own(tmp_path: Path) -> None:
    roads = [
        line((0, 0), (900, 0), oneway="-1"),
        line((0, 0), (0, 900), (900, 900), (900, 0)),
        line((0, 0), (-2000, 0)),
    ]
    made = drawing(tmp_path, roads, (900, 0), (0, 0))
    made.table("schools", [school(100_001, (900, 0)), school(100_002, (-2000, 0))])
    schools = made.open().measure(HOME, LOW).schools
    assert [s.distance.school.urn for s in rank(schools).schools] == ["100001", "100002"]
    assert [s.distance.school.urn for s in rank(schools, by="road").schools] == ["100002", "100001"]


@pytest.mark.parametrize("by", ["walk", "road"])
@pytest.mark.parametrize("how", [How(), How("property_meets_road", "main_entrance")], ids=["as_chosen", "otherwise"])
def test_the_nearest_found_without_searching_everywhere_are_those_of_the_whole_county(by: Mode, how: How) -> None:
    area = Area.open(sample())
    chance = random.Random(2)
    for _ in range(12):
        home = Home(easting=chance.randint(84_000, 98_000), northing=chance.randint(45_000, 58_000))
        child = Pupil(chance.randint(0, 11), chance.choice(["male", "female", None]))
        whole = area.measure(home, child, measure_from=how.measure_from, school_entrance=how.school_entrance)
        few = area.nearest(home, child, 4, by=by, how=how)
        assert rank(few.schools, many=4, by=by) == rank(whole.schools, many=4, by=by)


def test_routes_found_together_are_those_found_alone() -> None:
    area = Area.open(sample())
    home, urns = Home(postcode="QX6 1AA"), ["900033", "900001", "900020"]
    modes: tuple[Mode, ...] = ("walk", "road")
    for mode in modes:
        together = area.routes(home, urns, mode)
        assert together == {urn: area.route(home, urn, mode) for urn in urns}


def test_how_far_a_home_is_from_the_border_of_an_area_is_told_inside_and_outside(drawn: Drawing) -> None:
    drawn.shapes("transport_areas", [
        square((-500, -500), (300, 500), urn="100001"),
        square((400, -500), (900, 500), urn="100002"),
        square((2000, -500), (2900, 500), urn="100004"),
    ])  # fmt: skip
    inside, outside = drawn.open().near_areas("transport_area", HOME)
    assert (inside.urn, inside.inside) == ("100001", True)
    assert abs(inside.border_mm - 300_110) < 500
    assert (outside.urn, outside.inside) == ("100002", False)
    assert abs(outside.border_mm - 400_150) < 500


def test_the_command_ranks_schools_in_json_and_in_text() -> None:
    words = ["area", "measure", str(sample()), str(pupil()), "--nearest", "3", "--tolerance", "300"]
    text = CliRunner().invoke(main, words)
    told = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).stdout)
    assert [each["rank"] for each in told["nearest"]] == [1, 2, 3]
    assert told["tolerance_mm"] == 300_000
    assert {each["urn"] for each in told["passed_over"]}
    assert all(each["note"] for each in told["passed_over"])
    assert "as near as makes no difference" in text.stdout
    assert "metres inside the transport area of" in text.stdout
    assert "lowest first" in text.stdout
