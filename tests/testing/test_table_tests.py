"""Sentences of policy held against pupils: what a table test can say, and what it reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.policy_files import policies
from eligibility.testing.background import changed, whole_pupil
from eligibility.testing.table_run import TableTests
from tests.case_builder import FAITH, LOW_INCOME, assessor, award, case, decided
from tests.policy_folders import Folders
from tests.testing.tables import WHOLE, failures, run


def cli(*words: str) -> Result:
    return CliRunner().invoke(main, ["policy", "test", *words], standalone_mode=False)


def test_a_test_that_holds_passes_and_one_that_does_not_says_what_was_decided(tmp_path: Path) -> None:
    text = WHOLE + "  - name: A mile is near\n    expect: not_entitled\n  - name: A mile is far\n    expect: entitled\n"
    assert failures(tmp_path, text) == ["outcome: expected entitled, decided not_entitled"]


def test_each_row_of_a_table_is_a_pupil_of_its_own(tmp_path: Path) -> None:
    text = WHOLE + (
        "  - name: The limit is 3 miles\n    columns: [measured.walking_mm, expect]\n    rows:\n"
        "      - [4828032, not_entitled]\n      - [4828033, entitled]\n      - [1, entitled]\n"
    )
    results, _ = run(tmp_path, text)
    assert [(result.test.row, result.passed) for result in results] == [(1, True), (2, True), (3, False)]


@pytest.mark.parametrize(
    ("expected", "pupil", "holds"),
    [
        ("met: walking_distance", {"measured.walking_mm": 4_828_033}, True),
        ("met: [walking_distance, special_needs]", {"measured.walking_mm": 4_828_033}, False),
        ("not_met: walking_distance", {}, True),
        ("not_known: walking_distance", {"measured.walking_mm": "not known"}, True),
        ("protected: null", {}, True),
        ("starts_on: 2018-09-04", {"measured.walking_mm": 4_828_033}, True),
        ("starts_on: 2018-09-05", {"measured.walking_mm": 4_828_033}, False),
        ("ends_on: null", {}, True),
        ("missing: [measured.walking_mm]", {"measured.walking_mm": "not known"}, True),
        ("missing: null", {"measured.walking_mm": "not known"}, False),
        ("notice: null", {}, True),
        ("advice: [waiting]", {"date_of_birth": "2010-05-14", "service.waiting_minutes.before_school": 30}, True),
        ("reason: 3 miles", {"measured.walking_mm": 4_828_033}, True),
        ("reason: 4 miles", {"measured.walking_mm": 4_828_033}, False),
        ("readings: {walking_limit_changes: {end_of_school_year: not_entitled}}", {}, True),
        ("readings: {walking_limit_changes: {end_of_school_year: entitled}}", {}, False),
    ],
)
def test_everything_that_a_decision_says_can_be_expected(
    tmp_path: Path, expected: str, pupil: dict[str, Any], *, holds: bool
) -> None:
    facts = json.dumps(pupil)
    told = failures(tmp_path, f"{WHOLE}  - name: A sentence\n    pupil: {facts}\n    expect: {{{expected}}}\n")
    assert (told == []) is holds


def test_what_is_expected_may_differ_from_version_to_version(tmp_path: Path) -> None:
    belief = json.dumps(FAITH)
    text = (
        "begin_with: whole_pupil\ntests:\n  - name: Belief counts no longer\n"
        f"    pupil: {belief}\n    expect: {{somerset-2016: entitled, somerset-2018: not_entitled}}\n"
    )
    results, mistakes = run(tmp_path, text)
    assert not mistakes
    assert [(result.policy, result.passed) for result in results] == [("somerset-2016", True), ("somerset-2018", True)]


def test_without_a_version_the_one_in_force_on_the_day_decides(tmp_path: Path) -> None:
    text = "begin_with: whole_pupil\non: 2017-09-05\ntests:\n  - name: A sentence\n    expect: not_entitled\n"
    results, _ = run(tmp_path, text)
    assert [result.policy for result in results] == ["somerset-2016"]


def test_every_test_can_be_decided_under_another_version_a_draft_too(tmp_path: Path) -> None:
    results, _ = run(tmp_path, WHOLE + "  - name: A sentence\n    expect: not_entitled\n", policy="england")
    assert [(result.policy, result.passed) for result in results] == [("england", True)]


def test_an_open_point_can_be_read_otherwise_for_a_test(tmp_path: Path) -> None:
    text = WHOLE + (
        "  - name: The lower limit holds on\n    pupil: {date_of_birth: 2010-09-04, measured.walking_mm: 4000000}\n"
        "    columns: [readings, expect]\n    rows:\n"
        "      - [{walking_limit_changes: eighth_birthday}, not_entitled]\n"
        "      - [{walking_limit_changes: end_of_school_year}, entitled]\n"
    )
    assert failures(tmp_path, text) == []


def test_without_a_background_nothing_is_known_that_is_not_said(tmp_path: Path) -> None:
    text = (
        "policy: england\ntests:\n  - name: A sentence\n    pupil:\n      date_of_birth: 2007-05-14\n"
        "      home.postcode: BA2 0AA\n      school.urn: 109329\n      travel_from: 2018-09-04\n"
        "    expect: need_information\n"
    )
    assert failures(tmp_path, text) == []


def test_a_length_in_miles_takes_the_place_of_one_in_millimetres() -> None:
    measured = changed(whole_pupil(), {"measured.walking_miles": "3"})["measured"]
    assert measured["walking_miles"] == "3"
    assert "walking_mm" not in measured


def test_nothing_entitles_the_pupil_that_tests_begin_with_and_nothing_is_missing() -> None:
    for version in policies().versions:
        decision = decided(policy=version)
        assert (decision.outcome, decision.missing) == ("not_entitled", [])
    assert case() == whole_pupil()


@pytest.mark.parametrize("changes", [{}, FAITH, FAITH | {"award": award("faith")}, LOW_INCOME, {"medical": {}}])
def test_a_table_test_sees_what_assess_decides(changes: dict[str, Any]) -> None:
    from eligibility.testing.decided import Decided

    data = case(**changes)
    found = Decided(assessor().matter(data, policy="somerset-2018"))
    decision = assessor().assess(data, policy="somerset-2018")
    assert found.outcome == decision.outcome
    assert found.grounds == decision.grounds
    assert found.protected == (decision.protected.ground if decision.protected else None)
    assert (found.dates.starts_on, found.dates.ends_on) == (decision.starts_on, decision.ends_on)
    assert (found.dates.missing, found.dates.notices) == (decision.missing, decision.notices)
    for other in decision.readings:
        assert found.outcome_under(other.name, other.other) == other.outcome


def test_the_command_prints_each_sentence_and_the_reasons_of_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(WHOLE + "  - name: A mile is far\n    expect: {met: walking_distance}\n", encoding="utf-8")
    done = cli(str(path))
    assert done.return_value == 1
    assert "FAILED  A mile is far" in done.stdout
    assert "mine.yaml:5:19: walking_distance: expected met, decided not_met" in done.stdout
    assert "2 miles short of 3 miles. [Education Act 1996, Schedule 35B, paragraph 6" in done.stdout
    assert "1 sentence of policy held against 1 decision: 1 failed." in done.stdout


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_the_command_gives_its_results_as_data(tmp_path: Path, form: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(WHOLE + "  - name: A mile is near\n    expect: not_entitled\n", encoding="utf-8")
    done = cli(str(path), "--format", form)
    assert done.return_value == 0
    if form == "csv":
        assert (
            done.stdout.splitlines()[1]
            == f"{tmp_path.name}/mine.yaml,4,A mile is near,,somerset-2018,passed,not_entitled,"
        )
        return
    found = json.loads(done.stdout)
    (entry,) = found["tests"] if form == "json" else [found]
    assert (entry["name"], entry["result"], entry["line"]) == ("A mile is near", "passed", 4)


def test_a_version_named_takes_what_is_about_it_and_an_unknown_one_is_wrong_usage() -> None:
    done = cli("england", "--only", "boarding", "--format", "jsonl")
    assert {json.loads(line)["policy"] for line in done.stdout.splitlines()} == {"england"}
    assert "did you mean somerset-2018?" in str(cli("somerset-2108").exception)
    assert "no test says “nonsense”" in str(cli("--only", "nonsense").exception)


def test_a_new_draft_comes_with_a_first_test_that_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = Folders(tmp_path)
    monkeypatch.setattr("eligibility.folders._PACKAGE", tmp_path / "eligibility")
    monkeypatch.chdir(tmp_path)
    words = ["policy", "new", "no-faith", "--from", "somerset-2016", "--withdraw", "faith"]
    done = CliRunner().invoke(main, words, standalone_mode=False)
    assert (done.stdout, done.stderr) == (
        "policy_versions/drafts/no-faith.yaml\n",
        "edtravel: its first test is in policy_versions/tests/no-faith.yaml; `edtravel policy test` runs it\n",
    )
    tests = TableTests(folders.assessor().policies)
    results = list(tests.run([folders.versions / "tests" / "no-faith.yaml"]))
    assert not tests.mistakes.found
    assert {result.policy: result.passed for result in results} == {"somerset-2016": True, "no-faith": True}
