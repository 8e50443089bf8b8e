"""Every way in which what is not known of a case could turn out, one by one, as a check on the proof engine.

It knows the facts, the constraints and the reference engine, and nothing of formulas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from eligibility.constraints import constraints_of_both_homes
from eligibility.engines import reference
from eligibility.facts import NEVER, vocabulary
from eligibility.in_force import InForce
from eligibility.language.expressions import TRUE, Compare, Constant, Expression, Name, atoms, names
from eligibility.language.partial import Between, Facts, Known, evaluate, partial
from eligibility.missing import what_is_left
from eligibility.school_calendar import as_date, as_number

LISTS = {
    "ground": ("faith", "other_home", "temporary_medical", "low_income_11", "walking_distance"),
    "policy": ("england", "somerset-2016", "somerset-2018"),
}
Way = tuple[dict[str, Known], str]


def in_question(book: InForce, facts: Facts) -> tuple[list[str], list[Expression]]:
    """The facts an outcome still names, those tied to them, and what is left of the conditions on them all."""
    rest = what_is_left(book, facts)
    tests = [rest[name] for pair in book.outcomes.values() for name in pair]
    tied = [left for test, _ in constraints_of_both_homes() if (left := partial(test, facts, {})) != TRUE]
    asked = {name for test in tests for name in names(test)}
    while more := {name for test in tied if asked & set(names(test)) for name in names(test)} - asked:
        asked |= more
    return sorted(asked), [*tests, *(test for test in tied if asked & set(names(test)))]


def ways(book: InForce, facts: Facts, asked: Sequence[str], tests: Sequence[Expression]) -> Iterator[Way]:
    """Each answer to all the facts asked for that breaks no constraint, with its outcome."""
    for values in product(*(answers(name, facts, tests) for name in asked)):
        given = dict(zip(asked, values, strict=True))
        whole = {**facts, **given}
        if all(evaluate(test, whole, {}) is not False for test, _ in constraints_of_both_homes()):
            found = reference.conclude(book, whole)
            yield given, reference.settle([reference.outcome(book, found, reading) for reading in book.outcomes])


def how_many(facts: Facts, asked: Sequence[str], tests: Sequence[Expression]) -> int:
    """How many ways there are before any constraint is looked at."""
    count = 1
    for name in asked:
        count *= len(answers(name, facts, tests))
    return count


def answers(name: str, facts: Facts, tests: Sequence[Expression]) -> Sequence[Known]:
    """The answers to one fact that some condition tells apart."""
    fact = vocabulary().by_name.get(name.partition("@")[0])
    if fact is None or fact.rule_type == "boolean":
        return [True, False]
    if fact.rule_type == "word":
        return list(fact.words or LISTS[fact.type])
    held_against = sorted(_numbers(name, tests))
    if fact.rule_type == "date":
        days = {as_date(n) + dt.timedelta(step) for n in held_against if n != NEVER for step in (-1, 0, 1)}
        born = facts["date_of_birth"]
        assert isinstance(born, int)
        found = sorted(n for day in days if (n := as_number(day)) >= born) or [born]
        return [*found, *([NEVER] if fact.none == "never" else [])]
    held = facts.get(name)
    low, high = (held.low, held.high) if isinstance(held, Between) else (fact.min or 0, fact.max or 10**12)
    return sorted({n + step for n in (*held_against, low, high) for step in (-1, 0, 1) if low <= n + step <= high})


def _numbers(name: str, tests: Sequence[Expression], seen: frozenset[str] = frozenset()) -> set[int]:
    """Numbers that a fact, or one that it is held against, is held against."""
    found: set[int] = set()
    for atom in (atom for test in tests for atom in atoms(test)):
        if isinstance(atom, Compare) and name in set(names(atom)):
            for side in (atom.left, atom.right):
                if isinstance(side, Constant) and isinstance(side.value, int):
                    found.add(side.value)
                elif isinstance(side, Name) and side.name != name and side.name not in seen:
                    found |= _numbers(side.name, tests, seen | {name})
    return found


def fewest(found: Sequence[Way], asked: Sequence[str]) -> list[frozenset[str]]:
    """Every smallest set of facts whose answers leave one outcome only."""
    for count in range(len(asked) + 1):
        enough = [frozenset(chosen) for chosen in combinations(asked, count) if _settles(found, chosen)]
        if enough:
            return enough
    return []


def _settles(found: Sequence[Way], chosen: Sequence[str]) -> bool:
    outcome_of: dict[tuple[Known, ...], str] = {}
    return all(
        outcome_of.setdefault(tuple(given[name] for name in chosen), outcome) == outcome for given, outcome in found
    )
