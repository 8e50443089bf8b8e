"""A small population made of cases, as `model run` reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from eligibility.case import build_case_model, read_case
from eligibility.modelling.rows import row_of, table_of
from eligibility.policy_files import policies


def population_of(cases: Sequence[Mapping[str, Any]], wards: Sequence[str | None]) -> pl.DataFrame:
    """Cases as the rows of a population, each under a reference of its own and in a ward (None: not known).

    Raises InputError where one of them is no case.
    """
    held = policies()
    model = build_case_model({"ground": tuple(held.rules.grounds), "policy": tuple(held.versions)})
    named = [{**case, "reference": f"P-{number}"} for number, case in enumerate(cases, 1)]
    rows = table_of(row_of(read_case(case, model)) for case in named)
    return rows.with_columns(pl.Series("about.ward", wards, pl.String))
