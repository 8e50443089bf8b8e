"""What versions say of facts in columns: the plan that works it out, and where each answer of a row then stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.engines.frame import Compiler, Program
from eligibility.in_force import InForce
from eligibility.language.partial import Facts, Known
from eligibility.modelling.fact_columns import FactColumns
from eligibility.reading_names import EXPECTATION

ENTITLED, REFER, NOT_ENTITLED, NEED_INFORMATION = "entitled", "refer", "not_entitled", "need_information"
OUTCOMES = (ENTITLED, REFER, NOT_ENTITLED, NEED_INFORMATION)
"""The outcomes in the order in which they are tried; the engine works with their numbers in it."""
OPEN = OUTCOMES.index(NEED_INFORMATION)


@dataclass(frozen=True)
class Answer:
    """Where an answer stands: a boolean, or the number of one of some words."""

    held: str
    words: tuple[str, ...] = ()

    def in_words(self) -> pl.Expr:
        """The answer as it is told."""
        return pl.lit(pl.Series(self.words)).gather(pl.col(self.held)) if self.words else pl.col(self.held)


def conclude(
    facts: FactColumns, books: Mapping[str, InForce], instead: Mapping[str, Mapping[str, Known | None]] | None = None
) -> tuple[nw.LazyFrame[Any], dict[str, Answer]]:
    """What books say of facts in columns, beside the facts; by name, with the prefix of the book, where each stands.

    `instead` has, by prefix, readings and days of a version that are taken otherwise than the version has them; one
    that is None is left open, so that only what it cannot change is known.
    """
    otherwise = instead or {}
    left_open = {name for taken in otherwise.values() for name, value in taken.items() if value is None}
    constants = {
        prefix: {
            name: value
            for name, value in {**facts.versions[book.version.id].constants, **otherwise.get(prefix, {})}.items()
            if value is not None
        }
        for prefix, book in books.items()
    }
    facts = replace(facts, missing=facts.missing | left_open)
    plan = _plan(facts, books, constants)
    frame = facts.frame
    for step in plan.steps:
        frame = frame.with_columns(*step)
    return frame, dict(plan.columns)


@dataclass(frozen=True)
class _Plan:
    """How some books are worked out on some facts: steps, one after another, and where each answer then stands."""

    steps: tuple[tuple[nw.Expr, ...], ...]
    columns: Mapping[str, Answer]
    books: tuple[InForce, ...]
    """Kept, so that no other book is taken for one of them."""


_PLANS_KEPT = 64


def _plan(facts: FactColumns, books: Mapping[str, InForce], constants: Mapping[str, Facts]) -> _Plan:
    """The plan for some books, written once for the same figures and kept, because one population is often asked."""
    kept = next(iter(books.values())).prepared.setdefault(__name__, {})
    if not isinstance(kept, dict):
        raise TypeError("what was prepared of a book is not what was kept")
    labels = tuple((prefix, id(book)) for prefix, book in books.items())
    read = {prefix: book.reads | {EXPECTATION} for prefix, book in books.items()}
    figures = tuple(_only(constants[prefix], names) for prefix, names in read.items())
    columns = tuple(_only(facts.versions[book.version.id].columns, read[prefix]) for prefix, book in books.items())
    every = frozenset[str]().union(*read.values())
    key = (labels, figures, columns, facts.missing & every, tuple(facts.bounds))
    if key not in kept:
        while len(kept) >= _PLANS_KEPT:
            del kept[next(iter(kept))]
        kept[key] = _write_plan(facts, books, constants)
    plan: _Plan = kept[key]
    return plan


def _only(held: Mapping[str, Known], names: frozenset[str]) -> frozenset[tuple[str, Known]]:
    """What is held under some names."""
    return frozenset((name, value) for name, value in held.items() if name in names)


def _write_plan(facts: FactColumns, books: Mapping[str, InForce], constants: Mapping[str, Facts]) -> _Plan:
    compiler = Compiler(facts.bounds, facts.missing)
    for prefix, book in books.items():
        compiler.add(prefix, book, constants[prefix], facts.versions[book.version.id].columns)
    program = compiler.program((prefix, name) for prefix, book in books.items() for name in _wanted(book))
    each = [_Answers(book, program, prefix, constants[prefix]) for prefix, book in books.items()]
    first = tuple(column for of_book in each for column in of_book.first())
    last = tuple(column for of_book in each for column in of_book.last())
    columns = {f"{of_book.prefix}{name}": answer for of_book in each for name, answer in of_book.named()}
    return _Plan((*program.layers, first, last), columns, tuple(books.values()))


def _wanted(book: InForce) -> list[str]:
    """The conclusions that a pupil's row is made of."""
    tested = [name for ground in book.grounds for name in (ground.result, ground.decides)]
    protected = [ground.result for ground in book.protected.values()]
    expected = [name for found in book.expectations.values() for name, _ in found.values()]
    notices = [notice.applies for notice in book.notices]
    return [*tested, *protected, *expected, *notices, *(name for pair in book.outcomes.values() for name in pair)]


