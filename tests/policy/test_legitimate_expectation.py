"""Section 3: who keeps what was withdrawn, in both readings, and what ends it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from eligibility.decision import Decision
from tests.case_builder import (
    ABSENT,
    ELSEWHERE,
    FAITH,
    FIFTEEN_MILES,
    HERE,
    THIRD,
    THREE_MILES,
    assessor,
    award,
    case,
    decided,
    result,
)
from tests.policy.test_parents_apart import FROM_THERE, OTHER_HOME

PUPIL: dict[str, Any] = FAITH | {
    "date_of_birth": "2005-05-14",  # Year 9 in 2018/19
    "school.started_on": "2016-09-05",
    "award": award("faith"),
}
"""At the faith school since Year 7, with an award of that element."""


def outcome(day: Any = "2018-10-01", **changes: Any) -> str:
    return decided(day=day, **PUPIL | changes).outcome


def readings(decision: Decision) -> dict[str, str]:
    """What the other reading of legitimate expectation says, where it says something else."""
    return {r.other: r.outcome for r in decision.readings if r.name == "legitimate_expectation"}


# -- kept under both


def test_an_existing_pupil_with_an_award_of_a_withdrawn_element_keeps_it() -> None:
    decision = decided(day="2018-10-01", **PUPIL)
    assert decision.outcome == "entitled"
    assert readings(decision) == {}
    kept = decision.protected
    assert kept is not None
    assert (kept.ground, kept.under, kept.reading, kept.until) == ("faith", "somerset-2016", "5.1", None)
    assert kept.ends_when == ["changes school", "changes address"]


def test_a_pupil_protected_for_the_other_home_keeps_travel_from_there() -> None:
    for claim in ("walking distance", "unsafe route", "faith"):
        changes = OTHER_HOME | FROM_THERE[claim] | {"award": award("other_home"), "school.started_on": "2016-09-05"}
        decision = decided(day="2018-10-01", date_of_birth="2005-05-14", **changes)
        assert decision.outcome == "entitled"
        assert decision.protected is not None
        assert decision.protected.ground == "other_home"


def test_a_protected_temporary_medical_award_stays_an_officers_decision_and_lapses_with_the_condition() -> None:
    ill = PUPIL | {
        "award": award("temporary_medical", granted_on="2018-06-01"),
        "medical": {"from": "2018-06-01", "until": "2018-11-12"},
        "belief.is_reason_for_school": False,
        "measured.walking_mm": THREE_MILES,
    }
    outcomes = [decided(day=day, **ill).outcome for day in ("2018-09-03", "2018-11-12", "2018-11-13")]
    assert outcomes == ["refer", "refer", "not_entitled"]


def test_the_withdrawn_ground_is_tested_on_the_days_facts_as_the_old_version_worded_it() -> None:
    assert outcome(**{"measured.walking_mm": THREE_MILES}) == "not_entitled"
    assert outcome(**{"measured.nearest_school_of_belief": False}) == "not_entitled"
    assert outcome(**{"belief.is_reason_for_school": False}) == "not_entitled"


def test_protection_enters_only_under_the_later_version() -> None:
    old, new = assessor().compare(case(**PUPIL), versions=("somerset-2016", "somerset-2018"), on=dt.date(2018, 10, 1))
    assert (old.outcome, new.outcome) == ("entitled", "entitled")
    assert old.protected is None
    assert new.protected is not None


@pytest.mark.parametrize("day", ["2018-09-01", "2018-09-03", "2021-06-30"])
def test_protection_lasts_as_long_as_the_pupil_stays(day: str) -> None:
    assert outcome(day) == "entitled"


# -- the two readings differ: an officer decides


DIFFER: dict[str, dict[str, Any]] = {
    "applies for the first time after the change": {"award": None},
    "has moved house since the change": {"home.moved_on": "2018-09-02"},
    "has an award of another element only": {"award": award("walking_distance")},
    "has an award made in error": {"award": award("faith", in_error=True)},
    "has a paid seat": {"award": award("faith", paid_seat=True)},
}


@pytest.mark.parametrize("changes", DIFFER.values(), ids=DIFFER)
def test_an_existing_pupil_is_kept_by_1_1_alone_and_goes_to_an_officer_who(changes: dict[str, Any]) -> None:
    decision = decided(day="2018-10-01", **PUPIL | changes)
    assert decision.outcome == "refer"
    assert readings(decision) == {"1.1": "entitled"}
    assert decision.protected is None


def test_an_award_in_error_protects_nothing_and_takes_nothing_away_under_1_1() -> None:
    in_error = decided(day="2018-10-01", **PUPIL | {"award": award("faith", in_error=True)})
    without = decided(day="2018-10-01", **PUPIL | {"award": None})
    assert in_error.outcome == without.outcome == "refer"
    assert readings(in_error) == readings(without)


@pytest.mark.parametrize(
    ("moved_on", "expected"),
    [
        ("2016-09-01", "entitled"),  # before the award
        ("2017-03-01", "entitled"),  # after the award, before the change of policy
        ("2018-08-31", "entitled"),
        ("2018-09-01", "refer"),
        ("2018-09-02", "refer"),
        ("2018-10-01", "refer"),
        ("2018-10-02", "entitled"),  # the day after the day asked about
    ],
)
def test_a_change_of_address_ends_protection_under_5_1_when_it_follows_the_award_and_the_change_of_policy(
    moved_on: str, expected: str
) -> None:
    assert outcome(**{"home.moved_on": moved_on}) == expected


def test_a_coming_move_is_on_the_timeline() -> None:
    decision = decided(day="2018-10-01", **PUPIL | {"home.moved_on": "2018-11-05"})
    (event,) = [event for event in decision.timeline if event.on == dt.date(2018, 11, 5)]
    assert event.outcome == "refer"


# -- kept under neither


NEITHER: dict[str, dict[str, Any]] = {
    "starts at the school after the change": {"school.started_on": "2018-09-03", "award": None},
    "starts on the day of the change": {"school.started_on": "2018-09-01", "award": None},
    "comes from another school": {"school.started_on": "2018-09-03", "award": award("faith", urn=ELSEWHERE)},
    "was awarded in the summer and starts after it": {
        "school.started_on": "2018-09-03",
        "award": award("faith", granted_on="2018-07-02"),
    },
}


@pytest.mark.parametrize("changes", NEITHER.values(), ids=NEITHER)
def test_a_new_pupil_is_kept_by_neither_reading_who(changes: dict[str, Any]) -> None:
    decision = decided(day="2018-10-01", **PUPIL | changes)
    assert (decision.outcome, readings(decision), decision.protected) == ("not_entitled", {}, None)


def test_a_move_from_first_to_middle_or_middle_to_upper_school_is_a_change_of_school() -> None:
    for birth in ("2009-05-14", "2005-05-14"):
        moved = {"date_of_birth": birth, "school.started_on": "2018-09-03", "award": award("faith", urn=ELSEWHERE)}
        assert outcome(**moved) == "not_entitled"


def test_a_pupil_who_started_on_the_last_day_of_the_old_policy_is_an_existing_pupil() -> None:
    assert outcome(**{"school.started_on": "2018-08-31", "award": None}) == "refer"


def test_an_academy_conversion_is_not_a_change_of_school() -> None:
    converted = {"school.urn": THIRD, "school.former_urns": [HERE]}
    assert outcome(**converted) == "entitled"
    assert outcome(**{"school.urn": THIRD}) != "entitled"


def test_whether_a_new_number_is_the_same_school_is_asked_where_former_numbers_are_not_known() -> None:
    decision = decided(day="2018-10-01", **PUPIL | {"school.urn": THIRD, "school.former_urns": ABSENT})
    assert (decision.outcome, decision.missing) == ("need_information", ["school.former_urns"])


@pytest.mark.parametrize(("day", "kept"), [("2018-12-20", True), ("2018-12-21", True), ("2018-12-22", False)])
def test_protection_ends_when_the_awards_own_time_runs_out(day: str, kept: bool) -> None:
    decision = decided(day=day, **PUPIL | {"award": award("faith", ends_on="2018-12-21")})
    assert (decision.protected is not None) is kept
    assert (decision.outcome == "entitled") is kept
    if kept:
        assert decision.protected is not None
        assert decision.protected.until == dt.date(2018, 12, 21)
        assert decision.ends_on == dt.date(2018, 12, 21)


def test_only_withdrawn_elements_are_protected() -> None:
    """An award of the transport area ground keeps nothing: that ground was not withdrawn."""
    held = {"award": award("transport_area"), "belief.is_reason_for_school": False}
    assert outcome(**held) == "not_entitled"


def test_a_protected_pupil_has_no_more_than_the_element_that_was_awarded() -> None:
    """A faith award protects no travel from the other home."""
    from_there = OTHER_HOME | FROM_THERE["walking distance"]
    changes = from_there | {"measured.walking_mm": THREE_MILES, "belief.is_reason_for_school": False}
    decision = decided(day="2018-10-01", **PUPIL | changes)
    assert (decision.outcome, readings(decision)) == ("refer", {"1.1": "entitled"})


# -- what is not known


def test_what_is_not_known_of_the_award_is_asked_where_it_matters_and_only_there() -> None:
    existing = decided(day="2018-10-01", **PUPIL | {"award": ABSENT})
    assert (existing.outcome, existing.missing) == ("need_information", ["award"])
    # Beyond 15 miles by road an award on low income could not carry a new pupil either.
    new_pupil = {"school.started_on": "2018-09-03", "measured.road_mm": FIFTEEN_MILES + 1}
    new = decided(day="2018-10-01", **PUPIL | {"award": ABSENT} | new_pupil)
    assert (new.outcome, new.missing) == ("not_entitled", [])
    entitled = decided(day="2018-10-01", **PUPIL | {"award": ABSENT, "measured.transport_area_school": True})
    assert (entitled.outcome, entitled.missing) == ("entitled", [])


def test_the_day_a_pupil_started_is_asked_where_it_matters() -> None:
    decision = decided(day="2018-10-01", **PUPIL | {"school.started_on": ABSENT})
    assert (decision.outcome, decision.missing) == ("need_information", ["school.started_on"])


def test_before_the_change_nobody_needs_protection() -> None:
    decision = decided(day="2018-08-31", **PUPIL | {"award": ABSENT, "school.started_on": ABSENT})
    assert (decision.outcome, decision.protected) == ("entitled", None)


def test_a_pupil_whom_nothing_withdrawn_ever_carried_is_not_referred() -> None:
    plain = {"belief.is_reason_for_school": False, "award": None}
    decision = decided(day="2018-10-01", **PUPIL | plain)
    assert (decision.outcome, readings(decision)) == ("not_entitled", {})


def test_the_entry_for_the_protected_ground_shows_its_figures_under_the_old_wording() -> None:
    decision = decided(day="2018-10-01", **PUPIL)
    assert result(decision, "faith") == "met"
    (entry,) = [g for g in decision.grounds if g.id == "faith"]
    assert (entry.value, entry.limit) == ({"walking_mm": THREE_MILES + 1}, {"walking_mm": THREE_MILES})
