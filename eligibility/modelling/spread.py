"""How far the figures of a run differ from one invented population to the next, and how sure one of them is.

Each population is one draw of the same county with another seed. The interval is that in which one more draw would
fall nineteen times in twenty, taking draws as normally spread.
"""

from __future__ import annotations

import polars as pl

from eligibility.modelling.changes import CHANGES
from eligibility.modelling.outcome_tables import ALL, STATUTORY

_SURE = 0.95


def measures(outcomes: pl.DataFrame, late: pl.DataFrame | None) -> pl.DataFrame:
    """The figures of one population that are compared: by option and measure, one value."""
    whole = outcomes.filter(pl.col("dimension") == ALL)
    rows = []
    for option in whole.get_column("option").unique(maintain_order=True).to_list():
        mine = whole.filter(pl.col("option") == option)
        figures = {
            name: int(mine.get_column(name).sum())
            for name in (
                "pupils",
                "entitled_before",
                "entitled_after",
                "carried_before",
                "carried_after",
                "pence_before",
            )
        }
        figures |= {change: _sum(mine, change, "pupils") for change in CHANGES}
        figures["saving_pence"] = _sum(mine, "loser", "pence_before") - _sum(mine, "winner", "pence_after")
        if late is not None:
            given = late.filter(
                (pl.col("option") == option) & (pl.col("dimension") == ALL) & (pl.col("notice") == "applies")
            )
            figures["late_notices"] = int(given.get_column("pupils").sum())
            on_statutory = given.filter(pl.col("carried_by") == STATUTORY)
            figures["late_notices_on_a_statutory_ground"] = int(on_statutory.get_column("pupils").sum())
        rows += [{"option": option, "measure": name, "value": value} for name, value in figures.items()]
    return pl.DataFrame(rows)


def _sum(counted: pl.DataFrame, change: str, column: str) -> int:
    return int(counted.filter(pl.col("change") == change).get_column(column).sum())


def spread(populations: list[pl.DataFrame]) -> pl.DataFrame:
    """By option and measure: the mean of several populations, the lowest, the highest, the deviation, the interval."""
    from scipy import stats  # it takes half a second to load, and most runs have one population

    number = len(populations)
    wide = float(stats.t.ppf((1 + _SURE) / 2, number - 1)) * (1 + 1 / number) ** 0.5
    value, deviation = pl.col("value"), pl.col("value").std()
    return (
        pl.concat(populations)
        .group_by("option", "measure", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("populations"),
            value.mean().alias("mean"),
            value.min().alias("lowest"),
            value.max().alias("highest"),
            deviation.alias("deviation"),
            (value.mean() - wide * deviation).alias("from"),
            (value.mean() + wide * deviation).alias("to"),
        )
    )
