"""Where on the map the findings of `check` are: drawn as SVG to be looked at, or as GeoJSON for a GIS.

Postcodes are marked and never named: a list of remote ones names households.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from html import escape
from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np
import shapely

from eligibility.geography.check import FAR_POSTCODE_UM, FAR_SCHOOL_UM, main_piece, pieces, remote_postcodes
from eligibility.geography.ground import Floats, plane
from eligibility.geography.model import Mode, Point

if TYPE_CHECKING:
    from eligibility.geography.area import Area

_WIDTH, _HIGHEST, _MARGIN, _SIDE = 1000, 1200, 20, 270
_NAMED = 9  # pieces that are numbered on the map; a hundred numbers would hide it
_WORDS: dict[Mode, str] = {"walk": "walking", "road": "road"}
# Told apart by shape, dash and number as well as by colour, so that a black and white copy says the same.
_STYLES = {
    "network": 'stroke="#9a9a9a" stroke-width="0.6"',
    "piece_walk": 'stroke="#c2410c" stroke-width="3"',
    "piece_road": 'stroke="#1d4ed8" stroke-width="2.2" stroke-dasharray="5 3"',
    "leg": 'stroke="#111111" stroke-width="1.2" stroke-dasharray="2 2"',
}


@dataclass(frozen=True)
class Mark:
    """One thing to look at: what it is, its line or point in degrees, and a word to stand beside it."""

    kind: str
    line: tuple[Point, ...]
    says: str = ""


def marks(area: Area) -> list[Mark]:
    """Everything `check` finds that has a place, in a fixed order."""
    return [*_pieces(area), *_schools(area), *_postcodes(area), *_defects(area)]


def _pieces(area: Area) -> list[Mark]:
    """Every edge of a piece that is not joined to the main one; the largest pieces are numbered."""
    network = area.network
    found: list[Mark] = []
    modes: tuple[Mode, ...] = ("walk", "road")
    for mode in modes:
        labels = pieces(area, mode)
        main = main_piece(labels)
        sizes = Counter(label for label in labels if label not in (-1, main))
        ranked = {label: rank for rank, (label, _) in enumerate(sorted(sizes.items(), key=lambda s: (-s[1], s[0])), 1)}
        for edge in np.flatnonzero(network.usable(mode)).tolist():
            label = labels[int(network.a[edge])]
            if label in ranked:
                ends = (network.node(int(network.a[edge])), network.node(int(network.b[edge])))
                found.append(Mark(f"piece_{mode}", ends, str(ranked[label])))
    return found


def _schools(area: Area) -> list[Mark]:
    labels = pieces(area, "walk")
    main = main_piece(labels)
    found: list[Mark] = []
    for urn, entrances in sorted(area.entrances.items()):
        snaps = [(entrance.place, entrance.snaps["walk"]) for entrance in entrances]
        known = [(place, snap) for place, snap in snaps if snap is not None]
        if not known:
            found.append(Mark("school_far", (entrances[0].place,), urn))
            continue
        place, nearest = min(known, key=lambda pair: pair[1].leg_um)
        if nearest.leg_um > FAR_SCHOOL_UM:
            found.append(Mark("school_far", (place, area.network.point(nearest)), urn))
        elif all(labels[int(area.network.a[snap.edge])] != main for _, snap in known):
            found.append(Mark("school_apart", (place, area.network.point(nearest)), urn))
    return found


def _postcodes(area: Area) -> list[Mark]:
    remote = remote_postcodes(area)
    if remote is None:
        return []
    chosen = np.flatnonzero(remote.um > FAR_POSTCODE_UM)
    pairs = zip(remote.places[chosen].tolist(), remote.feet[chosen].tolist(), strict=True)
    return [Mark("postcode_far", ((home[0], home[1]), (foot[0], foot[1]))) for home, foot in pairs]


def _defects(area: Area) -> list[Mark]:
    return [Mark(str(what), ((float(lon or 0), float(lat or 0)),)) for what, lon, lat, *_ in area.rows("defect")]


def geojson(area: Area) -> str:
    """The findings as GeoJSON, degrees on WGS84; a leg to the network is a line of its own."""
    features = []
    for mark in marks(area):
        geometry: dict[str, object] = {"type": "Point", "coordinates": list(mark.line[0])}
        if mark.kind.startswith("piece"):
            geometry = {"type": "LineString", "coordinates": [list(point) for point in mark.line]}
        shapes = [geometry]
        if len(mark.line) == 2 and not mark.kind.startswith("piece"):
            shapes.append({"type": "LineString", "coordinates": [list(point) for point in mark.line]})
        properties = {"finding": mark.kind, "label": mark.says}
        features += [{"type": "Feature", "properties": properties, "geometry": shape} for shape in shapes]
    document = {"type": "FeatureCollection", "area": area.content_hash, "features": features}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


class _Sheet:
    """Turns degrees into places on the drawing, north up."""

    def __init__(self, area: Area, found: list[Mark]) -> None:
        ends = [point for mark in found for point in mark.line]
        lon = np.concatenate([area.network.lon, [point[0] for point in ends]])
        lat = np.concatenate([area.network.lat, [point[1] for point in ends]])
        self.origin = (float(lon.min() + lon.max()) / 2, float(lat.min() + lat.max()) / 2)
        east, north = plane(self.origin, lon, lat)
        self.left, self.top = float(east.min()), float(north.max())
        wide, high = float(np.ptp(east)) or 1.0, float(np.ptp(north)) or 1.0
        self.scale = min((_WIDTH - _SIDE - 2 * _MARGIN) / wide, (_HIGHEST - 2 * _MARGIN - 40) / high)
        self.height = max(round(high * self.scale) + 2 * _MARGIN + 40, 560)

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Places on the drawing of many points."""
        east, north = plane(self.origin, lon, lat)
        x = _MARGIN + (east - self.left) * self.scale
        return np.column_stack([x, _MARGIN + 40 + (self.top - north) * self.scale])

    def one(self, point: Point) -> tuple[float, float]:
        """The place on the drawing of one point."""
        ((x, y),) = self.at(np.array([point[0]]), np.array([point[1]])).tolist()
        return x, y


