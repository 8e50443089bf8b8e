"""One small chart on a sheet: what is asked first, then row by row; yes goes right, no goes down."""

from __future__ import annotations

from eligibility.chart.overview import fit, foot, heading, state
from eligibility.chart.pen import SIZE, Pen, text
from eligibility.chart.picture import Picture, places
from eligibility.chart.routes import Box, Route
from eligibility.chart.tree import Chart
from eligibility.geography.drawing import HEIGHT, MARGIN, WIDTH, Sheet
from eligibility.lettering import width_of

_SIZE = (HEIGHT, WIDTH)
_LANE, _BETWEEN, _END = 70.0, 84.0, 430.0
_WIDEST = {1: 1000.0, 2: 720.0}
_HOW = "Start at the top. Follow the arrows; an answer is reached at a rounded frame."


def one_chart(picture: Picture, chart: Chart, page: int, pages: int) -> Sheet:
    """The sheet of a small chart, A4 on its side."""
    about = f"Chart {chart.number}. {chart.part}: {'; '.join(chart.titles)}. {_HOW}"
    sheet = Sheet(f"{picture.title}: chart {chart.number}", about, _SIZE, name=f"chart-{chart.number}-")
    top = heading(sheet, f"Chart {chart.number}. {chart.part}", f"{picture.title}. {_HOW}", _SIZE[0])
    bottom = _Chart(picture, chart, Pen(sheet)).draw(top)
    fit(sheet, bottom + MARGIN, _SIZE)
    foot(sheet, picture, page, pages, _SIZE)
    return sheet


class _Chart:
    def __init__(self, picture: Picture, chart: Chart, pen: Pen) -> None:
        self.picture, self.chart, self.pen = picture, chart, pen
        self.left, self.right = MARGIN + _LANE, _SIZE[0] - MARGIN
        after = places(picture.nodes)[id(chart)][1]
        self.after = f"No answer here: go on to {after}" if after else "No answer here: not entitled"

    def draw(self, y: float) -> float:
        above: float | None = None
        arriving = state(self.picture.reached(self.chart))
        for box in self.chart.lead:
            y = above = self._lead(box, y, above, arriving)
            arriving = state(self.picture.within(box))
        lane: float | None = None
        for row in self.chart.rows:
            y, lane = self._row(row, y, above, lane, arriving)
            above, arriving = None, state(self.picture.past(row))
        middle = y + 36
        if lane is not None:
            self.pen.way([(MARGIN, lane), (MARGIN, middle), (self.left, middle)], state=arriving)
        self.pen.label(self.left + 14, middle + 12, self.after, state=arriving)
        return middle + 40

    def _down(self, above: float | None, to: float, box: Box | None, arriving: str) -> None:
        """The arrow from the question before, where there is one, with its answer."""
        if above is None:
            return
        down = self.left + 60
        self.pen.way([(down, above), (down, to)], state=arriving)
        self.pen.label(down + 18, above + 44, "Yes" if box is None or box.goes_on else "No", state=arriving)

    def _lead(self, box: Box, y: float, above: float | None, arriving: str) -> float:
        """A question for the whole chart, as wide as leaves room for where its other answer leads."""
        if above is not None:
            y += 70
            before = self.chart.lead[self.chart.lead.index(box) - 1]
            self._down(above, y, before, arriving)
        width = self.right - self.left - width_of(self.after, SIZE) - 240
        held = text(list(self.picture.told(box).parts()), width)
        bottom = self.pen.box(self.left, y, width, held, state=state(self.picture.reached(box)))
        past = state(self.picture.past(box))
        middle, end = (y + bottom) / 2, self.left + width
        self.pen.way([(end, middle), (end + 130, middle)], state=past)
        self.pen.label(end + 40, middle - 14, "No" if box.goes_on else "Yes", state=past)
        self.pen.label(end + 146, middle + 12, self.after, state=past)
        return bottom

    def _row(self, row: Route, y: float, above: float | None, lane: float | None, arriving: str) -> tuple[float, float]:
        """A row; returns where the next may begin, and from where the lane goes on to it."""
        boxes = row.boxes
        y = self._title(row, y + 12, self.left + (190 if above is not None else 0))
        self._down(above, y, self.chart.lead[-1] if self.chart.lead else None, arriving)
        room = self.right - self.left - _END - _BETWEEN * len(boxes)
        width = min(_WIDEST.get(len(boxes), room), room / max(len(boxes), 1))
        held = [text(list(self.picture.told(box).parts()), width) for box in boxes]
        high = max([each.height for each in held], default=92.0)
        x = self.left
        entry = y + 46
        if lane is not None:
            self.pen.way([(MARGIN, lane), (MARGIN, entry), (x, entry)], state=arriving)
        mark = self.picture.mark_of(row)
        kind = "gone" if mark and mark.tag == "Withdrawn" else ""
        bus, middle = y + high + 62, y + 46
        for box, words in zip(boxes, held, strict=True):
            reached, past = state(self.picture.reached(box)), state(self.picture.past(box))
            within = state(self.picture.within(box))
            bottom = self.pen.box(x, y, width, words, state=reached, kind=kind)
            yes, no = ("Yes", "No") if box.goes_on else ("No", "Yes")
            last = box is boxes[-1]
            goal = self.right - _END if last else x + width + _BETWEEN
            self.pen.way([(x + width, middle), (goal, middle)], state=within)
            self.pen.label(x + width + 14, middle - 14, yes, state=within)
            foot_x = x + width / 2
            self.pen.way([(foot_x, bottom), (foot_x, bus), (MARGIN, bus)], state=past, arrow=False)
            self.pen.label(foot_x + 14, bottom + 40, no, state=past)
            x += width + _BETWEEN
        ends = "plain" if self.picture.way is None else self.picture.reached(row)
        self.pen.end(self.right - _END, middle, row.outcome, state=state(ends), width=_END, gone=bool(kind))
        return bus + 30, bus

    def _title(self, row: Route, y: float, x: float) -> float:
        """What a row is about, with its mark beside another version."""
        mark = self.picture.mark_of(row)
        baseline = y + 40
        if mark:
            x = self.pen.tag(x, baseline - 12, mark.tag) + 20
        said = f"{row.title}{f' ({mark.said})' if mark else ''}"
        self.pen.label(x, baseline, said, font_weight="bold")
        return baseline + 26
