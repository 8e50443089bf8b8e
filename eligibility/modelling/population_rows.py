"""Rows of a population as cases: what `edtravel assess` would read of the same row in a CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from eligibility.case import NO_DAY
from eligibility.columns import ABOUT, CaseColumns
from eligibility.modelling.facts_of_cases import NONE
from eligibility.reading import Kind


def cases_of(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Each row as a case, in the order of the rows; `about.` columns are left out."""
    columns = CaseColumns()
    names = [name for name in frame.columns if not name.startswith(ABOUT)]
    kinds: dict[str, Kind | None] = {name: columns.kind(name) for name in names}
    paths = {name: name.split(".") for name in names}
    for row in frame.select(names).iter_rows(named=True):
        yield _case(row, kinds, paths)


def _case(row: Mapping[str, Any], kinds: Mapping[str, Kind | None], paths: Mapping[str, list[str]]) -> dict[str, Any]:
    case: dict[str, Any] = {}
    for name, value in row.items():
        if value is None:
            continue
        inside = case
        for key in paths[name][:-1]:
            inside = inside.setdefault(key, {})
        inside[paths[name][-1]] = _value(kinds[name], value)
    return case


def _value(kind: Kind | None, value: Any) -> Any:
    if kind == "date":
        return None if value == NO_DAY else value
    if not isinstance(value, str):
        return value
    if kind == "list":
        return [] if value == NONE else value.split(";")
    if kind == "places":
        pairs = () if value == NONE else (part.partition("=") for part in value.split(";"))
        return {urn: word == "yes" for urn, _, word in pairs}
    return None if value == NONE else value
