"""The facts of generated pupils, established once, for engines to decide."""

from __future__ import annotations

import random
from dataclasses import dataclass

from eligibility.case import build_case_model, read_case
from eligibility.establish import establish
from eligibility.in_force import Books, InForce
from eligibility.language.expressions import names
from eligibility.language.partial import Known
from eligibility.policy_files import policies
from tests.pupils import seeded

LARGEST = 2**31 - 1
"""The largest whole number that every engine here can hold."""


@dataclass(frozen=True)
class Pupils:
    """A version's rules, and pupils to decide by them."""

    book: InForce
    as_they_come: list[dict[str, Known]]
    """What the case of each pupil tells, and the version's figures: what does not apply to a pupil is absent."""
    complete: list[dict[str, bool | int | str]]
    """The same with every fact that a rule reads, for engines to which nothing can be unknown."""


def generated(version_id: str, number: int, seed: int = 20180901) -> Pupils:
    """Facts of `number` generated pupils under a version. Raises PolicyError where there is no such version."""
    held = policies()
    version = held.version(version_id)
    book = Books(held).of(version)
    model = build_case_model({"ground": tuple(held.rules.grounds), "policy": tuple(held.versions)})
    some_pupil = seeded(seed)
    come = []
    for _ in range(number):
        pupil = some_pupil()
        case = read_case(pupil.case, model)
        come.append(establish(case, version, held, pupil.on, asked_on=pupil.on, older=book.older).facts)
    return Pupils(book, come, _completed(book, come, seed))


def read_by(book: InForce) -> list[str]:
    """Every fact, parameter and reading that some rule reads."""
    return sorted({name for test in book.conclusions.values() for name in names(test)} - set(book.conclusions))


def _completed(book: InForce, come: list[dict[str, Known]], seed: int) -> list[dict[str, bool | int | str]]:
    """Each gap filled with what some other pupil has there, and False where none has anything."""
    draw = random.Random(seed)
    complete: list[dict[str, bool | int | str]] = [{} for _ in come]
    for name in read_by(book):
        others = [value for facts in come if isinstance(value := facts.get(name), bool | int | str)] or [False]
        for facts, filled in zip(come, complete, strict=True):
            value = facts.get(name)
            value = value if isinstance(value, bool | int | str) else draw.choice(others)
            filled[name] = min(value, LARGEST) if type(value) is int else value
    return complete
