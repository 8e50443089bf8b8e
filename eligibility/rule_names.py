"""What rules may name: in a condition, and between braces in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from eligibility.errors import nearest
from eligibility.language.expressions import Expression
from eligibility.language.parsing import Kind, parse_condition
from eligibility.marked_yaml import Marked, walk

SHOWN = {
    "because": "in `not_met` of a ground, the `otherwise` of the conditions that do not hold",
    "margin": "in a ground, how far its first measure is from its limit, such as: 24 metres short of 3 miles",
    "road_margin": "in a ground, the same of its second measure",
    "carried_from_other_home": "in a ground, the titles of the grounds met from the other home",
    "ordinal": "in the timeline, the birthday as 8th or 11th",
}
"""What a sentence can show beside facts, parameters and readings, and where."""

MARGINS = ("margin", "road_margin", "carried_from_other_home")
BECAUSE, ORDINAL = "because", "ordinal"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class RuleNames:
    """What rules may name: facts, parameters and readings; the conclusions of rules; tags."""

    kinds: Mapping[str, Kind]
    conclusions: set[str]
    tags: frozenset[str]

    def condition(self, mark: Marked) -> Expression:
        """The condition written at `mark`."""
        known = dict(self.kinds) | {name: Kind("boolean") for name in self.conclusions}
        return parse_condition(mark, known, self.tags)

    def of_type(self, mark: Marked, expected: str) -> str:
        """The name written at `mark`. Raises PolicyError where it is not one of something of the type `expected`."""
        name = mark.text()
        if name not in self.kinds or self.kinds[name].type != expected:
            raise mark.error(f"{name} is not the name of a {expected}{nearest(name, self.kinds)}")
        return name

    def sentence(self, mark: Marked, *more: str) -> str:
        """A sentence, every {name} in it one that can be shown: a fact, a parameter, a reading or one of `more`."""
        text = mark.text()
        for name in _PLACEHOLDER.findall(text):
            known = (*self.kinds, *more)
            if name not in known:
                what = f"a sentence cannot show {{{name}}}, which is no fact, parameter or reading"
                raise mark.at(f"{{{name}}}").error(f"{what}{nearest(name, known)}")
        return text


def shown(sentence: str) -> list[str]:
    """The names between braces in a sentence."""
    return _PLACEHOLDER.findall(sentence)


def words(mark: Marked) -> set[str]:
    """Every word in the conditions at `mark`, at any depth, and every {name} in its sentences."""
    found: set[str] = set()
    for part in walk(mark):
        if isinstance(part.value, dict):
            tests = (part.value[key].value for key in _TESTS if key in part.value)
            found.update(word for test in tests if isinstance(test, str) for word in re.findall(r"\w+", test))
        elif isinstance(part.value, str):
            found.update(_PLACEHOLDER.findall(part.value))
    return found


_TESTS = ("test", "when", "listed_when", "value", "limit", "birthday", "from", "until")
