"""What would be different: under another reading, under another version, with another fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eligibility import wording
from eligibility.constraints import apply_constraints
from eligibility.errors import Contradiction, InputError
from eligibility.establish import Established
from eligibility.explain import Explainer
from eligibility.facts import vocabulary
from eligibility.language.expressions import names
from eligibility.language.partial import Known
from eligibility.matter import Matter
from eligibility.outcome import Answer, conclude
from eligibility.reading_names import DATE_APPLIED, EXPECTATION, GOVERNING_DATE, MEASURING

_WORDS = {
    "entitled": "entitled",
    "not_entitled": "not entitled",
    "refer": "an officer decides",
    "need_information": "more information needed",
}


def other_readings(matter: Matter) -> list[dict[str, str]]:
    """Every other choice of a reading that gives another outcome."""
    found = []
    for reading in matter.version.readings.values():
        if reading.name == EXPECTATION and len(matter.now.by_reading) > 1:
            found.extend(_expectations(matter))
            continue
        for other in reading.others:
            outcome = _outcome_under(matter, reading.name, other)
            if outcome and outcome != matter.now.outcome:
                found.append(_entry(matter, reading.name, reading.chosen, other, outcome))
    return found


def _entry(matter: Matter, name: str, chosen: str, other: str, outcome: str) -> dict[str, str]:
    source = matter.version.readings[name].source
    return {"name": name, "chosen": chosen, "other": other, "outcome": outcome, "source": source}


def _expectations(matter: Matter) -> list[dict[str, str]]:
    now = matter.now
    mine = now.by_reading[now.chosen]
    return [
        _entry(matter, EXPECTATION, now.chosen, other, outcome)
        for other, outcome in now.by_reading.items()
        if other != now.chosen and outcome != mine and now.outcome != "need_information"
    ]


def _outcome_under(matter: Matter, name: str, other: str) -> str | None:
    """The outcome with one reading changed; None where the choice cannot be tried on this case."""
    if name == GOVERNING_DATE:
        return _outcome_on_other_day(matter, other)
    version = matter.version
    if name in MEASURING:
        if matter.measured(version, {name: other}).facts == matter.measured(version, {}).facts:
            return matter.now.outcome  # it was measured otherwise and came out the same
    elif name not in matter.now.book.outcome_reads:
        return matter.now.outcome  # no rule that the outcome hangs on asks for it
    return matter.answer_on(matter.on, choices={name: other}).outcome


def _outcome_on_other_day(matter: Matter, other: str) -> str | None:
    travel, applied = matter.case.get("travel_from"), matter.case.get("applied_on")
    day = applied if other == DATE_APPLIED else travel
    if not day or day == matter.on or (matter.asked_on and travel and matter.asked_on not in (travel, applied)):
        return None
    try:
        version = matter.version if matter.forced else matter.policies.for_day(day)
        matter.policies.check_held(version, day)
        return matter.answer_on(day, version=version).outcome
    except InputError:
        return None  # a day before the first version, or before birth: no reading can mean it


def other_version(matter: Matter) -> dict[str, str] | None:
    """What the version before (or after) says of the same day."""
    other = matter.policies.other(matter.version)
    if other is None:
        return None
    try:
        outcome = matter.answer_on(matter.on, version=other).outcome
    except InputError:
        return None
    return {"policy": other.id, "outcome": outcome}


def awards_of(matter: Matter) -> list[dict[str, Any]]:
    """The awards that this decision gives, one for each ground that carries it, as a later day will find them."""
    carrying = {g.rule.id for g in matter.now.book.grounds if g.rule.outcome == matter.now.outcome}
    return [
        {
            "ground": ground,
            "policy": matter.version.id,
            "urn": matter.case.get("school.urn"),
            "granted_on": matter.on,
            "ends_on": None,
            "in_error": False,
            "paid_seat": False,
        }
        for ground in sorted(matter.now.met() & carrying)
    ]


def evidence_would_help(matter: Matter) -> bool:
    """Whether evidence of a claim that was made and not shown would entitle the child."""
    facts = matter.now.established.facts
    claims = [fact.name for fact in vocabulary().facts if fact.by == "has_happened" and fact.could_be_different]
    return matter.now.outcome == "not_entitled" and any(
        facts.get(name) is False and _outcome_with(matter, {name: True}) == "entitled" for name in claims
    )


def would_change(matter: Matter, words: Explainer) -> list[str]:
    """Single facts, of those that could be different, that would give another outcome."""
    said: list[str] = []
    terms = vocabulary()
    facts = matter.now.established.facts
    for fact in terms.facts:
        if not fact.could_be_different or not fact.name or fact.name not in facts:
            continue
        held = facts[fact.name]
        if isinstance(held, bool):
            outcome = _outcome_with(matter, {fact.name: not held})
            if outcome and outcome != matter.now.outcome:
                answer = "no" if held else "yes"
                said.append(f"If the answer to “{fact.question}” were {answer}: {_WORDS[outcome]}.")
        elif fact.type == "length" and isinstance(held, int):
            said.extend(_other_length(matter, words, fact.name, held))
    return said


def _other_length(matter: Matter, words: Explainer, name: str, held: int) -> list[str]:
    limits = {
        figures.limit[name] for ground in words.book.grounds if name in (figures := words.measured_by(ground)).limit
    }
    for limit in sorted(limits, key=lambda limit: abs(limit - held)):
        tried = limit + 1 if held <= limit else limit
        outcome = _outcome_with(matter, {name: tried})
        if outcome and outcome != matter.now.outcome:
            more = "more than" if tried > limit else "not more than"
            far = wording.metres(abs(tried - held)) + (" longer" if tried > held else " shorter")
            return [f"If the distance on foot were {more} {wording.miles(limit)} ({far}): {_WORDS[outcome]}."]
    return []


def _outcome_with(matter: Matter, changed: Mapping[str, Known]) -> str | None:
    """The outcome with some facts changed; figures that the change contradicts are left out."""
    now = matter.now
    facts = {**now.established.facts, **changed}
    terms = vocabulary()
    for constraint in terms.constraints:
        used = set(names(constraint.test))
        try:
            apply_constraints(dict(facts))
            break
        except Contradiction:
            if used & set(changed):
                facts = {name: value for name, value in facts.items() if name not in used or name in changed}
    try:
        apply_constraints(facts)
    except Contradiction:
        return None
    established = Established(facts, now.established.day, now.established.measured)
    tried: Answer = conclude(now.book, established, matter.version)
    return None if tried.outcome == "need_information" else tried.outcome
