"""What would have to be different: the fewest facts with which a case would have another outcome.

Only facts that could be different are changed (`could_be` in the vocabulary), to an answer that some condition tells
from the one held. A figure that a change contradicts is no longer known, and follows from the change where a constraint
says so; the other outcome must then be certain, whatever else is not known. Sets of facts are tried from the smallest
up, so that none is given of which a part would do.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from eligibility.constraints import apply_constraints, constraints_of_both_homes
from eligibility.engines import reference
from eligibility.errors import Contradiction
from eligibility.facts import NEVER, OTHER_HOME, CouldBe, Fact, vocabulary
from eligibility.in_force import InForce
from eligibility.language.expressions import Compare, Constant, Expression, Name, atoms, names
from eligibility.language.partial import Facts, Known, evaluate
from eligibility.missing import settled_outcome, vocabulary_order, what_is_left

MOST_FACTS = 3
"""No more than so many facts are changed at once: what hangs on more is no near miss."""
OUTCOMES = ("entitled", "refer", "not_entitled")
"""From the best for the child to the worst."""
BEST = OUTCOMES[0]
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_BELOW = {"<": -1, "<=": 0, ">": 0, ">=": -1}
"""The greatest number on the lower side of a bound, counted from it; the least on the other side is one more."""


@dataclass(frozen=True)
class Other:
    """Another answer to one fact than the one held. `bound` is the figure that a number then passes, or stands on."""

    fact: str
    value: bool | int
    held: bool | int
    bound: int | None = None


@dataclass(frozen=True)
class Change:
    """Others that together would give another outcome."""

    others: tuple[Other, ...]
    outcome: str


class Changes:
    """What would change an outcome. `defaults` names facts taken from another where the case does not give them."""

    def __init__(self, book: InForce, facts: Facts, readings: Sequence[str], defaults: Mapping[str, str]) -> None:
        self.book, self.facts, self.readings, self.defaults = book, facts, readings, defaults
        self._found: dict[Hashable, str | None] = {}

    def smallest(self, now: str) -> list[Change]:
        """Changes that give another outcome than `now`, those of the fewest facts first.

        Where more information is needed, only single facts are changed; what would take something away is looked for
        among single facts and pairs.
        """
        could = self._could_be()
        found: list[Change] = []
        for count in range(1, 2 if now == "need_information" else MOST_FACTS + 1):
            if count == MOST_FACTS and (now == BEST or BEST in {change.outcome for change in found}):
                break
            for chosen in combinations(could, count):
                found += self._of(chosen, could, found, now)
        return found

    def outcome_with(self, changed: Mapping[str, bool | int]) -> str | None:
        """The outcome with some facts changed, where it is certain."""
        facts = self._with(changed)
        if facts is None:
            return None
        found = reference.decide(self.book, facts).outcomes
        outcome = reference.settle([found[reading] for reading in self.readings])
        if outcome != "need_information":
            return outcome
        return settled_outcome(self.book, facts, self.readings, self._found)

    def _of(
        self, chosen: Sequence[str], could: Mapping[str, Sequence[Other]], found: Sequence[Change], now: str
    ) -> list[Change]:
        """The changes of exactly these facts, without those of which a part would do."""
        parts = {c.outcome for c in found if {other.fact for other in c.others} < set(chosen)}
        made: list[Change] = []
        for answers in product(*(could[name] for name in chosen)):
            outcome = self.outcome_with({answer.fact: answer.value for answer in answers})
            if outcome and outcome not in (now, *parts) and not (outcome in _worse(now) and parts & _worse(now)):
                parts.add(outcome)
                made.append(Change(answers, outcome))
        return made

    def _stands(self, name: str) -> bool:
        """Whether a fact gives way to no other: an answer that could be different is changed by name."""
        fact = _declared(name)
        return fact is not None and fact.could_be is not None and isinstance(self.facts[name], bool)

    # -- which facts, and which answers ------------------------------------------------------------------------------

    def _could_be(self) -> dict[str, list[Other]]:
        """The other answers to each known fact that could be different and that the outcome can then hang on."""
        declared = {name: fact for name in self.facts if (fact := _declared(name)) and fact.could_be}
        loose = set(declared)
        for test, _ in constraints_of_both_homes():
            if loose & set(names(test)):
                loose.update(names(test))
        rest = what_is_left(self.book, {name: value for name, value in self.facts.items() if name not in loose})
        tests = [rest[name] for reading in self.readings for name in self.book.outcomes[reading]]
        found = {}
        for name in sorted({name for test in tests for name in names(test)} & set(declared), key=vocabulary_order):
            held, could_be = self.facts[name], declared[name].could_be
            if could_be and (answers := _answers(name, held, could_be, tests)):
                found[name] = answers
        return found

    def _with(self, changed: Mapping[str, bool | int]) -> dict[str, Known] | None:
        """The facts with some of them changed; None where that cannot be."""
        fresh = {**changed, **{name: changed[source] for name, source in self.defaults.items() if source in changed}}
        facts = {**self.facts, **fresh}
        tied = [test for name in changed for test in _tied_to(name)]
        while False in (answers := [evaluate(test, facts, {}) for test in tied]):
            contradicted = [n for n in names(tied[answers.index(False)]) if n in facts and n not in fresh]
            if not contradicted or any(self._stands(name) for name in contradicted):
                return None
            for name in contradicted:
                del facts[name]
        if None in answers:
            try:
                apply_constraints(facts)
            except Contradiction:
                return None
        return facts


@functools.cache
def _tied_to(name: str) -> tuple[Expression, ...]:
    """The constraints on a fact, and on the facts that they tie it to."""
    reached, tests = {name}, [test for test, _ in constraints_of_both_homes()]
    while more := {n for test in tests if reached & set(names(test)) for n in names(test)} - reached:
        reached |= more
    return tuple(test for test in tests if reached & set(names(test)))


def _worse(now: str) -> set[str]:
    return set(OUTCOMES[OUTCOMES.index(now) + 1 :]) if now in OUTCOMES else set()


def _declared(name: str) -> Fact | None:
    return vocabulary().by_name.get(name.removesuffix(OTHER_HOME))


def _answers(name: str, held: Known, could_be: CouldBe, tests: Iterable[Expression]) -> list[Other]:
    if isinstance(held, bool):
        return [Other(name, not held, held)] if (could_be.if_false if held else could_be.if_true) else []
    if not isinstance(held, int):
        return []
    if could_be.if_never:
        return [Other(name, NEVER, held)] if held != NEVER else []
    found: dict[int, Other] = {}
    for atom in dict.fromkeys(atom for test in tests for atom in atoms(test)):
        if isinstance(atom, Compare) and (bound := _bound(name, atom)) is not None:
            below = bound + _BELOW.get(_operator(atom), 0)
            value = below if held > below else below + 1
            found.setdefault(value, Other(name, value, held, bound))
    return sorted(found.values(), key=lambda answer: (abs(answer.value - held), answer.value))


def _bound(name: str, atom: Compare) -> int | None:
    sides = (atom.left, atom.right)
    constants = [side.value for side in sides if isinstance(side, Constant) and isinstance(side.value, int)]
    return constants[0] if constants and any(isinstance(side, Name) and side.name == name for side in sides) else None


def _operator(atom: Compare) -> str:
    turned = isinstance(atom.left, Constant)
    return _TURNED.get(atom.operator, atom.operator) if turned else atom.operator
