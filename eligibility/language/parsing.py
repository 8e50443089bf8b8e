"""Conditions from text to typed trees. Python's own parser reads the syntax; nothing is ever evaluated.

Every mistake is a PolicyError with file, line and column, what was expected, and the nearest right name.
"""

from __future__ import annotations

import ast
import contextlib
import datetime as dt
import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass

from eligibility.errors import PolicyError, nearest
from eligibility.language.expressions import (
    Among,
    And,
    AnyOf,
    Compare,
    Constant,
    Expression,
    FromOtherHome,
    Holds,
    Name,
    Not,
    Operand,
    Or,
    Years,
)
from eligibility.marked_yaml import Marked

_OPERATORS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_NUMBERS = ("whole", "length", "money")
_MAX_DEPTH = 8


@dataclass(frozen=True)
class Kind:
    """What a name holds: `boolean`, `whole`, `length` (mm), `money` (pence), `date` or `word` with its closed list."""

    type: str
    words: frozenset[str] | None = None
    per_home: bool = False


def parse_condition(mark: Marked, kinds: Mapping[str, Kind], tags: frozenset[str] = frozenset()) -> Expression:
    """Parse the condition written at `mark`, with the names in `kinds` and the tags `any(...)` may use."""
    if isinstance(mark.value, bool | int | dt.date) or not isinstance(mark.value, str) or not mark.value.strip():
        raise mark.error("expected a condition here, such as: walking_mm > walking_limit_mm")
    if mark.raw[:1] in ("'", '"'):
        raise mark.error("write the condition plainly, without quotes around it")
    return _Parser(mark, kinds, tags).parse()


