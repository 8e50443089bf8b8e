"""How a place in a case is asked for: its declaration, and its question in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from eligibility.facts import Fact, Section, vocabulary

PLACES = "places."
"""How the place of one school's answer begins, in what a case says of places at other schools."""
_CALENDAR = "calendar"


def declared_at(place: str) -> Fact | Section | None:
    """What is declared for a place in a case; a length may be given in miles. None where nothing is."""
    terms = vocabulary()
    if place.startswith(PLACES):
        return terms.by_case[PLACES.rstrip(".")]
    if place in terms.by_case:
        return terms.by_case[place]
    return terms.sections.get(place) or _in_miles().get(place)


def miles_place(place: str) -> str:
    """Where a length is given in miles, for the place where it is held in millimetres; any other place as it is."""
    fact = vocabulary().by_case.get(place)
    return f"{place.rpartition('.')[0]}.{fact.also_miles}" if fact and fact.also_miles else place


def _in_miles() -> dict[str, Fact]:
    return {miles_place(place): fact for place, fact in vocabulary().by_case.items() if fact.also_miles}


def words_for(place: str, schools: Mapping[str, str]) -> str:
    """What to ask for a place in a case, in plain words; `schools` names schools by URN. "" where there are none."""
    if place.startswith(PLACES):
        urn = place.removeprefix(PLACES)
        return f"Was a place available to this child at {schools.get(urn, f'school {urn}')}?"
    if place == _CALENDAR:
        return "A school calendar for the date of the notice is not held."
    found = declared_at(place)
    if isinstance(found, Fact):
        seen_from_there = place in (found.other_home, miles_place(found.other_home))
        return f"{found.question} (from the other home)" if seen_from_there else found.question
    return found.question if found else ""
