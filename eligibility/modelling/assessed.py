"""A population assessed under a version: one row a pupil, what each ground says of it, its outcome, what it keeps.

The grounds, the protection and the outcome of a pupil are those of a decision on the same case on the same day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.engines.frame import Compiler, Program
from eligibility.in_force import Books, InForce
from eligibility.modelling.facts_in_columns import FactColumns, Join, establish_in_columns, join_in_polars
from eligibility.policy import Version
from eligibility.reading_names import EXPECTATION

ENTITLED, REFER, NOT_ENTITLED, NEED_INFORMATION = "entitled", "refer", "not_entitled", "need_information"
KEPT = ("row", "reference")
"""The columns of a population that come through, beside those that begin with `about.`."""
ABOUT = "about."


def assess(
    population: pl.LazyFrame,
    books: Books,
    version: Version,
    *,
    on: dt.date | None = None,
    choices: Mapping[str, str] | None = None,
) -> pl.LazyFrame:
    """Every pupil of a checked population under a version, on the day `on` or each on its own first day of travel.

    `choices` overrides readings by name. The columns: `row`, `reference` and `about.*` as they were; `outcome`;
    `outcome[<reading>]` for each reading of legitimate expectation where the version has a transition; for each ground
    its result, by its id, and `carries:<ground>` where the outcome is drawn from another form;
    `kept:<ground>[<reading>]` for each withdrawn element, whether it is protected and met; `protected`, the one kept
    under the chosen reading, and `protected[<reading>]`; `notice:<id>`. Null is not known, and of `protected` also that
    there is none.
    """
    frame: nw.LazyFrame[Any] = nw.from_native(population)
    assessed = assess_in_columns(frame, books, version, on=on, choices=choices)
    return assessed.to_native()  # type: ignore[no-any-return]


def assess_in_columns(
    population: nw.LazyFrame[Any],
    books: Books,
    version: Version,
    *,
    on: dt.date | None = None,
    choices: Mapping[str, str] | None = None,
    join: Join = join_in_polars,
) -> nw.LazyFrame[Any]:
    """The same for a population in any engine that Narwhals knows; `join` joins a small table there."""
    book = books.of(version)
    facts = establish_in_columns(population, book, books.policies, on=on, choices=choices, join=join)
    there = population.collect_schema().names()
    come = [name for name in there if name in KEPT or name.startswith(ABOUT)]
    return conclude(facts, book, come)


def conclude(facts: FactColumns, book: InForce, come: Iterable[str]) -> nw.LazyFrame[Any]:
    """What a book says of facts in columns; `come` are columns that come through."""
    compiler = Compiler(facts.bounds, facts.missing)
    compiler.add("", book, facts.constants)
    program = compiler.program(("", name) for name in _wanted(book))
    frame = program.run(facts.frame)
    return frame.select(*map(nw.col, come), *_columns(book, program, facts))


def _wanted(book: InForce) -> list[str]:
    """The conclusions that a pupil's row is made of."""
    tested = [name for ground in book.grounds for name in (ground.result, ground.decides)]
    protected = [name for ground in book.protected.values() for name in (ground.result, ground.decides)]
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


def _columns(book: InForce, program: Program, facts: FactColumns) -> list[nw.Expr]:
    """The columns of the answer, by name."""

    def drawn(name: str) -> nw.Expr:
        return program.drawn["", name]

    agreed, chosen = agreed_readings(book, facts.constants)
    outcomes = {reading: [drawn(name) for name in pair] for reading, pair in book.outcomes.items()}
    columns = [_settled([outcomes[reading] for reading in agreed]).alias("outcome")]
    if book.expectations:
        columns += [_settled([pair]).alias(f"outcome[{reading}]") for reading, pair in outcomes.items()]
    for ground in book.grounds:
        columns.append(drawn(ground.result).alias(ground.rule.id))
        if ground.decides != ground.result:
            columns.append(drawn(ground.decides).alias(f"carries:{ground.rule.id}"))
    for reading, expected in book.expectations.items():
        kept = {element: drawn(name) & drawn(book.protected[element].result) for element, (name, _) in expected.items()}
        columns += [value.alias(f"kept:{element}[{reading}]") for element, value in kept.items()]
        columns.append(_first(kept).alias(f"protected[{reading}]"))
        if reading == chosen:
            columns.append(_first(kept).alias("protected"))
    return [*columns, *(drawn(notice.applies).alias(notice.applies) for notice in book.notices)]


def _first(kept: Mapping[str, nw.Expr]) -> nw.Expr:
    """The first element that is kept, or null."""
    found = nw.lit(None, nw.String)
    for element, is_kept in reversed(list(kept.items())):
        found = nw.when(is_kept).then(nw.lit(element)).otherwise(found)
    return found


def _settled(pairs: list[list[nw.Expr]]) -> nw.Expr:
    """The outcome of every reading that must agree: the same, that; not known if any is; otherwise refer."""
    outcomes = [_outcome(entitled, refer) for entitled, refer in pairs]
    found = outcomes[0]
    for other in outcomes[1:]:
        unknown = (found == NEED_INFORMATION) | (other == NEED_INFORMATION)
        differ = nw.when(found == other).then(found).otherwise(nw.lit(REFER))
        found = nw.when(unknown).then(nw.lit(NEED_INFORMATION)).otherwise(differ)
    return found


def _outcome(entitled: nw.Expr, refer: nw.Expr) -> nw.Expr:
    """Entitled, refer, not entitled: the first that is not false decides; not known, more information is needed."""
    second = (
        nw.when(refer)
        .then(nw.lit(REFER))
        .otherwise(nw.when(~refer).then(nw.lit(NOT_ENTITLED)).otherwise(nw.lit(NEED_INFORMATION)))
    )
    return (
        nw.when(entitled)
        .then(nw.lit(ENTITLED))
        .otherwise(nw.when(~entitled).then(second).otherwise(nw.lit(NEED_INFORMATION)))
    )
