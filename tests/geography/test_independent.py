"""Distances against a second way of working them out, which shares no code with the first.

It reads the raw files itself (of OpenStreetMap's map, whose rules of access are many, the edges as the area draws them
for QGIS), finds the nearest point of a road in an azimuthal projection around the home, keeps lengths in floating-point
metres and lets NetworkX find the way.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import shapely
from convertbng.cutil import convert_lonlat
from pyogrio.raw import read
from pyproj import Geod, Transformer

from eligibility.geography import Area, Home, Inputs, Pupil, build
from eligibility.geography.join import join
from eligibility.geography.shapes import Line
from eligibility.sample_county import path as sample_path
from scripts.make_sample_county import write

GEOD = Geod(ellps="WGS84")
LonLat = tuple[float, float]
Node = tuple[float, float, str]
Stretch = tuple[Node, Node, bool, bool]


def degrees(easting: float, northing: float) -> LonLat:
    lon, lat = convert_lonlat([easting], [northing])
    return round(float(lon[0]), 9), round(float(lat[0]), 9)


def metres(one: LonLat, two: LonLat) -> float:
    return float(GEOD.inv(*one, *two)[2])


def between(one: Node, two: Node, share: float) -> LonLat:
    return one[0] + share * (two[0] - one[0]), one[1] + share * (two[1] - one[1])


class Roads:
    """One mode's directed graph, and its stretches to snap to."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self.graph: nx.DiGraph[Any] = nx.DiGraph()
        self.stretches = [each for each in stretches if each[2] or each[3]]
        for one, two, ahead, back in self.stretches:
            long = metres(one[:2], two[:2])
            if ahead:
                self.graph.add_edge(one, two, metres=long)
            if back:
                self.graph.add_edge(two, one, metres=long)
        ends = np.array([(one[:2], two[:2]) for one, two, _, _ in self.stretches])
        self.boxes = shapely.STRtree([shapely.LineString(pair) for pair in ends])

    @classmethod
    def of_features(cls, features: Iterable[dict[str, Any]], mode: str, *, grid: bool) -> Roads:
        """Joined where lines share a vertex on one level."""
        stretches: list[Stretch] = []
        parts = [(part, feature["properties"]) for feature in features for part in _parts(feature["geometry"])]
        drawn = [([degrees(*p) if grid else (round(p[0], 9), round(p[1], 9)) for p in part], a) for part, a in parts]
        ending: dict[LonLat, set[str]] = defaultdict(set)
        for points, about in drawn:
            for end in (points[0], points[-1]):
                ending[end].add(str(about.get("drawlevel") or "0"))
        for points, about in drawn:
            level = str(about.get("drawlevel") or "0")
            ahead, back = _ways(about, mode)
            nodes = [(*p, min(ending[p]) if level in ending[p] else level) for p in points]
            stretches += [(one, two, ahead, back) for one, two in pairwise(nodes)]
        return cls(stretches)

    @classmethod
    def of_layer(cls, area: Path, mode: str) -> Roads:
        """The edges as the area draws them, read as QGIS reads them."""
        _, _, shapes, columns = read(area, layer="edge", columns=["a", "b", "walk", "forward", "back"])
        lines = shapely.get_coordinates(shapely.from_wkb(shapes)).reshape(-1, 2, 2).tolist()
        return cls(
            (
                (*one, str(a)),
                (*two, str(b)),
                bool(walk if mode == "walk" else ahead),
                bool(walk if mode == "walk" else back),
            )
            for (one, two), a, b, walk, ahead, back in zip(lines, *columns, strict=True)
        )

    def foot(self, number: int, place: LonLat) -> tuple[float, int, float]:
        """(metres, stretch, share of it) of the nearest point, by the geodesic itself."""
        one, two, _, _ = self.stretches[number]

        def squared(share: float) -> float:
            return metres(place, between(one, two, share)) ** 2

        # The square of the distance is a parabola: its lowest point from three of its values, twice over.
        share, step = 0.5, 1 / max(1, metres(one[:2], two[:2]))
        for _ in range(3):
            low, here, high = squared(share - step), squared(share), squared(share + step)
            share += step * (low - high) / (2 * (low - 2 * here + high))
        share = min(max(share, 0.0), 1.0)
        return metres(place, between(one, two, share)), number, share

    def attach(self, place: LonLat, name: str, *, leaving: bool) -> float:
        """Adds the nearest point to the graph, on every stretch it lies on; metres from the place to it."""
        flat = Transformer.from_crs(
            "EPSG:4326", f"+proj=aeqd +lon_0={place[0]} +lat_0={place[1]} +ellps=WGS84", always_xy=True
        )
        near = self.boxes.query(shapely.Point(place), predicate="dwithin", distance=0.008)
        rough: list[tuple[float, int]] = []
        for number in near.tolist():
            one, two, _, _ = self.stretches[number]
            line = shapely.LineString([flat.transform(*one[:2]), flat.transform(*two[:2])])
            rough.append((float(line.distance(shapely.Point(0, 0))), number))
        # A road is straight in degrees, so the flat one is only right to centimetres: refine what is that close.
        best = min(rough)[0] + 0.1
        _, number, share = min(self.foot(number, place) for about, number in rough if about <= best)
        one, two, ahead, back = self.stretches[number]
        point = between(one, two, share)
        for node, way_in, way_out in ((one, ahead, back), (two, back, ahead)):
            # Leaving, one reaches `node` along the stretch; arriving, one comes from it.
            # Where the nearest point is a junction, one is there already, whichever way the street is driven.
            if leaving and (way_out or point == node[:2]):
                self.graph.add_edge(name, node, metres=metres(point, node[:2]))
            if not leaving and (way_in or point == node[:2]):
                self.graph.add_edge(node, name, metres=metres(node[:2], point))
        self.graph.add_node(name, stretch=number, share=share, point=point)
        return metres(place, point)


