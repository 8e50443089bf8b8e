"""Many questions about the same pupils, put to one solver that keeps what it has learnt.

Each formula is written into the solver once, behind a boolean of its own, and asked by assuming that boolean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import z3

from eligibility.engines.proof import Formula, solver


class Search:
    """A solver that holds what is true of all. Every method raises TimeoutError where it cannot settle a question.

    `wishes` is what an example should be like, as far as it can.
    """

    def __init__(self, true_of_all: Iterable[Formula], wishes: Sequence[Formula] = ()) -> None:
        self._solver = solver(*true_of_all)
        self._behind: dict[int, tuple[Formula, Formula]] = {}
        self.wishes = list(wishes)

    def can_be(self, *question: Formula) -> bool:
        """Whether there is such a pupil."""
        return self._is_possible([self.behind(part) for part in question])

    def find(self, question: Iterable[Formula], preferred: Iterable[Formula] = ()) -> Any | None:
        """A model of the question with as many of `preferred`, in order, as it can have; None where there is none."""
        asked = [self.behind(part) for part in question]
        wished = [(wish, self.behind(wish)) for wish in preferred]
        self._solver.push()
        try:
            self._solver.add(*asked)
            if not self._is_possible(()):
                return None
            model = self._solver.model()
            for wish, behind in wished:
                if not z3.is_true(model.eval(wish, model_completion=True)):
                    if not self._is_possible((behind,)):
                        continue
                    model = self._solver.model()
                self._solver.add(behind)
            return model
        finally:
            self._solver.pop()

    def core(self, assumed: Sequence[Formula]) -> list[Formula] | None:
        """Those of some formulas, each given by `behind`, that cannot all be true; None where all of them can."""
        return None if self._is_possible(assumed) else list(self._solver.unsat_core())

    def behind(self, formula: Formula) -> Formula:
        """The boolean that stands for a formula: wherever it is assumed, the formula holds."""
        held = self._behind.get(formula.get_id())
        if held is None:
            held = (z3.Bool(f"asked:{len(self._behind)}"), formula)
            self._behind[formula.get_id()] = held
            self._solver.add(z3.Implies(*held))
        return held[0]

    def _is_possible(self, assumed: Sequence[Formula]) -> bool:
        answer = self._solver.check(*assumed)
        if answer == z3.unknown:
            raise TimeoutError
        return bool(answer == z3.sat)
