"""A population measured: the figures of `measured.*` for every pupil, along an area's networks or estimated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import polars as pl

from eligibility import school_calendar as calendar
from eligibility.geography import School
from eligibility.geography.ground import Wholes
from eligibility.modelling.facts_of_cases import NONE
from eligibility.modelling.measuring.figures import LAST_YEAR_GROUP, SEXES, Seen, figures, listed
from eligibility.modelling.measuring.lengths import Distances, places_of
from eligibility.modelling.measuring.limits import limits_of
from eligibility.places import phase_word
from eligibility.policy import Policies, Version
from eligibility.reading_names import NEAREST_MEASURED_BY

HOMES = (("home", "measured"), ("other_home", "measured_other_home"))
_KEYS = ("postcode", "uprn", "easting", "northing")
_ROAD = "road"


class Ground(Protocol):
    """Where pupils live and what their schools are: an area, or open data with estimated distances."""

    @property
    def schools(self) -> Sequence[School]:
        """Every school."""
        ...

    def place(self, homes: pl.DataFrame, key: str) -> tuple[Wholes, dict[int, str]]:
        """Each home's place among those measured, -1 where there is none; and by row why one cannot be found.

        `homes` has the columns `postcode`, `uprn`, `easting` and `northing`, as the case gives them under `key`.
        """
        ...

    def distances(self, on: dt.date, version: Version) -> Distances:
        """The distances from every home that was placed, on a day."""
        ...

    def holds(self, school: Wholes, home: Wholes) -> Mapping[str, pl.Series]:
        """Whether each school's transport area and catchment hold each home, by figure; nothing where none is known."""
        ...


@dataclass(frozen=True, eq=False)
class Measured:
    """A measured population, and the rows that could not be: row from 1, and why."""

    pupils: pl.DataFrame
    set_aside: tuple[tuple[int, str], ...]


def measure(
    pupils: pl.DataFrame, ground: Ground, policies: Policies, *, on: dt.date | None, anew: bool = False
) -> Measured:
    """The pupils with their figures. What the file gives stays, unless they are to be measured `anew`.

    `pupils` has typed columns of cases, and `row`; `on` is the day for all, by default each one's first day of travel.
    Pupils are measured on the day's readings; on different days apart where that makes a difference.
    """
    number = places_of(ground.schools)
    urns = pupils["school.urn"].to_list()
    school = np.array([number.get(urn, -1) for urn in urns], dtype=np.int64)
    days = [on] * len(pupils) if on else pupils["travel_from"].to_list()
    aside = {
        row: reason
        for row, (place, day) in enumerate(zip(school.tolist(), days, strict=True))
        if (reason := _why_not(place, day))
    }
    placed: dict[str, Wholes] = {}
    for key, _ in HOMES:
        placed[key], why = ground.place(_homes(pupils, key), key)
        aside |= {row: reason for row, reason in why.items() if row not in aside}
    good = np.setdiff1d(np.arange(len(pupils)), np.array(sorted(aside), dtype=np.int64))
    found = pupils[good]
    day_of = [day for row, day in enumerate(days) if row not in aside and day is not None]
    places = {key: place[good] for key, place in placed.items()}
    parts = list(_by_day(_Asked(found, school[good], places), day_of, ground, policies))
    columns = pl.concat(parts, how="diagonal").sort("_row").drop("_row") if parts else pl.DataFrame()
    rows = pupils["row"].to_list()
    return Measured(_with(found, columns, anew=anew), tuple((rows[row], why) for row, why in sorted(aside.items())))


def _why_not(school: int, day: dt.date | None) -> str:
    if school < 0:
        return "school.urn is of no school that is measured to here"
    return "" if day else "there is no day to measure for; give travel_from, or --on"


def _homes(pupils: pl.DataFrame, key: str) -> pl.DataFrame:
    """Where one home of each pupil is, by the four ways to say so; null where not given."""
    nowhere = pl.Series([None] * len(pupils))
    given = {leaf: f"{key}.{leaf}" for leaf in _KEYS}
    return pl.DataFrame({leaf: pupils[name] if name in pupils.columns else nowhere for leaf, name in given.items()})


@dataclass(frozen=True, eq=False)
class _Asked:
    """Pupils that can be measured: their cases, schools and homes."""

    pupils: pl.DataFrame
    school: Wholes
    homes: Mapping[str, Wholes]

    def some(self, rows: Wholes) -> _Asked:
        return _Asked(self.pupils[rows], self.school[rows], {key: home[rows] for key, home in self.homes.items()})


def _by_day(asked: _Asked, days: list[dt.date], ground: Ground, policies: Policies) -> Iterator[pl.DataFrame]:
    """The figures, with the row they belong to; pupils of one day together."""
    for day in sorted(set(days)):
        rows = np.flatnonzero(np.array([each == day for each in days]))
        found = _of_day(asked.some(rows), day, ground, policies)
        yield pl.DataFrame([pl.Series("_row", rows), *found])


