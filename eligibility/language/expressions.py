"""The condition language as typed trees: what a rule says, and nothing of how an engine runs it.

A condition is made of facts, parameters, readings and earlier conclusions by `and`, `or`, `not`, comparisons,
`in {...}`, `years(a, b)`, `any(tag)` and `from_other_home(...)`. Dates are whole numbers YYYYMMDD, lengths millimetres,
money pence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

Value = bool | int | str
"""What a fact can hold: a boolean, a whole number (millimetres, pence, YYYYMMDD) or a word."""


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, parameter or reading by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A whole number, a date as YYYYMMDD, or a word, written in the rule."""

    value: int | str


@dataclass(frozen=True, slots=True)
class Years:
    """Whole years between two dates, `(later - earlier) // 10000` on YYYYMMDD."""

    earlier: Name
    later: Name


Operand = Name | Constant | Years


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`; operators < <= > >= on numbers and dates, == and != on words and numbers."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """`name in {words or numbers}`."""

    operand: Operand
    values: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """A boolean fact, or the conclusion of an earlier rule, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """`not part`."""

    part: Expression


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`any(tag)`: some ground in force with that tag decides."""

    tag: str


@dataclass(frozen=True, slots=True)
class FromOtherHome:
    """The same condition, its facts taken from the other home."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Always:
    """True or false whatever the facts."""

    value: bool


Expression = Compare | Among | Holds | Not | And | Or | AnyOf | FromOtherHome | Always
TRUE, FALSE = Always(True), Always(False)


def both(*parts: Expression) -> Expression:
    """`and`, simplified where a part is always true or always false."""
    kept: list[Expression] = []
    for part in parts:
        if part == FALSE:
            return FALSE
        if part == TRUE or part in kept:
            continue
        kept.extend(item for item in (part.parts if isinstance(part, And) else (part,)) if item not in kept)
    return TRUE if not kept else kept[0] if len(kept) == 1 else And(tuple(kept))


def either(*parts: Expression) -> Expression:
    """`or`, simplified where a part is always true or always false."""
    kept: list[Expression] = []
    for part in parts:
        if part == TRUE:
            return TRUE
        if part == FALSE or part in kept:
            continue
        kept.extend(item for item in (part.parts if isinstance(part, Or) else (part,)) if item not in kept)
    return FALSE if not kept else kept[0] if len(kept) == 1 else Or(tuple(kept))


def opposite(part: Expression) -> Expression:
    """`not`, simplified."""
    if isinstance(part, Always):
        return FALSE if part.value else TRUE
    return part.part if isinstance(part, Not) else Not(part)


def operands(expression: Compare | Among) -> tuple[Operand, ...]:
    """What a comparison compares, left to right."""
    return (expression.left, expression.right) if isinstance(expression, Compare) else (expression.operand,)


def names_in(operand: Operand) -> tuple[str, ...]:
    """The facts, parameters and readings an operand reads."""
    if isinstance(operand, Years):
        return (operand.earlier.name, operand.later.name)
    return (operand.name,) if isinstance(operand, Name) else ()


def atoms(expression: Expression) -> Iterator[Compare | Among | Holds | AnyOf]:
    """The comparisons, booleans and `any(...)` in an expression, left to right."""
    match expression:
        case Not(part) | FromOtherHome(part):
            yield from atoms(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms(part)
        case Always():
            return
        case _:
            yield expression


def names(expression: Expression) -> Iterator[str]:
    """Every name an expression reads: facts, parameters, readings and conclusions."""
    for atom in atoms(expression):
        if isinstance(atom, Holds):
            yield atom.name
        elif not isinstance(atom, AnyOf):
            for operand in operands(atom):
                yield from names_in(operand)


def reached(conclusions: Mapping[str, Expression], first: Iterable[str]) -> set[str]:
    """Some conclusions, and every name that they read at any depth."""
    waiting, seen = list(first), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(names(conclusions[name]) if name in conclusions else ())
    return seen


def rename(expression: Expression, new_name: Callable[[str], str]) -> Expression:
    """The expression with every name replaced by `new_name(name)`; tags stay."""

    def operand(old: Operand) -> Operand:
        if isinstance(old, Name):
            return Name(new_name(old.name))
        if isinstance(old, Years):
            return Years(Name(new_name(old.earlier.name)), Name(new_name(old.later.name)))
        return old

    match expression:
        case Compare(operator, left, right):
            return Compare(operator, operand(left), operand(right))
        case Among(left, values):
            return Among(operand(left), values)
        case Holds(name):
            return Holds(new_name(name))
        case Not(part):
            return Not(rename(part, new_name))
        case And(parts):
            return And(tuple(rename(part, new_name) for part in parts))
        case Or(parts):
            return Or(tuple(rename(part, new_name) for part in parts))
        case FromOtherHome(part):
            return FromOtherHome(rename(part, new_name))
        case _:
            return expression
