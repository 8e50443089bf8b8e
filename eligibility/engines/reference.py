"""The reference engine: one case, three-valued logic, every answer kept. It defines what the rules mean.

A rule means what `evaluate` makes of its conditions. The book of a version is written out once as one function that
says the same (`language/straight_line.py`), and with each answer keeps what its reasons are written from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from eligibility.engines.figures import Figures, Held, Line, figures, lines_of
from eligibility.in_force import GroundInForce, InForce
from eligibility.language.expressions import Holds
from eligibility.language.partial import Facts
from eligibility.language.straight_line import Answers, Truth, straight_line


class Finding(NamedTuple):
    """What was found of one ground: its own result, the answer that the outcome is drawn from, and why.

    `conditions` answers every condition, in the order of the rule: those that are False, or None, are the reason.
    `held` has its lengths, limits and margins, line by line; those of a ground that is tried from the other home are
    the ones of the ground it carries, and not among these.
    """

    result: Truth
    decides: Truth
    conditions: tuple[Truth, ...]
    held: tuple[Held, ...]


@dataclass(slots=True)
class Findings:
    """What a version makes of one set of facts."""

    outcomes: dict[str, str]
    """By reading of legitimate expectation."""
    _prepared: _Prepared
    _found: tuple[Any, ...]

    def of(self, ground: GroundInForce) -> Finding:
        """What was found of a ground of the version, or of one that it protects."""
        return Finding._make(self._found[self._prepared.grounds[ground.result]])

    def figures(self, ground: GroundInForce, measured: Mapping[str, int]) -> Figures:
        """The figures of a ground from the registered home.

        `measured` has lengths in millimetres by fact, for those known only to lie between two numbers. Raises TypeError
        where the limit it is measured by is not known.
        """
        return figures(self._prepared.lines[ground.result], self.of(ground).held, measured)

    def expectation(self, protected: str) -> tuple[Truth, ...]:
        """The answers of the conditions of a conclusion that a ground is protected."""
        conditions: tuple[Truth, ...] = self._found[self._prepared.expectations[protected]]
        return conditions


def conclude(book: InForce, facts: Facts) -> dict[str, Truth]:
    """Every conclusion of a version on one set of facts: True, False, or None where it is not known.

    `facts` holds the pupil's facts, and the version's parameters and readings, by name.
    """
    answers, _ = _prepared(book).answer(facts)
    return dict(zip(book.conclusions, answers, strict=True))


def decide(book: InForce, facts: Facts) -> Findings:
    """The outcome of a version on one set of facts under each reading, and every ground with its reasons."""
    prepared = _prepared(book)
    answers, found = prepared.answer(facts)
    outcomes = {reading: _first(answers[entitled], answers[refer]) for reading, entitled, refer in prepared.outcomes}
    return Findings(outcomes, prepared, found)


def outcome(book: InForce, found: Mapping[str, Truth], reading: str) -> str:
    """The outcome under one reading of legitimate expectation.

    Entitled, refer, not entitled, in that order: the first that is not false decides, and where it is not known the
    outcome is that more information is needed. So an answer never flips as facts arrive.
    """
    entitled, refer = book.outcomes[reading]
    return _first(found[entitled], found[refer])


def _first(entitled: Truth, refer: Truth) -> str:
    if entitled is not False:
        return "entitled" if entitled else "need_information"
    if refer is not False:
        return "refer" if refer else "need_information"
    return "not_entitled"


def settle(outcomes: list[str]) -> str:
    """One outcome from those of every reading that must agree: the same, that; not known if any is; otherwise refer."""
    if "need_information" in outcomes:
        return "need_information"
    return outcomes[0] if len(set(outcomes)) == 1 else "refer"


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A book written out, and where in what its function returns each thing stands."""

    answer: Callable[[Facts], Answers]
    concludes: int
    """How many conclusions the book had."""
    outcomes: tuple[tuple[str, int, int], ...]
    """Each reading, and where among the conclusions `entitled` and `refer` stand."""
    grounds: dict[str, int]
    """By the result of a ground: where a `Finding` stands."""
    expectations: dict[str, int]
    """By the conclusion that a ground is protected: where the answers of its conditions stand."""
    lines: dict[str, tuple[Line, ...]]
    """By the result of a ground: what it is measured by."""


def _prepared(book: InForce) -> _Prepared:
    held = book.prepared.get(__name__)
    # What is asked beyond the rules may add terms to a book that has been used.
    if not isinstance(held, _Prepared) or held.concludes != len(book.conclusions):
        held = book.prepared[__name__] = _prepare(book)
    return held


def _prepare(book: InForce) -> _Prepared:
    grounds = {ground.result: ground for ground in (*book.grounds, *book.protected.values())}
    lines = {result: lines_of(book, ground) for result, ground in grounds.items()}
    expectations = dict(pair for found in book.expectations.values() for pair in found.values())
    of_grounds = (
        (
            Holds(ground.result),
            Holds(ground.decides),
            tuple(condition.test for condition in ground.conditions),
            tuple(line.asked() for line in lines[result]),
        )
        for result, ground in grounds.items()
    )
    of_expectations = (tuple(condition.test for condition in conditions) for conditions in expectations.values())
    place = {name: index for index, name in enumerate(book.conclusions)}
    return _Prepared(
        answer=straight_line(book.conclusions, (*of_grounds, *of_expectations)),
        concludes=len(book.conclusions),
        outcomes=tuple((reading, place[one], place[two]) for reading, (one, two) in book.outcomes.items()),
        grounds={result: index for index, result in enumerate(grounds)},
        expectations={name: index for index, name in enumerate(expectations, start=len(grounds))},
        lines=lines,
    )
