"""The rulebook as one version puts it in force: every conclusion in order, for both homes and all readings.

This is what every engine is generated from. A name that ends in `@other_home` is the same fact or conclusion from the
other home; one that ends in `@<version>` is worded and dated as that older version has it (protection).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.language.expressions import (
    And,
    AnyOf,
    Expression,
    FromOtherHome,
    Holds,
    Not,
    Or,
    both,
    either,
    names,
    reached,
    rename,
)
from eligibility.language.partial import partial
from eligibility.policy import REPLACED_VERSION, VERSION_STARTS, Expectation, Policies, Transition, Version
from eligibility.reading_names import EXPECTATION
from eligibility.rulebook import Condition, Ground, Measure

DECIDES = ":decides"
"""The ending of the conclusion an outcome is drawn from, where it differs from the ground's own result."""
PLAIN = ""
"""The reading of legitimate expectation where a version has no transition."""


@dataclass(frozen=True)
class GroundInForce:
    """A ground as tested under a version.

    `result` is the conclusion that follows the paragraph literally; `decides` the one the outcome is drawn from, freed
    of guards that cannot matter to it. `protected_as` is the version whose wording protects it ("" for the version
    itself).
    """

    rule: Ground
    result: str
    decides: str
    conditions: tuple[Condition, ...]
    protected_as: str = ""


@dataclass(frozen=True)
class NoticeInForce:
    """A notice as tested under a version; `applies` is its conclusion."""

    id: str
    applies: str
    conditions: tuple[Condition, ...]


@dataclass
class InForce:
    """Everything a version concludes: `conclusions` in order, each from facts, parameters, readings and earlier."""

    version: Version
    conclusions: dict[str, Expression] = field(default_factory=dict)
    grounds: list[GroundInForce] = field(default_factory=list)
    protected: dict[str, GroundInForce] = field(default_factory=dict)
    expectations: dict[str, dict[str, tuple[str, tuple[Condition, ...]]]] = field(default_factory=dict)
    """By reading, then ground: the conclusion that it is protected, and its conditions."""
    reading_of: dict[str, str] = field(default_factory=dict)
    """By conclusion that an element is protected: the reading of its own change that says so."""
    withdrawn_by: dict[str, Version] = field(default_factory=dict)
    """By protected ground: the version whose change withdrew it (this one, or one before it)."""
    outcomes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By reading: the conclusions `entitled` and `refer`."""
    notices: list[NoticeInForce] = field(default_factory=list)
    older: tuple[str, ...] = ()
    """Versions whose parameters and readings are needed too, under names that end in @<version>."""
    measures: Mapping[str, tuple[Measure, ...]] = field(default_factory=dict)
    """By the name that grounds know them by: the figures held against limits, with the names that rules use."""
    prepared: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What an engine made of this book, by engine, kept because a book is written once and used many times."""

    @functools.cached_property
    def reads(self) -> frozenset[str]:
        """The facts, parameters and readings that some conclusion reads."""
        read = {name for test in self.conclusions.values() for name in names(test)}
        return frozenset(read - set(self.conclusions))

    @functools.cached_property
    def outcome_reads(self) -> frozenset[str]:
        """Every fact, parameter and reading that an outcome can hang on, by its plain name."""
        read = reached(self.conclusions, (name for pair in self.outcomes.values() for name in pair))
        return frozenset(name.partition("@")[0] for name in read)


def _decides(ground: Ground) -> str:
    return f"{ground.id}{DECIDES}" if any(c.only_for_the_result for c in ground.conditions) else ground.id


def put_in_force(policies: Policies, version: Version) -> InForce:
    """Write out every conclusion of a version."""
    return _Writer(policies, version).write()


def write_out(policies: Policies, book: InForce, test: Expression, home: str = "") -> Expression:
    """A condition that is no part of the rulebook, as the version of a book reads it from a home.

    The definitions that it uses are added to the book's conclusions where they are not among them.
    """
    writer = _Writer(policies, book.version)
    writer.book = book
    return writer._resolve(test, book.version, home)


