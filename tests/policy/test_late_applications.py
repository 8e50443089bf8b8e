"""Section 4: half a term's notice after a late application for a school place.

The expected days are counted by hand from the half-term blocks of the invented year 2018/19:
35, 40, 30, 30, 23 and 37 school days (6 May is a bank holiday), 195 in all.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from eligibility.decision import Decision, Notice
from tests.case_builder import FURTHER_SCHOOL, HERE, LOW_INCOME, THREE_MILES, TWO_MILES, assessor, decided

LATE: dict[str, Any] = {
    "admission.on_time": False,
    "admission.placed_because_late": True,
    "measured.nearest_school": True,
    "measured.nearest_ignoring_places": False,
    "measured.walking_mm": THREE_MILES + 1,
    "measured.road_mm": THREE_MILES + 1,
}
"""Nearer schools were full when the late application came; this one is the nearest with a place."""
RECEPTION: dict[str, Any] = LATE | {"date_of_birth": "2014-05-14"}
"""The same, below compulsory school age until 31 August 2019: a local grant, not a statutory one."""


def only_notice(decision: Decision) -> Notice:
    (notice,) = decision.notices
    return notice


# -- when it applies


@pytest.mark.parametrize(
    ("changes", "applies"),
    [
        ({}, True),
        ({"admission.round": "in_year"}, True),
        ({"admission.on_time": True}, True),  # whether it resulted in the place decides
        ({"admission.placed_because_late": False}, False),
        ({"measured.nearest_ignoring_places": True}, False),
        ({"measured.transport_area_school": True}, False),
    ],
)
def test_notice_applies_when_a_late_application_resulted_in_a_place_at_neither_nearest_nor_transport_area_school(
    changes: dict[str, Any], applies: bool
) -> None:
    for child in (LATE, RECEPTION):
        assert bool(decided(**child | changes).notices) is applies


def test_notice_applies_only_where_assistance_is_granted() -> None:
    within = decided(**LATE | {"measured.walking_mm": THREE_MILES})
    assert (within.outcome, within.notices, within.starts_on) == ("not_entitled", [], None)


def test_until_august_2018_a_late_application_for_a_place_changes_nothing() -> None:
    decision = decided(policy="somerset-2016", **RECEPTION)
    assert (decision.outcome, decision.notices) == ("entitled", [])
    assert decision.starts_on == dt.date(2018, 9, 4)


def test_statute_alone_knows_no_notice() -> None:
    assert decided(policy="england", **LATE).notices == []


def test_a_school_that_the_childs_plan_names_counts_as_the_nearest_so_no_notice_applies() -> None:
    plan = {"named_urns": [HERE], "is_parental_preference": False}
    assert decided(**LATE | {"needs.ehc_plan": plan}).notices == []


# -- a statutory ground


STATUTORY: dict[str, dict[str, Any]] = {
    "distance": LATE,
    "needs": LATE | {"measured.walking_mm": THREE_MILES, "needs.can_walk": False, "needs.disability": True},
    "route": LATE | {"measured.walking_mm": THREE_MILES, "route.unsafe": True},
    "low income": LATE
    | LOW_INCOME
    | FURTHER_SCHOOL
    | {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1},
}


@pytest.mark.parametrize("changes", STATUTORY.values(), ids=STATUTORY)
def test_a_statutory_award_keeps_its_first_day_and_puts_the_notice_with_its_date_to_an_officer(
    changes: dict[str, Any],
) -> None:
    decision = decided(**changes)
    notice = only_notice(decision)
    assert decision.outcome == "entitled"
    assert decision.starts_on == dt.date(2018, 9, 4)
    assert (notice.kind, notice.days, notice.starts_on) == ("late_application", 35, dt.date(2018, 10, 31))
    assert (notice.statutory, notice.review_by_officer) == (True, True)


def test_the_first_lines_of_such_a_decision_say_that_it_is_statutory_and_from_the_first_day() -> None:
    summary = decided(**LATE).summary
    first_sentence = summary.partition(";")[0]
    assert "statutory" in first_sentence
    assert "first day of travel" in first_sentence
    assert "officer" in summary
    assert "31 October 2018" in summary


# -- a discretionary or local award


BLOCKS: dict[str, tuple[str, int, str]] = {
    "block 1": ("2018-09-04", 35, "2018-10-31"),
    "block 1, first day": ("2018-09-03", 35, "2018-10-30"),
    "block 1, last day": ("2018-10-19", 35, "2018-12-17"),
    "block 1, a Saturday": ("2018-09-08", 35, "2018-11-05"),
    "autumn half-term holiday": ("2018-10-22", 40, "2019-01-07"),
    "block 2": ("2018-11-01", 40, "2019-01-11"),
    "Christmas holiday": ("2018-12-27", 30, "2019-02-25"),
    "block 3, first day": ("2019-01-07", 30, "2019-02-26"),
    "spring half-term holiday": ("2019-02-20", 30, "2019-04-23"),
    "block 4": ("2019-03-01", 30, "2019-04-30"),
    "Easter holiday": ("2019-04-15", 23, "2019-06-03"),
    "block 5": ("2019-05-03", 23, "2019-06-14"),
    "block 5, last day": ("2019-05-24", 23, "2019-07-04"),
}


@pytest.mark.parametrize(("made", "days", "starts"), BLOCKS.values(), ids=BLOCKS)
def test_a_discretionary_award_starts_on_the_school_day_after_as_many_school_days_as_the_half_term_block_has(
    made: str, days: int, starts: str
) -> None:
    decision = decided(day=made, made=made, **RECEPTION)
    notice = only_notice(decision)
    assert decision.outcome == "entitled"
    assert (notice.days, str(notice.starts_on), str(decision.starts_on)) == (days, starts, starts)
    assert (notice.statutory, notice.review_by_officer) == (False, True)


@pytest.mark.parametrize(
    ("made", "days", "starts"),
    [
        ("2018-07-16", 37, "2018-10-16"),  # the sixth block of 2017/18 runs on into 2018/19
        ("2018-08-20", 35, "2018-10-29"),  # in the summer holiday: the next block, all of it
    ],
)
def test_notice_is_given_on_the_day_the_decision_is_made(made: str, days: int, starts: str) -> None:
    decision = decided(day="2018-09-04", made=made, **RECEPTION)
    assert (decision.policy, only_notice(decision).days) == ("somerset-2018", days)
    assert str(decision.starts_on) == starts


def test_travel_asked_for_after_the_notice_has_run_starts_when_it_is_asked_for() -> None:
    decision = decided(made="2018-09-04", **RECEPTION | {"travel_from": "2019-01-07"})
    assert str(only_notice(decision).starts_on) == "2018-10-31"
    assert str(decision.starts_on) == "2019-01-07"


def test_the_start_after_notice_is_on_the_timeline() -> None:
    decision = decided(**RECEPTION)
    assert dt.date(2018, 10, 31) in [event.on for event in decision.timeline]


def test_a_change_that_makes_an_award_no_statutory_one_ends_no_notice() -> None:
    condition = {"medical.from": "2018-08-20", "medical.until": "2018-10-12"}
    assert decided(**RECEPTION | condition).starts_on == dt.date(2018, 10, 31)


@pytest.mark.parametrize(
    ("changes", "finds"),
    [
        ({"date_of_birth": "2010-11-01"}, "entitled"),
        ({"date_of_birth": "2010-10-31"}, "not_entitled"),
        ({"date_of_birth": "2010-10-10"}, "not_entitled"),
        ({"date_of_birth": "2010-10-10", "route.unsafe": True, "route.safe_from": "2018-10-20"}, "not_entitled"),
        ({"date_of_birth": "2010-10-10", "route.unsafe": True, "route.safe_from": "2018-11-20"}, "entitled"),
    ],
    ids=["8 the day after", "8 on the day", "8 before it", "8 and the route then safe", "8 and the route still unsafe"],
)
def test_a_notice_before_an_officer_ends_with_what_the_decision_has_become_by_then(
    changes: dict[str, Any], finds: str
) -> None:
    decision = decided(**LATE | {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1} | changes)
    (found,) = [event.outcome for event in decision.timeline if "half a term's notice" in event.what]
    assert (decision.outcome, found) == ("entitled", finds)


def test_a_notice_of_2018_19_says_that_its_calendar_is_invented() -> None:
    assert any("2018/19 is invented" in text for text in decided(**RECEPTION).assumptions)


# -- no calendar


@pytest.mark.parametrize("made", ["2019-06-03", "2019-09-04", "2020-01-10", "2023-05-05"])
def test_without_a_calendar_a_delayed_start_is_not_known_and_the_calendar_is_asked_for(made: str) -> None:
    birth = f"{int(made[:4]) - 5}-07-14"  # five in July: below compulsory school age until 31 August
    if made > f"{made[:4]}-08-31":
        birth = f"{int(made[:4]) - 4}-07-14"
    changes = RECEPTION | {"date_of_birth": birth, "travel_from": made, "applied_on": made}
    decision = decided(made=made, **changes | {"school.started_on": made})
    assert (decision.outcome, decision.starts_on) == ("entitled", None)
    assert "calendar" in decision.missing
    assert only_notice(decision).starts_on is None


def test_without_a_calendar_a_statutory_award_starts_on_its_first_day_all_the_same() -> None:
    decision = decided(day="2020-01-10", made="2020-01-10", **LATE)
    assert (decision.outcome, str(decision.starts_on)) == ("entitled", "2020-01-10")
    assert only_notice(decision).starts_on is None


# -- the calendar itself


@pytest.mark.parametrize(
    ("year", "blocks"),
    [
        ("2016/17", [37, 35, 29, 30, 28, 36]),
        ("2017/18", [35, 39, 25, 25, 34, 37]),
        ("2018/19", [35, 40, 30, 30, 23, 37]),
    ],
)
def test_each_school_year_held_has_195_school_days_in_six_blocks(year: str, blocks: list[int]) -> None:
    policies = assessor().policies
    (held,) = [y for y in policies.calendars["somerset"].years if y.name == year]
    counted = []
    for first, last in held.blocks:
        days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
        counted.append(sum(policies.bank_holidays.is_working_day(day) for day in days))
    assert counted == blocks
    assert sum(counted) == 195
