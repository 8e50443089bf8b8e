"""A whole case in which nothing is missing and no ground applies, and small changes to it.

The child is 11, lives a mile from the nearest school with a place, starts there in Year 7 in September 2018 and asks
for nothing beyond a seat on the bus.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
from typing import Any, Final

from eligibility.assess import Assessor
from eligibility.decision import Decision, Ground
from eligibility.testing.background import whole_pupil


class Absent:
    """Stands for a key that the case leaves out: not known."""


ABSENT: Final = Absent()

MILE = 1_609_344
TWO_MILES, THREE_MILES, SIX_MILES, FIFTEEN_MILES = 3_218_688, 4_828_032, 9_656_064, 24_140_160
"""Millimetres, worked out by hand: a mile is 1,609.344 metres."""

HERE, ELSEWHERE, THIRD = 109329, 136335, 123456
"""School numbers: the school asked about and two others."""


def case(**changes: Any) -> dict[str, Any]:
    """The whole case with places changed, by dotted key; ABSENT takes a key away, None is known to be none."""
    data = whole_pupil()
    for place, value in changes.items():
        *parents, leaf = place.split(".")
        node = data
        for parent in parents:
            if not isinstance(node.get(parent), dict):
                node[parent] = {}
            node = node[parent]
        if value is ABSENT:
            node.pop(leaf, None)
        else:
            node[leaf] = copy.deepcopy(value)
    return data


# Sets of changes that many tests begin from.

LOW_INCOME: dict[str, Any] = {"income.free_school_meals": True, "income.evidence_seen_on": "2018-07-01"}
FURTHER_SCHOOL: dict[str, Any] = {
    "measured.nearest_school": False,
    "measured.nearest_ignoring_places": False,
    "measured.nearer_suitable_schools": 1,
}
"""A suitable school with a place is nearer."""
FAITH: dict[str, Any] = {
    **FURTHER_SCHOOL,
    "belief.religion": "roman_catholic",
    "belief.is_reason_for_school": True,
    "measured.nearest_school_of_belief": True,
    "measured.walking_mm": THREE_MILES + 1,
    "measured.road_mm": THREE_MILES + 1,
}
"""Just beyond three miles from the nearest school of the family's belief, another school being nearer."""


def born(age: int, on: dt.date) -> dt.date:
    """The date of birth of a child who reaches `age` on the day."""
    return on.replace(year=on.year - age)


def award(ground: str, **changes: Any) -> dict[str, Any]:
    """An award of a ground under the old policy, for this school, in force since September 2016."""
    held: dict[str, Any] = {
        "ground": ground,
        "policy": "somerset-2016",
        "urn": HERE,
        "granted_on": "2016-09-05",
        "ends_on": None,
        "in_error": False,
        "paid_seat": False,
    }
    return held | changes


@functools.cache
def assessor() -> Assessor:
    """The shipped rulebook, read once."""
    return Assessor()


def decided(*, policy: Any = None, day: Any = None, made: Any = None, **changes: Any) -> Decision:
    """The decision on the whole case with changes under `policy` (an id, or None for the version in force).

    `day` is the day it is about, `made` the day it is made; dates, or text such as 2018-09-04.
    """
    return assessor().assess(case(**changes), policy=policy, on=as_day(day), decided=as_day(made))


def as_day(day: dt.date | str | None) -> dt.date | None:
    """A day from text such as 2018-09-04."""
    return dt.date.fromisoformat(day) if isinstance(day, str) else day


def ground(decision: Decision, name: str) -> Ground:
    """What the decision says of one ground."""
    (found,) = [entry for entry in decision.grounds if entry.id == name]
    return found


def result(decision: Decision, name: str) -> str:
    """Whether one ground is met, not met or not known; a ground the version does not hold is "not listed"."""
    found = [entry.result for entry in decision.grounds if entry.id == name]
    return found[0] if found else "not listed"


def met(decision: Decision) -> set[str]:
    """The ids of the grounds met."""
    return {entry.id for entry in decision.grounds if entry.result == "met"}
