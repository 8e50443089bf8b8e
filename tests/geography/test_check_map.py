"""The findings of `area check` on a map: each where it is, told apart without colour, and no postcode named."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.geography import check_map
from eligibility.geography.check import check
from eligibility.sample_county import path as sample
from tests.geography.county import EAST, NORTH, Drawing, drawing, line, postcode, school


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def faulty(tmp_path: Path) -> Drawing:
    made = drawing(tmp_path, [], (1000, 0), (0, 0))
    made.table("schools", [school(100_001, (1000, 0)), school(100_002, (500, 900)), school(100_003, (5000, 0))])
    homes = [("TA1 1AA", (0, 0)), ("TA1 1AB", (0, 700)), ("TA1 1AC", (5000, 5))]
    made.table("postcodes", [postcode(name, spot) for name, spot in homes])
    roads = [line((0, 0), (1000, 0)), line((1000, 0), (0, 0)), line((1000, 0), (1000, 0), (1000, 50))]
    made.shapes("roads", [*roads, line((5000, 0), (5000, 90)), line((8000, 0), (8000, 20), (8000, 40))])
    return made


def test_every_finding_stands_on_the_map_where_it_is(faulty: Drawing) -> None:
    area = faulty.open()
    found = check_map.marks(area)
    assert Counter(mark.kind for mark in found) == {
        "piece_walk": 3, "piece_road": 3, "school_far": 1, "school_apart": 1, "postcode_far": 1, "duplicate": 1,
        "zero_length": 1,
    }  # fmt: skip
    sizes = Counter(mark.says for mark in found if mark.kind == "piece_walk")
    assert sizes == {"1": 2, "2": 1}, "the largest piece is number 1"
    (far,) = [mark for mark in found if mark.kind == "school_far"]
    assert far.says == "100002"
    assert far.line[0] == area.entrances["100002"][0].place
    assert far.line[1][1] < far.line[0][1], "the leg runs south to the road"


def test_a_gate_far_from_its_school_is_found_such_as_one_with_easting_and_northing_swapped(faulty: Drawing) -> None:
    gates = [(100_001, EAST + 990, NORTH), (100_002, NORTH, EAST), (100_003, EAST + 6_100, NORTH)]
    faulty.table("gates", [{"urn": urn, "easting": east, "northing": north} for urn, east, north in gates])
    (found,) = (each for each in check(faulty.open()) if each.id == "gates_far")
    assert found.says == "2 schools with a gate more than 1 km from the register's point"
    assert found.examples == ("100002 (310.8 km)", "100003 (1.1 km)")
    assert found.serious


def test_the_drawing_is_well_formed_and_names_no_postcode(faulty: Drawing, tmp_path: Path) -> None:
    faulty.build()
    result = run("area", "check", tmp_path / "area.gpkg", "--svg", tmp_path / "c.svg", "--geojson", tmp_path / "c.json")
    assert result.exit_code == 0
    text = (tmp_path / "c.svg").read_text()
    words = [each.text for each in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314  # our own
    assert {"N", "2 km", "100002", "1", "r1", "from the walking network: 1"} <= set(words)
    assert text.count("stroke-dasharray") >= 2
    document = json.loads((tmp_path / "c.json").read_text())
    kinds = Counter((each["properties"]["finding"], each["geometry"]["type"]) for each in document["features"])
    assert kinds["postcode_far", "Point"] == kinds["postcode_far", "LineString"] == 1
    assert kinds["piece_walk", "LineString"] == 3
    assert "TA1" not in text + (tmp_path / "c.json").read_text()


def test_an_area_without_findings_is_drawn_all_the_same(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (1000, 0), (1000, 500))], (1000, 0), (0, 0)).open()
    assert check_map.marks(area) == []
    assert "Nothing was found" in check_map.svg(area)


def test_the_drawing_of_the_same_area_is_the_same_each_time(faulty: Drawing) -> None:
    area = faulty.open()
    assert check_map.svg(area) == check_map.svg(area)
    assert check_map.geojson(area) == check_map.geojson(area)


def test_a_map_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    result = run("area", "check", sample(), "--svg", tmp_path / "none" / "c.svg")
    assert result.exit_code == 2
    assert "cannot write" in result.stderr
