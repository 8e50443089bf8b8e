"""The proof engine: the same conclusions as formulas for Z3, which settles a question for every pupil at once.

A term stands for a fact, parameter or reading. Each conclusion becomes a pair of formulas: when it is certainly true,
and when it is certainly false; where neither holds it is not known. Numbers and dates are whole numbers (millimetres,
pence, YYYYMMDD), words are whole numbers too, given out as they are met.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import z3

from eligibility.in_force import InForce
from eligibility.language.expressions import (
    Always,
    Among,
    And,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Operand,
    Or,
    atoms,
)
from eligibility.language.partial import Between, Facts, Known

Formula = Any
"""A Z3 expression; the package ships no types."""
SECONDS = 60
"""How long one question may take; a question not settled by then is said to be open, never guessed."""


@dataclass(frozen=True)
class Term:
    """What stands for one name: the least and the most it can be, and the formula for its being known at all.

    `low` and `high` are the same for a fact known exactly; for a boolean both are its formula. Of a number that is
    known only to lie between two, neither what it is among nor years from it are known: `exact` is then false.
    """

    low: Formula
    high: Formula
    known: Formula
    exact: Formula | None = None

    @property
    def is_exact(self) -> Formula:
        """The formula for its being known exactly, wherever it is known."""
        if self.exact is not None:
            return self.exact
        return TRUE if self.low is self.high else FALSE

    @staticmethod
    def exactly(value: Formula, known: Formula | None = None) -> Term:
        """A term known exactly wherever it is known; by default always."""
        return Term(value, value, TRUE if known is None else known)


class Pair(NamedTuple):
    """When a conclusion is certainly true, and when it is certainly false."""

    holds: Formula
    fails: Formula


TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)
UNKNOWN = Term(z3.IntVal(0), z3.IntVal(0), FALSE)
_CODES: dict[str, int] = {}


def code_of(word: str) -> int:
    """The whole number that stands for a word, the same for as long as the process lives."""
    return _CODES.setdefault(word, len(_CODES))


def word_of(code: int) -> str:
    """The word that a whole number stands for. Raises LookupError where it stands for none."""
    for word, number in _CODES.items():
        if number == code:
            return word
    raise LookupError(code)


class Formulas:
    """Writes conditions as formulas. `term_of` gives what stands for a fact, parameter or reading by name.

    With `all_known` every term is known exactly, and "certainly false" is written as plain "not".
    """

    def __init__(self, term_of: Callable[[str], Term], *, all_known: bool = False) -> None:
        self.term_of = term_of
        self.all_known = all_known

    def conclude(self, book: InForce) -> dict[str, Pair]:
        """Every conclusion of a version."""
        return self.conclude_all(book.conclusions)

    def conclude_all(self, conclusions: Mapping[str, Expression]) -> dict[str, Pair]:
        """Conclusions in order, each from facts and earlier ones."""
        found: dict[str, Pair] = {}
        for name, test in conclusions.items():
            found[name] = self.pair(test, found)
        return found

    def pair(self, test: Expression, earlier: Mapping[str, Pair]) -> Pair:
        """One condition, which may use the conclusions in `earlier`."""
        holds = self._certainly(test, True, earlier)
        return Pair(holds, z3.Not(holds) if self.all_known else self._certainly(test, False, earlier))

    def _certainly(self, test: Expression, wanted: bool, earlier: Mapping[str, Pair]) -> Formula:
        match test:
            case Always(value):
                return TRUE if value == wanted else FALSE
            case Not(part):
                return self._certainly(part, not wanted, earlier)
            case And(parts) | Or(parts):
                found = [self._certainly(part, wanted, earlier) for part in parts]
                return z3.And(*found) if isinstance(test, And) == wanted else z3.Or(*found)
            case Holds(name):
                if name in earlier:
                    return earlier[name].holds if wanted else earlier[name].fails
                term = self.term_of(name)
                if not z3.is_bool(term.low):
                    return FALSE
                return _both(term.known, term.low if wanted else z3.Not(term.low))
            case Among(operand, values):
                held = self._operand(operand)
                one = z3.Or(*(held.low == _constant(value) for value in values))
                return _both(held.known, held.is_exact, one if wanted else z3.Not(one))
            case Compare(operator, left, right):
                first, second = self._operand(left), self._operand(right)
                return _both(first.known, second.known, _compare(operator, first, second, wanted))
            case _:
                raise TypeError("any(...) and from_other_home(...) are resolved before a rule is written as a formula")

    def _operand(self, operand: Operand) -> Term:
        if isinstance(operand, Constant):
            return Term.exactly(_constant(operand.value))
        if isinstance(operand, Name):
            return self.term_of(operand.name)
        earlier, later = self.term_of(operand.earlier.name), self.term_of(operand.later.name)
        exact = _both(earlier.known, later.known, earlier.is_exact, later.is_exact)
        return Term.exactly((later.low - earlier.low) / z3.IntVal(10000), exact)


def _both(*parts: Formula) -> Formula:
    kept = [part for part in parts if not z3.is_true(part)]
    if any(z3.is_false(part) for part in kept):
        return FALSE
    return TRUE if not kept else kept[0] if len(kept) == 1 else z3.And(*kept)


def _constant(value: int | str) -> Formula:
    return z3.IntVal(code_of(value) if isinstance(value, str) else value)


def _compare(operator: str, a: Term, b: Term, wanted: bool) -> Formula:
    match operator:
        case "<":
            return a.high < b.low if wanted else a.low >= b.high
        case "<=":
            return a.high <= b.low if wanted else a.low > b.high
        case ">":
            return a.low > b.high if wanted else a.high <= b.low
        case ">=":
            return a.low >= b.high if wanted else a.high < b.low
        case _ if wanted == (operator == "=="):
            return a.low == b.high if a.low is a.high and b.low is b.high else z3.And(a.low == b.high, a.high == b.low)
        case _:
            apart = z3.Or(a.high < b.low, b.high < a.low)
            return a.low != b.low if a.low is a.high and b.low is b.high else apart


def term_of_value(value: Known | None) -> Term:
    """The term for a value of one case; None is not known."""
    match value:
        case None:
            return UNKNOWN
        case bool():
            return Term.exactly(TRUE if value else FALSE)
        case Between(low, high):
            return Term(z3.IntVal(low), z3.IntVal(high), TRUE)
        case _:
            return Term.exactly(_constant(value))


def conclude(book: InForce, facts: Facts) -> dict[str, bool | None]:
    """Every conclusion of a version on one set of facts, as the other engines give them."""
    held = _filled.get(id(book))
    if held is None or len(held.names) != len(book.conclusions):
        while len(_filled) >= _BOOKS_KEPT:
            del _filled[next(iter(_filled))]
        held = _filled[id(book)] = _ToFillIn(book)
    return held.conclude(facts)


class _ToFillIn:
    """A version's formulas written once, over places that are filled in pupil by pupil.

    A place is one of Z3's numbered variables, because those are filled in many times faster than named ones.
    """

    def __init__(self, book: InForce) -> None:
        self.book = book  # kept, so that no other can be taken for it
        self.names = tuple(book.conclusions)
        self._terms: dict[str, Term] = {}
        self._places = itertools.count()
        tests = book.conclusions.values()
        self._booleans = {atom.name for test in tests for atom in atoms(test) if isinstance(atom, Holds)}
        formulas = [formula for pair in Formulas(self._term).conclude(book).values() for formula in pair]
        # One formula of all of them: what they share is then filled in once.
        all_of_them = z3.Function("all", *([z3.BoolSort()] * (len(formulas) + 1)))
        self._whole = z3.simplify(all_of_them(*formulas)) if formulas else None

    def _term(self, name: str) -> Term:
        if name not in self._terms:
            if name in self._booleans:
                known, value = self._place(z3.BoolSort()), self._place(z3.BoolSort())
                self._terms[name] = Term.exactly(value, known)
            else:
                known, low = self._place(z3.BoolSort()), self._place(z3.IntSort())
                high, exact = self._place(z3.IntSort()), self._place(z3.BoolSort())
                self._terms[name] = Term(low, high, known, exact)
        return self._terms[name]

    def _place(self, sort: Any) -> Formula:
        return z3.Var(next(self._places), sort)

    def conclude(self, facts: Facts) -> dict[str, bool | None]:
        if self._whole is None:
            return {}
        filling = [part for name, term in self._terms.items() for part in _filling(term, facts.get(name))]
        filled_in = z3.simplify(z3.substitute_vars(self._whole, *filling))
        # Read from its text, "(all true false ...)": to take it apart costs several times all the rest.
        said = [word == "true" for word in filled_in.sexpr().strip("()").split()[1:]]
        pairs = zip(self.names, said[::2], said[1::2], strict=True)
        return {name: True if holds else False if fails else None for name, holds, fails in pairs}


def _filling(term: Term, value: Known | None) -> tuple[Formula, ...]:
    """What goes into the places of a term, in their order. Of what is not known only that counts, whatever it is."""
    given = term_of_value(value)
    fits = value is not None and z3.is_bool(given.low) == z3.is_bool(term.low)
    if term.exact is None:
        return (TRUE, given.low) if fits else (FALSE, FALSE)
    return (TRUE, given.low, given.high, given.is_exact) if fits else (FALSE, UNKNOWN.low, UNKNOWN.high, FALSE)


_filled: dict[int, _ToFillIn] = {}
_BOOKS_KEPT = 8


def solver(*formulas: Formula) -> Any:
    """A solver that gives up after SECONDS, holding some formulas."""
    made = z3.Solver()
    made.set("timeout", SECONDS * 1000)
    made.set("random_seed", 0)
    made.set("arith.propagation_mode", 0)  # measured: the same answers in a tenth to a fifth less time
    made.add(*formulas)
    return made
