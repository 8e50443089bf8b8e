"""The sample pupils, interviewed by somebody who knows each case."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from eligibility import sample_county
from eligibility.assess import Assessor
from eligibility.case import Case, read_case
from eligibility.facts import vocabulary
from eligibility.geography import Area
from eligibility.interview import Interview, Question
from tests.test_sample_pupils import raw_cases

PUPILS = {str(raw.data["reference"]): raw.data for raw in raw_cases()}


@functools.cache
def county() -> Assessor:
    """The sample county with one engine, since the interview asks only the first."""
    return Assessor(area=Area.open(sample_county.path()), second=None)


@functools.cache
def nowhere() -> Assessor:
    """No area: figures are asked for."""
    return Assessor(second=None)


def typed(known: Case, place: str) -> str:
    """What an officer who knows this case would type when asked for a place; "" where the case does not say."""
    if place.endswith("_miles"):
        place = place.replace("_miles", "_mm")
        held = known.get(place)
        return "" if held is None else f"{held / 1_609_344:.9f}"
    value = known.get(place)
    if place.startswith("places."):
        value = (known.get("places") or {}).get(place.removeprefix("places."))
    elif place in vocabulary().sections:
        if known.lies_in_none(place) or (place in known.known and value is None):
            return "no"
        return "yes" if any(each.startswith(f"{place}.") for each in known.known) else ""
    elif known.lies_in_none(place) or (place in known.known and value is None):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value) or "none"
    return "" if value is None else str(value)


def interviewed(
    assessor: Assessor,
    data: dict[str, Any],
    look: Callable[[Interview, Question], None] = lambda *_: None,
    without: tuple[str, ...] = (),
) -> tuple[Interview, list[str]]:
    """The interview of somebody who knows the case but for `without`, and the places asked for, in order."""
    known = read_case(data, assessor.model)
    interview, asked = Interview(assessor), list[str]()
    while (question := interview.question) is not None:
        look(interview, question)
        asked.append(question.place)
        text = "" if question.place in without else typed(known, question.place)
        interview = interview.answer(text)
    return interview, asked
