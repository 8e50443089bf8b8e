"""What an area can be built from, and what happens to what cannot be used."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from eligibility.errors import EdtravelError, UsageError
from eligibility.geography import Area, Home, Pupil
from tests.geography.county import EAST, NORTH, Drawing, drawing, feature, line, postcode, school, square

ROAD = [line((0, 0), (1000, 0)), line((1000, 0), (1000, 900))]
AS_DOWNLOADED = {
    "urn": "URN",
    "establishment_name": "EstablishmentName",
    "establishment_status": "EstablishmentStatus (name)",
    "establishment_type_group": "EstablishmentTypeGroup (name)",
    "education_phase": "PhaseOfEducation (name)",
    "statutory_low_age": "StatutoryLowAge",
    "statutory_high_age": "StatutoryHighAge",
    "gender": "Gender (name)",
    "religious_character": "ReligiousCharacter (name)",
    "admissions_policy": "AdmissionsPolicy (name)",
    "postcode": "Postcode",
    "administrative_district": "DistrictAdministrative (name)",
    "easting": "Easting",
    "northing": "Northing",
    "la_code": "LA (code)",
}


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    return drawing(tmp_path, ROAD, (1000, 0), (0, 0))


def refusal(drawn: Drawing, **more: Any) -> str:
    with pytest.raises(EdtravelError) as caught:
        drawn.build(**more)
    return caught.value.message


def test_the_register_is_read_as_the_government_publishes_it(drawn: Drawing) -> None:
    row = {**school(100_001, (1000, 0)), "establishment_name": "École Sainte-Anne"}
    text = ",".join(AS_DOWNLOADED[key] for key in row) + "\r\n" + ",".join(str(cell) for cell in row.values()) + "\r\n"
    drawn.files["schools"].write_bytes(text.encode("cp1252"))
    assert drawn.open().school("100001").name == "École Sainte-Anne"


@pytest.mark.parametrize("packing", ["csv", "gz", "zip"])
def test_code_point_open_is_read_as_published_packed_or_not(drawn: Drawing, packing: str) -> None:
    rows = (
        f'"TA1 1AA",10,{EAST},{NORTH},"E92000001","","","","E1","W1"\n"TA1 1AB",90,0,0,"E92000001","","","","E1","W1"\n'
    )
    path = drawn.files["postcodes"] = drawn.folder / f"codepo.{packing}"
    if packing == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ\nPostcode,Quality\n")
            archive.writestr("Data/CSV/ta.csv", rows)
    elif packing == "gz":
        path.write_bytes(gzip.compress(rows.encode()))
    else:
        path.write_text(rows)
    built = drawn.build(la_codes=("933",))
    assert built.counts["postcode"] == 1
    assert [(each.row, each.reason.split(";")[0]) for each in built.rejects] == [
        (2, "easting 0, northing 0 is not on the British National Grid")
    ]


def test_an_authority_keeps_its_schools_and_the_postcodes_of_their_districts(drawn: Drawing) -> None:
    drawn.table(
        "schools",
        [school(100_001, (1000, 0)), school(100_002, (900, 0), la_code="800", postcode="TA9 9AA",
                                            administrative_district="Elsewhere")],
    )  # fmt: skip
    drawn.table(
        "postcodes",
        [postcode("TA1 1AA", (0, 0)), postcode("TA1 1AB", (5, 5)), postcode("TA9 9AA", (900, 0), "E2")],
    )
    built = drawn.build(la_codes=("933",))
    assert (built.counts["school"], built.counts["postcode"]) == (1, 2)
    assert "has no school with la_code 934" in refusal(drawn, la_codes=("934",))


def test_bad_rows_are_set_aside_with_their_number_and_the_good_ones_go_on(drawn: Drawing) -> None:
    bad = [
        {"statutory_low_age": "four"},
        {"easting": ""},
        {"gender": "Other"},
        {"urn": "x"},
        {"establishment_name": ""},
    ]
    rows = [{**school(100_002 + n, (0, 0)), **wrong} for n, wrong in enumerate(bad)]
    drawn.table("schools", [*rows, school(100_001, (1000, 0)), school(100_001, (1000, 0))])
    built = drawn.build()
    assert built.counts["school"] == 1
    assert [each.row for each in built.rejects] == [2, 3, 4, 5, 6, 8]
    assert built.rejects[0].reason == "statutory_low_age is four; expected a whole number 0 to 25"


def test_closed_schools_and_colleges_are_no_schools_to_measure_to(drawn: Drawing) -> None:
    kinds = [
        {"establishment_status": "Closed"},
        {"establishment_type_group": "Colleges"},
        {"establishment_status": "Proposed to open"},
    ]
    rows = [{**school(100_002 + n, (0, 0)), "statutory_low_age": "", **kind} for n, kind in enumerate(kinds)]
    drawn.table("schools", [*rows, school(100_001, (0, 0))])
    built = drawn.build()
    assert (built.counts["school"], built.counts["closed_school"], built.rejects) == (1, 1, ())


def test_a_missing_column_is_named(drawn: Drawing) -> None:
    rows = [{key: value for key, value in school(100_001, (0, 0)).items() if key != "easting"}]
    drawn.table("schools", [{**rows[0], "eastings": 1}])
    said = refusal(drawn)
    assert said.endswith("schools.csv, row 1: no column easting; expected easting; did you mean eastings?")


def test_a_byte_that_is_not_utf_8_is_named_by_its_place(drawn: Drawing) -> None:
    drawn.files["postcodes"].write_bytes(b"postcode,easting,northing\nTA1 1AA,1,\xe9\n")
    assert refusal(drawn).endswith("postcodes.csv, row 2, byte 11: 0xe9 is not UTF-8; expected the file saved as UTF-8")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "line 1, column 2: not JSON"),
        (b"[1]", "is not GeoJSON"),
        (b'{"type": "FeatureCollection"}', "is not GeoJSON"),
        (b"\xff", "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"features": [], "crs": {"name": "EPSG:999999"}}', "its coordinate system is not one that can be read"),
        (b'{"features": [3, {"geometry": {"type": "Blob"}}]}', "feature 1: the feature has no geometry"),
        (b'{"features": [{"geometry": {"type": "LineString", "coordinates": [[350000, 130000], [350100, 130000]]}}]}',
         "they look like metres of the British National Grid: declare EPSG:27700"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_road_network_is_refused_in_a_sentence(drawn: Drawing, content: bytes, says: str) -> None:
    drawn.files["roads"].write_bytes(content)
    assert says in refusal(drawn)


def test_a_wrong_geometry_is_set_aside_and_nothing_but_wrong_ones_refused(drawn: Drawing) -> None:
    point = feature("Point", [0, 0])
    drawn.shapes("roads", [*ROAD, point])
    assert [each.reason for each in drawn.build().rejects] == [
        "its geometry is a Point; expected LineString or MultiLineString"
    ]
    drawn.shapes("roads", [point])
    assert "feature 1: its geometry is a Point; expected LineString" in refusal(drawn)


@pytest.mark.parametrize(("key", "value"), [("oneway", "perhaps"), ("drawlevel", "up")])
def test_a_road_attribute_that_cannot_be_read_sets_the_road_aside(drawn: Drawing, key: str, value: str) -> None:
    drawn.shapes("roads", [*ROAD, line((0, 0), (5, 5), **{key: value})])
    assert f"{key} is {value}; expected" in drawn.build().rejects[0].reason


def test_a_file_that_is_not_there_is_named(drawn: Drawing) -> None:
    drawn.files["gates"] = drawn.folder / "none.csv"
    with pytest.raises(UsageError, match=r"--gates: there is no file .*none.csv"):
        drawn.build()
    drawn.files["gates"] = drawn.folder
    with pytest.raises(UsageError, match=r"--gates: .* is a folder"):
        drawn.build()


def test_schools_far_from_every_road_are_kept_and_said_to_be(drawn: Drawing) -> None:
    rows = [school(100_001, (0, 0)), school(100_002, (0, 90_000), la_code="999"), school(100_003, (0, 400))]
    drawn.table("schools", rows)
    (note,) = (note for note in drawn.build().notes if "--la" in note)
    assert note.startswith("1 of 3 schools, of 2 authorities in the register, are more than 500 m from this network")
    assert len(drawn.open().schools) == 3
    drawn.table("schools", rows[::2])
    assert not drawn.build().notes


def test_a_transport_area_of_an_unknown_school_is_set_aside(drawn: Drawing) -> None:
    shapes = [
        square((0, 0), (9, 9), urn="100001; 100002"),
        square((0, 0), (9, 9)),
        square((0, 0), (9, 9), urn="100001"),
    ]
    drawn.shapes("transport_areas", shapes)
    assert [each.reason for each in drawn.build().rejects] == [
        "urn 100002 is no school of this area",
        "no property urn; expected the URN of the school the polygon is for",
    ]


def test_an_island_has_no_boundary(drawn: Drawing) -> None:
    drawn.shapes("boundary", [square((0, 0), (9, 9))])
    with pytest.raises(UsageError, match="leave out --boundary"):
        drawn.build(complete=True)


def test_the_same_content_gives_the_same_hash_and_bytes_whatever_the_order_of_its_rows(drawn: Drawing) -> None:
    drawn.table("schools", [school(100_001, (1000, 0)), school(100_002, (0, 0))])
    first = drawn.build()
    before = (drawn.folder / "area.gpkg").read_bytes()
    assert drawn.build() == first
    assert (drawn.folder / "area.gpkg").read_bytes() == before
    drawn.table("schools", [school(100_002, (0, 0)), school(100_001, (1000, 0))])
    drawn.shapes("roads", [line((1000, 900), (1000, 0)), line((1000, 0), (0, 0))])
    assert drawn.build(name="ANOTHER NAME").content_hash == first.content_hash


@pytest.mark.parametrize("change", ["road", "school", "postcode", "complete"])
def test_another_content_gives_another_hash(drawn: Drawing, change: str) -> None:
    first = drawn.build().content_hash
    if change == "road":
        drawn.shapes("roads", [*ROAD, line((0, 0), (0, 5))])
    if change == "school":
        drawn.table("schools", [school(100_001, (1000, 0), gender="Girls")])
    if change == "postcode":
        drawn.table("postcodes", [postcode("TA1 1AA", (1, 0))])
    assert drawn.build(complete=change != "complete").content_hash != first


def test_an_area_says_what_it_was_built_from(drawn: Drawing) -> None:
    drawn.files["roads"] = drawn.files["roads"].rename(drawn.folder / "roads_2018-02.geojson")
    document = json.loads(drawn.files["roads"].read_text())
    drawn.files["roads"].write_text(json.dumps({**document, "licence": "ODbL"}))
    rows = {row[0]: row for row in drawn.open(licences={"schools": "OGL v3"}).rows("source")}
    assert rows["roads"][4:] == ("2018-02", "ODbL")
    assert rows["schools"][5] == "OGL v3"
    assert rows["postcodes"][5] == "not stated"


def test_unsafe_stretches_are_kept_as_a_record_and_said_to_be(drawn: Drawing) -> None:
    drawn.shapes("unsafe", [line((0, 0), (500, 0), name="Mill Lane", **{"from": "2017-01-01"})])
    area = drawn.open()
    assert area.rows("unsafe")[0][:3] == ("Mill Lane", "2017-01-01", "")
    said = area.measure(Home(postcode="TA1 1AA"), Pupil(3, None)).assumptions
    assert any("unsafe to walk (1)" in each for each in said)


def test_nothing_is_written_where_building_fails(drawn: Drawing) -> None:
    drawn.files["roads"].write_text("{")
    refusal(drawn)
    assert not (drawn.folder / "area.gpkg").exists()


@pytest.mark.real_data
def test_postcodes_terminated_in_the_authority_are_known_and_live_ones_are_not_among_them(
    data_folder: Path, tmp_path: Path
) -> None:
    from eligibility.geography import Inputs, build

    codes = next((data_folder / "postcodes").glob("codepoint_open_*.csv.gz"))
    ended = next((data_folder / "postcodes").glob("onspd_*.csv.gz"))
    roads = data_folder / "roads" / "banes" / "os_roads.geojson"
    boundary = data_folder / "boundaries" / "os_boundaryline_bathandnortheastsomerset.geojson"
    inputs = Inputs(
        data_folder / "schools" / "gias_2022-08_region.csv", codes, roads,
        terminated_postcodes=ended, boundary=boundary, la_codes=("800",),
    )  # fmt: skip
    built = build(inputs, tmp_path / "bath.gpkg")
    assert built.counts["terminated"] > 4_000
    area = Area.open(tmp_path / "bath.gpkg")
    live = {row[0] for row in area.rows("postcode")}
    assert not live & {row[0] for row in area.rows("terminated")}
    with gzip.open(codes, "rt", encoding="utf-8") as stream:
        assert len(live) == sum(row["ladcd"] == "E06000022" for row in csv.DictReader(stream))
