"""The drawings of a report: a flow, and bars in groups. Told apart by pattern and by words, never by colour alone.

Each is narrow enough to be read on a phone, has a title and a description for those who cannot see it, and stands
beside a table of the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from eligibility.geography.drawing import GREY, INK, LIMIT, PAPER_WHITE, ROUTE, Sheet
from eligibility.lettering import width_of, wrapped

WIDTH, SIZE, LEADING, EDGE = 1000, 30, 37, 16
"""Of a drawing and its words; a phone shows it at about a third of these, in pixels."""
SOLID, HATCHED, DOTTED, OPEN = "solid", "hatched", "dotted", "open"
Point = tuple[float, float]
FILLS = (SOLID, HATCHED, DOTTED, OPEN)
_BAR, _BETWEEN, _BETWEEN_GROUPS = 36.0, 8.0, 26.0
_LEAST_BAND, _GAP, _NODE = 50.0, 44.0, 26.0


@dataclass(frozen=True)
class Bar:
    """One bar: how long, None where that is withheld, and what is written at its end."""

    value: int | None
    said: str


@dataclass(frozen=True)
class Flow:
    """Pupils from one outcome to another; None where their number is withheld."""

    before: str
    after: str
    said: str
    pupils: int | None
    fill: str


class Fills:
    """The patterns of one drawing, dark, slanting, dotted and open."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.name = name
        defs = sheet.add("defs")
        slant = self._pattern(sheet, defs, HATCHED, 14, "rotate(45)")
        sheet.add("rect", slant, width=14, height=14, fill="#f6d9c3")
        sheet.add("path", slant, d="M0 0v14", stroke=LIMIT, stroke_width=9)
        dots = self._pattern(sheet, defs, DOTTED, 12, "rotate(45)")
        sheet.add("rect", dots, width=12, height=12, fill=PAPER_WHITE)
        sheet.add("circle", dots, cx=6, cy=6, r=3, fill=INK)

    def _pattern(self, sheet: Sheet, defs: ET.Element, kind: str, size: int, turned: str) -> ET.Element:
        more: dict[str, object] = {"patternUnits": "userSpaceOnUse", "patternTransform": turned}
        return sheet.add("pattern", defs, id=f"{self.name}{kind}", width=size, height=size, **more)

    def style(self, kind: str) -> dict[str, object]:
        """How a shape of a kind is filled and framed."""
        fill = {SOLID: ROUTE, OPEN: "#ececec"}.get(kind, f"url(#{self.name}{kind})")
        return {"fill": fill, "stroke": INK, "stroke_width": 2}


def bars(name: str, title: str, about: str, series: Sequence[str], groups: Mapping[str, Sequence[Bar]]) -> Sheet:
    """Bars lying on their side, a group a heading, in each group one bar a series.

    Where there is but one series, what is below nought is hatched; its words have the minus in any case.
    """
    legend = 2 * EDGE + LEADING * len(series) + 10 if len(series) > 1 else EDGE
    labels = {label: wrapped(label, SIZE, WIDTH - 2 * EDGE, bold=True) for label in groups}
    group = len(series) * (_BAR + _BETWEEN) + _BETWEEN_GROUPS
    high = sum(len(lines) * LEADING + group for lines in labels.values())
    sheet = Sheet(title, about, (WIDTH, round(legend + high)), name)
    fills = Fills(sheet, name)
    if len(series) > 1:
        for number, label in enumerate(series):
            line = EDGE + number * LEADING
            sheet.add("rect", x=EDGE, y=line, width=44, height=24, **fills.style(FILLS[number]))
            sheet.words(EDGE + 60, line + 22, label, SIZE)
    most = max((abs(bar.value) for held in groups.values() for bar in held if bar.value), default=1)
    room = WIDTH - 3 * EDGE - max(width_of(bar.said, SIZE) for held in groups.values() for bar in held)
    top = float(legend)
    for label, held in groups.items():
        for line, said in enumerate(labels[label]):
            sheet.words(EDGE, top + line * LEADING + SIZE, said, SIZE, font_weight="bold")
        first = top + len(labels[label]) * LEADING + 6
        top += len(labels[label]) * LEADING + group
        for number, bar in enumerate(held):
            y = first + number * (_BAR + _BETWEEN)
            long = max(3.0, room * abs(bar.value) / most) if bar.value else 3.0
            style = fills.style(HATCHED if (bar.value or 0) < 0 and len(series) == 1 else FILLS[number])
            if bar.value is None:
                long, style = 40.0, {"fill": PAPER_WHITE, "stroke": INK, "stroke_width": 2, "stroke_dasharray": "6 5"}
            sheet.add("rect", x=EDGE, y=y, width=long, height=_BAR, **style)
            sheet.words(EDGE + long + 12, y + 28, bar.said, SIZE)
    return sheet


