"""Rules of more clauses than the second engine takes, so that they are found before a case is decided."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.engines.clauses import clauses_for
from eligibility.errors import PolicyError
from eligibility.in_force import put_in_force
from eligibility.marked_yaml import Marked
from eligibility.policy import Policies, Version
from eligibility.policy_findings import Finding, place


def too_many_clauses(policies: Policies) -> Iterator[Finding]:
    """Every rule of which a version writes a conclusion that is refused, each once."""
    said: set[str] = set()
    for version in policies.versions.values():
        for conclusion, test in put_in_force(policies, version).conclusions.items():
            name = _plain(conclusion)
            try:
                clauses_for(name, test)
            except PolicyError as error:
                if name not in said:
                    yield Finding(_written(policies, version, name), str(error))
                said.add(name)


def _plain(conclusion: str) -> str:
    """The rule or outcome that a conclusion is of: without the home, the older version, the reading, the kind."""
    for ending in ("@", "[", ":decides"):
        conclusion = conclusion.partition(ending)[0]
    return conclusion.removeprefix("notice:")


def _written(policies: Policies, version: Version, name: str) -> Marked:
    rules = policies.rules
    if name not in rules.places:
        return place(version, "transition")
    written: Marked = rules.places[name].value["test" if name in rules.definitions else "conditions"]
    return written
