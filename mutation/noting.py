"""Which statements of a file a test runs, noted by the file itself: a copy of it with a note before each statement."""

from __future__ import annotations

import ast
import builtins
import hashlib
from collections.abc import Iterator

SEEN = "__statements_seen__"
"""The name of the set, known to every module, in which the statements of a noted file put themselves."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def statements(node: ast.AST, place: str = "", *, runs: bool = False) -> Iterator[tuple[ast.stmt, str, str]]:
    """Every statement within a function, with a name that outlasts a change elsewhere in the file, and its function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt) and runs:
            first_line = ast.unparse(child).partition("\n")[0]
            yield child, hashlib.sha256(f"{place}: {first_line}".encode()).hexdigest()[:10], place
        within = child.name if isinstance(child, (*_FUNCTIONS, ast.ClassDef)) else ""
        inner = isinstance(child, _FUNCTIONS) or (runs and not isinstance(child, ast.ClassDef))
        yield from statements(child, f"{place}.{within}" if within else place, runs=inner)


def noted(text: str) -> str:
    """The text of a file with a note before each statement of a function."""
    tree = ast.parse(text)
    names = {id(statement): name for statement, name, _ in statements(tree)}
    for node in list(ast.walk(tree)):
        for key, value in ast.iter_fields(node):
            if isinstance(value, list) and any(id(each) in names for each in value):
                setattr(node, key, list(_with_notes(value, names)))
    return ast.unparse(ast.fix_missing_locations(tree))


def _with_notes(body: list[ast.stmt], names: dict[int, str]) -> Iterator[ast.stmt]:
    for statement in body:
        if id(statement) in names and not isinstance(statement, ast.Global | ast.Nonlocal):
            yield ast.parse(f"{SEEN}.add({names[id(statement)]!r})").body[0]
        yield statement


def begin() -> set[str]:
    """The set in which noted statements put themselves from now on."""
    seen: set[str] = set()
    setattr(builtins, SEEN, seen)
    return seen
