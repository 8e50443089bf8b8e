"""The facts of a population on a day under a version, in columns: what `establish` does case by case.

What follows from the calendar follows from the date of birth, so it is worked out once for each of them, by the same
functions as for a single case, and joined to the pupils.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.case import Case
from eligibility.constraints import constraints_of_both_homes
from eligibility.derived import DERIVERS, Day
from eligibility.engines.frame import Bounds, column_of
from eligibility.establish import policy_facts
from eligibility.facts import NEVER, OTHER_HOME, Fact, vocabulary
from eligibility.in_force import InForce
from eligibility.language.expressions import Compare, Years, atoms, names, names_in, operands
from eligibility.language.partial import Between, Known
from eligibility.modelling.constraints_in_columns import sharpen
from eligibility.modelling.facts_of_cases import ONLY_THIS_SCHOOL_NAMED, by_phase, constant_facts
from eligibility.policy import Policies
from eligibility.reading_names import DATE_APPLIED, GOVERNING_DATE, UNNAMED_SCHOOL_HAD_A_PLACE
from eligibility.school_calendar import anniversary, as_number, month_day, next_school_year

BORN, DAY = column_of("date_of_birth"), column_of("on")
_RECEPTION = "reception_year"
"""The column of the year in which a pupil's Reception starts."""
_BY_BIRTH = (
    "prescribed_day_after_birthday",
    "school_leaving_day",
    "school_year_after_birthday",
    "end_of_school_year_of_birthday",
)
"""Those of `derived.DERIVERS` that hang on the date of birth and the policy's figures alone."""
_KINDS = {"boolean": nw.Boolean(), "word": nw.String()}
Join = Callable[[nw.LazyFrame[Any], pl.DataFrame, str], nw.LazyFrame[Any]]
"""Joins a small table to a population on a column, in the engine that the population is in."""


def join_in_polars(population: nw.LazyFrame[Any], table: pl.DataFrame, on: str) -> nw.LazyFrame[Any]:
    """Joins a small table to a population that is in Polars, whose rows stay in their order."""
    rows: pl.LazyFrame = population.to_native()
    return nw.from_native(rows.join(table.lazy(), on=on, how="left", maintain_order="left"))


@dataclass(frozen=True)
class FactColumns:
    """The facts of a population: columns of `frame` by `column_of`, and what is the same for every pupil.

    `bounds` has the columns of numbers that may be known only to lie between two, `missing` the facts that are known of
    nobody; `contradicts` is true where the facts of a pupil cannot all be true.
    """

    frame: nw.LazyFrame[Any]
    constants: Mapping[str, Known]
    bounds: Mapping[str, Bounds]
    missing: frozenset[str]
    contradicts: nw.Expr


def establish_in_columns(
    population: nw.LazyFrame[Any],
    book: InForce,
    policies: Policies,
    *,
    on: dt.date | None = None,
    choices: Mapping[str, str] | None = None,
    join: Join = join_in_polars,
) -> FactColumns:
    """The facts that a book reads, of a checked population, on the day `on` or each pupil's own.

    `choices` overrides readings by name.
    """
    return _Establishing(population, book, policies, on=on, choices=choices or {}, join=join).facts()


