"""A map of many wards: each filled by how many pupils it has, in three steps that are told apart without colour."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from eligibility.geography.drawing import INK, PAPER_WHITE, Sheet, path_of
from eligibility.geography.ground import Floats
from eligibility.modelling.report.drawn import DOTTED, EDGE, HATCHED, LEADING, SIZE, SOLID, WIDTH, Fills
from eligibility.modelling.report.withheld import MARK

_STEPS = (DOTTED, HATCHED, SOLID)
_TALLEST = 1400


def shaded_map(
    name: str, title: str, shapes: Mapping[str, shapely.Geometry], counts: Mapping[str, int | None]
) -> Sheet:
    """The wards, their `shapes` in metres of the grid, filled by the number of each; white where there is none.

    The steps hold about as many wards each; a number that is withheld is white too.
    """
    steps = _steps([count for ward in shapes if (count := counts[ward])])
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(list(shapes.values())))
    scale = min((WIDTH - 2 * EDGE) / max(east - west, 1.0), _TALLEST / max(north - south, 1.0))
    legend = EDGE + LEADING * (len(steps) + 1) + EDGE
    about = "; ".join(f"{ward}: {MARK if counts[ward] is None else counts[ward]}" for ward in shapes)
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
    return sheet


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
