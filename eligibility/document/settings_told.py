"""What a version sets, told: its figures, its open points, who keeps what, what it assumes, where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eligibility.document.blocks import Block, Item, Listing, Paragraph, Row, Section, anchor, item, items_of, told
from eligibility.document.rules_told import RulesTold, table, to_ground
from eligibility.language.expressions import Expression, names
from eligibility.phrases import Link, Phrase, Said, capital, sentences
from eligibility.policy import Expectation, Reading, Version
from eligibility.policy_values import written
from eligibility.reading_names import EXPECTATION
from eligibility.rulebook import Condition
from eligibility.wording import sentence


@dataclass(frozen=True)
class SettingsTold:
    """Tells what a version sets."""

    rules: RulesTold

    @property
    def version(self) -> Version:
        """The version told of."""
        return self.rules.version

    def figures(self) -> tuple[Block, ...]:
        """Every figure with its value, its source and what is assumed of it."""
        rows = []
        for name, parameter in self.version.parameters.items():
            word = parameter.unit == "word"
            value = self._choice(name, str(parameter.values[0][1])) if word else written(parameter)
            cells: tuple[Phrase, ...] = ((capital(self._called(name)),), (value,), (parameter.source,))
            rows.append(Row(cells, anchor("figure", name), parameter.assumed))
        return table("Figures", ("What it is", "Value", "Source"), tuple(rows))

    def _called(self, name: str) -> str:
        return self.rules.words.names.called(name)

    def _choice(self, name: str, value: str) -> str:
        return self.rules.words.names.choice(name, value)

    # -- open points

    def points(self) -> Iterator[Section]:
        """Every open point: what was chosen, what else is open, and what would then be read otherwise."""
        for name, reading in self.version.readings.items():
            blocks: list[Block] = [Paragraph((self._choice(name, reading.chosen),), "Read as")]
            if reading.others:
                others = "; ".join(self._choice(name, other) for other in reading.others)
                blocks.append(Paragraph((others,), "Also open"))
            elif reading.settled:
                blocks.append(told("no other reading is open in this version", "Settled"))
            if reading.refer_if_different:
                blocks.append(told("Where the readings give different outcomes an officer decides."))
            blocks.append(Paragraph((reading.source,), "Source"))
            if reading.assumed:
                blocks.append(Paragraph((reading.assumed,), "Assumed"))
            blocks.extend(self._otherwise(name, reading))
            yield Section(self._called(name), tuple(blocks), anchor=anchor("point", name))

    def _otherwise(self, name: str, reading: Reading) -> Iterator[Block]:
        """What another choice would make of the rules that ask for it."""
        for other in reading.others:
            entries = list(self._read_otherwise(name, other))
            if entries:
                yield told(f"Were it read as “{self._choice(name, other)}”, then:")
                yield Listing(tuple(entries))
            elif name != EXPECTATION:
                yield told(
                    f"Were it read as “{self._choice(name, other)}”, the conditions would be worded as they are; what "
                    "is measured for them, or follows from them, would not be the same."
                )

    def _read_otherwise(self, name: str, other: str) -> Iterator[Item]:
        words = self.rules.words
        for where, test in self._asking(name):
            now, then = words.said(test), words.choosing(name, other).said(test)
            if now != then:
                yield Item((*where, f": {_heading(then)}"), parts=items_of(then))

    def _asking(self, name: str) -> Iterator[tuple[Phrase, Expression]]:
        """Every term and condition that asks for an open point."""
        rules = self.rules.policies.rules
        for definition in rules.definitions.values():
            if name in names(definition.test):
                yield (Link(sentences(definition.means)[0].rstrip("."), "term", definition.name),), definition.test
        grounds = dict.fromkeys((*self.version.grounds, *self.rules.book.protected))
        conditions: list[tuple[Phrase, tuple[Condition, ...]]] = [
            ((to_ground(self.rules.policies, g),), rules.grounds[g].conditions) for g in grounds
        ]
        conditions += [((rules.notices[n].title,), rules.notices[n].conditions) for n in self.version.notices]
        for where, listed in conditions:
            yield from ((where, c.test) for c in listed if name in names(c.test))

    # -- who keeps what was withdrawn

    def protection(self) -> Iterator[Section]:
        """For each change that pupils may be protected from: what is kept, by whom under each reading, until when."""
        book = self.rules.book
        for changed in {version.id: version for version in book.withdrawn_by.values()}.values():
            transition = changed.transition
            if transition is None:
                continue
            older = self.rules.policies.versions[changed.replaces]
            elements = [element for element, version in book.withdrawn_by.items() if version is changed]
            rows = tuple(
                Row(((self.rules.policies.rules.grounds[e].title,), (transition.protects[e],))) for e in elements
            )
            intro = told(
                f"What {changed.id} withdrew or narrowed is kept by some pupils, tested on the facts of the day as "
                f"{older.id} worded it:"
            )
            parts: tuple[Block, ...] = (
                intro,
                *table("What is kept", ("Element", "Source"), rows),
                Paragraph((transition.source,), "Source"),
            )
            readings = tuple(self._expectation(changed, each) for each in transition.readings.values())
            worded = tuple(
                self.rules.ground(self.rules.policies.rules.grounds[e], older.grounds.get(e, ""), of=older)
                for e in elements
            )
            as_was = Section(f"The wording of {older.id}", sections=worded)
            yield Section(f"The change of {changed.id}", parts, (*readings, as_was))

    def _expectation(self, changed: Version, expectation: Expectation) -> Section:
        words = type(self.rules.words)(self.rules.policies, changed)
        conditions = tuple(
            item(words.said(c.test), told(f"“{c.otherwise}”", "If not, the reason given is"))
            for c in expectation.conditions
        )
        blocks: tuple[Block, ...] = (
            Paragraph((sentence(expectation.says),)),
            Paragraph(("; ".join(expectation.ends_when),), "It ends when the child"),
            told("A pupil keeps the element where all of these are so:"),
            Listing(conditions, numbered=True),
            Paragraph((expectation.source,), "Source"),
        )
        return Section(f"Who keeps it, as section {expectation.reading} says", blocks)


def _heading(said: Said) -> str:
    heading = getattr(said, "heading", "")
    return f"{heading}:" if heading else ""
