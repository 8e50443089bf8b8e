"""The shortest list of facts that could change an outcome, found by trying it.

What is left of the outcome when the known facts are filled in hangs on the facts still named in it. A fact is listed
only where a trial shows two answers to it, all else the same, that give two outcomes; answers that would break a
constraint between facts are not tried. Because nothing else can change the outcome, the list is enough, and because
each fact on it can, it is the shortest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from eligibility.answers import Answers, vocabulary_order
from eligibility.decision_diagram import constant_outcome, constraints_between
from eligibility.engines.reference import settle
from eligibility.errors import Contradiction
from eligibility.establish import apply_constraints, breaks_a_constraint
from eligibility.in_force import InForce
from eligibility.language.expressions import (
    FALSE,
    TRUE,
    Always,
    And,
    Expression,
    Not,
    Or,
    Value,
    names,
)
from eligibility.language.partial import Facts, Known, evaluate, partial
from eligibility.language.simplify import simplify

_PATHS_TRIED = 48
_WAYS_PER_PATH = 6


@dataclass(frozen=True)
class Missing:
    """The facts an outcome hangs on, and the outcome itself where it turns out to hang on none."""

    facts: tuple[str, ...]
    settled: str | None


def what_is_left(book: InForce, facts: Facts) -> dict[str, Expression]:
    """What is left of every conclusion when `facts` are known."""
    rest: dict[str, Expression] = {}
    for name, test in book.conclusions.items():
        rest[name] = partial(test, facts, rest)
    return rest


def find_missing(book: InForce, facts: Facts, readings: Iterable[str]) -> Missing:
    """The facts that could change the outcome under `readings` of legitimate expectation taken together."""
    rest = what_is_left(book, facts)
    return _search(facts, tuple(rest[name] for reading in readings for name in book.outcomes[reading]))


def settled_outcome(book: InForce, facts: Facts, readings: Iterable[str]) -> str | None:
    """The outcome, where it turns out to hang on none of the facts that are not known."""
    rest = what_is_left(book, facts)
    state = tuple(rest[name] for reading in readings for name in book.outcomes[reading])
    if _Trial(facts, state, Answers(facts, state)).two_outcomes():
        return None
    return _search(facts, state, one=True).settled


def find_missing_for(rest: Expression, facts: Facts) -> tuple[str, ...]:
    """The facts that could change whether one conclusion holds; `rest` is what is left of it."""
    return _search(facts, (rest, FALSE)).facts


def _search(facts: Facts, state: tuple[Expression, ...], *, one: bool = False) -> Missing:
    """`state` holds, for each reading, what is left of "entitled" and of "refer"; with `one`, one fact is enough."""
    state = tuple(simplify(part) for part in state)
    state = tuple(FALSE if i % 2 and state[i - 1] == TRUE else part for i, part in enumerate(state))
    support = sorted({name for part in state for name in names(part)}, key=vocabulary_order)
    answers = Answers(facts, state, constraints_between(facts, set(support)))
    trial = _Trial(facts, state, answers)
    difference = (name for name in support if trial.makes_a_difference(name))
    if one and (first := next(difference, None)):
        return Missing((first,), None)
    found = tuple(difference)
    if len(found) == len(support):
        return Missing(found, None if support else outcome_of(state))
    # Some facts made no difference in any trial; make sure by going through every answer.
    exact = constant_outcome(state, answers, facts, outcome_of)
    if exact is None:
        return Missing(tuple(support), None)
    return Missing(exact.facts, exact.outcome)


def outcome_of(state: tuple[Expression, ...]) -> str | None:
    """The outcome once nothing is left open, else None."""
    found = []
    for entitled, refer in zip(state[::2], state[1::2], strict=True):
        if not isinstance(entitled, Always) or (not entitled.value and not isinstance(refer, Always)):
            return None
        found.append("entitled" if entitled.value else "refer" if refer == TRUE else "not_entitled")
    return settle(found)


class _Trial:
    """Looks for two answers to one fact that give two outcomes.

    It follows each way from the fact up to the outcome: beside an `and` the other parts are made true, beside an `or`
    they stay as unfavourable as the facts allow.
    """

    def __init__(self, facts: Facts, state: tuple[Expression, ...], answers: Answers) -> None:
        self.facts, self.state, self.answers = facts, state, answers

    def two_outcomes(self) -> bool:
        """Whether the most and the least favourable answers already give two outcomes."""
        given: dict[str, Value] = {}
        for name, value in self.answers.favourable().items():
            if not breaks_a_constraint({**self.facts, **given, name: value}):
                given[name] = value
        return len({self._outcome(given), self._outcome({})} - {None}) > 1

    def makes_a_difference(self, name: str) -> bool:
        """Whether some trial shows two answers to a fact that give two outcomes."""
        ways = (way for part in self.state for way in self._ways(part, name))
        return any(self._differs(name, way) for way in islice(ways, _PATHS_TRIED))

    def _differs(self, name: str, way: dict[str, Value]) -> bool:
        seen = set()
        for value in self.answers.of(name):
            outcome = self._outcome({**way, name: value})
            if outcome:
                seen.add(outcome)
        return len(seen) > 1

    def _outcome(self, given: dict[str, Value]) -> str | None:
        facts: dict[str, Known] = {**self.facts, **given}
        try:
            apply_constraints(facts)
            facts = {**self.answers.unfavourable(), **facts, **given}
            for name, value in self.answers.unfavourable().items():
                if not isinstance(facts[name], bool | int | str):
                    facts[name] = value  # known to lie between two numbers only
            apply_constraints(facts)
        except Contradiction:
            return None
        found = []
        for entitled, refer in zip(self.state[::2], self.state[1::2], strict=True):
            first, second = evaluate(entitled, facts, {}), evaluate(refer, facts, {})
            if first is None or (not first and second is None):
                return None
            found.append("entitled" if first else "refer" if second else "not_entitled")
        return settle(found)

    def _ways(self, part: Expression, name: str) -> Iterator[dict[str, Value]]:
        """Answers to the other facts under which `part` can hang on `name`."""
        if name not in set(names(part)):
            return
        match part:
            case Not(inner):
                yield from self._ways(inner, name)
            case And(parts) | Or(parts):
                make = isinstance(part, And)
                for inner in parts:
                    for way in self._ways(inner, name):
                        beside = [self._answers_that_make(p, make, name) for p in parts if p is not inner]
                        for choice in islice(product(*beside), _WAYS_PER_PATH):
                            joined = _join((way, *choice))
                            if joined is not None:
                                yield joined
            case _:
                yield {}

    def _answers_that_make(self, part: Expression, wanted: bool, name: str) -> list[dict[str, Value]]:
        """A few sets of answers that make `part` true (or false), leaving `name` alone."""
        if not wanted:
            return [{}]  # unfavourable answers are filled in later
        return list(islice(self._make(part, True, name), _WAYS_PER_PATH))

    def _make(self, part: Expression, wanted: bool, name: str) -> Iterator[dict[str, Value]]:
        match part:
            case Always(value):
                if value == wanted:
                    yield {}
            case Not(inner):
                yield from self._make(inner, not wanted, name)
            case And(parts) | Or(parts) if isinstance(part, And) == wanted:
                options = [list(islice(self._make(p, wanted, name), _WAYS_PER_PATH)) for p in parts]
                for choice in product(*options):
                    joined = _join(choice)
                    if joined is not None:
                        yield joined
            case And(parts) | Or(parts):
                for inner in parts:
                    yield from self._make(inner, wanted, name)
            case _:
                own = sorted(set(names(part)))
                for values in product(*(self.answers.of(n) if n != name else (None,) for n in own)):
                    given = {n: v for n, v in zip(own, values, strict=True) if v is not None}
                    if len(given) < len(own):
                        yield {}
                        return
                    if evaluate(part, given, {}) == wanted:
                        yield given


def _join(ways: Iterable[dict[str, Value]]) -> dict[str, Value] | None:
    joined: dict[str, Value] = {}
    for way in ways:
        for name, value in way.items():
            if joined.setdefault(name, value) != value:
                return None
    return joined
