"""A map of many wards: each filled by how many pupils it has, in three steps that are told apart without colour."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from eligibility.geography.drawing import INK, PAPER_WHITE, Sheet, path_of
from eligibility.geography.ground import Floats
from eligibility.lettering import width_of
from eligibility.modelling.report.drawn import DOTTED, EDGE, HATCHED, LEADING, SIZE, SOLID, WIDTH, Fills
from eligibility.modelling.report.withheld import MARK

_STEPS = (DOTTED, HATCHED, SOLID)
_TALLEST = 1400
_NAMED, _SMALL = 12, 22
"""How many wards are named, and the size of the letters."""
Box = tuple[float, float, float, float]


def shaded_map(
    name: str,
    title: str,
    shapes: Mapping[str, shapely.Geometry],
    counts: Mapping[str, int | None],
    names: Mapping[str, str] | None = None,
) -> Sheet:
    """The wards, their `shapes` in metres of the grid, filled by the number of each; white where there is none.

    The steps hold about as many wards each; a number that is withheld is white too. The wards with the largest numbers
    have their `names` written on them, as far as they have one and there is room.
    """
    steps = _steps([count for ward in shapes if (count := counts[ward])])
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(list(shapes.values())))
    scale = min((WIDTH - 2 * EDGE) / max(east - west, 1.0), _TALLEST / max(north - south, 1.0))
    legend = EDGE + LEADING * (len(steps) + 1) + EDGE
    names = names or {}
    about = "; ".join(f"{names.get(ward, ward)}: {MARK if counts[ward] is None else counts[ward]}" for ward in shapes)
    sheet = Sheet(title, f"North is up. {about}", (WIDTH, round((north - south) * scale) + legend + EDGE), name)
    fills = Fills(sheet, name)
    none = {"fill": PAPER_WHITE, "stroke": INK, "stroke_width": 2}
    keys = [(fills.style(kind), f"{low:,}" if low == high else f"{low:,} to {high:,}") for kind, low, high in steps]
    for number, (style, said) in enumerate([*keys, (none, f"none, or {MARK}")]):
        sheet.add("rect", x=EDGE, y=EDGE + number * LEADING, width=44, height=24, **style)
        sheet.words(EDGE + 60, EDGE + number * LEADING + 22, said, SIZE)
    left = (WIDTH - (east - west) * scale) / 2

    def on_sheet(metres: Floats) -> Floats:
        placed: Floats = (metres - np.array([west, north])) * np.array([scale, -scale]) + np.array([left, legend])
        return placed

    for ward, found in shapes.items():
        count = counts[ward]
        kind = next((kind for kind, low, high in steps if count and low <= count <= high), None)
        style = fills.style(kind) if kind else none
        if kind == SOLID:
            style = style | {"stroke": PAPER_WHITE}  # a dark border is not seen between two dark wards
        sheet.add("path", d=path_of([shapely.transform(found, on_sheet)]), stroke_linejoin="round", **style)
    largest = sorted((-count, ward) for ward in shapes if ward in names and (count := counts[ward]))
    taken: list[Box] = []
    for _, ward in largest[:_NAMED]:
        _write(sheet, taken, names[ward], shapely.transform(shapes[ward], on_sheet))
    return sheet


def _write(sheet: Sheet, taken: list[Box], said: str, ward: shapely.Geometry) -> None:
    """Words in a white box on a ward, or below one that they would hide, unless they would hide others."""
    wide = width_of(said, _SMALL) + 10
    west, _, east, south = shapely.bounds(ward).tolist()
    on_it = shapely.point_on_surface(ward)
    x, y = on_it.x, on_it.y if east - west > wide else south + _SMALL + 2
    x = min(max(x, wide / 2), WIDTH - wide / 2)
    box = (x - wide / 2, y - _SMALL, x + wide / 2, y + 10)
    if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
        return
    taken.append(box)
    sheet.add("rect", x=box[0], y=box[1], width=wide, height=box[3] - box[1], rx=4, fill=PAPER_WHITE)
    sheet.words(x, y, said, _SMALL, text_anchor="middle")


def _steps(numbers: list[int]) -> list[tuple[str, int, int]]:
    """Up to three steps: how one is filled, its lowest number and its highest."""
    held = sorted(numbers)
    found: list[tuple[str, int, int]] = []
    for place, kind in enumerate(_STEPS):
        part = held[len(held) * place // len(_STEPS) : len(held) * (place + 1) // len(_STEPS)]
        # A number stands in one step alone.
        part = [number for number in part if not found or number > found[-1][2]]
        if part:
            found.append((kind, part[0], part[-1]))
    return found
