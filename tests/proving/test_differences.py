"""The complete difference between two versions: every way, a pupil for each, and the proof that there is no other."""

from __future__ import annotations

import collections
import datetime as dt
import functools
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
import z3

from eligibility.assess import Assessor
from eligibility.commands import main
from eligibility.difference_text import page
from eligibility.errors import EdtravelError
from eligibility.proving.differences import Comparison
from eligibility.proving.found_pupil import case_of
from eligibility.proving.ways import Differences, Way
from eligibility.told.differences import tell
from eligibility.told.entries import Told
from tests.case_builder import THREE_MILES, assessor
from tests.policy_folders import Folders

DRAFT = """
version: somerset-2020
title: An invented draft
council: Somerset County Council
layer: council
replaces: somerset-2018
from: {value: 2020-09-01, source: an invented paper}
changes:
"""
FOUR_MILES = 6_437_376
OLD, NEW = "somerset-2016", "somerset-2018"
STEPS: dict[tuple[str, str], list[tuple[int, int]]] = collections.defaultdict(list)
"""What was told of how far the comparison of two versions had come."""


def compared(made: Assessor, old: str, new: str) -> tuple[Comparison, Differences]:
    held = made.policies
    comparison = Comparison(held, held.version(old), held.version(new), lambda *step: STEPS[old, new].append(step))
    return comparison, comparison.differences()


@functools.cache
def somerset() -> tuple[Comparison, Differences, Told]:
    comparison, found = compared(assessor(), OLD, NEW)
    return comparison, found, tell(found, assessor())


def draft(folder: Path, *changes: str) -> Assessor:
    folders = Folders(folder)
    folders.write("policy_versions/drafts/somerset-2020.yaml", DRAFT + "".join(changes))
    return folders.assessor()


def ways(found: list[Way]) -> set[tuple[str, str, str, str, str]]:
    return {(way.old.outcome, way.old.ground, way.new.outcome, way.new.how, way.new.ground) for way in found}


def test_the_council_s_change_touches_those_who_start_and_sends_those_who_stay_without_an_award_to_an_officer() -> None:
    _, found, _ = somerset()
    assert ways(found.outcomes) == {
        ("entitled", "faith", "not_entitled", "nothing", ""),
        ("entitled", "other_home", "not_entitled", "nothing", ""),
        ("entitled", "faith", "refer", "ground", "exceptional"),
        ("entitled", "faith", "refer", "disputed", "faith"),
        ("entitled", "other_home", "refer", "ground", "exceptional"),
        ("entitled", "other_home", "refer", "ground", "temporary_medical"),
        ("entitled", "other_home", "refer", "disputed", "other_home"),
        ("refer", "temporary_medical", "not_entitled", "nothing", ""),
    }


def test_nobody_who_attends_the_transport_area_school_waits_for_half_a_term_s_notice() -> None:
    _, found, _ = somerset()
    assert {(way.by.ground, way.statutory) for way in found.notices} == {
        ("under_school_age", False),
        ("other_home", False),
        ("faith", False),
        ("walking_distance", True),
        ("special_needs", True),
        ("unsafe_route", True),
        ("low_income_8_to_10", True),
        ("low_income_11", True),
        ("low_income_belief", True),
    }


def test_a_pupil_who_loses_what_was_withdrawn_started_after_the_change() -> None:
    _, found, _ = somerset()
    for way in found.outcomes:
        if way.new.how == "nothing":
            said = {test.fails_as for variant in way.because for test in variant.failing}
            assert "the child starts at this school after the change" in said


def test_the_other_home_carries_a_pupil_on_any_of_the_grounds_that_are_tried_from_it() -> None:
    _, found, _ = somerset()
    (way,) = [w for w in found.outcomes if w.old.ground == "other_home" and w.new.how == "nothing"]
    tried = {ground.id for ground in assessor().policies.rules.grounds.values() if ground.tags}
    assert {variant.ground for variant in way.through} == tried


def test_each_way_has_a_pupil_who_is_in_no_other() -> None:
    comparison, found, _ = somerset()
    for way in found.outcomes:
        others = [z3.Not(other.when) for other in found.outcomes if other is not way]
        assert comparison.search.can_be(way.when, *others)


def test_who_waits_is_told_of_every_step_until_all_are_done() -> None:
    somerset()
    told = STEPS[OLD, NEW]
    assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))


def test_a_list_from_which_a_way_is_missing_is_found_to_be_incomplete() -> None:
    comparison, found, _ = somerset()
    assert comparison.outside(found.outcomes) is None
    for way in found.outcomes:
        assert comparison.outside([other for other in found.outcomes if other is not way]) is not None


def test_every_pupil_told_of_shows_the_difference_when_the_cases_are_compared() -> None:
    _, found, told = somerset()
    by_number = {entry.number: entry.outcomes for entry in told.entries}
    for case in told.cases:
        number = int("".join(filter(str.isdigit, case["reference"])))
        old, new = assessor().compare(json.loads(json.dumps(case, default=str)), versions=(OLD, NEW))
        assert (old.outcome, new.outcome) == by_number[number] or number > len(found.outcomes)


def test_a_decision_that_does_not_show_what_was_found_is_an_error() -> None:
    _, found, _ = somerset()
    turned = Differences(found.new, found.old, found.first, found.last, found.first, found.outcomes[:1])
    with pytest.raises(EdtravelError, match="does not show"):
        tell(turned, assessor())


