"""Populations made of the pupils that the other tests draw, and what a decision on each of them would say."""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from eligibility.assess import Assessor
from eligibility.case import Case, read_case
from eligibility.errors import InputError
from eligibility.in_force import Books
from eligibility.modelling.facts_of_cases import with_facts
from eligibility.modelling.rows import row_of, table_of
from eligibility.outcome import Answer
from eligibility.policy_files import policies
from eligibility.testing.missing_facts import gaps, without
from tests.pupils import T, seeded


@functools.cache
def books() -> Books:
    return Books(policies())


@functools.cache
def model() -> Any:
    return Assessor(second=None).model


@dataclass(frozen=True)
class Drawn:
    """A pupil as a case, and the day that it is about."""

    case: Case
    on: date


def drawn(seed: int, number: int, *, whole: bool = False) -> list[Drawn]:
    """Pupils from a seed, by default with facts missing at random."""
    pupil, rng = seeded(seed), random.Random(seed)

    def pick(options: Sequence[T]) -> T:
        return rng.choice(options)

    found = []
    for _ in range(number):
        question = pupil()
        case = question.case if whole else without(question.case, gaps(pick, question.case))
        try:
            found.append(Drawn(read_case(case, model()), question.on))
        except InputError:
            continue  # what is left of the case is none
    return found


def population(pupils: Sequence[Drawn]) -> pl.DataFrame:
    """Pupils as a checked population; one that is about another day than its first of travel cannot be told so."""
    table = table_of(row_of(pupil.case) for pupil in pupils).with_row_index("row", offset=1)
    return with_facts(table.lazy()).collect()


def as_decided(answer: Answer) -> dict[str, Any]:
    """What a decision says, by the names that a population's columns have."""
    book, found = answer.book, answer.found
    says: dict[str, Any] = {"outcome": answer.outcome}
    if book.expectations:
        says |= {f"outcome[{reading}]": outcome for reading, outcome in answer.by_reading.items()}
    for ground in book.grounds:
        says[ground.rule.id] = found[ground.result]
        if ground.decides != ground.result:
            says[f"carries:{ground.rule.id}"] = found[ground.decides]
    for reading, expected in book.expectations.items():
        kept = {}
        for element, (name, _) in expected.items():
            both = (found[name], found[book.protected[element].result])
            kept[element] = False if False in both else None if None in both else True
            says[f"kept:{element}[{reading}]"] = kept[element]
        first = next((element for element, is_kept in kept.items() if is_kept), None)
        says[f"protected[{reading}]"] = first
        if reading == answer.chosen:
            says["protected"] = first
    return says | {notice.applies: found[notice.applies] for notice in book.notices}
