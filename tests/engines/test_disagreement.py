"""Where the engines disagree on a case it gets no decision, the others go on; where there is one engine, it is said."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eligibility.assess import Assessor
from eligibility.commands import main
from eligibility.engines import reference
from eligibility.engines.durable import DurableEngine
from eligibility.engines.durable_rules_form import Ruleset, compile_ruleset
from eligibility.errors import Disagreement, PolicyError
from eligibility.in_force import InForce
from eligibility.language.expressions import And, Compare, Expression, Name, Not, Or
from tests.case_builder import THREE_MILES, case
from tests.conftest import PROJECT
from tests.language.policy_mistakes import findings
from tests.policy_folders import Folders

SENTENCE = re.compile(
    r"no decision: the engines disagree on [\w@:\[\].]+ under somerset-2018 "
    r"\(reference: not met; durable: met\)( and on \d+ more that may follow from it)?"
)


def loosened(test: Expression) -> Expression:
    """The same condition with "more than" a walking limit made "at least"."""
    match test:
        case And(parts):
            return And(tuple(map(loosened, parts)))
        case Or(parts):
            return Or(tuple(map(loosened, parts)))
        case Not(part):
            return Not(loosened(part))
        case Compare(">", Name("walking_mm"), right):
            return Compare(">=", Name("walking_mm"), right)
        case _:
            return test


def wrong(book: InForce) -> Ruleset:
    """The ruleset of a version with one bound changed: exactly three miles is beyond walking distance."""
    changed = {name: loosened(test) for name, test in book.conclusions.items()}
    assert changed != book.conclusions
    return compile_ruleset(replace(book, conclusions=changed))


def on_the_limit(reference: str) -> dict[str, Any]:
    return case(reference=reference, **{"measured.walking_mm": THREE_MILES})


def test_an_engine_with_one_bound_changed_leaves_the_case_undecided_and_names_the_rule() -> None:
    with Assessor(second=DurableEngine(compiled=wrong)) as assessor:
        with pytest.raises(Disagreement) as told:
            assessor.assess(on_the_limit("A-1"))
        assert SENTENCE.fullmatch(told.value.message)
        assert assessor.assess(case()).checked_by == ["reference", "durable"]
        with pytest.raises(Disagreement, match=r"under somerset-201[68]"):
            assessor.compare(on_the_limit("A-1"), versions=("somerset-2016", "somerset-2018"))


def proving_both(book: InForce) -> Ruleset:
    """The ruleset of a version that also proves of every pupil to be beyond walking distance."""
    made = compile_ruleset(book)
    short = made.conclusions["walking_distance"]
    made.rules[f"t:{short}.more"] = {"all": [{"m": {"phase": 0}}], "run": f"t:{short}.more"}
    return made


def test_an_engine_that_proves_a_rule_and_its_opposite_leaves_the_case_undecided_and_names_the_rule() -> None:
    with Assessor(second=DurableEngine(compiled=proving_both)) as assessor:
        said = r"disagree on walking_distance under \S+ \(reference: not met; durable: both met and not met\)$"
        with pytest.raises(Disagreement, match=said):
            assessor.assess(case())


@pytest.fixture
def wrong_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every engine started from here on is built wrong."""
    build_wrong(monkeypatch)


def build_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = DurableEngine.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "compiled", wrong)


def file_of(folder: Path, *cases: dict[str, Any]) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in cases), encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("command", ["assess", "compare"])
def test_the_other_cases_are_decided_and_the_command_fails(
    command: str, tmp_path: Path, wrong_by_default: None
) -> None:
    unusable = {"reference": "A-3", "date_of_birth": "tomorrow"}
    cases = file_of(tmp_path, case(reference="A-1"), on_the_limit("A-2"), unusable, case(reference="A-4"))
    done = run(command, cases, "--format", "jsonl")
    assert done.exit_code == 1
    assert [json.loads(line)["reference"] for line in done.stdout.splitlines()] == ["A-1", "A-4"]
    rejected = (tmp_path / "cases.rejects.csv").read_text(encoding="utf-8")
    assert "the engines disagree on" in rejected
    (sentence,) = [line for line in done.stderr.splitlines() if "disagree" in line]
    assert re.search(r"no decision: the engines disagree on \S+ under somerset-201[68]", sentence)
    assert not [private for private in ("2007", "BA2", str(THREE_MILES)) if private in done.stderr]


def test_a_recorded_decision_on_which_the_engines_disagree_now_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = file_of(tmp_path, case(reference="A-1"), on_the_limit("A-2"))
    recorded = tmp_path / "decisions.jsonl"
    recorded.write_text(run("assess", cases, "--format", "jsonl").stdout, encoding="utf-8")
    build_wrong(monkeypatch)
    again = run("replay", recorded)
    assert again.exit_code == 1
    assert "decision 2: no decision: the engines disagree on" in again.stderr
    assert [json.loads(line)["reference"] for line in again.stdout.splitlines()] == ["A-1"]


def test_what_is_said_of_the_other_version_is_checked_too_whatever_the_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong_before(book: InForce) -> Ruleset:
        return wrong(book) if book.version.id == "somerset-2016" else compile_ruleset(book)

    defaults = DurableEngine.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "compiled", wrong_before)
    cases = file_of(tmp_path, on_the_limit("A-1"))
    for form in ("text", "json", "jsonl", "csv"):
        done = run("assess", cases, "--policy", "somerset-2018", "--format", form)
        assert done.exit_code == 1
        assert "under somerset-2016" in done.stderr


@pytest.mark.parametrize("wrong_part", ["outcome", "settle"])
def test_an_outcome_that_does_not_follow_from_the_conclusions_leaves_the_case_undecided(
    wrong_part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, wrong_part, lambda *_: "entitled")
    with Assessor() as assessor, pytest.raises(Disagreement, match="disagree on the outcome under somerset-2018"):
        assessor.assess(case())


