"""A mistake in a rule file or a policy version is an error with its file, its line and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.errors import PolicyError
from eligibility.policy_check import check
from eligibility.policy_files import find_mistakes, load_policies
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
        "faith is already defined in rules/grounds/faith.yaml",
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
    "no unit": (STATUTE, "{value: 6, unit: miles, ", "{value: 6, ", "low_income_road_limit has no unit"),
    "a placeholder in a sentence": (
        "rules/grounds/walking_distance.yaml",
        "is {walking_mm} on foot",
        "is {walkng_mm} on foot",
        "did you mean walking_mm?",
    ),
    "a placeholder in advice": (
        "rules/advice/waiting.yaml",
        "is within the guideline of {waiting_guideline} minutes",
        "is within the guideline of {waiting_guidelin} minutes",
        "did you mean waiting_guideline?",
    ),
    "a placeholder in the timeline": (
        "rules/timeline.yaml",
        "becomes {walking_limit}",
        "becomes {walkin_limit}",
        "did you mean walking_limit?",
    ),
    "a placeholder in a notice": (
        "rules/notices/late_application.yaml",
        "says: The place results",
        "says: The place {urn} results",
        "a sentence cannot show {urn}",
    ),
    "words in a placeholder": (
        "rules/grounds/walking_distance.yaml",
        "is {walking_mm} on foot",
        "is {walking mm} on foot",
        "did you mean walking_mm?",
    ),
    "the reason within the sentence for a ground that is met": (
        "rules/grounds/walking_distance.yaml",
        "is {walking_mm} on foot",
        "is {because} on foot",
        "a sentence cannot show {because}",
    ),
    "blocks of a school year that overlap": (
        "policy_versions/calendars/somerset.yaml",
        "- [2016-10-31, 2016-12-16]",
        "- [2016-10-21, 2016-12-16]",
        "before the one above it has ended",
    ),
    "a block that ends before it begins": (
        "policy_versions/calendars/somerset.yaml",
        "- [2016-10-31, 2016-12-16]",
        "- [2016-12-31, 2016-12-16]",
        "its first and its last day",
    ),
    "a value beside a withdrawal": (
        NEW,
        "  - withdraw: faith",
        "  - {withdraw: faith, value: 3, source: x}\n  - withdraw: transport_area",
        "value says nothing in a change of the kind withdraw",
    ),
    "a unit beside a changed value": (
        NEW,
        "    value: stated\n",
        "    value: stated\n    unit: word\n",
        "unit says nothing in a change of the kind parameter",
    ),
    "a figure changed twice": (
        NEW,
        "  - parameter: behaviour_thresholds",
        "  - parameter: waiting_guideline_covers",
        "waiting_guideline_covers is changed twice",
    ),
    "an empty source": (
        FAITH,
        "source: the council's paper, section 2.1, travel assistance on grounds of religion or belief",
        "source:",
        "faith has no source",
    ),
    "an empty source of a figure": (
        STATUTE,
        'unit: miles, source: "Education Act 1996, section 444(5)(b)"}',
        'unit: miles, source: ""}',
        "walking_limit has no source",
    ),
    "a unit nobody knows": (STATUTE, "{value: 6, unit: miles", "{value: 6, unit: mils", "did you mean miles?"),
}


@pytest.mark.parametrize(("place", "old", "new", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_reported_in_the_file_and_line_where_it_stands(
    folders: Folders, place: str, old: str, new: str, says: str
) -> None:
    folders.replace(place, old, new)
    error = refused(folders)
    assert error.file == place
    assert says in error.message
    assert error.line > 0
    assert error.column > 0
    if says != "title is missing" and "\n" not in new and new != "  - parameter: waiting_guideline_covers":
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
    assert error.file == place
    assert "source" in error.message


def test_rules_that_depend_on_one_another_in_a_circle_are_refused(folders: Folders) -> None:
    folders.replace(INCOME, "test: low_income_shown or low_income_award_runs", "test: low_income or low_income_shown")
    error = refused(folders)
    assert error.file == INCOME
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


# name: the file, what is written there, what is put in its place, what is found, what stands at the place named
AT_ODDS: dict[str, tuple[str, str, str, str, str]] = {
    "versions that overlap": (
        OLD,
        "value: 2018-08-31",
        "value: 2018-09-02",
        "in force on the same days",
        f"{NEW} value: 2018-09-01",
    ),
    "a gap between versions": (
        OLD,
        "value: 2018-08-31",
        "value: 2018-08-30",
        "no version is in force between",
        f"{NEW} value: 2018-09-01",
    ),
    "an edit that changes nothing": (
        NEW,
        "value: primary_and_middle",
        "value: all_pupils",
        "has this value already",
        f"{NEW} parameter: waiting_guideline_covers",
    ),
    "a ground in no version": (
        OLD,
        "  - {ground: exceptional, source: the council's public web pages}\n",
        "",
        "exceptional is in no version",
        "rules/grounds/exceptional.yaml ground: exceptional",
    ),
    "a withdrawn ground that nobody keeps": (
        NEW,
        '    - {ground: faith, source: "the council\'s paper, section 2.1"}\n',
        "",
        "faith is withdrawn",
        f"{NEW} withdraw: faith",
    ),
    "a tag that no rule asks for": (
        FAITH,
        "tags: [tried_from_each_home]",
        "tags: [tried_from_each_hme]",
        "did you mean tried_from_each_home?",
        f"{FAITH} tried_from_each_hme]",
    ),
    "a clarification about nothing known": (
        NEW,
        "clarification: passenger_assistant",
        "clarification: pasenger_assistant",
        "did you mean passenger_assistant?",
        f"{NEW} pasenger_assistant",
    ),
    "a protected ground that nothing takes away": (
        NEW,
        "    - {ground: faith, source:",
        "    - {ground: exceptional, source: x}\n    - {ground: faith, source:",
        "protects exceptional, which it neither withdraws nor changes by a parameter",
        f"{NEW} exceptional, source: x}}",
    ),
    "a length written in a rule": (
        "rules/grounds/low_income_8_to_10.yaml",
        "walking_mm > low_income_walking_limit",
        "walking_mm > low_income_walking_limit and walking_mm > 99",
        "99 is a figure of the policy; write it as a parameter with a source",
        "rules/grounds/low_income_8_to_10.yaml 99",
    ),
    "a large number written in advice": (
        "rules/advice/behaviour.yaml",
        "incidents > 0 and",
        "0 < incidents < 100 and",
        "100 is a figure of the policy",
        "rules/advice/behaviour.yaml 100 and",
    ),
    "advice there is none of": (
        NEW,
        "changes:\n  - withdraw: other_home",
        "advice: [waiting, passenger_assistant, behavior]\nchanges:\n  - withdraw: other_home",
        "did you mean behaviour?",
        f"{NEW} behavior]",
    ),
    "a right of statute that a council withdraws": (
        NEW,
        "  - withdraw: faith",
        "  - {withdraw: boarding, source: x}\n  - withdraw: faith",
        "leaves out boarding",
        f"{NEW} {{withdraw: boarding",
    ),
}


@pytest.mark.parametrize(("edit", "says", "at"), [((p, o, n), s, a) for p, o, n, s, a in AT_ODDS.values()], ids=AT_ODDS)
def test_files_at_odds_with_one_another_are_found_where_they_are_written(
    folders: Folders, edit: tuple[str, str, str], says: str, at: str
) -> None:
    folders.replace(*edit)
    found = next(finding for finding in findings(folders) if says in finding)
    file, text = at.split(" ", 1)
    written, line, column = found.split(": ", 1)[0].split(":")
    assert written == file
    there = (folders.rules.parent / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert there[int(column) - 1 :].startswith(text)


def test_a_version_without_a_last_day_is_found_at_its_first_day(folders: Folders) -> None:
    text = (folders.versions / "somerset-2016.yaml").read_text(encoding="utf-8")
    start, end = text.index("until:\n"), text.index("grounds:\n")
    (folders.versions / "somerset-2016.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    (found,) = findings(folders)
    assert found.startswith(f"{OLD}:{line_of(folders, OLD, 'value: 2016-09-01')}:3: somerset-2016 has no last day")


def test_a_definition_that_no_rule_uses_is_found(folders: Folders) -> None:
    idle = "definitions:\n  - name: idle\n    means: nothing\n    test: resident\n    source: none\n"
    folders.write("rules/definitions/idle.yaml", idle)
    assert findings(folders) == ["rules/definitions/idle.yaml:2:5: the definition idle is used by no rule"]


def test_a_notice_in_no_version_is_found_at_its_place(folders: Folders) -> None:
    folders.replace(NEW, "add_notice: late_application", "clarification: late_application")
    assert any(f.startswith("rules/notices/late_application.yaml:1:1: the notice") for f in findings(folders))


# -- two grounds, two answers


def ground(name: str, outcome: str, *tests: str) -> str:
    lines = "".join(f"  - test: {test}\n    otherwise: it does not hold\n" for test in tests)
    head = f"ground: {name}\ntitle: {name}\nkind: local\noutcome: {outcome}\nsource: invented\n"
    return f"{head}conditions:\n{lines}met: It holds.\nnot_met: 'Not met: {{because}}.'\n"


BOARDERS = ("resident", "boards")

IN_OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "the same conditions": ("resident", "boards"),
    "in another order": ("boards", "resident"),
    "as one condition": ("boards and resident",),
    "denied twice": ("not (not boards)", "resident"),
    "denied as a whole": ("not (not boards or not resident)",),
    "narrower by a condition": ("resident", "boards", "has_special_needs"),
    "narrower within an either": ("resident", "boards and (boards or has_special_needs)"),
}


@pytest.mark.parametrize("tests", IN_OTHER_WORDS.values(), ids=IN_OTHER_WORDS)
def test_a_ground_that_another_always_contradicts_is_found(folders: Folders, tests: tuple[str, ...]) -> None:
    folders.write("rules/grounds/boarders.yaml", ground("boarders", "entitled", *tests))
    (found,) = [finding for finding in findings(folders) if "they conclude" in finding]
    assert "boarders" in found
    assert ".yaml:1:1: " in found
    assert "boarding" in found


CONTRADICTED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "comparisons turned round": (("walking_mm > road_mm",), ("road_mm < walking_mm", "resident")),
    "a comparison denied": (("walking_mm > road_mm",), ("not (walking_mm <= road_mm)", "resident")),
    "a list of one": (('award_ground in {"faith"}',), ('award_ground == "faith"', "resident")),
    "a definition written out": (("beyond_walking_distance or boards",), ("boards", "resident")),
    "one way of several": (("disability or boards or mobility_problem",), ("boards or disability", "resident")),
    "both halves of one way": (("disability or (boards and resident)",), ("boards", "resident")),
    "within the other home": (
        ("from_other_home(beyond_walking_distance)",),
        ("from_other_home(not (not beyond_walking_distance))", "resident"),
    ),
}


@pytest.mark.parametrize(("wide", "narrow"), CONTRADICTED.values(), ids=CONTRADICTED)
def test_a_narrower_ground_is_found_in_whatever_words_it_is_written(
    folders: Folders, wide: tuple[str, ...], narrow: tuple[str, ...]
) -> None:
    folders.write("rules/grounds/wide.yaml", ground("wide", "entitled", *wide))
    folders.write("rules/grounds/narrow.yaml", ground("narrow", "refer", *narrow))
    found = [finding for finding in findings(folders) if "they conclude" in finding]
    assert any("whenever narrow holds, wide holds too, and they conclude refer and entitled" in f for f in found)


def test_grounds_that_overlap_without_one_holding_in_the_other_are_no_conflict(folders: Folders) -> None:
    folders.write("rules/grounds/boarders.yaml", ground("boarders", "entitled", "boards", "has_special_needs"))
    assert not [finding for finding in findings(folders) if "they conclude" in finding]


def test_a_ground_that_takes_the_place_of_another_is_no_conflict(folders: Folders) -> None:
    tests = ("resident", "of_school_age", "has_exceptional_circumstances")
    folders.write("rules/grounds/hardship.yaml", ground("hardship", "entitled", *tests))
    changes = "  - {withdraw: exceptional, source: x}\n  - {add_ground: hardship, source: x}\n  - withdraw: faith\n"
    folders.replace(NEW, "  - withdraw: faith\n", changes)
    assert not [finding for finding in findings(folders) if "they conclude" in finding]


# -- every mistake at once


def test_every_file_with_a_mistake_is_named_at_once(folders: Folders) -> None:
    folders.replace(FAITH, "- test: belief_is_reason", "- test: belief_is_raeson")
    folders.replace("rules/grounds/boarding.yaml", "outcome: refer", "outcome: reffer")
    folders.replace("rules/grounds/exceptional.yaml", "title: ", "titel: ")
    folders.replace("rules/definitions/school.yaml", "test: named_in_the_plan or", "test: named_in_teh_plan or")
    folders.replace("rules/definitions/age.yaml", "definitions:\n", "definitions: [\n")
    folders.replace(STATUTE, "{value: 6, unit: miles", "{value: six, unit: miles")
    folders.replace(STATUTE, "{value: 15, unit: miles", "{value: 15, unit: mils")
    folders.replace(NEW, "value: nearest_or_transport_area", "value: nearest_or_area")
    folders.replace(NEW, "chosen: delays_the_start", "chosen: delay_the_start")
    folders.replace("policy_versions/calendars/somerset.yaml", "[2016-10-31, 2016-12-16]", "[2016-10-21, 2016-12-16]")
    found = sorted(str(mistake) for mistake in find_mistakes(folders.rules, folders.versions))
    assert [(line.split(":")[0]) for line in found] == [
        "policy_versions/calendars/somerset.yaml",
        STATUTE,
        STATUTE,
        NEW,
        NEW,
        "rules/definitions/age.yaml",
        "rules/definitions/school.yaml",
        "rules/grounds/boarding.yaml",
        "rules/grounds/exceptional.yaml",
        FAITH,
    ], "\n".join(found)


def test_files_without_a_mistake_have_none(folders: Folders) -> None:
    assert find_mistakes(folders.rules, folders.versions) == []


def test_a_version_that_is_missing_is_named_where_another_rests_on_it(folders: Folders) -> None:
    (folders.versions / "england.yaml").unlink()
    error = refused(folders)
    assert (error.file, error.line) == (OLD, line_of(folders, OLD, "statute: england"))
    assert error.message.endswith("there is no version england")
    assert [str(mistake) for mistake in find_mistakes(folders.rules, folders.versions)] == [str(error)]


# -- what a version takes over


NEWER = """\
version: england-2018
title: England, statute alone, as amended
layer: statute
replaces: england
from: {value: 2018-09-01, source: an invented act}
changes:
  - {parameter: low_income_road_limit, value: 7, source: an invented act}
  - {add_ground: crossing, source: an invented act}
