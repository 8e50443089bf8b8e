"""Of whom a notice newly applies or no longer, and who newly waits for it or no longer, as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from eligibility.engines.proof import TRUE, Formula
from eligibility.proving.under_version import UnderVersion
from eligibility.proving.ways import ADDED, GONE, NO_LONGER_WAITS, READ_OTHERWISE, WAITS
from eligibility.reading_names import DELAYS, LATE_NOTICE


@dataclass(frozen=True)
class NoticeQuestion:
    """One kind of change of a notice (see NoticeWay): `when` it happens to a pupil.

    `under_new`: the ground that gives travel is that of the new version, otherwise of the old.
    """

    notice: str
    change: str
    statutory: bool
    under_new: bool
    when: Formula


def notice_questions(old: UnderVersion, new: UnderVersion) -> Iterator[NoticeQuestion]:
    """Every kind of change of every notice between two versions."""
    for with_, without, change in ((new, old, ADDED), (old, new, GONE)):
        statutory = _by_law(with_)
        for notice in with_.book.notices:
            reaches, reached = _reaches(with_, notice.id), _reaches(without, notice.id)
            when = z3.And(reaches, z3.Not(reached))
            for by_law, kind in ((False, z3.Not(statutory)), (True, statutory)):
                yield NoticeQuestion(notice.id, change, by_law, with_ is new, z3.And(when, kind))
    read_otherwise = _delays(old) != _delays(new)
    for notice in new.book.notices:
        both = z3.And(_reaches(old, notice.id), _reaches(new, notice.id))
        for with_, without, change in ((new, old, WAITS), (old, new, NO_LONGER_WAITS)):
            if _delays(with_):
                goes_at_once = _by_law(without) if _delays(without) else TRUE
                when = z3.And(both, z3.Not(_by_law(with_)), goes_at_once)
                yield NoticeQuestion(notice.id, change, False, with_ is new, when)
        if read_otherwise:
            when = z3.And(both, _by_law(old), _by_law(new))
            yield NoticeQuestion(notice.id, READ_OTHERWISE, True, True, when)


def _by_law(under: UnderVersion) -> Formula:
    """That a statutory ground carries the pupil, by the form that the outcome is drawn from."""
    grounds = (g for g in under.book.grounds if g.rule.kind == "statutory" and g.rule.outcome == "entitled")
    return z3.Or(*(under.concluded[ground.decides].holds for ground in grounds))


def _reaches(under: UnderVersion, notice: str) -> Formula:
    """That the notice is given: it applies, and travel is granted."""
    applies = [under.concluded[n.applies].holds for n in under.book.notices if n.id == notice]
    return z3.And(under.outcome("entitled"), z3.Or(*applies))


def _delays(under: UnderVersion) -> bool:
    reading = under.version.readings.get(LATE_NOTICE)
    return reading is not None and reading.chosen == DELAYS