def test_the_page_is_as_wide_as_the_terminal_and_says_what_was_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    _, found, told = somerset()
    for columns in (60, 80, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = page(found, told).splitlines()
        assert max(map(len, lines)) <= columns
        assert "Proved: there is no other way" in " ".join(lines)


def test_a_version_says_the_same_as_itself_and_that_is_proved() -> None:
    _, found = compared(assessor(), NEW, NEW)
    assert (found.outcomes, found.footing, found.notices) == ([], [], [])
    assert "Proved: no answer differs" in page(found, Told())


@pytest.fixture(scope="module")
def by_application(tmp_path_factory: pytest.TempPathFactory) -> Assessor:
    """A draft that goes by the day of the application."""
    reading = "  governing_date: {chosen: date_applied, choices: [first_day_of_travel, date_applied], source: s}\n"
    same = "  - {clarification: exceptional, says: nothing changes, source: an invented paper}\n"
    return draft(tmp_path_factory.mktemp("draft"), same, "readings:\n", reading)


@pytest.mark.parametrize("outcomes", list(itertools.permutations(("entitled", "refer", "not_entitled"), 2)))
def test_where_one_version_goes_by_the_day_of_the_application_each_looks_at_its_own_day(
    by_application: Assessor, outcomes: tuple[str, str]
) -> None:
    held = by_application.policies
    comparison = Comparison(held, held.version(NEW), held.version("somerset-2020"))
    differ = (comparison.old.outcome(outcomes[0]), comparison.new.outcome(outcomes[1]))
    model = comparison.search.find(differ)
    assert model is not None
    case = json.loads(json.dumps(case_of(model, comparison.pupil, "P"), default=str))
    assert case["applied_on"] != case["travel_from"]
    old, new = by_application.compare(case, versions=(NEW, "somerset-2020"))
    assert (old.outcome, new.outcome) == outcomes
    assert (old.on.isoformat(), new.on.isoformat()) == (case["travel_from"], case["applied_on"])
    same_day = comparison.pupil.fact("on") == comparison.pupil.fact("applied_on")
    assert not comparison.search.can_be(same_day, *differ)


def test_the_page_says_which_version_goes_by_the_day_of_the_application(by_application: Assessor) -> None:
    old, new = (by_application.policies.version(name) for name in (NEW, "somerset-2020"))
    apart = Differences(old, new, new.starts, dt.date(2045, 8, 31), old.starts)
    said = " ".join(page(apart, Told()).split())
    assert "the new policy goes by the day of the application, the other by the first day of travel" in said
    assert "any day from 1 September 2020 to 31 August 2045 and who applied on any day from 1 September 2018" in said
    alike = Differences(new, new, new.starts, dt.date(2045, 8, 31), new.starts)
    assert "Proved: no answer differs, for any pupil on any day from" in " ".join(page(alike, Told()).split())


def test_a_draft_that_raises_a_figure_touches_only_pupils_between_the_two_limits(tmp_path: Path) -> None:
    made = draft(tmp_path, "  - {parameter: walking_limit, value: 4, source: an invented paper}\n")
    comparison, found = compared(made, "somerset-2018", "somerset-2020")
    assert {way.old.ground for way in found.outcomes if way.new.how == "nothing"} == {
        "walking_distance",
        "transport_area",
        "under_school_age",
    } | {way.old.ground for way in found.outcomes if way.old.how == "kept"}
    walk = comparison.pupil.fact("walking_mm")
    plain = [way.when for way in found.outcomes if way.old.how == "ground"]
    assert not comparison.search.can_be(z3.Or(*plain), z3.Not(z3.And(walk > THREE_MILES, walk <= FOUR_MILES)))
    for case in tell(found, made).cases:
        figures = [case["measured"], case["measured_other_home"] or {}]
        assert any(THREE_MILES < figure.get("walking_mm", 0) <= FOUR_MILES for figure in figures)


def test_a_draft_that_withdraws_a_ground_takes_it_from_those_whom_nothing_else_carries(tmp_path: Path) -> None:
    made = draft(tmp_path, "  - {withdraw: transport_area, source: an invented paper}\n")
    _, found = compared(made, "somerset-2018", "somerset-2020")
    lost = {way.old.ground for way in found.outcomes if way.new.how == "nothing" and way.old.how == "ground"}
    assert lost == {"transport_area"}
    told = tell(found, made)
    assert "The new policy has no such ground." in told.entries[0].says


def test_a_draft_that_adds_a_ground_gives_it_to_those_who_had_nothing(tmp_path: Path) -> None:
    made = draft(tmp_path, "  - {add_ground: faith, source: an invented paper}\n")
    _, found = compared(made, "somerset-2018", "somerset-2020")
    assert {way.new.ground for way in found.outcomes} == {"faith"}
    assert {way.new.outcome for way in found.outcomes} == {"entitled"}
    assert ("not_entitled", "entitled") in {entry.outcomes for entry in tell(found, made).entries}


def test_versions_that_never_replaced_one_another_are_compared_from_the_day_both_have_begun() -> None:
    comparison, found = compared(assessor(), "somerset-2018", "england")
    assert found.first == dt.date(2018, 9, 1)
    assert comparison.outside(found.outcomes) is None
    assert {"transport_area", "under_school_age", "exceptional"} <= {way.old.ground for way in found.outcomes}


def test_the_command_writes_pupils_that_compare_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run("policy", "diff", "england", OLD, "--format", "json", "--cases", "pupils.yaml") == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert printed["policies"] == ["england", OLD]
    assert printed["proved"].startswith("Proved: there is no other way")
    cases = yaml.safe_load((tmp_path / "pupils.yaml").read_text(encoding="utf-8"))
    assert _run("compare", "pupils.yaml", "--policies", "england", OLD, "--format", "json") == 0
    shown = {item["reference"]: item["outcomes"] for item in json.loads(capsys.readouterr().out)}
    assert set(shown) == {case["reference"] for case in cases}
    for entry in printed["differences"]:
        if entry["pupil"]:
            assert list(shown[entry["pupil"]["reference"]].values()) == entry["outcomes"]


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)
