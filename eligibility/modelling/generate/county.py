"""What a population is invented from: homes, neighbourhoods, schools, and how far each home is from each school."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from eligibility.geography import School
from eligibility.geography.ground import Floats, Wholes
from eligibility.modelling.generate.rates import Rates
from eligibility.modelling.measuring.figures import Bools
from eligibility.modelling.measuring.lengths import Distances


@dataclass(frozen=True, eq=False)
class Homes:
    """Where a family may live, ordered by neighbourhood and block; grid references in whole metres.

    A block is a few streets of about as many families as any other of its neighbourhood.
    """

    easting: Wholes
    northing: Wholes
    neighbourhood: Wholes
    block: Wholes
    ward: list[str]


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """A few hundred children each. `children` counts them by year group from Reception; `surrounds` is a kind of place.

    `low_income` is the share of children with free school meals, `christian` and `other_belief` shares of all people.
    `own` tells the county's from those over its border, whose children compete for its schools.
    """

    code: list[str]
    district: list[str]
    surrounds: list[str]
    own: Bools
    children: Wholes
    low_income: Floats
    christian: Floats
    other_belief: Floats


@dataclass(frozen=True, eq=False)
class Register:
    """The schools, and by school: `roll` is the number of pupils (Reception to Year 11), `places` how many it can take.

    Both are NaN where not known. `meals` is the share of its pupils with free school meals, or NaN; `own` tells the
    county's schools.
    """

    schools: tuple[School, ...]
    roll: Floats
    places: Floats
    meals: Floats
    own: Bools

    @property
    def special(self) -> Bools:
        """Which of them are special schools or units."""
        return np.array([school.special for school in self.schools], dtype=bool)


@dataclass(frozen=True, eq=False)
class County:
    """Everything a population is invented from.

    `transport_area` and `catchment` tell, schools x homes, whether a home lies in a school's; `about` is what goes
    with the population: sources, vintages, what is estimated.
    """

    homes: Homes
    neighbourhoods: Neighbourhoods
    register: Register
    distances: Distances
    transport_area: Bools
    catchment: Bools
    about: dict[str, Any]


@dataclass(frozen=True)
class Draw:
    """The figures that are drawn with, and random numbers from one seed.

    Each subject has a stream of its own, so that one more draw moves no other.
    """

    seed: int
    rates: Rates

    def of(self, subject: str) -> np.random.Generator:
        """The stream of a subject."""
        return np.random.default_rng([self.seed, zlib.crc32(subject.encode())])


def entry_year(school: School) -> int:
    """The first year group that a school takes: Reception where it takes children of 5 or younger."""
    return max((school.low_age or 0) - _RECEPTION_IS_FOUR, 0) if (school.low_age or 0) > _RECEPTION_MAY_SAY else 0


def last_year(school: School) -> int:
    """The last year group of compulsory schooling that a school takes."""
    return LAST_YEAR if school.last_year_group is None else school.last_year_group


FIRST_YEAR, LAST_YEAR = 0, 11
"""The year groups of a population: Reception to Year 11."""
YEARS = LAST_YEAR - FIRST_YEAR + 1
_RECEPTION_IS_FOUR, _RECEPTION_MAY_SAY = 4, 5
