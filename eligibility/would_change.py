"""What would have to be different for another outcome, a sentence for each smallest change of facts."""

from __future__ import annotations

from eligibility import wording
from eligibility.facts import OTHER_HOME, CouldBe, Fact, vocabulary
from eligibility.matter import Matter
from eligibility.smallest_change import Change, Changes, Other

_MOST = {"entitled": 5, "refer": 2, "not_entitled": 4}
"""How many are told, by the outcome they would give; the rest, of more facts or of less weight, are left out."""
_WORDS = {"entitled": "entitled", "not_entitled": "not entitled", "refer": "an officer decides"}


def would_change(matter: Matter) -> list[str]:
    """The smallest changes of facts that would give another outcome, those of the fewest facts first."""
    found = _changes(matter).smallest(matter.now.outcome)
    told = [change for outcome, most in _MOST.items() for change in [c for c in found if c.outcome == outcome][:most]]
    return [_sentence(change) for change in sorted(told, key=lambda change: len(change.others))]


def evidence_would_help(matter: Matter) -> bool:
    """Whether evidence of a claim that was made and not shown would entitle the child."""
    facts = matter.now.established.facts
    claims = [fact.name for fact in vocabulary().facts if fact.by == "has_happened" and fact.could_be]
    return matter.now.outcome == "not_entitled" and any(
        facts.get(name) is False and _changes(matter).outcome_with({name: True}) == "entitled" for name in claims
    )


def _changes(matter: Matter) -> Changes:
    now, case = matter.now, matter.case
    defaults = {}
    for fact in vocabulary().facts:
        for place, suffix in ((fact.case, ""), (fact.other_home, OTHER_HOME)) if fact.same_as else ():
            if fact.name + suffix not in now.established.measured.facts and not case.has(place):
                defaults[fact.name + suffix] = fact.same_as + suffix
    return Changes(now.book, now.established.facts, now.agreed, defaults)


def _sentence(change: Change) -> str:
    return f"If {wording.listed([_told(other) for other in change.others])}: {_WORDS[change.outcome]}."


def _told(other: Other) -> str:
    """One answer, as it follows "If"."""
    fact = vocabulary().by_name[other.fact.removesuffix(OTHER_HOME)]
    where = "from the other home " if other.fact.endswith(OTHER_HOME) else ""
    return where + _clause(fact, fact.could_be or CouldBe(), other)


def _clause(fact: Fact, could_be: CouldBe, other: Other) -> str:
    if isinstance(other.held, bool):
        return could_be.if_true if other.value else could_be.if_false
    if could_be.if_never:
        return could_be.if_never
    return f"{could_be.called} were {_figures(fact, other, other.value > other.held)}"


def _figures(fact: Fact, other: Other, more: bool) -> str:
    """The figure that a number would pass or stand on, and by how much it would then be different."""
    far = abs(other.value - other.held)
    bound = other.value if other.bound is None else other.bound
    if fact.type == "length":
        return f"{_side(other, bound)} {wording.miles(bound)} ({wording.metres(far)} {'longer' if more else 'shorter'})"
    if fact.type == "money":
        return f"{_side(other, bound)} {wording.pounds(bound)} ({wording.pounds(far)} {'more' if more else 'less'})"
    way = "more" if more else "fewer"
    return f"{other.value} or {way} ({far} {way})"


def _side(other: Other, bound: int) -> str:
    if other.value > other.held:
        return "at least" if other.value == bound else "more than"
    return "not more than" if other.value == bound else "less than"
