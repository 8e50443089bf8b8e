"""The facts that cases tell by themselves, in columns: worked out once, whatever the day and the policy.

What `establish` makes of one case, for as many as there are. Dates are whole numbers YYYYMMDD, lengths millimetres,
money pence; null is not known. A population keeps known-to-be-none as the word `none`, or as the day 9999-12-31.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from eligibility.columns import CaseColumns
from eligibility.engines.frame_conditions import column_of
from eligibility.establish import NOT_GIVEN
from eligibility.facts import NEVER, OTHER_HOME, Fact, vocabulary

NONE = "none"
"""The word for a section or a text that is known to be none, and for a list that is known to be empty."""
ONLY_THIS_SCHOOL_NAMED = column_of("only_this_school_named")
"""The column that tells whether no other school than this was named in the application for a place."""
_WHOLE = 2**31
"""Whole numbers below it are kept in four bytes."""


def with_facts(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Cases with a column for every fact that they tell; facts of which they tell nothing have none.

    A fact that is the same for every case because the column is absent is among `constant_facts`.
    """
    there = _Cases(cases.collect_schema().names())
    told = {name: value for name, value in there.facts() if isinstance(value, pl.Expr)}
    same = {}
    for fact in vocabulary().facts:
        for suffix in ("", OTHER_HOME) if fact.same_as else ():
            source = told.get(fact.same_as + suffix)
            if source is not None:
                own = told.get(fact.name + suffix)
                same[fact.name + suffix] = source if own is None else pl.coalesce(own, source)
    columns = [value.alias(column_of(name)) for name, value in (told | same).items()]
    return cases.with_columns(*columns, *there.named(), *there.phases())


def by_phase(fact: Fact) -> str:
    """The column that tells a fact that hangs on the school's phase, where that is known."""
    return f"{column_of(fact.name)}_by_phase"


def constant_facts(columns: Iterable[str]) -> dict[str, int | bool | str]:
    """The facts that hold of every case of a population because no column tells otherwise, by the vocabulary."""
    there = set(columns)
    found = ((name, value) for name, value in _Cases(list(there)).facts() if column_of(name) not in there)
    return {name: value for name, value in found if isinstance(value, bool | int | str)}


