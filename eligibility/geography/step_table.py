"""The steps of a route as a table on a map: how far along each street, and how far in all."""

from __future__ import annotations

from itertools import accumulate

from eligibility import wording
from eligibility.geography.drawing import INK, MARGIN, WIDTH, Sheet, width_of
from eligibility.geography.model import Route
from eligibility.geography.said import called, metres_of

_WIDE = WIDTH - 2 * MARGIN
_ROW, _MOST_ROWS = 33.0, 26


class StepTable:
    """The steps of a route in columns: number, street, metres, and how far in all in metres and miles."""

    def __init__(self, route: Route, limit: int | None) -> None:
        steps = route.steps
        self.columns = 1 if len(steps) <= 6 else 2 if len(steps) <= 44 else 3
        self.size = 24.0 if self.columns < 3 else 19.0
        totals = list(accumulate(step.mm for step in steps))
        self.rows = [
            (str(number), name, metres_of(step.mm), metres_of(total), _miles(total, limit))
            for number, (name, step, total) in enumerate(zip(called(route), steps, totals, strict=True), start=1)
        ]
        most = _MOST_ROWS * self.columns
        self.left_out = max(0, len(self.rows) - most)
        self.rows = self.rows[:most]
        self.deep = -(-len(self.rows) // self.columns)
        self.height = (self.deep + 1) * _ROW + (_ROW if self.left_out else 0)

    def draw(self, sheet: Sheet, top: float) -> None:
        """The table on a sheet, its head at `top`."""
        wide = (_WIDE - 40 * (self.columns - 1)) / self.columns
        if self.columns == 1:
            wide = _WIDE * 0.7
        miles = wide
        total = miles - self._widest(4, "miles") - self.size
        metres = total - self._widest(3, "in all") - self.size
        for column in range(self.columns):
            left = MARGIN + column * (wide + 40)
            y = top + 10
            heads = (
                ("Street", 50.0, "start"),
                ("metres", metres, "end"),
                ("in all", total, "end"),
                ("miles", miles, "end"),
            )
            for word, x, anchor in heads:
                sheet.words(left + x, y, word, self.size, text_anchor=anchor, font_weight="bold")
            sheet.add("path", d=f"M{left:.0f} {y + 9:.0f}h{wide:.0f}", stroke=INK, stroke_width=2)
            for row in self.rows[column * self.deep : (column + 1) * self.deep]:
                y += _ROW
                number, street, *figures = row
                sheet.words(left + 36, y, number, self.size, text_anchor="end", font_weight="bold")
                room = metres - 50 - self._widest(2, "metres") - self.size
                sheet.words(left + 50, y, _cut(street, self.size, room), self.size)
                for figure, x in zip(figures, (metres, total, miles), strict=True):
                    sheet.words(left + x, y, figure, self.size, text_anchor="end")
        if self.left_out:
            sheet.words(
                MARGIN,
                top + self.height,
                f"and {self.left_out} more steps, in the list of steps beside this map",
                self.size,
            )

    def _widest(self, column: int, head: str) -> float:
        return max([width_of(head, self.size, bold=True), *(width_of(row[column], self.size) for row in self.rows)])


def _miles(mm: int, limit: int | None) -> str:
    shown = wording.miles(mm, limit).split()[0]
    whole, _, part = shown.partition(".")
    return f"{whole}.{part:0<3}"


def _cut(text: str, size: float, room: float) -> str:
    while width_of(text, size) > room and len(text) > 4:
        text = text[:-2].rstrip(" …") + "…"
    return text
