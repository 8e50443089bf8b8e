"""Stretches that are unsafe to walk: left out on their days, and what a decision makes of it."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eligibility.assess import Assessor
from eligibility.commands import main
from eligibility.decision import Decision
from eligibility.errors import EdtravelError
from eligibility.geography import Area, Home, Pupil, SchoolDistance, how_measured
from tests.case_builder import ABSENT, case, ground, met
from tests.geography.county import EAST, NORTH, Drawing, drawing, line, school

DIRECT = line((0, 0), (1500, 0), distname="Dark Lane")
ROUND = line((0, 0), (0, 2500), (1500, 2500), (1500, 0), distname="Long Road")
UNSAFE = {"name": "Dark Lane", "from": "2018-10-01", "until": "2018-12-31"}
BEFORE, DURING, AFTER = dt.date(2018, 9, 30), dt.date(2018, 10, 1), dt.date(2019, 1, 1)
ON_THE_GROUND = 1.00037  # metres on the ground for each metre of the grid, in this corner
HOME = Home(easting=EAST, northing=NORTH)


def drawn(folder: Path, *, way_round: bool = True, stretch: dict[str, Any] | None = None) -> Drawing:
    made = drawing(folder, [DIRECT, ROUND] if way_round else [DIRECT], (1500, 0), (0, 0))
    made.shapes("unsafe", [stretch or line((500, 3), (900, -3), **UNSAFE)])
    return made


def seen(area: Area, on: dt.date | None, home: Home = HOME) -> SchoolDistance:
    return area.measure(home, Pupil(3, None), on=on).schools[0]


def metres(measured: SchoolDistance) -> int | None:
    """The walk in grid metres, as it is drawn."""
    return None if measured.walking is None else round(measured.walking.mm / 1000 / ON_THE_GROUND)


def decide(area: Area | None, on: dt.date, **more: object) -> Decision:
    """What statute alone says of a child of 10, of whose route nothing is known but what the area tells."""
    given: dict[str, object] = {
        "home": {"easting": EAST, "northing": NORTH, "moved_on": None},
        "school.urn": 100001,
        "date_of_birth": "2008-05-14",
        "travel_from": on.isoformat(),
        "applied_on": on.isoformat(),
        "admission.preferences": [100001],
        "school.started_on": "2018-09-04",
        "route": ABSENT,
        "measured": ABSENT,
        "measured_other_home": ABSENT,
    }
    return Assessor(area=area).assess(case(**{**given, **more}), policy="england", on=on)


def test_a_stretch_is_left_out_from_its_first_day_until_its_last(tmp_path: Path) -> None:
    area = drawn(tmp_path).open()
    assert [metres(seen(area, on)) for on in (BEFORE, DURING, dt.date(2018, 12, 31), AFTER)] == [
        1500, 6500, 6500, 1500,
    ]  # fmt: skip


def test_without_a_day_nothing_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    area = drawn(tmp_path).open()
    assert metres(seen(area, None)) == 1500
    assert any("no day was given" in each for each in area.measure(HOME, None).assumptions)
    assert any("Dark Lane" in each for each in area.measure(HOME, None, on=DURING).assumptions)


def test_a_stretch_without_days_is_always_left_out(tmp_path: Path) -> None:
    area = drawn(tmp_path, stretch=line((500, 0), (900, 0))).open()
    assert metres(seen(area, BEFORE)) == metres(seen(area, AFTER)) == 6500


def test_days_in_columns_of_other_names_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    made = drawn(tmp_path, stretch=line((500, 3), (900, -3), name="Dark Lane", start="2018-10-01", end="2018-12-31"))
    (note,) = made.build().notes
    assert note.startswith("none of 1 stretch in unsafe.geojson has a day in a column from or until")
    assert not drawn(tmp_path).build().notes


def test_whoever_drives_may_use_an_unsafe_stretch(tmp_path: Path) -> None:
    road = seen(drawn(tmp_path).open(), DURING).road
    assert road is not None
    assert round(road.mm / 1000 / ON_THE_GROUND) == 1500


@pytest.mark.parametrize(("spot", "walk"), [(450, 450 + 6500), (498, 498 + 6500), (902, 598), (950, 550)])
def test_only_the_stretch_is_left_out_and_not_the_rest_of_its_road(tmp_path: Path, spot: int, walk: int) -> None:
    area = drawn(tmp_path).open()
    assert metres(seen(area, DURING, Home(easting=EAST + spot, northing=NORTH))) == walk


def test_a_street_that_crosses_a_stretch_stays_open(tmp_path: Path) -> None:
    crossing = line((700, -900), (700, 0), (700, 900))
    made = drawing(tmp_path, [line((0, 0), (700, 0), (1500, 0)), crossing], (700, 900), (700, -900))
    made.shapes("unsafe", [line((200, 0), (1200, 0))])
    area = made.open()
    assert metres(seen(area, DURING, Home(postcode="TA1 1AA"))) == 1800


def test_a_stretch_drawn_beside_no_way_is_told_of(tmp_path: Path) -> None:
    built = drawn(tmp_path, stretch=line((500, 200), (900, 200))).build()
    assert any("1 of 1 stretches recorded as unsafe lie along no way" in note for note in built.notes)


def test_a_home_on_an_unsafe_stretch_has_no_walking_distance(tmp_path: Path) -> None:
    found = seen(drawn(tmp_path).open(), DURING, Home(easting=EAST + 700, northing=NORTH))
    assert found.walking is None
    assert found.through_unsafe is not None


def test_a_safe_way_round_that_is_longer_than_the_limit_makes_it_the_distance_ground(tmp_path: Path) -> None:
    area = drawn(tmp_path).open()
    before, during = (decide(area, day, route=None) for day in (BEFORE, DURING))
    assert (before.outcome, met(before)) == ("not_entitled", set())
    assert (during.outcome, met(during)) == ("entitled", {"walking_distance"})
    assert any("would use what is recorded as unsafe to walk (Dark Lane" in each for each in during.assumptions)


def test_where_no_safe_way_leads_to_the_nearest_school_the_route_is_unsafe_and_no_distance_is_claimed(
    tmp_path: Path,
) -> None:
    during = decide(drawn(tmp_path, way_round=False).open(), DURING)
    assert during.outcome == "entitled"
    # Within walking distance paragraph 4 carries it and beyond it paragraph 6 does; which, nobody can say.
    assert {name: ground(during, name).result for name in ("unsafe_route", "walking_distance")} == {
        "unsafe_route": "not_known",
        "walking_distance": "not_known",
    }
    assert "unsafe even when accompanied" in ground(during, "unsafe_route").reason
    assert any("No walking route to the school avoids" in each for each in during.assumptions)


def test_a_school_with_no_safe_way_to_it_is_still_as_near_as_it_is(tmp_path: Path) -> None:
    made = drawn(tmp_path, way_round=False)
    made.table("schools", [school(100_001, (1500, 0)), school(100_002, (-2000, 0))])
    made.shapes("roads", [DIRECT, line((0, 0), (-2000, 0))])
    area = made.open()
    nearest = decide(area, DURING, places={100002: True})
    further = decide(area, DURING, places={100001: True}, **{"school.urn": 100002, "admission.preferences": [100002]})
    assert nearest.outcome == "entitled"
    assert further.outcome == "not_entitled"


def test_what_the_officer_knows_of_the_route_goes_before_what_the_area_says(tmp_path: Path) -> None:
    route = {"unsafe": False, "assessed_on": "2018-09-01", "safe_from": None}
    told = decide(drawn(tmp_path, way_round=False).open(), DURING, route=route)
    assert told.outcome == "need_information"
    assert told.missing == ["measured.walking_mm"]


def test_the_timeline_tells_the_day_a_stretch_is_safe_again(tmp_path: Path) -> None:
    during = decide(drawn(tmp_path).open(), DURING, route=None)
    assert (AFTER, "not_entitled") in [(event.on, event.outcome) for event in during.timeline]
    assert during.ends_on == dt.date(2018, 12, 31)


def test_a_recorded_decision_is_replayed_without_the_area_on_every_day_it_was_measured_for(tmp_path: Path) -> None:
    recorded = decide(drawn(tmp_path).open(), DURING)
    kept = recorded.provenance
    again = Assessor().again(
        kept.case, policy="england", on=DURING, decided=recorded.decided_on, remembered=kept.measured
    )
    assert again.as_dict() == recorded.as_dict()


def test_stretches_of_one_name_are_named_once_with_their_number(tmp_path: Path) -> None:
    made = drawn(tmp_path)
    stretches = [line((500 + n, 0), (501 + n, 0), **UNSAFE) for n in range(0, 360, 30)]
    made.shapes("unsafe", [*stretches, line((700, 3), (710, -3), name="Dark Lane"), line((950, 0), (960, 0), name="")])
    area = made.open()
    listed = "Dark Lane; Dark Lane from 2018-10-01 until 2018-12-31 (12 stretches); a stretch without a name."
    (said,) = [each for each in area.measure(HOME, None, on=DURING).assumptions if "Walking routes leave out" in each]
    assert sorted(said.partition(": ")[2].rstrip(".").split("; ")) == sorted(listed.rstrip(".").split("; "))
    assert "(14):" in said
    found = area.route(HOME, "100001", "walk", on=DURING)
    assert found is not None
    assert said.partition(": ")[2] in " ".join(how_measured(area, found))


def told(folder: Path, *more: str | Path) -> Result:
    """What an officer is told of a child of 7 who lives where Dark Lane begins, during its closing."""
    path = folder / "case.yaml"
    path.write_text(
        f"{{reference: A-1, date_of_birth: 2011-05-14, home: {{easting: {EAST}, northing: {NORTH}}}, "
        f"school: {{urn: 100001}}, travel_from: {DURING}}}"
    )
    return CliRunner().invoke(main, [str(each) for each in ("area", "measure", folder / "area.gpkg", path, *more)])


def test_a_heading_says_by_itself_that_no_safe_way_leads_to_the_school(tmp_path: Path) -> None:
    drawn(tmp_path, way_round=False).build()
    said = told(tmp_path, "--svg", tmp_path / "route.svg").stdout
    assert "No safe walking route to the school; the shortest way, part of it unsafe, is 0.932 miles (1,500." in said
    assert "The walking route" not in said
    assert "The shortest walking route" not in said
    root = ET.fromstring((tmp_path / "route.svg").read_text())  # noqa: S314  # our own drawing
    words = {each.tag.rpartition("}")[2]: each.text or "" for each in list(root)[:2]}
    assert words["title"] == (
        "School 100001: no safe walking route; the shortest way, part of it unsafe, is 0.932 miles on foot"
    )
    assert words["desc"].startswith(
        "Map of the shortest way on foot, part of it unsafe, from the home to School 100001"
    )
    shown = [each.text for each in root.iter() if each.text]
    assert "No safe walking route to School 100001" in shown
    assert any(each.startswith("The shortest way, part of it unsafe, is 0.932 miles on foot (1,500.") for each in shown)


def test_a_heading_of_a_safe_way_round_is_that_of_any_walking_route(tmp_path: Path) -> None:
    drawn(tmp_path).build()
    said = told(tmp_path, "--svg", tmp_path / "route.svg").stdout
    assert "The walking route to the school: 4.0" in said
    assert ">School 100001: 4.0" in (tmp_path / "route.svg").read_text()


@pytest.mark.parametrize("days", [{"from": "1 October"}, {"until": "2018-13-01"}])
def test_a_day_that_is_none_stops_the_build_in_a_sentence(tmp_path: Path, days: dict[str, str]) -> None:
    with pytest.raises(EdtravelError, match="expected a day such as 2018-09-04"):
        drawn(tmp_path, stretch=line((500, 0), (900, 0), **days)).build()
