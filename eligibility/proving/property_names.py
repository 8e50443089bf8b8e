"""What a property may name: every fact, figure, reading, definition and ground, the outcome, and each seen otherwise.

An ending says from where a name is seen: `_before` under the version that was replaced, `_under_statute` under the
statute, `_of_twin` of a second pupil, `_otherwise` under another choice of a reading; and `_certainly`,
`_certainly_not` where only some facts are known, `_is_known` where all are.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from eligibility.facts import vocabulary
from eligibility.language.parsing import Kind
from eligibility.policy import REPLACED_VERSION, RULE_TYPES, VERSION_STARTS, Policies

OUTCOMES = ("entitled", "refer", "not_entitled")
SOME_GROUND_MET = "some_ground_met"
"""A ground that leads to free travel is met as its paragraph words it, one that is kept included."""
NOTICE = "notice_"
THIS, THIS_CARRIES, ANOTHER_MET = "this_ground", "this_ground_carries", "another_ground_met"
"""Of the ground asked about: met as worded, met in the form the outcome is drawn from, and another one met."""
THIS_CONCLUSION = "this_conclusion"

GROUND, ENTITLING, CONSIDERED, KEPT, CONCLUSION, READING = (
    "ground",
    "entitling_ground",
    "considered_ground",
    "kept_ground",
    "conclusion",
    "reading",
)
FOR_EACH = (GROUND, ENTITLING, CONSIDERED, KEPT, CONCLUSION, READING)
GROUNDS = (GROUND, ENTITLING, CONSIDERED, KEPT)

BEFORE, UNDER_STATUTE, OF_TWIN, OTHERWISE = "_before", "_under_statute", "_of_twin", "_otherwise"
CERTAINLY, CERTAINLY_NOT, IS_KNOWN = "_certainly", "_certainly_not", "_is_known"
VIEWS = (BEFORE, UNDER_STATUTE, OF_TWIN)
"""The endings that every name may have."""
OF_KNOWLEDGE = (CERTAINLY_NOT, CERTAINLY, IS_KNOWN)
"""The endings of names that are true or false and are concluded."""


def kinds_of(policies: Policies) -> dict[str, Kind]:
    """Facts, figures and readings of every version, with what each holds."""
    kinds = vocabulary().kinds()
    lists = {"ground": frozenset(policies.rules.grounds), "policy": frozenset(policies.versions)}
    for fact in vocabulary().facts:
        if fact.name and fact.type in lists:
            kinds[fact.name] = Kind("word", lists[fact.type])
    kinds.pop("element", None)  # it is given by the transition of a version, to its own conditions alone
    kinds[VERSION_STARTS], kinds[REPLACED_VERSION] = Kind("date"), Kind("word", lists["policy"])
    for version in policies.versions.values():
        for parameter in version.parameters.values():
            if parameter.unit in RULE_TYPES:
                words = frozenset(parameter.choices) if parameter.choices else None
                kinds[parameter.name] = Kind(RULE_TYPES[parameter.unit], words)
        for reading in version.readings.values():
            kinds[reading.name] = Kind("word", frozenset(reading.choices))
    return kinds


def concluded(policies: Policies, for_each: str = "") -> set[str]:
    """The names of what is concluded, by rules and by the outcome."""
    rules = policies.rules
    found = {*rules.grounds, *rules.definitions, *OUTCOMES, SOME_GROUND_MET}
    found |= {NOTICE + name for name in rules.notices}
    if for_each in GROUNDS:
        found |= {THIS, THIS_CARRIES, ANOTHER_MET}
    if for_each == CONCLUSION:
        found.add(THIS_CONCLUSION)
    return found


def nameable(policies: Policies, for_each: str = "") -> Mapping[str, Kind]:
    """Every name that a property may use, with what it holds."""
    kinds = kinds_of(policies)
    conclusions = concluded(policies, for_each)
    kinds |= {name: Kind("boolean") for name in conclusions}
    seen = {name + view: kind for name, kind in kinds.items() for view in VIEWS}
    of_knowledge = {name + ending: Kind("boolean") for name in conclusions for ending in OF_KNOWLEDGE}
    otherwise = {name + OTHERWISE: Kind("boolean") for name in conclusions} if for_each == READING else {}
    return kinds | seen | of_knowledge | otherwise


def parted(name: str, known: Container[str]) -> tuple[str, str]:
    """A name without its ending, and the ending ("" where it has none); `known` are the names without endings."""
    if name not in known:
        for ending in (*OF_KNOWLEDGE, *VIEWS, OTHERWISE):
            if name.endswith(ending):
                return name.removesuffix(ending), ending
    return name, ""
