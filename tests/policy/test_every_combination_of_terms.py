"""The terms of the notice and of legitimate expectation, in every combination, against the policy's words."""

from __future__ import annotations

from typing import Any

from eligibility.language.expressions import FromOtherHome, Not, Or, names
from eligibility.policy_files import policies
from eligibility.rulebook import Condition
from tests.policy.combinations import DAY, DAYS, YES_NO, Facts, all_hold, answer, check


def test_half_a_terms_notice_meets_a_late_place_at_a_school_neither_nearest_nor_of_the_transport_area() -> None:
    check(
        all_hold(policies().rules.notices["late_application"].conditions),
        lambda f: (
            f["placed_because_late"]
            and not f["named_in_the_plan"]
            and not f["nearest_school" if f["notice_nearest"] == "with_a_place" else "nearest_ignoring_places"]
            and not f["counts_as_transport_area_school"]
            and not (f["protection_scope"] == "every_change" and f["school_started_on"] < DAY)
        ),
        placed_because_late=YES_NO,
        named_in_the_plan=YES_NO,
        notice_nearest=("ignoring_places", "with_a_place"),
        nearest_ignoring_places=YES_NO,
        nearest_school=YES_NO,
        counts_as_transport_area_school=YES_NO,
        counts_as_nearest=YES_NO,
        transport_area_school=YES_NO,
        protection_scope=("withdrawn_elements", "every_change"),
        school_started_on=DAYS,
        version_from=(DAY,),
        nearer_ignoring_places=(0,),
    )


def expectation(reading: str) -> tuple[Condition, ...]:
    transition = policies().versions["somerset-2018"].transition
    assert transition
    return transition.readings[reading].conditions


def test_under_5_1_an_award_of_the_element_is_kept_until_the_child_moves_or_changes_school() -> None:
    """Each of the terms alone, then each day before, on and after the change."""
    held: dict[str, Any] = {
        "on": DAY,
        "element": "faith",
        "replaced_version": "somerset-2016",
        "version_from": DAY - 100,
        "has_award": True,
        "award_ground": "faith",
        "award_policy": "somerset-2016",
        "award_granted_on": DAY - 200,
        "award_for_this_school": True,
        "award_given_this_school_year": True,
        "school_started_on": DAY - 300,
        "award_in_error": False,
        "award_paid_seat": False,
        "award_ends_on": DAY,
        "moved_on": DAY - 101,
    }
    holds = all_hold(expectation("5.1"))
    assert len(expectation("5.1")) == 11
    assert holds(held) is True
    ends: list[dict[str, Any]] = [
        {"has_award": False},
        {"award_ground": "other_home"},
        {"award_policy": "somerset-2018"},
        {"award_granted_on": DAY - 100},
        {"award_for_this_school": False},
        {"school_started_on": DAY - 100},
        {"award_in_error": True},
        {"award_paid_seat": True},
        {"award_ends_on": DAY - 1},
        {"moved_on": DAY - 100},
        {"moved_on": DAY},
    ]
    for change in ends:
        assert holds(held | change) is False, change
    keeps: list[dict[str, Any]] = [
        {"award_granted_on": DAY - 101},
        {"award_granted_on": DAY - 101, "moved_on": DAY - 150},
        {"school_started_on": DAY - 101},
        {"moved_on": DAY + 1},
        {"moved_on": DAY - 200},
        {"award_given_this_school_year": False},
    ]
    for change in keeps:
        assert holds(held | change) is True, change


def moved_since(facts: Facts) -> bool:
    """ "On a change of address after the award and after the change of policy"."""
    return bool(max(facts["award_granted_on"] + 1, facts["version_from"]) <= facts["moved_on"] <= facts["on"])


MOVES: dict[str, tuple[int, ...]] = {
    "on": (DAY,),
    "moved_on": DAYS,
    "award_granted_on": (DAY - 2, *DAYS),
    "version_from": (DAY - 2, *DAYS),
}


def test_a_move_ends_protection_if_it_is_after_the_award_and_since_the_change() -> None:
    (moved,) = [c for c in expectation("5.1") if isinstance(c.test, Not) and "moved_on" in names(c.test)]
    check(all_hold((moved,)), lambda f: not moved_since(f), **MOVES)


def test_a_move_of_the_other_home_ends_the_protection_of_that_element_alone() -> None:
    other = expectation("5.1")[-1].test
    assert answer(other, {"element": "faith"}) is True
    assert isinstance(other, Or)
    element, moved = other.parts
    assert answer(element, {"element": "other_home"}) is False
    assert isinstance(moved, Not)
    assert isinstance(moved.part, FromOtherHome)
    inside = moved.part.part
    check(lambda facts: answer(inside, facts), moved_since, **MOVES)


def test_under_1_1_every_pupil_at_the_school_before_the_change_is_protected() -> None:
    check(
        all_hold(expectation("1.1")),
        lambda f: f["school_started_on"] < DAY,
        school_started_on=DAYS,
        version_from=(DAY,),
    )
