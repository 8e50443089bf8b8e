"""An area that is no longer the one that was built is found out, and one of an older format is not read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from eligibility.errors import EdtravelError, MismatchError
from eligibility.geography import Area, Home
from eligibility.geography.check import check
from eligibility.geography.layers import LAYERS
from tests.geography.county import EAST, NORTH, Drawing, drawing, line


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    return drawing(tmp_path, [line((0, 0), (3000, 0))], (1000, 0), (0, 0))


def changed(area: Area, query: str) -> None:
    with sqlite3.connect(area.path) as base:
        base.execute(query)
    base.close()


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE edge SET street = 'Another Road'",
        "UPDATE edge SET walk = 0",
        "UPDATE edge SET b = 0",
        "UPDATE node SET lon = lon + 0.000001",
        "DELETE FROM node WHERE fid = 1",
        "INSERT INTO edge SELECT fid + 100, a, b, length_um, walk, forward, back, street, unsafe, geom FROM edge",
        "UPDATE network SET data = zeroblob(length(data)) WHERE name = 'um'",
        "DELETE FROM network WHERE name = 'order'",
        "UPDATE postcode SET lon = lon + 0.000000001",
        "UPDATE school SET low_age = 'four'",
        "UPDATE school SET geom = (SELECT geom FROM postcode LIMIT 1)",
        "UPDATE postcode SET geom = NULL",
    ],
)
def test_whatever_is_changed_of_what_decides_or_is_shown_is_found_out_at_the_first_opening(
    drawn: Drawing, query: str
) -> None:
    area = drawn.open()
    changed(area, query)
    with pytest.raises(MismatchError, match="was changed since it was built"):
        Area.open(area.path)


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE edge SET geom = (SELECT geom FROM node LIMIT 1)",
        "UPDATE edge SET street = 'dleiF'",  # as long as the name it had
    ],
)
def test_a_drawing_that_shows_another_network_is_found_by_the_check(drawn: Drawing, query: str) -> None:
    drawn.shapes("roads", [line((0, 0), (3000, 0), distname="Field")])
    area = drawn.open()
    changed(area, query)
    with pytest.raises(MismatchError, match="do not show the network it measures on"):
        check(Area.open(area.path))


@pytest.mark.parametrize("data", ["x'00'", "zeroblob(length(data) - 8)", "randomblob(length(data))", "'text'", "NULL"])
@pytest.mark.parametrize("name", ["a", "um", "street", "closing", "order", "starts", "streets", "closings"])
def test_a_network_that_cannot_be_is_refused_in_a_sentence_even_where_its_hash_was_made_to_fit(
    drawn: Drawing, monkeypatch: pytest.MonkeyPatch, name: str, data: str
) -> None:
    drawn.shapes("roads", [line((0, 0), (500, 100), (3000, 0)), line((500, 100), (400, 900))])
    area = drawn.open()
    changed(area, f"UPDATE network SET data = {data} WHERE name = '{name}'")  # noqa: S608  # our own words
    monkeypatch.setattr(Area, "verify", lambda _: None)
    with pytest.raises(EdtravelError) as refused:
        Area.open(area.path).measure(Home(easting=EAST, northing=NORTH), None)
    assert "damaged in its layer network" in refused.value.message


def read_all(path: Path) -> None:
    """Measures in an area, then reads each of its layers."""
    area = Area.open(path)
    area.measure(Home(postcode="TA1 1AA"), None)
    for layer in LAYERS:
        area.rows(layer.name)


@pytest.mark.parametrize("layer", ["setting", "school", "network", "node", "postcode", "closed_school", "coverage"])
@pytest.mark.parametrize("verified", [True, False])
def test_an_area_that_lost_a_layer_is_refused_by_name(
    drawn: Drawing, monkeypatch: pytest.MonkeyPatch, layer: str, *, verified: bool
) -> None:
    area = drawn.open()
    changed(area, f'DROP TABLE "{layer}"')
    if verified:  # as where what was dropped is not read to verify the rest
        monkeypatch.setattr(Area, "verify", lambda _: None)
    with pytest.raises(MismatchError) as refused:
        read_all(area.path)
    assert str(area.path) in refused.value.message
    assert f"damaged in its layer {layer}" in refused.value.message


def test_an_area_of_an_older_format_is_to_be_built_again(drawn: Drawing) -> None:
    area = drawn.open()
    changed(area, "UPDATE setting SET value = '1' WHERE key = 'format'")
    with pytest.raises(MismatchError, match=r"is an area of format 1, and .* reads format 2; build it again"):
        Area.open(area.path)


def test_nodes_and_edges_are_drawn_for_a_geographic_information_system(drawn: Drawing) -> None:
    import pyogrio

    path = drawn.open().path
    counts = {layer: pyogrio.read_info(path, layer=layer)["features"] for layer in ("node", "edge")}
    assert counts == {"node": 2, "edge": 1}
    assert pyogrio.read_info(path, layer="node")["geometry_type"] == "Point"
