"""The chart in words: every question numbered, under it where yes and no lead. It says all that the drawing shows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from eligibility.chart.pen import ENDS
from eligibility.chart.picture import Picture, places
from eligibility.chart.routes import Box, Route
from eligibility.chart.tree import Chart, Gate, Node
from eligibility.document.as_text import WIDTH, section_lines
from eligibility.phrases import capital

HOW = "Where a row of a chart is numbered, all its questions must be answered yes, unless one says otherwise."


def as_text(picture: Picture) -> str:
    """The whole chart, with its notes."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield picture.title
    yield "=" * len(picture.title)
    yield from textwrap.wrap(f"{picture.about} {HOW}", WIDTH)
    yield ""
    yield from list_lines(picture)
    yield ""
    yield "Notes"
    yield "-----"
    for section in picture.notes.sections:
        yield from section_lines(picture.notes, section)
    yield ""
    yield picture.made_from


def list_lines(picture: Picture) -> Iterator[str]:
    """The questions as an indented list."""
    where = places(picture.nodes)
    yield from _nodes(picture, picture.nodes, where, "")
    yield f"Otherwise: {ENDS['not_entitled'].lower()}."


def _nodes(picture: Picture, nodes: Sequence[Node], where: dict[int, tuple[str, str]], indent: str) -> Iterator[str]:
    for node in nodes:
        name, after = where[id(node)]
        otherwise = f"go on to {after}" if after else "not entitled"
        if isinstance(node, Gate):
            yield from _said(f"{capital(name)}: {_asked(picture, node.box)}", indent)
            yield from _entries(picture, node.box, indent + "  ")
            go_on, leave = ("Yes", "No") if node.box.goes_on else ("No", "Yes")
            yield from _said(f"{leave}: {otherwise}.", indent + "  ")
            yield from _said(f"{go_on}:", indent + "  ")
            yield from _nodes(picture, node.inside, where, indent + "    ")
        else:
            yield from _chart(picture, node, otherwise, indent)


def _chart(picture: Picture, chart: Chart, otherwise: str, indent: str) -> Iterator[str]:
    yield from _said(f"Chart {chart.number}. {chart.part}", indent)
    inner = indent + "  "
    for box in chart.lead:
        leave = "No" if box.goes_on else "Yes"
        yield from _said(f"First: {_asked(picture, box)} {leave}: {otherwise}.", inner)
        yield from _entries(picture, box, inner + "  ")
    for number, row in enumerate(chart.rows, start=1):
        yield from _said(f"{number}. {_titled(picture, row)}", inner)
        for box in row.boxes:
            wanted = "" if box.goes_on else " It must be no."
            yield from _said(f"- {_asked(picture, box)}{wanted}", inner + "   ")
            yield from _entries(picture, box, inner + "     ")
        here = {True: " This child's way ends here.", None: " This child's way may end here."}
        reached = picture.reached(row)
        ends = here.get(reached, "") if not isinstance(reached, str) else ""
        yield from _said(f"Then: {ENDS[row.outcome].lower()}.{ends}", inner + "   ")
    yield from _said(f"None of these: {otherwise}.", inner)


def _titled(picture: Picture, row: Route) -> str:
    mark = picture.mark_of(row)
    return f"{mark.tag.upper()}: {row.title} ({mark.said})" if mark else row.title


def _asked(picture: Picture, box: Box) -> str:
    told = picture.told(box)
    more = f" [{'; '.join(told.more)}]" if told.more else ""
    return told.question + more


def _entries(picture: Picture, box: Box, indent: str) -> Iterator[str]:
    for item in picture.told(box).items:
        yield from _said(f"* {item}", indent)


def _said(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False)