class _Establishing:
    """The steps of `establish`, one after another, each adding columns or facts that all pupils share."""

    def __init__(
        self,
        population: nw.LazyFrame[Any],
        book: InForce,
        policies: Policies,
        *,
        on: dt.date | None,
        choices: Mapping[str, str],
        join: Join,
    ) -> None:
        self.frame, self.book, self.policies, self.on, self.choices = population, book, policies, on, choices
        self.version, self.join = book.version, join
        self.columns = set(population.collect_schema().names())
        self.constants: dict[str, Known] = dict(constant_facts(self.columns))
        conclusions = book.conclusions
        self.read = {name for test in conclusions.values() for name in names(test)} - set(conclusions)
        self.eras = [on] if on else self._eras()

    def facts(self) -> FactColumns:
        self._day()
        self._policy()
        self._presumed()
        self._calendar()
        tied = {name for test, _ in constraints_of_both_homes() for name in names(test)}
        absent = {name for name in tied if name not in self.constants and column_of(name) not in self.columns}
        for name in sorted(absent):  # a constraint may settle what no case tells
            self._put(name, nw.lit(None, self._kind(name)))
        for name in self._in_years() & set(self.constants):  # years are counted between two columns
            self.frame = self.frame.with_columns(_literal(self.constants[name]).alias(column_of(name)))
        held = {name for name in self.read | tied if column_of(name) in self.columns}
        sharpened = sharpen(self.frame, held, self.constants, self.read)
        missing = frozenset(self.read - held - set(self.constants))
        return FactColumns(sharpened.frame, self.constants, sharpened.bounds, missing, sharpened.contradicts)

    def _in_years(self) -> set[str]:
        """The days between which some rule counts years."""
        compared = [
            atom for test in self.book.conclusions.values() for atom in atoms(test) if isinstance(atom, Compare)
        ]
        years = [side for atom in compared for side in operands(atom) if isinstance(side, Years)]
        return {name for each in years for name in names_in(each)}

    def _put(self, name: str, value: nw.Expr) -> None:
        self.frame = self.frame.with_columns(value.alias(column_of(name)))
        self.columns.add(column_of(name))
        self.constants.pop(name, None)

    @staticmethod
    def _kind(name: str) -> Any:
        fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
        return nw.Boolean() if fact is None else _KINDS.get(fact.rule_type, nw.Int32())

    def _eras(self) -> list[dt.date]:
        """The days on which some figure of the policy changes, the first day first."""
        versions = [self.version, *(self.policies.versions[name] for name in self.book.older)]
        figures = [figure for version in versions for figure in version.parameters.values()]
        return sorted({start for figure in figures for start, _ in figure.values})

    def _day(self) -> None:
        if self.on is not None:
            self.constants["on"] = as_number(self.on)
            return
        travel, applied = column_of("travel_from"), column_of("applied_on")
        day = nw.col(travel) if travel in self.columns else nw.lit(None, nw.Int32)
        if self._chosen(GOVERNING_DATE) == DATE_APPLIED and applied in self.columns:
            day = nw.when(nw.col(applied) < NEVER).then(nw.col(applied)).otherwise(day)
        self._put("on", day)

    def _chosen(self, name: str) -> str:
        reading = self.version.readings.get(name)
        return self.choices.get(name, reading.chosen if reading else "")

    def _policy(self) -> None:
        """Parameters and readings, those of the older versions too; a figure that changes with the day has a column."""
        by_era = []
        for day in self.eras:
            found = policy_facts(self.version, day, self.choices)
            for older in self.book.older:
                held = policy_facts(self.policies.versions[older], day, self.choices)
                found |= {f"{key}@{older}": value for key, value in held.items()}
            by_era.append(found)
        for name in by_era[0]:
            values = [found[name] for found in by_era]
            if len(set(values)) == 1:
                self.constants[name] = values[0]
            elif name in self.read:
                self._put(name, self._by_era([_literal(value) for value in values]))

    def _by_era(self, values: list[nw.Expr]) -> nw.Expr:
        """The value of the era that a pupil's day lies in; before the first, that of the first."""
        chosen = values[0]
        for day, value in zip(self.eras[1:], values[1:], strict=True):
            chosen = nw.when(nw.col(DAY) >= as_number(day)).then(value).otherwise(chosen)
        return chosen

    def _presumed(self) -> None:
        """A nearer school that was not named is presumed to have had a place, under one reading of the policy."""
        on_time = column_of("admission_on_time")
        if self._chosen(UNNAMED_SCHOOL_HAD_A_PLACE) != "presumed":
            return
        for suffix in ("", OTHER_HOME):
            name, ignoring = f"nearest_school{suffix}", column_of(f"nearest_ignoring_places{suffix}")
            if not {on_time, ONLY_THIS_SCHOOL_NAMED, ignoring} <= self.columns:
                continue
            own = nw.col(column_of(name)) if column_of(name) in self.columns else nw.lit(None, nw.Boolean)
            presumed = nw.col(on_time) & nw.col(ONLY_THIS_SCHOOL_NAMED) & ~nw.col(ignoring) & own.is_null()
            self._put(name, nw.when(presumed).then(nw.lit(False)).otherwise(own))

    def _calendar(self) -> None:
        figures = self.version.parameters
        wanted = [f for f in vocabulary().facts if f.by and f.name in self.read and set(f.parameters) <= set(figures)]
        by_birth = [fact for fact in wanted if fact.by in _BY_BIRTH]
        phases = [fact for fact in wanted if fact.by == "phase_is_one_of"]
        if by_birth or phases:
            self._join_by_birth(by_birth)
        for fact in phases:
            by_group = self._by_era(
                [self._year_group(day) <= self.version.whole(fact.parameters[0], day) for day in self.eras]
            )
            by_school = nw.col(by_phase(fact)) if by_phase(fact) in self.columns else nw.lit(None, nw.Boolean)
            self._put(fact.name, nw.coalesce(by_school, by_group))
        for fact in wanted:
            if fact.by == "same_school_year":
                other = column_of(vocabulary().by_case[fact.of].name)
                if other in self.columns:
                    years = [
                        self._school_year(nw.col(other), day) == self._school_year(self._on, day) for day in self.eras
                    ]
                    self._put(fact.name, self._by_era(years))

    @property
    def _on(self) -> nw.Expr:
        return nw.col(DAY) if self.on is None else nw.lit(as_number(self.on), nw.Int32)

    def _school_year(self, day: nw.Expr, era: dt.date) -> nw.Expr:
        """The year in which the school year of a day starts."""
        month, first = month_day(self.version.parameters["school_year_starts"].on(era))
        return (day - (month * 100 + first)) // 10_000

    def _year_group(self, era: dt.date) -> nw.Expr:
        return self._school_year(self._on, era) - nw.col(_RECEPTION)

    def _join_by_birth(self, facts: list[Fact]) -> None:
        """Every fact of the calendar, for each era, for each day on which a pupil can be born."""
        born = self.frame.select(nw.col(BORN).min().alias("first"), nw.col(BORN).max().alias("last")).collect()
        first, last = born.item(0, "first"), born.item(0, "last")
        years = range(int(first) // 10_000, int(last) // 10_000 + 1) if first is not None else range(0)
        key = f"{__name__} {years} {self.eras} {[fact.name for fact in facts]}"
        table = self.book.prepared.get(key)
        if not isinstance(table, pl.DataFrame):
            table = self.book.prepared[key] = self._table(years, facts)
        self.frame = self.join(self.frame, table, BORN)
        for fact in facts:
            self._put(fact.name, self._by_era([nw.col(_in_era(fact, era)) for era in range(len(self.eras))]))

    def _table(self, years: Iterable[int], facts: list[Fact]) -> pl.DataFrame:
        columns: dict[str, list[int | None]] = {BORN: [], _RECEPTION: []}
        columns |= {_in_era(fact, era): [] for fact in facts for era in range(len(self.eras))}
        for year in years:
            day = dt.date(year, 1, 1)
            while day.year == year:
                columns[BORN].append(as_number(day))
                columns[_RECEPTION].append(self._reception(day))
                for era, on in enumerate(self.eras):
                    born = Day(Case("", {"date_of_birth": day}, {}), self.version, self.policies, on)
                    for fact in facts:
                        columns[_in_era(fact, era)].append(DERIVERS[fact.by](born, fact))  # type: ignore[arg-type]
                day += dt.timedelta(1)
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Int32))

    def _reception(self, born: dt.date) -> int:
        figures, day = self.version.parameters, self.eras[-1]
        starts = month_day(figures["school_year_starts"].on(day))
        return next_school_year(anniversary(born, self.version.whole("reception_starts_after", day)), starts).year


def _literal(value: Known) -> nw.Expr:
    if isinstance(value, Between):
        raise TypeError("a figure of the policy is known exactly")
    return nw.lit(value, nw.Int32) if type(value) is int else nw.lit(value)


def _in_era(fact: Fact, era: int) -> str:
    return f"{column_of(fact.name)}_in_era_{era}"
