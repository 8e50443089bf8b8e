"""`edtravel area` as an officer types it."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.geography import Area, Home
from eligibility.geography.evidence import geojson
from eligibility.sample_county import path as sample
from tests.geography.county import Drawing, drawing, line, postcode, school


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    return drawing(tmp_path, [line((0, 0), (1000, 0))], (1000, 0), (0, 0))


def options(drawn: Drawing) -> list[str | Path]:
    files = [word for role, path in drawn.files.items() for word in (f"--{role.replace('_', '-')}", path)]
    return ["area", "build", *files, "--complete", "--out", drawn.folder / "a.gpkg"]


def test_building_says_what_came_of_it_and_the_hash(drawn: Drawing) -> None:
    result = run(*options(drawn))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].endswith("a.gpkg: 1 school, 1 postcode, 2 nodes, 1 edge")
    assert result.stdout.splitlines()[1] == Area.open(drawn.folder / "a.gpkg").content_hash
    assert not result.stderr


def test_rows_set_aside_are_listed_beside_the_area_and_the_exit_code_says_so(drawn: Drawing) -> None:
    drawn.table("postcodes", [postcode("TA1 1AA", (0, 0)), postcode("nonsense", (0, 0))])
    result = run(*options(drawn))
    assert result.exit_code == 3
    assert "nonsense" not in result.output
    with (drawn.folder / "a.gpkg.rejects.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["row"], row["reason"]) for row in rows] == [
        ("3", "postcode does not have the form of a full postcode")
    ]
    assert Area.open(drawn.folder / "a.gpkg").count("postcode") == 1


@pytest.mark.parametrize(("more", "said"), [(["nonsense"], "1 row was"), (["bad", "worse"], "2 rows were")])
def test_rows_set_aside_are_counted_in_plain_english(drawn: Drawing, more: list[str], said: str) -> None:
    drawn.table("postcodes", [postcode(name, (0, 0)) for name in ("TA1 1AA", *more)])
    assert f"{said} set aside; see " in run(*options(drawn)).stderr


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--within", "expected a whole number from 0 to 1,000"),
        ("--against-mm", "expected a whole number of at least 1"),
        ("--nearest", "expected a whole number of at least 1"),
    ],
)
def test_what_is_no_whole_number_is_answered_with_what_was_expected(option: str, expected: str) -> None:
    result = run("area", "measure", "sample", "case.yaml", option, "nan")
    assert result.exit_code == 2
    assert expected in result.stderr
    assert "integer range" not in result.stderr


@pytest.mark.parametrize("content", ["{", "postcode\nTA1 1AA\n"])
def test_a_file_that_cannot_be_used_stops_the_build_in_one_sentence(drawn: Drawing, content: str) -> None:
    drawn.files["roads"].write_text(content)
    result = run(*options(drawn))
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "expected GeoJSON" in result.stderr


def test_files_that_were_swapped_stop_the_build(drawn: Drawing) -> None:
    files = drawn.files
    files["schools"], files["postcodes"] = files["postcodes"], files["schools"]
    result = run(*options(drawn))
    assert result.exit_code == 1
    assert "no column urn" in result.stderr


def test_a_file_that_is_not_there_is_wrong_usage(drawn: Drawing) -> None:
    drawn.files["postcodes"] = drawn.folder / "none.csv"
    result = run(*options(drawn))
    assert result.exit_code == 2
    assert "--postcodes: there is no file" in result.stderr


@pytest.mark.parametrize("out", ["none/a.gpkg", "."])
def test_an_area_that_cannot_be_written_is_wrong_usage(drawn: Drawing, out: str) -> None:
    result = run(*options(drawn)[:-1], drawn.folder / out)
    assert result.exit_code == 2
    assert "cannot write" in result.stderr


def test_an_authority_that_the_register_does_not_hold_is_wrong_usage(drawn: Drawing) -> None:
    assert run(*options(drawn), "--la", "800").exit_code == 2


def test_a_licence_that_nobody_stated_is_asked_for(drawn: Drawing) -> None:
    run(*options(drawn), "--licence", "roads=OGL v3")
    told = run("area", "info", drawn.folder / "a.gpkg").stdout
    assert "roads: roads.geojson, vintage not stated, licence OGL v3\n" in told
    assert "licence not stated (give it with --licence ROLE=TEXT)\n" in told


@pytest.mark.parametrize("words", [("area", "info"), ("area", "check"), ("area", "measure")])
def test_an_area_changed_by_hand_informs_nobody(drawn: Drawing, words: tuple[str, ...]) -> None:
    run(*options(drawn))
    with sqlite3.connect(drawn.folder / "a.gpkg") as base:
        base.execute("UPDATE edge SET length_um = length_um * 2")
    base.close()
    more = [drawn.folder / "case.yaml"] if words[-1] == "measure" else []
    result = run(*words, drawn.folder / "a.gpkg", *more)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "was changed since it was built" in result.stderr


def test_a_licence_of_an_unknown_file_is_wrong_usage(drawn: Drawing) -> None:
    assert run(*options(drawn), "--licence", "shools=OGL").exit_code == 2


@pytest.mark.parametrize("command", ["info", "check"])
def test_an_area_is_told_of_as_text_and_as_json(command: str) -> None:
    text, data = run("area", command, sample()), run("area", command, sample(), "--format", "json")
    assert (text.exit_code, data.exit_code) == (0, 0)
    told = json.loads(data.stdout)
    assert told["name"] == "SAMPLE"
    assert told["content_hash"] in text.stdout


def test_checking_finds_pieces_apart_and_schools_far_from_any_road(drawn: Drawing) -> None:
    drawn.table("schools", [school(100_001, (1000, 0)), school(100_002, (500, 900)), school(100_003, (5000, 0))])
    drawn.table(
        "postcodes", [postcode("TA1 1AA", (0, 0)), postcode("TA1 1AB", (0, 700)), postcode("TA1 1AC", (5000, 5))]
    )
    roads = [line((0, 0), (1000, 0)), line((1000, 0), (0, 0)), line((1000, 0), (1000, 0), (1000, 50))]
    drawn.shapes("roads", [*roads, line((5000, 0), (5000, 90))])
    run(*options(drawn))
    told = json.loads(run("area", "check", drawn.folder / "a.gpkg", "--format", "json").stdout)
    counts = {each["id"]: each["count"] for each in told["findings"]}
    assert counts == {
        "disconnected_walk": 1,
        "disconnected_road": 1,
        "zero_length_edges": 1,
        "duplicate_edges": 1,
        "schools_far": 1,
        "schools_apart": 1,
        "postcodes_far": 1,
        "postcodes_apart": 1,
    }


def undated(folder: Path) -> Path:
    path = folder / "case.yaml"
    path.write_text(
        "reference: A-1\ndate_of_birth: 2007-05-14\nhome: {postcode: QX6 1AA}\nschool: {urn: 900033}\n",
    )
    return path


def test_a_distance_needs_no_day(tmp_path: Path) -> None:
    case = undated(tmp_path)
    text = run("area", "measure", sample(), case, "--svg", tmp_path / "route.svg")
    told = json.loads(run("area", "measure", sample(), case, "--format", "json").stdout)
    assert text.exit_code == 0
    assert "was not judged" in text.stdout
    assert text.stdout.count(" on foot, ") == len(Area.open(sample()).schools)
    assert {school["suitable"] for school in told["schools"]} == {None}
    assert told["route"]["length_mm"] > 0
    assert told["suitability_judged"] is False
    assert (tmp_path / "route.svg").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml", "route.svg"]
    dated = json.loads(run("area", "measure", sample(), case, "--on", "2018-09-04", "--format", "json").stdout)
    assert dated["suitability_judged"] is True
    assert False in {school["suitable"] for school in dated["schools"]}


def test_a_route_is_given_as_geojson() -> None:
    area = Area.open(sample())
    found = area.route(Home(postcode="QX6 1AA"), "900033", "walk")
    assert found is not None
    document = json.loads(geojson(found))["features"][0]
    assert document["properties"]["length_mm"] == found.length_mm
    assert document["properties"]["area"] == area.content_hash
    assert len(document["geometry"]["coordinates"]) == len(found.line)


@pytest.fixture
def two_ways(tmp_path: Path) -> Path:
    """A home and two schools: the way to the nearer is shorter on foot by a path, and longer by road."""
    made = drawing(
        tmp_path, [line((0, 0), (0, 900), (900, 900), (900, 0)), line((900, 0), (1900, 0))], (900, 0), (0, 0)
    )
    made.table("schools", [school(100_001, (900, 0)), school(100_002, (1900, 0))])
    made.shapes("paths", [line((0, 0), (900, 0), name="The Cut")])
    made.build()
    case = tmp_path / "case.yaml"
    case.write_text(
        "{reference: A-1, date_of_birth: 2010-05-14, home: {postcode: TA1 1AA}, school: {urn: 100001}, "
        "travel_from: 2018-09-04}"
    )
    return tmp_path


def measured(folder: Path, *more: str | Path) -> Result:
    return run("area", "measure", folder / "area.gpkg", folder / "case.yaml", *more)


def test_the_evidence_for_a_distance_by_road_is_given_as_that_on_foot_is(two_ways: Path) -> None:
    found = json.loads(measured(two_ways, "--by", "road", "--svg", two_ways / "road.svg", "--format", "json").stdout)
    assert (found["route"]["network"], found["route"]["urn"]) == ("road", "100001")
    assert 2_690_000 < found["route"]["length_mm"] < 2_710_000
    assert "Road route to" in (two_ways / "road.svg").read_text()
    assert "The route by road to the school: " in measured(two_ways, "--by", "road").stdout


def test_the_evidence_can_be_had_for_any_school_of_the_area(two_ways: Path) -> None:
    result = measured(two_ways, "--to", "100002", "--svg", two_ways / "other.svg")
    assert result.exit_code == 0
    assert "The walking route to School 100002: " in result.stdout
    assert "Walking route to School 100002" in (two_ways / "other.svg").read_text()
    assert "100003 is not in the area" in measured(two_ways, "--to", "100003").stderr


@pytest.fixture
def cut_off(two_ways: Path) -> Path:
    """The same, with a school that no way leads to."""
    made = Drawing(two_ways)
    made.table("schools", [school(100_001, (5_000, 0)), school(100_002, (900, 0))])
    made.table("postcodes", [postcode("TA1 1AA", (0, 0))])
    made.shapes("roads", [line((0, 0), (900, 0)), line((5_000, 0), (5_000, 300))])
    made.build()
    return two_ways


@pytest.mark.parametrize("asked", ["draw", "compare", "draw or compare"])
def test_where_there_is_no_route_what_else_was_measured_is_told_before_that(cut_off: Path, asked: str) -> None:
    svg: list[str | Path] = ["--svg", cut_off / "route.svg"] if "draw" in asked else []
    result = measured(cut_off, *svg, *(["--against", "2.98"] if "compare" in asked else []))
    assert result.exit_code == 3
    assert "1. School 100002 (100002): 0.55" in result.stdout
    assert "School 100001 (100001): no route on foot" in result.stdout
    assert result.stderr.strip().endswith(
        f"there is no walking route to the school on this network, so there is nothing to {asked}"
    )
    assert ("The other figure is 2.98 miles; there is none here to hold it against." in result.stdout) == (
        "compare" in asked
    )
    assert not (cut_off / "route.svg").exists()
    told = measured(cut_off, *svg, "--against", "2.98", "--format", "json")
    assert (told.exit_code, json.loads(told.stdout)["nearest"][0]["urn"]) == (3, "100002")
    assert json.loads(told.stdout)["second_opinion"] is None


def test_another_systems_figure_by_road_is_held_against_the_distance_by_road(two_ways: Path) -> None:
    said = measured(two_ways, "--by", "road", "--against", "0.559").stdout
    assert "It is explained by this: as one walks it, on foot" in said
