"""What would have to be different is so: changed in the case it gives the outcome, and nothing smaller does."""

from __future__ import annotations

import random
from itertools import combinations, product
from typing import Any

import pytest

from eligibility.assess import Assessor
from eligibility.case import read_case
from eligibility.errors import InputError
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.in_force import Books
from eligibility.missing import find_missing
from eligibility.outcome import answer
from eligibility.smallest_change import OUTCOMES, Change, Changes
from eligibility.testing.missing_facts import gaps, without
from tests.case_builder import FAITH, FURTHER_SCHOOL, LOW_INCOME, THREE_MILES, TWO_MILES, assessor, award, case
from tests.proving.changes import changed, values
from tests.proving.test_left_open import pick_with
from tests.pupils import VERSIONS, Question, seeded

MODEL = Assessor().model
BOOKS = Books(Assessor().policies)


def outcome_of(given: dict[str, Any], question: Question, version: str) -> str | None:
    """The outcome of a case; None where it contradicts itself."""
    try:
        held = BOOKS.policies.versions[version]
        return answer(read_case(given, MODEL), held, BOOKS, question.on, want_settled=True).outcome
    except InputError:
        return None


def changes_of(
    question: Question, version: str, given: dict[str, Any] | None = None
) -> tuple[str, list[Change], Changes]:
    """The outcome of a pupil's case, every smallest change found for it, and what found them."""
    held = BOOKS.policies.versions[version]
    now = answer(read_case(question.case, MODEL), held, BOOKS, question.on, want_settled=True)
    same = {"catchment_school": "transport_area_school", "nearer_ignoring_places": "nearer_suitable_schools"}
    defaults = {name + home: of + home for name, of in same.items() for home in ("", "@other_home")}
    found = Changes(now.book, now.established.facts, now.agreed, defaults)
    return now.outcome, found.smallest(now.outcome), found


@pytest.mark.parametrize("seed", range(6))
def test_each_change_made_in_the_case_gives_the_outcome_it_says(seed: int) -> None:
    draw, rng = seeded(seed), random.Random(seed)
    for _ in range(15):
        question, version = draw(), rng.choice(VERSIONS)
        for change in changes_of(question, version)[1]:
            given = changed(question, {other.fact: other.value for other in change.others})
            assert outcome_of(given, question, version) == change.outcome


@pytest.mark.parametrize("seed", range(6))
def test_each_change_of_a_case_with_gaps_gives_the_outcome_it_says(seed: int) -> None:
    draw, rng = seeded(50 + seed), random.Random(seed)
    for _ in range(15):
        question, version = draw(), rng.choice(VERSIONS)
        absent = gaps(pick_with(rng), question.case)
        partial = Question(without(question.case, absent), question.on, question.decided)
        for change in changes_of(partial, version)[1]:
            try:
                given = changed(partial, {other.fact: other.value for other in change.others})
            except KeyError:
                continue  # told by one part of the case and held in another that is absent
            assert outcome_of(given, partial, version) == change.outcome


@pytest.mark.parametrize("seed", range(6))
def test_no_single_fact_that_would_change_the_outcome_is_left_out(seed: int) -> None:
    draw, rng = seeded(100 + seed), random.Random(seed)
    for _ in range(6):
        question, version = draw(), rng.choice(VERSIONS)
        now, found, changes = changes_of(question, version)
        told = {(change.others[0].fact, change.outcome) for change in found if len(change.others) == 1}
        for fact in could_be_different(changes, question):
            outcomes = {outcome_of(changed(question, {fact: value}), question, version) for value in values(fact)}
            worse = OUTCOMES[OUTCOMES.index(now) + 1 :]
            missed = {(fact, outcome) for outcome in outcomes - {now, None} if outcome is not None} - told
            # What takes something away is told once, in whichever way it would.
            assert not {pair for pair in missed if pair[1] not in worse or (fact, worse[0]) not in told}, missed


@pytest.mark.parametrize("seed", range(4))
def test_a_part_of_a_change_never_gives_the_outcome_by_itself(seed: int) -> None:
    draw, rng = seeded(200 + seed), random.Random(seed)
    for _ in range(12):
        question, version = draw(), rng.choice(VERSIONS)
        for change in changes_of(question, version)[1]:
            facts = [other.fact for other in change.others]
            for count in range(1, len(facts)):
                for part in combinations(facts, count):
                    for chosen in product(*(values(fact) for fact in part)):
                        given = changed(question, dict(zip(part, chosen, strict=True)))
                        assert outcome_of(given, question, version) != change.outcome


