"""Files that are damaged, cut off, enormous or meant to harm end in one sentence; one bad feature costs only itself."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.commands import main
from eligibility.errors import EdtravelError
from eligibility.geography import features, gdal_files, shapes, tables
from eligibility.geography.osm_file import read_lines
from eligibility.geography.walked import Walked
from tests.geography.county import Drawing, drawing, feature, line
from tests.geography.drawn_files import Drawn, block, spot, street, vector, way

ROADS = [way((n, 0), (n + 10, 0), name=f"Street {n}") for n in range(0, 4000, 10)]


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    return drawing(tmp_path, [line((0, 0), (1000, 0))], (1000, 0), (0, 0))


def refusal(drawn: Drawing, roads: Path) -> str:
    """The sentence with which building from these roads is refused, as an officer sees it."""
    drawn.files["roads"] = roads
    words = [word for role, path in drawn.files.items() for word in (f"--{role}", str(path))]
    result = CliRunner().invoke(main, ["area", "build", *words, "--complete", "--out", str(drawn.folder / "a.gpkg")])
    assert result.exit_code in (1, 2)
    assert len(result.stderr.strip().splitlines()) == 1
    assert roads.name in result.stderr
    assert "mistake in the program" not in result.stderr
    assert not (drawn.folder / "a.gpkg").exists()
    return result.stderr


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("roads.gpkg", b"road,name\n1,Mill Lane\n", "is not a GeoPackage, whatever its name says"),
        ("roads.gpkg", b"", "is empty; expected a GeoPackage"),
        ("roads.gpkg", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "is not a GeoPackage"),
        ("roads.gpkg", b"SQLite format 3\x00" + bytes(4000), "is damaged"),
        ("roads.shp", b"\x00\x00\x27\x0a" + bytes(96), "lacks roads.shx and roads.dbf beside it"),
        ("roads.shp", b"GIF89a", "is not a Shapefile"),
        ("roads.osm.pbf", b"", "is empty; expected OpenStreetMap data"),
        ("roads.osm.pbf", b"not a map", "is not what its name says"),
        ("roads.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\xff\xff\xff\xff\x07", "is damaged or cut off"),
        ("roads.osm", b"<osm version='0.6'><node id='1' lat='51'", "is damaged or cut off"),
        ("roads.osm", b"<osm version='0.6'></osm>", "holds no school"),
        ("roads.osm.bz2", b"BZh9 and no more", "is damaged or cut off"),
        ("roads.osm.gz", b"\x1f\x8b", "is damaged or cut off"),
        ("roads.geojson", b'{"type": "FeatureCollection", "features": [' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_in_a_sentence(
    drawn: Drawing, name: str, content: bytes, says: str
) -> None:
    path = drawn.folder / name
    path.write_bytes(content)
    drawn.files.pop("schools") if "holds no school" in says else None
    assert says in refusal(drawn, path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_geopackage_that_is_cut_off_is_refused(drawn: Drawing, share: float) -> None:
    whole = vector(drawn.folder / "whole.gpkg", ROADS).read_bytes()
    path = drawn.folder / "roads.gpkg"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "damaged" in refusal(drawn, path)


@pytest.mark.parametrize("suffix", [".shp", ".dbf", ".shx"])
def test_a_shapefile_that_is_cut_off_is_refused(drawn: Drawing, suffix: str) -> None:
    path = vector(drawn.folder / "roads.shp", ROADS)
    part = path.with_suffix(suffix)
    os.truncate(part, part.stat().st_size // 2)
    assert "damaged" in refusal(drawn, path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_map_that_is_cut_off_is_refused(drawn: Drawing, share: float) -> None:
    made = street(*[(n, n % 7) for n in range(0, 9000, 3)])
    whole = made.write(drawn.folder / "whole.osm.pbf").read_bytes()
    path = drawn.folder / "roads.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "is damaged or cut off" in refusal(drawn, path)


def test_entities_that_swell_are_never_unfolded(drawn: Drawing) -> None:
    swelling = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    path = drawn.folder / "roads.osm"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a0 "ha">{swelling}]>'
        '<osm version="0.6"><node id="1" lat="51" lon="-2"><tag k="name" v="&a11;"/></node></osm>'
    )
    assert "is damaged or cut off" in refusal(drawn, path)


def test_a_packed_table_that_swells_is_refused_before_it_fills_the_memory(
    drawn: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LARGEST_TABLE", 1_000_000)
    packed = drawn.folder / "postcodes.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(3):
            archive.writestr(f"Data/CSV/{part}.csv", "postcode,easting,northing\n" + "TA1 1AA,1,1\n" * 40_000)
    for path in (packed, packed.with_suffix(".csv.gz")):
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(bytes(2_000_000)))
        drawn.files["postcodes"] = path
        with pytest.raises(EdtravelError, match="unpacks to more than"):
            drawn.build()


def test_a_table_packed_with_a_password_is_refused(drawn: Drawing) -> None:
    path = drawn.files["postcodes"] = drawn.folder / "postcodes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "postcode\n")
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1  # the bit that says so
    path.write_bytes(data)
    with pytest.raises(EdtravelError, match="packed with a password or in a way that is not known"):
        drawn.build()


def test_a_file_larger_than_any_county_is_refused_unread(drawn: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "LARGEST_FILE", 1000)
    assert "say with --within which part" in refusal(drawn, vector(drawn.folder / "roads.gpkg", ROADS))


def test_a_line_of_more_vertices_than_any_road_is_set_aside(drawn: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gdal_files, "MOST_VERTICES", 100)
    long = way(*[(n, 0) for n in range(101)])
    drawn.files["roads"] = vector(drawn.folder / "roads.gpkg", [*ROADS, long])
    (reject,) = drawn.build().rejects
    assert (reject.row, reject.reason) == (401, "its geometry has 101 vertices; expected at most 100")


def broken(number: float) -> Drawn:
    """A line one of whose numbers is none."""
    shape, about = way((0, 0), (5, 5))
    pairs = shapely.get_coordinates(shape)
    pairs[1, 0] = number
    with np.errstate(invalid="ignore"):
        return shapely.set_coordinates(shape, pairs), about


def test_one_bad_feature_costs_only_itself_and_is_listed_with_its_layer_and_number(drawn: Drawing) -> None:
    bad = [
        broken(float("nan")),
        broken(float("inf")),
        spot((0, 0)),
        block((0, 0), (9, 9)),
        (shapely.LineString(), {}),
        way((0, 0), (9_000_000, 0)),
    ]
    drawn.files["roads"] = vector(drawn.folder / "roads.gpkg", [*ROADS[:100], *bad], layer="roads")
    built = drawn.build()
    assert built.counts["edge"] == 100
    assert {Path(reject.file).name for reject in built.rejects} == {"roads.gpkg, layer roads"}
    assert [(reject.row, reject.reason) for reject in built.rejects] == [
        (101, "a coordinate is not a number"),
        (102, "a coordinate is not a number"),
        (103, "its geometry is a Point; expected LineString or MultiLineString"),
        (104, "its geometry is a Polygon; expected LineString or MultiLineString"),
        (105, "its geometry is empty"),
        (106, "coordinates are not on the British National Grid"),
    ]


def test_a_geojson_number_that_is_none_costs_its_feature(drawn: Drawing) -> None:
    document = json.loads(drawn.files["roads"].read_text())
    text = json.dumps({**document, "features": [*document["features"], feature("LineString", [[0, 0], [5, 5]])]})
    drawn.files["roads"].write_text(text.replace("350005", "NaN"))
    (reject,) = drawn.build().rejects
    assert reject.row == 2


def test_a_geometry_of_nonsense_bytes_costs_its_feature(drawn: Drawing) -> None:
    path = drawn.files["roads"] = vector(drawn.folder / "roads.gpkg", [*ROADS[:3]])
    with sqlite3.connect(path) as base:
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        base.execute("UPDATE roads SET geom = x'4750000108' WHERE fid = 2")
    base.close()
    built = drawn.build()
    assert built.counts["edge"] == 2
    assert [reject.row for reject in built.rejects] == [2]


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("roads.gpkg", lambda path: vector(path, ROADS[:20])),
        ("roads.shp", lambda path: vector(path, ROADS[:20])),
        ("roads.osm.pbf", lambda path: street((0, 0), (9, 9), (40, 9)).write(path)),
        ("roads.osm", lambda path: street((0, 0), (9, 9), (40, 9)).write(path)),
    ],
)
def test_bytes_changed_anywhere_never_show_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, name: str, write: Callable[[Path], Path]
) -> None:
    path = write(tmp_path_factory.mktemp("files") / name)
    whole = path.read_bytes()

    @settings(max_examples=40)
    @given(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), min_size=1, max_size=8))
    def changed(bytes_: list[tuple[int, int]]) -> None:
        data = bytearray(whole)
        for place, byte in bytes_:
            data[place] = byte
        path.write_bytes(data)
        try:
            found = read_lines(path, Walked()).lines if ".osm" in name else shapes.read_roads(path).items
        except EdtravelError:
            return
        assert all(np.isfinite(point).all() for each in found for point in each.points)

    changed()
