"""From the facts of a published decision to a case, saying what had to be chosen.

A ground that nobody claimed is false (income, belief, needs, other home, award). A fact claimed and not shown is not
met. What a case needs and the publication does not state is chosen here, and listed in `chosen`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from tests.case_builder import ABSENT, ELSEWHERE, FAITH, HERE, MILE, award, case
from tests.policy.test_parents_apart import OTHER_HOME

PUBLISHED: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "published.yaml").read_text(encoding="utf-8")
)
MUST_BE_KNOWN = ("date_of_birth", "home.postcode", "school.urn", "travel_from")
SUMMER_TERM = {"the summer term of 2017": "2017-04-18"}
"""The first school day after Easter 2017, from the council's term dates."""


@dataclass
class Adapted:
    """A case made from a publication: its changes to the whole case, what was stated, what was chosen and why."""

    changes: dict[str, Any] = field(default_factory=dict)
    stated: set[str] = field(default_factory=set)
    chosen: dict[str, str] = field(default_factory=dict)

    def state(self, **places: Any) -> None:
        """What the publication says, or what follows from it."""
        self.changes |= places
        self.stated |= set(places)

    def choose(self, why: str, **places: Any) -> None:
        """What the publication does not say and the case needs."""
        for place, value in places.items():
            if place not in self.stated and place not in self.chosen:
                self.changes[place] = value
                self.chosen[place] = why

    def case(self) -> dict[str, Any]:
        return case(**self.changes)


def adapt(published: dict[str, Any], **more: Any) -> Adapted:
    """The case of a published decision; `more` are facts of one half of a pair, or of one line of a table."""
    facts = published.get("facts", {}) | more
    made = Adapted()
    for name, value in facts.items():
        _FACTS[name](made, value)
    _day_and_age(made, published, facts)
    made.choose("any home and any school would do", **{"home.postcode": "BA2 0AA", "school.urn": HERE})
    if "school_miles" not in facts and "faith_school" not in facts:
        made.choose("a distance over every walking limit", **_miles("3.5"))
    if not {"school_is_number", "nearest_miles", "school_is_further", "faith_school"} & set(facts):
        made.choose("nobody says that another school is nearer", **_nearer(0))
    return made


def _day_and_age(made: Adapted, published: dict[str, Any], facts: dict[str, Any]) -> None:
    year = int(str(published.get("school_year", "2018/19"))[:4])
    day = str(published.get("day", f"{year}-10-01"))
    made.choose("a school day of that school year", travel_from=day, applied_on=day)
    made.choose("nobody says when", **{"school.started_on": f"{year}-09-04"})
    age = facts.get("age", 12)
    if "year_group" in facts:
        age = facts["year_group"] + 5
    why = "a day that gives the age or year stated" if {"age", "year_group"} & set(facts) else "secondary age"
    made.choose(why, date_of_birth=f"{int(day[:4]) - age - (day[5:] < '05-14')}-05-14")


def _miles(miles: str) -> dict[str, Any]:
    """On foot; the road is taken to be as long, since no publication gives it."""
    return {
        "measured.walking_mm": ABSENT,
        "measured.walking_miles": miles,
        "measured.road_mm": ABSENT,
        "measured.road_miles": miles,
    }


def _nearer(schools: int) -> dict[str, Any]:
    return {
        "measured.nearest_school": schools == 0,
        "measured.nearest_ignoring_places": schools == 0,
        "measured.nearer_suitable_schools": schools,
    }


def _school_miles(made: Adapted, value: str) -> None:
    made.state(**_miles(value))


def _nearest_miles(made: Adapted, value: str) -> None:
    here = made.changes.get("measured.walking_miles")
    if "measured.nearest_school" not in made.stated:
        made.choose("no more schools are told of than the nearest", **_nearer(0 if value == here else 1))


def _school_is_number(made: Adapted, value: int) -> None:
    for place in _nearer(0):
        made.chosen.pop(place, None)
    made.state(**_nearer(value - 1))


def _school_is_further(made: Adapted, value: bool) -> None:
    assert value
    made.state(**_nearer(1), places={ELSEWHERE: True})


def _nearer_school_had_a_place(made: Adapted, value: bool) -> None:
    """Availability in the child's own year group: a nearer school without a place does not count."""
    made.state(places={ELSEWHERE: value})
    made.state(**_nearer(int(value)) | {"measured.nearest_ignoring_places": False})


def _first_preference(made: Adapted, value: bool) -> None:
    made.state(**{"admission.preferences": [ELSEWHERE, HERE] if value else [HERE, ELSEWHERE]})


def _named(made: Adapted, value: bool) -> None:
    made.state(**{"admission.preferences": [ELSEWHERE, HERE] if value else [HERE]})


def _late(made: Adapted, value: bool) -> None:
    made.state(**{"admission.on_time": not value, "admission.placed_because_late": value})


def _moved_house(made: Adapted, value: bool) -> None:
    made.choose("nobody says on which day the family moved", **{"home.moved_on": "2019-08-01"} if value else {})


def _low_income(made: Adapted, value: str) -> None:
    assert value == "claimed and not shown"
    made.choose("nobody says which benefit was claimed", **{"income.free_school_meals": True})
    made.state(**{"income.evidence_seen_on": None})


def _unsafe_route(made: Adapted, value: bool) -> None:
    made.state(**{"route.unsafe": value})


def _safe_from(made: Adapted, value: str) -> None:
    made.choose(f"the first school day of {value}", **{"route.safe_from": SUMMER_TERM[value]})


def _plan(made: Adapted, value: str) -> None:
    preference = value != "names this school only"
    made.state(**{"needs.ehc_plan": {"named_urns": [HERE], "is_parental_preference": preference}})


def _faith_school(made: Adapted, value: bool) -> None:
    assert value
    made.choose("a withdrawn element is needed for a protection to be lost", **FAITH)


def _at_the_school(made: Adapted, years: int) -> None:
    made.state(**{"school.started_on": f"{2018 - years}-09-05"})


def _error(made: Adapted, value: bool) -> None:
    made.state(award=award("faith", in_error=value))


def _other_home_miles(made: Adapted, value: str | None) -> None:
    if value is None:
        made.state(other_home=None, measured_other_home=None)
        return
    mm = int(Decimal(value) * MILE)
    made.state(**OTHER_HOME)
    made.state(**{"measured_other_home.walking_mm": mm, "measured_other_home.road_mm": mm})


def _nothing(made: Adapted, value: Any) -> None:
    """Used with the date of birth, or a fact that the case has no place for: another child's pass."""


_FACTS: dict[str, Callable[[Adapted, Any], None]] = {
    "age": _nothing,
    "year_group": lambda made, value: made.state(year_group=value),
    "school_miles": _school_miles,
    "nearest_miles": _nearest_miles,
    "school_is_number": _school_is_number,
    "school_is_further": _school_is_further,
    "nearer_school_had_a_place": _nearer_school_had_a_place,
    "nearer_school_was_first_preference": _first_preference,
    "nearer_schools_were_named": _named,
    "applied_late_for_the_place": _late,
    "moved_house": _moved_house,
    "low_income": _low_income,
    "unsafe_route": _unsafe_route,
    "counts_as_safe_from": _safe_from,
    "plan": _plan,
    "faith_school": _faith_school,
    "at_the_school_for_years": _at_the_school,
    "pass_was_an_error": _error,
    "other_home_miles": _other_home_miles,
    "sibling_is_carried_to_the_school": _nothing,
}
