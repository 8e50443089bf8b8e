"""What `model run` takes, and the sentence with which it turns away what it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.errors import EdtravelError, InputError, PolicyError
from eligibility.modelling.manifest import manifest
from eligibility.modelling.questions import Asker
from eligibility.modelling.scenario import scenario
from eligibility.modelling.unit_costs import read_unit_costs
from eligibility.new_draft import draft_text, write_draft
from eligibility.policy_files import load_policies, policies
from tests.policy_folders import Folders

OLD, NEW = "somerset-2016", "somerset-2018"
LIMIT = "walking_limit"


def test_a_draft_that_changes_nothing_cannot_be_run(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    write_draft(folders.versions / "drafts", "idle", draft_text(policies(), "idle", policies().version(NEW)))
    held = load_policies(folders.rules, folders.versions)
    with pytest.raises(PolicyError, match="idle changes nothing against somerset-2018"):
        scenario(held, (OLD, "idle"), read_unit_costs())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "--population", "nowhere.csv", "--policies", OLD, NEW, "--out", "x"), "there is no such file"),
        (("run", "--population", "x.csv", "--policies", OLD, "--out", "x"), "at least two versions"),
        (
            ("run", "--population", "x.csv", "--policies", OLD, "somerset-2081", "--out", "x"),
            "did you mean somerset-2018",
        ),
        (("show", "nowhere"), "there is no finished run here"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_sentence(words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, ["model", *words], standalone_mode=False)
    assert isinstance(done.exception, EdtravelError)
    assert said in done.exception.message


def test_a_draft_that_sets_what_statute_sets_is_told_with_its_figures(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    write_draft(folders.versions, "four", draft_text(policies(), "four", policies().version(NEW), change={LIMIT: "4"}))
    compared = scenario(load_policies(folders.rules, folders.versions), (OLD, NEW, "four"), read_unit_costs())
    about = manifest(compared, Asker(compared.policies), "polars", [])
    assert list(about["against_statute"]) == ["four"]
    assert f"four changes {LIMIT}, which statute sets" in about["assumptions"][0]


def test_a_folder_in_which_no_file_could_be_used_yet_takes_the_file_put_right(tmp_path: Path) -> None:
    source = tmp_path / "pupils.csv"
    words = ["run", "--population", str(source), "--policies", OLD, NEW, "--out", str(tmp_path / "run")]
    for header in ("reference", "reference,date_of_birth,home.postcode,school.urn,travel_from"):
        source.write_text(header + "\n", encoding="utf-8")
        done = CliRunner().invoke(main, ["model", *words], standalone_mode=False)
        assert isinstance(done.exception, InputError), "and not that the folder holds another run"
        assert "set aside" not in done.output
    assert isinstance(done.exception, InputError)
    assert "the file holds no pupils" in done.exception.message
