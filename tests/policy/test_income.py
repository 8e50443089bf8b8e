"""Low income: paragraph 14, the earnings limit since 1 April 2018, evidence, and the award that runs to the summer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.case_builder import ABSENT, FURTHER_SCHOOL, TWO_MILES, assessor, award, decided, result

SEEN: dict[str, Any] = {"income.evidence_seen_on": "2018-03-01"}
FURTHER: dict[str, Any] = FURTHER_SCHOOL | {
    "measured.walking_mm": TWO_MILES + 1,
    "measured.road_mm": TWO_MILES + 1,
    "date_of_birth": "2006-05-14",
}
"""Nothing but low income could carry a child of 11 to this school."""
CREDIT: dict[str, Any] = {"income.universal_credit": True}


def outcome(day: Any = "2018-09-04", **changes: Any) -> str:
    return decided(day=day, **FURTHER | changes).outcome


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ({}, "not_entitled"),
        ({"income.free_school_meals": True}, "entitled"),
        ({"income.maximum_working_tax_credit": True}, "entitled"),
        ({**CREDIT, "income.net_earnings_pence": 0}, "entitled"),
        ({"income.net_earnings_pence": 0}, "not_entitled"),  # small earnings alone are not a benefit
    ],
)
@pytest.mark.parametrize("policy", ["england", "somerset-2016", "somerset-2018"])
def test_low_income_is_meals_on_benefit_grounds_or_maximum_working_tax_credit_or_universal_credit_within_the_limit(
    policy: str, claim: dict[str, Any], expected: str
) -> None:
    """It is the same before and after: the change of 2018 is a clarification of the statute."""
    assert decided(policy=policy, **FURTHER | SEEN | claim).outcome == expected


@pytest.mark.parametrize("day", ["2018-03-30", "2018-03-31"])
@pytest.mark.parametrize("earnings", [740_000, 740_001, 5_000_000, ABSENT])
def test_until_31_march_2018_universal_credit_counts_without_an_earnings_test(day: str, earnings: Any) -> None:
    assert outcome(day, **SEEN, **CREDIT, **{"income.net_earnings_pence": earnings}) == "entitled"


@pytest.mark.parametrize("day", ["2018-04-01", "2018-04-02", "2018-09-04"])
@pytest.mark.parametrize(
    ("earnings", "expected"), [(739_999, "entitled"), (740_000, "entitled"), (740_001, "not_entitled")]
)
def test_from_1_april_2018_net_earnings_must_not_exceed_7400_pounds_a_year(
    day: str, earnings: int, expected: str
) -> None:
    assert outcome(day, **SEEN, **CREDIT, **{"income.net_earnings_pence": earnings}) == expected


@pytest.mark.parametrize(
    ("place", "limit"),
    [
        ("income.net_earnings_last_period_pence", 61_667),
        ("income.net_earnings_last_two_periods_pence", 123_334),
        ("income.net_earnings_last_three_periods_pence", 185_000),
    ],
)
@pytest.mark.parametrize(("over", "expected"), [(-1, "entitled"), (0, "entitled"), (1, "not_entitled")])
def test_the_limit_may_be_met_over_the_last_one_two_or_three_assessment_periods(
    place: str, limit: int, over: int, expected: str
) -> None:
    earnings = {"income.net_earnings_pence": 740_001, place: limit + over}
    assert outcome(**SEEN, **CREDIT, **earnings) == expected


def test_earnings_not_stated_are_asked_for_from_1_april_2018() -> None:
    decision = decided(**FURTHER | SEEN | CREDIT | {"income.net_earnings_pence": ABSENT})
    assert (decision.outcome, decision.missing) == ("need_information", ["income.net_earnings_pence"])


def test_universal_credit_within_the_limit_is_low_income_whether_or_not_meals_are_claimed() -> None:
    earnings = {"income.net_earnings_pence": 650_000, "income.free_school_meals": False}
    decision = decided(**FURTHER | SEEN | CREDIT | earnings)
    assert decision.outcome == "entitled"
    assert any("Universal Credit" in text for text in decision.assumptions)


def test_protected_meals_count_whatever_the_earnings_until_the_end_of_the_roll_out() -> None:
    claim = SEEN | CREDIT | {"income.net_earnings_pence": 5_000_000, "income.free_school_meals_protected": True}
    decision = decided(**FURTHER | claim)
    assert decision.outcome == "entitled"
    assert any("protected" in text.lower() for text in decision.assumptions)
    ends = assessor().policies.versions["england"].parameters["meals_protection_ends"].values[-1][1]
    assert isinstance(ends, dt.date)
    young = {"date_of_birth": ends.replace(year=ends.year - 13)}
    assert decided(day=ends, **FURTHER | claim | young).outcome == "entitled"
    assert decided(day=ends + dt.timedelta(days=1), **FURTHER | claim | young).outcome == "not_entitled"


# -- evidence


@pytest.mark.parametrize(
    "claim", ["income.free_school_meals", "income.maximum_working_tax_credit", "income.universal_credit"]
)
def test_low_income_claimed_and_not_shown_is_not_met_and_the_decision_says_what_showing_it_would_do(claim: str) -> None:
    decision = decided(**FURTHER | {claim: True, "income.evidence_seen_on": None})
    assert decision.outcome == "not_entitled"
    assert result(decision, "low_income_11") == "not_met"
    assert any("evidence" in text.lower() for text in decision.would_change)


def test_evidence_not_known_to_be_seen_is_asked_for() -> None:
    decision = decided(**FURTHER | {"income.free_school_meals": True, "income.evidence_seen_on": ABSENT})
    assert (decision.outcome, decision.missing) == ("need_information", ["income.evidence_seen_on"])


def test_income_not_known_is_asked_for_and_never_taken_as_nothing() -> None:
    decision = decided(**FURTHER | SEEN | {"income.free_school_meals": ABSENT})
    assert (decision.outcome, decision.missing) == ("need_information", ["income.free_school_meals"])


# -- the award runs to the end of the school year


def test_an_award_on_low_income_runs_to_the_end_of_the_school_year_and_is_tested_again() -> None:
    decision = decided(**FURTHER | SEEN | {"income.free_school_meals": True})
    assert decision.ends_on == dt.date(2019, 7, 23)
    assert any("tested again" in event.what for event in decision.timeline)


@pytest.mark.parametrize(
    ("day", "expected"), [("2019-03-01", "entitled"), ("2019-07-23", "entitled"), ("2019-09-03", "not_entitled")]
)
def test_an_award_given_this_school_year_stands_whatever_happens_to_the_income(day: str, expected: str) -> None:
    held = award("low_income_11", policy="somerset-2018", granted_on="2018-09-04", ends_on="2019-07-23")
    assert outcome(day, award=held) == expected


def test_an_award_on_low_income_of_an_earlier_school_year_is_no_income_this_year() -> None:
    held = award("low_income_11", granted_on="2017-09-04", ends_on="2018-07-24")
    assert outcome(award=held) == "not_entitled"
