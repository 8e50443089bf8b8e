"""Reasons: which conditions of a ground hold, its figures and margin, and what an outcome rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eligibility import wording
from eligibility.engines import reference
from eligibility.engines.figures import Figures, figures, lines_of
from eligibility.establish import Established
from eligibility.facts import NEVER, OTHER_HOME, vocabulary
from eligibility.in_force import DECIDES, GroundInForce, InForce
from eligibility.language.expressions import (
    And,
    Expression,
    Holds,
    Not,
    Or,
    names,
)
from eligibility.language.partial import Between, evaluate
from eligibility.missing import find_missing_for, what_is_left
from eligibility.policy import Policies, Version
from eligibility.school_calendar import as_date

Found = Mapping[str, bool | None]
RESULTS = {True: "met", False: "not_met", None: "not_known"}


@dataclass
class Explainer:
    """Puts the answers of one case, on one day under one version, into words."""

    policies: Policies
    book: InForce
    established: Established
    found: Found
    figures: Mapping[str, int]
    """Measured lengths by fact name, where a fact is known only to lie between two numbers."""

    def __post_init__(self) -> None:
        self._missing: dict[str, list[str]] = {}
        self._left: dict[str, Expression] | None = None
        """What is left of every conclusion when the known facts are filled in."""
        self.findings = reference.decide(self.book, self.established.facts)

    def ask(self, fact_names: list[str] | tuple[str, ...]) -> list[str]:
        """The places in the case to ask for, each once."""
        return list(dict.fromkeys(place for name in fact_names for place in self.established.ask(name)))

    def missing_for(self, conclusion: str) -> list[str]:
        """The places in the case to ask for, to know one conclusion."""
        facts = self.established.facts
        if self._left is None:
            self._left = what_is_left(self.book, facts)
        if conclusion not in self._missing:
            self._missing[conclusion] = self.ask(sorted(find_missing_for(self._left[conclusion], facts)))
        return self._missing[conclusion]

    # -- figures

    def length(self, name: str) -> int | None:
        """A length in millimetres, as known or as measured; None where there is neither."""
        held = self.established.facts.get(name)
        return held if isinstance(held, int) else self.figures.get(name)

    def measured_by(self, ground: GroundInForce, home: str = "") -> Figures:
        """The figures of a ground; `home` is the ending of names from the other home, or ""."""
        if not home:
            return self.findings.figures(ground, self.figures)
        facts, lines = self.established.facts, lines_of(self.book, ground, home)
        held = [(evaluate(x.when, facts, self.found), facts.get(x.fact), facts.get(x.limit), None) for x in lines]
        return figures(lines, held, self.figures)

    # -- sentences

    def reason(self, ground: GroundInForce, result: bool | None, figures: Figures) -> str:
        """One sentence with the figures in it."""
        rule = ground.rule
        if result:
            return wording.sentence(self.fill(rule.met, ground, figures))
        if result is None and rule.either_way and self.found[ground.decides]:
            return wording.sentence(self.fill(rule.either_way, ground, figures))
        if result is None:
            missing = self.missing_for(ground.result)
            facts = "fact is" if len(missing) == 1 else "facts are"
            return f"Not known until {len(missing)} {facts} given: {', '.join(missing)}.{self._not_exact(figures)}"
        return wording.sentence(self.fill(rule.not_met.replace("{because}", self.because(ground)), ground, figures))

    def _not_exact(self, figures: Figures) -> str:
        """How far a measured length on which the ground hangs can be trusted."""
        said = ""
        for name, limit in figures.limit.items():
            held = self.established.facts.get(name)
            if isinstance(held, Between) and held.low <= limit < held.high:
                how = "on foot" if name.startswith("walking") else "by road"
                between = f"{wording.miles(held.low, limit)} and {wording.miles(held.high, limit)}"
                said += f" The distance {how} is known only to lie between {between}."
        return said

    def because(self, ground: GroundInForce) -> str:
        """The words of the conditions that do not hold."""
        answers = self.findings.of(ground).conditions
        failing = [c.otherwise for c, holds in zip(ground.conditions, answers, strict=True) if holds is False]
        return "; and ".join(failing[:2]) or "one of its conditions does not hold"

    def fill(self, template: str, ground: GroundInForce, figures: Figures) -> str:
        """The template with the names in it replaced by figures, margins and facts in words."""

        def value(name: str) -> str:
            if name == "margin":
                return self._margin(figures, 0)
            if name == "road_margin":
                return self._margin(figures, 1)
            if name == "carried_from_other_home":
                return wording.listed([g.rule.title.lower() for g in self.carried_from_other_home(ground)])
            if name in figures.value:
                return wording.miles(figures.value[name], figures.limit.get(name))
            return self.value_in_words(name, ground.protected_as)

        return wording.fill(template, value)

    @staticmethod
    def _margin(figures: Figures, line: int) -> str:
        lengths = list(figures.limit)
        if line >= len(lengths) or lengths[line] not in figures.value:
            return "a distance that is not known exactly"
        return wording.margin(figures.value[lengths[line]], figures.limit[lengths[line]])

    def value_in_words(self, name: str, era: str = "") -> str:
        """A fact, parameter or reading as a person reads it; of an older version (`era`) what it had."""
        facts = self.established.facts
        held = facts.get(f"{name}@{era}", facts.get(name)) if era else facts.get(name)
        version = self.policies.versions[era] if era else self.book.version
        return in_words(name, held if not isinstance(held, tuple) else None, version)

    def carried_from_other_home(self, ground: GroundInForce) -> list[GroundInForce]:
        """The grounds that are met from the other home, for a ground that tries them.

        Where none is met by its own result but one decides the outcome (its guard is not known), that one.
        """
        era = f"@{ground.protected_as}" if ground.protected_as else ""
        version = self.policies.versions[ground.protected_as] if ground.protected_as else self.book.version
        for kind in ("", DECIDES):
            met = [
                GroundInForce(self.policies.rules.grounds[ground_id], name, name, (), ground.protected_as)
                for ground_id in version.grounds
                if self.found.get(name := f"{ground_id}{kind}{era}{OTHER_HOME}")
            ]
            if met:
                return met
        return []

    # -- what an outcome rests on

    def rests_on(self, conclusion: str) -> set[str]:
        """Every fact, parameter, reading and term that settles a conclusion, at any depth."""
        used: set[str] = set()
        self._decisive(self.book.conclusions[conclusion], used)
        return used

    def _decisive(self, test: Expression, used: set[str]) -> None:
        answer = evaluate(test, self.established.facts, self.found)
        match test:
            case Not(part):
                self._decisive(part, used)
            case And(parts) | Or(parts):
                settling = isinstance(test, Or)
                deciding = [p for p in parts if evaluate(p, self.established.facts, self.found) is settling]
                for part in deciding if answer is settling else parts:
                    self._decisive(part, used)
                    if answer is settling and isinstance(test, And):
                        break
            case Holds(name) if name in self.book.conclusions:
                if name not in used:
                    used.add(name)
                    self._decisive(self.book.conclusions[name], used)
            case _:
                used.update(names(test))


def in_words(name: str, value: Any, version: Version) -> str:
    """A fact's, parameter's or reading's value for a person."""
    if value is None:
        return "not known"
    if name in version.readings:
        return version.readings[name].in_words(value)
    if name in version.parameters:
        unit = version.parameters[name].unit
        kind = {"miles": "length", "metres": "length", "pounds": "money", "date": "date"}.get(unit, "")
    else:
        fact = vocabulary().by_name.get(name)
        kind = fact.type if fact else ""
    if kind == "date":
        return "never" if value == NEVER else wording.date(value if isinstance(value, dt.date) else as_date(value))
    if kind == "length":
        return wording.miles(value)
    if kind == "money":
        return wording.pounds(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("_", " ")
