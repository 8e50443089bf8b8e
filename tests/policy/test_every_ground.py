"""What every ground asks: where the child lives, its age, a qualifying day school."""

from __future__ import annotations

from typing import Any

import pytest

from tests.case_builder import (
    FAITH,
    FURTHER_SCHOOL,
    HERE,
    LOW_INCOME,
    SIX_MILES,
    THREE_MILES,
    TWO_MILES,
    decided,
    result,
)
from tests.policy.test_parents_apart import FROM_THERE, OTHER_HOME

FAR: dict[str, Any] = {"measured.walking_mm": THREE_MILES + 1}
BETWEEN: dict[str, Any] = {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": SIX_MILES}
MET: dict[str, dict[str, Any]] = {
    "walking_distance": FAR,
    "special_needs": {"needs.can_walk": False, "needs.mobility_problem": True},
    "unsafe_route": {"route.unsafe": True},
    "low_income_8_to_10": {**LOW_INCOME, **BETWEEN, "date_of_birth": "2008-05-14"},
    "low_income_11": {**LOW_INCOME, **FURTHER_SCHOOL, **BETWEEN},
    "low_income_belief": {**FAITH, **LOW_INCOME, "measured.nearer_suitable_schools": 5},
    "transport_area": {**FURTHER_SCHOOL, **FAR, "measured.transport_area_school": True},
    "under_school_age": {**FAR, "date_of_birth": "2014-05-14"},
    "faith": FAITH,
    "other_home": OTHER_HOME | FROM_THERE["walking distance"],
    "temporary_medical": {"medical": {"from": "2017-01-01", "until": "2019-12-31"}},
    "exceptional": {"exceptional": "bullying"},
}
"""For each ground, what meets it until August 2018."""
CONSIDERED = {"temporary_medical", "exceptional"}
every_ground = pytest.mark.parametrize("name", MET)


def found(name: str, day: Any = "2018-06-04", **changes: Any) -> str:
    """The result of one ground on a day of the old policy; the reception child is looked at in its first term."""
    on = "2018-11-06" if name == "under_school_age" and day == "2018-06-04" else day
    return result(decided(policy="somerset-2016", day=on, **MET[name] | changes), name)


@every_ground
def test_each_ground_is_met_by_a_child_who_lives_in_the_authority_and_only_by_one(name: str) -> None:
    assert found(name) == "met"
    assert found(name, resident=False) == "not_met"


@every_ground
def test_each_ground_of_travel_to_a_school_is_for_a_qualifying_day_school(name: str) -> None:
    """Boarding, and an independent school that no plan names, leave only what an officer may consider."""
    expected = "met" if name in CONSIDERED else "not_met"
    assert found(name, **{"school.boarding": True}) == expected
    assert found(name, **{"school.independent": True}) == expected


@every_ground
def test_each_ground_of_travel_is_open_to_an_independent_school_that_alone_is_named_in_the_plan(name: str) -> None:
    plan = {"named_urns": [HERE], "is_parental_preference": False}
    assert found(name, **{"school.independent": True, "needs.ehc_plan": plan}) == "met"


STATUTORY = ["walking_distance", "special_needs", "unsafe_route", "low_income_11", "low_income_belief"]


@pytest.mark.parametrize("name", STATUTORY)
def test_statutory_grounds_end_with_compulsory_school_age(name: str) -> None:
    """Born in May 2002, 16 in the school year 2017/18: until the last Friday in June."""
    born = {"date_of_birth": "2002-05-14"}
    results = [found(name, day, **born) for day in ("2018-06-28", "2018-06-29", "2018-06-30")]
    assert results == ["met", "met", "not_met"]


@pytest.mark.parametrize("name", ["transport_area", "faith", "temporary_medical", "exceptional"])
def test_the_councils_own_grounds_run_from_the_september_after_4_to_the_end_of_year_11(name: str) -> None:
    oldest = {"date_of_birth": "2002-05-14"}
    results = [found(name, day, **oldest) for day in ("2018-07-23", "2018-07-24", "2018-07-25")]
    assert results == ["met", "met", "not_met"]
    youngest = {"date_of_birth": "2013-05-14"}
    results = [found(name, day, **youngest) for day in ("2017-08-31", "2017-09-01", "2017-09-02")]
    assert results == ["not_met", "met", "met"]
