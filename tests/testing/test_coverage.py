"""What the tests of a policy exercise: every answer, edge and choice, read off the rules themselves."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.folders import table_test_folders
from eligibility.language.expressions import Compare, atoms
from eligibility.policy_files import policies
from eligibility.testing.coverage import ALONE, Covered, Item, coverage
from eligibility.testing.table_run import Result, TableTests, files_of
from tests.case_builder import THREE_MILES, TWO_MILES
from tests.testing.tables import WHOLE, run


@functools.cache
def shipped() -> tuple[list[Result], dict[str, Covered]]:
    tests = TableTests(policies())
    files, _ = files_of([], policies(), table_test_folders())
    results = list(tests.run(files))
    assert not tests.mistakes.found
    return results, coverage(policies(), results)


def covered(folder: Path, text: str) -> Covered:
    results, mistakes = run(folder, text)
    assert not mistakes
    (found,) = coverage(policies(), results).values()
    return found


def edges(folder: Path, walking_mm: int, **more: str) -> set[str]:
    facts = "".join(f", {name}: {value}" for name, value in more.items())
    pupil = f"{{measured.walking_mm: {walking_mm}{facts}}}"
    text = f"{WHOLE}  - name: A\n    pupil: {pupil}\n    expect: {{readings: {{}}, protected: null}}\n"
    found = covered(folder, text)
    on_foot = "the shortest available walking route to the school is longer than 3 miles"
    return {item.which for item, tests in found.items.items() if item.about == on_foot and tests}


def test_the_shipped_sentences_hold_and_exercise_every_answer_edge_and_choice() -> None:
    results, found = shipped()
    assert [(result.test.name, result.failures) for result in results if not result.passed] == []
    assert {version: each.percent for version, each in found.items()} == dict.fromkeys(policies().versions, 100)


def test_every_comparison_of_numbers_or_days_in_the_rules_has_both_its_edges_among_what_is_to_exercise() -> None:
    from eligibility.in_force import Books

    for version, each in shipped()[1].items():
        book = Books(policies()).of(policies().version(version))
        compared = {
            (atom.operator, str(atom.left).partition("@")[0], str(atom.right).partition("@")[0])
            for test in book.conclusions.values()
            for atom in atoms(test)
            if isinstance(atom, Compare) and atom.operator in {"<", "<=", ">", ">="}
        }
        told = [item for item in each.items if item.kind == "boundary"]
        assert len(told) == 2 * len({item.about for item in told})
        assert len(told) >= len(compared)


@pytest.mark.parametrize(
    ("walking_mm", "which"),
    [
        (THREE_MILES - 1, set()),
        (THREE_MILES, {"exactly that"}),
        (THREE_MILES + 1, {"one millimetre more"}),
        (THREE_MILES + 2, set()),
        (TWO_MILES, set()),
    ],
)
def test_a_boundary_is_exercised_to_the_millimetre(tmp_path: Path, walking_mm: int, which: set[str]) -> None:
    assert edges(tmp_path, walking_mm) == which


def test_a_boundary_is_not_exercised_where_a_step_across_changes_nothing(tmp_path: Path) -> None:
    assert edges(tmp_path, THREE_MILES, resident="false") == set()


def test_a_test_that_fails_exercises_nothing(tmp_path: Path) -> None:
    found = covered(tmp_path, WHOLE + "  - name: A\n    expect: entitled\n")
    assert found.exercised == 0


def test_a_ground_that_is_met_beside_another_does_not_decide_alone(tmp_path: Path) -> None:
    pupil = "{measured.walking_mm: 4828033, measured.transport_area_school: true}"
    found = covered(tmp_path, f"{WHOLE}  - name: A\n    pupil: {pupil}\n    expect: entitled\n")
    assert found.items[Item("ground", "walking_distance", "met")] == ["A"]
    assert found.items[Item("ground", "walking_distance", ALONE)] == []


def test_an_age_is_exercised_on_the_birthday_and_the_day_before(tmp_path: Path) -> None:
    pupil = "{date_of_birth: 2010-09-05, measured.walking_mm: 4000000, school.started_on: 2016-09-05}"
    found = covered(tmp_path, f"{WHOLE}  - name: A\n    pupil: {pupil}\n    expect: entitled\n")
    about = "the child's age on the day is less than 8"
    assert found.missing("boundary")[about] == ["on that birthday"]


def test_the_command_says_what_is_not_exercised_and_fails_under_a_share(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(WHOLE + "  - name: A mile is near\n    expect: not_entitled\n", encoding="utf-8")
    words = ["policy", "test", str(path), "--coverage", "--fail-under", "50"]
    done = CliRunner().invoke(main, words, standalone_mode=False)
    assert done.return_value == 1
    assert "Edges of boundaries that no test exercises" in done.stdout
    assert "is longer than 3 miles: exactly that; one millimetre more" in done.stdout
    assert "which is less than 50%" in done.stderr
    assert CliRunner().invoke(main, [*words[:-1], "1"], standalone_mode=False).return_value == 0
