"""A county invented from an area alone: families spread evenly over its postcodes, every distance along its roads."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from eligibility.errors import UsageError
from eligibility.geography import Area, Home, How
from eligibility.geography.ground import Floats, Wholes, grid_of
from eligibility.geography.layers import BORDERED
from eligibility.geography.many import place_all
from eligibility.modelling.generate.county import YEARS, County, Draw, Homes, Neighbourhoods, Register
from eligibility.modelling.generate.grown import grown_areas
from eligibility.modelling.measuring.figures import Bools
from eligibility.modelling.measuring.lengths import Progress, along_networks

_TO_SPARE = 1.05  # so that enough are left when those not in state schools are gone
_TRANSPORT_AREA, _CATCHMENT = BORDERED
_AREAS = {_TRANSPORT_AREA: "transport areas", _CATCHMENT: "catchments"}
_SURROUNDS = ("village", "town_fringe", "town")


def homes_of(area: Area) -> tuple[Homes, list[str], list[str]]:
    """The area's postcodes as homes; each ward is a neighbourhood. Also the wards and their districts, in order."""
    rows = sorted(area.rows("postcode"), key=lambda row: (str(row[2]), str(row[0])))
    if not rows:
        raise UsageError(f"the area {area.name} holds no postcodes, so there is nowhere for pupils to live")
    wards = sorted({str(row[2]) for row in rows})
    district = {str(row[2]): str(row[1]) for row in rows}
    number = {ward: place for place, ward in enumerate(wards)}
    lon, lat = (np.array([row[place] for row in rows], dtype=np.float64) for place in (3, 4))
    easting, northing = grid_of(lon, lat)
    neighbourhood = np.array([number[str(row[2])] for row in rows], dtype=np.int64)
    homes = Homes(easting, northing, neighbourhood, neighbourhood.copy(), [str(row[2]) for row in rows])
    return homes, wards, [district[ward] for ward in wards]


def county_of(area: Area, draw: Draw, pupils: int, on: dt.date, progress: Progress) -> County:
    """A county of about so many pupils. Its children, incomes and beliefs are invented; its roads and schools are not.

    Raises UsageError where the area has no postcodes.
    """
    homes, wards, districts = homes_of(area)
    how = How(on=on)
    rng = draw.of("neighbourhoods")
    shares = np.bincount(homes.neighbourhood, minlength=len(wards)) / len(homes.neighbourhood)
    everyone = math.ceil(pupils / (1 - draw.rates.number("not_in_state_schools")) * _TO_SPARE)
    counts = rng.multinomial(everyone, np.repeat(shares / YEARS, YEARS)).reshape(len(wards), YEARS)
    deciles = rng.integers(1, 11, len(wards))
    low_income = np.array([draw.rates.of("free_school_meals_by_idaci_decile", int(each)) for each in deciles])
    neighbourhoods = Neighbourhoods(
        code=wards,
        district=districts,
        surrounds=_surrounds(homes, len(wards)),
        own=np.ones(len(wards), dtype=bool),
        children=counts.astype(np.int64),
        low_income=low_income,
        christian=np.full(len(wards), draw.rates.number("christians_without_census")),
        other_belief=np.full(len(wards), draw.rates.number("other_beliefs")),
    )
    schools = tuple(area.schools.values())
    unknown: Floats = np.full(len(schools), np.nan)
    register = Register(schools, unknown, unknown, unknown, np.ones(len(schools), dtype=bool))
    given = [("", Home(easting=int(x), northing=int(y))) for x, y in zip(homes.easting, homes.northing, strict=True)]
    placed, unplaced = place_all(area, given, how)
    if unplaced:
        homes = _without(homes, [each.row - 1 for each in unplaced])
    distances = along_networks(area, placed, how, progress)
    grown = dict(zip(_AREAS, grown_areas(register, homes, distances.nearness, draw), strict=True))
    drawn = {layer: area.count(layer) > 0 for layer in _AREAS}
    holds = {layer: _holders(area, layer, placed.lon, placed.lat) if drawn[layer] else grown[layer] for layer in _AREAS}
    about: dict[str, Any] = {
        "area": {"name": area.name, "content_hash": area.content_hash},
        "distances": f"along the networks of the area {area.name}",
        "assumptions": [
            "The children, their families, incomes and beliefs are invented evenly over the area's postcodes.",
            "How many pupils each school takes is invented: as many as would choose it, and some places to spare.",
            *(
                f"The area holds no {called}; they are grown by a rule and are not the council's."
                for layer, called in _AREAS.items()
                if not drawn[layer]
            ),
        ],
    }
    return County(homes, neighbourhoods, register, distances, holds[_TRANSPORT_AREA], holds[_CATCHMENT], about)


def _without(homes: Homes, rows: list[int]) -> Homes:
    kept = np.setdiff1d(np.arange(len(homes.easting)), rows)
    ward = [homes.ward[each] for each in kept.tolist()]
    return Homes(homes.easting[kept], homes.northing[kept], homes.neighbourhood[kept], homes.block[kept], ward)


def _surrounds(homes: Homes, neighbourhoods: int) -> list[str]:
    """Each neighbourhood's kind of place, by how closely its homes stand: in thirds, the sparsest are villages."""
    spread = np.zeros(neighbourhoods)
    for number in range(neighbourhoods):
        own = homes.neighbourhood == number
        area = np.ptp(homes.easting[own]) * np.ptp(homes.northing[own]) if own.any() else 0
        spread[number] = area / max(int(own.sum()), 1)
    rank: Wholes = np.argsort(np.argsort(-spread, kind="stable"), kind="stable")
    return [_SURROUNDS[min(int(each) * len(_SURROUNDS) // neighbourhoods, 2)] for each in rank]


def _holders(area: Area, layer: str, lon: Floats, lat: Floats) -> Bools:
    found = np.zeros((len(area.schools), len(lon)), dtype=bool)
    for home, place in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        for urn in area.holders(layer, place) or ():
            if urn in area.schools:
                found[area.place_of(urn), home] = True
    return found
