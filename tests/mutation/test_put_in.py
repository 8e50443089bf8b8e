"""A changed file is put into a process that has read the right one: all of the change, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mutation.subjects import SUBJECTS, files
from tests.conftest import PROJECT

CODE = [file for subject in SUBJECTS for file in files(PROJECT, subject) if file.endswith(".py")]
TELLS_WHAT_CHANGES = """
import importlib, sys
from pathlib import Path
from mutation.put_in import put_in

import eligibility.assess
import eligibility.engines.proof

for file in sys.argv[1:]:
    name = file.removesuffix(".py").replace("/", ".")
    if name != "eligibility.engines.durable_child":  # it reads its requests as soon as it is read
        module = importlib.import_module(name)
        before = dict(vars(module))
        right = Path(file).read_text(encoding="utf-8")
        put_in(file, right, right)
        changed = [key for key, value in vars(module).items() if before.get(key) is not value]
        if changed:
            print(file, changed)
"""


def run(program: str, *words: str) -> str:
    """What a program prints, run in a process of its own, since it changes what the process has read."""
    command = [sys.executable, "-c", program, *words]
    own = os.environ | {"PYTHONPATH": str(PROJECT)}
    told = subprocess.run(command, cwd=PROJECT, env=own, capture_output=True, text=True, check=True)
    return told.stdout


def test_a_file_put_in_unchanged_leaves_every_constant_as_it_was() -> None:
    assert run(TELLS_WHAT_CHANGES, *CODE) == ""


GONE_BY = """
import sys
from pathlib import Path
from mutation.put_in import put_in
from eligibility.language.expressions import Compare, Constant, Name, Years
from eligibility.language.partial import Between
from eligibility.language.straight_line import straight_line
import eligibility.assess

file, old, new, asked = sys.argv[1:]
right = Path(file).read_text(encoding="utf-8")
assert right.count(old) == 1
print(eval(asked))
put_in(file, right.replace(old, new), right)
print(eval(asked))
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "asked", "before", "after"),
    [
        (
            "eligibility/language/straight_line.py",
            "ast.FloorDiv(), ast.Constant(10000)",
            "ast.FloorDiv(), ast.Constant(10)",
            'straight_line({}, (Compare("==", Years(Name("a"), Name("b")), Constant(1)),))({"a": 10, "b": 20})',
            False,
            True,
        ),
        (
            "eligibility/language/partial.py",
            "True if self.high < low",
            "True if self.high <= low",
            'straight_line({}, (Compare("<", Name("a"), Constant(2)),))({"a": Between(1, 2)})',
            None,
            True,
        ),
    ],
)
def test_a_changed_file_put_in_is_gone_by(
    file: str, old: str, new: str, asked: str, *, before: bool | None, after: bool | None
) -> None:
    assert run(GONE_BY, file, old, new, asked) == f"((), ({before},))\n((), ({after},))\n"
