"""The limits that figures are held against, as the policy versions have them."""

from __future__ import annotations

from eligibility.modelling.measuring.figures import Limits
from eligibility.policy import RULE_TYPES, Policies


def limits_of(policies: Policies) -> Limits:
    """Every length and every number of schools that a version holds, drafts included."""
    lengths: set[int] = set()
    schools: set[int] = set()
    for version in policies.versions.values():
        for parameter in version.parameters.values():
            values = {value for _, value in parameter.values if isinstance(value, int)}
            if RULE_TYPES.get(parameter.unit) == "length":
                lengths |= values
            elif parameter.unit == "schools":
                schools |= values
    return Limits(tuple(sorted(lengths)), tuple(sorted(schools)))
