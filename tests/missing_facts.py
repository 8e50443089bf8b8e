"""Pupils of whom facts are missing, and pupils who keep a withdrawn element, as the properties ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from eligibility.testing.drawn_pupils import Question, T
from eligibility.testing.missing_facts import gaps
from tests.pupils import WITHDRAWN, pupils

Gaps = tuple[Question, list[str]]


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
