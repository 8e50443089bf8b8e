"""Rules over every combination of what they speak of, held against what the policy's words say of each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from eligibility.language.expressions import Expression
from eligibility.language.partial import evaluate
from eligibility.policy_files import policies
from eligibility.rulebook import Condition

Facts = Mapping[str, Any]
Holds = Callable[[Facts], bool | None]
YES_NO = (False, True)
DAY = 2018_10_15
DAYS = (DAY - 1, DAY, DAY + 1)
"""Just before, on and just after the day that the others are held against."""


def every(**values: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """Every combination of the values."""
    for combination in itertools.product(*values.values()):
        yield dict(zip(values, combination, strict=True))


def check(holds: Holds, says: Callable[[Facts], bool], **values: tuple[Any, ...]) -> None:
    """Fail at the first combination in which the rule and the policy's words differ."""
    seen = set()
    for facts in every(**values):
        assert holds(facts) is says(facts), facts
        seen.add(says(facts))
    assert seen == {False, True}


def answer(test: Expression, facts: Facts) -> bool | None:
    """The condition on these facts; whatever is true or false may be a fact or an earlier conclusion."""
    conclusions = {key: value for key, value in facts.items() if isinstance(value, bool)}
    return evaluate(test, {key: value for key, value in facts.items() if key not in conclusions}, conclusions)


def definition(name: str) -> Holds:
    """Whether a definition of the rulebook holds."""
    test = policies().rules.definitions[name].test
    return lambda facts: answer(test, facts)


def all_hold(conditions: tuple[Condition, ...]) -> Holds:
    """Whether all of these conditions hold."""
    return lambda facts: all(answer(condition.test, facts) for condition in conditions)
