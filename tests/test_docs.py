"""Every command shown in the documentation runs and prints what the documentation says.

A block fenced as `console` (or `sh`) is read line by line: `$ edtravel ...` is run, in a folder of its own
that starts with the files of `docs/examples/` if there are any, and the lines below it, if there are any, are
its output. A line `...` stands for any number of lines, and `...` within a line for any characters.
A command may begin with settings (`NAME=value edtravel ...`). What is shown as BROKEN ends with exit code 1, and a page
that makes a draft has a copy of the policy versions to make it in. A `yaml` block that begins with the comment
`# rules/...` or `# policy_versions/...` is a file of that name in a copy of these folders. A `python` block is
run, and the tests in it.
The lines of one page are run one after the other in the same folder.
"""

from __future__ import annotations

import itertools
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import PROJECT

_FILE = re.compile(r"^```yaml\n# ((?:rules|policy_versions)/\S+\.yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```(?:console|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
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
                    current = Command(number, words) if _program(words) == "edtravel" else None
                    found += [current] if current else []
            elif current is not None:
                current.shown.append(line)
    return found


def _settings(words: list[str]) -> dict[str, str]:
    pairs = (word.partition("=") for word in itertools.takewhile(lambda word: re.match(r"[A-Z_]+=", word), words))
    return {name: value for name, _, value in pairs}


def _program(words: list[str]) -> str:
    return next(iter(words[len(_settings(words)) :]), "")


def write_files(text: str, folder: Path) -> None:
    """Write the rule and policy files of a page into a copy of both folders."""
    written = list(_FILE.finditer(text))
    for name in ("rules", "policy_versions") if written or _drafts(text) else ():
        shutil.copytree(PROJECT / name, folder / name)
    for found in written:
        (folder / found.group(1)).write_text(found.group(2), encoding="utf-8")


def _drafts(text: str) -> bool:
    """Whether a page makes a draft."""
    return any(command.words[1:3] == ["policy", "new"] for command in commands(text))


def matches(shown: list[str], printed: str) -> bool:
    """Whether `printed` is what a page shows, `...` standing for anything."""
    pattern = ""
    for line in shown:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r".*?".join(re.escape(part) for part in line.rstrip().split("...")) + r"[ ]*\n"
    return re.fullmatch(pattern + r"\s*", printed.rstrip("\n") + "\n") is not None


def run(words: list[str], folder: Path, settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run an edtravel command in `folder`, as a person would, with standard error after the output."""
    environment = {"PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "100", "PYTHONPATH": str(PROJECT)}
    environment |= {**settings, **_settings(words)}
    command = [sys.executable, str(PROJECT / "cli.py"), *words[len(_settings(words)) + 1 :]]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_the_commands_of_a_page_run_and_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    examples = PROJECT / "docs" / "examples"
    if examples.is_dir():
        shutil.copytree(examples, tmp_path, dirs_exist_ok=True)
    text = page.read_text(encoding="utf-8")
    write_files(text, tmp_path)
    settings = {"EDTRAVEL_POLICY_VERSIONS": "policy_versions"} if _drafts(text) else {}
    for command in commands(text):
        where = f"{page.relative_to(PROJECT)}:{command.line}"
        done = run(command.words, tmp_path, settings)
        broken = any(line.lstrip().startswith("BROKEN") for line in command.shown)
        assert done.returncode in ({1} if broken else {0, 3}), f"{where}: exit {done.returncode}: {done.stderr}"
        assert "Traceback" not in done.stderr, where
        if any(line.strip() for line in command.shown):
            assert matches(command.shown, done.stdout), f"{where} printed:\n{done.stdout}"


@pytest.mark.parametrize("page", [page for page in PAGES if _PYTHON.search(page.read_text(encoding="utf-8"))])
def test_the_python_of_a_page_runs_and_its_tests_hold(page: Path) -> None:
    for block in _PYTHON.finditer(page.read_text(encoding="utf-8")):
        names: dict[str, object] = {}
        exec(compile(block.group(1), str(page), "exec"), names)  # noqa: S102  # the documentation's own code
        for name, held in names.items():
            if name.startswith("test_") and callable(held):
                held()


def test_commands_and_the_output_below_them_are_found_in_a_page() -> None:
    page = "# x\n\n```console\n$ make test\nfine\n"
    page += "$ edtravel assess a.yaml \\\n    --on 2018-09-04  # why\nA\n...\n```\n"
    (command,) = commands(page + "\n```yaml\n$ edtravel no\n```\n")
    assert command == Command(7, ["edtravel", "assess", "a.yaml", "--on", "2018-09-04"], ["A", "..."])


def test_a_command_may_begin_with_settings() -> None:
    (command,) = commands(
        "```console\n$ EDTRAVEL_RULES=rules edtravel policy check\n$ EDTRAVEL_RULES=rules make x\n```\n"
    )
    assert _settings(command.words) == {"EDTRAVEL_RULES": "rules"}
    assert command.words[1:] == ["edtravel", "policy", "check"]


def test_a_rule_file_on_a_page_is_put_into_a_copy_of_the_rules(tmp_path: Path) -> None:
    write_files("```yaml\n# rules/grounds/new.yaml\nground: new\n```\n", tmp_path)
    assert (tmp_path / "rules" / "grounds" / "new.yaml").read_text(encoding="utf-8") == "ground: new\n"
    assert (tmp_path / "policy_versions" / "england.yaml").exists()


def test_three_dots_stand_for_any_lines_or_characters_and_nothing_else_does() -> None:
    assert matches(["a", "...", "z"], "a\nb\nc\nz\n")
    assert matches(["a", "...", "z"], "a\nz\n")
    assert matches(["sha256:... (rules)"], "sha256:12ab (rules)\n")
    assert not matches(["a", "z"], "a\nb\nz\n")
    assert not matches(["a"], "a\nb\n")
    assert not matches(["a.c"], "abc\n")
