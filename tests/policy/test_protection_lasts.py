"""Protection outlives the version that withdrew an element, and ends with what it protects."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from eligibility.assess import Assessor
from eligibility.in_force import Books
from eligibility.policy_files import policies
from tests.case_builder import FAITH, award, case, decided
from tests.policy_folders import Folders

LATER = """version: somerset-2020
title: Education Travel in Somerset, from September 2020
council: Somerset County Council
layer: council
replaces: somerset-2018
from: {value: 2020-09-01, source: invented for a test}
changes:
  - parameter: waiting_guideline
    value: 20
    source: invented for a test
"""
READ_OTHERWISE = """readings:
  legitimate_expectation:
    chosen: "1.1"
    choices: ["5.1", "1.1"]
    refer_if_different: false
    source: invented for a test
"""
HELD = {**FAITH, "date_of_birth": "2005-05-14", "school.started_on": "2016-09-05", "award": award("faith")}


def with_a_third_version(root: Path, text: str) -> Assessor:
    """An assessor of the shipped versions and of one that replaces the last of them."""
    folders = Folders(root)
    until = "\nuntil: {value: 2020-08-31, source: invented for a test}\nchanges:\n"
    folders.replace("policy_versions/somerset-2018.yaml", "\nchanges:\n", until)
    folders.write("policy_versions/somerset-2020.yaml", text)
    return folders.assessor()


@pytest.fixture
def assessor(tmp_path: Path) -> Assessor:
    return with_a_third_version(tmp_path, LATER)


@pytest.mark.parametrize("day", [dt.date(2020, 8, 31), dt.date(2020, 9, 1), dt.date(2021, 3, 1)])
def test_a_protected_pupil_stays_protected_when_a_third_version_comes(assessor: Assessor, day: dt.date) -> None:
    decision = assessor.assess(case(**HELD), on=day)
    assert decision.outcome == "entitled"
    assert decision.protected is not None
    assert (decision.protected.ground, decision.protected.under) == ("faith", "somerset-2016")


def test_a_pupil_who_moved_after_the_change_is_not_protected_under_the_third_version(assessor: Assessor) -> None:
    decision = assessor.assess(case(**HELD | {"home.moved_on": "2019-02-01"}), on=dt.date(2020, 9, 1))
    assert (decision.outcome, decision.protected) == ("refer", None)


def test_only_the_versions_that_protect_are_read_beside_the_one_in_force() -> None:
    books = Books(policies())
    older = {name: books.of(version).older for name, version in policies().versions.items()}
    assert older == {"england": (), "somerset-2016": (), "somerset-2018": ("somerset-2016",)}


def test_a_protected_temporary_need_lasts_until_the_condition_ends() -> None:
    medical = {"medical.from": "2018-08-20", "medical.until": "2018-10-12", "award": award("temporary_medical")}
    away = {
        "measured.nearest_school": False,
        "measured.nearest_ignoring_places": False,
        "school.started_on": "2016-09-05",
    }
    kept = decided(**medical, **away, **{"measured.nearer_suitable_schools": 1}).protected
    assert kept is not None
    assert kept.until == dt.date(2018, 10, 12)


def test_a_later_version_that_reads_the_change_before_it_otherwise_keeps_who_is_protected_as_it_reads_it(
    tmp_path: Path,
) -> None:
    assessor = with_a_third_version(tmp_path, LATER + READ_OTHERWISE)
    decision = assessor.assess(case(**HELD | {"award": None}), on=dt.date(2020, 9, 1))
    assert decision.outcome == "entitled"
    assert decision.protected is not None
    assert (decision.protected.ground, decision.protected.reading) == ("faith", "1.1")
