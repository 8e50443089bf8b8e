"""Section 2: what each council version grants, row by row, before and from September 2018."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from eligibility.errors import InputError, UsageError
from tests.case_builder import (
    ABSENT,
    ELSEWHERE,
    FAITH,
    FURTHER_SCHOOL,
    LOW_INCOME,
    THREE_MILES,
    TWO_MILES,
    assessor,
    case,
    decided,
    met,
    result,
)

OLD, NEW = "somerset-2016", "somerset-2018"
both_councils = pytest.mark.parametrize("policy", [OLD, NEW])
FAR: dict[str, Any] = {"measured.walking_mm": THREE_MILES + 1}
ILL: dict[str, Any] = {"medical": {"from": "2018-09-01", "until": "2018-10-15"}, "needs.can_walk": False}


def compared(day: Any = "2018-09-04", **changes: Any) -> tuple[str, str]:
    """The outcomes under both versions on one day."""
    old, new = assessor().compare(case(**changes), versions=(OLD, NEW), on=dt.date.fromisoformat(day))
    return old.outcome, new.outcome


# -- which version applies


@pytest.mark.parametrize(
    ("day", "policy"),
    [
        ("2016-09-01", OLD),
        ("2018-04-01", OLD),
        ("2018-08-30", OLD),
        ("2018-08-31", OLD),
        ("2018-09-01", NEW),
        ("2018-09-02", NEW),
        ("2024-01-08", NEW),
    ],
)
def test_the_old_policy_applies_until_31_august_2018_and_the_new_from_1_september(day: str, policy: str) -> None:
    assert decided(day=day).policy == policy


def test_a_day_before_the_first_version_is_a_clear_error() -> None:
    with pytest.raises(InputError, match="2016-08-31 is before the first policy version"):
        decided(day="2016-08-31")


@pytest.mark.parametrize("policy", ["england", OLD, NEW])
def test_no_version_can_be_forced_onto_a_day_before_the_first(policy: str) -> None:
    with pytest.raises(InputError, match="before the first policy version"):
        decided(day="2016-08-31", policy=policy)


def test_a_version_can_be_forced_whatever_the_day() -> None:
    assert decided(day="2018-09-04", policy=OLD, **FAITH).outcome == "entitled"
    assert decided(day="2018-08-31", policy=NEW, **FAITH).policy == NEW


def test_an_unknown_version_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="did you mean somerset-2018"):
        decided(policy="somerset-2019")


def test_the_day_of_the_change_turns_a_faith_pupils_answer() -> None:
    outcomes = [decided(day=day, **FAITH).outcome for day in ("2018-08-31", "2018-09-01", "2018-09-02")]
    assert outcomes == ["entitled", "not_entitled", "not_entitled"]


def test_comparison_applies_each_version_to_the_same_day_whether_in_force_or_not() -> None:
    for day in ("2018-08-31", "2018-09-01"):
        assert compared(day, **FAITH) == ("entitled", "not_entitled")


def test_a_decision_says_what_the_other_version_would_have_said() -> None:
    new = decided(**FAITH)
    assert new.other_version is not None
    assert (new.other_version.policy, new.other_version.outcome) == (OLD, "entitled")
    old = decided(day="2018-08-31", **FAITH)
    assert old.other_version is not None
    assert (old.other_version.policy, old.other_version.outcome) == (NEW, "not_entitled")


# -- the transport area school


@both_councils
@pytest.mark.parametrize(("birth", "limit"), [("2007-05-14", THREE_MILES), ("2011-05-14", TWO_MILES)], ids=["11", "7"])
def test_both_versions_grant_travel_to_the_transport_area_school_beyond_walking_distance(
    policy: str, birth: str, limit: int
) -> None:
    changes = FURTHER_SCHOOL | {"measured.transport_area_school": True, "date_of_birth": birth}
    results = [
        result(decided(policy=policy, **changes | {"measured.walking_mm": limit + over}), "transport_area")
        for over in (-1, 0, 1)
    ]
    assert results == ["not_met", "not_met", "met"]
    assert decided(policy=policy, **changes | {"measured.walking_mm": limit + 1}).outcome == "entitled"


def test_statute_alone_knows_no_transport_area() -> None:
    decision = decided(policy="england", **FURTHER_SCHOOL, **FAR, **{"measured.transport_area_school": True})
    assert (decision.outcome, result(decision, "transport_area")) == ("not_entitled", "not listed")


# -- exceptional circumstances


@both_councils
@pytest.mark.parametrize("reason", ["critical_stage", "parent_death_or_illness", "bullying"])
def test_exceptional_circumstances_are_considered_by_an_officer(policy: str, reason: str) -> None:
    decision = decided(policy=policy, exceptional=reason, **FURTHER_SCHOOL, **FAR)
    assert (decision.outcome, met(decision)) == ("refer", {"exceptional"})
    assert decision.starts_on is None
    assert decided(policy="england", exceptional=reason, **FURTHER_SCHOOL, **FAR).outcome == "not_entitled"


@both_councils
def test_discretion_decides_only_when_nothing_entitles(policy: str) -> None:
    assert decided(policy=policy, exceptional="bullying", **FAR).outcome == "entitled"
    unsure = {"measured.nearest_school": ABSENT, "measured.nearest_ignoring_places": False}
    unknown = decided(policy=policy, exceptional="bullying", **FAR, **unsure)
    assert unknown.outcome == "need_information"


# -- religion or belief


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "entitled"),
        ({"measured.walking_mm": THREE_MILES}, "not_entitled"),
        ({"measured.nearest_school_of_belief": False}, "not_entitled"),
        ({"belief.is_reason_for_school": False}, "not_entitled"),
    ],
)
def test_until_august_2018_the_nearest_school_of_the_belief_is_granted_beyond_walking_distance(
    changes: dict[str, Any], expected: str
) -> None:
    decision = decided(day="2018-08-31", **FAITH | changes)
    assert decision.outcome == expected
    assert decided(**FAITH | changes).outcome == "not_entitled"
    if expected == "entitled":
        assert any("faith schools are not in the paper" in text for text in decision.assumptions)


@pytest.mark.parametrize("which", ["measured.transport_area_school", "measured.nearest_school"])
def test_from_september_2018_a_faith_school_counts_as_the_nearest_or_transport_area_school_like_any_other(
    which: str,
) -> None:
    changes: dict[str, Any] = FAITH | {which: True}
    if which == "measured.nearest_school":
        changes |= {"measured.nearest_ignoring_places": True, "measured.nearer_suitable_schools": 0}
    assert decided(**changes).outcome == "entitled"


def test_statutory_paragraph_12_stands_in_both_versions() -> None:
    changes = FAITH | LOW_INCOME | {"measured.nearer_suitable_schools": 3}
    assert compared(**changes) == ("entitled", "entitled")
    assert met(decided(**changes)) == {"low_income_belief"}


# -- temporary medical need


TO_WHICH: dict[str, tuple[dict[str, Any], str, str]] = {
    "any other school": (FURTHER_SCHOOL, "refer", "not_entitled"),
    "the nearest school": ({}, "refer", "refer"),
    "the transport area school": (FURTHER_SCHOOL | {"measured.transport_area_school": True}, "refer", "refer"),
}


@pytest.mark.parametrize(("school", "old", "new"), TO_WHICH.values(), ids=TO_WHICH)
def test_a_temporary_medical_need_is_considered_to_any_school_until_august_2018_then_to_the_nearest_or_transport_area(
    school: dict[str, Any], old: str, new: str
) -> None:
    ill = ILL | {"needs.can_walk": True}
    assert compared(**school | ill) == (old, new)


@both_councils
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2018-09-30", "not_entitled"),
        ("2018-10-01", "refer"),
        ("2018-11-12", "refer"),
        ("2018-11-13", "not_entitled"),
    ],
)
def test_temporary_medical_help_lasts_no_longer_than_the_condition(policy: str, day: str, expected: str) -> None:
    condition = {"from": "2018-10-01", "until": "2018-11-12"}
    assert decided(policy=policy, day=day, medical=condition).outcome == expected


@both_councils
def test_a_condition_that_stops_a_child_walking_to_the_nearest_school_is_a_statutory_matter_first(
    policy: str,
) -> None:
    decision = decided(policy=policy, **ILL)
    assert decision.outcome == "entitled"
    assert result(decision, "special_needs") == "met"


def test_statute_alone_has_no_discretion_for_temporary_medical_need() -> None:
    assert decided(policy="england", **FURTHER_SCHOOL | ILL).outcome == "not_entitled"


# -- the rest of the table


@both_councils
def test_every_ground_of_the_version_is_listed_with_its_kind(policy: str) -> None:
    statutory = {
        "walking_distance",
        "special_needs",
        "unsafe_route",
        "low_income_8_to_10",
        "low_income_11",
        "low_income_belief",
    }
    local, considered = {"transport_area", "under_school_age"}, {"temporary_medical", "exceptional"}
    withdrawn = {"faith", "other_home"} if policy == OLD else set()
    decision = decided(policy=policy)
    by_kind = {kind: {g.id for g in decision.grounds if g.kind == kind} for kind in ("statutory", "local")}
    assert by_kind == {"statutory": statutory, "local": local}
    assert {g.id for g in decision.grounds} == statutory | local | considered | withdrawn


def test_the_clarification_of_low_income_changes_nothing_by_itself() -> None:
    further = FURTHER_SCHOOL | {"measured.walking_mm": TWO_MILES + 1}
    for claim in ("free_school_meals", "maximum_working_tax_credit", "universal_credit"):
        income = {f"income.{claim}": True, "income.evidence_seen_on": "2018-07-01"}
        assert compared(**further | income) == ("entitled", "entitled")


@both_councils
def test_another_schools_number_is_no_reason(policy: str) -> None:
    """What a child could have had elsewhere does not carry to this school."""
    decision = decided(policy=policy, **FURTHER_SCHOOL, **FAR, places={ELSEWHERE: True})
    assert decision.outcome == "not_entitled"
