"""A mistake in a rule file or a policy version is an error with its file, its line and the nearest right name."""

from __future__ import annotations

import pytest

from tests.language.policy_mistakes import FAITH, INCOME, NEW, OLD, STATUTE, line_of, refused
from tests.policy_folders import Folders

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
