"""Income, unsafe routes, house moves, and when and how pupils came to their schools."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from eligibility.geography.ground import Floats, Wholes
from eligibility.modelling.generate.county import County, Draw, entry_year
from eligibility.modelling.generate.days import Days
from eligibility.modelling.generate.households import Children
from eligibility.modelling.generate.rates import Rates
from eligibility.modelling.measuring.figures import Bools

_DAYS_IN_YEAR = 365
_PENCE = 100


@dataclass(frozen=True, eq=False)
class Incomes:
    """Arrays by child; siblings have the same. Earnings in pence a year."""

    free_school_meals: Bools
    universal_credit: Bools
    working_tax_credit: Bools
    earnings_pence: Wholes
    evidence_shown: Bools

    @property
    def low(self) -> Bools:
        """Who claims a low income."""
        return self.free_school_meals | self.working_tax_credit


def incomes_of(children: Children, school: Wholes, draw: Draw) -> Incomes:
    """Free school meals by the neighbourhood's rate, moved towards what the register says of the school."""
    families = children.families
    rate = children.county.neighbourhoods.low_income[families.neighbourhood]
    meals = families.luck_of_income < np.clip(rate * _towards_schools(children, school, draw.rates), 0, 0.9)
    number = len(families.home)
    rng = draw.of("kinds of income")
    credit = np.where(
        meals,
        rng.random(number) < draw.rates.number("universal_credit_of_low_income"),
        rng.random(number) < draw.rates.number("universal_credit_of_others"),
    )
    tax_credit = ~meals & ~credit & (rng.random(number) < draw.rates.number("maximum_working_tax_credit"))
    earnings = _between(draw.rates, "earnings_of_others_pounds", rng.random(number))
    earnings = np.where(meals, _between(draw.rates, "earnings_with_meals_pounds", rng.random(number)), earnings)
    shown = rng.random(number) < draw.rates.number("evidence_shown")
    by_child = children.household
    return Incomes(meals[by_child], credit[by_child], tax_credit[by_child], earnings[by_child], shown[by_child])


def _between(rates: Rates, name: str, luck: Floats) -> Wholes:
    least, most = rates.of(name, "least"), rates.of(name, "most")
    found: Wholes = np.floor(least + (most - least) * luck).astype(np.int64) * _PENCE
    return found


def _towards_schools(children: Children, school: Wholes, rates: Rates) -> Floats:
    """By household: how much likelier its children's schools make free meals than its neighbourhood does."""
    county, families = children.county, children.families
    known = county.register.meals * rates.number("free_school_meals_since")
    if np.isnan(known).all():
        return np.ones(len(families.home))
    rate = county.neighbourhoods.low_income[families.neighbourhood[children.household]]
    at = school >= 0
    pupils = np.bincount(school[at], minlength=len(known))
    expected = np.bincount(school[at], weights=rate[at], minlength=len(known)) / np.maximum(pupils, 1)
    ratio = np.where(np.isnan(known) | (expected <= 0), 1.0, known / np.maximum(expected, 1e-9))
    own = np.where(at, ratio[np.maximum(school, 0)], 1.0)
    total = np.bincount(children.household, weights=own, minlength=len(families.home))
    found: Floats = total / np.maximum(np.bincount(children.household, minlength=len(families.home)), 1)
    return found


def unsafe_routes(county: County, home: Wholes, school: Wholes, draw: Draw) -> Bools:
    """Whether the walking route is unsafe: one draw for each block of homes and school, so that neighbours share it."""
    hoods = county.neighbourhoods
    chance = np.array([draw.rates.number(f"unsafe_route_{surrounds}") for surrounds in hoods.surrounds])
    blocks = int(county.homes.block.max(initial=-1)) + 1
    luck = draw.of("unsafe routes").random((blocks, len(county.register.schools)), dtype=np.float32)
    of_block = luck[county.homes.block[home], np.maximum(school, 0)]
    found: Bools = of_block < chance[county.homes.neighbourhood[home]]
    return found & (school >= 0)


@dataclass(frozen=True, eq=False)
class Histories:
    """Arrays by child; days count from 1970-01-01. `moved` is the day on which the
    family last moved house, 0 where that was before the child was born."""

    started: Wholes
    in_year: Bools
    applied: Wholes
    moved: Wholes
    new: Bools


def histories_of(children: Children, school: Wholes, late: Bools, days: Days, draw: Draw) -> Histories:
    """When each child started at its school, how it came there, and when its family last moved."""
    rng = draw.of("histories")
    number, on = len(school), days.on
    entry = np.array([entry_year(each) for each in children.county.register.schools], dtype=np.int64)
    ago = np.maximum(children.year_group - entry[np.maximum(school, 0)], 0)
    first = np.array([_day(days.first_days[each]) for each in sorted(days.first_days)], dtype=np.int64)
    luck = rng.random(number)
    chance = 1 - (1 - draw.rates.number("in_year_moves_a_year")) ** ago
    in_year = (luck < chance) & ~late
    came_ago = np.where(in_year, np.ceil(rng.random(number) * ago).astype(np.int64), ago)
    begins, ends = first[came_ago], np.where(came_ago > 0, first[np.maximum(came_ago - 1, 0)], _day(on) + 1)
    inside = begins + 1 + np.floor(rng.random(number) * np.maximum(ends - begins - _HOLIDAYS, 1)).astype(np.int64)
    started = np.where(in_year, _weekday(inside), begins)
    new = ~in_year & (ago == 0)
    back = np.where(in_year, rng.integers(10, 40, number), rng.integers(60, 150, number))
    years = draw.of("house moves").exponential(1 / draw.rates.number("house_moves_a_year"), len(children.families.home))
    moved = _day(on) - np.ceil(np.minimum(years, _LONG_AGO) * _DAYS_IN_YEAR).astype(np.int64)[children.household]
    moved = np.where(moved > children.born, moved, 0)
    return Histories(started, in_year, started - back, moved, new)


def _day(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


def _weekday(days: Wholes) -> Wholes:
    """The same day, or the Monday after where it falls on a weekend."""
    weekday = (days + _THURSDAY) % 7
    found: Wholes = np.where(weekday >= _SATURDAY, days + 7 - weekday, days)
    return found


_THURSDAY, _SATURDAY = 3, 5  # 1 January 1970 was a Thursday; Monday is 0
_LONG_AGO = 50.0  # years
_HOLIDAYS = 60  # days from the last day on which a pupil comes in the year to the next school year
