"""An interview about one pupil: from what has been answered so far to the next question, and to the case.

It asks what every case needs, and then only what can still change the outcome, the cheapest answer first. It knows no
terminal; an interview never changes, an answer gives another one (docs/adr/0023).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from eligibility.asking import PLACES, declared_at, words_for
from eligibility.assess import Assessor
from eligibility.case import read_case
from eligibility.columns import CaseColumns
from eligibility.errors import InputError
from eligibility.facts import Fact, Section, vocabulary
from eligibility.matter import Matter
from eligibility.missing import find_missing_for, what_is_left
from eligibility.places import home_of
from eligibility.reading import Kind, Unreadable, read_cell
from eligibility.still_wanted import LOCATED_BY, Said, StillWanted, Wanted, cost, is_located, next_way

DAY, HOME = "travel_from", "home"
_STAND_INS = {
    "reference": "not-given-yet",
    "date_of_birth": "2000-01-01",
    HOME: {"postcode": "ZZ1 1ZZ"},
    "school": {"urn": "000000"},
}
"""What stands for the answers that every case needs until they are given, so that each can be checked by itself."""
_NO_HOME = "home has no postcode, no uprn, and no easting with northing; give one of them"


@dataclass(frozen=True)
class Question:
    """What is asked next: `place` is where the answer goes in the case, `facts` what it would make known.

    `choices` are words of a closed list, each as a person reads it. `needed` says that nothing can be decided without
    it. `at_most` is how many more can follow it (None before all that is needed is known), `or_other_home` that another
    home, if there is one, adds to them. `for_the_record` says that without it the case cannot hold an earlier yes.
    `usual` is what is taken where there is no answer.
    """

    place: str
    words: str
    kind: Kind
    choices: Mapping[str, str]
    source: str
    supplied_by: str
    facts: tuple[str, ...] = ()
    needed: bool = False
    at_most: int | None = None
    or_other_home: bool = False
    for_the_record: bool = False
    usual: str = ""


@dataclass(frozen=True, eq=False)
class Interview:
    """What has been answered so far, in order; `policy` and `on` as `assess` takes them."""

    assessor: Assessor
    policy: str | None = None
    on: dt.date | None = None
    answers: tuple[tuple[str, Any], ...] = ()

    # -- answering

    def answer(self, text: str) -> Interview:
        """The interview after an answer to its question as it was typed; an empty one is not known.

        Raises InputError, with the sentence that a case would get, where it cannot be taken.
        """
        question = self.question
        if question is None:
            raise InputError("there is nothing left to ask")
        if not text.strip():
            return self._not_known(question)
        try:
            value = read_cell(question.kind, _chosen(text, list(question.choices)))
        except Unreadable as error:
            raise InputError(f"{question.place}: {error}") from error
        if question.place in vocabulary().sections:
            value = Said.THERE_IS if value else None
        return self._with(question.place, value)

    def back(self) -> Interview:
        """The interview before the last answer. Raises InputError where there is none."""
        if not self.answers:
            raise InputError("this is the first question; there is nothing to go back to")
        return replace(self, answers=self.answers[:-1])

    def _not_known(self, question: Question) -> Interview:
        if question.needed and not question.place.startswith(f"{HOME}."):
            raise InputError(f"{question.place} is missing; it is required")
        if question.needed and question.place.rpartition(".")[2] in LOCATED_BY[-1]:
            raise InputError(_NO_HOME)
        return self._with(question.place, Said.NOT_KNOWN)

    def _with(self, place: str, value: Any) -> Interview:
        after = replace(self, answers=(*self.answers, (place, value)))
        case = read_case(after._for_checking(), self.assessor.model)
        area = self.assessor.area
        if after.can_be_decided:
            after.matter  # noqa: B018  # working it out is the check, and it is needed next
        elif area is not None and place == "school.urn":
            area.school(case.get(place))
        elif area is not None and is_located(HOME, after.said):
            area.locate(home_of(case, HOME))
        return after

    def _for_checking(self) -> dict[str, Any]:
        """The case with stand-ins for what it needs and does not have."""
        data = _STAND_INS | self.case
        east, north = LOCATED_BY[-1]
        for home in (place.removesuffix(f".{east}") for place in self.said if place.endswith(f".{east}")):
            held = self.said[f"{home}.{east}"]
            if held is not Said.NOT_KNOWN and f"{home}.{north}" not in self.said:
                data[home] = {**data.get(home, {}), east: held, north: 0}
        return data

    # -- what there is so far

    @cached_property
    def said(self) -> dict[str, Any]:
        """The answers by place."""
        return dict(self.answers)

    @cached_property
    def case(self) -> dict[str, Any]:
        """The case as a file holds it, with all that is known so far."""
        case: dict[str, Any] = {}
        for place, value in self.answers:
            *parents, leaf = place.split(".")
            half_located = leaf in LOCATED_BY[-1] and not is_located(parents[0], self.said)
            if isinstance(value, Said) or half_located:
                continue
            node = case
            for parent in parents:
                node = node.setdefault(parent, {})
            node[leaf] = value
        return case

    @property
    def can_be_decided(self) -> bool:
        """Whether all that every case needs is given."""
        return self._needed_next is None

    @cached_property
    def matter(self) -> Matter:
        """The case before the engine. Raises InputError where it cannot be used."""
        return self.assessor.matter(self.case, policy=self.policy, on=self.on)

    # -- what is asked next

    @cached_property
    def question(self) -> Question | None:
        """What is asked next; None where nothing that could be asked can change the outcome."""
        if self._needed_next is not None:
            return replace(self._asked(self._needed_next), needed=True)
        wanted = StillWanted(self.matter, self.said)
        for section in wanted.opened:
            places, for_the_record = wanted.inside(section)
            if places:
                return replace(self._cheapest(places, wanted), for_the_record=for_the_record)
        places = wanted.now()
        return self._cheapest(places, wanted) if places else None

    @cached_property
    def _needed_next(self) -> str | None:
        """The first place that every case needs and that is not answered yet."""
        for fact in vocabulary().facts:
            if fact.required and fact.case not in self.said:
                return fact.case
        return next_way(HOME, self.said) or (DAY if self.on is None and DAY not in self.said else None)

    def _cheapest(self, places: Wanted, wanted: StillWanted) -> Question:
        place = min(places, key=cost)
        more = max(wanted.at_most() - 1, 0)
        return replace(self._asked(place), facts=places[place], at_most=more, or_other_home=wanted.may_have_other_home)

    def _asked(self, place: str) -> Question:
        found, policies = declared_at(place), self.assessor.policies
        if found is None:
            raise TypeError(f"{place} is not declared")
        one_school = place.startswith(PLACES) or not isinstance(found, Fact)
        choices = {word: word.replace("_", " ") for word in getattr(found, "words", ())}
        if isinstance(found, Fact) and found.type == "ground":
            choices = {name: ground.title for name, ground in policies.rules.grounds.items()}
        if isinstance(found, Fact) and found.type == "policy":
            choices = {name: version.title for name, version in policies.versions.items()}
        return Question(
            place=place,
            words=words_for(place, self._schools),
            kind="boolean" if one_school else CaseColumns().kind(place) or "text",
            choices=choices,
            source=found.source,
            supplied_by=found.supplied_by,
            usual=_usual(found),
        )

    @property
    def _schools(self) -> Mapping[str, str]:
        """The schools around the homes by URN, once they are measured."""
        around = self.matter.schools().values() if self.can_be_decided else ()
        return {school["urn"]: school["name"] for schools in around for school in schools}

    def hanging_on_it(self) -> list[str]:
        """The titles of the grounds that hang on the answer to the question."""
        if self.question is None or not self.question.facts:
            return []
        now, asked = self.matter.now, set(self.question.facts)
        facts, rest = now.established.facts, what_is_left(now.book, now.established.facts)
        grounds = [ground for ground in now.book.grounds if now.found[ground.result] is None]
        return [g.rule.title for g in grounds if asked & set(find_missing_for(rest[g.result], facts))]


def _chosen(text: str, choices: list[str]) -> str:
    """A word of a closed list, where it was typed as its number or with spaces; any other text as it is."""
    if choices and text.strip().isascii() and text.strip().isdigit() and 0 < int(text) <= len(choices):
        return choices[int(text) - 1]
    as_word = "_".join(text.lower().split())
    return as_word if as_word in choices else text


def _usual(found: Fact | Section) -> str:
    """What is taken where there is no answer, in words; "" where that is not known."""
    if not isinstance(found, Fact) or not found.has_default:
        return ""
    return {True: "yes", False: "no"}.get(found.default, str(found.default).replace("_", " "))
