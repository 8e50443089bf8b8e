"""Every failure edtravel can report, on one screen.

    EdtravelError              exit 1   something failed
    ├── UsageError             exit 2   the command was not asked in a way that can be answered
    ├── InputError             exit 3   a case, row or file was set aside; the others go on
    │   └── Contradiction      exit 3   two supplied facts cannot both be true
    ├── PolicyError            exit 1   a rule or policy file is wrong: file, line, column
    ├── Disagreement           exit 1   the two engines do not agree on a case, which gets no decision; the others go on
    └── MismatchError          exit 4   area, version or hash is not the one expected

A message is one plain sentence: what is wrong, where, what was expected, the nearest right thing.
It never holds a name, an address, a postcode or a date of birth.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class EdtravelError(Exception):
    """Something failed; the message is one sentence for the person who asked."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(EdtravelError):
    """The command line asked for something that cannot be answered."""

    exit_code = 2


class InputError(EdtravelError):
    """One case, row or file cannot be used; it is set aside with this reason."""

    exit_code = 3


class Contradiction(InputError):
    """Two supplied facts cannot both be true."""


class PolicyError(EdtravelError):
    """A file in `rules/` or `policy_versions/` is wrong; says file, line and column (from 1)."""

    def __init__(self, message: str, *, file: str = "", line: int = 0, column: int = 0) -> None:
        where = f"{file}:{line}:{column}: " if line else (f"{file}: " if file else "")
        super().__init__(where + message)
        self.file = file
        self.line = line
        self.column = column


class Disagreement(EdtravelError):
    """The two engines do not say the same of a case; names a rule and what each says of it, never a fact."""


class MismatchError(EdtravelError):
    """The area, a policy version or a hash differs from the one a decision was made with."""

    exit_code = 4


class Mistakes:
    """What is wrong with the rule and policy files: the first mistake is raised or, with `collect`, all are kept.

    `unread` are the names that a mistake kept from being read, so that nobody calls them unknown as well.
    """

    def __init__(self, *, collect: bool = False) -> None:
        self.collect = collect
        self.found: list[PolicyError] = []
        self.unread: set[str] = set()

    @contextmanager
    def kept(self, *names: str) -> Iterator[None]:
        """Keep a PolicyError raised inside and go on without `names`; where nothing is collected, let it through."""
        try:
            yield
        except PolicyError as error:
            if not self.collect:
                raise
            self.unread.update(names)
            if str(error) not in map(str, self.found):
                self.found.append(error)


FIELD_NAMES_ALIKE = 0.75
"""How like a field's name a word must be to be taken for it: many are short, and `name` is nothing like `income`."""


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """A hint that names the known word closest to `word`, or an empty string where none is as like as `cutoff`."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=cutoff)
    return f"; did you mean {close[0]}?" if close else ""
