"""A condition written as flat clauses says the same as the condition, of whatever is known and is not."""

from __future__ import annotations

import operator
from collections.abc import Mapping

import pytest
from hypothesis import given

from eligibility.engines.clauses import MOST_CLAUSES, Clause, End, Held, Relation, clauses_for
from eligibility.engines.durable_rules_form import MOST_FIRINGS, compile_ruleset
from eligibility.engines.proof import UNKNOWN, Formulas
from eligibility.errors import PolicyError
from eligibility.in_force import InForce, put_in_force
from eligibility.language.expressions import (
    Among,
    And,
    AnyOf,
    Compare,
    Constant,
    Expression,
    FromOtherHome,
    Holds,
    Name,
    Not,
    Or,
)
from eligibility.language.partial import Between, Known, evaluate
from eligibility.policy_files import policies
from tests.language.random_conditions import conditions, partly_known

HOLDS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def passes(clause: Clause, facts: Mapping[str, Known]) -> bool:
    """Whether every test of a clause is of something known, and passed."""
    for test in clause:
        if isinstance(test, Held):
            if facts.get(test.name) is not test.value:
                return False
            continue
        left, right = at(test.left, facts), at(test.right, facts)
        if left is None or right is None or not HOLDS[test.operator](left, right):
            return False
    return True


def at(end: End | int | str, facts: Mapping[str, Known]) -> int | str | None:
    if not isinstance(end, End):
        return end
    if not isinstance(end.of, Name):
        earlier, later = facts.get(end.of.earlier.name), facts.get(end.of.later.name)
        return (later - earlier) // 10000 if isinstance(earlier, int) and isinstance(later, int) else None
    held = facts.get(end.of.name)
    if isinstance(held, Between):
        return {"least": held.low, "most": held.high, "exact": None}[end.which]
    return None if isinstance(held, str) and end.which != "exact" else held


def by_clauses(test: Expression, facts: Mapping[str, Known]) -> bool | None:
    certainly, certainly_not = clauses_for("it", test)
    true = any(passes(clause, facts) for clause in certainly)
    false = any(passes(clause, facts) for clause in certainly_not)
    assert not (true and false)
    return True if true else False if false else None


@given(test=conditions, known=partly_known())
def test_clauses_say_what_three_valued_evaluation_says(test: Expression, known: dict[str, Known]) -> None:
    assert by_clauses(test, known) is evaluate(test, known, {})


@pytest.mark.parametrize("order", list(HOLDS))
@pytest.mark.parametrize("swapped", [False, True])
def test_a_number_known_between_two_settles_what_both_ends_settle(order: str, swapped: bool) -> None:
    for low, high, limit in [(3, 5, n) for n in range(2, 8)] + [(3, 3, 3), (3, 3, 4)]:
        for other in (Constant(limit), Name("y")):
            sides = (other, Name("x")) if swapped else (Name("x"), other)
            facts: dict[str, Known] = {"x": Between(low, high), "y": Between(limit - 1, limit)}
            test = Compare(order, *sides)
            assert by_clauses(test, facts) is evaluate(test, facts, {})


def test_a_clause_that_another_makes_idle_or_that_cannot_hold_is_left_out() -> None:
    a, b = Holds("a"), Holds("b")
    assert clauses_for("it", Or((a, And((a, b)))))[0] == [(Held("a", True),)]
    red, green = (Compare("==", Name("w"), Constant(word)) for word in ("red", "green"))
    assert clauses_for("it", And((red, green)))[0] == []
    assert clauses_for("it", And((red, Compare("!=", Name("w"), Constant("red")))))[0] == []
    assert clauses_for("it", And((a, Not(a))))[0] == []
    assert clauses_for("it", red)[1] == [(Relation("!=", End(Name("w"), "exact"), "red"),)]


def of_so_many_clauses(count: int) -> Expression:
    """A condition that comes to `count` clauses: as many parts, any of which holds, or all of which do not."""
    return Or(tuple(Holds(f"f{n}") for n in range(count - 1)))


def test_a_rule_of_more_than_256_clauses_is_refused_in_one_sentence() -> None:
    assert sum(map(len, clauses_for("it", of_so_many_clauses(MOST_CLAUSES)))) == MOST_CLAUSES == 256
    refused = "^it comes to more than 256 clauses, which the second engine does not take; give parts of its condition"
    for test in (of_so_many_clauses(257), And(tuple(Or((Holds(f"a{n}"), Holds(f"b{n}"))) for n in range(60)))):
        with pytest.raises(PolicyError, match=refused):
            clauses_for("it", test)


def test_no_shipped_version_comes_near_the_limit() -> None:
    for version in policies().versions.values():
        for name, test in put_in_force(policies(), version).conclusions.items():
            assert sum(map(len, clauses_for(name, test))) <= MOST_CLAUSES / 2, name


def test_what_is_settled_whatever_is_known_has_one_empty_clause_or_none() -> None:
    three, word = Constant(3), Constant("red")
    for test, holds in (
        (Among(three, (3, 4)), True),
        (Among(word, ("green",)), False),
        (Compare("<", three, three), False),
    ):
        assert clauses_for("it", test) == (([()], []) if holds else ([], [()]))


@pytest.mark.parametrize("test", [AnyOf("statutory"), FromOtherHome(Holds("a"))])
def test_what_stands_for_other_rules_is_resolved_before(test: Expression) -> None:
    with pytest.raises(TypeError, match="resolved before a rule is compiled"):
        clauses_for("it", test)
    with pytest.raises(TypeError, match="resolved before a rule is written as a formula"):
        Formulas(lambda _: UNKNOWN).pair(test, {})


def firings(book: InForce) -> dict[int, int]:
    """By phase: the rules that may fire in it."""
    found: dict[int, int] = {}
    for rule in compile_ruleset(book).rules.values():
        (antecedent,) = rule["all"]
        first = antecedent["m"].get("$and", [antecedent["m"]])[0]
        found[first["phase"]] = found.get(first["phase"], 0) + 1
    return found


def test_a_layer_of_more_than_60_firings_is_split_into_phases() -> None:
    book = InForce(policies().versions["england"])
    book.conclusions = {f"rule_{n}": Or(tuple(Holds(f"f{n}_{m}") for m in range(99))) for n in range(3)}
    book.conclusions["last"] = And((Holds("rule_0"), Holds("rule_2")))
    found = firings(book)
    assert set(found) == set(range(len(found)))
    assert max(found.values()) <= MOST_FIRINGS == 60
    assert sum(found.values()) == 3 * 100 + 3 + len(found)
    # Filled in turn from the first, the catch-all of each among them.
    assert list(found.values()) == [60] * 5 + [5 + 1, 3 + 1]
    made = compile_ruleset(book)
    reads = {made.conclusions[name] for name in ("rule_0", "rule_2")}
    assert [phase for phase, fields in enumerate(made.phases) if reads & set(fields)] == [len(found) - 1]


def test_every_rule_is_one_flat_conjunction() -> None:
    for version in policies().versions.values():
        for rule in compile_ruleset(put_in_force(policies(), version)).rules.values():
            assert set(rule) == {"all", "run"}
            (antecedent,) = rule["all"]
            assert set(antecedent) == {"m"}
            for test in antecedent["m"].get("$and", [antecedent["m"]]):
                ((key, value),) = test.items()
                assert key in {"$lt", "$lte", "$gt", "$gte", "$neq", "$ex"} or not key.startswith("$")
                assert not (key.startswith("$") and len(value) != 1)
