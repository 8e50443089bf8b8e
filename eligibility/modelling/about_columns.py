"""The columns beginning `about.` that tables give a meaning to, and what may stand in each."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from eligibility.facts import Fact, vocabulary

MODE, LAST_YEAR_GROUP, TAKES_UP = "about.mode", "about.last_year_group", "about.takes_up"
"""How a pupil is carried; the last year group of the school; whether the family takes up the seat it is entitled to."""
MAINSTREAM, SEND = "mainstream", "send"
LONGEST = 100
"""Characters that a cell which no rule reads may have; a longer one is a remark about somebody."""


@functools.cache
def with_meaning() -> Mapping[str, Fact]:
    """By column: what may stand in it, declared as the facts of a case are."""
    group = vocabulary().by_case["year_group"]
    declared = (
        Fact("", "word", "How is the pupil carried?", "", case=MODE, words=(MAINSTREAM, SEND)),
        Fact(
            "",
            "whole",
            "What is the last year group of the school?",
            "",
            case=LAST_YEAR_GROUP,
            min=group.min,
            max=group.max,
        ),
        Fact("", "boolean", "Does the family take it up?", "", case=TAKES_UP),
    )
    return {fact.case: fact for fact in declared}


def why_not(name: str, value: object) -> str | None:
    """Why a value cannot stand in a column beginning `about.`, as a sentence that does not repeat it; or None."""
    fact = with_meaning().get(name)
    if isinstance(value, str) and fact is None and len(value) > LONGEST:
        return f"{name} is longer than {LONGEST} characters; a remark about a pupil is no part of a population"
    if fact is None or value is None:
        return None
    if fact.words and value not in fact.words:
        return f"{name} is not one of the words there are for it; expected {' or '.join(fact.words)}"
    if isinstance(value, int) and fact.min is not None and fact.max is not None and not fact.min <= value <= fact.max:
        return f"{name} is not from {fact.min} to {fact.max}"
    return None
