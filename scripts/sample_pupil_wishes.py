"""The pupils of the sample county as wishes: the facts of each case, and what must be true of the home.

Distances here are miles as binary floats, for choosing a home only; no decision rests on them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from eligibility.geography import HomeMeasurement, SchoolDistance

MILE = 1609344
OLD, NEW = dt.date(2017, 9, 5), dt.date(2018, 9, 4)
Fits = Callable[[HomeMeasurement, SchoolDistance, list[SchoolDistance]], bool]


@dataclass
class Wish:
    """One pupil: what the case shows, born when, attending from when, on which day; the rest of the case; the home."""

    reference: str
    shows: str
    born: dt.date
    fits: Fits
    year_group: int
    on: dt.date = NEW
    sex: str = "female"
    facts: dict[str, Any] = field(default_factory=dict)
    nearer_had_places: bool | None = True
    only_first_had_place: bool = False
    from_other_home: bool = False
    off_the_road: bool = False
    at_the_gate: bool = False


def nearer(home: HomeMeasurement, school: SchoolDistance) -> list[SchoolDistance]:
    """Schools that are nearer on foot and suit the pupil, or may."""
    own = school.walking.mm if school.walking else 0
    return [s for s in home.schools if s.suitable is not False and s.walking and s.walking.mm < own]


def miles(school: SchoolDistance) -> float:
    """Walking miles, for choosing a home only."""
    return school.walking.mm / MILE if school.walking else 0.0


def road_miles(school: SchoolDistance) -> float:
    """Road miles, for choosing a home only."""
    return school.road.mm / MILE if school.road else 0.0


def in_area(home: HomeMeasurement, school: SchoolDistance) -> bool:
    """Whether the home lies in the school's designated transport area."""
    return school.school.urn in (home.transport_areas or ())


def faith(home: HomeMeasurement, school: SchoolDistance, others: list[SchoolDistance]) -> bool:
    """A Catholic school more than three miles away that is neither nearest nor the transport area school."""
    catholic = school.school.religion == "roman_catholic"
    first = all(s.school.religion != "roman_catholic" for s in others)
    return catholic and first and bool(others) and miles(school) > 3 and not in_area(home, school)


def nearest_between(low: float, high: float) -> Fits:
    """The nearest suitable school, between two distances in miles."""
    return lambda _, school, others: not others and low < miles(school) < high


def plain(home: HomeMeasurement, school: SchoolDistance) -> bool:
    """Neither of the transport area nor of the catchment."""
    return not in_area(home, school) and school.school.urn not in (home.catchments or ())


EARLY = {"applied_on": dt.date(2018, 6, 20)}
BELIEF = {"belief": {"religion": "roman_catholic", "is_reason_for_school": True}}
POOR = {
    "income.universal_credit": True,
    "income.net_earnings_pence": 650000,
    "income.evidence_seen_on": dt.date(2018, 6, 1),
}
Y7, Y8, Y5 = dt.date(2007, 5, 14), dt.date(2006, 5, 14), dt.date(2009, 3, 2)
HELD = {
    "school.started_on": dt.date(2016, 9, 5),
    "award.ground": "faith",
    "award.policy": "somerset-2016",
    "award.granted_on": dt.date(2016, 9, 1),
    "award.ends_on": None,
    "award.in_error": False,
    "award.paid_seat": False,
}


