"""`edtravel policy prove` as a policy officer meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from eligibility.commands import main
from eligibility.folders import properties_folder
from eligibility.policy_files import policies
from eligibility.proof_text import Said
from eligibility.proving.property_files import load_properties
from eligibility.proving.prove import prove
from tests.conftest import PROJECT
from tests.policy_folders import Folders


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """A copy of the rules and versions that the command uses."""
    made = Folders(tmp_path)
    monkeypatch.setenv("EDTRAVEL_RULES", str(made.rules))
    monkeypatch.setenv("EDTRAVEL_POLICY_VERSIONS", str(made.versions))
    policies.cache_clear()
    return made


@pytest.fixture(autouse=True)
def _policies_as_shipped() -> object:
    yield None
    policies.cache_clear()


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["policy", *words])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_what_is_proved_is_said_with_the_days_it_is_proved_for(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "prove", "somerset-2016", "--only", "more walking distance")
    assert code == 0
    assert out.splitlines()[0] == "somerset-2016: every pupil, every day from 1 September 2016 to 31 August 2018"
    assert "  proved    More walking distance never removes the distance ground" in out
    assert out.rstrip().endswith("all is as it should be.")


def test_a_break_gives_a_pupil_as_a_case_and_what_is_decided_of_it(
    capsys: pytest.CaptureFixture[str], folders: Folders
) -> None:
    folders.replace(
        "rules/grounds/walking_distance.yaml",
        "test: beyond_walking_distance",
        "test: beyond_walking_distance and walking_mm < 8000000",
    )
    code, out, _ = run(capsys, "prove", "england", "--only", "More walking distance")
    assert code == 1
    assert "  BROKEN    More walking distance never removes the distance ground" in out
    assert "Decided under england: entitled" in out
    assert "Decided under england: not entitled" in out
    assert max(map(len, out.splitlines())) <= 100
    lines = out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip() == "As a case:") + 1
    end = next(number for number, line in enumerate(lines) if line.strip().startswith("The twin"))
    case = yaml.safe_load("\n".join(line[14:] for line in lines[start:end]))
    assert case["measured"]["walking_mm"] < 8000000
    assert "walking_mm: 8000000" in "\n".join(lines[end:])


def test_a_break_in_a_ground_shows_what_is_decided_of_that_ground(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "{property: Two miles is not enough, never: low_income_11 and walking_mm > 6000000, source: a wish}"
    (tmp_path / "own.yaml").write_text(f"properties:\n  - {line}\n", encoding="utf-8")
    monkeypatch.setenv("EDTRAVEL_PROPERTIES", str(tmp_path))
    code, out, _ = run(capsys, "prove", "england")
    assert code == 1
    assert "Decided under england: entitled; Low income, aged 11 and over: met" in out
    code, out, _ = run(capsys, "prove", "england", "--format", "json")
    (settled,) = json.loads(out)["settled"]
    assert settled["pupils"][0]["grounds"] == {"england": {"low_income_11": "met"}}


def test_a_pupil_of_whom_not_all_is_known_is_decided_too_and_nothing_is_said_of_what_is_not_known(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "{property: Nobody is certain, never: walking_distance_certainly, source: a wish}"
    (tmp_path / "own.yaml").write_text(f"properties:\n  - {line}\n", encoding="utf-8")
    monkeypatch.setenv("EDTRAVEL_PROPERTIES", str(tmp_path))
    code, out, _ = run(capsys, "prove", "england")
    assert code == 1
    known = out[out.index("The pupil as far as known") :]
    assert "the same, but for what is not known" in known
    assert "Decided under england: entitled; Beyond walking distance: met" in known
    assert "postcode" not in known
    assert "? no" not in known


def test_a_ground_of_which_assess_says_otherwise_than_the_proof_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "{property: Nobody is carried, never: walking_distance, source: a wish}"
    (tmp_path / "own.yaml").write_text(f"properties:\n  - {line}\n", encoding="utf-8")
    monkeypatch.setenv("EDTRAVEL_PROPERTIES", str(tmp_path))
    monkeypatch.setattr(
        "eligibility.proof_text.Said", lambda outcome, results=(): Said(outcome, dict.fromkeys(results, "not_met"))
    )
    code, _, said = run(capsys, "prove", "england")
    assert code == 1
    assert "the proof takes england to say walking_distance met of the pupil, and assess does not" in said


def test_each_reading_that_is_not_asked_about_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "prove", "somerset-2018", "--only", "hangs on")
    said = " ".join(out.split())
    assert "not asked of governing_date: it changes which day is decided for" in said
    assert "not asked of late_notice: it changes when travel starts" in said
    assert "school_entrance and unnamed_school_had_a_place: it changes what is measured" in said


def test_json_gives_the_whole_case(capsys: pytest.CaptureFixture[str], folders: Folders) -> None:
    folders.replace("rules/grounds/boarding.yaml", "test: resident", "test: not resident")
    code, out, _ = run(capsys, "prove", "england", "--only", "does not live in", "--format", "json")
    (settled,) = json.loads(out)["settled"]
    assert (code, settled["status"], settled["policy"], settled["from"]) == (1, "broken", "england", "2016-09-01")
    (pupil,) = settled["pupils"]
    assert pupil["decided"] == {"england": "refer"}
    assert pupil["case"]["resident"] is False


def test_a_pupil_is_shown_for_what_should_be_possible(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "prove", "england", "--only", "Exactly 6 miles", "--examples")
    assert code == 0
    assert "(9,656,064 mm)" in out
    assert "Decided under england: entitled" in out


def test_a_known_finding_is_green_and_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "- {property: All are carried, always: entitled, source: a wish, finding: docs/findings.md#all}"
    (tmp_path / "own.yaml").write_text(f"properties:\n  {line}\n", encoding="utf-8")
    monkeypatch.setenv("EDTRAVEL_PROPERTIES", str(tmp_path))
    code, out, _ = run(capsys, "prove", "england")
    assert code == 0
    assert "  finding   All are carried" in out
    assert "recorded in docs/findings.md#all" in out
    assert "1 of them known findings" in out


def test_an_unknown_version_and_a_property_that_is_not_there_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "prove", "somerset-2017")
    assert (code, "there is no policy version somerset-2017; did you mean" in err) == (2, True)
    code, _, err = run(capsys, "prove", "--only", "bicycles")
    assert (code, "no property says “bicycles”" in err) == (2, True)


def test_the_check_of_the_policy_files_reads_the_properties_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "properties"
    own.mkdir()
    monkeypatch.setenv("EDTRAVEL_PROPERTIES", str(own))
    (own / "own.yaml").write_text("properties:\n  - {property: P, always: fath, source: s}\n", encoding="utf-8")
    code, out, _ = run(capsys, "check")
    assert code == 1
    assert out.startswith("properties/own.yaml:2:27: fath is not a known name; did you mean faith?")


def test_two_processes_settle_what_one_does() -> None:
    held = policies()
    properties = load_properties(properties_folder(), held)[:45]
    one, two = (
        [
            (settled.sentence, settled.status)
            for found in prove(held, properties, ["england"], processes=n)
            for settled in found
        ]
        for n in (1, 2)
    )
    assert one == two
    assert {status for _, status in one} <= {"proved", "found", "not_asked"}


def test_a_checkout_proves_with_several_processes_as_an_installation_does() -> None:
    words = [sys.executable, "cli.py", "policy", "prove", "england"]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    assert "all is as it should be" in done.stdout
