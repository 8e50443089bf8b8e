"""The columns of an invented population, from arrays; in the order of the case format."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from eligibility.case import NO_DAY
from eligibility.columns import CaseColumns
from eligibility.facts import vocabulary
from eligibility.geography.ground import Wholes
from eligibility.modelling.facts_of_cases import NONE
from eligibility.modelling.generate.circumstances import Incomes, unsafe_routes
from eligibility.modelling.generate.county import Draw, last_year
from eligibility.modelling.generate.households import RELIGIONS
from eligibility.modelling.generate.needs import EXCEPTIONAL
from eligibility.modelling.generate.phases import phase_of, said_phase
from eligibility.modelling.measuring.figures import Bools, same_belief

if TYPE_CHECKING:
    from eligibility.modelling.generate.population import Invented

_NO_DAY = (NO_DAY - dt.date(1970, 1, 1)).days


def table(invented: Invented, incomes: Incomes, draw: Draw) -> pl.DataFrame:
    """Every column but the measured figures and the awards, one row a pupil of the county."""
    columns = {
        **_pupil(invented),
        **_homes(invented, draw),
        **_admission(invented),
        **_belief_and_income(invented, incomes),
        **_needs(invented),
        **_about(invented, draw),
    }
    return pl.DataFrame({name: _series(values) for name, values in columns.items()})


def _series(values: Any) -> pl.Series:
    return values if isinstance(values, pl.Series) else pl.Series(values)


def days(numbers: Wholes) -> pl.Series:
    """Days counted from 1970-01-01 as dates."""
    return pl.Series(numbers.astype(np.int32)).cast(pl.Date)


def _days_or_none(numbers: Wholes, has: Bools) -> pl.Series:
    return days(np.where(has, numbers, _NO_DAY))


def _where(has: Bools, values: Any) -> pl.Series:
    """The values where they apply, elsewhere null."""
    return _series(values).set(pl.Series(~has), None)


def _none_where(is_none: Bools) -> pl.Series:
    """The word for a section that is known to be none, null where its parts are given."""
    return pl.Series([NONE] * len(is_none), dtype=pl.String).set(pl.Series(~is_none), None)


def _words(words: tuple[str, ...], places: Wholes) -> pl.Series:
    return pl.Series(words, dtype=pl.String)[np.maximum(places, 0)]


def _urns(invented: Invented, places: Wholes) -> pl.Series:
    return _words(tuple(school.urn for school in invented.children.county.register.schools), places)


def _pupil(invented: Invented) -> dict[str, Any]:
    kept, children = invented.kept, invented.children
    width = len(str(len(kept)))
    return {
        "reference": [f"G-{number:0{width}d}" for number in range(1, len(kept) + 1)],
        "date_of_birth": days(children.born[kept]),
        "year_group": children.year_group[kept],
        "sex": np.where(children.is_boy[kept], "male", "female"),
        "resident": np.ones(len(kept), dtype=bool),
        "applied_on": days(invented.histories.applied[kept]),
        "travel_from": days(np.full(len(kept), (invented.on - dt.date(1970, 1, 1)).days)),
    }


def _homes(invented: Invented, draw: Draw) -> dict[str, Any]:
    kept, county = invented.kept, invented.children.county
    home, other = invented.children.home[kept], invented.children.other_home[kept]
    school, moved = invented.places.school[kept], invented.histories.moved[kept]
    has_other = other >= 0
    unsafe = unsafe_routes(county, home, school, draw)
    unsafe_other = unsafe_routes(county, np.maximum(other, 0), school, draw)
    assessed = invented.histories.started[kept]
    never = days(np.full(len(kept), _NO_DAY))
    return {
        "home.easting": county.homes.easting[home],
        "home.northing": county.homes.northing[home],
        "home.moved_on": _days_or_none(moved, moved > 0),
        "other_home": _none_where(~has_other),
        "other_home.easting": _where(has_other, county.homes.easting[other]),
        "other_home.northing": _where(has_other, county.homes.northing[other]),
        "other_home.moved_on": _where(has_other, never),
        "other_home.can_walk": _where(has_other, invented.needs.can_walk[kept]),
        "other_home.route.unsafe": _where(has_other, unsafe_other),
        "other_home.route.assessed_on": _where(has_other, _days_or_none(assessed, unsafe_other)),
        "other_home.route.safe_from": _where(has_other, never),
        "measured_other_home": _none_where(~has_other),
        "route.unsafe": unsafe,
        "route.assessed_on": _days_or_none(assessed, unsafe),
        "route.safe_from": never,
    }


def _admission(invented: Invented) -> dict[str, Any]:
    kept, places, histories = invented.kept, invented.places, invented.histories
    schools = invented.children.county.register.schools
    school = places.school[kept]
    special = invented.needs.special_school[kept] >= 0
    named = [_urns(invented, places.preferences[kept, number]) for number in range(places.preferences.shape[1])]
    for number, urns in enumerate(named):
        gone = (places.preferences[kept, number] < 0) | special
        named[number] = urns.set(pl.Series(gone), None)
    named[0] = pl.Series(np.where(special, _urns(invented, school).to_numpy(), named[0].to_numpy()), dtype=pl.String)
    wishes = pl.DataFrame([series.alias(str(number)) for number, series in enumerate(named)])
    in_year = histories.in_year[kept]
    return {
        "school.urn": _urns(invented, school),
        "school.started_on": days(histories.started[kept]),
        "school.former_urns": [NONE] * len(kept),
        "school.phase": _words(tuple(phase_of(each) or "" for each in schools), school).replace("", None),
        "admission.round": np.where(in_year, "in_year", "normal"),
        "admission.on_time": ~places.late[kept],
        "admission.preferences": wishes.select(pl.concat_str(pl.all(), separator=";", ignore_nulls=True)).to_series(),
        "admission.placed_because_late": places.because_late[kept] & ~in_year,
        "places": _places(invented),
    }


def _places(invented: Invented) -> pl.Series:
    """The nearer schools with whether a place was available, as `urn=yes;urn=no`, by URN."""
    places, kept = invented.places, invented.kept
    pupil = np.concatenate(places.place_pupil)
    school, available = np.concatenate(places.place_school), np.concatenate(places.place_available)
    listed = pl.DataFrame({"pupil": pupil, "urn": _urns(invented, school), "is": np.where(available, "yes", "no")})
    joined = (
        listed.sort("pupil", "urn")
        .group_by("pupil", maintain_order=True)
        .agg(pl.concat_str("urn", pl.lit("="), "is").str.join(";").alias("places"))
    )
    return (
        pl.DataFrame({"pupil": kept})
        .join(joined, on="pupil", how="left", maintain_order="left")["places"]
        .fill_null(NONE)
    )


def _belief_and_income(invented: Invented, incomes: Incomes) -> dict[str, Any]:
    kept = invented.kept
    religion = invented.children.religion[kept]
    schools = invented.children.county.register.schools
    of_belief = same_belief(schools, RELIGIONS)[invented.places.school[kept], religion]
    low, began = incomes.low[kept], invented.histories.started[kept]
    shown = low & incomes.evidence_shown[kept]
    return {
        "belief.religion": _words(RELIGIONS, religion),
        "belief.is_reason_for_school": invented.children.seeks_belief[kept] & of_belief,
        "income.free_school_meals": incomes.free_school_meals[kept],
        "income.free_school_meals_protected": np.zeros(len(kept), dtype=bool),
        "income.maximum_working_tax_credit": incomes.working_tax_credit[kept],
        "income.universal_credit": incomes.universal_credit[kept],
        "income.net_earnings_pence": incomes.earnings_pence[kept],
        "income.evidence_seen_on": _days_or_none(began, shown),
    }


def _needs(invented: Invented) -> dict[str, Any]:
    kept, needs = invented.kept, invented.needs
    plan, today = needs.plan[kept], (invented.on - dt.date(1970, 1, 1)).days
    ill = needs.medical_until[kept] > 0
    exceptional = needs.exceptional[kept]
    return {
        "needs.special_needs": needs.special_needs[kept],
        "needs.disability": needs.disability[kept],
        "needs.mobility_problem": needs.mobility[kept],
        "needs.can_walk": needs.can_walk[kept],
        "needs.ehc_plan": _none_where(~plan),
        "needs.ehc_plan.named_urns": _where(plan, _urns(invented, invented.places.school[kept])),
        "needs.ehc_plan.is_parental_preference": _where(plan, needs.preferred[kept]),
        "medical": _none_where(~ill),
        "medical.from": _where(ill, days(today + needs.medical_from[kept])),
        "medical.until": _where(ill, days(today + needs.medical_until[kept])),
        vocabulary().by_name["has_exceptional_circumstances"].of: _words(
            (*EXCEPTIONAL, NONE), np.where(exceptional < 0, len(EXCEPTIONAL), exceptional)
        ),
    }


def _about(invented: Invented, draw: Draw) -> dict[str, Any]:
    kept, county, needs = invented.kept, invented.children.county, invented.needs
    household = invented.children.household[kept]
    home = invented.children.home[kept]
    hood = county.homes.neighbourhood[home]
    schools, school = county.register.schools, invented.places.school[kept]
    send = (needs.special_school[kept] >= 0) | ~needs.can_walk[kept]
    luck = draw.of("take-up").random(len(invented.children.families.home))[household]
    wanted = np.where(send, draw.rates.number("takes_up_special_needs"), draw.rates.number("takes_up"))
    return {
        "about.phase": _words(tuple(said_phase(each) for each in schools), school),
        "about.ward": pl.Series(county.homes.ward, dtype=pl.String)[home],
        "about.district": pl.Series(county.neighbourhoods.district, dtype=pl.String)[hood],
        "about.lsoa": pl.Series(county.neighbourhoods.code, dtype=pl.String)[hood],
        "about.surrounds": pl.Series(county.neighbourhoods.surrounds, dtype=pl.String)[hood],
        "about.household": [f"H-{number + 1:06d}" for number in household.tolist()],
        "about.last_year_group": np.array([last_year(each) for each in schools], dtype=np.int64)[school],
        "about.mode": np.where(send, "send", "mainstream"),
        "about.takes_up": luck < wanted,
    }


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns in the order of the vocabulary, those about the pupil last."""
    known = [name for name in CaseColumns().names if name in frame.columns]
    return frame.select(*known, *(name for name in frame.columns if name not in known))
