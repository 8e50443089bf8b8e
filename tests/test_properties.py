"""What holds for every pupil, whole or with facts missing at random.

`EDTRAVEL_EXAMPLES` says how many pupils each test looks at (by default 12, so that all of them take seconds).
"""

from __future__ import annotations

import copy
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from eligibility.assess import Assessor
from eligibility.decision import Decision
from eligibility.testing.missing_facts import answered, is_within, without
from tests.missing_facts import Gaps, questions_of_protected_pupils, questions_with_gaps
from tests.pupils import VERSIONS, Case, Question, pupils

ASSESSOR = Assessor()
COUNCIL = ["somerset-2016", "somerset-2018"]
WORTH = {"need_information": 1, "not_entitled": 0, "refer": 1, "entitled": 2}
# A decision with facts missing costs up to a second, because the shortest list is found by trying answers.
slowly = settings(
    max_examples=int(os.environ.get("EDTRAVEL_EXAMPLES", "12")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def decide(question: Question, version: str | None, case: Case | None = None) -> Decision:
    """The decision on a pupil, or on the same pupil with other facts."""
    return ASSESSOR.assess(case or question.case, policy=version, on=question.on, decided=question.decided)


def results(decision: Decision) -> dict[str, str]:
    """Each ground's result."""
    return {ground.id: ground.result for ground in decision.grounds}


@slowly
@given(asked=questions_with_gaps(questions_of_protected_pupils()))
def test_nobody_protected_is_worse_off_than_the_protected_ground_left_them_before(asked: Gaps) -> None:
    question, absent = asked
    partial = without(question.case, absent)
    new = decide(question, "somerset-2018", partial)
    assume(new.protected)
    assert new.protected
    old = next(
        ground for ground in decide(question, "somerset-2016", partial).grounds if new.protected.ground == ground.id
    )
    assert old.result == "met"
    assert WORTH[new.outcome] >= WORTH[str(old.outcome)]


@slowly
@given(question=pupils())
def test_a_pupil_who_has_not_changed_school_is_no_worse_off_under_the_wider_reading(question: Question) -> None:
    assume(str(question.case["school"]["started_on"]) < "2018-09-01")
    old, new = (decide(question, version) for version in COUNCIL)
    wider = [reading.outcome for reading in new.readings if reading.name == "legitimate_expectation"]
    assert WORTH[wider[0] if wider else new.outcome] >= WORTH[old.outcome]


@slowly
@given(asked=questions_with_gaps())
def test_what_statute_grants_both_council_versions_grant(asked: Gaps) -> None:
    question, absent = asked
    partial = without(question.case, absent)
    statute = decide(question, "england", partial)
    for version in COUNCIL:
        council = decide(question, version, partial)
        if statute.outcome == "entitled":
            assert council.outcome == "entitled"
        for ground, result in results(statute).items():
            assert results(council)[ground] == result


@slowly
@given(asked=questions_with_gaps(), version=st.sampled_from(VERSIONS), further=st.sampled_from([1, 1000, 9_000_000]))
def test_more_walking_distance_never_removes_the_distance_ground(asked: Gaps, version: str, further: int) -> None:
    question, absent = asked
    near = without(question.case, absent)
    assume("walking_mm" in (near.get("measured") or {}))
    far = copy.deepcopy(near)
    far["measured"]["walking_mm"] += further
    if results(decide(question, version, near))["walking_distance"] == "met":
        assert results(decide(question, version, far))["walking_distance"] == "met"


@pytest.mark.parametrize("version", VERSIONS)
@slowly
@given(asked=questions_with_gaps(), data=st.data())
def test_filling_in_a_missing_fact_only_ever_turns_not_known_into_an_answer(
    version: str, asked: Gaps, data: st.DataObject
) -> None:
    question, absent = asked
    some = data.draw(st.lists(st.sampled_from(absent), max_size=4)) if absent else []
    fewer = decide(question, version, without(question.case, absent))
    more = decide(question, version, without(question.case, [place for place in absent if place not in some]))
    whole = decide(question, version)
    for less_known, better_known in ((fewer, more), (more, whole)):
        if less_known.outcome != "need_information":
            assert better_known.outcome == less_known.outcome
        for ground, result in results(less_known).items():
            if result != "not_known":
                # A withdrawn ground is listed while it may be protected, and no longer once it is known not to be.
                assert results(better_known).get(ground, "not_met") == result


@pytest.mark.parametrize("version", VERSIONS)
@slowly
@given(asked=questions_with_gaps())
def test_the_facts_asked_for_settle_the_outcome_when_all_are_given(version: str, asked: Gaps) -> None:
    question, absent = asked
    partial = without(question.case, absent)
    decision = decide(question, version, partial)
    assume(decision.outcome == "need_information")
    assert decision.missing
    more = answered(partial, question.case, decision.missing)
    then = decide(question, version, more)
    if then.outcome == "need_information":
        # Whether a plan or an award names this school by a former number is a question only once it names another.
        assert then.missing == ["school.former_urns"]
        more = answered(more, question.case, then.missing)
    assert decide(question, version, more).outcome == decide(question, version).outcome


@pytest.mark.parametrize("version", VERSIONS)
@slowly
@given(asked=questions_with_gaps(), data=st.data())
def test_a_fact_that_is_not_asked_for_does_not_settle_the_outcome(
    version: str, asked: Gaps, data: st.DataObject
) -> None:
    question, absent = asked
    partial = without(question.case, absent)
    decision = decide(question, version, partial)
    assume(decision.outcome == "need_information")
    others = [
        place
        for place in absent
        if not any(is_within(place, listed) or is_within(listed, place) for listed in decision.missing)
        # A figure may settle another through what the two say together: none nearer, so it is the nearest.
        and not place.startswith("measured")
        # With its section absent too, a part of it would be an answer to the section.
        and not any(is_within(place, section) for section in absent if section != place)
    ]
    assume(others)
    more = answered(partial, question.case, [data.draw(st.sampled_from(others))])
    assert decide(question, version, more).outcome == "need_information"


@pytest.mark.parametrize("version", [*VERSIONS, None])
@slowly
@given(question=pupils())
def test_a_case_that_gives_every_fact_is_never_left_open(version: str | None, question: Question) -> None:
    decision = decide(question, version)
    assert decision.outcome != "need_information"
    assert "not_known" not in results(decision).values()
    assert set(decision.missing) <= {"calendar"}


def unrelated(service: Any) -> st.SearchStrategy[Any]:
    """What happens on the bus and at the school gate."""
    waiting = {"before_school": st.integers(0, 120), "after_school": st.integers(0, 120)}
    risk = {"done_on": st.none(), "assistant_needed": st.sampled_from([None, True, False])}
    return st.fixed_dictionaries(
        {
            "waiting_minutes": st.fixed_dictionaries(waiting),
            "risk_assessment": st.fixed_dictionaries(risk),
            "incidents": st.just(service["incidents"] * 2),
        }
    )


@pytest.mark.parametrize("version", VERSIONS)
@slowly
@given(asked=questions_with_gaps(), data=st.data())
def test_behaviour_waiting_and_assistants_never_change_eligibility(
    version: str, asked: Gaps, data: st.DataObject
) -> None:
    question, absent = asked
    partial = without(question.case, absent)
    other = {**partial, "service": data.draw(unrelated(question.case["service"]))}
    one, two = (
        decide(question, version, case).model_dump(exclude={"advice", "assumptions", "provenance"})
        for case in (partial, other)
    )
    assert one == two


@slowly
@given(asked=questions_with_gaps(), version=st.sampled_from([*VERSIONS, None]))
def test_the_same_case_gives_the_same_bytes(asked: Gaps, version: str | None) -> None:
    question, absent = asked
    partial = without(question.case, absent)
    again = Assessor().assess(copy.deepcopy(partial), policy=version, on=question.on, decided=question.decided)
    assert decide(question, version, partial).as_json() == again.as_json()
