"""The chart says what the engine says: whoever follows its questions comes to the engine's outcome."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from eligibility.case import Case, build_case_model, read_case
from eligibility.chart.routes import routes
from eligibility.chart.tree import Node, tree
from eligibility.chart.walk import Way, walk
from eligibility.errors import Contradiction
from eligibility.in_force import Books
from eligibility.outcome import Answer, answer
from eligibility.policy_files import policies
from tests.pupils import Question, pupils

HELD = policies()
BOOKS = Books(HELD)
TREES = {version.id: tree(routes(HELD, version)) for version in HELD.versions.values()}
MODEL = build_case_model({"ground": tuple(HELD.rules.grounds), "policy": tuple(HELD.versions)})


def answered(question: Question, version: str, books: Books = BOOKS, *, without: Sequence[str] = ()) -> Answer | None:
    """What the reference engine says of a pupil, without what is left out; None of one who cannot be."""
    supplied = {key: value for key, value in question.case.items() if key not in without}
    held = books.policies
    model = (
        MODEL
        if held is HELD
        else build_case_model({"ground": tuple(held.rules.grounds), "policy": tuple(held.versions)})
    )
    case: Case = read_case(supplied, model)
    try:
        return answer(case, held.versions[version], books, question.on)
    except Contradiction:
        return None


def way_of(found: Answer, nodes: Sequence[Node]) -> Way:
    """The way of a pupil through a tree."""
    return walk(nodes, found.established.facts, found.found)


@pytest.mark.parametrize("version", HELD.versions)
@given(question=pupils())
@settings(max_examples=150)
def test_whoever_answers_every_question_comes_to_the_outcome_of_the_engine(version: str, question: Question) -> None:
    found = answered(question, version)
    if found is None or found.outcome == "need_information":
        return
    way = way_of(found, TREES[version])
    assert way.outcomes == {found.outcome}
    assert way.ends[found.outcome] is True
