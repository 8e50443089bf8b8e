"""The readings of the policy's words that the engine itself acts on, by name; all others are read by rules alone."""

from __future__ import annotations

GOVERNING_DATE, DATE_APPLIED = "governing_date", "date_applied"
"""Which day decides the version and the facts, and the choice of the day of the application."""

EXPECTATION = "legitimate_expectation"
"""The reading whose choices the transition of a version is written under."""

LATE_NOTICE, DELAYS = "late_notice", "delays_the_start"
"""What a late application does, and the choice that travel starts after the notice."""

NEAREST_MEASURED_BY, UNNAMED_SCHOOL_HAD_A_PLACE, MEASURE_FROM, SCHOOL_ENTRANCE = (
    "nearest_measured_by",
    "unnamed_school_had_a_place",
    "measure_from",
    "school_entrance",
)
PRESUMED = "presumed"
"""The choice that a nearer school that was not named is presumed to have had a place."""
MEASURING = (NEAREST_MEASURED_BY, UNNAMED_SCHOOL_HAD_A_PLACE, MEASURE_FROM, SCHOOL_ENTRANCE)
"""The readings that change what is measured."""

READ_BY_THE_ENGINE = frozenset({EXPECTATION, GOVERNING_DATE, LATE_NOTICE, *MEASURING})
