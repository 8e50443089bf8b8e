"""Small areas to measure in, as the kit draws them (`eligibility.testing.places`)."""

from eligibility.testing.places import (
    EAST,
    NORTH,
    Drawing,
    Spot,
    drawing,
    feature,
    line,
    postcode,
    school,
    square,
)

__all__ = ["EAST", "NORTH", "Drawing", "Spot", "drawing", "feature", "line", "postcode", "school", "square"]