def _parts(geometry: dict[str, Any]) -> list[Any]:
    found: list[Any] = geometry["coordinates"]
    return [found] if geometry["type"] == "LineString" else found


def _ways(about: dict[str, Any], mode: str) -> tuple[bool, bool]:
    path = "classifica" not in about
    if mode == "walk":
        walked = path or about["classifica"] != "Motorway"
        return walked, walked
    return not path and about.get("oneway") != "-1", not path and about.get("oneway") != "yes"


def shortest_mm(roads: Roads, reached: dict[Any, float], end: str) -> float | None:
    found = reached.get(end, float("inf"))
    one, two = roads.graph.nodes["home"], roads.graph.nodes[end]
    if one["stretch"] == two["stretch"]:
        _, _, ahead, back = roads.stretches[one["stretch"]]
        if ahead if two["share"] >= one["share"] else back:
            found = min(found, metres(one["point"], two["point"]))
    return None if found == float("inf") else found * 1000


def compare(area: Area, raw: dict[str, Roads], homes: dict[str, LonLat], ends: dict[str, list[LonLat]]) -> int:
    """How many distances of these homes to every school, both modes, are the same to the millimetre: fails at another.

    The other program's floating-point metres are right to a hundredth of a millimetre; where that leaves open to which
    millimetre they round, either will do.
    """
    same = 0
    gates = {urn: [e.is_gate for e in area.entrances[urn]] for urn in ends}
    legs: dict[tuple[str, str, int], float] = {}
    for mode, roads in raw.items():
        for urn, places in ends.items():
            for number, place in enumerate(places):
                legs[mode, urn, number] = roads.attach(place, f"{urn}/{number}", leaving=False)
    for postcode, place in homes.items():
        measured = area.measure(Home(postcode=postcode), Pupil(5, None))
        start = {mode: roads.attach(place, "home", leaving=True) * 1000 for mode, roads in raw.items()}
        reached = {
            mode: nx.single_source_dijkstra_path_length(roads.graph, "home", weight="metres")
            for mode, roads in raw.items()
        }
        for each in measured.schools:
            urn = each.school.urn
            for mode, ours in (("walk", each.walking), ("road", each.road)):
                ways = []
                for number in range(len(ends[urn])):
                    far = shortest_mm(raw[mode], reached[mode], f"{urn}/{number}")
                    gate = legs[mode, urn, number] * 1000 if gates[urn][number] else 0
                    if far is not None:
                        ways.append(start[mode] + far + gate)
                assert (ours is None) == (not ways)
                if ours is not None:
                    assert abs(ours.mm - min(ways)) < 0.51
                    same += 1
        for roads in raw.values():
            roads.graph.remove_node("home")
    return same


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return write(tmp_path_factory.mktemp("inputs"))


