"""Everywhere within a distance of a school on foot, along the network to where the limit falls, to the micrometre."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from eligibility.geography.chains import Chains
from eligibility.geography.ground import UM_PER_MM, Floats, Wholes
from eligibility.geography.measure import How
from eligibility.geography.model import Point
from eligibility.geography.network import Snap
from eligibility.geography.projection import Projection
from eligibility.geography.search import Spots

if TYPE_CHECKING:
    from eligibility.geography.area import Area

BESIDE_METRES = 60
"""How far beside a way the outline is drawn; land between ways no further apart than `_JOINED` is taken in."""
_JOINED_METRES = 250
_DIGITS = 8  # of a degree: a millimetre


@dataclass(frozen=True, eq=False)
class Reached:
    """The part of the walking network within `limit_mm` of a school, as stretches of its chains.

    `chain`, `low_um` and `high_um` are arrays: the chain and where on it the stretch begins and ends; `lines` is each
    of them drawn, in degrees. `ends` are the places where the limit falls upon a way. Everything at exactly the limit
    is within it.
    """

    urn: str
    limit_mm: int
    chain: Wholes
    low_um: Wholes
    high_um: Wholes
    lines: tuple[tuple[Point, ...], ...]
    ends: tuple[Point, ...]
    area: str

    @property
    def length_mm(self) -> int:
        """The length of all ways within the limit together, whole millimetres rounded down."""
        return int((self.high_um - self.low_um).sum()) // UM_PER_MM


def reach(area: Area, urn: str, limit_mm: int, how: How | None = None) -> Reached:
    """The ways from which the school's nearest entrance is no further than `limit_mm` on foot.

    `how` gives the entrances that count and the day, whose unsafe stretches are left out. A home's own straight leg to
    the network is not part of this: it counts for each home besides. Raises InputError where the school is not held.
    """
    how = how or How()
    chains = area.chains
    ends = area.ends(how.school_entrance).of_school(list(area.schools).index(area.school(urn).urn))
    arcs = area.arcs("walk", how.on)
    spots = ends.spots(chains, "walk")
    held = ends.reached("walk") & arcs.forward[spots.chain]
    spots = Spots(spots.chain[held], spots.along_um[held], spots.extra_um[held])
    limit = limit_mm * UM_PER_MM
    if not len(spots):
        none = np.empty(0, dtype=np.int64)
        return Reached(urn, limit_mm, none, none, none, (), (), area.content_hash)
    far = arcs.from_rows(spots, np.zeros(len(spots), np.int64), 1, reverse=False, limit_um=float(limit))[0]
    usable = np.flatnonzero(arcs.forward)
    whole = chains.um[usable]
    # What is left of the limit at each end of a chain, and beside each entrance that stands on one.
    ahead, behind = (limit - np.minimum(far[each[usable]], limit + 1) for each in (arcs.first, arcs.last))
    room = limit - spots.extra_um
    parts = [
        (usable, np.zeros_like(whole), np.minimum(ahead, whole)),
        (usable, np.maximum(whole - behind, 0), whole),
        (
            spots.chain,
            np.maximum(spots.along_um - room, 0),
            np.minimum(spots.along_um + room, chains.um[spots.chain]),
        ),
    ]
    chain, low, high = (np.concatenate([part[cell] for part in parts]).astype(np.int64) for cell in range(3))
    chain, low, high = _merged(chain[high > low], low[high > low], high[high > low])
    cut = [(c, um) for c, um, inside in (*zip(chain, low, low > 0, strict=True),) if inside]
    cut += [(c, um) for c, um, inside in (*zip(chain, high, high < chains.um[chain], strict=True),) if inside]
    points = tuple(line_along(chains, int(c), int(um), int(um))[0] for c, um in sorted(cut))
    rows = zip(chain.tolist(), low.tolist(), high.tolist(), strict=True)
    lines = tuple(tuple(line_along(chains, *row)) for row in rows)
    return Reached(urn, limit_mm, chain, low, high, lines, points, area.content_hash)


def _merged(chain: Wholes, low: Wholes, high: Wholes) -> tuple[Wholes, Wholes, Wholes]:
    """Stretches of each chain that meet or overlap as one, in order."""
    found: list[list[int]] = []
    order = np.lexsort((high, low, chain))
    for c, begins, ends in zip(chain[order].tolist(), low[order].tolist(), high[order].tolist(), strict=True):
        if found and found[-1][0] == c and begins <= found[-1][2]:
            found[-1][2] = max(found[-1][2], ends)
        else:
            found.append([c, begins, ends])
    columns = np.array(found, dtype=np.int64).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2]


def line_along(chains: Chains, chain: int, low_um: int, high_um: int) -> list[Point]:
    """The line of a chain between two of its points, every vertex followed; one point where both are the same."""
    network = chains.network
    points: list[Point] = []
    for edge in chains.edges_of(chain):
        before, um = int(chains.before_um[edge]), int(network.um[edge])
        begins, ends = max(low_um, before), min(high_um, before + um)
        if begins > ends:
            continue
        for um_at in (begins, ends):
            along = before + um - um_at if chains.turned[edge] else um_at - before
            point = network.point(Snap(edge, along, 0))
            if not points or points[-1] != point:
                points.append(point)
        if low_um == high_um:
            return points[:1]
    return points


def outline(reached: Reached, projection: Projection) -> shapely.MultiPolygon:
    """The land around these ways as polygons in metres, for looking at; it decides nothing.

    It lies `BESIDE_METRES` beside the outermost ways. What they enclose is taken in, unless the limit falls inside.
    """
    drawn = shapely.simplify(drawn_on(reached.lines, projection.metres_of), 2.0)
    grown = shapely.union_all(shapely.buffer(drawn, _JOINED_METRES, quad_segs=4))
    around = shapely.buffer(grown, BESIDE_METRES - _JOINED_METRES, quad_segs=4)
    ends = shapely.points(projection.metres_of(reached.ends))

    def is_beyond(ring: shapely.LinearRing) -> bool:
        return bool(np.any(shapely.dwithin(shapely.Polygon(ring), ends, BESIDE_METRES + 1)))

    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if is_beyond(ring)])
        for part in shapely.get_parts(around).tolist()
        if part.geom_type == "Polygon" and not part.is_empty
    ]
    return shapely.MultiPolygon(parts)


def drawn_on(lines: Sequence[Sequence[Point]], plane: Callable[[Sequence[Point]], Floats]) -> NDArray[Any]:
    """Lines in degrees as shapes on a plane, all turned at once; those of a single point left out."""
    kept = [line for line in lines if len(line) > 1]
    if not kept:
        return np.empty(0, dtype=object)
    places = plane([point for line in kept for point in line])
    return np.asarray(
        shapely.linestrings(places, indices=np.repeat(np.arange(len(kept)), [len(line) for line in kept]))
    )


def reach_geojson(reached: Sequence[Reached]) -> str:
    """Each limit as a GeoJSON feature of lines (what decides), of points where it falls, and of polygons (drawn)."""
    features: list[dict[str, Any]] = []
    for each in reached:
        lines = each.lines
        about = {"urn": each.urn, "limit_mm": each.limit_mm, "area": each.area}
        features.append(
            _feature("MultiLineString", [[_short(p) for p in line] for line in lines], about, "ways within the limit")
        )
        features.append(_feature("MultiPoint", [_short(p) for p in each.ends], about, "where the limit falls"))
        if lines:
            projection = Projection.around([point for line in lines for point in line])
            parts = [
                [[_short(point) for point in projection.degrees_of(np.array(ring.coords))] for ring in rings]
                for part in outline(each, projection).geoms
                for rings in [[part.exterior, *part.interiors]]
            ]
            says = f"outline, drawn {BESIDE_METRES} m beside the ways; decides nothing"
            features.append(_feature("MultiPolygon", parts, about, says))
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"


def _feature(kind: str, coordinates: list[Any], about: dict[str, Any], what: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {**about, "what": what},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _short(point: Point) -> list[float]:
    return [round(float(point[0]), _DIGITS), round(float(point[1]), _DIGITS)]
