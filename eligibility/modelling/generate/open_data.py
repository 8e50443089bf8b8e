"""A county from open data: its children by age and neighbourhood, its postcodes and schools; distances estimated."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import polars as pl
from scipy.spatial import KDTree

from eligibility.errors import UsageError
from eligibility.geography.ground import Floats, Wholes, points_from_grid
from eligibility.modelling.generate.county import YEARS, County, Draw, Homes, Neighbourhoods, Register
from eligibility.modelling.generate.data_files import (
    CENTRES,
    CHILDREN,
    DEPRIVATION,
    POSTCODES,
    RELIGION,
    DataFolder,
    number,
)
from eligibility.modelling.generate.grown import grown_areas
from eligibility.modelling.generate.open_schools import Found, first_preferences_met, schools_of
from eligibility.modelling.measuring.figures import Bools
from eligibility.modelling.measuring.grounds import ByEstimate
from eligibility.modelling.measuring.lengths import Detour, estimated

_SURROUNDS = {"Urban city and town": "town", "Rural town and fringe": "town_fringe", "Rural village": "village"}
_NOT_CHRISTIAN = ("Buddhist", "Hindu", "Jewish", "Muslim", "Other religion", "Sikh")
_SUMMER = 1 / 6  # of the children of an age have their birthday between the middle of the year and the school year
_AGE_IN_RECEPTION = 4


def county_from(data: DataFolder, authority: str, draw: Draw, on: dt.date, year_starts: dt.date) -> County:
    """The county of an authority (its code in the register), and the children who compete for its schools.

    Raises UsageError where a file or the authority is missing.
    """
    postcodes = postcodes_of(data)
    found = schools_of(data, authority, on, postcodes.select("postcode", "easting", "northing"))
    if not found.districts:
        known = sorted({school.la_code for school in found.register.schools})
        raise UsageError(f"the register has no school of the authority {authority}; it has {', '.join(known)}")
    hoods, base_year = _neighbourhoods(data, year_starts.year)
    own = hoods["district"].is_in(list(found.districts)).to_numpy()
    if not own.any():
        raise UsageError(f"no LSOA lies in {', '.join(sorted(found.districts))}, the districts of {authority}")
    near = _near(hoods, own, draw.rates.number("from_over_the_border_metres"))
    hoods = hoods.filter(pl.Series(near))
    homes = _homes(hoods, postcodes)
    neighbourhoods = _numbers(hoods, own[near], year_starts.year - base_year, draw)
    register, school_at = _within(found, homes, neighbourhoods, draw)
    lon, lat = _degrees(homes.easting, homes.northing)
    detour = detour_of(draw)
    distances = estimated(lon, lat, *_degrees(*school_at), detour)
    areas, catchments = grown_areas(register, homes, distances.walking, draw)
    about: dict[str, Any] = {
        "authority": authority,
        "sources": data.read,
        "distances": f"estimates: {detour.said}",
        "detour": {"source": detour.source, "estimate": True},
        "published": first_preferences_met(data, authority, year_starts.year),
        "assumptions": _assumptions(base_year, year_starts.year, found.opened_later),
    }
    return County(homes, neighbourhoods, register, distances, areas, catchments, about)


def estimate_ground(data: DataFolder, draw: Draw, on: dt.date) -> ByEstimate:
    """Every school and postcode of the data, to estimate distances between."""
    postcodes = postcodes_of(data)
    found = schools_of(data, draw.rates.text("authority"), on, postcodes.select("postcode", "easting", "northing"))
    at = np.rint(found.easting).astype(np.int64), np.rint(found.northing).astype(np.int64)
    places = postcodes.drop_nulls(["easting", "northing"]).select("postcode", "easting", "northing").iter_rows()
    known = {postcode: (easting, northing) for postcode, easting, northing in places}
    return ByEstimate(found.register.schools, at, known, detour_of(draw))


def detour_of(draw: Draw) -> Detour:
    """The detour factors of the figures that are drawn with."""
    walking, road = (round(1000 * draw.rates.number(name)) for name in ("detour_walking", "detour_road"))
    return Detour(walking, road, draw.rates.by_name["detour_walking"].source)


def _assumptions(base_year: int, year: int, opened_later: int) -> list[str]:
    said = [
        "No distance is measured: every one is an estimate from a straight line, and decides no real case.",
        "Transport areas and catchments are grown by a rule and are not the council's.",
        "The files are of different years (see sources): rolls, capacities and postcodes are newer than the pupils.",
    ]
    if year != base_year:
        said.append(f"Children were counted in {base_year}; each is taken to have stayed where it lived until {year}.")
    if opened_later:
        said.append(f"Free schools that opened after the day ({opened_later}) are left out.")
    return said


def postcodes_of(data: DataFolder) -> pl.DataFrame:
    """Every postcode with its place, ward, block and neighbourhood, and whether people live there."""
    columns = ["postcode", "easting", "northing", "admin_ward", "oa11cd", "lsoa11cd", "positional_quality", "usertype"]
    return data.table(POSTCODES, columns).select(
        pl.col("postcode").str.replace_all(" ", ""),
        number("easting"),
        number("northing"),
        ward=pl.col("admin_ward").fill_null(""),
        block=pl.col("oa11cd"),
        code=pl.col("lsoa11cd"),
        home=(pl.col("positional_quality") == "10") & (pl.col("usertype") == "0"),
    )


def _neighbourhoods(data: DataFolder, year: int) -> tuple[pl.DataFrame, int]:
    """Every LSOA with its children, deprivation, surroundings, religion and centre; and the year of the count."""
    counts = {_year_of(path.name): path for path in data.find(CHILDREN)}
    base_year = min(counts, key=lambda each: (abs(each - year), each))
    ages = [str(age) for age in range(20)]
    names = ["lsoa11_code", "ltla20_name", *ages]
    children = data.table(CHILDREN, names, data.note(counts[base_year], CHILDREN))
    idaci = "Income Deprivation Affecting Children Index (IDACI) Decile (where 1 is most deprived 10% of LSOAs)"
    deprivation = data.table(DEPRIVATION, ["LSOA code (2011)", idaci, "classification"])
    religion = data.table(RELIGION, ["lsoa21_code", "total_residents", "Christian", "Not answered", *_NOT_CHRISTIAN])
    answered = number("total_residents") - number("Not answered")
    shares = religion.select(
        code="lsoa21_code",
        christian=number("Christian") / answered,
        other=pl.sum_horizontal(number(name) for name in _NOT_CHRISTIAN) / answered,
    )
    centres = data.table(CENTRES, ["lsoa11_code", "easting", "northing"])
    found = (
        children.select(code="lsoa11_code", district="ltla20_name", **{age: number(age) for age in ages})
        .join(
            deprivation.select(code="LSOA code (2011)", idaci=number(idaci), kind="classification"),
            on="code",
            how="left",
        )
        .join(shares, on="code", how="left")
        .join(centres.select(code="lsoa11_code", x=number("easting"), y=number("northing")), on="code", how="inner")
        .sort("code")
    )
    return found, base_year


def _year_of(name: str) -> int:
    found = re.search(r"mid(\d{4})", name)
    return int(found.group(1)) if found else 0


def _near(hoods: pl.DataFrame, own: Bools, metres: float) -> Bools:
    """The county's neighbourhoods, and those whose centre is so near to the centre of one."""
    centres = hoods.select("x", "y").to_numpy()
    away: Floats = np.asarray(KDTree(centres[own]).query(centres)[0])
    return away <= metres


