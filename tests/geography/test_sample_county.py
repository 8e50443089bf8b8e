"""The sample county is invented, whole, and the same every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.geography import Area, Home, Pupil, build
from eligibility.geography.check import check
from eligibility.modelling.report.ward_names import names_in
from eligibility.sample_county import path, wards
from scripts.make_sample_county import ward_names, write


@pytest.fixture(scope="module")
def county() -> Area:
    return Area.open(path())


def test_the_script_makes_the_county_that_is_shipped(county: Area, tmp_path: Path) -> None:
    first = build(write(tmp_path), tmp_path / "again.gpkg")
    assert not first.rejects
    assert first.content_hash == county.content_hash
    county.verify()


def test_it_is_large_enough_to_be_like_a_county_and_small_enough_to_ship(county: Area) -> None:
    assert county.count("school") >= 40
    assert county.count("postcode") >= 2_000
    assert county.count("node") >= 5_000
    assert county.count("terminated") >= 10
    assert county.count("address") >= 50
    assert path().stat().st_size < 4_000_000


def test_nothing_is_wrong_with_it(county: Area) -> None:
    assert check(county) == []


def test_it_is_an_island_west_of_any_real_postcode(county: Area) -> None:
    assert county.complete
    assert all(str(row[0]).startswith("QX") for row in county.rows("postcode"))
    assert all(urn.startswith("9000") for urn in county.schools)
    lons = [float(row[3] or 0) for row in county.rows("postcode")]
    assert max(lons) < -6.0


def test_it_has_three_tiers_west_of_the_river_and_two_east_of_it(county: Area) -> None:
    ages = {(school.low_age, school.high_age) for school in county.schools.values()}
    assert {(4, 9), (9, 13), (13, 18), (4, 11), (11, 16), (4, 7), (7, 11)} <= ages
    beliefs = {religion for school in county.schools.values() for religion in school.religions}
    assert {"roman_catholic", "church_of_england", "methodist"} <= beliefs
    kinds = [(s.gender, s.selective, s.special, s.independent) for s in county.schools.values()]
    assert {gender for gender, *_ in kinds} == {"mixed", "boys", "girls"}
    assert all(any(kind[n] for kind in kinds) for n in (1, 2, 3))


def test_the_footbridge_makes_a_walk_far_shorter_than_the_road(county: Area) -> None:
    measured = county.measure(Home(postcode="QX6 1AA"), Pupil(7, None))
    across = next(each for each in measured.schools if each.school.name == "Otherby School")
    assert across.walking is not None
    assert across.road is not None
    assert across.road.mm > 5 * across.walking.mm
    route = county.route(Home(postcode="QX6 1AA"), across.school.urn, "walk")
    assert route is not None
    assert "Weavers' Footbridge" in {step.street for step in route.steps}


def test_some_homes_lie_in_one_schools_transport_area_and_anothers_catchment(county: Area) -> None:
    places = [(float(row[3] or 0), float(row[4] or 0)) for row in county.rows("postcode")[::10]]
    both = [(county.holders("transport_area", place), county.holders("catchment", place)) for place in places]
    assert all(transport for transport, _ in both)
    assert 20 < sum(transport != catchment for transport, catchment in both) < 200


def test_every_ward_has_the_name_of_its_town(county: Area) -> None:
    assert wards().read_text(encoding="utf-8") == ward_names()
    assert {str(row[2]) for row in county.rows("postcode")} == set(names_in(wards()))
