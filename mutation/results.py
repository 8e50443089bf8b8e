"""What became of each mutant, kept from run to run in a file of one JSON object a line."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from mutation.mutants import Mutant

CAUGHT = ("refused", "caught")
"""Refused by the loader, with a sentence for the policy officer; caught by a test, a property or the oracle."""
COLUMNS = ("mutants", "refused", "caught", "equivalent", "survived", "not tried")

Trials = Mapping[str, Sequence[tuple[Mutant, str]]]


class Results:
    """The verdicts known so far. A verdict holds as long as the mutated file is the same to the byte."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        self._known: dict[str, dict[str, Any]] = {}
        self._caught_by: dict[str, Counter[str]] = {}
        self._functions: Counter[str] = Counter()
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                self._take(json.loads(line))

    def _take(self, said: dict[str, Any]) -> None:
        self._known[said["name"]] = said
        if said["verdict"] == "caught" and said["by"].startswith("tests/") and said["line"]:
            self._caught_by.setdefault(said["file"], Counter())[said["by"]] += 1
            self._functions[_function(said["by"])] += 1

    def add(self, mutant: Mutant, text: str, said: Mapping[str, Any]) -> None:
        """Keep a verdict."""
        line = {"name": mutant.name, "file": mutant.file, "line": mutant.line, "text": _digest(text), **said}
        with self._lock:
            self._take(line)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line) + "\n")

    def verdict(self, mutant: Mutant, text: str) -> str:
        """`refused`, `caught`, `survived` or `not tried`."""
        said = self._known.get(mutant.name)
        return said["verdict"] if said and said["text"] == _digest(text) else "not tried"

    def catches(self, file: str) -> Counter[str]:
        """How many mutants each test has caught: of the file, and by its likes with other parameters of any file."""
        found = self._caught_by.get(file, Counter())
        return Counter({test: count + self._functions[_function(test)] for test, count in found.items()})

    def notes(self, tests: str) -> Path:
        """Where what is known of the tests themselves is kept."""
        return self._file.with_suffix(f".{tests}.notes")

    def not_caught(self, trials: Trials) -> list[str]:
        """The names of those that were tried and not caught."""
        return [m.name for some in trials.values() for m, text in some if self.verdict(m, text) == "survived"]


def _function(test: str) -> str:
    return test.partition("[")[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def counts(trials: Sequence[tuple[Mutant, str]], results: Results, listed: Collection[str]) -> Counter[str]:
    """How many mutants there are, and what became of them."""
    found: Counter[str] = Counter(mutants=len(trials))
    for mutant, text in trials:
        verdict = results.verdict(mutant, text)
        found["equivalent" if mutant.name in listed and verdict not in CAUGHT else verdict] += 1
    return found


def table(trials: Trials, results: Results, listed: Collection[str]) -> str:
    """The figures of each subject and of all, as a table in Markdown."""
    of_subject = {name: counts(some, results, listed) for name, some in trials.items()}
    lines = [f"| | {' | '.join(COLUMNS)} | caught |", f"|---|{'--:|' * (len(COLUMNS) + 1)}"]
    for name, found in [*of_subject.items(), ("all", sum(of_subject.values(), Counter()))]:
        tried = found["mutants"] - found["equivalent"] - found["not tried"]
        share = f"{100 * sum(found[one] for one in CAUGHT) / tried:.1f} %" if tried else ""
        lines.append(f"| {name} | {' | '.join(str(found[column]) for column in COLUMNS)} | {share} |")
    return "\n".join(lines)
