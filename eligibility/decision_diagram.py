"""Going through every answer to every missing fact, each situation once (a reduced ordered decision diagram)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from eligibility.answers import Answers, vocabulary_order
from eligibility.establish import constraints_of_both_homes
from eligibility.language.expressions import FALSE, TRUE, Expression, both, names
from eligibility.language.partial import Facts, partial

_MOST_SITUATIONS = 1_500
_IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Exact:
    """The facts an outcome hangs on; where there are none, the outcome."""

    facts: tuple[str, ...]
    outcome: str | None


@dataclass
class _Node:
    """A point where the answer to one fact makes a difference; each is made once, so the same is identical."""

    facts: frozenset[str] = field(default_factory=frozenset)


class _TooManyError(Exception):
    pass


def constant_outcome(
    state: tuple[Expression, ...],
    answers: Answers,
    known: Facts,
    outcome_of: Callable[[tuple[Expression, ...]], str | None],
) -> Exact | None:
    """The facts that `outcome_of(state)` hangs on, by every answer; None where there are too many situations."""
    support = sorted({name for part in state for name in names(part)}, key=vocabulary_order)
    search = _Search(support, answers, outcome_of)
    try:
        root = search.explore((*state, constraints_between(known, set(support))))
    except _TooManyError:
        return None
    if isinstance(root, str):
        return Exact((), None if root == _IMPOSSIBLE else root)
    return Exact(tuple(name for name in support if name in root.facts), None)


class _Search:
    def __init__(
        self, order: list[str], answers: Answers, outcome_of: Callable[[tuple[Expression, ...]], str | None]
    ) -> None:
        self.order, self.answers, self.outcome_of = order, answers, outcome_of
        self.seen: dict[tuple[Expression, ...], _Node | str] = {}
        self.made: dict[tuple[str, tuple[int | str, ...]], _Node] = {}

    def explore(self, state: tuple[Expression, ...]) -> _Node | str:
        state = (
            *(FALSE if i % 2 and state[i - 1] == TRUE else part for i, part in enumerate(state[:-1])),
            state[-1],
        )
        if state[-1] == FALSE:
            return _IMPOSSIBLE
        outcome = self.outcome_of(state[:-1])
        if outcome is not None:
            return outcome
        if state in self.seen:
            return self.seen[state]
        if len(self.seen) > _MOST_SITUATIONS:
            raise _TooManyError
        left = {name for part in state[:-1] for name in names(part)}
        fact = next(name for name in self.order if name in left)
        children = [self.explore(tuple(partial(part, {fact: v}, {}) for part in state)) for v in self.answers.of(fact)]
        different = {c if isinstance(c, str) else id(c): c for c in children if c != _IMPOSSIBLE}
        if len(different) <= 1:
            node = next(iter(different.values()), _IMPOSSIBLE)
        else:
            key = (fact, tuple(c if isinstance(c, str) else id(c) for c in children))
            below = (c.facts for c in children if isinstance(c, _Node))
            node = self.made.setdefault(key, _Node(frozenset({fact}).union(*below)))
        self.seen[state] = node
        return node


def constraints_between(known: Facts, support: set[str]) -> Expression:
    """What is left, when `known` is known, of the constraints that then speak only of the facts in question."""
    left: list[Expression] = []
    for test, _ in constraints_of_both_homes():
        rest = partial(test, known, {})
        if rest != TRUE and set(names(rest)) <= support and rest not in left:
            left.append(rest)
    return both(*left)
