"""The first sheet of a chart: the questions that all else hangs on, and which small chart to turn to."""

from __future__ import annotations

from collections.abc import Sequence

from eligibility.chart.pen import LIT, MAYBE, PLAIN, SIZE, UNLIT, Pen, text
from eligibility.chart.picture import Picture, places
from eligibility.chart.tree import Chart, Gate, Node
from eligibility.chart.walk import NOT_ENTITLED
from eligibility.geography.drawing import HEIGHT, INK, MARGIN, WIDTH, Sheet
from eligibility.lettering import wrapped
from eligibility.phrases import capital

_LANE, _STEP, _GAP = 76.0, 118.0, 64.0
_TITLE = 62
_HOW = "Start at the top. A chart gives an answer or sends you on."


def state(reached: object) -> str:
    """How something is drawn that the way of a pupil reaches, may reach, or does not."""
    return {True: LIT, None: MAYBE, "plain": PLAIN}.get(reached, UNLIT)  # type: ignore[call-overload,no-any-return]  # a bool, None or a word


def heading(sheet: Sheet, title: str, subtitle: str, width: int) -> float:
    """The title and what the sheet is; returns where the drawing may begin."""
    y = MARGIN + 20.0
    for line in _fit(title, _TITLE, width - 2 * MARGIN):
        sheet.words(MARGIN, y + 30, line, _TITLE, font_weight="bold")
        y += _TITLE * 1.2
    for line in _fit(subtitle, SIZE + 4, width - 2 * MARGIN, bold=False):
        sheet.words(MARGIN, y + 22, line, SIZE + 4)
        y += 50
    return y + 30


def _fit(said: str, size: float, width: float, *, bold: bool = True) -> list[str]:
    return wrapped(said, size, width, bold=bold)


def foot(sheet: Sheet, picture: Picture, page: int, pages: int, size: tuple[int, int]) -> None:
    """What the sheet was made from, and its number."""
    y = size[1] - 60
    sheet.words(MARGIN, y, picture.made_from, 25, fill=INK)
    sheet.words(size[0] - MARGIN, y, f"Sheet {page} of {pages}", 25, fill=INK, text_anchor="end")


def overview(picture: Picture, pages: int) -> Sheet:
    """The first sheet."""
    sheet = Sheet(f"{picture.title}: overview", picture.about, name="overview-")
    top = heading(sheet, picture.title, f"{picture.about} {_HOW}", WIDTH)
    bottom = _Overview(picture, Pen(sheet)).draw(top)
    fit(sheet, bottom + MARGIN, (WIDTH, HEIGHT))
    foot(sheet, picture, 1, pages, (WIDTH, HEIGHT))
    return sheet


def fit(sheet: Sheet, needed: float, size: tuple[int, int]) -> None:
    """Draw what has been drawn so far smaller where it would run over the foot of the sheet."""
    room = size[1] - 30.0
    if needed <= room:
        return
    share = room / needed
    drawn = [child for child in sheet.root if child.tag not in ("title", "desc", "rect")]
    group = sheet.add("g", transform=f"translate({size[0] * (1 - share) / 2:.1f} 0) scale({share:.4f})")
    for child in drawn:
        sheet.root.remove(child)
        group.append(child)


class _Overview:
    def __init__(self, picture: Picture, pen: Pen) -> None:
        self.picture, self.pen = picture, pen
        self.places = places(picture.nodes)

    def draw(self, top: float) -> float:
        y, lane = self._nodes(self.picture.nodes, 0, top + 20)
        middle = y + 50
        way = self.picture.way
        ends = "plain" if way is None else way.ends.get(NOT_ENTITLED, False)
        if lane is not None:
            self.pen.way([(self._lane(0), lane), (self._lane(0), middle), (self._left(0), middle)], state=state(ends))
        self.pen.end(self._left(0), middle, NOT_ENTITLED, state=state(ends))
        return middle + 60

    def _left(self, depth: int) -> float:
        return MARGIN + _LANE + depth * _STEP

    def _lane(self, depth: int) -> float:
        return self._left(depth) - _LANE

    def _nodes(self, nodes: Sequence[Node], depth: int, y: float) -> tuple[float, float | None]:
        """Draw nodes one below another; returns where they end, and from where the lane beside them goes on."""
        left, lane_x = self._left(depth), self._lane(depth)
        lane: float | None = None
        before: Node | None = None
        for node in nodes:
            top = y
            entry = top + 34
            if before is not None and lane is not None:
                arrives = state(self.picture.past(before))
                self.pen.way([(lane_x, lane), (lane_x, entry), (left, entry)], state=arrives)
            bottom = self._node(node, left, top)
            leave = bottom - 30
            if isinstance(node, Gate):
                box = node.box
                inner = self._left(depth + 1) + 60
                self.pen.way([(inner, bottom), (inner, bottom + _GAP)], state=state(self.picture.within(box)))
                yes, no = ("Yes", "No") if box.goes_on else ("No", "Yes")
                self.pen.label(inner + 16, bottom + 42, yes, state=state(self.picture.within(box)))
                past = state(self.picture.past(box))
                self.pen.label(lane_x + 8, leave - 10, no, state=past)
                inner_end, inner_lane = self._nodes(node.inside, depth + 1, bottom + _GAP)
                self.pen.way([(left, leave), (lane_x, leave), (lane_x, inner_end)], state=past, arrow=False)
                if inner_lane is not None:
                    x = self._lane(depth + 1)
                    last = state(self.picture.past(node.inside[-1]))
                    self.pen.way([(x, inner_lane), (x, inner_end), (lane_x, inner_end)], state=last, arrow=False)
                y, lane = inner_end + 40, inner_end
            else:
                past = state(self.picture.past(node))
                self.pen.way([(left, leave), (lane_x, leave)], state=past, arrow=False)
                y, lane = bottom + 44, leave
            before = node
        return y, lane

    def _node(self, node: Node, left: float, top: float) -> float:
        width = WIDTH - MARGIN - left
        reached = state(self.picture.reached(node.box if isinstance(node, Gate) else node))
        name = capital(self.places[id(node)][0])
        if isinstance(node, Gate):
            parts = [(name, "bold"), *self.picture.told(node.box).parts()]
            return self.pen.box(left, top, width, text(parts, width), state=reached)
        return self.pen.box(left, top, width, text(list(self._chart(node, name)), width), state=reached, kind="chart")

    def _chart(self, chart: Chart, name: str) -> list[tuple[str, str]]:
        parts = [(f"{name}: {chart.part}", "bold")]
        for row in chart.rows:
            mark = self.picture.mark_of(row)
            parts.append((f"{row.title}{f' ({mark.tag.lower()})' if mark else ''}", "item"))
        if self.picture.way is not None:
            ends = [row for row in chart.rows if self.picture.reached(row) is True]
            perhaps = [row for row in chart.rows if self.picture.reached(row) is None]
            said = "The answer is here" if ends else "The answer may be here" if perhaps else ""
            parts += [(said, "bold")] if said else []
        return parts
