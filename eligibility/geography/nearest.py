"""The nearest schools for one pupil: searched for no further than it must, ranked, and ties said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eligibility.geography.ground import UM_PER_MM
from eligibility.geography.measure import Found, How, Looking, Seen, Start, limits, seen_from
from eligibility.geography.model import Home, Length, Mode, Pupil, SchoolDistance
from eligibility.geography.suitability import suitable

if TYPE_CHECKING:
    from eligibility.geography.area import Area

AS_NEAR_MM = 10_000
"""Schools this close to one another in distance are named as being as near as makes no difference.

It is what the point a school's entrance is taken to stand at may be out by; it decides nothing.
"""
TIES = "Schools at the same distance to the millimetre are ranked by their number in the register (URN), lowest first."


@dataclass(frozen=True)
class Ranked:
    """A school that may be the nearest: its rank from 1, and whether a place was available (None: not known).

    `as_near_as` names schools whose distance differs by no more than the tolerance: (URN, millimetres apart).
    """

    rank: int
    distance: SchoolDistance
    place: bool | None
    as_near_as: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Ranking:
    """The nearest schools by `by`, and `passed_over`: nearer ones that do not suit, each with its reason."""

    by: Mode
    tolerance_mm: int
    schools: tuple[Ranked, ...]
    passed_over: tuple[SchoolDistance, ...]


def by_length(school: SchoolDistance, by: Mode) -> Length | None:
    """The length that tells how near a school is, on foot or by road."""
    return school.road if by == "road" else school.nearness


def rank(
    schools: Sequence[SchoolDistance],
    *,
    many: int = 5,
    by: Mode = "walk",
    places: Mapping[str, bool] | None = None,
    tolerance_mm: int = AS_NEAR_MM,
) -> Ranking:
    """The `many` nearest of the schools that suit, or may suit, nearest first; of equal length by URN.

    `places` says by URN whether a place was available to the child; a school it does not name is not known. A school
    without a place keeps its rank, so that a reader sees what was nearer and why it does not count.
    """
    measured = [(length.mm, s.school.urn, s) for s in schools if (length := by_length(s, by)) is not None]
    measured.sort(key=lambda each: each[:2])
    chosen = [each for each in measured if each[2].suitable is not False][:many]
    reach = chosen[-1][0] if chosen else 0
    ranked = tuple(
        Ranked(
            number,
            school,
            (places or {}).get(urn),
            tuple((other, abs(mm - far)) for far, other, _ in chosen if other != urn and abs(mm - far) <= tolerance_mm),
        )
        for number, (mm, urn, school) in enumerate(chosen, start=1)
    )
    passed = tuple(school for mm, _, school in measured if school.suitable is False and mm <= reach)
    return Ranking(by, tolerance_mm, ranked, passed)


def look(area: Area, home: Home, how: How, pupil: Pupil | None, *, many: int, by: Mode) -> Seen:
    """As `measure.look`, for the schools up to the `many`-th that suits the pupil, or may, and none further.

    The search ends there, so that a county takes no longer than a town. Where a stretch is unsafe on the day all is
    searched, since only that tells that no safe way exists.
    """
    start = Start(area, home, how)
    looking = Looking(start)
    schools = list(area.schools.values())
    wanted = np.array([pupil is None or suitable(school, pupil)[0] is not False for school in schools], dtype=bool)
    has_closed = bool(area.closed(how.on))
    unsafe = looking.lengths("walk", start.search("walk", safe=False)) if has_closed else [None] * len(schools)

    def measured(mode: Mode, limit_um: float) -> list[Length | None]:
        return looking.lengths(mode, start.search(mode, limit_um=limit_um))

    straight = np.sort(np.minimum.reduceat(looking.straight_um, looking.ends.first)[wanted])
    first_um = float(straight[min(many, len(straight)) - 1]) if len(straight) else 0.0
    near = np.zeros(len(schools), dtype=bool)
    for limit_um in limits(first_um, everything=has_closed and by == "walk"):
        main = measured(by, limit_um)
        known = [one or (two if by == "walk" else None) for one, two in zip(main, unsafe, strict=True)]
        mm = np.array([np.inf if each is None else each.mm for each in known], dtype=np.float64)
        # Whatever is no longer than the limit was found, so the nearest among these are the nearest of all.
        mm[mm * UM_PER_MM > limit_um - UM_PER_MM] = np.inf
        suited = np.sort(mm[wanted & np.isfinite(mm)])
        if len(suited) >= many or np.isinf(limit_um):
            near = mm <= (suited[many - 1] if len(suited) >= many else np.finfo(float).max)
            break
    far_um = float(mm[near].max(initial=0)) * UM_PER_MM
    for limit_um in limits(far_um, everything=has_closed and by == "road"):
        also = measured("road" if by == "walk" else "walk", limit_um)
        if all(each is not None for each, is_near in zip(also, near.tolist(), strict=True) if is_near):
            break
    walking, road = (main, also) if by == "walk" else (also, main)
    through = [None if safe else other for safe, other in zip(walking, unsafe, strict=True)]
    every = zip(schools, walking, road, through, looking.floors_of_far, strict=True)
    rows = [Found(*row) for row in every]
    # A school whose distance is not known may be nearer than the last of these.
    last_um = far_um if int((wanted & near).sum()) >= many else np.inf
    found = [row for row, is_near in zip(rows, near, strict=True) if is_near or _may_be_within(row, last_um)]
    return seen_from(start, found, joined=any(walking) or any(through))


def _may_be_within(found: Found, um: float) -> bool:
    return found.at_least_mm is not None and found.at_least_mm * UM_PER_MM <= um
