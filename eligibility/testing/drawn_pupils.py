"""Whole pupils drawn to the edges of a policy, each value from a few that lie just before, on and just after something.

One description for Hypothesis and for a seeded generator: whoever draws hands in how one of several is picked.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from eligibility.facts import vocabulary
from eligibility.school_calendar import anniversary
from eligibility.testing.background import Case

T = TypeVar("T")
ONE_DAY = timedelta(days=1)
AROUND = (-1, 0, 1)
URN, FORMER, NEARER, FURTHER = 109329, 136335, 123456, 104567
"""School numbers: the school asked about, the one that it was before, one nearer and one further away."""


class Pick(Protocol):
    """Takes one of several; what Hypothesis and a seeded generator have in common."""

    def __call__(self, options: Sequence[T]) -> T:
        """One of the options."""


@dataclass(frozen=True)
class Edges:
    """Where a policy turns: what the facts of a pupil are drawn beside. Lengths in millimetres, sums in pence."""

    first: date
    last: date
    """The days between which pupils travel."""
    changes: tuple[date, ...]
    """The days on which law or policy change; the last is that of the change of policy."""
    turns: Callable[[int], Sequence[date]]
    """The days on which something ends or begins in every calendar year."""
    school_days: Sequence[date]
    school_starts: Sequence[date]
    """Days about which a school year begins or ends."""
    year_starts: tuple[int, int]
    prescribed: Sequence[tuple[int, int]]
    """Month and day: when the school year starts, and the days on which compulsory school age does."""
    ages: Sequence[int]
    walking: Sequence[int]
    lengths: Sequence[int]
    walking_miles: Sequence[str]
    road_miles: Sequence[str]
    pence: Sequence[int]
    meals_from: date
    """The day from which free school meals can be protected."""
    minutes: Sequence[int]
    grounds: Sequence[str]
    withdrawn: Sequence[str]
    versions: Mapping[date, str]
    """The versions that an award may be of, by the day from which it is."""


@dataclass(frozen=True)
class Question:
    """A complete case, the day it is about and the day it is decided."""

    case: Case
    on: date
    decided: date


@dataclass(frozen=True)
class _Drawing:
    """One pupil being drawn."""

    pick: Pick
    edges: Edges

    def question(self) -> Question:
        """One pupil about whom nothing is missing, the day the decision is about, and the day it is made."""
        pick = self.pick
        on = self._travel_day()
        born = self._born(on)
        late = pick([True, False, False])
        belief = None
        if pick([True, True, False]):
            belief = {"religion": "roman_catholic", "is_reason_for_school": pick([True, True, False])}
        of_belief = belief is not None and pick([True, True, True, False])
        award = self._award(on, born)
        granted = award["granted_on"] if award else None
        case: Case = {
            "reference": "P-1",
            "date_of_birth": born,
            "sex": pick(["female", "male"]),
            "resident": pick([True] * 9 + [False]),
            "applied_on": on - timedelta(pick([0, 1, 60])),
            "travel_from": on,
            "home": {"postcode": "BA2 0AA", "moved_on": self._moved(on, granted)},
            "other_home": None,
            "school": {
                "urn": URN,
                "started_on": self._started(on, born),
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
            "income": self._income(on),
            "needs": self._needs(),
            "medical": self._medical(on),
            "route": self._route(on),
            _circumstances(): self._usually(None, pick(list(vocabulary().by_case[_circumstances()].words))),
            "award": award,
            "service": self._service(on),
            "measured": self._measured(of_belief=of_belief),
            "measured_other_home": None,
        }
        if pick([True, False]):
            case["other_home"] = {
                "postcode": "BA1 1AA",
                "moved_on": self._moved(on, granted),
                "route": self._route(on),
                "can_walk": pick([True, True, False]),
            }
            case["measured_other_home"] = self._measured(of_belief=of_belief)
        return Question(case, on, on + timedelta(pick([0, 0, 0, 0, -60, -21, -1, 1, 20])))

    def _usually(self, often: T, seldom: T) -> T:
        return self.pick([often, often, often, seldom])

    def _near(self, day: date) -> date:
        return day + ONE_DAY * self.pick(AROUND)

    def _some_day(self, first: date, last: date) -> date:
        return first + ONE_DAY * self.pick(range((last - first).days + 1))

    def _travel_day(self) -> date:
        """Often beside a change of the law, of the policy, of the school year or of compulsory school age."""
        pick, edges = self.pick, self.edges
        year = pick(range(edges.first.year, edges.last.year + 1))
        turn = pick(edges.turns(year))
        day = pick(
            [
                self._near(pick(edges.changes)),
                self._near(pick(edges.school_days)),
                pick(edges.school_starts),
                self._near(turn),
                self._some_day(edges.first, edges.last),
            ]
        )
        return min(max(day, edges.first), edges.last)

    def _born(self, on: date) -> date:
        """A child of 3 to 17: often with a birthday, or the start or end of an age range, about now."""
        pick, edges = self.pick, self.edges
        years = pick(edges.ages)
        youngest, oldest = min(edges.ages), max(edges.ages)
        began = on.year if (on.month, on.day) >= edges.year_starts else on.year - 1
        return pick(
            [
                anniversary(on, -years) + ONE_DAY * pick(AROUND),
                anniversary(on, -years) + ONE_DAY * pick(AROUND),
                self._near(date(on.year - youngest - 1, *pick(edges.prescribed))),
                self._near(
                    date(began - pick([youngest - 1, youngest, youngest + 1, oldest - 1, oldest]), *edges.year_starts)
                ),
                self._some_day(anniversary(on, -oldest), anniversary(on, 1 - oldest)),
                self._some_day(anniversary(on, -oldest - 1), anniversary(on, 1 - youngest)),
                self._some_day(anniversary(on, -oldest - 1), anniversary(on, 1 - youngest)),
                date(on.year - 10 - (on.year - 10) % 4, 2, 29),
            ]
        )

    def _measured(self, *, of_belief: bool) -> Case:
        """Figures from one home that do not contradict each other."""
        pick, edges = self.pick, self.edges
        walking = pick(edges.walking) + pick(AROUND) if pick([True, True, False]) else pick(edges.lengths)
        road = pick(edges.lengths)
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
        return {"walking_miles": pick(edges.walking_miles), "road_miles": pick(edges.road_miles), **measured}

    def _route(self, on: date) -> Case:
        if not self.pick([True, False]):
            return {"unsafe": False, "assessed_on": None, "safe_from": None}
        assessed = on - timedelta(self.pick([1, 30, 400]))
        return {"unsafe": True, "assessed_on": assessed, "safe_from": self.pick([None, None, self._near(on)])}

    def _moved(self, on: date, granted: date | None) -> date | None:
        change = self.edges.changes[-1]
        days = [self._near(on), self._near(change), change + timedelta(40)]
        return self.pick([None, None, None, self.pick([*days, self._near(granted)] if granted else days)])

    def _award(self, on: date, born: date) -> Case | None:
        """A seat already granted: any ground, this school or another, running, run out, in error or paid."""
        pick, edges = self.pick, self.edges
        if pick([True, False]):
            return None
        change = edges.changes[-1]
        granted = pick([self._near(change), change - timedelta(61), edges.first, on, on - timedelta(90)])
        granted = max(min(granted, on), born + ONE_DAY)
        ends = pick([None, None, None, max(granted, self._near(on)), granted + timedelta(365)])
        held = [version for day, version in sorted(edges.versions.items()) if day <= granted]
        often = bool(edges.withdrawn) and pick([True, True, False])
        return {
            "ground": pick(edges.withdrawn if often else edges.grounds),
            "policy": held[-1] if held else min(edges.versions.items())[1],
            "urn": pick([URN, URN, URN, URN, FORMER, FORMER, FURTHER]),
            "granted_on": granted,
            "ends_on": ends,
            "in_error": self._usually(often=False, seldom=pick([True, False])),
            "paid_seat": self._usually(often=False, seldom=pick([True, False])),
        }

    def _started(self, on: date, born: date) -> date:
        edges = self.edges
        day = self.pick([self._near(edges.changes[-1]), edges.first, on, *edges.school_starts, on - timedelta(200)])
        return max(min(day, on), born + timedelta(3 * 366))

    def _needs(self) -> Case:
        pick = self.pick
        plan = None
        if pick([True, False, False, False]):
            named = pick([[URN], [FORMER], [FURTHER], [NEARER, URN], [NEARER, FURTHER]])
            plan = {"named_urns": named, "is_parental_preference": pick([True, False])}
        return {
            _of_needs(): plan is not None or self._usually(often=False, seldom=True),
            "disability": self._usually(often=False, seldom=True),
            "mobility_problem": self._usually(often=False, seldom=True),
            "can_walk": pick([True, False]),
            "ehc_plan": plan,
        }

    def _income(self, on: date) -> Case:
        return {
            "free_school_meals": self._usually(often=False, seldom=True),
            "free_school_meals_protected": on >= self.edges.meals_from and self._usually(often=False, seldom=True),
            "maximum_working_tax_credit": self._usually(often=False, seldom=True),
            "universal_credit": self.pick([True, False]),
            "net_earnings_pence": self.pick(self.edges.pence),
            "evidence_seen_on": self._usually(often=on - timedelta(self.pick([0, 1, 60])), seldom=None),
        }

    def _medical(self, on: date) -> Case | None:
        if self.pick([True, False]):
            return None
        first = on - timedelta(self.pick([-1, 0, 1, 30, 200]))
        return {"from": first, "until": max(first, self.pick([self._near(on), on + timedelta(42)]))}

    def _service(self, on: date) -> Case:
        pick = self.pick
        incident = {"on": on - timedelta(pick([0, 1, 30])), "serious": pick([True, False])}
        return {
            "waiting_minutes": {"before_school": pick(self.edges.minutes), "after_school": pick(self.edges.minutes)},
            "risk_assessment": {"done_on": None, "assistant_needed": None},
            "incidents": pick([[], [], [incident], [incident] * 3]),
        }


def _circumstances() -> str:
    """The place of exceptional circumstances in a case; a ground has its name too, and no code names grounds."""
    return vocabulary().by_name["has_exceptional_circumstances"].of


def _of_needs() -> str:
    """The place of special needs among the needs of a case; a ground has its name too."""
    return vocabulary().by_name["has_special_needs"].case.rpartition(".")[2]


def draw(pick: Pick, edges: Edges) -> Question:
    """One pupil about whom nothing is missing, the day the decision is about, and the day it is made."""
    return _Drawing(pick, edges).question()


def seeded(seed: int, edges: Edges) -> Callable[[], Question]:
    """Pupil after pupil from one seed, for runs of many thousands."""
    rng = random.Random(seed)  # noqa: S311  # no secret is made from it

    def pick(options: Sequence[T]) -> T:
        return rng.choice(options)

    return lambda: draw(pick, edges)
