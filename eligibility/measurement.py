"""A measurement of one case: the facts it adds and what a parent can check, kept so that a replay needs no area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eligibility import wording
from eligibility.establish import Measured
from eligibility.language.partial import Between

if TYPE_CHECKING:
    from eligibility.geography import SchoolDistance

BEYOND = "A school or road beyond the network's border could be nearer; that is not known from this area."
NO_SAFE_WAY = "no walking route avoids what is recorded as unsafe"


@dataclass(frozen=True)
class Measurement:
    """What an area said of a case.

    `schools` holds, by home, the schools around it as the decision lists them; `figures` the lengths measured, in
    millimetres, by fact.
    """

    measured: Measured
    schools: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)

    def to_memory(self) -> dict[str, Any]:
        """The measurement in JSON types."""
        measured = self.measured
        return {
            "facts": {n: [v.low, v.high] if isinstance(v, Between) else v for n, v in measured.facts.items()},
            "asks": {name: list(places) for name, places in measured.asks.items()},
            "assumptions": list(measured.assumptions),
            "phase": measured.phase,
            "last_year_group": measured.last_year_group,
            "schools": self.schools,
            "figures": self.figures,
        }

    @classmethod
    def from_memory(cls, kept: Mapping[str, Any]) -> Measurement:
        """The measurement that `to_memory` kept."""
        facts = {n: Between(v[0], v[1]) if isinstance(v, list) else v for n, v in kept["facts"].items()}
        asks = {name: tuple(places) for name, places in kept["asks"].items()}
        measured = Measured(facts, asks, tuple(kept["assumptions"]), kept["phase"], kept["last_year_group"])
        return cls(measured, kept["schools"], dict(kept["figures"]))


def about_far_school(school: SchoolDistance) -> list[str]:
    """What to say of a school that stands too far from the network for its distance to be known."""
    if school.at_least_mm is None:
        return []
    straight = wording.miles(school.at_least_mm)
    says = (
        "The register puts the school so far from the network that its distance is not known; it is no nearer than "
        f"{straight}, in a straight line."
    )
    return [says]


def about_unsafe_ways(school: SchoolDistance, stretches: tuple[str, ...]) -> list[str]:
    """What to say of the unsafe stretches that the shortest walk to a school would use."""
    named = "; ".join(stretches)
    if not stretches:
        return []
    if school.walking:
        says = (
            f"The shortest walk to the school would use what is recorded as unsafe to walk ({named}); the walking "
            "distance is that of the shortest way round."
        )
    else:
        says = (
            f"No walking route to the school avoids what is recorded as unsafe to walk ({named}), so the route is "
            "taken to be unsafe and there is no walking distance; how near the school is follows from the shortest "
            "walk all the same."
        )
    return [says]
