"""What makes the pupil of an example look like one that an officer could meet; it never decides what is true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from eligibility.constraints import for_home
from eligibility.engines.proof import Formula, Formulas
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.language.expressions import Expression
from eligibility.proving.every_pupil import EveryPupil
from eligibility.school_calendar import as_number

_FIRST_DAY_OF_TERM = 904
"""4 September, as MMDD."""


def wishes(pupil: EveryPupil) -> list[Formula]:
    """What is true of most pupils, to be taken in this order as far as possible."""
    year, day = pupil.year_and_day["on"]
    first = pupil.first if as_number(pupil.first) % 10000 <= _FIRST_DAY_OF_TERM else dt.date(pupil.first.year + 1, 1, 1)
    ordinary = [formula for _, formula in what_is_ordinary(pupil)]
    return [year == first.year, day == _FIRST_DAY_OF_TERM, *ordinary]


def what_is_ordinary(pupil: EveryPupil) -> Iterator[tuple[Expression, Formula]]:
    """What is true of most pupils of each home, as written and as a formula."""
    formulas = Formulas(pupil.term)
    for suffix in ("", OTHER_HOME):
        for wish in vocabulary().believable:
            test = for_home(wish, suffix)
            if test is not None:
                yield test, formulas.pair(test, {}).holds
