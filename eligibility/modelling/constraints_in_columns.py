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
    for _ in range(_PASSES):
        for parts in clauses:
            for number, part in enumerate(parts):
                others = [other for place, other in enumerate(parts) if place != number]
                settled = list(_settled(part, others, bounds))
                frame = frame.with_columns(*settled) if settled else frame
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


def _settled(part: Expression, others: list[Expression], bounds: dict[str, Bounds]) -> Iterator[nw.Expr]:
    """The columns that one part of a constraint settles where the others are known to fail."""
    fails = [condition(opposite(other), bounds, frozenset()) for other in others]
    last = reduce(lambda one, other: one & other, fails, nw.lit(True, nw.Boolean))
    inner = part.part if isinstance(part, Not) else part
    if isinstance(inner, Holds):
        column = nw.col(column_of(inner.name))
        value = nw.lit(not isinstance(part, Not), nw.Boolean)
        yield nw.when(last & column.is_null()).then(value).otherwise(column).alias(column_of(inner.name))
    elif isinstance(part, Compare) and part.operator in _TURNED:
        is_open = last & condition(part, bounds, frozenset()).is_null()
        sides = ((part.operator, part.left, part.right), (_TURNED[part.operator], part.right, part.left))
        for operator, one, other in sides:
            if isinstance(one, Name) and one.name in bounds:
                yield from _narrowed(one, operator, _exact(other, bounds), is_open, bounds)


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


def _narrowed(
    side: Name, operator: str, other: nw.Expr, is_open: nw.Expr, bounds: dict[str, Bounds]
) -> Iterator[nw.Expr]:
    """The least and the most of a number held to a relation with another, where that says more than was known."""
    limits = _limits(side)
    if limits is None:
        return
    least, most = map(nw.col, bounds[side.name])
    before = least.fill_null(limits[0]), most.fill_null(limits[1])
    step = 1 if operator in ("<", ">") else 0
    if operator in ("<", "<="):
        narrower = is_open & (other - step < before[1])
        ends = before[0], other - step
    else:
        narrower = is_open & (other + step > before[0])
        ends = other + step, before[1]
    for name, held, end in zip(bounds[side.name], (least, most), ends, strict=True):
        yield nw.when(narrower).then(end).otherwise(held).cast(nw.Int32).alias(name)
