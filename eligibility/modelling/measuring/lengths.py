"""How far every home is from every school: along an area's networks, or estimated from straight lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eligibility.geography import Area, How, Reach, School
from eligibility.geography.distance_files import Parts
from eligibility.geography.ground import UM_PER_MM, Floats, Wholes, inverse, plane
from eligibility.geography.many import NONE_MM, Homes, blocks, fingerprint, lengths, rows_of
from eligibility.geography.model import Mode
from eligibility.modelling.measuring.borders import Borders, floors_of_far
from eligibility.units import MM_PER_METRE

Lengths32 = NDArray[np.int32]
Progress = Callable[[int, int], None]
_FURTHEST_MM = 1_000_000_000
_EVERYTHING = Reach(_FURTHEST_MM, _FURTHEST_MM)  # 1,000 km: every school of an area is measured from every home


@dataclass(frozen=True)
class Detour:
    """How much longer a way is than the straight line, as a factor in thousandths, and where that comes from."""

    walking_thousandths: int
    road_thousandths: int
    source: str

    @property
    def said(self) -> str:
        """The factors in words."""
        walking, road = self.walking_thousandths / 1000, self.road_thousandths / 1000
        return f"straight lines times {walking:g} on foot and {road:g} by road"


@dataclass(frozen=True, eq=False)
class Distances:
    """Whole millimetres from every home to every school, schools x homes; `NONE_MM` where there is no route.

    `walking` and `road` are never exceeded by the true lengths, `walking_low` and `road_low` never exceed them; they
    are the same arrays where nothing lies beyond the network and every school is near it. A school too far from it for
    a distance to be known (`Ends.far`) has nothing but these lows, from the straight line. `through_unsafe` is the
    shortest walk along stretches that are unsafe on the day, None where there are none. `beyond` is how near a school
    that is not held could be, by home; None where there can be none.
    """

    walking: Lengths32
    road: Lengths32
    walking_low: Lengths32
    road_low: Lengths32
    through_unsafe: Lengths32 | None = None
    beyond: Wholes | None = None

    @property
    def nearness(self) -> Lengths32:
        """What tells how near a school is on foot: the walking distance, or the walk that is unsafe."""
        if self.through_unsafe is None:
            return self.walking
        return np.where(self.walking == NONE_MM, self.through_unsafe, self.walking)

    @property
    def nearness_low(self) -> Lengths32:
        """As `nearness`, what it cannot be less than."""
        if self.through_unsafe is None:
            return self.walking_low
        unsafe = np.where(self.through_unsafe == NONE_MM, self.walking_low, self.through_unsafe)
        return np.where(self.walking == NONE_MM, unsafe, self.walking_low)


def along_networks(
    area: Area, homes: Homes, how: How, progress: Progress = lambda _done, _of: None, out: Path | None = None
) -> Distances:
    """Exact lengths along an area's networks, to the millimetre those that one pupil is measured with.

    With `out`, the file that will hold what is made of them, each finished block of schools lies beside it until
    `forget` is called, so that a run that was stopped goes on where it was.
    """
    shape = len(area.schools), len(homes.references)
    found: dict[Mode, Lengths32] = {mode: np.full(shape, NONE_MM, dtype=np.int32) for mode in ("walk", "road")}
    parts = None if out is None else Parts(out, fingerprint(area, homes, how, _EVERYTHING), shape[1])
    for number, block in enumerate(blocks(area)):
        if parts is not None and parts.has(number):
            pupil, school, walking, road = parts.read(number)
        else:
            pupil, school, walking, road = rows_of(area, homes, block, how, _EVERYTHING)
            if parts is not None:
                parts.write(number, pupil, school, walking, road)
        found["walk"][school, pupil], found["road"][school, pupil] = walking, road
        progress(block.stop, shape[0])
    unsafe = None
    if area.closed(how.on) and (found["walk"] == NONE_MM).any():
        anyway = How(how.measure_from, how.school_entrance, None)
        every = [lengths(area, homes, each, anyway, mode="walk", limit_mm=_FURTHEST_MM) for each in blocks(area)]
        unsafe = np.concatenate(every)
    if area.border is None:
        low = floors_of_far(area, homes, how, found)
        return Distances(found["walk"], found["road"], low["walk"], low["road"], unsafe)
    borders = Borders(area, homes, how)
    low = floors_of_far(area, homes, how, {mode: borders.lows(mode, every) for mode, every in found.items()})
    return Distances(found["walk"], found["road"], low["walk"], low["road"], unsafe, borders.beyond_mm)


def estimated(lon: Floats, lat: Floats, school_lon: Floats, school_lat: Floats, detour: Detour) -> Distances:
    """Straight lines times a detour factor, for homes and schools in degrees: estimates, never evidence.

    The straight line is taken in the plane, right to a millionth of its length; see `straight_mm` for the exact one.
    """
    walking = np.empty((len(school_lon), len(lon)), dtype=np.int32)
    road = np.empty_like(walking)
    for number, place in enumerate(zip(school_lon.tolist(), school_lat.tolist(), strict=True)):
        straight = np.hypot(*plane(place, lon, lat)) * MM_PER_METRE
        walking[number] = _detoured(straight, detour.walking_thousandths)
        road[number] = _detoured(straight, detour.road_thousandths)
    return Distances(walking, road, walking, road)


def straight_mm(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Wholes:
    """Straight lines on the ellipsoid between pairs of places, in whole millimetres."""
    found: Wholes = (inverse(lon, lat, to_lon, to_lat)[0] + UM_PER_MM // 2) // UM_PER_MM
    return found


def _detoured(straight_mm: Floats, thousandths: int) -> Lengths32:
    found: Lengths32 = np.rint(straight_mm * (thousandths / 1000)).astype(np.int32)
    return found


def places_of(schools: Sequence[School]) -> dict[str, int]:
    """Each school's place among `schools`, by URN."""
    return {school.urn: place for place, school in enumerate(schools)}
