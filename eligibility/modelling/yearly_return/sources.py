"""The pupils of a return: from decisions as `assess` writes them, or from a population that is assessed here."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from eligibility.decision import Outcome
from eligibility.errors import InputError, UsageError
from eligibility.in_force import Books
from eligibility.modelling.facts_of_cases import NONE
from eligibility.modelling.yearly_return.counted import CARRIES, MET, OUTCOME, RUNS
from eligibility.modelling.yearly_return.first_days import assess_from_the_first_day, travels_on
from eligibility.policy import Policies, Version
from eligibility.reading import Rejected
from eligibility.rulebook import Rules

Aside = Callable[[Rejected], None]
_ENTITLES = "entitled"


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Ground(_Part):
    id: str
    outcome: str
    result: str
    carries: bool


class _Provenance(_Part):
    case: dict[str, Any]


class _Decision(_Part):
    """What a return reads of a decision."""

    reference: str
    outcome: Outcome
    grounds: list[_Ground]
    starts_on: dt.date | None
    ends_on: dt.date | None
    provenance: _Provenance


@dataclass(frozen=True)
class About:
    """What a file tells of a pupil beside the decision, and where."""

    source: str
    row: int
    cells: Mapping[str, str]
    raw: str


def from_decisions(
    path: Path,
    columns: Collection[str],
    *,
    on: dt.date | None,
    about: Mapping[str, About],
    set_aside: Aside,
    set_about_aside: Aside,
) -> pl.DataFrame:
    """One row for each pupil of a file of decisions, JSON Lines or JSON.

    `columns` are what is read of each pupil, `about` more of them by reference; `on` is the day that travel must run
    on. What is no decision, or the second one of a pupil, goes to `set_aside`, and what is told of a reference that is
    in no decision to `set_about_aside`. Raises UsageError where the file cannot
    be read, InputError where no line of it is a decision.
    """
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, raw in enumerate(_objects(path), 1):
        try:
            decision = _Decision.model_validate(json.loads(raw) if isinstance(raw, str) else raw)
        except (ValueError, ValidationError):
            reason = "it is no decision, such as assess --format jsonl writes"
            set_aside(Rejected(str(path), number, reason, raw if isinstance(raw, str) else json.dumps(raw)))
            continue
        if decision.reference in seen:
            reason = "a decision on the same reference stands before it, and a pupil is counted once"
            set_aside(Rejected(str(path), number, reason, json.dumps(decision.model_dump(mode="json"))))
            continue
        seen.add(decision.reference)
        told = about.get(decision.reference)
        rows.append(_row(decision, columns, on, told.cells if told else {}))
    if not rows:
        raise InputError(f"{path}: it holds no decision; expected what assess --format jsonl writes")
    for each in (told for reference, told in about.items() if reference not in seen):
        set_about_aside(Rejected(each.source, each.row, f"its reference is in no decision of {path.name}", each.raw))
    names = dict.fromkeys(name for row in rows for name in row)
    schema = {name: pl.Boolean() if name.startswith((MET, CARRIES)) else pl.String() for name in names}
    return pl.DataFrame(rows, schema=schema)


def _objects(path: Path) -> Iterator[Any]:
    """Every line of a file of JSON Lines as text, or every object of a JSON file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} cannot be read; expected a file of decisions in UTF-8") from problem
    try:
        whole = json.loads(text)
    except ValueError:
        yield from (line for line in text.splitlines() if line.strip())
        return
    yield from whole if isinstance(whole, list) else [whole]


def _row(decision: _Decision, columns: Collection[str], on: dt.date | None, about: Mapping[str, str]) -> dict[str, Any]:
    told = dict(_flat(decision.provenance.case, ""))
    row: dict[str, Any] = {OUTCOME: decision.outcome, **{name: told.get(name, about.get(name)) for name in columns}}
    if on is not None:
        started = decision.starts_on is not None and decision.starts_on <= on
        row[RUNS] = "yes" if started and (decision.ends_on is None or on <= decision.ends_on) else "no"
    row.update({name: value for name, value in about.items() if name.startswith("about.") and name not in row})
    for ground in decision.grounds:
        if ground.outcome == _ENTITLES:
            row[MET + ground.id], row[CARRIES + ground.id] = ground.result == "met", ground.carries
    return row


def _flat(part: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """The facts of a case as the words that a population has for them."""
    for key, value in part.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, bool):
            yield prefix + key, "yes" if value else "no"
        elif isinstance(value, list):
            yield prefix + key, ";".join(map(str, value)) or NONE
        else:
            yield prefix + key, NONE if value is None else str(value)


def read_about(path: Path, set_aside: Aside) -> dict[str, About]:
    """More of each pupil by reference, from a CSV file with a column `reference` and columns `about.*`.

    Rows without a reference, and the second of one, go to `set_aside`. Raises UsageError where the file is none such.
    """
    try:
        table = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise UsageError(f"{path} cannot be read; expected a CSV file with columns reference and about.*") from problem
    if "reference" not in table.columns or not any(name.startswith("about.") for name in table.columns):
        raise UsageError(f"{path} has no column reference, or none that begins with about., such as about.transport")
    found: dict[str, About] = {}
    for number, row in enumerate(table.iter_rows(named=True), 1):
        reference, raw = row["reference"], ",".join(str(cell or "") for cell in row.values())
        if not reference or reference in found:
            reason = "it has no reference" if not reference else "its reference stands in an earlier row as well"
            set_aside(Rejected(str(path), number, reason, raw))
            continue
        cells = {name: value for name, value in row.items() if name.startswith("about.") and value is not None}
        found[reference] = About(str(path), number, cells, raw)
    return found


def from_population(
    checked: Path, policies: Policies, version: Version, columns: Collection[str], *, on: dt.date | None
) -> pl.DataFrame:
    """One row for each pupil of a checked population, assessed under a version on a day, or each on its own.

    Who has not begun to travel on the day is assessed on the first day of travel, as in a decision.
    """
    known = pl.read_parquet(checked).sort("row")
    books = Books(policies)
    answers = assess_from_the_first_day(known, books, version, on)
    kept = [name for name in (*columns, "about.takes_up") if name in known.columns]
    words = [_as_word(pl.col(name), known.schema[name]).alias(name) for name in dict.fromkeys(kept)]
    grounds = _grounds_in_columns(answers.columns, policies.rules, version)
    parts = [answers.select(OUTCOME, *grounds), known.select(words)]
    if on is not None:
        parts.append(pl.DataFrame({RUNS: travels_on(known, answers, books, version, on)}, schema={RUNS: pl.String}))
    return pl.concat(parts, how="horizontal")


def _as_word(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    return (
        pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no"))
        if kind == pl.Boolean
        else column.cast(pl.String)
    )


def _grounds_in_columns(columns: list[str], rules: Rules, version: Version) -> list[pl.Expr]:
    """Each ground that entitles: whether it is met, and whether it carries, a kept one among them."""
    kept = pl.col("protected") if "protected" in columns else pl.lit(None, pl.String)
    found = []
    for name, ground in rules.grounds.items():
        if ground.outcome != _ENTITLES:
            continue
        is_kept = (kept == name).fill_null(value=False)
        met = pl.col(name).fill_null(value=False) if name in version.grounds else pl.lit(False)
        carries = pl.col(f"carries:{name}") if f"carries:{name}" in columns else met
        found += [(met | is_kept).alias(MET + name), (carries.fill_null(value=False) | is_kept).alias(CARRIES + name)]
    return found
