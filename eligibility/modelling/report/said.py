"""The words in which a run is told, on a page or a terminal: changes, outcomes, figures, cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from eligibility import wording
from eligibility.modelling.report.blocks import Cell
from eligibility.modelling.report.withheld import MARK
from eligibility.phrases import capital

CHANGED = {
    "loser": "Lose free travel",
    "winner": "Gain free travel",
    "protected": "Keep it by legitimate expectation",
    "officer": "An officer decides under one of the two",
    "not_known": "Not known: more information is needed",
    "unchanged": "Unchanged",
}
OUTCOMES = {
    "entitled": "Entitled",
    "refer": "An officer decides",
    "not_entitled": "Not entitled",
    "need_information": "More information needed",
}

READINGS = (
    "Pupils: all for whom the outcome under either version, the change or a notice is then another. Saves more by: how "
    "much more a full year of the change then saves, or less. At most: by how much it differs, however the other "
    "readings are taken."
)
"""What the table of readings counts."""

_PROPER = ("england", "catholic", "christian")
"""Words of values that begin with a capital letter."""


def cell(count: int | None) -> Cell:
    """A number of pupils in a table."""
    return MARK if count is None else count


def plain(name: object) -> str:
    """A name in words."""
    return capital(str(name).replace("_", " "))


def value(name: str) -> str:
    """A value of a dimension in words; a code stays as it is."""
    words = " ".join(word.capitalize() if word in _PROPER else word for word in name.split("_"))
    return {"true": "Yes", "false": "No"}.get(name, capital(words))


def test_of(name: str) -> str:
    """A test of a key decision."""
    return capital(name.replace(", pence in a full year", ", most saved or spent in a full year"))


_A_LEAP_YEAR = 2000


def price(figure: Mapping[str, str]) -> str:
    """A figure of the unit costs with its unit, such as £1,210.53, 50% or 1 April."""
    written = figure["value"]
    match figure["unit"]:
        case "pounds":
            return wording.pounds(int(Decimal(written) * 100))
        case "percent":
            return f"{written}%"
        case "day of the year":
            day = dt.date.fromisoformat(f"{_A_LEAP_YEAR}-{written}")
            return f"{day.day} {day:%B}"
        case _:
            return f"{int(written):,}"
