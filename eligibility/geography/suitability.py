"""Whether a school is suitable for a pupil's age, sex and ability, as far as a register tells."""

from __future__ import annotations

from eligibility.geography.model import Pupil, School

# Registers often give 5 as the lowest age of a school that takes Reception, where children are 4.
_RECEPTION_MAY_SAY = 5
_LAST_COMPULSORY_YEAR = 11
_SEXES = {"boys": "male", "girls": "female"}


def last_year_group(high_age: int) -> int:
    """The last year group of compulsory schooling that a school to `high_age` takes."""
    return min(high_age - 5, _LAST_COMPULSORY_YEAR)


def suitable(school: School, pupil: Pupil) -> tuple[bool | None, str]:
    """Whether the school suits the pupil, and the phrase that says why not or why not known.

    Pupils in year group y are aged y + 4 at its start and y + 5 at its end. Special schools
    and units are named by a plan and independent schools paid for, so neither counts by default.
    """
    if school.independent:
        return False, "independent school"
    if school.special:
        return False, "special school or unit"
    year = pupil.year_group
    if school.low_age is None or school.high_age is None:
        return None, "the ages it takes are not known"
    if school.low_age > max(year + 4, _RECEPTION_MAY_SAY) or school.high_age < year + 5:
        return False, f"takes ages {school.low_age} to {school.high_age}, not Year {year or 'R'}"
    wanted = _SEXES.get(school.gender)
    if wanted is not None and pupil.sex is not None and pupil.sex != wanted:
        return False, f"for {school.gender} only"
    if wanted is not None and pupil.sex is None:
        return None, f"for {school.gender} only, and the pupil's sex is not known"
    if school.selective:
        return None, "selects by ability, and the pupil's is not known"
    return True, ""