class Books:
    """What the versions of some policies put in force, each written out when it is first asked for and then kept."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._written: dict[str, InForce] = {}

    def of(self, version: Version) -> InForce:
        """What a version puts in force."""
        if version.id not in self._written:
            self._written[version.id] = put_in_force(self.policies, version)
        return self._written[version.id]


class _Writer:
    def __init__(self, policies: Policies, version: Version) -> None:
        self.policies, self.rules, self.version = policies, policies.rules, version
        self.terms = vocabulary()
        self.book = InForce(version, measures=policies.rules.measures)
        self.per_home: dict[str, bool] = {}
        self._complete: list[str] = []
        """The readings of the newest change, the chosen one first."""

    def write(self) -> InForce:
        book, version = self.book, self.version
        book.grounds += (self._ground(self.rules.grounds[ground_id], version, "") for ground_id in version.grounds)
        for notice_id in version.notices:
            notice = self.rules.notices[notice_id]
            conditions = self._conditions(notice.conditions, version, "")
            name = f"notice:{notice_id}"
            book.conclusions[name] = both(*(c.test for c in conditions))
            book.notices.append(NoticeInForce(notice_id, name, conditions))
        for changed, transition in self._changes():
            self._transition(changed, transition)
        for reading in tuple(book.expectations) or (PLAIN,):
            book.outcomes[reading] = self._outcome(reading)
        return book

    def _changes(self) -> list[tuple[Version, Transition]]:
        """The versions whose change a pupil may still be protected from: this one and those before it, latest first."""
        chain = self.policies.with_those_before(self.version)
        return [(version, version.transition) for version in chain if version.transition and version.replaces]

    def _transition(self, changed: Version, transition: Transition) -> None:
        """Write out who keeps what `changed` withdrew, as worded in the version it replaced."""
        older = self.policies.versions[changed.replaces]
        elements = [element for element in transition.protects if element not in self.book.protected]
        for element in elements:
            self.book.protected[element] = self._ground(self.rules.grounds[element], older, "")
            self.book.withdrawn_by[element] = changed
        for label, reading in self._readings(changed, transition):
            found = self._expectation(changed, transition.readings[reading], elements)
            self.book.expectations.setdefault(label, {}).update(found)
            if label not in self._complete:
                # Read otherwise in this older change alone: the newer ones as they are chosen to be read.
                newer = self.book.expectations[self._complete[0]]
                self.book.expectations[label] = {**newer, **found}

    def _readings(self, changed: Version, transition: Transition) -> list[tuple[str, str]]:
        """The readings to work out, each with the one that this change is read by.

        An older change that is read by other names than the newest is read as it chose, and otherwise one at a time.
        """
        if not self._complete:
            chosen = self._chosen(changed, transition)
            self._complete = sorted(transition.readings, key=lambda name: name != chosen)
            return [(name, name) for name in self._complete]
        if set(transition.readings) == set(self._complete):
            return [(name, name) for name in self._complete]
        chosen = self._chosen(changed, transition)
        others = [name for name in transition.readings if name != chosen]
        return [*((name, chosen) for name in self._complete), *((name, name) for name in others)]

    @staticmethod
    def _chosen(changed: Version, transition: Transition) -> str:
        reading = changed.readings.get(EXPECTATION)
        return reading.chosen if reading and reading.chosen in transition.readings else next(iter(transition.readings))

    def _expectation(
        self, changed: Version, expectation: Expectation, elements: list[str]
    ) -> dict[str, tuple[str, tuple[Condition, ...]]]:
        found: dict[str, tuple[str, tuple[Condition, ...]]] = {}
        for element in elements:
            conditions = tuple(
                Condition(partial(c.test, {"element": element}, {}), c.otherwise)
                for c in self._conditions(expectation.conditions, changed, "", {"element": element})
            )
            name = f"protected:{element}[{expectation.reading}]"
            self.book.conclusions[name] = both(*(c.test for c in conditions))
            self.book.reading_of[name] = expectation.reading
            found[element] = (name, conditions)
        return found

    def _outcome(self, reading: str) -> tuple[str, str]:
        names_: list[str] = []
        for outcome in ("entitled", "refer"):
            parts: list[Expression] = [Holds(g.decides) for g in self.book.grounds if g.rule.outcome == outcome]
            for element, (name, _) in self.book.expectations.get(reading, {}).items():
                protected = self.book.protected[element]
                if protected.rule.outcome == outcome:
                    parts.append(both(Holds(name), Holds(protected.decides)))
            conclusion = f"{outcome}[{reading}]" if reading else outcome
            self.book.conclusions[conclusion] = either(*parts)
            names_.append(conclusion)
        return names_[0], names_[1]

    def _ground(self, ground: Ground, era: Version, home: str) -> GroundInForce:
        """Write out a ground for a home under the wording of `era`; returns where its conclusions stand."""
        suffix = self._suffix(era, home)
        result, decides = ground.id + suffix, _decides(ground) + suffix
        conditions = self._conditions(ground.conditions, era, home)
        if result not in self.book.conclusions:
            self.book.conclusions[result] = both(*(c.test for c in conditions))
            if decides != result:
                self.book.conclusions[decides] = both(*(c.test for c in conditions if not c.only_for_the_result))
        return GroundInForce(ground, result, decides, conditions, "" if era is self.version else era.id)

    def _suffix(self, era: Version, home: str) -> str:
        return ("" if era is self.version else f"@{era.id}") + (OTHER_HOME if home else "")

    def _conditions(
        self,
        conditions: tuple[Condition, ...],
        era: Version,
        home: str,
        given: Mapping[str, str] | None = None,
    ) -> tuple[Condition, ...]:
        return tuple(
            Condition(self._resolve(partial(c.test, given or {}, {}), era, home), c.otherwise, c.only_for_the_result)
            for c in conditions
        )

    def _resolve(self, expression: Expression, era: Version, home: str) -> Expression:
        """The expression with every name made that of the home and era, and what it uses written out first."""
        match expression:
            case FromOtherHome(part):
                return self._resolve(part, era, OTHER_HOME)
            case AnyOf(tag):
                grounds = [self.rules.grounds[g] for g in era.grounds]
                tagged = [self._ground(g, era, home) for g in grounds if tag in g.tags]
                return either(*(Holds(g.decides) for g in tagged))
            case And(parts):
                return both(*(self._resolve(part, era, home) for part in parts))
            case Or(parts):
                return either(*(self._resolve(part, era, home) for part in parts))
            case Not(part):
                return Not(self._resolve(part, era, home))
            case _:
                return rename(expression, lambda name: self._name(name, era, home))

    def _name(self, name: str, era: Version, home: str) -> str:
        rules = self.rules
        if name in rules.definitions:
            where = home if self._is_per_home(name) else ""
            written = name + self._suffix(era, where)
            if written not in self.book.conclusions:
                self.book.conclusions[written] = self._resolve(rules.definitions[name].test, era, where)
            return written
        if name in rules.grounds:
            return self._ground(rules.grounds[name], era, home).result
        if self.terms.is_per_home(name):
            return name + (OTHER_HOME if home else "")
        if era is not self.version and (name in era.parameters or name in era.readings or name in _OF_VERSION):
            self.book.older = tuple(dict.fromkeys((*self.book.older, era.id)))
            return f"{name}@{era.id}"
        return name

    def _is_per_home(self, name: str) -> bool:
        """Whether a definition reads, at any depth, a fact that differs between the homes."""
        if name not in self.per_home:
            used = names(self.rules.definitions[name].test)
            self.per_home[name] = any(
                self.terms.is_per_home(n) or (n in self.rules.definitions and self._is_per_home(n)) for n in used
            )
        return self.per_home[name]


_OF_VERSION = (VERSION_STARTS, REPLACED_VERSION)
