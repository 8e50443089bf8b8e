"""What the tests of a policy exercise of a version, and what none does.

What there is to exercise is read off the version itself, as it is put in force: every outcome, ground, notice and
protection with each answer it can give, both edges of every boundary in the conditions, and every choice of an open
reading that some rule asks for. A test exercises that without which something that it expects would not be so; what a
pupil merely passes through is not exercised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eligibility.explain import RESULTS
from eligibility.facts import vocabulary
from eligibility.in_force import PLAIN, Books, GroundInForce, InForce
from eligibility.language.expressions import Compare, names, reached
from eligibility.language.partial import Facts
from eligibility.language.straight_line import Truth
from eligibility.outcome import Answer
from eligibility.policy import Policies, Reading, Version
from eligibility.reading_names import EXPECTATION, LATE_NOTICE
from eligibility.testing.boundaries import Boundary, Scales, Standing, standings
from eligibility.testing.decided import Decided
from eligibility.testing.expectations import OUTCOMES, Expectation
from eligibility.testing.otherwise import Rest, with_comparisons, with_conclusions, with_reading
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
        self.told = self.scales.told_apart(dict.fromkeys(each.boundary for each in self.standings))
        self.readings = self._open_readings()
        self.rest = Rest()
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
        for boundary, about in self.told.items():
            yield from (Item(BOUNDARY, about, self.scales.edge_told(boundary, edge)) for edge in boundary.edges)
        for reading in self.readings:
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
        """What would turn something that the test expects, if it were otherwise."""
        looked_at = _LookedAt(result, self.rest)
        yield from self._answers(looked_at)
        yield from self._edges(looked_at)
        yield from self._readings(looked_at)

    def _answers(self, looked_at: _LookedAt) -> Iterator[Item]:
        now, expected = looked_at.decided.matter.now, looked_at.expected
        if looked_at.outcome:
            yield Item(OUTCOME, "outcome", now.outcome)
        for ground in self.book.grounds:
            answer = now.found[ground.result]
            forms, others = (ground.result, ground.decides), self._freed(ground, now) if answer else {}
            turns = looked_at.hangs_on(forms, answer, looked_at.outcome, others)
            if turns or any(each.about == ground.rule.id for each in expected):
                yield Item(GROUND, ground.rule.id, RESULTS[answer])
            if answer and turns:
                yield Item(GROUND, ground.rule.id, ALONE)
        for element, (name, _) in self.book.expectations.get(now.chosen, {}).items():
            kept, could_be = now.found[name], now.found[self.book.protected[element].result]
            if could_be and looked_at.hangs_on((name,), kept, expected):
                yield Item(PROTECTION, element, _KEPT[kept])
        for notice in self.book.notices:
            if looked_at.hangs_on((notice.applies,), now.found[notice.applies], expected):
                yield Item(NOTICE, notice.id, _APPLIES[now.found[notice.applies]])

    def _freed(self, ground: GroundInForce, now: Answer) -> dict[str, Truth]:
        """Every other ground by its own result alone.

        Where it is drawn from a form freed of its guards, a ground that is not met carries beside one that is, such as
        the council's own grant for a child outside compulsory school age beside the distance of one who is not.
        """
        return {other.decides: now.found[other.result] for other in self.book.grounds if other is not ground}

    def _edges(self, looked_at: _LookedAt) -> Iterator[Item]:
        """The edges that a pupil stands on, by the readings chosen or by others that the test speaks of."""
        decided = looked_at.decided
        unders = (decided.answer_under(*each.chooses) for each in looked_at.of_readings if each.chooses)
        stood_on = {
            (standing.boundary, edge): None
            for answer in (decided.matter.now, *filter(None, unders))
            for standing in self.standings
            if (edge := self.scales.edge(standing, answer.established.facts)) is not None
        }
        for boundary, edge in stood_on:
            if looked_at.turns(
                with_comparisons(decided, self.rest, self._compared(boundary, edge), boundary.rule),
                looked_at.expected,
            ):
                yield Item(BOUNDARY, self.told[boundary], self.scales.edge_told(boundary, edge))

    def _compared(self, boundary: Boundary, edge: int) -> Callable[[Facts], frozenset[Compare]]:
        """The comparisons of a boundary, of whichever home or in older wording, that facts stand on an edge of."""
        some = [standing for standing in self.standings if standing.boundary == boundary]
        return lambda facts: frozenset(each.test for each in some if self.scales.edge(each, facts) == edge)

    def _readings(self, looked_at: _LookedAt) -> Iterator[Item]:
        """The choices by which a test is decided, or of which it says what they give, where another gives otherwise."""
        decided, choices = looked_at.decided, looked_at.choices
        for reading in self.readings:
            chosen = choices.get(reading.name, reading.chosen)
            others = [choice for choice in (reading.chosen, *reading.others) if choice != chosen]
            if any(looked_at.turns(with_reading(decided, reading.name, other), looked_at.plain) for other in others):
                yield Item(READING, reading.name, chosen)
        for expected in looked_at.of_readings:
            name, choice = expected.chooses or ("", "")
            reading = self.book.version.readings[name]
            others = [other for other in (reading.chosen, *reading.others) if other != choice]
            if any(decided.outcome_under(name, other) != expected.value for other in others):
                yield Item(READING, name, choice)


class _LookedAt:
    """A pupil of a test that passed, and what is expected of it."""

    def __init__(self, result: Result, rest: Rest) -> None:
        self.decided, self.expected, self.rest = result.decided, result.expected, rest
        self.choices = result.test.choices
        self.of_readings = [each for each in self.expected if each.chooses]
        self.plain = [each for each in self.expected if not each.chooses]
        self.outcome = [each for each in self.plain if each.about == OUTCOME]

    def hangs_on(
        self,
        forms: Sequence[str],
        answer: Truth,
        expected: Sequence[Expectation],
        others: Mapping[str, Truth] | None = None,
    ) -> bool:
        """Whether something expected turns where a conclusion, in all its forms, is answered otherwise, `others` so."""
        answers = (True, False) if answer is None else (not answer,)
        made = ({**(others or {}), **dict.fromkeys(forms, each)} for each in answers) if expected else ()
        return any(self.turns(with_conclusions(self.decided, self.rest, each), expected) for each in made)

    def turns(self, otherwise: Decided, expected: Sequence[Expectation]) -> bool:
        """Whether something that is expected is not so otherwise."""
        was, now = self.decided.matter.now, otherwise.matter.now
        is_same = (now.found, now.by_reading, now.chosen) == (was.found, was.by_reading, was.chosen)
        some = [each for each in expected if not is_same or each.chooses or each.about in _FROM_MORE]
        return any(each.failure(otherwise) for each in some)


_FROM_MORE = ("starts_on", "ends_on", "advice", "reason")
"""What hangs on more than the conclusions of the day: on other days, or on facts that no conclusion reads."""
_KEPT = {True: "kept", False: "not kept", None: "not known"}
_APPLIES = {True: "applies", False: "does not apply", None: "not known"}
