"""The chart as data, for other programs: its gates, charts, rows and questions, with the answers of a pupil if any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eligibility.chart.picture import Picture, places
from eligibility.chart.routes import Box, Route
from eligibility.chart.tree import Gate, Node


def as_data(picture: Picture) -> dict[str, Any]:
    """Everything drawn. A `question` goes on with `goes_on`; with another answer the way leads to `otherwise`."""
    about: dict[str, Any] = {"title": picture.title, "about": picture.about, "made_from": picture.made_from}
    if picture.way is not None:
        about |= {"reference": picture.reference, "outcome": picture.outcome}
    return {**about, "steps": _nodes(picture, picture.nodes), "otherwise": "not_entitled"}


def _nodes(picture: Picture, nodes: Iterable[Node]) -> list[dict[str, Any]]:
    where = places(picture.nodes)
    found: list[dict[str, Any]] = []
    for node in nodes:
        name, after = where[id(node)]
        step: dict[str, Any] = {"step": name, "otherwise": after or "not_entitled"}
        if isinstance(node, Gate):
            found.append({**step, **_question(picture, node.box), "inside": _nodes(picture, node.inside)})
        else:
            first = [_question(picture, box) for box in node.lead]
            rows = [_row(picture, row) for row in node.rows]
            found.append({**step, "part": node.part, "first": first, "rows": rows})
    return found


def _row(picture: Picture, row: Route) -> dict[str, Any]:
    told: dict[str, Any] = {"title": row.title, "outcome": row.outcome, "source": row.source}
    mark = picture.mark_of(row)
    if mark:
        told["mark"] = {"is": mark.tag.lower(), "says": mark.said}
    return {**told, "questions": [_question(picture, box) for box in row.boxes]}


def _question(picture: Picture, box: Box) -> dict[str, Any]:
    told = picture.told(box)
    asked: dict[str, Any] = {"question": told.question, "goes_on": "yes" if box.goes_on else "no"}
    if told.items:
        asked["of"] = list(told.items)
    if picture.way is not None:
        on_the_way = picture.reached(box)
        asked["asked"] = "yes" if on_the_way is True else "perhaps" if on_the_way is None else "no"
        asked["answer"] = picture.answer(box)
    mark = picture.marks.boxes.get(box.means)
    if mark:
        asked["mark"] = {"is": mark.tag.lower(), "says": mark.said}
    return asked
