"""Who gets a place where: preferences, priorities and places, year group by year group from the oldest.

Deferred acceptance, as co-ordinated admissions work: every family names its preferences; a school that is full keeps
those with the highest priority; the others go on to their next preference. At the end no school turned a child away
that took one of lower priority, so that whether a place was available to a child is well defined: the school had
places left, or took a child of lower priority.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eligibility.geography.ground import Floats, Wholes
from eligibility.geography.many import NONE_MM
from eligibility.modelling.generate.choice import Choosing
from eligibility.modelling.generate.county import YEARS, Draw
from eligibility.modelling.measuring.figures import NO, Bools
from eligibility.modelling.measuring.lengths import Lengths32

_TIER = 1_000_000_000  # millimetres: no distance is longer, so that distance decides only within a tier
_PLAN, _SIBLING, _BELIEF, _AREA, _OTHER = range(5)
_LATE = 10
_NEARBY = 40  # schools that a child whom no preference took is offered, nearest first


@dataclass(eq=False)
class Places:
    """What admissions came to; arrays by child.

    `preferences` are places among the schools, -1 where none; `chosen` is the number of the preference met, -1 where
    the authority found the place; `crowded` whether it is beyond the school's places. The three `place_...` arrays
    say at which nearer schools a place was available (`near_...`: with a place, by child and school).
    """

    school: Wholes
    preferences: Wholes
    chosen: Wholes
    late: Bools
    because_late: Bools
    crowded: Bools
    place_pupil: list[Wholes] = field(default_factory=list)
    place_school: list[Wholes] = field(default_factory=list)
    place_available: list[Bools] = field(default_factory=list)


def admit(choosing: Choosing, special_school: Wholes, has_plan: Bools, enough: int, draw: Draw) -> Places:
    """Places for every child. `special_school` is where a plan names one, -1 elsewhere.

    Of nearer schools those are listed up to the one that is number `enough` to have had a place; more change nothing.
    """
    number = len(special_school)
    named = choosing.rates.whole("preferences_named")
    late = draw.of("late").random(number) < choosing.rates.number("late_applications")
    late &= ~has_plan
    found = Places(
        school=np.full(number, -1, dtype=np.int64),
        preferences=np.full((number, named), -1, dtype=np.int64),
        chosen=np.full(number, -1, dtype=np.int64),
        late=late,
        because_late=np.zeros(number, dtype=bool),
        crowded=np.zeros(number, dtype=bool),
    )
    rng = draw.of("preferences")
    older = np.full(len(choosing.children.families.home), -1, dtype=np.int64)
    for year in reversed(range(YEARS)):
        if len(choosing.of_year[year]) and len(choosing.taking[year]):
            _YearGroup(choosing, year, _Before(special_school, has_plan, older, rng), found).admit(enough)
    return found


@dataclass(frozen=True, eq=False)
class _Before:
    """What is settled before a year group is admitted; `older` is each family's school of the next older child."""

    special_school: Wholes
    has_plan: Bools
    older: Wholes
    rng: np.random.Generator


