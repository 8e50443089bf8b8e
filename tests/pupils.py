"""Whole consistent pupils, drawn to the edges: one description, for Hypothesis and for a seeded generator.

Nearly every value is chosen from a few that lie just before, on and just after something policy.md names:
limits to the millimetre, birthdays and terms to the day, the days on which law and policy change.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from tests.oracle_dates import ONE_DAY, SCHOOL_DAYS, birthday, compulsory_until, school_year

T = TypeVar("T")
Case = dict[str, Any]

VERSIONS = ["england", "somerset-2016", "somerset-2018"]
GROUNDS = [
    "walking_distance",
    "special_needs",
    "unsafe_route",
    "low_income_8_to_10",
    "low_income_11",
    "low_income_belief",
    "transport_area",
    "under_school_age",
    "faith",
    "other_home",
    "temporary_medical",
    "exceptional",
]
WITHDRAWN = ["faith", "other_home", "temporary_medical"]
URN, FORMER, NEARER, FURTHER = 109329, 136335, 123456, 104567
MILE = 1_609_344
LIMITS = [2 * MILE, 3 * MILE, 6 * MILE, 15 * MILE]
AROUND = [-1, 0, 1]
CHANGES = [date(2018, 4, 1), date(2018, 9, 1)]
FIRST, LAST = date(2016, 9, 1), date(2020, 12, 31)


class Pick(Protocol):
    """Takes one of several; what Hypothesis and a seeded generator have in common."""

    def __call__(self, options: Sequence[T]) -> T: ...


@dataclass(frozen=True)
class Question:
    """A complete case, the day it is about and the day it is decided."""

    case: Case
    on: date
    decided: date


def _usually(pick: Pick, often: T, seldom: T) -> T:
    return pick([often, often, often, seldom])


def _near(pick: Pick, day: date) -> date:
    return day + ONE_DAY * pick(AROUND)


def _some_day(pick: Pick, first: date, last: date) -> date:
    return first + ONE_DAY * pick(range((last - first).days + 1))


def _travel_day(pick: Pick) -> date:
    """Often beside a change of the law, of the policy, of the school year or of compulsory school age."""
    year = pick([2016, 2017, 2018, 2019, 2020])
    last_friday = compulsory_until(date(year - 16, 1, 1))
    turn = pick([last_friday, date(year, 7, 31), date(year, 9, 1), date(year, 8, 31), date(year, 3, 31)])
    day = pick(
        [
            _near(pick, pick(CHANGES)),
            _near(pick, pick(SCHOOL_DAYS)),
            pick([date(2018, 9, 4), date(2017, 9, 4), date(2019, 9, 3), date(2018, 7, 24), date(2019, 7, 23)]),
            _near(pick, turn),
            _some_day(pick, FIRST, LAST),
        ]
    )
    return min(max(day, FIRST), LAST)


def _born(pick: Pick, on: date) -> date:
    """A child of 3 to 17: often with a birthday, or the start or end of an age range, about now."""
    years = pick([4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11, 11, 12, 13, 14, 15, 16])
    return pick(
        [
            birthday(on, -years) + ONE_DAY * pick(AROUND),
            birthday(on, -years) + ONE_DAY * pick(AROUND),
            _near(pick, date(on.year - 5, *pick([(3, 31), (8, 31), (12, 31)]))),
            _near(pick, date(school_year(on) - pick([3, 4, 5, 15, 16]), 9, 1)),
            _some_day(pick, birthday(on, -16), birthday(on, -15)),
            _some_day(pick, birthday(on, -17), birthday(on, -3)),
            _some_day(pick, birthday(on, -17), birthday(on, -3)),
            date(2008, 2, 29),
        ]
    )


def _length(pick: Pick) -> dict[str, int]:
    return {
        "mm": pick([limit + step for limit in LIMITS for step in AROUND] + [900_000, 4_000_000, 7_000_000, 30_000_000])
    }


def _measured(pick: Pick, *, of_belief: bool) -> Case:
    """Figures from one home that do not contradict each other."""
    walking = pick(LIMITS[:2]) + pick(AROUND) if pick([True, True, False]) else _length(pick)["mm"]
    road = _length(pick)["mm"]
    nearest = pick([True, False])
    measured: Case = {
        "nearest_school": nearest,
        "nearest_ignoring_places": nearest and pick([True, False]),
        "transport_area_school": pick([True, False, False]),
        "nearer_suitable_schools": 0 if nearest else pick([1, 2, 2, 3, 3, 5]),
        "nearest_school_of_belief": of_belief and (nearest or pick([True, True, False])),
    }
    if pick([True, True, True, False]):
        return {"walking_mm": walking, "road_mm": road, **measured}
    miles = pick(["2", "3", "2.985", "3.0", "2.0000001", "3.0000004", "1.9999999", "3.412"])
    return {"walking_miles": miles, "road_miles": pick(["6", "6.0000001", "15", "15.0000004", "3.9"]), **measured}


def _route(pick: Pick, on: date) -> Case:
    if not pick([True, False]):
        return {"unsafe": False, "assessed_on": None, "safe_from": None}
    assessed = on - timedelta(pick([1, 30, 400]))
    return {"unsafe": True, "assessed_on": assessed, "safe_from": pick([None, None, _near(pick, on)])}


def _moved(pick: Pick, on: date, granted: date | None) -> date | None:
    days = [_near(pick, on), _near(pick, CHANGES[1]), CHANGES[1] + timedelta(40)]
    return pick([None, None, None, pick([*days, _near(pick, granted)] if granted else days)])


def _award(pick: Pick, on: date, born: date) -> Case | None:
    """A seat already granted: any ground, this school or another, running, run out, in error or paid."""
    if pick([True, False]):
        return None
    granted = pick(
        [_near(pick, CHANGES[1]), date(2018, 7, 2), date(2017, 9, 1), date(2016, 9, 1), on, on - timedelta(90)]
    )
    granted = max(min(granted, on), born + ONE_DAY)
    ends = pick([None, None, None, max(granted, _near(pick, on)), granted + timedelta(365)])
    return {
        "ground": pick(WITHDRAWN if pick([True, True, False]) else GROUNDS),
        "policy": "somerset-2016" if granted < CHANGES[1] else "somerset-2018",
        "urn": pick([URN, URN, URN, URN, FORMER, FORMER, FURTHER]),
        "granted_on": granted,
        "ends_on": ends,
        "in_error": _usually(pick, often=False, seldom=pick([True, False])),
        "paid_seat": _usually(pick, often=False, seldom=pick([True, False])),
    }


def _started(pick: Pick, on: date, born: date) -> date:
    day = pick([_near(pick, CHANGES[1]), date(2017, 9, 4), date(2016, 9, 1), on, date(2018, 9, 4), on - timedelta(200)])
    return max(min(day, on), born + timedelta(3 * 366))


def _needs(pick: Pick) -> Case:
    plan = None
    if pick([True, False, False, False]):
        named = pick([[URN], [FORMER], [FURTHER], [NEARER, URN], [NEARER, FURTHER]])
        plan = {"named_urns": named, "is_parental_preference": pick([True, False])}
    return {
        "special_needs": plan is not None or _usually(pick, often=False, seldom=True),
        "disability": _usually(pick, often=False, seldom=True),
        "mobility_problem": _usually(pick, often=False, seldom=True),
        "can_walk": pick([True, False]),
        "ehc_plan": plan,
    }


def _income(pick: Pick, on: date) -> Case:
    return {
        "free_school_meals": _usually(pick, often=False, seldom=True),
        "free_school_meals_protected": on >= CHANGES[0] and _usually(pick, often=False, seldom=True),
        "maximum_working_tax_credit": _usually(pick, often=False, seldom=True),
        "universal_credit": pick([True, False]),
        "net_earnings_pence": pick([0, 650_000, 739_999, 740_000, 740_001, 900_000]),
        "evidence_seen_on": _usually(pick, often=on - timedelta(pick([0, 1, 60])), seldom=None),
    }


def _medical(pick: Pick, on: date) -> Case | None:
    if pick([True, False]):
        return None
    first = on - timedelta(pick([-1, 0, 1, 30, 200]))
    return {"from": first, "until": max(first, pick([_near(pick, on), on + timedelta(42)]))}


def _service(pick: Pick, on: date) -> Case:
    incident = {"on": on - timedelta(pick([0, 1, 30])), "serious": pick([True, False])}
    return {
        "waiting_minutes": {"before_school": pick([0, 10, 15, 16]), "after_school": pick([0, 12, 15, 16])},
        "risk_assessment": {"done_on": None, "assistant_needed": None},
        "incidents": pick([[], [], [incident], [incident] * 3]),
    }


def pupil(pick: Pick) -> Question:
    """One pupil about whom nothing is missing, the day the decision is about, and the day it is made."""
    on = _travel_day(pick)
    born = _born(pick, on)
    late = pick([True, False, False])
    belief = None
    if pick([True, True, False]):
        belief = {"religion": "roman_catholic", "is_reason_for_school": pick([True, True, False])}
    of_belief = belief is not None and pick([True, True, True, False])
    award = _award(pick, on, born)
    granted = award["granted_on"] if award else None
    case: Case = {
        "reference": "P-1",
        "date_of_birth": born,
        "sex": pick(["female", "male"]),
        "resident": pick([True] * 9 + [False]),
        "applied_on": on - timedelta(pick([0, 1, 60])),
        "travel_from": on,
        "home": {"postcode": "BA2 0AA", "moved_on": _moved(pick, on, granted)},
        "other_home": None,
        "school": {
            "urn": URN,
            "started_on": _started(pick, on, born),
            "former_urns": pick([[], [FORMER], [FORMER, 139999]]),
        },
        "admission": {
            "round": "normal" if late else pick(["normal", "in_year"]),
            "on_time": not late,
            "preferences": pick([[URN], [URN, NEARER], [NEARER, URN]]),
            "placed_because_late": late and pick([True, True, False]),
        },
        "places": pick([{}, {NEARER: False}, {NEARER: True}]),
        "belief": belief,
        "income": _income(pick, on),
        "needs": _needs(pick),
        "medical": _medical(pick, on),
        "route": _route(pick, on),
        "exceptional": _usually(
            pick, often=None, seldom=pick(["critical_stage", "parent_death_or_illness", "bullying"])
        ),
        "award": award,
        "service": _service(pick, on),
        "measured": _measured(pick, of_belief=of_belief),
        "measured_other_home": None,
    }
    if pick([True, False]):
        case["other_home"] = {
            "postcode": "BA1 1AA",
            "moved_on": _moved(pick, on, granted),
            "route": _route(pick, on),
            "can_walk": pick([True, True, False]),
        }
        case["measured_other_home"] = _measured(pick, of_belief=of_belief)
    return Question(case, on, on + timedelta(pick([0, 0, 0, 0, -60, -21, -1, 1, 20])))


def seeded(seed: int) -> Callable[[], Question]:
    """Pupil after pupil from one seed, for runs of many thousands."""
    rng = random.Random(seed)

    def pick(options: Sequence[T]) -> T:
        return rng.choice(options)

    return lambda: pupil(pick)


@st.composite
def pupils(draw: st.DrawFn) -> Question:
    """The same pupils, drawn and made smaller by Hypothesis."""

    def pick(options: Sequence[T]) -> T:
        return draw(st.sampled_from(options))

    return pupil(pick)
