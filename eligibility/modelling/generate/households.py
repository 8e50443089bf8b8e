"""Families: which children are siblings, where they live, when they were born, what they believe."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eligibility.geography.ground import Floats, Wholes
from eligibility.modelling.generate.county import YEARS, County, Draw
from eligibility.modelling.measuring.figures import SEXES, Bools

RELIGIONS = ("church_of_england", "roman_catholic", "methodist", "baptist", "other_christian", "other", "no_religion")
"""The beliefs that are drawn, as the case format names them."""
_SEEN_MONTHS_APART = 45


@dataclass(frozen=True, eq=False)
class Families:
    """Households; arrays by household. `religion` is a place in `RELIGIONS`.

    `seeks_belief` tells whether the parents wish a school because of their belief; `luck_of_income` is one uniform
    draw, so that siblings have the same income; `other_home` is where the children live by turns (-1: nowhere else).
    """

    neighbourhood: Wholes
    home: Wholes
    other_home: Wholes
    religion: Wholes
    seeks_belief: Bools
    luck_of_income: Floats


@dataclass(frozen=True, eq=False)
class Children:
    """Children of Reception to Year 11, oldest first; arrays by child. `born` counts days from 1970-01-01."""

    county: County
    families: Families
    household: Wholes
    year_group: Wholes
    is_boy: Bools
    born: Wholes

    @property
    def home(self) -> Wholes:
        """Where each child lives."""
        return self.families.home[self.household]

    @property
    def other_home(self) -> Wholes:
        """Where each child lives by turns, -1 for none."""
        return self.families.other_home[self.household]

    @property
    def religion(self) -> Wholes:
        """Each child's family's belief, as a place in `RELIGIONS`."""
        return self.families.religion[self.household]

    @property
    def seeks_belief(self) -> Bools:
        """Whether each child's parents wish a school because of their belief."""
        return self.families.seeks_belief[self.household]

    @property
    def sex(self) -> Wholes:
        """Each child's sex, as a place in `SEXES`."""
        return np.where(self.is_boy, SEXES.index("male"), SEXES.index("female"))


def children_of(county: County, draw: Draw, school_year_starts: dt.date) -> Children:
    """The county's children of a school year, grouped into families. Those not in state schools are left out."""
    counts = _in_state_schools(county.neighbourhoods.children, draw)
    neighbourhood, household, year_group = _grouped(counts, draw)
    number = int(household.max(initial=-1)) + 1
    of_household = np.zeros(number, dtype=np.int64)
    of_household[household] = neighbourhood
    home = _homes(county, of_household, draw)
    religion, seeks = _beliefs(county, of_household, draw)
    families = Families(
        neighbourhood=of_household,
        home=home,
        other_home=_other_homes(county, home, draw),
        religion=religion,
        seeks_belief=seeks,
        luck_of_income=draw.of("income of families").random(number),
    )
    order = np.lexsort((household, -year_group))
    household, year_group = household[order], year_group[order]
    born = _born(household, year_group, number, draw, school_year_starts)
    is_boy = draw.of("sex").random(len(household)) < draw.rates.number("share_of_boys")
    return Children(county, families, household, year_group, is_boy, born)


def _in_state_schools(children: Wholes, draw: Draw) -> Wholes:
    found: Wholes = draw.of("not in state schools").binomial(children, 1 - draw.rates.number("not_in_state_schools"))
    return found.astype(np.int64)


def _grouped(counts: Wholes, draw: Draw) -> tuple[Wholes, Wholes, Wholes]:
    """(neighbourhood, household, year group) of every child.

    A family begins with any child left, and takes its siblings among the rest.
    """
    rng = draw.of("families")
    sizes, size_shares = draw.rates.shares("children_of_school_age_in_household")
    gaps, gap_shares = draw.rates.shares("years_between_siblings")
    total = int(counts.sum())
    size = rng.choice(np.array(sizes, dtype=np.int64), total, p=size_shares).tolist()
    gap = rng.choice(np.array(gaps, dtype=np.int64), total, p=gap_shares).tolist()
    start = rng.random(total).tolist()
    found: list[tuple[int, int, int]] = []
    household = 0
    for number, row in enumerate(counts.tolist()):
        left, remaining = list(row), sum(row)
        while remaining:
            year = _nth(left, int(start[household] * remaining))
            for _ in range(size[household]):
                found.append((number, household, year))
                left[year] -= 1
                remaining -= 1
                if not remaining:
                    break
                apart = gap[len(found) - 1]
                year = _near(left, year - apart if year >= apart and len(found) % 2 else year + apart)
            household += 1
    every = np.array(found, dtype=np.int64).reshape(-1, 3)
    return every[:, 0], every[:, 1], every[:, 2]