def test_every_distance_in_the_sample_county_is_the_one_another_program_finds(inputs: Inputs) -> None:
    read = dict(inputs.files())
    roads = json.loads(read["roads"].read_text())["features"]
    both = roads + json.loads(read["paths"].read_text())["features"]
    raw = {"walk": Roads.of_features(both, "walk", grid=True), "road": Roads.of_features(roads, "road", grid=True)}
    places: dict[str, list[LonLat]] = defaultdict(list)
    with read["gates"].open() as stream:
        for row in csv.DictReader(stream):
            if row["available"] == "yes":
                places[row["urn"]].append(degrees(int(row["easting"]), int(row["northing"])))
    with read["schools"].open() as stream:
        for row in csv.DictReader(stream):
            register = degrees(int(row["easting"]), int(row["northing"]))
            places[row["urn"]] = sorted(places[row["urn"]]) or [register]
    with read["postcodes"].open() as stream:
        rows = list(csv.DictReader(stream))
    chosen = random.Random(7).sample(rows, 6)
    homes = {row["postcode"]: degrees(int(row["easting"]), int(row["northing"])) for row in chosen}
    assert compare(Area.open(sample_path()), raw, homes, places) > 500


@pytest.mark.real_data
def test_distances_in_bath_agree_to_the_millimetre_with_another_program(data_folder: Path, tmp_path: Path) -> None:
    register = data_folder / "schools" / "gias_2022-08_region.csv"
    codes = next((data_folder / "postcodes").glob("codepoint_open_*.csv.gz"))
    network = data_folder / "roads" / "banes" / "os_roads.geojson"
    out = tmp_path / "bath.gpkg"
    built = build(Inputs(register, codes, network, la_codes=("800",)), out)
    assert (built.counts["school"], built.counts["postcode"]) == (79, 5862)
    assert not built.rejects
    features = json.loads(network.read_text(encoding="utf-8"))["features"]
    raw = {mode: Roads.of_features(features, mode, grid=False) for mode in ("walk", "road")}
    with register.open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["la_code"] == "800"]
    ends = {row["urn"]: [degrees(int(row["easting"]), int(row["northing"]))] for row in rows}
    with gzip.open(codes, "rt", encoding="utf-8") as stream:
        postcodes = [row for row in csv.DictReader(stream) if row["ladcd"] == "E06000022"]
    chosen = random.Random(7).sample(postcodes, 5)
    homes = {row["postcode"]: degrees(int(row["easting"]), int(row["northing"])) for row in chosen}
    assert compare(Area.open(out), raw, homes, ends) > 700


@pytest.mark.real_data
def test_distances_in_rutland_agree_to_the_millimetre_with_another_program(data_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "rutland.gpkg"
    build(Inputs(roads=data_folder / "roads" / "rutland-2018-02.osm.pbf"), out)
    raw = {mode: Roads.of_layer(out, mode) for mode in ("walk", "road")}
    ends = {urn: [place] for urn, place in points(out, "school", "urn")}
    homes = dict(random.Random(7).sample(points(out, "postcode", "postcode"), 8))
    assert compare(Area.open(out), raw, homes, ends) > 350


def points(area: Path, layer: str, column: str) -> list[tuple[str, LonLat]]:
    """What an area draws as points, by a column."""
    _, _, shapes, columns = read(area, layer=layer, columns=[column])
    places = shapely.get_coordinates(shapely.from_wkb(shapes)).tolist()
    return [(str(name), (lon, lat)) for name, (lon, lat) in zip(columns[0], places, strict=True)]


@pytest.mark.real_data
def test_the_mobile_librarys_routes_are_as_long_as_published(data_folder: Path) -> None:
    """26 real routes of 20 to 109 km; most of the published lengths fit a ball of 6,371 km."""
    file = data_folder / "roads" / "somerset_mobile_library" / "mobile_library_routes_2016.geojson"
    routes = json.loads(file.read_text(encoding="utf-8"))["features"]
    assert len(routes) == 26
    for route in routes:
        points = tuple((round(x, 9), round(y, 9)) for x, y in route["geometry"]["coordinates"])
        # Edge by edge, as a network holds them; a road driven twice counts twice.
        ours = sum(
            edge.um for pair in pairwise(points) for edge in join([Line(pair, "", True, True, True, 0)]).edges
        ) / 1e9  # fmt: skip
        assert abs(ours - route["properties"]["len_km"]) <= 0.004 * route["properties"]["len_km"]
