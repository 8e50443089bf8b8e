"""The tests that say whether a decision is a key decision of the council, and by what margin."""

from __future__ import annotations

import polars as pl

from eligibility.modelling.accounts import PROBABLE, TARGET
from eligibility.modelling.people import NOT_GIVEN
from eligibility.modelling.unit_costs import UnitCosts

AFFECTED = ("winner", "loser", "protected", "officer")
"""The changes that affect a pupil."""
WARDS = "wards with a pupil affected"


def key_decision(outcomes: pl.DataFrame, by_school_year: pl.DataFrame | None, costs: UnitCosts) -> pl.DataFrame:
    """One row a test: what was found, the limit, whether it is met, the source of the limit.

    The sum is the most that the change saves or spends in any full school year, as target and as probable; without a
    run-off only the wards are tested. Where no ward is known, their test is null.
    """
    rows: list[dict[str, object]] = []
    limit = costs.key_amount
    if by_school_year is not None:
        for kind in (TARGET, PROBABLE):
            most = int(by_school_year.get_column(f"{kind}_pence").abs().max() or 0)  # type: ignore[arg-type]  # a column of whole numbers
            rows.append(_row(f"{kind}, pence in a full year", most, limit.whole, limit.source))
    wards = outcomes.filter((pl.col("dimension") == "ward") & (pl.col("value") != NOT_GIVEN))
    affected = wards.filter(pl.col("change").is_in(AFFECTED)).get_column("value").n_unique()
    found = affected if wards.height else None
    rows.append(_row(WARDS, found, costs.key_wards.whole, costs.key_wards.source))
    return pl.DataFrame(rows, schema_overrides={"found": pl.Int64, "met": pl.Boolean})


def _row(test: str, found: int | None, limit: int, source: str) -> dict[str, object]:
    met = None if found is None else found >= limit
    return {"test": test, "found": found, "limit": limit, "met": met, "source": source}
