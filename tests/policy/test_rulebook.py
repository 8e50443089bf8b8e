"""What each rule is and leads to, and what each version holds, as the policy lists them."""

from __future__ import annotations

import pytest

from eligibility.policy_files import policies
from eligibility.rulebook import Condition
from tests.policy.combinations import answer

STATUTORY = [
    "walking_distance",
    "special_needs",
    "unsafe_route",
    "low_income_8_to_10",
    "low_income_11",
    "low_income_belief",
    "boarding",
]
BOTH = ["transport_area", "under_school_age", "temporary_medical", "exceptional"]
WITHDRAWN = ["faith", "other_home"]
CONSIDERED = {"temporary_medical", "exceptional", "boarding"}


def test_each_version_holds_the_grounds_the_policy_gives_it() -> None:
    held = {name: set(version.grounds) for name, version in policies().versions.items()}
    assert held == {
        "england": set(STATUTORY),
        "somerset-2016": {*STATUTORY, *BOTH, *WITHDRAWN},
        "somerset-2018": {*STATUTORY, *BOTH},
    }


def test_only_the_newer_version_has_a_notice_and_a_transition_and_only_the_councils_give_advice() -> None:
    held = policies().versions
    assert {name: list(version.notices) for name, version in held.items()} == {
        "england": [],
        "somerset-2016": [],
        "somerset-2018": ["late_application"],
    }
    assert [name for name, version in held.items() if version.transition] == ["somerset-2018"]
    advice = ("waiting", "passenger_assistant", "behaviour")
    assert [held[name].advice for name in ("england", "somerset-2016", "somerset-2018")] == [(), advice, advice]


def test_a_councils_versions_go_by_its_own_school_terms_and_statute_alone_by_none() -> None:
    assert {name: (version.layer, version.calendar) for name, version in policies().versions.items()} == {
        "england": ("statute", ""),
        "somerset-2016": ("council", "somerset"),
        "somerset-2018": ("council", "somerset"),
    }


def test_what_was_withdrawn_or_narrowed_is_what_is_protected() -> None:
    transition = policies().versions["somerset-2018"].transition
    assert transition
    assert set(transition.protects) == {"other_home", "faith", "temporary_medical"}
    assert {name: reading.ends_when for name, reading in transition.readings.items()} == {
        "5.1": ("changes school", "changes address"),
        "1.1": ("changes school",),
    }


def test_the_changes_are_those_of_the_paper() -> None:
    assert [(change.kind, change.about) for change in policies().versions["somerset-2018"].changes] == [
        ("withdraw", "other_home"),
        ("withdraw", "faith"),
        ("parameter", "temporary_medical_schools"),
        ("parameter", "waiting_guideline_covers"),
        ("add_notice", "late_application"),
        ("parameter", "behaviour_thresholds"),
        ("clarification", "passenger_assistant"),
        ("clarification", "low_income"),
    ]


def test_each_ground_is_statutory_local_or_discretionary_and_grants_or_is_considered() -> None:
    kinds = dict.fromkeys(STATUTORY, "statutory") | {"transport_area": "local", "under_school_age": "local"}
    kinds |= dict.fromkeys(("faith", "other_home", "temporary_medical", "exceptional"), "discretionary")
    grounds = policies().rules.grounds
    assert {name: ground.kind for name, ground in grounds.items()} == kinds
    assert {name for name, ground in grounds.items() if ground.outcome == "refer"} == CONSIDERED


def test_every_ground_that_grants_travel_is_tried_from_the_other_home_and_that_one_alone_lies_there() -> None:
    grounds = policies().rules.grounds
    tried = {name for name, ground in grounds.items() if "tried_from_each_home" in ground.tags}
    assert tried == set(grounds) - CONSIDERED - {"other_home"}
    assert {name for name, ground in grounds.items() if ground.home == "other_home"} == {"other_home"}


