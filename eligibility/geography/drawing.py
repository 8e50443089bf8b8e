"""A sheet of A4 to draw a map on: its scale, its marks and its words. Units are tenths of a millimetre of paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from numpy.typing import NDArray

from eligibility.geography.ground import Floats
from eligibility.geography.model import Point
from eligibility.geography.projection import Projection
from eligibility.units import MM_PER_METRE, MM_PER_MILE

WIDTH, HEIGHT, MARGIN = 2100, 2970, 120
PAPER = 10_000  # units to a metre of paper
INK, GREY, ROUTE, LIMIT, PAPER_WHITE = "#1a1a1a", "#8a8a8a", "#0b3d91", "#a34700", "#ffffff"
"""Told apart by their lightness as well, so that a map printed in black and white, or seen so, still reads."""
_SCALES = (
    1_000, 1_250, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000, 7_500, 10_000, 12_500, 15_000, 17_500, 20_000,
    25_000, 30_000, 35_000, 40_000, 50_000, 60_000, 75_000, 100_000, 125_000, 150_000, 200_000, 250_000, 500_000,
)  # fmt: skip
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
# Of DejaVu Sans, the widest of these fonts: the width of each letter as a share of the letters' size.
_WIDTHS = {
    letter: share
    for share, letters in (
        (0.29, "ijlIJ'"), (0.34, " ,.’/:;|"), (0.41, "f-t()[]!r"), (0.53, '"*_–sz?'), (0.6, "cLkFvxyP"),
        (0.7, "KAVBRXZC"), (0.79, "UHNDG&OQ"), (0.87, "wM#+<=>^~"), (1.0, "m%W@…"),
    )
    for letter in letters
}  # fmt: skip
_OTHER, _OTHER_CAPITAL, _BOLD = 0.64, 0.79, 1.13
# Bars for people: whole hundreds of metres, and shares of a mile, that fit on a sheet at most scales.
_BARS_METRES = (20, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_BARS_MILES = ((1, 40), (1, 20), (1, 10), (1, 8), (1, 4), (1, 2), (1, 1), (2, 1), (5, 1), (10, 1))

_AROUND_METRES = 60.0

Box = tuple[float, float, float, float]  # left, top, width, height


class Sheet:
    """One page: an SVG that grows. `about` is its title and what it shows, both read out to those who cannot see it.

    `size` is its width and height; `name` tells it from other pages that may stand in one document with it.
    """

    def __init__(self, title: str, about: str, size: tuple[int, int] = (WIDTH, HEIGHT), name: str = "") -> None:
        width, height = size
        self.title = title
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "width": f"{width // 10}mm",
                "height": f"{height // 10}mm",
                "viewBox": f"0 0 {width} {height}",
                "role": "img",
                "aria-labelledby": f"{name}title {name}about",
                "font-family": _FONT,
                "fill": INK,
            },
        )
        self.add("title", id=f"{name}title").text = clean(title)
        self.add("desc", id=f"{name}about").text = clean(about)
        self.add("rect", width=width, height=height, fill=PAPER_WHITE)

    def add(self, kind: str, into: ET.Element | None = None, /, **given: Any) -> ET.Element:
        """A new element; `_` in a name stands for `-`."""
        named = {key.rstrip("_").replace("_", "-"): _text(value) for key, value in given.items()}
        return ET.SubElement(self.root if into is None else into, kind, named)

    def words(self, x: float, y: float, text: str, size: float, into: ET.Element | None = None, **given: Any) -> None:
        """A line of words, its foot at `y`."""
        self.add("text", into, x=x, y=y, font_size=size, **given).text = clean(text)

    def hatched(self, into: ET.Element, name: str) -> str:
        """A slanting hatch to fill land with, by its name; black and white copies keep it."""
        about: dict[str, Any] = {"width": 16, "height": 16, "patternUnits": "userSpaceOnUse"}
        hatch = self.add("pattern", into, id=name, **about, patternTransform="rotate(45)")
        self.add("path", hatch, d="M0 0v16", stroke="#b5b5b5", stroke_width=3)
        return f"url(#{name})"

    def paragraph(self, y: float, text: str, size: float, **given: Any) -> float:
        """Words across the sheet, as many lines as it takes; where the next may begin."""
        for line in wrapped(text, size, WIDTH - 2 * MARGIN):
            self.words(MARGIN, y, line, size, **given)
            y += size * 1.35
        return y

    def __str__(self) -> str:
        ET.indent(self.root, " ")
        return ET.tostring(self.root, encoding="unicode") + "\n"


class Window:
    """The part of a sheet that holds the map: a frame, and which land is seen in it at a round scale.

    `around` is how much land beside `points` is seen, as a share of their extent.
    """

    def __init__(self, box: Box, points: Sequence[Point], around: float) -> None:
        self.box = box
        left, top, width, height = box
        self.projection = Projection.around(points)
        held = self.projection.metres_of(points)
        span = held.max(axis=0) - held.min(axis=0)
        span = span + 2 * (_AROUND_METRES + around * span.max())
        needed = max(span[0] / width, span[1] / height) * PAPER
        self.scale = next((each for each in _SCALES if each >= needed), int(needed) + 1)
        self.per_metre = PAPER / self.scale
        self.middle = (held.max(axis=0) + held.min(axis=0)) / 2
        self.centre = np.array([left + width / 2, top + height / 2])
        self.frame = shapely.box(left, top, left + width, top + height)

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Degrees as places on the sheet."""
        return self.of_metres(self.projection.metres(lon, lat))

    def of_metres(self, metres: Floats) -> Floats:
        """Metres of the projection as places on the sheet."""
        found: Floats = (metres - self.middle) * np.array([self.per_metre, -self.per_metre]) + self.centre
        return found

    def of(self, points: Sequence[Point]) -> Floats:
        """As `at`, of points."""
        return self.of_metres(self.projection.metres_of(points))

    def seen(self, shapes: NDArray[Any]) -> NDArray[Any]:
        """The parts of lines or polygons that lie in the frame."""
        left, top, width, height = self.box
        cut = shapely.clip_by_rect(shapes, left, top, left + width, top + height)
        return np.asarray(cut)[~shapely.is_empty(cut)]


