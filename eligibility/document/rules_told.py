"""The rules of a version, told: its grounds, what its words mean, its notices, its advice, the days of a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eligibility import wording
from eligibility.document.blocks import (
    Block,
    Item,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    anchor,
    item,
    items_of,
    told,
)
from eligibility.facts import vocabulary
from eligibility.in_force import InForce
from eligibility.language.expressions import FALSE, Expression, Name, names
from eligibility.phrases import Link, Phrase, Several, plain, sentences
from eligibility.plain_words import PlainWords
from eligibility.policy import Policies, Version
from eligibility.rulebook import Condition, Definition, Event, Ground, Measure, Notice

KINDS = {
    "statutory": "Statutory: the law, under every version",
    "local": "Local: the council's own policy",
    "discretionary": "Discretionary: the council may help",
}
LEADS = {"entitled": "free travel", "refer": "an officer decides"}
_ONLY_FOR_THE_RESULT = (
    "This belongs to the ground's own result. The outcome does not hang on it, because where it is not so another "
    "ground carries the child."
)
_BLANKS = {
    "margin": "[by how much]",
    "road_margin": "[by how much]",
    "because": "[why]",
    "carried_from_other_home": "[the ground]",
    "ordinal": "[which]",
}


@dataclass(frozen=True)
class RulesTold:
    """Tells the rules of one version."""

    policies: Policies
    version: Version
    book: InForce

    @property
    def words(self) -> PlainWords:
        """The words of this version."""
        return PlainWords(self.policies, self.version)

    def ground(self, ground: Ground, source: str, *, of: Version | None = None) -> Section:
        """A ground in full; `of` is the older version that words it, where that is not this one."""
        words = PlainWords(self.policies, of) if of else self.words
        blocks: list[Block] = [
            Paragraph((KINDS[ground.kind],), "Kind"),
            Paragraph((LEADS[ground.outcome],), "Leads to"),
            Paragraph((_both(source, ground.source),), "Source"),
            told("All of these must be so:"),
            Listing(tuple(self._condition(each, words) for each in ground.conditions), numbered=True),
            *self._measured(ground, words),
            told(f"“{self.sentence(ground.met, words)}”", "When it is met the decision says"),
        ]
        if ground.either_way:
            blocks.append(told(f"“{self.sentence(ground.either_way, words)}”", "Where it carries the child anyway"))
        if ground.ends_when:
            until = vocabulary().by_name.get(ground.lasts_until)
            day = f", at the latest on {until.said.called}" if until else ""
            blocks.append(told(f"when {ground.ends_when}{day}", "It ends"))
        if ground.listed_when is not None:
            blocks.append(Paragraph((plain(words.said(ground.listed_when)),), "Listed in a decision only where"))
        if ground.assumed:
            blocks.append(Paragraph((ground.assumed,), "Assumed"))
        where = anchor("older-ground" if of else "ground", ground.id)
        return Section(ground.title, tuple(blocks), anchor=where)

    def _condition(self, condition: Condition, words: PlainWords) -> Item:
        otherwise = told(f"“{self.sentence(condition.otherwise, words, whole=False)}”", "If not, the reason given is")
        guard = (Paragraph((_ONLY_FOR_THE_RESULT,)),) if condition.only_for_the_result else ()
        return item(words.said(condition.test), otherwise, *guard)

    def sentence(self, text: str, words: PlainWords, *, whole: bool = True) -> str:
        """A sentence of the rules with the version's figures; what a case would put in is named in brackets."""

        def blank(name: str) -> str | None:
            fact = vocabulary().by_name.get(name)
            return _BLANKS.get(name) or (f"[{fact.said.called or fact.question}]" if fact else None)

        filled = words.names.filled(text, blank)
        return wording.sentence(filled) if whole else filled

    def _measured(self, ground: Ground, words: PlainWords) -> Iterator[Block]:
        lines = self.policies.rules.measures.get(ground.measures, ())
        if lines:
            yield told("Its figures, and what each is held against:")
            yield Listing(tuple(self._measure(line, words) for line in lines))

    @staticmethod
    def _measure(line: Measure, words: PlainWords) -> Item:
        name = words.names.called_in_full
        figure: Phrase = (*name(Name(line.value)), ", against ", *name(Name(line.limit)))
        if line.when is None:
            return Item(figure)
        when = words.said(line.when)
        return Item(
            (*figure, f", where {plain(when)}") if isinstance(when, Several) else (*figure, ", where ", *when.phrase)
        )

    # -- the words

    def terms(self) -> Iterator[Section]:
        """Every term that the rules in force use, at any depth, in the order of the rules."""
        used = self._terms_used()
        for definition in self.policies.rules.definitions.values():
            if definition.name in used:
                yield self.term(definition)

    def _terms_used(self) -> set[str]:
        return self.terms_within({name for test in self.tests() for name in names(test)})

    def terms_within(self, waiting: Iterable[str]) -> set[str]:
        """The terms among some names, and those that they are defined by, at any depth."""
        definitions = self.policies.rules.definitions
        waiting = list(waiting)
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in definitions and name not in found:
                found.add(name)
                waiting.extend(names(definitions[name].test))
        return found

    def tests(self) -> Iterator[Expression]:
        """Every condition in force, those of protected grounds and of who keeps them included, as it is written."""
        rules = self.policies.rules
        grounds = [rules.grounds[name] for name in dict.fromkeys((*self.version.grounds, *self.book.protected))]
        for ground in grounds:
            yield from (condition.test for condition in ground.conditions)
            yield from (line.when for line in rules.measures.get(ground.measures, ()) if line.when is not None)
        for name in self.version.notices:
            yield from (condition.test for condition in rules.notices[name].conditions)
        yield from (advice.when for advice in rules.advice if advice.about in self.version.advice)
        for changed in {version.id: version for version in self.book.withdrawn_by.values()}.values():
            for expectation in changed.transition.readings.values() if changed.transition else ():
                yield from (condition.test for condition in expectation.conditions)

    def term(self, definition: Definition) -> Section:
        """What a term means: when it is so, from where, on what assumption."""
        said = self.words.said(definition.test)
        heading = f"That is so where {said.heading}:" if isinstance(said, Several) else "That is so where:"
        first, *more = sentences(definition.means)
        blocks: list[Block] = [Paragraph((" ".join(more),))] if more else []
        blocks += [Paragraph((heading,)), Listing(items_of(said)), Paragraph((definition.source,), "Source")]
        if definition.assumed:
            blocks.append(Paragraph((definition.assumed,), "Assumed"))
        return Section(first.rstrip("."), tuple(blocks), anchor=anchor("term", definition.name))

    # -- notices, advice, days

    def notice(self, notice: Notice, source: str) -> Section:
        """A period of notice, and when it applies."""
        blocks: list[Block] = [
            Paragraph((notice.says,)),
            told(f"{notice.length.replace('_', ' ')}, counted in the school days of the calendar", "Length"),
            Paragraph((_both(source, notice.source),), "Source"),
            told("It applies where all of these are so:"),
            Listing(tuple(self._condition(each, self.words) for each in notice.conditions), numbered=True),
        ]
        if notice.assumed:
            blocks.append(Paragraph((notice.assumed,), "Assumed"))
        return Section(notice.title, tuple(blocks), anchor=anchor("notice", notice.id))

    def advice(self) -> Iterator[Section]:
        """What is said about the service, subject by subject."""
        for about in self.version.advice:
            entries = [advice for advice in self.policies.rules.advice if advice.about == about]
            items = []
            for advice in entries:
                if self.words.settled(advice.when) == FALSE:
                    continue  # said under other versions only
                says = told(f"“{self.sentence(advice.says, self.words)}”", "Then the decision says")
                items.append(item(self.words.said(advice.when), says))
            sources = dict.fromkeys(advice.source for advice in entries)
            blocks: tuple[Block, ...] = (Listing(tuple(items)), *(told(source, "Source") for source in sources))
            yield Section(about.replace("_", " ").capitalize(), blocks, anchor=anchor("advice", about))

    def days(self) -> tuple[Item, ...]:
        """The days on which an answer can change by itself."""
        reads = self.book.outcome_reads
        return tuple(
            Item((self._day(event),))
            for event in self.policies.rules.timeline
            if event.kind == "yearly" or event.name in reads or event.name in self.version.parameters
        )

    def _day(self, event: Event) -> str:
        def shown(name: str) -> str | None:
            if name == "ordinal" and event.kind == "birthday":
                return wording.ordinal(self.version.whole(event.name, self.version.starts))
            return None

        return wording.sentence(self.words.names.filled(event.says, shown))


def _both(*sources: str) -> str:
    """Sources one after another, without one that another tells more exactly."""
    parts = list(dict.fromkeys(part for source in sources for part in source.split("; ") if part))
    return "; ".join(p for p in parts if not any(other != p and other.startswith(p) for other in parts))


def table(caption: str, heads: tuple[str, ...], rows: tuple[Row, ...]) -> tuple[Table, ...]:
    """A table, or nothing where it would be empty."""
    return (Table(caption, heads, rows),) if rows else ()


def to_ground(policies: Policies, name: str) -> Link:
    """A ground by its title."""
    return Link(policies.rules.grounds[name].title, "ground", name)
