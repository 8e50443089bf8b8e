"""Lines from a lowest to a highest figure with the mean between them: how far draws of one county differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eligibility.geography.drawing import GREY, INK, PAPER_WHITE, Sheet
from eligibility.modelling.report.drawn import EDGE, HATCHED, LEADING, SIZE, WIDTH, Fills

_HIGH, _ROW = 26.0, 3 * LEADING + 24
_END = 0.999


@dataclass(frozen=True)
class Range:
    """One figure: its name, what is said of it, the mean, the lowest and highest draw, and where one more would fall.

    `numbers` are these five in that order, in one unit; each figure is drawn on a scale of its own from nought.
    """

    name: str
    said: str
    numbers: tuple[float, float, float, float, float]


def ranges(name: str, title: str, about: str, figures: Sequence[Range]) -> Sheet:
    """A figure a row: a thin line where one more draw would fall, a bar from the lowest to the highest, a mark."""
    legend = EDGE + 3 * LEADING + 16
    sheet = Sheet(title, about, (WIDTH, legend + _ROW * len(figures)), name)
    style = Fills(sheet, name).style(HATCHED)
    keys = ("Lowest to highest", "Where one more would fall, nineteen times in twenty", "Mean")
    for number, key in enumerate(keys):
        y = EDGE + number * LEADING + 12.0
        if number == 0:
            sheet.add("rect", x=EDGE, y=y - 12, width=44, height=24, **style)
        elif number == 1:
            _whisker(sheet, EDGE, EDGE + 44.0, y)
        else:
            _mark(sheet, EDGE + 22.0, y)
        sheet.words(EDGE + 60, y + 10, key, SIZE)
    for number, figure in enumerate(figures):
        top = legend + number * _ROW
        sheet.words(EDGE, top + SIZE, figure.name, SIZE, font_weight="bold")
        sheet.words(EDGE, top + SIZE + LEADING, figure.said, SIZE)
        mean, lowest, highest, first, last = figure.numbers
        least, most = min(0.0, first, lowest), max(last, highest, 0.0)
        scale = (WIDTH - 2 * EDGE) * _END / ((most - least) or 1)
        at = [EDGE + (value - least) * scale for value in (mean, lowest, highest, first, last, 0.0)]
        y = top + SIZE + LEADING + 34.0
        sheet.add("path", d=f"M{EDGE} {y:.0f}H{WIDTH - EDGE}", stroke=GREY, stroke_width=1, stroke_dasharray="2 6")
        sheet.add("path", d=f"M{at[5]:.0f} {y - 18:.0f}v36", stroke=GREY, stroke_width=2)
        _whisker(sheet, at[3], at[4], y)
        sheet.add("rect", x=at[1], y=y - _HIGH / 2, width=max(at[2] - at[1], 3.0), height=_HIGH, **style)
        _mark(sheet, at[0], y)
    return sheet


def _whisker(sheet: Sheet, start: float, end: float, y: float) -> None:
    sheet.add("path", d=f"M{start:.0f} {y - 9:.0f}v18M{start:.0f} {y:.0f}H{end:.0f}M{end:.0f} {y - 9:.0f}v18",
              stroke=INK, stroke_width=3, fill="none")  # fmt: skip


def _mark(sheet: Sheet, x: float, y: float) -> None:
    sheet.add("path", d=f"M{x:.0f} {y - 16:.0f}l12 16-12 16-12-16z", fill=PAPER_WHITE, stroke=INK, stroke_width=3)
