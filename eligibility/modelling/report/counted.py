"""The figures of one option of a run that a report tells, with what must be withheld of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from eligibility.errors import UsageError, nearest
from eligibility.modelling.accounts import InYear
from eligibility.modelling.changes import CHANGES
from eligibility.modelling.outcome_tables import ALL
from eligibility.modelling.people import LOW_INCOME
from eligibility.modelling.report.money import Cost, Money, Prices
from eligibility.modelling.report.money_of_run import (
    cost_of_the_carried,
    financial_years,
    money_of,
    school_years,
)
from eligibility.modelling.report.still_protected import StillProtected
from eligibility.modelling.report.withheld import (
    MARK,
    ROW,
    Published,
    publish,
    publish_parts,
    publishable,
    rounded,
    rounded_to,
)
from eligibility.modelling.run import Run
from eligibility.reading_names import EXPECTATION

REST = "unchanged"
EQUALITY = {"religion": "Religion or belief", "disability": "Disability", LOW_INCOME: "Low income", "sex": "Sex"}
"""What the equality tables are of: dimensions of the run."""
WARD, PHASE, BY_PHASE = "ward", "phase", "Phase of education"
_PENCE = 100
Way = tuple[str, str, str]
"""An outcome before, an outcome after, the change."""


@dataclass(frozen=True)
class Counted:
    """One option of a run. With `everything` nothing is withheld or rounded: for officers only."""

    run: Run
    option: str
    everything: bool = False

    @classmethod
    def of(cls, run: Run, option: str = "", *, everything: bool = False) -> Counted:
        """An option by its name, the first by default. Raises UsageError where the run has none of that name."""
        names = [each["id"] for each in run.about["policies"][1:]]
        if option and option not in names:
            raise UsageError(
                f"{run.folder}: the run has no option {option}{nearest(option, names)}; expected {', '.join(names)}"
            )
        if "in_year" not in run.about:
            raise UsageError(f"{run.folder}: the run is of an earlier edtravel; run it again, in another folder")
        return cls(run, option or names[0], everything)

    def table(self, name: str) -> pl.DataFrame:
        """A table of the run, of this option; without rows where the run has none."""
        found = self.run.tables.get(name)
        return pl.DataFrame() if found is None else found.filter(pl.col("option") == self.option)

    @cached_property
    def policies(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The version held now and the option, as the run tells them."""
        first, *others = self.run.about["policies"]
        return first, next(each for each in others if each["id"] == self.option)

    @cached_property
    def totals(self) -> dict[str, int]:
        """Pupils by change."""
        whole = self.table("outcomes").filter(pl.col("dimension") == ALL)
        found = dict(whole.group_by("change").agg(pl.col("pupils").sum()).iter_rows())
        return {change: int(found.get(change, 0)) for change in CHANGES}

    def by(self, dimension: str) -> dict[str, dict[str, int]]:
        """Pupils by a value of a dimension and change, in the order of the values."""
        rows = self.table("outcomes").filter(pl.col("dimension") == dimension)
        found: dict[str, dict[str, int]] = {}
        for value, change, pupils in rows.select("value", "change", "pupils").sort("value").iter_rows():
            found.setdefault(value, dict.fromkeys(CHANGES, 0))[change] += pupils
        return found

    @cached_property
    def shown(self) -> Published:
        """What is published of the county's totals and of every table by a dimension."""
        tables = {name: counts for name in (*EQUALITY, WARD, PHASE) if (counts := self.by(name))}
        if not self.everything:
            return publish(self.totals, tables, REST)
        whole = {
            name: {row: {**cells, ROW: sum(cells.values())} for row, cells in counts.items()}
            for name, counts in tables.items()
        }
        return Published(
            {**self.totals}, {name: {row: {**c} for row, c in rows.items()} for name, rows in whole.items()}
        )

    @property
    def tells_nothing(self) -> bool:
        """Whether even the county's totals must be withheld, as of a handful of pupils."""
        return set(self.shown.totals.values()) == {None}

    @cached_property
    def ways(self) -> dict[Way, int | None]:
        """Pupils by the outcome before, the outcome after and the change, as far as they are published."""
        keys = ["before", "after", "change"]
        found: dict[str, dict[Way, int]] = {}
        for before, after, change, pupils in (
            self.table("transitions").group_by(keys).agg(pl.col("pupils").sum()).sort(keys).iter_rows()
        ):
            found.setdefault(change, {})[before, after, change] = pupils
        told: dict[Way, int | None] = {}
        for change, parts in found.items():
            told |= self.parts(parts, change)
        return told

    def parts(self, parts: dict[Any, int], change: str) -> dict[Any, int | None]:
        """What is published of pupils of one change, broken down; nothing where even the list would tell too much."""
        if self.everything:
            return {**parts}
        known = self.shown.totals[change]
        single = len(parts) == 1 and sum(parts.values()) == known
        return {**parts} if single else publish_parts(parts, known=known) or {}

    @cached_property
    def protected(self) -> StillProtected:
        """How many are still protected year by year, as far as it is published."""
        each = self.table("each_reading").filter(pl.col("reading") == EXPECTATION)
        others, today = set(each.get_column("other")), self.shown.totals["protected"]
        return StillProtected.of(self.table("run_off"), others, today, everything=self.everything)

    @cached_property
    def prices(self) -> Prices:
        """The average of a pupil carried, as it is published."""
        costs = self.run.about["unit_costs"]
        return Prices(costs["a_year_pence"], costs["empty_seat_pence"])

    @cached_property
    def money(self) -> Money:
        """The sums that are published."""
        totals = self.shown.totals
        return money_of(self.table("outcomes"), self.table("run_off"), totals, self.protected, self.prices)

    @cached_property
    def cost_of_the_carried(self) -> Cost:
        """What a pupil costs who is carried under the version held now, as it is published."""
        return cost_of_the_carried(self.table("outcomes"), self.prices)

    @cached_property
    def by_school_year(self) -> pl.DataFrame:
        """What each school year saves, in pence; no row where the run has no run-off."""
        exact = self.table("savings_by_school_year")
        return exact if self.everything or exact.is_empty() else school_years(self.money)

    @cached_property
    def by_financial_year(self) -> pl.DataFrame:
        """The same in years of accounts."""
        if self.everything:
            return self.table("savings_by_financial_year")
        first, whole = self.run.about["in_year"][self.option]
        return financial_years(self.by_school_year, InYear(first, whole, ""))

    @cached_property
    def step(self) -> int:
        """To how many pence sums are rounded: by the dearest price that is published."""
        return rounded_to(max(self.prices.a_year.values()))

    def whole(self, pence: int) -> int:
        """A sum of money in whole pounds as it is published."""
        return rounded(pence, _PENCE if self.everything else self.step) // _PENCE

    def pounds(self, pence: int | None) -> str:
        """A sum of money as it is published."""
        if pence is None:
            return "not known"
        whole = self.whole(pence)
        return f"{'-' if whole < 0 else ''}£{abs(whole):,}"

    def pupils(self, count: int | None) -> str:
        """A number of pupils as words, one that is withheld as its mark."""
        return MARK if count is None else f"{count:,}"

    def alone(self, count: int) -> int | None:
        """A number of pupils that is broken down nowhere, as it is published."""
        return count if self.everything else publishable(count)
