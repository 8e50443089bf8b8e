"""Advice on waiting, behaviour and assistants in every combination, so that each case is spoken of once."""

from __future__ import annotations

import pytest

from eligibility.policy_files import policies
from tests.policy.combinations import YES_NO, Facts, answer, every


def advised(about: str, facts: Facts) -> list[str]:
    return [item.says for item in policies().rules.advice if item.about == about and answer(item.when, facts)]


@pytest.mark.parametrize("incidents", range(7))
@pytest.mark.parametrize("serious", YES_NO)
def test_each_number_of_incidents_has_one_step_of_the_ladder_and_none_has_none(incidents: int, serious: bool) -> None:
    facts = {"incidents": incidents, "serious_incident": serious and incidents > 0}
    stated = advised("behaviour", facts | {"behaviour_thresholds": "stated"})
    before = advised("behaviour", facts | {"behaviour_thresholds": "case_by_case"})
    ladder = ["", "written warning", "{behaviour_first_suspension} school days", "{behaviour_second_suspension}"]
    if incidents == 0:
        assert stated == before == []
        return
    (said,), (old,) = stated, before
    assert "case by case" in old
    straight = serious and incidents < 4
    assert ("straight to suspension" in said) is straight
    assert straight or (ladder[incidents] if incidents < 4 else "withdrawal of travel") in said


@pytest.mark.parametrize("needed", YES_NO)
@pytest.mark.parametrize("assessed", YES_NO)
def test_an_assistant_is_spoken_of_where_one_is_asked_for_or_the_risk_was_assessed(
    needed: bool, assessed: bool
) -> None:
    said = advised("passenger_assistant", {"assistant_needed": needed, "risk_assessed": assessed})
    words = {(True, True): ["may be allocated"], (True, False): ["No passenger"], (False, True): ["no need"]}
    assert len(said) == len(words.get((needed, assessed), []))
    assert all(word in said[0] for word in words.get((needed, assessed), []))


def test_a_wait_over_the_guideline_is_told_to_those_it_covers_and_every_wait_is_spoken_of_once() -> None:
    for facts in every(
        waiting_before_school=(14, 15, 16),
        waiting_after_school=(14, 15, 16),
        waiting_guideline=(15,),
        waiting_guideline_covers=("all_pupils", "primary_and_middle"),
        primary_or_middle_pupil=YES_NO,
    ):
        (said,) = advised("waiting", facts)
        over = max(facts["waiting_before_school"], facts["waiting_after_school"]) > 15
        covered = facts["waiting_guideline_covers"] == "all_pupils" or facts["primary_or_middle_pupil"]
        assert ("within the guideline" in said) is not over
        assert ("ask the transport team" in said) is (over and covered)
