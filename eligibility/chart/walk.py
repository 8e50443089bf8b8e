"""The way of one pupil through a tree: which questions are reached, how each is answered, and where it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eligibility.chart.routes import Box, Route
from eligibility.chart.tree import Chart, Gate, Node
from eligibility.language.partial import Facts, evaluate

Truth = bool | None
NOT_ENTITLED = "not_entitled"


@dataclass
class Way:
    """What was found on the way: True surely, False surely not, None that it hangs on what is not known."""

    answers: dict[int, Truth] = field(default_factory=dict)
    """By the identity of a box: whether the row goes on there."""
    reached: dict[int, Truth] = field(default_factory=dict)
    """By the identity of a box, row or chart: whether the way comes to it; of a row, to its end."""
    past: dict[int, Truth] = field(default_factory=dict)
    """By the identity of a box, row or chart: whether the way goes on behind it, its question answered otherwise."""
    ends: dict[str, Truth] = field(default_factory=dict)
    """By outcome: whether the way ends in it."""

    @property
    def outcomes(self) -> set[str]:
        """Every outcome that it may end in."""
        return {outcome for outcome, reached in self.ends.items() if reached is not False}


def walk(nodes: Sequence[Node], facts: Facts, conclusions: Mapping[str, Truth]) -> Way:
    """Follow the answers of one pupil, with the conclusions that the reference engine drew on the same facts."""
    walker = _Walker(facts, conclusions)
    walker.way.ends[NOT_ENTITLED] = walker.nodes(nodes, reached=True)
    return walker.way


class _Walker:
    def __init__(self, facts: Facts, conclusions: Mapping[str, Truth]) -> None:
        self.facts, self.conclusions, self.way = facts, conclusions, Way()

    def nodes(self, nodes: Sequence[Node], *, reached: Truth) -> Truth:
        """Whether the way goes on behind all of them."""
        for node in nodes:
            if isinstance(node, Gate):
                inside, past = self._box(node.box, reached)
                reached = _either(past, self.nodes(node.inside, reached=inside))
                self.way.past[id(node)] = reached
            else:
                reached = self._chart(node, reached)
        return reached

    def _chart(self, chart: Chart, reached: Truth) -> Truth:
        self.way.reached[id(chart)] = reached
        behind: Truth = False
        for box in chart.lead:
            reached, past = self._box(box, reached)
            behind = _either(behind, past)
        for row in chart.rows:
            reached = self._row(row, reached)
        self.way.past[id(chart)] = _either(behind, reached)
        return self.way.past[id(chart)]

    def _row(self, row: Route, reached: Truth) -> Truth:
        """Whether the way goes on to the next row."""
        behind: Truth = False
        for box in row.boxes:
            reached, past = self._box(box, reached)
            behind = _either(behind, past)
        self.way.reached[id(row)], self.way.past[id(row)] = reached, behind
        self.way.ends[row.outcome] = _either(self.way.ends.get(row.outcome, False), reached)
        return behind

    def _box(self, box: Box, reached: Truth) -> tuple[Truth, Truth]:
        """Whether the way goes on within, and whether past, a question."""
        answer = evaluate(box.test, self.facts, self.conclusions)
        self.way.answers[id(box)] = answer
        self.way.reached[id(box)] = reached
        if reached is False:
            within: Truth = False
            past: Truth = False
        elif answer is None:
            within = past = None
        else:
            within, past = (reached, False) if answer else (False, reached)
        self.way.past[id(box)] = past
        return within, past


def _either(a: Truth, b: Truth) -> Truth:
    return True if a or b else None if a is None or b is None else False
