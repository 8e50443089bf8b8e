"""Wrong changes to the rules and the policy versions, made in the text of the files.

Left alone are the words for people: titles, sources, sentences. Whether an assumption is shown is a matter of policy.
"""

from __future__ import annotations

import ast
import difflib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from mutation import figures
from mutation.expressions import wrong_forms
from mutation.mutants import Mutant, named_once
from mutation.places import Offsets

_CONDITIONS = ("test", "when", "listed_when")
_WORDS = {
    "kind": ("statutory", "local", "discretionary"),
    "outcome": ("entitled", "refer"),
    "true": ("false",),
    "false": ("true",),
}
_MAY_GO = {
    *("assumed", "tags", "measures", "home", "listed_when", "lasts_until", "ends_when", "only_for_the_result"),
    *("either_way", "until", "notices", "advice", "transition", "statute", "calendar", "refer_if_different", "settled"),
}
"""The keys a file may do without."""
_NAMED = {"parameters", "readings", "measures"}
"""The keys under which every entry has a name of its own, and may go."""
_OTHER_DAY = {"from": "until", "until": "from"}
Made = Iterator[Mutant]
_LABELS = ("ground", "name", "parameter", "withdraw", "add_notice", "clarification", "school_year", "about")


@dataclass(frozen=True)
class Names:
    """What the rules speak of: the type of every name, the words a parameter or reading may hold, and every ground."""

    types: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    grounds: tuple[str, ...]
    measures: tuple[str, ...]

    @functools.cached_property
    def near(self) -> dict[str, list[str]]:
        """For every name up to two others of the same type that are written most like it."""
        alike = {kind: sorted(name for name in self.types if self.types[name] == kind) for kind in self.types.values()}
        return {
            name: [other for other in difflib.get_close_matches(name, alike[kind], n=3, cutoff=0.5) if other != name]
            for name, kind in self.types.items()
        }


def data_mutants(file: str, text: str, names: Names) -> list[Mutant]:
    """Every mutant of one YAML file of rules or policy."""
    root = yaml.compose(text, yaml.CSafeLoader)
    return named_once(_File(file, text, names).changes(root, ()) if root else (), text)


