"""When travel starts, when it lapses by itself, what changes on which day, and by when a review is asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from eligibility.decision import Decision
from eligibility.errors import InputError
from tests.case_builder import (
    ABSENT,
    FAITH,
    FURTHER_SCHOOL,
    LOW_INCOME,
    THREE_MILES,
    TWO_MILES,
    award,
    decided,
)

FAR: dict[str, Any] = {"measured.walking_mm": THREE_MILES + 1}
BETWEEN: dict[str, Any] = {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1}


def events(decision: Decision) -> dict[str, str]:
    """By day, the outcome after it."""
    return {str(event.on): event.outcome for event in decision.timeline}


# -- which day


def test_the_day_is_the_first_day_of_travel_and_the_decision_is_made_on_it() -> None:
    decision = decided(travel_from="2018-10-29")
    assert (str(decision.on), str(decision.decided_on)) == ("2018-10-29", "2018-10-29")


def test_a_day_that_is_asked_for_goes_before_the_first_day_of_travel() -> None:
    decision = decided(day="2018-11-05", travel_from="2018-10-29")
    assert (str(decision.on), str(decision.decided_on)) == ("2018-11-05", "2018-11-05")


def test_the_day_a_decision_is_made_can_be_given() -> None:
    decision = decided(made="2018-08-01")
    assert (str(decision.on), str(decision.decided_on)) == ("2018-09-04", "2018-08-01")


def test_a_case_without_any_day_is_refused() -> None:
    with pytest.raises(InputError, match="no day to decide for"):
        decided(travel_from=ABSENT)


# -- starts


def test_travel_starts_on_the_first_day_of_travel() -> None:
    assert str(decided(**FAR).starts_on) == "2018-09-04"


@pytest.mark.parametrize("changes", [{}, {"exceptional": "bullying"}, {**FAR, "measured.nearest_school": False}])
def test_nothing_starts_where_nobody_is_entitled(changes: dict[str, Any]) -> None:
    nearest = {"measured.nearest_ignoring_places": False} if "measured.nearest_school" in changes else {}
    decision = decided(**changes, **nearest)
    assert (decision.starts_on, decision.ends_on) == (None, None)


# -- ends


@pytest.mark.parametrize(
    ("birth", "ends"),
    [
        ("2007-05-14", "2023-07-31"),  # Year 7: the end of Year 11, no calendar held
        ("2003-05-14", "2019-07-23"),  # Year 11 itself, the calendar of 2018/19
        ("2008-05-14", "2019-07-23"),  # Year 6: the end of primary school
        ("2010-01-14", "2021-07-31"),  # Year 4
    ],
)
def test_an_entitlement_by_distance_ends_with_the_phase(birth: str, ends: str) -> None:
    decision = decided(date_of_birth=birth, **FAR)
    assert (decision.outcome, str(decision.ends_on)) == ("entitled", ends)
    assert events(decision)[ends] == "not_entitled"


def test_an_end_without_a_calendar_is_marked_as_assumed() -> None:
    decision = decided(**FAR)
    (last,) = [event for event in decision.timeline if str(event.on) == "2023-07-31"]
    assert "end of Year 11" in last.what
    assert "31 July" in last.what
    assert any("31 July" in text for text in decision.assumptions)


ENDING: dict[str, dict[str, Any]] = {
    "the 8th birthday": {"date_of_birth": "2010-12-10", **BETWEEN},
    "the 11th birthday": {
        **LOW_INCOME,
        **BETWEEN,
        "date_of_birth": "2007-12-10",
        "measured.road_mm": 6 * 1_609_344 + 1,
    },
    "the end of the school year": {**LOW_INCOME, **BETWEEN},
    "the route made safe": {"route.unsafe": True, "route.safe_from": "2019-01-07"},
    "the end of the condition": {
        "medical": {"from": "2018-09-01", "until": "2018-11-12"},
        "needs.can_walk": False,
    },
    "the end of the award": FAITH
    | {
        "date_of_birth": "2005-05-14",
        "school.started_on": "2016-09-05",
        "award": award("faith", ends_on="2018-12-21"),
    },
    "a coming move": FAITH
    | {
        "date_of_birth": "2005-05-14",
        "school.started_on": "2016-09-05",
        "award": award("faith"),
        "home.moved_on": "2019-01-07",
    },
}
LAST_DAYS = {
    "the 8th birthday": "2018-12-09",
    "the 11th birthday": "2018-12-09",
    "the end of the school year": "2019-07-23",
    "the route made safe": "2019-01-06",
    "the end of the condition": "2018-11-12",
    "the end of the award": "2018-12-21",
    "a coming move": "2019-01-06",
}


@pytest.mark.parametrize("what", ENDING)
def test_an_entitlement_ends_on_the_last_day_on_which_the_child_is_entitled(what: str) -> None:
    decision = decided(**ENDING[what])
    assert (decision.outcome, str(decision.ends_on)) == ("entitled", LAST_DAYS[what])
    assert decision.ends_on is not None
    assert decided(day=decision.ends_on, **ENDING[what]).outcome == "entitled"
    if what != "the end of the school year":
        assert decided(day=decision.ends_on + dt.timedelta(days=1), **ENDING[what]).outcome != "entitled"


def test_who_first_travels_on_the_last_day_travels_on_that_day() -> None:
    decision = decided(travel_from="2018-11-12", **ENDING["the end of the condition"])
    assert decision.outcome == "entitled"
    assert (str(decision.starts_on), str(decision.ends_on)) == ("2018-11-12", "2018-11-12")


# -- the timeline


@pytest.mark.parametrize(
    ("changes", "day", "outcome", "says"),
    [
        (ENDING["the 8th birthday"], "2018-12-10", "not_entitled", "8th birthday"),
        (ENDING["the 11th birthday"], "2018-12-10", "not_entitled", "11th birthday"),
        (ENDING["the end of the school year"], "2019-07-23", "need_information", "low income is tested again"),
        (ENDING["the route made safe"], "2019-01-07", "not_entitled", "safe"),
        (FAR, "2023-07-31", "not_entitled", "end of Year 11"),
        ({"date_of_birth": "2003-05-14", **FAR}, "2019-06-28", "entitled", "compulsory school age ends"),
        ({"date_of_birth": "2014-01-14", **FAR}, "2019-03-31", "entitled", "compulsory school age starts"),
        ({"date_of_birth": "2008-10-14", **LOW_INCOME, **BETWEEN}, "2019-07-23", "need_information", "tested again"),
    ],
)
def test_every_day_on_which_the_decision_changes_by_itself_is_on_the_timeline(
    changes: dict[str, Any], day: str, outcome: str, says: str
) -> None:
    decision = decided(**changes)
    found = [event for event in decision.timeline if str(event.on) == day]
    assert [event.outcome for event in found] == [outcome]
    assert says in found[0].what


def test_the_end_of_a_protection_is_on_the_timeline() -> None:
    assert events(decided(**ENDING["the end of the award"]))["2018-12-21"] != "entitled"


def test_the_timeline_is_in_order_and_lies_ahead() -> None:
    decision = decided(date_of_birth="2010-12-10", **LOW_INCOME, **BETWEEN)
    days = [event.on for event in decision.timeline]
    assert days == sorted(days)
    assert all(day >= decision.on for day in days)


def test_an_8th_birthday_that_low_income_bridges_leaves_the_child_entitled() -> None:
    decision = decided(date_of_birth="2010-12-10", **LOW_INCOME, **BETWEEN)
    assert events(decision)["2018-12-10"] == "entitled"


def test_a_birthday_that_changes_nothing_is_not_on_the_timeline() -> None:
    decision = decided(date_of_birth="2010-12-10", **FAR)
    assert "2018-12-10" not in events(decision)


def test_what_a_new_policy_changes_is_told_of_its_first_day_and_not_of_a_birthday_before() -> None:
    staying = {"date_of_birth": "2010-03-01", "school.started_on": "2016-09-05", **FURTHER_SCHOOL}
    ill = {"medical": {"from": "2018-01-01", "until": "2019-06-12"}, "needs.can_walk": False}
    days = dict.fromkeys(("travel_from", "applied_on"), "2018-01-08")
    decision = decided(**staying, **ill, **days)
    assert (decision.policy, decision.outcome) == ("somerset-2016", "refer")
    assert [str(event.on) for event in decision.timeline] == ["2018-09-01", "2019-06-12", "2021-07-31"]


def test_a_faith_decision_under_the_old_policy_shows_what_the_change_does() -> None:
    """A pupil who stays keeps it by the award this decision gives."""
    staying = FAITH | {"date_of_birth": "2005-05-14", "school.started_on": "2016-09-05"}
    decision = decided(day="2018-06-04", **staying)
    assert decision.outcome == "entitled"
    assert events(decision).get("2018-09-01", "entitled") == "entitled"


# -- review


@pytest.mark.parametrize(
    ("made", "ask_by"),
    [
        ("2018-09-04", "2018-10-02"),
        ("2018-08-20", "2018-09-18"),  # the bank holiday of 27 August
        ("2018-12-14", "2019-01-16"),  # Christmas, Boxing Day, New Year's Day
        ("2018-03-26", "2018-04-25"),  # Good Friday and Easter Monday
        ("2018-09-08", "2018-10-05"),  # a Saturday
    ],
)
def test_a_review_is_asked_for_within_20_working_days_of_the_decision(made: str, ask_by: str) -> None:
    assert str(decided(made=made).review.ask_by) == ask_by
