"""The policy written a second time, as plainly as Python allows, for complete cases without an area.

It was written from the words of the policy alone, before its author had read the rules or the engine, so
that the two can be compared. A comment quotes the sentence that a branch stands for. Lengths are whole
millimetres. It knows nothing of facts that are missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.oracle_dates import (
    birthday,
    compulsory_from,
    compulsory_until,
    end_of_school_year,
    half_a_term,
    local_until,
    working_days_after,
)
from tests.oracle_grounds import (
    CHANGE,
    CONSIDERED,
    STATUTORY,
    WITHDRAWN,
    Case,
    grounds,
    has_low_income,
    named_in_plan,
    school_numbers,
)


@dataclass(frozen=True)
class Notice:
    """Half a term's notice; no days or no start where the calendar does not reach."""

    days: int | None
    starts_on: date | None
    statutory: bool


@dataclass(frozen=True)
class Answer:
    """What the policy says of one pupil on one day."""

    outcome: str
    grounds: dict[str, bool]
    readings: dict[str, str]
    protected: dict[str, list[str]]
    notice: Notice | None
    starts_on: date | None
    ends_on: date | None
    ask_by: date


def protections(case: Case, on: date) -> dict[str, list[str]]:
    """Section 3: under each reading, the withdrawn elements that still count for this child."""
    # "new pupils starting school for the first time and those children who are changing schools"; "per
    # child"; "it ends on leaving or changing school"
    if case["school"]["started_on"] >= CHANGE:
        return {"1.1": [], "5.1": []}
    award = case["award"]
    if (
        award is None
        or award["ground"] not in WITHDRAWN
        or award["urn"] not in school_numbers(case)
        # An award made in error gives no protection "(and takes none away under 1.1), nor does a paid seat".
        or award["in_error"]
        or award["paid_seat"]
        # "'First time' under 5.1 means the first time for that element"
        or award["granted_on"] >= CHANGE
        or award["granted_on"] > on
    ):
        return {"1.1": WITHDRAWN, "5.1": []}
    element = award["ground"]
    # "and when the award's own time runs out"
    if award["ends_on"] is not None and award["ends_on"] < on:
        return {"1.1": WITHDRAWN, "5.1": []}
    # "under 5.1 on a change of address after the award and after the change of policy"
    moves = [case["home"]["moved_on"]]
    if element == "other_home" and case["other_home"] is not None:
        moves.append(case["other_home"]["moved_on"])
    if any(day is not None and max(award["granted_on"] + timedelta(1), CHANGE) <= day <= on for day in moves):
        return {"1.1": WITHDRAWN, "5.1": []}
    return {"1.1": WITHDRAWN, "5.1": [element]}


def outcome_of(met: dict[str, bool]) -> str:
    """ "Outcomes in order: entitled, refer, not entitled. The first that is not false decides"."""
    if any(result for ground, result in met.items() if ground not in CONSIDERED):
        return "entitled"
    return "refer" if any(met.values()) else "not_entitled"


def decide_on(case: Case, version: str, on: date, low_income: bool) -> Answer:
    """The answer on a day, without its notice and without its end."""
    met = grounds(case, on, low_income, version)
    readings, protected = {}, protections(case, on)
    for reading, elements in protected.items():
        granted = dict(met)
        if version == "somerset-2018":
            # "the withdrawn ground is tested on the day's facts as the old version worded it"
            old = grounds(case, on, low_income, "somerset-2016")
            granted.update({ground: met.get(ground, False) or old[ground] for ground in elements})
        readings[reading] = outcome_of(granted)
        if reading == "5.1":  # "Default 5.1"
            counted = granted
    # Both readings "are worked out: the same, that; either needs information, that; otherwise refer".
    outcome = readings["5.1"] if readings["1.1"] == readings["5.1"] else "refer"
    return Answer(outcome, counted, readings, protected, None, None, None, on)


def late_notice(case: Case, version: str, decided: date, statutory: bool) -> Notice | None:
    """Section 4, where assistance is granted."""
    home = case["measured"]
    # "If the late application resulted in a place at a school that is neither nearest nor DTA and
    # assistance is granted"; here "nearest" ignores places
    if (
        version != "somerset-2018"
        or not case["admission"]["placed_because_late"]
        or home["nearest_ignoring_places"]
        or named_in_plan(case)
        or home["transport_area_school"]
    ):
        return None
    days, starts_on = half_a_term(decided) or (None, None)
    return Notice(days, starts_on, statutory)


def last_day(case: Case, version: str, on: date, low_income: bool) -> date | None:
    """The last day of entitlement if no fact changes: each day on which something can change is tried.

    None in the summer holidays, where policy.md leaves open which school year a day belongs to.
    """
    born = case["date_of_birth"]
    somerset = version != "england"  # statute alone has no calendar
    year_end = end_of_school_year(on, calendar=somerset)
    if on > year_end:
        return None
    # "end of phase": without an area a school is a primary school to Year 6, then one to Year 11
    phases = [end_of_school_year(birthday(born, years), calendar=somerset) for years in (11, 16)]
    phase_end = next((end for end in phases if end >= on), year_end)
    starts = [birthday(born, 8), birthday(born, 11)]
    ends = [compulsory_until(born), local_until(born), year_end]
    ends += [case["medical"]["until"]] if case["medical"] else []
    ends += [case["award"]["ends_on"]] if case["award"] and case["award"]["ends_on"] else []
    for home in [case, *([case["other_home"]] if case["other_home"] else [])]:
        starts += [home["route"]["safe_from"]] if home["route"]["safe_from"] else []
    for home in [case["home"], *([case["other_home"]] if case["other_home"] else [])]:
        starts += [home["moved_on"]] if home["moved_on"] else []
    for end in sorted({*ends, *(day - timedelta(1) for day in starts)}):
        after = end + timedelta(1)
        # "Awards on low income run to the end of the school year ... and are tested again each year"
        keeps_income = low_income and after <= year_end
        if on <= end < phase_end and decide_on(case, version, after, keeps_income).outcome != "entitled":
            return end
    return phase_end


def first_statutory_day(case: Case, version: str, on: date, after: date) -> date:
    """The end of the notice, or the day before it on which compulsory school age makes the award statutory.

    "Where the award is a statutory ground, s.508B gives free travel from the first day".
    """
    day = compulsory_from(case["date_of_birth"])
    if not on < day < after:
        return after
    then = decide_on(case, version, day, has_low_income(case, on))
    return day if any(then.grounds[ground] for ground in STATUTORY) else after


def judge(case: Case, version: str, on: date, decided: date) -> Answer:
    """Everything the policy says of one pupil under one version, on a day, decided on a day."""
    low_income = has_low_income(case, on)
    # "stage one within 20 working days of receiving the decision"
    answer = replace(decide_on(case, version, on, low_income), ask_by=working_days_after(decided, 20))
    if answer.outcome != "entitled":
        return answer
    statutory = any(answer.grounds[ground] for ground in STATUTORY)
    notice = late_notice(case, version, decided, statutory)
    # "the first day of travel, later where a notice delays it; a notice on a statutory ground delays
    # nothing by itself"; "no calendar for the date: a delayed starts_on is null"
    starts_on: date | None = on
    if notice is not None and not statutory:
        starts_on = max(on, first_statutory_day(case, version, on, notice.starts_on)) if notice.starts_on else None
    ends_on = last_day(case, version, on, low_income)
    if starts_on and ends_on and ends_on < starts_on:
        starts_on = ends_on = None  # what lapses before its notice ends never starts
    return replace(answer, notice=notice, starts_on=starts_on, ends_on=ends_on)
