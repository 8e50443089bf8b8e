"""The engines that draw a version's conclusions from facts; `reference` defines what the rules mean."""
