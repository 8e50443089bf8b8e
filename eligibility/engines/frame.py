"""The frame engine: conclusions as columns, of any number of pupils at once, as Narwhals expressions.

The same expressions run on Polars, DuckDB and Spark. A column holds true, false or null (not known), and `&`, `|` and
`~` are three-valued there as in the reference engine, which defines what a rule means. What is the same for every pupil
(most figures of a policy) is filled in before anything runs, and each part of a rule that occurs more than once, in
whatever version, is worked out once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import narwhals as nw

from eligibility.engines.frame_conditions import A_YEAR, TURNED, Bounds, condition
from eligibility.in_force import InForce
from eligibility.language.expressions import (
    Always,
    And,
    Compare,
    Constant,
    Expression,
    Holds,
    Not,
    Or,
    Years,
    both,
    either,
    opposite,
    rename,
)
from eligibility.language.partial import Facts, partial


@dataclass(frozen=True)
class Program:
    """Some conclusions, ready to be drawn: what is worked out first, layer by layer, and where each then stands."""

    layers: tuple[tuple[nw.Expr, ...], ...]
    drawn: Mapping[tuple[str, str], str]
    """By label of the book and name of the conclusion: the column that has it, once the layers stand."""

    def run(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """The frame with every layer worked out; `drawn` may then be selected from it."""
        for layer in self.layers:
            frame = frame.with_columns(*layer)
        return frame


@dataclass
class Compiler:
    """Writes conclusions of one or several books as expressions over columns of facts.

    `bounds` has the columns of numbers that may be known only to lie between two. `missing` are facts that are known of
    nobody, for which there is no column.
    """

    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    _left: dict[tuple[str, str], Expression] = field(default_factory=dict)
    _known_as: dict[Expression, str] = field(default_factory=dict)
    """By what is left of a conclusion: the first that it is left of."""
    _defined: dict[str, Expression] = field(default_factory=dict)

    def add(self, label: str, book: InForce, constants: Facts, columns: Mapping[str, str] | None = None) -> None:
        """Take the conclusions of a book.

        `constants` are facts, parameters and readings that all pupils share; `columns` maps a fact to the name under
        which its values for this book stand, where another book has others.
        """
        own = columns or {}
        rest: dict[str, Expression] = {}
        for name, test in book.conclusions.items():
            left = _without_years(partial(test, constants, rest), constants)
            left = rename(left, lambda fact: own.get(fact, fact)) if own else left
            if not isinstance(left, Always | Holds):
                known = self._known_as.setdefault(left, f"{label}/{name}")
                self._defined[known] = left
                left = Holds(known)
            rest[name] = left
            self._left[label, name] = left

    def program(self, wanted: Iterable[tuple[str, str]]) -> Program:
        """The program that draws the conclusions `wanted`, each a label and a name."""
        asked = list(dict.fromkeys(wanted))
        pairs = _Pairs(self._defined)
        for key in asked:
            pairs.look_at(self._left[key])
        uses: Counter[int] = Counter()
        tests = {key: pairs.paired(self._left[key]) for key in asked}
        for test in tests.values():
            _count(test, uses)
        shared = {node for node, count in uses.items() if count > 1}
        writer = _Writer(self, shared.union(map(id, tests.values())))
        drawn = {key: writer.column(test) for key, test in tests.items()}
        return Program(tuple(tuple(layer) for layer in writer.layers), drawn)


class _Pairs:
    """Conditions written two by two, so that rules which have something in common share it.

    Which of the parts of an `and` or `or` comes first changes nothing; those that stand in most rules do. What is
    written alike is one and the same object, so that it can be told by its `id`: telling long conditions by what they
    say takes longer than all the rest.
    """

    def __init__(self, defined: Mapping[str, Expression]) -> None:
        self._defined = defined
        self._stands: dict[type, Counter[Expression]] = {And: Counter(), Or: Counter()}
        self._seen: set[Expression] = set()
        self._paired: dict[Expression, Expression] = {}
        self._same: dict[object, Expression] = {}

    def look_at(self, test: Expression) -> None:
        """Count the parts of a condition, and of all that it uses, each once."""
        test = self._meaning(test)
        if test in self._seen:
            return
        self._seen.add(test)
        match test:
            case And(parts) | Or(parts):
                for part in parts:
                    self._stands[type(test)][self._meaning(part)] += 1
                    self.look_at(part)
            case Not(part):
                self.look_at(part)

    def paired(self, test: Expression) -> Expression:
        """A condition two by two, with all that it uses in place of its name."""
        test = self._meaning(test)
        if test not in self._paired:
            self._paired[test] = self._pair(test)
        return self._paired[test]

    def _pair(self, test: Expression) -> Expression:
        match test:
            case And(parts) | Or(parts):
                kind: type[And | Or] = type(test)
                often = self._stands[kind]
                ordered = sorted(parts, key=lambda part: -often[self._meaning(part)])
                return reduce(lambda one, other: self._one(kind((one, other))), map(self.paired, ordered))
            case Not(part):
                return self._one(opposite(self.paired(part)))
            case _:
                return self._one(test)

    def _one(self, test: Expression) -> Expression:
        """The object that stands for all conditions written like this one, whose parts are such objects already."""
        parts = _parts(test)
        return self._same.setdefault((type(test), *map(id, parts)) if parts else test, test)

    def _meaning(self, test: Expression) -> Expression:
        return self._defined.get(test.name, test) if isinstance(test, Holds) else test


def _count(test: Expression, uses: Counter[int]) -> None:
    """Count how often each part is used by another, looking once into each."""
    if isinstance(test, Holds | Always):
        return
    uses[id(test)] += 1
    if uses[id(test)] == 1:
        for part in _parts(test):
            _count(part, uses)


def _parts(node: Expression) -> tuple[Expression, ...]:
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def _without_years(test: Expression, constants: Facts) -> Expression:
    """Whole years from or to a known day, held against a number, as a day held against a day."""
    match test:
        case And(parts):
            return both(*(_without_years(part, constants) for part in parts))
        case Or(parts):
            return either(*(_without_years(part, constants) for part in parts))
        case Not(part):
            return opposite(_without_years(part, constants))
        case Compare(operator, Constant() as number, Years() as years):
            return _without_years(Compare(TURNED[operator], years, number), constants)
        case Compare(operator, Years(earlier, later), Constant(int() as number)):
            first, last = constants.get(earlier.name), constants.get(later.name)
            if operator == "==":
                ends = (Compare(sign, Years(earlier, later), Constant(number)) for sign in (">=", "<="))
                return both(*(_without_years(end, constants) for end in ends))
            if operator == "!=":
                return opposite(_without_years(Compare("==", Years(earlier, later), Constant(number)), constants))
            # Less than n whole years are less than n times what a year makes between the two days.
            over = A_YEAR * (number + (operator in ("<=", ">")))
            if isinstance(last, int):
                return Compare(">" if operator in ("<", "<=") else "<=", earlier, Constant(last - over))
            if isinstance(first, int):
                return Compare("<" if operator in ("<", "<=") else ">=", later, Constant(first + over))
            return test
        case _:
            return test


class _Writer:
    """Expressions for nodes, told by their `id`; those that are `shared` become columns of a layer of their own."""

    def __init__(self, compiler: Compiler, shared: set[int]) -> None:
        self.layers: list[list[nw.Expr]] = []
        self._compiler, self._shared = compiler, shared
        self._columns: dict[int, tuple[nw.Expr, int]] = {}
        self._names: dict[int, str] = {}

    def column(self, node: Expression) -> str:
        """The column that has a node that is `shared`."""
        self.expression(node)
        return self._names[id(node)]

    def expression(self, node: Expression) -> tuple[nw.Expr, int]:
        """An expression, and how many layers must stand before it can be used."""
        if id(node) in self._columns:
            return self._columns[id(node)]
        written, depth = self._written(node)
        if id(node) not in self._shared:
            return written, depth
        while len(self.layers) <= depth:
            self.layers.append([])
        name = self._names[id(node)] = f"part_{len(self._columns)}"
        self.layers[depth].append(written.alias(name))
        self._columns[id(node)] = nw.col(name), depth + 1
        return self._columns[id(node)]

    def _written(self, node: Expression) -> tuple[nw.Expr, int]:
        match node:
            case And((one, other)):
                (first, depth), (second, deeper) = self.expression(one), self.expression(other)
                return first & second, max(depth, deeper)
            case Or((one, other)):
                (first, depth), (second, deeper) = self.expression(one), self.expression(other)
                return first | second, max(depth, deeper)
            case Not(part):
                written, depth = self.expression(part)
                return ~written, depth
            case _:
                return condition(node, self._compiler.bounds, self._compiler.missing), 0
