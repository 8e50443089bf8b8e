"""What kind of school a register means, in the words of the vocabulary."""

from __future__ import annotations

from eligibility.geography import School
from eligibility.places import phase_word

SPECIAL = "special"


def phase_of(school: School) -> str | None:
    """The vocabulary's word for the school's phase; None where the register's is none of them."""
    return phase_word(school.phase)


def said_phase(school: School) -> str:
    """The phase that tables break down by: as above, special schools apart, and `other` where it is not known."""
    return SPECIAL if school.special else phase_of(school) or "other"
