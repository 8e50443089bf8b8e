"""What every map shows beneath its own matter: the roads by kind, what lies within a limit, and names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from eligibility import wording
from eligibility.geography.drawing import GREY, INK, LIMIT, PAPER_WHITE, Sheet, Window, path_of
from eligibility.geography.labels import Labels, by_street
from eligibility.geography.network import BACK, FORWARD, WALK, Bools
from eligibility.geography.reach import Reached, drawn_on, outline

if TYPE_CHECKING:
    import datetime as dt
    from xml.etree import ElementTree as ET

    from eligibility.geography.area import Area

STREET_SIZE, PLACE_SIZE = 21.0, 30.0
_SIMPLER = 0.6  # units: no line moves by more than this
_TINTS = ("#dde6ef", "#f1f4f8")
_OUTLINE_DASHES = ("26 10", "5 11")
_PLACES = {"city": 40.0, "town": 36.0, "village": 30.0, "suburb": 28.0, "hamlet": 26.0}
_BEYOND = "#c2c2c2"
_WITHIN = ("#757575", "#989898")
_ROWS = 6  # of a column of the legend: two columns hold the twelve things that can be seen on one map
_LEAST_BEYOND = 400.0  # square units: less of the land beyond is no larger than a pin's head
ENDS = "where a limit falls on a way"
BEYOND_THE_AREA = "beyond the area: ways not known"
_FINE_SCALE = 12_500  # at smaller scales ways are drawn thinner


def _styles(scale: int) -> dict[str, dict[str, Any]]:
    thin = min(1.0, max(0.45, (_FINE_SCALE / scale) ** 0.5))
    found: dict[str, dict[str, Any]] = {
        "path": {"stroke": _BEYOND, "stroke_width": 3 * thin, "stroke_dasharray": "9 7"},
        "road": {"stroke": _BEYOND, "stroke_width": 5 * thin},
        "not walked": {"stroke": "#d6d6d6", "stroke_width": 12 * thin},
        "closed": {"stroke": INK, "stroke_width": 9 * thin, "stroke_dasharray": "3 9"},
    }
    for level, grey in enumerate(_WITHIN):
        found[f"path {level}"] = {"stroke": grey, "stroke_width": 3.5 * thin, "stroke_dasharray": "9 7"}
        found[f"road {level}"] = {"stroke": grey, "stroke_width": 5.5 * thin}
    return found


class Ways:
    """The ways drawn on a map, and what is to be seen: `kinds` of way, and the `limits` whose end is in sight.

    `hatch` fills the land beyond the area, "" where none is in sight.
    """

    def __init__(
        self, sheet: Sheet, window: Window, area: Area, on: dt.date | None, reached: Sequence[Reached] = ()
    ) -> None:
        self.sheet, self.window, self.area = sheet, window, area
        self.reached = sorted(reached, key=lambda each: each.limit_mm)
        self.styles = _styles(window.scale)
        self.kinds: dict[str, dict[str, Any]] = {}
        self.limits: dict[int, NDArray[Any]] = {}
        self.hatch = ""
        self._draw(on)

    def _draw(self, on: dt.date | None) -> None:
        sheet, window = self.sheet, self.window
        defs = sheet.add("defs")
        frame = sheet.add("clipPath", defs, id="frame")
        left, top, width, height = window.box
        sheet.add("rect", frame, x=left, y=top, width=width, height=height)
        self.group = sheet.add(
            "g", fill="none", stroke_linejoin="round", stroke_linecap="round", clip_path="url(#frame)"
        )
        shapes = [
            shapely.transform(outline(each, window.projection), window.of_metres)
            if each.lines
            else shapely.MultiPolygon()
            for each in self.reached
        ]
        for shape, tint in reversed(list(zip(shapes, _TINTS, strict=False))):
            self._path(window.seen(np.array([shape])), fill=tint, stroke="none", fill_rule="evenodd")
        self._beyond(defs)
        self._ways(on)
        for each, shape, dashes in zip(self.reached, shapes, _OUTLINE_DASHES, strict=False):
            rings = [ring for part in shape.geoms for ring in (part.exterior, *part.interiors)]
            lines = np.array([shapely.LineString(ring.coords) for ring in rings], dtype=object)
            # Where two limits run side by side only the nearer is drawn, so that none is taken for the other.
            nearer = [line for held in self.limits.values() for line in held.tolist()]
            apart = shapely.difference(lines, shapely.union_all(nearer).buffer(9)) if nearer and len(lines) else lines
            cut = window.seen(apart)
            if len(cut):
                self.limits[each.limit_mm] = cut
                self._path(cut, stroke=LIMIT, stroke_width=6, stroke_dasharray=dashes, class_="limit")
        sheet.add("rect", x=left, y=top, width=width, height=height, fill="none", stroke=GREY, stroke_width=2)

    def _beyond(self, defs: ET.Element) -> None:
        """Hatches the land whose ways the area does not hold, so that it is not taken for land without any."""
        border = self.area.border
        if border is None:
            return
        held = shapely.transform(border.coverage, lambda each: self.window.at(each[:, 0], each[:, 1]))
        beyond = shapely.difference(self.window.frame, shapely.make_valid(shapely.simplify(held, _SIMPLER)))
        if beyond.area > _LEAST_BEYOND:
            self.hatch = self.sheet.hatched(defs, "hatch")
            self._path(np.array([beyond]), fill=self.hatch, stroke=GREY, stroke_width=2, class_="beyond")

    def _ways(self, on: dt.date | None) -> None:
        chains = self.area.chains
        lines = chain_lines(self.window, self.area)
        walked, driven = (chains.uses & WALK) > 0, (chains.uses & (FORWARD | BACK)) > 0
        closed = walked & ~self.area.arcs("walk", on).forward
        inside = closed.copy()
        over: list[tuple[str, str, NDArray[Any]]] = []
        for level, each in enumerate(self.reached[: len(_WITHIN)]):
            stretches = [line for line in each.lines if len(line) > 1]
            chosen = each.chain[[len(line) > 1 for line in each.lines]] if stretches else each.chain[:0]
            # What a nearer limit holds whole is drawn in its own grey alone.
            shapes, road, fresh = drawn_on(stretches, self.window.of), driven[chosen], ~inside[chosen]
            says = wording.miles(each.limit_mm)
            over.append((f"path {level}", f"path within {says}", shapes[~road & fresh]))
            over.append((f"road {level}", f"road within {says}", shapes[road & fresh]))
            inside[each.chain[(each.low_um == 0) & (each.high_um == chains.um[each.chain])]] = True
        beyond = "beyond the limit" if self.reached else ""
        self._kind("not walked", "road that is not walked", lines[~walked & driven])
        self._kind("path", f"path {beyond}", lines[walked & ~driven & ~inside])
        self._kind("road", f"road {beyond}", lines[walked & driven & ~inside])
        for style, says, shapes in reversed(over):
            self._kind(style, says, shapes)
        self._kind("closed", "unsafe to walk on the day", lines[closed])

    def _kind(self, style: str, says: str, shapes: NDArray[Any]) -> None:
        cut = self.window.seen(shapely.simplify(shapes, _SIMPLER)) if len(shapes) else shapes
        if len(cut):
            self._path(cut, **self.styles[style])
            self.kinds[says.strip()] = self.styles[style]

    def _path(self, shapes: NDArray[Any], **how: Any) -> None:
        data = path_of(shapes.tolist())
        if data:
            self.sheet.add("path", self.group, d=data, **how)

    def name_limits(self, labels: Labels) -> None:
        """Writes each limit in sight along its line."""
        for limit, lines in self.limits.items():
            says = f"{wording.miles(limit)} on foot"
            pieces = [
                piece for each in shapely.line_merge(lines).tolist() for piece in shapely.get_parts(each).tolist()
            ]
            for line in sorted(pieces, key=lambda each: -each.length):
                if labels.along(line, says, 25.0, (24.0, -24.0, 0.0), fill=LIMIT, font_weight="bold"):
                    break

    def mark_ends(self) -> None:
        """A dot wherever a limit falls upon a way."""
        places = [spot for each in self.reached if each.ends for spot in self.window.of(each.ends).tolist()]
        data = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in places)
        if data:
            dots: dict[str, Any] = {"stroke": INK, "stroke_width": 8, "stroke_linecap": "round"}
            self.sheet.add("path", d=data, class_="limit-falls", **dots)
            self.kinds[ENDS] = {**dots, "stroke_dasharray": "0 31"}

    def legend(self, x: float, y: float) -> None:
        """What the lines mean, in columns."""
        entries = sorted(self.kinds.items(), key=lambda each: (each[0].startswith("path"), each[0]))
        dashes = dict(zip([each.limit_mm for each in self.reached], _OUTLINE_DASHES, strict=False))
        for limit in reversed(self.limits):
            how: dict[str, Any] = {"stroke": LIMIT, "stroke_width": 6, "stroke_dasharray": dashes[limit]}
            entries.insert(0, (f"{wording.miles(limit)} on foot", how))
        if self.hatch:
            entries.append((BEYOND_THE_AREA, {"stroke": self.hatch, "stroke_width": 24}))
        for number, (says, how) in enumerate(entries):
            at_x, at_y = x + (number // _ROWS) * 430, y + (number % _ROWS) * 27
            self.sheet.add("path", d=f"M{at_x:.0f} {at_y:.0f}h64", fill="none", **how)
            self.sheet.words(at_x + 76, at_y + 8, says, 22)


def chain_lines(window: Window, area: Area) -> NDArray[Any]:
    """Every chain of the network as a line on the sheet, in order."""
    network, chains = area.network, area.chains
    places = window.at(network.lon, network.lat)
    starts = np.where(chains.turned, network.b, network.a)[chains.order]
    nodes = np.insert(starts, chains.starts[1:], chains.last)
    counts = np.diff(chains.starts) + 1
    return np.asarray(shapely.linestrings(places[nodes], indices=np.repeat(np.arange(len(counts)), counts)))


def name_streets(labels: Labels, window: Window, area: Area, beside: Sequence[str]) -> None:
    """Names streets where there is room, the longest first; those in `beside` are named already."""
    network = area.network
    places = window.at(network.lon, network.lat)
    lines = np.asarray(shapely.linestrings(np.stack([places[network.a], places[network.b]], axis=1)))
    held: Bools = shapely.within(lines, window.frame)
    held &= np.isin(network.street, [n for n, name in enumerate(network.streets) if name and name not in beside])
    chosen = np.flatnonzero(held)
    named = [network.streets[number] for number in network.street[chosen].tolist()]
    done: set[str] = set()
    for street, line in by_street(named, lines[chosen].tolist()):
        if street not in done and labels.along(line, street, STREET_SIZE, fill="#333333"):
            done.add(street)


def name_places(labels: Labels, window: Window, area: Area) -> None:
    """Names towns and villages of the map, the larger first."""
    rows = [(str(n), _PLACES[str(kind)], lon, lat) for n, kind, lon, lat, *_ in area.rows("place") if kind in _PLACES]
    for name, size, lon, lat in sorted(rows, key=lambda row: (-row[1], row[0])):
        ((x, y),) = window.of([(float(lon or 0), float(lat or 0))]).tolist()
        labels.upon(x, y, name, size, font_style="italic", fill="#444444")


def square(sheet: Sheet, x: float, y: float, size: float) -> None:
    """A school's entrance."""
    at: dict[str, Any] = {"x": x - size / 2, "y": y - size / 2, "width": size, "height": size}
    sheet.add("rect", **at, fill=INK, stroke=PAPER_WHITE, stroke_width=5, class_="school")