def svg(area: Area) -> str:
    """The network drawn thin and grey, and upon it whatever `check` finds, with a legend and a scale bar."""
    found = marks(area)
    sheet = _Sheet(area, found)
    network = area.network
    nodes = sheet.at(network.lon, network.lat)
    drawn = [_path("network", nodes[np.column_stack([network.a, network.b])])]
    for kind in ("piece_walk", "piece_road"):
        ends = [mark.line for mark in found if mark.kind == kind]
        points = np.array(ends).reshape(-1, 2)
        drawn.append(_path(kind, sheet.at(points[:, 0], points[:, 1]).reshape(-1, 2, 2)))
    drawn += _numbers(sheet, found)
    for mark in found:
        if mark.kind.startswith("piece"):
            continue
        places = [sheet.one(point) for point in mark.line]
        if len(places) == 2:
            drawn.append(_path("leg", np.array([places])))
        drawn.append(_sign(mark.kind, *places[0]))
        if mark.says:
            drawn.append(_text(places[0][0] + 9, places[0][1] + 4, mark.says, halo=True))
    drawn += [*_legend(found), *_scale_bar(sheet)]
    title = f"{area.name}: what to look at in its network"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {sheet.height}" role="img" '
        'font-family="sans-serif" font-size="12">\n'
        f'<title>{escape(title)}</title>\n<rect width="{_WIDTH}" height="{sheet.height}" fill="#ffffff"/>\n'
        + "\n".join(each for each in drawn if each)
        + "\n"
        + _text(_MARGIN, 28, title, size=17)
        + _text(_MARGIN, 44, area.content_hash[:23] + "…", size=10)
        + "\n</svg>\n"
    )


def _path(style: str, ends: Floats) -> str:
    """Straight stretches, each from one place on the drawing to another, joined up where they meet."""
    if not len(ends):
        return ""
    rounded = np.round(ends, 1)
    merged = shapely.line_merge(shapely.multilinestrings(list(shapely.get_parts(shapely.linestrings(rounded)))))
    parts = []
    for part in shapely.get_parts(merged).tolist():
        points = [f"{x:.1f},{y:.1f}" for x, y in part.coords]
        parts.append(f"M{points[0]}L{' '.join(points[1:])}")
    return f'<path d="{"".join(parts)}" fill="none" stroke-linecap="round" {_STYLES[style]}/>'


def _numbers(sheet: _Sheet, found: list[Mark]) -> list[str]:
    """The number of each of the largest pieces, once, beside its northernmost end."""
    drawn: list[str] = []
    taken: list[tuple[float, float]] = []
    for kind, prefix in (("piece_walk", ""), ("piece_road", "r")):
        for number in range(1, _NAMED + 1):
            points = [point for mark in found if mark.kind == kind and mark.says == str(number) for point in mark.line]
            if points:
                x, y = sheet.one(max(points, key=lambda point: (point[1], point[0])))
                # Where the same piece is apart on both networks its two numbers stand beside one another.
                x, y = (x - 16, y + 4) if prefix else (x + 5, y - 4)
                if all(abs(x - other[0]) > 13 or abs(y - other[1]) > 12 for other in taken):
                    taken.append((x, y))
                    drawn.append(_text(x, y, f"{prefix}{number}", halo=True, size=13))
    return drawn


