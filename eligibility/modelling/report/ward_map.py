"""A map of wards where their borders are not known: each a circle at the middle of its pupils' homes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from eligibility.geography.drawing import INK, PAPER_WHITE, Sheet
from eligibility.lettering import width_of
from eligibility.modelling.people import DIMENSIONS
from eligibility.modelling.report.drawn import HATCHED, SIZE, WIDTH, Fills
from eligibility.modelling.report.withheld import MARK
from eligibility.modelling.run import Run, checked_path

_WARD, _EAST, _NORTH = DIMENSIONS["ward"], "home.easting", "home.northing"
_FEWEST = 20
"""The fewest pupils whose middle is drawn: that of a few would come near to a home."""
_KILOMETRE = 1000
_EDGE, _LARGEST, _SMALLEST, _OPEN = 110, 62.0, 22.0, 12.0
_TALLEST, _NAMED, _SIZE = 1400, 24, 25
Point = tuple[int, int]
Box = tuple[float, float, float, float]


def middles(run: Run) -> dict[str, Point]:
    """The middle of the homes of each ward's pupils, to a whole kilometre; nothing where homes are not at hand."""
    path = checked_path(run.folder)
    if not path.is_file():
        return {}
    population = pl.scan_parquet(path)
    if not {_WARD, _EAST, _NORTH} <= set(population.collect_schema().names()):
        return {}
    placed = population.select(_WARD, _EAST, _NORTH).drop_nulls().group_by(_WARD)
    found = placed.agg(pl.len().alias("pupils"), pl.col(_EAST, _NORTH).mean()).filter(pl.col("pupils") >= _FEWEST)
    whole = [(pl.col(name) / _KILOMETRE).round().cast(pl.Int64) for name in (_EAST, _NORTH)]
    return {ward: (east, north) for ward, east, north in found.select(_WARD, *whole).sort(_WARD).collect().iter_rows()}


def ward_map(name: str, title: str, places: Mapping[str, Point], counts: Mapping[str, int | None]) -> Sheet:
    """A circle a ward, as large as its number, which is written in it; dotted and small where that is withheld."""
    easts, norths = ([place[axis] for place in places.values()] for axis in (0, 1))
    wide, high = max(max(easts) - min(easts), 1), max(max(norths) - min(norths), 1)
    scale = min((WIDTH - 2 * _EDGE) / wide, _TALLEST / high)
    about = "; ".join(f"{ward}: {MARK if counts[ward] is None else counts[ward]}" for ward in places)
    sheet = Sheet(title, f"North is up. {about}", (WIDTH, round(high * scale) + 2 * _EDGE), name)
    style = Fills(sheet, name).style(HATCHED)
    taken: list[Box] = []
    most = max((count or 0 for count in counts.values()), default=1) or 1
    largest = max(_SMALLEST, _LARGEST * min(1.0, (_NAMED / len(places)) ** 0.5))
    left = (WIDTH - wide * scale) / 2
    at = {w: (left + (e - min(easts)) * scale, _EDGE + (max(norths) - n) * scale) for w, (e, n) in places.items()}
    numbers = []
    # Those without a number first, then the large before the small, so that none hides another or its number.
    for ward in sorted(places, key=lambda ward: (bool(counts[ward]), -(counts[ward] or 0))):
        count, (x, y) = counts[ward], at[ward]
        radius = max(_SMALLEST, largest * (count / most) ** 0.5) if count else _OPEN
        dashed = {"fill": PAPER_WHITE, "stroke": INK, "stroke_width": 2, "stroke_dasharray": "5 4"}
        sheet.add("circle", cx=x, cy=y, r=radius, **(style if count else dashed))
        if count:
            numbers.append((x, y, f"{count:,}"))
        if len(places) <= _NAMED:
            _name(sheet, taken, ward, (x, y), radius)
    for x, y, said in numbers:
        box = width_of(said, SIZE, bold=True) + 8
        sheet.add("rect", x=x - box / 2, y=y - 17, width=box, height=34, rx=6, fill=PAPER_WHITE)
        sheet.words(x, y + 10, said, SIZE, text_anchor="middle", font_weight="bold")
    return sheet


def _name(sheet: Sheet, taken: list[Box], ward: str, at: tuple[float, float], radius: float) -> None:
    """The name of a ward below its circle, or above it, wherever no other name is; the table has it in any case."""
    wide = width_of(ward, _SIZE)
    for foot in (at[1] + radius + 27, at[1] - radius - 8):
        box = (at[0] - wide / 2, foot - _SIZE, at[0] + wide / 2, foot + 4)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            sheet.words(float(at[0]), float(foot), ward, _SIZE, text_anchor="middle")
            return
