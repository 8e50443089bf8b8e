"""What is within reach of a school ends exactly where the limit falls, along the network."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.errors import InputError
from eligibility.geography import Area, Home, How, Reached, reach, reach_geojson
from eligibility.geography.reach import line_along
from eligibility.geography.search import Search
from eligibility.sample_county import path as sample
from tests.geography.county import drawing, line, school


def um_of(area: Area, urn: str, place: tuple[float, float]) -> int:
    """Micrometres from a place on the network to the nearest entrance."""
    snap = area.network.snap(place, "walk")
    assert snap is not None
    assert snap.leg_um < 2_000
    search = Search(area.arcs("walk", None), snap)
    return int(
        search.um_to_all(
            area.ends("nearest_gate").of_school(list(area.schools).index(urn)).spots(area.chains, "walk")
        ).min()
    )


@pytest.fixture(scope="module")
def county() -> Area:
    return Area.open(sample())


@pytest.mark.parametrize("limit_mm", [402_336, 3_218_688])
def test_every_end_is_at_the_limit(county: Area, limit_mm: int) -> None:
    found = reach(county, "900033", limit_mm)
    assert found.ends
    for place in found.ends:
        # Drawn to nine digits of a degree and snapped again: millimetres, and none of it decides.
        assert abs(um_of(county, "900033", place) - limit_mm * 1000) < 5_000


def test_a_home_is_within_reach_if_and_only_if_it_is_measured_so(county: Area) -> None:
    limit_mm = 3_218_688
    found = reach(county, "900033", limit_mm)
    held: dict[int, list[tuple[int, int]]] = {}
    for chain, low, high in zip(found.chain.tolist(), found.low_um.tolist(), found.high_um.tolist(), strict=True):
        held.setdefault(chain, []).append((low, high))
    counts = {True: 0, False: 0}
    for postcode, *_ in county.rows("postcode")[::11]:
        home = Home(postcode=str(postcode))
        snap = county.network.snap(county.locate(home).point, "walk")
        assert snap is not None
        chain, along = county.chains.place_of(snap)
        drawn = any(low <= along <= high for low, high in held.get(chain, []))
        measured = county.route(home, "900033", "walk", measure_from="property_meets_road")
        within = measured is not None and measured.length_mm <= limit_mm
        assert drawn == within
        counts[within] += 1
    assert min(counts.values()) > 10


def test_a_wider_reach_holds_a_narrower_one(county: Area) -> None:
    narrow, wide = (reach(county, "900033", limit) for limit in (3_218_688, 4_828_032))
    assert wide.length_mm > narrow.length_mm
    for chain, low, high in zip(narrow.chain, narrow.low_um, narrow.high_um, strict=True):
        inside = (wide.chain == chain) & (wide.low_um <= low) & (wide.high_um >= high)
        assert np.any(inside)


def test_one_road_is_reached_so_far_on_both_sides(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (1000, 0))], (400, 0), (0, 0)).open()
    found = reach(area, "100001", 250_000)
    assert found.length_mm == 500_000
    assert len(found.ends) == 2
    assert reach(area, "100001", 500_000).length_mm == pytest.approx(900_000, abs=2_000)
    assert len(reach(area, "100001", 500_000).ends) == 1
    assert not reach(area, "100001", 5_000_000).ends


def test_a_ring_is_reached_from_both_sides_without_counting_any_of_it_twice(tmp_path: Path) -> None:
    ring = line((0, 0), (300, 0), (300, 300), (0, 300), (0, 0))
    area = drawing(tmp_path, [ring, line((-500, 0), (0, 0))], (-200, 0), (0, 0)).open()
    whole = reach(area, "100001", 10_000_000)
    assert whole.length_mm == int(area.network.um.sum()) // 1000
    partly = reach(area, "100001", 600_000)
    assert len(partly.ends) == 2
    assert partly.length_mm == pytest.approx(500_000 + 800_000, abs=1_500)


def test_a_gate_away_from_the_road_takes_its_way_from_the_limit(tmp_path: Path) -> None:
    made = drawing(tmp_path, [line((0, 0), (1000, 0))], (500, 40), (0, 0))
    made.table("gates", [{"urn": 100_001, "easting": 350_500, "northing": 130_040}])
    area = made.open()
    assert reach(area, "100001", 140_000).length_mm == pytest.approx(200_000, abs=100)
    assert not len(reach(area, "100001", 30_000).chain)
    assert reach(area, "100001", 100_000, How(school_entrance="main_entrance")).length_mm == 200_000


def test_what_is_unsafe_on_the_day_is_not_reached_through(tmp_path: Path) -> None:
    made = drawing(tmp_path, [line((0, 0), (1000, 0))], (1000, 0), (0, 0))
    made.shapes(
        "unsafe", [line((300, 0), (400, 0), name="Narrow Lane", **{"from": "2018-01-01", "until": "2018-12-31"})]
    )
    area = made.open()
    closed = reach(area, "100001", 5_000_000, How(on=dt.date(2018, 9, 4)))
    assert closed.length_mm == pytest.approx(600_000, abs=500)
    assert reach(area, "100001", 5_000_000, How(on=dt.date(2019, 9, 4))).length_mm > 999_000


def test_no_driver_only_road_is_within_reach_on_foot(county: Area) -> None:
    found = reach(county, "900033", 4_828_032)
    assert np.all(county.chains.uses[found.chain] & 1)


def test_a_school_that_the_area_does_not_hold_is_refused(county: Area) -> None:
    with pytest.raises(InputError):
        reach(county, "100000", 1_000_000)


def features(found: list[Reached]) -> dict[str, Any]:
    held = json.loads(reach_geojson(found))["features"]
    return {each["geometry"]["type"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in held}


def test_the_polygons_hold_every_way_within_the_limit_and_say_that_they_decide_nothing(county: Area) -> None:
    found = reach(county, "900033", 3_218_688)
    held = features([found])
    assert shapely.is_valid(held["MultiPolygon"])
    assert shapely.covers(held["MultiPolygon"], held["MultiLineString"])
    told = json.loads(reach_geojson([found]))["features"]
    assert [each["properties"]["limit_mm"] for each in told] == [3_218_688] * 3
    (outline,) = [each for each in told if each["geometry"]["type"] == "MultiPolygon"]
    assert "decides nothing" in outline["properties"]["what"]


def test_a_chain_is_drawn_through_each_of_its_vertices(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (100, 0), (100, 100), (200, 100))], (0, 0), (0, 0)).open()
    chains = area.chains
    assert len(line_along(chains, 0, 0, int(chains.um[0]))) == 4
    assert len(line_along(chains, 0, 50_000_000, 150_000_000)) == 3
    assert len(line_along(chains, 0, 150_000_000, 150_000_000)) == 1


def test_the_command_writes_the_map_and_the_shapes(tmp_path: Path) -> None:
    svg, shapes = tmp_path / "reach.svg", tmp_path / "reach.geojson"
    words = ["area", "reach", "sample", "900033", "--svg", str(svg), "--geojson", str(shapes)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "within 2 miles on foot" in done.stdout
    assert "within 3 miles on foot" in done.stdout
    assert svg.read_text(encoding="utf-8").startswith("<svg ")
    limits = {each["properties"]["limit_mm"] for each in json.loads(shapes.read_text(encoding="utf-8"))["features"]}
    assert limits == {3_218_688, 4_828_032}


@pytest.mark.parametrize("miles", ["-1", "0", "nan", "far", "1e9"])
def test_miles_that_are_no_distance_are_wrong_usage(miles: str) -> None:
    done = CliRunner().invoke(main, ["area", "reach", "sample", "900033", "--miles", miles])
    assert done.exit_code == 2
    assert "expected miles as a decimal number" in done.output


def test_a_school_two_ways_from_home_is_reached_by_the_shorter(tmp_path: Path) -> None:
    made = drawing(
        tmp_path, [line((0, 0), (1000, 0)), line((0, 0), (0, 300), (1000, 300), (1000, 0))], (1000, 0), (0, 0)
    )
    made.table("schools", [school(100_001, (1000, 0))])
    area = made.open()
    found = reach(area, "100001", 1_100_000)
    assert found.length_mm == pytest.approx(2_200_000, abs=4_000)
    assert len(found.ends) == 2 or len(found.ends) == 1