class _Parser:
    def __init__(self, mark: Marked, kinds: Mapping[str, Kind], tags: frozenset[str]) -> None:
        self.mark, self.kinds, self.tags = mark, kinds, tags
        # A folded block (>-) begins on the line after its sign; its lines keep their places in the file.
        raw = "\n" + mark.raw.partition("\n")[2] if mark.raw[:1] in (">", "|") else mark.raw
        self.text = "(" + raw.rstrip() + "\n)"

    def parse(self) -> Expression:
        self._check_brackets()
        try:
            tree = ast.parse(self.text, mode="eval")
        except SyntaxError as error:
            line, column = self._place(*self._inside(error.lineno or 1, (error.offset or 1) - 1))
            message = "the condition cannot be read here; expected names, comparisons, and, or, not"
            raise PolicyError(message, file=self.mark.file, line=line, column=column) from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise self.mark.error(
                "the condition cannot be read; it is too long or holds a character not allowed"
            ) from error
        return self._expression(tree.body, 0)

    def _inside(self, line: int, column: int) -> tuple[int, int]:
        """The place, or where the condition ends if the parser stopped at the bracket put after it."""
        lines = self.text.split("\n")[:-1]
        return (line, column) if line <= len(lines) else (len(lines), len(lines[-1]))

    def _place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the file of a place in the parsed text, whose first line has one bracket more."""
        if line == 1:
            return self.mark.line, self.mark.column + max(column - 1, 0)
        return self.mark.line + line - 1, column + 1

    def _error(self, node: ast.AST, message: str) -> PolicyError:
        line, column = self._place(getattr(node, "lineno", 1), getattr(node, "col_offset", 1))
        return PolicyError(message, file=self.mark.file, line=line, column=column)

    def _error_at(self, start: tuple[int, int], message: str) -> PolicyError:
        line, column = self._place(*start)
        return PolicyError(message, file=self.mark.file, line=line, column=column)

    def _check_brackets(self) -> None:
        """Refuse `a) or (b`, and `and` beside `or` without brackets."""
        depth, seen = 0, [set[str]()]
        tokens: list[tokenize.TokenInfo] = []
        with contextlib.suppress(tokenize.TokenError, SyntaxError):  # of the rest the parser says where
            tokens.extend(tokenize.generate_tokens(io.StringIO(self.text).readline))
        last = max((i for i, token in enumerate(tokens) if token.string == ")"), default=0)
        for index, token in enumerate(tokens[1:], start=1):
            if token.string in ("(", "{", "["):
                depth += 1
                seen.append(set())
                if depth > _MAX_DEPTH:
                    raise self._error_at(token.start, f"nested more than {_MAX_DEPTH} deep")
            elif token.string in (")", "}", "]") and index != last:
                depth -= 1
                seen.pop()
                if depth < 0 or not seen:
                    raise self._error_at(token.start, "this bracket closes one that was never opened")
            elif token.string in ("and", "or"):
                seen[-1].add(token.string)
                if len(seen[-1]) == 2:
                    raise self._error_at(
                        token.start, "and beside or: put brackets around the part that belongs together"
                    )
            elif token.type == tokenize.COMMENT:
                raise self._error_at(token.start, "a comment may not stand inside a condition")

    def _expression(self, node: ast.expr, depth: int) -> Expression:
        if depth > 4 * _MAX_DEPTH:
            raise self._error(node, f"nested more than {4 * _MAX_DEPTH} deep, brackets or not")
        match node:
            case ast.BoolOp(op, values):
                parts = tuple(self._expression(value, depth + 1) for value in values)
                return And(parts) if isinstance(op, ast.And) else Or(parts)
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self._expression(operand, depth + 1))
            case ast.Name(name):
                if self._kind(node, name).type != "boolean":
                    raise self._error(node, f"{name} is a {self.kinds[name].type}, not true or false; compare it")
                return Holds(name)
            case ast.Compare(left, operators, rights):
                return self._comparison([left, *rights], operators)
            case ast.Call(ast.Name("any"), [ast.Name(tag)], []):
                if tag not in self.tags:
                    raise self._error(node.args[0], f"no ground has the tag {tag}{nearest(tag, self.tags)}")
                return AnyOf(tag)
            case ast.Call(ast.Name("from_other_home"), [part], []):
                return FromOtherHome(self._expression(part, depth + 1))
            case ast.Call(ast.Name(function)):
                known = ("any", "from_other_home", "years", "date")
                raise self._error(node, f"{function}(...) cannot stand here{nearest(function, known)}")
            case _:
                raise self._error(node, "expected a comparison, a true-or-false name, and, or, not")

    def _comparison(self, sides: list[ast.expr], operators: list[ast.cmpop]) -> Expression:
        if len(operators) == 1 and isinstance(operators[0], ast.In | ast.NotIn):
            among = self._among(sides[0], sides[1])
            return Not(among) if isinstance(operators[0], ast.NotIn) else among
        parts: list[Expression] = []
        for left, operator, right in zip(sides, operators, sides[1:], strict=False):
            if type(operator) not in _OPERATORS:
                raise self._error(right, "expected < <= > >= == != or in")
            parts.append(self._compare(left, _OPERATORS[type(operator)], right))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _compare(self, left: ast.expr, sign: str, right: ast.expr) -> Compare:
        a, kind_a = self._operand(left)
        b, kind_b = self._operand(right)
        if "boolean" in (kind_a.type, kind_b.type):
            raise self._error(left, "a true-or-false name is written alone or with not, never compared")
        literal_number = kind_a.type in _NUMBERS and kind_b.type in _NUMBERS
        literal_number = literal_number and (isinstance(a, Constant | Years) or isinstance(b, Constant | Years))
        if kind_a.type != kind_b.type and not literal_number:
            raise self._error(right, f"a {kind_a.type} is compared with a {kind_b.type}; expected a {kind_a.type}")
        if kind_a.type == "word" and sign not in ("==", "!="):
            raise self._error(right, "words have no order; use == or !=")
        if isinstance(a, Constant) and isinstance(b, Constant):
            raise self._error(left, "two constants are compared; one side must be a name")
        for word, kind, place in ((a, kind_b, left), (b, kind_a, right)):
            self._check_word(word, kind, place)
        return Compare(sign, a, b)

    def _among(self, left: ast.expr, right: ast.expr) -> Among:
        operand, kind = self._operand(left)
        if kind.type in ("boolean", "date") or not isinstance(right, ast.Set):
            raise self._error(right, "expected in {words or whole numbers}")
        values: list[int | str] = []
        for item in right.elts:
            constant, item_kind = self._operand(item)
            if not isinstance(constant, Constant) or (item_kind.type == "word") != (kind.type == "word"):
                raise self._error(item, f"expected a {kind.type} written out")
            self._check_word(constant, kind, item)
            values.append(constant.value)
        return Among(operand, tuple(values))

    def _check_word(self, operand: Operand, kind: Kind, place: ast.expr) -> None:
        if not isinstance(operand, Constant) or not isinstance(operand.value, str) or kind.words is None:
            return
        if operand.value not in kind.words:
            raise self._error(place, f'"{operand.value}" is not a word it can be{nearest(operand.value, kind.words)}')

    def _kind(self, node: ast.AST, name: str) -> Kind:
        if name not in self.kinds:
            raise self._error(node, f"{name} is not a known name{nearest(name, self.kinds)}")
        return self.kinds[name]

    def _operand(self, node: ast.expr) -> tuple[Operand, Kind]:
        match node:
            case ast.Name(name):
                return Name(name), self._kind(node, name)
            case ast.Constant(bool()) | ast.Constant(float()):
                raise self._error(node, "only whole numbers and words are written in a condition")
            case ast.Constant(int() as number):
                return Constant(number), Kind("whole")
            case ast.Constant(str() as word):
                return Constant(word), Kind("word")
            case ast.Call(
                ast.Name("date"),
                [ast.Constant(int() as y), ast.Constant(int() as m), ast.Constant(int() as d)],
                [],
            ):
                try:
                    dt.date(y, m, d)
                except ValueError as error:
                    raise self._error(node, "this date does not exist") from error
                return Constant(y * 10000 + m * 100 + d), Kind("date")
            case ast.Call(ast.Name("years"), [ast.Name(earlier), ast.Name(later)], []):
                for argument, name in zip(node.args, (earlier, later), strict=True):
                    if self._kind(argument, name).type != "date":
                        raise self._error(argument, f"{name} is a {self.kinds[name].type}; years(a, b) takes two dates")
                return Years(Name(earlier), Name(later)), Kind("whole")
            case _:
                raise self._error(node, "expected a name, a whole number, a quoted word, date(y, m, d) or years(a, b)")
