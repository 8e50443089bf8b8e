"""Which tests try a mutant, and in what order: those that run the changed statement, the cheapest first."""

from __future__ import annotations

import ast
import json
from collections import Counter
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
RARE = 50
"""How much a test counts for that is the only one to run a statement, against one that caught a mutant of the file."""


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


class Changed(NamedTuple):
    """What a mutant changes: the innermost statement of a function, by its name ("" where it lies in none)."""

    statement: str = ""
    function: frozenset[str] = frozenset()
    """All statements of the function."""


def changed_by(mutant: Mutant, text: str) -> Changed:
    """What a mutant changes in the text of its file."""
    if not mutant.file.endswith(".py"):
        return Changed()
    offsets = Offsets(text)
    found = innermost = ""
    functions: dict[str, set[str]] = {}
    for statement, name, function in statements(ast.parse(text)):
        functions.setdefault(function, set()).add(name)
        start, end = offsets.span(statement)
        if start <= mutant.start and mutant.end <= end:
            found, innermost = name, function  # what lies further in comes later
    return Changed(found, frozenset(functions.get(innermost, ()))) if found else Changed()


def in_order(
    tests: Collection[str], notes: Mapping[str, Note], changed: Changed, catches: Mapping[str, int], effort: float
) -> list[str]:
    """The tests that try a mutant, until those that take `effort` seconds with nothing changed have had their turn.

    Those that run the changed statement come before those that were not seen to (a test may find done what another has
    done before it), and among them the cheap ones, those that caught the mutant's neighbours, and those that run what
    few others run of the function.
    """
    often = Counter(name for note in notes.values() for name in note.runs & changed.function)

    def rank(test: str) -> tuple[bool, float]:
        note = notes.get(test, NEW)
        elsewhere = test in notes and changed.statement not in note.runs
        rare = sum(1 / often[name] for name in note.runs & changed.function)
        return elsewhere, note.seconds / (1 + catches.get(test, 0) + RARE * rare)

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
