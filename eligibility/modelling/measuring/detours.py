"""How much longer ways are than straight lines where there is a network: what an estimate elsewhere is made with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eligibility.geography import Area, Home, How
from eligibility.geography.ground import Floats
from eligibility.geography.many import NONE_MM, place_all
from eligibility.modelling.measuring.lengths import along_networks, straight_mm
from eligibility.units import MM_PER_METRE

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
_KM = 1000 * MM_PER_METRE


@dataclass(frozen=True)
class Detours:
    """The ratio of the way to the straight line over pairs of a postcode and a school this far apart.

    `walking` and `road` give the ratio below which a tenth, a quarter, a half, three quarters and nine tenths lie.
    """

    from_km: float
    to_km: float
    pairs: int
    walking: tuple[float, ...]
    road: tuple[float, ...]


def detours(area: Area, bands_km: tuple[tuple[float, float], ...]) -> list[Detours]:
    """The detours of an area, by how far apart home and school are in a straight line (kilometres).

    Only pairs of which no way beyond the border could be shorter count.
    """
    how = How()
    given = [(str(row[0]), Home(postcode=str(row[0]))) for row in area.rows("postcode")]
    homes, _ = place_all(area, given, how)
    distances = along_networks(area, homes, how)
    straight = np.stack([_straight(area, place, homes.lon, homes.lat) for place in range(len(area.schools))])
    sure = (distances.walking != NONE_MM) & (distances.road != NONE_MM)
    sure &= (distances.walking_low == distances.walking) & (distances.road_low == distances.road)
    found = []
    for from_km, to_km in bands_km:
        pairs = sure & (straight >= from_km * _KM) & (straight < to_km * _KM)
        number = int(pairs.sum())
        if number:
            walking, road = (
                tuple(round(float(each), 3) for each in np.quantile(mm[pairs] / straight[pairs], SHARES))
                for mm in (distances.walking, distances.road)
            )
            found.append(Detours(from_km, to_km, number, walking, road))
    return found


def _straight(area: Area, place: int, lon: Floats, lat: Floats) -> Floats:
    """Straight lines from every home to the register's point of a school, in millimetres."""
    row = area.rows("school")[place]
    to = np.full(len(lon), float(row[11] or 0)), np.full(len(lon), float(row[12] or 0))
    return straight_mm(lon, lat, *to).astype(np.float64)
