"""Notices that the council must give, and the day on which travel starts when it gives them."""

from __future__ import annotations

import datetime as dt

from eligibility.decision import Notice
from eligibility.explain import Explainer
from eligibility.matter import Matter
from eligibility.outcome import Answer
from eligibility.reading_names import DELAYS, LATE_NOTICE
from eligibility.timeline import Course


def notices(
    matter: Matter, words: Explainer, run: Course, first_day: dt.date
) -> tuple[list[Notice], dt.date | None, list[str]]:
    """The notices that apply, the day travel starts, and what else would have to be known for it.

    A statutory award starts on its first day whatever the notice; a discretionary one that becomes statutory before the
    notice has run starts on that day (Education Act 1996, section 508B).
    """
    now = matter.now
    if now.outcome != "entitled":
        return [], None, []
    statutory = _is_statutory(now)
    later = [c.turn.first for c in run.changes if c.after and _is_statutory(c.after)]
    starts: dt.date | None = first_day
    applying: list[Notice] = []
    missing: list[str] = []
    for notice in now.book.notices:
        rule = matter.policies.rules.notices[notice.id]
        applies = now.found[notice.applies]
        if applies is None and not statutory:
            starts = None
            missing += words.missing_for(notice.applies)
        if not applies:
            continue
        calendar = matter.policies.calendars.get(matter.version.calendar)
        counted = calendar.half_term(matter.decided_on, matter.policies.bank_holidays) if calendar else None
        days, after, _ = counted or (None, None, ())
        if after is None:
            missing.append("calendar")
        delays = now.established.facts.get(LATE_NOTICE) == DELAYS
        if delays and not statutory:
            starts = max(min([after, *later]), first_day) if after else None
        applying.append(
            Notice(
                kind=rule.id,
                days=days,
                starts_on=after if delays else None,
                review_by_officer=True,
                statutory=statutory,
                source=rule.source,
                says=rule.says,
            )
        )
    return applying, starts, list(dict.fromkeys(missing))


def _is_statutory(answer: Answer) -> bool:
    """Whether a statutory ground carries the child, by the form that its outcome is drawn from."""
    entitling = (g for g in answer.book.grounds if g.rule.kind == "statutory" and g.rule.outcome == "entitled")
    return any(answer.found[ground.decides] for ground in entitling)


def calendar_assumptions(matter: Matter) -> list[str]:
    """What the school years assume that half a term's notice is counted in."""
    calendar = matter.policies.calendars[matter.version.calendar]
    counted = calendar.half_term(matter.decided_on, matter.policies.bank_holidays)
    return [year.assumed for year in counted[2]] if counted else []
