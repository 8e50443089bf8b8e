"""The vocabulary: every fact once, with its type, unit, who supplies it, its question and its source.

The declarations are the files of `vocabulary/`; the case model, the CSV columns, the JSON Schema, the names that rules
may use, the generators of the property tests and the table in the documentation are all made from them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from eligibility.language.expressions import Expression
from eligibility.language.parsing import Kind, parse_condition
from eligibility.marked_yaml import Marked, read

NEVER = 99991231
"""The day that stands for "known to have no such day" in a comparison of dates."""

UNITS = {
    "boolean": "true or false",
    "whole": "whole number",
    "length": "millimetres",
    "money": "pence",
    "date": "ISO date",
    "word": "one of a list",
    "ground": "ground id",
    "policy": "policy version id",
    "text": "text",
    "postcode": "UK postcode",
    "uprn": "number",
    "urn": "school number",
    "urns": "list of school numbers",
    "places": "school number: true or false",
    "incidents": "list of {on, serious}",
}
_RULE_TYPES = {"ground": "word", "policy": "word"}
OTHER_HOME = "@other_home"
"""What follows a fact's name where it is seen from the other home."""
ANYONE_ELSE = "anyone else"
"""Who stands, among the costs of answers, for everybody who is not named there."""


@dataclass(frozen=True)
class CouldBe:
    """In which ways a fact could be different, each as what follows "If" in a sentence; what is "" is not thought of.

    A boolean could be true or false, a date never be; a number that is `called` something could be more or less.
    """

    if_true: str = ""
    if_false: str = ""
    if_never: str = ""
    called: str = ""


@dataclass(frozen=True)
class Said:
    """How a fact is spoken of in a sentence.

    A boolean has words for when it is true and when it is not; anything else is `called` something, and a day may have
    words for the whole years since it.
    """

    if_true: str = ""
    if_false: str = ""
    called: str = ""
    years_since: str = ""


@dataclass(frozen=True)
class Fact:
    """One declared fact.

    `case` is its dotted place in a case ("" for a derived fact), `other_home` the same from the other home, `name` what
    rules call it ("" where no rule may). `none` is what "known to be none" means in a rule; `default` holds where the
    case is silent ("not_given": known not to have been given). `lasts` = "school_year": to be asked again each year.
    """

    name: str
    type: str
    question: str
    source: str
    case: str = ""
    other_home: str = ""
    supplied_by: str = "derived"
    required: bool = False
    words: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    none: Any = None
    has_none: bool = False
    default: Any = None
    has_default: bool = False
    same_as: str = ""
    also_miles: str = ""
    lasts: str = ""
    could_be: CouldBe | None = None
    said: Said = Said()
    not_before_birth: bool = False
    by: str = ""
    of: str = ""
    parameters: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """What its value is counted in, in words."""
        return UNITS[self.type]

    @property
    def rule_type(self) -> str:
        """The type that conditions read it as."""
        return _RULE_TYPES.get(self.type, self.type)


@dataclass(frozen=True)
class Section:
    """A part of a case that can be known to be none; `name` is the boolean fact "there is one", or ""."""

    case: str
    name: str = ""
    supplied_by: str = ""
    question: str = ""
    source: str = ""
    said: Said = Said()


@dataclass(frozen=True)
class Constraint:
    """What is true of every pupil, and the sentence for a case that breaks it."""

    test: Expression
    otherwise: str


@dataclass(frozen=True)
class Vocabulary:
    """All declarations: by rule name, by place in the case, sections, constraints between facts, what is believable."""

    facts: tuple[Fact, ...]
    sections: Mapping[str, Section]
    constraints: tuple[Constraint, ...] = ()
    believable: tuple[Expression, ...] = ()
    """What is true of most pupils: no more than a wish, for the examples that a proof gives."""
    by_case: Mapping[str, Fact] = field(default_factory=dict)
    by_name: Mapping[str, Fact] = field(default_factory=dict)
    costs: Mapping[str, int] = field(default_factory=dict)
    """What an answer costs to have, by who supplies it; only the order of the numbers counts."""

    def cost(self, supplied_by: str) -> int:
        """What an answer costs to have from somebody."""
        return self.costs.get(supplied_by, self.costs[ANYONE_ELSE])

    def kinds(self) -> dict[str, Kind]:
        """The names rules may use, with their types."""
        kinds = {
            fact.name: Kind(fact.rule_type, frozenset(fact.words) if fact.words else None, self.is_per_home(fact.name))
            for fact in self.facts
            if fact.name
        }
        kinds.update({s.name: Kind("boolean") for s in self.sections.values() if s.name})
        return kinds

    def is_per_home(self, name: str) -> bool:
        """Whether a fact has one value for each home."""
        fact = self.by_name.get(name)
        return fact is not None and bool(fact.other_home)


