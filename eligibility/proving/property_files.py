"""Reading `properties/`: what has to be true of every pupil, as the policy's words have it.

A property is one item of a list: a sentence, a condition and a source; docs/proving.md says what else it may hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eligibility.errors import Mistakes, PolicyError, nearest
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.language.expressions import Expression, Not, both, names
from eligibility.language.parsing import Kind, parse_condition
from eligibility.marked_yaml import Marked, read
from eligibility.policy import Policies
from eligibility.proving.property_names import FOR_EACH, OF_TWIN, nameable

ALWAYS, NEVER, POSSIBLE = "always", "never", "possible"
_ASKS = (ALWAYS, NEVER, POSSIBLE)
_MORE = (*_ASKS, "given", "for_each", "twin_differs_in", "versions", "finding")
IT = "{it}"
"""Stands in a sentence for the ground, conclusion or reading asked about."""


@dataclass(frozen=True)
class Property:
    """One property. Where `possible` there has to be a pupil of whom `given` and `then` hold; otherwise `then` has to
    hold of every pupil of whom `given` does.

    `twin_differs_in` are the facts in which the second pupil may differ from the first; `versions` the ids it is asked
    of (none: every version that it says something of); `finding` is the place in the documentation that says why it is
    known not to hold.
    """

    says: str
    possible: bool
    given: Expression
    then: Expression
    source: str
    for_each: str = ""
    twin_differs_in: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    finding: str = ""
    has_given: bool = False
    place: Marked = field(compare=False, repr=False, default_factory=lambda: Marked(None, "", 0, 0))

    def about(self, it: str) -> str:
        """The sentence, said of one ground, conclusion or reading."""
        return self.says.replace(IT, it)


def load_properties(folder: Path, policies: Policies) -> list[Property]:
    """Every property in a folder, in the order of the files. Raises PolicyError for the first mistake."""
    return _load(folder, policies, Mistakes())


def find_property_mistakes(folder: Path, policies: Policies) -> list[PolicyError]:
    """Everything wrong with the properties in a folder."""
    mistakes = Mistakes(collect=True)
    _load(folder, policies, mistakes)
    return mistakes.found


def _load(folder: Path, policies: Policies, mistakes: Mistakes) -> list[Property]:
    found: dict[str, Property] = {}
    kinds = {for_each: nameable(policies, for_each) for for_each in ("", *FOR_EACH)}
    for path in sorted(folder.rglob("*.yaml")):
        with mistakes.kept():
            for item in read(path, folder).mapping(("properties",), ("about",))["properties"].items():
                with mistakes.kept():
                    one = _property(item, policies, kinds)
                    if one.says in found:
                        raise item.error(f"this property stands already in {found[one.says].place}")
                    found[one.says] = one
    return list(found.values())


def _property(mark: Marked, policies: Policies, kinds: Mapping[str, Mapping[str, Kind]]) -> Property:
    keys = mark.mapping(("property", "source"), _MORE)
    asks = [key for key in _ASKS if key in keys]
    if len(asks) != 1:
        raise mark.error("a property says exactly one of always, never and possible")
    says = keys["property"].text()
    for_each = _one_of(keys["for_each"], FOR_EACH) if "for_each" in keys else ""
    known = kinds[for_each]
    given = _conditions(keys["given"], known) if "given" in keys else both()
    then = _conditions(keys[asks[0]], known)
    if (IT in says) != bool(for_each):
        raise keys["property"].error(f"{IT} stands in the sentence of a property with for_each, and only there")
    twin = _twin(keys["twin_differs_in"]) if "twin_differs_in" in keys else ()
    reads_twin = any(name.endswith(OF_TWIN) for part in (given, then) for name in names(part))
    if reads_twin != bool(twin):
        raise mark.error("names that end in _of_twin and twin_differs_in belong together; one of them is missing")
    return Property(
        says,
        asks[0] == POSSIBLE,
        given,
        Not(then) if asks[0] == NEVER else then,
        mark.source("a property"),
        for_each=for_each,
        twin_differs_in=twin,
        versions=_versions(keys["versions"], policies) if "versions" in keys else (),
        finding=keys["finding"].text() if "finding" in keys else "",
        has_given="given" in keys,
        place=mark,
    )


def _conditions(mark: Marked, kinds: Mapping[str, Kind]) -> Expression:
    """One condition, or a list of which every one holds."""
    items = mark.value if isinstance(mark.value, list) else [mark]
    return both(*(parse_condition(item, kinds) for item in items))


def _one_of(mark: Marked, known: tuple[str, ...]) -> str:
    if mark.text() not in known:
        raise mark.error(f"{mark.text()} is not one of {', '.join(known)}{nearest(mark.text(), known)}")
    return mark.text()


def _versions(mark: Marked, policies: Policies) -> tuple[str, ...]:
    for item in mark.items():
        if item.text() not in policies.versions:
            raise item.error(f"there is no policy version {item.text()}{nearest(item.text(), policies.versions)}")
    return mark.texts()


def _twin(mark: Marked) -> tuple[str, ...]:
    """The facts named, and with a part of a case (has_award) every fact in it."""
    terms = vocabulary()
    parts = {section.name: case for case, section in terms.sections.items() if section.name}
    found: list[str] = []
    for item in mark.items():
        name = item.text()
        if name not in parts and name not in terms.by_name:
            known = (*parts, *terms.by_name)
            raise item.error(f"{name} is no fact, so that no twin can differ in it{nearest(name, known)}")
        found.append(name)
        if name in parts:
            inside = parts[name] + "."
            found += [f.name for f in terms.facts if f.name and (f.case or f.of).startswith(inside)]
            if name == "has_other_home":
                found += [f.name + OTHER_HOME for f in terms.facts if f.name and f.other_home]
    return tuple(dict.fromkeys(found))