def _homes(hoods: pl.DataFrame, postcodes: pl.DataFrame) -> Homes:
    """Postcodes where people live, by neighbourhood and block; the centre of a neighbourhood that has none."""
    place = hoods.select("code").with_row_index("hood")
    homes = postcodes.filter("home").join(place, on="code", how="inner")
    without = hoods.with_row_index("hood").filter(~pl.col("code").is_in(homes["code"].implode()))
    homes = pl.concat([
        homes.select("hood", "block", "postcode", "easting", "northing", "ward"),
        without.select("hood", block="code", postcode="code", easting="x", northing="y", ward=pl.lit("")),
    ]).sort("hood", "block", "postcode")  # fmt: skip
    return Homes(
        easting=homes["easting"].cast(pl.Int64).to_numpy(),
        northing=homes["northing"].cast(pl.Int64).to_numpy(),
        neighbourhood=homes["hood"].cast(pl.Int64).to_numpy(),
        block=homes["block"].rle_id().cast(pl.Int64).to_numpy(),
        ward=homes["ward"].to_list(),
    )


def _numbers(hoods: pl.DataFrame, own: Bools, years_later: int, draw: Draw) -> Neighbourhoods:
    """Each neighbourhood's children by year group, and what their families are drawn with."""
    rates, rng = draw.rates, draw.of("children")
    ages = hoods.select(str(age) for age in range(20)).to_numpy().astype(np.float64)
    children = np.zeros((len(hoods), YEARS), dtype=np.int64)
    for year in range(YEARS):
        age = year + _AGE_IN_RECEPTION - years_later
        expected = (1 - _SUMMER) * _aged(ages, age) + _SUMMER * _aged(ages, age - 1)
        children[:, year] = np.floor(expected + rng.random(len(hoods))).astype(np.int64)
    by_decile = {int(key): rates.of("free_school_meals_by_idaci_decile", key) for key in range(1, 11)}
    usual = rates.number("free_school_meals_without_index")
    deciles = hoods["idaci"].to_list()
    return Neighbourhoods(
        code=hoods["code"].to_list(),
        district=hoods["district"].to_list(),
        surrounds=[_SURROUNDS.get(kind or "", "town_fringe") for kind in hoods["kind"].to_list()],
        own=own,
        children=children,
        low_income=np.array([by_decile[int(each)] if each else usual for each in deciles]),
        christian=_filled(hoods["christian"], rates.number("christians_without_census")),
        other_belief=_filled(hoods["other"], rates.number("other_beliefs")),
    )