def agreed_readings(book: InForce, constants: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """The readings of legitimate expectation that the outcome is settled from, and the one that is chosen."""
    readings = tuple(book.outcomes)
    reading, chosen = book.version.readings.get(EXPECTATION), constants.get(EXPECTATION)
    first = str(chosen) if chosen in readings and len(readings) > 1 else readings[0]
    if reading and not reading.refer_if_different and len(readings) > 1:
        return (first,), first
    return readings, first


class _Answers:
    """The columns of the answer of one book, by name."""

    def __init__(self, book: InForce, program: Program, prefix: str, constants: Mapping[str, Any]) -> None:
        self.book, self.program, self.prefix = book, program, prefix
        self.agreed, self.chosen = agreed_readings(book, constants)

    def _drawn(self, name: str) -> nw.Expr:
        return nw.col(self.program.drawn[self.prefix, name])

    def _held(self, what: str, reading: str) -> str:
        """The column of what is worked out under a reading."""
        place = list(self.book.outcomes).index(reading)
        return re.sub(r"\W", "_", f"answer_{what}_{place}_{self.prefix}")

    def first(self) -> Iterator[nw.Expr]:
        """The outcome under each reading and what is kept under it, of which the rest is made."""
        for reading, (entitled, refer) in self.book.outcomes.items():
            yield _outcome(self._drawn(entitled), self._drawn(refer)).alias(self._held("outcome", reading))
            for element, (name, _) in self.book.expectations.get(reading, {}).items():
                kept = self._drawn(name) & self._drawn(self.book.protected[element].result)
                yield kept.alias(self._held(element, reading))

    def last(self) -> Iterator[nw.Expr]:
        """The outcome of the readings taken together, and the first element that is kept under each."""
        outcomes = [nw.col(self._held("outcome", reading)) for reading in self.agreed]
        yield _settled(outcomes).alias(self._held("settled", self.chosen))
        for reading, expected in self.book.expectations.items():
            kept = [nw.col(self._held(element, reading)) for element in expected]
            yield _first(kept).alias(self._held("protected", reading))

    def named(self) -> Iterator[tuple[str, Answer]]:
        """Where each answer stands, by its name."""
        book, drawn = self.book, self.program.drawn
        yield "outcome", Answer(self._held("settled", self.chosen), OUTCOMES)
        for reading in book.outcomes if book.expectations else ():
            yield f"outcome[{reading}]", Answer(self._held("outcome", reading), OUTCOMES)
        for ground in book.grounds:
            yield ground.rule.id, Answer(drawn[self.prefix, ground.result])
            if ground.decides != ground.result:
                yield f"carries:{ground.rule.id}", Answer(drawn[self.prefix, ground.decides])
        for reading, expected in book.expectations.items():
            for element in expected:
                yield f"kept:{element}[{reading}]", Answer(self._held(element, reading))
            protected = Answer(self._held("protected", reading), tuple(expected))
            yield f"protected[{reading}]", protected
            if reading == self.chosen:
                yield "protected", protected
        for notice in book.notices:
            yield notice.applies, Answer(drawn[self.prefix, notice.applies])


def _number(number: int) -> nw.Expr:
    return nw.lit(number, nw.Int8)


def _first(kept: Sequence[nw.Expr]) -> nw.Expr:
    """The number of the first element that is kept, or null."""
    found = nw.lit(None, nw.Int8)
    for number in reversed(range(len(kept))):
        found = nw.when(kept[number]).then(_number(number)).otherwise(found)
    return found


def _settled(outcomes: Sequence[nw.Expr]) -> nw.Expr:
    """The outcome of every reading that must agree: the same, that; not known if any is; otherwise refer."""
    found = outcomes[0]
    for other in outcomes[1:]:
        unknown = (found == OPEN) | (other == OPEN)
        differ = nw.when(found == other).then(found).otherwise(_number(OUTCOMES.index(REFER)))
        found = nw.when(unknown).then(_number(OPEN)).otherwise(differ)
    return found


def _outcome(entitled: nw.Expr, refer: nw.Expr) -> nw.Expr:
    """Entitled, refer, not entitled: the first that is not false decides; not known, more information is needed."""
    not_entitled = nw.when(~refer).then(_number(OUTCOMES.index(NOT_ENTITLED))).otherwise(_number(OPEN))
    second = nw.when(refer).then(_number(OUTCOMES.index(REFER))).otherwise(not_entitled)
    not_now = nw.when(~entitled).then(second).otherwise(_number(OPEN))
    return nw.when(entitled).then(_number(OUTCOMES.index(ENTITLED))).otherwise(not_now)
