"""What becomes of a decision: when it starts, what changes by itself, and what carries it meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.case_builder import ABSENT, FAITH, FURTHER_SCHOOL, LOW_INCOME, THREE_MILES, TWO_MILES, award, decided, met
from tests.policy.test_parents_apart import OTHER_HOME

FAR = {"measured.walking_mm": THREE_MILES + 1, "measured.road_mm": THREE_MILES + 1}
CANNOT_WALK = {"needs.disability": True, "needs.can_walk": False}
LATE = {"admission.on_time": False, "admission.placed_because_late": True, "measured.nearest_ignoring_places": False}


@pytest.mark.parametrize("claim", [CANNOT_WALK, {"route.unsafe": True}], ids=["needs", "unsafe route"])
def test_a_statutory_right_is_not_delayed_by_a_notice_though_the_distance_is_not_known(
    claim: dict[str, object],
) -> None:
    decision = decided(**claim, **LATE, **{"measured.walking_mm": ABSENT, "measured.road_mm": ABSENT})
    assert decision.outcome == "entitled"
    assert decision.starts_on == dt.date(2018, 9, 4)
    assert [notice.statutory for notice in decision.notices] == [True]


def test_a_child_entitled_whether_the_distance_is_over_the_limit_or_not_is_told_why() -> None:
    decision = decided(**CANNOT_WALK, **{"measured.walking_mm": ABSENT, "measured.road_mm": ABSENT})
    assert decision.outcome == "entitled"
    assert "paragraph 2" in decision.summary
    assert "paragraph 6" in decision.summary


def test_what_is_not_known_of_an_award_is_never_given_as_a_reason() -> None:
    decision = decided(award=ABSENT, **{"school.started_on": "2016-09-01"}, **FURTHER_SCHOOL, **FAR)
    reasons = " ".join(ground.reason for ground in decision.grounds)
    assert "in error" not in reasons
    assert "paid seat" not in reasons


@pytest.mark.parametrize(
    ("day", "travel"),
    [("2018-08-31", "2018-09-04"), ("2018-06-20", "2018-09-04"), (None, "2017-08-11"), (None, "2018-07-25")],
)
def test_a_decision_made_before_the_school_year_ends_no_earlier_than_it_starts(day: str | None, travel: str) -> None:
    decision = decided(day=day, travel_from=travel, **FAR, **{"school.started_on": "2016-09-05"})
    assert decision.starts_on is not None
    assert decision.ends_on is not None
    assert decision.starts_on <= decision.ends_on
    assert all(event.on >= decision.on for event in decision.timeline)


def test_a_low_income_award_of_2017_18_ends_with_its_school_year_and_not_with_the_policy() -> None:
    near = {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1}
    decision = decided(
        travel_from="2018-01-08",
        date_of_birth="2005-05-14",
        **LOW_INCOME,
        **FURTHER_SCHOOL,
        **near,
        **{"school.started_on": "2016-09-01"},
    )
    assert decision.ends_on == dt.date(2018, 7, 24)
    assert next((event.on, event.what) for event in decision.timeline) == (
        dt.date(2018, 7, 24),
        "end of the school year, when low income is tested again",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"date_of_birth": "2014-09-01", **FAR},
        {"date_of_birth": "2003-05-14", "travel_from": "2019-06-28", **FAR},
        {**FAITH, "school.started_on": "2018-09-04"},
    ],
    ids=["too young", "Year 11", "faith"],
)
def test_a_family_that_claims_no_low_income_is_told_of_no_retest(changes: dict[str, object]) -> None:
    assert not [event.what for event in decided(**changes).timeline if "low income" in event.what]


def test_a_child_too_young_for_school_becomes_entitled_on_the_day_its_school_age_starts() -> None:
    decision = decided(date_of_birth="2014-09-01", **FAR)
    first = decision.timeline[0]
    assert (decision.outcome, first.on, first.outcome) == ("not_entitled", dt.date(2019, 9, 1), "entitled")


@pytest.mark.parametrize("held", [None, award("walking_distance", in_error=True), award("other_home")])
def test_an_award_held_for_something_else_takes_nothing_from_what_is_granted_today(held: object) -> None:
    decision = decided(
        travel_from="2018-01-08",
        date_of_birth="2005-05-14",
        award=held,
        **FAITH,
        **{"school.started_on": "2016-09-01"},
    )
    assert decision.outcome == "entitled"
    assert decision.ends_on == dt.date(2021, 7, 31)


def test_a_notice_ends_where_compulsory_school_age_makes_the_award_statutory() -> None:
    decision = decided(travel_from="2018-11-05", date_of_birth="2013-10-02", **LATE, **FAR)
    assert decision.starts_on == dt.date(2018, 12, 31)


def test_a_pupil_past_year_11_has_no_end_of_year_11_ahead() -> None:
    assert decided(date_of_birth="2002-01-10").timeline == []


def test_a_low_income_claimed_and_not_shown_is_asked_for_in_the_letter() -> None:
    near = {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1}
    claimed = LOW_INCOME | {"income.evidence_seen_on": None}
    assert "evidence" in decided(**claimed, **near).summary
    assert "evidence" not in decided(**near).summary


def test_a_parent_is_told_when_a_notice_delays_the_start() -> None:
    decision = decided(date_of_birth="2014-02-20", **LATE, **FAR)
    assert decision.starts_on == dt.date(2018, 10, 31)
    assert "travel starts on 31 October 2018" in decision.summary


def test_an_award_given_before_the_earnings_limit_ends_with_its_school_year() -> None:
    earned = {
        "income.universal_credit": True,
        "income.net_earnings_pence": 900_000,
        "income.evidence_seen_on": "2018-01-30",
    }
    near = {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1}
    decision = decided(
        travel_from="2018-03-31",
        date_of_birth="2004-11-05",
        **earned,
        **near,
        **FURTHER_SCHOOL,
        **{"school.started_on": "2016-09-05"},
    )
    assert (decision.outcome, decision.ends_on) == ("entitled", dt.date(2018, 7, 24))


@pytest.mark.parametrize(
    ("day", "changes"),
    [
        ("2018-08-31", {**FAITH, "school.started_on": "2018-09-04"}),
        ("2018-07-10", {"date_of_birth": "2010-08-14", "measured.walking_mm": TWO_MILES + 1}),
        ("2018-07-10", {"route.unsafe": True, "route.safe_from": "2018-08-15"}),
    ],
    ids=["withdrawn", "8th birthday", "route made safe"],
)
def test_what_lapses_before_the_first_day_of_travel_promises_no_travel(day: str, changes: dict[str, object]) -> None:
    decision = decided(day=day, **changes)
    assert (decision.outcome, decision.starts_on, decision.ends_on) == ("entitled", None, None)
    assert "nothing is left by the first day of travel" in decision.summary


@pytest.mark.parametrize(("birth", "year"), [("2014-10-14", 2026), ("2015-10-14", 2027), ("2013-10-14", 2025)])
def test_a_child_not_yet_at_school_ends_year_6_with_its_own_year_group(birth: str, year: int) -> None:
    assert decided(date_of_birth=birth).timeline[-1].on == dt.date(year, 7, 31)


@pytest.mark.parametrize("ends_on", [None, "2019-07-23"])
def test_a_low_income_award_whose_income_is_gone_runs_to_the_end_of_its_school_year(ends_on: str | None) -> None:
    held = award("low_income_11", policy="somerset-2018", granted_on="2018-09-04", ends_on=ends_on)
    near = {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1}
    decision = decided(day="2019-02-01", award=held, **FURTHER_SCHOOL, **near)
    assert (decision.outcome, decision.ends_on) == ("entitled", dt.date(2019, 7, 23))


def test_travel_that_lapses_on_its_first_day_is_promised_for_that_day() -> None:
    decision = decided(date_of_birth="2010-09-05", **{"measured.walking_mm": TWO_MILES + 1})
    assert (decision.starts_on, decision.ends_on) == (dt.date(2018, 9, 4), dt.date(2018, 9, 4))


def test_only_what_is_granted_today_is_held_later_and_not_what_an_officer_may_still_refuse() -> None:
    condition = {"medical.from": "2018-05-20", "medical.until": "2018-10-12"}
    child = {"date_of_birth": "2008-05-14", "school.started_on": "2016-09-05", "travel_from": "2018-06-04"}
    decision = decided(**child, **condition, **FURTHER_SCHOOL, **FAR)
    assert [(event.on, event.outcome) for event in decision.timeline][:2] == [
        (dt.date(2018, 9, 1), "refer"),  # whether it is kept hangs on the reading
        (dt.date(2018, 10, 12), "not_entitled"),
    ]


def test_of_two_awards_the_one_that_still_entitles_carries_the_child() -> None:
    """Low income, from the first home, runs out; travel from the other home is kept."""
    near = {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1}
    child = {"date_of_birth": "2005-05-14", "school.started_on": "2016-09-01", "travel_from": "2018-01-08"}
    from_there = OTHER_HOME | {"measured_other_home.walking_mm": THREE_MILES + 1}
    decision = decided(
        **child, **LOW_INCOME | {"income.evidence_seen_on": "2018-01-03"}, **FURTHER_SCHOOL, **near, **from_there
    )
    assert met(decision) == {"low_income_11", "other_home"}
    assert decision.ends_on == dt.date(2021, 7, 31)


def test_a_family_that_claims_no_low_income_is_not_asked_for_it_in_a_later_year() -> None:
    decision = decided(date_of_birth="2011-10-01", **{"measured.walking_mm": TWO_MILES + 1})
    assert [(event.on, event.outcome) for event in decision.timeline][:1] == [(dt.date(2019, 10, 1), "not_entitled")]


def test_while_it_is_not_known_what_award_is_held_what_is_granted_today_is_held_from_today() -> None:
    """The need ends; travel from the other home, withdrawn since, would then be kept under one reading alone."""
    need = {"needs.can_walk": False, "medical.from": "2018-09-10", "medical.until": "2018-11-12", "award": ABSENT}
    child = {"date_of_birth": "2005-05-14", "school.started_on": "2016-09-05"}
    from_there = OTHER_HOME | {"measured_other_home.walking_mm": THREE_MILES + 1}
    decision = decided(day="2018-10-01", **child, **need, **from_there)
    assert decision.outcome == "entitled"
    assert [(event.on, event.outcome) for event in decision.timeline][:1] == [(dt.date(2018, 11, 12), "refer")]


def test_a_policy_that_withdraws_one_ground_is_told_of_though_another_carries_the_child_on() -> None:
    child = {"date_of_birth": "2005-05-14", "school.started_on": "2016-09-05", "measured.transport_area_school": True}
    decision = decided(day="2018-08-31", **child, **FAITH)
    assert met(decision) == {"faith", "transport_area"}
    assert [(event.on, event.outcome) for event in decision.timeline][:1] == [(dt.date(2018, 9, 1), "entitled")]
