"""Three-valued evaluation of conditions, and what is left of one when some facts are known.

A value is a boolean, a whole number, a word, or `Between` (a number known only to lie between two). What is absent is
not known. Strict Kleene logic: `and`, `or` and `not` answer as soon as the known parts settle it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    Operand,
    Or,
    Value,
    both,
    either,
    opposite,
)


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number that is not known exactly but lies between `low` and `high`, both included.

    Held against a number, or another such, by `<`, `<=`, `>` or `>=` it answers True or False where every value between
    the two would, and otherwise None. `==` is for the two bounds themselves; `compare` answers it for the number.
    """

    low: int
    high: int

    def __lt__(self, other: int | Between) -> bool | None:
        low, high = _ends(other)
        return True if self.high < low else False if self.low >= high else None

    def __le__(self, other: int | Between) -> bool | None:
        low, high = _ends(other)
        return True if self.high <= low else False if self.low > high else None

    def __gt__(self, other: int | Between) -> bool | None:
        low, high = _ends(other)
        return True if self.low > high else False if self.high <= low else None

    def __ge__(self, other: int | Between) -> bool | None:
        low, high = _ends(other)
        return True if self.low >= high else False if self.high < low else None


def _ends(value: int | Between) -> tuple[int, int]:
    return (value.low, value.high) if isinstance(value, Between) else (value, value)


Known = Value | Between
Facts = Mapping[str, Known]


def number(operand: Operand, facts: Facts) -> Known | None:
    """The value of an operand; None where it is not known."""
    if isinstance(operand, Constant):
        return operand.value
    if isinstance(operand, Name):
        return facts.get(operand.name)
    earlier, later = facts.get(operand.earlier.name), facts.get(operand.later.name)
    if isinstance(earlier, int) and isinstance(later, int):
        return (later - earlier) // 10000
    return None


def compare(operator: str, left: Known | None, right: Known | None) -> bool | None:
    """One comparison of two values; None where they do not settle it."""
    if left is None or right is None:
        return None
    match operator:
        case "<":
            return left < right  # type: ignore[operator]  # the loader has checked the types
        case "<=":
            return left <= right  # type: ignore[operator]  # the loader has checked the types
        case ">":
            return left > right  # type: ignore[operator]  # the loader has checked the types
        case ">=":
            return left >= right  # type: ignore[operator]  # the loader has checked the types
    bounded = isinstance(left, Between) or isinstance(right, Between)
    same = _same(left, right) if bounded else left == right  # type: ignore[arg-type]  # both are numbers or dates then
    return same if operator == "==" or same is None else not same


def _same(left: int | Between, right: int | Between) -> bool | None:
    (low, high), (other_low, other_high) = _ends(left), _ends(right)
    if low == high == other_low == other_high:
        return True
    return False if high < other_low or other_high < low else None


def evaluate(expression: Expression, facts: Facts, conclusions: Mapping[str, bool | None]) -> bool | None:
    """True, False or None (not known). `conclusions` holds the answers of earlier rules.

    Raises TypeError for `any(...)` and `from_other_home(...)`, which are resolved when a version is put in force.
    """
    match expression:
        case Compare(operator, left, right):
            return compare(operator, number(left, facts), number(right, facts))
        case Holds(name):
            if name in conclusions:
                return conclusions[name]
            held = facts.get(name)
            return held if isinstance(held, bool) else None
        case And(parts):
            answer: bool | None = True
            for part in parts:
                one = evaluate(part, facts, conclusions)
                if one is False:
                    return False
                if one is None:
                    answer = None
            return answer
        case Or(parts):
            answer = False
            for part in parts:
                one = evaluate(part, facts, conclusions)
                if one is True:
                    return True
                if one is None:
                    answer = None
            return answer
        case Not(part):
            one = evaluate(part, facts, conclusions)
            return None if one is None else not one
        case Among(operand, values):
            held = number(operand, facts)
            return None if held is None or isinstance(held, Between) else held in values
        case Always(value):
            return value
        case _:
            raise TypeError("any(...) and from_other_home(...) are resolved before a rule is evaluated")


def partial(expression: Expression, facts: Facts, rest: Mapping[str, Expression]) -> Expression:
    """What is left of a condition when `facts` are known; `rest` holds what is left of each earlier conclusion."""
    match expression:
        case And(parts):
            return both(*(partial(part, facts, rest) for part in parts))
        case Or(parts):
            return either(*(partial(part, facts, rest) for part in parts))
        case Not(part):
            return opposite(partial(part, facts, rest))
        case Holds(name) if name in rest:
            return rest[name]
        case Compare(operator, left, right):
            answer = compare(operator, number(left, facts), number(right, facts))
            return (TRUE if answer else FALSE) if answer is not None else _bound(expression, facts)
        case Holds() | Among():
            answer = evaluate(expression, facts, {})
            return expression if answer is None else TRUE if answer else FALSE
        case _:
            return expression


def _bound(expression: Compare, facts: Facts) -> Compare:
    """The comparison with its known side written out."""

    def written(operand: Operand) -> Operand:
        if isinstance(operand, Constant):
            return operand
        value = number(operand, facts)
        if isinstance(value, int | str) and not isinstance(value, bool):
            return Constant(value)
        return operand

    return Compare(expression.operator, written(expression.left), written(expression.right))
