"""Transport areas and catchments where nobody gives them: grown by a rule, and marked as invented."""

from __future__ import annotations

import numpy as np

from eligibility.geography.ground import Floats
from eligibility.geography.many import NONE_MM
from eligibility.modelling.generate.county import YEARS, Draw, Homes, Register
from eligibility.modelling.measuring.figures import YES, Bools, suitability
from eligibility.modelling.measuring.lengths import Lengths32

_TO_A_FAITH = ("roman_catholic",)


def grown_areas(register: Register, homes: Homes, walking: Lengths32, draw: Draw) -> tuple[Bools, Bools]:
    """Whether each home lies in each school's transport area, and in its catchment; both schools x homes.

    For each year group a home belongs to the school that is nearest when each neighbourhood's distance to each school
    is stretched by a random factor of its own, the same for all its homes. Schools that do not suit every child
    (special, single-sex, selective) have no area, nor have those of the Roman Catholic Church. In some neighbourhoods
    the catchment has changed since: there it goes by another draw.
    """
    rng = draw.of("transport areas")
    shape = len(register.schools), int(homes.neighbourhood.max(initial=-1)) + 1
    spread = draw.rates.number("transport_area_noise")
    then, since = (np.exp(spread * rng.standard_normal(shape)) for _ in range(2))
    changed = rng.random(shape[1]) < draw.rates.number("catchment_changed")
    today = np.where(changed[None, :], since, then)
    area = _grown(register, homes, walking, then)
    return area, _grown(register, homes, walking, today)


def _grown(register: Register, homes: Homes, walking: Lengths32, factors: Floats) -> Bools:
    suits = (suitability(register.schools)[:, :YEARS, 1:] == YES).all(axis=2)
    open_to_all = np.array([not set(school.religions) & set(_TO_A_FAITH) for school in register.schools], dtype=bool)
    suits &= open_to_all[:, None]
    far = np.where(walking == NONE_MM, np.inf, walking.astype(np.float64))
    far *= factors[:, homes.neighbourhood]
    found = np.zeros(walking.shape, dtype=bool)
    for year in range(YEARS):
        taking = np.flatnonzero(suits[:, year])
        if len(taking):
            found[taking[far[taking].argmin(axis=0)], np.arange(walking.shape[1])] = True
    return found
