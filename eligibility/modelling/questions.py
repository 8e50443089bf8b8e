"""What a population is asked: what one version says of it, on which day, under which readings, how long after the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from eligibility.in_force import Books, InForce
from eligibility.modelling.assessed import assess
from eligibility.policy import Policies, Version


@dataclass(frozen=True)
class Question:
    """One question to a population, put to all its pupils at once.

    `on` is the day for everyone, None each pupil's own; `choices` read the policy otherwise than the version chose;
    `years_ago` moves the change so many years back.
    """

    version: str
    on: dt.date | None = None
    choices: tuple[tuple[str, str], ...] = ()
    years_ago: int = 0


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years before; for 29 February, the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def the_change_moved(policies: Policies, version: Version, years: int) -> Policies:
    """Policies in which a version starts so many years earlier, all else the same: nobody decides a case by them."""
    if not years:
        return policies
    moved = replace(version, starts=years_before(version.starts, years))
    return replace(policies, versions={**policies.versions, version.id: moved})


def assess_in_polars(
    facts: pl.DataFrame, books: Books, version: Version, on: dt.date | None, choices: Mapping[str, str]
) -> pl.DataFrame:
    """The answers of pupils whose cases' facts stand in columns, by Polars."""
    return assess(facts.lazy(), books, version, on=on, choices=choices).collect()


Assess = Callable[[pl.DataFrame, Books, Version, dt.date | None, Mapping[str, str]], pl.DataFrame]
"""What a version says of every pupil whose facts stand in columns (`assessed`), by one engine or another."""


@dataclass
class Asker:
    """Puts questions to populations by one engine, and keeps what each version puts in force."""

    policies: Policies
    assess: Assess = assess_in_polars
    _books: dict[tuple[str, int], Books] = field(default_factory=dict)

    def books(self, version: str, years_ago: int = 0) -> Books:
        """What the versions put in force where this one started so many years earlier."""
        key = (version, years_ago) if years_ago else ("", 0)
        if key not in self._books:
            self._books[key] = Books(the_change_moved(self.policies, self.policies.version(version), years_ago))
        return self._books[key]

    def book(self, question: Question) -> InForce:
        """The version asked about, written out."""
        books = self.books(question.version, question.years_ago)
        return books.of(books.policies.version(question.version))

    def ask(self, facts: pl.DataFrame, question: Question) -> pl.DataFrame:
        """The answers, one row a pupil in the order of `row`."""
        books = self.books(question.version, question.years_ago)
        version = books.policies.version(question.version)
        return self.assess(facts, books, version, question.on, dict(question.choices)).sort("row")
