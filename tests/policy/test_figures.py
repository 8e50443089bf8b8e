"""The figures, days and readings of each version, typed in from the statute, the guidance and the council's paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from eligibility.policy import Version
from eligibility.policy_files import policies
from tests.case_builder import FIFTEEN_MILES, SIX_MILES, THREE_MILES, TWO_MILES

STATUTE_HELD_FROM = date(2016, 9, 1)
STATUTE: dict[str, Any] = {
    "walking_limit_for_younger_children": TWO_MILES,
    "walking_limit": THREE_MILES,
    "walking_limit_changes_at": 8,
    "low_income_walking_limit": TWO_MILES,
    "low_income_road_limit": SIX_MILES,
    "low_income_belief_road_limit": FIFTEEN_MILES,
    "low_income_younger_from": 8,
    "low_income_older_from": 11,
    "nearer_schools_that_rule_out": 3,
    "compulsory_age_starts_at": 5,
    "prescribed_days": ("08-31", "12-31", "03-31"),
    "compulsory_age_ends_at": 16,
    "school_leaving_day": "last friday of june",
    "school_year_starts": "09-01",
    "school_year_ends_without_calendar": "07-31",
    "reception_starts_after": 4,
    "primary_ends_with": 6,
    "schooling_ends_with": 11,
    "earnings_limit_begins": date(2018, 4, 1),
    "earnings_limit_a_year": 7_400_00,
    "earnings_limit_one_period": 616_67,
    "earnings_limit_two_periods": 1_233_34,
    "earnings_limit_three_periods": 1_850_00,
    "review_asked_within": 20,
    "review_decided_within": 20,
    "appeal_asked_within": 20,
    "appeal_heard_within": 40,
    "appeal_letter_within": 5,
    "postcode_centre_tolerance": 100_000,
    "geocoding_tolerance": 100_000,
}
SOMERSET_2016: dict[str, Any] = {
    "school_age_starts_after": 4,
    "school_age_ends_at": 16,
    "temporary_medical_schools": "any_school",
    "waiting_guideline": 15,
    "waiting_guideline_covers": "all_pupils",
    "behaviour_thresholds": "case_by_case",
    "behaviour_first_suspension": 5,
    "behaviour_second_suspension": 10,
}
SOMERSET_2018: dict[str, Any] = {
    "temporary_medical_schools": "nearest_or_transport_area",
    "waiting_guideline_covers": "primary_and_middle",
    "behaviour_thresholds": "stated",
}
# In the order of the policy's own list: the reading taken by default, then the other.
READINGS = {
    "legitimate_expectation": ("5.1", "1.1"),
    "late_notice": ("delays_the_start", "ends_assistance"),
    "governing_date": ("first_day_of_travel", "date_applied"),
    "walking_limit_changes": ("eighth_birthday", "end_of_school_year"),
    "nearest_measured_by": ("walking", "road"),
    "unnamed_school_had_a_place": ("not_presumed", "presumed"),
    "catchment_means": ("transport_area", "todays_catchment"),
    "notice_nearest": ("ignoring_places", "with_a_place"),
    "nearer_schools_counted": ("with_a_place", "whether_or_not_a_place"),
    "protection_scope": ("withdrawn_elements", "every_change"),
    "faith_terms": ("nearest_school_of_belief", "any_school_of_belief"),
    "measure_from": ("address_point", "property_meets_road"),
    "school_entrance": ("nearest_gate", "main_entrance"),
}
OF_STATUTE = {
    "governing_date",
    "walking_limit_changes",
    "nearest_measured_by",
    "unnamed_school_had_a_place",
    "nearer_schools_counted",
    "measure_from",
    "school_entrance",
}
OF_2016 = OF_STATUTE | {"faith_terms", "catchment_means"}


def version(name: str) -> Version:
    return policies().versions[name]


def figures(name: str) -> dict[str, Any]:
    """What each parameter holds from the first day of its version, and does not change."""
    held = version(name)
    return {
        parameter.name: value
        for parameter in held.parameters.values()
        for start, value in parameter.values
        if parameter.name != "meals_protection_ends"
    }


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("england", STATUTE),
        ("somerset-2016", STATUTE | SOMERSET_2016),
        ("somerset-2018", STATUTE | SOMERSET_2016 | SOMERSET_2018),
    ],
)
def test_each_figure_is_the_one_of_the_statute_the_guidance_or_the_paper(name: str, right: dict[str, Any]) -> None:
    assert figures(name) == right


@pytest.mark.parametrize(
    ("announced", "ends"),
    [
        (date(2016, 9, 1), date(2022, 3, 31)),
        (date(2022, 3, 31), date(2022, 3, 31)),
        (date(2022, 4, 1), date(2023, 3, 31)),
        (date(2023, 1, 31), date(2023, 3, 31)),
        (date(2023, 2, 1), date(2025, 3, 31)),
        (date(2025, 3, 31), date(2025, 3, 31)),
        (date(2025, 4, 1), date(2026, 8, 31)),
        (date(2026, 9, 1), date(2026, 8, 31)),
    ],
)
def test_protected_meals_last_to_the_end_of_the_roll_out_announced_by_the_day(announced: date, ends: date) -> None:
    assert version("england").parameters["meals_protection_ends"].on(announced) == ends


@pytest.mark.parametrize("name", ["england", "somerset-2016"])
def test_the_first_figures_hold_from_the_first_day_the_statute_is_held_for(name: str) -> None:
    held = version(name)
    assert {parameter.values[0][0] for parameter in held.parameters.values()} == {STATUTE_HELD_FROM}


def test_the_versions_run_from_their_days_and_the_newer_replaces_the_older() -> None:
    run = {name: (held.starts, held.ends, held.statute, held.replaces) for name, held in policies().versions.items()}
    assert run == {
        "england": (STATUTE_HELD_FROM, None, "", ""),
        "somerset-2016": (date(2016, 9, 1), date(2018, 8, 31), "england", ""),
        "somerset-2018": (date(2018, 9, 1), None, "england", "somerset-2016"),
    }


@pytest.mark.parametrize(
    ("name", "readings"), [("england", OF_STATUTE), ("somerset-2016", OF_2016), ("somerset-2018", set(READINGS))]
)
def test_each_open_question_has_the_default_and_the_other_reading_of_the_policy(name: str, readings: set[str]) -> None:
    held = {reading.name: (reading.chosen, reading.choices) for reading in version(name).readings.values()}
    assert held == {reading: (READINGS[reading][0], READINGS[reading]) for reading in readings}


def test_only_legitimate_expectation_sends_a_case_to_an_officer_because_its_readings_differ() -> None:
    for name in ("england", "somerset-2016", "somerset-2018"):
        sends = {reading.name for reading in version(name).readings.values() if reading.refer_if_different}
        assert sends == ({"legitimate_expectation"} if name == "somerset-2018" else set())


def test_only_the_transport_area_of_the_old_policy_is_settled() -> None:
    settled = {
        (name, r.name) for name, held in policies().versions.items() for r in held.readings.values() if r.settled
    }
    assert settled == {("somerset-2016", "catchment_means")}


def test_whatever_neither_statute_nor_paper_says_is_marked_as_an_assumption() -> None:
    held, rules = policies(), policies().rules
    marked = {
        "figures": {p.name for v in held.versions.values() for p in v.parameters.values() if p.assumed},
        "readings": {r.name for v in held.versions.values() for r in v.readings.values() if r.assumed},
        "rules": {
            name
            for named in (rules.grounds, rules.definitions, rules.notices)
            for name, rule in named.items()
            if rule.assumed
        },
        "days": {(name, len(version.assumed)) for name, version in held.versions.items()},
    }
    assert marked == {
        "figures": {
            "school_year_ends_without_calendar",
            "primary_ends_with",
            "meals_protection_ends",
            "postcode_centre_tolerance",
            "geocoding_tolerance",
            "behaviour_first_suspension",
            "behaviour_second_suspension",
        },
        "readings": {"faith_terms", "notice_nearest", "protection_scope"},
        "rules": {
            "faith",
            "temporary_medical",
            "under_school_age",
            "of_school_age",
            "universal_credit_counts",
            "protected_meals_count",
            "low_income_award_runs",
            "late_application",
        },
        "days": {("england", 0), ("somerset-2016", 2), ("somerset-2018", 1)},
    }
