"""A recorded decision is made again, and whoever changed what it rests on is found out."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eligibility import sample_county
from eligibility.commands import main
from tests.geography.county import drawing, line

FROM_THE_RECORD = "distances taken from the record, not measured again"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def recorded(folder: Path, *words: str | Path) -> Path:
    done = run(*words)
    assert done.exit_code == 0, done.stderr
    path = folder / "decision.json"
    path.write_text(done.stdout)
    return path


def sample(command: str, form: str = "json") -> tuple[str, ...]:
    return (command, "--sample", "--format", form)


@pytest.mark.parametrize("form", ["json", "jsonl"])
@pytest.mark.parametrize("command", ["assess", "compare"])
def test_what_was_recorded_is_made_again_to_the_byte(command: str, form: str, tmp_path: Path) -> None:
    path = recorded(tmp_path, *sample(command, form))
    again = run("replay", path)
    assert (again.exit_code, again.stdout) == (0, path.read_text())
    assert again.stderr.splitlines() == [
        f"edtravel: {FROM_THE_RECORD}",
        "edtravel: the same decision, byte for byte",
    ]


def test_measured_again_in_the_same_area_nothing_is_taken_from_the_record(tmp_path: Path) -> None:
    path = recorded(tmp_path, *sample("compare"))
    again = run("replay", path, "--area", sample_county.path())
    assert (again.exit_code, again.stdout) == (0, path.read_text())
    assert FROM_THE_RECORD not in again.stderr


def test_either_decision_of_a_comparison_is_made_again_alone(tmp_path: Path) -> None:
    for decision in json.loads(recorded(tmp_path, *sample("compare")).read_text())["decisions"]:
        alone = tmp_path / "alone.json"
        alone.write_text(json.dumps(decision, ensure_ascii=False, indent=2) + "\n")
        again = run("replay", alone)
        assert (again.exit_code, again.stdout) == (0, alone.read_text())


def test_several_comparisons_are_a_list(tmp_path: Path) -> None:
    pupil = str(sample_county.pupil())
    path = recorded(tmp_path, "compare", pupil, pupil, "--sample", "--format", "json")
    again = run("replay", path)
    assert (again.exit_code, again.stdout) == (0, path.read_text())


def changed(path: Path, change: Any) -> Path:
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))
    return path


def test_a_comparison_that_was_edited_is_found_out(tmp_path: Path) -> None:
    path = recorded(tmp_path, *sample("compare"))
    again = run("replay", changed(path, lambda found: found.update(changed=False)))
    assert again.exit_code == 4
    assert "changed differs" in again.stderr
    path = recorded(tmp_path, *sample("compare"))
    again = run("replay", changed(path, lambda found: found["decisions"][0].update(outcome="refer")))
    assert again.exit_code == 4
    assert "under somerset-2016, outcome was refer, is entitled" in again.stderr


def test_another_area_is_said_to_be_another(tmp_path: Path) -> None:
    path = recorded(tmp_path, *sample("assess"))
    made = drawing(tmp_path, [line((0, 0), (1000, 0))], (1000, 0), (0, 0))
    made.build()
    again = run("replay", path, "--area", tmp_path / "area.gpkg")
    assert again.exit_code == 4
    assert "measured in another area" in again.stderr


def test_a_decision_made_without_an_area_has_no_distances_of_an_area(tmp_path: Path) -> None:
    path = recorded(tmp_path, "assess", sample_county.pupil(), "--format", "json")
    again = run("replay", path)
    assert again.exit_code == 0
    assert FROM_THE_RECORD not in again.stderr


@pytest.mark.parametrize("command", ["assess", "compare", "replay"])
def test_an_area_changed_by_hand_decides_nothing(command: str, tmp_path: Path) -> None:
    case = recorded(tmp_path, *sample("assess")) if command == "replay" else sample_county.pupil()
    area = tmp_path / "changed.gpkg"
    shutil.copy(sample_county.path(), area)
    with sqlite3.connect(area) as base:
        base.execute("UPDATE edge SET length_um = length_um * 2")
    base.close()
    done = run(command, case, "--area", area)
    assert (done.exit_code, done.stdout) == (4, "")
    assert f"the area {area} was changed since it was built" in done.stderr
