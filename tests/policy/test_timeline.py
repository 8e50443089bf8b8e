"""How a decision is followed to the end of the child's time at the school, on answers given day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from eligibility.outcome import Answer
from eligibility.timeline import Course, Turn, course, end_of_phase
from tests.case_builder import LOW_INCOME, THREE_MILES, TWO_MILES, assessor, case, decided

FIRST_DAY = dt.date(2018, 9, 4)
LAST_DAY = dt.date(2019, 7, 23)
"""Of the school year 2018/19, and of Year 6 for a child born in May 2008."""
AT_HAND = {"date_of_birth": "2008-05-14"}


def answer(**changes: Any) -> Answer:
    return assessor().matter(case(**AT_HAND | changes)).now


def followed(outcomes: Mapping[dt.date, str], *turns: Turn, **changes: Any) -> tuple[Course, list[tuple[Any, ...]]]:
    """The course of a decision that has other outcomes from some days on, and how each day was asked for."""
    now = replace(answer(**changes), outcome="entitled")
    asked: list[tuple[Any, ...]] = []

    def answer_on(day: dt.date, *, new_policy: bool, income_known: bool) -> Answer:
        asked.append((day, new_policy, income_known))
        return replace(now, outcome=[outcome for since, outcome in outcomes.items() if since <= day][-1])

    return course(now, FIRST_DAY, FIRST_DAY, answer_on, turns), asked


def days(*texts: str) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]


def test_an_entitlement_that_lapses_comes_back_and_lapses_again_ends_the_first_time() -> None:
    lapse, back, again = days("2018-11-01", "2019-01-08", "2019-03-01")
    outcomes = {FIRST_DAY: "entitled", lapse: "not_entitled", back: "entitled", again: "not_entitled"}
    found, _ = followed(outcomes, *(Turn(day, day, "a change") for day in (lapse, back, again)))
    assert found.ends_on == dt.date(2018, 10, 31)
    assert [(change.turn.first, change.outcome) for change in found.changes] == [
        (lapse, "not_entitled"),
        (back, "entitled"),
        (again, "not_entitled"),
        (dt.date(2019, 7, 24), "not_entitled"),
    ]


@pytest.mark.parametrize(("named", "ends_on"), [("2019-02-28", "2019-02-28"), ("2019-03-01", "2019-02-28")])
def test_an_entitlement_lasts_to_the_day_named_or_to_the_day_before_it(named: str, ends_on: str) -> None:
    first = dt.date(2019, 3, 1)
    turn = Turn(dt.date.fromisoformat(named), first, "a change")
    found, _ = followed({FIRST_DAY: "entitled", first: "not_entitled"}, turn)
    assert str(found.ends_on) == ends_on


def test_a_change_from_one_entitlement_to_another_ends_nothing() -> None:
    day = dt.date(2019, 3, 1)
    found, _ = followed({FIRST_DAY: "entitled"}, Turn(day, day, "a change"))
    assert ([change.outcome for change in found.changes], found.ends_on) == (["not_entitled"], LAST_DAY)


def test_nothing_is_looked_at_before_the_day_after_the_decision_or_after_the_last_day_at_the_school() -> None:
    turns = [Turn(day, day, "a day") for day in days("2018-09-04", "2018-09-05", "2019-07-23", "2019-07-24")]
    _, asked = followed({FIRST_DAY: "entitled"}, *turns)
    looked_at = {day for day, _, _ in asked}
    assert looked_at & {turn.on for turn in turns} == set(days("2018-09-05", "2019-07-23"))


def test_on_one_day_facts_change_before_income_is_asked_again_and_that_before_the_policy() -> None:
    day = dt.date(2019, 3, 1)
    turns = [Turn(day, day, kind, kind) for kind in ("policy", "retest", "fact")]
    _, asked = followed({FIRST_DAY: "entitled"}, *turns)
    assert [one for one in asked if one[0] == day] == [
        (day, False, True),  # the fact
        (day, False, True),
        (day, False, False),  # income, known and not
        (day, True, True),  # the policy: nothing hung on the income
    ]


def test_after_a_new_policy_every_later_day_is_under_it() -> None:
    policy, later = days("2019-02-01", "2019-03-01")
    _, asked = followed({FIRST_DAY: "entitled"}, Turn(policy, policy, "new", "policy"), Turn(later, later, "a day"))
    assert {(day < policy, new) for day, new, _ in asked} <= {(True, False), (False, True)}
    assert (later, True) in {(day, new) for day, new, _ in asked}


@pytest.mark.parametrize(
    ("birth", "last", "says"),
    [
        ("2014-10-14", None, "end of Year 6"),
        ("2014-10-14", -1, "end of Reception"),
        ("2014-10-14", 0, "end of Reception"),
        ("2014-10-14", 1, "end of Year 1"),
        ("2013-10-14", 0, "end of Reception"),
        ("2007-10-14", None, "end of Year 6"),
        ("2007-10-14", 8, "end of Year 8"),
        ("2007-08-14", None, "end of Year 11"),
        ("2007-08-14", 6, "end of Year 7"),
        ("2007-08-14", 13, "end of Year 11"),
        ("2002-10-14", None, "end of Year 11"),
        ("2002-08-14", None, None),
    ],
)
def test_a_child_stays_to_the_last_year_of_its_school_and_no_longer_than_year_11(
    birth: str, last: int | None, says: str | None
) -> None:
    day = replace(answer(date_of_birth=birth).established.day, last_year_group=last)
    end = end_of_phase(day, FIRST_DAY, [])
    assert (end and end.what.partition(" (")[0]) == says
    assert end is None or end.first - end.on == dt.timedelta(days=1)


def test_the_last_day_of_a_school_year_is_of_it_and_the_day_after_is_of_the_next() -> None:
    day = answer().established.day
    ends = [end_of_phase(day, start, []) for start in (LAST_DAY, LAST_DAY + dt.timedelta(days=1))]
    assert [end and end.what.partition(" (")[0] for end in ends] == ["end of Year 6", "end of Year 11"]


def test_a_birthday_on_the_last_day_at_the_school_is_told() -> None:
    child = LOW_INCOME | {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1}
    decision = decided(**child, date_of_birth="2008-07-23")
    told = [(event.on, event.what, event.outcome) for event in decision.timeline]
    assert (LAST_DAY, "11th birthday", "entitled") in told


def test_whoever_leaves_school_in_july_is_told_of_no_policy_of_september() -> None:
    far = {"measured.walking_mm": THREE_MILES + 1, "measured.road_mm": THREE_MILES + 1}
    decision = decided(**far, date_of_birth="2002-05-14", travel_from="2018-06-04")
    assert [event.on for event in decision.timeline if event.on > dt.date(2018, 7, 24)] == []
    assert decision.ends_on == dt.date(2018, 7, 24)
