"""The figures of `measured.*` for whole populations: what `places.py` says of one pupil, for all at once.

Which school is nearest, how many are nearer, and what cannot be told, in whole columns; null is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from eligibility.geography import Pupil, School
from eligibility.geography.ground import Wholes
from eligibility.geography.many import NONE_MM
from eligibility.geography.suitability import suitable
from eligibility.modelling.measuring.lengths import Distances, Lengths32

Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]
YES, NO, OPEN = 1, 0, -1
"""How three-valued answers are held in whole columns."""
SEXES = (None, "female", "male")
LAST_YEAR_GROUP = 13


@dataclass(frozen=True)
class Limits:
    """What figures are held against: no figure is given where what is not known of it lies astride one of them.

    Lengths in millimetres; a number of schools. They come from the policy versions.
    """

    lengths: tuple[int, ...]
    schools: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Seen:
    """Pupils as one home of theirs sees the schools; arrays by pupil.

    `home` and `school` are places among the homes and schools of the distances, `sex` among `SEXES`. `religion` is a
    place among `religions`, -1 where none is known, and `belief_known` whether that there is none is known. The three
    `place_...` arrays name, pupil by pupil and school by school, where a place was available.
    """

    home: Wholes
    school: Wholes
    year_group: Wholes
    sex: Wholes
    religion: Wholes
    belief_known: Bools
    religions: Sequence[str]
    place_pupil: Wholes
    place_school: Wholes
    place_available: Bools


def suitability(schools: Sequence[School]) -> Codes:
    """Whether each school suits, by school, year group from Reception and place in `SEXES`: YES, NO or OPEN."""
    found = np.empty((len(schools), LAST_YEAR_GROUP + 1, len(SEXES)), dtype=np.int8)
    for number, school in enumerate(schools):
        for year in range(LAST_YEAR_GROUP + 1):
            for place, sex in enumerate(SEXES):
                answer, _ = suitable(school, Pupil(year, sex))
                found[number, year, place] = OPEN if answer is None else int(answer)
    return found


@dataclass(eq=False)
class _Nearer:
    """How many schools are nearer: certainly or maybe, with a place, without regard to places, of the same belief."""

    pupils: int
    certain: Wholes = field(init=False)
    certain_any: Wholes = field(init=False)
    maybe: Wholes = field(init=False)
    maybe_any: Wholes = field(init=False)
    of_belief: Wholes = field(init=False)
    of_belief_maybe: Wholes = field(init=False)

    def __post_init__(self) -> None:
        for name in ("certain", "certain_any", "maybe", "maybe_any", "of_belief", "of_belief_maybe"):
            setattr(self, name, np.zeros(self.pupils, dtype=np.int64))


def figures(
    distances: Distances, schools: Sequence[School], seen: Seen, limits: Limits, *, by_road: bool = False
) -> dict[str, pl.Series]:
    """The columns of `measured.*`, by their last name, from one home; `by_road` is how the nearest school is told.

    A length that is only known to lie between two is given where no limit lies between them, since every rule then
    says the same of both; so is a number of schools.
    """
    each = np.arange(len(seen.home))
    suits = suitability(schools)
    own_suits = suits[seen.school, seen.year_group, seen.sex]
    found: dict[str, pl.Series] = {}
    for name, high_mm, low_mm in (
        ("walking_mm", distances.walking, distances.walking_low),
        ("road_mm", distances.road, distances.road_low),
    ):
        mm, low = high_mm[seen.school, seen.home], low_mm[seen.school, seen.home]
        known = (mm != NONE_MM) & ~astride(low, mm, limits.lengths)
        found[name] = _column(mm.astype(np.int64), known)
    on_foot = _nearer(distances.nearness, distances.nearness_low, schools, seen, suits)
    near = _nearer(distances.road, distances.road_low, schools, seen, suits) if by_road else on_foot
    mm_foot = distances.nearness[seen.school, seen.home]
    mm_near = distances.road[seen.school, seen.home] if by_road else mm_foot
    beyond_near, beyond_foot = (_beyond(distances, seen, mm) for mm in (mm_near, mm_foot))
    reached = mm_near != NONE_MM
    for name, certain, maybe in (
        ("nearest_school", near.certain, near.maybe),
        ("nearest_ignoring_places", near.certain_any, near.maybe_any),
    ):
        answer = _settled(certain, maybe, beyond_near, reached)
        found[name] = _three_valued(np.where(own_suits == NO, NO, answer))
    for name, least, most in (
        ("nearer_suitable_schools", on_foot.certain, on_foot.maybe),
        ("nearer_ignoring_places", on_foot.certain_any, on_foot.maybe_any),
    ):
        upper = np.where(beyond_foot, np.iinfo(np.int32).max, most)
        known = (mm_foot != NONE_MM) & ~astride(least, upper, [n - 1 for n in limits.schools])
        found[name] = _column(least, known)
    belief = _settled(near.of_belief, near.of_belief_maybe, beyond_near, reached)
    found["nearest_school_of_belief"] = _three_valued(_of_belief(belief, schools, seen, each))
    return found


def astride(low: NDArray[np.integer], high: NDArray[np.integer], limits: Sequence[int]) -> Bools:
    """Where a limit lies between two numbers, so that they may fall on either side of it."""
    found = np.zeros(len(low), dtype=bool)
    for limit in limits:
        found |= (low <= limit) & (high > limit)
    return found


def _nearer(high: Lengths32, low: Lengths32, schools: Sequence[School], seen: Seen, suits: Codes) -> _Nearer:
    found = _Nearer(len(seen.home))
    own, own_low = high[seen.school, seen.home], low[seen.school, seen.home]
    order = np.argsort(seen.place_school, kind="stable")
    bounds = np.searchsorted(seen.place_school[order], np.arange(len(schools) + 1))
    of_belief = same_belief(schools, seen.religions)
    for number in range(len(schools)):
        mm, least = high[number, seen.home], low[number, seen.home]
        suit = suits[number, seen.year_group, seen.sex]
        maybe = (seen.school != number) & (suit != NO) & (least != NONE_MM) & (least < own)
        if not maybe.any():
            continue
        certain = maybe & (suit == YES) & (mm != NONE_MM) & (mm < own_low)
        named = order[bounds[number] : bounds[number + 1]]
        place = np.full(len(own), OPEN, dtype=np.int8)
        place[seen.place_pupil[named]] = seen.place_available[named]
        with_place, open_place = certain & (place == YES), maybe & (place != NO)
        same = of_belief[number, seen.religion]
        found.certain += with_place
        found.certain_any += certain
        found.maybe += open_place
        found.maybe_any += maybe
        found.of_belief += with_place & same
        found.of_belief_maybe += open_place & same
    return found


def same_belief(schools: Sequence[School], religions: Sequence[str]) -> Bools:
    """Whether each school is, or may be, of each religion; the last column, of no known religion, is False."""
    found = np.zeros((len(schools), len(religions) + 1), dtype=bool)
    for number, school in enumerate(schools):
        for place, religion in enumerate(religions):
            found[number, place] = not school.religion_known or religion in school.religions
    return found


def _of_belief(settled: Codes, schools: Sequence[School], seen: Seen, each: Wholes) -> Codes:
    known = np.array([school.religion_known for school in schools], dtype=bool)[seen.school]
    same = same_belief(schools, seen.religions)[seen.school, seen.religion]
    answer = np.where(same, settled, NO)
    answer = np.where(known, answer, OPEN)
    without = np.where(seen.belief_known, NO, OPEN)
    return np.where(seen.religion < 0, without, answer)[each].astype(np.int8)


def _settled(certain: Wholes, maybe: Wholes, beyond: Bools, reached: Bools) -> Codes:
    answer = np.where(certain > 0, NO, np.where((maybe == 0) & ~beyond, YES, OPEN))
    return np.where(reached, answer, OPEN).astype(np.int8)


def _beyond(distances: Distances, seen: Seen, own: Lengths32) -> Bools:
    if distances.beyond is None:
        return np.zeros(len(own), dtype=bool)
    found: Bools = (own != NONE_MM) & (distances.beyond[seen.home] < own)
    return found


def _column(values: Wholes, known: Bools) -> pl.Series:
    return pl.Series(values.astype(np.int64)).set(pl.Series(~known), None)


def _three_valued(answer: Codes) -> pl.Series:
    return pl.Series(answer == YES).set(pl.Series(answer == OPEN), None)


def listed(figures_by_name: Mapping[str, pl.Series], section: str) -> list[pl.Series]:
    """The figures as columns of a section of the case (`measured`, `measured_other_home`)."""
    return [series.alias(f"{section}.{name}") for name, series in figures_by_name.items()]
