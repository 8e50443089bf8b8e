"""A pupil of an example as one would tell a councillor of the pupil: short, and only what matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eligibility import wording
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.policy import Version
from eligibility.rulebook import Rules
from eligibility.school_calendar import month_day, year_group


@dataclass(frozen=True)
class Telling:
    """Tells of one pupil: the case, the facts that matter, a version for the year groups, the versions in words."""

    case: Mapping[str, Any]
    matters: frozenset[str]
    version: Version
    rules: Rules
    names: Mapping[str, str]

    def told(self) -> str:
        """The pupil in one sentence, without a full stop."""
        return "; ".join([self._who(), *self._home("", "the school"), *self._rest()])

    def _at(self, place: str) -> Any:
        held: Any = self.case
        for part in place.split("."):
            held = held.get(part) if isinstance(held, Mapping) else None
        return held

    def _matter(self, *names: str) -> bool:
        return any(name in self.matters for name in names)

    # -- the pupil

    def _who(self) -> str:
        born, on = self._at("date_of_birth"), self._at("travel_from")
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        starts = month_day(self.version.parameters["school_year_starts"].on(on))
        group = year_group(born, on, starts, self.version.whole("reception_starts_after", on))
        in_group = f", in {'Reception' if group == 0 else f'Year {group}'}" if group >= 0 else ""
        return f"aged {years} on {wording.date(on)}{in_group}"

    # -- the home, or the other home

    def _home(self, suffix: str, school: str) -> Iterator[str]:
        """The distance, and how the school stands to the home."""
        part = "measured_other_home" if suffix else "measured"

        def is_so(name: str) -> bool:
            return bool(self._at(f"{part}.{name}"))

        walk = wording.miles(self._at(f"{part}.walking_mm"))
        road = wording.miles(self._at(f"{part}.road_mm"))
        said = [f"{walk} on foot" + (f" ({road} by road)" if self._matter(f"road_mm{suffix}") else "")]
        nearest, area = is_so("nearest_school"), is_so("transport_area_school")
        if nearest:
            full = not is_so("nearest_ignoring_places") and self._matter(f"nearest_ignoring_places{suffix}")
            said.append("the nearest with a place (nearer ones were full)" if full else "the nearest school")
        elif not area and self._matter(f"transport_area_school{suffix}"):
            said.append("neither the nearest nor the designated transport area school")
        elif self._matter(f"nearest_school{suffix}") or not (suffix or area):
            said.append("not the nearest school")
        if area and self._matter(f"transport_area_school{suffix}"):
            said.append("the designated transport area school")
        if self._matter(f"catchment_school{suffix}"):
            said.append(f"{'' if is_so('catchment_school') else 'not '}the school of today's admissions catchment")
        if self._matter(f"nearer_suitable_schools{suffix}") and not nearest:
            said.append(f"with {self._at(f'{part}.nearer_suitable_schools')} suitable and nearer")
        if is_so("nearest_school_of_belief") and self._matter(f"nearest_school_of_belief{suffix}"):
            said.append("the nearest of the family's religion or belief")
        if not suffix and self._at("belief.is_reason_for_school") and self._matter("belief_is_reason"):
            said.append("chosen for religion or belief")
        yield f"{school} is {', '.join(said)}"
        where = "other_home." if suffix else ""
        walks = self._at("other_home.can_walk" if suffix else "needs.can_walk")
        if walks is False and self._matter(f"can_walk{suffix}"):
            yield "the child cannot walk there"
        if self._at(f"{where}route.unsafe") and self._matter(f"route_unsafe{suffix}", f"route_safe_from{suffix}"):
            safe = self._at(f"{where}route.safe_from")
            until = f", to be safe from {wording.date(safe)}" if safe else ""
            yield f"the walking route is unsafe{until}"
        moved = self._at("other_home.moved_on" if suffix else "home.moved_on")
        if moved and self._matter(f"moved_on{suffix}"):
            who = "the other parent" if suffix else "the child"
            yield f"{who} moved to this address on {wording.date(moved)}"

    # -- the rest

    def _rest(self) -> Iterator[str]:
        if self._matter("applied_on"):
            yield f"travel was applied for on {wording.date(self._at('applied_on'))}"
        yield from self._school()
        yield from self._needs()
        yield from self._income()
        if self._at("award") is not None and self._matter(*(n for n in self.matters if "award" in n)):
            yield self._award()
        elif self._at("award") is None and self._matter("has_award", "award_for_this_school") and self._was_there():
            yield "no travel award is held"
        if self._at(vocabulary().by_name["has_exceptional_circumstances"].of):
            yield "there are exceptional circumstances"
        if self._at("other_home") is not None and self._matter(
            "has_other_home", *(n for n in self.matters if n.endswith(OTHER_HOME))
        ):
            yield "; ".join(["the parents live apart", *self._home(OTHER_HOME, "from the other home the school")])
        if self._at("resident") is False:
            yield "the child does not live in the authority's area"

    def _was_there(self) -> bool:
        """Whether the child was at the school before the day: only then could an award for it have been held."""
        started = self._at("school.started_on")
        return bool(started and started < self._at("travel_from"))

    def _school(self) -> Iterator[str]:
        started, on = self._at("school.started_on"), self._at("travel_from")
        if started and self._matter("school_started_on"):
            at = "started there" if started < on else "starts there"
            yield f"the child {at} on {wording.date(started)}"
        if self._at("admission.placed_because_late") and self._matter("placed_because_late"):
            yield "the place there came of a late application"
        for place, name, words in (
            ("school.independent", "independent_school", "it is an independent school"),
            ("school.boarding", "boards", "the child boards"),
        ):
            if self._at(place) and self._matter(name):
                yield words

    def _needs(self) -> Iterator[str]:
        for place, name, words in (
            ("needs.special_needs", "has_special_needs", "the child has special educational needs"),
            ("needs.disability", "disability", "the child is disabled"),
            ("needs.mobility_problem", "mobility_problem", "the child has mobility problems"),
        ):
            if self._at(place) and self._matter(name):
                yield words
        if self._at("needs.ehc_plan") is not None and self._matter("has_plan", "plan_names_this_school"):
            named = " that names this school" if self._matter("plan_names_this_school") else ""
            preference = self._at("needs.ehc_plan.is_parental_preference")
            yield f"the child has a plan{named}{', as the preference of the parents' if preference else ''}"
        if self._at("medical") is not None and self._matter("has_temporary_condition", "medical_from", "medical_until"):
            since, until = self._at("medical.from"), self._at("medical.until")
            lasts = f" until {wording.date(until)}" if isinstance(until, dt.date) else ""
            yield f"a temporary medical condition lasts from {wording.date(since)}{lasts}"

    def _income(self) -> Iterator[str]:
        said = [
            words
            for place, name, words in (
                ("income.free_school_meals", "free_school_meals", "free school meals"),
                ("income.free_school_meals_protected", "free_school_meals_protected", "protected free school meals"),
                ("income.maximum_working_tax_credit", "maximum_working_tax_credit", "maximum Working Tax Credit"),
                ("income.universal_credit", "universal_credit", "Universal Credit"),
            )
            if self._at(place) and self._matter(name)
        ]
        if not said:
            return
        earned = self._at("income.net_earnings_pence")
        earning = f", with earnings of {wording.pounds(earned)} a year" if self._matter("net_earnings_pence") else ""
        seen = "" if self._at("income.evidence_seen_on") else ", of which no evidence has been seen"
        yield f"the family has {wording.listed(said)}{earning}{seen}"

    def _award(self) -> str:
        held = self._at("award")
        what = self.rules.grounds[held["ground"]].title
        said = f"the child holds an award ({what}) given under {self.names.get(held['policy'], held['policy'])} "
        said += f"on {wording.date(held['granted_on'])}"
        if held["ends_on"] and held["ends_on"] < self._at("travel_from"):
            said += f" to {wording.date(held['ends_on'])}"
        for told, words in (
            (self._at("award.urn") != self._at("school.urn"), "for another school"),
            (held["in_error"], "in error"),
            (held["paid_seat"], "as a paid seat"),
        ):
            said += f", {words}" if told else ""
        return said
