"""What is known of a pupil before a test says anything, and putting facts into it by their dotted names."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eligibility.facts import vocabulary
from eligibility.marked_yaml import read

Case = dict[str, Any]
"""A case as it stands in a file; a key that is not there is not known."""

NOT_KNOWN = "not known"
"""What a test writes for a fact to make it not known again."""


def whole_pupil() -> Case:
    """A pupil about whom everything is known and whom nothing entitles, to change as a test needs."""
    return copy.deepcopy(_whole_pupil())


@functools.cache
def _whole_pupil() -> Case:
    plain: Case = read(Path(__file__).parent / "whole_pupil.yaml").plain()
    return plain


def nothing() -> Case:
    """A pupil of whom nothing is known but a reference."""
    return {"reference": whole_pupil()["reference"]}


BACKGROUNDS = {"whole_pupil": whole_pupil, "nothing": nothing}
"""By the word for it in a file."""


def put(case: Case, place: str, value: Any) -> None:
    """Put a value at a dotted place, such as `measured.walking_mm`; the parts that it lies in come about."""
    *sections, key = place.split(".")
    for section in sections:
        if not isinstance(case.get(section), dict):
            case[section] = {}
        case = case[section]
    case[key] = value


def take_away(case: Case, place: str) -> None:
    """Make a dotted place not known, whether it was or not."""
    *sections, key = place.split(".")
    for section in sections:
        case = case.get(section) or {}
    case.pop(key, None)


@functools.cache
def twins() -> dict[str, str]:
    """By place: the other place that says the same in another unit, millimetres or miles."""
    found: dict[str, str] = {}
    for fact in vocabulary().facts:
        for place in filter(None, (fact.case, fact.other_home) if fact.also_miles else ()):
            miles = f"{place.rpartition('.')[0]}.{fact.also_miles}"
            found |= {place: miles, miles: place}
    return found


def changed(case: Case, facts: Mapping[str, Any]) -> Case:
    """The case with facts put into it by dotted place; one that is `not known` is taken away.

    A length in miles takes the place of one in millimetres, and the other way round; where both are given, both stay,
    and the case is refused if they are not the same.
    """
    made = copy.deepcopy(case)
    for place in facts:
        if place in twins():
            take_away(made, twins()[place])
    for place, value in facts.items():
        if value == NOT_KNOWN:
            take_away(made, place)
        else:
            put(made, place, copy.deepcopy(value))
    return made