@pytest.mark.parametrize("seed", range(4))
def test_a_figure_is_changed_by_no_more_than_it_must(seed: int) -> None:
    draw, rng = seeded(300 + seed), random.Random(seed)
    for _ in range(12):
        question, version = draw(), rng.choice(VERSIONS)
        for change in changes_of(question, version)[1]:
            answers = {other.fact: other.value for other in change.others}
            for other in change.others:
                if other.bound is not None and len(answers) == 1:
                    nearer = other.value + (1 if other.value < other.held else -1)
                    given = changed(question, answers | {other.fact: nearer})
                    assert nearer == other.held or outcome_of(given, question, version) != change.outcome


@pytest.mark.parametrize("seed", range(3))
def test_the_prover_finds_no_pair_of_facts_that_is_not_told_and_none_told_in_vain(seed: int) -> None:
    draw, rng = seeded(400 + seed), random.Random(seed)
    for _ in range(4):
        question, version = draw(), rng.choice(VERSIONS)
        _, found, changes = changes_of(question, version)
        told = [{other.fact for other in change.others} for change in found]
        untied = [f for f in could_be_different(changes, question) if "near" not in f and f != "route_safe_from"]
        for pair in combinations(untied, 2):
            facts = {name: held for name, held in changes.facts.items() if name not in pair}
            missing = find_missing(changes.book, facts, changes.readings)
            assert any(one <= set(pair) for one in told) == (missing.settled is None)


def test_sentences_name_each_change_in_plain_words() -> None:
    def told(**changes: Any) -> list[str]:
        return assessor().assess(case(**changes)).would_change

    far = {"measured.walking_mm": THREE_MILES - 24_000}
    longer = "If the distance on foot were more than 3 miles (24 metres longer): entitled."
    exceptional = "If there were exceptional circumstances: an officer decides."
    unsafe = "If the whole walking route had been assessed as unsafe: entitled."
    assert told(**far)[:2] == [unsafe, longer]
    assert exceptional in told(**far)
    further = told(**far, **FURTHER_SCHOOL)
    nearest = "no nearer suitable school had a place, so that this were the nearest"
    assert f"If the distance on foot were more than 3 miles (24 metres longer) and {nearest}: entitled." in further
    claimed = LOW_INCOME | {"income.evidence_seen_on": None, "measured.walking_mm": TWO_MILES + 1}
    assert "If evidence of low income had been seen: entitled." in told(**claimed)
    beyond = told(**{"measured.walking_mm": THREE_MILES + 1})
    assert beyond == [
        "If the distance on foot were not more than 3 miles (1 millimetre shorter): not entitled.",
        "If a nearer suitable school had a place: not entitled.",
    ]


def test_a_figure_of_income_or_of_schools_is_told_with_how_far_it_is_off() -> None:
    earning = {
        "measured.walking_mm": TWO_MILES + 1,
        "income.universal_credit": True,
        "income.net_earnings_pence": 750_000,
        "income.evidence_seen_on": "2018-07-01",
    }
    told = assessor().assess(case(**earning)).would_change
    assert "If net earnings in a year were not more than £7,400 (£100 less): entitled." in told
    crowded = (
        LOW_INCOME | FURTHER_SCHOOL | {"measured.walking_mm": TWO_MILES + 1, "measured.nearer_suitable_schools": 4}
    )
    told = assessor().assess(case(**crowded)).would_change
    assert "If the number of nearer suitable schools with a place were 2 or fewer (2 fewer): entitled." in told


def test_what_an_award_given_in_error_takes_away_is_told() -> None:
    kept = FAITH | {"school.started_on": "2016-09-05", "award": award("faith", in_error=True)}
    decision = assessor().assess(case(**kept), policy="somerset-2018")
    assert "If the award had not been given in error: entitled." in decision.would_change


def could_be_different(changes: Changes, question: Question) -> list[str]:
    """The facts of a case that the vocabulary says could be different, in parts of it that there are."""
    found = []
    for name, held in changes.facts.items():
        fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
        if fact is None or fact.could_be is None:
            continue
        parts = ((fact.other_home if name.endswith(OTHER_HOME) else fact.case) or fact.of).split(".")
        told_of = isinstance(held, int) and not isinstance(held, bool)
        told_of = told_of or bool(fact.could_be.if_false if held else fact.could_be.if_true)
        there_is = len(parts) < 2 or question.case.get(parts[0]) is not None
        if told_of and there_is and (fact.name not in IN_A_PLAN or question.case["needs"]["ehc_plan"]):
            found.append(name)
    return found


IN_A_PLAN = ("plan_names_this_school", "plan_is_parental_preference")
