"""YAML files of rules and policy, read so that every mistake can be named by file, line and column.

Only the plain parts of YAML are allowed: no anchors, no duplicate keys, true/false as the only booleans, so that what a
policy officer reads is what the engine reads.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from eligibility.errors import PolicyError, nearest

_FLOW_BROKEN = "did not find expected ',' or '}'"
"""What the reader of YAML says where a quote or a brace stands inside a value between { and }."""
_ON_LINES_OF_ITS_OWN = "write a value that holds a comma, a quote or a brace on a line of its own, not between { and }"
_MAX_DEPTH = 12
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FIRST_WORD = re.compile(r"^[ -]*(?:(?:ground|notice|name|version|calendar|about): *)?([\w.-]+)", re.MULTILINE)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")


@dataclass(frozen=True)
class Marked:
    """A value with its place in the file (line and column count from 1) and, for a scalar, its raw text."""

    value: Any
    file: str
    line: int
    column: int
    raw: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def error(self, message: str) -> PolicyError:
        """The error to raise about this place."""
        return PolicyError(message, file=self.file, line=self.line, column=self.column)

    def at(self, text: str) -> Marked:
        """The place within a scalar at which `text` stands as written; the scalar's own where it does not."""
        before, found, _ = self.raw.partition(text)
        if not found:
            return self
        column = len(before) - before.rfind("\n") if "\n" in before else self.column + len(before)
        return Marked(text, self.file, self.line + before.count("\n"), column)

    def source(self, of: str) -> str:
        """The source written among the keys here for `of`. Raises PolicyError where there is none."""
        found = self.mapping().get("source", self)
        if found is self or found.value is None or found.value == "":
            raise found.error(f"{of} has no source; every rule and value says where it comes from")
        return found.text()

    def plain(self) -> Any:
        """The value without its marks."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def mapping(self, required: tuple[str, ...] = (), optional: tuple[str, ...] | None = None) -> dict[str, Marked]:
        """The mapping here; a missing or unknown key is an error that names the nearest right one."""
        if not isinstance(self.value, dict):
            raise self.error(f"expected keys and values here, such as {', '.join(required) or 'name: value'}")
        for key in required:
            if key not in self.value:
                raise self.error(f"{key} is missing here")
        if optional is not None:
            known = (*required, *optional)
            for key, item in self.value.items():
                if key not in known:
                    raise item.error(f"{key} is not known here{nearest(key, known)}")
        return self.value

    def items(self) -> list[Marked]:
        """The list here."""
        if not isinstance(self.value, list):
            raise self.error("expected a list here (lines that start with -)")
        return self.value

    def text(self) -> str:
        """The text here, its line breaks folded into spaces."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("expected text here")
        return " ".join(self.value.split())

    def texts(self) -> tuple[str, ...]:
        """A list of texts, or one text alone."""
        if isinstance(self.value, list):
            return tuple(item.text() for item in self.value)
        return (self.text(),)

    def boolean(self) -> bool:
        """The true or false here."""
        if not isinstance(self.value, bool):
            raise self.error("expected true or false here")
        return self.value

    def whole(self) -> int:
        """The whole number here."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.error("expected a whole number here")
        return self.value

    def date(self) -> dt.date:
        """The date here."""
        if not isinstance(self.value, dt.date):
            raise self.error("expected a date here, such as 2018-09-01")
        return self.value


def read(path: Path, folder: Path | None = None) -> Marked:
    """Read one YAML file; errors name it from `folder` on, such as `rules/grounds/faith.yaml`.

    Raises PolicyError where the file is not UTF-8, not YAML, or uses an anchor, a tag or a duplicate key.
    """
    name = written_path(path, folder)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PolicyError(f"byte {error.start} is not UTF-8; save the file as UTF-8", file=name) from error
    except OSError as error:
        raise PolicyError(f"cannot be read ({error.strerror})", file=name) from error
    return parse(text, name)


def written_path(path: Path, folder: Path | None) -> str:
    """A file as errors name it: its path from `folder` on, and never where that folder is."""
    return f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}" if folder else path.name


def parse(text: str, file: str) -> Marked:
    """Read YAML from `text`; `file` is the name used in errors."""
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            if getattr(event, "anchor", None) is not None:
                mark = event.start_mark
                raise PolicyError(
                    "anchors and aliases (& and *) are not allowed; write the value out",
                    file=file,
                    line=mark.line + 1 if mark else 1,
                    column=mark.column + 1 if mark else 1,
                )
        node = yaml.compose(text, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = (
            "a tab is used for indentation; use spaces" if _has_tab(text, where[0]) else (error.problem or "not YAML")
        )
        if problem == _FLOW_BROKEN:
            problem += f"; {_ON_LINES_OF_ITS_OWN}"
        raise PolicyError(f"not readable as YAML: {problem}", file=file, line=where[0], column=where[1]) from error
    except yaml.YAMLError as error:
        raise PolicyError("not readable as YAML: a character that is not allowed", file=file) from error
    if node is None:
        raise PolicyError("the file is empty", file=file, line=1, column=1)
    return _marked(node, text, file, 0)


def _has_tab(text: str, line: int) -> bool:
    lines = text.splitlines()
    return 0 < line <= len(lines) and "\t" in lines[line - 1]


def _marked(node: yaml.Node, text: str, file: str, depth: int) -> Marked:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    here = Marked(None, file, line, column)
    if depth > _MAX_DEPTH:
        raise here.error(f"nested more than {_MAX_DEPTH} deep")
    if node.tag and not node.tag.startswith("tag:yaml.org,2002:"):
        raise here.error("tags (!) are not allowed")
    if isinstance(node, yaml.MappingNode):
        pairs: dict[str, Marked] = {}
        for key, value in node.value:
            mark = Marked(None, file, key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, yaml.ScalarNode):
                raise mark.error("a key is one word, not a list or keys and values")
            name = str(key.value)
            if node.flow_style and value.start_mark.index == key.end_mark.index:
                what = f"“{name}” stands after a comma and has no colon of its own"
                raise mark.error(f"{what}; {_ON_LINES_OF_ITS_OWN}")
            if name in pairs:
                raise mark.error(f"{name} is written twice in one place; keep one")
            pairs[name] = _marked(value, text, file, depth + 1)
        return Marked(pairs, file, line, column)
    if isinstance(node, yaml.SequenceNode):
        return Marked([_marked(item, text, file, depth + 1) for item in node.value], file, line, column)
    style = cast("yaml.ScalarNode", node).style  # the only kind of node left
    raw = text[node.start_mark.index : node.end_mark.index]
    rest = text[node.end_mark.index :].split("\n", 1)[0]
    if not style and node.value and rest.lstrip().startswith("#"):
        raise here.error("a comment (#) may not follow a value on its line; put it on a line of its own")
    return Marked(_scalar(str(node.value), style), file, line, column, raw)


def _scalar(value: str, style: str | None) -> Any:
    if style:
        return value
    if value in ("", "~", "null"):
        return None
    if value in ("true", "false"):
        return value == "true"
    if _INT.match(value):
        return int(value)
    found = _DATE.match(value)
    if found:
        try:
            return dt.date(*map(int, found.groups()))
        except ValueError:
            return value
    return value


def first_words(path: Path) -> set[str]:
    """The keys and names that begin the lines of a file, as far as it can be read at all."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    return set(_FIRST_WORD.findall(text))


def walk(mark: Marked) -> Iterator[Marked]:
    """Every value in the file, outermost first."""
    yield mark
    children = (
        mark.value.values() if isinstance(mark.value, dict) else mark.value if isinstance(mark.value, list) else ()
    )
    for child in children:
        yield from walk(child)
