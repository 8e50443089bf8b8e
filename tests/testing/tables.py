"""Table tests written by a test, as a policy officer would write them."""

from __future__ import annotations

import functools
from pathlib import Path

from eligibility.errors import Mistakes
from eligibility.policy_files import policies
from eligibility.testing.table_run import Result, TableTests

WHOLE = "policy: somerset-2018\nbegin_with: whole_pupil\ntests:\n"


@functools.cache
def _tests() -> TableTests:
    """One for all tests, because what it makes of the rules takes a while."""
    return TableTests(policies())


def run(folder: Path, text: str, **how: str) -> tuple[list[Result], list[str]]:
    """The results of a file of tests, and what is wrong with it."""
    path = folder / "a.yaml"
    path.write_text(text, encoding="utf-8")
    tests = _tests() if not how else TableTests(policies(), **how)
    tests.mistakes = Mistakes(collect=True)
    results = list(tests.run([path]))
    return results, [str(mistake).partition(f"{folder.name}/")[2] for mistake in tests.mistakes.found]


def failures(folder: Path, text: str) -> list[str]:
    """What is not as expected, in the words that an officer reads."""
    results, mistakes = run(folder, text)
    assert mistakes == []
    return [failure.sentence for result in results for failure in result.failures]
