"""What makes the pupil of an example look like one that an officer could meet; it never decides what is true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from eligibility.constraints import for_home
from eligibility.engines.proof import Formula, Formulas
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.proving.every_pupil import EveryPupil
from eligibility.school_calendar import as_number

_FIRST_DAY_OF_TERM = 904
"""4 September, as MMDD."""


def wishes(pupil: EveryPupil) -> list[Formula]:
    """What is true of most pupils, to be taken in this order as far as possible."""
    return list(_wishes(pupil))


def _wishes(pupil: EveryPupil) -> Iterator[Formula]:
    year, day = pupil.year_and_day["on"]
    first = pupil.first if as_number(pupil.first) % 10000 <= _FIRST_DAY_OF_TERM else dt.date(pupil.first.year + 1, 1, 1)
    yield year == first.year
    yield day == _FIRST_DAY_OF_TERM
    formulas = Formulas(pupil.term)
    for suffix in ("", OTHER_HOME):
        for wish in vocabulary().believable:
            test = for_home(wish, suffix)
            if test is not None:
                yield formulas.pair(test, {}).holds
