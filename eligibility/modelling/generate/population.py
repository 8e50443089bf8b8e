"""A whole population invented: families, schools, circumstances, figures, awards, one row a pupil."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from eligibility import school_calendar as calendar
from eligibility.geography.ground import Wholes
from eligibility.modelling.generate import rows
from eligibility.modelling.generate.admissions import Places, admit
from eligibility.modelling.generate.award_rows import awards, no_awards
from eligibility.modelling.generate.awards import awards_of, carried
from eligibility.modelling.generate.choice import Choosing
from eligibility.modelling.generate.circumstances import Histories, histories_of, incomes_of
from eligibility.modelling.generate.county import YEARS, County, Dice
from eligibility.modelling.generate.households import RELIGIONS, Children, Families, families_of
from eligibility.modelling.generate.needs import Needs, needs_of
from eligibility.modelling.generate.rates import Rates
from eligibility.modelling.measuring.figures import SEXES, Bools, Limits, Seen, figures, listed
from eligibility.modelling.measuring.lengths import Progress
from eligibility.modelling.measuring.limits import limits_of
from eligibility.modelling.population_rows import cases_of
from eligibility.policy import Policies, Version


@dataclass(frozen=True, eq=False)
class Population:
    """The pupils, in the form of a population file, and what goes with them."""

    pupils: pl.DataFrame
    about: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Invented:
    """Everything drawn of the county's children, own and over the border; `kept` are the county's own, in the file."""

    county: County
    families: Families
    children: Children
    needs: Needs
    places: Places
    histories: Histories
    kept: Wholes
    on: dt.date


@dataclass(frozen=True)
class Days:
    """The day of a population and what the policy's calendar makes of it: school years back to `first_days`."""

    on: dt.date
    version: Version
    year_starts: dt.date
    first_days: dict[int, dt.date]

    @classmethod
    def of(cls, policies: Policies, on: dt.date) -> Days:
        """The days of a population for the day `on`. Raises InputError where no version is in force."""
        version = policies.for_day(on)
        month_day = calendar.month_day(version.parameters["school_year_starts"].on(on))
        year_starts = calendar.school_year_start(on, month_day)
        held = policies.calendars.get(version.calendar)
        first_days = {}
        for ago in range(YEARS + 1):
            starts = dt.date(year_starts.year - ago, *month_day)
            year = held.year_of(starts, month_day) if held else None
            first_days[ago] = year.blocks[0][0] if year else starts
        first_days[0] = min(first_days[0], on)
        return cls(on, version, year_starts, first_days)


def invent(
    county: County, rates: Rates, policies: Policies, seed: int, on: dt.date, pupils: int | None, progress: Progress
) -> Population:
    """A population of the county for a day; of `pupils` pupils where that is fewer than live there.

    The same county, figures, policies and seed give the same population.
    """
    dice, days = Dice(seed), Days.of(policies, on)
    limits = limits_of(policies)
    families, children = families_of(county, rates, dice, days.year_starts)
    needs = needs_of(county, families, children, rates, dice)
    able = dice.of("ability").random(len(children.household)) < rates.number("able_for_selective_schools")
    choosing = Choosing(county, families, children, able, rates)
    places = admit(choosing, needs.special_school, needs.plan, max(limits.schools), dice)
    own = county.neighbourhoods.own[families.neighbourhood[children.household]] & (places.school >= 0)
    kept = _some(np.flatnonzero(own), children.household, pupils, dice)
    histories = histories_of(county, families, children, places.school, places.late, on, days.first_days, rates, dice)
    invented = Invented(county, families, children, needs, places, histories, kept, on)
    frame = rows.table(invented, incomes_of(county, families, children, places.school, rates, dice), rates, dice)
    frame = frame.with_columns(_figures(invented, limits))
    frame = _with_awards(frame, invented, policies, days, rates, dice, progress)
    about = {"pupils": len(frame), "seed": seed, "on": on.isoformat(), **_told(invented, choosing)}
    return Population(rows.in_order(frame), {**about, **county.about, "rates": rates.told()})


