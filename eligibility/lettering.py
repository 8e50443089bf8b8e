"""How wide words are on paper, so that what is drawn around them holds them.

Measured in DejaVu Sans, the widest of the plain letters that a page asks for: in Arial, Helvetica or Liberation Sans
the same words take less room, never more.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

_WIDTHS = Path(__file__).parent / "pages" / "letters.json"
_UNKNOWN = 1000
"""Thousandths of its size for a letter that is not in the table: as wide as it is high."""


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of words is, in the unit of `size`."""
    widths = _widths()["bold" if bold else "regular"]
    return size * sum(widths.get(letter, _UNKNOWN) for letter in text) / 1000


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Words in lines of a width; a word that is wider is broken."""
    lines: list[str] = []
    for word in (part for whole in text.split() for part in _parts(whole, size, width, bold=bold)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _parts(word: str, size: float, width: float, *, bold: bool) -> list[str]:
    """A word in parts that each fit, though never less than a letter."""
    if width_of(word, size, bold=bold) <= width:
        return [word]
    parts = [""]
    for letter in word:
        if parts[-1] and width_of(parts[-1] + letter, size, bold=bold) > width:
            parts.append("")
        parts[-1] += letter
    return parts


@functools.cache
def _widths() -> dict[str, dict[str, int]]:
    held = json.loads(_WIDTHS.read_text(encoding="utf-8"))
    return {
        weight: {letter: int(width) for width, letters in held[weight].items() for letter in letters}
        for weight in ("regular", "bold")
    }
