"""Ages: by birthday and by prescribed day, never by year group."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.case_builder import LOW_INCOME, THREE_MILES, TWO_MILES, decided, met, result

ONE_DAY = dt.timedelta(days=1)
BETWEEN: dict[str, Any] = {"measured.walking_mm": TWO_MILES + 1, "measured.road_mm": TWO_MILES + 1}
FAR: dict[str, Any] = {"measured.walking_mm": THREE_MILES + 1}


def around(day: dt.date) -> list[dt.date]:
    """The day before, the day, the day after."""
    return [day - ONE_DAY, day, day + ONE_DAY]


def starting_on(day: dt.date) -> dict[str, Any]:
    """The child starts at the school, and travels, on the day."""
    return {place: day.isoformat() for place in ("applied_on", "travel_from", "school.started_on")}


# -- the 8th and 11th birthdays


@pytest.mark.parametrize("policy", ["england", "somerset-2016", "somerset-2018"])
@pytest.mark.parametrize(
    ("birth", "day", "expected"),
    [
        ("2010-10-15", "2018-10-14", "met"),
        ("2010-10-15", "2018-10-15", "not_met"),
        ("2010-10-15", "2018-10-16", "not_met"),
        ("2012-02-29", "2020-02-28", "met"),
        ("2012-02-29", "2020-02-29", "not_met"),
        ("2012-02-29", "2020-03-01", "not_met"),
    ],
)
def test_the_walking_limit_changes_from_2_to_3_miles_on_the_8th_birthday(
    policy: str, birth: str, day: str, expected: str
) -> None:
    decision = decided(policy=policy, day=day, date_of_birth=birth, **BETWEEN)
    assert result(decision, "walking_distance") == expected


@pytest.mark.parametrize(
    ("birth", "day", "expected"),
    [
        ("2010-10-15", "2018-10-14", {"walking_distance"}),
        ("2010-10-15", "2018-10-15", {"low_income_8_to_10"}),
        ("2010-10-15", "2018-10-16", {"low_income_8_to_10"}),
        ("2007-10-15", "2018-10-14", {"low_income_8_to_10"}),
        ("2007-10-15", "2018-10-15", {"low_income_11"}),
        ("2007-10-15", "2018-10-16", {"low_income_11"}),
        ("2008-02-29", "2019-02-27", {"low_income_8_to_10"}),
        ("2008-02-29", "2019-02-28", {"low_income_8_to_10"}),
        ("2008-02-29", "2019-03-01", {"low_income_11"}),
    ],
)
def test_low_income_has_one_paragraph_from_the_8th_birthday_and_another_from_the_11th(
    birth: str, day: str, expected: set[str]
) -> None:
    decision = decided(policy="england", day=day, date_of_birth=birth, **LOW_INCOME, **BETWEEN)
    assert met(decision) == expected
    assert decision.outcome == "entitled"


def test_a_year_6_child_of_11_is_under_paragraph_11() -> None:
    """Born in September 2007: Year 6 in 2018/19, and 11 from 20 September 2018."""
    further = {
        "measured.nearest_school": False,
        "measured.nearest_ignoring_places": False,
        "measured.nearer_suitable_schools": 2,
    }
    before, after = (
        decided(day=day, date_of_birth="2007-09-20", year_group=6, **LOW_INCOME, **BETWEEN, **further)
        for day in ("2018-09-19", "2018-09-20")
    )
    assert (before.outcome, met(before)) == ("not_entitled", set())
    assert (after.outcome, met(after)) == ("entitled", {"low_income_11"})


# -- compulsory school age


@pytest.mark.parametrize(
    ("birth", "starts"),
    [
        ("2019-02-10", "2024-03-31"),  # the worked example
        ("2013-08-30", "2018-08-31"),
        ("2013-08-31", "2018-08-31"),  # on the day itself
        ("2013-09-01", "2018-12-31"),
        ("2013-12-31", "2018-12-31"),
        ("2014-01-01", "2019-03-31"),
        ("2014-03-31", "2019-03-31"),
        ("2014-04-01", "2019-08-31"),
        ("2016-02-29", "2021-03-31"),
    ],
)
def test_compulsory_school_age_starts_on_the_prescribed_day_on_or_next_after_the_5th_birthday(
    birth: str, starts: str
) -> None:
    results = [
        result(decided(policy="england", date_of_birth=birth, **FAR, **starting_on(day)), "walking_distance")
        for day in around(dt.date.fromisoformat(starts))
    ]
    assert results == ["not_met", "met", "met"]


@pytest.mark.parametrize(
    ("birth", "ends"),
    [
        ("2007-09-23", "2024-06-28"),  # the worked example
        ("2002-08-31", "2018-06-29"),  # 16 on the last day of the school year 2017/18
        ("2002-09-01", "2019-06-28"),  # 16 on the first day of 2018/19
        ("2003-05-14", "2019-06-28"),
        ("2003-08-31", "2019-06-28"),
        ("2004-02-29", "2020-06-26"),
    ],
)
def test_compulsory_school_age_ends_on_the_last_friday_in_june_of_the_school_year_of_the_16th_birthday(
    birth: str, ends: str
) -> None:
    last = dt.date.fromisoformat(ends)
    assert last.strftime("%A") == "Friday"
    results = [
        result(decided(policy="england", day=day, date_of_birth=birth, **FAR), "walking_distance")
        for day in around(last)
    ]
    assert results == ["met", "met", "not_met"]


@pytest.mark.parametrize(
    "claim",
    [FAR, {"needs.can_walk": False, "needs.disability": True}, {"route.unsafe": True}],
    ids=["distance", "needs", "route"],
)
@pytest.mark.parametrize(
    ("birth", "day"), [("2014-05-14", "2018-11-06"), ("2003-05-14", "2019-07-01")], ids=["Reception", "Year 11"]
)
def test_a_reception_child_and_a_year_11_pupil_after_june_have_a_local_grant_on_the_same_tests(
    claim: dict[str, Any], birth: str, day: str
) -> None:
    for policy in ("somerset-2016", "somerset-2018"):
        decision = decided(policy=policy, day=day, date_of_birth=birth, **claim)
        assert (decision.outcome, met(decision)) == ("entitled", {"under_school_age"})
    assert decided(policy="england", day=day, date_of_birth=birth, **claim).outcome == "not_entitled"


def test_the_local_grant_is_for_the_nearest_school_or_the_transport_area_school() -> None:
    further = {
        "measured.nearest_school": False,
        "measured.nearest_ignoring_places": False,
        "measured.nearer_suitable_schools": 1,
    }
    reception = {"date_of_birth": "2014-05-14", "day": "2018-11-06", **FAR, **further}
    assert decided(**reception).outcome == "not_entitled"
    assert met(decided(**reception, **{"measured.transport_area_school": True})) == {"transport_area"}


@pytest.mark.parametrize(
    ("birth", "starts"),
    [
        ("2014-05-14", "2018-09-01"),
        ("2014-08-31", "2018-09-01"),
        ("2013-09-01", "2018-09-01"),
        ("2014-09-01", "2019-09-01"),  # four on 1 September: the September after is a year later
    ],
)
def test_the_councils_school_age_starts_with_the_september_after_the_4th_birthday(birth: str, starts: str) -> None:
    first = dt.date.fromisoformat(starts)
    outcomes = [decided(day=day, date_of_birth=birth, **FAR).outcome for day in around(first)]
    assert outcomes == ["not_entitled", "entitled", "entitled"]


@pytest.mark.parametrize(
    ("birth", "last"),
    [
        ("2001-05-14", "2017-07-24"),  # the calendar of 2016/17
        ("2002-05-14", "2018-07-24"),  # the calendar of 2017/18
        ("2003-05-14", "2019-07-23"),  # the invented calendar of 2018/19
        ("2004-05-14", "2020-07-31"),  # no calendar: 31 July
        ("2002-09-01", "2019-07-23"),
        ("2002-08-31", "2018-07-24"),
    ],
)
def test_the_councils_school_age_ends_with_the_last_day_of_year_11(birth: str, last: str) -> None:
    ends = dt.date.fromisoformat(last)
    outcomes = [decided(day=day, date_of_birth=birth, **FAR).outcome for day in around(ends)]
    assert outcomes == ["entitled", "entitled", "not_entitled"]


def test_a_sixth_former_has_nothing() -> None:
    decision = decided(date_of_birth="2002-05-14", **FAR, exceptional="bullying")
    assert (decision.outcome, met(decision)) == ("not_entitled", set())


@pytest.mark.parametrize("policy", ["somerset-2016", "somerset-2018"])
def test_in_compulsory_school_age_the_ground_for_those_outside_it_is_not_met(policy: str) -> None:
    assert result(decided(policy=policy, **FAR), "under_school_age") == "not_met"
