"""The pupils of the sample county reach everything the rulebook can say."""

from __future__ import annotations

import functools

from eligibility import sample_county
from eligibility.assess import Assessor
from eligibility.columns import CaseColumns
from eligibility.decision import Decision
from eligibility.geography import Area
from eligibility.policy_files import policies
from eligibility.reading import RawCase, read_cases


@functools.cache
def raw_cases() -> tuple[RawCase, ...]:
    found = tuple(read_cases([sample_county.pupils()], columns=CaseColumns()))
    return tuple(case for case in found if isinstance(case, RawCase))


@functools.cache
def decisions() -> tuple[Decision, ...]:
    assessor = Assessor(area=Area.open(sample_county.path()))
    return tuple(assessor.assess(case.data) for case in raw_cases())


def test_every_ground_is_met_by_some_pupil() -> None:
    met = {ground.id for decision in decisions() for ground in decision.grounds if ground.result == "met"}
    assert met == set(policies().rules.grounds)


def test_every_outcome_is_reached_by_some_pupil() -> None:
    outcomes = {decision.outcome for decision in decisions()}
    assert outcomes == {"entitled", "refer", "not_entitled", "need_information"}


def test_every_reading_matters_to_some_pupil() -> None:
    named = {reading.name for decision in decisions() for reading in decision.readings}
    on_notices = {"late_notice", "notice_nearest", "protection_scope"}  # these move a start, never an outcome
    assert named | on_notices == set(policies().versions["somerset-2018"].readings)
    assert any(notice.statutory for decision in decisions() for notice in decision.notices)
    assert any(not notice.statutory for decision in decisions() for notice in decision.notices)


def test_a_protected_pupil_and_one_on_whom_the_readings_differ_are_among_them() -> None:
    assert any(decision.protected for decision in decisions())
    assert any(reading.name == "legitimate_expectation" for d in decisions() for reading in d.readings)


def test_the_shipped_pupil_is_one_for_whom_the_policy_makes_the_difference() -> None:
    (case,) = read_cases([sample_county.pupil()], columns=CaseColumns())
    assert isinstance(case, RawCase)
    assessor = Assessor(area=Area.open(sample_county.path()))
    old, new = assessor.compare(case.data, versions=("somerset-2016", "somerset-2018"))
    assert (old.outcome, new.outcome) == ("entitled", "not_entitled")