def _of_day(asked: _Asked, day: dt.date, ground: Ground, policies: Policies) -> Iterator[pl.Series]:
    version = policies.for_day(day)
    distances = ground.distances(day, version)
    by_road = version.readings[NEAREST_MEASURED_BY].chosen == _ROAD
    year_group = _year_groups(asked.pupils["date_of_birth"], version, day)
    for key, section in HOMES:
        home = asked.homes[key]
        seen = _seen(asked, np.maximum(home, 0), year_group, ground.schools)
        of_home = figures(distances, ground.schools, seen, limits_of(policies), by_road=by_road)
        of_home |= ground.holds(seen.school, seen.home)
        for series in listed(of_home, section):
            yield series.set(pl.Series(home < 0), None)


def _seen(asked: _Asked, home: Wholes, year_group: Wholes, schools: Sequence[School]) -> Seen:
    pupils = asked.pupils
    told = _column(pupils, "belief.religion")
    none = [(_column(pupils, name) == NONE).fill_null(False) for name in ("belief", "belief.religion")]
    names = sorted({religion for each in schools for religion in each.religions} | set(told.drop_nulls()) - {NONE})
    number = {name: place for place, name in enumerate(names)}
    pupil, at, available = _places(_column(pupils, "places"), schools)
    return Seen(
        home=home,
        school=asked.school,
        year_group=year_group,
        sex=np.array([SEXES.index(each if each in SEXES else None) for each in _column(pupils, "sex")], dtype=np.int64),
        religion=np.array([number.get(each, -1) for each in told], dtype=np.int64),
        belief_known=(none[0] | none[1]).to_numpy(),
        religions=names,
        place_pupil=pupil,
        place_school=at,
        place_available=available,
    )


def _column(pupils: pl.DataFrame, name: str) -> pl.Series:
    if name in pupils.columns:
        return pupils[name].cast(pl.String)
    return pl.Series(name, [None] * len(pupils), dtype=pl.String)


def _year_groups(born: pl.Series, version: Version, day: dt.date) -> Wholes:
    """The year groups that follow the dates of birth, as one case is taken to be in (Reception at the least)."""
    starts = calendar.month_day(version.parameters["school_year_starts"].on(day))
    after = version.whole("reception_starts_after", day)
    group = {date: calendar.year_group(date, day, starts, after) for date in born.unique().to_list()}
    found = np.array([group[date] for date in born.to_list()], dtype=np.int64)
    return np.clip(found, 0, LAST_YEAR_GROUP)


def _places(places: pl.Series, schools: Sequence[School]) -> tuple[Wholes, Wholes, Any]:
    """(pupil, school, available) of every place that the column `places` tells of, of schools that are known."""
    register = pl.DataFrame({"urn": [school.urn for school in schools], "school": range(len(schools))})
    found = (
        pl.DataFrame({"places": places})
        .with_row_index("pupil")
        .filter(pl.col("places").is_not_null() & (pl.col("places") != NONE))
        .with_columns(pl.col("places").str.split(";"))
        .explode("places")
        .with_columns(pl.col("places").str.split_exact("=", 1).struct.rename_fields(["urn", "word"]))
        .unnest("places")
        .join(register, on="urn", how="inner")
    )
    pupil, school = (found[name].cast(pl.Int64).to_numpy() for name in ("pupil", "school"))
    return pupil, school, (found["word"] == "yes").to_numpy()


def _with(pupils: pl.DataFrame, figures_found: pl.DataFrame, *, anew: bool) -> pl.DataFrame:
    """The pupils with the figures; a figure that was given before stays, unless measured anew."""
    columns = []
    for name in figures_found.columns:
        series = figures_found[name]
        if name in pupils.columns and not anew:
            series = pl.select(pl.coalesce(pupils[name].cast(series.dtype), series)).to_series()
        columns.append(series.alias(name))
    return pupils.with_columns(columns)


def with_phases(pupils: pl.DataFrame, schools: Sequence[School]) -> pl.DataFrame:
    """The pupils with what the register says of their schools, where the file says nothing: phase, last year group."""
    number = places_of(schools)
    at = [schools[number[urn]] if urn in number else None for urn in pupils["school.urn"].to_list()]
    phase = pl.Series([phase_word(each.phase) if each else None for each in at], dtype=pl.String)
    last = pl.Series([each.last_year_group if each else None for each in at], dtype=pl.Int64)
    columns = []
    for name, series in (("school.phase", phase), ("about.last_year_group", last)):
        given = (
            pupils[name].cast(series.dtype)
            if name in pupils.columns
            else pl.Series([None] * len(at), dtype=series.dtype)
        )
        columns.append(pl.select(pl.coalesce(given, series)).to_series().alias(name))
    return pupils.with_columns(columns)
