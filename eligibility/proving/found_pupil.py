"""A pupil found by the proof engine, made into a case that an officer could have been given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import z3

from eligibility.engines.proof import Formula, solver, word_of
from eligibility.establish import NOT_GIVEN
from eligibility.facts import NEVER, OTHER_HOME, Fact, vocabulary
from eligibility.proving.every_pupil import EveryPupil
from eligibility.school_calendar import as_date

THIS_SCHOOL, OTHER_SCHOOLS = 100001, (100002, 100003)
"""Invented school numbers."""


def find(question: Iterable[Formula], preferred: Iterable[Formula] = ()) -> Any | None:
    """A model of the formulas that also has as many of `preferred`, taken in order, as it can; None where none exists.

    Raises TimeoutError where it cannot be settled in time.
    """
    held = solver(*question)
    answer = held.check()
    if answer == z3.unknown:
        raise TimeoutError
    if answer == z3.unsat:
        return None
    model = held.model()
    for wish in preferred:
        if z3.is_true(model.eval(wish, model_completion=True)):
            held.add(wish)
            continue
        held.push()
        held.add(wish)
        if held.check() == z3.sat:
            model = held.model()  # the wish stays
        else:
            held.pop()
    return model


def case_of(model: Any, pupil: EveryPupil, reference: str) -> dict[str, Any]:
    """The pupil of a model as a case in the form that `assess` reads, with every fact given."""
    return _Writer(model, pupil).write(reference)


def value_of(model: Any, pupil: EveryPupil, name: str) -> Any:
    """A fact of the pupil of a model: true or false, a date (None: never), a word or a whole number."""
    plain = name.removesuffix(OTHER_HOME)
    writer = _Writer(model, pupil)
    return writer.value(vocabulary().by_name[plain], name) if plain in vocabulary().by_name else writer.truth(name)


class _Writer:
    def __init__(self, model: Any, pupil: EveryPupil) -> None:
        self.model, self.pupil = model, pupil
        self.case: dict[str, Any] = {}

    def write(self, reference: str) -> dict[str, Any]:
        terms = vocabulary()
        self._put("reference", reference)
        self._put("travel_from", self._date("on"))
        self._put("home.postcode", "BA2 0AA")
        self._put("school.urn", THIS_SCHOOL)
        self._put("school.former_urns", [])
        self._put("belief.religion", "roman_catholic")
        none = [s.case for s in terms.sections.values() if s.name and not self.truth(s.name)]
        none.append("measured_other_home") if "other_home" in none else self._put("other_home.postcode", "BA2 0AB")
        for fact in terms.facts:
            for place, suffix in ((fact.case, ""), (fact.other_home, OTHER_HOME)):
                if place and fact.name and place != "travel_from" and not place.startswith(_beneath(none)):
                    self._leaf(fact, place, fact.name + suffix)
        for place in none:
            self._put(place, None)
        if "needs.ehc_plan" not in none:
            self._put("needs.ehc_plan.named_urns", self._named())
        if "award" not in none:
            self._put("award.urn", THIS_SCHOOL if self.truth("award_for_this_school") else OTHER_SCHOOLS[0])
        for fact in terms.facts:
            if fact.by == "is_given":
                self._put(fact.of, terms.by_case[fact.of].words[-1] if self.truth(fact.name) else None)
        self._put("school.phase", "primary" if self.truth("primary_or_middle_pupil") else "secondary")
        self._put("service", self._service())
        return self.case

    def _service(self) -> dict[str, Any]:
        """What only advice reads; parts in which nothing is given are none."""
        before, after = self._number("waiting_before_school"), self._number("waiting_after_school")
        assessed, assistant = self._date("risk_assessed_on"), self.truth("assistant_needed")
        serious = self.truth("serious_incident")
        incident = {"on": self._date("on"), "serious": serious}
        return {
            "waiting_minutes": {"before_school": before, "after_school": after} if before or after else None,
            "risk_assessment": {"done_on": assessed, "assistant_needed": assistant} if assessed or assistant else None,
            "incidents": [incident] * self._number("incidents"),
        }

    def _leaf(self, fact: Fact, place: str, name: str) -> None:
        if place.startswith("service.") or name not in self.pupil.facts:
            return
        value = self.value(fact, name)
        if value != NOT_GIVEN:
            self._put(place, value)

    def value(self, fact: Fact, name: str) -> Any:
        match fact.rule_type:
            case "boolean":
                return self.truth(name)
            case "date":
                return self._date(name)
            case "word":
                return word_of(self._number(name))
            case _:
                return self._number(name)

    def _number(self, name: str) -> int:
        return int(self.model.eval(self.pupil.fact(name), model_completion=True).as_long())

    def truth(self, name: str) -> bool:
        return bool(z3.is_true(self.model.eval(self.pupil.fact(name), model_completion=True)))

    def _date(self, name: str) -> dt.date | None:
        number = self._number(name)
        return None if number == NEVER else as_date(number)

    def _named(self) -> list[int]:
        this = [THIS_SCHOOL] if self.truth("plan_names_this_school") else []
        return [*this, *OTHER_SCHOOLS][: 1 if self.truth("plan_names_one_school") else 2]

    def _put(self, place: str, value: Any) -> None:
        *parents, leaf = place.split(".")
        node = self.case
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = value


def _beneath(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{place}." for place in places)
