"""The maps for a letter and for an appeal panel: one route with its steps, and what is within reach of a school."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import shapely
from shapely.ops import substring

from eligibility import wording
from eligibility.geography.base_map import Ways, name_places, name_streets, square
from eligibility.geography.drawing import (
    HEIGHT,
    INK,
    MARGIN,
    PAPER_WHITE,
    ROUTE,
    WIDTH,
    Sheet,
    Window,
    north_arrow,
    path_of,
    scale_bar,
    width_of,
    wrapped,
)
from eligibility.geography.labels import Labels
from eligibility.geography.measure import How
from eligibility.geography.model import Route
from eligibility.geography.reach import Reached, reach
from eligibility.geography.said import UNSAFE_WAY, called, hash_of, how_measured, metres_of, source_of
from eligibility.geography.step_table import StepTable

if TYPE_CHECKING:
    from eligibility.geography.area import Area

_WIDE = WIDTH - 2 * MARGIN
_TOP, _FOOT = 300.0, HEIGHT - 90.0
_NOTE = 25.0
_ESTIMATES = {"postcode_centre": "its postcode's centre", "geocoded": "as a geocoding service placed it"}
_LEAST_MAP = 1_000.0
_KEY = 195.0  # the strip of scale and legend below the map


def route_map(area: Area, route: Route, limits: Sequence[int] = ()) -> str:
    """One route as SVG for an A4 page: map, scale, steps, and how it was measured.

    `limits` are walking distances in millimetres, whose reach around the school is drawn. Neither a name, an address
    nor a postcode of the home stands in it.
    """
    school = area.school(route.urn).name
    figure = f"{_figure(route, limits)} {_mode(route)}"
    length = figure if route.safe else f"{UNSAFE_WAY} {figure}"
    kind = "walking route" if route.mode == "walk" else "road route"
    sheet = Sheet(
        f"{school}: {length if route.safe else f'no safe walking route; {length}'}",
        f"Map of the shortest {kind if route.safe else 'way on foot, part of it unsafe,'} from the home to {school}, "
        f"{figure}, by {len(route.steps)} steps: "
        + "; ".join(f"{name} {wording.metres(step.mm)}" for name, step in zip(called(route), route.steps, strict=True))
        + ".",
    )
    heading = f"{kind.capitalize() if route.safe else f'No safe {kind}'} to {school}"
    sheet.words(MARGIN, 170, heading, _fitting(heading, 58), font_weight="bold")
    by = " by the ways known" if route.at_least_mm < route.length_mm else ""
    under = f"{length[:1].upper()}{length[1:]} ({metres_of(route.length_mm)} metres{by})"
    sheet.words(MARGIN, 240, under, _fitting(under, 42))
    notes = [*how_measured(area, route), *source_of(area)]
    if limits:
        notes.insert(1, _BROKEN)
    foot = _FOOT - _height(notes)
    table = StepTable(route, _closest(route.length_mm, limits))
    foot -= table.height + 30
    window = Window((MARGIN, _TOP, _WIDE, max(_LEAST_MAP, foot - _KEY - 40 - _TOP)), route.line, 0.09)
    below = window.box[1] + window.box[3]
    how = How(route.measure_from, route.school_entrance, route.on if route.safe else None)
    reached = [reach(area, route.urn, limit, how) for limit in limits] if route.mode == "walk" else []
    ways = Ways(sheet, window, area, how.on, reached)
    labels = Labels(sheet, window)
    _route(sheet, window, labels, route)
    ways.name_limits(labels)
    name_streets(labels, window, area, [step.street for step in route.steps])
    name_places(labels, window, area)
    if reached:
        notes[1] = _drawn(ways)
    _key(ways, below)
    table.draw(sheet, below + _KEY + 30)
    _notes(sheet, notes)
    return str(sheet)


def reach_map(area: Area, reached: Sequence[Reached], how: How | None = None) -> str:
    """Everywhere within some distances of a school on foot, as SVG for an A4 page."""
    how = how or How()
    inner = sorted(reached, key=lambda each: each.limit_mm)
    school = area.school(inner[0].urn).name
    listed = wording.listed([wording.miles(each.limit_mm) for each in inner])
    sheet = Sheet(
        f"{school}: within {listed} on foot", f"Map of every way from which {school} is within {listed} on foot."
    )
    sheet.words(MARGIN, 170, school, _fitting(school, 58), font_weight="bold")
    sheet.words(MARGIN, 240, f"Everywhere within {listed} on foot, along the network", 42)
    ends = area.ends(how.school_entrance).of_school(list(area.schools).index(inner[0].urn))
    entrances = list(zip(ends.lon.tolist(), ends.lat.tolist(), strict=True))
    widest = [point for line in inner[-1].lines for point in line] or entrances
    entrance = (
        "its nearest gate" if bool(ends.is_gate.any()) else "where the network passes nearest to the register's point"
    )
    notes = [
        _BROKEN,
        f"Measured along the walking network to {entrance}"
        + (f", leaving out what is unsafe to walk on {wording.date(how.on)}" if how.on else "")
        + ". A home's own way to the network counts besides and is not drawn; near the edge, measure the home itself.",
        hash_of(area),
        *source_of(area),
    ]
    foot = _FOOT - _height(notes)
    window = Window((MARGIN, _TOP, _WIDE, foot - _KEY - 40 - _TOP), [*widest, *entrances], 0.02)
    ways = Ways(sheet, window, area, how.on, inner)
    labels = Labels(sheet, window)
    for x, y in window.of(entrances).tolist():
        square(sheet, x, y, 30)
        labels.take(shapely.box(x - 22, y - 22, x + 22, y + 22))
    x, y = window.of(entrances)[0].tolist()
    labels.near(x, y, "School", 32, 24, font_weight="bold")
    ways.mark_ends()
    ways.name_limits(labels)
    name_places(labels, window, area)
    name_streets(labels, window, area, ())
    notes[0] = _drawn(ways)
    _key(ways, window.box[1] + window.box[3])
    _notes(sheet, notes)
    return str(sheet)


def _route(sheet: Sheet, window: Window, labels: Labels, route: Route) -> None:
    line = shapely.LineString(window.of(route.line)) if len(route.line) > 1 else None
    (home_x, home_y), (end_x, end_y) = window.of([route.line[0], route.line[-1]]).tolist()
    if line is not None:
        data = path_of([line])
        how: dict[str, Any] = {"d": data, "fill": "none", "stroke_linejoin": "round", "stroke_linecap": "round"}
        sheet.root.remove(labels.halos)
        sheet.root.remove(labels.texts)
        sheet.add("path", **how, stroke=PAPER_WHITE, stroke_width=19)
        sheet.add("path", **how, stroke=ROUTE, stroke_width=11, id="route")
        sheet.root.extend([labels.halos, labels.texts])
        labels.keep_clear(line.buffer(9))
    sheet.add("circle", cx=home_x, cy=home_y, r=16, fill=PAPER_WHITE, stroke=INK, stroke_width=9, id="home")
    square(sheet, end_x, end_y, 32)
    for x, y in ((home_x, home_y), (end_x, end_y)):
        labels.take(shapely.box(x - 22, y - 22, x + 22, y + 22))
    for x, y, says in (
        (home_x, home_y, ["Home", *([f"Home ({_ESTIMATES[route.home]})"] if route.home in _ESTIMATES else [])]),
        (end_x, end_y, ["School", *(["School gate"] if route.to_gate else [])]),
    ):
        any(labels.near(x, y, text, 32, away, font_weight="bold") for text in reversed(says) for away in (26, 45, 70))
    if line is not None:
        _number(sheet, labels, route, line)


def _number(sheet: Sheet, labels: Labels, route: Route, line: shapely.LineString) -> None:
    """The steps' numbers beside the route, and the names of its streets along it."""
    per_mm = line.length / max(route.length_mm, 1)
    begins = [0, *accumulate(step.mm for step in route.steps)]
    pieces = [substring(line, low * per_mm, high * per_mm) for low, high in pairwise(begins)]
    for number, piece in enumerate(pieces, start=1):
        _one_number(sheet, labels, str(number), piece)
    done: set[str] = set()
    order = sorted(range(len(pieces)), key=lambda place: -pieces[place].length)
    for place in order:
        street, piece = route.steps[place].street, pieces[place]
        if not street or street in done or not isinstance(piece, shapely.LineString):
            continue
        middle = piece.interpolate(0.5, normalized=True)
        if labels.along(piece, street, 27.0, (30.0, -30.0, 40.0, -40.0), font_weight="bold") or labels.near(
            middle.x, middle.y, street, 27.0, 24.0, font_weight="bold"
        ):
            done.add(street)


