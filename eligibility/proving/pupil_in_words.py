"""A pupil that a proof found, told in plain words: what is unusual about it, question by question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import z3

from eligibility import wording
from eligibility.facts import OTHER_HOME, Fact, vocabulary
from eligibility.language.expressions import Compare, names
from eligibility.proving.believable import what_is_ordinary
from eligibility.proving.every_pupil import EveryPupil
from eligibility.proving.found_pupil import value_of

_SAID_FIRST = ("date_of_birth", "on", "walking_mm")
_SAID_IF_ASKED = ("road_mm", "travel_from", "applied_on", "nearer_suitable_schools", "nearer_ignoring_places")


def in_words(model: Any, pupil: EveryPupil, also: Iterable[str] = ()) -> list[str]:
    """What an officer would say of the pupil: the age, the day, the distance, then each question with an answer that
    most pupils would not give, and those about the facts in `also`.
    """
    born, on = value_of(model, pupil, "date_of_birth"), value_of(model, pupil, "on")
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    walk = _length(value_of(model, pupil, "walking_mm"))
    said = [f"{years} years old on {wording.date(on)} (born {wording.date(born)}), {walk} on foot"]
    unusual = (name for name in _unusual(model, pupil) if name.removesuffix(OTHER_HOME) not in _SAID_IF_ASKED)
    asked = dict.fromkeys([*unusual, *also])
    said += [_answered(model, pupil, name) for name in asked if _can_be_said(model, pupil, name)]
    return said


def _unusual(model: Any, pupil: EveryPupil) -> Iterator[str]:
    for wish, formula in what_is_ordinary(pupil):
        one_of_several = isinstance(wish, Compare) and wish.operator == "=="
        if not one_of_several and not z3.is_true(model.eval(formula, model_completion=True)):
            yield from names(wish)


def _can_be_said(model: Any, pupil: EveryPupil, name: str) -> bool:
    plain = name.removesuffix(OTHER_HOME)
    fact = vocabulary().by_name.get(plain)
    place = "" if fact is None else (fact.other_home if plain != name else fact.case) or fact.of
    parts = [s.name for s in vocabulary().sections.values() if s.name and place.startswith(f"{s.case}.")]
    parts += ["has_other_home"] if plain != name else []
    there_is = all(value_of(model, pupil, part) for part in parts)
    return there_is and name in pupil.facts and plain not in _SAID_FIRST


def _answered(model: Any, pupil: EveryPupil, name: str) -> str:
    terms = vocabulary()
    plain = name.removesuffix(OTHER_HOME)
    fact = terms.by_name.get(plain)
    questions = [section.question for section in terms.sections.values() if section.name == plain]
    question = fact.question if fact else questions[0]
    where = " (from the other home)" if name.endswith(OTHER_HOME) else ""
    return f"{question}{where} {_words(value_of(model, pupil, name), fact)}"


def _words(value: Any, fact: Fact | None) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dt.date():
            return wording.date(value)
        case None:
            return "none"
        case str():
            return value.replace("_", " ")
        case int() if fact and fact.type == "length":
            return _length(value)
        case int() if fact and fact.type == "money":
            return wording.pounds(value)
        case _:
            return str(value)


def _length(mm: int) -> str:
    """In miles and exactly, since two pupils may be a millimetre apart."""
    return f"{wording.miles(mm)} ({mm:,} mm)"
