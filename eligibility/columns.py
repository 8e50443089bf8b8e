"""The CSV columns of a case, by their dotted names, made from the vocabulary."""

from __future__ import annotations

from eligibility.facts import Fact, Vocabulary, vocabulary
from eligibility.reading import Kind

ABOUT = "about."
"""How the columns of a population begin that no rule reads, and that are passed over where cases are decided."""
_KINDS: dict[str, Kind] = {
    "boolean": "boolean",
    "whole": "whole",
    "length": "whole",
    "money": "whole",
    "date": "date",
    "urns": "list",
    "places": "places",
    "incidents": "incidents",
    "word": "word",
    "ground": "word",
    "policy": "word",
}


def kind_of(fact: Fact) -> Kind:
    """How the cells of a fact's column are read."""
    return _KINDS.get(fact.type, "text")


class CaseColumns:
    """Every column a CSV of cases may have, and how its cells are read."""

    def __init__(self, terms: Vocabulary | None = None) -> None:
        terms = terms or vocabulary()
        self._kinds: dict[str, Kind] = {}
        for fact in terms.facts:
            for place in filter(None, (fact.case, fact.other_home)):
                self._add(place, fact)
        self._required = tuple(fact.case for fact in terms.facts if fact.required)

    def _add(self, place: str, fact: Fact) -> None:
        parts = place.split(".")
        for depth in range(1, len(parts)):
            self._kinds.setdefault(".".join(parts[:depth]), "section")
        self._kinds[place] = kind_of(fact)
        if fact.also_miles:
            self._kinds[".".join((*parts[:-1], fact.also_miles))] = "decimal"

    @property
    def names(self) -> tuple[str, ...]:
        """Every column name."""
        return tuple(self._kinds)

    def is_passed_over(self, name: str) -> bool:
        """Whether a column is about a pupil in a population, and no part of the case."""
        return name.startswith(ABOUT) and name != ABOUT

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which no row can be a case."""
        return self._required

    def kind(self, name: str) -> Kind | None:
        """How the cells of a column are read; None if there is no such column."""
        return self._kinds.get(name)
