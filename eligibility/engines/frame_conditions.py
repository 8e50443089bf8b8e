"""Conditions as Narwhals expressions over columns of facts, three-valued: null is not known.

A number that may be known only to lie between two has a column for the least and one for the most that it can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import reduce

import narwhals as nw

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

Bounds = tuple[str, str]
"""The columns of the least and the most that a number can be: equal where it is known, null where nothing is."""
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
A_YEAR = 10_000
"""What a year makes in YYYYMMDD."""


FACT = "fact_"
"""What the name of a column that holds a fact begins with."""


def column_of(name: str) -> str:
    """The column that holds a fact: letters, digits and lines alone, so that every engine takes it for one name."""
    return FACT + re.sub("[^a-z0-9]", "_", name.replace("@", "_at_"))


def condition(test: Expression, bounds: Mapping[str, Bounds], missing: frozenset[str]) -> nw.Expr:
    """An expression for a condition over facts.

    Raises TypeError for `any(...)` and `from_other_home(...)`, which are resolved when a version is put in force.
    """
    match test:
        case Always(value):
            return nw.lit(value, nw.Boolean)
        case Holds(name):
            return NOT_KNOWN if name in missing else nw.col(column_of(name))
        case Not(part):
            return ~condition(part, bounds, missing)
        case And(parts):
            return reduce(lambda one, other: one & other, (condition(part, bounds, missing) for part in parts))
        case Or(parts):
            return reduce(lambda one, other: one | other, (condition(part, bounds, missing) for part in parts))
        case Among(operand, values):
            if missing.intersection(_names(operand)):
                return NOT_KNOWN
            return reduce(lambda one, other: one | other, (_exactly(operand, value, bounds) for value in values))
        case Compare(operator, left, right):
            return _compared(operator, left, right, bounds, missing)
        case _:
            raise TypeError("any(...) and from_other_home(...) are resolved before a rule is compiled")


NOT_KNOWN = nw.lit(None, nw.Boolean)


def _exactly(operand: Operand, value: int | str, bounds: Mapping[str, Bounds]) -> nw.Expr:
    """Whether a fact is a value; not known where it is known only to lie between two numbers."""
    if isinstance(operand, Name) and operand.name in bounds:
        least, most = map(nw.col, bounds[operand.name])
        return nw.when(least == most).then(least == value)
    return _operand(operand) == value


def _compared(
    operator: str, left: Operand, right: Operand, bounds: Mapping[str, Bounds], missing: frozenset[str]
) -> nw.Expr:
    named = [name for operand in (left, right) for name in _names(operand)]
    if missing.intersection(named):
        return NOT_KNOWN
    if isinstance(left, Constant):
        operator, left, right = TURNED[operator], right, left
    if isinstance(left, Years) and isinstance(right, Constant) and isinstance(right.value, int):
        return _years(operator, left, right.value)
    if any(name in bounds for name in named):
        return _between(operator, _ends(left, bounds), _ends(right, bounds))
    return apply(operator, _operand(left), _operand(right))


def _names(operand: Operand) -> Iterator[str]:
    if isinstance(operand, Name):
        yield operand.name
    elif isinstance(operand, Years):
        yield from (operand.earlier.name, operand.later.name)


def _operand(operand: Operand) -> nw.Expr:
    match operand:
        case Name(name):
            return nw.col(column_of(name))
        case Constant(value):
            return nw.lit(value)
        case Years(earlier, later):
            return (nw.col(column_of(later.name)) - nw.col(column_of(earlier.name))) // A_YEAR


def _ends(operand: Operand, bounds: Mapping[str, Bounds]) -> tuple[nw.Expr, nw.Expr]:
    if isinstance(operand, Name) and operand.name in bounds:
        least, most = bounds[operand.name]
        return nw.col(least), nw.col(most)
    one = _operand(operand)
    return one, one


def _years(operator: str, years: Years, number: int) -> nw.Expr:
    """Whole years held against a number: `(later - earlier) // 10000 < n` is `later - earlier < 10000 * n`."""
    days = nw.col(column_of(years.later.name)) - nw.col(column_of(years.earlier.name))
    match operator:
        case "<":
            return days < number * A_YEAR
        case "<=":
            return days < (number + 1) * A_YEAR
        case ">":
            return days >= (number + 1) * A_YEAR
        case ">=":
            return days >= number * A_YEAR
        case _:
            return apply(operator, days // A_YEAR, nw.lit(number))


def apply(operator: str, left: nw.Expr, right: nw.Expr) -> nw.Expr:
    """One comparison of two columns; null where either is."""
    operations: dict[str, Callable[[nw.Expr, nw.Expr], nw.Expr]] = {
        "<": lambda one, other: one < other,
        "<=": lambda one, other: one <= other,
        ">": lambda one, other: one > other,
        ">=": lambda one, other: one >= other,
        "==": lambda one, other: one == other,
        "!=": lambda one, other: one != other,
    }
    return operations[operator](left, right)


def certainly(test: Expression, wanted: bool, bounds: Mapping[str, Bounds]) -> nw.Expr:
    """Where a fact, its opposite, or a comparison is known to be as wanted; elsewhere false or null."""
    match test:
        case Not(part):
            return certainly(part, not wanted, bounds)
        case Compare(operator, left, right) if any(name in bounds for side in (left, right) for name in _names(side)):
            holds, fails = _certain(operator, _ends(left, bounds), _ends(right, bounds))
            return holds if wanted else fails
        case _:
            found = condition(test, bounds, frozenset())
            return found if wanted else ~found


def _between(operator: str, left: tuple[nw.Expr, nw.Expr], right: tuple[nw.Expr, nw.Expr]) -> nw.Expr:
    """A comparison of numbers known only to lie between two: settled where every number between would settle it."""
    holds, fails = _certain(operator, left, right)
    return nw.when(holds).then(nw.lit(True)).otherwise(nw.when(fails).then(nw.lit(False)))


def _certain(operator: str, left: tuple[nw.Expr, nw.Expr], right: tuple[nw.Expr, nw.Expr]) -> tuple[nw.Expr, nw.Expr]:
    """Where a comparison certainly holds, and where it certainly fails."""
    (least, most), (other_least, other_most) = left, right
    match operator:
        case "<":
            return most < other_least, least >= other_most
        case "<=":
            return most <= other_least, least > other_most
        case ">":
            return least > other_most, most <= other_least
        case ">=":
            return least >= other_most, most < other_least
        case _:
            same = (least == most) & (other_least == other_most) & (least == other_least)
            apart = (most < other_least) | (other_most < least)
            return (same, apart) if operator == "==" else (apart, same)
