"""A kit for testing a policy: sentences of policy held against pupils, and pupils, drafts and places drawn for tests.

`pupils`, `policies`, `populations` and `networks` are Hypothesis strategies; they need Hypothesis beside edtravel, and
the rest does not. `docs/testing-a-policy.md` tells how table tests are written and how the strategies are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eligibility.errors import UsageError
from eligibility.testing.background import whole_pupil
from eligibility.testing.decided import Decided
from eligibility.testing.table_run import Result, TableTests

if TYPE_CHECKING:
    from eligibility.testing.strategies import networks, policies, populations, pupils

_STRATEGIES = ("networks", "policies", "populations", "pupils")

__all__ = ["Decided", "Result", "TableTests", "networks", "policies", "populations", "pupils", "whole_pupil"]


def __getattr__(name: str) -> Any:
    """The strategies, imported when they are used, because Hypothesis is no part of a plain installation."""
    if name not in _STRATEGIES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from eligibility.testing import strategies
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        raise UsageError(
            f"eligibility.testing.{name} needs Hypothesis; install it: pip install 'edtravel[testing]'"
        ) from error
    return getattr(strategies, name)
