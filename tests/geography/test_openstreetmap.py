"""What an area takes from OpenStreetMap: roads, paths, who may use them, schools and places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eligibility.errors import EdtravelError, UsageError
from eligibility.geography import Area, Built, Home, Inputs, Pupil, Walked, build
from eligibility.geography.model import Mode
from eligibility.geography.osm_file import read_lines
from eligibility.geography.osm_rules import use_of
from tests.geography.county import EAST, NORTH
from tests.geography.drawn_files import Map, street

ON_FOOT = (True, False, False)
BOTH_WAYS = (True, True, True)
DRIVEN_ONLY = (False, True, True)
NEITHER = (False, False, False)


def made(drawn: Map, folder: Path, *, name: str = "map.osm.pbf", backwards: bool = False, **more: Any) -> Built:
    roads = drawn.write(folder / name, backwards=backwards)
    return build(Inputs(roads=roads, **{"complete": True, **more}), folder / "area.gpkg")


def opened(drawn: Map, folder: Path, **more: Any) -> Area:
    made(drawn, folder, **more)
    return Area.open(folder / "area.gpkg")


def metres(area: Area, east: int, north: int, mode: Mode = "walk", school: int = 0) -> int | None:
    """Whole metres from a place to a school by one network; None where there is no route."""
    home = Home(easting=EAST + east, northing=NORTH + north)
    found = area.measure(home, Pupil(3, None), measure_from="property_meets_road").schools[school]
    length = found.walking if mode == "walk" else found.road
    return None if length is None else round(length.mm / 1000)


@pytest.mark.parametrize(
    ("tags", "use"),
    [
        ({"highway": "residential"}, BOTH_WAYS),
        ({"highway": "motorway"}, (False, True, False)),
        ({"highway": "motorway_link"}, (False, True, False)),
        ({"highway": "trunk", "motorroad": "yes"}, DRIVEN_ONLY),
        ({"highway": "trunk", "foot": "no"}, DRIVEN_ONLY),
        ({"highway": "primary", "foot": "use_sidepath"}, DRIVEN_ONLY),
        ({"highway": "residential", "oneway": "yes"}, (True, True, False)),
        ({"highway": "residential", "oneway": "-1"}, (True, False, True)),
        ({"highway": "primary", "junction": "roundabout"}, (True, True, False)),
        ({"highway": "primary", "junction": "roundabout", "oneway": "-1"}, (True, False, True)),
        ({"highway": "residential", "oneway": "yes", "oneway:motor_vehicle": "no"}, BOTH_WAYS),
        ({"highway": "service", "access": "private"}, NEITHER),
        ({"highway": "service", "access": "no"}, NEITHER),
        ({"highway": "service", "access": "private", "foot": "yes"}, ON_FOOT),
        ({"highway": "unclassified", "motor_vehicle": "private"}, ON_FOOT),
        ({"highway": "residential", "vehicle": "destination"}, BOTH_WAYS),
        ({"highway": "residential", "access": "permissive"}, BOTH_WAYS),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, DRIVEN_ONLY),
        ({"highway": "footway"}, ON_FOOT),
        ({"highway": "footway", "oneway": "yes"}, ON_FOOT),
        ({"highway": "footway", "foot": "private"}, NEITHER),
        ({"highway": "cycleway", "foot": "no"}, NEITHER),
        ({"highway": "bridleway", "access": "no", "foot": "designated"}, ON_FOOT),
        ({"highway": "steps"}, ON_FOOT),
        ({"highway": "track"}, ON_FOOT),
        ({"highway": "track", "motor_vehicle": "yes"}, BOTH_WAYS),
        ({"highway": "track", "access": "agricultural"}, NEITHER),
        ({"highway": "pedestrian"}, ON_FOOT),
        ({"highway": "footway", "oneway:foot": "yes"}, NEITHER),
    ],
)
def test_a_way_is_walked_and_driven_as_its_tags_say(tags: dict[str, str], use: tuple[bool, bool, bool]) -> None:
    found = use_of(tags, Walked())
    assert found is not None
    assert (found.walk, found.forward, found.back) == use


@pytest.mark.parametrize("highway", ["construction", "proposed", "raceway", "platform", ""])
def test_what_is_no_road_yet_or_ever_is_passed_over(highway: str) -> None:
    assert use_of({"highway": highway}, Walked()) is None


def test_private_roads_and_steps_are_walked_as_configured() -> None:
    private = {"highway": "service", "access": "private"}
    found = use_of(private, Walked(private=True))
    assert found is not None
    assert (found.walk, found.forward, found.kind) == (True, True, "private")
    stairs = use_of({"highway": "steps"}, Walked(steps=False))
    assert stairs is not None
    assert not stairs.walk


def crossing(**bridge: str) -> Map:
    """A road east to the school, and one over it from south to north that shares no node with it."""
    drawn = street((0, 0), (500, 0), (1000, 0))
    drawn.node(11, (500, -400))
    drawn.node(12, (500, 0))
    drawn.node(13, (500, 400))
    drawn.way(2, [11, 12, 13], highway="residential", **bridge)
    return drawn


def test_roads_that_cross_without_a_shared_node_are_not_joined_even_where_nodes_lie_on_one_spot(tmp_path: Path) -> None:
    area = opened(crossing(bridge="yes", layer="1"), tmp_path)
    assert metres(area, 0, 0) == 1000
    assert metres(area, 500, 400) is None


def test_roads_that_share_a_node_are_joined_whatever_their_layers(tmp_path: Path) -> None:
    drawn = crossing(bridge="yes", layer="1")
    drawn.ways[1] = (2, [11, 2, 13], {"highway": "residential", "bridge": "yes", "layer": "1"})
    assert metres(opened(drawn, tmp_path), 500, 400) == 900


def test_a_way_goes_on_through_two_of_its_nodes_on_one_spot(tmp_path: Path) -> None:
    drawn = street((0, 0), (500, 0), (500, 0), (1000, 0))
    assert metres(opened(drawn, tmp_path), 0, 0) == 1000


def test_a_one_way_street_is_walked_both_ways_and_driven_one(tmp_path: Path) -> None:
    drawn = street((0, 0), (1000, 0), oneway="yes")
    drawn.node(800, (0, 5), amenity="school", name="Hill Infant School")
    area = opened(drawn, tmp_path)
    assert (metres(area, 400, 0, "walk"), metres(area, 400, 0, "walk", 1)) == (400, 600)
    assert [metres(area, 400, 0, "road", number) for number in (0, 1)] == [None, 600]


@pytest.mark.parametrize(
    ("tags", "walk", "road"),
    [
        ({"barrier": "bollard"}, 1000, None),
        ({"barrier": "gate"}, 1000, 1000),
        ({"barrier": "gate", "access": "private"}, None, None),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, 1000, None),
        ({"barrier": "kissing_gate"}, 1000, None),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, 1000, 1000),
        ({"barrier": "wall"}, None, None),
        ({"barrier": "gate", "foot": "no", "motor_vehicle": "yes"}, None, 1000),
    ],
)
def test_a_barrier_stops_whom_its_tags_stop(
    tmp_path: Path, tags: dict[str, str], walk: int | None, road: int | None
) -> None:
    drawn = street((0, 0), (500, 0), (1000, 0))
    drawn.node(2, (500, 0), **tags)
    area = opened(drawn, tmp_path)
    assert (metres(area, 0, 0, "walk"), metres(area, 0, 0, "road")) == (walk, road)


def test_a_barrier_where_a_lane_leaves_a_road_stands_on_the_lane(tmp_path: Path) -> None:
    drawn = street((0, 0), (500, 0), (1000, 0))
    drawn.node(2, (500, 0), barrier="bollard")
    drawn.node(20, (500, 300))
    drawn.way(2, [2, 20], highway="service")
    area = opened(drawn, tmp_path)
    assert metres(area, 0, 0, "road") == 1000
    assert (metres(area, 500, 300, "walk"), metres(area, 500, 300, "road")) == (800, None)


def test_an_area_is_built_from_the_map_alone_and_says_what_came_of_its_tags(tmp_path: Path) -> None:
    drawn = street((0, 0), (1000, 0), name="Mill Lane")
    drawn.grounds(50, (400, 10), (440, 60), amenity="school", name="St John's Catholic Primary School",
                  ref__edubase="123456", addr__postcode="TA1 1AA")  # fmt: skip
    drawn.grounds(51, (700, 10), (740, 60), amenity="school", name="Upper", fee="yes", min_age="13", max_age="18")
    drawn.node(61, (100, 5), addr__postcode="TA1 1AB")
    drawn.node(62, (300, 5), addr__postcode="ta11ab")
    drawn.node(63, (100, 9), place="hamlet", name="Millend")
    built = made(drawn, tmp_path)
    area = Area.open(tmp_path / "area.gpkg")
    assert (built.counts["school"], built.counts["postcode"], built.counts["place"]) == (3, 2, 1)
    catholic = area.school("123456")
    assert (catholic.religion, catholic.low_age, catholic.high_age) == ("roman_catholic", 4, 11)
    (upper,) = [each for each in area.schools.values() if each.name == "Upper"]
    assert (upper.independent, upper.low_age, upper.last_year_group) == (True, 13, 11)
    assert 700_000 <= int(upper.urn) <= 899_999
    middle = area.locate(Home(postcode="TA1 1AB")).point
    assert middle == pytest.approx(area.locate(Home(easting=EAST + 200, northing=NORTH + 5)).point, abs=2e-7)
    assert area.settings["schools_from"] == area.settings["postcodes_from"] == "OpenStreetMap"
    licences = {row[0]: row[5] for row in area.rows("source")}
    assert {licences[role] for role in ("roads", "schools", "postcodes", "places")} == {
        "Open Database License 1.0, © OpenStreetMap contributors"
    }
    assert any("taken from the map's tags (3, of which 2 without a URN" in note for note in built.notes)


def test_what_tags_do_not_say_of_a_school_is_not_known(tmp_path: Path) -> None:
    drawn = street((0, 0), (1000, 0))
    drawn.node(900, (1000, 5), amenity="school", name="The Grange")
    area = opened(drawn, tmp_path)
    (found,) = area.measure(Home(easting=EAST, northing=NORTH), Pupil(3, None)).schools
    assert (found.suitable, found.unsuitable_because) == (None, "the ages it takes are not known")
    assert (found.school.last_year_group, found.school.religion_known) == (None, False)


def test_a_school_drawn_twice_is_one_school(tmp_path: Path) -> None:
    drawn = street((0, 0), (1000, 0))
    drawn.grounds(50, (900, 2), (1050, 60), amenity="school")
    drawn.grounds(51, (0, 2), (90, 60), amenity="school", name="Hill School")
    drawn.node(52, (40, 20), amenity="school", name="Hill School")
    drawn.node(53, (300, 20), amenity="school", name="Hill House", operator="Hill School")
    built = made(drawn, tmp_path)
    assert built.counts["school"] == 2
    assert not built.rejects
    (note,) = [note for note in built.notes if "once more" in note]
    assert note.endswith("passed over: node 52, node 53, way 50")


def test_of_two_grounds_drawn_alike_one_stays(tmp_path: Path) -> None:
    drawn = street((0, 0), (1000, 0))
    for number in (51, 52):
        drawn.grounds(number, (0, 2), (90, 60), amenity="school", name="Hill School")
    assert made(drawn, tmp_path).counts["school"] == 2


def test_a_school_of_several_grounds_is_read_from_its_relation_and_a_broken_one_set_aside(tmp_path: Path) -> None:
    drawn = street((0, 0), (1000, 0))
    drawn.grounds(50, (300, 2), (350, 50))
    drawn.grounds(51, (400, 2), (450, 50))
    drawn.relations.append((5, [("w", 50, "outer"), ("w", 51, "outer")],
                            {"type": "multipolygon", "amenity": "school", "name": "Two Sites School"}))  # fmt: skip
    drawn.relations.append((6, [("w", 99, "outer")], {"type": "multipolygon", "amenity": "school", "name": "Gone"}))
    built = made(drawn, tmp_path)
    area = Area.open(tmp_path / "area.gpkg")
    assert {"Two Sites School"} < {school.name for school in area.schools.values()}
    assert [(reject.text, reject.row) for reject in built.rejects] == [("relation 6", 6)]


@pytest.mark.parametrize("name", ["map.osm", "map.osm.bz2", "map.osm.gz"])
def test_the_same_map_gives_the_same_hash_however_it_is_packed(tmp_path: Path, name: str) -> None:
    drawn = crossing(bridge="yes")
    drawn.node(2, (500, 0), barrier="bollard")
    drawn.grounds(50, (400, 10), (440, 60), amenity="school", name="Hill")
    first = made(drawn, tmp_path)
    assert made(drawn, tmp_path, name=name).content_hash == first.content_hash


def test_a_map_out_of_order_gives_the_same_roads_and_schools_from_it_are_refused(tmp_path: Path) -> None:
    drawn = crossing(bridge="yes")
    there, back = drawn.write(tmp_path / "a.osm"), drawn.write(tmp_path / "b.osm", backwards=True)
    assert read_lines(there, Walked()) == read_lines(back, Walked())
    with pytest.raises(EdtravelError, match=r"b\.osm is not in order; expected nodes, ways and relations by number"):
        build(Inputs(roads=back, complete=True), tmp_path / "area.gpkg")


def test_a_way_that_goes_on_beyond_the_file_ends_where_it_ends(tmp_path: Path) -> None:
    drawn = street((0, 0), (500, 0), (1000, 0))
    drawn.ways[0] = (1, [1, 2, 3, 77, 78], {"highway": "residential"})
    built = made(drawn, tmp_path)
    assert built.counts["node"] == 3
    assert any("1 ways of map.osm.pbf go on beyond the file" in note for note in built.notes)


def test_a_road_takes_its_number_where_it_has_no_name_and_a_path_that_of_its_right_of_way(tmp_path: Path) -> None:
    drawn = street((0, 0), (500, 0), (1000, 0), ref="A39")
    drawn.way(2, [1, 3], highway="footway", prow_ref="FP 12")
    found = read_lines(drawn.write(tmp_path / "m.osm"), Walked())
    assert [line.street for line in found.lines] == ["A39", "FP 12"]


def test_a_register_goes_before_the_maps_tags_and_an_authority_needs_one(tmp_path: Path) -> None:
    roads = street((0, 0), (1000, 0)).write(tmp_path / "m.osm")
    with pytest.raises(UsageError, match="--la: an authority's schools are told apart by the register"):
        build(Inputs(roads=roads, la_codes=("800",)), tmp_path / "a.gpkg")


def test_a_map_without_schools_or_roads_says_so(tmp_path: Path) -> None:
    drawn = street((0, 0), (1000, 0))
    drawn.nodes[900][1].clear()
    with pytest.raises(EdtravelError, match=r"holds no school \(amenity=school\); give a register"):
        made(drawn, tmp_path)
    drawn.ways[0][2].clear()
    drawn.node(900, (0, 0), amenity="school", name="x")
    with pytest.raises(EdtravelError, match="holds no road or path that can be used"):
        made(drawn, tmp_path)
