"""What is wrong between files of which each can be read, and two grounds that give two answers."""

from __future__ import annotations

import pytest

from tests.language.policy_mistakes import FAITH, NEW, OLD, findings, ground, line_of
from tests.policy_folders import Folders

# -- what each file says well and the files together say badly


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
