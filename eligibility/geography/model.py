"""What geography hands to the rest of the engine: homes, schools, lengths, routes.

Lengths are whole millimetres; points are (longitude, latitude) in degrees on WGS84.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

Point = tuple[float, float]
Mode = Literal["walk", "road"]
SchoolEntrance = Literal["nearest_gate", "main_entrance"]
"""The reading `school_entrance`: the nearest available gate where gates are known, or the register's point always."""


@dataclass(frozen=True)
class Home:
    """Where travel starts, given in exactly one of three ways.

    `postcode`, or `uprn` (Unique Property Reference Number), or `easting` and `northing` (whole
    metres on the British National Grid). `key` is the case key that error sentences name: `home`
    or `other_home`.
    """

    postcode: str | None = None
    uprn: str | None = None
    easting: int | None = None
    northing: int | None = None
    key: str = "home"


@dataclass(frozen=True)
class Pupil:
    """What tells whether a school is suitable: `year_group` 0 (Reception) to 13, `sex` if known."""

    year_group: int
    sex: str | None


@dataclass(frozen=True)
class Length:
    """A route's length in whole millimetres.

    `mm` is the length on the area's network, which the true length never exceeds; `low` is what
    the true length cannot be less than, given that the network stops at a border.
    """

    mm: int
    low: int


@dataclass(frozen=True)
class School:
    """A school of the register or the map. `gender` is mixed, boys or girls; ages are whole years, None if not known.

    `religion` is the first religion or belief the register names (None: the school has none) and
    `religions` all of them, for a school of two; where the register does not say,
    `religion_known` is False. `last_year_group` is the last year group of compulsory schooling
    that the school takes (4 for a first school to age 9, 11 for a school to 16 or 18).
    """

    urn: str
    name: str
    phase: str
    low_age: int | None
    high_age: int | None
    gender: str
    religion: str | None
    independent: bool
    special: bool
    selective: bool
    la_code: str
    last_year_group: int | None
    religions: tuple[str, ...] = ()
    religion_known: bool = True


@dataclass(frozen=True)
class SchoolDistance:
    """One school from one home; a length is None where that network holds no route.

    `suitable` is None where it is not known (a single-sex school and the sex not given; a
    selective school). `unsuitable_because` is a phrase for False and for None, otherwise empty.
    `through_unsafe` is the shortest walk along stretches recorded as unsafe on the day, given only
    where no walking route avoids them; it is no walking distance. `at_least_mm` is given only where the school stands
    too far from a network for its distance to be known: what no way to it can be less than, from the straight line.
    """

    school: School
    walking: Length | None
    road: Length | None
    suitable: bool | None
    unsuitable_because: str
    through_unsafe: Length | None = None
    at_least_mm: int | None = None

    @property
    def nearness(self) -> Length | None:
        """What tells how near the school is on foot: the walking distance, or the walk that is unsafe."""
        return self.walking or self.through_unsafe


@dataclass(frozen=True)
class NearArea:
    """A transport area or catchment near a home: the school's URN, whether it holds the home, and its border.

    `border_mm` is the straight line from the home to the area's border.
    """

    urn: str
    inside: bool
    border_mm: int


@dataclass(frozen=True)
class HomeMeasurement:
    """The schools of the area as seen from one home, and how far that can be relied on.

    - `kind`: `postcode_centre` or `geocoded` (estimates of the address), `grid_reference` or `address`
    - `in_authority`: the home lies in a district of the authority the area was built for; None
      where the area was built for none, or the home's district is not known
    - `schools`: every school, or as many as were asked for, nearest first by walking (see
      `SchoolDistance.nearness`), then those with no route; ties by URN
    - `border_mm`: no school that the area does not hold can be nearer than this by any route;
      None where nothing lies beyond the area
    - `transport_areas`, `catchments`: URNs of the schools whose polygon holds the home; None where
      the area has no such polygons
    - `assumptions`: plain sentences about how the figures were come by
    """

    kind: str
    in_authority: bool | None
    schools: tuple[SchoolDistance, ...]
    border_mm: int | None
    transport_areas: frozenset[str] | None
    catchments: frozenset[str] | None
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A stretch of a route along one street: its name ("" where unnamed) and length.

    `is_leg` marks the straight way between the network and the home, or a gate.
    """

    street: str
    mm: int
    is_leg: bool = False


@dataclass(frozen=True)
class Route:
    """The evidence for one distance: the line walked or driven, its steps and its length.

    `length_mm` is the whole length, rounded once from micrometres; the steps add up to it, since what is rounded is
    how far each has come in all. `line` includes the straight legs from the home and to a gate where these are
    counted. `home` is the kind of home (see `HomeMeasurement`), `to_gate` whether the route ends at a gate, `on` the
    day whose unsafe stretches it avoids, unless `safe` is False. No way that runs beyond the area's border could make
    the distance shorter than `at_least_mm`; that is `length_mm` where none could make it shorter at all.
    """

    urn: str
    mode: Mode
    length_mm: int
    at_least_mm: int
    line: tuple[Point, ...]
    steps: tuple[Step, ...]
    area: str = field(default="")
    home: str = ""
    measure_from: str = "address_point"
    school_entrance: SchoolEntrance = "nearest_gate"
    to_gate: bool = False
    on: dt.date | None = None
    safe: bool = True
