"""Each definition over every combination of what it speaks of, against the policy's words.

Numbers and days are taken just before, on and just after what they are held against.
"""

from __future__ import annotations

import pytest

from tests.policy.combinations import DAY, DAYS, YES_NO, check, definition

LIMIT = 4_828_032
LENGTHS = (LIMIT - 1, LIMIT, LIMIT + 1)

# -- ages


@pytest.mark.parametrize("age", ["compulsory_school_age", "school_age"])
def test_an_age_runs_from_its_first_day_to_its_last_both_included(age: str) -> None:
    starts, ends = (f"{age.replace('compulsory_school', 'compulsory')}_{end}_on" for end in ("starts", "ends"))
    check(
        definition(f"of_{age}"),
        lambda f: f[starts] <= f["on"] <= f[ends],
        **{"on": (DAY,), starts: DAYS, ends: DAYS},
    )


def test_the_lower_limit_holds_to_the_8th_birthday_or_as_read_otherwise_to_the_end_of_year_3() -> None:
    check(
        definition("under_the_lower_limit"),
        lambda f: (
            f["date_of_birth"] + 8_00_00 > DAY
            if f["walking_limit_changes"] == "eighth_birthday"
            else f["year_of_limit_change_ends_on"] >= DAY
        ),
        on=(DAY,),
        walking_limit_changes=("eighth_birthday", "end_of_school_year"),
        date_of_birth=tuple(day - 8_00_00 for day in DAYS),
        walking_limit_changes_at=(8,),
        year_of_limit_change_ends_on=DAYS,
    )


# -- distance, and why a child cannot walk


def test_beyond_walking_distance_is_more_than_3_miles_or_2_where_the_lower_limit_holds() -> None:
    lower = 3_218_688
    check(
        definition("beyond_walking_distance"),
        lambda f: f["walking_mm"] > (lower if f["under_the_lower_limit"] else LIMIT),
        walking_mm=(*LENGTHS, lower - 1, lower, lower + 1),
        walking_limit=(LIMIT,),
        walking_limit_for_younger_children=(lower,),
        under_the_lower_limit=YES_NO,
    )


def test_a_temporary_condition_lasts_from_its_first_day_to_its_last() -> None:
    check(
        definition("temporary_condition_now"),
        lambda f: f["has_temporary_condition"] and f["medical_from"] <= DAY <= f["medical_until"],
        on=(DAY,),
        has_temporary_condition=YES_NO,
        medical_from=DAYS,
        medical_until=DAYS,
        travel_from=(DAY,),
    )


def test_needs_count_where_the_child_cannot_walk_because_of_any_of_them() -> None:
    check(
        definition("cannot_walk_because_of_needs"),
        lambda f: (
            not f["can_walk"]
            and any(f[n] for n in ("has_special_needs", "disability", "mobility_problem", "temporary_condition_now"))
        ),
        can_walk=YES_NO,
        has_special_needs=YES_NO,
        disability=YES_NO,
        mobility_problem=YES_NO,
        temporary_condition_now=YES_NO,
        has_plan=YES_NO,
    )


def test_an_unsafe_route_counts_until_the_day_from_which_it_is_safe() -> None:
    check(
        definition("route_unsafe_now"),
        lambda f: f["route_unsafe"] and f["route_safe_from"] > DAY,
        on=(DAY,),
        route_unsafe=YES_NO,
        route_safe_from=DAYS,
    )


# -- low income


PERIODS = {
    "net_earnings_pence": "earnings_limit_a_year",
    "net_earnings_last_period_pence": "earnings_limit_one_period",
    "net_earnings_last_two_periods_pence": "earnings_limit_two_periods",
    "net_earnings_last_three_periods_pence": "earnings_limit_three_periods",
}


def test_universal_credit_counts_before_the_earnings_limit_and_then_within_it_over_a_year_or_any_period() -> None:
    limits = {limit: (1000 * (place + 1),) for place, limit in enumerate(PERIODS.values())}
    earned = {earned: (limits[limit][0], limits[limit][0] + 1) for earned, limit in PERIODS.items()}
    check(
        definition("universal_credit_counts"),
        lambda f: (
            f["universal_credit"]
            and (f["earnings_limit_begins"] > DAY or any(f[net] <= f[limit] for net, limit in PERIODS.items()))
        ),
        on=(DAY,),
        universal_credit=YES_NO,
        earnings_limit_begins=DAYS,
        **limits,
        **earned,
    )


