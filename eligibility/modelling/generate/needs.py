"""Special needs, disability, plans and special schools; temporary conditions and exceptional circumstances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eligibility.geography.ground import Floats, Wholes
from eligibility.geography.many import NONE_MM
from eligibility.modelling.generate.county import Draw
from eligibility.modelling.generate.households import Children
from eligibility.modelling.measuring.figures import Bools

EXCEPTIONAL = ("critical_stage", "parent_death_or_illness", "bullying")
_PER_KM = 0.08  # how fast the odds of a special school fall: a plan names one a long way off where it must


@dataclass(frozen=True, eq=False)
class Needs:
    """Arrays by child. `special_school` is a place among the schools, -1 where no plan names one.

    `medical_from` and `medical_until` count days from the day of the population; both 0 where there is no condition.
    `exceptional` is a place in `EXCEPTIONAL`, -1 where there are no such circumstances.
    """

    plan: Bools
    preferred: Bools
    special_school: Wholes
    special_needs: Bools
    disability: Bools
    mobility: Bools
    can_walk: Bools
    medical_from: Wholes
    medical_until: Wholes
    exceptional: Wholes


def needs_of(children: Children, draw: Draw) -> Needs:
    """What special needs, conditions and circumstances children have."""
    number = len(children.household)
    rng = draw.of("needs")
    plan = rng.random(number) < draw.rates.number("ehc_plan")
    support = rng.random(number) < draw.rates.number("special_needs_without_plan")
    disability = rng.random(number) < draw.rates.number("disability_without_plan")
    mobility = disability & (rng.random(number) < _HALF)
    special = _special_schools(children, plan, draw)
    at_special = special >= 0
    luck = rng.random(number)
    cannot = (at_special & (luck < draw.rates.number("cannot_walk_at_special_school"))) | (
        ~at_special & plan & (luck < draw.rates.number("cannot_walk_with_plan"))
    )
    cannot |= disability & (luck < draw.rates.number("cannot_walk_with_disability"))
    begins, ends = _conditions(number, draw)
    rng = draw.of("exceptional circumstances")
    has = rng.random(number) < draw.rates.number("exceptional_circumstances")
    return Needs(
        plan=plan,
        preferred=plan & (draw.of("preferred plans").random(number) < draw.rates.number("plan_is_parental_preference")),
        special_school=special,
        special_needs=plan | support,
        disability=disability,
        mobility=mobility,
        can_walk=~cannot,
        medical_from=begins,
        medical_until=ends,
        exceptional=np.where(has, rng.integers(0, len(EXCEPTIONAL), number), -1),
    )


def _special_schools(children: Children, plan: Bools, draw: Draw) -> Wholes:
    """The special school that a plan names: the odds fall with the distance and rise with the school's places."""
    rng = draw.of("special schools")
    found = np.full(len(plan), -1, dtype=np.int64)
    register = children.county.register
    schools = np.flatnonzero(register.special)
    named = np.flatnonzero(plan & (rng.random(len(plan)) < draw.rates.number("plan_names_special_school")))
    if not len(schools) or not len(named):
        return found
    year = children.year_group[named]
    mm = children.county.distances.nearness[np.ix_(schools, children.home[named])].T
    roll: Floats = np.where(np.isnan(register.roll[schools]), 1.0, np.maximum(register.roll[schools], 1.0))
    low = np.array([register.schools[each].low_age or 0 for each in schools]) - _AGE_AT_START
    high = np.array([register.schools[each].high_age or 99 for each in schools]) - _AGE_AT_START - 1
    takes = (low <= year[:, None]) & (high >= year[:, None]) & (mm != NONE_MM)
    worth = np.log(roll) - _PER_KM * mm / 1e6 + rng.gumbel(size=mm.shape)
    worth[~takes] = -np.inf
    found[named] = np.where(takes.any(axis=1), schools[worth.argmax(axis=1)], -1)
    return found


def _conditions(number: int, draw: Draw) -> tuple[Wholes, Wholes]:
    rng = draw.of("temporary conditions")
    has = rng.random(number) < draw.rates.number("temporary_condition")
    least, most = (int(draw.rates.of("temporary_condition_weeks", key)) * 7 for key in ("least", "most"))
    lasts = rng.integers(least, most + 1, number)
    begun = (rng.random(number) * lasts).astype(np.int64)
    return np.where(has, -begun, 0), np.where(has, np.maximum(lasts - begun, 1), 0)


_HALF = 0.5
_AGE_AT_START = 4
