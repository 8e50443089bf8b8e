"""The reference engine: one case, three-valued logic, every answer kept. It defines what the rules mean."""

from __future__ import annotations

from collections.abc import Mapping

from eligibility.in_force import InForce
from eligibility.language.partial import Facts, evaluate


def conclude(book: InForce, facts: Facts) -> dict[str, bool | None]:
    """Every conclusion of a version on one set of facts: True, False, or None where it is not known.

    `facts` holds the pupil's facts, and the version's parameters and readings, by name.
    """
    found: dict[str, bool | None] = {}
    for name, test in book.conclusions.items():
        found[name] = evaluate(test, facts, found)
    return found


def outcome(book: InForce, found: Mapping[str, bool | None], reading: str) -> str:
    """The outcome under one reading of legitimate expectation.

    Entitled, refer, not entitled, in that order: the first that is not false decides, and where it is not known the
    outcome is that more information is needed. So an answer never flips as facts arrive.
    """
    for name, outcome_name in zip(book.outcomes[reading], ("entitled", "refer"), strict=True):
        if found[name] is None:
            return "need_information"
        if found[name]:
            return outcome_name
    return "not_entitled"


def settle(outcomes: list[str]) -> str:
    """One outcome from those of every reading that must agree: the same, that; not known if any is; otherwise refer."""
    if "need_information" in outcomes:
        return "need_information"
    return outcomes[0] if len(set(outcomes)) == 1 else "refer"
