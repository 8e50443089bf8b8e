"""The figures that an invented population is drawn with, each with its source or marked as assumed."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eligibility.geography.ground import Floats
from eligibility.marked_yaml import Marked, read

_NUMBER = re.compile(r"[0-9]*\.[0-9]+")
_FILE = Path(__file__).with_name("rates.yaml")


@dataclass(frozen=True)
class Rate:
    """One figure: its value, where it comes from, and what is assumed in it ("" where nothing is).

    `before_tuning` is the figure that was taken before this one was turned until a total fitted.
    """

    name: str
    value: Any
    source: str
    assumed: str
    before_tuning: Rate | None = None


@dataclass(frozen=True)
class Rates:
    """Every figure, by name."""

    by_name: Mapping[str, Rate]

    def number(self, name: str) -> float:
        """A single figure."""
        return float(self.by_name[name].value)

    def whole(self, name: str) -> int:
        """A single figure that is a whole number."""
        return int(self.by_name[name].value)

    def day(self, name: str) -> dt.date:
        """A figure that is a day."""
        value = self.by_name[name].value
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))

    def text(self, name: str) -> str:
        """A figure that is a word."""
        return str(self.by_name[name].value)

    def of(self, name: str, key: str | int) -> float:
        """One of several figures that stand under one name."""
        return float(self.by_name[name].value[str(key)])

    def shares(self, name: str) -> tuple[list[str], Floats]:
        """The keys of several figures, and the figures as shares of their sum."""
        found = self.by_name[name].value
        shares = np.array([float(each) for each in found.values()], dtype=np.float64)
        return list(found), shares / shares.sum()

    def untuned(self) -> Rates:
        """The figures as they were before any of them was turned until a total fitted."""
        return Rates({name: rate.before_tuning or rate for name, rate in self.by_name.items()})

    def told(self) -> dict[str, dict[str, Any]]:
        """Every figure with its source, in JSON types, as it goes with a population."""
        return {
            rate.name: {
                "value": _plain(rate.value),
                "source": rate.source,
                **({"assumed": rate.assumed} if rate.assumed else {}),
            }
            for rate in self.by_name.values()
        }


@functools.cache
def rates() -> Rates:
    """The figures of `rates.yaml`. Raises PolicyError, with line and column, where the file is wrong."""
    return read_rates(_FILE)


def read_rates(path: Path) -> Rates:
    """The figures of a file in the form of `rates.yaml`."""
    found = read(path, path.parent).mapping(("about", "rates"), ())["rates"].mapping()
    return Rates({name: _rate(name, mark) for name, mark in found.items()})


def _rate(name: str, mark: Marked) -> Rate:
    parts = mark.mapping(("value", "source"), ("assumed", "before_tuning"))
    source = mark.source(f"the rate {name}")
    assumed = parts["assumed"].text() if "assumed" in parts else ""
    if source == "none" and not assumed:
        raise mark.error(f"the rate {name} has neither a source nor what is assumed")
    before = _rate(name, parts["before_tuning"]) if "before_tuning" in parts else None
    return Rate(name, parts["value"].plain(), source, assumed, before)


def _plain(value: Any) -> Any:
    """A figure in JSON types: the file's own reader keeps numbers with a point as they are written."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