class _File:
    def __init__(self, file: str, text: str, names: Names) -> None:
        self.file, self.text, self.names = file, text, names
        self.offsets = Offsets(text)

    def changes(self, node: yaml.Node, path: tuple[str, ...], beside: Mapping[str, yaml.Node] | None = None) -> Made:
        """The mutants of a value and of all that lies in it; `beside` are the values that stand beside it."""
        if isinstance(node, yaml.MappingNode):
            yield from self._mapping(node, path)
        elif isinstance(node, yaml.SequenceNode):
            yield from self._list(node, path)
        elif isinstance(node, yaml.ScalarNode):
            yield from self._scalar(node, path, beside or {})

    def _mapping(self, node: yaml.MappingNode, path: tuple[str, ...]) -> Made:
        values = {key.value: value for key, value in node.value}
        for key, value in node.value:
            inner = (*path, key.value)
            if key.value in _MAY_GO or (path and path[-1] in _NAMED):
                yield self._without(node, key, value, inner)
            if path and path[0] == "timeline" and key.value in _OTHER_DAY:
                yield self._swap(key, inner, _OTHER_DAY[key.value])
            yield from self.changes(value, inner, values)
        if "test" in values and "otherwise" in values and "only_for_the_result" not in values:
            yield self._added(node, path, "only_for_the_result: true")
        if "chosen" in values:
            for flag in {"settled", "refer_if_different"} - set(values):
                yield self._added(node, path, f"{flag}: true")

    def _list(self, node: yaml.SequenceNode, path: tuple[str, ...]) -> Made:
        for number, item in enumerate(node.value, start=1):
            inner = (*path[:-1], f"{path[-1]}[{self._label(item, number)}]") if path else (f"[{number}]",)
            if node.flow_style:
                rest = [self._written(other) for other in node.value if other is not item]
                yield self._mutant(node, inner, f"[{', '.join(rest)}]")
            else:
                yield self._lines_out(item, inner)
            yield from self.changes(item, inner)
        if path == ("grounds",):
            held = {value.value for item in node.value for key, value in item.value if key.value == "ground"}
            for ground in sorted(set(self.names.grounds) - held):
                at = self._line_start(node.value[0])
                line = self.text[:at].count("\n") + 1
                new = f"  - {{ground: {ground}, source: a change}}\n"
                yield Mutant(self.file, "grounds", line, "", new, at, at)

    def _scalar(self, node: yaml.ScalarNode, path: tuple[str, ...], beside: Mapping[str, yaml.Node]) -> Made:
        key = path[-1]
        if key in _CONDITIONS:
            yield from self._condition(node, path)
            return
        others: Sequence[str] = ()
        if key in _WORDS and len(path) == 1:
            others = _WORDS[key]
        elif node.value in _WORDS and not node.style:
            others = _WORDS[node.value]
        elif key in ("value", "chosen") and self._choices(path, beside):
            others = self._choices(path, beside)
        elif key == "measures":
            others = self.names.measures
        elif path[0] == "measures" or key == "lasts_until" or (path[0].startswith("timeline") and key != "says"):
            others = self.names.near.get(node.value, [])
        elif not node.style:
            others = figures.near(node.value, years=not path[0].startswith(("days", "school_years")))
        for other in others:
            if other != node.value:
                yield self._swap(node, path, other)

    def _choices(self, path: tuple[str, ...], beside: Mapping[str, yaml.Node]) -> tuple[str, ...]:
        if "parameter" in beside:
            return self.names.choices.get(str(beside["parameter"].value), ())
        return self.names.choices.get(path[-2], ()) if len(path) > 1 and "choices" in beside else ()

    def _condition(self, node: yaml.ScalarNode, path: tuple[str, ...]) -> Made:
        start, end = node.start_mark.index, node.end_mark.index
        if node.style:  # a folded block begins on the line after its sign
            start = self.text.index("\n", start)
        source = self.text[start:end].rstrip()
        tree = ast.parse(f"({source}\n)", mode="eval")
        within = Offsets(f"({source}\n)")
        whole = tree.body
        for part in ast.walk(whole):
            if not isinstance(part, ast.expr):
                continue
            first, last = (place - 1 + start for place in within.span(part))
            forms = list(wrong_forms(part, self.names.near))
            if part is whole and isinstance(part, ast.Name | ast.Call):
                forms.append(f"not {ast.unparse(part)}")
            for new in forms:
                written = new[1:-1] if part is whole and new.startswith("(") else new
                yield Mutant(
                    self.file,
                    ".".join(path),
                    self.text[:first].count("\n") + 1,
                    self.text[first:last],
                    written,
                    first,
                    last,
                )

    def _label(self, item: yaml.Node, number: int) -> str:
        if isinstance(item, yaml.MappingNode):
            for key, value in item.value:
                if key.value in _LABELS:
                    return str(value.value)
        return str(number)

    def _written(self, node: yaml.Node) -> str:
        return self.text[node.start_mark.index : node.end_mark.index]

    def _line_start(self, node: yaml.Node) -> int:
        return self.offsets.starts[node.start_mark.line]

    def _swap(self, node: yaml.Node, path: tuple[str, ...], new: str) -> Mutant:
        quote = '"' if isinstance(node, yaml.ScalarNode) and node.style == '"' else ""
        return self._mutant(node, path, f"{quote}{new}{quote}")

    def _mutant(self, node: yaml.Node, path: tuple[str, ...], new: str) -> Mutant:
        start, end = node.start_mark.index, node.end_mark.index
        return Mutant(self.file, ".".join(path), node.start_mark.line + 1, self.text[start:end], new, start, end)

    def _lines_out(self, node: yaml.Node, path: tuple[str, ...], from_line: int | None = None) -> Mutant:
        """The lines of a value left out; a block ends where the next thing begins."""
        first = node.start_mark.line if from_line is None else from_line
        end = node.end_mark
        last = end.line if not self.text[self.offsets.starts[end.line] : end.index].strip() else end.line + 1
        start, stop = self.offsets.starts[first], self.offsets.starts[last]
        return Mutant(self.file, ".".join(path), first + 1, self.text[start:stop], "", start, stop)

    def _without(self, inside: yaml.MappingNode, key: yaml.Node, value: yaml.Node, path: tuple[str, ...]) -> Mutant:
        if not inside.flow_style and self.text[self._line_start(key) : key.start_mark.index].strip() == "":
            return self._lines_out(value, path, key.start_mark.line)
        pairs = [f"{self._written(k)}: {self._written(v)}" for k, v in inside.value if k is not key]
        return self._mutant(inside, path, f"{{{', '.join(pairs)}}}")

    def _added(self, inside: yaml.MappingNode, path: tuple[str, ...], entry: str) -> Mutant:
        first = inside.value[0][0].start_mark
        at = first.index
        new = f"{entry}, " if inside.flow_style else f"{entry}\n{' ' * first.column}"
        return Mutant(self.file, ".".join(path), first.line + 1, "", new, at, at)