class _Cases:
    """What stands in the columns of a population, place by place."""

    def __init__(self, columns: list[str]) -> None:
        self._columns = set(columns)
        known = CaseColumns()
        self._sections = [name for name in columns if known.kind(name) == "section"]

    def facts(self) -> Iterator[tuple[str, pl.Expr | int | bool | str | None]]:
        """Every fact a case can tell: a column, a value that all share, or None where nothing tells it."""
        terms = vocabulary()
        for section in terms.sections.values():
            if section.name:
                yield section.name, self._section(section.case)
        for fact in terms.facts:
            if not fact.name:
                continue
            if fact.by:
                if fact.by in _DERIVED:
                    yield fact.name, _DERIVED[fact.by](self, fact)
                continue
            yield fact.name, self._leaf(fact, fact.case)
            if fact.other_home:
                yield fact.name + OTHER_HOME, self._leaf(fact, fact.other_home)

    def named(self) -> list[pl.Expr]:
        """Whether the application for a place named no other school: what one reading of the policy presumes from."""
        place = "admission.preferences"
        if place not in self._columns:
            return []
        only = self._list(place).list.set_difference(self._this_school()).list.len() == 0
        return [only.alias(ONLY_THIS_SCHOOL_NAMED)]

    def phases(self) -> Iterator[pl.Expr]:
        """The facts that hang on the school's phase, where a case tells it."""
        for fact in vocabulary().facts:
            if fact.by == "phase_is_one_of" and fact.of in self._columns:
                yield pl.col(fact.of).is_in(list(fact.words)).alias(by_phase(fact))

    def lies_in_none(self, place: str) -> pl.Expr | None:
        """Where a section that a place lies in is known to be none; None where no column can say so."""
        around = [name for name in self._sections if place.startswith(f"{name}.")]
        if not around:
            return None
        return pl.any_horizontal(*((pl.col(name) == NONE).fill_null(False) for name in around))

    def has(self, place: str) -> pl.Expr | None:
        """Where a place is known; None where it never is."""
        tests = [pl.col(place).is_not_null()] if place in self._columns else []
        lies = self.lies_in_none(place)
        tests += [] if lies is None else [lies]
        return pl.any_horizontal(*tests) if tests else None

    def _section(self, place: str) -> pl.Expr | None:
        inside = [pl.col(name).is_not_null() for name in self._columns if name.startswith(f"{place}.")]
        is_none = self.lies_in_none(f"{place}.")
        if not inside and is_none is None:
            return None
        when = pl.when(pl.lit(False) if is_none is None else is_none).then(pl.lit(False))
        return when.when(pl.any_horizontal(*inside) if inside else pl.lit(False)).then(pl.lit(True))

    def _leaf(self, fact: Fact, place: str) -> pl.Expr | int | bool | str | None:
        default = (NOT_GIVEN if fact.default == "not_given" else fact.default) if fact.has_default else None
        is_none = self.lies_in_none(place) if fact.has_none else None
        if place not in self._columns and is_none is None:
            return default
        value = self._value(fact, place) if place in self._columns else None
        if is_none is not None:
            none = NEVER if fact.none == "never" else NOT_GIVEN if fact.default == "not_given" else fact.none
            given = pl.when(is_none).then(pl.lit(none))
            value = given if value is None else given.otherwise(value)
        if default is not None and value is not None:
            value = value.fill_null(default)
        return value if value is None else value.cast(self._type(fact))

    @staticmethod
    def _value(fact: Fact, place: str) -> pl.Expr:
        return as_number(pl.col(place)) if fact.type == "date" else pl.col(place)

    @staticmethod
    def _type(fact: Fact) -> type[pl.DataType]:
        match fact.type:
            case "boolean":
                return pl.Boolean
            case "whole" | "length" | "money":
                small = fact.max is not None and fact.max < _WHOLE and fact.default != "not_given"
                return pl.Int32 if small else pl.Int64
            case "date":
                return pl.Int32
            case _:
                return pl.String

    @staticmethod
    def _list(place: str) -> pl.Expr:
        """The parts of a list; empty where it is known to be, null where nothing is known."""
        text = pl.col(place)
        parts = text.str.split(";").list.eval(pl.element().filter(pl.element() != NONE))
        return pl.when(text.is_not_null()).then(parts)

    def _this_school(self) -> pl.Expr:
        """The numbers of this school: today's, and the former ones that are known."""
        urn = pl.concat_list(pl.col("school.urn"))
        if "school.former_urns" not in self._columns:
            return urn
        former = self._list("school.former_urns")
        return pl.when(former.is_null()).then(urn).otherwise(pl.concat_list(urn, former))

    def _is_among(self, urns: pl.Expr) -> pl.Expr:
        """Whether this school is among some numbers (a list): not known where its former ones are not."""
        among = urns.list.set_intersection(self._this_school()).list.len() > 0
        known = self.has("school.former_urns")
        other = pl.lit(None, pl.Boolean) if known is None else pl.when(known).then(pl.lit(False))
        return pl.when(among).then(pl.lit(True)).otherwise(other)

    def names_this_school(self, fact: Fact) -> pl.Expr | None:
        known = self.has(fact.of)
        if known is None:
            return None
        urns = self._list(fact.of) if fact.of in self._columns else pl.lit(None, pl.List(pl.String))
        empty = pl.lit([], pl.List(pl.String))
        return pl.when(known).then(self._is_among(urns.fill_null(empty)))

    def is_this_school(self, fact: Fact) -> pl.Expr | None:
        known = self.has(fact.of)
        if known is None:
            return None
        if fact.of not in self._columns:
            return pl.when(known).then(pl.lit(False))
        urn = pl.col(fact.of)
        none = urn.is_null() | (urn == NONE)
        return pl.when(known & none).then(pl.lit(False)).when(known).then(self._is_among(pl.concat_list(urn)))

    def has_one_entry(self, fact: Fact) -> pl.Expr | None:
        known = self.has(fact.of)
        if known is None:
            return None
        one = self._list(fact.of).list.len() == 1 if fact.of in self._columns else pl.lit(False)
        return pl.when(known).then(one.fill_null(False))

    def has_happened(self, fact: Fact) -> pl.Expr | None:
        known = self.has(fact.of)
        if known is None:
            return None
        if fact.of not in self._columns:
            return pl.when(known).then(pl.lit(False))
        held = pl.col(fact.of)
        dated = vocabulary().by_case[fact.of].type == "date"
        given = as_number(held) != NEVER if dated else held != NONE
        return pl.when(known).then(given.fill_null(False))

    def incidents(self, _: Fact) -> pl.Expr | None:
        known = self.has("service.incidents")
        if known is None or "service.incidents" not in self._columns:
            return None if known is None else pl.when(known).then(pl.lit(0, pl.Int32))
        return pl.when(known).then(self._list("service.incidents").list.len().cast(pl.Int32).fill_null(0))

    def serious(self, _: Fact) -> pl.Expr | None:
        known = self.has("service.incidents")
        if known is None or "service.incidents" not in self._columns:
            return None if known is None else pl.when(known).then(pl.lit(False))
        return pl.when(known).then(pl.col("service.incidents").str.contains("=serious", literal=True).fill_null(False))


_DERIVED = {
    "has_happened": _Cases.has_happened,
    "is_given": _Cases.has_happened,
    "names_this_school": _Cases.names_this_school,
    "is_this_school": _Cases.is_this_school,
    "has_one_entry": _Cases.has_one_entry,
    "number_of_incidents": _Cases.incidents,
    "any_serious_incident": _Cases.serious,
}
"""Those of `derived.DERIVERS` that hang on the case alone, and on no day."""


def as_number(day: pl.Expr) -> pl.Expr:
    """A date as a rule reads it, YYYYMMDD. A month is one byte in a column, too small to be multiplied in."""
    year, month = day.dt.year(), day.dt.month().cast(pl.Int32)
    return year * 10_000 + month * 100 + day.dt.day().cast(pl.Int32)
