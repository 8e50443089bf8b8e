"""From a case to the facts that rules read: known to be so, known to be none, or not known."""

from __future__ import annotations

from typing import Any

import pytest

from eligibility.establish import NOT_GIVEN
from eligibility.facts import NEVER
from tests.case_builder import ABSENT, HERE, THIRD, assessor, case, decided

UNKNOWN = None
LAST_PERIOD = "net_earnings_last_period_pence"
INCIDENT, SERIOUS = {"on": "2018-09-04"}, {"on": "2018-09-04", "serious": True}
PLAN, FORMER = "needs.ehc_plan.named_urns", "school.former_urns"


def established(fact: str, changes: dict[str, Any]) -> Any:
    return assessor().matter(case(**changes)).now.established.facts.get(fact, UNKNOWN)


@pytest.mark.parametrize(
    ("fact", "changes", "value"),
    [
        ("has_award", {"award": None}, False),
        ("has_award", {"award": ABSENT}, UNKNOWN),
        ("has_award", {"award.ground": "faith"}, True),
        ("has_plan", {"needs": None}, False),
        ("has_plan", {"needs.ehc_plan": None}, False),
        ("has_plan", {"needs": ABSENT}, UNKNOWN),
        ("award_in_error", {"award": None}, False),
        ("has_other_home", {"other_home": None}, False),
        ("has_other_home", {"other_home": ABSENT, "measured_other_home": ABSENT}, UNKNOWN),
        ("has_other_home", {"other_home.postcode": "BA2 0AB"}, True),
        ("has_exceptional_circumstances", {"exceptional": None}, False),
        ("has_exceptional_circumstances", {"exceptional": ABSENT}, UNKNOWN),
        ("has_exceptional_circumstances", {"exceptional": "bullying"}, True),
    ],
)
def test_a_part_of_a_case_is_there_is_known_to_be_none_or_is_not_known(
    fact: str, changes: dict[str, Any], value: object
) -> None:
    assert established(fact, changes) is value


@pytest.mark.parametrize(
    ("fact", "changes", "value"),
    [
        ("award_ends_on", {"award": None}, NEVER),
        ("award_ends_on", {"award.ends_on": None}, NEVER),
        ("award_ends_on", {"award.ends_on": "2018-12-21"}, 20181221),
        ("award_ends_on", {"award.ground": "faith"}, UNKNOWN),
        ("school_started_on", {"school.started_on": None}, NEVER),
        ("school_started_on", {"school.started_on": ABSENT}, UNKNOWN),
        (LAST_PERIOD, {}, NOT_GIVEN),
        (LAST_PERIOD, {f"income.{LAST_PERIOD}": None}, NOT_GIVEN),
        (LAST_PERIOD, {f"income.{LAST_PERIOD}": 61_667}, 61_667),
        ("nearer_ignoring_places", {"measured.nearer_ignoring_places": ABSENT}, 0),
    ],
)
def test_a_day_that_never_comes_and_a_figure_not_given_are_above_every_limit(
    fact: str, changes: dict[str, Any], value: object
) -> None:
    assert established(fact, changes) == value
    assert NEVER > 9999_00_00
    assert NOT_GIVEN > 100_000_000_00


@pytest.mark.parametrize(
    ("fact", "changes", "value"),
    [
        ("plan_names_this_school", {"needs.ehc_plan": None}, False),
        ("plan_names_this_school", {"needs.ehc_plan.is_parental_preference": True}, UNKNOWN),
        ("plan_names_this_school", {PLAN: []}, False),
        ("plan_names_this_school", {PLAN: [HERE, THIRD]}, True),
        ("plan_names_this_school", {PLAN: [THIRD]}, False),
        ("plan_names_this_school", {PLAN: [THIRD], FORMER: [THIRD]}, True),
        ("plan_names_this_school", {PLAN: [THIRD], FORMER: ABSENT}, UNKNOWN),
        ("plan_names_this_school", {PLAN: [HERE], FORMER: ABSENT}, True),
        ("plan_names_one_school", {"needs.ehc_plan.is_parental_preference": True}, UNKNOWN),
        ("plan_names_one_school", {PLAN: []}, False),
        ("plan_names_one_school", {PLAN: [HERE]}, True),
        ("plan_names_one_school", {PLAN: [HERE, THIRD]}, False),
        ("award_for_this_school", {"award.ground": "faith"}, UNKNOWN),
        ("award_for_this_school", {"award.urn": HERE}, True),
        ("award_for_this_school", {"award.urn": None}, False),
        ("award_for_this_school", {"award.urn": THIRD}, False),
        ("award_for_this_school", {"award.urn": THIRD, FORMER: [THIRD]}, True),
        ("award_for_this_school", {"award.urn": THIRD, FORMER: ABSENT}, UNKNOWN),
    ],
)
def test_a_school_is_this_one_under_its_own_number_and_its_earlier_ones_where_they_are_known(
    fact: str, changes: dict[str, Any], value: object
) -> None:
    assert established(fact, changes) is value


@pytest.mark.parametrize(
    ("granted_on", "value"),
    [("2018-08-31", False), ("2018-09-01", True), ("2018-09-04", True), (None, UNKNOWN), (ABSENT, UNKNOWN)],
)
def test_an_award_is_of_this_school_year_from_the_1st_of_september(granted_on: object, value: object) -> None:
    held = {"award.ground": "faith", "award.granted_on": granted_on}
    assert established("award_given_this_school_year", held if granted_on else {"award": None}) is value


@pytest.mark.parametrize(
    ("recorded", "number", "serious"),
    [
        ({"service": ABSENT}, UNKNOWN, UNKNOWN),
        ({"service": None}, 0, False),
        ({"service.incidents": None}, 0, False),
        ({"service.incidents": [INCIDENT]}, 1, False),
        ({"service.incidents": [SERIOUS, INCIDENT]}, 2, True),
    ],
)
def test_incidents_are_counted_where_it_is_known_whether_there_were_any(
    recorded: dict[str, Any], number: object, serious: object
) -> None:
    assert established("incidents", recorded) == number
    assert established("serious_incident", recorded) is serious


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"school.phase": "middle"}, True),
        ({"school.phase": "secondary"}, False),
        ({"date_of_birth": "2007-09-01"}, True),  # Year 6
        ({"date_of_birth": "2007-08-31"}, False),  # Year 7
        ({"date_of_birth": "2007-08-31", "school.phase": "primary"}, True),
    ],
)
def test_the_kind_of_school_is_taken_from_the_year_group_only_where_it_is_not_given(
    changes: dict[str, Any], value: bool
) -> None:
    assert established("primary_or_middle_pupil", changes) is value
    assumed = assessor().matter(case(**changes)).now.established.day.assumptions
    assert ("primary_or_middle_pupil" in assumed) is ("school.phase" not in changes)


def test_a_child_may_have_lived_at_its_address_from_the_day_of_birth() -> None:
    assert decided(**{"home.moved_on": "2007-05-14"}).outcome == "not_entitled"
