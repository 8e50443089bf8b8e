"""Every mistake is named at once, and what a version takes over from the one before it."""

from __future__ import annotations

from eligibility.policy_files import find_mistakes, load_policies
from tests.language.policy_mistakes import FAITH, NEW, OLD, STATUTE, findings, ground, line_of, refused
from tests.policy_folders import Folders

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
