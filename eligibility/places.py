"""From an area's measurement to facts: which school is nearest, how many are nearer, what cannot be told.

A supplied figure always goes before a measured one; that is settled where facts are established.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eligibility.case import Case
from eligibility.establish import Measured
from eligibility.facts import NEVER, OTHER_HOME
from eligibility.language.partial import Between, Known
from eligibility.measurement import BEYOND, NO_SAFE_WAY, Measurement, about_far_school, about_unsafe_ways
from eligibility.reading_names import (
    MEASURE_FROM,
    NEAREST_MEASURED_BY,
    PRESUMED,
    SCHOOL_ENTRANCE,
    UNNAMED_SCHOOL_HAD_A_PLACE,
)

if TYPE_CHECKING:
    from eligibility.geography import Area, HomeMeasurement, Length, SchoolDistance

Tolerances = Mapping[str, int]
"""How far an estimate of a home's place is trusted, in millimetres, by kind of home."""
_MANY = 999
_HOMES = (("home", "", "measured"), ("other_home", OTHER_HOME, "measured_other_home"))


@dataclass(frozen=True)
class _Nearer:
    """A school that is, or may be, nearer: whether certainly, whether it had a place, and what to ask."""

    urn: str
    certain: bool
    place: bool | None
    asks: tuple[str, ...]


def measure(
    case: Case, area: Area | None, year_group: int, *, on: dt.date, choices: Mapping[str, str], tolerances: Tolerances
) -> Measurement:
    """Facts from an area for every home of a case, the schools around each home, and the lengths measured (mm).

    `on` is the day: stretches that are unsafe to walk then are left out. `choices` gives the readings of `MEASURING`.
    Without an area nothing is measured, and only the reading of places that were not named can settle anything.

    Raises InputError where a home or the school is not in the area.
    """
    if area is None:
        return Measurement(_without_area(case, choices))
    from eligibility.geography import How, Pupil

    facts: dict[str, Known] = {}
    asks: dict[str, tuple[str, ...]] = {}
    notes: list[str] = []
    around: dict[str, list[dict[str, Any]]] = {}
    figures: dict[str, int] = {}
    urn = str(case.get("school.urn"))
    school = area.school(urn)
    for key, suffix, section in _HOMES:
        home = home_of(case, key)
        if home is None:
            continue
        pupil = Pupil(max(year_group, 0), case.get("sex"))
        how = How(choices[MEASURE_FROM], choices[SCHOOL_ENTRANCE], on)  # type: ignore[arg-type]  # How checks it
        seen = area.measure(home, pupil, measure_from=how.measure_from, school_entrance=how.school_entrance, on=on)
        tolerance = tolerances.get(seen.kind, 0)
        own = _OneHome(case, seen, urn=urn, section=section, choices=choices, tolerance=tolerance)
        for name, value in own.facts().items():
            facts[name + suffix] = value
        asks |= {name + suffix: places for name, places in own.asks.items()}
        figures |= {name + suffix: length for name, length in own.figures().items()}
        around[key] = own.around()
        own.notes += about_unsafe_ways(own.this, area.unsafe_on_the_way(home, urn, how))
        notes.extend(note for note in (*seen.assumptions, *own.notes) if note not in notes)
        if key == "home" and seen.in_authority is not None:
            facts["resident"] = seen.in_authority
            where = "inside" if seen.in_authority else "outside"
            notes.append(f"Residence is taken from the home's place, {where} the authority's area.")
    measured = Measured(facts, asks, tuple(notes), phase_word(school.phase), school.last_year_group)
    return Measurement(measured, around, figures)


def home_of(case: Case, key: str) -> Any:
    """Where a home of the case is, as geography takes it; None where the case has no such home."""
    from eligibility.geography import Home

    place = {leaf: case.get(f"{key}.{leaf}") for leaf in ("postcode", "uprn", "easting", "northing")}
    if place["easting"] is not None and place["northing"] is not None:
        return Home(easting=place["easting"], northing=place["northing"], key=key)
    if place["uprn"]:
        return Home(uprn=place["uprn"], key=key)
    return Home(postcode=place["postcode"], key=key) if place["postcode"] else None


def phase_word(register: str) -> str | None:
    """The vocabulary's word for the register's phase."""
    text = register.lower().replace("-", " ").strip()
    for word in ("first", "infant", "junior", "middle", "upper", "primary", "secondary"):
        if word in text:
            return word
    return "all_through" if "all through" in text else None