def _text(x: float, y: float, says: str, *, halo: bool = False, size: int = 12) -> str:
    around = ' stroke="#ffffff" stroke-width="3" paint-order="stroke" font-weight="bold"' if halo else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="#111111"{around}>{escape(says)}</text>'


def _sign(kind: str, x: float, y: float) -> str:
    """The sign of a finding, each of a shape of its own."""
    about = 'stroke="#111111" stroke-width="1.2"'
    match kind:
        case "school_far":
            return f'<rect x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12" fill="#dc2626" {about}/>'
        case "school_apart":
            points = f"{x:.1f},{y - 8:.1f} {x + 8:.1f},{y:.1f} {x:.1f},{y + 8:.1f} {x - 8:.1f},{y:.1f}"
            return f'<polygon points="{points}" fill="#fbbf24" {about}/>'
        case "postcode_far":
            points = f"{x:.1f},{y - 6:.1f} {x + 5.5:.1f},{y + 4:.1f} {x - 5.5:.1f},{y + 4:.1f}"
            return f'<polygon points="{points}" fill="#ffffff" {about}/>'
        case "zero_length":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" {about}/>'
        case _:
            cross = f"M{x - 4:.1f},{y - 4:.1f}L{x + 4:.1f},{y + 4:.1f}M{x - 4:.1f},{y + 4:.1f}L{x + 4:.1f},{y - 4:.1f}"
            return f'<path d="{cross}" {about}/>'


_LEGEND = (
    ("piece_walk", "walking network, pieces apart", "from the main one: {}; 1 largest"),
    ("piece_road", "road network, pieces apart", "from the main one: {}; r1 largest"),
    ("school_far", "schools more than 200 m", "from the walking network: {}"),
    ("school_apart", "schools on a piece apart", "from the main network: {}"),
    ("postcode_far", "postcodes more than 500 m", "from the walking network: {}"),
    ("zero_length", "stretches without length,", "left out: {}"),
    ("duplicate", "stretches given more than", "once, merged: {}"),
)


def _legend(found: list[Mark]) -> list[str]:
    counts = Counter(mark.kind for mark in found if not mark.kind.startswith("piece"))
    for kind in ("piece_walk", "piece_road"):
        counts[kind] = len({mark.says for mark in found if mark.kind == kind})
    x, y = float(_WIDTH - _SIDE + 10), 70.0
    drawn = [_text(x, y, "Findings" if found else "Nothing was found", size=15)]
    for kind, says, more in _LEGEND:
        if not counts[kind]:
            continue
        y += 42
        if kind.startswith("piece"):
            drawn.append(_path(kind, np.array([[[x, y - 3], [x + 24, y - 3]]])))
        else:
            drawn.append(_sign(kind, x + 12, y - 3))
        drawn += [_text(x + 34, y - 4, says), _text(x + 34, y + 11, more.format(f"{counts[kind]:,}"))]
    drawn += [_path("network", np.array([[[x, y + 36], [x + 24, y + 36]]])), _text(x + 34, y + 40, "the network")]
    if counts["school_far"] + counts["school_apart"] + counts["postcode_far"]:
        drawn += [_path("leg", np.array([[[x, y + 64], [x + 24, y + 64]]])), _text(x + 34, y + 68, "to the network")]
    return drawn


def _scale_bar(sheet: _Sheet) -> list[str]:
    """A bar of a round length, about a quarter of the map's width, and north."""
    most = (_WIDTH - _SIDE) / 4 / sheet.scale
    power = 10 ** floor(log10(most))
    metres = max(step * power for step in (1, 2, 5) if step * power <= most)
    x, y, long = float(_WIDTH - _SIDE + 10), sheet.height - 40.0, metres * sheet.scale
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    bar = f"M{x:.1f},{y - 5:.1f}V{y:.1f}H{x + long:.1f}V{y - 5:.1f}"
    arrow = f"{x + 8:.1f},{y - 70:.1f} {x + 14:.1f},{y - 48:.1f} {x + 8:.1f},{y - 53:.1f} {x + 2:.1f},{y - 48:.1f}"
    return [
        f'<path d="{bar}" fill="none" stroke="#111111" stroke-width="1.5"/>',
        _text(x, y + 16, label),
        f'<polygon points="{arrow}" fill="#111111"/>',
        _text(x + 3.5, y - 74, "N"),
    ]
