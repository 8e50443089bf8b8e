"""What one version says of every pupil: its conclusions and outcome as formulas.

A figure that holds from a day on becomes a choice by the day; a day that follows from the date of birth becomes a table
of birth dates, made by the same function that decides a case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import z3

from eligibility.case import Case
from eligibility.derived import DERIVERS, Day
from eligibility.engines.proof import FALSE, TRUE, UNKNOWN, Formula, Formulas, Pair, Term, code_of
from eligibility.facts import Fact, vocabulary
from eligibility.in_force import InForce
from eligibility.language.expressions import Expression
from eligibility.policy import REPLACED_VERSION, VERSION_STARTS, Policies, Version, rule_value
from eligibility.proving.every_pupil import OLDEST, EveryPupil, follows_under_a_version
from eligibility.reading_names import EXPECTATION
from eligibility.school_calendar import as_number, month_day

OUTCOMES = ("entitled", "refer", "not_entitled")


class UnderVersion:
    """A version applied to every pupil, in force on the day or not.

    `choices` sets readings otherwise than the version chose. With `all_known` every fact that there can be is known.
    `concluded` holds each conclusion of the version's book by name.
    """

    def __init__(
        self,
        pupil: EveryPupil,
        book: InForce,
        *,
        choices: Mapping[str, str] | None = None,
        all_known: bool = True,
    ) -> None:
        self.pupil, self.book, self.version = pupil, book, book.version
        self.policies: Policies = pupil.policies
        self.choices = choices or {}
        self._terms: dict[str, Term] = {}
        self.formulas = Formulas(self.term, all_known=all_known)
        self.concluded = self.formulas.conclude(book)

    def term(self, name: str) -> Term:
        """What stands for a fact, or for a parameter or reading of the version or (`name@version`) an older one."""
        if name not in self._terms:
            term = self._term(name)
            if self.formulas.all_known and not z3.is_true(term.known):
                term = Term(term.low, term.high, TRUE)
            self._terms[name] = term
        return self._terms[name]

    def conclude_what_was_added(self) -> None:
        """Draw the conclusions that were added to the book since the others were drawn."""
        for name, test in self.book.conclusions.items():
            if name not in self.concluded:
                self.concluded[name] = self.formulas.pair(test, self.concluded)

    def pair(self, test: Expression) -> Pair:
        """A condition that may use any conclusion of the version."""
        return self.formulas.pair(test, self.concluded)

    def outcome(self, wanted: str, reading: str | None = None) -> Formula:
        """That the outcome is `wanted`: entitled, refer or not_entitled; under one reading of legitimate expectation,
        by default as the version settles it. Where none of the three holds, more information is needed.
        """
        if reading is not None:
            return self._under(reading)[wanted]
        found = [self._under(name) for name in self.agreed]
        alike = {outcome: z3.And(*(one[outcome] for one in found)) for outcome in OUTCOMES}
        if wanted == "refer" and len(found) > 1:
            settled = TRUE if self.formulas.all_known else z3.And(*(z3.Or(*one.values()) for one in found))
            return z3.And(settled, z3.Not(z3.Or(alike["entitled"], alike["not_entitled"])))
        return alike[wanted]

    @property
    def agreed(self) -> list[str]:
        """The readings of legitimate expectation that the outcome is settled from."""
        found = list(self.book.outcomes)
        reading = self.version.readings.get(EXPECTATION)
        if reading and len(found) > 1 and (EXPECTATION in self.choices or not reading.refer_if_different):
            return [self.choices.get(EXPECTATION, reading.chosen)]
        return found

    def _under(self, reading: str) -> dict[str, Formula]:
        entitled, refer = (self.concluded[name] for name in self.book.outcomes[reading])
        return {
            "entitled": entitled.holds,
            "refer": z3.And(entitled.fails, refer.holds),
            "not_entitled": z3.And(entitled.fails, refer.fails),
        }

    # -- terms -------------------------------------------------------------------------------------------------------

    def _term(self, name: str) -> Term:
        plain, _, era = name.partition("@")
        if name in self.pupil.facts:
            return self.pupil.term(name)
        fact = vocabulary().by_name.get(name)
        if fact is not None and follows_under_a_version(fact):
            return self._follows(fact)
        version = self.policies.versions[era] if era else self.version
        return self._of_version(version, plain)

    def _of_version(self, version: Version, name: str) -> Term:
        if name in version.parameters:
            return Term.exactly(self._by_day(version.parameters[name].values))
        if name in version.readings:
            reading = version.readings[name]
            chosen = reading.chosen if reading.settled else self.choices.get(name, reading.chosen)
            return Term.exactly(z3.IntVal(code_of(chosen)))
        if name == VERSION_STARTS:
            return Term.exactly(z3.IntVal(as_number(version.starts)))
        if name == REPLACED_VERSION and version.replaces:
            return Term.exactly(z3.IntVal(code_of(version.replaces)))
        return UNKNOWN

    def _by_day(self, values: tuple[tuple[dt.date, object], ...]) -> Formula:
        current = _number(values[0][1])
        for start, value in values[1:]:
            current = z3.If(self.pupil.fact("on") >= as_number(start), _number(value), current)
        return current

    def _follows(self, fact: Fact) -> Term:
        if not all(name in self.version.parameters for name in fact.parameters):
            return UNKNOWN
        if fact.by == "same_school_year":
            then = vocabulary().by_case[fact.of].name
            same = self._school_year(then) == self._school_year("on")
            return Term.exactly(same, self.pupil.term(then).known)
        days = sorted({day for name in fact.parameters for day, _ in self.version.parameters[name].values})
        current: Formula = None
        for start in [self.pupil.first, *(day for day in days if self.pupil.first < day <= self.pupil.last)]:
            table = self._table(fact, start)
            current = table if current is None else z3.If(self.pupil.fact("on") >= as_number(start), table, current)
        return Term.exactly(current)

    def _school_year(self, name: str) -> Formula:
        """The calendar year in which the school year of a date starts."""
        year, day = self.pupil.year_and_day[name]
        first, second = month_day(self.version.parameters["school_year_starts"].values[-1][1])
        return z3.If(day >= first * 100 + second, year, year - 1)

    def _table(self, fact: Fact, on: dt.date) -> Formula:
        """The fact by date of birth, under the figures of the day `on`."""

        def value(born: dt.date) -> int:
            case = Case("", {"date_of_birth": born}, {})
            found = DERIVERS[fact.by](Day(case, self.version, self.policies, on), fact)
            if not isinstance(found, int):
                raise TypeError(f"{fact.name} does not follow from the date of birth alone")
            return found

        first = dt.date(self.pupil.first.year - OLDEST, 1, 1)
        steps = _steps(value, first, self.pupil.last)
        born = self.pupil.fact("date_of_birth")
        current: Formula = z3.IntVal(steps[0][1])
        for start, number in steps[1:]:
            current = z3.If(born >= as_number(start), z3.IntVal(number), current)
        return current


def _number(value: object) -> Formula:
    held = rule_value(value)
    if isinstance(held, bool):
        return TRUE if held else FALSE
    return z3.IntVal(code_of(held) if isinstance(held, str) else held)


def _steps(value: Callable[[dt.date], int], first: dt.date, last: dt.date) -> list[tuple[dt.date, int]]:
    """Where a function of a day that never falls takes a new value between two days, with that value."""
    found = [(first, value(first))]

    def look(low: dt.date, at_low: int, high: dt.date, at_high: int) -> None:
        if at_low == at_high:
            return
        if (high - low).days == 1:
            found.append((high, at_high))
            return
        middle = low + (high - low) // 2
        at_middle = value(middle)
        look(low, at_low, middle, at_middle)
        look(middle, at_middle, high, at_high)

    look(first, found[0][1], last, value(last))
    return found
