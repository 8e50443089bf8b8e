"""What a pupil carried costs in a year: schedules of unit costs, each figure with its source, in whole pence.

The shipped file is `unit_costs.yaml` beside this module; a council edits a copy. The average of a pupil carried is not
what a council saves when that pupil is carried no longer: an empty seat on a bus that still runs saves nothing. Both
are worked out for each pupil, so that every sum adds up to the penny.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from eligibility.errors import UsageError, nearest
from eligibility.marked_yaml import Marked, read
from eligibility.modelling.about_columns import MAINSTREAM, MODE, SEND
from eligibility.policy_figures import read_value
from eligibility.units import MM_PER_MILE

SHIPPED = Path(__file__).with_name("unit_costs.yaml")
ROAD = "measured.road_mm"
_MODES = (MAINSTREAM, SEND)
_WHOLE = 100
_Amount = TypeVar("_Amount", int, pl.Expr)


@dataclass(frozen=True)
class Figure:
    """One figure: whole pence, a whole number or a day of the year, as it is written, and where it comes from."""

    name: str
    value: int | str
    written: str
    unit: str
    source: str
    assumed: str = ""

    @property
    def whole(self) -> int:
        """The figure as a whole number. Raises TypeError where it is a day."""
        if not isinstance(self.value, int):
            raise TypeError(f"{self.name} is not a whole number")
        return self.value


@dataclass(frozen=True)
class Schedule:
    """One way to put a price on a pupil carried: an average for each mode, or by the mile where the road is known."""

    id: str
    title: str
    a_year: Mapping[str, Figure]
    by_the_mile: Mapping[str, Figure]

    def pence_a_year(self) -> pl.Expr:
        """What a pupil costs who is carried, in whole pence a year; a mode not known is mainstream."""
        average = (
            pl.when(pl.col(MODE) == SEND)
            .then(pl.lit(self.a_year[SEND].whole, pl.Int64))
            .otherwise(pl.lit(self.a_year[MAINSTREAM].whole, pl.Int64))
        )
        if not self.by_the_mile:
            return average
        of_a_mile = 1
        for figure in self.by_the_mile.values():
            of_a_mile *= figure.whole
        by_road = _rounded(pl.col(ROAD) * of_a_mile, MM_PER_MILE)
        return pl.coalesce(by_road, average)


def _rounded(amount: _Amount, divisor: int) -> _Amount:
    """A division of whole numbers that are not below zero, half rounding up."""
    return (amount + divisor // 2) // divisor


@dataclass(frozen=True)
class UnitCosts:
    """A file of unit costs, and the schedule of it that a run is priced by."""

    file: str
    hash: str
    schedule: Schedule
    schedules: Mapping[str, Schedule]
    saved: Mapping[str, Figure]
    financial_year_starts: Figure
    key_amount: Figure
    key_wards: Figure

    def saved_pence(self, pence: pl.Expr) -> pl.Expr:
        """What of a pupil's cost is saved when that seat falls empty, in whole pence."""
        share = (
            pl.when(pl.col(MODE) == SEND)
            .then(pl.lit(self.saved[SEND].whole, pl.Int64))
            .otherwise(pl.lit(self.saved[MAINSTREAM].whole, pl.Int64))
        )
        return _rounded(pence * share, _WHOLE)

    def a_year_pence(self) -> dict[str, int]:
        """The average of a pupil carried by each mode, in whole pence a year."""
        return {mode: figure.whole for mode, figure in self.schedule.a_year.items()}

    def empty_seat_pence(self) -> dict[str, int]:
        """What of that average is saved when the seat falls empty, in whole pence."""
        return {mode: _rounded(pence * self.saved[mode].whole, _WHOLE) for mode, pence in self.a_year_pence().items()}

    def figures(self) -> Iterator[Figure]:
        """Every figure that a run with these costs rests on."""
        yield from self.schedule.a_year.values()
        yield from self.schedule.by_the_mile.values()
        yield from self.saved.values()
        yield from (self.financial_year_starts, self.key_amount, self.key_wards)


def read_unit_costs(path: Path = SHIPPED, schedule: str = "") -> UnitCosts:
    """Read a file of unit costs; `schedule` names another of its schedules than the one it chooses.

    Raises PolicyError for a mistake in the file, with its line, and UsageError for a schedule that it has not.
    """
    keys = read(path).mapping(
        ("chosen", "schedules", "saved_by_an_empty_seat", "financial_year_starts", "key_decision"), ()
    )
    schedules = {name: _schedule(name, mark) for name, mark in keys["schedules"].mapping().items()}
    if keys["chosen"].text() not in schedules:
        wrong = keys["chosen"].text()
        raise keys["chosen"].error(f"there is no schedule {wrong}{nearest(wrong, schedules)}")
    if schedule and schedule not in schedules:
        raise UsageError(f"{path.name} has no schedule {schedule}{nearest(schedule, schedules)}")
    saved = keys["saved_by_an_empty_seat"].mapping(_MODES, ())
    key = keys["key_decision"].mapping(("amount", "wards"), ())
    return UnitCosts(
        path.name,
        "sha256:" + hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest(),
        schedules[schedule or keys["chosen"].text()],
        schedules,
        {mode: _share(f"saved_by_an_empty_seat, {mode}", mark) for mode, mark in saved.items()},
        _figure("financial_year_starts", keys["financial_year_starts"], "day of the year"),
        _figure("key_decision, amount", key["amount"], "pounds"),
        _figure("key_decision, wards", key["wards"], ""),
    )


def _schedule(name: str, mark: Marked) -> Schedule:
    by_mile = ("a_mile", "journeys_a_day", "days_a_year")
    keys = mark.mapping(("title", "a_year"), by_mile)
    given = [key for key in by_mile if key in keys]
    if given and len(given) < len(by_mile):
        raise mark.error(f"a schedule by the mile needs {', '.join(by_mile)}")
    a_year = keys["a_year"].mapping(_MODES, ())
    return Schedule(
        name,
        keys["title"].text(),
        {mode: _figure(f"{name}, a year, {mode}", item, "pounds") for mode, item in a_year.items()},
        {key: _figure(f"{name}, {key}", keys[key], "pounds" if key == "a_mile" else "") for key in given},
    )


def _share(name: str, mark: Marked) -> Figure:
    figure = _figure(name, mark, "percent")
    if not 0 <= figure.whole <= _WHOLE:
        raise mark.value["value"].error("a share is a whole number of percent, 0 to 100")
    return figure


def _figure(name: str, mark: Marked, unit: str) -> Figure:
    keys = mark.mapping(("value", "source"), ("assumed",))
    value = read_value(keys["value"], unit, ()) if unit else keys["value"].whole()
    if not isinstance(value, int | str):
        raise keys["value"].error(f"expected {unit or 'a whole number'}")
    return Figure(
        name,
        value,
        keys["value"].raw or str(keys["value"].plain()),
        unit,
        mark.source(name),
        keys["assumed"].text() if "assumed" in keys else "",
    )
