"""The answers worth trying for a fact: every one that a condition could tell apart from the others."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.language.expressions import (
    TRUE,
    Among,
    And,
    AnyOf,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Or,
    Value,
    atoms,
    names,
    operands,
)
from eligibility.language.partial import Between, Facts, evaluate

ANOTHER_WORD = "(another)"


class Answers:
    """Answers to the facts that some conditions still hang on, some of which each constraint allows."""

    def __init__(self, known: Facts, conditions: tuple[Expression, ...], constraints: Expression = TRUE) -> None:
        self._known = known
        self._atoms: dict[str, list[Compare | Among | Holds]] = {}
        for atom in dict.fromkeys(atom for condition in (*conditions, constraints) for atom in atoms(condition)):
            if not isinstance(atom, AnyOf):
                for name in names(atom):
                    self._atoms.setdefault(name, []).append(atom)
        self._wanted: dict[str, dict[tuple[Expression, bool], None]] = {}
        for condition in conditions:
            self._note(condition, True)
        self._of: dict[str, tuple[Value, ...]] = {}
        self._unfavourable: dict[str, Value] | None = None

    def of(self, name: str) -> tuple[Value, ...]:
        """The answers to try for one fact."""
        if name not in self._of:
            self._of[name] = self._find(name)
        return self._of[name]

    def unfavourable(self) -> Mapping[str, Value]:
        """For every fact the answer under which the fewest conditions hold."""
        if self._unfavourable is None:
            self._unfavourable = {name: self._worst(name) for name in self._wanted}
        return self._unfavourable

    def _note(self, expression: Expression, positive: bool) -> None:
        match expression:
            case Not(part):
                self._note(part, not positive)
            case And(parts) | Or(parts):
                for part in parts:
                    self._note(part, positive)
            case _:
                for name in names(expression):
                    self._wanted.setdefault(name, {})[expression, positive] = None

    def favourable(self) -> Mapping[str, Value]:
        """For every fact the answer under which the most conditions hold."""
        return {name: self._best(name) for name in self._wanted}

    def _best(self, name: str) -> Value:
        return max(self.of(name), key=lambda value: self._score(name, value))

    def _worst(self, name: str) -> Value:
        return min(self.of(name), key=lambda value: self._score(name, value))

    def _score(self, name: str, value: Value) -> int:
        return sum(evaluate(atom, {name: value}, {}) is positive for atom, positive in self._wanted[name])

    def _find(self, name: str) -> tuple[Value, ...]:
        numbers: set[int] = set()
        words: set[str] = set()
        for atom in self._atoms.get(name, ()):
            if isinstance(atom, Holds):
                return (False, True)
            for constant in _constants(atom):
                if isinstance(constant, str):
                    words.add(constant)
                else:
                    numbers.add(constant)
        if words:
            return (*sorted(words), ANOTHER_WORD)
        numbers |= self._numbers_beside(name)
        tries = sorted({n + step for n in numbers or {0} for step in (-1, 0, 1)})
        held = self._known.get(name)
        fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
        low = held.low if isinstance(held, Between) else fact.min if fact and fact.min is not None else tries[0]
        high = held.high if isinstance(held, Between) else fact.max if fact and fact.max is not None else tries[-1]
        return tuple(n for n in tries if low <= n <= high) or (low,)

    def _numbers_beside(self, name: str) -> set[int]:
        """Constants that matter to the facts this one is compared with."""
        beside = {
            operand.name
            for atom in self._atoms.get(name, ())
            if isinstance(atom, Compare)
            for operand in operands(atom)
            if isinstance(operand, Name) and operand.name != name
        }
        numbers = (c for b in beside for a in self._atoms.get(b, ()) if isinstance(a, Compare) for c in _constants(a))
        return {number for number in numbers if isinstance(number, int)}


def _constants(atom: Compare | Among) -> list[int | str]:
    if isinstance(atom, Among):
        return list(atom.values)
    return [operand.value for operand in operands(atom) if isinstance(operand, Constant)]


def vocabulary_order(name: str) -> tuple[bool, int, str]:
    """A key that sorts facts as the vocabulary has them, those of the other home last."""
    return (name.endswith(OTHER_HOME), _places().get(name.removesuffix(OTHER_HOME), 10_000), name)


@functools.cache
def _places() -> Mapping[str, int]:
    terms = vocabulary()
    order: dict[str, int] = {}
    sections = [section.name for section in terms.sections.values() if section.name]
    for name in (*sections, *(fact.name for fact in terms.facts if fact.name)):
        order.setdefault(name, len(order))
    return order
