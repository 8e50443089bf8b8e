"""Wrong changes to the engine's own code: a bound, an operator, a constant, a condition, a statement, a return."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mutation.expressions import wrong_forms
from mutation.mutants import Mutant, named_once
from mutation.places import Offsets

_LEFT_ALONE = {"annotation", "returns", "decorator_list", "format_spec", "type_params"}
"""What says nothing of how the code runs."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def code_mutants(file: str, text: str) -> list[Mutant]:
    """Every mutant of a Python file. The words of messages are left alone."""
    offsets = Offsets(text)

    def made() -> Iterator[Mutant]:
        for node, place in _parts(ast.parse(text), ()):
            for part, new in _changes(node):
                start, end = offsets.span(part)
                yield Mutant(file, place or "module", part.lineno, text[start:end], new, start, end)

    return named_once(made(), text)


def _parts(node: ast.AST, path: tuple[str, ...]) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return  # that two lists are of one length is only said once more
    yield node, ".".join(path)
    if isinstance(node, ast.JoinedStr | ast.Raise | ast.pattern):
        return
    for name, value in ast.iter_fields(node):
        if name in _LEFT_ALONE:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                inner = (*path, child.name) if isinstance(child, _FUNCTIONS) else path
                yield from _parts(child, inner)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """The parts to replace, and by what."""
    match node:
        case ast.expr():
            for new in wrong_forms(node, {}):
                yield node, new
            if isinstance(node, ast.IfExp):
                yield from _negated(node.test)
        case ast.If(test=test) | ast.While(test=test):
            yield from _negated(test)
        case ast.comprehension(ifs=tests):
            for test in tests:
                yield from _negated(test)
                yield test, "True"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant | ast.Compare | ast.BoolOp):
            yield value, "None"
        case ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign() | ast.Delete() | ast.Expr(value=ast.Call()):
            yield node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield node, "pass"


def _negated(test: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield test, f"(not {ast.unparse(test)})"
