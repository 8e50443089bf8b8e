"""An outcome that is open in three values and hangs on nothing unknown is settled, as a decision on the pupil is."""

from __future__ import annotations

import os
from datetime import date

import pytest

from eligibility.errors import Contradiction
from eligibility.modelling.assessed import assess_and_settle
from eligibility.outcome import answer
from eligibility.policy_files import policies
from tests.modelling.populations import as_decided, books, drawn, population
from tests.pupils import VERSIONS

PUPILS = int(os.environ.get("EDTRAVEL_PUPILS", "250"))
SEED = int(os.environ.get("EDTRAVEL_SEED", "1"))


@pytest.mark.parametrize("on", [None, date(2018, 9, 4)])
def test_every_outcome_is_the_one_that_a_decision_on_the_pupil_gives(on: date | None) -> None:
    pupils = drawn(SEED * 77, PUPILS)
    rows = population(pupils)
    versions = [policies().versions[name] for name in VERSIONS]
    told: list[tuple[int, int]] = []
    found = assess_and_settle(rows.lazy(), books(), versions, on=on, told=lambda *done: told.append(done))
    assert found.answers["row"].to_list() == rows["row"].to_list()
    assert (found.left_open, found.patterns > 0, bool(told)) == (0, True, True)
    settled = 0
    for version in versions:
        for pupil, row in zip(pupils, found.answers.iter_rows(named=True), strict=True):
            try:
                said = answer(pupil.case, version, books(), on or pupil.on, want_settled=True)
            except Contradiction:
                continue
            expected = as_decided(said)
            differ = {name for name in expected if row[f"{version.id}:{name}"] != expected[name]}
            # Under one reading alone a decision settles nothing; here that is settled too.
            alone = {name for name in differ if name.startswith("outcome[") and expected[name] == "need_information"}
            assert differ == alone, (version.id, pupil.case.known)
            settled += said.outcome != "need_information" and "need_information" in said.by_reading.values()
    assert settled
