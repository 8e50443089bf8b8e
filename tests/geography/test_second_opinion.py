"""Another system's figure is explained by the cause that was put in on purpose."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.geography import Area, Home, How, Opinion, opinion_object, opinion_sentences, second_opinion
from tests.geography.county import EAST, NORTH, Drawing, drawing, line

MILE = 1_609_344
ADDRESS, POSTCODE = "the address point", "the centre of the postcode"


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    """A crooked road of some 1,700 m, a footpath that cuts its corner, a gate, an address and its postcode."""
    made = drawing(tmp_path, [line((0, 0), (300, 0), (900, 0), (900, 500), (900, 800))], (870, 800), (150, 60))
    made.shapes("paths", [line((300, 0), (900, 500), name="The Cut")])
    made.table("gates", [{"urn": 100_001, "easting": EAST + 890, "northing": NORTH + 650}])
    made.table("addresses", [{"uprn": 7, "easting": EAST + 20, "northing": NORTH + 33, "postcode": "TA1 1AA"}])
    return made


@pytest.fixture
def area(drawn: Drawing) -> Area:
    return drawn.open()


def opinion(area: Area, theirs_mm: int, how: How = How(), limits: tuple[int, ...] = ()) -> Opinion:  # noqa: B008  # frozen
    homes = {ADDRESS: Home(uprn="7"), POSTCODE: Home(postcode="TA1 1AA")}
    return second_opinion(area, homes, "100001", theirs_mm, how, limits=limits)


def measured(area: Area, home: Home = Home(uprn="7"), **how: str) -> int:  # noqa: B008  # frozen
    found = area.route(home, "100001", "walk", **how)  # type: ignore[arg-type]  # words of the tests below
    assert found is not None
    return found.length_mm


def causes(found: Opinion) -> set[tuple[str, ...]]:
    return {trial.changes for trial in found.explained}


def only(found: Opinion, *words: str) -> bool:
    """Whether there is one explanation, of as many changes as words, each holding its word."""
    (trial,) = found.explained
    return len(trial.changes) == len(words) and all(any(word in change for change in trial.changes) for word in words)


def test_what_is_measured_here_is_the_figure_of_the_evidence(area: Area) -> None:
    assert opinion(area, 1).ours_mm == measured(area)


def test_the_same_figure_needs_no_explanation(area: Area) -> None:
    found = opinion(area, measured(area))
    assert only(found)
    assert "the same" in opinion_sentences(found)[0]


def test_a_start_where_the_property_meets_the_road_is_found(area: Area) -> None:
    assert only(opinion(area, measured(area, measure_from="property_meets_road")), "where the property meets the road")


def test_a_start_at_the_postcode_instead_of_the_address_is_found(area: Area) -> None:
    assert only(opinion(area, measured(area, Home(postcode="TA1 1AA"))), POSTCODE)


def test_an_end_at_the_registers_point_instead_of_the_gate_is_found(area: Area) -> None:
    assert only(opinion(area, measured(area, school_entrance="main_entrance")), "register's point")


def test_a_footpath_left_out_is_found(drawn: Drawing, area: Area, tmp_path: Path) -> None:
    del drawn.files["paths"]
    drawn.folder = tmp_path / "roads"
    drawn.folder.mkdir()
    without = measured(drawn.open())
    found = opinion(area, without)
    assert any("footpaths left out" in change for trial in found.explained for change in trial.changes)
    assert {len(trial.changes) for trial in found.explained} == {1}


def test_a_figure_on_the_grid_is_found(tmp_path: Path) -> None:
    made = drawing(tmp_path, [line((0, 0), (5000, 0))], (4900, 0), (0, 0))
    area = made.open()
    homes = {POSTCODE: Home(postcode="TA1 1AA")}
    found = second_opinion(area, homes, "100001", 4_900_000, How(), within_mm=100)
    assert only(found, "National Grid")
    assert abs(found.ours_mm - 4_900_000) > 1_000


def test_a_straight_line_is_found(area: Area) -> None:
    alone = {trial.changes[0]: trial.mm for trial in opinion(area, 1).alone}
    straight = next(mm for says, mm in alone.items() if "straight line" in says)
    assert straight is not None
    assert only(opinion(area, straight), "straight line")


def test_lengths_on_a_sphere_are_found(area: Area) -> None:
    alone = {trial.changes[0]: trial.mm for trial in opinion(area, 1).alone}
    sphere = next(mm for says, mm in alone.items() if "sphere" in says)
    assert sphere is not None
    assert only(opinion(area, sphere), "sphere")


@pytest.mark.parametrize("places", [1, 2])
def test_a_figure_rounded_is_said_to_be_rounded(area: Area, places: int) -> None:
    exact = Decimal(measured(area)) / MILE
    rounded = int((exact.quantize(Decimal(1).scaleb(-places)) * MILE).to_integral_value())
    told = second_opinion(area, {ADDRESS: Home(uprn="7")}, "100001", rounded, How(), within_mm=1)
    (found,) = [trial for trial in told.explained if not trial.changes]
    assert "rounded to" in (found.reproduces or "")


def test_two_causes_together_are_found(area: Area) -> None:
    theirs = measured(area, measure_from="property_meets_road", school_entrance="main_entrance")
    assert only(opinion(area, theirs), "where the property meets the road", "register's point")


def test_a_figure_that_nothing_explains_is_said_to_be_unexplained(area: Area) -> None:
    found = opinion(area, 777_777)
    assert not found.explained
    assert "Nothing tried here" in " ".join(opinion_sentences(found))


def test_on_which_side_of_the_limit_each_figure_falls_is_said(area: Area) -> None:
    ours = measured(area)
    theirs = measured(area, measure_from="property_meets_road")
    found = opinion(area, theirs, limits=(ours - 1,))
    assert "That is within" in opinion_sentences(found)[0]
    told = opinion_object(found)
    (trial,) = [each for each in told["alone"] if "property meets the road" in each["changes"][0]]
    assert trial["beyond"] == []
    assert trial["longer_by_mm"] == theirs - ours
    assert told["explained_by"][0]["reproduces"] is True


def run(*words: str | int | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def case(folder: Path, more: str = "") -> Path:
    path = folder / "case.yaml"
    path.write_text(
        "reference: A-1\ndate_of_birth: 2010-05-14\nhome: {uprn: 7, postcode: TA1 1AA}\nschool: {urn: 100001}\n" + more
    )
    return path


def test_the_command_compares_with_a_figure_in_miles_or_millimetres(area: Area, tmp_path: Path) -> None:
    theirs = measured(area, measure_from="property_meets_road")
    told = json.loads(
        run("area", "measure", area.path, case(tmp_path), "--against-mm", theirs, "--format", "json").stdout
    )
    assert told["second_opinion"]["theirs_mm"] == theirs
    assert told["second_opinion"]["limits_mm"] == [3_218_688, 4_828_032]
    text = run("area", "measure", area.path, case(tmp_path), "--against", f"{Decimal(theirs) / MILE:.5f}").stdout
    assert "It is explained by this: measured from where the property meets the road" in text


def test_a_figure_supplied_in_the_case_is_compared_without_being_asked(area: Area, tmp_path: Path) -> None:
    path = case(tmp_path, 'measured: {walking_miles: "0.9"}\n')
    told = json.loads(run("area", "measure", area.path, path, "--format", "json").stdout)
    assert told["second_opinion"]["theirs_mm"] == 1_448_410
    assert "second_opinion" not in json.loads(
        run("area", "measure", area.path, case(tmp_path), "--format", "json").stdout
    )


def test_one_figure_given_twice_is_wrong_usage(area: Area, tmp_path: Path) -> None:
    done = run("area", "measure", area.path, case(tmp_path), "--against", "1", "--against-mm", "1")
    assert done.exit_code == 2
