"""The schools of a county and around it, from the register and the school census."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from eligibility.geography import School
from eligibility.geography.ground import Floats
from eligibility.geography.schools import SchoolRow, read_schools
from eligibility.geography.suitability import last_year_group
from eligibility.modelling.generate.county import LAST_YEAR, Register, entry_year, last_year
from eligibility.modelling.generate.data_files import CENSUS, OFFERS, SCHOOLS, DataFolder, number

_YEARS = ("Reception", *(f"Year group {year}" for year in range(1, LAST_YEAR + 1)))
_HEADCOUNT = tuple(
    f"{time} time {sex} {year}" for time in ("Full", "Part") for sex in ("girls", "boys") for year in _YEARS
)
_SPECIAL = "State-funded special school"
_NEW = "free schools"
_PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Found:
    """The register, where each school stands on the grid, and the districts of the authority."""

    register: Register
    easting: Floats
    northing: Floats
    districts: frozenset[str]
    opened_later: int


def schools_of(data: DataFolder, authority: str, on: dt.date, places: pl.DataFrame) -> Found:
    """Every school of the register that was there on the day, and special schools from the census.

    `places` gives the grid reference of postcodes, by which special schools are found. A school whose number is newer
    than the day is taken to have been there under another, unless it is a free school.
    """
    path = data.path(SCHOOLS)
    columns = ["urn", "school_capacity", "number_of_pupils", "percentage_fsm", "open_date", "establishment_type"]
    more = data.table(SCHOOLS, columns, path)
    census = data.table(
        CENSUS,
        [
            "urn",
            "old_la_code",
            "phase_type_grouping",
            "school_name",
            "school_postcode",
            "headcount of pupils",
            "sex_of_school_description",
            *_HEADCOUNT,
        ],
    )
    census = census.unique("urn", keep="first", maintain_order=True)
    rows = read_schools(path, ()).kept
    new = more.filter(
        (pl.col("open_date") > on.isoformat()) & (pl.col("establishment_type").str.to_lowercase() == _NEW)
    )
    later = set(new["urn"].to_list())
    kept = [row for row in rows if row.urn not in later and not row.special and not row.independent]
    special = _special(census, places)
    schools = tuple(_school(row) for row in kept) + tuple(school for school, _, _ in special)
    easting = np.array([row.easting for row in kept] + [x for _, x, _ in special], dtype=np.float64)
    northing = np.array([row.northing for row in kept] + [y for _, _, y in special], dtype=np.float64)
    roll, room, meals = _sizes(schools, more, census)
    own = np.array([school.la_code == authority for school in schools], dtype=bool)
    districts = frozenset(row.district for row in kept if row.la_code == authority)
    return Found(Register(schools, roll, room, meals, own), easting, northing, districts, len(later))


def first_preferences_met(data: DataFolder, authority: str, year: int) -> dict[str, float]:
    """The share of applicants of an authority's schools who were offered their first preference, in percent.

    Of the year nearest to the one asked for; nothing where the file holds none.
    """
    columns = ["year_key", "la_code", "fact_flg", "number_1st_preference_offers", "total_number_places_offered"]
    found = data.table(OFFERS, columns).filter(pl.col("la_code") == authority, pl.col("fact_flg") != "Average")
    years = found.select(number("year_key").drop_nulls().unique())["year_key"].to_list()
    if not years:
        return {}
    nearest = min(years, key=lambda each: (abs(each - year), each))
    sums = found.filter(number("year_key") == nearest).select(number(name).sum() for name in columns[3:]).row(0)
    return {"year": nearest, "first_preference_met_percent": round(_PERCENT * sums[0] / sums[1], 1)}


def _school(row: SchoolRow) -> School:
    return School(
        urn=row.urn,
        name=row.name,
        phase=row.phase,
        low_age=row.low_age,
        high_age=row.high_age,
        gender=row.gender,
        religion=row.religions[0] if row.religions else None,
        independent=row.independent,
        special=row.special,
        selective=row.selective,
        la_code=row.la_code,
        last_year_group=None if row.high_age is None else last_year_group(row.high_age),
        religions=row.religions or (),
        religion_known=row.religions is not None,
    )


def _special(census: pl.DataFrame, places: pl.DataFrame) -> list[tuple[School, float, float]]:
    """Special schools with their places on the grid; their ages are those of the year groups that have pupils."""
    sums = [
        pl.sum_horizontal(number(f"{time} time {sex} {year}").fill_null(0) for time in ("Full", "Part")
                          for sex in ("girls", "boys")).alias(year)
        for year in _YEARS
    ]  # fmt: skip
    found = census.filter(pl.col("phase_type_grouping") == _SPECIAL).with_columns(sums)
    found = found.with_columns(postcode=pl.col("school_postcode").str.replace_all(" ", ""))
    found = found.join(places, on="postcode", how="inner").sort("urn")
    schools = []
    for row in found.iter_rows(named=True):
        years = [place for place, year in enumerate(_YEARS) if row[year]]
        if years:
            low, high = years[0] + 4, years[-1] + 5
            sex = str(row["sex_of_school_description"]).lower()
            school = School(
                urn=row["urn"], name=row["school_name"], phase="Not applicable", low_age=low, high_age=high,
                gender=sex if sex in ("boys", "girls") else "mixed", religion=None, independent=False, special=True,
                selective=False, la_code=row["old_la_code"], last_year_group=last_year_group(high),
            )  # fmt: skip
            schools.append((school, row["easting"], row["northing"]))
    return schools


def _sizes(schools: tuple[School, ...], more: pl.DataFrame, census: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Roll from Reception to Year 11, places in a year group, share with free meals; NaN where nothing says."""
    rolls = census.select(
        "urn",
        roll=pl.sum_horizontal(number(name).fill_null(0) for name in _HEADCOUNT),
        head=number("headcount of pupils"),
    )
    joined = (
        pl.DataFrame({"urn": [school.urn for school in schools]})
        .join(rolls, on="urn", how="left", maintain_order="left")
        .join(more, on="urn", how="left", maintain_order="left")
    )
    pupils, capacity = (joined.select(number(name))[name] for name in ("number_of_pupils", "school_capacity"))
    share = (joined["roll"] / joined["head"]).fill_null(1.0).fill_nan(1.0)
    roll = joined["roll"].fill_null(pupils).cast(pl.Float64).to_numpy().astype(np.float64)
    years = np.array([last_year(school) - entry_year(school) + 1 for school in schools], dtype=np.float64)
    room = (capacity * share).to_numpy().astype(np.float64)
    room = np.where(np.isnan(room), roll, np.fmax(room, roll))
    meals = joined.select(number("percentage_fsm"))["percentage_fsm"].to_numpy().astype(np.float64) / _PERCENT
    return roll, np.ceil(room / np.maximum(years, 1)), meals
