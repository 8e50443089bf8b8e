"""The pupils of a population whose cases contradict themselves on a day, or cannot be about it, each with its reason.

Whole columns are looked at first; only a pupil in doubt is looked at by itself, as a decision on it would be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.case import Case
from eligibility.derived import Day
from eligibility.engines.frame_conditions import column_of
from eligibility.errors import InputError
from eligibility.establish import Measured, check_dates
from eligibility.facts import NEVER, vocabulary
from eligibility.in_force import Books
from eligibility.modelling.fact_columns import looks_at
from eligibility.modelling.facts_in_columns import establish_in_columns
from eligibility.modelling.facts_of_cases import as_number
from eligibility.outcome import answer
from eligibility.places import measure
from eligibility.policy import Policies, Version
from eligibility.reading_names import MEASURING
from eligibility.school_calendar import as_number as as_whole
from eligibility.school_calendar import month_day

_BORN, _ON = "date_of_birth", column_of("on")
_YEARS = 24
"""A pupil of so many years is looked at by itself: the oldest that a case may be about is a little older."""


def doubtful(
    population: pl.DataFrame,
    books: Books,
    versions: Sequence[Version],
    *,
    on: dt.date | None,
    choices: Mapping[str, str],
) -> pl.Series:
    """For each row of a population with its facts, whether it may contradict itself, or cannot be about its day."""
    frame: nw.LazyFrame[Any] = nw.from_native(population.lazy())
    facts = establish_in_columns(frame, [books.of(versions[0])], books.policies, on=on, choices=choices)
    own = facts.frame.with_columns(facts.contradicts.alias("_contradicts")).to_native()
    day = pl.col(_ON) if on is None else pl.lit(as_whole(on), pl.Int32)
    tests = [pl.col("_contradicts"), *_dates(set(population.columns), day, books, versions)]
    doubt = reduce(lambda one, other: one | other, (test.fill_null(True) for test in tests))
    found: pl.Series = own.select(doubt.alias("doubt")).collect()["doubt"]
    return found


def _dates(columns: set[str], day: pl.Expr, books: Books, versions: Sequence[Version]) -> list[pl.Expr]:
    born = as_number(pl.col(_BORN))
    first = max(version.starts for version in versions)
    figures = versions[0].parameters
    month, starts = month_day(figures["school_year_starts"].on(first))
    school_year = month * 100 + starts
    after = versions[0].whole("reception_starts_after", first)
    tests = [born >= day, day // 10_000 - born // 10_000 > _YEARS, day >= NEVER]
    tests += [day < as_whole(held_from(books.policies, version)) for version in versions]
    for fact in vocabulary().facts:
        places = [fact.case, fact.other_home] if fact.not_before_birth else []
        for place in {*places, "travel_from", "applied_on"} & columns:
            tests.append((pl.col(place) < pl.col(_BORN)).fill_null(False))
    if "year_group" in columns:
        group = (day - school_year) // 10_000 - (born - school_year) // 10_000 - after - 1
        tests.append(((pl.col("year_group") - group).abs() > 1).fill_null(False))
    return tests


def why_not(
    case: Case, books: Books, versions: Sequence[Version], *, on: dt.date | None, choices: Mapping[str, str]
) -> str | None:
    """Why a case cannot be assessed under one of the versions, in the sentence of a decision on it; or None."""
    try:
        for version in versions:
            by_application, _ = looks_at(version, choices)
            applied = case.get("applied_on") if by_application else None
            day = on or applied or case.get("travel_from")
            if day is None:
                return "there is no day to decide for; give travel_from, or --on"
            books.policies.check_held(version, day)
            check_dates(case, day, Day(case, version, books.policies, day).year_group())
            answer(case, version, books, day, measured=_measured(case, version, day, choices), choices=choices)
    except InputError as error:
        return error.message
    return None


def held_from(policies: Policies, version: Version) -> dt.date:
    """The day from which the statute under a version is held."""
    return (policies.versions[version.statute] if version.statute else version).starts


def _measured(case: Case, version: Version, day: dt.date, choices: Mapping[str, str]) -> Measured:
    """What can be told without an area."""
    how = {name: choices.get(name, version.readings[name].chosen) for name in MEASURING}
    return measure(case, None, 0, on=day, choices=how, tolerances={}).measured