def _one_number(sheet: Sheet, labels: Labels, number: str, piece: Any) -> None:
    for share in (0.5, 0.3, 0.7, 0.15, 0.85):
        on = piece.interpolate(share, normalized=True)
        for away in (34.0, 50.0, 70.0):
            for dx, dy in ((0, -1), (0, 1), (1, 0), (-1, 0), (0.7, -0.7), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7)):
                x, y = on.x + dx * away, on.y + dy * away
                if labels.free(shapely.Point(x, y).buffer(19)):
                    sheet.add("path", d=f"M{on.x:.0f} {on.y:.0f}L{x:.0f} {y:.0f}", stroke=INK, stroke_width=3)
                    sheet.add("circle", cx=float(x), cy=float(y), r=17, fill=PAPER_WHITE, stroke=INK, stroke_width=3)
                    sheet.words(float(x), float(y) + 8, number, 23, text_anchor="middle", font_weight="bold")
                    labels.take(shapely.Point(x, y).buffer(20))
                    return


def _key(ways: Ways, below: float) -> None:
    scale_bar(ways.sheet, ways.window, MARGIN, below + 34)
    north_arrow(ways.sheet, WIDTH - MARGIN - 40, below + 80)
    ways.legend(MARGIN + 760, below + 36)


def _notes(sheet: Sheet, notes: Sequence[str]) -> None:
    y = _FOOT - _height(notes) + _NOTE
    for note in notes:
        y = sheet.paragraph(y, note, _NOTE, fill="#333333") + 4


