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
from eligibility.engines.frame_conditions import Bounds, certainly, column_of
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
)
from eligibility.language.partial import Facts, partial

_PASSES = 2
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
    booleans = list(dict.fromkeys(_booleans(clauses)))
    furthest = [end for name in bounds for end in _must_lie(name, clauses, bounds)]
    settling = [
        *(_boolean(name, clauses, bounds) for name in booleans),
        *(column for name in bounds for column in _narrowed(name, bounds)),
    ]
    for _ in range(_PASSES if settling else 0):
        frame = frame.with_columns(*furthest) if furthest else frame
        frame = frame.with_columns(*settling)
    contradicts = reduce(
        lambda one, other: one | other, (_broken(_parts(test), bounds).fill_null(False) for test in tied)
    )
    return Sharpened(frame, bounds, contradicts)


def _parts(test: Expression) -> tuple[Expression, ...]:
    parts = test.parts if isinstance(test, Or) else (test,)
    if any(isinstance(part, And | Or) for part in (p.part if isinstance(p, Not) else p for p in parts)):
        raise PolicyError(
            "a constraint of the vocabulary is no list of parts joined by `or`; write several constraints in its place"
        )
    return parts


def _broken(parts: tuple[Expression, ...], bounds: dict[str, Bounds]) -> nw.Expr:
    return reduce(lambda one, other: one & other, (certainly(part, False, bounds) for part in parts))


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
    others = [certainly(other, False, bounds) for other in parts if other is not part]
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


def _furthest(name: str) -> tuple[str, str]:
    """The columns of the least and the most that constraints leave a number, whatever else is known of it."""
    return f"{column_of(name)}_from", f"{column_of(name)}_to"


def _must_lie(name: str, clauses: list[tuple[Expression, ...]], bounds: dict[str, Bounds]) -> Iterator[nw.Expr]:
    """How little and how much a number may be, by the numbers known exactly that it must be held to a relation with."""
    lows: list[nw.Expr] = []
    highs: list[nw.Expr] = []
    for parts in clauses:
        for part in parts:
            if not isinstance(part, Compare) or part.operator not in _TURNED:
                continue
            sides = ((part.operator, part.left, part.right), (_TURNED[part.operator], part.right, part.left))
            for operator, one, other in sides:
                if one == Name(name):
                    step = {"<": -1, ">": 1}.get(operator, 0)
                    end = _exact(other, bounds) + step if step else _exact(other, bounds)
                    held = nw.when(_last(parts, part, bounds)).then(end) if len(parts) > 1 else end
                    (lows if operator in (">", ">=") else highs).append(held)
    for column, ends, join in zip(_furthest(name), (lows, highs), (nw.max_horizontal, nw.min_horizontal), strict=True):
        value = join(*ends) if len(ends) > 1 else ends[0] if ends else nw.lit(None)
        yield value.cast(nw.Int32).alias(column)


def _narrowed(name: str, bounds: dict[str, Bounds]) -> Iterator[nw.Expr]:
    """The least and the most of a number within what it must be; one of which nothing is said stays not known."""
    at_least, at_most = _limits(Name(name)) or (0, 0)
    (least, most), (low, high) = map(nw.col, bounds[name]), map(nw.col, _furthest(name))
    said = ~least.is_null() | (low > at_least) | (high < at_most)
    for column, end in (
        (bounds[name][0], nw.max_horizontal(least.fill_null(at_least), low)),
        (bounds[name][1], nw.min_horizontal(most.fill_null(at_most), high)),
    ):
        yield nw.when(said).then(end).cast(nw.Int32).alias(column)


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
