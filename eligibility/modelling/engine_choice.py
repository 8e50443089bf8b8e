"""Which engine works out the columns of a run."""

from __future__ import annotations

from eligibility.errors import UsageError
from eligibility.modelling.questions import Engine, InPolars


def engine_named(name: str) -> Engine:
    """The engine with this name. Raises UsageError where it is not installed."""
    if name == InPolars.name:
        return InPolars()
    raise UsageError(f"there is no engine {name} yet")
