"""Conditions in plain English, made from the conditions themselves, so that no page can say other than what decides.

The words are data: of facts in the vocabulary (`said`), of terms in the definitions (`means`, `means_not`, `asked`), of
figures and open points in `rules/words.yaml`. What has none is told by its question or its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from eligibility import wording
from eligibility.language.expressions import (
    Always,
    Among,
    And,
    AnyOf,
    Compare,
    Expression,
    FromOtherHome,
    Holds,
    Not,
    Operand,
    Or,
)
from eligibility.language.partial import partial
from eligibility.phrases import (
    Link,
    One,
    Phrase,
    Said,
    Several,
    joined,
    lower_first,
    on_one_line,
    prefixed,
    sentences,
    without,
)
from eligibility.plain_names import IS, OPPOSITE, PlainNames, declared
from eligibility.policy import Policies, Version
from eligibility.rulebook import Definition

OTHER_HOME_SAID = "from the other home, "


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
        if isinstance(left, Always) and not isinstance(test, Always):
            written = replace(self, as_written=True).said(test)
            how = "every child passes this" if left.value else "no child passes this"
            opened = f"{how} under this version, as its figures and open points are set; the rule asks whether "
            return prefixed(opened, written) if isinstance(written, One) else One((opened, *on_one_line(written)))
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
        verb = next((n for n, piece in enumerate(said.phrase) if isinstance(piece, str) and piece[:4] == IS), 0)
        if verb and isinstance(left, Compare | Among | And):
            rest = str(said.phrase[verb]).removeprefix(" is")
            return ("Is ", *said.phrase[:verb], rest, *said.phrase[verb + 1 :], "?"), None, True
        return ("Is this so: ", *said.phrase, "?"), None, True

    @property
    def names(self) -> PlainNames:
        """What is called what."""
        return PlainNames(self.policies, self.version)

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
                    return prefixed(home, self._any(tag)) if home else self._any(tag)
                return One((f"{home}none of these grounds gives free travel: ", *self._grounds(tag)))
            case Always(value):
                return One((f"{home}{'every' if value == holds else 'no'} child passes this",))
            case Holds(name):
                return One((home, *self._held(name, holds=holds)) if home else self._held(name, holds=holds))
            case Compare(operator, left, right):
                return One((home, *self.names.compared(operator if holds else OPPOSITE[operator], left, right)))
            case Among(operand, values):
                kind = self.names.type_of(operand)
                listed = joined(
                    [self.names.constant(value, kind, operand) for value in values], "or" if holds else "nor"
                )
                return One((home, *self.names.called_in_full(operand), " is " if holds else " is neither ", *listed))

    def _several(self, parts: Iterable[Expression], *, every: bool, holds: bool, home: str) -> Said:
        said: list[Said] = []
        between: tuple[Operand, Said] | None = None
        for part in parts:
            one = self._said(part, holds=holds, home=home)
            subject = self._subject(part)
            if every and between and subject == between[0] and isinstance(one, One) and isinstance(between[1], One):
                # Two limits of one thing are one statement: 8 or more and less than 11.
                tail = without(one.phrase, (home, *self.names.called_in_full(subject), " is "))
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
        return self.names.turned(test.operator, test.left, test.right)[1] if isinstance(test, Compare) else None

    def _held(self, name: str, *, holds: bool) -> Phrase:
        definition = self.policies.rules.definitions.get(name)
        if definition:
            return (Link(_term(definition, holds=holds), "term", name),)
        if name in self.policies.rules.grounds:
            met = "is met" if holds else "is not met"
            return ("the ground ", Link(f"“{self.policies.rules.grounds[name].title}”", "ground", name), f" {met}")
        fact = declared(name)
        words = (fact.said.if_true if holds else fact.said.if_false) if fact else ""
        return (words or f"the answer to “{fact.question if fact else name}” is {'yes' if holds else 'no'}",)

    def _asked(self, name: str) -> Phrase:
        definition = self.policies.rules.definitions.get(name)
        if definition:
            asked = wording.fill(definition.asked, self.names.shown)
            if not asked or "{" in asked:  # a version that asks this not in a ground may lack a figure in the question
                asked = f"Is this so: {_term(definition, holds=True)}?"
            return (Link(asked, "term", name),)
        fact = declared(name)
        return (fact.question,) if fact and fact.question else ("Is this so: ", *self._held(name, holds=True), "?")

    def _any(self, tag: str) -> Said:
        return One(("at least one of these grounds gives free travel: ", *self._grounds(tag)))

    def _grounds(self, tag: str) -> Phrase:
        return joined([(link,) for link in self._tagged(tag)], "or")

    def _tagged(self, tag: str) -> list[Link]:
        grounds = [self.policies.rules.grounds[name] for name in self.version.grounds]
        return [Link(f"“{ground.title}”", "ground", ground.id) for ground in grounds if tag in ground.tags]


def _term(definition: Definition, *, holds: bool) -> str:
    """The first sentence of what a term means, or of what it means that it does not hold."""
    means = lower_first(sentences(definition.means)[0])
    if holds:
        return means
    return lower_first(definition.means_not) if definition.means_not else f"it is not so that {means}"
