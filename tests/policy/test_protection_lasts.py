"""Protection outlives the version that withdrew an element, and ends with what it protects."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from eligibility.assess import Assessor
from eligibility.policy_files import load_policies
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
HELD = {**FAITH, "date_of_birth": "2005-05-14", "school.started_on": "2016-09-05", "award": award("faith")}


@pytest.fixture
def assessor(tmp_path: Path) -> Assessor:
    folders = Folders(tmp_path)
    until = "\nuntil: {value: 2020-08-31, source: invented for a test}\nchanges:\n"
    folders.replace("policy_versions/somerset-2018.yaml", "\nchanges:\n", until)
    folders.write("policy_versions/somerset-2020.yaml", LATER)
    return Assessor(policies=load_policies(folders.rules, folders.versions))


@pytest.mark.parametrize("day", [dt.date(2020, 8, 31), dt.date(2020, 9, 1), dt.date(2021, 3, 1)])
def test_a_protected_pupil_stays_protected_when_a_third_version_comes(assessor: Assessor, day: dt.date) -> None:
    decision = assessor.assess(case(**HELD), on=day)
    assert decision.outcome == "entitled"
    assert decision.protected is not None
    assert (decision.protected.ground, decision.protected.under) == ("faith", "somerset-2016")


def test_a_pupil_who_moved_after_the_change_is_not_protected_under_the_third_version(assessor: Assessor) -> None:
    decision = assessor.assess(case(**HELD | {"home.moved_on": "2019-02-01"}), on=dt.date(2020, 9, 1))
    assert (decision.outcome, decision.protected) == ("refer", None)


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
