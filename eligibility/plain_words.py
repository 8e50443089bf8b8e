"""Conditions in plain English, made from the conditions themselves, so that no page can say other than what decides.

The words are data: of facts in the vocabulary (`said`), of terms in the definitions (`means`, `means_not`, `asked`), of
figures and open points in `rules/words.yaml`. What has none is told by its question or its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from eligibility import wording
from eligibility.facts import NEVER, Fact, Section, vocabulary
from eligibility.language.expressions import (
    Always,
    Among,
    And,
    AnyOf,
    Compare,
    Constant,
    Expression,
    FromOtherHome,
    Holds,
    Name,
    Not,
    Operand,
    Or,
    Years,
)
from eligibility.language.partial import partial
from eligibility.policy import REPLACED_VERSION, RULE_TYPES, VERSION_STARTS, Policies, Version
from eligibility.policy_values import in_units, written
from eligibility.rulebook import Definition
from eligibility.school_calendar import as_date

OTHER_HOME_SAID = "from the other home, "


@dataclass(frozen=True)
class Link:
    """Words that stand for something written out elsewhere: a `figure`, `term`, `ground` or open `point` by name."""

    text: str
    kind: str
    name: str


Phrase = tuple[str | Link, ...]


@dataclass(frozen=True)
class One:
    """One statement, without capital or full stop."""

    phrase: Phrase


@dataclass(frozen=True)
class Several:
    """Statements of which all, or at least one, must be so."""

    every: bool
    parts: tuple[Said, ...]

    @property
    def heading(self) -> str:
        """What stands before the list."""
        return "all of these are so" if self.every else "at least one of these is so"


Said = One | Several

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_NUMBERS = {
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "not more than",
    "==": "exactly",
    "!=": "other than",
}
_WORDS = {
    "length": _NUMBERS | {">": "longer than", "<": "shorter than", "<=": "not longer than"},
    "date": {">": "after", ">=": "on or after", "<": "before", "<=": "on or before", "==": "", "!=": "not"},
    "word": {"==": "", "!=": "not"},
}
_IS = " is "
_THE_DAY = "governing_day"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def plain(said: Said | Phrase) -> str:
    """The words alone, on one line."""
    match said:
        case One(phrase):
            return plain(phrase)
        case Several(_, parts):
            return f"{said.heading}: {'; '.join(_bracketed(part) for part in parts)}"
        case _:
            return "".join(piece if isinstance(piece, str) else piece.text for piece in said)


def _bracketed(said: Said) -> str:
    return f"({plain(said)})" if isinstance(said, Several) else plain(said)


def links(said: Said | Phrase) -> Iterator[Link]:
    """Everything that the words lead to, in order."""
    match said:
        case One(phrase):
            yield from links(phrase)
        case Several(_, parts):
            for part in parts:
                yield from links(part)
        case _:
            yield from (piece for piece in said if isinstance(piece, Link))


def lower_first(text: str) -> str:
    """A sentence as it goes on within another: its first letter small, unless it begins a name, and no full stop."""
    text = text.removesuffix(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


@dataclass(frozen=True)
class PlainWords:
    """Puts what is written in the rules into words, with the figures of one version.

    As it is read: an open point is taken as the version chose it, unless `choices` names another choice for it, and
    what then no longer matters is left out. With `as_written` everything is told, open points included.
    """

    policies: Policies
    version: Version
    as_written: bool = False
    choices: tuple[tuple[str, str], ...] = ()

    def choosing(self, reading: str, choice: str) -> PlainWords:
        """The same, with an open point taken otherwise."""
        return replace(self, choices=(*self.choices, (reading, choice)))

    def settled(self, test: Expression) -> Expression:
        """What a condition comes to once open points, and figures that are words, are put in."""
        if self.as_written:
            return test
        held: dict[str, str] = {name: reading.chosen for name, reading in self.version.readings.items()}
        for name, parameter in self.version.parameters.items():
            if parameter.unit == "word" and len(parameter.values) == 1:
                held[name] = str(parameter.values[0][1])
        return partial(test, held | dict(self.choices), {})

    def said(self, test: Expression) -> Said:
        """A condition as a statement, or as statements of which all or one must be so."""
        left = self.settled(test)
        if isinstance(left, Always):
            written = replace(self, as_written=True).said(test)
            how = "every child passes this" if left.value else "no child passes this"
            opened = f"{how} under this version, as its figures and open points are set; the rule asks whether "
            return _prefixed(opened, written) if isinstance(written, One) else One((opened, *_on_one_line(written)))
        return self._said(left, holds=True)

    def denied(self, test: Expression) -> Said:
        """What is so where a condition does not hold."""
        return self._said(self.settled(test), holds=False)

    def question(self, test: Expression) -> tuple[Phrase, Said | None, bool]:
        """A condition as a question, the list to ask it of if it has one, and the answer for which it holds."""
        left = self.settled(test)
        if isinstance(left, Not):
            asked, listed, answer = self.question(left.part)
            return asked, listed, not answer
        match left:
            case Holds(name):
                return self._asked(name), None, True
            case FromOtherHome(AnyOf(tag)):
                grounds = Several(every=False, parts=tuple(One((link,)) for link in self._tagged(tag)))
                return ("From the other home, would one of these grounds give free travel?",), grounds, True
            case _:
                said = self.said(test)
        if isinstance(said, Several):
            return (f"{'Are all' if said.every else 'Is at least one'} of these so?",), said, True
        verb = next((n for n, piece in enumerate(said.phrase) if isinstance(piece, str) and piece[:4] == _IS), 0)
        if verb and isinstance(left, Compare | Among | And):
            asked = str(said.phrase[verb]).removeprefix(" is")
            return ("Is ", *said.phrase[:verb], asked, *said.phrase[verb + 1 :], "?"), None, True
        return ("Is this so: ", *said.phrase, "?"), None, True

    # -- statements

    def _said(self, test: Expression, *, holds: bool, home: str = "") -> Said:
        match test:
            case Not(part):
                return self._said(part, holds=not holds, home=home)
            case And(parts) | Or(parts):
                return self._several(parts, every=isinstance(test, And) == holds, holds=holds, home=home)
            case FromOtherHome(part):
                return self._said(part, holds=holds, home=OTHER_HOME_SAID)
            case AnyOf(tag):
                if holds:
                    return _prefixed(home, self._any(tag)) if home else self._any(tag)
                return One((f"{home}none of these grounds gives free travel: ", *self._grounds(tag)))
            case Always(value):
                return One((f"{home}{'every' if value == holds else 'no'} child passes this",))
            case Holds(name):
                return One((home, *self._held(name, holds=holds)) if home else self._held(name, holds=holds))
            case Compare(operator, left, right):
                return One((home, *self._compared(operator if holds else _OPPOSITE[operator], left, right)))
            case Among(operand, values):
                kind = self._type(operand)
                listed = _joined([self._constant(value, kind, operand) for value in values], "or" if holds else "nor")
                return One((home, *self._called(operand), " is " if holds else " is neither ", *listed))

    def _several(self, parts: Iterable[Expression], *, every: bool, holds: bool, home: str) -> Said:
        said: list[Said] = []
        between: tuple[Operand, Said] | None = None
        for part in parts:
            one = self._said(part, holds=holds, home=home)
            subject = self._subject(part)
            if every and between and subject == between[0] and isinstance(one, One) and isinstance(between[1], One):
                # Two limits of one thing are one statement: 8 or more and less than 11.
                tail = _without(one.phrase, (home, *self._called(subject), " is "))
                said[-1] = One((*between[1].phrase, " and ", *tail))
                between = None
                continue
            said.extend(one.parts if isinstance(one, Several) and one.every == every else [one])
            between = (subject, one) if subject else None
        kept = tuple(dict.fromkeys(said))
        return kept[0] if len(kept) == 1 else Several(every, kept)

    def _subject(self, test: Expression) -> Operand | None:
        """What a comparison says something about, where it is one."""
        while isinstance(test, Not):
            test = test.part
        return self._turned(test.operator, test.left, test.right)[1] if isinstance(test, Compare) else None

    def _held(self, name: str, *, holds: bool) -> Phrase:
        definition = self.policies.rules.definitions.get(name)
        if definition:
            return (Link(_term(definition, holds=holds), "term", name),)
        if name in self.policies.rules.grounds:
            met = "is met" if holds else "is not met"
            return ("the ground ", Link(f"“{self.policies.rules.grounds[name].title}”", "ground", name), f" {met}")
        fact = _declared(name)
        words = (fact.said.if_true if holds else fact.said.if_false) if fact else ""
        return (words or f"the answer to “{fact.question if fact else name}” is {'yes' if holds else 'no'}",)

    def _asked(self, name: str) -> Phrase:
        definition = self.policies.rules.definitions.get(name)
        if definition:
            asked = wording.fill(definition.asked, self._shown)
            if not asked or "{" in asked:  # a version that asks this not in a ground may lack a figure in the question
                asked = f"Is this so: {_term(definition, holds=True)}?"
            return (Link(asked, "term", name),)
        fact = _declared(name)
        return (fact.question,) if fact and fact.question else ("Is this so: ", *self._held(name, holds=True), "?")

    def _any(self, tag: str) -> Said:
        return One(("at least one of these grounds gives free travel: ", *self._grounds(tag)))

    def _grounds(self, tag: str) -> Phrase:
        return _joined([(link,) for link in self._tagged(tag)], "or")

    def _tagged(self, tag: str) -> list[Link]:
        grounds = [self.policies.rules.grounds[name] for name in self.version.grounds]
        return [Link(f"“{ground.title}”", "ground", ground.id) for ground in grounds if tag in ground.tags]

    # -- comparisons

    def _compared(self, operator: str, left: Operand, right: Operand) -> Phrase:
        operator, subject, other = self._turned(operator, left, right)
        kind = self._type(subject) or self._type(other)
        words = _WORDS.get(kind, _NUMBERS)[operator]
        value = self._constant(other.value, kind, subject) if isinstance(other, Constant) else self._called(other)
        verb = " is taken as " if isinstance(subject, Name) and self._is_set(subject.name) else _IS
        if words == "not" and verb != _IS:
            verb, words = " is not taken as ", ""
        return (*self._called(subject), f"{verb}{words} " if words else verb, *value)

    def _is_set(self, name: str) -> bool:
        """Whether a name is an open point, or a figure that is words."""
        held = self.version.parameters.get(name)
        return name in self.version.readings or (held is not None and held.unit == "word")

    def _turned(self, operator: str, left: Operand, right: Operand) -> tuple[str, Operand, Operand]:
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

    def _type(self, operand: Operand) -> str:
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

    def _called(self, operand: Operand) -> Phrase:
        """A name, or what stands for its value."""
        match operand:
            case Years(earlier, later):
                since = vocabulary().by_name[earlier.name].said.years_since
                day = self._called(later)
                return (
                    (f"{since} on ", *day) if since else ("the whole years from ", *self._called(earlier), " to ", *day)
                )
            case Constant(value):
                return self._constant(value, "", operand)
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

    def _constant(self, value: int | str, kind: str, beside: Operand) -> Phrase:
        name = beside.name if isinstance(beside, Name) else ""
        if isinstance(value, str):
            return (f"“{self._word(value, name)}”",)
        if kind == "date":
            return ("never" if value == NEVER else wording.date(as_date(value)),)
        return ({"length": wording.miles, "money": wording.pounds}.get(kind, str)(value),)

    def _word(self, value: str, name: str) -> str:
        fact = vocabulary().by_name.get(name)
        if fact and fact.type == "ground" and value in self.policies.rules.grounds:
            return self.policies.rules.grounds[value].title
        return value if fact and fact.type == "policy" else self.choice(name, value)

    def _shown(self, name: str) -> str:
        """A figure in a sentence of the rules."""
        if self._is_figure(name):
            parameter = self.version.parameters[name]
            return in_units(parameter, parameter.values[0][1])
        return self.choice(name, self.version.readings[name].chosen) if name in self.version.readings else f"{{{name}}}"

    def filled(self, sentence: str, also: Callable[[str], str | None] = lambda _: None) -> str:
        """A sentence of the rules with its figures put in; `also` gives words for names that are not figures."""
        return wording.fill(sentence, lambda name: also(name) or self._shown(name))


def _declared(name: str) -> Fact | Section | None:
    terms = vocabulary()
    sections = (section for section in terms.sections.values() if section.name == name)
    return terms.by_name.get(name) or next(sections, None)


def _term(definition: Definition, *, holds: bool) -> str:
    """The first sentence of what a term means, or of what it means that it does not hold."""
    means = lower_first(_SENTENCE.split(definition.means)[0])
    if holds:
        return means
    return lower_first(definition.means_not) if definition.means_not else f"it is not so that {means}"


def _prefixed(words: str, said: Said) -> Said:
    if isinstance(said, One):
        return One((words, *said.phrase))
    return Several(said.every, tuple(_prefixed(words, part) for part in said.parts))


def _on_one_line(said: Said) -> Phrase:
    if isinstance(said, One):
        return said.phrase
    pieces: list[str | Link] = [f"{said.heading}: "]
    for number, part in enumerate(said.parts):
        inner = _on_one_line(part)
        pieces += ["; "] if number else []
        pieces += ["(", *inner, ")"] if isinstance(part, Several) else inner
    return tuple(pieces)


def _joined(items: list[Phrase], word: str) -> Phrase:
    pieces: list[str | Link] = []
    for number, item in enumerate(items):
        if number:
            pieces.append(f" {word} " if number == len(items) - 1 else ", ")
        pieces.extend(item)
    return tuple(pieces)


def _without(phrase: Phrase, start: Phrase) -> Phrase:
    """What follows the subject and "is" of a statement."""
    kept = [piece for piece in phrase if piece != ""]
    for piece in (piece for piece in start[:-1] if piece != ""):
        if kept and kept[0] == piece:
            kept.pop(0)
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].removeprefix(" is ")
    return tuple(kept)
