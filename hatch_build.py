"""Puts the rules, the policy versions and the properties inside the package when a wheel is built."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RulesInside(BuildHookInterface):  # type: ignore[type-arg]  # hatchling gives it no useful argument
    """An installed edtravel finds its rules in its own folder, an editable one in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the three folders to a wheel; an editable install must not freeze a copy of them."""
        if version != "editable":
            build_data["force_include"].update(
                {name: f"eligibility/{name}" for name in ("rules", "policy_versions", "properties")}
            )
