"""Section 2, parents living apart: both homes until August 2018, the registered one since."""

from __future__ import annotations

from typing import Any

import pytest

from tests.case_builder import ABSENT, LOW_INCOME, SIX_MILES, THREE_MILES, TWO_MILES, decided, ground, met

OTHER_HOME: dict[str, Any] = {
    "other_home": {
        "postcode": "BA3 0AA",
        "moved_on": None,
        "can_walk": True,
        "route": {"unsafe": False, "assessed_on": None, "safe_from": None},
    },
    "measured_other_home": {
        "walking_mm": 1_000_000,
        "road_mm": 1_000_000,
        "nearest_school": True,
        "nearest_ignoring_places": True,
        "transport_area_school": False,
        "nearer_suitable_schools": 0,
        "nearest_school_of_belief": False,
    },
}
"""A second home, half a mile from the school, from which nothing would be met either."""
FROM_THERE: dict[str, dict[str, Any]] = {
    "walking distance": {"measured_other_home.walking_mm": THREE_MILES + 1},
    "needs": {"other_home.can_walk": False, "needs.disability": True},
    "unsafe route": {"other_home.route.unsafe": True},
    "low income": LOW_INCOME
    | {"measured_other_home.walking_mm": TWO_MILES + 1, "measured_other_home.road_mm": SIX_MILES},
    "transport area": {
        "measured_other_home.walking_mm": THREE_MILES + 1,
        "measured_other_home.transport_area_school": True,
        "measured_other_home.nearest_school": False,
        "measured_other_home.nearest_ignoring_places": False,
        "measured_other_home.nearer_suitable_schools": 4,
    },
    "faith": {
        "belief.religion": "roman_catholic",
        "belief.is_reason_for_school": True,
        "measured_other_home.walking_mm": THREE_MILES + 1,
        "measured_other_home.nearest_school_of_belief": True,
        "measured_other_home.nearest_school": False,
        "measured_other_home.nearest_ignoring_places": False,
        "measured_other_home.nearer_suitable_schools": 4,
    },
}


@pytest.mark.parametrize("changes", FROM_THERE.values(), ids=FROM_THERE)
def test_until_august_2018_every_ground_is_tried_from_each_home_and_the_decision_says_which_carried_it(
    changes: dict[str, Any],
) -> None:
    decision = decided(day="2018-08-31", **OTHER_HOME | changes)
    assert (decision.outcome, met(decision)) == ("entitled", {"other_home"})
    assert ground(decision, "other_home").home == "other_home"
    assert all(g.home == "home" for g in decision.grounds if g.id != "other_home")


@pytest.mark.parametrize(
    ("claim", "words"),
    [("walking distance", "beyond walking distance"), ("unsafe route", "unsafe walking route"), ("faith", "belief")],
)
def test_the_reason_from_the_other_home_names_the_ground(claim: str, words: str) -> None:
    decision = decided(day="2018-08-31", **OTHER_HOME | FROM_THERE[claim])
    assert words in ground(decision, "other_home").reason.lower()


def test_where_several_grounds_carry_the_other_home_the_figures_are_those_of_the_first() -> None:
    both = OTHER_HOME | FROM_THERE["low income"] | FROM_THERE["walking distance"]
    carried = ground(decided(day="2018-08-31", **both), "other_home")
    assert "beyond walking distance and low income" in carried.reason
    assert (carried.limit, carried.margin_mm) == ({"walking_mm": THREE_MILES}, 1)


@pytest.mark.parametrize("changes", FROM_THERE.values(), ids=FROM_THERE)
def test_from_september_2018_only_the_registered_home_counts(changes: dict[str, Any]) -> None:
    decision = decided(**OTHER_HOME | changes)
    assert (decision.outcome, met(decision)) == ("not_entitled", set())


@pytest.mark.parametrize("policy", ["somerset-2016", "somerset-2018"])
def test_the_registered_home_counts_under_both(policy: str) -> None:
    decision = decided(policy=policy, **OTHER_HOME, **{"measured.walking_mm": THREE_MILES + 1})
    assert (decision.outcome, met(decision)) == ("entitled", {"walking_distance"})


def test_what_is_not_known_of_the_other_home_matters_only_where_that_home_counts() -> None:
    unknown = OTHER_HOME | {"measured_other_home.walking_mm": ABSENT}
    old = decided(day="2018-08-31", **unknown)
    assert (old.outcome, old.missing) == ("need_information", ["measured_other_home.walking_mm"])
    assert decided(**unknown).outcome == "not_entitled"
