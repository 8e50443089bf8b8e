"""Every mistake in a file of table tests is one clear sentence with its place, and the other tests go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.policy_files import policies
from eligibility.testing.table_files import find_test_mistakes
from tests.policy_folders import Folders
from tests.testing.tables import WHOLE, run

GOOD = "  - name: A mile is near\n    expect: not_entitled\n"
TABLE = "  - name: A table\n    columns: [{columns}]\n    rows:\n      - [{row}]\n"


def table(columns: str, row: str) -> str:
    return TABLE.format(columns=columns, row=row)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("  - name: A\n    expext: entitled\n", "a.yaml:5:13: expext is not known here; did you mean expect?"),
        ("  - name: A\n    expect: entitle\n", "a.yaml:5:13: entitle is not an outcome; did you mean entitled?"),
        ("  - expect: entitled\n", "a.yaml:4:5: name is missing here"),
        ("  - name: A\n", "a.yaml:4:5: nothing is expected here; expect an outcome, or some of outcome, met,"),
        (
            "  - name: A\n    expect: {met: walking_distnce}\n",
            "a.yaml:5:19: walking_distnce is not a ground; did you mean walking_distance?",
        ),
        (
            "  - name: A\n    pupil: {measured.walkin_mm: 1}\n    expect: entitled\n",
            "a.yaml:5:33: measured.walkin_mm is no fact of a pupil; did you mean measured.walking_mm?",
        ),
        (
            "  - name: A\n    pupil: {walking_miles: 1}\n    expect: entitled\n",
            "a.yaml:5:28: walking_miles is no fact of a pupil; did you mean measured.walking_miles?",
        ),
        (
            "  - name: A\n    pupil: {measured: {walking_mm: far}}\n    expect: entitled\n",
            "a.yaml:5:36: no pupil can be so: measured.walking_mm: expected a whole number",
        ),
        (
            "  - name: A\n    pupil: {measured.nearest_school: false}\n    expect: entitled\n",
            "a.yaml:4:5: no pupil can be so: the facts contradict one another:",
        ),
        (
            "  - name: A\n    policy: somerset-2108\n    expect: entitled\n",
            "a.yaml:5:13: there is no policy version somerset-2108; did you mean somerset-2018?",
        ),
        (
            "  - name: A\n    expect: {england: entitled}\n",
            "a.yaml:4:5: nothing is expected of somerset-2018 here; expect an outcome",
        ),
        (
            "  - name: A\n    expect: {somerset-2018: not_entitled, england: entitled}\n",
            "a.yaml:4:5: something is expected of england, which is not among the versions of this test",
        ),
        ("  - name: A\n    on: tomorrow\n    expect: entitled\n", "a.yaml:5:9: expected a date here"),
        (
            "  - name: A\n    readings: {late_notice: soon}\n    expect: entitled\n",
            "a.yaml:5:29: soon is not a choice of late_notice; expected one of delays_the_start, ends_assistance",
        ),
        (
            "  - name: A\n    expect: {readings: {late_notise: {x: entitled}}}\n",
            "a.yaml:5:38: late_notise is not known here; did you mean late_notice?",
        ),
        (
            "  - name: A\n    pupil: {award.ground: fath}\n    expect: entitled\n",
            "a.yaml:5:27: fath is not a word for award.ground; did you mean faith?",
        ),
        (
            "  - name: A\n    expect: {missing: [measured.walkin_mm]}\n",
            "a.yaml:5:24: measured.walkin_mm is not a fact of a pupil; did you mean measured.walking_mm?",
        ),
        ("  - name: A\n    expect: {advice: [wating]}\n", "a.yaml:5:23: wating is not advice; did you mean waiting?"),
        ("  - name: A\n    rows: []\n", "a.yaml:4:5: columns is missing here; a table has columns (names) and rows"),
        (table("measured.walking_mm, expect", "1"), "a.yaml:7:9: this row has 1 cells and the table has 2 columns"),
        (table("walking, expect", "1, entitled"), "a.yaml:5:15: walking is no fact of a pupil"),
        (table("expect.protectd", "null"), "a.yaml:5:15: expect.protectd is no fact of a pupil"),
        (
            table("measured.walking_mm, measured.walking_mm, expect", "1, 2, entitled"),
            "a.yaml:5:36: measured.walking_mm is a column already; keep one",
        ),
        (table("expect, expect", "entitled, refer"), "a.yaml:5:23: expect is a column already; keep one"),
        (
            "  - name: A\n    pupil: {measured: {walking_mm: 1}, measured.walking_mm: 2}\n    expect: entitled\n",
            "a.yaml:5:61: measured.walking_mm is given twice, at line 5 too; keep one",
        ),
        (
            "  - name: A\n    pupil: {belief: not known, belief.religion: jewish}\n    expect: entitled\n",
            "a.yaml:5:49: belief.religion is given, and belief as a whole at line 5; keep one",
        ),
        (
            table("medical.from, medical, expect", "2018-09-01, null, entitled"),
            "a.yaml:7:22: medical is given as a whole, and medical.from at line 7; keep one",
        ),
        (
            "  - name: A\n    pupil: {measured.walking_mm: 4828033, measured.walking_miles: 1}\n    expect: entitled\n",
            "a.yaml:5:34: no pupil can be so: measured.walking_mm and measured.walking_miles give two different",
        ),
        (
            table("measured.walking_miles, measured.walking_mm, expect", "1, 4828033, entitled"),
            "a.yaml:7:13: no pupil can be so: measured.walking_mm and measured.walking_miles give two different",
        ),
        (
            "  - name: A\n    policy: england\n    readings: {late_notice: ends_assistance}\n    expect: refer\n",
            "a.yaml:6:29: england has no open point late_notice",
        ),
        (
            "  - name: A\n    policy: england\n    expect: {readings: {faith_terms: {any_school_of_belief: refer}}}\n",
            "a.yaml:6:61: england has no open point faith_terms",
        ),
        (
            (
                "  - name: A\n    policy: somerset-2016\n"
                "    readings: {catchment_means: todays_catchment}\n    expect: refer\n"
            ),
            "a.yaml:6:33: somerset-2016 does not leave it open to read catchment_means as todays_catchment; it may be",
        ),
        (
            "  - name: A\n    given: {resident: true}\n    expect: entitled\n",
            "a.yaml:5:12: given is of the whole file; did you mean pupil?",
        ),
        (
            "  - name: A mile is near\n    expect: entitled\n",
            "a.yaml:6:11: another test of this file has the same name",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_other_tests_are_run(tmp_path: Path, written: str, said: str) -> None:
    twice = "another test" in said
    results, mistakes = run(tmp_path, WHOLE + (GOOD + written if twice else written + GOOD))
    assert len(mistakes) == 1
    assert mistakes[0].startswith(said)
    assert [(result.test.name, result.passed) for result in results] == [("A mile is near", True)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tests:\n\t- name", "a.yaml:2:1: not readable as YAML: a tab is used for indentation; use spaces"),
        (
            "begin_with: whole_pupl\ntests: []\n",
            "a.yaml:1:13: expected whole_pupil or nothing here; did you mean whole_",
        ),
        ("pupil: {resident: true}\ntests: []\n", "a.yaml:1:8: pupil is of one test; did you mean given?"),
        ("expect: entitled\ntests: []\n", "a.yaml:1:9: expect is of one test; it stands there alone"),
        ("given: 3\ntests: []\n", "a.yaml:1:8: expected facts of the pupil here"),
        ("name: x\n", "a.yaml:1:1: tests is missing here"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_of_as_a_whole(tmp_path: Path, text: str, said: str) -> None:
    results, mistakes = run(tmp_path, text)
    assert not results
    assert mistakes[0].startswith(said)


def test_a_fact_of_a_test_takes_the_place_of_one_of_the_file_and_a_cell_of_a_row_that_of_both(tmp_path: Path) -> None:
    text = "policy: england\nbegin_with: whole_pupil\ngiven: {measured.walking_mm: 4828033}\ntests:\n"
    text += "  - name: A\n    expect: entitled\n"
    text += "  - name: B\n    pupil: {measured.walking_miles: 1}\n    expect: not_entitled\n"
    text += "  - name: C\n    pupil: {measured.walking_miles: 1}\n"
    text += "    columns: [measured.walking_mm, expect]\n    rows:\n      - [4828033, entitled]\n"
    results, mistakes = run(tmp_path, text)
    assert mistakes == []
    assert [result.passed for result in results] == [True, True, True]


def test_a_length_in_miles_and_the_same_in_millimetres_are_one_fact_as_in_a_case(tmp_path: Path) -> None:
    pupil = "{measured.walking_mm: 4828032, measured.walking_miles: 3}"
    results, mistakes = run(tmp_path, f"{WHOLE}  - name: A\n    pupil: {pupil}\n    expect: not_entitled\n")
    assert mistakes == []
    assert [result.passed for result in results] == [True]


def test_policy_check_tells_of_mistakes_in_tests_too(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.write("policy_versions/tests/ours.yaml", WHOLE + "  - name: A\n    expect: entitle\n")
    (found,) = find_test_mistakes([folders.versions / "tests"], policies())
    assert str(found).startswith("policy_versions/tests/ours.yaml:5:13: entitle is not an outcome")
