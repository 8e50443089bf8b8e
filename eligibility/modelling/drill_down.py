"""From a cell of a table to the pupils behind it and their reasons: the officers' file, apart from what is published.

The pupils of a cell are found by asking the question again that the table was counted from. Their reasons are those of
a decision on each, made on the day the cell is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from eligibility.assess import Assessor
from eligibility.decision import Decision
from eligibility.errors import UsageError, nearest
from eligibility.modelling.changes import SETTLED
from eligibility.modelling.outcome_tables import ALL, late_marks
from eligibility.modelling.part import Part
from eligibility.modelling.population_rows import cases_of
from eligibility.modelling.questions import Asker, the_change_moved
from eligibility.modelling.readings import READING
from eligibility.modelling.run import checked_path
from eligibility.modelling.run_off import FOLLOWED, KEPT, first_year
from eligibility.modelling.scenario import Scenario
from eligibility.policy import Version
from eligibility.reading_names import EXPECTATION

FOUND = ("row", "reference", "before", "after", "change", "ground_before", "ground_after", "kept")
"""What is told of each pupil of a cell, beside what a table counts by."""
_GRANTED, _STARTED = "award.granted_on", "school.started_on"


@dataclass(frozen=True)
class Cell:
    """The pupils of a cell: their rows, the day and the years by which the change lies back, the two versions."""

    pupils: pl.DataFrame
    old: Version
    option: Version
    on: dt.date | None
    years_ago: int = 0


def cell(scenario: Scenario, folder: Path, table: str, where: Mapping[str, str]) -> Cell:
    """The pupils behind a cell of a table of a run: those for whom every column in `where` has the value given.

    A column left out of `where` leaves all its values in. Raises UsageError for a table whose cells are no pupils, and
    for a column or value that it has not.
    """
    if table not in _TABLES:
        raise UsageError(f"the cells of {table} are no pupils{nearest(table, _TABLES)}; expected {', '.join(_TABLES)}")
    option = _option(scenario, where)
    population = pl.read_parquet(checked_path(folder))
    part = scenario.part(population, Asker(scenario.policies))
    return _TABLES[table](part, option, {name: value for name, value in where.items() if name != "option"})


def _option(scenario: Scenario, where: Mapping[str, str]) -> Version:
    options = {option.id: option for option in scenario.options}
    name = where.get("option") or next(iter(options))
    if name not in options:
        raise UsageError(f"the run has no option {name}{nearest(name, options)}; expected {', '.join(options)}")
    return options[name]


def _outcomes(part: Part, option: Version, where: dict[str, str]) -> Cell:
    answer = part.ask(option)
    changed = part.changed(part.read(part.ask(part.old), part.old), part.read(answer, option))
    dimension, value = where.pop("dimension", ALL), where.pop("value", ALL)
    if dimension != ALL:
        where[dimension if dimension in changed.columns else f"by:{dimension}"] = value
    return Cell(_those(changed, where), part.old, option, part.on)


def _late(part: Part, option: Version, where: dict[str, str]) -> Cell:
    answer = part.ask(option)
    changed = part.changed(part.read(part.ask(part.old), part.old), part.read(answer, option))
    kind = where.pop("kind", None)
    notice = next((each for each in part.book(option).notices if kind in (None, each.id)), None)
    if notice is None:
        raise UsageError(f"{option.id} gives no such notice")
    dimension, value = where.pop("dimension", ALL), where.pop("value", ALL)
    if dimension != ALL:
        where[f"by:{dimension}"] = value
    marked = changed.hstack(answer.select(*late_marks(answer.columns, part.book(option), notice)))
    return Cell(_those(marked.filter(pl.col("after") == "entitled"), where), part.old, option, part.on)


def _run_off(part: Part, option: Version, where: dict[str, str]) -> Cell:
    year = int(where.pop("year", "0"))
    view, way = where.pop("view", KEPT), where.pop("reading", SETTLED)
    where.pop("school_year", None)
    if view == FOLLOWED and year:
        there = part.people.filter(pl.col("year_group") + year <= pl.col("last_year_group"))
        day = dt.date(first_year(option, part.groups) + year, *part.groups.starts)
        rows = there.get_column("row")
        found = part.in_later_years((part.old, option), {year: (day, rows)}) if len(rows) else []
        old, new = found or (part.ask(part.old).clear(), part.ask(option).clear())
        pupils = part.changed(part.read(old, part.old), part.read(new, option, way), there)
        return Cell(_those(pupils, where), part.old, option, day)
    asked = [part.question(part.old), part.question(option, years_ago=year)]
    answers = dict(part.ask_all(asked, long_held=view == KEPT))
    old, new = (answers[question] for question in asked)
    pupils = part.changed(part.read(old, part.old), part.read(new, option, way))
    return Cell(_those(pupils, where), part.old, option, part.on, year)


def _readings(part: Part, option: Version, where: dict[str, str]) -> Cell:
    choices = {name.removeprefix(READING): where.pop(name) for name in list(where) if name.startswith(READING)}
    way = choices.pop(EXPECTATION, SETTLED)
    named = tuple(sorted(choices.items()))
    asked = [part.question(version, choices=named) for version in (part.old, option)]
    found = dict(part.ask_all(asked))
    old, new = (found[question] for question in asked)
    changed = part.changed(part.read(old, part.old), part.read(new, option, way))
    return Cell(_those(changed, where), part.old, option, part.on)


_TABLES = {
    "outcomes": _outcomes,
    "transitions": _outcomes,
    "late_notices": _late,
    "run_off": _run_off,
    "readings": _readings,
}


def _those(changed: pl.DataFrame, where: Mapping[str, str]) -> pl.DataFrame:
    known = {name.removeprefix("by:"): name for name in changed.columns}
    for given, value in where.items():
        name = known.get(given.removeprefix("by:"))
        if name is None:
            raise UsageError(f"the table has no column {given}{nearest(given, known)}")
        held = pl.col(name).cast(pl.String)
        changed = changed.filter((held.fill_null("") if name == "kept" else held) == value)
    by = [name for name in changed.columns if name.startswith("by:")]
    return changed.select(*FOUND, *(pl.col(name).alias(name.removeprefix("by:")) for name in by))


def cases_behind(folder: Path, cell: Cell) -> pl.DataFrame:
    """The rows of the population behind a cell, as a population file has them."""
    population = pl.scan_parquet(checked_path(folder))
    names = [name for name in population.collect_schema().names() if not name.startswith("fact_")]
    rows = cell.pupils.get_column("row")
    found = population.select(names).filter(pl.col("row").is_in(rows.implode())).sort("row").collect()
    if cell.years_ago and {_GRANTED, _STARTED} <= set(names):
        older = pl.min_horizontal(_GRANTED, _STARTED)
        by_then = pl.col(_GRANTED) <= cell.old.starts
        found = found.with_columns(pl.when(by_then).then(older).otherwise(pl.col(_GRANTED)).alias(_GRANTED))
    return found.drop("year_group") if cell.on is not None and "year_group" in names else found


def reasons(scenario: Scenario, cases: pl.DataFrame, cell: Cell) -> Iterator[tuple[Decision, Decision]]:
    """The decisions on the pupils behind a cell, under both versions, on the day the cell is about."""
    policies = scenario.policies
    if cell.years_ago:
        policies = the_change_moved(policies, cell.old, cell.option, cell.years_ago)
    with Assessor(policies=policies) as assessor:
        for case in cases_of(cases.drop("row")):
            yield assessor.compare(case, versions=(cell.old.id, cell.option.id), on=cell.on)
