"""The files a council has: the Ordnance Survey's products and its own drawings, in the system each declares."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Transformer

from eligibility.errors import EdtravelError, UsageError
from eligibility.geography import Area, Home, Pupil, Walked
from eligibility.geography.features import Asked
from eligibility.geography.shapes import read_named_areas, read_paths, read_roads, read_unsafe
from eligibility.geography.walked import Line
from tests.geography.county import EAST, NORTH, Drawing, drawing, line, postcode, school
from tests.geography.drawn_files import Drawn, block, moved, spot, vector, way

LINK: dict[str, Any] = {"start_node": "A", "end_node": "B", "road_function": "Local Road", "name_1": "Mill Lane"}


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    return drawing(tmp_path, [line((0, 0), (1000, 0))], (1000, 0), (0, 0))


def metres(area: Area, mode: str = "walk") -> int | None:
    (found,) = area.measure(Home(postcode="TA1 1AA"), Pupil(3, None)).schools
    length = found.walking if mode == "walk" else found.road
    return None if length is None else round(length.mm / 1000)


def built(drawn: Drawing, roads: Path, **more: Any) -> Area:
    drawn.files["roads"] = roads
    return drawn.open(**more)


def lines(path: Path, **more: Any) -> list[Line]:
    return read_roads(path, **more).items


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:4326", "EPSG:3857", "EPSG:4258", "EPSG:32630", "EPSG:4277"])
def test_a_road_lies_at_the_same_place_whatever_system_its_file_declares(
    drawn: Drawing, tmp_path: Path, suffix: str, crs: str
) -> None:
    roads = [way((0, 0), (1000, 0))]
    there = moved(roads, crs)
    if crs == "EPSG:4277":
        # On the grid's own datum the shift is not ours to repeat: only unproject, as the reader must undo.
        turn = Transformer.from_crs("EPSG:27700", crs, always_xy=True)
        there = [(shapely.LineString([turn.transform(EAST, NORTH), turn.transform(EAST + 1000, NORTH)]), {})]
    area = built(drawn, vector(tmp_path / f"roads{suffix}", there, crs=crs))
    (found,) = area.measure(Home(postcode="TA1 1AA"), Pupil(3, None)).schools
    assert found.walking is not None
    assert abs(found.walking.mm - drawing_mm(drawn)) <= 1


def drawing_mm(drawn: Drawing) -> int:
    drawn.shapes("roads", [line((0, 0), (1000, 0))])
    (found,) = drawn.open().measure(Home(postcode="TA1 1AA"), Pupil(3, None)).schools
    assert found.walking is not None
    return found.walking.mm


def test_open_roads_are_joined_at_the_ends_of_their_links_alone(drawn: Drawing, tmp_path: Path) -> None:
    roads = tmp_path / "oproad_gb.gpkg"
    vector(roads, [spot((0, 0)), spot((1000, 0))], layer="road_node")
    over = way((500, -300), (500, 0), (500, 300), **LINK)
    vector(roads, [way((0, 0), (500, 0), (1000, 0), **LINK), over], layer="road_link")
    drawn.table("postcodes", [postcode("TA1 1AA", (500, 300))])
    assert metres(built(drawn, roads)) is None
    road = [way((0, 0), (500, 0), **LINK), way((500, 0), (1000, 0), **LINK)]
    met = [way((500, -300), (500, 0), **LINK), way((500, 0), (500, 300), **LINK)]
    joined = vector(tmp_path / "other.gpkg", [*road, *met], layer="road_link")
    assert metres(built(drawn, joined)) == 800


def test_open_roads_are_known_by_name_number_and_kind(tmp_path: Path) -> None:
    rows = [
        {"name_1": "Mill Lane", "road_classification_number": "B3139"},
        {"road_classification_number": "A39"},
        {"road_function": "Motorway", "road_classification": "Motorway"},
        {"road_function": "Restricted Local Access Road"},
        {"form_of_way": "Guided Busway"},
    ]
    path = vector(tmp_path / "r.gpkg", [way((0, n), (9, n), **row) for n, row in enumerate(rows)])
    found = lines(path)
    assert [(each.street, each.kind, each.walk, each.forward) for each in found] == [
        ("Mill Lane", "road", True, True),
        ("A39", "road", True, True),
        ("", "motorway", False, True),
        ("", "restricted", True, True),
    ]
    assert read_roads(path).passed_over == 1
    assert not lines(path, walked=Walked(restricted=False))[3].walk


def test_mastermap_is_driven_in_its_direction_and_its_paths_are_walked(tmp_path: Path) -> None:
    path = tmp_path / "highways.gpkg"
    ends = {"start_node": "A", "end_node": "B"}
    roads = [
        way((0, 0), (9, 0), **ends, directionality="in direction", road_name="High Street"),
        way((0, 1), (9, 1), **ends, directionality="inOppositeDirection"),
        way((0, 2), (9, 2), **ends, directionality="both directions"),
        way((0, 3), (9, 3), **ends, directionality="both directions", operational_state="Permanently Closed"),
    ]
    vector(path, roads, layer="road_link")
    vector(path, [way((0, 4), (9, 4), **ends, form_of_way="Path With Steps")], layer="path_link")
    vector(path, [way((0, 5), (9, 5), connecting_node="B")], layer="connecting_link")
    found = read_roads(path)
    modes = sorted((each.street, each.kind, each.walk, each.forward, each.back) for each in found.items)
    assert modes == [
        ("", "path", True, False, False),
        ("", "road", True, False, True),
        ("", "road", True, True, True),
        ("", "steps", True, False, False),
        ("High Street", "road", True, True, False),
    ]
    assert found.passed_over == 1
    assert len(read_paths(path).items) == 2


def test_mastermap_links_meet_where_their_grade_is_the_same(drawn: Drawing, tmp_path: Path) -> None:
    def roads(grade: int, name: str) -> Path:
        over: dict[str, Any] = {**LINK, "start_grade_separation": 0, "end_grade_separation": grade}
        at_grade: dict[str, Any] = {**LINK, "start_grade_separation": 0, "end_grade_separation": 0}
        rest = {**at_grade, "start_grade_separation": 0}
        drawn_roads = [way((0, 0), (500, 0), **over), way((500, 0), (1000, 0), **rest)]
        return vector(tmp_path / name, drawn_roads, layer="road_link")

    assert metres(built(drawn, roads(0, "level.gpkg"))) == 1000
    assert metres(built(drawn, roads(1, "over.gpkg"))) is None


def test_a_geopackage_of_several_layers_asks_which_one_and_takes_it(drawn: Drawing, tmp_path: Path) -> None:
    path = tmp_path / "council.gpkg"
    vector(path, [block((-9, -9), (9, 9), urn=100001)], layer="areas_2012")
    vector(path, [block((-9, -9), (9, 9), urn=100001)], layer="areas_2018")
    drawn.files["transport_areas"] = path
    with pytest.raises(EdtravelError) as caught:
        drawn.build()
    assert caught.value.message.endswith(
        "holds several layers, areas_2012, areas_2018; say which with --layer transport-areas=NAME"
    )
    assert drawn.build(layers={"transport_areas": "areas_2012"}).counts["transport_area"] == 1
    with pytest.raises(EdtravelError, match="has no layer areas; it has areas_2012, areas_2018"):
        drawn.build(layers={"transport_areas": "areas"})
    vector(path, [block((-9, -9), (9, 9), urn=100001)], layer="Transport Areas")
    assert drawn.build().counts["transport_area"] == 1


def test_polygons_gates_and_stretches_are_read_from_whatever_a_council_draws_in(drawn: Drawing, tmp_path: Path) -> None:
    school_area = block((-500, -500), (500, 500), urn=100001)
    drawn.files["catchments"] = vector(tmp_path / "c.gpkg", moved([school_area], "EPSG:3857"), crs="EPSG:3857")
    drawn.files["transport_areas"] = vector(tmp_path / "t.shp", [school_area])
    drawn.files["gates"] = vector(tmp_path / "g.gpkg", [spot((900, 0), urn="100001"), spot((1, 0), urn="999999")])
    drawn.files["unsafe"] = vector(
        tmp_path / "u.shp", [way((200, 0), (300, 0), name="Mill Lane", **{"from": "01/09/2017", "until": "2018-03-31"})]
    )
    drawn.files["wards"] = vector(tmp_path / "w.gpkg", [block((-9, -9), (9, 9), WD22CD="E05000001", WD22NM="Moor")])
    drawn.files["districts"] = vector(tmp_path / "d.gpkg", [block((-9, -9), (9, 9), code="E1", name="Mendip")])
    area = drawn.open()
    measured = area.measure(Home(postcode="TA1 1AA"), Pupil(3, None))
    assert measured.transport_areas == measured.catchments == frozenset({"100001"})
    assert metres(area) == 900
    assert area.rows("unsafe")[0][:3] == ("Mill Lane", "2017-09-01", "2018-03-31")
    assert area.rows("ward")[0][:2] == ("E05000001", "Moor")
    assert area.rows("district")[0][:2] == ("E1", "Mendip")
    assert [reject.reason for reject in drawn.build().rejects] == ["urn 999999 is no school of this area"]


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"from": "soon"}, "from is soon; expected a day such as 2018-09-04"),
        ({"from": "2018-09-01", "until": "2018-08-31"}, "until 2018-08-31 is before from 2018-09-01"),
    ],
)
def test_a_stretch_whose_dates_cannot_be_is_set_aside(tmp_path: Path, about: dict[str, str], says: str) -> None:
    path = vector(tmp_path / "u.gpkg", [way((0, 0), (9, 0), **{"from": "", "until": ""}), way((0, 0), (9, 0), **about)])
    assert [reject.reason for reject in read_unsafe(path).rejects] == [says]


def test_a_district_needs_its_code(tmp_path: Path) -> None:
    path = vector(tmp_path / "d.gpkg", [block((0, 0), (9, 9), title="Mendip")])
    with pytest.raises(EdtravelError, match="feature 1: no column code"):
        read_named_areas(path, Asked("districts"))


def test_a_file_that_declares_no_system_is_asked_for_it_and_read_as_told(drawn: Drawing, tmp_path: Path) -> None:
    roads = vector(tmp_path / "roads.shp", [way((0, 0), (1000, 0))], crs="EPSG:27700")
    roads.with_suffix(".prj").unlink()
    with pytest.raises(EdtravelError) as caught:
        built(drawn, roads)
    assert caught.value.message.endswith(
        "roads.shp, layer roads declares no coordinate system; its numbers look like metres of the British National "
        "Grid (EPSG:27700): save it with its system declared, or say which with --crs roads=EPSG:..."
    )
    assert metres(built(drawn, roads, systems={"roads": "EPSG:27700"})) == 1000


def test_a_system_told_against_the_one_declared_is_wrong_usage(drawn: Drawing, tmp_path: Path) -> None:
    roads = vector(tmp_path / "roads.gpkg", [way((0, 0), (1000, 0))])
    with pytest.raises(UsageError, match="itself declares the British National Grid; leave out --crs"):
        built(drawn, roads, systems={"roads": "EPSG:4326"})


def test_a_file_whose_datum_would_be_metres_off_is_refused(drawn: Drawing, tmp_path: Path) -> None:
    with pytest.raises(EdtravelError, match="cannot be turned into longitude and latitude without an error of metres"):
        built(drawn, vector(tmp_path / "r.gpkg", [way((0, 0), (1000, 0))], crs="EPSG:29903"))


def test_roads_in_several_files_are_one_network_whatever_their_order(drawn: Drawing, tmp_path: Path) -> None:
    west = vector(tmp_path / "ST.shp", [way((0, 0), (500, 0), name1="Mill Lane")])
    east = vector(tmp_path / "SU.gpkg", [way((500, 0), (1000, 0))])
    drawn.files.pop("roads")
    first = drawn.build(roads=(west, east))
    assert metres(Area.open(tmp_path / "area.gpkg")) == 1000
    assert drawn.build(roads=(east, west)) == first


def test_of_a_map_of_the_country_only_the_part_asked_for_is_read(drawn: Drawing, tmp_path: Path) -> None:
    roads = [way((0, 0), (1000, 0)), way((1000, 0), (30_000, 0)), *(way((n, 90_000), (n, 90_900)) for n in range(50))]
    drawn.files["within"] = vector(tmp_path / "county.gpkg", moved([block((-500, -500), (1500, 500))], "EPSG:4326"),
                                   crs="EPSG:4326")  # fmt: skip
    for number, (suffix, crs) in enumerate([(".gpkg", "EPSG:27700"), (".shp", "EPSG:3857"), (".gpkg", "EPSG:4326")]):
        area = built(drawn, vector(tmp_path / f"gb{number}{suffix}", moved(roads, crs), crs=crs))
        assert area.count("edge") == 2
        assert metres(area) == 1000
    assert area.settings["within"].startswith("-2.72")


def test_the_order_of_features_and_rows_changes_nothing(drawn: Drawing, tmp_path: Path) -> None:
    chance = random.Random(5)
    roads: list[Drawn] = [way((n, 0), (n + 50, 0), name=f"Street {n % 100}") for n in range(0, 1000, 50)]
    roads += [way((n, 0), (n, 300)) for n in range(0, 1000, 100)]
    areas = [block((n, n), (n + 30, n + 30), urn=100_001) for n in range(0, 200, 20)]
    rows = [postcode("TA1 1AA", (0, 0)), postcode("TA1 1AB", (9, 9)), postcode("TA1 1AB", (40, 9), "E2")]
    schools = [school(100_001, (1000, 0)), school(100_002, (0, 0)), school(100_002, (5, 0), gender="Girls")]
    hashes = set()
    for turn in range(4):
        for each in (roads, areas, rows, schools):
            chance.shuffle(each)
        drawn.table("postcodes", rows)
        drawn.table("schools", schools)
        drawn.files["transport_areas"] = vector(tmp_path / f"areas{turn}.gpkg", areas)
        drawn.files["roads"] = vector(tmp_path / f"roads{turn}.gpkg", roads)
        hashes.add(drawn.build().content_hash)
    assert len(hashes) == 1


def test_what_read_the_files_is_recorded_and_is_no_part_of_the_content(drawn: Drawing, tmp_path: Path) -> None:
    plain = drawn.build().content_hash
    area = built(drawn, vector(tmp_path / "roads.gpkg", [way((0, 0), (1000, 0))]))
    assert area.settings["readers"].startswith("GDAL 3")
    assert area.content_hash == plain


def test_a_register_with_every_column_of_the_government_is_read(drawn: Drawing) -> None:
    row = {**school(100_001, (1000, 0)), **{f"Column {n}": "x" for n in range(140)}}
    with drawn.files["schools"].open("w", newline="", encoding="cp1252") as stream:
        writer = csv.DictWriter(stream, list(row))
        writer.writeheader()
        writer.writerow(row)
    assert drawn.build().counts["school"] == 1


def test_an_area_of_addresses_alone_needs_no_postcodes(drawn: Drawing) -> None:
    drawn.table("addresses", [{"uprn": 1, "easting": EAST, "northing": NORTH, "postcode": "TA1 1AA"}])
    drawn.files.pop("postcodes")
    area = drawn.open()
    (found,) = area.measure(Home(uprn="1"), Pupil(3, None)).schools
    assert found.walking is not None
    drawn.files.pop("addresses")
    with pytest.raises(UsageError, match="--postcodes: give the postcodes, or --addresses"):
        drawn.build()
