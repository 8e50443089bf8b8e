"""What a route cannot be less than, for whole populations: where a network stops at a border, or short of a school.

The same floors as one pupil is measured with (`geography/measure.py`), a school at a time.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from eligibility.geography import Area, How
from eligibility.geography.entrances import ENTRANCE_ALLOWANCE_MM
from eligibility.geography.ground import UM_PER_MM, Wholes, inverse
from eligibility.geography.many import NONE_MM, Homes
from eligibility.geography.model import Mode


class Borders:
    """An area's border as seen from every home: `beyond_mm` is how near a school that is not held could be."""

    def __init__(self, area: Area, homes: Homes, how: How) -> None:
        border = area.border
        if border is None:
            raise ValueError("an area of which nothing lies beyond has no border")
        self._ends = area.ends(how.school_entrance)
        self._homes = homes
        places = list(zip(homes.lon.tolist(), homes.lat.tolist(), strict=True))
        self._border_mm = np.array([border.distance_mm(place) for place in places], dtype=np.int64)
        self._unsure_um = _unsure_um(area, homes, how)
        self.beyond_mm = self._beyond(area)

    def _beyond(self, area: Area) -> Wholes:
        lon, lat, leg_um = area.left_out
        floor = self._border_mm - ENTRANCE_ALLOWANCE_MM
        for one_lon, one_lat, leg in zip(lon.tolist(), lat.tolist(), leg_um.tolist(), strict=True):
            floor = np.minimum(floor, (_straight_um(self._homes, one_lon, one_lat) - leg) // UM_PER_MM)
        unsure = -(-np.maximum(self._unsure_um["walk"], self._unsure_um["road"]) // UM_PER_MM)
        found: Wholes = np.maximum(0, floor - unsure)
        return found

    def lows(self, mode: Mode, measured: NDArray[np.int32]) -> NDArray[np.int32]:
        """What each length cannot be less than, schools x homes, roads beyond the border included."""
        ends, found = self._ends, measured.copy()
        counts = np.diff(np.append(ends.first, len(ends.number)))
        for school, (first, count) in enumerate(zip(ends.first.tolist(), counts.tolist(), strict=True)):
            inside = np.where(measured[school] == NONE_MM, 0, measured[school]).astype(np.int64)
            low = np.full(len(inside), np.iinfo(np.int64).max)
            for end in range(first, first + count):
                end_um = 0 if ends.is_gate[end] else int(ends.legs_um[mode][end])
                unsure = -(-(self._unsure_um[mode] + end_um) // UM_PER_MM)
                straight = _straight_um(self._homes, float(ends.lon[end]), float(ends.lat[end])) // UM_PER_MM - unsure
                outside = self._border_mm + int(ends.border_mm[end]) - unsure
                low = np.minimum(low, np.maximum(0, np.maximum(straight, np.minimum(inside, outside))))
            known = measured[school] != NONE_MM
            found[school, known] = np.minimum(measured[school], low)[known]
        return found


def floors_of_far(
    area: Area, homes: Homes, how: How, lows: Mapping[Mode, NDArray[np.int32]]
) -> dict[Mode, NDArray[np.int32]]:
    """The lows with a floor, from the straight line, for each school too far from a network to know its distance."""
    ends = area.ends(how.school_entrance)
    found = dict(lows)
    if not ends.far.any():
        return found
    unsure = _unsure_um(area, homes, how)
    for school in np.flatnonzero(ends.far).tolist():
        own = ends.of_school(school)
        straight = [_straight_um(homes, *place) for place in zip(own.lon.tolist(), own.lat.tolist(), strict=True)]
        floor = own.straight_floors_mm(np.array(straight), np.maximum(unsure["walk"], unsure["road"]))
        for mode, low in found.items():
            found[mode] = low.copy()
            found[mode][school] = np.where(low[school] == NONE_MM, floor, low[school])
    return found


def _unsure_um(area: Area, homes: Homes, how: How) -> dict[Mode, Wholes]:
    """How far from each home the measuring may truly start, beyond what is counted, on each network."""
    if how.measure_from == "address_point":
        none = np.zeros(len(homes.references), dtype=np.int64)
        return {"walk": none, "road": none}
    snaps = area.network.snap_both(homes.lon, homes.lat)
    return {mode: np.where(each.edge < 0, 0, each.leg_um) for mode, each in snaps.items()}


def _straight_um(homes: Homes, lon: float, lat: float) -> Wholes:
    return inverse(homes.lon, homes.lat, np.full(len(homes.lon), lon), np.full(len(homes.lon), lat))[0]
