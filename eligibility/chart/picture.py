"""What a chart shows, before it is drawn or written: each question with its answer, its marks and where it leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eligibility.chart.differences import Mark, Marks
from eligibility.chart.routes import Box, Route
from eligibility.chart.tree import Chart, Gate, Node, charts
from eligibility.chart.walk import Truth, Way
from eligibility.document.blocks import Document
from eligibility.language.expressions import Expression
from eligibility.phrases import One, Said, Several, links, plain
from eligibility.wording import listed

MOST_LISTED = 6
"""Entries of a list that stand in a question; a longer one is told in a note."""
Words = tuple[str, str]
"""Some words and how they stand: plain, bold, or item of a list."""


@dataclass(frozen=True)
class Told:
    """The words of a question: itself, what it is asked of, and what is said of it below."""

    question: str
    items: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def parts(self) -> Iterator[Words]:
        """Everything in order."""
        yield self.question, "plain"
        yield from ((item, "item") for item in self.items)
        yield from ((said, "bold") for said in self.more)


@dataclass(frozen=True)
class Picture:
    """One version, or one beside another, or one with the way of a pupil (`way`, which ends in `outcome`)."""

    title: str
    about: str
    nodes: tuple[Node, ...]
    notes: Document
    made_from: str
    terms: Mapping[str, int] = field(default_factory=dict)
    """By the name of a term: the number of its note."""
    lists: Mapping[Expression, int] = field(default_factory=dict)
    """By what a question means that is asked of a long list: the number of the note with the list."""
    marks: Marks = field(default_factory=Marks)
    way: Way | None = None
    reference: str = ""
    outcome: str = ""

    def charts(self) -> list[Chart]:
        """The small charts in order."""
        return list(charts(self.nodes))

    # -- words

    def told(self, box: Box) -> Told:
        """The words of a question."""
        items = tuple(_entries(box.listed)) if box.listed else ()
        more: list[str] = []
        below: list[str] = []
        mark = self.marks.boxes.get(box.means)
        if mark:
            more.append(mark.said)
        if self.way is not None and self.reached(box) is not False:
            below.append(f"Answer: {self.answer(box)}")
        words = [link.name for link in (*links(box.asked), *(links(box.listed) if box.listed else ()))]
        numbers = {self.terms[name] for name in words if name in self.terms}
        if box.means in self.lists:
            items, numbers = (), {self.lists[box.means]}
        if numbers:
            below.append(f"See note{'s' if len(numbers) > 1 else ''} {listed([str(n) for n in sorted(numbers)])}")
        more += [". ".join(below)] if below else []
        return Told(plain(box.asked), items, tuple(more))

    def answer(self, box: Box) -> str:
        """What the pupil answers: yes, no or not known."""
        answer = self.way.answers.get(id(box)) if self.way else None
        return "not known" if answer is None else "yes" if answer is box.goes_on else "no"

    def mark_of(self, row: Route) -> Mark | None:
        """What is said of a whole row beside another version."""
        return self.marks.rows.get(row.named)

    # -- the way

    def reached(self, thing: Box | Route | Chart | Gate) -> Truth | str:
        """Whether the way of the pupil comes to something; "plain" where no pupil is followed."""
        return "plain" if self.way is None else self.way.reached.get(id(thing), False)

    def past(self, thing: Box | Route | Chart | Gate) -> Truth | str:
        """Whether the way goes on behind something."""
        return "plain" if self.way is None else self.way.past.get(id(thing), False)

    def within(self, box: Box) -> Truth | str:
        """Whether the way goes on where a question is answered as its row asks."""
        if self.way is None:
            return "plain"
        reached, answer = self.way.reached.get(id(box), False), self.way.answers.get(id(box))
        return False if reached is False or answer is False else None if answer is None else reached


def _entries(said: Said) -> Iterator[str]:
    if isinstance(said, Several):
        for part in said.parts:
            yield plain(part.phrase) if isinstance(part, One) else plain(part)
    else:
        yield plain(said)


def places(nodes: Sequence[Node]) -> dict[int, tuple[str, str]]:
    """By the identity of every gate and chart: what it is called, and where the way goes on behind it."""
    names: dict[int, str] = {}
    for count, gate in enumerate(_gates(nodes)):
        names[id(gate)] = f"question {chr(ord('A') + count)}"
    names.update({id(chart): f"chart {chart.number}" for chart in charts(nodes)})
    found: dict[int, tuple[str, str]] = {}

    def name(nodes: Sequence[Node], after: str) -> None:
        for node, following in zip(nodes, (*nodes[1:], None), strict=True):
            behind = names[id(following)] if following is not None else after
            found[id(node)] = (names[id(node)], behind)
            if isinstance(node, Gate):
                name(node.inside, behind)

    name(nodes, "")
    return found


def _gates(nodes: Iterable[Node]) -> Iterator[Gate]:
    for node in nodes:
        if isinstance(node, Gate):
            yield node
            yield from _gates(node.inside)


def every_box(nodes: Iterable[Node]) -> Iterator[Box]:
    """Every question, in the order in which it is asked."""
    for node in nodes:
        if isinstance(node, Gate):
            yield node.box
            yield from every_box(node.inside)
        else:
            yield from node.lead
            for row in node.rows:
                yield from row.boxes
