"""The grounds of the policy, written a second time from its words; the rest of it is in `tests/oracle.py`.

A comment quotes the sentence that a branch stands for. Lengths are whole millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle_dates import (
    age,
    compulsory_from,
    compulsory_until,
    local_from,
    local_until,
    school_year,
)

Case = dict[str, Any]

MILE = 1_609_344  # "2 miles = 3,218.688 m and 3 miles = 4,828.032 m exactly"
CHANGE = date(2018, 9, 1)  # "changes are 'from September 2018'"
INCOME_LIMIT_FROM = date(2018, 4, 1)  # "from 1 April 2018 net earnings must not exceed £7,400 a year"
INCOME_LIMIT = 740_000
STATUTORY = [
    "walking_distance",
    "special_needs",
    "unsafe_route",
    "low_income_8_to_10",
    "low_income_11",
    "low_income_belief",
]
LOW_INCOME = STATUTORY[3:]
CONSIDERED = ["temporary_medical", "exceptional"]  # "considered: refer"
WITHDRAWN = ["other_home", "faith", "temporary_medical"]


@dataclass(frozen=True)
class From:
    """One home of the child, and what was measured from it."""

    measured: Case
    unsafe_route: Case
    can_walk: bool


def millimetres(measured: Case, name: str) -> int:
    """ "walking_miles, or walking_mm; read as a decimal number, half a millimetre rounds up"."""
    if f"{name}_mm" in measured:
        return int(measured[f"{name}_mm"])
    return int((Decimal(measured[f"{name}_miles"]) * MILE).quantize(Decimal(1), ROUND_HALF_UP))


def registered_home(case: Case) -> From:
    """The home on which every ground is reported."""
    return From(case["measured"], case["route"], case["needs"]["can_walk"])


def homes(case: Case) -> list[From]:
    """The registered home, then the other parent's if there is one."""
    other = case["other_home"]
    if other is None:
        return [registered_home(case)]
    return [registered_home(case), From(case["measured_other_home"], other["route"], other["can_walk"])]


def has_low_income(case: Case, on: date) -> bool:
    """Section 1, "Low income"."""
    income, award = case["income"], case["award"]
    # "Awards on low income run to the end of the school year, whatever happens to the income, and are
    # tested again each year."
    if (
        award is not None
        and award["ground"] in LOW_INCOME
        and not award["in_error"]
        and not award["paid_seat"]
        and award["urn"] in school_numbers(case)
        and award["granted_on"] <= on
        and (award["ends_on"] is None or on <= award["ends_on"])
        and school_year(award["granted_on"]) == school_year(on)
    ):
        return True
    # "'Claimed, not shown' is not met."
    if income["evidence_seen_on"] is None:
        return False
    # "entitled to free school meals on benefit grounds, or a parent receives Working Tax Credit at the
    # maximum rate (para 14)"; "that a protected meal also counts for travel is [assumed]"
    if income["free_school_meals"] or income["maximum_working_tax_credit"]:
        return True
    if income["free_school_meals_protected"] and on >= INCOME_LIMIT_FROM:
        return True
    # "Universal Credit counted without an earnings test until 31 March 2018; from 1 April 2018 net
    # earnings must not exceed £7,400 a year"
    return bool(income["universal_credit"] and (on < INCOME_LIMIT_FROM or income["net_earnings_pence"] <= INCOME_LIMIT))


def school_numbers(case: Case) -> set[int]:
    """ "An academy conversion, a new number for the same school, is not [a change]"."""
    return {case["school"]["urn"], *case["school"]["former_urns"]}


def named_in_plan(case: Case) -> bool:
    """ "The school it names normally counts as the nearest, unless it is named as the parent's preference
    over a nearer suitable one."
    """
    plan = case["needs"]["ehc_plan"]
    if plan is None or plan["is_parental_preference"]:
        return False
    return bool(school_numbers(case) & set(plan["named_urns"]))


def condition_today(case: Case, on: date) -> bool:
    """A temporary medical condition lasts from its first day to its last, both included."""
    medical = case["medical"]
    return medical is not None and medical["from"] <= on <= medical["until"]


