"""A pupil looked at once more with one thing otherwise: a conclusion, a comparison, or the choice of a reading.

What a test expects hangs on that thing where it is no longer so then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace

from eligibility.case import Case
from eligibility.engines import reference
from eligibility.in_force import InForce
from eligibility.language.expressions import And, Compare, Expression, Not, Or, atoms, names
from eligibility.language.partial import Facts, Known, evaluate
from eligibility.language.straight_line import Truth
from eligibility.matter import Matter
from eligibility.missing import settled_outcome
from eligibility.outcome import Answer
from eligibility.policy import Version
from eligibility.reading_names import EXPECTATION
from eligibility.testing.boundaries import rule_of
from eligibility.testing.decided import Decided

Alter = Callable[[Answer], Answer]
"""What makes an answer one in which something is otherwise."""


@dataclass(kw_only=True)
class _Otherwise(Matter):
    """A matter in which every answer, on whichever day, has the same thing otherwise."""

    was: Matter
    alter: Alter

    def __post_init__(self) -> None:
        self.measurements = self.was.measurements
        self.now = self.alter(self.was.now)

    def answer_on(
        self,
        day: dt.date,
        *,
        version: Version | None = None,
        choices: Mapping[str, str] | None = None,
        case: Case | None = None,
        asked_on: dt.date | None = None,
        want_missing: bool = False,
    ) -> Answer:
        """As that of any matter, and then otherwise."""
        answer = super().answer_on(
            day, version=version, choices=choices, case=case, asked_on=asked_on, want_missing=want_missing
        )
        return self.alter(answer)


class Rest:
    """What of a version is to be concluded again where something in it is otherwise; found once for each, and kept."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, frozenset[str], frozenset[Compare], str], tuple[tuple[str, Expression], ...]] = {}

    def after(
        self, book: InForce, concluded: frozenset[str], compared: frozenset[Compare] = frozenset(), rule: str = ""
    ) -> tuple[tuple[str, Expression], ...]:
        """The conclusions that read some of those `concluded`, at any depth, or make some of those comparisons.

        In the order of the book, without those `concluded`; the comparisons `compared` of a `rule` are answered
        otherwise in it.
        """
        key = book.version.id, concluded, compared, rule
        if key not in self._found:
            reading, found = set(concluded), []
            for name, test in book.conclusions.items():
                turned = _turned(test, compared) if rule_of(name) == rule else test
                if name not in concluded and (turned is not test or not reading.isdisjoint(names(test))):
                    reading.add(name)
                    found.append((name, turned))
            self._found[key] = tuple(found)
        return self._found[key]


def _turned(test: Expression, compared: frozenset[Compare]) -> Expression:
    """A condition in which some comparisons are answered otherwise; itself where it makes none of them."""
    if compared.isdisjoint(atoms(test)):
        return test
    match test:
        case And(parts):
            return And(tuple(_turned(part, compared) for part in parts))
        case Or(parts):
            return Or(tuple(_turned(part, compared) for part in parts))
        case Not(part):
            return Not(_turned(part, compared))
        case _:
            return Not(test)


def with_conclusions(decided: Decided, rest: Rest, values: Mapping[str, Truth]) -> Decided:
    """The same pupil with some conclusions otherwise, and with what is concluded from them."""

    def alter(answer: Answer) -> Answer:
        if any(name not in answer.book.conclusions for name in values):
            return answer  # another version has no such conclusion
        return _concluded_again(answer, values, rest.after(answer.book, frozenset(values)))

    return _again(decided, alter)


def with_comparisons(decided: Decided, rest: Rest, turned: Callable[[Facts], frozenset[Compare]], rule: str) -> Decided:
    """The same pupil with comparisons of a rule answered otherwise: those `turned` as the facts are on a day."""

    def alter(answer: Answer) -> Answer:
        compared = turned(answer.established.facts)
        if not compared:
            return answer
        return _concluded_again(answer, {}, rest.after(answer.book, frozenset(), compared, rule))

    return _again(decided, alter)


def _concluded_again(answer: Answer, values: Mapping[str, Truth], rest: Iterable[tuple[str, Expression]]) -> Answer:
    facts, found = answer.established.facts, {**answer.found, **values}
    for name, test in rest:
        found[name] = evaluate(test, facts, found)
    return _concluded(answer, found, facts)


def with_reading(decided: Decided, name: str, choice: str) -> Decided:
    """The same pupil with an open point read by another choice, which no derivation of a fact asks for."""
    now, versions = decided.matter.now, decided.matter.policies.versions
    older = (f"{name}@{each}" for each in now.book.older if _is_open(versions[each], name))
    read_so = dict.fromkeys((name, *older), choice)

    def alter(answer: Answer) -> Answer:
        facts = {**answer.established.facts, **read_so}
        return _concluded(answer, reference.conclude(answer.book, facts), facts)

    return _again(decided, alter)


def _is_open(version: Version, name: str) -> bool:
    return name in version.readings and not version.readings[name].settled


def _again(decided: Decided, alter: Alter) -> Decided:
    was = decided.matter
    given = {each.name: getattr(was, each.name) for each in fields(Matter) if each.init}
    return Decided(_Otherwise(**given, was=was, alter=alter))


def _concluded(answer: Answer, found: dict[str, Truth], facts: dict[str, Known]) -> Answer:
    """The answer drawn from other conclusions. What is missing stays as it was: no test hangs on what may be asked."""
    book = answer.book
    by_reading = {reading: reference.outcome(book, found, reading) for reading in book.outcomes}
    agreed = answer.agreed
    if len(agreed) < len(by_reading):
        agreed = (str(facts[EXPECTATION]),)
    outcome = answer.outcome
    if (by_reading, agreed) != (answer.by_reading, answer.agreed):
        outcome = reference.settle([by_reading[name] for name in agreed])
        if outcome == "need_information":
            outcome = settled_outcome(book, facts, agreed) or outcome
    missing = answer.missing if outcome == "need_information" else None
    established = replace(answer.established, facts=facts)
    return Answer(book, established, found, by_reading, outcome, missing, agreed)
