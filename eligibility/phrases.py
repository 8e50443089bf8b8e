"""Statements in plain English: words, the links in them to what is written out elsewhere, and lists of statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@dataclass(frozen=True)
class Link:
    """Words that stand for something written out elsewhere: a `figure`, `term`, `ground` or open `point` by name."""

    text: str
    kind: str
    name: str


Phrase = tuple[str | Link, ...]


@dataclass(frozen=True)
class One:
    """One statement, without capital or full stop."""

    phrase: Phrase


@dataclass(frozen=True)
class Several:
    """Statements of which all, or at least one, must be so."""

    every: bool
    parts: tuple[Said, ...]

    @property
    def heading(self) -> str:
        """What stands before the list."""
        return "all of these are so" if self.every else "at least one of these is so"


Said = One | Several


def plain(said: Said | Phrase) -> str:
    """The words alone, on one line."""
    match said:
        case One(phrase):
            return plain(phrase)
        case Several(_, parts):
            return f"{said.heading}: {'; '.join(_bracketed(part) for part in parts)}"
        case _:
            return "".join(piece if isinstance(piece, str) else piece.text for piece in said)


def _bracketed(said: Said) -> str:
    return f"({plain(said)})" if isinstance(said, Several) else plain(said)


def links(said: Said | Phrase) -> Iterator[Link]:
    """Everything that the words lead to, in order."""
    match said:
        case One(phrase):
            yield from links(phrase)
        case Several(_, parts):
            for part in parts:
                yield from links(part)
        case _:
            yield from (piece for piece in said if isinstance(piece, Link))


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return _SENTENCE.split(text)


def capital(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A sentence as it goes on within another: its first letter small, unless it begins a name, and no full stop."""
    text = text.removesuffix(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def prefixed(words: str, said: Said) -> Said:
    """Every statement with the same words before it."""
    if isinstance(said, One):
        return One((words, *said.phrase))
    return Several(said.every, tuple(prefixed(words, part) for part in said.parts))


def on_one_line(said: Said) -> Phrase:
    """Statements one after another, the lists within them in brackets."""
    if isinstance(said, One):
        return said.phrase
    pieces: list[str | Link] = [f"{said.heading}: "]
    for number, part in enumerate(said.parts):
        inner = on_one_line(part)
        pieces += ["; "] if number else []
        pieces += ["(", *inner, ")"] if isinstance(part, Several) else inner
    return tuple(pieces)


def joined(items: list[Phrase], word: str) -> Phrase:
    """a, b and c, by the word before the last."""
    pieces: list[str | Link] = []
    for number, item in enumerate(items):
        if number:
            pieces.append(f" {word} " if number == len(items) - 1 else ", ")
        pieces.extend(item)
    return tuple(pieces)


def without(phrase: Phrase, start: Phrase) -> Phrase:
    """What follows the subject and "is" of a statement."""
    kept = [piece for piece in phrase if piece != ""]
    for piece in (piece for piece in start[:-1] if piece != ""):
        if kept and kept[0] == piece:
            kept.pop(0)
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].removeprefix(" is ")
    return tuple(kept)
