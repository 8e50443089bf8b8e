"""A map of wards: a circle each, within its border, or where that is not known at the middle of its pupils' homes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
import shapely

from eligibility.geography.drawing import GREY, INK, PAPER_WHITE, Sheet, path_of
from eligibility.geography.ground import Floats
from eligibility.lettering import width_of
from eligibility.modelling.people import DIMENSIONS
from eligibility.modelling.report.drawn import HATCHED, SIZE, WIDTH, Fills
from eligibility.modelling.report.ward_areas import WardAreas
from eligibility.modelling.report.withheld import MARK
from eligibility.modelling.run import Run, checked_path

_WARD, _EAST, _NORTH = DIMENSIONS["ward"], "home.easting", "home.northing"
_FEWEST = 20
"""The fewest pupils whose middle is drawn: that of a few would come near to a home."""
_KILOMETRE = 1000
_EDGE, _LARGEST, _SMALLEST, _OPEN = 110, 62.0, 22.0, 12.0
_TALLEST, _SIZE = 1400, 25
NAMED = 24
"""The most wards whose names are written on a map."""
Point = tuple[float, float]
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


def inside(areas: WardAreas) -> dict[str, Point]:
    """A place inside each ward, in kilometres, for its circle."""
    points = {ward: shapely.point_on_surface(found) for ward, found in areas.shapes.items()}
    return {ward: (point.x / _KILOMETRE, point.y / _KILOMETRE) for ward, point in points.items()}


def ward_map(
    name: str,
    title: str,
    places: Mapping[str, Point],
    counts: Mapping[str, int | None],
    *,
    shapes: Mapping[str, shapely.Geometry],
    names: Mapping[str, str],
) -> Sheet:
    """A circle a ward, as large as its number, which is written in it; dotted and small where that is withheld.

    `places` are in kilometres of the grid, the `shapes` of wards, where they are known, in metres. `names` are what is
    written where a ward is known by its code.
    """
    borders = [shapely.transform(shapes[ward], _kilometres) for ward in places if ward in shapes]
    corners = [*places.values(), *(corner for each in borders for corner in _corners(each))]
    easts, norths = ([corner[axis] for corner in corners] for axis in (0, 1))
    wide, high = max(max(easts) - min(easts), 1), max(max(norths) - min(norths), 1)
    scale = min((WIDTH - 2 * _EDGE) / wide, _TALLEST / high)
    about = "; ".join(f"{names.get(ward, ward)}: {MARK if counts[ward] is None else counts[ward]}" for ward in places)
    sheet = Sheet(title, f"North is up. {about}", (WIDTH, round(high * scale) + 2 * _EDGE), name)
    style = Fills(sheet, name).style(HATCHED)
    taken: list[Box] = []
    most = max((count or 0 for count in counts.values()), default=1) or 1
    largest = max(_SMALLEST, _LARGEST * min(1.0, (NAMED / len(places)) ** 0.5))
    left = (WIDTH - wide * scale) / 2
    at = {w: (left + (e - min(easts)) * scale, _EDGE + (max(norths) - n) * scale) for w, (e, n) in places.items()}
    drawn = [shapely.transform(each, _on_sheet(left - min(easts) * scale, _EDGE + max(norths) * scale, scale))
             for each in borders]  # fmt: skip
    for each in drawn:
        sheet.add("path", d=path_of([each]), fill="#f4f4f4", stroke=GREY, stroke_width=2, stroke_linejoin="round")
    numbers = []
    radii: dict[str, float] = {}
    # Those without a number first, then the large before the small, so that none hides another or its number.
    for ward in sorted(places, key=lambda ward: (bool(counts[ward]), -(counts[ward] or 0))):
        count, (x, y) = counts[ward], at[ward]
        radius = max(_SMALLEST, largest * (count / most) ** 0.5) if count else _OPEN
        dashed = {"fill": PAPER_WHITE, "stroke": INK, "stroke_width": 2, "stroke_dasharray": "5 4"}
        sheet.add("circle", cx=x, cy=y, r=radius, **(style if count else dashed))
        taken.append((x - radius, y - radius, x + radius, y + radius))
        radii[ward] = radius
        if count:
            numbers.append((x, y, f"{count:,}"))
    for ward in places if len(places) <= NAMED else ():
        _name(sheet, taken, names.get(ward, ward), at[ward], radii[ward])
    for x, y, said in numbers:
        box = width_of(said, SIZE, bold=True) + 8
        sheet.add("rect", x=x - box / 2, y=y - 17, width=box, height=34, rx=6, fill=PAPER_WHITE)
        sheet.words(x, y + 10, said, SIZE, text_anchor="middle", font_weight="bold")
    return sheet


def _kilometres(metres: Floats) -> Floats:
    return metres / _KILOMETRE


def _corners(found: shapely.Geometry) -> tuple[Point, Point]:
    west, south, east, north = shapely.bounds(found).tolist()
    return (west, south), (east, north)


def _on_sheet(left: float, top: float, scale: float) -> Callable[[Floats], Floats]:
    """From kilometres of the grid to places on the sheet, whose second axis points down."""
    return lambda kilometres: kilometres * np.array([scale, -scale]) + np.array([left, top])


def _name(sheet: Sheet, taken: list[Box], ward: str, at: tuple[float, float], radius: float) -> None:
    """The name of a ward below, above or beside its circle, where no circle or name is; the table has it anyway."""
    wide = width_of(ward, _SIZE)
    beside = wide / 2 + radius + 8
    corners = [(side * beside, foot) for foot in (radius, -radius + 18) for side in (1, -1)]
    for aside, foot in ((0.0, radius + 27), (0.0, -radius - 8), (beside, 9.0), (-beside, 9.0), *corners):
        x, y = float(at[0] + aside), float(at[1] + foot)
        box = (x - wide / 2, y - _SIZE + 4, x + wide / 2, y + 4)
        inside_sheet = box[0] >= 0 and box[2] <= WIDTH
        if inside_sheet and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            sheet.words(x, y, ward, _SIZE, text_anchor="middle")
            return
