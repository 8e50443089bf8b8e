"""YAML 1.2 values from PyYAML's parser.

PyYAML's own loader follows YAML 1.1: the key `on` becomes true, `1:30` becomes ninety, 3.9 becomes a
float. So only its parser is used, and its events are turned into values here, which also lets one case
with a duplicate key be set aside while the others in the file go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import yaml

from eligibility.reading._records import Problem, RawCase, Rejected, shown

DEPTH = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# A number written with leading zeros is an identifier: turning it into a number would lose them.
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{0,18}\.[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DOCUMENT = re.compile(r"^---(?=\s|$)", re.MULTILINE)


def read_yaml(text: str, source: str) -> Iterator[RawCase | Rejected]:
    """The cases of one document, of several `---` documents, or of a list in a document."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # `---` at the start of a line can only begin a document, so each is read by itself
    # and a mistake in one leaves the others whole.
    starts = [0, *(match.start() for match in _DOCUMENT.finditer(text)), len(text)]
    parts = [(start, text[start:end]) for start, end in pairwise(starts)]
    parts = [(start, part) for start, part in parts if _has_content(part)]
    row = line = position = 0
    for start, part in parts:
        line += text.count("\n", position, start)
        position = start
        try:
            found = list(_items(part))
        except Problem as problem:
            row += 1
            number = row if len(parts) > 1 else 0
            at = problem.line + line if problem.line else 0
            raw = part.strip() if number else ""  # the file itself holds it already
            yield Rejected(source, number, problem.reason, raw, at, problem.column)
            continue
        for item in found:
            row += 1
            if item.problem is not None:
                at = item.problem.line + line
                yield Rejected(source, row, item.problem.reason, item.raw, at, item.problem.column)
            else:
                yield RawCase(item.value, source, row, item.raw, item.line + line)
    if not row:
        yield Rejected(source, 0, "the file holds no case", "")


def _has_content(part: str) -> bool:
    """Whether a part of a file is more than blank lines, comments and directives."""
    lines = (line.strip() for line in part.split("\n"))
    return any(line and line[0] not in "#%" and line != "..." for line in lines)


@dataclass(slots=True)
class _Item:
    """One case of a document, or the first problem met in it."""

    value: Any
    raw: str
    line: int
    problem: Problem | None


def _items(text: str) -> Iterator[_Item]:
    events = _Events(text)
    while (event := events.take()) is not None:
        if not isinstance(event, yaml.DocumentStartEvent):
            continue
        first = events.take()
        if isinstance(first, yaml.SequenceStartEvent):
            events.refuse_extras(first)
            shared = events.problem  # a mistake in the list's own heading belongs to every case in it
            while not isinstance(node := events.take(), yaml.SequenceEndEvent):
                events.problem = shared
                yield events.item(node, depth=2)
        elif not (isinstance(first, yaml.ScalarEvent) and first.value == "" and not first.style):
            events.problem = None
            yield events.item(first, depth=1)


class _Events:
    """The parser's events, read one after the other, and the first problem met in a case."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problem: Problem | None = None
        self._last: Any = None
        self._events = iter(yaml.parse(text, Loader=_LOADER))

    def take(self) -> Any:
        """The next event, None at the end. Raises Problem where the text is not YAML."""
        try:
            self._last = next(self._events, None)
        except yaml.MarkedYAMLError as error:
            raise self._syntax_problem(error) from None
        except yaml.YAMLError:
            raise Problem("the text holds a control character, which YAML does not allow") from None
        return self._last

    def item(self, node: Any, depth: int) -> _Item:
        """The case that begins with the event `node`, read to its end."""
        value = self.value(node, depth)
        if not isinstance(value, dict):
            self.note(node, "a case is a set of keys and values, which was expected here")
        raw = self.text[node.start_mark.index : self._last.end_mark.index].strip()
        return _Item(value, raw, node.start_mark.line + 1, self.problem)

    def note(self, node: Any, reason: str) -> None:
        """Remember the first problem of a case; its other events are still read, to reach the next case."""
        if self.problem is None:
            self.problem = Problem(reason, node.start_mark.line + 1, node.start_mark.column + 1)

    def refuse_extras(self, node: Any) -> None:
        """Note an anchor, an alias or a tag, none of which a case has any use for."""
        if isinstance(node, yaml.AliasEvent) or node.anchor is not None:
            self.note(node, "anchors and aliases (& and *) are not used in a case; write the value in full")
        elif node.tag is not None:
            self.note(node, "tags (!) are not used in a case; write the value alone")

    def value(self, node: Any, depth: int) -> Any:
        """The value that begins with the event `node`."""
        self.refuse_extras(node)
        if isinstance(node, yaml.ScalarEvent):
            return node.value if node.style or node.tag else resolve(node.value)
        if isinstance(node, yaml.AliasEvent):
            return None
        if depth > DEPTH:
            self.note(node, f"keys are nested more than {DEPTH} deep")
            return self._skip(node)
        if isinstance(node, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := self.take(), yaml.SequenceEndEvent):
                items.append(self.value(event, depth + 1))
            return items
        return self._mapping(depth)

    def _mapping(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(key := self.take(), yaml.MappingEndEvent):
            if isinstance(key, yaml.ScalarEvent):
                # The key's own text, whatever it looks like: `on` is a word and a URN is a name.
                self.refuse_extras(key)
                name = key.value
            else:
                self.value(key, depth + 1)
                self.note(key, "a key is one word or number, which was expected here")
                name = ""
            if name in values:
                self.note(key, f"the key {shown(name)} is given twice")
            values[name] = self.value(self.take(), depth + 1)
        return values

    def _skip(self, node: Any) -> None:
        open_ones = 1
        while open_ones:
            event = self.take()
            open_ones += isinstance(event, yaml.CollectionStartEvent)
            open_ones -= isinstance(event, yaml.CollectionEndEvent)
            if open_ones > 10 * DEPTH:  # no slip of the pen, and the parser slows down with each level
                mark = node.start_mark
                raise Problem(f"keys are nested more than {DEPTH} deep", mark.line + 1, mark.column + 1)

    def _syntax_problem(self, error: yaml.MarkedYAMLError) -> Problem:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            return Problem("the text is not YAML")
        lines = self.text.split("\n")
        # The parser often notices a tab only after it.
        for number in (mark.line, mark.line - 1):
            indent = re.match(r"[ ]*\t", lines[number]) if 0 <= number < len(lines) else None
            if indent:
                return Problem("a tab is used to indent, where YAML needs spaces", number + 1, len(indent.group()))
        phrase = f" ({error.problem})" if error.problem else ""
        return Problem(f"the text is not YAML{phrase}", mark.line + 1, mark.column + 1)


def resolve(text: str) -> Any:
    """The value of an unquoted word: None, bool, int, Decimal or date where it is one, otherwise str."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
