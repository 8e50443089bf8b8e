"""The reasons of the pupils behind a cell of a table: the officers' file, apart from what is published.

They are those of a decision on each, made on the day the cell is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from eligibility.assess import Assessor
from eligibility.decision import Decision
from eligibility.modelling.cells import Cell
from eligibility.modelling.population_rows import cases_of
from eligibility.modelling.questions import the_change_moved
from eligibility.modelling.run import checked_path
from eligibility.modelling.scenario import Scenario

_GRANTED, _STARTED = "award.granted_on", "school.started_on"


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
