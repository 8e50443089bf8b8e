"""Sentences held against a draft: which of the version it is made from it breaks, and which cannot be held."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.new_draft import draft_text
from eligibility.policy import Policies
from eligibility.policy_files import policies, with_draft
from eligibility.testing.held_to import NotHeld
from eligibility.testing.table_run import Result, TableTests

DRAFT = "nearest-only"
AREA = """\
    pupil:
      measured: {nearest_school: false, nearest_ignoring_places: false, nearer_suitable_schools: 1, walking_mm: 6000000}
      measured.transport_area_school: true
"""
FILE = "begin_with: whole_pupil\ntests:\n  - name: The school of the transport area carries\n" + AREA
OTHERS = """\
  - name: A mile is near
    policy: [somerset-2016, somerset-2018]
    expect: not_entitled
  - name: Only statute says so
    policy: england
    expect: not_entitled
"""


@functools.cache
def drafted() -> Policies:
    text = draft_text(policies(), DRAFT, policies().version("somerset-2018"), withdraw=["transport_area"])
    return with_draft(policies(), text, f"{DRAFT}.yaml")


def hold(folder: Path, text: str, held: Policies | None = None, policy: str = DRAFT) -> tuple[list[Result], TableTests]:
    path = folder / "a.yaml"
    path.write_text(text, encoding="utf-8")
    tests = TableTests(held or drafted(), policy=policy)
    results = list(tests.run([path]))
    assert not tests.mistakes.found
    return results, tests


def told(not_held: list[NotHeld]) -> list[tuple[str, str]]:
    return [(each.test.name, each.why) for each in not_held]


def test_a_draft_is_held_to_what_is_expected_of_the_version_it_is_made_from(tmp_path: Path) -> None:
    text = FILE + "    expect: {somerset-2016: entitled, somerset-2018: {outcome: entitled, met: transport_area}}\n"
    (result,), tests = hold(tmp_path, text)
    assert (result.policy, result.expected_of, result.broken) == (DRAFT, "somerset-2018", True)
    assert [failure.about for failure in result.failures] == ["outcome", "transport_area"]
    assert tests.not_held == []


def test_what_the_file_expects_of_the_draft_itself_takes_the_place_of_that(tmp_path: Path) -> None:
    text = FILE + f"    expect: {{somerset-2018: entitled, {DRAFT}: not_entitled}}\n"
    (result,), _ = hold(tmp_path, text)
    assert (result.expected_of, result.passed) == ("", True)


def test_a_sentence_that_failed_before_the_draft_is_not_broken_by_it(tmp_path: Path) -> None:
    (result,), _ = hold(tmp_path, FILE + "    expect: {somerset-2018: refer}\n")
    assert (result.passed, result.broken) == (False, False)


def test_a_draft_of_a_draft_is_held_to_the_nearest_that_the_file_speaks_of(tmp_path: Path) -> None:
    text = draft_text(
        drafted(), "second", replace(drafted().version(DRAFT), draft=False), change={"waiting_guideline": "9"}
    )
    held = with_draft(drafted(), text, "second.yaml")
    one = FILE + f"    expect: {{somerset-2018: entitled, {DRAFT}: not_entitled}}\n"
    assert [(each.expected_of, each.passed) for each in hold(tmp_path, one, held, "second")[0]] == [(DRAFT, True)]
    other = FILE + "    expect: {somerset-2018: entitled}\n"
    assert [(each.expected_of, each.broken) for each in hold(tmp_path, other, held, "second")[0]] == [
        ("somerset-2018", True)
    ]


def test_a_sentence_of_other_versions_is_not_held_and_named(tmp_path: Path) -> None:
    results, tests = hold(tmp_path, FILE + "    expect: {somerset-2016: entitled}\n" + OTHERS)
    assert [(result.test.name, result.passed) for result in results] == [("A mile is near", True)]
    assert told(tests.not_held) == [
        (
            "The school of the transport area carries",
            f"it is a sentence of somerset-2016, and {DRAFT} is made from somerset-2018",
        ),
        ("Only statute says so", f"it is a sentence of england, and {DRAFT} is made from somerset-2018"),
    ]


def test_of_a_draft_whose_base_is_not_known_nothing_is_taken_over(tmp_path: Path) -> None:
    held = drafted()
    unknown = replace(held, versions={**held.versions, DRAFT: replace(held.version(DRAFT), replaces="")})
    results, tests = hold(tmp_path, FILE + "    expect: {somerset-2018: entitled}\n", unknown)
    assert results == []
    assert told(tests.not_held)[0][1] == (
        f"it is a sentence of somerset-2018, and {DRAFT} does not say which version it is made from"
    )


def test_a_version_in_force_takes_nothing_over_and_says_what_was_not_held(tmp_path: Path) -> None:
    results, tests = hold(tmp_path, FILE + "    expect: {somerset-2016: entitled}\n" + OTHERS, policy="somerset-2018")
    assert [result.passed for result in results] == [True, True]
    assert [why for _, why in told(tests.not_held)] == [
        "it is a sentence of somerset-2016, and expects nothing of somerset-2018"
    ]


def test_a_sentence_that_reads_what_the_version_does_not_ask_is_not_held(tmp_path: Path) -> None:
    text = "policy: somerset-2018\nbegin_with: whole_pupil\ntests:\n  - name: A\n"
    text += "    readings: {protection_scope: every_change}\n    expect: not_entitled\n"
    results, tests = hold(tmp_path, text, policy="england")
    assert results == []
    assert "it reads an open point otherwise, and england has no open point protection_scope" in told(tests.not_held)[0]


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("eligibility.policy_files.policies", drafted)
    return tmp_path / "a.yaml"


def cli(path: Path, text: str, *words: str) -> tuple[int, str, str]:
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["policy", "test", str(path), "--policy", DRAFT, *words], standalone_mode=False)
    return done.return_value, done.stdout, done.stderr


def test_the_command_shows_what_the_draft_breaks_and_what_was_not_held(ready: Path) -> None:
    code, page, _ = cli(ready, FILE + "    expect: {somerset-2016: entitled, somerset-2018: entitled}\n" + OTHERS)
    assert code == 1
    assert "  BROKEN  The school of the transport area carries\n" in page
    assert f"under {DRAFT}, in place of somerset-2018: not_entitled" in page
    assert f"1 sentence: it is a sentence of england, and {DRAFT} is made from somerset-2018" in page
    assert "\n    Only statute says so (" in page
    assert page.endswith(f"2 sentences of policy held against 2 decisions: 1 broken by {DRAFT}; 1 sentence not held.\n")


def test_the_command_fails_where_nothing_could_be_held(ready: Path) -> None:
    code, page, errors = cli(ready, FILE + "    expect: {somerset-2016: entitled}\n")
    assert code == 1
    assert "nothing was held; 1 sentence not held." in page
    assert errors == f"edtravel: nothing could be held against {DRAFT}\n"


def test_the_command_tells_what_was_not_held_as_data_too(ready: Path) -> None:
    text = FILE + "    expect: {somerset-2018: entitled}\n" + OTHERS
    lines = [json.loads(line) for line in cli(ready, text, "--format", "jsonl")[1].splitlines()]
    assert [line["result"] for line in lines] == ["broken", "passed", "not_held"]
    assert lines[2]["why"] in cli(ready, text, "--format", "csv")[1]