def _nth(left: list[int], number: int) -> int:
    """The year group of the child of this number, counted from the youngest."""
    for year, count in enumerate(left):
        number -= count
        if number < 0:
            return year
    return len(left) - 1


def _near(left: list[int], year: int) -> int:
    """The year group nearest to this one in which a child is left, the younger of two as near."""
    return min((each for each, count in enumerate(left) if count), key=lambda each: (abs(each - year), each))


def _homes(county: County, neighbourhood: Wholes, draw: Draw) -> Wholes:
    """A block of the neighbourhood for each family, then a home of the block, each as likely as any other."""
    homes = county.homes
    starts = np.flatnonzero(np.r_[True, np.diff(homes.block) != 0])
    ends = np.r_[starts[1:], len(homes.block)]
    of_block = homes.neighbourhood[starts]
    first = np.searchsorted(of_block, neighbourhood, side="left")
    blocks = np.searchsorted(of_block, neighbourhood, side="right") - first
    rng = draw.of("homes")
    block = first + (rng.random(len(neighbourhood)) * blocks).astype(np.int64)
    found: Wholes = starts[block] + (rng.random(len(block)) * (ends[block] - starts[block])).astype(np.int64)
    return found


def _other_homes(county: County, home: Wholes, draw: Draw) -> Wholes:
    """For children who live in two homes: the home nearest to a place so far away in some direction; otherwise -1."""
    from scipy.spatial import KDTree

    rng = draw.of("other homes")
    homes = county.homes
    two = np.flatnonzero(rng.random(len(home)) < draw.rates.number("separated_homes"))
    spread = draw.rates.of("other_home_kilometres", "spread")
    away = 1000 * draw.rates.of("other_home_kilometres", "median") * np.exp(spread * rng.standard_normal(len(two)))
    angle = rng.random(len(two)) * 2 * np.pi
    aim = np.stack(
        [homes.easting[home[two]] + away * np.cos(angle), homes.northing[home[two]] + away * np.sin(angle)], axis=1
    )
    found = np.full(len(home), -1, dtype=np.int64)
    own = np.flatnonzero(county.neighbourhoods.own[homes.neighbourhood])
    if len(two):
        grid = np.stack([homes.easting[own], homes.northing[own]], axis=1)
        found[two] = own[KDTree(grid).query(aim)[1]]
    found[found == home] = -1
    return found


def _beliefs(county: County, neighbourhood: Wholes, draw: Draw) -> tuple[Wholes, Bools]:
    rng = draw.of("beliefs")
    names, shares = draw.rates.shares("christian_denominations")
    among = np.array([RELIGIONS.index(name) for name in names])
    christian = rng.choice(among, len(neighbourhood), p=shares)
    luck = rng.random(len(neighbourhood))
    is_christian = luck < county.neighbourhoods.christian[neighbourhood]
    is_other = ~is_christian & (luck > 1 - county.neighbourhoods.other_belief[neighbourhood])
    none, other = RELIGIONS.index("no_religion"), RELIGIONS.index("other")
    religion = np.where(is_christian, christian, np.where(is_other, other, none)).astype(np.int64)
    named = draw.rates.by_name["seeks_school_of_belief"].value
    wishes = np.array([float(named.get(name, named["other"])) for name in RELIGIONS])
    wishes[none] = 0.0
    return religion, rng.random(len(religion)) < wishes[religion]


def _born(household: Wholes, year_group: Wholes, households: int, draw: Draw, starts: dt.date) -> Wholes:
    """Days of birth: siblings about the same time of year, so that they are born on one day or nine months apart."""
    rng = draw.of("dates of birth")
    season, apart = rng.random(households), rng.integers(-_SEEN_MONTHS_APART, _SEEN_MONTHS_APART + 1, len(household))
    first, length = _years_of_birth(starts)
    day = np.floor(season[household] * length[year_group]).astype(np.int64) + apart
    day = np.clip(day, 0, length[year_group] - 1)
    twin = np.r_[False, (np.diff(household) == 0) & (np.diff(year_group) == 0)] if len(day) else np.zeros(0, bool)
    for place in np.flatnonzero(twin).tolist():
        day[place] = day[place - 1]
    found: Wholes = first[year_group] + day
    return found


def _years_of_birth(starts: dt.date) -> tuple[Wholes, NDArray[np.int64]]:
    """By year group: the first day of birth, from 1970-01-01, and how many days there are."""
    days = [dt.date(starts.year - _AGE_IN_RECEPTION - year, starts.month, starts.day) for year in range(-1, YEARS)]
    numbers = np.array([(day - dt.date(1970, 1, 1)).days for day in days], dtype=np.int64)
    return numbers[1:], numbers[:-1] - numbers[1:]


_AGE_IN_RECEPTION = 5  # a child turns five in the school year of Reception