@functools.cache
def vocabulary() -> Vocabulary:
    """The declarations shipped with the engine."""
    return load_vocabulary(Path(__file__).parent / "vocabulary")


def load_vocabulary(folder: Path) -> Vocabulary:
    """Read every declaration in `folder`. Raises PolicyError (file, line, column) for a mistake."""
    facts: list[Fact] = []
    sections: dict[str, Section] = {}
    constraints: list[Marked] = []
    believable: list[Marked] = []
    costs: dict[str, int] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = read(path).mapping((), ("about", "facts", "derived", "sections", "assume", "prefer", "costs"))
        for key, required in _REQUIRED.items():
            facts.extend(_fact(item, required) for item in (content[key].items() if key in content else ()))
        for item in content["sections"].items() if "sections" in content else ():
            parts = item.mapping(("section",), ("fact", "supplied_by", "question", "source", "said"))
            texts = {key: part.text() for key, part in parts.items() if key != "said"}
            name = texts.pop("fact", "")
            case = texts.pop("section")
            sections[case] = Section(case=case, name=name, **texts, said=_said(parts))
        constraints.extend(content["assume"].items() if "assume" in content else ())
        believable.extend(content["prefer"].items() if "prefer" in content else ())
        for item in content["costs"].items() if "costs" in content else ():
            parts = item.mapping(("supplied_by", "cost", "source"), ())
            costs[parts["supplied_by"].text()] = parts["cost"].whole()
    by_case = {fact.case: fact for fact in facts if fact.case}
    by_case.update({fact.other_home: fact for fact in facts if fact.other_home})
    by_name = {fact.name: fact for fact in facts if fact.name}
    kinds = Vocabulary(tuple(facts), sections, by_case=by_case, by_name=by_name).kinds()
    parsed = []
    for mark in constraints:
        parts = mark.mapping(("test", "otherwise"), ())
        parsed.append(Constraint(parse_condition(parts["test"], kinds), parts["otherwise"].text()))
    wishes = tuple(parse_condition(mark, kinds) for mark in believable)
    return Vocabulary(tuple(facts), sections, tuple(parsed), wishes, by_case, by_name, costs)


_REQUIRED = {
    "facts": ("case", "type", "supplied_by", "question", "source"),
    "derived": ("fact", "type", "by", "question", "source"),
}
_OPTIONAL = [
    "fact",
    "case",
    "other_home",
    "supplied_by",
    "required",
    "words",
    "min",
    "max",
    "none",
    "default",
    "same_as",
    "also_miles",
    "lasts",
    "could_be",
    "said",
    "not_before_birth",
    "by",
    "of",
    "parameters",
]


def _fact(mark: Marked, required: tuple[str, ...]) -> Fact:
    parts = mark.mapping(required, tuple(key for key in _OPTIONAL if key not in required))
    values = {key: part.plain() for key, part in parts.items()}
    if values["type"] not in UNITS:
        raise parts["type"].error(f"{values['type']} is not a type; expected one of {', '.join(UNITS)}")
    name = values.pop("fact", "")
    if "could_be" in parts:
        ways = parts["could_be"].mapping((), ("if_true", "if_false", "if_never", "called"))
        values["could_be"] = CouldBe(**{key: way.text() for key, way in ways.items()})
    values["said"] = _said(parts)
    for key in ("words", "parameters"):
        values[key] = tuple(values.get(key, ()))
    for key in ("question", "source"):
        values[key] = parts[key].text()
    values["has_none"] = "none" in values
    values["has_default"] = "default" in values
    return Fact(name=name, **values)


def _said(parts: Mapping[str, Marked]) -> Said:
    ways = parts["said"].mapping((), tuple(each.name for each in fields(Said))) if "said" in parts else {}
    return Said(**{key: way.text() for key, way in ways.items()})
