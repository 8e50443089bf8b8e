"""A pupil of whom less is known: any facts may be missing, and a distance may be known only between two numbers."""

from __future__ import annotations

import z3

from eligibility.engines.proof import TRUE, Formula, Term
from eligibility.facts import Fact, vocabulary
from eligibility.proving.every_pupil import EveryPupil

_ALWAYS_GIVEN = ("on", "date_of_birth", "travel_from")
_PLACES_ALWAYS_GIVEN = ("home.postcode", "other_home.postcode")
"""A case without these is refused."""


class LessKnown(EveryPupil):
    """The same pupil in every fact; `given` holds by place in the case the formula that it is known.

    What is true of this pupil beside what is true of the other is in `true_of_knowledge`.
    """

    def __init__(self, pupil: EveryPupil) -> None:
        self.given: dict[str, Formula] = {}
        self.true_of_knowledge: list[Formula] = []
        self._terms: dict[str, Term] = {}
        super().__init__(pupil.policies, pupil.first, pupil.last, like=pupil)
        self._terms.clear()  # what is true of the pupil was written with everything known
        for section in vocabulary().sections.values():
            if section.name:
                self.given[section.case] = z3.Bool(f"{section.case} is known")
        for fact in vocabulary().facts:
            for place in filter(None, (fact.case, fact.other_home)):
                if place not in self.given:
                    self.given[place] = self._flag(fact, place)

    def _flag(self, fact: Fact, place: str) -> Formula:
        if fact.name in _ALWAYS_GIVEN or place in _PLACES_ALWAYS_GIVEN or fact.required or fact.has_default:
            return TRUE
        flag = z3.Bool(f"{place} is known")
        section = self._section_of(place)
        if section is not None and section.name:
            self.true_of_knowledge.append(z3.Implies(flag, self.given[section.case]))
        return flag

    def term(self, name: str) -> Term:
        """The fact as far as it is known."""
        if name not in self._terms:
            self._terms[name] = self._known_in_part(name)
        return self._terms[name]

    def _known_in_part(self, name: str) -> Term:
        whole = super().term(name)
        places = [section.case for section in vocabulary().sections.values() if section.name == name]
        plain, _, from_other_home = name.partition("@")
        fact = vocabulary().by_name.get(plain)
        if fact is not None:
            places = [(fact.other_home if from_other_home else fact.case) or fact.of]
        flags = [self.given[place] for place in places if place in self.given]
        if not flags:
            return whole
        known = z3.And(whole.known, *flags)
        if fact is None or fact.type != "length":
            return Term(whole.low, whole.high, known)
        low, high = z3.Int(f"{name} is at least"), z3.Int(f"{name} is at most")
        self.true_of_knowledge += [low >= 0, low <= whole.low, whole.high <= high]
        return Term(low, high, known)
