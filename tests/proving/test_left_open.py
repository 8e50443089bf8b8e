"""The shortest list of facts is the shortest, and an outcome that is settled is asked nothing more."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

import pytest

from eligibility.assess import Assessor
from eligibility.case import read_case
from eligibility.establish import Established, establish
from eligibility.in_force import Books, InForce
from eligibility.missing import find_missing, settled_outcome, what_is_left
from eligibility.testing.missing_facts import gaps, without
from eligibility.two_ways import two_outcomes
from tests.case_builder import ABSENT, FAITH, LOW_INCOME, SIX_MILES, THREE_MILES, assessor, award, case
from tests.proving.ways import fewest, how_many, in_question, ways
from tests.pupils import VERSIONS, Pick, T, seeded

MODEL = Assessor().model
BOOKS = Books(Assessor().policies)


def established(given: dict[str, Any], version: str, on: dt.date) -> tuple[InForce, Established]:
    held = BOOKS.policies.versions[version]
    book = BOOKS.of(held)
    return book, establish(read_case(given, MODEL), held, BOOKS.policies, on, older=book.older)


def pick_with(rng: random.Random) -> Pick:
    def pick(options: Sequence[T]) -> T:
        return rng.choice(options)

    return pick


def open_cases(seed: int, number: int, most: int) -> list[tuple[InForce, Established]]:
    """Cases with gaps whose outcome three-valued logic leaves open, with no more than `most` ways to go through."""
    draw, rng = seeded(seed), random.Random(seed)
    found: list[tuple[InForce, Established]] = []
    while len(found) < number:
        question = draw()
        gappy = without(question.case, gaps(pick_with(rng), question.case))
        book, known = established(gappy, rng.choice(VERSIONS), question.on)
        asked, tests = in_question(book, known.facts)
        if asked and how_many(known.facts, asked, tests) <= most:
            found.append((book, known))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_is_asked_for_is_the_fewest_facts_that_settle_every_way_things_could_be(seed: int) -> None:
    for book, known in open_cases(seed, 25, 3_000):
        asked, tests = in_question(book, known.facts)
        found = list(ways(book, known.facts, asked, tests))
        outcomes = {outcome for _, outcome in found}
        missing = find_missing(book, known.facts, book.outcomes)
        assert frozenset(missing.facts) in fewest(found, asked)
        assert missing.settled == (outcomes.pop() if len(outcomes) == 1 else None)
        assert settled_outcome(book, known.facts, book.outcomes) == missing.settled


@pytest.mark.parametrize("seed", range(3))
def test_two_outcomes_found_at_a_glance_are_never_one(seed: int) -> None:
    for book, known in open_cases(100 + seed, 40, 3_000):
        rest = what_is_left(book, known.facts)
        pairs = [(rest[entitled], rest[refer]) for entitled, refer in book.outcomes.values()]
        if two_outcomes(known.facts, pairs):
            asked, tests = in_question(book, known.facts)
            assert len({outcome for _, outcome in ways(book, known.facts, asked, tests)}) > 1


FAR = {"measured.walking_mm": THREE_MILES + 1}
UNKNOWN_SCHOOLS: dict[str, Any] = {
    "measured.nearest_school": ABSENT,
    "measured.nearest_ignoring_places": ABSENT,
    "measured.nearer_suitable_schools": ABSENT,
}
AWARD = award("faith", ends_on="2018-08-31")
PROTECTED_BY_AN_AWARD = {
    **FAITH,
    "school.started_on": "2016-09-05",
    "award": {key: held for key, held in AWARD.items() if key != "granted_on"},
}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({**FAR, **UNKNOWN_SCHOOLS, "measured.nearest_ignoring_places": True}, "entitled"),
        ({**FAR, **UNKNOWN_SCHOOLS, "measured.nearer_suitable_schools": 1}, "not_entitled"),
        ({**FAR, **UNKNOWN_SCHOOLS, "measured.nearer_ignoring_places": 0}, "need_information"),
        ({**FAR, **LOW_INCOME, **UNKNOWN_SCHOOLS}, "need_information"),
        ({**FAR, **LOW_INCOME, **UNKNOWN_SCHOOLS, "measured.road_mm": SIX_MILES}, "need_information"),
        ({**FAR, **LOW_INCOME, **UNKNOWN_SCHOOLS, "measured.nearer_ignoring_places": 2}, "entitled"),
        ({**FAR, **LOW_INCOME, **UNKNOWN_SCHOOLS, "measured.nearer_suitable_schools": 3}, "not_entitled"),
    ],
)
def test_what_one_fact_says_of_the_next_settles_the_outcome(changes: dict[str, Any], outcome: str) -> None:
    decision = assessor().assess(case(**changes))
    assert decision.outcome == outcome
    assert bool(decision.missing) == (outcome == "need_information")


def test_how_many_are_nearer_is_not_asked_where_being_the_nearest_settles_it() -> None:
    """Beyond three miles on foot and six by road only the nearest school counts."""
    changes = {**FAR, **LOW_INCOME, **UNKNOWN_SCHOOLS, "measured.road_mm": SIX_MILES + 1}
    assert assessor().assess(case(**changes)).missing == ["measured.nearest_school"]


def test_an_award_that_ended_before_the_change_was_given_before_it() -> None:
    decision = assessor().assess(
        case(**PROTECTED_BY_AN_AWARD), policy="somerset-2018", on=dt.date(2018, 8, 30), decided=dt.date(2018, 8, 30)
    )
    assert (decision.outcome, decision.missing) == ("entitled", [])
