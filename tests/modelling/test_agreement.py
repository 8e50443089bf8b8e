"""A population in columns says of every pupil what a decision on that pupil says, facts missing at random.

`EDTRAVEL_PUPILS` says how many seeded pupils each of six shares takes (by default 250), and `EDTRAVEL_SEED` where they
begin. `EDTRAVEL_PUPILS=34000 pytest -n 2 tests/modelling/test_agreement.py` looks at 204,000, each under one of the
versions in turn.
"""

from __future__ import annotations

import os
from datetime import date

import pytest

from eligibility.errors import Contradiction
from eligibility.modelling.assessed import assess
from eligibility.outcome import answer
from eligibility.policy_files import policies
from tests.modelling.populations import as_decided, books, drawn, population
from tests.pupils import VERSIONS

PUPILS = int(os.environ.get("EDTRAVEL_PUPILS", "250"))
SEED = int(os.environ.get("EDTRAVEL_SEED", "1"))
SHARES = range(6)
BATCH = 2_000
DAYS = [None, date(2018, 9, 4), date(2017, 7, 31), date(2018, 3, 31), date(2022, 4, 1), date(2020, 1, 1)]
"""The day of each share: first each pupil's own, then one for all."""


@pytest.mark.parametrize("share", SHARES)
def test_a_population_is_assessed_as_each_of_its_pupils_would_be(share: int) -> None:
    on, seen = DAYS[share], 0
    for batch in range(0, PUPILS, BATCH):
        pupils = drawn(SEED * 100_000 + share * 10_000 + batch // BATCH, min(BATCH, PUPILS - batch))
        rows = population(pupils)
        # Many pupils are looked at under one version each, a few under all of them.
        for name in VERSIONS if PUPILS <= BATCH else [VERSIONS[batch // BATCH % len(VERSIONS)]]:
            version = policies().versions[name]
            found = assess(rows.lazy(), books(), version, on=on).collect()
            assert found["row"].to_list() == rows["row"].to_list()
            for pupil, row in zip(pupils, found.iter_rows(named=True), strict=True):
                try:
                    said = answer(pupil.case, version, books(), on or pupil.on)
                except Contradiction:
                    continue  # set aside when the population is checked
                expected = as_decided(said)
                assert {column: row[column] for column in expected} == expected, (
                    name,
                    on or pupil.on,
                    pupil.case.known,
                )
                assert set(row) == {"row", "reference", *expected}
                seen += 1
    assert seen >= PUPILS * 0.9
