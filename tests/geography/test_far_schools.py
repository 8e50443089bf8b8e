"""A school far from every way, as one beyond the roads of a cut file, has no distance rather than a short one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.geography import Area, Home, How, Pupil, measure_many
from eligibility.geography.many import Reach
from tests.geography.county import EAST, NORTH, Drawing, drawing, line, postcode, school

HOME = Home(easting=EAST, northing=NORTH)


def drawn(folder: Path, far: tuple[float, float] = (4_000, 7_900)) -> Drawing:
    """A road of 4 km with a school at 1 km and another 7.9 km north of its end."""
    made = drawing(folder, [line((0, 0), (4_000, 0))], (1_000, 0), (0, 0))
    made.table("schools", [school(100_001, (1_000, 0)), school(100_002, far)])
    made.table("postcodes", [postcode("TA1 1AA", (0, 0))])
    return made


def case(folder: Path, urn: int = 100_002) -> Path:
    path = folder / "case.yaml"
    path.write_text(
        f"{{reference: A-1, date_of_birth: 2010-05-14, home: {{easting: {EAST}, northing: {NORTH}}}, "
        f"school: {{urn: {urn}}}, travel_from: 2018-09-04}}"
    )
    return path


def assess(area: Area, path: Path) -> dict[str, Any]:
    """The decision on a case, as data."""
    words = ["assess", str(path), "--area", str(area.path), "--policy", "england", "--format", "json"]
    found: dict[str, Any] = json.loads(CliRunner().invoke(main, words).stdout)
    return found


@pytest.mark.parametrize("complete", [True, False])
def test_the_way_to_where_the_network_ends_is_no_distance_to_a_school_far_beyond_it(
    tmp_path: Path, *, complete: bool
) -> None:
    area = drawn(tmp_path).open(complete=complete)
    seen = area.measure(HOME, Pupil(3, None))
    near, far = seen.schools
    assert (far.school.urn, far.walking, far.road, far.nearness) == ("100002", None, None, None)
    assert far.at_least_mm is not None
    assert 8_500_000 < far.at_least_mm < 8_600_000  # 8,855 m in a straight line, less the 300 m an entrance may be off
    assert near.at_least_mm is None
    assert area.route(HOME, "100002", "walk") is None
    (said,) = [each for each in seen.assumptions if "No distance is known" in each]
    assert said.startswith("No distance is known to 1 of 2 schools, which stand more than 2 km from the network")


def test_a_school_within_two_kilometres_of_the_network_is_measured_as_ever(tmp_path: Path) -> None:
    seen = drawn(tmp_path, (4_000, 1_990)).open().measure(HOME, Pupil(3, None))
    assert all(each.walking and each.at_least_mm is None for each in seen.schools)


def test_leaving_the_leg_out_never_raises_what_the_distance_cannot_be_less_than(tmp_path: Path) -> None:
    area, home = drawn(tmp_path).open(), Home(easting=EAST, northing=NORTH - 50)
    both = [area.measure(home, None, measure_from=each).schools[1] for each in ("address_point", "property_meets_road")]
    with_leg, without = (each.at_least_mm for each in both)
    assert with_leg is not None
    assert without is not None
    assert 0 < with_leg - without <= 51_000


def test_a_whole_population_has_no_row_where_one_pupil_has_no_distance(tmp_path: Path) -> None:
    out = tmp_path / "distances.parquet"
    measure_many(drawn(tmp_path).open(), [("P-1", HOME)], out, how=How(), reach=Reach(50_000_000, 50_000_000))
    assert pq.read_table(out)["urn"].to_pylist() == ["100001"]


def test_the_nearest_schools_hold_one_that_may_be_nearer_than_the_last(tmp_path: Path) -> None:
    made = drawn(tmp_path, (0, 2_100))
    made.table("schools", [school(100_001, (3_900, 0)), school(100_002, (0, 2_100)), school(100_003, (100, 2_900))])
    area = made.open()
    one = area.nearest(HOME, Pupil(3, None), many=1)
    assert [each.school.urn for each in one.schools] == ["100001", "100002", "100003"]
    near = made.open().nearest(Home(easting=EAST + 3_000, northing=NORTH), Pupil(3, None), many=1)
    assert [each.school.urn for each in near.schools] == ["100001"]


def test_a_school_that_may_be_nearer_leaves_open_which_is_the_nearest(tmp_path: Path) -> None:
    made = drawn(tmp_path, (0, 2_100))
    made.table("schools", [school(100_001, (3_900, 0)), school(100_002, (0, 2_100))])
    told = assess(made.open(), case(tmp_path, 100_001))
    assert "places.100002" in told["missing"]
    made.table("schools", [school(100_001, (1_000, 0)), school(100_002, (0, 2_100))])
    assert "places.100002" not in assess(made.open(), case(tmp_path, 100_001))["missing"]


def test_an_officer_is_told_that_the_distance_is_not_known_and_the_straight_line(tmp_path: Path) -> None:
    area = drawn(tmp_path).open()
    told = CliRunner().invoke(main, ["area", "measure", str(area.path), str(case(tmp_path))])
    assert told.exit_code == 0, told.output
    said = "School 100002 (100002): distance not known, no less than 5.318 miles in a straight line"
    assert f"Perhaps as near\n  {said}\n" in told.stdout
    assert f"The school attended\n  {said} - attends\n" in told.stdout
    assert "no route" not in told.stdout
    decided = assess(area, case(tmp_path))
    assert "measured.walking_mm" in decided["missing"]
    assert any("it is no nearer than 5.3" in each for each in decided["assumptions"])
