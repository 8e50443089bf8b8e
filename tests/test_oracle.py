"""The engine against an oracle written from the policy's words alone, over whole pupils of every kind.

`EDTRAVEL_PUPILS` says how many seeded pupils each share of the long comparison takes (by default 40), and
`EDTRAVEL_SEED` where they begin: `EDTRAVEL_PUPILS=5000 pytest -n 2 tests/test_oracle.py` looks at 30,000.
"""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from eligibility.assess import Assessor
from eligibility.decision import Decision
from tests.oracle import Answer, judge
from tests.oracle_dates import compulsory_from, compulsory_until, end_of_school_year, half_a_term, working_days_after
from tests.oracle_grounds import CHANGE, INCOME_LIMIT_FROM
from tests.pupils import VERSIONS, Question, pupils, seeded

PUPILS = int(os.environ.get("EDTRAVEL_PUPILS", "40"))
SEED = int(os.environ.get("EDTRAVEL_SEED", "1"))
SHARES = range(6)
ASSESSOR = Assessor()
slowly = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def said_by_the_engine(decision: Decision) -> dict[str, Any]:
    """What a decision says of all that the oracle knows."""
    others = [reading.outcome for reading in decision.readings if reading.name == "legitimate_expectation"]
    return {
        "outcome": decision.outcome,
        "grounds": {ground.id: ground.result for ground in decision.grounds},
        "outcome under the other reading": others,
        "protected": decision.protected and decision.protected.ground,
        "notices": [(notice.days, notice.starts_on, notice.statutory) for notice in decision.notices],
        "starts_on": decision.starts_on,
        "ends_on": decision.ends_on,
        "ask_by": decision.review and decision.review.ask_by,
        "missing": decision.missing,
    }


def said_by_the_oracle(answer: Answer, version: str) -> dict[str, Any]:
    """The same of the oracle's answer."""
    later, notice = version == "somerset-2018", answer.notice
    kept = [element for element in answer.protected["5.1"] if later and answer.grounds[element]]
    differ = later and answer.readings["1.1"] != answer.readings["5.1"]
    return {
        "outcome": answer.outcome,
        "grounds": {ground: "met" if met else "not_met" for ground, met in answer.grounds.items()},
        "outcome under the other reading": [answer.readings["1.1"]] if differ else [],
        "protected": kept[0] if kept else None,
        "notices": [(notice.days, notice.starts_on, notice.statutory)] if notice else [],
        "starts_on": answer.starts_on,
        "ends_on": answer.ends_on,
        "ask_by": answer.ask_by,
        # Without a calendar for the date it is the calendar that is missing; "the rest of the decision stands".
        "missing": ["calendar"] if notice and notice.starts_on is None else [],
    }


def lapses_on_a_sure_day(question: Question, version: str, answer: Answer) -> bool:
    """Whether the policy and the engine can both name the day on which an entitlement lapses."""
    if version == "somerset-2018" and question.on < CHANGE:
        return False  # the later version before its day is only tried
    holiday = question.on > end_of_school_year(question.on, calendar=version != "england")
    if holiday and answer.outcome == "entitled":
        return False  # in the summer holidays it is open to which school year a day belongs
    # An income tested before the earnings limit began, from the other home: the engine knows no award for it.
    return not (question.on < INCOME_LIMIT_FROM and question.case["other_home"] and answer.grounds.get("other_home"))


def compare(question: Question, version: str) -> None:
    """Fail where the engine and the oracle say different things of a pupil under a version."""
    case, on, decided = question.case, question.on, question.decided
    decision = ASSESSOR.assess(case, policy=version, on=on, decided=decided)
    answer = judge(case, version, on, decided)
    engine, oracle = said_by_the_engine(decision), said_by_the_oracle(answer, version)
    if not lapses_on_a_sure_day(question, version, answer):
        del engine["ends_on"], oracle["ends_on"]
    # A day in the summer holidays is as good as the last day of term.
    for said in (engine, oracle):
        if said.get("ends_on"):
            said["ends_on"] = min(said["ends_on"], end_of_school_year(said["ends_on"], calendar=version != "england"))
    assert engine == oracle, (version, on, decided, case)


@pytest.mark.parametrize("version", VERSIONS)
@slowly
@given(question=pupils())
def test_a_whole_pupil_is_decided_as_the_policy_says(version: str, question: Question) -> None:
    compare(question, version)


@pytest.mark.parametrize("share", SHARES)
def test_many_pupils_are_decided_as_the_policy_says(share: int) -> None:
    pupil = seeded(SEED * 1000 + share)
    for _ in range(PUPILS):
        question = pupil()
        for version in VERSIONS:
            compare(question, version)


@slowly
@given(question=pupils())
def test_the_council_version_in_force_on_the_day_decides(question: Question) -> None:
    version = "somerset-2016" if question.on < CHANGE else "somerset-2018"
    chosen = ASSESSOR.assess(question.case, decided=question.decided)
    assert chosen.policy == version
    assert chosen.outcome == judge(question.case, version, question.on, question.decided).outcome


def test_the_compared_pupils_reach_every_ground_outcome_reading_and_notice() -> None:
    pupil = seeded(SEED)
    seen: set[tuple[str, str]] = set()
    wanted = {("outcome", outcome) for outcome in ("entitled", "refer", "not_entitled")}
    for _ in range(1500):
        question = pupil()
        for version in VERSIONS:
            answer = judge(question.case, version, question.on, question.decided)
            seen.add(("outcome", answer.outcome))
            seen |= {(version, ground) for ground, met in answer.grounds.items() if met}
            wanted |= {(version, ground) for ground in answer.grounds}
            if answer.notice:
                seen.add(("notice", "statutory" if answer.notice.statutory else "discretionary"))
            if version == "somerset-2018" and len(set(answer.readings.values())) > 1:
                seen.add(("readings", "differ"))
    wanted |= {("notice", "statutory"), ("notice", "discretionary"), ("readings", "differ")}
    assert seen >= wanted


def test_the_oracle_gives_the_worked_examples_of_the_policy() -> None:
    assert compulsory_from(date(2019, 2, 10)) == date(2024, 3, 31)
    assert compulsory_until(date(2007, 9, 23)) == date(2024, 6, 28)
    assert half_a_term(date(2018, 9, 4)) == (35, date(2018, 10, 31))
    assert working_days_after(date(2018, 9, 4), 20) == date(2018, 10, 2)
