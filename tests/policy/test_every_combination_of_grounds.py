"""Each ground with all its conditions met, then with each of them failing alone, to the millimetre and the day."""

from __future__ import annotations

from typing import Any

import pytest

from eligibility.policy_files import policies
from tests.case_builder import FIFTEEN_MILES, SIX_MILES, TWO_MILES, decided, ground
from tests.policy.combinations import DAY, Facts, all_hold

STATUTE = {"resident": True, "of_compulsory_school_age": True}
COUNCIL = {"resident": True, "of_school_age": True}
NEAREST = {"qualifying_school": True, "counts_as_nearest": True}
LOW_INCOME = {
    **STATUTE,
    "low_income": True,
    "qualifying_school": True,
    "on": DAY,
    "low_income_younger_from": 8,
    "low_income_older_from": 11,
    "low_income_walking_limit": TWO_MILES,
    "low_income_road_limit": SIX_MILES,
    "low_income_belief_road_limit": FIFTEEN_MILES,
}
ELEVEN_TODAY = DAY - 11_00_00
MET: dict[str, dict[str, Any]] = {
    "walking_distance": {**STATUTE, **NEAREST, "beyond_walking_distance": True},
    "special_needs": {
        **STATUTE,
        **NEAREST,
        "cannot_walk_because_of_needs": True,
        "beyond_walking_distance": False,
    },
    "unsafe_route": {**STATUTE, **NEAREST, "route_unsafe_now": True, "beyond_walking_distance": False},
    "low_income_8_to_10": {
        **LOW_INCOME,
        "counts_as_nearest": True,
        "walking_mm": TWO_MILES + 1,
        "date_of_birth": DAY - 8_00_00,
    },
    "low_income_11": {
        **LOW_INCOME,
        "walking_mm": TWO_MILES + 1,
        "road_mm": SIX_MILES,
        "date_of_birth": ELEVEN_TODAY,
        "fewer_than_three_nearer": True,
    },
    "low_income_belief": {
        **LOW_INCOME,
        "walking_mm": TWO_MILES + 1,
        "road_mm": FIFTEEN_MILES,
        "date_of_birth": ELEVEN_TODAY,
        "belief_is_reason": True,
        "nearest_school_of_belief": True,
    },
    "transport_area": {
        **COUNCIL,
        "qualifying_school": True,
        "counts_as_transport_area_school": True,
        "beyond_walking_distance": True,
    },
    "under_school_age": {
        **COUNCIL,
        **NEAREST,
        "of_compulsory_school_age": False,
        "beyond_walking_distance": True,
        "cannot_walk_because_of_needs": False,
        "route_unsafe_now": False,
    },
    "faith": {
        **COUNCIL,
        "qualifying_school": True,
        "belief_is_reason": True,
        "nearest_school_of_belief": True,
        "beyond_walking_distance": True,
        "faith_terms": "nearest_school_of_belief",
    },
    "temporary_medical": {
        **COUNCIL,
        "temporary_condition_now": True,
        "temporary_medical_schools": "nearest_or_transport_area",
        "counts_as_nearest": True,
        "counts_as_transport_area_school": False,
    },
    "exceptional": {**COUNCIL, "has_exceptional_circumstances": True},
    "boarding": {"resident": True, "boards": True},
}
NOT_NEEDED = {
    ("under_school_age", "cannot_walk_because_of_needs"),
    ("under_school_age", "route_unsafe_now"),
    ("temporary_medical", "counts_as_transport_area_school"),
}


def met(name: str, facts: Facts) -> bool | None:
    return all_hold(policies().rules.grounds[name].conditions)(facts)


def test_every_ground_that_has_conditions_of_its_own_is_looked_at() -> None:
    assert set(MET) == set(policies().rules.grounds) - {"other_home"}


@pytest.mark.parametrize("name", MET)
def test_a_ground_is_met_where_all_it_asks_is_so_and_not_where_any_of_it_is_not(name: str) -> None:
    assert met(name, MET[name]) is True
    for fact, value in MET[name].items():
        if isinstance(value, bool):
            assert met(name, MET[name] | {fact: not value}) is ((name, fact) in NOT_NEEDED), fact


@pytest.mark.parametrize("name", ["low_income_8_to_10", "low_income_11", "low_income_belief"])
def test_exactly_two_miles_is_not_more_than_two_miles(name: str) -> None:
    assert met(name, MET[name] | {"walking_mm": TWO_MILES}) is False


@pytest.mark.parametrize(("name", "limit"), [("low_income_11", SIX_MILES), ("low_income_belief", FIFTEEN_MILES)])
def test_a_millimetre_more_by_road_than_the_upper_limit_is_too_far(name: str, limit: int) -> None:
    assert met(name, MET[name] | {"road_mm": limit + 1}) is False


def test_paragraph_9_is_for_a_child_of_8_to_10_and_paragraphs_11_and_12_for_one_of_11_or_more() -> None:
    days = {"7": DAY - 7_99_99, "8": DAY - 8_00_00, "10": DAY - 10_99_99, "11": ELEVEN_TODAY, "15": DAY - 15_00_00}
    reached = {
        name: [age for age, born in days.items() if met(name, MET[name] | {"date_of_birth": born})]
        for name in ("low_income_8_to_10", "low_income_11", "low_income_belief")
    }
    assert reached == {
        "low_income_8_to_10": ["8", "10"],
        "low_income_11": ["11", "15"],
        "low_income_belief": ["11", "15"],
    }


@pytest.mark.parametrize("reason", ["beyond_walking_distance", "cannot_walk_because_of_needs", "route_unsafe_now"])
def test_a_child_outside_compulsory_age_meets_the_distance_needs_or_route_test(reason: str) -> None:
    none = dict.fromkeys(("beyond_walking_distance", "cannot_walk_because_of_needs", "route_unsafe_now"), False)
    assert met("under_school_age", MET["under_school_age"] | none) is False
    assert met("under_school_age", MET["under_school_age"] | none | {reason: True}) is True


@pytest.mark.parametrize("schools", ["any_school", "nearest_or_transport_area"])
@pytest.mark.parametrize("nearest", [True, False])
@pytest.mark.parametrize("area", [True, False])
def test_a_temporary_need_was_considered_to_any_school_and_is_to_the_nearest_or_transport_area_school(
    schools: str, nearest: bool, area: bool
) -> None:
    school = {"counts_as_nearest": nearest, "counts_as_transport_area_school": area}
    facts = MET["temporary_medical"] | {"temporary_medical_schools": schools} | school
    assert met("temporary_medical", facts) is (schools == "any_school" or nearest or area)


@pytest.mark.parametrize("terms", ["nearest_school_of_belief", "any_school_of_belief"])
@pytest.mark.parametrize("nearest", [True, False])
def test_travel_to_a_faith_school_is_to_the_nearest_of_that_belief_or_as_read_otherwise_to_any(
    terms: str, nearest: bool
) -> None:
    facts = MET["faith"] | {"faith_terms": terms, "nearest_school_of_belief": nearest}
    assert met("faith", facts) is (terms == "any_school_of_belief" or nearest)


@pytest.mark.parametrize(("resident", "outcome"), [(True, "refer"), (False, "not_entitled")])
def test_a_child_who_boards_goes_to_an_officer_if_it_lives_in_the_area(resident: bool, outcome: str) -> None:
    decision = decided(policy="england", **{"school.boarding": True, "resident": resident})
    assert decision.outcome == outcome
    assert ground(decision, "boarding").result == ("met" if resident else "not_met")
