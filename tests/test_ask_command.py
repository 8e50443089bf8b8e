"""`ask` at the keyboard: plain lines, answers from a file, and a case that is decided the same again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eligibility.case import read_case
from eligibility.commands import main
from eligibility.commands.ask import next_line
from eligibility.errors import UsageError
from tests.interviews import PUPILS, county, interviewed, typed


def ask(lines: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["ask", *options], input=lines)


S_13 = PUPILS["S-13"]


def lines_of(data: dict[str, Any]) -> str:
    """What somebody types who knows a case."""
    known = read_case(data, county().model)
    _, asked = interviewed(county(), data)
    return "".join(f"{typed(known, place)}\n" for place in asked)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_saved_case_is_decided_the_same_to_the_byte(form: str, tmp_path: Path) -> None:
    saved = tmp_path / "case.yaml"
    asked = ask(lines_of(S_13), "--sample", "--format", form, "--save", str(saved))
    assert asked.exit_code == 0, asked.stderr
    assessed = CliRunner().invoke(main, ["assess", str(saved), "--sample", "--format", form])
    assert asked.stdout_bytes == assessed.stdout_bytes
    assert "S-13" in asked.stdout
    assert "Nothing else that could be asked can change the outcome." in asked.stderr


def test_an_officer_can_ask_why_go_back_and_stop() -> None:
    lines = "\n2009-03-02\n900027\nQX11 5XX\n2018-09-04\n?\nback\n2018-09-05\nstop\n"
    done = ask(lines, "--sample", "--format", "csv")
    assert done.exit_code == 0, done.stderr
    assert "Who usually knows: officer. Source: " in done.stderr
    assert "These grounds hang on it: " in done.stderr
    assert "Stopped. What was not answered is not known." in done.stderr
    assert ",2018-09-05,2018-09-05,need_information," in done.stdout
    assert done.stdout.splitlines()[1].startswith("ASK-")


def test_answers_that_are_no_text_or_cannot_be_read_end_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(main, ["ask"], input=b"A-\xff7\n")
    assert done.exit_code == 2
    assert done.stderr.endswith("edtravel: an answer on standard input is not UTF-8; give the answers as UTF-8\n")
    monkeypatch.setattr("eligibility.commands.ask.sys.stdin", None)
    assert next_line() == ""
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("eligibility.commands.ask.sys.stdin", closed)
    with pytest.raises(UsageError, match="standard input cannot be read"):
        next_line()


def test_the_mark_before_a_text_that_some_programs_write_is_no_part_of_an_answer(tmp_path: Path) -> None:
    answers = tmp_path / "answers.txt"
    answers.write_bytes(b"\xef\xbb\xbfA-7\n")
    for done in (ask("", "--answers", str(answers)), ask("\ufeffA-7\n")):
        assert "cannot be taken" not in done.stderr
        assert "date_of_birth" in done.stderr


def test_the_end_of_the_lines_stops_it_and_without_what_every_case_needs_nothing_is_decided() -> None:
    done = ask("S-13\n", "--sample")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "stopped before date_of_birth was given" in done.stderr
    assert "Traceback" not in done.stderr


def test_questions_are_plain_lines_and_say_how_many_are_left() -> None:
    done = ask(lines_of(S_13), "--sample", "--format", "csv")
    short = ask(lines_of(PUPILS["S-01"]), "--sample", "--format", "csv")
    assert "the last question" in short.stderr
    assert "\x1b" not in done.stderr
    assert "\r" not in done.stderr
    assert ", and those of another home if there is one" in done.stderr
    assert done.stdout.count("\n") == 2


def test_with_a_day_given_the_first_day_of_travel_is_not_asked_for() -> None:
    done = ask(
        "A-1\n2007-05-14\n109329\nBA2 0AA\nstop\n", "--on", "2018-09-04", "--policy", "england", "--format", "csv"
    )
    assert done.exit_code == 0, done.stderr
    assert "From which day is travel asked for?" not in done.stderr
    assert done.stdout.splitlines()[1].startswith("A-1,england,2018-09-04,")


def test_the_answers_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.txt"
    path.write_text(lines_of(S_13), encoding="utf-8")
    assert ask("", "--sample", "--format", "csv", "--answers", str(path)).stdout.splitlines()[1].startswith("S-13,")
    missing = ask("", "--sample", "--answers", str(tmp_path / "none.txt"))
    assert (missing.exit_code, missing.stderr.count("\n")) == (2, 1)