class _YearGroup:
    """One year group before the schools that take it; schools are counted among those."""

    def __init__(self, choosing: Choosing, year: int, before: _Before, found: Places) -> None:
        self.children, self.schools = choosing.of_year[year], choosing.taking[year]
        self.choosing, self.year, self.found, older = choosing, year, found, before.older
        self.older = older
        self.special = before.special_school[self.children]
        self.walking = choosing.walking_mm(year)
        self.may = choosing.may_choose(year)
        self.left = np.maximum(np.ceil(choosing.places[self.schools]), 1).astype(np.int64)
        household = choosing.children.household[self.children]
        self.sibling = (older[household][:, None] == self.schools[None, :]) & (older[household] >= 0)[:, None]
        self.score = self._scores(before.has_plan[self.children])
        self.worth = choosing.worth(year) + choosing.fitted[self.schools].astype(np.float32)
        self.worth += np.float32(choosing.rates.number("siblings_school")) * self.sibling
        self.worth += before.rng.gumbel(size=self.worth.shape).astype(np.float32)
        self.worth[~self.may] = -np.inf

    def _scores(self, has_plan: Bools) -> Floats:
        """The lower, the sooner a child is taken: plan, sibling, belief, transport area, distance; the late last."""
        tier = np.full(self.walking.shape, _OTHER, dtype=np.int64)
        tier[self.choosing.in_area(self.year)] = _AREA
        tier[self.choosing.seeks(self.year)] = _BELIEF
        tier[self.sibling] = _SIBLING
        tier[has_plan] = _PLAN
        tier += _LATE * self.found.late[self.children][:, None]
        return tier.astype(np.float64) * _TIER + self.walking

    def admit(self, enough: int) -> None:
        """Give every child a place, and say where else one was available."""
        found, children = self.found, self.children
        named = found.preferences.shape[1]
        wishes = _best(-self.worth.astype(np.float64), self.may, named)
        ordinary = self.special < 0
        taken = self._accepted(wishes, ordinary, self.left)
        chosen = taken.copy()
        got = np.where(taken >= 0, wishes[np.arange(len(children)), taken], -1)
        left = self.left - np.bincount(got[got >= 0], minlength=len(self.schools))
        nearby = _best(self.walking.astype(np.float64), self.may, _NEARBY)
        offered = self._accepted(nearby, ordinary & (got < 0), left)
        got = np.where(offered >= 0, nearby[np.arange(len(children)), offered], got)
        crowded = ordinary & (got < 0)
        got = np.where(crowded, nearby[:, 0], got)
        available = self._available(got)
        found.school[children] = np.where(ordinary & (got >= 0), self.schools[got], self.special)
        found.preferences[children] = np.where(wishes >= 0, self.schools[wishes], -1)
        found.chosen[children], found.crowded[children] = chosen, crowded
        found.because_late[children] = self._because_late(wishes, chosen, got)
        household = self.choosing.children.household[children]
        self.older[household[ordinary]] = found.school[children][ordinary]
        self._list_places(available, enough)

    def _accepted(self, wishes: Wholes, asking: Bools, places: Wholes) -> Wholes:
        """Deferred acceptance: which of its wishes each child gets, -1 for none."""
        number, many = wishes.shape
        at = np.where(asking, 0, many)
        rows = np.arange(number)
        while True:
            at = np.where((at < many) & (wishes[rows, np.minimum(at, many - 1)] < 0), many, at)
            asks = np.flatnonzero(at < many)
            school = wishes[asks, at[asks]]
            order = np.lexsort((asks, self.score[asks, school], school))
            sorted_school = school[order]
            rank = np.arange(len(order)) - np.searchsorted(sorted_school, sorted_school, side="left")
            refused = asks[order[rank >= places[sorted_school]]]
            if not len(refused):
                return np.where(at < many, at, -1)
            at[refused] += 1

    def _available(self, got: Wholes) -> Bools:
        """Whether each school had a place for each child: places left, or a child taken of lower priority."""
        held = np.flatnonzero(got >= 0)
        last = np.full(len(self.schools), -np.inf)
        np.maximum.at(last, got[held], self.score[held, got[held]])
        full = np.bincount(got[held], minlength=len(self.schools)) >= self.left
        self.last = np.where(full, last, np.inf)
        found: Bools = self.may & (self.score < self.last[None, :])
        return found

    def _because_late(self, wishes: Wholes, chosen: Wholes, got: Wholes) -> Bools:
        """Whether a child whose application was late would have had an earlier preference had it been on time."""
        late = self.found.late[self.children]
        found = np.zeros(len(wishes), dtype=bool)
        for number in range(wishes.shape[1]):
            school = wishes[:, number]
            before = (chosen < 0) | (number < chosen)
            rows = np.flatnonzero(late & before & (school >= 0) & (got >= 0))
            on_time = self.score[rows, school[rows]] - _LATE * float(_TIER)
            found[rows] |= on_time < self.last[school[rows]]
        return found

    def _list_places(self, available: Bools, enough: int) -> None:
        """At which nearer schools, from each home, a place was available."""
        choosing = self.choosing
        nearness = choosing.county.distances.nearness
        listed = np.zeros(available.shape, dtype=bool)
        belief = choosing.belief[np.ix_(self.schools, choosing.children.religion[self.children])].T
        suits = self._suits()
        for homes in (choosing.children.home, choosing.children.other_home):
            home = homes[self.children]
            rows = np.flatnonzero(home >= 0)
            mm = nearness[np.ix_(self.schools, home[rows])].T
            own = nearness[self.found.school[self.children[rows]], home[rows]]
            nearer = suits[rows] & (mm != NONE_MM) & (mm < own[:, None])
            listed[rows] |= _up_to(nearer, mm, available[rows], enough)
            listed[rows] |= _up_to(nearer & belief[rows], mm, available[rows], 1)
        child, school = np.nonzero(listed)
        self.found.place_pupil.append(self.children[child])
        self.found.place_school.append(self.schools[school])
        self.found.place_available.append(available[child, school])

    def _suits(self) -> Bools:
        """Schools that suit or may: one that selects is among them, and had no place for a child it would refuse."""
        sex = self.choosing.children.sex[self.children]
        found: Bools = self.choosing.suits[self.schools, self.year][:, sex].T != NO
        return found


def _best(cost: Floats, may: Bools, many: int) -> Wholes:
    """The schools of least cost to each child, best first; -1 where fewer may be chosen."""
    many = min(many, cost.shape[1])
    cost = np.where(may, cost, np.inf)
    near = np.argpartition(cost, many - 1, axis=1)[:, :many]
    order = np.argsort(np.take_along_axis(cost, near, axis=1), axis=1, kind="stable")
    found = np.take_along_axis(near, order, axis=1)
    wanted: Wholes = np.where(np.take_along_axis(may, found, axis=1), found, -1)
    return wanted


def _up_to(nearer: Bools, mm: Lengths32, available: Bools, enough: int) -> Bools:
    """Of the nearer schools, those up to the one that is number `enough` to have a place, in order of nearness."""
    order = np.argsort(np.where(nearer, mm, np.iinfo(np.int32).max), axis=1, kind="stable")
    has = np.take_along_axis(nearer & available, order, axis=1)
    before: Wholes = np.cumsum(has, axis=1) - has
    kept = np.take_along_axis(nearer, order, axis=1) & (before < enough)
    found = np.zeros(nearer.shape, dtype=bool)
    np.put_along_axis(found, order, kept, axis=1)
    return found
