"""The reference engine says of every rule what its conditions mean, and why."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterable, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.case import build_case_model, read_case
from eligibility.engines import reference
from eligibility.establish import establish
from eligibility.facts import OTHER_HOME
from eligibility.in_force import Books, GroundInForce, InForce, put_in_force
from eligibility.language.expressions import (
    Among,
    And,
    AnyOf,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Or,
    Years,
)
from eligibility.language.partial import Between, Facts, Known, evaluate
from eligibility.language.straight_line import Over, straight_line
from eligibility.policy_files import policies
from tests.language.random_conditions import conditions, partly_known
from tests.pupils import LIMITS, VERSIONS, seeded

Answers = Mapping[str, bool | None]
PUPILS = 150
ROUGHLY = {
    length + home: [Between(limit - 50_000, limit + 50_000) for limit in LIMITS]
    for length in ("walking_mm", "road_mm")
    for home in ("", OTHER_HOME)
}


@functools.cache
def books() -> Books:
    return Books(policies())


def book_of(version: str) -> InForce:
    return books().of(policies().versions[version])


def grounds_of(book: InForce) -> list[GroundInForce]:
    return [*book.grounds, *book.protected.values()]


def one_by_one(conclusions: Mapping[str, Expression], facts: Facts) -> Answers:
    """Every conclusion as the language defines it."""
    found: dict[str, bool | None] = {}
    for name, test in conclusions.items():
        found[name] = evaluate(test, facts, found)
    return found


def vague_pupils(version: str, seed: int) -> Iterator[dict[str, Known]]:
    """The facts of whole pupils under a version, each without some of them and with lengths known only roughly."""
    draw, some_pupil, held = random.Random(seed), seeded(seed), policies()
    model = build_case_model({"ground": tuple(held.rules.grounds), "policy": tuple(held.versions)})
    for _ in range(PUPILS):
        question = some_pupil()
        case, older = read_case(question.case, model), book_of(version).older
        whole = establish(case, held.versions[version], held, question.on, asked_on=question.on, older=older).facts
        gone = set(draw.sample(sorted(whole), draw.choice([0, 1, 3, 10, 30])))
        known = {name: value for name, value in whole.items() if name not in gone}
        for name in known.keys() & ROUGHLY.keys() if draw.random() < 0.2 else ():
            known[name] = draw.choice(ROUGHLY[name])
        yield known


def answers_of(tests: Iterable[Expression], facts: Facts, found: Answers) -> tuple[bool | None, ...]:
    return tuple(evaluate(test, facts, found) for test in tests)


@given(conditions, partly_known())
def test_a_condition_written_out_says_what_it_means(test: Expression, known: dict[str, Known]) -> None:
    answers, asked = straight_line({"it": test}, (test,))(known)
    assert answers == asked == (evaluate(test, known, {}),)


@given(st.lists(conditions, min_size=1, max_size=5), st.permutations(["a", "d", "b", "e", "c"]), partly_known())
def test_a_random_rulebook_written_out_says_what_its_conditions_mean_one_by_one(
    tests: list[Expression], order: list[str], known: dict[str, Known]
) -> None:
    """Conclusions named as facts are stand before them, but only for what comes later."""
    conclusions = dict(zip(order, tests, strict=False))
    found = one_by_one(conclusions, known)
    answers, asked = straight_line(conclusions, tuple(tests))(known)
    assert dict(zip(conclusions, answers, strict=True)) == found
    assert asked == answers_of(tests, known, found)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_conclusion_and_reason_of_a_version_is_what_its_conditions_mean(version: str) -> None:
    book = book_of(version)
    for known in vague_pupils(version, seed=20180901):
        found = one_by_one(book.conclusions, known)
        assert reference.conclude(book, known) == found
        findings = reference.decide(book, known)
        assert findings.outcomes == {reading: reference.outcome(book, found, reading) for reading in book.outcomes}
        for ground in grounds_of(book):
            finding = findings.of(ground)
            assert (finding.result, finding.decides) == (found[ground.result], found[ground.decides])
            assert finding.conditions == answers_of([c.test for c in ground.conditions], known, found)
        for expected in book.expectations.values():
            for protected, tests in expected.values():
                assert findings.expectation(protected) == answers_of([c.test for c in tests], known, found)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_ground_is_not_met_where_a_condition_fails_and_met_where_all_hold(version: str) -> None:
    book = book_of(version)
    for known in vague_pupils(version, seed=20180904):
        for ground in grounds_of(book):
            finding = reference.decide(book, known).of(ground)
            assert (finding.result is False) == (False in finding.conditions)
            assert (finding.result is True) == (set(finding.conditions) == {True})


@pytest.mark.parametrize("version", VERSIONS)
def test_a_margin_is_the_length_less_the_limit_and_is_known_only_where_both_are(version: str) -> None:
    book = book_of(version)
    for known in vague_pupils(version, seed=20180911):
        for ground in grounds_of(book):
            for _, length, limit, over in reference.decide(book, known).of(ground).held:
                exact = isinstance(length, int) and isinstance(limit, int)
                assert over == (length - limit if exact else None)  # type: ignore[operator]  # exact says so


def test_a_length_that_is_measured_but_not_trusted_to_the_limit_still_gives_figures() -> None:
    book = book_of("england")
    ground = next(ground for ground in book.grounds if ground.result == "low_income_8_to_10")
    known: dict[str, Known] = {"walking_mm": Between(3_200_000, 3_240_000), "low_income_walking_limit": 3_218_688}
    findings = reference.decide(book, known)
    assert findings.figures(ground, {}).margin_mm is None
    assert findings.figures(ground, {"walking_mm": 3_220_000}).margin_mm == 1_312


def test_a_term_added_to_a_book_that_has_been_used_is_concluded_too() -> None:
    book = put_in_force(policies(), policies().versions["england"])
    assert "asked_beside" not in reference.conclude(book, {})
    book.conclusions["asked_beside"] = Holds("resident")
    assert reference.conclude(book, {"resident": True})["asked_beside"] is True


def test_a_word_that_looks_like_code_stays_a_word() -> None:
    word = "'); raise SystemExit(__import__('os')) #"
    test = And((Compare("==", Name(word), Constant(word)), Among(Name(word), (word, "red"))))
    answer = straight_line({word: test}, (Holds(word), Name(word)))
    assert answer({word: word}) == ((True,), (True, word))
    assert answer({word: "red"}) == ((False,), (False, "red"))
    assert answer({}) == ((None,), (None, None))


def test_a_difference_is_not_known_where_a_number_is_not_known_exactly() -> None:
    answer = straight_line({}, (Over(Name("x"), Name("y")), Compare(">", Years(Name("y"), Name("x")), Constant(0))))
    assert answer({"x": 20180901, "y": 20080901})[1] == (100000, True)
    assert answer({"x": Between(20180901, 20180902), "y": 20080901})[1] == (None, None)
    assert answer({"y": 20080901})[1] == (None, None)


def test_whether_a_number_that_lies_between_two_is_another_is_left_open() -> None:
    test = Compare("!=", Name("x"), Constant(3))
    answer = straight_line({}, (test, Compare("==", Name("x"), Constant(3))))
    assert answer({"x": Between(2, 4)})[1] == (None, None)
    assert answer({"x": Between(4, 5)})[1] == (True, False)
    assert answer({"x": 3})[1] == (False, True)
    assert answer({})[1] == (None, None)


def test_of_no_conditions_all_hold_and_none_does_and_of_one_it_is_that_one() -> None:
    answer = straight_line({}, (And(()), Or(()), And((Holds("a"),)), Or((Holds("a"),))))
    assert answer({"a": True})[1] == (True, False, True, True)
    assert answer({"a": False})[1] == (True, False, False, False)
    assert answer({})[1] == (True, False, None, None)


def test_what_is_resolved_when_a_version_is_put_in_force_is_not_written_out() -> None:
    with pytest.raises(TypeError, match="resolved before"):
        straight_line({"it": AnyOf("tried_from_each_home")}, ())