def _some(own: Wholes, household: Wholes, pupils: int | None, dice: Dice) -> Wholes:
    """All of these children, or whole families of them up to a number of children; the last family may be cut."""
    if pupils is None or pupils >= len(own):
        return own
    turn = dice.of("families kept").permutation(int(household.max()) + 1)
    order = np.lexsort((own, turn[household[own]]))
    return np.sort(own[order[:pupils]])


def _figures(invented: Invented, limits: Limits) -> list[pl.Series]:
    """The measured figures from the home, and from the other home where there is one."""
    found: list[pl.Series] = []
    kept = invented.kept
    household = invented.children.household[kept]
    number = np.full(len(invented.children.household), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    pupil, school = (np.concatenate(each) for each in (invented.places.place_pupil, invented.places.place_school))
    available = np.concatenate(invented.places.place_available)
    inside = number[pupil] >= 0
    for section, home in (
        ("measured", invented.families.home[household]),
        ("measured_other_home", invented.families.other_home[household]),
    ):
        has = home >= 0
        seen = Seen(
            home=np.maximum(home, 0),
            school=invented.places.school[kept],
            year_group=invented.children.year_group[kept],
            sex=np.where(invented.children.is_boy[kept], SEXES.index("male"), SEXES.index("female")),
            religion=invented.families.religion[household],
            belief_known=np.ones(len(kept), dtype=bool),
            religions=RELIGIONS,
            place_pupil=number[pupil[inside]],
            place_school=school[inside],
            place_available=available[inside],
        )
        county = invented.county
        of_home = figures(county.distances, county.register.schools, seen, limits)
        for name, layer in (
            ("transport_area_school", county.transport_area),
            ("catchment_school", county.catchment),
        ):
            of_home[name] = pl.Series(layer[seen.school, seen.home])
        nobody = pl.Series(~has)
        found += [series.set(nobody, None) for series in listed(of_home, section)]
    return found


def _with_awards(
    frame: pl.DataFrame,
    invented: Invented,
    policies: Policies,
    days: Days,
    rates: Rates,
    dice: Dice,
    progress: Progress,
) -> pl.DataFrame:
    """The pupils with the awards that they hold from before this school year."""
    day = days.year_starts - dt.timedelta(days=1)
    statute = min(version.starts for version in policies.council_versions())
    before = invented.histories.started[invented.kept] <= (day - dt.date(1970, 1, 1)).days
    version = policies.for_day(day) if day >= statute else None
    if version is None:
        return frame.with_columns(no_awards(len(frame)))
    asked = frame.filter(pl.Series(before))
    granted, considered = carried(cases_of(asked), policies, version, day, progress, len(asked))
    whole: list[list[str]] = []
    for answers in (granted, considered):
        every = np.full(len(frame), "", dtype=object)
        every[before] = answers
        whole.append(every.tolist())
    takes_up: Bools = frame["about.takes_up"].to_numpy()
    belief: Bools = frame["belief.is_reason_for_school"].to_numpy()
    held = awards_of(whole[0], whole[1], takes_up, before, belief, rates, dice)
    return frame.with_columns(awards(frame, held, rates, policies, version, day))


def _told(invented: Invented, choosing: Choosing) -> dict[str, Any]:
    """How the population came out: preferences met, rolls met, who was placed beyond a school's places."""
    places, kept = invented.places, invented.kept
    ordinary = invented.needs.special_school[kept] < 0
    chosen = places.chosen[kept][ordinary]
    register = invented.county.register
    pupils = np.bincount(places.school[places.school >= 0], minlength=len(register.schools))
    known = register.own & ~np.isnan(register.roll) & ~register.special & (register.roll > 0)
    told: dict[str, Any] = {
        "households": len(np.unique(invented.children.household[kept])),
        "came_out": {
            "first_preference_met_percent": round(100 * float((chosen == 0).mean()), 1) if len(chosen) else None,
            "any_preference_met_percent": round(100 * float((chosen >= 0).mean()), 1) if len(chosen) else None,
            "placed_beyond_a_schools_places": int(places.crowded[kept].sum()),
        },
    }
    if known.any():
        scaled = register.roll * pupils[known].sum() / register.roll[known].sum()
        error = np.abs(pupils - scaled)[known].sum() / scaled[known].sum()
        told["came_out"]["rolls_missed_by_percent"] = round(100 * float(error), 1)
    return told
