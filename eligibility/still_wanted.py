"""What can still change an outcome, as places of the case to ask for: those not asked yet, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from eligibility.asking import declared_at, miles_place
from eligibility.facts import OTHER_HOME, Section, vocabulary
from eligibility.language.partial import Facts
from eligibility.matter import Matter
from eligibility.missing import find_missing, left_open

LOCATED_BY = (("postcode",), ("uprn",), ("easting", "northing"))
"""The ways to say where a home is, in the order they are asked."""
_FORMER = "school.former_urns"
_OTHER_HOME = "other_home"
_ABOUT_OTHER_HOME = (_OTHER_HOME, f"measured_{_OTHER_HOME}")

Wanted = Mapping[str, tuple[str, ...]]
"""Places to ask for, each with the facts that it would make known."""


class Said(Enum):
    """An answer that a case does not hold."""

    NOT_KNOWN = "not known"
    THERE_IS = "there is one"


def next_way(home: str, said: Mapping[str, Any]) -> str | None:
    """What to ask next of where a home is; None where it is found, or every way has been tried."""
    if is_located(home, said):
        return None
    for way in LOCATED_BY:
        for place in (f"{home}.{leaf}" for leaf in way):
            if place not in said:
                return place
            if said[place] is Said.NOT_KNOWN:
                break
    return None


def is_located(home: str, said: Mapping[str, Any]) -> bool:
    """Whether the answers say where a home is."""
    return any(
        all(said.get(f"{home}.{leaf}", Said.NOT_KNOWN) is not Said.NOT_KNOWN for leaf in way) for way in LOCATED_BY
    )


def cost(place: str) -> int:
    """What the answer for a place costs to have."""
    found = declared_at(place)
    return vocabulary().cost(found.supplied_by if found else "")


@dataclass(frozen=True, eq=False)
class StillWanted:
    """What one case still wants; `said` holds every place that has been asked, with the answer."""

    matter: Matter
    said: Mapping[str, Any]

    @property
    def facts(self) -> Facts:
        """What is known of the case."""
        return self.matter.now.established.facts

    @cached_property
    def opened(self) -> tuple[str, ...]:
        """The parts of the case that there are, as was said, and of which the case does not hold anything yet."""
        case = self.matter.case
        return tuple(
            place
            for place, value in self.said.items()
            if value is Said.THERE_IS and not any(known.startswith(f"{place}.") for known in case.known)
        )

    @cached_property
    def _names(self) -> tuple[Sequence[str], Sequence[str]]:
        """The facts to ask for now, and all that might yet be asked for.

        While everything that the outcome hangs on can be asked for, that. Where some of it is not known to anybody,
        facts that could settle the outcome without it, if their answers are right; none where no answers could. Last
        what is taken as usual until somebody says otherwise, where that would change the outcome.
        """
        now, usual = self.matter.now, self._usual
        hanging = now.missing.facts if now.outcome == "need_information" and now.missing else ()
        asked = [name for name in hanging if self.places(name)]
        if asked and len(asked) == len(hanging):
            return asked, [*asked, *usual]
        if not hanging:
            return usual, usual
        left = left_open(now.book, self.facts, now.agreed)
        every = [*(name for name in left.unknown if self.places(name)), *usual]
        for pool in (asked, every[: len(every) - len(usual)]):
            if pool and (found := left.could_settle(sorted(pool, key=self._dearest))):
                return found, every
        found = left_open(now.book, self._without_usual, now.agreed).could_settle(usual) if usual else ()
        return found, usual if found else ()

    def _dearest(self, name: str) -> int:
        return max(map(cost, self.places(name)))

    @cached_property
    def _without_usual(self) -> Facts:
        """What is known of the case, less what is only taken as usual."""
        silent = [f.name for f in vocabulary().facts if f.has_default and not self.matter.case.has(f.case)]
        not_asked = {name for name in silent if self.places(name)}
        return {name: value for name, value in self.facts.items() if name not in not_asked}

    @cached_property
    def _usual(self) -> Sequence[str]:
        """The facts taken as usual that could change the outcome, were they otherwise."""
        now, held = self.matter.now, self._without_usual
        return [
            name for name in find_missing(now.book, held, now.agreed).facts if name in self.facts.keys() - held.keys()
        ]

    def now(self) -> Wanted:
        """What could be asked now."""
        return self._by_place((name, place) for name in self._names[0] for place in self.places(name))

    def inside(self, section: str) -> tuple[Wanted, bool]:
        """What could be asked of a part that there is, and whether the case needs it only to hold that there is one.

        A home has to be found first. Of anything else the facts that matter are asked, given that there is one; where
        none does, any, because a case cannot say that there is one and nothing else.
        """
        if f"{section}.{LOCATED_BY[0][0]}" in vocabulary().by_case:
            place = next_way(section, self.said)
            return ({place: ()} if place else {}), True
        now, named = self.matter.now, vocabulary().sections[section].name
        wanted = self._within(section, find_missing(now.book, {**self.facts, named: True}, now.agreed).facts)
        if wanted:
            return wanted, False
        return self._within(section, [fact.name for fact in vocabulary().facts if fact.name]), True

    def _within(self, section: str, names: Iterable[str]) -> Wanted:
        found = ((name, place) for name in names for place in _leaves(name))
        return self._by_place((n, p) for n, p in found if p.startswith(f"{section}.") and p not in self.said)

    def places(self, name: str) -> tuple[str, ...]:
        """The places to ask for now to know a fact, those asked already left out."""
        found: list[str] = []
        for place in self.matter.now.established.ask(name):
            part = vocabulary().sections.get(place)
            if part and (place in self.opened or not part.name):
                found += self._parts_of(part, name)
            else:
                found.append(miles_place(place))
        return tuple(place for place in found if place not in self.said and declared_at(place))

    @staticmethod
    def _parts_of(section: Section, name: str) -> Iterable[str]:
        """What lies in a part of a case to know a fact; if it says nothing of the fact, what no rule reads, or any."""
        own = [place for place in _leaves(name) if place.startswith(f"{section.case}.")]
        inside = [fact for fact in vocabulary().facts if fact.case.startswith(f"{section.case}.")]
        return own or [fact.case for fact in inside if section.name or not fact.name]

    def at_most(self) -> int:
        """How many questions there are at most if each is answered and all that is taken as usual is so.

        What another home would add is left out until it is found, because it has to be measured first.
        """
        found, case = set[str](), self.matter.case
        for name in self._names[1]:
            if name in self.matter.now.established.measured.asks:
                found.update(self.places(name))
            elif not (name.endswith(OTHER_HOME) and self.may_have_other_home):
                leaves = [place for place in _leaves(name) if not case.has(place)]
                found.update(leaves)
                found.update(section for leaf in leaves for section in _named_sections_of(leaf))
        return sum(place not in self.said for place in found)

    @property
    def may_have_other_home(self) -> bool:
        """Whether another home could matter of which it is not known where it is."""
        asked = [miles_place(place) for name in self._names[1] for place in _leaves(name)]
        known = self.said.get(_OTHER_HOME) is None and _OTHER_HOME in self.said
        return (
            not known
            and not is_located(_OTHER_HOME, self.said)
            and any(each.split(".")[0] in _ABOUT_OTHER_HOME for each in asked)
        )

    @staticmethod
    def _by_place(pairs: Iterable[tuple[str, str]]) -> Wanted:
        found: dict[str, tuple[str, ...]] = {}
        for name, place in pairs:
            found[place] = (*found.get(place, ()), name)
        return found


def _leaves(name: str) -> tuple[str, ...]:
    """The places in a case that a fact is taken from."""
    terms, base = vocabulary(), name.removesuffix(OTHER_HOME)
    for section in terms.sections.values():
        if section.name == base:
            return (section.case,)
    fact = terms.by_name.get(base)
    if fact is None:
        return ()
    if fact.by:
        origin = terms.by_case.get(fact.of)
        schools = origin is not None and origin.type in ("urn", "urns")
        return (fact.of, _FORMER) if schools else (fact.of,) if origin else ()
    return tuple(miles_place(place) for place in (fact.other_home if name != base else fact.case,) if place)


def _named_sections_of(place: str) -> list[str]:
    """The parts of a case that a place lies in, of which rules ask whether there is one."""
    parts = vocabulary().sections.values()
    return [part.case for part in parts if part.name and f"{place}.".startswith(f"{part.case}.")]
