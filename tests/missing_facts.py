"""Taking facts away from a whole pupil and giving them back, so that what is absent is not known.

A place is a dotted key of the case, `needs.can_walk`; taking a section away takes all that lies in it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.pupils import WITHDRAWN, Case, Pick, Question, T, pupils

Gaps = tuple[Question, list[str]]
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
        *sections, key = place.split(".")
        inside = left
        for section in sections:
            inside = inside.get(section) or {}
        inside.pop(key, None)
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


@st.composite
def questions_with_gaps(draw: st.DrawFn, questions: st.SearchStrategy[Question] | None = None) -> Gaps:
    """A pupil, and places to take away from what is known of it."""

    def pick(options: Sequence[T]) -> T:
        return draw(st.sampled_from(options))

    question = draw(pupils() if questions is None else questions)
    return question, gaps(pick, question.case)


@st.composite
def questions_of_protected_pupils(draw: st.DrawFn) -> Question:
    """Pupils most of whom keep a withdrawn element: held since 2016 at the school they still go to."""
    question = draw(pupils())
    case, on = question.case, question.on
    since = max(date(2016, 9, 1), case["date_of_birth"] + timedelta(3 * 366))
    ground = draw(st.sampled_from(WITHDRAWN))
    case["resident"] = True
    case["school"]["started_on"] = min(since, on)
    case["home"]["moved_on"] = None
    case["award"] = {
        "ground": ground,
        "policy": "somerset-2016",
        "urn": case["school"]["urn"],
        "granted_on": min(since, on),
        "ends_on": None,
        "in_error": False,
        "paid_seat": False,
    }
    if ground == "faith":
        case["belief"] = {"religion": "roman_catholic", "is_reason_for_school": True}
        figures = {"nearest_school_of_belief": True, "walking_mm": draw(st.sampled_from([4_828_032, 4_828_033]))}
        case["measured"] = {"road_mm": 8_000_000, "nearest_school": False, "nearest_ignoring_places": False} | figures
        case["measured"] |= {"transport_area_school": False, "nearer_suitable_schools": 3}
    if ground == "other_home":
        route = {"unsafe": False, "assessed_on": None, "safe_from": None}
        case["other_home"] = {"postcode": "BA1 1AA", "moved_on": None, "route": route, "can_walk": False}
        figures = {"nearest_school": True, "nearest_ignoring_places": True, "nearest_school_of_belief": False}
        figures |= {"walking_mm": draw(st.sampled_from([4_828_032, 4_828_033])), "road_mm": 8_000_000}
        case["measured_other_home"] = {"transport_area_school": False, "nearer_suitable_schools": 0} | figures
    if ground == "temporary_medical":
        case["medical"] = {"from": on, "until": on + timedelta(30)}
    return question
