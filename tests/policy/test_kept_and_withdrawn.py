"""Section 3, as a decision shows it: the withdrawn elements among its grounds, those not kept, and why not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from eligibility.decision import Decision
from tests.case_builder import ABSENT, THREE_MILES, award, decided, result
from tests.policy.test_legitimate_expectation import PUPIL
from tests.policy.test_parents_apart import FROM_THERE, OTHER_HOME

ILL: dict[str, Any] = PUPIL | {
    "award": award("temporary_medical", granted_on="2018-06-01"),
    "medical": {"from": "2018-06-01", "until": "2018-11-12"},
    "belief.is_reason_for_school": False,
    "measured.walking_mm": THREE_MILES,
}
"""Helped for a temporary condition to a school that is neither the nearest nor the transport area's."""
NO_AWARD_KNOWN: dict[str, Any] = {"award": ABSENT}
WITHIN: dict[str, Any] = {"measured.walking_mm": THREE_MILES}
BELIEF_NOT_KNOWN: dict[str, Any] = {"measured.nearest_school_of_belief": ABSENT}
KEPT = "Kept as under the older policy (Education Travel in Somerset, until August 2018). "


def on_the_day(**changes: Any) -> Decision:
    return decided(day="2018-10-01", **changes)


def reason(decision: Decision, ground: str) -> str:
    (entry,) = [entry for entry in decision.grounds if entry.id == ground]
    return entry.reason


@pytest.mark.parametrize(
    ("changes", "shown", "says"),
    [
        ({}, "met", KEPT),
        (WITHIN, "not_met", "Not met: "),
        (BELIEF_NOT_KNOWN, "not_known", "Not known until 1 fact is given: measured.nearest_school_of_belief."),
        (NO_AWARD_KNOWN, "not_known", "Withdrawn; not known whether it is protected until given: award."),
        (
            NO_AWARD_KNOWN | BELIEF_NOT_KNOWN,
            "not_known",
            "Withdrawn; not known whether it is protected until given: award, measured.nearest_school_of_belief.",
        ),
        (NO_AWARD_KNOWN | WITHIN, "not_met", "Not met: "),
        ({"award": None}, "not listed", None),
    ],
)
def test_a_withdrawn_ground_is_among_the_grounds_where_it_is_or_may_be_kept(
    changes: dict[str, Any], shown: str, says: str | None
) -> None:
    decision = on_the_day(**PUPIL | changes)
    assert result(decision, "faith") == shown
    assert says is None or reason(decision, "faith").startswith(says)


@pytest.mark.parametrize(
    ("changes", "shown", "says"),
    [
        ({}, "met", KEPT),
        ({"measured.nearest_school": True, "measured.nearer_suitable_schools": 0}, "met", "A temporary medical need"),
        ({"measured.transport_area_school": ABSENT}, "met", KEPT),
        ({"medical": {"from": "2018-06-01", "until": "2018-09-12"}}, "not_met", "Not met: no temporary medical"),
        ({"medical": {"from": "2018-06-01"}}, "not_known", "Not known until 1 fact is given: medical.until."),
        (NO_AWARD_KNOWN, "not_known", "Withdrawn; not known whether it is protected until given: award."),
        (NO_AWARD_KNOWN | {"measured.transport_area_school": ABSENT}, "not_known", "Not known until 1 fact is given"),
        ({"award": None}, "not_met", "Not met: "),
    ],
)
def test_a_ground_that_was_only_narrowed_is_shown_as_kept_where_the_narrower_one_may_not_carry_it(
    changes: dict[str, Any], shown: str, says: str
) -> None:
    decision = on_the_day(**ILL | changes)
    assert result(decision, "temporary_medical") == shown
    assert reason(decision, "temporary_medical").startswith(says)


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({}, "2018-11-12"),
        ({"award": award("temporary_medical", granted_on="2018-06-01", ends_on="2018-11-01")}, "2018-11-01"),
        ({"award": award("temporary_medical", granted_on="2018-06-01", ends_on="2018-12-01")}, "2018-11-12"),
    ],
)
def test_a_protected_need_is_kept_until_the_award_or_the_condition_ends_whichever_is_first(
    changes: dict[str, Any], until: str
) -> None:
    kept = on_the_day(**ILL | changes).protected
    assert kept is not None
    assert kept.until == dt.date.fromisoformat(until)


@pytest.mark.parametrize(
    ("changes", "withdrawn"),
    [
        ({}, []),
        (WITHIN, []),
        (NO_AWARD_KNOWN, [("faith", {"5.1": "not known", "1.1": "kept"})]),
        ({"award": None}, [("faith", {"5.1": "no award is held", "1.1": "kept"})]),
        (
            {"school.started_on": "2018-09-03"},
            [("faith", dict.fromkeys(("5.1", "1.1"), "the child starts at this school after the change"))],
        ),
        (
            OTHER_HOME | FROM_THERE["walking distance"] | {"award": award("other_home")},
            [("faith", {"5.1": "no award of this element is held", "1.1": "kept"})],
        ),
    ],
)
def test_what_was_withdrawn_and_is_not_kept_says_why_under_each_reading(
    changes: dict[str, Any], withdrawn: list[tuple[str, dict[str, str]]]
) -> None:
    decision = on_the_day(**PUPIL | changes)
    assert [entry.ground for entry in decision.withdrawn] == [ground for ground, _ in withdrawn]
    for entry, (_, because) in zip(decision.withdrawn, withdrawn, strict=True):
        assert (entry.by, set(entry.because)) == ("somerset-2018", set(because))
        assert all(entry.because[reading].startswith(why) for reading, why in because.items())
        assert entry.source


def test_another_reading_is_tried_on_what_the_older_version_worded_too() -> None:
    further = {"measured.nearest_school_of_belief": False}
    (entry,) = [entry for entry in on_the_day(**PUPIL | further).readings if entry.name == "faith_terms"]
    assert (entry.other, entry.outcome) == ("any_school_of_belief", "entitled")
