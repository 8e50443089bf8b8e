"""The rules of a version, as read from the rulebook, in the words of other engines.

Whatever is the same for every pupil (most figures of a policy) is written in as a constant, which spares the other
engines from being given it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

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
)

Value = bool | int | str


class Translation:
    """One version's rules for pupils whose facts are all known."""

    def __init__(self, book: InForce, pupils: Sequence[Mapping[str, Value]]) -> None:
        self._book = book
        self._constants = {name: value for name, value in pupils[0].items() if len({p[name] for p in pupils}) == 1}
        self.given = [name for name in pupils[0] if name not in self._constants]
        """The facts that differ between the pupils."""
        self.identifiers = {
            name: f"{re.sub(r'[^a-z0-9]+', '_', name.lower()).strip('_')}_{number}"
            for number, name in enumerate([*self.given, *book.conclusions])
        }
        words = {value for pupil in pupils for value in pupil.values() if isinstance(value, str)}
        self._numbers = {word: number for number, word in enumerate(sorted(words), start=1)}
        self.asked = self._asked()
        """The conclusions that a decision is made of: of each reading, each ground and each notice."""

    def _asked(self) -> list[str]:
        book = self._book
        grounds = (ground.result for ground in (*book.grounds, *book.protected.values()))
        expected = (name for found in book.expectations.values() for name, _ in found.values())
        readings = (name for pair in book.outcomes.values() for name in pair)
        return [*readings, *grounds, *expected, *(notice.applies for notice in book.notices)]

    def number(self, value: Value) -> int:
        """A value as a whole number; a word by its place in a list."""
        return self._numbers.get(value, 0) if isinstance(value, str) else int(value)

    # -- GoRules ZEN

    def to_zen(self) -> str:
        """A decision graph (JSON) of one expression a conclusion."""

        def name(name: str, concluded: bool) -> str:
            return f"$.{self.identifiers[name]}" if concluded else self.identifiers[name]

        write = _Writer(
            name=name,
            constant=json.dumps,
            years="floor(({later} - {earlier}) / 10000)",
            joins=(" and ", " or ", "not ({})"),
            among=lambda held, values: f"{held} in [{', '.join(values)}]",
            constants=self._constants,
        )
        expressions = [
            {"id": key, "key": key, "value": text}
            for key, text in ((self.identifiers[n], text) for n, text in write.conclusions(self._book.conclusions))
        ]
        nodes = [
            {"id": "facts", "type": "inputNode", "name": "facts"},
            {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
            {"id": "decision", "type": "outputNode", "name": "decision"},
        ]
        edges = [
            {"id": f"to {target}", "type": "edge", "sourceId": source, "targetId": target}
            for source, target in (("facts", "rules"), ("rules", "decision"))
        ]
        return json.dumps({"nodes": nodes, "edges": edges})

    # -- OpenFisca

    def to_openfisca(self, kinds: Mapping[str, type]) -> str:
        """A Python module with a variable for each fact and, with a formula, for each conclusion."""

        def name(name: str, _concluded: bool) -> str:
            return f"person({self.identifiers[name]!r}, period)"

        write = _Writer(
            name=name,
            constant=lambda value: repr(value) if isinstance(value, bool) else str(self.number(value)),
            years="(({later} - {earlier}) // 10000)",
            joins=(" & ", " | ", "not_({})"),
            among=lambda held, values: f"isin({held}, [{', '.join(values)}])",
            constants=self._constants,
        )
        lines = [
            "from numpy import isin, logical_not as not_",
            "from openfisca_core.entities import Entity",
            "from openfisca_core.periods import DateUnit",
            "from openfisca_core.variables import Variable",
            "Person = Entity('person', 'persons', 'A pupil', '')",
        ]
        for fact in self.given:
            lines += self._variable(fact, "bool" if kinds[fact] is bool else "int")
        for conclusion, text in write.conclusions(self._book.conclusions):
            formula = ["    def formula(person, period):", f"        return {text}"]
            lines += [*self._variable(conclusion, "bool"), *formula]
        variables = ", ".join(self.identifiers[name] for name in (*self.given, *self._book.conclusions))
        return "\n".join([*lines, f"VARIABLES = [{variables}]", ""])

    def _variable(self, name: str, kind: str) -> list[str]:
        period = "    definition_period = DateUnit.DAY"
        return [f"class {self.identifiers[name]}(Variable):", f"    value_type = {kind}", "    entity = Person", period]


class _Writer:
    """Writes expressions in another language: how it names things, writes constants, and joins."""

    def __init__(
        self,
        *,
        name: Callable[[str, bool], str],
        constant: Callable[[Value], str],
        years: str,
        joins: tuple[str, str, str],
        among: Callable[[str, list[str]], str],
        constants: Mapping[str, Value],
    ) -> None:
        self._name, self._constant, self._years, self._among = name, constant, years, among
        self._and, self._or, self._not = joins
        self._constants = constants
        self._concluded: set[str] = set()

    def conclusions(self, conclusions: Mapping[str, Expression]) -> Iterable[tuple[str, str]]:
        """Every conclusion with its text, each after those it uses."""
        for name, test in conclusions.items():
            yield name, self._expression(test)
            self._concluded.add(name)

    def _expression(self, expression: Expression) -> str:
        match expression:
            case Holds(name):
                return self._named(name)
            case Not(part):
                return self._not.format(self._expression(part))
            case And(parts):
                return f"({self._and.join(map(self._expression, parts))})"
            case Or(parts):
                return f"({self._or.join(map(self._expression, parts))})"
            case Compare(operator, left, right):
                return f"({self._operand(left)} {operator} {self._operand(right)})"
            case Among(operand, values):
                return self._among(self._operand(operand), [self._constant(value) for value in values])
            case Always(value):
                return self._constant(value)
            case _:
                raise TypeError("any(...) and from_other_home(...) are resolved when a version is put in force")

    def _operand(self, operand: Operand) -> str:
        if isinstance(operand, Constant):
            return self._constant(operand.value)
        if isinstance(operand, Name):
            return self._named(operand.name)
        return self._years.format(earlier=self._named(operand.earlier.name), later=self._named(operand.later.name))

    def _named(self, name: str) -> str:
        concluded = name in self._concluded
        return self._constant(self._constants[name]) if name in self._constants else self._name(name, concluded)