def wishes() -> Iterator[Wish]:
    """The pupils, in the order of the policy."""
    yield Wish("S-01", "beyond walking distance of the nearest school", Y7, nearest_between(3.2, 9), 7)
    yield Wish("S-02", "within walking distance of the nearest school: not entitled", Y7, nearest_between(0.5, 1.9), 7)
    needs = {"needs.can_walk": False, "needs.disability": True}
    yield Wish("S-03", "cannot walk because of a disability", Y7, nearest_between(0.5, 2.9), 7, facts=needs)
    unsafe = {"route.unsafe": True, "route.assessed_on": dt.date(2018, 5, 2)}
    yield Wish("S-04", "the walking route is unsafe", Y7, nearest_between(0.5, 2.9), 7, facts=unsafe)
    yield Wish(
        "S-05", "low income, aged 9, nearest school more than 2 miles", Y5, nearest_between(2.2, 2.9), 5, facts=POOR
    )
    yield Wish(
        "S-06",
        "low income, aged 12, fewer than three schools nearer, within 6 miles by road",
        Y8,
        lambda _, school, others: 1 <= len(others) <= 2 and miles(school) > 2.2 and road_miles(school) < 5.8,
        8,
        facts=POOR,
    )
    yield Wish(
        "S-07",
        "low income, aged 12, school of the parents' belief within 15 miles by road",
        Y8,
        lambda home, school, others: faith(home, school, others) and 6.2 < road_miles(school) < 14.8,
        8,
        facts={**POOR, **BELIEF},
    )
    yield Wish(
        "S-08",
        "beyond walking distance of the transport area school, which is not the nearest",
        Y7,
        lambda home, school, others: bool(others) and in_area(home, school) and miles(school) > 3.2,
        7,
    )
    yield Wish("S-09", "in Reception, below compulsory school age", dt.date(2014, 2, 20), nearest_between(2.2, 9), 0)
    yield Wish("S-10", "new at a faith school: the policy decides", Y7, faith, 7, facts={**BELIEF, **EARLY})
    yield Wish("S-11", "at a faith school since 2016 with an award: protected", Y8, faith, 8, facts={**BELIEF, **HELD})
    since = {"school.started_on": dt.date(2016, 9, 5)}
    yield Wish(
        "S-12", "at a faith school since 2016, no award: the readings differ", Y8, faith, 8, facts={**BELIEF, **since}
    )
    medical = {"medical.from": dt.date(2018, 8, 20), "medical.until": dt.date(2018, 11, 2)}
    yield Wish("S-13", "a temporary medical need: an officer decides", Y7, nearest_between(0.5, 1.9), 7, facts=medical)
    critical = {"exceptional": "critical_stage"}
    yield Wish(
        "S-14", "exceptional circumstances: an officer decides", Y7, nearest_between(0.5, 1.9), 7, facts=critical
    )
    boards = {"school.boarding": True}
    yield Wish("S-15", "a boarder: an officer decides", Y7, nearest_between(3.2, 9), 7, facts=boards)
    yield Wish(
        "S-16",
        "whether the nearer school had a place is not known, nor presumed",
        Y7,
        lambda home, school, others: len(others) == 1 and miles(school) > 3.2 and not in_area(home, school),
        7,
        nearer_had_places=None,
    )
    eight = dt.date(2010, 9, 3)
    yield Wish("S-17", "eight since yesterday: the lower limit by another reading", eight, nearest_between(2.2, 2.9), 3)
    yield Wish(
        "S-18",
        "nearest on foot over the footbridge, not by road",
        Y7,
        lambda home, school, others: (
            not others
            and miles(school) > 3.2
            and not in_area(home, school)
            and any(
                s.suitable and s.road and s is not school and s.road.mm < (school.road.mm if school.road else 0)
                for s in home.schools
            )
        ),
        7,
    )
    yield Wish(
        "S-19",
        "low income, aged 12: three schools nearer, of which one had a place",
        Y8,
        lambda home, school, others: (
            len(others) >= 3 and miles(school) > 2.2 and road_miles(school) < 5.8 and not in_area(home, school)
        ),
        8,
        facts=POOR,
        only_first_had_place=True,
    )
    yield Wish(
        "S-20",
        "of the catchment, not of the transport area",
        Y7,
        lambda home, school, others: (
            bool(others)
            and not in_area(home, school)
            and school.school.urn in (home.catchments or ())
            and miles(school) > 3.2
        ),
        7,
    )
    late = {"admission.on_time": False, "admission.placed_because_late": True}
    yield Wish(
        "S-21",
        "placed late, nearer schools full: statutory, half a term's notice for the officer",
        Y7,
        lambda home, school, others: bool(others) and plain(home, school) and miles(school) > 3.2,
        7,
        facts=late,
        nearer_had_places=False,
    )
    yield Wish(
        "S-22",
        "placed late, in Reception: a local grant that starts after the notice",
        dt.date(2014, 2, 20),
        lambda home, school, others: bool(others) and plain(home, school) and miles(school) > 2.2,
        0,
        facts=late,
        nearer_had_places=False,
    )
    yield Wish(
        "S-23",
        "in 2017, a faith school that is not the nearest of its belief",
        dt.date(2006, 5, 14),
        lambda home, school, others: (
            school.school.religion == "church_of_england"
            and any(s.school.religion == "church_of_england" for s in others)
            and miles(school) > 3.2
            and not in_area(home, school)
        ),
        7,
        on=OLD,
        facts={"belief": {"religion": "church_of_england", "is_reason_for_school": True}},
    )
    yield Wish(
        "S-24",
        "in 2017, entitled from the other home",
        dt.date(2006, 5, 14),
        lambda _, school, others: not others and 0.5 < miles(school) < 1.9,
        7,
        on=OLD,
        from_other_home=True,
    )
    yield Wish("S-25", "where the property meets the road decides", Y7, nearest_between(3.2, 9), 7, off_the_road=True)
    yield Wish(
        "S-26",
        "serious behaviour, long waits, an assistant without an assessment: advice alone",
        Y7,
        nearest_between(3.2, 9),
        7,
        facts={
            "service.waiting_minutes": {"before_school": 25, "after_school": 5},
            "service.risk_assessment": {"done_on": None, "assistant_needed": True},
            "service.incidents": [{"on": dt.date(2018, 9, 3), "serious": True}],
        },
    )
    yield Wish("S-27", "which entrance counts decides", Y7, nearest_between(3.2, 9), 7, at_the_gate=True)
