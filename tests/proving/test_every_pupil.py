"""A pupil that the proof engine finds is one that the reference engine decides alike."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import Any

import pytest
import z3

from eligibility.assess import Assessor
from eligibility.case import read_case
from eligibility.engines import proof
from eligibility.in_force import Books
from eligibility.outcome import answer
from eligibility.policy_files import policies
from eligibility.proving.believable import wishes
from eligibility.proving.every_pupil import EveryPupil
from eligibility.proving.found_pupil import case_of, find
from eligibility.proving.under_version import OUTCOMES, UnderVersion

FIRST, LAST = dt.date(2016, 9, 1), dt.date(2030, 8, 31)
MODEL = Assessor().model


def odd_pupil(rng: random.Random, pupil: EveryPupil, under: UnderVersion) -> list[Any]:
    """Wishes that draw a pupil of no particular kind, taken as far as they go together."""
    year, _ = pupil.year_and_day["on"]
    born, _ = pupil.year_and_day["date_of_birth"]
    found = [year == rng.randint(2016, 2028), born <= rng.randint(2005, 2020), born >= rng.randint(2000, 2012)]
    booleans = [fact for fact in pupil.facts.values() if z3.is_bool(fact)]
    found += [fact if rng.random() < 0.5 else z3.Not(fact) for fact in rng.sample(booleans, 25)]
    concluded = [under.concluded[name] for name in rng.sample(list(under.concluded), 10)]
    found += [pair.holds if rng.random() < 0.6 else pair.fails for pair in concluded]
    for a_year, day in pupil.year_and_day.values():
        found += [a_year >= rng.randint(2003, 2025), day >= rng.randint(101, 1231)]
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("version", ["england", "somerset-2016", "somerset-2018"])
def test_a_pupil_found_by_the_proof_engine_is_decided_alike_by_the_reference_engine(version: str, seed: int) -> None:
    held = policies()
    books = Books(held)
    pupil = EveryPupil(held, FIRST, LAST)
    under = UnderVersion(pupil, books.of(held.versions[version]))
    model = find(pupil.true_of_all, odd_pupil(random.Random(seed), pupil, under))
    assert model is not None
    case = json.loads(json.dumps(case_of(model, pupil, "P-1"), default=str))
    on = dt.date.fromisoformat(case["travel_from"])
    decided = answer(read_case(case, MODEL), held.versions[version], books, on)

    def true(formula: Any) -> bool:
        return bool(z3.is_true(model.eval(formula, model_completion=True)))

    known = {name: value for name, value in decided.found.items() if value is not None}
    assert known == {name: true(under.concluded[name].holds) for name in known}
    assert [name for name in OUTCOMES if true(under.outcome(name))] == [decided.outcome]
    assert proof.conclude(decided.book, decided.established.facts) == decided.found


def test_an_example_is_a_pupil_that_an_officer_could_meet() -> None:
    held = policies()
    pupil = EveryPupil(held, dt.date(2018, 9, 1), LAST)
    under = UnderVersion(pupil, Books(held).of(held.versions["somerset-2018"]))
    model = find([*pupil.true_of_all, under.outcome("entitled")], wishes(pupil))
    case = case_of(model, pupil, "P-1")
    assert case["travel_from"] == dt.date(2018, 9, 4)
    assert case["resident"]
    assert case["needs"]["ehc_plan"] is None
    assert case["award"] is None


def test_no_pupil_is_found_where_there_is_none() -> None:
    held = policies()
    pupil = EveryPupil(held, FIRST, LAST)
    nearest, nearer = pupil.fact("nearest_school"), pupil.fact("nearer_suitable_schools")
    assert find([*pupil.true_of_all, nearest, nearer > 0]) is None
