"""Taking facts away from a whole pupil and giving them back, so that what is absent is not known.

A place is a dotted key of the case, `needs.can_walk`; taking a section away takes all that lies in it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator

from eligibility.testing.background import Case, take_away
from eligibility.testing.drawn_pupils import Pick

# Everything else of a case may be absent.
STAY = {"reference", "date_of_birth", "home", "home.postcode", "school", "school.urn", "travel_from"}
# Only ever given whole: what its parts would say of a section that is absent is not said anywhere.
WHOLE = {"places", "admission.preferences", "school.former_urns", "needs.ehc_plan", "service.incidents"}


def places(case: Case, prefix: str = "") -> Iterator[str]:
    """Every place of a case that may be absent, sections before what lies in them."""
    for key, value in case.items():
        place = prefix + key
        if place not in STAY and not place.endswith(".postcode"):
            yield place
        if isinstance(value, dict) and place not in WHOLE:
            yield from places(value, place + ".")


def without(case: Case, absent: Iterable[str]) -> Case:
    """The case with those places absent."""
    left = copy.deepcopy(case)
    for place in absent:
        take_away(left, place)
    return left


def answered(partial: Case, whole: Case, asked: Iterable[str]) -> Case:
    """The partial case with those places as they are in the whole one; a section brings all that lies in it.

    Who answers that there is another home has it measured; a length may be held in miles.
    """
    more = copy.deepcopy(partial)
    wanted = list(asked)
    wanted += [place.replace("_mm", "_miles") for place in wanted if place.endswith("_mm")]
    wanted += ["measured_other_home"] if "other_home" in wanted else []
    for place in wanted:
        inside, source = more, whole
        *sections, key = place.split(".")
        for section in sections:
            if source.get(section) is None:  # known to be none, which says the same of all that lies in it
                inside[section] = None
                break
            source = source[section]
            inside = inside.setdefault(section, {})
        else:
            if key in source:
                inside[key] = copy.deepcopy(source[key])
    return more


def is_within(place: str, section: str) -> bool:
    """Whether a place is a section, or lies in it."""
    return place == section or place.startswith(f"{section}.")


def gaps(pick: Pick, case: Case) -> list[str]:
    """Some of the places of a case, to take away: usually a few, because many make a long search."""
    every = list(places(case))
    return sorted({pick(every) for _ in range(pick([0, 1, 2, 3, 4, 6, 8, 12, 20]))})
