"""Simpler forms of a condition that mean the same."""

from __future__ import annotations

from eligibility.language.expressions import And, Expression, Holds, Not, Or, both, either, opposite
from eligibility.language.partial import partial


def simplify(expression: Expression) -> Expression:
    """Take what one part of an `and` or `or` settles about the others: `a or (a and b)` is `a`."""
    match expression:
        case Not(part):
            return opposite(simplify(part))
        case And() | Or():
            join = both if isinstance(expression, And) else either
            current = expression
            for _ in range(4):
                new = _once(current, join is both)
                if not isinstance(new, And | Or) or new == current or isinstance(new, And) != isinstance(current, And):
                    return new
                current = new
            return current
        case _:
            return expression


def _once(expression: And | Or, conjunction: bool) -> Expression:
    join = both if conjunction else either
    parts = [simplify(part) for part in expression.parts]
    for literal in [part for part in parts if isinstance(part, Holds | Not)]:
        inner = literal.part if isinstance(literal, Not) else literal
        if isinstance(inner, Holds):
            # Beside a part of an `and` the others are read as if it were true; of an `or`, as if it were false.
            value = conjunction != isinstance(literal, Not)
            parts = [part if part == literal else partial(part, {inner.name: value}, {}) for part in parts]
    kept = [p for p in parts if not any(_absorbs(other, p, conjunction) for other in parts if other is not p)]
    return join(*kept)


def _absorbs(smaller: Expression, larger: Expression, conjunction: bool) -> bool:
    """In an `or`, `a` makes `a and b` idle; in an `and`, `a` makes `a or b` idle."""
    kind = Or if conjunction else And
    if not isinstance(larger, kind) or smaller == larger:
        return False
    inside = set(larger.parts)
    return set(smaller.parts) < inside if isinstance(smaller, kind) else smaller in inside
