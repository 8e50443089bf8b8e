"""Conditions as flat clauses: each clause is a handful of tests that, all passed, settle a conclusion by themselves.

A conclusion has clauses that prove it certainly true and clauses that prove it certainly false; where none of either
holds it is not known. A test of a fact that is not known fails, which is what both kinds need.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from eligibility.errors import PolicyError
from eligibility.language.expressions import (
    Always,
    Among,
    And,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Operand,
    Or,
    Years,
)
from eligibility.language.partial import compare

MOST_CLAUSES = 256
"""Clauses that a rule may come to, both kinds together."""
_MOST_PRODUCTS = 4_000
"""Clauses looked at while parts of an `and` are multiplied out; beyond it the rule is refused without counting on."""
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class End:
    """The least or the most that a number can be, or what a number or word is exactly, where that is known."""

    of: Name | Years
    which: Literal["least", "most", "exact"]


@dataclass(frozen=True, slots=True)
class Held:
    """A boolean fact or an earlier conclusion that must be `value`, and known to be."""

    name: str
    value: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """`left operator right`, both known; an order only between numbers."""

    operator: str
    left: End
    right: End | int | str


Part = Held | Relation
Clause = tuple[Part, ...]


def clauses_for(name: str, test: Expression) -> tuple[list[Clause], list[Clause]]:
    """The clauses that prove `test` certainly true, and those that prove it certainly false.

    Raises PolicyError where there are more than 256 of them; `name` is the conclusion it names.
    """
    try:
        proofs = _clauses(test, wanted=True), _clauses(test, wanted=False)
    except OverflowError:
        proofs = None
    if proofs is None or sum(map(len, proofs)) > MOST_CLAUSES:
        raise PolicyError(
            f"{name} comes to more than {MOST_CLAUSES} clauses, which the second engine does not take; "
            "give parts of its condition names of their own"
        )
    return proofs


def _clauses(test: Expression, *, wanted: bool) -> list[Clause]:
    match test:
        case Always(value):
            return [()] if value == wanted else []
        case Not(part):
            return _clauses(part, wanted=not wanted)
        case And(parts) | Or(parts):
            several = [_clauses(part, wanted=wanted) for part in parts]
            return _all_of(several) if isinstance(test, And) == wanted else _any_of(several)
        case Holds(name):
            return [(Held(name, wanted),)]
        case Among(operand, values):
            return _among(operand, values, wanted=wanted)
        case Compare(operator, left, right):
            return _compared(operator if wanted else _OPPOSITE[operator], left, right)
        case _:
            raise TypeError("any(...) and from_other_home(...) are resolved before a rule is compiled")


def _compared(operator: str, left: Operand, right: Operand) -> list[Clause]:
    """The clauses that prove `left operator right` certainly true."""
    if isinstance(left, Constant):
        if isinstance(right, Constant):
            return [()] if compare(operator, left.value, right.value) else []
        return _compared(_SWAPPED[operator], right, left)
    if isinstance(right, Constant):
        number = right.value
        if isinstance(number, str):
            return [(Relation(operator, _end(left, "exact"), number),)]
        least, most = _end(left, "least"), _end(left, "most")
        match operator:
            case "==":
                return [(Relation(">=", least, number), Relation("<=", most, number))]
            case "!=":
                return [(Relation("<", most, number),), (Relation(">", least, number),)]
            case "<" | "<=":
                return [(Relation(operator, most, number),)]
            case _:
                return [(Relation(operator, least, number),)]
    below, above = _ordered("<=", left, right), _ordered(">=", left, right)
    exactly = Relation(operator, _end(left, "exact"), _end(right, "exact"))
    match operator:
        case "==":
            # Two words have no least and most, two numbers known only between others nothing exact.
            return [(exactly,), (below, above)]
        case "!=":
            return [(exactly,), (_ordered("<", left, right),), (_ordered(">", left, right),)]
        case _:
            return [(_ordered(operator, left, right),)]


def _ordered(operator: str, left: Name | Years, right: Name | Years) -> Relation:
    """An order that holds certainly: between the ends that make it hardest."""
    if operator in ("<", "<="):
        return Relation(operator, _end(left, "most"), _end(right, "least"))
    return Relation(operator, _end(left, "least"), _end(right, "most"))


def _end(operand: Name | Years, which: Literal["least", "most", "exact"]) -> End:
    # Years between two dates are known exactly or not at all.
    return End(operand, "exact" if isinstance(operand, Years) else which)


def _among(operand: Operand, values: tuple[int | str, ...], *, wanted: bool) -> list[Clause]:
    """Of a number not known exactly the language leaves it open whether it is one of several."""
    if isinstance(operand, Constant):
        return [()] if (operand.value in values) == wanted else []
    exact = _end(operand, "exact")
    if wanted:
        return [(Relation("==", exact, value),) for value in dict.fromkeys(values)]
    return [tuple(Relation("!=", exact, value) for value in dict.fromkeys(values))]


def _any_of(several: Iterable[list[Clause]]) -> list[Clause]:
    return _shortest(clause for clauses in several for clause in clauses)


def _all_of(several: Iterable[list[Clause]]) -> list[Clause]:
    """Every choice of one clause from each. Raises OverflowError where they are far too many."""
    product: list[Clause] = [()]
    for clauses in several:
        if len(product) * len(clauses) > _MOST_PRODUCTS:
            raise OverflowError
        product = _shortest((*one, *other) for one in product for other in clauses)
    return product


def _shortest(clauses: Iterable[Clause]) -> list[Clause]:
    """The clauses without those that cannot hold, and without those that a shorter one makes idle."""
    kept: dict[frozenset[Part], Clause] = {}
    for clause in clauses:
        tests = frozenset(clause)
        if any(other <= tests for other in kept) or _contradicts(tests):
            continue
        for longer in [other for other in kept if tests < other]:
            del kept[longer]
        kept[tests] = tuple(dict.fromkeys(clause))
        if len(kept) > _MOST_PRODUCTS:
            raise OverflowError
    return list(kept.values())


def _contradicts(tests: frozenset[Part]) -> bool:
    """Whether a boolean would have to be both, or a word two words, or a word and not that word."""
    said: dict[End, int | str] = {}
    for test in tests:
        if isinstance(test, Held):
            if Held(test.name, not test.value) in tests:
                return True
        elif test.operator == "==" and not isinstance(test.right, End):
            if said.setdefault(test.left, test.right) != test.right:
                return True
            if Relation("!=", test.left, test.right) in tests:
                return True
    return False
