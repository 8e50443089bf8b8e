"""The rows as a tree of few questions at a time: what many rows ask is asked once, the rest in small charts.

What every row of a group asks stands before the group as a gate: where it is not so, none of them can lead anywhere,
and the way goes on behind the group. Nothing else is changed, so that the tree says what the rows say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from eligibility.chart.routes import PARTS, Box, Route, several
from eligibility.language.expressions import And, Expression, Or
from eligibility.phrases import plain

MOST_ROWS = 4
"""Rows that one chart may have, so that it can be taken in at once and fits on a sheet of A4."""

MOST_BESIDE = 5
"""Questions that a row may have."""
_WORTH_A_CHART = 3
"""Questions that have to be saved for rows to have a chart of their own."""


@dataclass(frozen=True)
class Chart:
    """A small chart: `lead` is asked first, then row by row; `number` is what the overview calls it."""

    number: int
    part: str
    lead: tuple[Box, ...]
    rows: tuple[Route, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """What its rows are about."""
        return tuple(row.title for row in self.rows)


@dataclass(frozen=True)
class Gate:
    """A question that everything inside hangs on."""

    box: Box
    inside: tuple[Node, ...]


Node = Gate | Chart


def tree(rows: Sequence[Route]) -> tuple[Node, ...]:
    """The rows as gates and charts, in the order in which they are asked."""
    parts = [[row for row in rows if row.part == part] for part in PARTS]
    nodes = _together([part for part in parts if part])
    return tuple(_numbered(nodes, iter(range(1, len(rows) + 1))))


def charts(nodes: Iterable[Node]) -> Iterator[Chart]:
    """Every chart, in order."""
    for node in nodes:
        if isinstance(node, Chart):
            yield node
        else:
            yield from charts(node.inside)


def _together(parts: list[list[Route]]) -> tuple[Node, ...]:
    """Parts one after another, behind one gate as far as all of the first several ask the same."""
    if len(parts) == 1:
        return _part(parts[0])
    if not parts:
        return ()
    for count in range(len(parts), 1, -1):
        together = [row for part in parts[:count] for row in part]
        shared = _shared(together)
        if shared:
            gate = shared[0]
            inside = [[_behind(row, gate) for row in part] for part in parts[:count]]
            return (Gate(gate, _together(inside)), *_together(parts[count:]))
    return (*_part(parts[0]), *_together(parts[1:]))


def _part(rows: list[Route]) -> tuple[Node, ...]:
    """One part: a chart where it is small enough, otherwise split by what most of its rows ask."""
    shared, few = _shared(rows), len(rows) <= MOST_ROWS
    if shared and not few:
        return (Gate(shared[0], _part([_behind(row, shared[0]) for row in rows])),)
    best = None if shared else _most_asked(rows)
    if few and (best is None or _saved([row for row in rows if _asks(row, best)]) < _WORTH_A_CHART):
        return (_chart(rows),)
    if best is None:
        return tuple(_chart(rows[n : n + MOST_ROWS]) for n in range(0, len(rows), MOST_ROWS))
    asking = [row for row in rows if _asks(row, best)]
    rest = [row for row in rows if not _asks(row, best)]
    return (*_part_of(asking), *_part_of(rest))


def _saved(rows: list[Route]) -> int:
    """How many questions fewer there are where what these rows share is asked once."""
    return len(_shared(rows)) * (len(rows) - 1)


def _part_of(rows: list[Route]) -> tuple[Node, ...]:
    return _part(rows) if rows else ()


def _chart(rows: list[Route]) -> Chart:
    lead: list[Box] = []
    while len(rows) > 1 and (shared := _shared(rows)):
        lead.append(shared[0])
        rows = [_behind(row, shared[0]) for row in rows]
    return Chart(0, rows[0].part, tuple(lead), tuple(replace(row, boxes=_few(row.boxes)) for row in rows))


def _few(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    """The questions of a row, the shortest neighbours as one where there are more than can stand beside one another."""
    if len(boxes) <= MOST_BESIDE:
        return boxes
    count = len(boxes) - MOST_BESIDE + 1

    def length(first: int) -> int:
        several_listed = sum(1000 for box in boxes[first : first + count] if box.listed)
        return several_listed + sum(len(plain(box.asked)) for box in boxes[first : first + count])

    first = min(range(len(boxes) - count + 1), key=length)
    return (*boxes[:first], several(boxes[first : first + count]), *boxes[first + count :])


def _shared(rows: Sequence[Route]) -> list[Box]:
    """The questions that one row asks and all others ask too, or imply, in the row's order."""
    found: dict[Expression, Box] = {}
    for row in rows:
        for box in row.boxes:
            if box.means not in found and all(_asks(other, box) for other in rows):
                found[box.means] = box
    return list(found.values())


def _most_asked(rows: Sequence[Route]) -> Box | None:
    """The question that most rows, but not all, ask; the earlier one where two are asked as often."""
    counted = [(sum(_asks(other, box) for other in rows), box) for row in rows for box in row.boxes]
    most = max((count for count, _ in counted if count > 1), default=0)
    return next((box for count, box in counted if count == most), None) if most else None


def _asks(row: Route, box: Box) -> bool:
    """Whether a row can only lead to its outcome where the answer to a question lets it go on."""
    return any(_implies(other.means, box.means) for other in row.boxes)


def _implies(test: Expression, other: Expression) -> bool:
    if test == other:
        return True
    match test:
        case And(parts):
            return any(_implies(part, other) for part in parts)
        case Or(parts):
            return all(_implies(part, other) for part in parts)
    return False


def _behind(row: Route, gate: Box) -> Route:
    """A row without the question that stands before it."""
    return replace(row, boxes=tuple(box for box in row.boxes if box.means != gate.means))


def _numbered(nodes: Iterable[Node], numbers: Iterator[int]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Chart):
            yield replace(node, number=next(numbers))
        else:
            yield Gate(node.box, tuple(_numbered(node.inside, numbers)))