def test_only_boarding_is_kept_from_those_it_says_nothing_to_and_only_a_condition_has_an_end_of_its_own() -> None:
    grounds = policies().rules.grounds
    assert {name for name, ground in grounds.items() if ground.listed_when is not None} == {"boarding"}
    shown = grounds["boarding"].listed_when
    assert shown is not None
    assert [answer(shown, {"boards": boards}) for boards in (True, False)] == [True, False]
    lasting = {name: (ground.lasts_until, ground.ends_when) for name, ground in grounds.items() if ground.lasts_until}
    assert lasting == {"temporary_medical": ("medical_until", "the condition ends")}


def guards(conditions: tuple[Condition, ...]) -> list[int]:
    return [number for number, condition in enumerate(conditions, start=1) if condition.only_for_the_result]


def test_a_guard_is_left_to_the_result_alone_only_where_another_ground_carries_the_child() -> None:
    """Beyond walking distance the distance ground does, and of compulsory school age the statutory ones."""
    grounds = policies().rules.grounds
    assert {name: guards(ground.conditions) for name, ground in grounds.items() if guards(ground.conditions)} == {
        "special_needs": [6],
        "unsafe_route": [6],
        "under_school_age": [3],
    }
    assert {name for name, ground in grounds.items() if ground.either_way} == {"special_needs", "unsafe_route"}
    transition = policies().versions["somerset-2018"].transition
    assert transition
    others = [notice.conditions for notice in policies().rules.notices.values()]
    others += [reading.conditions for reading in transition.readings.values()]
    assert [guards(other) for other in others] == [[], [], []]


LIMITS = {
    "walking_limit": [("walking_mm", "walking_limit")],
    "low_income_walking": [("walking_mm", "low_income_walking_limit")],
    "low_income_walking_and_road": [("walking_mm", "low_income_walking_limit"), ("road_mm", "low_income_road_limit")],
    "low_income_belief": [("walking_mm", "low_income_walking_limit"), ("road_mm", "low_income_belief_road_limit")],
}
UNDER_8 = [("walking_mm", "walking_limit_for_younger_children")]


@pytest.mark.parametrize("younger", [True, False])
def test_each_figure_is_held_against_the_limit_of_its_ground(younger: bool) -> None:
    facts = {"under_the_lower_limit": younger}
    shown = {
        name: [(line.value, line.limit) for line in lines if line.when is None or answer(line.when, facts)]
        for name, lines in policies().rules.measures.items()
    }
    assert shown == LIMITS | ({"walking_limit": UNDER_8} if younger else {})


def test_each_ground_shows_the_figures_it_turns_on() -> None:
    shown = {name: ground.measures for name, ground in policies().rules.grounds.items()}
    by_distance = ("walking_distance", "special_needs", "unsafe_route", "transport_area", "under_school_age", "faith")
    assert shown == {
        **dict.fromkeys(by_distance, "walking_limit"),
        "low_income_8_to_10": "low_income_walking",
        "low_income_11": "low_income_walking_and_road",
        "low_income_belief": "low_income_belief",
        **dict.fromkeys(("other_home", "temporary_medical", "exceptional", "boarding"), ""),
    }


def test_the_days_on_which_a_decision_changes_by_itself_are_all_looked_at() -> None:
    assert sorted((event.kind, event.name) for event in policies().rules.timeline) == [
        ("birthday", "low_income_older_from"),
        ("birthday", "low_income_younger_from"),
        ("birthday", "walking_limit_changes_at"),
        ("from", "compulsory_age_starts_on"),
        ("from", "earnings_limit_begins"),
        ("from", "medical_from"),
        ("from", "moved_on"),
        ("from", "route_safe_from"),
        ("from", "school_age_starts_on"),
        ("until", "award_ends_on"),
        ("until", "compulsory_age_ends_on"),
        ("until", "meals_protection_ends"),
        ("until", "medical_until"),
        ("until", "school_age_ends_on"),
        ("until", "year_of_limit_change_ends_on"),
        ("yearly", "school_year"),
    ]
