"""Whole consistent pupils, drawn beside what policy.md names, for Hypothesis and for a seeded generator.

How a pupil is drawn is the kit's (`eligibility.testing`). What it is drawn beside is typed in here a second time from
the words of the policy, on purpose: a limit that is wrong in the rulebook is then still looked at from both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import strategies as st

from eligibility.testing import drawn_pupils
from eligibility.testing.background import Case
from eligibility.testing.drawn_pupils import FORMER, FURTHER, NEARER, URN, Edges, Pick, Question, T
from eligibility.testing.strategies import drawn
from tests.oracle_dates import SCHOOL_DAYS, compulsory_until

__all__ = ["FORMER", "FURTHER", "NEARER", "URN", "Case", "Pick", "Question", "T", "pupils", "seeded"]

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
MILE = 1_609_344
LIMITS = [2 * MILE, 3 * MILE, 6 * MILE, 15 * MILE]
CHANGES = [date(2018, 4, 1), date(2018, 9, 1)]


def _turns(year: int) -> list[date]:
    last_friday = compulsory_until(date(year - 16, 1, 1))
    return [last_friday, date(year, 7, 31), date(year, 9, 1), date(year, 8, 31), date(year, 3, 31)]


EDGES = Edges(
    first=date(2016, 9, 1),
    last=date(2020, 12, 31),
    changes=tuple(CHANGES),
    turns=_turns,
    school_days=SCHOOL_DAYS,
    school_starts=[date(2018, 9, 4), date(2017, 9, 4), date(2019, 9, 3), date(2018, 7, 24), date(2019, 7, 23)],
    year_starts=(9, 1),
    prescribed=[(3, 31), (8, 31), (12, 31)],
    ages=[4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11, 11, 12, 13, 14, 15, 16],
    walking=LIMITS[:2],
    lengths=[limit + step for limit in LIMITS for step in (-1, 0, 1)] + [900_000, 4_000_000, 7_000_000, 30_000_000],
    walking_miles=["2", "3", "2.985", "3.0", "2.0000001", "3.0000004", "1.9999999", "3.412"],
    road_miles=["6", "6.0000001", "15", "15.0000004", "3.9"],
    pence=[0, 650_000, 739_999, 740_000, 740_001, 900_000],
    meals_from=CHANGES[0],
    minutes=[0, 10, 12, 15, 16],
    grounds=GROUNDS,
    withdrawn=WITHDRAWN,
    versions={date(2016, 9, 1): "somerset-2016", CHANGES[1]: "somerset-2018"},
)


def seeded(seed: int) -> Callable[[], Question]:
    """Pupil after pupil from one seed, for runs of many thousands."""
    return drawn_pupils.seeded(seed, EDGES)


def pupils() -> st.SearchStrategy[Question]:
    """The same pupils, drawn and made smaller by Hypothesis."""
    return drawn(EDGES)
