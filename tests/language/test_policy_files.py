"""A mistake in a rule file or a policy version is an error with its file, its line and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.errors import PolicyError
from eligibility.policy_check import check
from eligibility.policy_files import load_policies
from tests.policy_folders import Folders

OLD, NEW, STATUTE = (
    "policy_versions/somerset-2016.yaml",
    "policy_versions/somerset-2018.yaml",
    "policy_versions/england.yaml",
)
INCOME, FAITH = "rules/definitions/income.yaml", "rules/grounds/faith.yaml"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def refused(folders: Folders) -> PolicyError:
    with pytest.raises(PolicyError) as found:
        load_policies(folders.rules, folders.versions)
    return found.value


def line_of(folders: Folders, place: str, text: str) -> int:
    lines = (folders.rules.parent / place).read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return number


# name: the file, what is written there, what is put in its place, what is said
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "an unknown fact in a rule": (
        FAITH,
        "  - test: belief_is_reason",
        "  - test: belief_is_raeson",
        "did you mean belief_is_reason?",
    ),
    "an unknown parameter in a rule": (
        "rules/grounds/low_income_11.yaml",
        "road_mm <= low_income_road_limit",
        "road_mm <= low_income_raod_limit",
        "did you mean low_income_road_limit?",
    ),
    "an unknown kind of ground": (FAITH, "kind: discretionary", "kind: discretionery", "did you mean discretionary?"),
    "an unknown outcome": (FAITH, "outcome: entitled", "outcome: entitle", "did you mean entitled?"),
    "an unknown measure": (FAITH, "measures: walking_limit", "measures: walking_limits", "did you mean walking_limit?"),
    "an unknown key": (FAITH, "title: Religion", "titel: Religion", "title is missing"),
    "a rule file that begins with nothing known": (FAITH, "ground: faith", "gruond: faith", "did you mean ground?"),
    "a ground named like a fact": (FAITH, "ground: faith", "ground: disability", "already the name of a fact"),
    "a ground that stands twice": (
        "rules/grounds/walking_distance.yaml",
        "ground: walking_distance",
        "ground: faith",
        "faith is already defined in faith.yaml",
    ),
    "an unknown ground in a version": (OLD, "{ground: faith,", "{ground: fiath,", "did you mean faith?"),
    "a change to an unknown ground": (NEW, "withdraw: faith", "withdraw: fiath", "did you mean faith?"),
    "a change to an unknown parameter": (
        NEW,
        "parameter: waiting_guideline_covers",
        "parameter: waiting_guidelines_covers",
        "did you mean waiting_guideline_covers?",
    ),
    "an unknown notice": (
        NEW,
        "add_notice: late_application",
        "add_notice: late_aplication",
        "did you mean late_application?",
    ),
    "a word a parameter cannot be": (
        NEW,
        "value: nearest_or_transport_area",
        "value: nearest_or_area",
        "is not one of its choices",
    ),
    "a choice a reading does not have": (
        NEW,
        "chosen: delays_the_start",
        "chosen: delay_the_start",
        "did you mean delays_the_start?",
    ),
    "an unknown version to replace": (
        NEW,
        "replaces: somerset-2016",
        "replaces: somerset-2061",
        "did you mean somerset-2016?",
    ),
    "a version that replaces itself": (NEW, "replaces: somerset-2016", "replaces: somerset-2018", "in a circle"),
    "an unknown calendar": (OLD, "calendar: somerset", "calendar: sommerset", "did you mean somerset?"),
    "an unknown layer": (OLD, "layer: council", "layer: counsil", "did you mean council?"),
    "a version that stands twice": (NEW, "version: somerset-2018", "version: somerset-2016", "stands twice"),
    "a protected ground that does not exist": (
        NEW,
        '- {ground: other_home, source: "the council\'s paper, section 2.1, split families"}',
        "- {ground: other_hoem, source: x}",
        "did you mean other_home?",
    ),
    "an unknown name in a transition": (
        NEW,
        "- test: not award_in_error",
        "- test: not award_in_eror",
        "did you mean award_in_error?",
    ),
    "a value that is no number": (STATUTE, "{value: 6, unit: miles", "{value: six, unit: miles", "a number of miles"),
    "a value without end": (STATUTE, "{value: 6, unit: miles", "{value: Infinity, unit: miles", "a number of miles"),
    "a value below zero": (STATUTE, "{value: 6, unit: miles", "{value: -6, unit: miles", "not below zero"),
    "half a penny": (STATUTE, "{value: 616.67, unit: pounds", "{value: 616.675, unit: pounds", "whole pence"),
    "a day that is no date": (STATUTE, "{value: 2018-04-01, unit", "{value: 2018-04-31, unit", "expected a date"),
    "a day no year has": (STATUTE, "{value: 09-01, unit", "{value: 09-31, unit", "expected a day of the year"),
    "a day no month has": (STATUTE, "last friday of june", "last fryday of june", "last friday of june"),
    "a unit nobody knows": (STATUTE, "{value: 6, unit: miles", "{value: 6, unit: mils", "did you mean miles?"),
}


@pytest.mark.parametrize(("place", "old", "new", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_reported_in_the_file_and_line_where_it_stands(
    folders: Folders, place: str, old: str, new: str, says: str
) -> None:
    folders.replace(place, old, new)
    error = refused(folders)
    assert error.file == Path(place).name
    assert says in error.message
    assert error.line > 0
    assert error.column > 0
    if says != "title is missing":
        assert error.line == line_of(folders, place, new)


WITHOUT_SOURCE: dict[str, tuple[str, str, str]] = {
    "a figure of statute": (
        STATUTE,
        '{value: 6, unit: miles, source: "Education Act 1996, Schedule 35B, paragraph 11"}',
        "{value: 6, unit: miles}",
    ),
    "a figure of the council": (
        OLD,
        '{value: 15, unit: minutes, source: "the council\'s paper, section 2.2"}',
        "{value: 15, unit: minutes}",
    ),
    "a ground": (
        FAITH,
        "source: the council's paper, section 2.1, travel assistance on grounds of religion or belief\n",
        "",
    ),
    "a change": (
        NEW,
        "    source: the council's paper, section 2.1, travel assistance on grounds of religion or belief\n",
        "",
    ),
    "a ground in force": (
        OLD,
        "{ground: transport_area, source: the council's public web pages}",
        "{ground: transport_area}",
    ),
    "the last day of a version": (
        OLD,
        "2018-08-31\n  source: the council's paper, section 2.1, from September 2018\n",
        "2018-08-31\n",
    ),
    "a reading": (NEW, "    source: the council's paper, sections 1.1 and 5.1, which differ\n", ""),
}


@pytest.mark.parametrize(("place", "old", "new"), WITHOUT_SOURCE.values(), ids=WITHOUT_SOURCE)
def test_nothing_stands_without_a_source(folders: Folders, place: str, old: str, new: str) -> None:
    folders.replace(place, old, new)
    error = refused(folders)
    assert error.file == Path(place).name
    assert "source" in error.message


def test_rules_that_depend_on_one_another_in_a_circle_are_refused(folders: Folders) -> None:
    folders.replace(INCOME, "test: low_income_shown or low_income_award_runs", "test: low_income or low_income_shown")
    error = refused(folders)
    assert error.file == "income.yaml"
    assert "in a circle: low_income -> low_income" in error.message


def test_a_longer_circle_names_every_step(folders: Folders) -> None:
    place = "rules/definitions/school.yaml"
    folders.replace(place, "test: named_in_the_plan or nearest_school", "test: named_in_the_plan or qualifying_school")
    folders.replace(place, "not boards and (not independent_school", "counts_as_nearest and (not independent_school")
    message = refused(folders).message
    assert "counts_as_nearest -> qualifying_school -> counts_as_nearest" in message or (
        "qualifying_school -> counts_as_nearest -> qualifying_school" in message
    )


# -- what each file says well and the files together say badly


def findings(folders: Folders) -> list[str]:
    return [str(finding) for finding in check(load_policies(folders.rules, folders.versions))]


def test_the_shipped_files_have_nothing_wrong(folders: Folders) -> None:
    assert findings(folders) == []


AT_ODDS: dict[str, tuple[str, str, str, str]] = {
    "versions that overlap": (OLD, "value: 2018-08-31", "value: 2018-09-02", "in force on the same days"),
    "a gap between versions": (OLD, "value: 2018-08-31", "value: 2018-08-30", "no version is in force between"),
    "an edit that changes nothing": (NEW, "value: primary_and_middle", "value: all_pupils", "has this value already"),
    "a ground in no version": (
        OLD,
        "  - {ground: exceptional, source: the council's public web pages}\n",
        "",
        "exceptional is in no version",
    ),
    "a withdrawn ground that nobody keeps": (
        NEW,
        '    - {ground: faith, source: "the council\'s paper, section 2.1"}\n',
        "",
        "faith is withdrawn",
    ),
}


@pytest.mark.parametrize(("place", "old", "new", "says"), AT_ODDS.values(), ids=AT_ODDS)
def test_files_at_odds_with_one_another_are_found(folders: Folders, place: str, old: str, new: str, says: str) -> None:
    folders.replace(place, old, new)
    (found,) = findings(folders)
    assert says in found


def test_a_definition_that_no_rule_uses_is_found(folders: Folders) -> None:
    idle = "definitions:\n  - name: idle\n    means: nothing\n    test: resident\n    source: none\n"
    folders.write("rules/definitions/idle.yaml", idle)
    (found,) = findings(folders)
    assert "the definition idle is used by no rule" in found
