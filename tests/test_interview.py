"""An interview asks only what can still change the answer, and ends in the decision that `assess` gives."""

from __future__ import annotations

from typing import Any

import pytest

from eligibility.errors import InputError
from eligibility.facts import ANYONE_ELSE, vocabulary
from eligibility.interview import Interview, Question
from eligibility.still_wanted import cost
from tests.case_builder import FAITH, LOW_INCOME, THREE_MILES, award, case
from tests.interviews import PUPILS, county, interviewed, nowhere


@pytest.mark.parametrize("name", PUPILS)
def test_who_knows_a_case_ends_in_its_outcome_and_is_never_asked_twice(name: str) -> None:
    counts: list[int] = []

    def count(_: Interview, question: Question) -> None:
        if question.at_most is not None and not question.or_other_home:
            counts.append(question.at_most)

    interview, asked = interviewed(county(), PUPILS[name], count)
    assert interview.matter.now.outcome == county().matter(PUPILS[name]).now.outcome
    assert len(asked) == len(set(asked))
    assert counts == sorted(set(counts), reverse=True), "the number left is kept"


@pytest.mark.parametrize(
    "changes",
    [
        {"measured.walking_mm": THREE_MILES + 1},
        {**LOW_INCOME, "measured.walking_mm": THREE_MILES - 1},
        {**FAITH, "award": award("faith"), "school.started_on": "2016-09-05"},
        {"medical": {"from": "2018-09-01", "until": "2018-10-01"}},
        {"needs.ehc_plan": {"named_urns": [109329], "is_parental_preference": False}},
        {"resident": False},
    ],
    ids=["beyond three miles", "low income", "an award of faith", "a condition", "a plan", "not resident"],
)
def test_without_an_area_figures_are_asked_for_and_the_outcome_is_the_same(changes: dict[str, Any]) -> None:
    data = case(**changes)
    interview, _ = interviewed(nowhere(), data)
    assert interview.matter.now.outcome == nowhere().matter(data).now.outcome


@pytest.mark.parametrize("name", ["S-04", "S-13", "S-15", "S-20", "S-27"])
def test_no_question_is_asked_all_of_whose_answers_give_the_same_outcome(name: str) -> None:
    def look(interview: Interview, question: Question) -> None:
        if question.kind == "boolean" and question.facts:
            outcomes = {interview.answer(text).matter.now.outcome for text in ("yes", "no")}
            assert len(outcomes) == 2 or outcomes == {"need_information"}, question.place

    interviewed(county(), PUPILS[name], look)


def test_what_can_still_change_the_outcome_is_asked_the_cheapest_first() -> None:
    def look(interview: Interview, question: Question) -> None:
        missing = interview.matter.now.missing if interview.can_be_decided else None
        if missing and question.facts:
            places = [place for name in missing.facts for place in interview.matter.now.established.ask(name)]
            assert cost(question.place) == min(cost(place) for place in places if place not in interview.said)

    interviewed(county(), PUPILS["S-05"], look)


def test_of_a_child_beyond_walking_distance_only_what_every_case_needs_and_what_is_unusual_is_asked() -> None:
    _, asked = interviewed(county(), PUPILS["S-01"])
    needed = ["reference", "date_of_birth", "school.urn", "home.postcode", "travel_from"]
    assert asked == [*needed, "school.independent", "school.boarding"]


def test_what_nobody_knows_is_left_not_known_and_what_could_settle_it_all_the_same_is_asked() -> None:
    """A route that the council treats as safe by then is no ground, whatever was found of it before."""
    interview, asked = interviewed(county(), PUPILS["S-02"], without=("route.unsafe",))
    assert "route.unsafe" in asked
    assert interview.matter.now.outcome == "need_information"
    assert interview.case["route"] == {"safe_from": None}
    assert asked.index("route.safe_from") > asked.index("route.unsafe")


def test_another_answer_can_settle_what_one_that_nobody_knows_left_open() -> None:
    """Without the condition, a child who cannot walk is entitled all the same."""
    interview, asked = interviewed(county(), PUPILS["S-03"], without=("medical", "exceptional", "award"))
    assert interview.matter.now.outcome == "entitled"
    assert "needs.disability" in asked


def test_an_award_of_which_nothing_is_known_stays_not_known() -> None:
    parts = tuple(place for place in vocabulary().by_case if place.startswith("award."))
    data = case(award=award("faith"), **FAITH)
    interview, asked = interviewed(nowhere(), data, without=parts)
    assert "award" in asked
    assert "award" not in interview.case


def test_going_back_undoes_the_last_answer() -> None:
    first = Interview(nowhere())
    second = first.answer("A-1")
    assert second.back().question == first.question
    with pytest.raises(InputError, match="nothing to go back to"):
        first.back()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2007-02-30", "date_of_birth: a day that is in the calendar was expected"),
        ("", "date_of_birth is missing; it is required"),
    ],
)
def test_a_mistake_is_told_as_of_a_case_and_asked_again(text: str, sentence: str) -> None:
    interview = Interview(nowhere()).answer("A-1")
    with pytest.raises(InputError) as told:
        interview.answer(text)
    assert told.value.message == sentence


def test_a_home_can_be_given_by_any_of_its_three_ways_and_has_to_be_by_one() -> None:
    interview = Interview(nowhere())
    for text in ("A-1", "2007-05-14", "109329", "", ""):
        interview = interview.answer(text)
    with pytest.raises(InputError, match="home has no postcode"):
        interview.answer("")
    with pytest.raises(InputError, match=r"home\.easting: expected at most"):
        interview.answer("700001")
    interview = interview.answer("350000").answer("130000").answer("2018-09-04")
    assert interview.case["home"] == {"easting": 350000, "northing": 130000}


def test_a_school_that_the_area_does_not_have_is_refused_when_it_is_given() -> None:
    interview = Interview(county()).answer("A-1").answer("2007-05-14")
    with pytest.raises(InputError, match="not in the area"):
        interview.answer("109329")


def test_a_word_of_a_list_can_be_given_by_its_number() -> None:
    interview = Interview(nowhere())
    for text in ("A-1", "2007-05-14", "109329", "BA2 0AA", "2018-09-04"):
        interview = interview.answer(text)
    while (question := interview.question) is not None and question.place != "exceptional":
        interview = interview.answer("")
    assert question is not None
    assert interview.answer("1").case["exceptional"] == "critical_stage"
    assert interview.answer("Critical stage").case["exceptional"] == "critical_stage"


def test_everybody_who_supplies_a_fact_has_a_cost_with_a_source() -> None:
    terms = vocabulary()
    who = {fact.supplied_by for fact in terms.facts if fact.case} | {s.supplied_by for s in terms.sections.values()}
    assert who - {""} == set(terms.costs) - {ANYONE_ELSE}
    assert terms.cost("somebody new") == terms.costs[ANYONE_ELSE]
