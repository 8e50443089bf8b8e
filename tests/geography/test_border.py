"""What can be known of a distance where the network stops at a border."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.errors import InputError
from eligibility.geography import Area, Home, HomeMeasurement, Length, Pupil, how_measured, route_map
from tests.geography.county import Drawing, drawing, line, postcode, school, square

LAND = square((0, 0), (10_000, 10_000))
# A long way round between two places that a straight road over the border might join.
ROUND = [line((1000, 500), (1000, 9000), (9000, 9000), (9000, 500))]


def seen(area: Area, measure_from: str = "address_point") -> HomeMeasurement:
    return area.measure(Home(postcode="TA1 1AA"), Pupil(3, None), measure_from=measure_from)


def walking(measured: HomeMeasurement) -> Length:
    found = measured.schools[0].walking
    assert found is not None
    return found


def bordered(folder: Path, home: tuple[float, float] = (1000, 500)) -> Drawing:
    made = drawing(folder, ROUND, (9000, 500), home)
    made.shapes("boundary", [LAND])
    return made


def test_near_the_border_a_route_through_the_land_beyond_could_be_as_short_as_the_straight_line(
    tmp_path: Path,
) -> None:
    found = walking(seen(bordered(tmp_path).open(complete=False)))
    assert 24_900_000 < found.mm < 25_100_000
    assert 7_990_000 < found.low < 8_010_000  # 8 km apart, each 500 m from the border


def test_deep_inside_no_route_over_the_border_could_be_shorter(tmp_path: Path) -> None:
    made = drawing(tmp_path, [line((4500, 5000), (4500, 5200), (5500, 5200), (5500, 5000))], (5500, 5000), (4500, 5000))
    made.shapes("boundary", [LAND])
    found = walking(seen(made.open(complete=False)))
    assert found.low == found.mm


def test_a_route_over_the_border_is_at_least_there_and_back_long(tmp_path: Path) -> None:
    made = drawing(
        tmp_path,
        [line((4500, 3000), (4500, 9000), (5500, 9000), (5500, 3000))],
        (5500, 3000),
        (4500, 3000),
    )
    made.shapes("boundary", [LAND])
    found = walking(seen(made.open(complete=False)))
    assert found.mm > 12_900_000
    assert 5_980_000 < found.low <= 6_000_000


def test_on_an_island_nothing_lies_beyond(tmp_path: Path) -> None:
    measured = seen(drawing(tmp_path, ROUND, (9000, 500), (1000, 500)).open())
    assert measured.border_mm is None
    assert walking(measured).low == walking(measured).mm


def test_no_school_beyond_the_border_can_be_nearer_than_the_border(tmp_path: Path) -> None:
    deep = seen(bordered(tmp_path, (1000, 4000)).open(complete=False))
    assert deep.border_mm is not None
    assert 0 < deep.border_mm < 1_000_000
    near = seen(bordered(tmp_path, (1000, 600)).open(complete=False))
    assert near.border_mm is not None
    assert near.border_mm < deep.border_mm


def test_a_home_outside_the_land_covered_bounds_nothing(tmp_path: Path) -> None:
    measured = seen(bordered(tmp_path, (1000, -500)).open(complete=False))
    assert measured.border_mm == 0


def test_leaving_the_leg_out_never_raises_what_the_length_cannot_be_less_than(tmp_path: Path) -> None:
    area = bordered(tmp_path, (900, 500)).open(complete=False)
    with_leg, without = walking(seen(area)), walking(seen(area, "property_meets_road"))
    assert without.mm < with_leg.mm
    assert without.low < with_leg.low


def test_without_a_boundary_the_land_covered_is_derived_from_the_roads_and_said_to_be(tmp_path: Path) -> None:
    streets = [line((0, n * 400), (4000, n * 400)) for n in range(11)]
    streets += [line((n * 400, 0), (n * 400, 4000)) for n in range(11)]
    made = drawing(tmp_path, streets, (2400, 2000), (2000, 2000))
    measured = seen(made.open(complete=False))
    assert measured.border_mm is not None
    assert 1_500_000 < measured.border_mm < 2_000_000
    assert any("derived from its roads" in each for each in measured.assumptions)


def test_a_school_of_another_authority_inside_the_land_covered_bounds_what_is_nearest(tmp_path: Path) -> None:
    made = drawing(tmp_path, ROUND, (9000, 500), (1000, 4000))
    made.shapes("boundary", [LAND])
    made.table(
        "schools",
        [school(100_001, (9000, 500)), school(100_002, (1000, 4100), la_code="999", postcode="TA9 9AA")],
    )
    made.table("postcodes", [postcode("TA1 1AA", (1000, 4000)), postcode("TA9 9AA", (1000, 4100), "E9")])
    area = made.open(complete=False, la_codes=("933",))
    measured = seen(area)
    assert [each.school.urn for each in measured.schools] == ["100001"]
    assert measured.border_mm is not None
    assert measured.border_mm <= 101_000
    with pytest.raises(InputError, match=r"of another authority that the area .* leaves out"):
        area.school("100002")


def test_a_lone_road_encloses_no_land_and_bounds_nothing(tmp_path: Path) -> None:
    measured = seen(drawing(tmp_path, [line((0, 0), (1000, 0))], (1000, 0), (0, 0)).open(complete=False))
    assert measured.border_mm == 0
    assert walking(measured).low <= walking(measured).mm


def test_the_evidence_for_a_distance_that_a_way_beyond_the_border_could_shorten_says_so(tmp_path: Path) -> None:
    area = bordered(tmp_path).open(complete=False)
    found = area.route(Home(postcode="TA1 1AA"), "100001", "walk")
    assert found is not None
    assert (found.length_mm, found.at_least_mm) == (walking(seen(area)).mm, walking(seen(area)).low)
    assert "though no shorter than 4.973 miles (8,002.798 metres)" in " ".join(how_measured(area, found))
    page = route_map(area, found, [])
    assert "Between 4.973 miles and 15.54 miles on foot (25,008.757 metres by the ways known)" in page


def test_the_evidence_for_a_distance_that_no_border_makes_unsure_speaks_of_none(tmp_path: Path) -> None:
    area = drawing(tmp_path, ROUND, (9000, 500), (1000, 500)).open()
    found = area.route(Home(postcode="TA1 1AA"), "100001", "walk")
    assert found is not None
    assert found.at_least_mm == found.length_mm
    assert "border" not in " ".join(how_measured(area, found))


def test_the_officer_is_told_between_which_distances_it_lies(tmp_path: Path) -> None:
    bordered(tmp_path).open(complete=False)
    case = tmp_path / "case.yaml"
    case.write_text(
        "{reference: A-1, date_of_birth: 2010-05-14, home: {postcode: TA1 1AA}, school: {urn: 100001}, "
        "travel_from: 2018-09-04}"
    )
    done = CliRunner().invoke(main, ["area", "measure", str(tmp_path / "area.gpkg"), str(case)])
    assert done.exit_code == 0, done.output
    assert "(100001): 4.973 to 15.5" in done.stdout
    assert "a way beyond the area's border could be shorter" in done.stdout
