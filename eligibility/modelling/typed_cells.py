"""From the cells of a population file to typed columns, whole columns at a time, and which rows are in doubt.

What is accepted here is accepted by the reading of a single case, with the same value. What is not may still be: such a
row is read once more by itself, which tells exactly what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from eligibility.case import NO_DAY, may_be_none, miles_to_mm, read_miles
from eligibility.columns import ABOUT
from eligibility.facts import Fact, vocabulary
from eligibility.modelling.about_columns import LONGEST, with_meaning
from eligibility.modelling.facts_of_cases import NONE
from eligibility.modelling.population_columns import PopulationColumns

_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_URN, _POSTCODE = r"^[0-9]{6}$", r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"
_UPRN, _REFERENCE = r"^[0-9]{1,12}$", r"^[A-Za-z0-9][A-Za-z0-9._:/#-]{0,63}$"
_URNS = r"^[1-9][0-9]{5}(;[1-9][0-9]{5})*$"
_PLACES = r"^[1-9][0-9]{5}=(yes|no)(;[1-9][0-9]{5}=(yes|no))*$"
_LOCATED = ("postcode", "uprn")


@dataclass(frozen=True)
class Typed:
    """A column: its name, its value (null where it cannot be read), and where what stands there can be."""

    name: str
    value: pl.Expr
    fits: pl.Expr


def typed(table: pl.DataFrame, words: Mapping[str, tuple[str, ...]]) -> tuple[pl.DataFrame, pl.Series]:
    """The table with every column in its type, distances in millimetres alone, and for each row whether all of it fits.

    Cells of text are read as those of a CSV file; a null is not known, and so is a number that is not a number (NaN).
    `words` gives the closed lists that the policy files decide (ground, policy).
    """
    table = table.with_columns(pl.selectors.float().fill_nan(None))
    columns = list(_columns(table, words))
    names = [column.name for column in columns]
    values = {c.name: c.value.alias(c.name) for c in columns}
    whole = pl.all_horizontal(*(column.fits.fill_null(False) for column in columns))
    given = table.select(*values.values(), whole.alias("_fits"))
    rest = [*_located(names), *_nothing_in_none(names)]
    fits = given.select(pl.all_horizontal(pl.col("_fits"), *(test.fill_null(False) for test in rest)).alias("fits"))
    return given.drop("_fits"), fits["fits"]


def _columns(table: pl.DataFrame, words: Mapping[str, tuple[str, ...]]) -> Iterator[Typed]:
    """Every column of the table in its type; one of miles with the one of millimetres that it is another form of."""
    terms, kinds = vocabulary(), PopulationColumns()
    miles = {_beside(place, fact.also_miles): fact for place, fact in terms.by_case.items() if fact.also_miles}
    for name, kind in table.schema.items():
        if kinds.kind(name) == "decimal":
            continue
        if name in with_meaning():
            yield _Cells(name, kind, with_meaning()[name], with_meaning()[name].words).typed()
        elif name.startswith(ABOUT):
            yield _about(name, kind)
        elif name in terms.by_case:
            fact = terms.by_case[name]
            typed_ = _Cells(name, kind, fact, words.get(fact.type, fact.words)).typed()
            beside = _beside(name, fact.also_miles) if fact.also_miles else ""
            yield _either(typed_, table[beside]) if beside in table.columns else typed_
        else:
            yield _section(name)
    for name in (name for name in table.columns if name in miles):
        whole = name.removesuffix(miles[name].also_miles) + miles[name].case.rpartition(".")[2]
        if whole not in table.columns:
            yield _either(Typed(whole, pl.lit(None, pl.Int64), pl.lit(True)), table[name])


def _beside(place: str, leaf: str) -> str:
    return f"{place.rpartition('.')[0]}.{leaf}"


def _about(name: str, kind: pl.DataType) -> Typed:
    column = pl.col(name)
    if kind == pl.String:
        text = column.str.strip_chars()
        return Typed(name, pl.when(text != "").then(text), column.is_null() | (text.str.len_chars() <= LONGEST))
    return Typed(name, column, pl.lit(kind.is_integer() or kind in (pl.Boolean, pl.Date, pl.Null, pl.Float64)))


def _section(name: str) -> Typed:
    text = pl.col(name).cast(pl.String).str.strip_chars().str.to_lowercase()
    empty = pl.col(name).is_null() | (text == "")
    return Typed(name, pl.when(text == NONE).then(pl.lit(NONE)), empty | (text == NONE))


def _either(millimetres: Typed, miles: pl.Series) -> Typed:
    """A length, given in millimetres or as decimal miles, which must not say two things."""
    texts = miles.cast(pl.String).str.strip_chars()
    read = {text: _in_millimetres(text) for text in texts.drop_nulls().unique().to_list()}
    found = pl.Series([None if text is None else read[text] for text in texts.to_list()], dtype=pl.Int64)
    empty = texts.is_null() | (texts == "")
    given, fits = pl.lit(found), pl.lit(empty | found.is_not_null())
    same = given.is_null() | millimetres.value.is_null() | (given == millimetres.value)
    return Typed(millimetres.name, pl.coalesce(millimetres.value, given), millimetres.fits & fits & same)


def _in_millimetres(text: str) -> int | None:
    try:
        return miles_to_mm(read_miles(text))
    except ValueError:
        return None


@dataclass(frozen=True)
class _Cells:
    """The cells of one column of a case: how they are written, and the fact that they tell."""

    name: str
    written: pl.DataType
    fact: Fact
    words: tuple[str, ...]

    def typed(self) -> Typed:
        """The column in its type."""
        column = pl.col(self.name)
        if self.written == pl.Null:
            return Typed(self.name, pl.lit(None, self._type()), pl.lit(True))
        text = column.cast(pl.String).str.strip_chars()
        if self.written.is_integer() or self.written in (pl.Boolean, pl.Date):  # no word can stand there
            value = self._value(column, text)
            return Typed(self.name, value, column.is_null() | value.is_not_null())
        empty = column.is_null() | (text == "")
        is_none = (text.str.to_lowercase() == NONE).fill_null(False)
        value = pl.when(~is_none).then(self._value(column, text))
        none = self._none()
        if none is None:
            return Typed(self.name, value, empty | value.is_not_null())
        value = pl.when(is_none).then(none).otherwise(value)
        return Typed(self.name, value, empty | is_none | value.is_not_null())

    def _type(self) -> pl.DataType:
        kinds = {"boolean": pl.Boolean(), "date": pl.Date(), "whole": pl.Int64(), "length": pl.Int64()}
        return {**kinds, "money": pl.Int64()}.get(self.fact.type, pl.String())

    def _none(self) -> pl.Expr | None:
        """What stands for "known to be none"; None where a case may not say so."""
        if not may_be_none(self.fact):
            return None
        if self.fact.type == "date":
            return pl.lit(NO_DAY)
        return pl.lit(self.fact.none if self._type() != pl.String else NONE, self._type())

    def _value(self, column: pl.Expr, text: pl.Expr) -> pl.Expr:
        match self.fact.type:
            case "boolean":
                if self.written == pl.Boolean:
                    return column
                return text.str.to_lowercase().replace_strict(_WORDS, default=None, return_dtype=pl.Boolean)
            case "whole" | "length" | "money":
                return self._whole(column, text)
            case "date":
                return self._date(column, text)
            case "word" | "ground" | "policy":
                return _matching(text, text.is_in(list(self.words)))
            case "postcode":
                close = text.str.replace_all(r"\s+", "").str.to_uppercase()
                spaced = close.str.replace(r"(.{3})$", " $1")
                return _matching(spaced, spaced.str.contains(_POSTCODE))
            case "uprn":
                bare = text.str.strip_chars_start("0")
                return _matching(pl.when(bare == "").then(pl.lit("0")).otherwise(bare), text.str.contains(_UPRN))
            case "urn":
                return _matching(text, text.str.contains(_URN))
            case "urns":
                close = text.str.replace_all(r"\s+", "").str.strip_chars_end(";")
                return _matching(close, close.str.contains(_URNS))
            case "places":
                named = text.str.extract_all(r"[0-9]{6}")
                once = named.list.n_unique() == named.list.len()
                return _matching(text, text.str.contains(_PLACES) & once)
            case "incidents":
                return pl.lit(None, pl.String)  # each of them is a day, which is read by itself
            case _:
                return _matching(text, text.str.contains(_REFERENCE))

    def _whole(self, column: pl.Expr, text: pl.Expr) -> pl.Expr:
        if self.written.is_integer():
            number = column.cast(pl.Int64, strict=False)
        elif self.written.is_float():
            whole = column.round(0).cast(pl.Int64, strict=False)
            number = _matching(whole, whole.cast(pl.Float64) == column)
        else:
            number = _matching(text, text.str.contains(r"^[-+]?[0-9]{1,18}$")).cast(pl.Int64, strict=False)
        return _matching(number, number.is_between(self.fact.min, self.fact.max))

    def _date(self, column: pl.Expr, text: pl.Expr) -> pl.Expr:
        """A day; one of a spreadsheet may have midnight behind it. The last day of all stands for none."""
        if self.written == pl.Date:
            day = column
        elif isinstance(self.written, pl.Datetime):
            day = _matching(column.dt.date(), column.dt.time() == pl.lit(0).cast(pl.Time))
        else:
            close = text.str.strip_suffix(" 00:00:00")
            day = _matching(close, close.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).str.to_date(
                "%Y-%m-%d", strict=False
            )
        if self.written != pl.String and may_be_none(self.fact):
            return day
        return _matching(day, day != NO_DAY)


def _matching(value: pl.Expr, test: pl.Expr) -> pl.Expr:
    return pl.when(test).then(value)


def _located(names: Sequence[str]) -> Iterator[pl.Expr]:
    """Each home has a postcode, an address number, or both coordinates; the other home where there is one."""
    for home in ("home", "other_home"):
        there = {leaf for leaf in (*_LOCATED, "easting", "northing") if f"{home}.{leaf}" in names}
        known = {leaf: pl.col(f"{home}.{leaf}").is_not_null() for leaf in there}
        ways = [known[leaf] for leaf in _LOCATED if leaf in there]
        ways += [known["easting"] & known["northing"]] if {"easting", "northing"} <= there else []
        located = pl.any_horizontal(*ways) if ways else pl.lit(False)
        parts = [pl.col(name).is_not_null() for name in names if name.startswith(f"{home}.")]
        if home == "home":
            yield located
        elif parts:
            yield located | ~pl.any_horizontal(*parts)


def _nothing_in_none(names: Sequence[str]) -> Iterator[pl.Expr]:
    """Where a section is known to be none, no part of it is given."""
    kinds = PopulationColumns()
    for section in (name for name in names if kinds.kind(name) == "section"):
        parts = [pl.col(name).is_not_null() for name in names if name.startswith(f"{section}.")]
        if parts:
            yield pl.col(section).is_null() | ~pl.any_horizontal(*parts)
    yield from (pl.col(name).is_not_null() for name in kinds.required)
