"""Many conditions written out as one straight-line Python function, to be answered many times.

`evaluate` defines what a condition means; this says the same in few steps. Each part that occurs becomes one
assignment, however many rules it stands in, and no fact is looked up twice. The function is put together from syntax
nodes: its names are all made here (`v0`, `v1`, ...) and what a rule holds enters only as constants, so no text of a
rule is ever run as code.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any

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
)
from eligibility.language.partial import Between, Facts, compare

Truth = bool | None
"""True, False, or None where it is not known."""


@dataclass(frozen=True, slots=True)
class Over:
    """How far one number is over another; not known where either is not known exactly."""

    number: Name
    limit: Name


Asked = Expression | Name | Over | tuple["Asked", ...]
"""A condition to answer, a fact to give, or several of them: answered in the same shape, None where it is not known."""
Answers = tuple[tuple[Truth, ...], tuple[Any, ...]]
"""Of every conclusion, and of all else that was asked."""


class _NotKnown:
    """Stands for a fact that is absent: held against anything it settles nothing."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # nothing may look it up

    def _open(self, _other: object) -> None:
        """Neither true nor false."""

    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _open  # type: ignore[assignment]  # None, where a bool is expected


_ABSENT = _NotKnown()
_SIGNS = {"<": ast.Lt(), "<=": ast.LtE(), ">": ast.Gt(), ">=": ast.GtE(), "==": ast.Eq(), "!=": ast.NotEq()}
# All that the function can reach beside its own variables.
_REACHES = {"compare": compare, "isinstance": isinstance, "int": int, "Between": Between, "ABSENT": _ABSENT}


def straight_line(conclusions: Mapping[str, Expression], asked: tuple[Asked, ...]) -> Callable[[Facts], Answers]:
    """A function from facts to the answers of every conclusion, in order, and of all else that is `asked`.

    A conclusion may use those before it; what is asked may use them all. Raises TypeError for `any(...)` and
    `from_other_home(...)`, which are resolved when a version is put in force.
    """
    writer = _Writer()
    for name, test in conclusions.items():
        writer.concluded[name] = writer.truth(test)
    function = writer.function(_tuple((_tuple(writer.concluded.values()), writer.asked(asked))))
    facts_read = tuple(writer.facts)

    def answer(facts: Facts) -> Answers:
        found: Answers = function(map(facts.get, facts_read, repeat(_ABSENT)))
        return found

    return answer