def grounds_from(case: Case, home: From, on: date, low_income: bool, version: str) -> dict[str, bool]:
    """Every ground of a version except `other_home`, tried from one home, each literally."""
    born, needs, belief = case["date_of_birth"], case["needs"], case["belief"]
    measured = home.measured
    walking, road = millimetres(measured, "walking"), millimetres(measured, "road")
    nearest = measured["nearest_school"] or named_in_plan(case)
    years = age(born, on)
    # "more than 2 miles (under 8) or 3 miles (8 and over)": exactly the limit is within walking distance
    limit = 2 * MILE if years < 8 else 3 * MILE
    beyond = walking > limit
    # "because of SEN, disability or mobility problems. A temporary medical condition that restricts
    # mobility counts"
    problem = needs["special_needs"] or needs["disability"] or needs["mobility_problem"]
    cannot_walk = (problem or condition_today(case, on)) and not home.can_walk
    # "An unsafe route made safe ends that ground only from a stated date."
    safe_from = home.unsafe_route["safe_from"]
    unsafe = home.unsafe_route["unsafe"] and (safe_from is None or on < safe_from)
    chosen_for_belief = belief is not None and belief["is_reason_for_school"]

    distance = nearest and beyond
    need = nearest and not beyond and cannot_walk
    route = nearest and not beyond and unsafe

    # "free travel for an eligible child of compulsory school age"; s.508B: a child in the authority's area
    statute = case["resident"] and compulsory_from(born) <= on <= compulsory_until(born)
    met = {
        "walking_distance": statute and distance,
        "special_needs": statute and need,
        "unsafe_route": statute and route,
        # "attained 8 but not 11; nearest school more than 2 miles"
        "low_income_8_to_10": statute and low_income and 8 <= years < 11 and nearest and walking > 2 * MILE,
        # "attained 11; school more than 2 and not more than 6 miles; not three or more suitable
        # qualifying schools nearer"; the upper limits "are road routes"
        "low_income_11": statute
        and low_income
        and years >= 11
        and walking > 2 * MILE
        and road <= 6 * MILE
        and measured["nearer_suitable_schools"] < 3,
        # "attained 11; more than 2 and not more than 15 miles; parent wishes it because of their religion
        # or belief; no suitable school of that religion or belief nearer"
        "low_income_belief": statute
        and low_income
        and years >= 11
        and walking > 2 * MILE
        and road <= 15 * MILE
        and chosen_for_belief
        and measured["nearest_school_of_belief"],
    }
    if version == "england":
        return met
    # Ages 4 to 16 [3.1], "from the September after the fourth birthday to the end of Year 11"
    local = case["resident"] and local_from(born) <= on <= local_until(born)
    # "Both versions also grant travel to the DTA school beyond walking distance"
    met["transport_area"] = local and measured["transport_area_school"] and beyond
    # "a Reception child below compulsory age, and a Year 11 pupil after the last Friday in June, who meets
    # the distance, needs or route test has a local grant"
    met["under_school_age"] = local and not statute and (distance or need or route)
    # "and consider exceptional circumstances"
    met["exceptional"] = local and case["exceptional"] is not None
    # "considered only to the nearest or DTA school", until August 2018 "to any school"
    met["temporary_medical"] = local and condition_today(case, on)
    if version == "somerset-2018":
        met["temporary_medical"] &= nearest or measured["transport_area_school"]
    else:
        # "beyond walking distance, nearest school of that religion or belief"
        met["faith"] = local and chosen_for_belief and beyond and measured["nearest_school_of_belief"]
    return met


def grounds(case: Case, on: date, low_income: bool, version: str) -> dict[str, bool]:
    """Every ground of a version: reported from the registered home, and `other_home`."""
    first, *others = homes(case)
    met = grounds_from(case, first, on, low_income, version)
    if version == "somerset-2016":
        # "`other_home` is met when one would be met from the other home"; what is only considered grants
        # nothing from there either
        met["other_home"] = any(
            result
            for home in others
            for ground, result in grounds_from(case, home, on, low_income, version).items()
            if ground not in CONSIDERED
        )
    return met
