"""The categories of a return: a data file with a source beside each, which a council may edit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eligibility.errors import nearest
from eligibility.marked_yaml import Marked, read

SHIPPED = Path(__file__).with_name("dfe_2026.yaml")


@dataclass(frozen=True)
class Line:
    """One thing by which a pupil falls into a category: grounds, or the words of a column (the first given of several).

    Without `words` the column is to be given, and not none.
    """

    grounds: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Category:
    """What a pupil is counted in where any of its lines holds, and no category before it does."""

    id: str
    title: str
    lines: tuple[Line, ...]
    source: str
    assumed: str = ""


@dataclass(frozen=True)
class Question:
    """One question of the return, in which each pupil is counted once. `asked_of`: the kinds that it is asked of."""

    id: str
    title: str
    categories: tuple[Category, ...]
    source: str
    assumed: str = ""
    asked_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Categories:
    """The questions of a return; every other one is broken down across the one named `across`."""

    id: str
    title: str
    reference_day: dt.date
    counted: str
    across: str
    questions: tuple[Question, ...]
    notes: tuple[tuple[str, str, str], ...]
    """What is told of how it was counted: about what, what is assumed, and the source."""

    @property
    def kinds(self) -> Question:
        """The question that all others are broken down by."""
        return next(question for question in self.questions if question.id == self.across)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read of a pupil."""
        lines = (line for q in self.questions for category in q.categories for line in category.lines)
        return tuple(dict.fromkeys(column for line in lines for column in line.columns))


def read_categories(path: Path, grounds: Mapping[str, object]) -> Categories:
    """The categories of a file. Raises PolicyError for a ground that there is not, a missing source, a name twice."""
    mark = read(path)
    parts = mark.mapping(("return", "title", "reference_day", "counted", "across", "questions"), ())
    day = parts["reference_day"].mapping(("value", "source"), ())
    counted = parts["counted"].mapping(("says", "source"), ("assumed",))
    notes = [("who is counted", _optional(counted, "assumed"), counted["source"].text())]
    questions: list[Question] = []
    for item in parts["questions"].items():
        question = _question(item, grounds)
        if any(question.id == other.id for other in questions):
            raise item.error(f"the question {question.id} stands twice; keep one")
        questions.append(question)
        notes.append((question.title, question.assumed, question.source))
        notes += [(f"{question.title}: {each.title}", each.assumed, each.source) for each in question.categories]
    names = [question.id for question in questions]
    across = parts["across"].text()
    if across not in names:
        raise parts["across"].error(f"there is no question {across}{nearest(across, names)}")
    return Categories(
        parts["return"].text(),
        parts["title"].text(),
        day["value"].date(),
        counted["says"].text(),
        across,
        tuple(questions),
        tuple(notes),
    )


def _optional(parts: Mapping[str, Marked], key: str) -> str:
    return parts[key].text() if key in parts else ""


def _question(mark: Marked, grounds: Mapping[str, object]) -> Question:
    parts = mark.mapping(("question", "title", "categories"), ("source", "assumed", "asked_of"))
    name = parts["question"].text()
    found: dict[str, Category] = {}
    for item in parts["categories"].items():
        keys = item.mapping(("category", "title", "any"), ("source", "assumed"))
        category = keys["category"].text()
        if category in found:
            raise keys["category"].error(f"the category {category} stands twice in {name}; keep one")
        lines = tuple(_line(line, grounds) for line in keys["any"].items())
        found[category] = Category(
            category, keys["title"].text(), lines, item.source(category), _optional(keys, "assumed")
        )
    asked_of = parts["asked_of"].texts() if "asked_of" in parts else ()
    title, source = parts["title"].text(), mark.source(f"the question {name}")
    return Question(name, title, tuple(found.values()), source, _optional(parts, "assumed"), asked_of)


def _line(mark: Marked, grounds: Mapping[str, object]) -> Line:
    parts = mark.mapping((), ("ground", "column", "is", "given"))
    if "ground" in parts:
        for item in parts["ground"].value if isinstance(parts["ground"].value, list) else [parts["ground"]]:
            if item.value not in grounds:
                raise item.error(f"there is no ground {item.value}{nearest(str(item.value), grounds)}")
        return Line(grounds=parts["ground"].texts())
    if "column" not in parts or ("is" in parts) == ("given" in parts):
        raise mark.error("expected a ground, or a column with the words that it is, or with given: true")
    return Line(columns=parts["column"].texts(), words=parts["is"].texts() if "is" in parts else ())
