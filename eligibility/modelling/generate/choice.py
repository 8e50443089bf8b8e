"""Which schools families would choose: the odds fall with the distance, and are fitted to the schools' rolls.

A multinomial logit. What a school is worth to a child, in the logarithm of odds: minus a weight times the kilometres
on foot, plus what its size, the family's belief, the transport area and an older sibling there are worth, plus what
fits the expected number of pupils to its roll. Nothing else, so that every part can be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from eligibility.geography.ground import Floats, Wholes
from eligibility.geography.many import NONE_MM
from eligibility.modelling.generate.county import YEARS, entry_year, last_year
from eligibility.modelling.generate.households import RELIGIONS, Children
from eligibility.modelling.generate.rates import Rates
from eligibility.modelling.measuring.figures import NO, OPEN, Bools, Codes, same_belief, suitability

Worths = NDArray[np.float32]
_MM_PER_KM = 1_000_000
_FITTING_ROUNDS = 15
_NEVER = np.float32(-1e9)


@dataclass(eq=False)
class Choosing:
    """The county's children before its schools; `fitted` is what fits each school's expected pupils to its roll."""

    children: Children
    able: Bools
    rates: Rates

    def __post_init__(self) -> None:
        self.county = self.children.county
        schools = self.county.register.schools
        self.suits: Codes = suitability(schools)
        self.belief = same_belief(schools, RELIGIONS)
        self.years = [last_year(school) - entry_year(school) + 1 for school in schools]
        self.secondary = np.array(
            [entry_year(school) >= self.rates.whole("secondary_from_year_group") for school in schools], dtype=bool
        )
        known = self.county.register.places
        self.places: Floats = np.where(np.isnan(known), 1.0, known)
        self.fitted: Floats = np.zeros(len(schools))
        self._fit()

    @cached_property
    def of_year(self) -> list[Wholes]:
        """The children of each year group from Reception."""
        return [np.flatnonzero(self.children.year_group == year) for year in range(YEARS)]

    @cached_property
    def taking(self) -> list[Wholes]:
        """The schools that a child of each year group may choose."""
        return [np.flatnonzero((self.suits[:, year, 1:] != NO).any(axis=1)) for year in range(YEARS)]

    def walking_mm(self, year: int) -> NDArray[np.int32]:
        """The walking distances of the children of a year group, children x schools that take them."""
        home = self.children.home[self.of_year[year]]
        return self.county.distances.nearness[np.ix_(self.taking[year], home)].T

    def may_choose(self, year: int) -> Bools:
        """Whether each school of a year group suits each child; one that selects only the able."""
        children, schools = self.of_year[year], self.taking[year]
        suits = self.suits[schools, year][:, self.children.sex[children]].T
        found: Bools = (suits != NO) & ((suits != OPEN) | self.able[children][:, None])
        found &= self.walking_mm(year) != NONE_MM
        return found

    def seeks(self, year: int) -> Bools:
        """Whether each family seeks each school of a year group because of its belief."""
        children = self.of_year[year]
        same = self.belief[np.ix_(self.taking[year], self.children.religion[children])].T
        return same & self.children.seeks_belief[children][:, None]

    def in_area(self, year: int) -> Bools:
        """Whether each child's home lies in each school's transport area."""
        home = self.children.home[self.of_year[year]]
        return self.county.transport_area[np.ix_(self.taking[year], home)].T

    def worth(self, year: int) -> Worths:
        """What each school is worth to each child of a year group, siblings and what is fitted left aside."""
        rates, schools = self.rates, self.taking[year]
        secondary = year >= rates.whole("secondary_from_year_group")
        weight = rates.number("distance_weight_secondary" if secondary else "distance_weight_primary")
        found = self.walking_mm(year).astype(np.float32) * np.float32(-weight / _MM_PER_KM)
        found += np.float32(rates.number("size_of_school")) * np.log(self.places[schools]).astype(np.float32)
        found += np.float32(rates.number("school_of_same_belief")) * self.seeks(year)
        found += np.float32(rates.number("transport_area_pull")) * self.in_area(year)
        found[~self.may_choose(year)] = _NEVER
        return found

    def expected(self, worths: list[Worths]) -> Floats:
        """How many children would choose each school, by what it is worth and what is fitted."""
        found: Floats = np.zeros(len(self.places))
        for year, worth in enumerate(worths):
            schools = self.taking[year]
            if not worth.size:
                continue
            odds = worth + self.fitted[schools].astype(np.float32)
            odds = np.exp(odds - odds.max(axis=1, keepdims=True))
            odds /= odds.sum(axis=1, keepdims=True)
            found[schools] += odds.sum(axis=0, dtype=np.float64)
        return found

    def _fit(self) -> None:
        """Fit expected pupils to rolls, as shares among the county's primary schools and among its secondary schools.

        Nothing is fitted to schools over the border, most of whose pupils live too far away to be here. Where no roll
        is known nothing is fitted, and a school can take what is expected and some more.
        """
        register = self.county.register
        known = ~np.isnan(register.roll) & (register.roll > 0)
        worths = [self.worth(year) for year in range(YEARS)]
        groups = [known & register.own & (self.secondary == tier) for tier in (False, True)]
        for _ in range(_FITTING_ROUNDS if known.any() else 0):
            expected = self.expected(worths)
            for group in groups:
                wanted = register.roll[group] * (expected[group].sum() / max(register.roll[group].sum(), 1.0))
                self.fitted[group] += np.log(np.maximum(wanted, 0.1) / np.maximum(expected[group], 0.1))
        expected = self.expected(worths) / np.array(self.years)
        spare = 1 + self.rates.number("spare_places")
        self.places = np.where(np.isnan(register.places), np.ceil(expected * spare) + 1, register.places)
