"""Every pupil at once: a formula for each fact of the vocabulary, and what is true of all pupils.

Facts are what they can be in a case: whole numbers within their bounds, dates that exist, words of their lists, and
what follows where a part of the case is known to be none. The constraints between facts hold.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator

import z3

from eligibility.constraints import constraints_of_both_homes
from eligibility.engines.proof import FALSE, TRUE, Formula, Formulas, Term, code_of
from eligibility.establish import NOT_GIVEN
from eligibility.facts import NEVER, OTHER_HOME, Fact, Section, vocabulary
from eligibility.policy import Policies

OLDEST = 25
"""Years: no pupil is older (a case that says so is refused)."""
_FEBRUARY, _SHORT_MONTHS = 2, (4, 6, 9, 11)


class EveryPupil:
    """A pupil of whom nothing is known but that a case could describe them, on a day from `first` to `last`.

    With `like`, the same pupil in everything but the facts named in `but` (of the other home too, or with @other_home
    only there) and what follows from them. `true_of_all` holds what is true of every pupil.
    """

    def __init__(
        self,
        policies: Policies,
        first: dt.date,
        last: dt.date,
        *,
        like: EveryPupil | None = None,
        but: Iterable[str] = (),
    ) -> None:
        self.policies, self.first, self.last = policies, first, last
        self.like, self.but = like, frozenset(but)
        self.suffix = "" if like is None else "_then"
        self.facts: dict[str, Formula] = {}
        self.known: dict[str, Formula] = {}
        self.year_and_day: dict[str, tuple[Formula, Formula]] = {}
        """Of a date, by fact: its year, and its month and day as MMDD; meaningless where there is no such day."""
        self.true_of_all: list[Formula] = []
        self._declare()
        self.true_of_all.extend(self._true_of_all())

    def fact(self, name: str) -> Formula:
        """The formula for a fact. Raises KeyError where the vocabulary has none of this name."""
        return self.facts[name]

    def term(self, name: str) -> Term:
        """The fact for a formula that asks what is known; a fact of a part that there is none of is not known."""
        return Term.exactly(self.facts[name], self.known.get(name, TRUE))

    def part_of(self, name: str) -> Section | None:
        """The part of a case that a fact belongs to, where there may be none of it."""
        fact = vocabulary().by_name.get(name.removesuffix(OTHER_HOME))
        if fact is None:
            return None
        return self._section_of((fact.other_home if name.endswith(OTHER_HOME) else fact.case) or fact.of)

    # -- declaring ---------------------------------------------------------------------------------------------------

    def _declare(self) -> None:
        terms = vocabulary()
        for section in terms.sections.values():
            if section.name:
                self._one(section.name, z3.Bool)
        # A date of birth and a day first: other dates are bounded by them.
        ordered = sorted((f for f in terms.facts if f.name), key=lambda f: f.name not in ("on", "date_of_birth"))
        for fact in ordered:
            if fact.name == "element" or follows_under_a_version(fact):
                continue  # a version's transition gives the one; for the others see under_version.py
            for suffix in ("", OTHER_HOME) if fact.other_home else ("",):
                self._one(fact.name + suffix, functools.partial(self._new, fact))

    def _one(self, name: str, new: Callable[[str], Formula]) -> None:
        if self.like is not None and not {name, name.removesuffix(OTHER_HOME)} & self.but:
            self.facts[name] = self.like.facts[name]
            if name in self.like.year_and_day:
                self.year_and_day[name] = self.like.year_and_day[name]
        else:
            self.facts[name] = new(name + self.suffix)

    def _new(self, fact: Fact, name: str) -> Formula:
        match fact.rule_type:
            case "boolean":
                return z3.Bool(name)
            case "date":
                return self._new_date(fact, name)
            case "word":
                return self._new_word(fact, name)
            case _:
                return self._new_number(fact, name)

    def _new_number(self, fact: Fact, name: str) -> Formula:
        number = z3.Int(name)
        inside = z3.And(number >= (fact.min or 0), number <= (NOT_GIVEN if fact.max is None else fact.max))
        self.true_of_all.append(z3.Or(inside, number == NOT_GIVEN) if fact.default == "not_given" else inside)
        return number

    def _new_word(self, fact: Fact, name: str) -> Formula:
        lists = {"ground": tuple(self.policies.rules.grounds), "policy": tuple(self.policies.versions)}
        word = z3.Int(name)
        self.true_of_all.append(z3.Or(*(word == code_of(w) for w in fact.words or lists[fact.type])))
        return word

    def _new_date(self, fact: Fact, name: str) -> Formula:
        year, month, day = (z3.Int(f"{name}.{part}") for part in ("year", "month", "day"))
        first, last = self.first.year - OLDEST, self.last.year + OLDEST
        leap = z3.Or(*(year == y for y in range(first, last + 1) if y % 4 == 0))
        self.true_of_all += [
            z3.And(year >= first, year <= last, month >= 1, month <= 12, day >= 1, day <= 31),
            z3.Implies(z3.Or(*(month == m for m in _SHORT_MONTHS)), day <= 30),
            z3.Implies(month == _FEBRUARY, z3.Or(day <= 28, z3.And(day == 29, leap))),
        ]
        self.year_and_day[name.removesuffix(self.suffix) if self.suffix else name] = (year, month * 100 + day)
        number = year * 10000 + month * 100 + day
        if fact.none == "never":
            return z3.If(z3.Bool(f"{name}.never"), z3.IntVal(NEVER), number)
        return number

    # -- what is true of all -----------------------------------------------------------------------------------------

    def _true_of_all(self) -> Iterator[Formula]:
        born, on = self.facts["date_of_birth"], self.facts["on"]
        first, last = (day.year * 10000 + day.month * 100 + day.day for day in (self.first, self.last))
        yield z3.And(on >= first, on <= last)
        yield z3.And(born < on, self.facts["applied_on"] >= born, self.facts["travel_from"] >= born)
        # Counted in years of the calendar, as a case is.
        yield self.year_and_day["on"][0] - self.year_and_day["date_of_birth"][0] <= OLDEST
        for fact in vocabulary().facts:
            for suffix in ("", OTHER_HOME) if fact.other_home else ("",):
                if fact.name + suffix in self.facts:
                    if fact.not_before_birth:
                        yield self.facts[fact.name + suffix] >= born
                    yield from self._of_none(fact, suffix)
                    yield from self._derived(fact)
        formulas = Formulas(self.term)
        for test, _ in constraints_of_both_homes():
            # Broken only where it is certainly so: of what there is none, nothing is known.
            yield z3.Not(formulas.pair(test, {}).fails)

    def _of_none(self, fact: Fact, suffix: str) -> Iterator[Formula]:
        """What holds of a fact in a part of the case that there may be none of."""
        place = (fact.other_home if suffix else fact.case) or fact.of
        section = self._section_of(place)
        if suffix and place.startswith("measured_other_home."):
            section = vocabulary().sections["other_home"]
        if section is None or not section.name:
            return
        there_is = self.facts[section.name]
        name = fact.name + suffix
        if fact.by in _FALSE_OF_NONE:
            yield z3.Or(there_is, z3.Not(self.facts[name]))
        elif fact.has_none and not place.startswith("measured_other_home."):
            none = NEVER if fact.none == "never" else fact.none
            value = (TRUE if none else FALSE) if isinstance(none, bool) else z3.IntVal(none)
            yield z3.Or(there_is, self.facts[name] == value)
        else:
            self.known[name] = there_is

    @staticmethod
    def _section_of(place: str) -> Section | None:
        found = [s for s in vocabulary().sections.values() if s.name and place.startswith(f"{s.case}.")]
        return found[0] if found else None

    def _derived(self, fact: Fact) -> Iterator[Formula]:
        if fact.by == "has_happened":
            day = vocabulary().by_case[fact.of]
            yield self.facts[fact.name] == (self.facts[day.name] != NEVER)
        if fact.by == "any_serious_incident":
            counted = next(other for other in vocabulary().facts if other.by == "number_of_incidents")
            yield z3.Or(z3.Not(self.facts[fact.name]), self.facts[counted.name] >= 1)


_FALSE_OF_NONE = ("names_this_school", "has_one_entry", "is_this_school")


def follows_under_a_version(fact: Fact) -> bool:
    """Whether a fact follows from others only under the parameters of a version."""
    return fact.by == "same_school_year" or (fact.type == "date" and bool(fact.parameters))
