"""What is true of every pupil: the constraints between facts, and what they settle of facts that are not known.

They stand in `vocabulary/constraints.yaml`. A case that breaks one contradicts itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from eligibility.errors import Contradiction
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.language.expressions import (
    FALSE,
    TRUE,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    atoms,
    names,
    rename,
)
from eligibility.language.partial import Between, Facts, Known, evaluate, partial

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def apply_constraints(facts: dict[str, Known]) -> None:
    """Take the only answer possible where a constraint leaves one, in `facts` itself, until none settles any more.

    Raises Contradiction where the facts cannot all be true.
    """
    settled = True
    while settled:
        settled = False
        for test, broken in constraints_of_both_homes():
            holds = evaluate(test, facts, {})
            if holds is False:
                raise Contradiction(broken)
            if holds is None and _sharpen(partial(test, facts, {}), facts):
                settled = True


def tied_to(questions: Iterable[str], facts: Facts) -> list[Expression]:
    """What is left of the constraints that tie facts in question to others not known, and those to others again."""
    waiting = [rest for test, _ in constraints_of_both_homes() if (rest := partial(test, facts, {})) != TRUE]
    reached, kept = set(questions), []
    while found := [test for test in waiting if reached & set(names(test))]:
        kept += found
        waiting = [test for test in waiting if test not in found]
        reached.update(name for test in found for name in names(test))
    return kept


@functools.cache
def constraints_of_both_homes() -> tuple[tuple[Expression, str], ...]:
    """Every constraint, from each home, with the sentence for a case that breaks it."""
    found = []
    for suffix, where in (("", ""), (OTHER_HOME, " (from the other home)")):
        for constraint in vocabulary().constraints:
            test = for_home(constraint.test, suffix)
            if test is not None:
                found.append((test, f"the facts contradict one another{where}: {constraint.otherwise}"))
    return tuple(found)


def for_home(test: Expression, suffix: str) -> Expression | None:
    """The condition for a home (the suffix of its facts); None where it says nothing of the other home."""
    if not suffix:
        return test
    terms = vocabulary()
    if not any(terms.is_per_home(name) for name in names(test)):
        return None
    return rename(test, lambda name: name + suffix if terms.is_per_home(name) else name)


def _sharpen(left: Expression, facts: dict[str, Known]) -> bool:
    """Take the only answer that a constraint leaves open, if it does: one boolean, or a bound on one number."""
    found = list(atoms(left))
    if len(found) != 1:
        return False
    atom = found[0]
    if isinstance(atom, Holds):
        for answer in (True, False):
            if partial(left, {atom.name: answer}, {}) == FALSE:
                facts[atom.name] = not answer
                return True
        return False
    return isinstance(atom, Compare) and atom == left and _bound(atom, facts)


def _bound(test: Compare, facts: dict[str, Known]) -> bool:
    """Narrow a number of which a comparison with a known one must hold; a date stays as it is."""
    operator, one, other = test.operator, test.left, test.right
    if isinstance(one, Constant):
        operator, one, other = _TURNED.get(operator, operator), other, one
    if not isinstance(one, Name) or not isinstance(other, Constant) or not isinstance(other.value, int):
        return False
    fact = vocabulary().by_name.get(one.name.removesuffix(OTHER_HOME))
    if fact is None or fact.min is None or fact.max is None or fact.default == "not_given":
        return False
    held = facts.get(one.name)
    before = held if isinstance(held, Between) else Between(fact.min, fact.max)
    low, high = before.low, before.high
    match operator:
        case "<=" | "<":
            high = min(high, other.value - (operator == "<"))
        case ">=" | ">":
            low = max(low, other.value + (operator == ">"))
        case _:
            return False
    if (low, high) == (before.low, before.high):
        return False
    facts[one.name] = low if low == high else Between(low, high)
    return True
