"""A fact that is not known is asked for at one place of the case; a part of which nothing is said, as one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from eligibility.case import read_case
from eligibility.establish import Established, Measured, ask_for
from eligibility.facts import OTHER_HOME
from tests.case_builder import ABSENT, ELSEWHERE, THREE_MILES, assessor, case, decided, ground

SECOND_HOME: dict[str, Any] = {"other_home.postcode": "BA2 0AA"}


def asked(fact: str, **changes: Any) -> tuple[str, ...]:
    return ask_for(read_case(case(**changes), assessor().model), fact)


@pytest.mark.parametrize(
    ("fact", "changes", "place"),
    [
        ("walking_mm", {"measured": ABSENT}, "measured.walking_mm"),
        ("route_safe_from", {"route.safe_from": ABSENT}, "route.safe_from"),
        ("has_award", {"award": ABSENT}, "award"),
        ("has_plan", {"needs": ABSENT}, "needs.ehc_plan"),
        ("award_ground", {"award.urn": ELSEWHERE}, "award.ground"),
        ("award_ground", {"award": ABSENT}, "award"),
        ("award_for_this_school", {"award.ground": "faith"}, "award.urn"),
        ("award_for_this_school", {"award": ABSENT}, "award"),
        ("plan_names_this_school", {"needs.ehc_plan.is_parental_preference": False}, "needs.ehc_plan.named_urns"),
    ],
)
def test_what_is_not_known_is_asked_for_where_the_case_holds_it(fact: str, changes: dict[str, Any], place: str) -> None:
    assert asked(fact, **changes) == (place,)


def test_where_a_school_is_named_it_is_this_schools_earlier_numbers_that_are_asked_for() -> None:
    named = {"needs.ehc_plan.named_urns": [ELSEWHERE], "school.former_urns": ABSENT}
    assert asked("plan_names_this_school", **named) == ("school.former_urns",)


def test_a_home_of_which_nothing_is_said_is_asked_for_before_what_is_measured_from_it() -> None:
    silent = {"other_home": ABSENT, "measured_other_home": ABSENT}
    assert asked(f"walking_mm{OTHER_HOME}", **silent) == ("other_home",)
    assert asked("walking_mm", **silent, **{"measured.walking_mm": ABSENT}) == ("measured.walking_mm",)
    assert asked(f"walking_mm{OTHER_HOME}", **SECOND_HOME) == ("measured_other_home.walking_mm",)


def test_a_home_that_is_known_to_be_none_is_not_asked_for() -> None:
    assert asked(f"walking_mm{OTHER_HOME}", other_home=None) == ("measured_other_home.walking_mm",)


def test_a_ground_that_is_not_known_lists_what_it_waits_for_and_one_that_is_known_nothing() -> None:
    decision = decided(**{"measured.walking_mm": ABSENT})
    assert ground(decision, "walking_distance").missing == ["measured.walking_mm"]
    assert ground(decision, "special_needs").missing == []


def test_an_area_that_cannot_measure_says_what_to_ask_for_instead() -> None:
    known = assessor().matter(case()).now.established
    measured = Measured(asks={"walking_mm": ("home.postcode", "school.urn")})
    assert Established(known.facts, known.day, measured).ask("walking_mm") == ("home.postcode", "school.urn")
    assert Established(known.facts, known.day, measured).ask("road_mm") == ("measured.road_mm",)


def test_a_figure_that_no_version_gives_is_asked_for_by_its_own_name() -> None:
    assert asked("ferry_limit") == ("ferry_limit",)


@pytest.mark.parametrize("place", ["admission.placed_because_late", "measured.nearest_ignoring_places"])
def test_whether_notice_applies_is_asked_only_where_the_first_day_hangs_on_it(place: str) -> None:
    late = {
        "admission.on_time": False,
        "admission.placed_because_late": True,
        "measured.nearest_ignoring_places": False,
        "measured.walking_mm": THREE_MILES + 1,
        "measured.road_mm": THREE_MILES + 1,
    }
    statutory = decided(**late | {place: ABSENT})
    assert (statutory.outcome, statutory.starts_on, statutory.missing) == ("entitled", dt.date(2018, 9, 4), [])
    local = decided(**late | {place: ABSENT, "date_of_birth": "2014-05-14"})
    assert (local.outcome, local.starts_on, local.missing, local.notices) == ("entitled", None, [place], [])
