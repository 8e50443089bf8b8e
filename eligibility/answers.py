"""The answers worth trying for a fact: every one that a condition could tell apart from the others."""

from __future__ import annotations

from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.language.expressions import (
    Among,
    AnyOf,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Value,
    atoms,
    names,
    operands,
)

ANOTHER_WORD = "(another)"


class Answers:
    """Answers to the facts that some conditions hang on."""

    def __init__(self, conditions: tuple[Expression, ...]) -> None:
        self._atoms: dict[str, list[Compare | Among | Holds]] = {}
        for atom in dict.fromkeys(atom for condition in conditions for atom in atoms(condition)):
            if not isinstance(atom, AnyOf):
                for name in names(atom):
                    self._atoms.setdefault(name, []).append(atom)
        self._of: dict[str, tuple[Value, ...]] = {}

    def of(self, name: str) -> tuple[Value, ...]:
        """The answers to try for one fact."""
        if name not in self._of:
            self._of[name] = self._find(name)
        return self._of[name]

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
        fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
        low = fact.min if fact and fact.min is not None else tries[0]
        high = fact.max if fact and fact.max is not None else tries[-1]
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
