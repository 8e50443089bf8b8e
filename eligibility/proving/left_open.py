"""Every way in which what is not known of one case could turn out: which outcomes there are, and what settles them.

A way is an answer to every fact that is not known, each within its bounds, the constraints between facts holding. Facts
that the outcome does not ask for are among them where a constraint ties them, at any distance, to one that it does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import z3

from eligibility.constraints import tied_to
from eligibility.engines.proof import Formula, Formulas, Term, code_of, term_of_value
from eligibility.establish import NOT_GIVEN
from eligibility.facts import NEVER, OTHER_HOME, Fact, vocabulary
from eligibility.language.expressions import Compare, Constant, Expression, atoms, names
from eligibility.language.partial import Between, Facts
from eligibility.school_calendar import as_date, as_number

OUTCOMES = ("not_entitled", "refer", "entitled")
_FAR = 25_0000
"""Twenty-five years, as YYYYMMDD: how far from the day of the decision a date may lie, older than any pupil."""
_EFFORT = 20_000_000
"""Z3's own count of its work, after which a question stays open: the same on every machine, unlike a time."""

_TRIES = 40
"""How many ways for answers to turn out are tried, before it stays open whether any settle an outcome."""


class LeftOpen:
    """What is left of some outcomes when `facts` are known.

    `conclusions` holds what is left of each conclusion they need, in order; `outcomes` names, for each reading that
    must agree, the conclusions `entitled` and `refer`.
    """

    def __init__(
        self, facts: Facts, conclusions: Mapping[str, Expression], outcomes: Sequence[tuple[str, str]]
    ) -> None:
        self._facts = facts
        self._unknown: dict[str, Formula] = {}
        formulas = Formulas(self._term, all_known=True)
        concluded = formulas.conclude_all(conclusions)
        found = [
            z3.If(concluded[entitled].holds, z3.IntVal(2), z3.If(concluded[refer].holds, z3.IntVal(1), z3.IntVal(0)))
            for entitled, refer in outcomes
        ]
        agreed = found[0] if len(found) == 1 else z3.If(z3.And(*(found[0] == f for f in found[1:])), found[0], 1)
        self._outcome = z3.Int("outcome")
        self.facts = tuple(self._unknown)
        """The facts not known that the conclusions ask for."""
        tied = tied_to(self.facts, facts)
        self._true = [self._outcome == agreed, *(formulas.pair(test, {}).holds for test in tied)]
        self._true += [truth for name in self._unknown for truth in self._what_it_can_be(name)]
        self._true += self._days_that_are_none([*conclusions.values(), *tied])

    def only_outcome(self) -> str | None:
        """The outcome where no other is possible, else None."""
        held = _solver(self._true)
        if held.check() != z3.sat:
            return None
        first = held.model().eval(self._outcome).as_long()
        held.add(self._outcome != first)
        return OUTCOMES[first] if held.check() == z3.unsat else None

    def shortest(self) -> tuple[str, ...]:
        """The fewest facts whose answers, whatever they are, leave one outcome only; none where it is settled already.

        A fact is always among them where two ways that differ in it alone give two outcomes.
        """
        return _Pairs(self._true, self._outcome, self._unknown, self.facts).shortest()

    def could_settle(self, asked: Sequence[str]) -> tuple[str, ...]:
        """Some of `asked`, answers to which can leave one outcome whatever all else turns out to be.

        None of them can be done without; where there is a choice, those that `asked` has first. None at all where no
        answers settle it; all of `asked` where that cannot be told within `_TRIES`.
        """
        whole = z3.And(*self._true)
        rest = [value for name, value in self._unknown.items() if name not in asked]
        hoped, otherwise = _solver([whole]), _solver([whole])
        for _ in range(_TRIES):
            if hoped.check() != z3.sat:
                return ()
            way = hoped.model()
            outcome = way.eval(self._outcome)
            alike = {
                name: self._unknown[name] == way.eval(self._unknown[name], model_completion=True) for name in asked
            }
            otherwise.push()
            otherwise.add(self._outcome != outcome)
            if _check(otherwise, alike.values()) == z3.unsat:
                return _needed(otherwise, alike)
            other = otherwise.model()
            otherwise.pop()
            # What all else was in this way must not give another outcome than the one hoped for.
            held = [(value, other.eval(value, model_completion=True)) for value in (*rest, self._outcome)]
            hoped.add(z3.Implies(z3.substitute(whole, *held), self._outcome == other.eval(self._outcome)))
        return tuple(asked)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts not known that the conclusions ask for, and those that constraints tie to them."""
        return tuple(self._unknown)

    def _term(self, name: str) -> Term:
        held = self._facts.get(name)
        if held is not None and not isinstance(held, Between):
            return term_of_value(held)
        if name not in self._unknown:
            fact = _declared(name)
            boolean = fact is None or fact.rule_type == "boolean"
            self._unknown[name] = z3.Bool(name) if boolean else z3.Int(name)
        return Term.exactly(self._unknown[name])

    def _what_it_can_be(self, name: str) -> Iterator[Formula]:
        fact, value, held = _declared(name), self._unknown[name], self._facts.get(name)
        if isinstance(held, Between):
            yield z3.And(value >= held.low, value <= held.high)
        elif fact is None or fact.rule_type == "boolean":
            return
        elif fact.rule_type == "date":
            on, born = self._facts.get("on"), self._facts.get("date_of_birth")
            if isinstance(on, int) and isinstance(born, int):
                first = born if fact.not_before_birth else on - _FAR
                inside = z3.And(value >= first, value <= on + _FAR)
                yield z3.Or(inside, value == NEVER) if fact.none == "never" else inside
        elif fact.rule_type == "word":
            if fact.words:
                yield z3.Or(*(value == code_of(word) for word in fact.words))
        else:
            inside = z3.And(value >= (fact.min or 0), value <= (NOT_GIVEN if fact.max is None else fact.max))
            yield z3.Or(inside, value == NOT_GIVEN) if fact.default == "not_given" else inside

    def _days_that_are_none(self, tests: Iterable[Expression]) -> Iterator[Formula]:
        """Beside each day that a date is held against, no number that is no day (31 August is next to 1 September)."""
        for test, name in dict.fromkeys((a, name) for t in tests for a in atoms(t) for name in names(a)):
            fact = _declared(name)
            if not isinstance(test, Compare) or name not in self._unknown or not fact or fact.rule_type != "date":
                continue
            for side in (test.left, test.right):
                if isinstance(side, Constant) and isinstance(side.value, int) and side.value != NEVER:
                    day = as_date(side.value)
                    before, after = (as_number(day + dt.timedelta(days=step)) for step in (-1, 1))
                    value = self._unknown[name]
                    yield z3.Or(value <= before, value == side.value, value >= after)


def _declared(name: str) -> Fact | None:
    return vocabulary().by_name.get(name.removesuffix(OTHER_HOME))


def _needed(otherwise: Any, alike: Mapping[str, Formula]) -> tuple[str, ...]:
    """The answers without which another outcome would be possible, the last left out first."""
    kept = list(alike)
    for name in reversed(tuple(alike)):
        fewer = [other for other in kept if other != name]
        if _check(otherwise, (alike[other] for other in fewer)) == z3.unsat:
            kept = fewer
    return tuple(kept)


def _solver(formulas: Iterable[Formula]) -> Any:
    held = z3.Solver()
    held.set("random_seed", 0)
    held.set("rlimit", _EFFORT)
    held.add(*formulas)
    return held


def _check(solver: Any, assumed: Iterable[Formula]) -> Any:
    """What `solver.check(*assumed)` says, which reads each assumption anew and takes longer than to find the answer."""
    handles = [formula.as_ast() for formula in assumed]
    array = (z3.Ast * len(handles))(*handles)
    return z3.CheckSatResult(z3.Z3_solver_check_assumptions(solver.ctx.ref(), solver.solver, len(handles), array))


class _Pairs:
    """Two ways at once that give two outcomes, alike in some of the facts in question."""

    def __init__(
        self, true: list[Formula], outcome: Formula, values: Mapping[str, Formula], asked: Sequence[str]
    ) -> None:
        self._order = list(asked)
        whole = z3.And(*true)
        other = {name: z3.Const(f"{name}'", value.sort()) for name, value in values.items()}
        outcomes = (outcome, z3.Const(f"{outcome}'", outcome.sort()))
        twin = z3.substitute(whole, outcomes, *((value, other[name]) for name, value in values.items()))
        self._alike = {name: z3.Bool(f"alike: {name}") for name in asked}
        alike = (z3.Implies(self._alike[name], values[name] == other[name]) for name in asked)
        self._solver = _solver([whole, twin, outcomes[0] != outcomes[1], *alike])

    def shortest(self) -> tuple[str, ...]:
        always = [name for name in self._order if self._differ_only_in(name)]
        chosen: Sequence[str] = always
        left: list[frozenset[str]] = []
        while (apart := self._apart(chosen)) is not None:
            if not apart:
                return tuple(self._order)  # past its effort the solver cannot tell, and everything is asked
            left.append(frozenset(apart))
            chosen = (*always, *_fewest(left))
        return tuple(name for name in self._order if name in chosen)

    def _differ_only_in(self, name: str) -> bool:
        others = (alike for other, alike in self._alike.items() if other != name)
        return bool(_check(self._solver, others) != z3.unsat)

    def _apart(self, chosen: Sequence[str]) -> list[str] | None:
        """In as few facts as can be told, where two ways that are alike in `chosen` differ; None where none do."""
        if _check(self._solver, (self._alike[name] for name in chosen)) == z3.unsat:
            return None
        kept, apart = list(chosen), [name for name in self._order if name not in chosen]
        for name in tuple(apart):
            if _check(self._solver, (self._alike[other] for other in (*kept, name))) == z3.sat:
                kept.append(name)
                apart.remove(name)
        return apart


def _fewest(left: list[frozenset[str]]) -> tuple[str, ...]:
    """The fewest names of which each of `left` has one, the first such in order."""
    named = sorted({name for one in left for name in one})
    for count in range(1, len(named) + 1):
        for chosen in combinations(named, count):
            if all(one & set(chosen) for one in left):
                return chosen
    return ()
