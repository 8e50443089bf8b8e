"""Notices that the council must give, and the day on which travel starts when it gives them."""

from __future__ import annotations

import datetime as dt

from eligibility.decision import Ground, Notice
from eligibility.explain import Explainer
from eligibility.matter import Matter
from eligibility.reading_names import DELAYS, LATE_NOTICE


def notices(
    matter: Matter, words: Explainer, grounds: list[Ground], first_day: dt.date
) -> tuple[list[Notice], dt.date | None, list[str]]:
    """The notices that apply, the day travel starts, and what else would have to be known for it."""
    now = matter.now
    if now.outcome != "entitled":
        return [], None, []
    statutory = any(g.kind == "statutory" and g.result == "met" and g.outcome == "entitled" for g in grounds)
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
            starts = max(after, first_day) if after else None
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


def calendar_assumptions(matter: Matter) -> list[str]:
    """What the school years assume that half a term's notice is counted in."""
    calendar = matter.policies.calendars[matter.version.calendar]
    counted = calendar.half_term(matter.decided_on, matter.policies.bank_holidays)
    return [year.assumed for year in counted[2]] if counted else []
