"""Outcomes that are open and yet hang on nothing unknown: settled by proof, as a decision on the pupil would be.

Three-valued logic leaves some outcomes open that no missing fact can change. Pupils who are alike in everything that
can matter to the proof are settled together: it is asked once for each pattern, the commonest first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.constraints import constraints_of_both_homes
from eligibility.engines.frame_conditions import column_of, condition
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.in_force import InForce
from eligibility.language.expressions import Compare, Constant, Expression, atoms, names, rename
from eligibility.language.partial import Between, Known, partial
from eligibility.missing import settled_outcome
from eligibility.modelling.fact_columns import FactColumns

MOST_PATTERNS = 20_000
"""Patterns that are settled for one version and reading: some minutes. Pupils of any further one are left open."""
_A_MONTH = 100
"""In YYYYMMDD: a child born so long before every day in question could have any order of days after birth."""
Told = Callable[[int, int], None]
"""Is told how many of how many patterns are done."""


@dataclass(frozen=True)
class Open:
    """Pupils whose outcome is open: for each of the rows given, the outcome that is settled, or null; how that went."""

    settled: pl.Series
    patterns: int
    not_tried: int
    """Pupils of patterns beyond MOST_PATTERNS, who are left open without proof."""


def settle(
    rows: pl.DataFrame,
    facts: FactColumns,
    book: InForce,
    readings: Sequence[str],
    *,
    most: int = MOST_PATTERNS,
    told: Told = lambda _done, _of: None,
) -> Open:
    """Settle the outcome, under readings of legitimate expectation taken together, of pupils for whom it is open.

    `rows` has the columns of `facts` for each of them.
    """
    pupils = _Pupils(rows, facts, book, readings)
    keyed = pupils.key().with_row_index("_place")
    by = [name for name in keyed.columns if name != "_place"]
    patterns = keyed.group_by(by, maintain_order=True).agg(pl.col("_place").first(), pl.len().alias("_count"))
    patterns = patterns.sort("_count", descending=True, maintain_order=True)
    found: dict[Hashable, str | None] = {}
    outcomes: list[str | None] = []
    for number, place in enumerate(patterns["_place"].head(most).to_list(), 1):
        outcomes.append(settled_outcome(book, pupils.facts_of(place), readings, found))
        told(number, min(patterns.height, most))
    tried = patterns.head(most).with_columns(pl.Series("_outcome", outcomes, dtype=pl.String))
    answers = keyed.join(tried.drop("_place", "_count"), on=by, how="left", nulls_equal=True, maintain_order="left")
    return Open(answers["_outcome"].alias("settled"), patterns.height, int(patterns["_count"].slice(most).sum()))


class _Pupils:
    """What is known of some pupils, as columns and one by one."""

    def __init__(self, rows: pl.DataFrame, facts: FactColumns, book: InForce, readings: Sequence[str]) -> None:
        self.rows, self.facts, self.book = rows, facts, book
        self.of_version = facts.versions[book.version.id]
        self.there = set(rows.columns)
        self.tests = [partial(test, self.of_version.constants, {}) for test in self._asked(readings)]
        self.asked = {name for test in self.tests for name in names(test)} - set(book.conclusions)

    def _asked(self, readings: Iterable[str]) -> Iterator[Expression]:
        """Every conclusion that the outcomes hang on, and every constraint."""
        waiting = [name for reading in readings for name in self.book.outcomes[reading]]
        seen = set()
        while waiting:
            name = waiting.pop()
            if name not in seen and name in self.book.conclusions:
                seen.add(name)
                waiting.extend(names(self.book.conclusions[name]))
                yield self.book.conclusions[name]
        yield from (test for test, _ in constraints_of_both_homes())

    def key(self) -> pl.DataFrame:
        """What pupils must be alike in: every comparison's answer, the values in one that is open, the day of birth."""
        asked = dict.fromkeys(atom for test in self.tests for atom in atoms(test) if self._is_of_facts(atom))
        names_of = {atom: f"_atom_{number}" for number, atom in enumerate(asked)}
        answers = [
            condition(rename(atom, self._renamed), self.facts.bounds, self.facts.missing).alias(name)
            for atom, name in names_of.items()
        ]
        frame: nw.LazyFrame[Any] = nw.from_native(self.rows.lazy())
        answered: pl.LazyFrame = frame.with_columns(*answers).to_native()
        values = [
            pl.when(pl.col(name).is_null()).then(pl.col(column)).alias(f"{name}_{column}")
            for atom, name in names_of.items()
            for column in self._columns(atom)
        ]
        born, on = pl.col(column_of("date_of_birth")), column_of("on")
        early = pl.when(born >= self._first_day() - _A_MONTH).then(born).alias("_born")
        days = [early, *([pl.col(on).alias("_on")] if on in self.there else [])]
        return answered.select(*names_of.values(), *values, *days).collect()

    def _is_of_facts(self, atom: Expression) -> bool:
        return not any(name in self.book.conclusions for name in names(atom))

    def _renamed(self, name: str) -> str:
        return self.of_version.columns.get(name, name)

    def _columns(self, atom: Expression) -> Iterator[str]:
        """The columns whose values matter where a comparison is open: of several facts, or of a number between two."""
        read = list(dict.fromkeys(names(atom)))
        for name in read:
            if name in self.facts.bounds:
                yield from self.facts.bounds[name]
            elif len(read) > 1 and name not in self.facts.missing:
                yield column_of(self._renamed(name))

    def _first_day(self) -> pl.Expr:
        """The first of the days that dates not known may be held against."""
        days: list[pl.Expr] = []
        for test in self.tests:
            for atom in atoms(test):
                dated = [n for n in names(atom) if _is_date(n)] if isinstance(atom, Compare) else []
                if not dated or "date_of_birth" in dated or not self._is_of_facts(atom):
                    continue
                days += [pl.lit(s.value) for s in (atom.left, atom.right) if isinstance(s, Constant)]  # type: ignore[union-attr]  # a comparison
                if len(dated) > 1:
                    held = (name for name in dated if name not in self.facts.missing)
                    days += [pl.col(column_of(self._renamed(name))) for name in held]
        return pl.min_horizontal(*days) if days else pl.lit(99991231)

    def facts_of(self, place: int) -> Mapping[str, Known]:
        """The facts of one pupil."""
        row = self.rows.row(place, named=True)
        found: dict[str, Known] = dict(self.of_version.constants)
        for name in self.asked | {"date_of_birth", "on"}:
            if name in self.facts.bounds:
                low, high = (row[end] for end in self.facts.bounds[name])
                if low is not None:
                    found[name] = low if low == high else Between(low, high)
            elif (value := row.get(column_of(self._renamed(name)))) is not None:
                found[name] = value
        return found


def _is_date(name: str) -> bool:
    fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
    return fact is not None and fact.rule_type == "date"
