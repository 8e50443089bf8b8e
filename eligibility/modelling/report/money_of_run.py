"""The sums of money that are published of a run, from its tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from eligibility.modelling.accounts import ASSURED, PROBABLE, TARGET, InYear, by_financial_year
from eligibility.modelling.changes import NOBODY
from eligibility.modelling.outcome_tables import ALL
from eligibility.modelling.report.money import Carriage, Cost, Costs, Money, Numbers, Prices, cost
from eligibility.modelling.report.still_protected import StillProtected
from eligibility.modelling.run_off import KEPT

_COUNTED = {"loser": "lose", "winner": "gain", "protected": "protected"}


def money_of(
    outcomes: pl.DataFrame,
    run_off: pl.DataFrame,
    shown: Mapping[str, int | None],
    protected: StillProtected,
    prices: Prices,
) -> Money:
    """The sums of one option: its outcomes, its run-off, the totals and the numbers protected that are published."""
    kept = run_off.filter(pl.col("view") == KEPT) if run_off.height else run_off
    years = dict(kept.select("year", "school_year").unique().sort("year").iter_rows()) if kept.height else {}
    later = {
        (way, year): _numbers(kept.filter((pl.col("reading") == way) & (pl.col("year") == year)))
        for way in (*protected.ways, NOBODY)
        for year in years
    }
    costs = Costs(
        lose=cost(_by_mode(outcomes, "loser", "before"), prices),
        gain=cost(_by_mode(outcomes, "winner", "after"), prices),
        protected=cost(_by_mode(outcomes, "protected", "before"), prices),
    )
    still = {(way, year): count for (view, way, year), count in protected.shown.items() if view == KEPT}
    today = _numbers(outcomes.filter(pl.col("dimension") == ALL))
    return Money(today, shown, later, still, costs, protected.ways, years)


def _numbers(counted: pl.DataFrame) -> Numbers:
    found = dict(counted.group_by("change").agg(pl.col("pupils").sum()).iter_rows())
    return Numbers(**{field: int(found.get(change, 0)) for change, field in _COUNTED.items()})


def _by_mode(outcomes: pl.DataFrame, change: str, when: str) -> dict[str, Carriage]:
    """The pupils of a change by mode; where the modes are not known, all together."""
    sums = ("pupils", f"entitled_{when}", f"carried_{when}", f"pence_{when}", f"seat_pence_{when}")
    found = _modes(outcomes.filter(pl.col("change") == change)).select("value", *sums)
    return {mode: Carriage(*numbers) for mode, *numbers in found.iter_rows()}


def _modes(outcomes: pl.DataFrame) -> pl.DataFrame:
    modes = outcomes.filter(pl.col("dimension") == "mode")
    return modes if modes.height else outcomes.filter(pl.col("dimension") == ALL)


def cost_of_the_carried(outcomes: pl.DataFrame, prices: Prices) -> Cost:
    """What a pupil costs who is carried under the version held now."""
    by_mode: dict[str, Carriage] = {}
    for mode, *numbers in (
        _modes(outcomes).select("value", "carried_before", "pence_before", "seat_pence_before").iter_rows()
    ):
        by_mode[mode] = by_mode.get(mode, Carriage()) + Carriage(numbers[0], *numbers)
    return cost(by_mode, prices)


def school_years(money: Money) -> pl.DataFrame:
    """What each school year saves: target, probable and assured, in pence."""
    return pl.DataFrame(
        [
            {
                "year": year,
                "school_year": label,
                f"{TARGET}_pence": money.saved(NOBODY, year),
                f"{PROBABLE}_pence": money.saved(money.chosen, year),
                f"{ASSURED}_pence": money.least(year),
            }
            for year, label in money.years.items()
        ]
    )


def financial_years(by_school_year: pl.DataFrame, division: InYear) -> pl.DataFrame:
    """The same in years of accounts."""
    first = int(by_school_year.item(0, "school_year").partition("/")[0])
    return by_financial_year(by_school_year, division, first)
