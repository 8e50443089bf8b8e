"""A whole rural county from its map: what is built, its bridges and its one-way streets."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from osmium import FileProcessor, filter  # noqa: A004  # the library's own name
from osmium.osm import Way

from eligibility.geography import Area, Inputs, Walked, build
from eligibility.geography.join import join
from eligibility.geography.osm_file import read_lines


@pytest.mark.real_data
def test_rutland_is_built_from_its_map_by_one_command_the_same_each_time(data_folder: Path, tmp_path: Path) -> None:
    roads = data_folder / "roads" / "rutland-2018-02.osm.pbf"
    built = build(Inputs(roads=roads), tmp_path / "rutland.gpkg")
    assert built.counts["school"] == 26
    assert 29_000 < built.counts["node"] < 30_000
    area = Area.open(tmp_path / "rutland.gpkg")
    assert area.school("138113").name == "Catmose Primary School"
    assert "Whissendine" in {row[0] for row in area.rows("place")}
    assert build(Inputs(roads=roads), tmp_path / "again.gpkg").content_hash == built.content_hash


@pytest.mark.real_data
def test_no_bridge_in_rutland_is_a_junction_and_every_one_way_stretch_is_driven_one_way(data_folder: Path) -> None:
    path = data_folder / "roads" / "rutland-2018-02.osm.pbf"
    raw = FileProcessor(str(path)).with_locations().with_filter(filter.KeyFilter("highway"))
    ways = [
        ({tag.k: tag.v for tag in entity.tags}, [(node.ref, (node.lon, node.lat)) for node in entity.nodes])
        for entity in raw
        if isinstance(entity, Way)
    ]
    joined = join(read_lines(path, Walked(private=True)).lines)
    at = {point: number for number, point in enumerate(joined.nodes)}
    edges = {(edge.a, edge.b): edge for edge in joined.edges}
    lines = [shapely.LineString([point for _, point in nodes]) for _, nodes in ways]
    tree, places = shapely.STRtree(lines), shapely.STRtree(shapely.points(joined.nodes))
    crossings = one_way = 0
    for (tags, nodes), line in zip(ways, lines, strict=True):
        over = tree.query(line, predicate="crosses").tolist() if "bridge" in tags else []
        for other in over:
            if not {ref for ref, _ in nodes} & {ref for ref, _ in ways[other][1]}:
                crossings += 1
                meeting = shapely.intersection(line, lines[other])
                assert not len(places.query(shapely.buffer(meeting, 1e-6), predicate="intersects"))
        if tags.get("oneway") != "yes":
            continue
        points = [(round(lon, 9), round(lat, 9)) for _, (lon, lat) in nodes]
        for one, two in pairwise(points):
            edge = edges.get((min(at.get(one, -1), at.get(two, -1)), max(at.get(one, -1), at.get(two, -1))))
            if edge is not None and (edge.forward or edge.back):
                one_way += 1
                assert (edge.forward, edge.back) == ((True, False) if at[one] < at[two] else (False, True))
    assert crossings >= 14
    assert one_way > 800