parameters:
  crossing_limit: {value: 5, unit: miles, source: an invented act}
"""


def test_a_version_that_names_a_newer_statute_takes_over_its_grounds_and_figures(folders: Folders) -> None:
    folders.write("rules/grounds/crossing.yaml", ground("crossing", "entitled", "walking_mm > crossing_limit"))
    folders.write("policy_versions/england-2018.yaml", NEWER)
    folders.replace(NEW, "replaces: somerset-2016\n", "replaces: somerset-2016\nstatute: england-2018\n")
    version = load_policies(folders.rules, folders.versions).versions["somerset-2018"]
    assert {"crossing", "transport_area", "boarding"} <= set(version.grounds)
    assert "faith" not in version.grounds
    assert {"crossing_limit", "waiting_guideline"} <= set(version.parameters)
    held = version.parameters["low_income_road_limit"].on(version.starts)
    assert held == 7 * 1_609_344
    assert findings(folders) == []


DATED = """\
    dated:
      - {from: 2016-09-01, value: 15}
      - {from: 2017-09-01, value: 20}
"""


def test_a_version_that_repeats_the_value_of_its_first_day_changes_nothing(folders: Folders) -> None:
    figure = '    {value: 15, unit: minutes, source: "the council\'s paper, section 2.2"}\n'
    folders.replace(OLD, figure, f"    unit: minutes\n    source: x\n{DATED}")
    folders.write("policy_versions/drafts/somerset-2020.yaml", REPEATED)
    found = findings(folders)
    assert any("waiting_guideline has this value already in somerset-2018" in f for f in found), found
    assert any("drafts/somerset-2020.yaml:4:11: somerset-2020 changes nothing" in f for f in found)


def test_a_version_that_holds_off_a_later_value_changes_something(folders: Folders) -> None:
    figure = '    {value: 15, unit: minutes, source: "the council\'s paper, section 2.2"}\n'
    later = DATED.replace("2017-09-01, value: 20", "2017-09-01, value: 20}\n      - {from: 2022-09-01, value: 25")
    folders.replace(OLD, figure, f"    unit: minutes\n    source: x\n{later}")
    folders.write("policy_versions/drafts/somerset-2020.yaml", REPEATED)
    assert findings(folders) == []


REPEATED = """\
version: somerset-2020
title: A draft
layer: council
replaces: somerset-2018
from: {value: 2020-09-01, source: invented}
changes:
  - {parameter: waiting_guideline, value: 20, source: invented}
"""