def test_protected_meals_count_to_the_end_of_the_roll_out() -> None:
    check(
        definition("protected_meals_count"),
        lambda f: f["free_school_meals_protected"] and f["meals_protection_ends"] >= DAY,
        on=(DAY,),
        free_school_meals_protected=YES_NO,
        free_school_meals=YES_NO,
        meals_protection_ends=DAYS,
    )


def test_low_income_claimed_and_not_shown_is_not_met() -> None:
    ways = ("free_school_meals", "maximum_working_tax_credit", "universal_credit_counts", "protected_meals_count")
    check(
        definition("low_income_shown"),
        lambda f: f["evidence_seen"] and any(f[way] for way in ways),
        evidence_seen=YES_NO,
        free_school_meals_protected=YES_NO,
        universal_credit=YES_NO,
        **dict.fromkeys(ways, YES_NO),
    )
    check(
        definition("low_income"),
        lambda f: f["low_income_shown"] or f["low_income_award_runs"],
        low_income_shown=YES_NO,
        low_income_award_runs=YES_NO,
    )


def test_an_award_on_low_income_runs_to_the_end_of_its_school_year_at_its_school() -> None:
    grounds = ("low_income_8_to_10", "low_income_11", "low_income_belief", "faith", "walking_distance")
    check(
        definition("low_income_award_runs"),
        lambda f: (
            f["has_award"]
            and f["award_ground"].startswith("low_income")
            and f["award_given_this_school_year"]
            and f["award_granted_on"] <= DAY <= f["award_ends_on"]
            and f["award_for_this_school"]
            and not (f["award_in_error"] or f["award_paid_seat"])
        ),
        on=(DAY,),
        has_award=YES_NO,
        award_ground=grounds,
        award_given_this_school_year=YES_NO,
        award_granted_on=DAYS,
        award_ends_on=DAYS,
        award_for_this_school=YES_NO,
        award_in_error=YES_NO,
        award_paid_seat=YES_NO,
        applied_on=(DAY,),
        school_age_ends_on=(DAY,),
    )


# -- which school counts


def test_an_independent_school_qualifies_only_as_the_only_one_named_or_the_nearest_of_those_named() -> None:
    """ "An independent school qualifies only if it is the only school named in the plan, or the nearest of those
    named"; boarding is referred.
    """
    check(
        definition("qualifying_school"),
        lambda f: (
            not f["boards"]
            and (
                not f["independent_school"]
                or (
                    f["has_plan"]
                    and f["plan_names_this_school"]
                    and (f["plan_names_one_school"] or f["nearest_of_named_schools"])
                )
            )
        ),
        boards=YES_NO,
        independent_school=YES_NO,
        has_plan=YES_NO,
        plan_names_this_school=YES_NO,
        plan_names_one_school=YES_NO,
        nearest_of_named_schools=YES_NO,
        nearest_school=YES_NO,
        nearest_school_of_belief=(False,),
        has_award=(False,),
        has_special_needs=(True,),
        catchment_school=(False,),
    )


def test_the_school_a_plan_names_counts_as_the_nearest_unless_it_is_the_parents_preference() -> None:
    check(
        definition("named_in_the_plan"),
        lambda f: f["has_plan"] and f["plan_names_this_school"] and not f["plan_is_parental_preference"],
        has_plan=YES_NO,
        plan_names_this_school=YES_NO,
        plan_names_one_school=YES_NO,
        plan_is_parental_preference=YES_NO,
        has_award=(True,),
        has_special_needs=(True,),
    )
    check(
        definition("counts_as_nearest"),
        lambda f: f["named_in_the_plan"] or f["nearest_school"],
        named_in_the_plan=YES_NO,
        nearest_school=YES_NO,
        nearest_school_of_belief=YES_NO,
    )


def test_the_transport_area_school_is_that_of_the_area_or_as_read_otherwise_of_todays_catchment() -> None:
    check(
        definition("counts_as_transport_area_school"),
        lambda f: f["transport_area_school" if f["catchment_means"] == "transport_area" else "catchment_school"],
        catchment_means=("transport_area", "todays_catchment"),
        transport_area_school=YES_NO,
        catchment_school=YES_NO,
        nearest_school=YES_NO,
    )


def test_three_or_more_nearer_suitable_schools_rule_out_as_they_are_counted() -> None:
    counted = {"with_a_place": "nearer_suitable_schools", "whether_or_not_a_place": "nearer_ignoring_places"}
    check(
        definition("fewer_than_three_nearer"),
        lambda f: f[counted[f["nearer_schools_counted"]]] < 3,
        nearer_schools_counted=tuple(counted),
        nearer_suitable_schools=(0, 2, 3, 4),
        nearer_ignoring_places=(0, 2, 3, 4),
        nearer_schools_that_rule_out=(3,),
    )
