"""JSON (one case or a list) and JSON Lines, with decimals as written and nothing read twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from eligibility.reading._records import Problem, RawCase, Rejected, shown
from eligibility.reading._text import SAVE_AS_UTF8, printable

DEPTH = 20
LINE_LIMIT = 1_000_000  # bytes of one case in JSON Lines; a case has about two thousand
_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]', re.DOTALL)


def read_json(text: str, source: str) -> Iterator[RawCase | Rejected]:
    """The cases of one object or of a list of objects."""
    try:
        found = list(_items(text))
    except Problem as problem:
        yield Rejected(source, 0, problem.reason, "", problem.line, problem.column)
        return
    if not found:
        yield Rejected(source, 0, "the file holds no case", "")
    line, position = 1, 0
    for row, (value, start, end) in enumerate(found, 1):
        line += text.count("\n", position, start)
        position = start
        yield _case(value, source, row, text[start:end], line)


def read_json_lines(stream: IO[bytes], source: str) -> Iterator[RawCase | Rejected]:
    """One case a line, read one line at a time; blank lines are passed over."""
    row = 0
    for number, written in enumerate(_lines(stream), 1):
        data = written.removeprefix(b"\xef\xbb\xbf") if number == 1 else written
        if not data.strip():
            continue
        row += 1
        text = data.decode("utf-8", "surrogateescape").strip()
        try:
            if len(data) > LINE_LIMIT:
                raise Problem(f"the line is longer than {LINE_LIMIT // 1_000_000} MB")
            if not text.isascii() and not _is_clean(text):
                raise Problem(f"the line holds a byte that is not UTF-8; {SAVE_AS_UTF8}")
            value, end = _decode(text, 0)
            _refuse_rest(text, end, "one line holds one case, and more text follows it")
        except Problem as problem:
            raw = printable(text[:2_000])
            yield Rejected(source, row, problem.reason, raw, number, problem.column)
        else:
            yield _case(value, source, row, text, number)
    if not row:
        yield Rejected(source, 0, "the file holds no case", "")


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of `stream`; of one that is too long only the beginning, so that memory stays bounded."""
    while line := stream.readline(LINE_LIMIT + 1):
        yield line
        while len(line) > LINE_LIMIT and not line.endswith(b"\n"):
            line = stream.readline(LINE_LIMIT + 1)


def _is_clean(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _items(text: str) -> Iterator[tuple[Any, int, int]]:
    """Each case with where its text begins and ends. Raises Problem if the text is not JSON."""
    position = _after_space(text, 0)
    if position == len(text):
        return
    if text[position] != "[":
        value, end = _decode(text, position)
        _refuse_rest(text, end, "more text follows the case; put several in a list, or one a line in a .jsonl file")
        yield value, position, end
        return
    position = _after_space(text, position + 1)
    while text[position : position + 1] != "]":
        value, end = _decode(text, position)
        yield value, position, end
        position = _after_space(text, end)
        if text[position : position + 1] == ",":
            position = _after_space(text, position + 1)
        elif text[position : position + 1] != "]":
            raise _problem("the text is not JSON (a comma or the end of the list was expected)", text, position)
    _refuse_rest(text, position + 1, "more text follows the list")


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _refuse_rest(text: str, end: int, reason: str) -> None:
    position = _after_space(text, end)
    if position < len(text):
        raise _problem(reason, text, position)


def _problem(reason: str, text: str, position: int) -> Problem:
    line_start = text.rfind("\n", 0, position) + 1
    return Problem(reason, text.count("\n", 0, position) + 1, position - line_start + 1)


class _Bad:
    """Stands for a value that JSON can spell and a case cannot hold."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class _Object(dict[str, Any]):
    """An object of the text; `twice` is a key that it gives twice."""

    twice: str | None = None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        made.twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # adds
    return made


def _whole(text: str) -> int | _Bad:
    return int(text) if len(text) <= 19 else _Bad("a whole number has more than 18 digits")


def _decimal(text: str) -> Decimal | _Bad:
    # An exponent can make a short text into a number that fills the memory.
    try:
        value = Decimal(text) if len(text) <= 40 else None
    except InvalidOperation:  # so large an exponent that no number of Python's holds it
        value = None
    return value if value is not None and abs(value.adjusted()) <= 18 else _Bad("a number has more than 18 digits")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_whole,
    parse_float=_decimal,
    parse_constant=lambda _: _Bad("NaN or Infinity stands where a number was expected"),
)


def _decode(text: str, position: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        phrase = error.msg[:1].lower() + error.msg[1:]
        raise Problem(f"the text is not JSON ({phrase})", error.lineno, error.colno) from None
    except RecursionError:
        raise Problem(f"keys are nested more than {DEPTH} deep") from None
    except ValueError:
        raise Problem("the text is not JSON") from None


def _case(value: Any, source: str, row: int, raw: str, line: int) -> RawCase | Rejected:
    if not isinstance(value, dict):
        return Rejected(source, row, "a case is an object of keys and values, which was expected here", raw, line)
    try:
        _check(value, raw, 1)
    except Problem as problem:
        at = line + problem.line - 1 if problem.line else line
        # The first line of a case may begin anywhere on its line, so only later ones have a known column.
        column = problem.column if problem.line > 1 or (raw.startswith("{") and line == 1) else 0
        return Rejected(source, row, problem.reason, raw, at, column)
    return RawCase(value, source, row, raw, line)


def _check(value: Any, raw: str, depth: int) -> None:
    """Raise Problem for what JSON allows and a case does not."""
    if isinstance(value, _Bad):
        raise Problem(value.reason)
    if isinstance(value, str) and not value.isascii() and not _is_clean(value):
        raise Problem("an escape such as \\ud800 stands for no character")
    if isinstance(value, dict | list):
        if depth > DEPTH:
            raise Problem(f"keys are nested more than {DEPTH} deep")
        if isinstance(value, _Object) and value.twice is not None:
            raise _twice(value.twice, raw)
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, raw, depth + 1)


def _twice(key: str, raw: str) -> Problem:
    """The Problem for the first key of `raw` given twice in its object, with its place."""
    reason = f"the key {shown(key)} is given twice"
    seen: list[set[str]] = []
    for token in _TOKEN.finditer(raw):
        if token.group() == "{":
            seen.append(set())
        elif token.group() == "}":
            seen = seen[:-1]
        elif token.group(2) is not None and seen:
            if token.group(1) in seen[-1]:
                return _problem(reason, raw, token.start())
            seen[-1].add(token.group(1))
    return Problem(reason)
