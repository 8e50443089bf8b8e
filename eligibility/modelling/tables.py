"""The tables of a finished run: what was counted, and what follows from it, each as Parquet and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from eligibility.modelling.accounts import by_financial_year, in_year, savings
from eligibility.modelling.calibration import calibration
from eligibility.modelling.changes import CHANGES, NOBODY
from eligibility.modelling.decisive import key_decision
from eligibility.modelling.open_readings import MEASURED, OUTCOME
from eligibility.modelling.questions import Asker
from eligibility.modelling.readings import READING, WORTH
from eligibility.modelling.run_off import first_year
from eligibility.modelling.scenario import Scenario
from eligibility.modelling.unit_costs import UnitCosts
from eligibility.policy import Version


def finished(scenario: Scenario, asker: Asker, counted: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every table of a run from the sums over its pupils."""
    tables = {**counted, "unit_costs": unit_costs(scenario.costs)}
    tables["calibration"] = calibration(counted["outcomes"], scenario.options[0].id)
    if "run_off" in counted:
        tables["run_off"] = trimmed(counted["run_off"])
        tables["each_reading"] = ranked(counted["each_reading"], counted["readings"])
    by_option = [_of_option(scenario, asker, option, tables) for option in scenario.options]
    for name in by_option[0]:
        mine = (pl.lit(option.id).alias("option") for option in scenario.options)
        tables[name] = pl.concat([found[name].select(o, pl.all()) for o, found in zip(mine, by_option, strict=True)])
    return tables


def _of_option(
    scenario: Scenario, asker: Asker, option: Version, tables: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The tables that follow from those counted, of one option."""
    own = pl.col("option") == option.id
    found: dict[str, pl.DataFrame] = {}
    if "run_off" in tables:
        ways = scenario.ways(asker, option)
        saved = savings(tables["run_off"].filter(own), next(iter(ways), NOBODY), ways)
        starts = str(scenario.costs.financial_year_starts.value)
        division = in_year(scenario.policies, option, scenario.groups, starts)
        found["savings_by_school_year"] = saved
        found["savings_by_financial_year"] = by_financial_year(saved, division, first_year(option, scenario.groups))
    found["key_decision"] = key_decision(
        tables["outcomes"].filter(own), found.get("savings_by_school_year"), scenario.costs
    )
    return found


def trimmed(run_off: pl.DataFrame) -> pl.DataFrame:
    """A run-off up to the first year in which nobody is protected any more under any reading."""
    protected = pl.when(pl.col("change") == "protected").then(pl.col("year")).otherwise(-1).max()
    last = protected.over("option", "view") + 1
    return run_off.filter(pl.col("year") <= last)


def ranked(each: pl.DataFrame, combined: pl.DataFrame) -> pl.DataFrame:
    """Each reading with the most it is worth in any combination of the others, the one worth most first."""
    rows = [
        row | (dict.fromkeys(WORTH) if row["can_change"] == MEASURED else {}) | worth_at_most(row, combined)
        for row in each.iter_rows(named=True)
    ]
    found = pl.DataFrame(rows, schema={**each.schema, **dict.fromkeys(_MOST, pl.Int64)})
    order = [pl.col("saving_pence").abs(), pl.col("pupils")]
    by_worth = found.sort(
        [pl.col("option"), *order, pl.col("reading")], descending=[False, True, True, False], nulls_last=True
    )
    return by_worth.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("option").alias("rank"), *found.columns)


_MOST = ("most_carried", "most_saving_pence")
"""By how much the pupils carried under either version, and what is saved, differ at most for a reading."""


def worth_at_most(row: Mapping[str, Any], combined: pl.DataFrame) -> dict[str, int | None]:
    """By how much the carried and the savings differ at most for one reading, whatever the others are."""
    name = READING + row["reading"]
    if row["can_change"] != OUTCOME or name not in combined.columns:
        return dict.fromkeys(_MOST)
    others = [column for column in combined.columns if column.startswith(READING) and column != name]
    mine = combination_sums(combined.filter(pl.col("option") == row["option"]))
    there = mine.filter(pl.col(name) == row["other"])
    here = mine.filter(pl.col(name) != row["other"])
    pairs = here.join(there, on=others, suffix="_there", nulls_equal=True)
    carried, before, saved = (
        (pl.col(f"{sum_}_there") - pl.col(sum_)).abs().max()
        for sum_ in ("carried_after", "carried_before", "saving_pence")
    )
    return dict(zip(_MOST, pairs.select(pl.max_horizontal(carried, before), saved).row(0), strict=True))


def combination_sums(combined: pl.DataFrame) -> pl.DataFrame:
    """One row a combination of readings: pupils carried before and after, losers, winners, protected, what is saved."""
    keys = [name for name in combined.columns if name == "option" or name.startswith(READING)]

    def of(change: str, sum_: str) -> pl.Expr:
        return pl.col(sum_).filter(pl.col("change") == change).sum()

    return (
        combined.group_by(keys)
        .agg(
            pl.col("carried_before", "carried_after").sum(),
            *(of(change, "pupils").alias(change) for change in CHANGES),
            (of("loser", "pence_before") - of("winner", "pence_after")).alias("saving_pence"),
        )
        .sort(keys)
    )


def unit_costs(costs: UnitCosts) -> pl.DataFrame:
    """Every figure that the pounds rest on, as it is written in the file, with its source."""
    fields = ("name", "written", "unit", "source", "assumed")
    return pl.DataFrame([{field: getattr(figure, field) for field in fields} for figure in costs.figures()])


def write(tables: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Write every table as Parquet and as CSV, each in place only once it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        for ending, save in (("parquet", table.write_parquet), ("csv", _no_formula(table).write_csv)):
            unfinished = folder / f"{name}.{ending}.unfinished"
            save(unfinished)
            unfinished.replace(folder / f"{name}.{ending}")


def _no_formula(table: pl.DataFrame) -> pl.DataFrame:
    """A table whose words are taken for words by a spreadsheet: one that it would take for a formula has a ' before it.

    They come from a council's file, and a spreadsheet runs what begins with one of these characters.
    """
    return table.with_columns(pl.selectors.string().str.replace(r"^[=+\-@\t\r]", "'${0}"))


def read(folder: Path) -> dict[str, pl.DataFrame]:
    """The tables of a finished run, by name."""
    return {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
