"""The boundaries of a version, found in the conditions of its rules: where one step changes what is so.

A boundary is a comparison of numbers, sums or days. It has two edges, one step apart: a millimetre, a penny, a day, one
of what is counted. A pupil stands on an edge where the comparison is just so or just not so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from eligibility.facts import NEVER, OTHER_HOME, vocabulary
from eligibility.in_force import DECIDES, InForce
from eligibility.language.expressions import Compare, Constant, Name, Operand, Years, atoms, names, names_in
from eligibility.language.partial import Facts
from eligibility.phrases import plain
from eligibility.plain_names import PlainNames
from eligibility.policy import Policies
from eligibility.school_calendar import anniversary, as_date

_ORDERED = frozenset({"<", "<=", ">", ">="})
_FIRST = {">": 1, ">=": 0, "<": 0, "<=": 1}
"""By how a comparison stands: where on its scale the upper of its two edges lies; the lower lies one step below."""
_KEPT = re.compile(r"protected:[^\[]*\[(.*)\]")
_STEPS = {"length": "millimetre", "money": "penny", "date": "day"}


@dataclass(frozen=True)
class Boundary:
    """A comparison as one rule of a version makes it, whichever home or older wording the rule is read for.

    `of_other_home`: the rule itself asks it of the other home, beside what it asks of the one it is read for.
    """

    operator: str
    left: Operand
    right: Operand
    rule: str = ""
    of_other_home: bool = False

    @property
    def edges(self) -> tuple[int, int]:
        """How many steps the left lies above the right on the two edges."""
        upper = _FIRST[self.operator]
        return upper - 1, upper


@dataclass(frozen=True)
class Standing:
    """A comparison in a book, and the boundary that it is one of."""

    boundary: Boundary
    test: Compare


def standings(book: InForce) -> list[Standing]:
    """Every comparison of numbers, sums or days in what a version concludes."""
    found: dict[Standing, None] = {}
    for name, conclusion in book.conclusions.items():
        for atom in atoms(conclusion):
            if isinstance(atom, Compare) and atom.operator in _ORDERED:
                left, right = _without_era(atom.left), _without_era(atom.right)
                other = not name.endswith(OTHER_HOME) and any(each.endswith(OTHER_HOME) for each in names(atom))
                found[Standing(Boundary(atom.operator, left, right, rule_of(name), other), atom)] = None
    return list(found)


def rule_of(conclusion: str) -> str:
    """The rule that a conclusion is written in: a ground, a definition, a notice, or a reading of the transition."""
    if kept := _KEPT.fullmatch(conclusion):
        return kept[1]
    return _plain(conclusion).removesuffix(DECIDES)


def _without_era(operand: Operand) -> Operand:
    match operand:
        case Name(name):
            return Name(_plain(name))
        case Years(earlier, later):
            return Years(Name(_plain(earlier.name)), Name(_plain(later.name)))
        case _:
            return operand


def _plain(name: str) -> str:
    return name.partition("@")[0]


@dataclass(frozen=True)
class Scales:
    """What the operands of a version's comparisons are counted in, and how they are called."""

    policies: Policies
    book: InForce

    @cached_property
    def names(self) -> PlainNames:
        """The plain words of the version."""
        return PlainNames(self.policies, self.book.version)

    def kind(self, boundary: Boundary) -> str:
        """length, money, date, whole; an age is held against days."""
        if isinstance(boundary.left, Years) or isinstance(boundary.right, Years):
            return "date"
        return self.names.type_of(boundary.left) or self.names.type_of(boundary.right)

    def told(self, boundary: Boundary) -> str:
        """The comparison in plain words."""
        said = plain(self.names.compared(boundary.operator, boundary.left, boundary.right))
        return f"{said}, from the other home" if boundary.of_other_home else said

    def told_apart(self, boundaries: Iterable[Boundary]) -> dict[Boundary, str]:
        """Each of several in plain words; where two are worded alike, with the rule, and if need be the figure."""
        told = {boundary: self.told(boundary) for boundary in boundaries}
        for more in (self._rule_told, _figure):
            often = Counter(told.values())
            told = {each: f"{said} ({more(each)})" if often[said] > 1 else said for each, said in told.items()}
        return told

    def _rule_told(self, boundary: Boundary) -> str:
        ground = self.policies.rules.grounds.get(boundary.rule)
        return ground.title if ground else boundary.rule.rpartition(":")[2].replace("_", " ")

    def edge_told(self, boundary: Boundary, edge: int) -> str:
        """One edge in plain words, as it is for what the comparison is about."""
        turned, about, against = self.names.turned(boundary.operator, boundary.left, boundary.right)
        edge = edge if about == boundary.left else -edge
        kind = self.kind(boundary)
        if isinstance(about, Years):
            return _OF_AGES[edge - 1 if turned in ("<=", ">") else edge]
        if kind == "date":
            return ("the day before", "that day itself", "the day after")[edge + 1]
        value = against.value if isinstance(against, Constant) else None
        exactly = "exactly that" if value is None else f"exactly {value}"
        step = _STEPS.get(kind, "")
        more = f"one {step} more" if step else "one more"
        return (more.replace("more", "less"), exactly, more)[edge + 1]

    def edge(self, standing: Standing, facts: Facts) -> int | None:
        """How many steps the left lies above the right where that is on an edge; None where it is not, or not known."""
        far = self._distance(standing.test, facts)
        return far if far in standing.boundary.edges else None

    def _distance(self, test: Compare, facts: Facts) -> int | None:
        left, right = test.left, test.right
        if isinstance(left, Years):
            reached = _reached(left, right, facts, test.operator)
            return None if reached is None else reached + _FIRST[test.operator]
        if isinstance(right, Years):
            reached = _reached(right, left, facts, _MIRRORED[test.operator])
            return None if reached is None else _FIRST[test.operator] - 1 - reached
        one, two = _number(left, facts), _number(right, facts)
        if one is None or two is None:
            return None
        if self.kind(Boundary(test.operator, _without_era(left), _without_era(right))) == "date":
            return None if NEVER in (one, two) else (as_date(one) - as_date(two)).days
        return one - two


def _figure(boundary: Boundary) -> str:
    """The names in a boundary that are none of the pupil's facts."""
    read = (*names_in(boundary.left), *names_in(boundary.right))
    return ", ".join(name for name in read if name not in vocabulary().by_name)


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OF_AGES = {-1: "the day before that birthday", 0: "on that birthday"}


def _reached(years: Years, against: Operand, facts: Facts, operator: str) -> int | None:
    """Days since the birthday at which a comparison of an age turns: -1 the day before, 0 the day itself."""
    born, on, age = facts.get(years.earlier.name), facts.get(years.later.name), _number(against, facts)
    if not isinstance(born, int) or not isinstance(on, int) or age is None or NEVER in (born, on):
        return None
    turns_at = age + 1 if operator in (">", "<=") else age
    far = (as_date(on) - anniversary(as_date(born), turns_at)).days
    return far if far in (-1, 0) else None


def _number(operand: Operand, facts: Facts) -> int | None:
    held = operand.value if isinstance(operand, Constant) else facts.get(names_in(operand)[0])
    return held if isinstance(held, int) and not isinstance(held, bool) else None
