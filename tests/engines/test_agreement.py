"""The reference, durable and proof engines draw the same conclusions, every one, of pupils and rulebooks of every kind.

`EDTRAVEL_PUPILS` says how many seeded pupils each of six shares takes (by default 15), and `EDTRAVEL_SEED` where they
begin. `EDTRAVEL_PUPILS=34000 pytest -n 2 tests/engines/test_agreement.py -k pupils` looks at 204,000, each under one of
the versions in turn, and says on the way how far it is.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from eligibility.assess import Assessor
from eligibility.case import read_case
from eligibility.engines import proof, reference
from eligibility.engines.durable import DurableEngine, Question
from eligibility.errors import InputError
from eligibility.in_force import Books, InForce
from eligibility.language.partial import Known
from eligibility.outcome import answer
from eligibility.policy_files import policies
from eligibility.testing.missing_facts import gaps, without
from tests.engines.random_rulebooks import Rulebooks
from tests.pupils import VERSIONS, T, seeded

PUPILS = int(os.environ.get("EDTRAVEL_PUPILS", "15"))
SEED = int(os.environ.get("EDTRAVEL_SEED", "1"))
SHARES = range(6)
BOOKS = int(os.environ.get("EDTRAVEL_RULEBOOKS", "12"))
PUPILS_A_BOOK = 10
TOLD_EVERY = 2000


@pytest.fixture(scope="module")
def engine() -> Iterator[DurableEngine]:
    with DurableEngine() as engine:
        yield engine


def differences(engine: DurableEngine, book: InForce, facts: dict[str, Known]) -> dict[str, object]:
    """By conclusion: what the three engines say where they do not say the same."""
    return differences_from(engine, engine.ask(book, facts), book, facts)


def differences_from(
    engine: DurableEngine, asked: Question, book: InForce, facts: dict[str, Known]
) -> dict[str, object]:
    """The same, where the second engine has been asked already."""
    first, third, second = reference.conclude(book, facts), proof.conclude(book, facts), engine.answer(asked)
    assert second is not None, "the process of the second engine was lost"
    assert set(first) == set(second) == set(third) == set(book.conclusions)
    said = {name: (first[name], second[name], third[name]) for name in first}
    return {name: answers for name, answers in said.items() if len(set(answers)) > 1}


def one_ahead(items: Iterator[T]) -> Iterator[T]:
    """The items, each asked for before the one before it is given, so that the second engine works meanwhile."""
    held: list[T] = []
    for item in items:
        held.append(item)
        if len(held) > 1:
            yield held.pop(0)
    yield from held


@dataclass(frozen=True)
class Asked:
    """A pupil's facts under a version, and what the second engine was asked."""

    what: str
    book: InForce
    facts: dict[str, Known]
    question: Question


@pytest.mark.parametrize("share", SHARES)
def test_the_engines_conclude_the_same_of_pupils_with_facts_missing_at_random(
    share: int, engine: DurableEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    books, model = Books(policies()), Assessor(second=None).model
    seed = SEED * 1000 + share
    pupil, rng = seeded(seed), random.Random(seed)

    def pick(options: Sequence[T]) -> T:
        return rng.choice(options)

    def asked() -> Iterator[Asked]:
        for number in range(PUPILS):
            question = pupil()
            case = without(question.case, gaps(pick, question.case))
            # Many pupils are looked at under one version each, a few under all of them.
            for name in VERSIONS if PUPILS <= TOLD_EVERY else [VERSIONS[number % len(VERSIONS)]]:
                try:
                    said = answer(read_case(case, model), policies().versions[name], books, question.on)
                except InputError:
                    continue  # what is left of the case contradicts itself
                facts = dict(said.established.facts)
                what = f"pupil {number + 1} of share {share} under {name} on {question.on}"
                yield Asked(what, said.book, facts, engine.ask(said.book, facts))
            if number % TOLD_EVERY == TOLD_EVERY - 1:
                with capfd.disabled():
                    sys.stderr.write(f"share {share}: {number + 1} pupils, {checked} checked\n")

    checked = 0
    for one in one_ahead(asked()):
        assert differences_from(engine, one.question, one.book, one.facts) == {}, (one.what, one.facts)
        checked += 1
    assert checked >= PUPILS * 0.9


@pytest.mark.parametrize("share", SHARES)
def test_the_engines_conclude_the_same_under_rulebooks_drawn_at_random(share: int, engine: DurableEngine) -> None:
    rulebooks = Rulebooks(SEED * 1000 + share)
    seen: set[bool | None] = set()
    for _ in range(BOOKS):
        book = rulebooks.book()
        for _ in range(PUPILS_A_BOOK):
            facts = rulebooks.facts()
            assert differences(engine, book, facts) == {}, (book.conclusions, facts)
            seen |= set(reference.conclude(book, facts).values())
        engine.retire(book)
    assert seen == {True, False, None}
