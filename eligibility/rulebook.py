"""The rules: grounds, definitions, notices, advice, measures and the days on which a decision can change.

Nothing here knows an engine, a date or a council; the policy versions say which rules are in force and with what
figures. `rule_files` reads them from `rules/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eligibility.language.expressions import AnyOf, Expression, atoms, names
from eligibility.marked_yaml import Marked

KINDS = ("statutory", "local", "discretionary")
OUTCOMES = ("entitled", "refer")


@dataclass(frozen=True)
class Condition:
    """One condition of a rule, and the words for when it does not hold.

    `only_for_the_result`: a guard that the ground's own result needs and the outcome does not, because where it fails
    another ground carries the child.
    """

    test: Expression
    otherwise: str
    only_for_the_result: bool = False


@dataclass(frozen=True)
class Ground:
    """One ground of travel. `outcome` is what it leads to when met: `entitled`, or `refer` to an officer.

    `either_way` is the sentence for when the ground carries the child although a guard of its own result is not known.
    `lasts_until` is the fact with the last day of what the ground helps with, `ends_when` the words for it.
    """

    id: str
    title: str
    kind: str
    outcome: str
    source: str
    conditions: tuple[Condition, ...]
    met: str
    not_met: str
    tags: frozenset[str] = frozenset()
    assumed: str = ""
    measures: str = ""
    home: str = "home"
    listed_when: Expression | None = None
    either_way: str = ""
    lasts_until: str = ""
    ends_when: str = ""


@dataclass(frozen=True)
class Definition:
    """A term that grounds use; true, false or not known.

    `means` says what it is, `means_not` what it is when it does not hold, `asked` is it as a question to a parent.
    """

    name: str
    means: str
    test: Expression
    source: str
    assumed: str = ""
    means_not: str = ""
    asked: str = ""


@dataclass(frozen=True)
class Words:
    """The plain words for a figure or an open point (a reading), which rules know by a short name.

    `called` is a figure's name, `asks` the question that an open point leaves; `choices` are the words for what either
    may be set to.
    """

    called: str = ""
    asks: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """A figure held against a limit (both names), where `when` holds."""

    value: str
    limit: str
    when: Expression | None


@dataclass(frozen=True)
class Notice:
    """A period of notice that applies where its conditions hold."""

    id: str
    title: str
    length: str
    source: str
    says: str
    conditions: tuple[Condition, ...]
    assumed: str = ""


@dataclass(frozen=True)
class Advice:
    """Something to say about the service; never part of eligibility."""

    about: str
    source: str
    when: Expression
    says: str
    place: Marked = field(compare=False, repr=False)


@dataclass(frozen=True)
class Event:
    """A day on which a decision can change by itself.

    `kind`: `birthday` (`name` is the parameter that gives the age), `from` (changes as the day begins), `until`
    (changes when the day has ended) or `yearly` (the end of each school year).
    """

    kind: str
    name: str
    says: str


@dataclass(frozen=True)
class Review:
    """A step that a parent can take against a decision."""

    step: str
    says: str
    source: str


@dataclass(frozen=True)
class Rules:
    """Every rule of the rulebook by name."""

    grounds: Mapping[str, Ground]
    definitions: Mapping[str, Definition]
    notices: Mapping[str, Notice] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()
    measures: Mapping[str, tuple[Measure, ...]] = field(default_factory=dict)
    timeline: tuple[Event, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)
    """By the name of a figure or reading."""
    review: tuple[Review, ...] = ()
    places: Mapping[str, Marked] = field(default_factory=dict)
    """Where each ground, definition, notice or subject of advice is written."""


def needs(rules: Rules, name: str) -> set[str]:
    """The conclusions that a ground or definition uses directly."""
    tests = (
        [rules.definitions[name].test]
        if name in rules.definitions
        else [c.test for c in rules.grounds[name].conditions]
    )
    used: set[str] = set()
    for test in tests:
        used |= {n for n in names(test) if n in rules.definitions or n in rules.grounds}
        for atom in atoms(test):
            if isinstance(atom, AnyOf):
                used |= {ground.id for ground in rules.grounds.values() if atom.tag in ground.tags}
    return used
