"""What the shortest walking and road routes go along."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from geopy.distance import geodesic

from eligibility.geography import Area, Home, Pupil, SchoolDistance
from eligibility.geography.ground import from_grid, geodesic_um, millimetres
from tests.geography.county import EAST, NORTH, Spot, drawing, line

PUPIL = Pupil(3, None)
# A line that is straight on the grid bends by up to 3 cm a kilometre from one straight in degrees, so a place
# drawn on it stands that far beside it. Exactness is tested in test_independent.py.
NEAR_MM = 60


def seen(area: Area, measure_from: str = "address_point") -> SchoolDistance:
    return area.measure(Home(postcode="TA1 1AA"), PUPIL, measure_from=measure_from).schools[0]


def ground_mm(*spots: Spot) -> int:
    """The length of a line on the ground, by geopy, an implementation of its own."""
    points = [from_grid(EAST + x, NORTH + y) for x, y in spots]
    pairs = pairwise(points)
    metres = sum(geodesic(one[::-1], two[::-1]).meters for one, two in pairs if one and two)
    return round(float(metres) * 1000)


def walking(measured: SchoolDistance) -> int:
    assert measured.walking is not None
    return measured.walking.mm


def road(measured: SchoolDistance) -> int:
    assert measured.road is not None
    return measured.road.mm


def test_a_length_is_measured_on_the_ground_and_not_on_the_grid(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (5000, 0))], (5000, 0), (0, 0)).open()
    found = walking(seen(area))
    assert abs(found - ground_mm((0, 0), (5000, 0))) <= 1
    assert found > 5_000_000 + 1_000


def test_a_home_joins_the_road_at_the_nearest_point_along_it_and_its_leg_counts(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (1000, 0))], (1000, 0), (400, 30)).open()
    leg, along = ground_mm((400, 30), (400, 0)), ground_mm((400, 0), (1000, 0))
    assert abs(walking(seen(area)) - leg - along) <= NEAR_MM
    assert abs(walking(seen(area, "property_meets_road")) - along) <= NEAR_MM


def test_the_school_end_is_where_the_network_passes_nearest_and_has_no_leg(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (1000, 0))], (700, 80), (0, 0)).open()
    assert abs(walking(seen(area)) - ground_mm((0, 0), (700, 0))) <= NEAR_MM


@pytest.mark.parametrize(("home", "end"), [((200, 0), (650, 0)), ((650, 0), (200, 0))])
def test_a_home_and_a_school_on_one_stretch_are_joined_along_it(tmp_path: Path, home: Spot, end: Spot) -> None:
    area = drawing(tmp_path, [line((0, 0), (1000, 0))], end, home).open()
    assert abs(walking(seen(area)) - ground_mm(home, end)) <= NEAR_MM


def test_a_route_takes_the_gate_that_makes_it_shortest_and_counts_the_way_to_the_gate(tmp_path: Path) -> None:
    made = drawing(tmp_path, [line((0, 0), (1000, 0))], (900, 40), (0, 0))
    gates = [(800, 20, "yes"), (950, 20, "yes"), (100, 0, "no")]
    made.table(
        "gates",
        [{"urn": 100001, "easting": EAST + x, "northing": NORTH + y, "available": a} for x, y, a in gates],
    )
    expected = ground_mm((0, 0), (800, 0)) + ground_mm((800, 0), (800, 20))
    assert abs(walking(seen(made.open())) - expected) <= NEAR_MM


def test_of_two_roads_between_the_same_places_the_shorter_is_taken(tmp_path: Path) -> None:
    roads = [line((0, 0), (0, 600), (1000, 600), (1000, 0)), line((0, 0), (1000, 0))]
    area = drawing(tmp_path, roads, (1000, 0), (0, 0)).open()
    assert abs(walking(seen(area)) - ground_mm((0, 0), (1000, 0))) <= NEAR_MM


def test_a_home_on_the_longer_of_two_roads_starts_from_that_one(tmp_path: Path) -> None:
    roads = [line((0, 0), (0, 600), (1000, 600), (1000, 0)), line((0, 0), (1000, 0))]
    area = drawing(tmp_path, roads, (1000, 0), (100, 600)).open()
    by_way_of_the_short_one = ground_mm((100, 600), (0, 600), (0, 0), (1000, 0))
    round_the_long_one = ground_mm((100, 600), (1000, 600), (1000, 0))
    assert by_way_of_the_short_one > round_the_long_one
    assert abs(walking(seen(area)) - round_the_long_one) <= NEAR_MM


def test_a_road_given_twice_is_no_longer_for_it(tmp_path: Path) -> None:
    once = drawing(tmp_path, [line((0, 0), (500, 100), (1000, 0))], (1000, 0), (0, 0)).open()
    found = walking(seen(once))
    twice = [line((0, 0), (500, 100), (1000, 0)), line((1000, 0), (500, 100), (0, 0))]
    assert walking(seen(drawing(tmp_path, twice, (1000, 0), (0, 0)).open())) == found


@pytest.mark.parametrize("level", [0, 1])
def test_a_bridge_does_not_meet_the_road_it_crosses_even_where_that_is_cut_in_two(tmp_path: Path, level: int) -> None:
    below = [line((500, -500), (500, 0)), line((500, 0), (500, 500))]
    over = [line((0, 0), (500, 0), (1000, 0), drawlevel=str(level))]
    area = drawing(tmp_path, [*below, *over], (500, 500), (0, 0)).open()
    assert (seen(area).walking is None) is (level == 1)


def test_a_bridge_meets_the_roads_it_ends_at(tmp_path: Path) -> None:
    roads = [line((0, 0), (500, 0), drawlevel="1"), line((500, 0), (1000, 0), drawlevel="0")]
    area = drawing(tmp_path, roads, (1000, 0), (0, 0)).open()
    assert abs(walking(seen(area)) - ground_mm((0, 0), (1000, 0))) <= NEAR_MM


def test_a_motorway_is_driven_and_not_walked(tmp_path: Path) -> None:
    roads = [
        line((0, 0), (1000, 0), classifica="Motorway"),
        line((0, 0), (0, 300), (1000, 300), (1000, 0), classifica="Minor Road"),
    ]
    measured = seen(drawing(tmp_path, roads, (1000, 0), (0, 0)).open())
    assert abs(road(measured) - ground_mm((0, 0), (1000, 0))) <= NEAR_MM
    assert abs(walking(measured) - ground_mm((0, 0), (0, 300), (1000, 300), (1000, 0))) <= NEAR_MM


def test_a_footpath_is_walked_and_not_driven(tmp_path: Path) -> None:
    made = drawing(tmp_path, [line((0, 0), (0, 300), (1000, 300), (1000, 0))], (1000, 0), (0, 0))
    made.shapes("paths", [line((0, 0), (1000, 0))])
    measured = seen(made.open())
    assert abs(walking(measured) - ground_mm((0, 0), (1000, 0))) <= NEAR_MM
    assert abs(road(measured) - ground_mm((0, 0), (0, 300), (1000, 300), (1000, 0))) <= NEAR_MM


@pytest.mark.parametrize(("oneway", "straight"), [("yes", True), ("-1", False), ("no", True)])
def test_a_one_way_street_binds_vehicles_and_not_walkers(tmp_path: Path, oneway: str, *, straight: bool) -> None:
    roads = [line((0, 0), (1000, 0), oneway=oneway), line((0, 0), (0, 300), (1000, 300), (1000, 0))]
    measured = seen(drawing(tmp_path, roads, (1000, 0), (0, 0)).open())
    short, around = ground_mm((0, 0), (1000, 0)), ground_mm((0, 0), (0, 300), (1000, 300), (1000, 0))
    assert abs(walking(measured) - short) <= NEAR_MM
    assert abs(road(measured) - (short if straight else around)) <= NEAR_MM


def test_a_school_no_road_leads_to_has_no_distance(tmp_path: Path) -> None:
    roads = [line((0, 0), (1000, 0)), line((5000, 0), (6000, 0))]
    measured = seen(drawing(tmp_path, roads, (5500, 0), (0, 0)).open())
    assert measured.walking is None
    assert measured.road is None


def test_a_line_in_several_parts_is_joined_part_by_part(tmp_path: Path) -> None:
    both = line((0, 0), (1, 1))
    east, north = EAST, NORTH
    both["geometry"] = {
        "type": "MultiLineString",
        "coordinates": [
            [[east, north], [east + 500, north]],
            [[east + 500, north], [east + 1000, north]],
        ],
    }
    area = drawing(tmp_path, [both], (1000, 0), (0, 0)).open()
    assert abs(walking(seen(area)) - ground_mm((0, 0), (500, 0), (1000, 0))) <= NEAR_MM


def test_half_a_millimetre_rounds_up_once() -> None:
    assert [millimetres(um) for um in (499, 500, 1499, 1500)] == [0, 1, 1, 2]


def test_a_straight_line_agrees_with_geopy() -> None:
    for start, end in (((-2.4, 51.3), (-2.3, 51.4)), ((-6.2, 50.2), (-6.2, 50.2)), ((-3, 51), (-3, 51.0001))):
        assert geodesic_um(start, end) == round(geodesic(start[::-1], end[::-1]).meters * 1e6)


def test_a_route_tells_its_streets_and_adds_up(tmp_path: Path) -> None:
    roads = [line((0, 0), (600, 0), distname="Mill Lane"), line((600, 0), (600, 400), distname="High Street")]
    area = drawing(tmp_path, roads, (600, 400), (0, 10)).open()
    found = area.route(Home(postcode="TA1 1AA"), "100001", "walk")
    assert found is not None
    assert [step.street for step in found.steps] == ["", "Mill Lane", "High Street"]
    assert found.length_mm == walking(seen(area))
    assert abs(sum(step.mm for step in found.steps) - found.length_mm) <= len(found.steps)