def _height(notes: Sequence[str]) -> float:
    return sum(len(wrapped(note, _NOTE, _WIDE)) * _NOTE * 1.35 + 4 for note in notes)


_BROKEN = (
    "The broken line shows where the named distance from the school ends as one walks along the network. It is drawn "
    "to be looked at; the measured figure decides."
)


def _drawn(ways: Ways) -> str:
    """What the limits on a map mean, or on which side of them all of it lies."""
    if ways.limits:
        return _BROKEN
    least = ways.reached[0].limit_mm
    for each in ways.reached:
        if any(f"within {wording.miles(each.limit_mm)}" in says for says in ways.kinds):
            return f"All ways on this map are within {wording.miles(each.limit_mm)} of the school on foot."
    return f"No way on this map is within {wording.miles(least)} of the school on foot."


def _figure(route: Route, limits: Sequence[int]) -> str:
    """The distance in miles, or the two between which it lies where ways beyond the border could shorten it."""
    high, low = (wording.miles(mm, _closest(mm, limits)) for mm in (route.length_mm, route.at_least_mm))
    return high if route.at_least_mm == route.length_mm else f"between {low} and {high}"


def _mode(route: Route) -> str:
    return "on foot" if route.mode == "walk" else "by road"


def _closest(mm: int, limits: Sequence[int]) -> int | None:
    return min(limits, key=lambda limit: (abs(limit - mm), limit), default=None)


def _fitting(text: str, size: float) -> float:
    """The size at which a heading is no wider than the sheet."""
    return min(size, size * _WIDE / max(width_of(text, size, bold=True), 1.0))
