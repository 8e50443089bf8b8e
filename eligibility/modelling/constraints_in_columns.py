"""What the constraints settle of facts that are not known, in columns: what `apply_constraints` does case by case.

A constraint is taken as parts of which one must hold. Where all but one are known to fail, the last must hold: a
boolean is then known, or a number known to lie between two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import narwhals as nw

from eligibility.constraints import constraints_of_both_homes
from eligibility.engines.frame import Bounds, column_of, condition
from eligibility.errors import PolicyError
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.language.expressions import (
    And,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Operand,
    Or,
    names,
    opposite,
)
from eligibility.language.partial import Facts, partial

_PASSES = 3
"""How often every constraint is looked at. What one settles, another may need; tests hold that no more is settled."""
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Sharpened:
    """The frame with what the constraints settle, and the columns of numbers known only to lie between two."""

    frame: nw.LazyFrame[Any]
    bounds: dict[str, Bounds]
    contradicts: nw.Expr
    """Where some constraint is broken."""


def sharpen(frame: nw.LazyFrame[Any], held: set[str], constants: Facts, wanted: Iterable[str]) -> Sharpened:
    """Settle what the constraints settle of the facts `wanted`, and of those that they hang on.

    `held` are the facts that have a column in `frame`, `constants` those that are the same for all.
    """
    tests = [partial(test, constants, {}) for test, _ in constraints_of_both_homes()]
    tied = [test for test in tests if set(names(test)) <= held]
    reached = set(wanted)
    while more := {name for test in tied if reached & set(names(test)) for name in names(test)} - reached:
        reached |= more
    clauses = [_parts(test) for test in tied if reached & set(names(test))]
    bounds = {name: _bounds(name) for name in dict.fromkeys(_may_lie_between(clauses))}
    known = [nw.col(column_of(name)).alias(end) for name, ends in bounds.items() for end in ends]
    frame = frame.with_columns(*known) if known else frame
    settling = [
        *(_boolean(name, clauses, bounds) for name in dict.fromkeys(_booleans(clauses))),
        *(column for name in bounds for column in _number(name, clauses, bounds)),
    ]
    for _ in range(_PASSES if settling else 0):
        frame = frame.with_columns(*settling)
    broken = (~condition(test, bounds, frozenset()) for test in tied)
    none = nw.lit(False, nw.Boolean)
    contradicts = reduce(lambda one, other: one | other, (test.fill_null(False) for test in broken), none)
    return Sharpened(frame, bounds, contradicts)


def _parts(test: Expression) -> tuple[Expression, ...]:
    parts = test.parts if isinstance(test, Or) else (test,)
    if any(isinstance(part, And | Or) for part in (p.part if isinstance(p, Not) else p for p in parts)):
        raise PolicyError(
            "a constraint of the vocabulary is no list of parts joined by `or`; write several constraints in its place"
        )
    return parts


def _bounds(name: str) -> Bounds:
    return f"{column_of(name)}_least", f"{column_of(name)}_most"


def _may_lie_between(clauses: Iterable[tuple[Expression, ...]]) -> Iterator[str]:
    """The numbers of which a comparison in a constraint can settle the least or the most."""
    for parts in clauses:
        for part in parts:
            if isinstance(part, Compare) and part.operator in _TURNED:
                yield from (side.name for side in (part.left, part.right) if isinstance(side, Name) and _limits(side))


def _limits(side: Name) -> tuple[int, int] | None:
    """The least and the most that a number can ever be; None for a date, or a number that may not be given."""
    fact = vocabulary().by_name.get(side.name.removesuffix(OTHER_HOME))
    if fact is None or fact.min is None or fact.max is None or fact.default == "not_given":
        return None
    return fact.min, fact.max


def _booleans(clauses: Iterable[tuple[Expression, ...]]) -> Iterator[str]:
    for parts in clauses:
        for part in parts:
            inner = part.part if isinstance(part, Not) else part
            if isinstance(inner, Holds):
                yield inner.name


def _last(parts: tuple[Expression, ...], part: Expression, bounds: dict[str, Bounds]) -> nw.Expr:
    """Where all other parts of a constraint are known to fail, so that this one must hold."""
    others = [condition(opposite(other), bounds, frozenset()) for other in parts if other is not part]
    return reduce(lambda one, other: one & other, others) if others else nw.lit(True, nw.Boolean)


def _boolean(name: str, clauses: list[tuple[Expression, ...]], bounds: dict[str, Bounds]) -> nw.Expr:
    """A boolean where it is known, and where some constraint leaves one answer."""
    found = nw.lit(None, nw.Boolean)
    for parts in clauses:
        for part in parts:
            if part in (Holds(name), Not(Holds(name))):
                value = nw.lit(isinstance(part, Holds), nw.Boolean)
                found = nw.when(_last(parts, part, bounds)).then(value).otherwise(found)
    return nw.coalesce(nw.col(column_of(name)), found).alias(column_of(name))


def _number(name: str, clauses: list[tuple[Expression, ...]], bounds: dict[str, Bounds]) -> Iterator[nw.Expr]:
    """The least and the most of a number, narrowed by what it must be held against another that is known."""
    at_least, at_most = _limits(Name(name)) or (0, 0)
    least, most = map(nw.col, bounds[name])
    lows: list[nw.Expr] = []
    highs: list[nw.Expr] = []
    for parts in clauses:
        for part in parts:
            if not isinstance(part, Compare) or part.operator not in _TURNED:
                continue
            is_open = _last(parts, part, bounds) & condition(part, bounds, frozenset()).is_null()
            sides = ((part.operator, part.left, part.right), (_TURNED[part.operator], part.right, part.left))
            for operator, one, other in sides:
                if one == Name(name):
                    low = operator in (">", ">=")
                    end = _exact(other, bounds) + {"<": -1, ">": 1}.get(operator, 0)
                    narrows = end > least.fill_null(at_least) if low else end < most.fill_null(at_most)
                    (lows if low else highs).append(nw.when(is_open & narrows).then(end))
    if not lows and not highs:
        return
    narrowed = reduce(lambda one, other: one | other, (~end.is_null() for end in (*lows, *highs)))
    from_least, to_most = least.fill_null(at_least), most.fill_null(at_most)
    from_least = nw.max_horizontal(from_least, *lows) if lows else from_least
    to_most = nw.min_horizontal(to_most, *highs) if highs else to_most
    for column, held, end in ((bounds[name][0], least, from_least), (bounds[name][1], most, to_most)):
        yield nw.when(narrowed).then(end).otherwise(held).cast(nw.Int32).alias(column)


def _exact(side: Operand, bounds: dict[str, Bounds]) -> nw.Expr:
    """A number where it is known exactly, otherwise null."""
    if isinstance(side, Constant):
        return nw.lit(side.value, nw.Int32)
    if not isinstance(side, Name):
        return nw.lit(None, nw.Int32)
    if side.name not in bounds:
        return nw.col(column_of(side.name))
    least, most = map(nw.col, bounds[side.name])
    return nw.when(least == most).then(least)