def path_of(shapes: Sequence[Any] | NDArray[Any]) -> str:
    """Lines and the rings of polygons as SVG path data in whole units, each point relative to the last."""
    return "".join(_one_path(part) for shape in shapes for part in shapely.get_parts(shape).tolist())


def _one_path(shape: shapely.Geometry) -> str:
    if isinstance(shape, shapely.Polygon):
        return "".join(_ring(ring, closed=True) for ring in (shape.exterior, *shape.interiors))
    return _ring(shape, closed=False) if isinstance(shape, shapely.LineString) else ""


def _ring(line: shapely.Geometry, *, closed: bool) -> str:
    points = np.rint(shapely.get_coordinates(line)).astype(int)
    if len(points) < 2:
        return ""
    moves = np.diff(points, axis=0)
    kept = [move for move in moves.tolist() if move != [0, 0]]
    if not kept:
        return ""
    steps = " ".join(f"{x} {y}" for x, y in kept)
    return f"M{points[0][0]} {points[0][1]}l{steps}{'z' if closed else ''}".replace(" -", "-")


def clean(text: str) -> str:
    """Text without the characters that no XML may hold."""
    return _NOT_IN_XML.sub("", text)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a line of words is in the widest font it may be set in: sooner too wide than too narrow."""
    ems = sum(_WIDTHS.get(letter, _OTHER_CAPITAL if letter.isupper() else _OTHER) for letter in text)
    return size * ems * (_BOLD if bold else 1.0)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Words in lines of a width."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _text(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def scale_bar(sheet: Sheet, window: Window, x: float, y: float) -> None:
    """Two bars of one scale, metres above and miles below, and the scale as a share."""
    room = 600.0
    metres = max(m for m in _BARS_METRES if m * window.per_metre <= room)
    miles = [(over, under) for over, under in _BARS_MILES if _mile(over, under) * window.per_metre <= room]
    over, under = miles[-1] if miles else _BARS_MILES[0]
    group = sheet.add("g", id="scale")
    for name, length, label, top in (
        ("metres", float(metres), f"{metres:,} m", y),
        (
            "miles",
            _mile(over, under),
            f"{over if under == 1 else f'{over}/{under}'} mile{'s' if over > 1 else ''}",
            y + 44,
        ),
    ):
        long = length * window.per_metre
        sheet.add(
            "rect",
            group,
            x=x,
            y=top,
            width=long,
            height=14,
            fill=PAPER_WHITE,
            stroke=INK,
            stroke_width=2,
            id=f"scale-{name}",
        )
        sheet.add("rect", group, x=x, y=top, width=long / 2, height=14, fill=INK)
        sheet.words(x + long + 14, top + 17, label, 27, group)
    sheet.words(x, y + 96, f"1:{window.scale:,} where printed on A4 at its full size", 22, group, fill="#444444")


def _mile(over: int, under: int) -> float:
    return MM_PER_MILE / MM_PER_METRE * over / under


def north_arrow(sheet: Sheet, x: float, y: float) -> None:
    """An arrow towards true north."""
    group = sheet.add("g", id="north", stroke=INK, stroke_width=3, stroke_linejoin="round")
    sheet.add("path", group, d=f"M{x} {y - 52}l24 74-24-16z", fill=INK)
    sheet.add("path", group, d=f"M{x} {y - 52}l-24 74 24-16z", fill=PAPER_WHITE)
    sheet.words(x, y + 58, "N", 34, group, text_anchor="middle", font_weight="bold", stroke="none")