def _without_area(case: Case, choices: Mapping[str, str]) -> Measured:
    """What can be settled without an area: a nearer school that was not named is presumed to have had a place."""
    facts: dict[str, Known] = {}
    presumed = choices[UNNAMED_SCHOOL_HAD_A_PLACE] == PRESUMED and case.get("admission.on_time") is True
    named = case.get("admission.preferences")
    only_this = named is not None and set(named) <= {
        case.get("school.urn"),
        *(case.get("school.former_urns") or ()),
    }
    if presumed and only_this:
        for _, suffix, section in _HOMES:
            if case.get(f"{section}.nearest_ignoring_places") is False and not case.has(f"{section}.nearest_school"):
                facts["nearest_school" + suffix] = False
    return Measured(facts)


class _OneHome:
    def __init__(
        self, case: Case, seen: HomeMeasurement, *, urn: str, section: str, choices: Mapping[str, str], tolerance: int
    ) -> None:
        self.case, self.seen, self.urn, self.section = case, seen, urn, section
        self.choices, self.tolerance = choices, tolerance
        self.this = next(s for s in seen.schools if s.school.urn == urn)
        self.asks: dict[str, tuple[str, ...]] = {}
        self.notes: list[str] = []
        self.address = "home" if section == "measured" else "other_home"
        self.settled_by = f"{self.address}.{'easting' if seen.kind == 'geocoded' else 'uprn'}"

    def figures(self) -> dict[str, int]:
        lengths = {"walking_mm": self.this.walking, "road_mm": self.this.road}
        return {name: length.mm for name, length in lengths.items() if length}

    def facts(self) -> dict[str, Known]:
        facts: dict[str, Known] = {}
        for name, length in (("walking_mm", self.this.walking), ("road_mm", self.this.road)):
            if length:
                facts[name] = self._length(name, length)
        if self.this.walking is None and self.this.through_unsafe is not None:
            # Paragraph 4 with no end in sight; on a day on which a stretch is safe again it is measured anew.
            facts |= {"route_unsafe": True, "route_safe_from": NEVER}
        self.notes += about_far_school(self.this)
        by_road = self.choices[NEAREST_MEASURED_BY] == "road"
        nearer = self._nearer(self.seen.schools, by_road=by_road)
        walking = self._nearer(self.seen.schools, by_road=False)
        self._settle(facts, "nearest_school", nearer, places=True)
        self._settle(facts, "nearest_ignoring_places", nearer, places=False)
        if self.this.suitable is False:
            facts["nearest_school"] = facts["nearest_ignoring_places"] = False
            self.notes.append(f"The school is not suitable for this pupil: {self.this.unsuitable_because}.")
        if walking is not None:
            facts["nearer_suitable_schools"] = self._count("nearer_suitable_schools", walking, places=True)
            facts["nearer_ignoring_places"] = self._count("nearer_ignoring_places", walking, places=False)
        for name, areas in (
            ("transport_area_school", self.seen.transport_areas),
            ("catchment_school", self.seen.catchments),
        ):
            if areas is not None:
                facts[name] = self.urn in areas
        self._belief(facts, by_road)
        return {
            name: value for name, value in facts.items() if not (isinstance(value, Between) and value.low > value.high)
        }

    def _length(self, name: str, length: Length) -> Known:
        low, high = max(length.low - self.tolerance, 0), length.mm + self.tolerance
        if length.low != length.mm:
            self.asks[name] = (f"{self.section}.{name}",)
            self.notes.append(
                "A route through land beyond the network's border could be shorter than the one measured."
            )
        else:
            self.asks[name] = (self.settled_by,) if self.tolerance else ()
        return low if low == high else Between(low, high)

    def _distance(self, school: SchoolDistance, by_road: bool) -> Length | None:
        # Where no safe way leads to a school, paragraph 4 needs to know how near it is all the same.
        return school.road if by_road else school.nearness

    def _nearer(self, schools: tuple[SchoolDistance, ...], *, by_road: bool) -> list[_Nearer] | None:
        """Schools that are or may be nearer than this one; None where this one cannot be reached on the network."""
        own = self._distance(self.this, by_road)
        if own is None:
            return None
        found = []
        for other in schools:
            length = self._distance(other, by_road)
            least = length.low if length else other.at_least_mm
            if other.school.urn == self.urn or other.suitable is False or least is None:
                continue
            if least - self.tolerance >= own.mm:
                continue
            certain = length is not None and length.mm + self.tolerance < own.low and other.suitable is True
            place = self._place(other)
            asks: list[str] = []
            if place is None:
                asks.append(f"places.{other.school.urn}")
            if other.suitable is None and self.case.get("sex") is None:
                asks.append("sex")
            if not certain and other.suitable is True:
                by_address = self.tolerance and length is not None and length.low == length.mm
                asks.append(self.settled_by if by_address else f"{self.section}.nearest_school")
            found.append(_Nearer(other.school.urn, certain, place, tuple(asks)))
        return found

    def _place(self, other: SchoolDistance) -> bool | None:
        places = self.case.get("places") or {}
        urn = other.school.urn
        if urn in places:
            return bool(places[urn])
        if self.choices[UNNAMED_SCHOOL_HAD_A_PLACE] == PRESUMED and self.case.get("admission.on_time") is True:
            named = self.case.get("admission.preferences")
            nearest = next((s for s in self.seen.schools if s.suitable), None)
            is_nearest = nearest is not None and nearest.school.urn == urn
            in_area = urn in (self.seen.transport_areas or ())
            if named is not None and urn not in named and (is_nearest or in_area):
                return True
        return None

    def _beyond(self, *, by_road: bool) -> bool:
        """Whether a school beyond the border could be nearer than this one."""
        own = self._distance(self.this, by_road)
        border = self.seen.border_mm
        return own is not None and border is not None and border - self.tolerance < own.mm

    def _settle(self, facts: dict[str, Known], name: str, nearer: list[_Nearer] | None, *, places: bool) -> None:
        if nearer is None:
            return
        by_road = self.choices[NEAREST_MEASURED_BY] == "road"
        if any(n.certain and (n.place or not places) for n in nearer):
            facts[name] = False
            return
        open_ones = [n for n in nearer if not (places and n.place is False)]
        if not open_ones and not self._beyond(by_road=by_road):
            facts[name] = True
            return
        asks = [ask for n in open_ones for ask in n.asks if places or not ask.startswith("places.")]
        if self._beyond(by_road=by_road):
            asks.append(f"{self.section}.{name}")
            self.notes.append(BEYOND)
        self.asks[name] = tuple(dict.fromkeys(asks)) or (f"{self.section}.{name}",)

    def _count(self, name: str, nearer: list[_Nearer], *, places: bool) -> Known:
        low = sum(n.certain and (bool(n.place) or not places) for n in nearer)
        open_ones = [n for n in nearer if not (places and n.place is False)]
        high = _MANY if self._beyond(by_road=False) else len(open_ones)
        asks = [ask for n in open_ones for ask in n.asks if places or not ask.startswith("places.")]
        if self._beyond(by_road=False):
            asks.append(f"{self.section}.{name}")
        self.asks[name] = tuple(dict.fromkeys(asks)) or (f"{self.section}.{name}",)
        return low if low == high else Between(low, high)

    def _belief(self, facts: dict[str, Known], by_road: bool) -> None:
        name = "nearest_school_of_belief"
        if self.case.lies_in_none("belief.religion"):
            facts[name] = False
            return
        religion = self.case.get("belief.religion")
        if religion is None:
            if self.case.has("belief.religion"):
                facts[name] = False
            self.asks[name] = ("belief",) if not self.case.has("belief.is_reason_for_school") else ("belief.religion",)
            return
        if not self.this.school.religion_known:
            self.asks[name] = (f"{self.section}.{name}",)
            return
        if religion not in self.this.school.religions and religion != self.this.school.religion:
            facts[name] = False
            return
        same = tuple(
            s
            for s in self.seen.schools
            if religion in s.school.religions or religion == s.school.religion or not s.school.religion_known
        )
        self._settle(facts, name, self._nearer(same, by_road=by_road), places=True)

    def around(self, most: int = 6) -> list[dict[str, Any]]:
        """The nearest schools that suit the pupil, and this one, as a parent can check them."""
        suitable = [s for s in self.seen.schools if s.suitable is not False and s.nearness][:most]
        unsuitable = [s for s in self.seen.schools if s.suitable is False and s.nearness and self._is_nearer(s)][:2]
        chosen = [s for s in self.seen.schools if s in suitable or s in unsuitable or s is self.this]
        return [
            {
                "urn": s.school.urn,
                "name": s.school.name,
                "attended": s is self.this,
                "walking_mm": s.walking.mm if s.walking else None,
                "road_mm": s.road.mm if s.road else None,
                "suitable": s.suitable,
                "place": True if s is self.this else self._place(s),
                "note": s.unsuitable_because or ("" if s.walking or not s.through_unsafe else NO_SAFE_WAY),
            }
            for s in chosen
        ]

    def _is_nearer(self, other: SchoolDistance) -> bool:
        own, far = self.this.nearness, other.nearness
        return own is not None and far is not None and far.mm < own.mm
