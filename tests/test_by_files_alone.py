"""A new ground and a new version are files: no threshold, date or ground stands in the code."""

from __future__ import annotations

import ast
import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eligibility.assess import Assessor
from eligibility.errors import EdtravelError
from eligibility.in_force import put_in_force
from eligibility.language.expressions import names
from eligibility.policy import VERSION_STARTS
from eligibility.policy_check import check
from eligibility.reading_names import EXPECTATION
from tests.case_builder import FURTHER_SCHOOL, HERE, MILE, THREE_MILES, TWO_MILES, assessor, award, case
from tests.conftest import PROJECT
from tests.policy_folders import Folders

GROUND = """\
ground: ferry
title: A crossing by ferry
kind: local
outcome: entitled
source: an invented council's paper, section 9
conditions:
  - test: resident
    otherwise: the child does not ordinarily live in the authority's area
  - test: belief_is_reason or has_special_needs
    otherwise: nobody says that the ferry is needed
  - test: walking_mm > ferry_limit
    otherwise: the school is {walking_mm} on foot, {margin}
measures: ferry_limit
met: The school lies across the water, {walking_mm} on foot, {margin}.
not_met: The ferry does not apply, because {because}.
"""

VERSION = """\
version: somerset-2020
title: Education Travel in Somerset, an invented third version
council: Somerset County Council
layer: council
replaces: somerset-2018
from:
  value: 2020-09-01
  source: an invented council's paper, section 1
parameters:
  ferry_limit: {value: 1.5, unit: miles, source: "an invented council's paper, section 9"}
  waiting_guideline: {value: 20, unit: minutes, source: "an invented council's paper, section 3"}
changes:
  - add_ground: ferry
    source: an invented council's paper, section 9
  - withdraw: transport_area
    source: an invented council's paper, section 2
readings:
  legitimate_expectation:
    chosen: stays
    choices: [stays, was_there]
    refer_if_different: true
    source: an invented council's paper, section 5
transition:
  source: an invented council's paper, section 5
  protects:
    - {ground: transport_area, source: "an invented council's paper, section 2"}
  readings:
    stays:
      source: an invented council's paper, section 5
      says: a pupil keeps an award until a change of school
      ends_when: [changes school]
      conditions:
        - test: award_ground == element and award_for_this_school and school_started_on < version_from
          otherwise: no award of this element is held
    was_there:
      source: an invented council's paper, section 1
      says: every pupil who was at the school keeps it
      ends_when: [changes school]
      conditions:
        - test: school_started_on < version_from
          otherwise: the child starts at this school after the change
"""