class _Writer:
    """Writes one line for each part that is not written yet, and remembers the variable that holds it."""

    def __init__(self) -> None:
        self.concluded: dict[str, ast.expr] = {}
        self.facts: dict[str, ast.Name] = {}
        self._lines: list[ast.stmt] = []
        self._held: dict[Hashable, ast.expr] = {}

    def function(self, result: ast.expr) -> Callable[..., Answers]:
        """The function that takes the facts in the order of `facts`, runs every line and returns `result`."""
        module = ast.parse("def answers(facts): pass")
        written = next(statement for statement in module.body if isinstance(statement, ast.FunctionDef))
        variables = ast.Tuple([ast.Name(fact.id, ast.Store()) for fact in self.facts.values()], ast.Store())
        written.body = [ast.Assign([variables], _name("facts")), *self._lines, ast.Return(result)]
        code = compile(ast.fix_missing_locations(module), "<the rules of a version>", "exec")
        inner = next(constant for constant in code.co_consts if isinstance(constant, types.CodeType))
        return types.FunctionType(inner, dict(_REACHES))

    def asked(self, item: Asked) -> ast.expr:
        """What holds the answer to something asked."""
        if isinstance(item, tuple):
            return _tuple(self.asked(part) for part in item)
        if isinstance(item, Name):
            fact = self._fact(item.name)
            return self._line(("value", _id(fact)), ast.IfExp(_is_absent(fact), _NOT_KNOWN, fact))
        if isinstance(item, Over):
            return self._subtracted(item.number, item.limit, _NOT_KNOWN)
        return self.truth(item)

    def truth(self, expression: Expression) -> ast.expr:
        """The variable that holds True, False or None for an expression, and nothing else."""
        found = self._open_truth(expression)
        if not self._is_fact(found):
            return found
        is_truth = _either([_is(found, True), _is(found, False)])
        return self._line(("truth", _id(found)), ast.IfExp(is_truth, found, _NOT_KNOWN))

    def _open_truth(self, expression: Expression) -> ast.expr:
        """As `truth`, but a fact may hold something else, which stands for not known."""
        match expression:
            case Holds(name):
                return self.concluded[name] if name in self.concluded else self._fact(name)
            case And(parts):
                return self._joined(parts, settled_by=False)
            case Or(parts):
                return self._joined(parts, settled_by=True)
            case Not(part):
                one = self._open_truth(part)
                rest = ast.IfExp(_is(one, False), _TRUE, _NOT_KNOWN)
                return self._line(("not", _id(one)), ast.IfExp(self._is_true(one), _FALSE, rest))
            case Compare(operator, left, right):
                return self._compared(operator, left, right)
            case Among(operand, values):
                held = self._number(operand)
                among = ast.Compare(held, [ast.In()], [_tuple(map(ast.Constant, values))])
                is_open = _either([_is_absent(held), _call("isinstance", held, _name("Between"))])
                return self._line(("among", _id(held), values), ast.IfExp(is_open, _NOT_KNOWN, among))
            case Always(value):
                return ast.Constant(value)
            case _:
                raise TypeError("any(...) and from_other_home(...) are resolved before a rule is evaluated")

    def _joined(self, expressions: tuple[Expression, ...], *, settled_by: bool) -> ast.expr:
        """An `and`, which one False settles, or an `or`, which one True settles."""
        parts = [self._open_truth(part) for part in expressions]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return ast.Constant(not settled_by)
        if settled_by:
            one_settles = _either([self._is_true(part) for part in parts])
            the_rest_settle = _all([_is(part, False) for part in parts])
        else:
            one_settles = _either([_is(part, False) for part in parts])
            the_rest_settle = _all([self._is_true(part) for part in parts])
        rest = ast.IfExp(the_rest_settle, ast.Constant(not settled_by), _NOT_KNOWN)
        key = ("or" if settled_by else "and", *(_id(part) for part in parts))
        return self._line(key, ast.IfExp(one_settles, ast.Constant(settled_by), rest))

    def _is_true(self, part: ast.expr) -> ast.expr:
        return _is(part, True) if self._is_fact(part) else part

    def _compared(self, operator: str, left: Operand, right: Operand) -> ast.expr:
        sides = [self._number(left), self._number(right)]
        key = (operator, *(_id(side) for side in sides))
        with_a_word = any(isinstance(side, Constant) and isinstance(side.value, str) for side in (left, right))
        if operator in ("==", "!=") and not with_a_word:  # of numbers known only to lie between two, `==` is not enough
            is_open = _either([_is_absent(side) for side in sides])
            return self._line(key, ast.IfExp(is_open, _NOT_KNOWN, _call("compare", ast.Constant(operator), *sides)))
        return self._line(key, ast.Compare(sides[0], [_SIGNS[operator]], [sides[1]]))

    def _number(self, operand: Operand) -> ast.expr:
        """The variable that holds a number or word, or that it is absent."""
        if isinstance(operand, Constant):
            return ast.Constant(operand.value)
        if isinstance(operand, Name):
            return self._fact(operand.name)
        days = self._subtracted(operand.later, operand.earlier, _name("ABSENT"))
        years = ast.BinOp(days, ast.FloorDiv(), ast.Constant(10000))
        return self._line(("years", _id(days)), ast.IfExp(_is_absent(days), days, years))

    def _subtracted(self, number: Name, less: Name, otherwise: ast.expr) -> ast.expr:
        """The variable that holds the difference of two numbers, or `otherwise` where one is not known exactly."""
        whole, part = self._fact(number.name), self._fact(less.name)
        exact = _all([_call("isinstance", fact, _name("int")) for fact in (whole, part)])
        key = ("subtracted", _id(whole), _id(part), _id(otherwise))
        return self._line(key, ast.IfExp(exact, ast.BinOp(whole, ast.Sub(), part), otherwise))

    def _fact(self, name: str) -> ast.Name:
        return self.facts.setdefault(name, _name(f"f{len(self.facts)}"))

    @staticmethod
    def _is_fact(value: ast.expr) -> bool:
        return isinstance(value, ast.Name) and value.id.startswith("f")

    def _line(self, key: Hashable, value: ast.expr) -> ast.expr:
        """Assign a value to a new variable, or find the one that holds it."""
        if key not in self._held:
            variable = f"v{len(self._held)}"
            self._lines.append(ast.Assign([ast.Name(variable, ast.Store())], value))
            self._held[key] = _name(variable)
        return self._held[key]


_TRUE, _FALSE, _NOT_KNOWN = ast.Constant(True), ast.Constant(False), ast.Constant(None)


def _id(value: ast.expr) -> Hashable:
    """What a variable or constant is known by among the lines already written."""
    return value.id if isinstance(value, ast.Name) else ast.dump(value)


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _is(value: ast.expr, constant: bool | None) -> ast.expr:
    return ast.Compare(value, [ast.Is()], [ast.Constant(constant)])


def _is_absent(value: ast.expr) -> ast.expr:
    if isinstance(value, ast.Constant):
        return _FALSE
    return ast.Compare(value, [ast.Is()], [_name("ABSENT")])


def _either(tests: list[ast.expr]) -> ast.expr:
    return ast.BoolOp(ast.Or(), tests)


def _all(tests: list[ast.expr]) -> ast.expr:
    return ast.BoolOp(ast.And(), tests)


def _call(function: str, *values: ast.expr) -> ast.expr:
    return ast.Call(_name(function), list(values), [])


def _tuple(values: Iterable[ast.expr]) -> ast.expr:
    return ast.Tuple(list(values), ast.Load())
