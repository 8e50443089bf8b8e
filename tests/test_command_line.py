"""Whatever happens, a person sees one sentence and the right exit code."""

from __future__ import annotations

import importlib
import subprocess
import sys
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from eligibility.commands import SUBCOMMANDS, main
from eligibility.errors import EdtravelError, InputError, MismatchError, UsageError
from tests.conftest import PROJECT


def run_failing(error: BaseException | None, monkeypatch: pytest.MonkeyPatch, result: object = None) -> Result:
    """Run `edtravel assess` when all it does is raise `error`, or return `result`."""

    @click.command()
    def command() -> object:
        if error is not None:
            raise error
        return result

    monkeypatch.setattr(importlib, "import_module", lambda _: SimpleNamespace(command=command))
    return CliRunner().invoke(main, ["assess"])


@pytest.mark.parametrize(
    ("error", "code"),
    [(EdtravelError("x"), 1), (UsageError("x"), 2), (InputError("x"), 3), (MismatchError("x"), 4)],
)
def test_a_known_error_is_its_sentence_and_its_exit_code(
    error: EdtravelError, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run_failing(error, monkeypatch)
    assert (result.stdout, result.stderr, result.exit_code) == ("", "edtravel: x\n", code)


def test_any_other_error_is_one_sentence_without_the_words_of_the_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("EDTRAVEL_DEBUG", raising=False)
    result = run_failing(ValueError("BA2 0AA"), monkeypatch)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "ValueError" in result.stderr
    assert "BA2" not in result.stderr


def test_the_traceback_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDTRAVEL_DEBUG", "1")
    error = ValueError("x")
    assert run_failing(error, monkeypatch).exception is error


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (3, 3)])
def test_a_command_returns_its_exit_code(returned: object, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_failing(None, monkeypatch, returned).exit_code == code


def test_stopping_a_command_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_failing(KeyboardInterrupt(), monkeypatch)
    assert result.exit_code == 1
    assert "stopped" in result.stderr


def test_a_reader_that_has_had_enough_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_failing(BrokenPipeError(32, "Broken pipe"), monkeypatch)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_misspelt_command_is_wrong_usage_and_the_nearest_is_named() -> None:
    result = CliRunner().invoke(main, ["asess"])
    assert result.exit_code == 2
    assert "did you mean assess?" in result.stderr


def test_help_names_every_command_and_needs_none_of_them() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from eligibility.commands import main\n"
        "print(CliRunner().invoke(main, ['--help']).output)\n"
        "heavy = {'numpy', 'scipy', 'shapely', 'pyproj', 'pydantic', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [name for name in SUBCOMMANDS if f"\n  {name} " not in done.stdout] == []


def test_the_checkout_runs_as_it_is() -> None:
    done = subprocess.run(
        [sys.executable, "cli.py", "--version"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("edtravel 0.")