DAY = dt.date(2020, 10, 1)
FERRY: dict[str, Any] = {"needs.special_needs": True, **FURTHER_SCHOOL}
AREA: dict[str, Any] = FURTHER_SCHOOL | {
    "measured.transport_area_school": True,
    "measured.walking_mm": THREE_MILES + 1,
    "measured.road_mm": THREE_MILES + 1,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    made = Folders(tmp_path_factory.mktemp("county"))
    made.write("rules/grounds/ferry.yaml", GROUND)
    made.replace(
        "rules/measures.yaml",
        "measures:\n",
        "measures:\n  ferry_limit:\n    - {value: walking_mm, limit: ferry_limit}\n",
    )
    made.write("policy_versions/somerset-2020.yaml", VERSION)
    made.replace(
        "policy_versions/somerset-2018.yaml",
        "changes:\n",
        "until:\n  value: 2020-08-31\n  source: an invented council's paper, section 1\nchanges:\n",
    )
    return made


@pytest.fixture(scope="module")
def own(folders: Folders) -> Assessor:
    return folders.assessor()


def outcome(own: Assessor, on: Any = DAY, **changes: Any) -> str:
    return own.assess(case(**changes), on=on).outcome


def test_the_new_files_have_nothing_wrong(own: Assessor) -> None:
    assert [str(finding) for finding in check(own.policies)] == []


@pytest.mark.parametrize(
    ("day", "policy"),
    [
        (dt.date(2018, 8, 31), "somerset-2016"),
        (dt.date(2020, 8, 31), "somerset-2018"),
        (dt.date(2020, 9, 1), "somerset-2020"),
    ],
)
def test_the_new_version_applies_from_its_day(own: Assessor, day: dt.date, policy: str) -> None:
    assert own.assess(case(), on=day).policy == policy


@pytest.mark.parametrize(("over", "expected"), [(0, "not_entitled"), (1, "entitled")])
def test_the_new_ground_decides_with_its_own_limit(own: Assessor, over: int, expected: str) -> None:
    limit = MILE * 3 // 2
    walking = {"measured.walking_mm": limit + over, "measured.road_mm": limit + over}
    decision = own.assess(case(**FERRY | walking), on=DAY)
    (ferry,) = [g for g in decision.grounds if g.id == "ferry"]
    assert (decision.outcome, ferry.limit, ferry.margin_mm) == (expected, {"walking_mm": limit}, over)
    assert outcome(own, dt.date(2020, 8, 31), **FERRY | walking) == "not_entitled"


def test_the_new_version_withdraws_with_its_own_transition(own: Assessor) -> None:
    there = {"school.started_on": "2018-09-04"}
    assert outcome(own, dt.date(2020, 8, 31), **AREA | there) == "entitled"
    new_pupil = {"school.started_on": "2020-09-03", "date_of_birth": "2009-05-14"}
    assert outcome(own, **AREA | new_pupil) == "not_entitled"
    held = award("transport_area", policy="somerset-2018", granted_on="2018-09-04")
    kept = own.assess(case(**AREA | there, award=held), on=DAY)
    assert kept.outcome == "entitled"
    assert kept.protected is not None
    assert (kept.protected.ground, kept.protected.under, kept.protected.reading) == (
        "transport_area",
        "somerset-2018",
        "stays",
    )
    assert outcome(own, **AREA | there) == "refer"


def test_a_changed_figure_speaks_in_the_advice(own: Assessor) -> None:
    waits = {"service.waiting_minutes": {"before_school": 20, "after_school": 20}, "school.phase": "middle"}
    (said,) = [a.says for a in own.assess(case(**waits), on=DAY).advice if a.about == "waiting"]
    assert "within the guideline of 20 minutes" in said


def test_what_the_new_version_does_not_change_stays(own: Assessor) -> None:
    assert outcome(own, **{"measured.walking_mm": THREE_MILES + 1}) == "entitled"
    assert outcome(own, exceptional="bullying", **{"measured.walking_mm": TWO_MILES}) == "refer"


def test_the_new_ground_can_be_the_ground_of_an_award(own: Assessor) -> None:
    held = award("ferry", policy="somerset-2020", granted_on="2020-09-01", urn=HERE)
    assert outcome(own, award=held) == "not_entitled"
    with pytest.raises(EdtravelError, match=r"award\.ground"):
        assessor().assess(case(award=held), on=DAY)


def test_a_draft_can_be_compared_and_can_never_decide(tmp_path: Path) -> None:
    made = Folders(tmp_path)
    made.write("rules/grounds/ferry.yaml", GROUND)
    made.replace(
        "rules/measures.yaml",
        "measures:\n",
        "measures:\n  ferry_limit:\n    - {value: walking_mm, limit: ferry_limit}\n",
    )
    made.write("policy_versions/drafts/somerset-2020.yaml", VERSION)
    own = made.assessor()
    assert own.assess(case(), on=DAY).policy == "somerset-2018"
    with pytest.raises(EdtravelError, match="draft"):
        own.assess(case(), policy="somerset-2020", on=DAY)
    old, new = own.compare(case(**AREA), versions=("somerset-2018", "somerset-2020"), on=DAY)
    assert (old.outcome, new.policy) == ("entitled", "somerset-2020")


# -- the code


CODE = sorted((PROJECT / "eligibility").rglob("*.py"))


def constants(path: Path) -> list[Any]:
    """Every number and text written in a file, docstrings aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told]


def figures() -> set[int]:
    """Every length, sum of money and date that the shipped policy files set."""
    found: set[int] = set()
    for version in assessor().policies.versions.values():
        for parameter in version.parameters.values():
            for _, value in parameter.values:
                if parameter.unit in ("miles", "pounds") and isinstance(value, int):
                    found.add(value)
    return found


def days() -> set[str]:
    dates: set[dt.date] = set()
    for version in assessor().policies.versions.values():
        dates |= {day for day in (version.starts, version.ends) if day}
        for parameter in version.parameters.values():
            dates |= {value for _, value in parameter.values if isinstance(value, dt.date)}
    return {day.isoformat() for day in dates} | {day.strftime("%Y%m%d") for day in dates}


def test_the_figures_looked_for_are_those_of_the_policy() -> None:
    assert {3218688, 4828032, 9656064, 24140160, 740000, 61667, 123334, 185000} <= figures()
    assert {"2018-09-01", "2018-04-01", "20180401"} <= days()


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_ground_notice_figure_or_date_of_the_policy_stands_in_the_code(path: Path) -> None:
    rules = assessor().policies.rules
    names = set(rules.grounds) | set(rules.notices)
    names -= {"other_home"}  # the place in a case: the home, not the ground
    if "geography" in path.parts:
        names -= {"transport_area"}  # the layer of a map, not the ground
    written = constants(path)
    assert [text for text in written if isinstance(text, str) and text in names] == []
    assert [n for n in written if isinstance(n, int) and not isinstance(n, bool) and n in figures()] == []
    assert [text for text in written if str(text) in days()] == []
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in calls:
        parts = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, int)]
        assert "-".join(f"{part:02}" for part in parts) not in days()


def test_an_older_change_is_read_as_its_own_version_chose_beside_the_newest(own: Assessor) -> None:
    older = own.policies.versions["somerset-2018"]
    chosen = replace(older.readings[EXPECTATION], chosen="1.1")
    changed = replace(older, readings={**older.readings, EXPECTATION: chosen})
    held = replace(own.policies, versions={**own.policies.versions, older.id: changed})
    book = put_in_force(held, held.versions["somerset-2020"])
    kept = {label: elements["faith"][0] for label, elements in book.expectations.items()}
    assert kept == {
        "stays": "protected:faith[1.1]",
        "was_there": "protected:faith[1.1]",
        "5.1": "protected:faith[5.1]",
    }
    # Read otherwise in the older change alone, the newest is read as it was chosen.
    assert book.expectations["5.1"]["transport_area"] == book.expectations["stays"]["transport_area"]
    # Whoever was at the school before the older change is kept by it, not whoever was there before the newest.
    assert f"{VERSION_STARTS}@{older.id}" in set(names(book.conclusions["protected:faith[1.1]"]))
    assert older.id in book.older
