"""The facts of a population on a day under a version, in columns: what `establish` does case by case.

What follows from the calendar follows from the date of birth, so it is worked out once for each of them, by the same
functions as for a single case, and joined to the pupils.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.constraints import constraints_of_both_homes
from eligibility.engines.frame_conditions import column_of
from eligibility.errors import UsageError
from eligibility.establish import policy_facts
from eligibility.facts import NEVER, OTHER_HOME, Fact, vocabulary
from eligibility.in_force import InForce
from eligibility.language.expressions import Compare, Years, atoms, names, names_in, operands
from eligibility.language.partial import Between, Known
from eligibility.modelling.by_birth import BY_BIRTH, PHASE, ByBirth, by_birth, days_of
from eligibility.modelling.constraints_in_columns import sharpen
from eligibility.modelling.fact_columns import FactColumns, Join, OfVersion, join_in_polars, looks_at
from eligibility.modelling.facts_of_cases import ONLY_THIS_SCHOOL_NAMED, by_phase, constant_facts
from eligibility.policy import Policies
from eligibility.school_calendar import as_number, month_day

BORN, DAY = column_of("date_of_birth"), column_of("on")
_KINDS = {"boolean": nw.Boolean(), "word": nw.String()}


def establish_in_columns(
    population: nw.LazyFrame[Any],
    books: Sequence[InForce],
    policies: Policies,
    *,
    on: dt.date | None = None,
    choices: Mapping[str, str] | None = None,
    join: Join = join_in_polars,
) -> FactColumns:
    """The facts that some books read, of a checked population, on the day `on` or each pupil's own.

    `choices` overrides readings by name. Raises UsageError where the versions do not look at the same day, or presume
    otherwise: they are then to be assessed one by one.
    """
    return _Establishing(population, books, policies, on=on, choices=choices or {}, join=join).facts()


class _Establishing:
    """The steps of `establish`, one after another, each adding columns or facts that all pupils share."""

    def __init__(
        self,
        population: nw.LazyFrame[Any],
        books: Sequence[InForce],
        policies: Policies,
        *,
        on: dt.date | None,
        choices: Mapping[str, str],
        join: Join,
    ) -> None:
        self.frame, self.books, self.policies, self.on, self.choices = population, books, policies, on, choices
        self.join = join
        self.columns = set(population.collect_schema().names())
        self.waiting: list[nw.Expr] = []
        self.shared: dict[str, Known] = dict(constant_facts(self.columns))
        self.reads = {book.version.id: book.reads for book in books}
        self.read = frozenset[str]().union(*self.reads.values())
        self.constants: dict[str, dict[str, Known]] = {book.version.id: {} for book in books}
        self.own: dict[str, dict[str, str]] = {book.version.id: {} for book in books}
        self.same: dict[tuple[str, object], str] = {}
        self.eras = [on] if on else self._eras()
        ways = {looks_at(book.version, choices) for book in books}
        if len(ways) > 1:
            raise UsageError("the versions look at different days, or presume otherwise; assess them one by one")
        self.by_application, self.presumed = ways.pop()

    def facts(self) -> FactColumns:
        self._day()
        self._presume()
        self._write()
        for book in self.books:
            self._policy(book)
        self._calendar()
        tied = {name for test, _ in constraints_of_both_homes() for name in names(test)}
        for name in sorted(tied):  # a constraint may settle what no case tells
            if name not in self.shared and column_of(name) not in self.columns:
                self._put(name, nw.lit(None, self._kind(name)))
        self._days_in_years()
        self._write()
        held = {name for name in self.read | tied if column_of(name) in self.columns}
        sharpened = sharpen(self.frame, held, self.shared, self.read)
        versions = {
            label: OfVersion({**self.shared, **constants}, self.own[label])
            for label, constants in self.constants.items()
        }
        known = held.union(self.shared, *self.constants.values(), *(own for own in self.own.values()))
        return FactColumns(sharpened.frame, versions, sharpened.bounds, self.read - known, sharpened.contradicts)

    def _put(self, name: str, value: nw.Expr) -> None:
        """A column of a fact, which is then no longer the same for every pupil."""
        self.shared.pop(name, None)
        self.waiting.append(value.alias(column_of(name)))
        self.columns.add(column_of(name))

    def _write(self) -> None:
        """Work out the columns that wait: together, because each step makes a plan longer and some engines slow."""
        if self.waiting:
            self.frame, self.waiting = self.frame.with_columns(*self.waiting), []

    def _put_for(self, book: InForce, name: str, value: nw.Expr, means: object) -> None:
        """A column of a version; one that `means` the same as another version's is shared with it."""
        key = (name, means)
        if key not in self.same:
            taken = column_of(name) in self.columns
            self.same[key] = f"{name}@under_{book.version.id}" if taken else name
            self._put(self.same[key], value)
        self.own[book.version.id][name] = self.same[key]

    @staticmethod
    def _kind(name: str) -> Any:
        fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
        return nw.Boolean() if fact is None else _KINDS.get(fact.rule_type, nw.Int32())

    def _eras(self) -> list[dt.date]:
        """The days on which some figure of the policy changes, the first day first."""
        ids = [name for book in self.books for name in (book.version.id, *book.older)]
        figures = [figure for name in ids for figure in self.policies.versions[name].parameters.values()]
        return sorted({start for figure in figures for start, _ in figure.values})

    def _day(self) -> None:
        if self.on is not None:
            self.shared["on"] = as_number(self.on)
            return
        travel, applied = column_of("travel_from"), column_of("applied_on")
        day = nw.col(travel) if travel in self.columns else nw.lit(None, nw.Int32)
        if self.by_application and applied in self.columns:
            day = nw.when(nw.col(applied) < NEVER).then(nw.col(applied)).otherwise(day)
        self._put("on", day)

    def _presume(self) -> None:
        """A nearer school that was not named is presumed to have had a place, under one reading of the policy."""
        on_time = column_of("admission_on_time")
        for suffix in ("", OTHER_HOME) if self.presumed else ():
            name, ignoring = f"nearest_school{suffix}", column_of(f"nearest_ignoring_places{suffix}")
            if not {on_time, ONLY_THIS_SCHOOL_NAMED, ignoring} <= self.columns:
                continue
            own = nw.col(column_of(name)) if column_of(name) in self.columns else nw.lit(None, nw.Boolean)
            presumed = nw.col(on_time) & nw.col(ONLY_THIS_SCHOOL_NAMED) & ~nw.col(ignoring) & own.is_null()
            self._put(name, nw.when(presumed).then(nw.lit(False)).otherwise(own))

    def _policy(self, book: InForce) -> None:
        """Parameters and readings, those of the older versions too; a figure that changes with the day has a column."""
        label = book.version.id
        by_era = []
        for day in self.eras:
            found = policy_facts(book.version, day, self.choices)
            for older in book.older:
                held = policy_facts(self.policies.versions[older], day, self.choices)
                found |= {f"{key}@{older}": value for key, value in held.items()}
            by_era.append(found)
        for name in by_era[0]:
            values = tuple(found[name] for found in by_era)
            if len(set(values)) == 1:
                self.constants[label][name] = values[0]
            elif name in self.reads[label]:
                self._put_for(book, name, self._by_era([_literal(value) for value in values]), values)

    def _by_era(self, values: Sequence[nw.Expr]) -> nw.Expr:
        """The value of the era that a pupil's day lies in; before the first, that of the first."""
        chosen = values[0]
        for day, value in zip(self.eras[1:], values[1:], strict=True):
            chosen = nw.when(nw.col(DAY) >= as_number(day)).then(value).otherwise(chosen)
        return chosen

    def _calendar(self) -> None:
        asked = [(book, _asked_of_calendar(book, self.reads[book.version.id])) for book in self.books]
        by_birth = {book.version.id: [f for f in facts if f.by in (*BY_BIRTH, PHASE)] for book, facts in asked}
        tables = self._join_by_birth(by_birth) if any(by_birth.values()) else {}
        for book, facts in asked:
            for fact in facts:
                if fact.by == "same_school_year":
                    self._same_school_year(book, fact)
                else:
                    columns = tables[book.version.id][fact.name]
                    value = self._by_era([nw.col(column) for column in columns])
                    if fact.by == PHASE:
                        value = self._at_school(fact, [nw.col(column) for column in columns])
                    self._put_for(book, fact.name, value, columns)

    @property
    def _on(self) -> nw.Expr:
        return nw.col(DAY) if self.on is None else nw.lit(as_number(self.on), nw.Int32)

    def _same_school_year(self, book: InForce, fact: Fact) -> None:
        other = column_of(vocabulary().by_case[fact.of].name)
        if other not in self.columns:
            return
        starts = tuple(month_day(book.version.parameters["school_year_starts"].on(day)) for day in self.eras)
        same = [_school_year(nw.col(other), first) == _school_year(self._on, first) for first in starts]
        self._put_for(book, fact.name, self._by_era(same), starts)

    def _at_school(self, fact: Fact, until: Sequence[nw.Expr]) -> nw.Expr:
        """Whether a pupil is at some kind of school: by its phase, and where that is not known by the year group.

        `until` is the day, for each era, from which the year group is beyond it.
        """
        by_group = self._by_era([self._on < day for day in until])
        return nw.coalesce(nw.col(by_phase(fact)), by_group) if by_phase(fact) in self.columns else by_group

    def _join_by_birth(self, asked: Mapping[str, list[Fact]]) -> dict[str, dict[str, tuple[str, ...]]]:
        """Join every fact of the calendar for each day of birth; the columns of each fact of a version, era by era."""
        born = self.frame.select(nw.col(BORN).min().alias("first"), nw.col(BORN).max().alias("last")).collect()
        first, last = born.item(0, "first"), born.item(0, "last")
        years = range(int(first) // 10_000, int(last) // 10_000 + 1) if first is not None else range(0)
        columns: dict[tuple[int, ...], str] = {}
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for book in self.books:
            facts = asked[book.version.id]
            key = f"{__name__} {years} {self.eras} {[fact.name for fact in facts]}"
            table = book.prepared.get(key)
            if not isinstance(table, ByBirth):
                table = book.prepared[key] = by_birth(
                    book.version, self.policies, years, self.eras, facts, held=self.books[0].prepared
                )
            found[book.version.id] = {
                name: tuple(columns.setdefault(values, f"by_birth_{len(columns)}") for values in by_era)
                for name, by_era in table.values.items()
            }
        data = {BORN: days_of(years), **{column: list(values) for values, column in columns.items()}}
        self.frame = self.join(self.frame, pl.DataFrame(data, schema=dict.fromkeys(data, pl.Int32)), BORN)
        return found

    def _days_in_years(self) -> None:
        """Years are counted between two columns: a day that all share has one too where a rule counts from or to it."""
        shared = dict(self.shared)
        for book in self.books:
            compared = [atom for test in book.conclusions.values() for atom in atoms(test) if isinstance(atom, Compare)]
            years = [side for atom in compared for side in operands(atom) if isinstance(side, Years)]
            constants = {**shared, **self.constants[book.version.id]}
            for name in sorted({name for each in years for name in names_in(each)} & set(constants)):
                self.constants[book.version.id][name] = constants[name]
                self._put_for(book, name, _literal(constants[name]), constants[name])


def _asked_of_calendar(book: InForce, read: frozenset[str]) -> list[Fact]:
    figures, by = set(book.version.parameters), {*BY_BIRTH, PHASE, "same_school_year"}
    return [f for f in vocabulary().facts if f.by in by and f.name in read and set(f.parameters) <= figures]


def _school_year(day: nw.Expr, starts: tuple[int, int]) -> nw.Expr:
    """The year in which the school year of a day starts."""
    month, first = starts
    return (day - (month * 100 + first)) // 10_000


def _literal(value: Known) -> nw.Expr:
    if isinstance(value, Between):
        raise TypeError("a figure of the policy is known exactly")
    return nw.lit(value, nw.Int32) if type(value) is int else nw.lit(value)