def flow(name: str, title: str, about: str, flows: Sequence[Flow], words: Mapping[str, str]) -> Sheet:
    """Bands from the outcomes before, at the left, to those after, at the right; `words` names them in order.

    A band is as thick as its share of the pupils, and never thinner than its words.
    """
    whole = sum(each.pupils or 0 for each in flows) or 1
    thick = {
        id(each): max(_LEAST_BAND, 420.0 * (each.pupils or 0) / whole, LEADING * len(_said(each)) + 10)
        for each in flows
    }
    left, right = 308.0, 692.0
    order = list(words)
    by_before = sorted(flows, key=lambda each: (order.index(each.before), order.index(each.after)))
    by_after = sorted(flows, key=lambda each: (order.index(each.after), order.index(each.before)))
    top = 2 * LEADING + EDGE
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    height = top
    for side, ordered, end in ((starts, by_before, "before"), (ends, by_after, "after")):
        y, last = float(top), ""
        for each in ordered:
            here = getattr(each, end)
            y += _GAP if last and here != last else 0
            side[id(each)], last = y, here
            y += thick[id(each)]
        height = max(height, round(y) + 2 * EDGE)
    sheet = Sheet(title, about, (WIDTH, height), name)
    fills = Fills(sheet, name)
    sheet.words(left - _NODE, LEADING, "Before", SIZE, font_weight="bold", text_anchor="end")
    sheet.words(right + _NODE, LEADING, "After", SIZE, font_weight="bold")
    for each in by_before:
        _band(sheet, fills, each, ((left, starts[id(each)]), (right, ends[id(each)])), thick[id(each)])
    for each in by_before:
        _label(sheet, each, left, starts[id(each)], thick[id(each)])
    for x, side, end in ((left, starts, "before"), (right, ends, "after")):
        for outcome, said in words.items():
            own = [each for each in flows if getattr(each, end) == outcome]
            if not own:
                continue
            first = min(side[id(each)] for each in own)
            last_y = max(side[id(each)] + thick[id(each)] for each in own)
            sheet.add("rect", x=x - _NODE / 2, y=first, width=_NODE, height=last_y - first, fill=INK)
            lines = wrapped(said, SIZE, left - _NODE - EDGE)
            at, anchor = (x - _NODE, "end") if x == left else (x + _NODE, "start")
            for number, line in enumerate(lines):
                y = (first + last_y) / 2 + LEADING * (number - (len(lines) - 1) / 2) + 9
                sheet.words(at, y, line, SIZE, text_anchor=anchor)
    return sheet


def _said(each: Flow) -> list[str]:
    return wrapped(each.said, SIZE, 340)


def _band(sheet: Sheet, fills: Fills, each: Flow, ends: tuple[Point, Point], thick: float) -> None:
    (x, y), (to_x, to_y) = ends
    half = (x + to_x) / 2
    edge = f"M{x:.0f} {y:.0f}C{half:.0f} {y:.0f} {half:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}"
    edge += f"v{thick:.0f}C{half:.0f} {to_y + thick:.0f} {half:.0f} {y + thick:.0f} {x:.0f} {y + thick:.0f}z"
    style = fills.style(each.fill) | {"stroke": GREY, "stroke_width": 2}
    if each.pupils is None:
        style |= {"stroke": INK, "stroke_dasharray": "10 7"}
    sheet.add("path", d=edge, **style)


def _label(sheet: Sheet, each: Flow, left: float, y: float, thick: float) -> None:
    """What a band says, at its beginning, where no two bands cross."""
    lines = _said(each)
    wide = max(width_of(line, SIZE) for line in lines) + 20
    x = left + _NODE + wide / 2
    middle = y + thick / 2
    high = LEADING * len(lines) + 2.0
    frame = {"x": x - wide / 2, "y": middle - high / 2, "width": wide, "height": high, "rx": 6}
    sheet.add("rect", **frame, fill=PAPER_WHITE, stroke=GREY, stroke_width=1)
    for number, line in enumerate(lines):
        foot = middle + LEADING * (number - (len(lines) - 1) / 2) + 9
        sheet.words(x, foot, line, SIZE, text_anchor="middle")
