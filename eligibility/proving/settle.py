"""Settling properties: proved for every pupil, or a pupil that breaks it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import z3

from eligibility.engines.proof import Formula
from eligibility.language.expressions import names
from eligibility.policy import Policies
from eligibility.proving import property_names as said
from eligibility.proving.asked import Asked, NotAsked
from eligibility.proving.believable import wishes
from eligibility.proving.found_pupil import case_of, find
from eligibility.proving.less_known import LessKnown
from eligibility.proving.property_files import Property
from eligibility.proving.pupil_in_words import in_words
from eligibility.proving.question import Item, Question, items
from eligibility.proving.under_version import OUTCOMES
from eligibility.reading_names import GOVERNING_DATE, LATE_NOTICE, MEASURING

PROVED, FOUND, BROKEN, NOBODY, OPEN, NOT_ASKED, FINDING = (
    "proved",
    "found",
    "broken",
    "nobody",
    "open",
    "not_asked",
    "finding",
)
"""It holds of every pupil; a pupil exists; a pupil breaks it; a pupil should exist and none does; it was not settled in
time; the version says nothing of it; it does not hold, and that is known."""
GREEN = frozenset({PROVED, FOUND, NOT_ASKED, FINDING})


@dataclass(frozen=True)
class Pupil:
    """A pupil that was found: what to call it, what an officer would say of it, and the case that `assess` reads.

    `outcomes` are what the proof takes the versions to say of it, by version; `grounds` whether it takes the grounds
    that the property names to be met, by version and ground. Of a pupil of whom not all is known it says neither.
    """

    who: str
    told: tuple[str, ...]
    case: dict[str, Any]
    outcomes: tuple[tuple[str, str], ...] = ()
    grounds: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True)
class Settled:
    """A property settled for one version and, where it is asked for each of several, one of them.

    `against` are the other versions it was held against. `empty`: there is no pupil of whom it says anything. `named`
    are the grounds that it names, where pupils were found. `questions` is how many were put to the solver.
    """

    tested: Property
    version: str
    item: str
    status: str
    against: tuple[str, ...] = ()
    empty: bool = False
    why: str = ""
    pupils: tuple[Pupil, ...] = ()
    named: tuple[str, ...] = ()
    questions: int = 0

    @property
    def sentence(self) -> str:
        """The property as it was asked."""
        return self.tested.about(self.item) if self.item else self.tested.says

    @property
    def green(self) -> bool:
        """Whether all is well with it."""
        return self.status in GREEN


class Prover:
    """Settles properties under the versions of some policies.

    With `examples` a pupil is given wherever one exists, not only where one breaks a property; with `believable` it is
    one that an officer could meet, which takes a second or two for each.
    """

    def __init__(self, policies: Policies, *, examples: bool = False, believable: bool = True) -> None:
        self.policies, self.examples, self.believable = policies, examples, believable
        self.asked = functools.cache(self._asked)

    def _asked(self, version: str) -> Asked:
        return Asked(self.policies, self.policies.versions[version])

    def settle(self, one: Property, version: str) -> list[Settled]:
        """A property under a version, item by item where it is asked for each of several."""
        if one.versions and version not in one.versions:
            return [Settled(one, version, "", NOT_ASKED, why="it is asked of other versions")]
        asked = self.asked(version)
        found = items(asked, one.for_each)
        if one.for_each and not one.possible and len(found) > 1:
            together = self._together(asked, one, found)
            if together is not None:
                return together
        return [self._settle(Question(asked, one, item)) for item in found]

    def _together(self, asked: Asked, one: Property, found: list[Item]) -> list[Settled] | None:
        """All items in one question; None where some item has to be looked at by itself."""
        questions = [Question(asked, one, item) for item in found]
        try:
            broken = [z3.And(q.formula(one.given), z3.Not(q.formula(one.then))) for q in questions]
            if _exists([*_all_true(questions), z3.Or(*broken)]):
                return None
        except (NotAsked, TimeoutError):
            return None
        against = _against(questions[0])
        counted = [1, *(0 for _ in questions[1:])]
        return [
            Settled(one, asked.version.id, q.item.title, PROVED, against, questions=n)
            for q, n in zip(questions, counted, strict=True)
        ]

    def _settle(self, question: Question) -> Settled:
        one, asked = question.tested, question.asked
        settled = functools.partial(Settled, one, asked.version.id, question.item.title)
        if one.for_each == said.READING and (why := _changes_no_outcome(question.item)):
            return settled(NOT_ASKED, why=why)
        try:
            given, then = question.formula(one.given), question.formula(one.then)
        except NotAsked as why:
            return settled(NOT_ASKED, why=str(why))
        settled = functools.partial(settled, against=_against(question))
        wanted = [*question.true_of_all(), given, then if one.possible else z3.Not(then)]
        try:
            if not _exists(wanted):
                if one.possible:
                    return settled(NOBODY if not one.finding else FINDING, questions=1)
                empty = one.has_given and not _exists([*question.true_of_all(), given])
                return settled(PROVED, empty=empty, questions=1 + one.has_given)
            pupils = () if one.possible and not self.examples else self._pupils(question, wanted)
        except TimeoutError:
            return settled(OPEN, questions=1)
        status = FOUND if one.possible else FINDING if one.finding else BROKEN
        return settled(status, pupils=pupils, named=question.grounds(), questions=2)

    def _pupils(self, question: Question, wanted: list[Formula]) -> tuple[Pupil, ...]:
        model = find(wanted, wishes(question.asked.pupil) if self.believable else ())
        also = _facts_named(question)
        made: list[Pupil] = []
        for who, views in question.pupils().items():
            pupil = views[0].pupil
            case = case_of(model, pupil, f"P-{len(made) + 1}")
            outcomes: list[tuple[str, str]] = []
            grounds: list[tuple[str, str, bool]] = []
            told = in_words(model, pupil, also)
            if isinstance(pupil, LessKnown):
                case, told = _as_far_as_known(model, pupil, case), ["the same, but for what is not known"]
            else:
                outcomes = [(v.version.id, o) for v in views for o in OUTCOMES if _true(model, v.outcome(o))]
                grounds = [
                    (view.version.id, ground.rule.id, _true(model, view.concluded[ground.result].holds))
                    for view in views
                    for ground in view.book.grounds
                    if ground.rule.id in question.grounds()
                ]
            made.append(Pupil(who, tuple(told), case, tuple(outcomes), tuple(grounds)))
        return tuple(made)


def _true(model: Any, formula: Formula) -> bool:
    return bool(z3.is_true(model.eval(formula, model_completion=True)))


def _exists(question: Iterable[Formula]) -> bool:
    return find(question) is not None


def _all_true(questions: list[Question]) -> Iterator[Formula]:
    seen: set[int] = set()
    for question in questions:
        for formula in question.true_of_all():
            if formula.get_id() not in seen:
                seen.add(formula.get_id())
                yield formula


def _against(question: Question) -> tuple[str, ...]:
    version = question.asked.version
    others = ((said.UNDER_STATUTE, version.statute), (said.BEFORE, version.replaces))
    return tuple(other for ending, other in others if ending in question.uses)


def _changes_no_outcome(item: Item) -> str:
    """Why a reading can change no outcome and no notice of a day, where that is so."""
    match item.name:
        case name if name in MEASURING:
            return "it changes what is measured, and what was measured is taken as given"
        case name if name == GOVERNING_DATE:
            return "it changes which day is decided for, and every day is looked at"
        case name if name == LATE_NOTICE:
            return "it changes when travel starts, and neither the outcome nor whether the notice applies"
        case _:
            return ""


def _facts_named(question: Question) -> list[str]:
    found = []
    for test in (question.tested.given, question.tested.then):
        for name in names(test):
            base, _ = said.parted(name, question.asked.known)
            if base in question.asked.pupil.facts:
                found.append(base)
    twin = [name for name in question.tested.twin_differs_in if name in question.asked.pupil.facts]
    return list(dict.fromkeys([*found, *twin]))


def _as_far_as_known(model: Any, pupil: LessKnown, case: dict[str, Any]) -> dict[str, Any]:
    """The case without what is not known."""
    for place, given in pupil.given.items():
        if not _true(model, given):
            *parents, leaf = place.split(".")
            node: Any = case
            for parent in parents:
                node = node.get(parent) if isinstance(node, dict) else None
            if isinstance(node, dict):
                node.pop(leaf, None)
    return case
