"""Changing one fact of a case as an officer would: in the case itself, leaving out the figures it contradicts."""

from __future__ import annotations

import copy
from typing import Any

from eligibility.facts import NEVER, OTHER_HOME, vocabulary
from tests.pupils import FURTHER, LIMITS, NEARER, URN, Question

OTHER_SCHOOLS = (NEARER, FURTHER)


def values(name: str) -> list[Any]:
    """Answers on either side of everything policy.md holds the fact against."""
    fact = vocabulary().by_name[name.removesuffix(OTHER_HOME)]
    match fact.type:
        case "boolean":
            return [True, False]
        case "length":
            return [limit + step for limit in LIMITS for step in (0, 1)]
        case "money":
            return [740_000, 740_001]
        case "date":
            return [NEVER]
        case _:
            return [0, 1, 2, 3]


def changed(question: Question, answers: dict[str, Any]) -> dict[str, Any]:
    """The pupil's case with some facts changed."""
    case = copy.deepcopy(question.case)
    for name, value in answers.items():
        base = name.removesuffix(OTHER_HOME)
        fact = vocabulary().by_name[base]
        place = fact.other_home if name.endswith(OTHER_HOME) else fact.case
        match base:
            case "evidence_seen":
                _put(case, "income.evidence_seen_on", question.on if value else None)
            case "has_exceptional_circumstances":
                _put(case, "exceptional", "bullying" if value else None)
            case "plan_names_this_school":
                _put(case, "needs.ehc_plan.named_urns", _named(case["needs"]["ehc_plan"]["named_urns"], this=value))
            case _:
                _put(case, place, None if value == NEVER and fact.type == "date" else value)
        if fact.type == "length":
            case[place.split(".")[0]].pop(base.replace("_mm", "_miles"), None)
    for suffix, part in (("", "measured"), (OTHER_HOME, "measured_other_home")):
        if case.get(part):
            _leave_out_what_is_contradicted(case[part], {n for n in answers if n.endswith(OTHER_HOME) == bool(suffix)})
    return case


def _leave_out_what_is_contradicted(measured: dict[str, Any], answered: set[str]) -> None:
    fresh = {name.removesuffix(OTHER_HOME) for name in answered}
    nearest, nearer = measured.get("nearest_school"), measured.get("nearer_suitable_schools")
    if nearest and nearer and "nearer_suitable_schools" not in fresh:
        measured.pop("nearer_suitable_schools")
    if measured.get("nearest_ignoring_places") and nearest is False:
        measured.pop("nearest_ignoring_places")


def _named(named: list[int], *, this: bool) -> list[int]:
    if this:
        return [URN, *named[1:]]
    return list(OTHER_SCHOOLS[: len(named)])


def _put(case: dict[str, Any], place: str, value: Any) -> None:
    *parents, leaf = place.split(".")
    node = case
    for parent in parents:
        node = node[parent]
    node[leaf] = value
