"""Names on a map: each where it can be read, none upon another, each in a halo."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from shapely.affinity import rotate

from eligibility.geography.drawing import INK, PAPER_WHITE, Sheet, Window, clean, width_of

_ALONG = (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9)
_STRAIGHT = 0.94  # of a name's length that its stretch of road must span in a straight line
_TURN = 180.0
_HALO = 0.6  # of the letters' size: wide enough that no road shows between two words
_ANCHORS = {-1: "end", 0: "middle", 1: "start"}


class Labels:
    """The names placed so far on a window of a sheet; nothing is placed upon another or across the frame."""

    def __init__(self, sheet: Sheet, window: Window) -> None:
        self.sheet, self.window = sheet, window
        self.halos, self.texts = sheet.add("g", stroke_linejoin="round"), sheet.add("g")
        self._frame = window.frame.buffer(-8)
        self._taken: list[shapely.Geometry] = []
        self._kept_clear: list[shapely.Geometry] = []

    def take(self, shape: shapely.Geometry) -> None:
        """Keep a place for something drawn there."""
        self._taken.append(shape)

    def keep_clear(self, shape: shapely.Geometry) -> None:
        """Put no name of a street upon this, such as the route, if it can be helped."""
        self._kept_clear.append(shape)

    def free(self, shape: shapely.Geometry, *, of_route: bool = True) -> bool:
        """Whether a shape lies in the frame and upon nothing."""
        around = [*self._taken, *(self._kept_clear if of_route else ())]
        return bool(self._frame.contains(shape)) and not bool(np.any(shapely.intersects(around, shape)))

    def along(
        self, line: shapely.LineString, text: str, size: float, beside: Sequence[float] = (0.0,), **how: Any
    ) -> bool:
        """Place a name along a line, on it or so many units beside it; False where it fits nowhere."""
        wide = _width(text, size, how)
        if line.length < wide:
            return False
        for share in _ALONG:
            begins = min(max(share * line.length - wide / 2, 0.0), line.length - wide)
            start, end = line.interpolate(begins), line.interpolate(begins + wide)
            across, down = end.x - start.x, end.y - start.y
            if math.hypot(across, down) < wide * _STRAIGHT:
                continue
            turn = math.degrees(math.atan2(down, across))
            turn -= _TURN if turn > _TURN / 2 else -_TURN if turn <= -_TURN / 2 else 0
            for off in beside:
                x = (start.x + end.x) / 2 + off * math.sin(math.radians(turn))
                y = (start.y + end.y) / 2 - off * math.cos(math.radians(turn))
                if self._put(x, y, text, size, turn=turn, how=how):
                    return True
        return False

    def near(self, x: float, y: float, text: str, size: float, away: float, **how: Any) -> bool:
        """Place a name level, beside a point: to the right, the left, above or below."""
        half = _width(text, size, how) / 2
        sides = [(away + half, 0.0, 1), (-away - half, 0.0, -1)]
        sides += [(0.0, -away - size / 2, 0), (0.0, away + size / 2, 0)]
        sides += [(sx * (away * 0.8 + half), sy * (away + size / 2), sx) for sx in (1, -1) for sy in (-1, 1)]
        return any(self._put(x + dx, y + dy, text, size, turn=0.0, how=how, side=side) for dx, dy, side in sides)

    def upon(self, x: float, y: float, text: str, size: float, **how: Any) -> bool:
        """Place a name level, with its middle at a point."""
        return self._put(x, y, text, size, turn=0.0, how=how)

    def _put(
        self, x: float, y: float, text: str, size: float, *, turn: float, how: dict[str, Any], side: int = 0
    ) -> bool:
        """Place a name with its middle at a point. `side` 1 or -1 begins or ends it where its box does, as it stands
        beside something: in a narrow font a name is shorter than its box.
        """
        half, high = _width(text, size, how) / 2, size * 0.55
        box = shapely.box(x - half, y - high, x + half, y + high)
        sin, cos = math.sin(math.radians(turn)), math.cos(math.radians(turn))
        turned = rotate(box, turn, origin=(x, y)) if turn else box
        if not self.free(turned):
            return False
        self.take(turned)
        foot = size * 0.34
        at_x, at_y = x - sin * foot - side * half, y + cos * foot
        given = {"text_anchor": _ANCHORS[side], **how}
        if turn:
            given["transform"] = f"rotate({turn:.1f} {at_x:.1f} {at_y:.1f})"
        self.write(at_x, at_y, text, size, **given)
        return True

    def write(self, x: float, y: float, text: str, size: float, **how: Any) -> None:
        """Words in a halo, without asking whether there is room."""
        halo = {"stroke": PAPER_WHITE, "stroke_width": round(size * _HALO, 1), "fill": PAPER_WHITE}
        self._text(self.halos, (x, y), text, size, {**how, **halo})
        self._text(self.texts, (x, y), text, size, {"fill": INK, **how})

    def _text(self, into: ET.Element, place: tuple[float, float], text: str, size: float, how: dict[str, Any]) -> None:
        x, y = (float(each) for each in place)
        self.sheet.add("text", into, x=x, y=y, font_size=float(size), **how).text = clean(text)


def _width(text: str, size: float, how: dict[str, Any]) -> float:
    return width_of(text, size, bold=how.get("font_weight") == "bold")


def by_street(streets: Sequence[str], lines: Sequence[Any]) -> list[tuple[str, shapely.LineString]]:
    """Each street's pieces joined up, its longest piece first of its own, streets by that piece's length."""
    held: dict[str, list[Any]] = {}
    for street, line in zip(streets, lines, strict=True):
        if street:
            held.setdefault(street, []).append(line)
    found: list[tuple[str, shapely.LineString]] = []
    for street, parts in sorted(held.items()):
        merged = shapely.line_merge(shapely.union_all(parts))
        pieces = [p for p in shapely.get_parts(merged).tolist() if isinstance(p, shapely.LineString)]
        pieces.sort(key=lambda piece: -piece.length)
        found += [(street, piece) for piece in pieces[:2]]
    return sorted(found, key=lambda each: (-each[1].length, each[0]))
