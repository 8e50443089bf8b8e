"""A population file read and checked: good rows to a Parquet file with their facts, bad ones set aside with the reason.

Whole columns are looked at first. A row that is not certainly right is read once more by itself, as `edtravel assess`
would read it, which tells exactly what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from eligibility.case import Case, build_case_model, read_case
from eligibility.columns import ABOUT
from eligibility.errors import InputError
from eligibility.in_force import Books
from eligibility.modelling import about_columns
from eligibility.modelling.contradictions import doubtful, why_not
from eligibility.modelling.facts_of_cases import with_facts
from eligibility.modelling.population_parts import Part, parts
from eligibility.modelling.rows import row_of
from eligibility.modelling.typed_cells import typed
from eligibility.policy import Version
from eligibility.reading import RawCase, Rejected


@dataclass(frozen=True)
class Population:
    """A population that has been read and checked: where it lies, how many rows are good, how many were set aside."""

    path: Path
    count: int
    set_aside: int


@dataclass(frozen=True)
class Checks:
    """What a population is checked against: the versions it will be assessed under, the day, the readings chosen."""

    books: Books
    versions: Sequence[Version]
    on: dt.date | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


def check_population(
    source: Path,
    out: Path,
    checks: Checks,
    *,
    set_aside: Callable[[Rejected], None],
    told: Callable[[int], None] = lambda _: None,
) -> Population:
    """Read a population file and write its good rows to `out` (Parquet), with their facts and a `row` counted from 1.

    Each bad row goes to `set_aside` with its reason; `told` is told, after each part, how many rows are good so far.
    `out` appears only when it is whole.

    Raises UsageError where the file cannot be opened or is of no known kind, InputError where no row of it can be used:
    it has a column that looks like a name or an address, one that is not known, or none that a case needs.
    """
    checking = _Checking(source, checks, set_aside)
    part = out.with_name(f"{out.name}.part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(checking.good_parts(told), part)
        if not checking.count:
            raise InputError(f"{source}: {checking.why_none()}")
        checking.once(part)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return Population(out, checking.count, checking.aside)


def _write(tables: Iterator[pl.DataFrame], path: Path) -> None:
    from pyarrow import parquet

    writer: Any = None
    try:
        for table in tables:
            arrow = table.to_arrow()
            writer = writer or parquet.ParquetWriter(path, arrow.schema, compression="zstd")
            writer.write_table(arrow)
    finally:
        if writer is not None:
            writer.close()


class _Checking:
    """One file under way, with what was set aside and why."""

    def __init__(self, source: Path, checks: Checks, set_aside: Callable[[Rejected], None]) -> None:
        self.source, self.checks = source, checks
        self.policies = checks.books.policies
        if checks.on is not None:
            for version in checks.versions:
                self.policies.check_held(version, checks.on)
        self.words = {"ground": tuple(self.policies.rules.grounds), "policy": tuple(self.policies.versions)}
        self.model = build_case_model(self.words)
        self._set_aside = set_aside
        self.count = self.aside = 0
        self._first: Rejected | None = None

    def good_parts(self, told: Callable[[int], None]) -> Iterator[pl.DataFrame]:
        """The rows that can be used, typed, with their facts, part by part."""
        for part in parts(self.source):
            good = self._sound(part, self._typed(part))
            if good.height:
                self.count += good.height
                yield good
            told(self.count)

    def once(self, path: Path) -> None:
        """Set aside every row whose reference stands in an earlier row too: it would be counted twice."""
        held = pl.scan_parquet(path)
        again = held.select("row", "reference").filter(~pl.col("reference").is_first_distinct()).collect()
        if not again.height:
            return
        for row, reference in again.rows():
            self._reject(Rejected(str(self.source), row, "its reference stands in an earlier row as well", reference))
        self.count -= again.height
        rest = path.with_name(f"{path.name}.once")
        held.filter(~pl.col("row").is_in(again["row"].implode())).sink_parquet(rest, compression="zstd")
        rest.replace(path)

    def why_none(self) -> str:
        """Why no row of the file can be used."""
        first = self._first
        if first is None:
            return "the file holds no pupils"
        return f"no row can be used; of {self.aside:,} set aside the first is row {first.row}: {first.reason}"

    def _reject(self, rejected: Rejected) -> None:
        self.aside += 1
        self._first = self._first or rejected
        self._set_aside(rejected)

    def _typed(self, part: Part) -> pl.DataFrame:
        """The rows of a part that are cases, by their numbers; those in doubt are read one by one."""
        table, fits = typed(part.table, self.words)
        again = [part.read(place) for place in (~fits).arg_true().to_list()]
        found = [self._row(item, table) for item in (*again, *part.others)]
        rows = pl.Series("row", part.rows, pl.Int64)
        good = table.insert_column(0, rows).filter(fits)
        read = pl.DataFrame([row for row in found if row], schema=good.schema)
        return pl.concat([good, read]).sort("row") if read.height else good

    def _row(self, item: RawCase | Rejected, table: pl.DataFrame) -> dict[str, Any] | None:
        case = self._case(item)
        if isinstance(case, Rejected):
            self._reject(case)
        if isinstance(case, Rejected) or isinstance(item, Rejected):
            return None
        row = row_of(case)
        about = {f"{ABOUT}{key}": value for key, value in _about(item).items()}
        kinds = {name: kind for name, kind in table.schema.items() if name in about}
        typed_ = {name: pl.Series([about[name]]).cast(kind, strict=False)[0] for name, kind in kinds.items()}
        return {"row": item.row, **row, **typed_}

    def _case(self, item: RawCase | Rejected) -> Case | Rejected:
        if isinstance(item, Rejected):
            return item
        for key, value in _about(item).items():
            if reason := about_columns.why_not(f"{ABOUT}{key}", value):
                return item.rejected(reason)
        try:
            return read_case({key: value for key, value in item.data.items() if key != ABOUT[:-1]}, self.model)
        except InputError as error:
            return item.rejected(error.message)

    def _sound(self, part: Part, table: pl.DataFrame) -> pl.DataFrame:
        """The rows that do not contradict themselves, with their facts."""
        if not table.height:
            return table
        held = with_facts(table.lazy()).collect()
        how = self.checks
        doubt = doubtful(held, how.books, how.versions, on=how.on, choices=how.choices)
        place_of = {row: place for place, row in enumerate(part.rows)}
        others = {item.row: item for item in part.others}
        bad = []
        for row in held.filter(doubt)["row"].to_list():
            item = others[row] if row in others else part.read(place_of[row])
            case = self._case(item)
            if isinstance(case, Case) and isinstance(item, RawCase):
                reason = why_not(case, how.books, how.versions, on=how.on, choices=how.choices)
                if reason is not None:
                    self._reject(item.rejected(reason))
                    bad.append(row)
        return held.filter(~pl.col("row").is_in(bad)) if bad else held


def _about(item: RawCase) -> Mapping[str, Any]:
    """What a row says that no rule reads, by the name of the column after `about.`."""
    found: dict[str, Any] = {}

    def flatten(part: Mapping[str, Any], prefix: str) -> None:
        for key, value in part.items():
            if isinstance(value, dict):
                flatten(value, f"{prefix}{key}.")
            else:
                found[f"{prefix}{key}"] = value

    flatten(item.data.get(ABOUT[:-1], {}), "")
    return found
