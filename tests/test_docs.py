"""Every command shown in the documentation runs and prints what the documentation says.

A block fenced as `console` (or `sh`) is read line by line: `$ edtravel ...` is run, in a folder of its own
that starts with the files of `docs/examples/` if there are any, and the lines below it, if there are any, are
its output. A line `...` stands for any number of lines, and `...` within a line for any characters.
The lines of one page are run one after the other in the same folder.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import PROJECT

_FENCE = re.compile(r"^```(?:console|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [page for page in (PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))) if page.exists()]


@dataclass
class Command:
    """One `$ edtravel` line and what the page says it prints."""

    line: int
    words: list[str]
    shown: list[str] = field(default_factory=list)


def commands(text: str) -> list[Command]:
    """The edtravel commands of a page, each with the output shown below it."""
    found: list[Command] = []
    for block in _FENCE.finditer(text):
        first = text.count("\n", 0, block.start(1)) + 1
        current: Command | None = None
        continued = ""
        for number, line in enumerate(block.group(1).splitlines(), first):
            if continued or line.startswith("$ "):
                whole = continued + (line.strip() if continued else line.removeprefix("$ "))
                continued = whole[:-1] if whole.endswith("\\") else ""
                if not continued:
                    words = shlex.split(whole, comments=True)
                    current = Command(number, words) if words[:1] == ["edtravel"] else None
                    found += [current] if current else []
            elif current is not None:
                current.shown.append(line)
    return found


def matches(shown: list[str], printed: str) -> bool:
    """Whether `printed` is what a page shows, `...` standing for anything."""
    pattern = ""
    for line in shown:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r".*?".join(re.escape(part) for part in line.rstrip().split("...")) + r"[ ]*\n"
    return re.fullmatch(pattern + r"\s*", printed.rstrip("\n") + "\n") is not None


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run an edtravel command in `folder`, as a person would, with standard error after the output."""
    environment = {"PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "100", "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, str(PROJECT / "cli.py"), *words[1:]]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_the_commands_of_a_page_run_and_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    examples = PROJECT / "docs" / "examples"
    if examples.is_dir():
        shutil.copytree(examples, tmp_path, dirs_exist_ok=True)
    for command in commands(page.read_text(encoding="utf-8")):
        where = f"{page.relative_to(PROJECT)}:{command.line}"
        done = run(command.words, tmp_path)
        assert done.returncode in {0, 3}, f"{where}: exit {done.returncode}: {done.stderr}"
        assert "Traceback" not in done.stderr, where
        if any(line.strip() for line in command.shown):
            assert matches(command.shown, done.stdout), f"{where} printed:\n{done.stdout}"


def test_commands_and_the_output_below_them_are_found_in_a_page() -> None:
    page = "# x\n\n```console\n$ make test\nfine\n"
    page += "$ edtravel assess a.yaml \\\n    --on 2018-09-04  # why\nA\n...\n```\n"
    (command,) = commands(page + "\n```yaml\n$ edtravel no\n```\n")
    assert command == Command(7, ["edtravel", "assess", "a.yaml", "--on", "2018-09-04"], ["A", "..."])


def test_three_dots_stand_for_any_lines_or_characters_and_nothing_else_does() -> None:
    assert matches(["a", "...", "z"], "a\nb\nc\nz\n")
    assert matches(["a", "...", "z"], "a\nz\n")
    assert matches(["sha256:... (rules)"], "sha256:12ab (rules)\n")
    assert not matches(["a", "z"], "a\nb\nz\n")
    assert not matches(["a"], "a\nb\n")
    assert not matches(["a.c"], "abc\n")
