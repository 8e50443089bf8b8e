"""A quick look for two ways in which what is not known could turn out, with two outcomes.

It settles most open questions without the proof engine, which takes a tenth of a second to load. What it finds is so;
where it finds nothing, nothing follows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from eligibility.constraints import apply_constraints, constraints_of_both_homes
from eligibility.engines.reference import settle
from eligibility.errors import Contradiction
from eligibility.facts import OTHER_HOME, vocabulary
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
    Or,
    names,
)
from eligibility.language.partial import Between, Facts, Known, evaluate
from eligibility.school_calendar import as_date, as_number

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_BESIDE = {"<": -1, ">": 1}
_AHEAD = 200_000
"""Twenty years, as YYYYMMDD: a day further ahead is not taken for an answer that a pupil can have."""


def two_outcomes(facts: Facts, outcomes: Sequence[tuple[Expression, Expression]]) -> bool:
    """Whether some answers make what they can hold, others nothing, and the two give two outcomes.

    `outcomes` holds what is left of "entitled" and of "refer" for each reading that must agree.
    """
    parts = [part for pair in outcomes for part in pair if not isinstance(part, Always)]
    entitled = [pair[0] for pair in outcomes if not isinstance(pair[0], Always)]
    bounded = {**_bounds(parts), **facts}
    found = set()
    for wanted, tests in ((True, entitled or parts), (False, parts)):
        way = _answers(tests, wanted, bounded)
        found.add(_outcome(way, outcomes) if way is not None else None)
    return len(found) == 2 and None not in found


def _outcome(facts: Facts, outcomes: Sequence[tuple[Expression, Expression]]) -> str | None:
    found = []
    for pair in outcomes:
        entitled, refer = (evaluate(part, facts, {}) for part in pair)
        if entitled is None or (not entitled and refer is None):
            return None
        found.append("entitled" if entitled else "refer" if refer else "not_entitled")
    return settle(found)


def _bounds(parts: Sequence[Expression]) -> dict[str, Known]:
    """What is known of numbers of which nothing else is."""
    found: dict[str, Known] = {}
    tied = [test for test, _ in constraints_of_both_homes()]
    for name in {name for part in (*parts, *tied) for name in names(part)}:
        fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
        if fact and fact.min is not None and fact.max is not None and not fact.has_default:
            found[name] = Between(fact.min, fact.max)
    return found


def _answers(tests: Sequence[Expression], wanted: bool, facts: Facts) -> Facts | None:
    """The facts with answers that a pupil can have and under which every test is as wanted; None if none are found."""
    given: Facts | None = facts
    for test in tests:
        given = _make(test, wanted, given) if given is not None else None
    if given is None:
        return None
    whole = dict(given)
    try:
        apply_constraints(whole)
    except Contradiction:
        return None
    chosen = {name for name, value in whole.items() if facts.get(name) != value}
    tied = [test for test, _ in constraints_of_both_homes() if chosen & set(names(test))]
    # Where a constraint is still open, it is not certain that the rest can be answered to fit.
    return whole if all(evaluate(test, whole, {}) for test in tied) else None


def _make(test: Expression, wanted: bool, given: Facts) -> Facts | None:
    """`given` with the first answers found that make a condition as wanted; None if none are."""
    held = evaluate(test, given, {})
    if held is not None:
        return given if held is wanted else None
    match test:
        case Not(part):
            return _make(part, not wanted, given)
        case And(parts) | Or(parts) if isinstance(test, And) == wanted:
            made: Facts | None = given
            for part in parts:
                made = _make(part, wanted, made) if made is not None else None
            return made
        case And(parts) | Or(parts):
            return next((made for part in parts if (made := _make(part, wanted, given)) is not None), None)
        case Holds(name):
            return {**given, name: wanted}
        case Compare(operator, left, right):
            operator = operator if wanted else _OPPOSITE[operator]
            if isinstance(left, Constant):
                operator, left, right = _TURNED.get(operator, operator), right, left
            if isinstance(left, Name) and isinstance(right, Constant):
                return _with(given, left.name, operator, right.value)
        case Among(Name(name), values):
            fact = vocabulary().by_name.get(name)
            others = [word for word in fact.words if word not in values] if fact else []
            answers = list(values) if wanted else others
            return {**given, name: answers[0]} if answers else None
        case Always():
            pass
    return None


def _with(given: Facts, name: str, operator: str, bound: int | str) -> Mapping[str, Known] | None:
    """`given` with an answer that just passes a comparison; None where none is plain."""
    if isinstance(bound, str):
        return {**given, name: bound} if operator == "==" else None
    step = _BESIDE.get(operator, 0)
    if operator == "!=":
        return None
    fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
    if fact and fact.rule_type == "date":
        try:
            value = as_number(as_date(bound) + dt.timedelta(days=step))
        except (ValueError, OverflowError):
            return None
        first, last = (given.get(known) for known in ("date_of_birth", "on"))
        if not isinstance(first, int) or not isinstance(last, int):
            return None
        return {**given, name: value} if first <= value <= last + _AHEAD else None
    held = given.get(name)
    if isinstance(held, Between) and operator != "==":
        # The furthest a number can be passes every other bound on the same side as well.
        return {**given, name: held.high if operator in {">", ">="} else held.low}
    return {**given, name: bound + step}
