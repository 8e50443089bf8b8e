"""Which tests try a mutant, and in what order: those that run the changed statement, the cheapest first."""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from mutation.mutants import Mutant
from mutation.noting import statements
from mutation.places import Offsets

ORACLE = "the oracle"
"""What stands among the tests for the pupils that are held against the oracle; see `worker.py`."""
AFTER = 2.0
"""The seconds of cheap tests after which the oracle is asked."""


class Note(NamedTuple):
    """What is known of a test, from a run with nothing changed."""

    seconds: float
    fails: bool
    runs: frozenset[str]
    """The statements that it runs, by their names in `noting.py`."""


NEW = Note(0.0, fails=False, runs=frozenset())
"""A test that was written since. It comes first: it is there to catch something."""


def read_notes(file: Path) -> dict[str, Note]:
    """What a worker has noted of each test, by its name."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {line["test"]: Note(line["seconds"], line["fails"], frozenset(line["runs"])) for line in lines}


def statement_at(mutant: Mutant, text: str) -> str:
    """The name of the innermost statement of a function that a mutant changes; "" where it lies in none."""
    offsets, found = Offsets(text), ""
    for statement, name in statements(ast.parse(text)):
        start, end = offsets.span(statement)
        if start <= mutant.start and mutant.end <= end:
            found = name  # what lies further in comes later
    return found


def in_order(
    tests: Collection[str], notes: Mapping[str, Note], statement: str, catches: Mapping[str, int], effort: float
) -> list[str]:
    """The tests that try a mutant, until those that take `effort` seconds with nothing changed have had their turn.

    Those that run the changed statement come before those that were not seen to (a test may find done what another has
    done before it), and among them the cheap ones and the ones that caught the mutant's neighbours.
    """

    def rank(test: str) -> tuple[bool, float]:
        note = notes.get(test, NEW)
        known = test in notes and statement not in note.runs
        return known, note.seconds / (1 + catches.get(test, 0))

    waiting = sorted((test for test in tests if not notes.get(test, NEW).fails and test != ORACLE), key=rank)
    order: list[str] = []
    taken, asked = 0.0, ORACLE not in tests
    for test in waiting:
        if not asked and taken > AFTER:
            order.append(ORACLE)
            asked, taken = True, taken + notes.get(ORACLE, NEW).seconds
        if taken > effort:
            break
        order.append(test)
        taken += notes.get(test, NEW).seconds
    return order if asked else [*order, ORACLE]
