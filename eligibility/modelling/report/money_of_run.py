"""The sums of money that are published of a run, from its tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from eligibility.modelling.accounts import ASSURED, PROBABLE, TARGET, InYear, by_financial_year
from eligibility.modelling.changes import NOBODY
from eligibility.modelling.outcome_tables import ALL
from eligibility.modelling.report.money import Carriage, Cost, Costs, Money, Numbers, Prices, carried, cost
from eligibility.modelling.report.still_protected import StillProtected
from eligibility.modelling.run_off import KEPT


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
    lose, gain, kept_by = (
        _by_mode(outcomes, change, when)
        for change, when in (("loser", "before"), ("winner", "after"), ("protected", "before"))
    )
    costs = Costs(lose=cost(lose, prices), gain=cost(gain, prices), protected=cost(kept_by, prices))
    told = Numbers(
        lose=carried(lose) if shown["loser"] else 0,
        gain=carried(gain) if shown["winner"] else 0,
        protected=shown["protected"] or 0,
    )
    still = {(way, year): count for (view, way, year), count in protected.shown.items() if view == KEPT}
    today = _numbers(outcomes.filter(pl.col("dimension") == ALL))
    return Money(today, told, later, still, costs, protected.ways, years)


def _numbers(counted: pl.DataFrame) -> Numbers:
    sums = (
        pl.col(column).filter(pl.col("change") == change).sum()
        for change, column in (("loser", "carried_before"), ("winner", "carried_after"), ("protected", "pupils"))
    )
    return Numbers(*counted.select(*(each.alias(str(place)) for place, each in enumerate(sums))).row(0))


def _by_mode(outcomes: pl.DataFrame, change: str, when: str) -> dict[str, Carriage]:
    """The pupils of a change by mode; where the modes are not known, all together."""
    sums = ("pupils", f"carried_{when}", f"pence_{when}", f"seat_pence_{when}")
    found = _modes(outcomes.filter(pl.col("change") == change)).select("value", *sums)
    return {mode: Carriage(*numbers) for mode, *numbers in found.iter_rows()}


def _modes(outcomes: pl.DataFrame) -> pl.DataFrame:
    modes = outcomes.filter(pl.col("dimension") == "mode")
    return modes if modes.height else outcomes.filter(pl.col("dimension") == ALL)


def cost_of_the_carried(outcomes: pl.DataFrame, prices: Prices) -> Cost:
    """What a pupil costs who is carried under the version held now."""
    by_mode: dict[str, Carriage] = {}
    sums = _modes(outcomes).select("value", "carried_before", "pence_before", "seat_pence_before")
    for mode, pupils, pence, seat_pence in sums.iter_rows():
        by_mode[mode] = by_mode.get(mode, Carriage()) + Carriage(pupils, pupils, pence, seat_pence)
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
