"""From an area's measurement to facts: which school is nearest, how many are nearer, what cannot be told.

A supplied figure always goes before a measured one; that is settled where facts are established.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from eligibility.case import Case
from eligibility.establish import Measured
from eligibility.facts import OTHER_HOME
from eligibility.language.partial import Known
from eligibility.measurement import Measurement, about_unsafe_ways
from eligibility.one_home import OneHome
from eligibility.reading_names import MEASURE_FROM, PRESUMED, SCHOOL_ENTRANCE, UNNAMED_SCHOOL_HAD_A_PLACE

if TYPE_CHECKING:
    from eligibility.geography import Area

Tolerances = Mapping[str, int]
"""How far an estimate of a home's place is trusted, in millimetres, by kind of home."""
_HOMES = (("home", "", "measured"), ("other_home", OTHER_HOME, "measured_other_home"))


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
        own = OneHome(case, seen, urn=urn, section=section, choices=choices, tolerance=tolerance)
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
