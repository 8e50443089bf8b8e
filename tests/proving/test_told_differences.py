"""What the page on two versions says of each difference: which ground it means, why, and of whom."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from eligibility.assess import Assessor
from eligibility.policy_text import diff
from eligibility.proving.carriers import tests as conditions
from eligibility.proving.differences import Comparison
from eligibility.proving.found_pupil import case_of
from eligibility.proving.ways import Differences, Example, Variant
from eligibility.told.differences import tell
from eligibility.told.entries import Entry, Told
from eligibility.told.pupils import Pupils
from eligibility.told.reasons import why
from tests.case_builder import assessor
from tests.proving.test_differences import FOUR_MILES, draft, somerset

NEW, DRAFT = "somerset-2018", "somerset-2020"
SATURDAY = 5
NOBODY: frozenset[str] = frozenset()
SAME = "  - {clarification: exceptional, says: nothing changes, source: an invented paper}\n"

WITHDRAWN = """
  - {withdraw: transport_area, source: s}
transition:
  source: s
  protects:
    - {ground: transport_area, source: s}
  readings:
    "5.1":
      source: s
      says: who holds an award keeps it
      ends_when: [changes school]
      conditions:
        - {test: has_award and award_ground == element, otherwise: no award of this element is held}
        - {test: school_started_on < version_from, otherwise: the child starts at this school after the change}
    "1.1":
      source: s
      says: who was at the school keeps it
      ends_when: [changes school]
      conditions:
        - {test: school_started_on < version_from, otherwise: the child starts at this school after the change}
"""


def told(made: Assessor, old: str = NEW, new: str = DRAFT) -> list[Entry]:
    held = made.policies
    return tell(Comparison(held, held.version(old), held.version(new)).differences(), made).entries


def says(entry: Entry) -> str:
    return " ".join(entry.says)


@pytest.fixture(scope="module")
def other_catchment(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """A draft that means another catchment."""
    reading = "  catchment_means: {chosen: todays_catchment, choices: [transport_area, todays_catchment], source: s}\n"
    return told(draft(tmp_path_factory.mktemp("draft"), SAME, "readings:\n", reading))


@pytest.fixture(scope="module")
def faith_again(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """A draft that gives faith back and reads the notice otherwise."""
    reading = "  late_notice: {chosen: ends_assistance, choices: [delays_the_start, ends_assistance], source: s}\n"
    added = "  - {add_ground: faith, source: an invented paper}\n"
    return told(draft(tmp_path_factory.mktemp("draft"), added, "readings:\n", reading))


def test_where_the_readings_differ_on_another_ground_that_ground_is_named(other_catchment: list[Entry]) -> None:
    apart = [says(entry) for entry in other_catchment if "The readings of who keeps" in says(entry)]
    assert len(apart) == 3
    for title in ("From the other home (parents living apart)", "Religion or belief", "Temporary medical need"):
        assert any(f"The readings of who keeps “{title}” differ for this pupil" in said for said in apart)
    before = [says(entry) for entry in other_catchment if "Under the old policy the readings" in says(entry)]
    assert len(before) == 3
    assert all("the readings of who keeps “" in said for said in before)


def test_a_reason_is_worded_for_the_choice_of_the_catchment_that_the_version_makes(
    other_catchment: list[Entry],
) -> None:
    lost = next(entry for entry in other_catchment if entry.outcomes == ("entitled", "not_entitled"))
    assert "this is not the school of the home's admissions catchment of today" in says(lost)
    assert lost.pupil is not None
    assert "the designated transport area school, not the school of today's admissions catchment" in lost.pupil.pupil
    gained = next(entry for entry in other_catchment if entry.outcomes == ("not_entitled", "entitled"))
    assert "this is not the school of the home's designated transport area" in says(gained)


def test_a_gain_introduces_the_reasons_of_one_reading_as_such(faith_again: list[Entry]) -> None:
    (from_officer,) = [entry for entry in faith_again if "the readings of who keeps it differ" in says(entry)]
    assert from_officer.outcomes == ("refer", "entitled")
    (introduction,) = from_officer.lists
    assert introduction == "Kept as section 1.1 reads, and not as section 5.1 reads, for one of these reasons:"
    assert "no award is held" in [line.says for line in from_officer.lists[introduction]]


def test_a_notice_that_is_read_otherwise_is_told(faith_again: list[Entry]) -> None:
    changed = [says(entry) for entry in faith_again if "it was read as “delays the start”" in says(entry)]
    assert len(changed) == 2
    assert any("Travel no longer waits for it" in said for said in changed)
    assert any("By law travel starts on its first day all the same" in said for said in changed)


def test_each_reason_gives_the_figures_of_its_own_pupil(tmp_path: Path) -> None:
    made = draft(tmp_path, "  - {parameter: walking_limit, value: 4, source: an invented paper}\n")
    old, new = (made.policies.version(name) for name in (NEW, DRAFT))
    comparison = Comparison(made.policies, old, new)
    model = comparison.search.find(
        [comparison.old.concluded["walking_distance"].holds, comparison.new.outcome("not_entitled")]
    )
    case = case_of(model, comparison.pupil, "")
    (margin,) = [test for test in conditions(comparison.new, "walking_distance") if "{margin}" in test.fails_as]
    pupils = Pupils(Differences(old, new, comparison.first, comparison.last, comparison.first), made, Told())
    said = []
    for short in (24_000, 100_000):
        figures = {"walking_mm": FOUR_MILES - short, "road_mm": FOUR_MILES}
        one = {**case, "measured": {**case["measured"], **figures}}
        example = Example(one, frozenset(), ("entitled", "not_entitled"), (NOBODY, NOBODY), (NOBODY, NOBODY))
        said.append(why(Variant(failing=(margin,)), example, new, pupils))
    assert said == [
        "the school is within walking distance, 24 metres short of 4 miles",
        "the school is within walking distance, 100 metres short of 4 miles",
    ]


def test_a_reading_that_a_version_does_not_ask_for_says_why() -> None:
    held = assessor().policies
    said = diff(held, held.version("somerset-2016"), held.version(NEW))
    assert "reading legitimate_expectation: not asked (it withdraws nothing) -> 5.1 (or 1.1)" in said
    assert "reading late_notice: not asked (it gives no notice) -> delays_the_start" in said
    assert "reading notice_nearest: not asked (it has no notice late_application) -> ignoring_places" in said


def test_pupils_of_the_council_s_change_start_and_are_awarded_travel_on_school_days() -> None:
    _, _, page = somerset()
    for case in page.cases:
        days = [case["travel_from"], case["school"]["started_on"], (case["award"] or {}).get("granted_on")]
        # 1 September 2018, the day of the change itself, is a Saturday that some pupils have to be told of.
        assert [day for day in days if day and day.weekday() >= SATURDAY and day != dt.date(2018, 9, 1)] == []
        if case["medical"] and case["award"]:
            assert abs(case["medical"]["from"] - case["award"]["granted_on"]) < dt.timedelta(days=366)


def test_one_reason_under_one_reading_is_introduced_as_such_and_an_award_is_of_a_ground_its_policy_had(
    tmp_path: Path,
) -> None:
    made = draft(tmp_path, WITHDRAWN)
    entries = told(made)
    (apart,) = [entry for entry in entries if "The readings of who keeps it differ" in says(entry)]
    said = "Kept as section 1.1 reads, and not as section 5.1 reads: no award of this element is held."
    assert said in says(apart)
    (kept,) = [entry for entry in entries if "kept by this pupil for now" in says(entry)]
    assert kept.pupil is not None
    assert "England" not in kept.pupil.pupil
