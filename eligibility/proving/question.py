"""A property as a question about every pupil under one version: each of its names becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import z3

from eligibility.engines.proof import FALSE, TRUE, Formula, Formulas, Pair, Term
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.in_force import GroundInForce, InForce, write_out
from eligibility.language.expressions import And, Expression, FromOtherHome, Holds, Not, Or, names, rename
from eligibility.policy import REPLACED_VERSION, VERSION_STARTS
from eligibility.proving import property_names as said
from eligibility.proving.asked import Asked, NotAsked
from eligibility.proving.every_pupil import follows_under_a_version
from eligibility.proving.property_files import Property
from eligibility.proving.under_version import OUTCOMES, UnderVersion
from eligibility.reading_names import EXPECTATION

_ENTITLED = "entitled"


@dataclass(frozen=True)
class Item:
    """What a property with for_each is asked of: a ground, a conclusion, or another choice of a reading.

    `protected` is the conclusion that a withdrawn ground is kept, where it is one.
    """

    name: str
    ground: GroundInForce | None = None
    protected: str = ""
    choice: str = ""

    @property
    def title(self) -> str:
        """What stands in the sentence for it."""
        return f"{self.name} read as {self.choice}" if self.choice else self.name


@dataclass
class Question:
    """A property asked of a version, for one item where it has for_each. Formulas are about `asked.pupil`.

    Raises NotAsked, from `formula`, where the version says nothing of what is named.
    """

    asked: Asked
    tested: Property
    item: Item
    uses: set[str] = field(default_factory=set)
    """The endings of the names met so far."""
    _terms: dict[str, Term] = field(default_factory=dict)
    _pairs: dict[str, Pair] = field(default_factory=dict)

    def formula(self, test: Expression) -> Formula:
        """A condition of the property."""
        written = self._write(test, "")
        return Formulas(self._terms.__getitem__, all_known=True).pair(written, self._pairs).holds

    def true_of_all(self) -> list[Formula]:
        """What is true of every pupil that the formulas made so far speak of."""
        found = list(self.asked.pupil.true_of_all)
        if said.OF_TWIN in self.uses:
            found += self._twin().pupil.true_of_all
        if self.uses & {said.CERTAINLY, said.CERTAINLY_NOT}:
            found += self.asked.less_known_pupil.true_of_knowledge
        return found

    def pupils(self) -> dict[str, list[UnderVersion]]:
        """The pupils that the formulas made so far speak of, by what to call them, under each version that is named."""
        found = {"the pupil": [self.asked.all_given if said.IS_KNOWN in self.uses else self.asked.main]}
        for ending in (said.UNDER_STATUTE, said.BEFORE):
            if ending in self.uses:
                found["the pupil"].append(self._view(ending))
        if said.OF_TWIN in self.uses:
            found["the twin"] = [self._twin()]
        if self.uses & {said.CERTAINLY, said.CERTAINLY_NOT}:
            found["the pupil as far as known"] = [self.asked.less_known]
        return found

    def grounds(self) -> tuple[str, ...]:
        """The grounds of the registered home that the formulas made so far name."""
        found = []
        for key in self._pairs:
            base, _ = said.parted(key, self.asked.known)
            if base in self.asked.policies.rules.grounds:
                found.append(base)
            elif self.item.ground is not None and base in (said.THIS, said.THIS_CARRIES):
                found.append(self.item.ground.rule.id)
        return tuple(dict.fromkeys(found))

    # -- names -------------------------------------------------------------------------------------------------------

    def _write(self, test: Expression, home: str) -> Expression:
        """The condition with names that `_terms` and `_pairs` hold."""
        match test:
            case FromOtherHome(part):
                return self._write(part, OTHER_HOME)
            case And(parts):
                return And(tuple(self._write(part, home) for part in parts))
            case Or(parts):
                return Or(tuple(self._write(part, home) for part in parts))
            case Not(part):
                return Not(self._write(part, home))
            case _:
                return rename(test, lambda name: self._name(name, home))

    def _name(self, name: str, home: str) -> str:
        key = name + home
        if key not in self._terms and key not in self._pairs:
            base, ending = said.parted(name, self.asked.known)
            self.uses.add(ending)
            view = self._view(ending)
            if base in said.concluded(self.asked.policies, self.tested.for_each):
                self._pairs[key] = _as_ending(self._pair(view, base, home), ending)
            else:
                self._terms[key] = view.term(self._written(view, base, home))
        return key

    def _view(self, ending: str) -> UnderVersion:
        asked = self.asked
        match ending:
            case said.BEFORE:
                return asked.before
            case said.UNDER_STATUTE:
                return asked.under_statute
            case said.OF_TWIN:
                return self._twin()
            case said.OTHERWISE:
                return asked.otherwise(self.item.name, self.item.choice)
            case said.CERTAINLY | said.CERTAINLY_NOT:
                return asked.less_known
            case said.IS_KNOWN:
                return asked.all_given
            case _:
                return asked.main

    def _twin(self) -> UnderVersion:
        return self.asked.twin(self.tested.twin_differs_in)

    def _pair(self, view: UnderVersion, base: str, home: str) -> Pair:
        version, item = view.version, self.item
        if base in said.OUTCOMES:
            others = (view.outcome(other) for other in OUTCOMES if other != base)
            return Pair(view.outcome(base), z3.Or(*others))
        if base == said.SOME_GROUND_MET:
            return _any(_met(view, *one) for one in _entries(view, _ENTITLED))
        if base.startswith(said.NOTICE) and base not in self.asked.policies.rules.definitions:
            notice = base.removeprefix(said.NOTICE)
            if notice not in version.notices:
                return Pair(FALSE, TRUE)
            # It is given only where assistance is granted.
            applies, granted = view.concluded[f"notice:{notice}"], self._pair(view, OUTCOMES[0], home)
            return Pair(z3.And(applies.holds, granted.holds), z3.Or(applies.fails, granted.fails))
        if base == said.THIS_CONCLUSION:
            return view.concluded[item.name]
        if item.ground is not None and base in (said.THIS, said.THIS_CARRIES):
            return _met(view, item.ground.result if base == said.THIS else item.ground.decides, item.protected)
        if item.ground is not None and base == said.ANOTHER_MET:
            own = (item.ground.result, item.protected)
            return _any(_met(view, *one) for one in _entries(view, item.ground.rule.outcome) if one != own)
        if base in self.asked.policies.rules.grounds and base not in version.grounds:
            return Pair(FALSE, TRUE)
        return view.concluded[self._written(view, base, home)]

    def _written(self, view: UnderVersion, base: str, home: str) -> str:
        """The name by which the version itself knows a fact, figure, reading, definition or ground."""
        written = write_out(self.asked.policies, view.book, Holds(base), home)
        if not isinstance(written, Holds):
            raise TypeError(base)
        for name in sorted(_leaves(view, written.name)):
            if not _answers(view, name):
                plain = name.partition("@")[0]
                raise NotAsked(f"{view.version.id} has no {plain}" + (f", which {base} reads" if plain != base else ""))
        view.conclude_what_was_added()
        return written.name


def items(asked: Asked, for_each: str) -> list[Item]:
    """What a property with `for_each` is asked of under a version; one nameless item where it has none."""
    book = asked.book
    match for_each:
        case "":
            return [Item("")]
        case said.CONCLUSION:
            return [Item(name) for name in asked.conclusions]
        case said.READING:
            readings = asked.version.readings.values()
            return [Item(reading.name, choice=choice) for reading in readings for choice in reading.others]
        case said.KEPT:
            return [Item(element, book.protected[element], name) for element, name in kept(book).items()]
        case _:
            wanted = {said.ENTITLING: ("entitled",), said.CONSIDERED: ("refer",)}.get(for_each, ("entitled", "refer"))
            return [Item(ground.rule.id, ground) for ground in book.grounds if ground.rule.outcome in wanted]


def kept(book: InForce) -> dict[str, str]:
    """By withdrawn ground: the conclusion that it is kept, under the reading of legitimate expectation chosen."""
    reading = book.version.readings.get(EXPECTATION)
    chosen = reading.chosen if reading and reading.chosen in book.expectations else next(iter(book.expectations), "")
    return {element: name for element, (name, _) in book.expectations.get(chosen, {}).items()}


def _entries(view: UnderVersion, outcome: str) -> Iterator[tuple[str, str]]:
    """What can lead to an outcome: the result of each ground, and where it is withdrawn that it is kept."""
    for ground in view.book.grounds:
        if ground.rule.outcome == outcome:
            yield ground.result, ""
    for element, name in kept(view.book).items():
        if view.book.protected[element].rule.outcome == outcome:
            yield view.book.protected[element].result, name


def _met(view: UnderVersion, result: str, protected: str) -> Pair:
    found, kept_ = view.concluded[result], view.concluded.get(protected)
    return Pair(z3.And(found.holds, kept_.holds), z3.Or(found.fails, kept_.fails)) if kept_ else found


def _any(pairs: Iterable[Pair]) -> Pair:
    found = list(pairs)
    return Pair(z3.Or(*(pair.holds for pair in found)), z3.And(*(pair.fails for pair in found)))


def _as_ending(pair: Pair, ending: str) -> Pair:
    match ending:
        case said.CERTAINLY:
            holds = pair.holds
        case said.CERTAINLY_NOT:
            holds = pair.fails
        case said.IS_KNOWN:
            holds = z3.Or(pair.holds, pair.fails)
        case _:
            return Pair(pair.holds, z3.Not(pair.holds))
    return Pair(holds, z3.Not(holds))


def _leaves(view: UnderVersion, name: str) -> set[str]:
    """The facts, figures and readings under a name, at any depth."""
    waiting, seen, found = [name], set[str](), set[str]()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in view.book.conclusions:
            waiting.extend(names(view.book.conclusions[one]))
        else:
            found.add(one)
    return found


def _answers(view: UnderVersion, name: str) -> bool:
    """Whether a version holds what a fact, figure or reading hangs on."""
    if name in view.pupil.facts:
        return True
    plain, _, era = name.partition("@")
    version = view.policies.versions[era] if era else view.version
    fact = vocabulary().by_name.get(plain)
    if fact is not None and follows_under_a_version(fact):
        needed = (*fact.parameters, *(("school_year_starts",) if fact.by == "same_school_year" else ()))
        return all(parameter in version.parameters for parameter in needed)
    if plain == REPLACED_VERSION:
        return bool(version.replaces)
    return plain in version.parameters or plain in version.readings or plain == VERSION_STARTS
