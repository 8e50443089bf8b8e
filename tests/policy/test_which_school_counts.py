"""Section 1: the nearest school with a place, the school a plan names, independent schools, boarding."""

from __future__ import annotations

from typing import Any

import pytest

from tests.case_builder import ABSENT, ELSEWHERE, FURTHER_SCHOOL, HERE, THIRD, THREE_MILES, decided, met

every_version = pytest.mark.parametrize("policy", ["england", "somerset-2016", "somerset-2018"])
CANNOT_WALK: dict[str, Any] = {"needs.can_walk": False, "needs.special_needs": True}
UNSAFE: dict[str, Any] = {"route.unsafe": True, "route.assessed_on": "2018-06-01"}


# -- which school counts


@every_version
@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"named_urns": [HERE], "is_parental_preference": False}, "entitled"),
        ({"named_urns": [HERE, ELSEWHERE], "is_parental_preference": False}, "entitled"),
        ({"named_urns": [HERE], "is_parental_preference": True}, "not_entitled"),
        ({"named_urns": [ELSEWHERE], "is_parental_preference": False}, "not_entitled"),
        (None, "not_entitled"),
    ],
)
def test_the_school_a_plan_names_counts_as_the_nearest_unless_it_is_the_parents_preference_over_a_nearer_one(
    policy: str, plan: dict[str, Any] | None, expected: str
) -> None:
    changes = {"needs.ehc_plan": plan, "measured.walking_mm": THREE_MILES + 1}
    assert decided(policy=policy, **FURTHER_SCHOOL, **changes).outcome == expected


def test_a_plan_that_names_a_former_number_of_the_school_names_the_school() -> None:
    plan = {"named_urns": [THIRD], "is_parental_preference": False}
    changes = {"needs.ehc_plan": plan, "school.former_urns": [THIRD], "measured.walking_mm": THREE_MILES + 1}
    assert decided(**FURTHER_SCHOOL, **changes).outcome == "entitled"


@pytest.mark.parametrize(
    ("named", "nearest_of_named", "expected"),
    [
        ([HERE], False, "entitled"),
        ([HERE, ELSEWHERE], True, "entitled"),
        ([HERE, ELSEWHERE], False, "not_entitled"),
        ([ELSEWHERE], False, "not_entitled"),
        (None, False, "not_entitled"),
    ],
)
def test_an_independent_school_qualifies_only_as_the_one_school_named_or_the_nearest_of_those_named(
    named: list[int] | None, nearest_of_named: bool, expected: str
) -> None:
    plan = {"named_urns": named, "is_parental_preference": False} if named else None
    changes = {
        "school.independent": True,
        "needs.ehc_plan": plan,
        "measured.nearest_of_named_schools": nearest_of_named,
        "measured.walking_mm": THREE_MILES + 1,
    }
    assert decided(**changes).outcome == expected


@pytest.mark.parametrize("claim", [{"measured.walking_mm": THREE_MILES + 1}, CANNOT_WALK, UNSAFE])
def test_a_place_arranged_otherwise_than_at_school_has_the_same_tests(claim: dict[str, Any]) -> None:
    at_school = decided(**claim)
    elsewhere = decided(**claim, **{"school.arranged_otherwise": True})
    assert met(elsewhere) == met(at_school) != set()
    assert elsewhere.outcome == "entitled"


@every_version
def test_boarding_is_referred_to_an_officer(policy: str) -> None:
    changes = {"school.boarding": True, "measured.walking_mm": THREE_MILES + 1}
    assert decided(policy=policy, **changes).outcome == "refer"


# -- places


@every_version
def test_whether_a_nearer_school_had_a_place_is_asked_and_never_guessed(policy: str) -> None:
    unknown = {"measured.nearest_school": ABSENT, "measured.nearer_suitable_schools": ABSENT}
    changes = {"measured.walking_mm": THREE_MILES + 1, "measured.nearest_ignoring_places": False, **unknown}
    decision = decided(policy=policy, **changes)
    assert decision.outcome == "need_information"
    assert decision.missing == ["measured.nearest_school"]


def test_the_order_of_preferences_is_not_the_test() -> None:
    far = {"measured.walking_mm": THREE_MILES + 1}
    first = decided(**far, **{"admission.preferences": [HERE, ELSEWHERE]})
    last = decided(**far, **{"admission.preferences": [ELSEWHERE, THIRD, HERE]})
    unnamed = decided(**far, **{"admission.preferences": [ELSEWHERE]})
    assert {d.outcome for d in (first, last, unnamed)} == {"entitled"}


def test_a_distance_within_the_limit_is_not_asked_about_places() -> None:
    decision = decided(**{"measured.nearest_school": ABSENT, "measured.nearest_ignoring_places": ABSENT})
    assert (decision.outcome, decision.missing) == ("not_entitled", [])