def test_a_record_that_cannot_be_decided_again_does_not_keep_the_others_back(tmp_path: Path) -> None:
    cases = file_of(tmp_path, case(reference="A-1"), case(reference="A-2"), case(reference="A-3"))
    lines = run("assess", cases, "--format", "jsonl").stdout.splitlines()
    spoilt = json.loads(lines[1])
    spoilt["provenance"]["case"]["date_of_birth"] = "tomorrow"
    recorded = tmp_path / "decisions.jsonl"
    recorded.write_text("\n".join([lines[0], json.dumps(spoilt), lines[2]]), encoding="utf-8")
    again = run("replay", recorded)
    assert again.exit_code == 4
    assert "decision 2: the recorded case can no longer be decided" in again.stderr
    assert [json.loads(line)["reference"] for line in again.stdout.splitlines()] == ["A-1", "A-3"]


def test_a_table_says_of_each_decision_which_engines_checked_it(tmp_path: Path) -> None:
    cases = file_of(tmp_path, case(reference="A-1"))
    (row,) = csv.DictReader(run("assess", cases, "--format", "csv").stdout.splitlines())
    assert row["checked_by"] == "reference;durable"
    (row,) = csv.DictReader(run("compare", cases, "--format", "csv").stdout.splitlines())
    assert (row["old_checked_by"], row["new_checked_by"]) == ("reference;durable", "reference;durable")


def test_cases_in_a_file_are_decided_though_standard_input_is_closed(tmp_path: Path) -> None:
    cases = file_of(tmp_path, case(reference="A-1"))
    words = [sys.executable, "-m", "cli", "assess", str(cases), "--format", "csv"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *words], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


NOT_HERE = "durable-rules, the second engine, is not installed or does not run on this Python"
# Python finds no durable-rules, as where it is not installed.
WITHOUT = """
import sys
sys.modules["durable_rules_engine"] = None
from eligibility.commands import main
main(sys.argv[1:])
"""


def without_durable_rules(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT, *map(str, words)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_without_durable_rules_decisions_say_that_one_engine_checked_them(tmp_path: Path) -> None:
    cases = file_of(tmp_path, case(reference="A-1"), case(reference="A-2"))
    page = without_durable_rules("assess", cases)
    assert page.returncode == 0
    assert page.stdout.count("Checked by one engine.") == 2
    assert page.stderr.splitlines() == [
        f"edtravel: 2 of 2 checked by one engine: {NOT_HERE}",
    ]
    record = without_durable_rules("assess", cases, "--format", "jsonl")
    assert [json.loads(line)["checked_by"] for line in record.stdout.splitlines()] == [["reference"]] * 2


def test_with_durable_rules_decisions_say_that_two_engines_checked_them(tmp_path: Path) -> None:
    cases = file_of(tmp_path, case())
    page = run("assess", cases)
    assert (page.exit_code, page.stderr) == (0, "")
    assert page.stdout.count("Checked by two engines.") == 1
    found = json.loads(run("compare", cases, "--format", "json").stdout)
    assert [each["checked_by"] for each in found["decisions"]] == [["reference", "durable"]] * 2


@pytest.mark.parametrize("recorded_alone", [True, False])
def test_a_decision_is_made_again_to_the_byte_by_another_number_of_engines_and_that_is_said(
    recorded_alone: bool, tmp_path: Path
) -> None:
    cases, path = file_of(tmp_path, case()), tmp_path / "decision.json"
    command = ("assess", cases, "--format", "json")
    path.write_text((without_durable_rules if recorded_alone else run)(*command).stdout, encoding="utf-8")
    again = (run if recorded_alone else without_durable_rules)("replay", path)
    assert again.stdout == path.read_text(encoding="utf-8")
    numbers = ("two engines", "one engine") if recorded_alone else ("one engine", "two engines")
    assert again.stderr.splitlines() == [
        f"edtravel: checked by {numbers[0]} this time, when it was recorded by {numbers[1]}",
        "edtravel: the same decision, byte for byte",
    ]


def test_a_record_that_names_an_engine_there_is_not_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    found = json.loads(run("assess", file_of(tmp_path, case()), "--format", "json").stdout)
    path.write_text(json.dumps({**found, "checked_by": ["reference", "oracle"]}), encoding="utf-8")
    again = run("replay", path)
    assert again.exit_code == 4
    assert "checked_by differs" in again.stderr


def test_a_case_is_checked_from_any_folder(tmp_path: Path) -> None:
    cases = file_of(tmp_path, case())
    (tmp_path / "durable.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    script = "from eligibility.commands import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, "assess", cases.name, "--format", "json"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["checked_by"] == ["reference", "durable"]


def test_a_rule_of_too_many_clauses_is_found_by_the_check_of_the_policies(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    parts = " and ".join(f"(walking_mm > {number} or road_mm > {number})" for number in range(1, 10))
    written = f"conditions:\n  - test: {parts}\n    otherwise: it is not far\n"
    folders.replace("rules/grounds/walking_distance.yaml", "conditions:\n", written)
    (found,) = [line for line in findings(folders) if "clauses" in line]
    assert found.startswith("rules/grounds/walking_distance.yaml:")
    assert "walking_distance comes to more than 256 clauses, which the second engine does not take" in found
    with pytest.raises(PolicyError, match="comes to more than 256 clauses"):
        folders.assessor().assess(case())


def test_who_is_done_with_an_assessor_ends_the_process_of_its_second_engine() -> None:
    with Assessor() as assessor:
        assert assessor.second is not None
        assert assessor.assess(case()).checked_by == ["reference", "durable"]
        assert assessor.second.process_id is not None
    assert assessor.second.process_id is None
