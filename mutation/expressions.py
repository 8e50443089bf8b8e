"""Wrong changes to an expression: of a condition in a rule, or in the code; the two have one syntax."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence

NEIGHBOURS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
"""Each comparison's bound moved by one, and its opposite."""

_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_ATOMS = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Set, ast.List, ast.Tuple, ast.Dict)


def wrong_forms(node: ast.AST, others: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What may wrongly stand in place of an expression, leaving what lies within it; `others` are names for a name."""
    for form in _wrong_forms(node, others):
        text = ast.unparse(form)
        yield text if isinstance(form, _ATOMS) and not isinstance(form, ast.Tuple) else f"({text})"


def _wrong_forms(node: ast.AST, others: Mapping[str, Sequence[str]]) -> Iterator[ast.expr]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp(op=joined, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(joined, ast.And) else ast.And(), values)
            for left_out in range(len(values)):
                rest = values[:left_out] + values[left_out + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(joined, rest)
        case ast.UnaryOp(op=ast.Not(), operand=operand) | ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
            yield ast.BinOp(left, _ARITHMETIC[type(operator)](), right)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Name(id=name):
            for other in others.get(name, ()):
                yield ast.Name(other)


def _comparisons(node: ast.Compare) -> Iterator[ast.expr]:
    for index, operator in enumerate(node.ops):
        for other in NEIGHBOURS[type(operator)]:
            form = copy.deepcopy(node)
            form.ops[index] = other()
            yield form
    if len(node.ops) > 1:
        yield ast.Compare(node.left, node.ops[:-1], node.comparators[:-1])
        yield ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])
    last = node.comparators[-1]
    if isinstance(last, ast.Set | ast.Tuple) and len(last.elts) > 1:
        for index in range(len(last.elts)):
            rest = last.elts[:index] + last.elts[index + 1 :]
            yield ast.Compare(node.left, node.ops, [*node.comparators[:-1], type(last)(elts=rest)])
