"""The marks of a chart on a sheet: questions, ends, arrows. Told apart by their form and their words, not by colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from eligibility.geography.drawing import GREY, INK, PAPER_WHITE, ROUTE, Sheet
from eligibility.lettering import width_of, wrapped

SIZE, LEADING, INSIDE = 34, 45, 24
"""Of the words of a question, in tenths of a millimetre: about ten points; their lines; and the room around them."""
_PALE = "#595959"
_WASH = "#eef2fa"
LIT, MAYBE, PLAIN, UNLIT = "lit", "maybe", "plain", "unlit"
_LINES: dict[str, dict[str, object]] = {
    LIT: {"stroke": ROUTE, "stroke_width": 11},
    MAYBE: {"stroke": ROUTE, "stroke_width": 8, "stroke_dasharray": "26 14"},
    PLAIN: {"stroke": INK, "stroke_width": 4},
    UNLIT: {"stroke": GREY, "stroke_width": 3},
}
_GONE = {"stroke_dasharray": "14 10"}
Point = tuple[float, float]
ENDS: dict[str, str] = {"entitled": "Free travel", "refer": "An officer decides", "not_entitled": "Not entitled"}

OUTCOMES = {**ENDS, "need_information": "More information needed"}


@dataclass(frozen=True)
class Line:
    """A line of words in a box."""

    text: str
    bold: bool = False
    indent: float = 0


@dataclass(frozen=True)
class Text:
    """The words of a box, in lines that fit its width."""

    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        """How high a box around them is."""
        return len(self.lines) * LEADING + 2 * INSIDE - 6


def text(parts: Sequence[tuple[str, str]], width: float) -> Text:
    """Words in lines for a box of a width. A part is plain, `bold` or an `item` of a list."""
    lines: list[Line] = []
    for said, how in parts:
        bold, indent = how == "bold", 30.0 if how == "item" else 0.0
        for number, line in enumerate(wrapped(said, SIZE, width - 2 * INSIDE - indent, bold=bold)):
            mark = "• " if how == "item" and not number else ""
            lines.append(Line(mark + line, bold, indent - (width_of(mark, SIZE) if mark else 0)))
    return Text(tuple(lines))


class Pen:
    """Draws on a sheet: plain lines, above them those that a pupil takes, above them the boxes."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.under: ET.Element = sheet.add("g", fill="none", stroke_linejoin="round")
        self.over: ET.Element = sheet.add("g", fill="none", stroke_linejoin="round")
        self.boxes: ET.Element = sheet.add("g")

    def box(self, left: float, top: float, width: float, held: Text, *, state: str = PLAIN, kind: str = "") -> float:
        """A question, or with `kind` chart a small chart that is drawn elsewhere; returns where it ends below."""
        style = dict(_LINES[state])
        if kind == "gone":
            style |= _GONE
        fill = _WASH if kind == "chart" else PAPER_WHITE
        corner = 4 if kind == "chart" else 18
        shape = {"x": float(left), "y": float(top), "width": float(width), "height": float(held.height), "rx": corner}
        self.sheet.add("rect", self.boxes, **shape, fill=fill, **style)
        if kind == "chart":
            inner = {"x": left + 14, "y": top + 14, "width": width - 28, "height": held.height - 28, "rx": 2}
            self.sheet.add("rect", self.boxes, **inner, fill="none", stroke=GREY, stroke_width=2)
        self.words(left + INSIDE, top + INSIDE, held, pale=state == UNLIT)
        return top + held.height

    def words(self, left: float, top: float, held: Text, *, pale: bool = False) -> None:
        """Lines of words from a corner."""
        for number, line in enumerate(held.lines):
            more = {"font_weight": "bold"} if line.bold else {}
            y = top + number * LEADING + SIZE * 0.85
            colour = _PALE if pale else INK
            self.sheet.words(float(left + line.indent), float(y), line.text, SIZE, self.boxes, fill=colour, **more)

    def end(
        self, left: float, middle: float, outcome: str, *, state: str = PLAIN, width: float = 0, gone: bool = False
    ) -> float:
        """An outcome in a rounded frame; returns where it ends at its right. `gone`: no longer given."""
        said = ENDS[outcome]
        wide, high = max(width, width_of(said, SIZE, bold=True) + 70), 92.0
        dark = outcome == "entitled" and state != UNLIT and not gone
        style = dict(_LINES[state]) | (_GONE if gone else {})
        fill = INK if dark and state == PLAIN else ROUTE if dark else PAPER_WHITE
        frame = {"x": float(left), "y": middle - high / 2, "width": float(wide), "height": high, "rx": high / 2}
        self.sheet.add("rect", self.boxes, **frame, fill=fill, **style)
        colour = PAPER_WHITE if dark else _PALE if state == UNLIT else INK
        more = {"text_anchor": "middle", "font_weight": "bold", "fill": colour}
        self.sheet.words(left + wide / 2, middle + SIZE * 0.36, said, SIZE, self.boxes, **more)
        return left + wide

    def way(self, points: Sequence[Point], *, state: str = PLAIN, arrow: bool = True) -> None:
        """A line from point to point, with a head at its end."""
        into = self.over if state in (LIT, MAYBE) else self.under
        path = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
        self.sheet.add("path", into, d=path, **_LINES[state])
        if arrow:
            (x0, y0), (x, y) = points[-2:]
            across, along = (1 if x > x0 else -1 if x < x0 else 0), (1 if y > y0 else -1 if y < y0 else 0)
            back, side = (26 if state in (LIT, MAYBE) else 20), (15 if state in (LIT, MAYBE) else 11)
            foot = (x - across * back, y - along * back)
            head = f"M{x:.0f} {y:.0f}L{foot[0] + along * side:.0f} {foot[1] + across * side:.0f}"
            head += f"L{foot[0] - along * side:.0f} {foot[1] - across * side:.0f}z"
            self.sheet.add("path", into, d=head, fill=_LINES[state]["stroke"], stroke="none")

    def label(self, x: float, y: float, said: str, *, state: str = PLAIN, **more: object) -> None:
        """A word beside a line."""
        colour = _PALE if state == UNLIT else INK
        weight = {"font_weight": "bold"} if state in (LIT, MAYBE) else {}
        self.sheet.words(float(x), float(y), said, SIZE - 2, self.boxes, fill=colour, **weight, **more)

    def tag(self, left: float, middle: float, said: str) -> float:
        """A word in a dark frame, such as New; returns where it ends."""
        wide = width_of(said, SIZE - 4, bold=True) + 36
        frame = {"x": float(left), "y": middle - 27.0, "width": wide, "height": 54.0, "rx": 6}
        self.sheet.add("rect", self.boxes, **frame, fill=INK)
        more = {"font_weight": "bold", "fill": PAPER_WHITE, "text_anchor": "middle"}
        self.sheet.words(left + wide / 2, middle + 11, said, SIZE - 4, self.boxes, **more)
        return left + wide
