"""Figures in words for people: miles, metres, dates, pounds. A figure never seems to cross a limit it did not cross."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from eligibility.units import MM_PER_MILE


def miles(mm: int, limit: int | None = None) -> str:
    """Miles to three decimals, or as many more as it takes to stay on the right side of `limit` (millimetres)."""
    exact = Decimal(mm) / MM_PER_MILE
    for places in range(3, 10):
        shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if limit is None or _side(shown * MM_PER_MILE, limit) == _side(Decimal(mm), limit):
            break
    text = format(shown, "f").rstrip("0").rstrip(".")
    return f"{text} mile{'' if text == '1' else 's'}"


def _side(value: Decimal, limit: int) -> int:
    return (value > limit) - (value < limit)


def closest(mm: int, limits: Sequence[int]) -> int | None:
    """The limit nearest to a distance, on whose side a printed figure has to stay."""
    return min(limits, key=lambda limit: abs(limit - mm), default=None)


def metres(mm: int) -> str:
    """Whole metres; below one metre, millimetres."""
    if abs(mm) < 1000:
        return f"{abs(mm)} millimetre{'' if abs(mm) == 1 else 's'}"
    shown = int((Decimal(abs(mm)) / 1000).to_integral_value(ROUND_HALF_UP))
    return f"{shown:,} metre{'' if shown == 1 else 's'}"


def margin(value: int, limit: int) -> str:
    """How far a distance is from its limit: "24 metres short of 3 miles"."""
    if value == limit:
        return f"exactly the limit of {miles(limit)}"
    far = abs(value - limit)
    size = miles(far) if far >= MM_PER_MILE else metres(far)
    return f"{size} {'more than' if value > limit else 'short of'} {miles(limit)}"


def date(day: dt.date) -> str:
    """4 September 2018."""
    return f"{day.day} {day:%B %Y}"


def pounds(pence: int) -> str:
    """£7,400, or £616.67."""
    return f"£{pence // 100:,}" + (f".{pence % 100:02d}" if pence % 100 else "")


def counted(count: int, thing: str) -> str:
    """1 ward, 1,200 wards."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def ordinal(number: int) -> str:
    """8th, 11th, 21st."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def listed(words: list[str], join: str = "and") -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {join} {words[-1]}" if words else ""


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text.strip()
    return (text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")) if text else text


def fill(template: str, value: Callable[[str], str]) -> str:
    """The template with every {name} replaced by `value(name)`."""
    return re.sub(r"\{(\w+)\}", lambda found: value(found.group(1)), template)
