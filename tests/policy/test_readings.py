"""Section 5: every open point is a named choice with its source, and a decision says where another would change it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eligibility.assess import Assessor
from eligibility.case import read_case
from eligibility.decision import Decision
from eligibility.in_force import Books
from eligibility.outcome import answer
from tests.case_builder import (
    ABSENT,
    ELSEWHERE,
    FAITH,
    FURTHER_SCHOOL,
    HERE,
    LOW_INCOME,
    THREE_MILES,
    TWO_MILES,
    assessor,
    award,
    case,
    decided,
)
from tests.policy_folders import Folders

DEFAULTS = {
    "legitimate_expectation": "5.1",
    "late_notice": "delays_the_start",
    "governing_date": "first_day_of_travel",
    "walking_limit_changes": "eighth_birthday",
    "nearest_measured_by": "walking",
    "unnamed_school_had_a_place": "not_presumed",
    "catchment_means": "transport_area",
    "notice_nearest": "ignoring_places",
    "nearer_schools_counted": "with_a_place",
    "protection_scope": "withdrawn_elements",
    "faith_terms": "nearest_school_of_belief",
    "measure_from": "address_point",
    "school_entrance": "nearest_gate",
}


@pytest.mark.parametrize(("name", "chosen"), DEFAULTS.items())
def test_each_reading_is_a_named_choice_with_its_default_its_source_and_another_choice(name: str, chosen: str) -> None:
    reading = assessor().policies.versions["somerset-2018"].readings[name]
    assert (reading.chosen, reading.chosen in reading.choices) == (chosen, True)
    assert len(reading.choices) > 1
    assert reading.source


def other(decision: Decision, name: str) -> dict[str, str]:
    """What the other choices of a reading say, where they say something else."""
    return {r.other: r.outcome for r in decision.readings if r.name == name}


# Each case turns on one reading alone.
ON_A_READING: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "governing_date": (
        FAITH | {"applied_on": "2018-06-20"},
        "not_entitled",
        "date_applied",
        "entitled",
    ),
    "walking_limit_changes": (
        {"date_of_birth": "2010-09-03", "measured.walking_mm": TWO_MILES + 1},
        "not_entitled",
        "end_of_school_year",
        "entitled",
    ),
    "catchment_means": (
        FURTHER_SCHOOL | {"measured.walking_mm": THREE_MILES + 1, "measured.catchment_school": True},
        "not_entitled",
        "todays_catchment",
        "entitled",
    ),
    "nearer_schools_counted": (
        LOW_INCOME
        | FURTHER_SCHOOL
        | {
            "measured.walking_mm": TWO_MILES + 1,
            "measured.nearer_suitable_schools": 2,
            "measured.nearer_ignoring_places": 3,
        },
        "entitled",
        "whether_or_not_a_place",
        "not_entitled",
    ),
    "unnamed_school_had_a_place": (
        {
            "measured.walking_mm": THREE_MILES + 1,
            "measured.nearest_school": ABSENT,
            "measured.nearest_ignoring_places": False,
            "measured.nearer_suitable_schools": ABSENT,
            "admission.preferences": [HERE],
        },
        "need_information",
        "presumed",
        "not_entitled",
    ),
    "faith_terms": (
        FAITH | {"measured.nearest_school_of_belief": False, "travel_from": "2018-06-04", "applied_on": "2018-06-04"},
        "not_entitled",
        "any_school_of_belief",
        "entitled",
    ),
}


@pytest.mark.parametrize(("name", "turns"), ON_A_READING.items())
def test_a_decision_lists_the_reading_that_would_change_it_and_stands_all_the_same(
    name: str, turns: tuple[dict[str, Any], str, str, str]
) -> None:
    changes, outcome, choice, outcome_under_it = turns
    decision = decided(**changes)
    assert decision.outcome == outcome
    assert other(decision, name) == {choice: outcome_under_it}
    assert {r.name for r in decision.readings} == {name}
    (entry,) = decision.readings
    assert (entry.chosen, bool(entry.source)) == (DEFAULTS[name], True)


@pytest.mark.parametrize(("name", "turns"), ON_A_READING.items())
def test_a_council_that_chooses_the_other_reading_gets_the_other_answer(
    name: str, turns: tuple[dict[str, Any], str, str, str], tmp_path: Path
) -> None:
    changes, _, choice, outcome_under_it = turns
    folders = Folders(tmp_path)
    folders.choose(name, choice)
    assert folders.assessor().assess(case(**changes)).outcome == outcome_under_it


@pytest.mark.parametrize(("day", "expected"), [("2019-07-23", "entitled"), ("2019-09-03", "not_entitled")])
def test_read_to_the_end_of_the_school_year_the_lower_limit_holds_to_the_end_of_year_3(
    day: str, expected: str, tmp_path: Path
) -> None:
    folders = Folders(tmp_path)
    folders.choose("walking_limit_changes", "end_of_school_year")
    changes = ON_A_READING["walking_limit_changes"][0]
    assert folders.assessor().assess(case(**changes), on=dt.date.fromisoformat(day)).outcome == expected


def test_readings_that_change_nothing_are_not_listed() -> None:
    assert decided(**{"measured.walking_mm": THREE_MILES + 1}).readings == []


def test_where_legitimate_expectation_differs_the_case_goes_to_an_officer_and_says_so() -> None:
    decision = decided(day="2018-10-01", **FAITH | {"date_of_birth": "2005-05-14", "school.started_on": "2016-09-05"})
    assert decision.outcome == "refer"
    assert other(decision, "legitimate_expectation") == {"1.1": "entitled"}


def test_the_date_applied_also_sets_age() -> None:
    """7 when travel was applied for, 8 on the first day of travel."""
    eight_on_the_first_day = {"date_of_birth": "2010-09-04", "measured.walking_mm": TWO_MILES + 1}
    decision = decided(**eight_on_the_first_day, applied_on="2018-09-03")
    assert decision.outcome == "not_entitled"
    assert other(decision, "governing_date") == {"date_applied": "entitled"}


def test_a_council_that_governs_by_the_date_applied_decides_for_that_day(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.choose("governing_date", "date_applied")
    decision = folders.assessor().assess(case(**FAITH, applied_on="2018-06-20"))
    assert (decision.on, decision.policy) == (dt.date(2018, 6, 20), "somerset-2016")


def test_a_school_named_in_the_preferences_is_not_presumed_to_have_had_a_place(tmp_path: Path) -> None:
    changes = ON_A_READING["unnamed_school_had_a_place"][0]
    folders = Folders(tmp_path)
    folders.choose("unnamed_school_had_a_place", "presumed")
    own = folders.assessor()
    assert own.assess(case(**changes | {"admission.preferences": [ELSEWHERE, HERE]})).outcome == "need_information"
    assert own.assess(case(**changes | {"admission.on_time": False})).outcome == "need_information"


LATE_RECEPTION: dict[str, Any] = {
    "date_of_birth": "2014-05-14",
    "admission.on_time": False,
    "admission.placed_because_late": True,
    "measured.nearest_ignoring_places": False,
    "measured.walking_mm": THREE_MILES + 1,
}


def test_read_as_a_power_to_end_assistance_the_notice_delays_nothing_and_ends_nothing_until_it_is_given(
    tmp_path: Path,
) -> None:
    folders = Folders(tmp_path)
    folders.choose("late_notice", "ends_assistance")
    own, shipped = folders.assessor().assess(case(**LATE_RECEPTION)), decided(**LATE_RECEPTION)
    assert (own.outcome, str(own.starts_on)) == ("entitled", "2018-09-04")
    assert own.ends_on == shipped.ends_on


def test_read_with_a_place_the_notice_never_meets_a_child_at_the_nearest_school_with_one(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.choose("notice_nearest", "with_a_place")
    assert folders.assessor().assess(case(**LATE_RECEPTION)).notices == []
    assert decided(**LATE_RECEPTION).notices != []


@pytest.mark.parametrize(("started_on", "notices"), [("2018-08-31", 0), ("2018-09-01", 1), ("2018-09-04", 1)])
def test_read_to_cover_every_change_protection_spares_those_at_the_school_before_it_the_notice(
    started_on: str, notices: int, tmp_path: Path
) -> None:
    folders = Folders(tmp_path)
    folders.choose("protection_scope", "every_change")
    data = case(**LATE_RECEPTION | {"school.started_on": started_on})
    assert len(folders.assessor().assess(data).notices) == notices
    assert len(assessor().assess(data).notices) == 1


def kept(own: Assessor, **changes: Any) -> str:
    pupil = FAITH | {"date_of_birth": "2005-05-14", "school.started_on": "2016-09-05"}
    return own.assess(case(**pupil | changes), on=dt.date(2018, 10, 1)).outcome


def test_whichever_reading_of_legitimate_expectation_is_chosen_both_are_worked_out(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.choose("legitimate_expectation", "1.1")
    own = folders.assessor()
    for changes in ({}, {"award": award("faith")}, {"award": award("faith"), "home.moved_on": "2018-09-10"}):
        assert kept(own, **changes) == kept(assessor(), **changes)


def test_a_council_may_let_the_chosen_reading_of_legitimate_expectation_decide_alone() -> None:
    shipped = assessor()
    pupil = read_case(case(**FAITH | {"date_of_birth": "2005-05-14", "school.started_on": "2016-09-05"}), shipped.model)
    decide_alone = {"5.1": "not_entitled", "1.1": "entitled"}
    for chosen, outcome in decide_alone.items():
        held = shipped.policies.versions
        reading = held["somerset-2018"].readings["legitimate_expectation"]
        alone = {"legitimate_expectation": replace(reading, chosen=chosen, refer_if_different=False)}
        versions = {name: replace(one, readings={**one.readings, **alone}) for name, one in held.items()}
        books = Books(replace(shipped.policies, versions=versions))
        assert answer(pupil, versions["somerset-2018"], books, dt.date(2018, 10, 1)).outcome == outcome
        # Before the change there is nothing to read.
        assert answer(pupil, versions["somerset-2016"], books, dt.date(2018, 6, 1)).outcome == "entitled"
