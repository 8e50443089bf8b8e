"""A measurement of one case: the facts it adds and what a parent can check, kept so that a replay needs no area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eligibility.establish import Measured
from eligibility.language.partial import Between


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
