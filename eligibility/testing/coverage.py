"""What the tests of a policy exercise of a version, and what none does.

What there is to exercise is read off the version itself, as it is put in force: every outcome, ground, notice and
protection with each answer it can give, both edges of every boundary in the conditions, and every choice of an open
reading that some rule asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from eligibility.explain import RESULTS
from eligibility.facts import vocabulary
from eligibility.in_force import PLAIN, Books, InForce
from eligibility.language.expressions import names, reached
from eligibility.outcome import Answer
from eligibility.policy import Policies, Reading, Version
from eligibility.reading_names import EXPECTATION, LATE_NOTICE
from eligibility.testing.boundaries import Scales, Standing, standings
from eligibility.testing.decided import Decided
from eligibility.testing.expectations import OUTCOMES
from eligibility.testing.table_run import Result

ALONE = "decides alone"
OUTCOME, GROUND, PROTECTION, NOTICE, BOUNDARY, READING = (
    "outcome",
    "ground",
    "protection",
    "notice",
    "boundary",
    "reading",
)
KINDS = (OUTCOME, GROUND, PROTECTION, NOTICE, BOUNDARY, READING)
"""The kinds of what there is to exercise, in the order in which they are told."""


@dataclass(frozen=True)
class Item:
    """One thing that a test can exercise: what it is about, and which answer, edge or choice of it."""

    kind: str
    about: str
    which: str


@dataclass
class Covered:
    """What there is to exercise of a version, each with the names of the tests that exercise it."""

    version: Version
    items: dict[Item, list[str]] = field(default_factory=dict)

    @property
    def exercised(self) -> int:
        """How many there are that some test exercises."""
        return sum(bool(tests) for tests in self.items.values())

    @property
    def percent(self) -> int:
        """The whole percent exercised, rounded down."""
        return 100 * self.exercised // len(self.items) if self.items else 100

    def missing(self, kind: str) -> dict[str, list[str]]:
        """What no test exercises of a kind: which answers, edges or choices of what."""
        found: dict[str, list[str]] = {}
        for item, tests in self.items.items():
            if item.kind == kind and not tests:
                found.setdefault(item.about, []).append(item.which)
        return found


def coverage(policies: Policies, results: Iterable[Result]) -> dict[str, Covered]:
    """By version: what the tests that passed exercise. A test that fails says nothing for certain."""
    watchers: dict[str, _Watcher] = {}
    books = Books(policies)
    for result in results:
        version = result.decided.matter.version
        if version.id not in watchers:
            watchers[version.id] = _Watcher(policies, books.of(version))
        if result.passed:
            watchers[version.id].watch(result)
    return {version: watcher.covered for version, watcher in watchers.items()}


class _Watcher:
    """Looks at the decisions under one version."""

    def __init__(self, policies: Policies, book: InForce) -> None:
        self.book = book
        self.scales = Scales(policies, book)
        self.standings = [each for each in standings(book) if self._is_movable(each)]
        self.covered = Covered(book.version, {item: [] for item in self._all()})

    def _is_movable(self, standing: Standing) -> bool:
        """Whether a pupil can stand on either side: some fact of the pupil is compared."""
        read = {name.partition("@")[0] for name in names(standing.test)}
        return bool(read & set(vocabulary().by_name))

    def _all(self) -> Iterator[Item]:
        book = self.book
        yield from (Item(OUTCOME, "outcome", outcome) for outcome in OUTCOMES)
        for ground in book.grounds:
            yield from (Item(GROUND, ground.rule.id, which) for which in (*RESULTS.values(), ALONE))
        for element in book.protected:
            yield from (Item(PROTECTION, element, which) for which in _KEPT.values())
        for notice in book.notices:
            yield from (Item(NOTICE, notice.id, which) for which in _APPLIES.values())
        for standing in self.standings:
            about = self.scales.told(standing.boundary)
            for edge in standing.boundary.edges:
                yield Item(BOUNDARY, about, self.scales.edge_told(standing.boundary, edge))
        for reading in self._open_readings():
            yield from (Item(READING, reading.name, choice) for choice in (reading.chosen, *reading.others))

    def _open_readings(self) -> list[Reading]:
        """The readings that leave a choice open and that a rule or notice asks for."""
        applies = [notice.applies for notice in self.book.notices]
        asked = self.book.outcome_reads | reached(self.book.conclusions, applies)
        asked |= {EXPECTATION} if PLAIN not in self.book.outcomes else set()
        asked |= {LATE_NOTICE} if applies else set()
        return [each for each in self.book.version.readings.values() if each.others and each.name in asked]

    def watch(self, result: Result) -> None:
        """Note what one pupil exercises."""
        row = f" (row {result.test.row})" if result.test.row else ""
        for item in set(self._exercised(result)):
            if item in self.covered.items:
                self.covered.items[item].append(result.test.name + row)

    def _exercised(self, result: Result) -> Iterator[Item]:
        decided, now = result.decided, result.decided.matter.now
        yield Item(OUTCOME, "outcome", now.outcome)
        for ground in self.book.grounds:
            yield Item(GROUND, ground.rule.id, RESULTS[now.found[ground.result]])
        carriers = _carriers(now)
        if len(carriers) == 1:
            yield Item(GROUND, carriers[0], ALONE)
        for element, (name, _) in self.book.expectations.get(now.chosen, {}).items():
            if now.found[self.book.protected[element].result]:
                yield Item(PROTECTION, element, _KEPT[now.found[name]])
        for notice in self.book.notices:
            yield Item(NOTICE, notice.id, _APPLIES[now.found[notice.applies]])
        yield from self._edges(now)
        yield from self._readings(result, decided)
        for name, choice in self._said(result):
            otherwise = decided.answer_under(name, choice)
            if otherwise is not None:
                yield from self._edges(otherwise)

    def _edges(self, now: Answer) -> Iterator[Item]:
        facts = now.established.facts
        for standing in self.standings:
            edge = self.scales.edge(standing, facts)
            if edge is not None and self.scales.matters(standing, edge, facts, now.found):
                boundary = standing.boundary
                yield Item(BOUNDARY, self.scales.told(boundary), self.scales.edge_told(boundary, edge))

    def _readings(self, result: Result, decided: Decided) -> Iterator[Item]:
        """A choice is exercised where a test is decided by it, or says what it gives.

        So is then the choice that the version makes, if that gives something else.
        """
        for name, choice in result.test.setting.readings.items():
            yield Item(READING, name, choice)
        for name, choice in self._said(result):
            yield Item(READING, name, choice)
            if decided.outcome_under(name, choice) != decided.outcome:
                yield Item(READING, name, self.book.version.readings[name].chosen)

    @staticmethod
    def _said(result: Result) -> Iterator[tuple[str, str]]:
        for expected in result.expected:
            if expected.chooses:
                yield expected.chooses


_KEPT = {True: "kept", False: "not kept", None: "not known"}
_APPLIES = {True: "applies", False: "does not apply", None: "not known"}


def _carriers(now: Answer) -> list[str]:
    """The grounds that are met and lead to the outcome, kept ones among them."""
    book = now.book
    found = [g.rule.id for g in book.grounds if g.rule.outcome == now.outcome and now.found[g.result]]
    for element, (name, _) in book.expectations.get(now.chosen, {}).items():
        kept = book.protected[element]
        if kept.rule.outcome == now.outcome and now.found[name] and now.found[kept.result]:
            found.append(element)
    return sorted(set(found))