def _aged(ages: Floats, age: int) -> Floats:
    if not 0 <= age < ages.shape[1]:
        raise UsageError(f"the children's file has no children aged {age}; take a day nearer to its year")
    return ages[:, age]


def _filled(series: pl.Series, usual: float) -> Floats:
    return series.fill_nan(None).fill_null(usual).to_numpy().astype(np.float64)


def _within(found: Found, homes: Homes, hoods: Neighbourhoods, draw: Draw) -> tuple[Register, tuple[Wholes, Wholes]]:
    """The authority's schools, and others so near to one of its homes; and where they stand."""
    own = hoods.own[homes.neighbourhood]
    tree = KDTree(np.stack([homes.easting[own], homes.northing[own]], axis=1))
    away = tree.query(np.stack([found.easting, found.northing], axis=1))[0]
    whole = found.register
    keep = np.flatnonzero(whole.own | (away <= draw.rates.number("schools_within_metres")))
    schools = tuple(whole.schools[each] for each in keep.tolist())
    kept = Register(schools, whole.roll[keep], whole.places[keep], whole.meals[keep], whole.own[keep])
    return kept, (np.rint(found.easting[keep]).astype(np.int64), np.rint(found.northing[keep]).astype(np.int64))


def _degrees(easting: Wholes, northing: Wholes) -> tuple[Floats, Floats]:
    points = points_from_grid(easting.tolist(), northing.tolist())
    if None in points:
        raise UsageError("a postcode or school lies outside the OSTN15 transformation; check its grid reference")
    found = np.array(points, dtype=np.float64)
    return found[:, 0], found[:, 1]
