"""A small county of invented pupils for the tests of the tables: every kind of change, a few schools and wards.

The pupils are whole cases with one thing known of each that matters, and a few gaps.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import polars as pl

from eligibility.case import read_case
from eligibility.modelling.rows import row_of, table_of
from tests.case_builder import (
    ABSENT,
    FAITH,
    FURTHER_SCHOOL,
    HERE,
    LOW_INCOME,
    THREE_MILES,
    TWO_MILES,
    assessor,
    award,
    case,
)

DAY = dt.date(2018, 9, 4)
_SCHOOLS = {HERE: ("secondary", 7, 11), 136335: ("primary", 0, 6), 123456: ("middle", 5, 8)}
_KINDS: list[tuple[int, dict[str, Any]]] = [
    (5, {}),
    (3, {"measured.walking_mm": THREE_MILES + 1, "measured.road_mm": 3 * THREE_MILES}),
    (2, FAITH | {"award": award("faith")}),
    (1, FAITH),
    (1, FAITH | {"award": award("faith", in_error=True)}),
    (1, FAITH | LOW_INCOME | {"measured.walking_mm": TWO_MILES + 1}),
    (
        1,
        FURTHER_SCHOOL
        | {
            "measured.walking_mm": THREE_MILES + 9,
            "admission.placed_because_late": True,
            "measured.nearest_school": True,
            "measured.nearer_suitable_schools": 0,
        },
    ),
    (1, {"medical": {"from": "2018-09-01", "until": "2018-12-01"}, **FURTHER_SCHOOL}),
    (
        1,
        {
            "medical": {"from": "2018-09-01", "until": "2018-12-01"},
            "award": award("temporary_medical"),
            **FURTHER_SCHOOL,
        },
    ),
    (1, {"exceptional": "bullying"}),
    (1, {"measured.walking_mm": ABSENT}),
    (1, {"needs.special_needs": True, "needs.can_walk": False, "needs.disability": True}),
    (
        1,
        {
            "other_home": {"postcode": "BA2 0AB", "moved_on": None, "route": {"unsafe": False}, "can_walk": True},
            "measured_other_home": {
                "walking_mm": THREE_MILES + 1,
                "road_mm": THREE_MILES + 1,
                "nearest_school": True,
                "nearest_ignoring_places": True,
                "transport_area_school": False,
                "nearer_suitable_schools": 0,
                "nearest_school_of_belief": False,
            },
            "award": award("other_home"),
        },
    ),
]


def cases(number: int, seed: int = 1) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Cases, each with what no rule reads of it: `about.*`."""
    pick = random.Random(seed)
    weights = [often for often, _ in _KINDS]
    for count in range(1, number + 1):
        urn = pick.choice(list(_SCHOOLS))
        phase, lowest, highest = _SCHOOLS[urn]
        group = pick.randint(lowest, highest)
        reception = 2018 - group
        born = dt.date(reception - 5, 9, 1) + dt.timedelta(pick.randint(0, 364))
        entered = 2018 - pick.randint(0, group - lowest)
        kind = dict(pick.choices(_KINDS, weights)[0][1])
        granted = dt.date(max(entered, 2016), 9, 5).isoformat()
        if isinstance(kind.get("award"), dict):
            if entered == 2018:
                kind["award"] = None
            else:
                kind["award"] = kind["award"] | {"urn": urn, "granted_on": granted}
        made = case(
            reference=f"T-{count:06d}",
            date_of_birth=born.isoformat(),
            sex=pick.choice(["female", "male", ABSENT]),
            **{
                "school.urn": urn,
                "school.started_on": dt.date(entered, 9, 4).isoformat(),
                "applied_on": pick.choice(["2018-06-20", "2018-09-04"]),
                "admission.preferences": [urn],
                **kind,
            },
        )
        about = {
            "about.phase": phase,
            "about.last_year_group": highest,
            "about.ward": pick.choice(["North", "South", None]),
            "about.district": "All of it",
            "about.mode": "send" if made["needs"]["special_needs"] else "mainstream",
        }
        yield made, about


def population(number: int = 400, seed: int = 1) -> pl.DataFrame:
    """A checked population of them."""
    held = list(cases(number, seed))
    rows = table_of(row_of(read_case(made, assessor().model)) for made, _ in held)
    about = pl.DataFrame([about for _, about in held], schema_overrides={"about.last_year_group": pl.Int64})
    return pl.DataFrame({"row": range(1, number + 1)}, schema={"row": pl.Int64}).hstack(rows).hstack(about)
