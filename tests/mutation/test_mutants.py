"""The wrong changes that mutation testing makes, and that a wrong rule is noticed and a right one is not."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eligibility.errors import PolicyError
from eligibility.policy_files import load_policies
from mutation.code_files import code_mutants
from mutation.data_files import data_mutants
from mutation.equivalents import equivalents
from mutation.mutants import Mutant
from mutation.noting import begin, noted, statements
from mutation.order import ORACLE, Changed, Note, changed_by, in_order
from mutation.subjects import DATA, SUBJECTS, files, mutants, names
from mutation.trial import WORKER
from tests.conftest import PROJECT

WALKING = "rules/definitions/distance.yaml"
WORDS_ALONE = {"rules/words.yaml", "rules/review.yaml"}
"""Files with nothing but words for people, which are left alone: nothing in them decides."""
DATA_FILES = [file for subject in SUBJECTS for file in files(PROJECT, subject) if file.endswith(".yaml")]


def of(file: str, text: str | None = None) -> list[Mutant]:
    return data_mutants(file, text or (PROJECT / file).read_text(encoding="utf-8"), names(PROJECT))


def changes(made: list[Mutant]) -> set[tuple[str, str]]:
    return {(mutant.old, mutant.new) for mutant in made}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_mutant_differs_from_what_is_right_and_has_a_name_of_its_own(subject: str) -> None:
    made = [(mutant, text) for mutant, text in mutants(PROJECT, subject)]
    right = {file: (PROJECT / file).read_text(encoding="utf-8") for file in files(PROJECT, subject)}
    assert {mutant.file for mutant, _ in made} == set(right) - WORDS_ALONE
    assert not [mutant.name for mutant, text in made if text == right[mutant.file]]
    assert max(Counter(mutant.name for mutant, _ in made).values()) == 1
    assert max(Counter(text for _, text in made).values()) == 1


def test_every_file_of_rules_and_policy_is_changed() -> None:
    assert set(DATA_FILES) == {p.relative_to(PROJECT).as_posix() for pattern in DATA for p in PROJECT.glob(pattern)}


def test_a_bound_is_moved_a_condition_dropped_and_a_name_taken_for_another() -> None:
    made = changes(of(WALKING))
    assert ("walking_mm > walking_limit", "(walking_mm >= walking_limit)") in made
    assert ("walking_mm > walking_limit", "(walking_mm <= walking_limit)") in made
    assert ("route_unsafe and on < route_safe_from", "route_unsafe") in made
    assert ("route_unsafe and on < route_safe_from", "route_unsafe or on < route_safe_from") in made
    assert ("not can_walk", "can_walk") in made
    assert ("medical_from", "medical_until") in made
    (whole,) = [one for one in of("rules/grounds/walking_distance.yaml") if one.old.startswith("  - test: resident")]
    assert whole.new == ""


def test_a_figure_is_moved_by_its_last_digit_a_day_by_one_and_a_reading_flipped() -> None:
    made = changes(of("policy_versions/england.yaml"))
    assert {("7400.00", "7399.99"), ("7400.00", "7400.01"), ("2018-04-01", "2018-03-31")} <= made
    assert {("2018-04-01", "2019-04-01"), ("08-31", "09-01"), ("last friday of june", "last thursday of june")} <= made
    assert ("eighth_birthday", "end_of_school_year") in made
    assert ("2016-10-21", "2016-10-22") in changes(of("policy_versions/calendars/somerset.yaml"))


def test_what_is_said_to_people_is_left_alone() -> None:
    text = 'ground: far\ntitle: Far 3\nkind: local\nsource: section 3\nmet: "{walking_mm} true"\nnot_met: false\n'
    assert {mutant.place for mutant in of("rules/grounds/far.yaml", text)} == {"kind", "not_met"}


def test_changed_code_can_still_be_read_and_messages_are_left_alone() -> None:
    text = 'def far(mm=3):\n    if mm < 0:\n        raise ValueError(f"{mm + 1} is below 0")\n    return mm > 5\n'
    made = code_mutants("far.py", text)
    for mutant in made:
        ast.parse(mutant.applied(text))
    assert {("mm < 0", "(mm <= 0)"), ("mm > 5", "(mm >= 5)"), ("5", "6"), ("3", "2")} <= changes(made)
    assert not [mutant for mutant in made if "below" in mutant.old and mutant.new != "pass"]


def test_most_changed_files_can_be_loaded_so_that_it_is_for_the_tests_to_catch_them(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "rules", tmp_path / "rules")
    shutil.copytree(PROJECT / "policy_versions", tmp_path / "policy_versions")
    loaded = 0
    made = [(mutant, text) for mutant, text in mutants(PROJECT, "rules") if mutant.file == WALKING][::5]
    for mutant, text in made:
        (tmp_path / mutant.file).write_text(text, encoding="utf-8")
        with contextlib.suppress(PolicyError):
            load_policies(tmp_path / "rules", tmp_path / "policy_versions")
            loaded += 1
    assert loaded > len(made) / 2


def test_each_mutant_listed_as_equivalent_is_one_that_is_made_and_has_its_reason() -> None:
    made = {mutant.name for subject in SUBJECTS for mutant, _ in mutants(PROJECT, subject)}
    assert set(equivalents()) <= made
    assert all(len(reason.split()) > 5 for reason in equivalents().values())


CODE = "def far(mm):\n    if mm > 5:\n        return True\n    return False\n"


def test_a_file_notes_which_of_its_statements_are_run() -> None:
    seen = begin()
    made: dict[str, Any] = {}
    exec(noted(CODE), made)  # noqa: S102 - the text above
    names = [name for _, name, _ in statements(ast.parse(CODE))]
    assert made["far"](6)
    assert seen == set(names[:2])
    seen.clear()
    assert not made["far"](5)
    assert seen == {names[0], names[2]}


def test_the_statement_that_a_mutant_changes_keeps_its_name_where_lines_are_put_before_it() -> None:
    later = "import math\n\n" + CODE
    first, second = (
        {(one.old, one.new): changed_by(one, text).statement for one in code_mutants("far.py", text)}
        for text in (CODE, later)
    )
    assert first == second
    assert len(set(first.values())) == 3


def test_the_cheapest_test_that_runs_the_changed_statement_comes_first_and_the_dear_ones_are_spared() -> None:
    runs = frozenset({"changed"})
    notes = {
        "dear": Note(9.0, fails=False, runs=runs),
        "cheap": Note(0.1, fails=False, runs=runs),
        "elsewhere": Note(0.01, fails=False, runs=frozenset()),
        "broken": Note(0.1, fails=True, runs=runs),
        "catches": Note(5.0, fails=False, runs=runs),
    }
    tests = [*notes, "written since"]
    ordered = in_order(tests, notes, Changed("changed"), {"catches": 99}, 100)
    assert ordered == ["written since", "catches", "cheap", "dear", "elsewhere"]
    assert in_order(tests, notes, Changed("changed"), {}, 3) == ["written since", "cheap", "catches"]
    function = Changed("changed", frozenset({"changed", "seldom run"}))
    notes["rare"] = Note(0.2, fails=False, runs=function.function)
    assert in_order(tests, notes, function, {}, 100)[:3] == ["written since", "cheap", "catches"]
    assert in_order([*tests, "rare"], notes, function, {}, 100)[:3] == ["written since", "rare", "cheap"]


def test_a_wrong_rule_is_caught_and_a_right_one_is_not(tmp_path: Path) -> None:
    for folder in ("eligibility", "rules", "policy_versions"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests").mkdir()
    oracle = ("__init__", "conftest", "oracle", "oracle_dates", "oracle_grounds", "pupils", "test_oracle")
    for file in ("pyproject.toml", *(f"tests/{name}.py" for name in oracle)):
        shutil.copy(PROJECT / file, tmp_path / file)
    right = (PROJECT / WALKING).read_text(encoding="utf-8")
    wrong = right.replace("walking_mm > walking_limit\n", "walking_mm >= walking_limit\n")
    lost = right.replace("  - name: beyond_walking_distance", "  - name: further")
    code = (PROJECT / "eligibility/outcome.py").read_text(encoding="utf-8")
    asked = [{"file": WALKING, "text": text} for text in (right, wrong, lost)]
    asked += [{"file": "eligibility/outcome.py", "text": text} for text in (code, code.replace("and want_missing", ""))]
    told = subprocess.run(
        [sys.executable, "-P", WORKER, "policy", "30"],
        input="".join(json.dumps(one | {"order": [ORACLE]}) + "\n" for one in asked),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    tests, *answers = map(json.loads, told.stdout.splitlines())
    assert ORACLE in tests
    verdicts = [answer["verdict"] for answer in answers]
    assert verdicts == ["survived", "caught", "refused", "survived", "survived"]
    assert (tmp_path / WALKING).read_text(encoding="utf-8") == right
