"""Waiting on the premises, passenger assistants, behaviour: advice about the service, never part of eligibility."""

from __future__ import annotations

from typing import Any

import pytest

from tests.case_builder import ABSENT, THREE_MILES, decided

OLD, NEW = "somerset-2016", "somerset-2018"


def says(about: str, policy: str, **changes: Any) -> list[str]:
    """The advice given about one matter."""
    return [item.says for item in decided(policy=policy, **changes).advice if item.about == about]


# -- waiting


def waiting(before: int, after: int, phase: str) -> dict[str, Any]:
    return {
        "service.waiting_minutes": {"before_school": before, "after_school": after},
        "school.phase": phase,
    }


PRIMARY_AND_MIDDLE = ["first", "infant", "junior", "primary", "middle"]


@pytest.mark.parametrize("policy", [OLD, NEW])
@pytest.mark.parametrize("phase", [*PRIMARY_AND_MIDDLE, "secondary", "upper"])
@pytest.mark.parametrize(("before", "after"), [(15, 15), (0, 15), (15, 0)])
def test_a_wait_of_15_minutes_is_within_the_guideline(policy: str, phase: str, before: int, after: int) -> None:
    (said,) = says("waiting", policy, **waiting(before, after, phase))
    assert "within the guideline of 15 minutes" in said


@pytest.mark.parametrize(("before", "after"), [(16, 0), (0, 16), (16, 16)])
@pytest.mark.parametrize("phase", [*PRIMARY_AND_MIDDLE, "secondary", "upper"])
def test_a_wait_of_16_minutes_is_over_it_for_all_pupils_until_2018_then_for_primary_and_middle_alone(
    phase: str, before: int, after: int
) -> None:
    (old,) = says("waiting", OLD, **waiting(before, after, phase))
    (new,) = says("waiting", NEW, **waiting(before, after, phase))
    assert "longer than the guideline of 15 minutes" in old
    covered = phase in PRIMARY_AND_MIDDLE
    assert ("longer than the guideline" in new) is covered
    assert ("covers primary and middle school pupils only" in new) is not covered


@pytest.mark.parametrize(("birth", "covered"), [("2008-05-14", True), ("2007-05-14", False)])
def test_where_the_kind_of_school_is_not_known_it_is_taken_from_the_year_group(birth: str, covered: bool) -> None:
    changes = waiting(20, 0, "primary") | {"school.phase": ABSENT, "date_of_birth": birth}
    (said,) = says("waiting", NEW, **changes)
    assert ("longer than the guideline" in said) is covered


# -- passenger assistants


@pytest.mark.parametrize("policy", [OLD, NEW])
@pytest.mark.parametrize(
    ("assessment", "words"),
    [
        ({"done_on": None, "assistant_needed": True}, "until a risk assessment is recorded"),
        ({"done_on": "2018-07-02", "assistant_needed": True}, "may be allocated"),
        ({"done_on": "2018-07-02", "assistant_needed": False}, "no need for a passenger assistant"),
    ],
)
def test_no_passenger_assistant_is_allocated_without_a_recorded_risk_assessment(
    policy: str, assessment: dict[str, Any], words: str
) -> None:
    (said,) = says("passenger_assistant", policy, **{"service.risk_assessment": assessment})
    assert words in said


# -- behaviour


SERIOUS, MINOR = "serious", "minor"


def incidents(*kinds: str) -> dict[str, Any]:
    return {
        "service.incidents": [
            {"on": f"2018-10-{day:02}", "serious": kind == SERIOUS} for day, kind in enumerate(kinds, 1)
        ]
    }


def test_without_incidents_nothing_is_said_of_behaviour() -> None:
    for policy in (OLD, NEW):
        assert says("behaviour", policy) == []


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([MINOR], "written warning"),
        ([MINOR] * 2, "suspension for 5 school days"),
        ([MINOR] * 3, "suspension for 10 school days"),
        ([MINOR] * 4, "withdrawal"),
        ([MINOR] * 6, "withdrawal"),
        ([SERIOUS], "straight to suspension"),
    ],
)
def test_behaviour_has_stated_thresholds_from_september_2018_and_is_case_by_case_before(
    kinds: list[str], words: str
) -> None:
    (new,) = says("behaviour", NEW, **incidents(*kinds))
    (old,) = says("behaviour", OLD, **incidents(*kinds))
    assert words in new
    assert "case by case" in old
    for said in (old, new):
        assert "never changes eligibility" in said
        assert "special needs are weighed first" in said
        assert "parent is consulted" in said
        assert "right of review" in said


# -- never eligibility


@pytest.mark.parametrize("policy", [OLD, NEW])
@pytest.mark.parametrize("walking_mm", [THREE_MILES, THREE_MILES + 1])
@pytest.mark.parametrize(
    "service",
    [
        incidents(*[SERIOUS] * 5),
        {"service.waiting_minutes": {"before_school": 90, "after_school": 90}},
        {"service.risk_assessment": {"done_on": None, "assistant_needed": True}},
        {"service": ABSENT},
    ],
)
def test_the_service_never_changes_eligibility(policy: str, walking_mm: int, service: dict[str, Any]) -> None:
    plain = decided(policy=policy, **{"measured.walking_mm": walking_mm})
    other = decided(policy=policy, **{"measured.walking_mm": walking_mm}, **service)
    assert (plain.outcome, plain.starts_on, plain.ends_on, plain.grounds, plain.missing) == (
        other.outcome,
        other.starts_on,
        other.ends_on,
        other.grounds,
        other.missing,
    )


def test_statute_alone_gives_no_advice() -> None:
    assert decided(policy="england", **incidents(SERIOUS)).advice == []
    assessed = {"service.risk_assessment": {"done_on": "2018-07-02", "assistant_needed": True}}
    assert decided(policy="england", **assessed).advice == []


def test_a_protected_pupil_has_the_new_guideline_and_ladder_like_everyone() -> None:
    """Waiting time and behaviour are not protected: they apply to all from their date."""
    pupil = {"school.started_on": "2016-09-05", "date_of_birth": "2005-05-14"}
    (said,) = says("waiting", NEW, **pupil, **waiting(20, 0, "secondary"))
    assert "covers primary and middle school pupils only" in said
    (warned,) = says("behaviour", NEW, **pupil, **incidents(MINOR))
    assert "written warning" in warned
