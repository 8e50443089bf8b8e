"""Files as councils and volunteers publish them, drawn in metres from the corner of `county`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from osmium.osm.mutable import Node, Relation, Way
from pyogrio.raw import write
from pyproj import Transformer

from eligibility.geography.ground import points_from_grid
from tests.geography.county import EAST, NORTH, Spot

Drawn = tuple[shapely.Geometry, dict[str, Any]]
_KINDS = {0: "Point", 1: "LineString", 3: "Polygon", 5: "MultiLineString", 6: "MultiPolygon"}


def way(*spots: Spot, **about: Any) -> Drawn:
    """A line through these places with its attributes."""
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in spots]), about


def block(low: Spot, high: Spot, **about: Any) -> Drawn:
    """A rectangle between two corners."""
    return shapely.box(EAST + low[0], NORTH + low[1], EAST + high[0], NORTH + high[1]), about


def spot(place: Spot, **about: Any) -> Drawn:
    """A point."""
    return shapely.Point(EAST + place[0], NORTH + place[1]), about


def vector(path: Path, drawn: Sequence[Drawn], *, layer: str | None = None, crs: str | None = "EPSG:27700") -> Path:
    """Writes a GeoPackage or Shapefile whose numbers are the grid's, whatever system it declares; again for a layer."""
    names = sorted({name for _, about in drawn for name in about})
    columns = [np.array([about.get(name) for _, about in drawn], dtype=object) for name in names]
    shapes = [shape for shape, _ in drawn]
    kinds = {int(shapely.get_type_id(shape)) for shape in shapes}
    kind = _KINDS[kinds.pop()] if len(kinds) == 1 else "Unknown"
    driver = "GPKG" if path.suffix == ".gpkg" else "ESRI Shapefile"
    options = {"layer": layer} if layer else {}
    wkb = np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object)
    write(path, wkb, columns, names, driver=driver, geometry_type=kind, crs=crs, append=path.exists(), **options)
    return path


def moved(drawn: Sequence[Drawn], crs: str) -> list[Drawn]:
    """The same places in another system, through the same shift as the areas use."""
    if crs == "EPSG:27700":
        return list(drawn)
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)

    def there(pairs: Any) -> Any:
        points = np.array(points_from_grid(pairs[:, 0].tolist(), pairs[:, 1].tolist()))
        return np.column_stack(turn.transform(points[:, 0], points[:, 1]))

    return [(shapely.transform(shape, there), about) for shape, about in drawn]


@dataclass
class Map:
    """An OpenStreetMap file in the making: places in metres from the corner, ways by the names of their nodes."""

    nodes: dict[int, tuple[Spot, dict[str, str]]] = field(default_factory=dict)
    ways: list[tuple[int, list[int], dict[str, str]]] = field(default_factory=list)
    relations: list[tuple[int, list[tuple[str, int, str]], dict[str, str]]] = field(default_factory=list)

    def node(self, number: int, at: Spot, /, **tags: str) -> None:
        """A node; in tags two underscores stand for a colon."""
        self.nodes[number] = at, _tags(tags)

    def way(self, number: int, nodes: Sequence[int], /, **tags: str) -> None:
        """A way through nodes."""
        self.ways.append((number, list(nodes), _tags(tags)))

    def grounds(self, number: int, low: Spot, high: Spot, **tags: str) -> None:
        """A rectangle, as a closed way; its nodes are numbered from ten times its own number."""
        corners = [low, (high[0], low[1]), high, (low[0], high[1])]
        for place, corner in enumerate(corners):
            self.node(10 * number + place, corner)
        self.way(number, [*(10 * number + place for place in range(4)), 10 * number], **tags)

    def write(self, path: Path, *, backwards: bool = False) -> Path:
        """Writes it; `backwards` puts nodes and ways in the other order."""
        turn = -1 if backwards else 1
        spots = [place for place, _ in self.nodes.values()]
        points = points_from_grid([EAST + x for x, _ in spots], [NORTH + y for _, y in spots])
        path.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(path)) as writer:
            for (number, (_, tags)), point in list(zip(self.nodes.items(), points, strict=True))[::turn]:
                assert point is not None
                writer.add_node(Node(id=number, location=point, tags=tags, version=1))
            for number, nodes, tags in self.ways[::turn]:
                writer.add_way(Way(id=number, nodes=nodes, tags=tags, version=1))
            for number, members, tags in self.relations[::turn]:
                writer.add_relation(Relation(id=number, members=members, tags=tags, version=1))
        return path


def _tags(tags: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", ":").rstrip("_"): value for name, value in tags.items()}


def street(*spots: Spot, **tags: str) -> Map:
    """A map of one way, 1, through nodes 1, 2, ... with a school beside its end, as the smallest that builds."""
    made = Map()
    for number, place in enumerate(spots, start=1):
        made.node(number, place)
    made.way(1, range(1, len(spots) + 1), **{"highway": "residential", **tags})
    made.node(900, (spots[-1][0], spots[-1][1] + 5), amenity="school", name="Mill Lane Primary School")
    return made
