"""`edtravel policy tree` and `show` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from tests.conftest import PROJECT

PUPIL = str(PROJECT / "docs" / "examples" / "pupil.yaml")


def run(*words: str) -> Result:
    """What a command prints, and how it ends."""
    return CliRunner().invoke(main, ["policy", *words])


def test_a_chart_is_told_in_words_where_nothing_else_is_asked_for() -> None:
    done = run("tree", "england")
    assert done.exit_code == 0
    assert done.stdout.startswith("England, statute alone\n======")
    assert "Otherwise: not entitled." in done.stdout


def test_the_sheets_are_numbered_files_and_nothing_goes_to_standard_output(tmp_path: Path) -> None:
    done = run("tree", "england", "--svg", str(tmp_path / "tree.svg"), "--html", str(tmp_path / "tree.html"))
    assert done.exit_code == 0
    assert done.stdout == ""
    drawn = sorted(path.name for path in tmp_path.glob("*.svg"))
    assert drawn[:4] == ["tree-1.svg", "tree-2.svg", "tree-3.svg", "tree-4.svg"]
    assert (tmp_path / "tree-1.svg").read_text(encoding="utf-8").startswith("<svg ")
    assert "<!DOCTYPE html>" in (tmp_path / "tree.html").read_text(encoding="utf-8")


def test_the_way_of_a_pupil_is_given_as_data_with_every_answer() -> None:
    done = run("tree", "somerset-2018", "--case", PUPIL, "--sample", "--format", "json")
    chart: dict[str, Any] = json.loads(done.stdout)
    assert (chart["reference"], chart["outcome"]) == ("S-16", "need_information")
    first = chart["steps"][0]
    assert (first["step"], first["asked"], first["answer"]) == ("question A", "yes", "yes")
    assert "not known" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tree", "somerset-2019"], "there is no policy version somerset-2019"),
        (["tree", "england", "--area", "x.gpkg"], "--area is about a case; give one with --case"),
        (["tree", "england", "--case", PUPIL, "--against", "england"], "--against and --case do not go together"),
        (["tree", "england", "--case", "nowhere.yaml"], "nowhere.yaml"),
        (["show", "england", "--out", "no/such/folder/x"], "no/such/folder/x cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(words: list[str], said: str) -> None:
    done = run(*words)
    assert done.exit_code in {1, 2, 3}
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
