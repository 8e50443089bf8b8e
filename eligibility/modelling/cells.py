"""From a cell of a table to the pupils behind it: the officers' file, apart from what is published.

They are found by asking the question again that the table was counted from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from eligibility.errors import UsageError, nearest
from eligibility.modelling.asked_cell import AskedCell
from eligibility.modelling.changes import SETTLED
from eligibility.modelling.decisive import AFFECTED, WARDS
from eligibility.modelling.open_readings import MEASURED
from eligibility.modelling.outcome_tables import late_marks, result_of
from eligibility.modelling.part import Part
from eligibility.modelling.people import NOT_GIVEN
from eligibility.modelling.questions import Asker
from eligibility.modelling.readings import READING, read_alone
from eligibility.modelling.run import checked_path, finished_run
from eligibility.modelling.run_off import FOLLOWED, KEPT, first_year
from eligibility.modelling.scenario import Scenario
from eligibility.policy import Version
from eligibility.reading_names import EXPECTATION

FOUND = ("row", "reference", "before", "after", "change", "ground_before", "ground_after", "kept")
"""What is told of each pupil of a cell, beside what a table counts by."""
OTHERWISE = ("before_otherwise", "after_otherwise", "change_otherwise")
"""The same with one reading read otherwise, where a cell is of what hangs on it."""
_LOSERS = "--table run_off --where view=kept --where change=loser"
_SUMS = {
    "savings_by_school_year": f"the pupils behind them are in {_LOSERS}, with a year and a reading",
    "savings_by_financial_year": f"the pupils behind them are in {_LOSERS}, with a year and a reading",
    "calibration": "the pupils behind what the run came to are in --table outcomes",
    "spread": "the pupils behind those of the first population are in --table outcomes",
    "unit_costs": "the pupils they are counted for are in --table outcomes",
}
"""Tables of sums and prices, and where the pupils behind them are."""


@dataclass(frozen=True)
class Cell:
    """The pupils of a cell: their rows, the day and the years by which the change lies back, the two versions."""

    pupils: pl.DataFrame
    old: Version
    option: Version
    on: dt.date | None
    years_ago: int = 0


def cell(scenario: Scenario, folder: Path, table: str, where: Mapping[str, str]) -> Cell:
    """The pupils behind one cell of a table of a run (`Cells.of`)."""
    return Cells(scenario, folder).of(table, where)


class Cells:
    """The cells of the tables of a finished run."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.scenario, self.folder = scenario, folder
        self._finders: dict[str, Callable[[Version, AskedCell], Cell]] = {
            "outcomes": self._outcomes,
            "transitions": self._outcomes,
            "grounds_met": self._grounds_met,
            "late_notices": self._late,
            "run_off": self._run_off,
            "key_decision": self._key_decision,
            "readings": self._readings,
            "each_reading": self._each_reading,
        }

    def of(self, table: str, where: Mapping[str, str]) -> Cell:
        """The pupils behind a cell: those for whom every column in `where` has the value given.

        A column left out of `where` leaves all its values in; a year is then that of the change, a reading the one
        chosen. Raises UsageError for a table whose cells are no pupils, for one that the run has not, and for a column
        or value that the table has not.
        """
        if table in _SUMS:
            raise UsageError(f"the cells of {table} are sums and no pupils; {_SUMS[table]}")
        if table not in self._finders:
            known = ", ".join(self._finders)
            raise UsageError(f"a run has no table {table}{nearest(table, self._finders)}; expected {known}")
        if table not in self._tables:
            raise UsageError(
                f"{self.folder}: this run has no table {table}; a brief one has no later years or readings"
            )
        option = self._option(where)
        books = [self._part.book(version) for version in (self.scenario.old, option)]
        rows = self._tables[table]
        if "option" in rows.columns:
            rows = rows.filter(pl.col("option") == option.id)
        asked = AskedCell(table, rows, {name: value for name, value in where.items() if name != "option"}, books)
        return self._finders[table](option, asked)

    @cached_property
    def _tables(self) -> dict[str, pl.DataFrame]:
        return finished_run(self.folder).tables

    @cached_property
    def _part(self) -> Part:
        population = pl.read_parquet(checked_path(self.folder))
        return self.scenario.part(population, Asker(self.scenario.policies))

    def _option(self, where: Mapping[str, str]) -> Version:
        options = {option.id: option for option in self.scenario.options}
        name = where.get("option") or next(iter(options))
        if name not in options:
            raise UsageError(f"the run has no option {name}{nearest(name, options)}; expected {', '.join(options)}")
        return options[name]

    def _today(self, option: Version) -> pl.DataFrame:
        """All pupils with what both versions say of them, as a decision settles it."""
        part = self._part
        return part.changed(part.read(part.ask(part.old), part.old), part.read(part.ask(option), option))

    def _cell(self, pupils: pl.DataFrame, option: Version, on: dt.date | None = None, years_ago: int = 0) -> Cell:
        by = [pl.col(name).alias(name.removeprefix("by:")) for name in pupils.columns if name.startswith("by:")]
        otherwise = [name for name in OTHERWISE if name in pupils.columns]
        return Cell(pupils.select(*FOUND, *otherwise, *by), self._part.old, option, on or self._part.on, years_ago)

    def _outcomes(self, option: Version, asked: AskedCell) -> Cell:
        return self._cell(asked.among(self._today(option)), option)

    def _grounds_met(self, option: Version, asked: AskedCell) -> Cell:
        if "ground" not in asked.where:
            raise UsageError("name a ground of grounds_met, such as --where ground=walking_distance")
        result = asked.take("result", "met")
        policy, ground = asked.take("policy"), asked.take("ground")
        asked.take("kind")
        versions = [version for version in (self._part.old, *self.scenario.options) if policy in ("", version.id)]
        option = next((each for each in self.scenario.options if each.id == policy), option)
        pupils = self._today(option)
        met = pl.Series("met", [False] * pupils.height, pl.Boolean)
        for version in versions:
            if ground in {each.rule.id for each in self._part.book(version).grounds}:
                met |= self._part.ask(version).select(result_of(ground) == result).to_series()
        return self._cell(asked.among(pupils.filter(met), every=pupils), option)

    def _late(self, option: Version, asked: AskedCell) -> Cell:
        answer, book = self._part.ask(option), self._part.book(option)
        kind = asked.take("kind")
        notice = next((each for each in book.notices if kind in ("", each.id)), None)
        if notice is None:
            raise UsageError(f"{option.id} gives no such notice")
        marked = self._today(option).hstack(answer.select(*late_marks(answer.columns, book, notice)))
        return self._cell(asked.among(marked.filter(pl.col("after") == "entitled"), every=marked), option)

    def _key_decision(self, option: Version, asked: AskedCell) -> Cell:
        if asked.take("test", WARDS) != WARDS:
            raise UsageError(f"this test of key_decision is a sum and no pupils; the pupils behind it are in {_LOSERS}")
        pupils = self._today(option)
        if "by:ward" not in pupils.columns:
            raise UsageError("the run knows no ward of any pupil, so none is counted")
        affected = (pl.col("by:ward") != NOT_GIVEN) & pl.col("change").is_in(AFFECTED)
        return self._cell(asked.among(pupils.filter(affected), every=pupils), option)

    def _run_off(self, option: Version, asked: AskedCell) -> Cell:
        part, year = self._part, asked.year()
        view, way = asked.take("view", KEPT), asked.take("reading", SETTLED)
        if view == FOLLOWED and year:
            there = part.people.filter(pl.col("year_group") + year <= pl.col("last_year_group"))
            day = dt.date(first_year(option, part.groups) + year, *part.groups.starts)
            rows = there.get_column("row")
            found = part.in_later_years((part.old, option), {year: (day, rows)}) if len(rows) else []
            old, new = found or (part.ask(part.old).clear(), part.ask(option).clear())
            pupils = part.changed(part.read(old, part.old), part.read(new, option, way), there)
            return self._cell(asked.among(pupils), option, day)
        questions = [part.question(part.old), part.question(option, years_ago=year)]
        answers = dict(part.ask_all(questions, long_held=view == KEPT))
        old, new = (answers[question] for question in questions)
        pupils = part.changed(part.read(old, part.old), part.read(new, option, way))
        return self._cell(asked.among(pupils), option, years_ago=year)

    def _readings(self, option: Version, asked: AskedCell) -> Cell:
        part = self._part
        named = [name for name in asked.where if name.startswith(READING)]
        choices = {name.removeprefix(READING): asked.take(name) for name in named}
        way = choices.pop(EXPECTATION, SETTLED)
        questions = [part.question(v, choices=tuple(sorted(choices.items()))) for v in (part.old, option)]
        found = dict(part.ask_all(questions))
        old, new = (found[question] for question in questions)
        return self._cell(asked.among(part.changed(part.read(old, part.old), part.read(new, option, way))), option)

    def _each_reading(self, option: Version, asked: AskedCell) -> Cell:
        row = asked.one_row("such as --where rank=1")
        name, other = row["reading"], row["other"]
        if row["can_change"] == MEASURED:
            raise UsageError(f"{name} was read when the distances were measured, so the run counts no pupils for it")
        for taken in ("rank", "reading", "other", "can_change"):
            asked.take(taken)
        readings = self.scenario.readings(self._part.asker, option)
        reading = next(each for each in readings if each.name == name)
        chosen, otherwise = read_alone(self._part, option, readings, reading, other)
        told = (otherwise.get_column(each.removesuffix("_otherwise")).alias(each) for each in OTHERWISE)
        return self._cell(asked.among(chosen.with_columns(*told)), option)
