"""A version's conclusions in the one form of durable-rules that was measured to be safe: flat rules in phases.

One antecedent a rule and one flat `$and` in it: no `$or`, no nesting, no joins. What durable-rules cannot be trusted
with (whole years between two dates) is worked out before it is asked, and written as a field of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from eligibility.engines.clauses import Clause, End, Held, Part, clauses_for
from eligibility.in_force import InForce
from eligibility.language.expressions import Years, names
from eligibility.language.partial import Between, Facts

MOST_FIRINGS = 60
"""Firings that are possible in one phase; with more of them durable-rules was seen to fail."""
TRUE, FALSE = "t", "f"
CATCH_ALL = "all"
_OPERATORS = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte", "==": "$eq", "!=": "$neq"}


@dataclass
class Ruleset:
    """A version's conclusions as durable-rules definitions, with the short names of fields that they use."""

    rules: dict[str, Any] = field(default_factory=dict)
    """Definitions by rule; a rule is named `t:c7.0` or `f:c7.0` after what it proves of which conclusion."""
    phases: list[list[str]] = field(default_factory=list)
    """The fields that the rules of each phase read."""
    conclusions: dict[str, str] = field(default_factory=dict)
    """Short field by conclusion."""
    fields: dict[str | End, str] = field(default_factory=dict)
    """Short field by boolean fact, or by the end of a number, date or word."""


def compile_ruleset(book: InForce) -> Ruleset:
    """Write a version's conclusions as flat rules, each in a phase after those of the conclusions it reads.

    Raises PolicyError where a conclusion comes to more than 256 clauses.
    """
    made = Ruleset(conclusions={name: f"c{index}" for index, name in enumerate(book.conclusions)})
    after: dict[str, int] = {}
    """By conclusion: the first phase in which all is said about it."""
    for name, test in book.conclusions.items():
        earliest = phase = max((after[used] for used in names(test) if used in after), default=0)
        for kind, clauses in zip((TRUE, FALSE), clauses_for(name, test), strict=True):
            for index, clause in enumerate(clauses):
                phase = _first_with_room(made, earliest)
                _add(made, phase, f"{kind}:{made.conclusions[name]}.{index}", clause)
        after[name] = phase + 1
    for phase, rules in enumerate(made.phases):
        # Every fact must match something: deleting a state of which no fact did frees memory that was never set.
        _add(made, phase, f"{CATCH_ALL}:{phase}", ())
        made.phases[phase] = sorted(set(_fields_read(made, rules)))
    return made


def _first_with_room(made: Ruleset, phase: int) -> int:
    """The first phase from this one on in which one more rule and the catch-all may fire; made if it is not there."""
    while phase < len(made.phases) and len(made.phases[phase]) >= MOST_FIRINGS - 1:
        phase += 1
    while phase >= len(made.phases):
        made.phases.append([])
    return phase


def _add(made: Ruleset, phase: int, rule: str, clause: Clause) -> None:
    made.phases[phase].append(rule)
    tests: list[dict[str, Any]] = [{"phase": phase}, *(test for each in clause for test in _test(made, each))]
    made.rules[rule] = {"all": [{"m": {"$and": tests} if clause else tests[0]}], "run": rule}


def _test(made: Ruleset, part: Part) -> list[dict[str, Any]]:
    if isinstance(part, Held):
        if part.name in made.conclusions:
            return [{made.conclusions[part.name]: TRUE if part.value else FALSE}]
        return [{_field(made, part.name): part.value}]
    left = _field(made, part.left)
    if not isinstance(part.right, End):
        right: Any = part.right
        guards = []
    else:
        # Two fields of which one is missing may be compared at random, so both are guarded.
        right = {"$m": _field(made, part.right)}
        guards = [{"$ex": {left: 1}}, {"$ex": {right["$m"]: 1}}]
    if part.operator == "==":
        return [*guards, {left: right}]
    return [*guards, {_OPERATORS[part.operator]: {left: right}}]


def _field(made: Ruleset, key: str | End) -> str:
    return made.fields.setdefault(key, f"f{len(made.fields)}")


def _fields_read(made: Ruleset, rules: Iterable[str]) -> Iterable[str]:
    for rule in rules:
        tests = made.rules[rule]["all"][0]["m"]
        for test in tests.get("$and", [tests]):
            for key, value in test.items():
                yield from value if key.startswith("$") else (key,)


def fields_of(made: Ruleset, facts: Facts) -> dict[str, bool | int | str]:
    """One flat fact for durable-rules: what is not known is left out."""
    flat: dict[str, bool | int | str] = {}
    for key, short in made.fields.items():
        value = _at(key, facts) if isinstance(key, End) else facts.get(key)
        if value is not None and not isinstance(value, Between):
            flat[short] = value
    return flat


def _at(end: End, facts: Facts) -> int | str | None:
    """The end of a number, or what a number or word is exactly; None where it is not known, or has no such end."""
    if isinstance(end.of, Years):
        return _years(facts.get(end.of.earlier.name), facts.get(end.of.later.name))
    held = facts.get(end.of.name)
    if isinstance(held, Between):
        return {"least": held.low, "most": held.high}.get(end.which)
    return None if isinstance(held, str) and end.which != "exact" else held


def _years(earlier: object, later: object) -> int | None:
    """Whole years by the calendar: the difference of the years, less one before the anniversary."""
    if not isinstance(earlier, int) or not isinstance(later, int):
        return None
    (first, day), (last, today) = divmod(earlier, 10000), divmod(later, 10000)
    return last - first - (today < day)
