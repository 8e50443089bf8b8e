"""Section 1, low income: paragraphs 9, 11 and 12, by distance, by how many schools are nearer, by belief."""

from __future__ import annotations

from typing import Any

import pytest

from tests.case_builder import (
    FAITH,
    FIFTEEN_MILES,
    FURTHER_SCHOOL,
    LOW_INCOME,
    SIX_MILES,
    THREE_MILES,
    TWO_MILES,
    decided,
    met,
    result,
)

every_version = pytest.mark.parametrize("policy", ["england", "somerset-2016", "somerset-2018"])
AGED_9: dict[str, Any] = {"date_of_birth": "2009-05-14"}


@every_version
@pytest.mark.parametrize(
    ("walking_mm", "expected"), [(TWO_MILES - 1, "not_met"), (TWO_MILES, "not_met"), (TWO_MILES + 1, "met")]
)
def test_from_8_to_10_on_low_income_the_nearest_school_must_be_more_than_2_miles(
    policy: str, walking_mm: int, expected: str
) -> None:
    decision = decided(policy=policy, **LOW_INCOME, **AGED_9, **{"measured.walking_mm": walking_mm})
    assert result(decision, "low_income_8_to_10") == expected
    assert (decision.outcome == "entitled") is (expected == "met")


def test_from_8_to_10_low_income_reaches_the_nearest_school_only() -> None:
    far = {"measured.walking_mm": TWO_MILES + 1}
    assert result(decided(**LOW_INCOME, **AGED_9, **FURTHER_SCHOOL, **far), "low_income_8_to_10") == "not_met"


@every_version
@pytest.mark.parametrize(
    ("walking_mm", "road_mm", "nearer", "expected"),
    [
        (TWO_MILES, TWO_MILES + 1, 2, "not_met"),
        (TWO_MILES + 1, TWO_MILES + 1, 2, "met"),
        (TWO_MILES + 1, SIX_MILES - 1, 2, "met"),
        (TWO_MILES + 1, SIX_MILES, 2, "met"),
        (TWO_MILES + 1, SIX_MILES + 1, 2, "not_met"),
        (SIX_MILES + 1, SIX_MILES, 2, "met"),  # two networks, two distances: the upper limit is by road
        (TWO_MILES + 1, SIX_MILES, 3, "not_met"),
        (TWO_MILES + 1, SIX_MILES, 1, "met"),
    ],
)
def test_from_11_on_low_income_one_of_the_three_nearest_schools_counts_from_2_miles_on_foot_to_6_by_road(
    policy: str, walking_mm: int, road_mm: int, nearer: int, expected: str
) -> None:
    decision = decided(
        policy=policy,
        **LOW_INCOME,
        **FURTHER_SCHOOL
        | {
            "measured.walking_mm": walking_mm,
            "measured.road_mm": road_mm,
            "measured.nearer_suitable_schools": nearer,
        },
    )
    assert result(decision, "low_income_11") == expected
    assert (decision.outcome == "entitled") is (expected == "met")


BELIEF = {key: value for key, value in FAITH.items() if not key.endswith("_mm")} | {
    "measured.nearer_suitable_schools": 3
}


@every_version
@pytest.mark.parametrize(
    ("walking_mm", "road_mm", "more", "expected"),
    [
        (TWO_MILES, TWO_MILES, {}, "not_met"),
        (TWO_MILES + 1, TWO_MILES + 1, {}, "met"),
        (THREE_MILES - 1, FIFTEEN_MILES, {}, "met"),
        (THREE_MILES - 1, FIFTEEN_MILES + 1, {}, "not_met"),
        (FIFTEEN_MILES + 1, FIFTEEN_MILES, {}, "met"),
        (TWO_MILES + 1, SIX_MILES, {"measured.nearest_school_of_belief": False}, "not_met"),
        (TWO_MILES + 1, SIX_MILES, {"belief.is_reason_for_school": False}, "not_met"),
    ],
)
def test_from_11_on_low_income_the_nearest_school_of_the_parents_belief_counts_from_2_miles_to_15(
    policy: str, walking_mm: int, road_mm: int, more: dict[str, Any], expected: str
) -> None:
    lengths = {"measured.walking_mm": walking_mm, "measured.road_mm": road_mm}
    decision = decided(policy=policy, **LOW_INCOME, **BELIEF | lengths | more)
    assert result(decision, "low_income_belief") == expected


def test_a_religion_or_belief_gives_no_right_to_travel_without_low_income() -> None:
    decision = decided(policy="england", **FAITH)
    assert (decision.outcome, met(decision)) == ("not_entitled", set())
