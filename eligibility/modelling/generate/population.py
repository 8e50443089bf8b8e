"""A whole population invented: families, schools, circumstances, figures, awards, one row a pupil."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from eligibility.geography.ground import Wholes
from eligibility.modelling.generate import rows
from eligibility.modelling.generate.admissions import Places, admit
from eligibility.modelling.generate.award_rows import awards, no_awards
from eligibility.modelling.generate.awards import awards_of, carried
from eligibility.modelling.generate.choice import Choosing
from eligibility.modelling.generate.circumstances import Histories, histories_of, incomes_of
from eligibility.modelling.generate.county import County, Draw
from eligibility.modelling.generate.days import Days
from eligibility.modelling.generate.households import RELIGIONS, Children, children_of
from eligibility.modelling.generate.needs import Needs, needs_of
from eligibility.modelling.measuring.figures import Bools, Limits, Seen, figures, listed
from eligibility.modelling.measuring.limits import limits_of
from eligibility.policy import Policies


@dataclass(frozen=True, eq=False)
class Population:
    """The pupils, in the form of a population file, and what goes with them."""

    pupils: pl.DataFrame
    about: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Invented:
    """Everything drawn of the county's children, own and over the border; `kept` are the county's own, in the file."""

    children: Children
    needs: Needs
    places: Places
    histories: Histories
    kept: Wholes
    on: dt.date


def invent(county: County, draw: Draw, policies: Policies, on: dt.date, pupils: int | None = None) -> Population:
    """A population of the county for a day; of `pupils` pupils where that is fewer than live there.

    The same county, figures and seed and the same policies give the same population.
    """
    days = Days.of(policies, on)
    limits = limits_of(policies)
    children = children_of(county, draw, days.year_starts)
    needs = needs_of(children, draw)
    able = draw.of("ability").random(len(children.household)) < draw.rates.number("able_for_selective_schools")
    choosing = Choosing(children, able, draw.rates)
    places = admit(choosing, needs.special_school, needs.plan, max(limits.schools), draw)
    own = county.neighbourhoods.own[children.families.neighbourhood[children.household]] & (places.school >= 0)
    kept = _some(np.flatnonzero(own), children.household, pupils, draw)
    histories = histories_of(children, places.school, places.late, days, draw)
    invented = Invented(children, needs, places, histories, kept, on)
    frame = rows.table(invented, incomes_of(children, places.school, draw), draw)
    frame = frame.with_columns(_figures(invented, limits))
    frame = _with_awards(frame, invented, policies, days, draw)
    about = {"pupils": len(frame), "seed": draw.seed, "on": on.isoformat(), **_told(invented)}
    return Population(rows.in_order(frame), {**about, **county.about, "rates": draw.rates.told()})


def _some(own: Wholes, household: Wholes, pupils: int | None, draw: Draw) -> Wholes:
    """All of these children, or whole families of them up to a number of children; the last family may be cut."""
    if pupils is None or pupils >= len(own):
        return own
    turn = draw.of("families kept").permutation(int(household.max()) + 1)
    order = np.lexsort((own, turn[household[own]]))
    return np.sort(own[order[:pupils]])


def _figures(invented: Invented, limits: Limits) -> list[pl.Series]:
    """The measured figures from the home, and from the other home where there is one."""
    found: list[pl.Series] = []
    kept = invented.kept
    children = invented.children
    number = np.full(len(children.household), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    pupil, school = (np.concatenate(each) for each in (invented.places.place_pupil, invented.places.place_school))
    available = np.concatenate(invented.places.place_available)
    inside = number[pupil] >= 0
    for section, home in (
        ("measured", children.home[kept]),
        ("measured_other_home", children.other_home[kept]),
    ):
        has = home >= 0
        seen = Seen(
            home=np.maximum(home, 0),
            school=invented.places.school[kept],
            year_group=children.year_group[kept],
            sex=children.sex[kept],
            religion=children.religion[kept],
            belief_known=np.ones(len(kept), dtype=bool),
            religions=RELIGIONS,
            place_pupil=number[pupil[inside]],
            place_school=school[inside],
            place_available=available[inside],
        )
        county = children.county
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
    draw: Draw,
) -> pl.DataFrame:
    """The pupils with the awards that they hold from before this school year."""
    day = days.year_starts - dt.timedelta(days=1)
    statute = min(version.starts for version in policies.council_versions())
    before = invented.histories.started[invented.kept] <= (day - dt.date(1970, 1, 1)).days
    version = policies.for_day(day) if day >= statute else None
    if version is None:
        return frame.with_columns(no_awards(len(frame)))
    asked = frame.filter(pl.Series(before)).with_columns(no_awards(int(before.sum())))
    granted, considered = carried(asked, policies, version, day)
    whole: list[list[str]] = []
    for answers in (granted, considered):
        every = np.full(len(frame), "", dtype=object)
        every[before] = answers
        whole.append(every.tolist())
    yearly = draw.rates.by_name["awarded_each_year"].value
    takes_up: Bools = frame["about.takes_up"].to_numpy()
    belief: Bools = frame["belief.is_reason_for_school"].to_numpy()
    held = awards_of((whole[0], whole[1]), takes_up, before, belief, draw)
    return frame.with_columns(awards(frame, held, yearly, policies, day))


def _told(invented: Invented) -> dict[str, Any]:
    """How the population came out: preferences met, rolls met, who was placed beyond a school's places."""
    places, kept = invented.places, invented.kept
    ordinary = invented.needs.special_school[kept] < 0
    chosen = places.chosen[kept][ordinary]
    register = invented.children.county.register
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
