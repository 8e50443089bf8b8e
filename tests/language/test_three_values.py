"""Three-valued logic: what is not known is never taken as false, and an answer never flips as facts arrive."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.language.expressions import (
    FALSE,
    TRUE,
    Always,
    Among,
    And,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Or,
    Value,
    Years,
    names,
)
from eligibility.language.partial import Between, compare, evaluate, partial
from eligibility.language.simplify import simplify
from tests.language.random_conditions import NUMBERS, conditions, everything_known, names_known

A, B = Holds("a"), Holds("b")
THREE = (True, False, None)


def facts(a: bool | None, b: bool | None) -> dict[str, Value]:
    return {name: value for name, value in (("a", a), ("b", b)) if value is not None}


@pytest.mark.parametrize(("a", "b"), list(product(THREE, THREE)))
def test_and_or_and_not_follow_kleenes_tables(a: bool | None, b: bool | None) -> None:
    """False decides an `and`, true decides an `or`, and what is not known stays open otherwise."""
    rank = {False: 0, None: 1, True: 2}
    smaller, larger = sorted((a, b), key=rank.__getitem__)
    held = facts(a, b)
    assert evaluate(And((A, B)), held, {}) is smaller
    assert evaluate(Or((A, B)), held, {}) is larger
    assert evaluate(Not(A), held, {}) is (None if a is None else not a)


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
def test_a_comparison_with_something_not_known_is_not_known(operator: str) -> None:
    assert evaluate(Compare(operator, Name("x"), Constant(3)), {}, {}) is None
    assert evaluate(Compare(operator, Name("x"), Name("y")), {"y": 3}, {}) is None


def test_whether_something_not_known_or_known_roughly_is_one_of_several_is_not_known() -> None:
    among = Among(Name("x"), (3, 4))
    assert evaluate(among, {}, {}) is None
    assert evaluate(among, {"x": Between(3, 4)}, {}) is None
    assert evaluate(among, {"x": 3}, {}) is True
    assert evaluate(among, {"x": 5}, {}) is False


@pytest.mark.parametrize("known", ["born", "on"])
def test_years_from_or_to_a_day_that_is_not_known_are_not_known(known: str) -> None:
    assert evaluate(Compare(">=", Years(Name("born"), Name("on")), Constant(8)), {known: 20180901}, {}) is None


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [(20100902, 20180901, 7), (20100901, 20180901, 8), (20080229, 20190228, 10), (20080229, 20190301, 11)],
)
def test_years_are_whole_years_and_29_february_reaches_an_age_on_1_march(born: int, on: int, age: int) -> None:
    years = Years(Name("born"), Name("on"))
    assert evaluate(Compare("==", years, Constant(age)), {"born": born, "on": on}, {}) is True


def test_a_conclusion_goes_before_a_fact_of_the_same_name() -> None:
    assert evaluate(A, {"a": True}, {"a": None}) is None
    assert evaluate(A, {}, {"a": False}) is False


BETWEEN = Between(3, 5)


@pytest.mark.parametrize(
    ("operator", "limit", "expected"),
    [
        (">", 2, True),
        (">", 3, None),
        (">", 4, None),
        (">", 5, False),
        (">=", 3, True),
        (">=", 4, None),
        (">=", 5, None),
        (">=", 6, False),
        ("<", 3, False),
        ("<", 4, None),
        ("<", 6, True),
        ("<=", 2, False),
        ("<=", 3, None),
        ("<=", 5, True),
        ("==", 4, None),
        ("==", 6, False),
        ("!=", 4, None),
        ("!=", 6, True),
    ],
)
def test_a_number_known_to_lie_between_two_settles_what_both_ends_settle(
    operator: str, limit: int, expected: bool | None
) -> None:
    assert compare(operator, BETWEEN, limit) is expected
    swapped = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
    assert compare(swapped, limit, BETWEEN) is expected


@given(
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    *[st.tuples(st.integers(0, 5), st.integers(0, 5)).map(sorted)] * 2,
)
def test_two_bounded_numbers_settle_exactly_what_every_pair_of_values_agrees_on(
    operator: str, left: list[int], right: list[int]
) -> None:
    answers = {compare(operator, x, y) for x in range(left[0], left[1] + 1) for y in range(right[0], right[1] + 1)}
    agreed = answers.pop() if len(answers) == 1 else None
    assert compare(operator, Between(*left), Between(*right)) is agreed


@given(conditions, everything_known, names_known)
def test_an_answer_never_flips_as_facts_arrive(test: Expression, full: dict[str, Value], known: set[str]) -> None:
    early = evaluate(test, {name: full[name] for name in known}, {})
    assert evaluate(test, full, {}) is not None
    if early is not None:
        assert evaluate(test, full, {}) is early


@given(conditions, everything_known, names_known)
def test_what_is_left_of_a_condition_means_the_same(test: Expression, full: dict[str, Value], known: set[str]) -> None:
    held = {name: full[name] for name in known}
    left = partial(test, held, {})
    assert evaluate(left, full, {}) is evaluate(test, full, {})
    early = evaluate(test, held, {})
    if early is not None:
        assert left == Always(early)
    if set(names(test)) <= known:
        assert left in (TRUE, FALSE)


def test_what_is_left_of_a_comparison_names_the_known_side_by_its_value() -> None:
    test = Compare("<", Name("x"), Name("y"))
    assert partial(test, {"y": 3}, {}) == Compare("<", Name("x"), Constant(3))
    assert partial(test, {"x": 3}, {}) == Compare("<", Constant(3), Name("y"))
    assert partial(test, {"x": Between(3, 5)}, {}) == test


@given(conditions, everything_known)
def test_a_simpler_form_means_the_same(test: Expression, full: dict[str, Value]) -> None:
    simpler = simplify(test)
    assert evaluate(simpler, full, {}) is evaluate(test, full, {})
    assert set(names(simpler)) <= set(names(test))


@given(conditions, everything_known, names_known)
def test_a_simpler_form_settles_no_less(test: Expression, full: dict[str, Value], known: set[str]) -> None:
    held = {name: full[name] for name in known}
    early = evaluate(test, held, {})
    if early is not None:
        assert evaluate(simplify(test), held, {}) is early


@given(conditions, everything_known, st.data())
def test_a_bounded_number_gives_an_answer_only_where_every_value_would_give_it(
    test: Expression, full: dict[str, Value], data: st.DataObject
) -> None:
    low, high = sorted(data.draw(st.tuples(st.integers(0, 6), st.integers(0, 6))))
    name = data.draw(st.sampled_from(NUMBERS))
    answer = evaluate(test, {**full, name: Between(low, high)}, {})
    if answer is not None:
        assert {evaluate(test, {**full, name: value}, {}) for value in range(low, high + 1)} == {answer}


def test_simplifying_takes_what_one_part_settles_about_the_others() -> None:
    assert simplify(Or((A, And((A, B))))) == A
    assert simplify(And((A, Or((A, B))))) == A
    assert simplify(And((A, Or((Not(A), B))))) == And((A, B))
    assert simplify(Or((A, And((Not(A), B))))) == Or((A, B))
    assert simplify(Not(Not(A))) == A


def test_simplifying_leaves_out_what_another_part_makes_idle() -> None:
    far, old = Compare(">", Name("x"), Constant(3)), Compare("<", Name("y"), Constant(3))
    assert simplify(Or((far, And((far, old))))) == far
    assert simplify(And((far, Or((far, old))))) == far
    assert simplify(Or((And((far, old)), And((far, old, A))))) == And((far, old))
    assert simplify(Or((And((far, A)), And((far, old))))) == Or((And((far, A)), And((far, old))))
    assert simplify(And((far, Or((old, A))))) == And((far, Or((old, A))))
