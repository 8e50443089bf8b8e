"""What one home sees: which school is nearest to it, how many are nearer, and what to ask where that cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eligibility.case import Case
from eligibility.facts import NEVER
from eligibility.language.partial import Between, Known
from eligibility.measurement import BEYOND, NO_SAFE_WAY, about_far_school
from eligibility.reading_names import NEAREST_MEASURED_BY, PRESUMED, UNNAMED_SCHOOL_HAD_A_PLACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eligibility.geography import HomeMeasurement, Length, SchoolDistance

_MANY = 999


@dataclass(frozen=True)
class _Nearer:
    """A school that is, or may be, nearer: whether certainly, whether it had a place, and what to ask."""

    urn: str
    certain: bool
    place: bool | None
    asks: tuple[str, ...]


class OneHome:
    """A home of a case as an area has measured it; `tolerance` is how far its place is trusted, in millimetres."""

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
        """The lengths to this school as measured, in millimetres, each where there is a way."""
        lengths = {"walking_mm": self.this.walking, "road_mm": self.this.road}
        return {name: length.mm for name, length in lengths.items() if length}

    def facts(self) -> dict[str, Known]:
        """The facts that this home settles or bounds; fills in what to ask for the others, and the notes."""
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
