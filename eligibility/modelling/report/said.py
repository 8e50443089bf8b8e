"""The words of a report: changes, outcomes, cells."""

from __future__ import annotations

from eligibility.modelling.report.blocks import Cell
from eligibility.modelling.report.withheld import MARK
from eligibility.phrases import capital

CHANGED = {
    "loser": "Lose free travel",
    "winner": "Gain free travel",
    "protected": "Keep it by legitimate expectation",
    "officer": "An officer decides under one of the two",
    "not_known": "Not known: more must be told",
    "unchanged": "Unchanged",
}
OUTCOMES = {
    "entitled": "Entitled",
    "refer": "An officer decides",
    "not_entitled": "Not entitled",
    "need_information": "More information needed",
}

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
