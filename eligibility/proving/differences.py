"""Every way in which two versions answer differently, each with a pupil, and the proof that there is no other.

Every pupil of whom all facts are known, on every day on which the new version is in force and the old one has begun;
both versions are applied to the same day, as `compare` does, unless one alone goes by the day of the application.

A way is what gave the pupil the outcome under the old version, and what gives the outcome, or that nothing does, under
the new one. It is listed only where some pupil is in it and in no other, or where the list would not be complete
without it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import z3

from eligibility.engines.proof import Formula
from eligibility.in_force import Books
from eligibility.policy import Policies, Version
from eligibility.proving.believable import wishes
from eligibility.proving.carriers import Carrier, Test, carriers, from_other_home, lost, tests
from eligibility.proving.every_pupil import OLDEST, EveryPupil
from eligibility.proving.found_pupil import case_of
from eligibility.proving.notice_questions import notice_questions
from eligibility.proving.search import Search
from eligibility.proving.under_version import OUTCOMES, UnderVersion
from eligibility.proving.ways import Differences, Example, NoticeWay, Variant, Way
from eligibility.proving.what_matters import what_matters


def find_differences(
    policies: Policies, old: Version, new: Version, told: Callable[[int, int], None] = lambda _done, _of: None
) -> Differences:
    """Every way in which `new` answers otherwise than `old`; `told` hears how many steps are done of how many known.

    Raises TimeoutError where a question cannot be settled in time.
    """
    return Comparison(policies, old, new, told).differences()


class Comparison:
    """Two versions put to every pupil."""

    def __init__(
        self, policies: Policies, old: Version, new: Version, told: Callable[[int, int], None] = lambda _done, _of: None
    ) -> None:
        self._steps, self._done, self._tell_steps = 0, 0, told
        self.held_from = max((policies.versions[v.statute] if v.statute else v).starts for v in (old, new))
        both = max(old.starts, new.starts, self.held_from)
        self.first = max(new.starts, self.held_from) if new.ends and new.ends < both else both
        after_a_generation = self.first.replace(year=self.first.year + OLDEST) - dt.timedelta(days=1)
        self.last = min(new.ends or after_a_generation, after_a_generation)
        self.policies, books = policies, Books(policies)
        self.pupil = EveryPupil(policies, self.first, self.last)
        true_of_all = list(self.pupil.true_of_all)
        on_its_day = dict.fromkeys((old.id, new.id), self.pupil)
        if old.goes_by_application != new.goes_by_application:
            # The pupil is the one on the first day of travel; the other version looks at the day of the application.
            applying = EveryPupil(policies, self.held_from, self.last, like=self.pupil, but=("on",))
            on_its_day[old.id if old.goes_by_application else new.id] = applying
            true_of_all += [*applying.true_of_all, applying.fact("on") == self.pupil.fact("applied_on")]
        elif old.goes_by_application:
            true_of_all.append(self.pupil.fact("on") == self.pupil.fact("applied_on"))
        self.old, self.new = (UnderVersion(on_its_day[v.id], books.of(v)) for v in (old, new))
        self.by_old, self.by_new = carriers(self.old), carriers(self.new)
        self.search = Search(true_of_all, wishes(self.pupil))
        self._told: set[tuple[str, ...]] = set()

    def differences(self) -> Differences:
        """Every difference, each with its pupil."""
        found = Differences(self.old.version, self.new.version, self.first, self.last, self.held_from)
        # What is taken away first, and the furthest fall first of all.
        pairs = [(a, b) for a in range(len(OUTCOMES)) for b in range(len(OUTCOMES)) if a != b]
        self._steps = len(pairs) + len(self.by_old) + 1
        for a, b in sorted(pairs, key=lambda pair: (pair[0] > pair[1], -abs(pair[0] - pair[1]))):
            if self.search.can_be(self.old.outcome(OUTCOMES[a]), self.new.outcome(OUTCOMES[b])):
                found.outcomes += self._ways(OUTCOMES[a], OUTCOMES[b])
            self._step()
        for carrier in self.by_old:
            found.footing += self._same_outcome(carrier)
            self._step()
        found.notices = list(self._notices())
        self._step()
        return found

    def _step(self) -> None:
        self._done += 1
        self._tell_steps(self._done, self._steps)

    def outside(self, ways: Iterable[Way]) -> Any | None:
        """A pupil whose outcomes differ in none of these ways, as a model; None where there is none: the list is
        complete.
        """
        differ = z3.Or(*(z3.And(self.old.outcome(o), z3.Not(self.new.outcome(o))) for o in OUTCOMES))
        return self.search.find([differ, *(z3.Not(way.when) for way in ways)])

    # -- ways --------------------------------------------------------------------------------------------------------

    def _ways(self, old: str, new: str) -> list[Way]:
        question = z3.And(self.old.outcome(old), self.new.outcome(new))
        before = [c for c in self.by_old if c.outcome == old and self.search.can_be(question, c.when)]
        after = [c for c in self.by_new if c.outcome == new and self.search.can_be(question, c.when)]
        pairs = [(a, b, z3.And(a.when, b.when)) for a in before for b in after]
        ways = []
        self._steps += len(pairs)
        covered = self._cover(question, [when for _, _, when in pairs], step=self._step)
        self._steps += len(covered)
        for index, example in covered:
            a, b, when = pairs[index]
            way = Way(a, b, when, example)
            others = [z3.Not(pairs[i][2]) for i in range(len(pairs)) if i != index]
            self._tell_apart(way, others)
            ways.append(way)
            self._step()
        return ways

    def _same_outcome(self, carrier: Carrier) -> list[Way]:
        """The ways in which a pupil keeps the outcome although `carrier` no longer gives it."""
        if carrier.how not in ("ground", "kept"):
            return []
        question = z3.And(carrier.when, self.new.outcome(carrier.outcome), lost(carrier, self.new))
        if carrier.how == "kept":
            same = [c.when for c in self.by_new if (c.how, c.ground) == (carrier.how, carrier.ground)]
            question = z3.And(question, *(z3.Not(when) for when in same))
        if not self.search.can_be(question):
            return []
        after = [c for c in self.by_new if c.outcome == carrier.outcome and self.search.can_be(question, c.when)]
        found = self._cover(question, [c.when for c in after], told=lambda i: after[i].ground == carrier.ground)
        return [Way(carrier, after[i], z3.And(question, after[i].when), example) for i, example in found]

    def _tell_apart(self, way: Way, preferred: Sequence[Formula]) -> None:
        """Add to a way the grounds from the other home and what fails, once for each ground."""
        gain = OUTCOMES.index(way.new.outcome) < OUTCOMES.index(way.old.outcome)
        giver, under, other = (way.new, self.new, self.old) if gain else (way.old, self.old, self.new)
        homes = from_other_home(under, giver)
        if homes and self._first_time("through", giver.how, giver.ground):
            names = list(homes)
            found = self._cover(way.when, [homes[name] for name in names], preferred)
            way.through = [Variant(ground=names[i], example=example) for i, example in found]
        parts = tests(other, giver.ground)
        if parts:
            question = way.when
            lesser, by = (way.old, self.by_old) if gain else (way.new, self.by_new)
            if lesser.how == "ground":
                # Where an officer decides on another ground and because of two readings, the readings are a way too.
                disputed = [c.when for c in by if (c.how, c.ground) == ("disputed", giver.ground)]
                question = z3.And(question, *(z3.Not(when) for when in disputed))
            way.because = self._failing(question, parts, preferred, giver)

    def _failing(self, when: Formula, parts: list[Test], preferred: Sequence[Formula], giver: Carrier) -> list[Variant]:
        """The smallest sets of conditions that fail, such that every pupil of `when` fails one of the sets."""
        blocked: list[Formula] = []
        sets: list[tuple[int, ...]] = []
        while True:
            model = self.search.find([when, *blocked], [part.holds for part in parts])
            if model is None:
                break
            failing = tuple(i for i, part in enumerate(parts) if not _true(model, part.holds))
            sets.append(failing)
            blocked.append(z3.Or(*(parts[i].holds for i in failing)))
        sets.sort()
        told = tuple(sorted("; ".join(parts[i].fails_as for i in failing) for failing in sets))
        known = not self._first_time("because", giver.how, giver.ground, *told)
        variants = []
        for failing in sets:
            question = [when, *(z3.Not(p.holds) if i in failing else p.holds for i, p in enumerate(parts))]
            when_ = z3.And(*question)
            at_length = self._first_time("reason", *(parts[i].fails_as for i in failing))
            example = None if known else self._example(when_, preferred, when_ if at_length else None)
            variants.append(Variant(failing=tuple(parts[i] for i in failing), example=example))
        return variants

    def _first_time(self, *told: str) -> bool:
        new = told not in self._told
        self._told.add(told)
        return new

    # -- notices -----------------------------------------------------------------------------------------------------

    def _notices(self) -> Iterator[NoticeWay]:
        same = [self.old.outcome("entitled"), self.new.outcome("entitled")]
        for asked in notice_questions(self.old, self.new):
            entitling = [c for c in (self.by_new if asked.under_new else self.by_old) if c.outcome == "entitled"]
            for index, example in self._cover(asked.when, [c.when for c in entitling], same, lambda _: False):
                when = z3.And(asked.when, entitling[index].when)
                yield NoticeWay(asked.notice, asked.change, asked.statutory, entitling[index], when, example)

    # -- pupils ------------------------------------------------------------------------------------------------------

    def _cover(
        self,
        question: Formula,
        alternatives: Sequence[Formula],
        preferred: Sequence[Formula] = (),
        told: Callable[[int], bool] = lambda _: True,
        step: Callable[[], None] = lambda: None,
    ) -> list[tuple[int, Example]]:
        """The alternatives that are needed for every pupil of the question to be in one, each with a pupil who is in no
        other where there is such a pupil; `told`, which of the pupils are told of. `step` is called after each.
        """
        needed: dict[int, Example] = {}
        for index, alternative in enumerate(alternatives):
            alone = [z3.Not(other) for i, other in enumerate(alternatives) if i != index]
            only = z3.And(question, alternative, *alone)
            if self.search.can_be(only):
                matter = z3.And(question, alternative) if told(index) else None
                needed[index] = self._example(only, preferred, matter)
            step()
        while (model := self.search.find([question, *(z3.Not(alternatives[i]) for i in needed)])) is not None:
            index = next(i for i, alternative in enumerate(alternatives) if _true(model, alternative))
            when = z3.And(question, alternatives[index])
            needed[index] = self._example(when, preferred, when if told(index) else None)
        return sorted(needed.items())

    def _example(self, when: Formula, preferred: Sequence[Formula] = (), matter: Formula | None = None) -> Example:
        model = self.search.find([when], [*preferred, *self.search.wishes])
        if model is None:
            raise LookupError("no pupil where one was found before")
        pair = (self.old, self.new)
        met, notices = [], []
        for under in pair:
            met.append(
                frozenset(g.rule.id for g in under.book.grounds if _true(model, under.concluded[g.result].holds))
            )
            entitled = _true(model, under.outcome("entitled"))
            applying = (n.id for n in under.book.notices if entitled and _true(model, under.concluded[n.applies].holds))
            notices.append(frozenset(applying))
        outcomes = [next(o for o in OUTCOMES if _true(model, under.outcome(o))) for under in pair]
        case = case_of(model, self.pupil, "")
        return Example(
            case,
            frozenset() if matter is None else what_matters(self.search, self.pupil, model, matter),
            (outcomes[0], outcomes[1]),
            (met[0], met[1]),
            (notices[0], notices[1]),
        )


def _true(model: Any, formula: Formula) -> bool:
    return bool(z3.is_true(model.eval(formula, model_completion=True)))
