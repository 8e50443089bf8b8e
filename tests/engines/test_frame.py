"""The frame engine concludes in columns what the reference engine concludes of each pupil by itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from eligibility.engines import reference
from eligibility.engines.frame import Compiler
from eligibility.engines.frame_conditions import Bounds, column_of
from eligibility.in_force import InForce
from eligibility.language.expressions import (
    AnyOf,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Years,
    both,
    either,
)
from eligibility.language.partial import Between, Facts, Known
from eligibility.policy_files import policies
from tests.engines.random_rulebooks import CHOICES, DAYS, Rulebooks

BOOKS = int(os.environ.get("EDTRAVEL_RULEBOOKS", "12"))
SEED = int(os.environ.get("EDTRAVEL_SEED", "1"))
PUPILS_A_BOOK = 40
SHARES = range(6)


def in_columns(pupils: list[dict[str, Known]], numbers: list[str]) -> tuple[pl.LazyFrame, dict[str, Bounds]]:
    """Pupils as a frame; each number as the least and the most that it can be."""
    columns: dict[str, list[Any]] = {}
    bounds = {name: (f"{name}_least", f"{name}_most") for name in numbers}
    kinds = {name: next((type(p[name]) for p in pupils if name in p), int) for p in pupils for name in p}
    for name in sorted({name for pupil in pupils for name in pupil}):
        values = [pupil.get(name) for pupil in pupils]
        if name in bounds:
            ends = [(v.low, v.high) if isinstance(v, Between) else (v, v) for v in values]
            columns |= {column: [end[place] for end in ends] for place, column in enumerate(bounds[name])}
        else:
            columns[column_of(name)] = values
    whole = {name for name, kind in kinds.items() if kind is int and name not in bounds}
    schema = {name: pl.Int32 for name in columns if name in {column_of(one) for one in whole}}
    held = {name: ends for name, ends in bounds.items() if ends[0] in columns}
    schema |= {end: pl.Int32 for ends in held.values() for end in ends}
    return pl.DataFrame(columns, schema_overrides=schema).with_row_index("row").lazy(), held


def concluded(
    book: InForce, pupils: list[dict[str, Known]], numbers: list[str], constants: Facts
) -> list[dict[str, bool | None]]:
    """Every conclusion of every pupil, by the frame engine; `constants` are facts that all of them share."""
    frame, bounds = in_columns(pupils, numbers)
    there = {name for pupil in pupils for name in pupil}
    everything = {f"{kind}_{n}" for kind in ("truth", "number", "date", "word") for n in range(10)}
    compiler = Compiler(bounds, frozenset(everything - there))
    compiler.add("", book, constants)
    keys = [("", name) for name in book.conclusions]
    program = compiler.program(keys)
    held = nw.from_native(frame)
    literals = [nw.lit(v).alias(column_of(n)) for n, v in constants.items() if isinstance(v, int)]
    held = program.run(held.with_columns(*literals) if literals else held)
    drawn = [nw.col(program.drawn[key]).alias(f"c{place}") for place, key in enumerate(keys)]
    rows = held.select(nw.col("row"), *drawn).collect().sort("row").rows()
    return [dict(zip(book.conclusions, row[1:], strict=True)) for row in rows]


def as_known(facts: dict[str, Known]) -> dict[str, Known]:
    """A number that can be one thing only is known, as the constraints leave it."""
    return {n: v.low if isinstance(v, Between) and v.low == v.high else v for n, v in facts.items()}


@pytest.mark.parametrize("share", SHARES)
def test_the_frame_engine_concludes_the_same_under_rulebooks_drawn_at_random(share: int) -> None:
    rulebooks = Rulebooks(SEED * 1000 + share)
    seen: set[bool | None] = set()
    for number in range(BOOKS):
        book = rulebooks.book()
        pupils = [as_known(rulebooks.facts()) for _ in range(PUPILS_A_BOOK)]
        constants: dict[str, Known] = {}
        if number % 2:  # in every second rulebook all pupils share a day
            constants = {"date_0": rulebooks.facts().get("date_0", DAYS[number % len(DAYS)])}
            pupils = [{**pupil, **constants} for pupil in pupils]
        found = concluded(book, pupils, rulebooks.numbers, constants)
        for pupil, answers in zip(pupils, found, strict=True):
            assert answers == reference.conclude(book, pupil), (book.conclusions, pupil)
            seen |= set(answers.values())
    assert seen == {True, False, None}


def book_of(**conclusions: Expression) -> InForce:
    return InForce(policies().versions["england"], conclusions=dict(conclusions))


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("known", ["earlier", "later", "neither"])
def test_whole_years_are_counted_to_the_day_the_29th_of_february_included(operator: str, known: str) -> None:
    days = [20080228, 20080229, 20080301, 20160228, 20160229, 20160301, 20170228, 20170301]
    numbers = (-1, 0, 1, 8, 9)
    years = Years(Name("date_0"), Name("date_1"))
    book = book_of(**{f"n{number}": Compare(operator, years, Constant(number)) for number in numbers})
    for day in days[:: 8 if known == "neither" else 1]:
        pupils: list[dict[str, Known]] = [{"date_0": one, "date_1": other} for one in days for other in days]
        constants: dict[str, Known] = {} if known == "neither" else {"date_0" if known == "earlier" else "date_1": day}
        pupils = [{**pupil, **constants} for pupil in pupils]
        assert concluded(book, pupils, [], constants) == [reference.conclude(book, pupil) for pupil in pupils]


def test_what_is_known_of_nobody_is_not_known_and_settles_nothing() -> None:
    book = book_of(
        it=Holds("truth_5"),
        other=both(Holds("truth_0"), Compare("<", Name("number_5"), Constant(3))),
        either=either(Holds("truth_0"), Holds("truth_5")),
    )
    assert concluded(book, [{"truth_0": True}, {"truth_0": False}], [], {}) == [
        {"it": None, "other": None, "either": True},
        {"it": None, "other": False, "either": None},
    ]


def test_a_part_that_occurs_twice_is_worked_out_once() -> None:
    far = Compare(">", Name("number_0"), Constant(3))
    book = book_of(one=both(far, Holds("truth_0")), other=either(Not(far), Holds("truth_0")))
    compiler = Compiler()
    compiler.add("old", book, {})
    compiler.add("new", book, {})
    program = compiler.program([("old", "one"), ("old", "other"), ("new", "one"), ("new", "other")])
    assert len(program.layers[0]) == 1
    assert len(set(program.drawn.values())) == 2


def test_two_books_share_what_they_have_in_common_and_keep_what_they_do_not() -> None:
    limits: list[Mapping[str, Known]] = [{"limit": 2}, {"limit": 3}]
    book = book_of(far=Compare(">", Name("number_0"), Name("limit")))
    compiler = Compiler()
    for label, constants in zip("ab", limits, strict=True):
        compiler.add(label, book, constants)
    program = compiler.program([("a", "far"), ("b", "far")])
    frame = nw.from_native(pl.LazyFrame({"fact_number_0": [2, 3, 4, None]}))
    drawn = [nw.col(program.drawn[label, "far"]).alias(label) for label in "ab"]
    assert program.run(frame).select(*drawn).collect().rows() == [
        (False, False),
        (True, False),
        (True, True),
        (None, None),
    ]


def test_a_word_is_held_against_another_word_and_a_missing_one_settles_nothing() -> None:
    book = book_of(
        same=Compare("==", Name("word_0"), Name("word_1")), not_red=Compare("!=", Name("word_0"), Constant("red"))
    )
    pupils: list[dict[str, Known]] = [
        {"word_0": CHOICES[0], "word_1": CHOICES[0]},
        {"word_0": CHOICES[1], "word_1": CHOICES[0]},
        {"word_1": CHOICES[0]},
    ]
    assert [list(found.values()) for found in concluded(book, pupils, [], {})] == [
        [True, False],
        [False, True],
        [None, None],
    ]


def test_a_condition_that_no_version_has_put_in_force_is_refused() -> None:
    compiler = Compiler()
    compiler.add("", book_of(it=AnyOf("tag")), {})
    with pytest.raises(TypeError, match="resolved before"):
        compiler.program([("", "it")])
