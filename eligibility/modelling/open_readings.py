"""Which readings of the policy are open in a comparison of two versions, and what each of them can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from eligibility.errors import UsageError
from eligibility.in_force import InForce
from eligibility.language.expressions import names
from eligibility.reading_names import (
    EXPECTATION,
    GOVERNING_DATE,
    LATE_NOTICE,
    MEASURING,
    UNNAMED_SCHOOL_HAD_A_PLACE,
)

OUTCOME, NOTICE, STARTS, MEASURED, NOTHING = "outcome", "notice", "start of travel", "measured before", "nothing"
"""What a reading can change here: outcomes, whether a notice falls, when travel starts, only what was measured before
the run, or nothing that a table counts."""
_MOST_COMBINATIONS = 512
BEFORE_THE_RULES = frozenset({GOVERNING_DATE, UNNAMED_SCHOOL_HAD_A_PLACE})
"""The readings that no rule asks for and that yet change what the rules are asked of: the day, and whether a nearer
school that was not named had a place."""

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenReading:
    """A reading with more than one choice left, the chosen one first; `changes` says what it can change."""

    name: str
    choices: tuple[str, ...]
    source: str
    changes: str

    @property
    def others(self) -> tuple[str, ...]:
        """The choices that were not taken."""
        return self.choices[1:]


def open_readings(old: InForce, new: InForce, *, day_is_fixed: bool) -> list[OpenReading]:
    """The open readings of either version, in the order of the new one's file.

    Where `day_is_fixed` for everyone, which day governs is not open.
    """
    found = []
    for name, reading in {**old.version.readings, **new.version.readings}.items():
        others = reading.others or (old.version.readings[name].others if name in old.version.readings else ())
        if others:
            changes = _changes(name, old, new, day_is_fixed=day_is_fixed)
            found.append(OpenReading(name, (reading.chosen, *others), reading.source, changes))
    return found


def _changes(name: str, old: InForce, new: InForce, *, day_is_fixed: bool) -> str:
    if name == GOVERNING_DATE and day_is_fixed:
        return NOTHING
    if name in {EXPECTATION, *BEFORE_THE_RULES, *old.outcome_reads, *new.outcome_reads}:
        return OUTCOME
    if name == LATE_NOTICE:
        return STARTS
    if name in MEASURING:
        return MEASURED
    return NOTICE if name in _reads(new, (notice.applies for notice in new.notices)) else NOTHING


def _reads(book: InForce, conclusions: Iterable[str]) -> set[str]:
    """Every name that some conclusions hang on."""
    waiting, seen = list(conclusions), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(names(book.conclusions[name]) if name in book.conclusions else ())
    return {name.partition("@")[0] for name in seen}


def combinations(readings: Iterable[OpenReading]) -> Iterator[Choices]:
    """Every combination of the readings that can change an outcome, the chosen one first.

    Legitimate expectation is not among them: every answer holds it under all its readings. Raises UsageError where
    there are more than can be run.
    """
    tried = [reading for reading in readings if reading.changes == OUTCOME and reading.name != EXPECTATION]
    count = 1
    for reading in tried:
        count *= len(reading.choices)
    if count > _MOST_COMBINATIONS:
        raise UsageError(
            f"the open readings make {count} combinations, more than the {_MOST_COMBINATIONS} that can be run; "
            "settle some in the policy file (settled: true)"
        )
    for choices in product(*(reading.choices for reading in tried)):
        yield tuple(zip((reading.name for reading in tried), choices, strict=True))
