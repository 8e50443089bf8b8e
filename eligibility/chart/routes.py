"""Every way in which a version gives free travel or sends a child to an officer, each as a row of questions.

Answered as they ask, the questions of a row end in its outcome; a row none of whose questions fails comes before those
after it. The rows together say what the engine says: no more is asked, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from eligibility.in_force import GroundInForce, InForce, put_in_force
from eligibility.language.expressions import (
    FALSE,
    TRUE,
    And,
    Compare,
    Expression,
    Holds,
    Not,
    Or,
    both,
    either,
    opposite,
)
from eligibility.language.partial import partial
from eligibility.phrases import One, Phrase, Said, Several
from eligibility.plain_words import PlainWords
from eligibility.policy import VERSION_STARTS, Policies, Version, rule_value
from eligibility.reading_names import EXPECTATION
from eligibility.rulebook import Condition

BY_LAW = "By law"
BY_THE_COUNCIL = "The council's own grounds"
KEPT = "Kept from before the change"
OFFICER = "An officer decides"
KEPT_OTHERWISE = "Kept as the paper can also be read: an officer decides"
"""The parts of a chart, in the order in which they are asked: what entitles first, then what an officer decides."""
PARTS = (BY_LAW, BY_THE_COUNCIL, KEPT, OFFICER, KEPT_OTHERWISE)


@dataclass(frozen=True)
class Box:
    """One question. `goes_on` is the answer with which the row goes on; `listed` what it is asked of, where of several.

    `test` is its condition as the engine evaluates it, and holds with that answer; `means` the same with every term and
    figure written out, so that two questions that mean the same are one. `named` is which condition of which rule it
    is.
    """

    asked: Phrase
    listed: Said | None
    goes_on: bool
    test: Expression
    means: Expression
    named: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """One row: its questions, and the outcome where all go on. `named` tells it from the others of a version."""

    named: str
    title: str
    part: str
    outcome: str
    boxes: tuple[Box, ...]
    source: str

    @property
    def means(self) -> frozenset[Expression]:
        """What must be so, question by question; one made of several counts as those."""
        return frozenset(part for box in self.boxes for part in _parts(box))


def routes(policies: Policies, version: Version) -> tuple[Route, ...]:
    """Every row of a version, those that entitle before those that an officer decides."""
    return _Writer(policies, version).write()


class _Writer:
    def __init__(self, policies: Policies, version: Version) -> None:
        self.policies, self.version = policies, version
        self.book: InForce = put_in_force(policies, version)
        self._written_out: dict[str, Expression] = {}
        self._figures = self._held()

    def write(self) -> tuple[Route, ...]:
        found = [self._ground(ground) for ground in self.book.grounds]
        found += [*self._kept(), *self._kept_under_some()]
        possible = [route for route in found if route is not None]
        kept = [r for r in possible if not any(_makes_idle(other, r) for other in possible if other is not r)]
        return tuple(sorted(kept, key=lambda route: PARTS.index(route.part)))

    # -- rows

    def _ground(self, ground: GroundInForce) -> Route | None:
        rule = ground.rule
        part = OFFICER if rule.outcome == "refer" else BY_LAW if rule.kind == "statutory" else BY_THE_COUNCIL
        boxes = self._boxes(ground)
        if boxes is None:
            return None
        return Route(f"ground:{rule.id}", rule.title, part, rule.outcome, tuple(boxes), rule.source)

    def _kept(self) -> Iterator[Route | None]:
        """What is kept whichever way legitimate expectation is read, so that it entitles."""
        readings = self._agreed()
        elements = [e for e, ground in self.book.protected.items() if ground.rule.outcome == "entitled"]
        for chosen in product(elements, repeat=len(readings)) if elements and readings else ():
            pairs = list(dict.fromkeys(zip(chosen, readings, strict=True)))
            if all(element in self.book.expectations[reading] for element, reading in pairs):
                yield self._protected(pairs, KEPT, "entitled")

    def _kept_under_some(self) -> Iterator[Route | None]:
        """What is kept under one reading at least: an officer decides, as the ground or the readings have it."""
        for reading in self._agreed():
            for element, ground in self.book.protected.items():
                if element in self.book.expectations[reading]:
                    whose = KEPT_OTHERWISE if ground.rule.outcome == "entitled" else OFFICER
                    yield self._protected([(element, reading)], whose, "refer")

    def _protected(self, pairs: Sequence[tuple[str, str]], part: str, outcome: str) -> Route | None:
        # Who keeps it comes first: most children answer no, and need read no further.
        boxes = _without_idle([box for pair in pairs for box in self._expectation(*pair)])
        for element in dict.fromkeys(element for element, _ in pairs):
            ground = self._boxes(self.book.protected[element])
            if ground is None:
                return None
            boxes += ground
        rules = [self.book.protected[element].rule for element in dict.fromkeys(element for element, _ in pairs)]
        name = "+".join(f"{element}:{reading}" for element, reading in pairs)
        title = " and ".join(rule.title for rule in rules)
        source = self.book.withdrawn_by[pairs[0][0]].transition
        unlike = tuple({box.means: box for box in boxes}.values())
        return Route(f"kept:{outcome}:{name}", f"{title}, kept", part, outcome, unlike, source.source if source else "")

    def _agreed(self) -> tuple[str, ...]:
        """The readings of legitimate expectation that the outcome is settled from."""
        reading = self.version.readings.get(EXPECTATION)
        if not self.book.expectations:
            return ()
        if reading and not reading.refer_if_different and reading.chosen in self.book.expectations:
            return (reading.chosen,)
        return tuple(self.book.expectations)

    # -- questions

    def _boxes(self, ground: GroundInForce) -> list[Box] | None:
        """The questions of a ground as the outcome hangs on them; None where one of them is never so."""
        era = self.policies.versions[ground.protected_as] if ground.protected_as else self.version
        words = PlainWords(self.policies, era)
        boxes = []
        for number, (rule, resolved) in enumerate(zip(ground.rule.conditions, ground.conditions, strict=True)):
            if not rule.only_for_the_result:
                boxes.append(self._box(words, rule.test, resolved, (ground.rule.id, str(number))))
        if any(box.means == FALSE for box in boxes):
            return None
        return [box for box in boxes if box.means != TRUE]

    def _box(self, words: PlainWords, test: Expression, resolved: Condition, named: tuple[str, ...]) -> Box:
        asked, listed, goes_on = words.question(test)
        return Box(asked, listed, goes_on, resolved.test, self._write_out(resolved.test), named)

    def _expectation(self, element: str, reading: str) -> list[Box]:
        """Who keeps an element: one question with all its conditions under it, or the condition alone."""
        changed = self.book.withdrawn_by[element]
        transition = changed.transition
        name, conditions = self.book.expectations[reading][element]
        held = transition.readings[self.book.reading_of[name]] if transition else None
        if held is None:
            return []
        words = PlainWords(self.policies, changed)
        boxes = [
            self._box(words, partial(rule.test, {"element": element}, {}), c, ("kept", reading, str(number)))
            for number, (rule, c) in enumerate(zip(held.conditions, conditions, strict=True))
        ]
        boxes = [box for box in boxes if box.means != TRUE]
        if len(boxes) == 1:
            return boxes
        tests = both(*(box.test for box in boxes))
        tests_said = [partial(rule.test, {"element": element}, {}) for rule in held.conditions]
        listed = Several(every=True, parts=tuple(words.said(test) for test in tests_said if test != TRUE))
        asked: Phrase = (f"Does the child keep it from before (section {held.reading}: {held.says})?",)
        means = both(*(box.means for box in boxes))
        return [Box(asked, listed, goes_on=True, test=tests, means=means, named=("kept", reading))]

    # -- what a question means

    def _held(self) -> Mapping[str, object]:
        """Figures and open points as they are set, by every name that the conclusions know them by."""
        found: dict[str, object] = {}
        for version in (self.version, *(self.policies.versions[name] for name in self.book.older)):
            ending = "" if version is self.version else f"@{version.id}"
            found[VERSION_STARTS + ending] = rule_value(version.starts)
            for name, parameter in version.parameters.items():
                value = parameter.values[0][1]
                if len(parameter.values) == 1 and not isinstance(value, tuple):
                    found[name + ending] = rule_value(value)
            found |= {name + ending: reading.chosen for name, reading in version.readings.items()}
        return found

    def _write_out(self, test: Expression) -> Expression:
        """A condition with every term and figure in it written out; of which home and which facts stays."""
        match test:
            case And(parts):
                return both(*(self._write_out(part) for part in parts))
            case Or(parts):
                return either(*(self._write_out(part) for part in parts))
            case Not(part):
                return opposite(self._write_out(part))
            case Holds(name) if name in self.book.conclusions:
                if name not in self._written_out:
                    self._written_out[name] = self._write_out(self.book.conclusions[name])
                return self._written_out[name]
            case Compare():
                return partial(test, self._figures, {})  # type: ignore[arg-type] # figures are words and whole numbers
            case _:
                return test


def _parts(box: Box) -> tuple[Expression, ...]:
    return box.means.parts if isinstance(box.means, And) else (box.means,)


def _without_idle(boxes: list[Box]) -> list[Box]:
    """Without a question that another asks already among others."""
    return [box for box in boxes if not any(set(_parts(box)) < set(_parts(other)) for other in boxes)]


def _makes_idle(other: Route, route: Route) -> bool:
    """Whether a row asks no more than another and leads to what is as good, so that the other never matters."""
    better = PARTS.index(other.part) <= PARTS.index(route.part)
    less = other.means < route.means or (other.means == route.means and other.named < route.named)
    return better and less


def several(boxes: Sequence[Box]) -> Box:
    """Several questions as one: are all of these so?"""
    return Box(
        ("Are all of these so?",),
        Several(every=True, parts=tuple(_as_said(box) for box in boxes)),
        goes_on=True,
        test=both(*(box.test for box in boxes)),
        means=both(*(box.means for box in boxes)),
        named=tuple(name for box in boxes for name in box.named),
    )


def _as_said(box: Box) -> Said:
    if box.listed is not None:
        return box.listed
    return One((*box.asked, f" {'Yes' if box.goes_on else 'No'}"))
