"""How many pupils are still protected in each school year, under each reading, and which of it may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from eligibility.modelling.changes import NOBODY
from eligibility.modelling.report.withheld import publish_in_order
from eligibility.modelling.run_off import FOLLOWED, KEPT

VIEWS = (FOLLOWED, KEPT)
Place = tuple[str, str, int]
"""A view, a way to read and a year."""


@dataclass(frozen=True)
class StillProtected:
    """`ways` are the readings, the chosen one first; `years` their labels by number; `shown` what is published."""

    ways: tuple[str, ...]
    years: Mapping[int, str]
    shown: Mapping[Place, int | None]

    @classmethod
    def of(
        cls, run_off: pl.DataFrame, others: set[str], today: int | None, *, everything: bool = False
    ) -> StillProtected:
        """From a run-off, the readings that the policy did not choose, and how many are told to be protected today.

        Nothing of a run without one.
        """
        if run_off.is_empty():
            return cls((), {}, {})
        ways = sorted(set(run_off.get_column("reading")) - {NOBODY}, key=lambda way: (way in others, way))
        keys = ["view", "reading", "year"]
        protected = run_off.filter(pl.col("change") == "protected").group_by(keys).agg(pl.col("pupils").sum())
        counts = {(view, way, year): int(pupils) for view, way, year, pupils in protected.iter_rows()}
        years = dict(run_off.select("year", "school_year").unique().sort("year").iter_rows())
        shown: dict[Place, int | None] = {}
        for view in VIEWS:
            for year in years:
                row = [counts.get((view, way, year), 0) for way in ways]
                known = [today] if today and not year else []
                told = row if everything else publish_in_order(row, known)
                shown |= {(view, way, year): count for way, count in zip(ways, told, strict=True)}
        return cls(tuple(ways), years, shown)
