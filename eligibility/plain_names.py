"""What figures, facts and days are called in plain English, and how one is held against another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eligibility import wording
from eligibility.facts import NEVER, Fact, Section, vocabulary
from eligibility.language.expressions import Constant, Name, Operand, Years
from eligibility.phrases import Link, Phrase
from eligibility.policy import REPLACED_VERSION, RULE_TYPES, VERSION_STARTS, Policies, Version
from eligibility.policy_values import in_units, written
from eligibility.school_calendar import as_date

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_NUMBERS = {
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
    "==": "exactly",
    "!=": "other than",
}
_WORDS = {
    "length": _NUMBERS | {">": "longer than", "<": "shorter than"},
    "date": {">": "after", ">=": "on or after", "<": "before", "<=": "on or before", "==": "", "!=": "not"},
    "word": {"==": "", "!=": "not"},
}
IS = " is "
_THE_DAY = "governing_day"


@dataclass(frozen=True)
class PlainNames:
    """The words of one version for what its rules name."""

    policies: Policies
    version: Version

    def compared(self, operator: str, left: Operand, right: Operand) -> Phrase:
        """A comparison as a statement about what stands first in it."""
        operator, subject, other = self.turned(operator, left, right)
        kind = self.type_of(subject) or self.type_of(other)
        words = _WORDS.get(kind, _NUMBERS)[operator]
        value = self.constant(other.value, kind, subject) if isinstance(other, Constant) else self.called_in_full(other)
        verb = " is taken as " if isinstance(subject, Name) and self._is_set(subject.name) else IS
        if words == "not" and verb != IS:
            verb, words = " is not taken as ", ""
        return (*self.called_in_full(subject), f"{verb}{words} " if words else verb, *value)

    def _is_set(self, name: str) -> bool:
        """Whether a name is an open point, or a figure that is words."""
        held = self.version.parameters.get(name)
        return name in self.version.readings or (held is not None and held.unit == "word")

    def turned(self, operator: str, left: Operand, right: Operand) -> tuple[str, Operand, Operand]:
        """The comparison with what is asked about a child first, what it is held against second."""
        return (operator, left, right) if self._rank(left) <= self._rank(right) else (_TURNED[operator], right, left)

    def _rank(self, operand: Operand) -> int:
        if isinstance(operand, Years):
            return 0
        if isinstance(operand, Constant):
            return 3
        if self._is_figure(operand.name) or operand.name in (VERSION_STARTS, REPLACED_VERSION):
            return 2
        fact = vocabulary().by_name.get(operand.name)
        return 0 if fact and fact.by == _THE_DAY else 1

    def _is_figure(self, name: str) -> bool:
        return name in self.version.parameters

    def type_of(self, operand: Operand) -> str:
        """What a name holds, as rules know it: length, money, date, whole or word; "" of a constant."""
        if isinstance(operand, Years):
            return "whole"
        if isinstance(operand, Constant):
            return ""
        if self._is_figure(operand.name):
            return RULE_TYPES.get(self.version.parameters[operand.name].unit, "")
        fact = vocabulary().by_name.get(operand.name)
        if fact:
            return fact.rule_type
        return "date" if operand.name == VERSION_STARTS else "word"

    def called_in_full(self, operand: Operand) -> Phrase:
        """A name, or what stands for its value."""
        match operand:
            case Years(earlier, later):
                since = vocabulary().by_name[earlier.name].said.years_since
                day = self.called_in_full(later)
                return (
                    (f"{since} on ", *day)
                    if since
                    else ("the whole years from ", *self.called_in_full(earlier), " to ", *day)
                )
            case Constant(value):
                return self.constant(value, "", operand)
            case Name(name):
                return self._named(name)

    def _named(self, name: str) -> Phrase:
        if self._is_figure(name):
            parameter = self.version.parameters[name]
            words = parameter.unit == "word"
            text = f"“{self.called(name)}”" if words else written(parameter, spoken=True)
            return (Link(text, "figure", name),)
        if name in self.version.readings:
            return (Link(f"“{self.called(name)}”", "point", name),)
        if name == VERSION_STARTS:
            return (wording.date(self.version.starts), ", the first day of this version")
        if name == REPLACED_VERSION:
            return (f"“{self.version.replaces}”",)
        fact = vocabulary().by_name.get(name)
        called = fact and (fact.said.called or (fact.could_be and fact.could_be.called))
        return (called or (f"the answer to “{fact.question}”" if fact else name.replace("_", " ")),)

    def called(self, name: str) -> str:
        """The plain name of a figure, or what an open point asks."""
        words = self.policies.rules.words.get(name)
        return (words and (words.called or words.asks)) or name.replace("_", " ")

    def choice(self, name: str, value: str) -> str:
        """What a figure or an open point is set to, in words."""
        words = self.policies.rules.words.get(name)
        return self.filled(words.choices.get(value, "") if words else "") or value.replace("_", " ")

    def constant(self, value: int | str, kind: str, beside: Operand) -> Phrase:
        """A value written in a rule, in the unit of what it is held against."""
        name = beside.name if isinstance(beside, Name) else ""
        if isinstance(value, str):
            return (f"“{self._word(value, name)}”",)
        if kind == "date":
            return ("never" if value == NEVER else wording.date(as_date(value)),)
        if kind == "length":
            return (wording.miles(value),)
        return (wording.pounds(value) if kind == "money" else str(value),)

    def _word(self, value: str, name: str) -> str:
        fact = vocabulary().by_name.get(name)
        if fact and fact.type == "ground" and value in self.policies.rules.grounds:
            return self.policies.rules.grounds[value].title
        return value if fact and fact.type == "policy" else self.choice(name, value)

    def shown(self, name: str) -> str:
        """A figure in a sentence of the rules."""
        if self._is_figure(name):
            parameter = self.version.parameters[name]
            value = parameter.values[0][1]
            # As a decision shows it: a sentence says itself what it counts.
            return str(value) if RULE_TYPES.get(parameter.unit) == "whole" else in_units(parameter, value)
        return self.choice(name, self.version.readings[name].chosen) if name in self.version.readings else f"{{{name}}}"

    def filled(self, sentence: str, also: Callable[[str], str | None] = lambda _: None) -> str:
        """A sentence of the rules with its figures put in; `also` gives words for names that are not figures."""
        return wording.fill(sentence, lambda name: also(name) or self.shown(name))


def declared(name: str) -> Fact | Section | None:
    """The fact, or the part of a case that there may be, that a rule knows by a name."""
    terms = vocabulary()
    sections = (section for section in terms.sections.values() if section.name == name)
    return terms.by_name.get(name) or next(sections, None)
