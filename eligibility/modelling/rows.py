"""A checked case as one row of a population."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from eligibility.case import NO_DAY, Case, Incident
from eligibility.columns import CaseColumns
from eligibility.facts import Vocabulary, vocabulary
from eligibility.modelling.facts_of_cases import NONE

_TYPES: dict[str, pl.DataType] = {
    "boolean": pl.Boolean(),
    "whole": pl.Int64(),
    "length": pl.Int64(),
    "money": pl.Int64(),
    "date": pl.Date(),
}


def schema(terms: Vocabulary | None = None) -> dict[str, pl.DataType]:
    """Every column that a population may have beside `about.*`, with its type; lengths in millimetres alone."""
    terms = terms or vocabulary()
    columns = CaseColumns(terms)
    kinds = {place: _TYPES.get(fact.type, pl.String()) for place, fact in terms.by_case.items()}
    return {name: kinds.get(name, pl.String()) for name in columns.names if columns.kind(name) != "decimal"}


def row_of(case: Case) -> dict[str, Any]:
    """A case as a row: known-to-be-none as the word `none`, as 9999-12-31 or as what it means in a rule."""
    return {place: _cell(place, value) for place, value in case.known.items()}


def _cell(place: str, value: Any) -> Any:
    fact = vocabulary().by_case.get(place)
    if fact is None:
        return NONE
    match fact.type:
        case "date":
            return NO_DAY if value is None else value
        case "boolean" | "whole" | "length" | "money":
            return fact.none if value is None else value
        case "urns":
            return ";".join(value) if value else NONE
        case "places":
            parts = (f"{urn}={'yes' if there else 'no'}" for urn, there in (value or {}).items())
            return ";".join(parts) or NONE
        case "incidents":
            return ";".join(map(_incident, value)) if value else NONE
        case _:
            return NONE if value is None else value


def _incident(incident: Incident) -> str:
    return f"{incident.on.isoformat()}{'=serious' if incident.serious else ''}"


def table_of(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a table with every column that some row fills, in the vocabulary's order."""
    held = list(rows)
    used = {name for row in held for name, value in row.items() if value is not None}
    columns = {name: kind for name, kind in schema().items() if name in used}
    return pl.DataFrame(held, schema=columns)
