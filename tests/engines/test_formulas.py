"""A condition written as a pair of formulas says the same as the condition, of whatever is known and is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import z3
from hypothesis import given, settings

from eligibility.engines import proof, reference
from eligibility.engines.proof import Formulas, Pair, code_of, solver, term_of_value, word_of
from eligibility.in_force import InForce
from eligibility.language.expressions import (
    Among,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Operand,
    Value,
    Years,
)
from eligibility.language.partial import Between, Known, evaluate
from eligibility.policy_files import policies
from tests.language.random_conditions import conditions, everything_known, partly_known

ORDERS = ("<", "<=", ">", ">=", "==", "!=")


def settled(pair: Pair) -> bool | None:
    holds, fails = (z3.simplify(formula) for formula in pair)
    assert all(z3.is_true(one) or z3.is_false(one) for one in (holds, fails))
    assert not (z3.is_true(holds) and z3.is_true(fails))
    return True if z3.is_true(holds) else False if z3.is_true(fails) else None


def by_formulas(test: Expression, facts: Mapping[str, Known], *, all_known: bool = False) -> bool | None:
    formulas = Formulas(lambda name: term_of_value(facts.get(name)), all_known=all_known)
    return settled(formulas.pair(test, {}))


@settings(max_examples=60)
@given(test=conditions, known=partly_known(), values=everything_known)
def test_formulas_say_what_three_valued_evaluation_says(
    test: Expression, known: dict[str, Known], values: dict[str, Value]
) -> None:
    assert by_formulas(test, known) is evaluate(test, known, {})
    assert by_formulas(test, values, all_known=True) is evaluate(test, values, {})
    assert by_formulas(test, values, all_known=True) is evaluate(test, values, {})


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("swapped", [False, True])
def test_a_number_known_between_two_settles_what_both_ends_settle(order: str, swapped: bool) -> None:
    for low, high in ((3, 5), (3, 4), (3, 3)):
        for limit in range(2, 7):
            others: tuple[Operand, ...] = (Constant(limit), Name("y"))
            for other in others:
                sides = (other, Name("x")) if swapped else (Name("x"), other)
                facts: dict[str, Known] = {"x": Between(low, high), "y": Between(limit - 1, limit)}
                test = Compare(order, *sides)
                assert by_formulas(test, facts) is evaluate(test, facts, {}), (facts, limit)


@pytest.mark.parametrize("value", [3, Between(3, 3), Between(3, 4), None])
def test_whether_a_number_is_one_of_several_is_told_only_where_it_is_known_exactly(value: Known | None) -> None:
    facts: dict[str, Known] = {} if value is None else {"x": value}
    for test in (Among(Name("x"), (2, 3)), Among(Name("x"), (2, 9)), Not(Among(Name("x"), (2, 3)))):
        assert by_formulas(test, facts) is evaluate(test, facts, {})


@pytest.mark.parametrize("born", [20070904, 20070905, 20070903, Between(20070903, 20070904), None])
@pytest.mark.parametrize("on", [20180904, None])
def test_years_are_whole_years_between_days_known_exactly(born: Known | None, on: Known | None) -> None:
    facts = {name: value for name, value in (("born", born), ("on", on)) if value is not None}
    for age in (10, 11):
        test = Compare(">=", Years(Name("born"), Name("on")), Constant(age))
        assert by_formulas(test, facts) is evaluate(test, facts, {})


def test_a_number_or_word_given_for_a_boolean_is_not_known() -> None:
    assert by_formulas(Holds("a"), {"a": 1}) is None
    assert by_formulas(Not(Holds("a")), {"a": "red"}) is None


def test_a_word_keeps_its_number_and_a_number_that_stands_for_none_is_an_error() -> None:
    red, green = code_of("red"), code_of("green")
    assert (code_of("red"), word_of(red), word_of(green)) == (red, "red", "green")
    with pytest.raises(LookupError):
        word_of(10**9)


def test_a_solver_holds_what_it_is_given() -> None:
    x: Any = z3.Int("x")
    held = solver(x > 3, x < 5)
    assert held.check() == z3.sat
    assert held.model()[x].as_long() == 4
    held.add(x != 4)
    assert held.check() == z3.unsat


def book(**conclusions: Expression) -> InForce:
    return InForce(policies().versions["england"], conclusions=dict(conclusions))


def test_a_version_without_conclusions_concludes_nothing() -> None:
    assert proof.conclude(book(), {}) == {}


def test_of_more_versions_than_are_kept_each_is_still_concluded_and_one_added_to_is_written_anew() -> None:
    books = [book(it=Compare(">", Name("x"), Constant(limit))) for limit in range(2 * proof._BOOKS_KEPT)]
    for _ in range(2):
        for limit, one in enumerate(books):
            assert proof.conclude(one, {"x": 5}) == reference.conclude(one, {"x": 5}) == {"it": limit < 5}
    assert len(proof._filled) <= proof._BOOKS_KEPT
    one = books[-1]
    one.conclusions["also"] = Not(Holds("it"))
    assert proof.conclude(one, {"x": 5}) == {"it": False, "also": True}
