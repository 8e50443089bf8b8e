"""One small wrong change to one file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN = 200
"""The longest piece of text a mutant's name shows; the middle of a longer one is left out."""


@dataclass(frozen=True)
class Mutant:
    """The text of `file` with what stands from `start` to `end` (in characters) replaced by `new`.

    `place` says where, in words that outlast a change elsewhere in the file; `line` is for people.
    """

    file: str
    place: str
    line: int
    old: str
    new: str
    start: int = field(compare=False)
    end: int = field(compare=False)

    @property
    def name(self) -> str:
        """The mutant in one line; no two of one file have the same."""
        return f"{self.file} | {self.place} | {_short(self.old)} -> {_short(self.new) or '(nothing)'}"

    def applied(self, text: str) -> str:
        """The file's text with the change made."""
        return text[: self.start] + self.new + text[self.end :]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN // 2]} ... {line[-SHOWN // 2 :]}"


def named_once(made: Iterable[Mutant], text: str) -> list[Mutant]:
    """The mutants that change the text, each change once, and no two with the same name."""
    seen: set[str] = set()
    names: dict[str, int] = {}
    kept: list[Mutant] = []
    for mutant in made:
        changed = hashlib.sha256(mutant.applied(text).encode()).hexdigest()
        if changed in seen or mutant.applied(text) == text:
            continue
        seen.add(changed)
        names[mutant.name] = number = names.get(mutant.name, 0) + 1
        if number > 1:
            mutant = Mutant(  # noqa: PLW2901 - the same mutant, with a number to its name
                mutant.file, f"{mutant.place} #{number}", mutant.line, mutant.old, mutant.new, mutant.start, mutant.end
            )
        kept.append(mutant)
    return kept
