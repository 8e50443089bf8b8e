"""The one sentence of a decision that a parent reads first."""

from __future__ import annotations

from eligibility import wording
from eligibility.decision import Decision

_EVIDENCE = "A low income was claimed and not shown; please send evidence of it, because that would change the answer."
_ENTITLED = "Your child is entitled to free travel to this school."


def summary(decision: Decision, *, evidence_would_help: bool = False) -> str:
    """One sentence that a parent understands; asks for the evidence of a claim where it would help."""
    if decision.outcome == "need_information":
        count = len(decision.missing)
        what = "one more fact" if count == 1 else f"{count} more facts"
        return f"This cannot be decided yet: {what} could change the answer."
    leading = [g for g in decision.grounds if g.outcome == decision.outcome]
    carrying = [g for g in leading if g.result == "met"] or [g for g in leading if g.carries]
    if decision.outcome == "entitled":
        if decision.starts_on is None and decision.ends_on is None and not decision.missing:
            lapses = next((event for event in decision.timeline if event.outcome != "entitled"), None)
            first = carrying[0].reason if carrying else _ENTITLED
            return (
                f"On {wording.date(decision.on)} the child is entitled, but nothing is left by the first day of travel"
                + (f" ({wording.date(lapses.on)}: {lapses.what}). {first}" if lapses else f". {first}")
            )
        text = f"Your child is entitled to free travel to this school: {carrying[0].reason}" if carrying else _ENTITLED
        for notice in decision.notices:
            if notice.statutory:
                until = (
                    f" (travel could otherwise start on {wording.date(notice.starts_on)})" if notice.starts_on else ""
                )
                return (
                    "This is a statutory entitlement from the first day of travel; whether half a term's notice for "
                    f"the late application is given{until} is for a named officer to decide. {text}"
                )
        return text + _start_after_notice(decision)
    if decision.outcome == "refer":
        reasons = " ".join(g.reason for g in carrying)
        differing = [r for r in decision.readings if r.name == "legitimate_expectation"]
        if differing and not carrying:
            reasons = (
                "The council's paper can be read in two ways on who keeps what was withdrawn, and here the two give "
                "different answers."
            )
        return f"An officer must decide this case. {reasons}".strip()
    first = decision.grounds[0].reason.removeprefix("Not met: ").rstrip(".") if decision.grounds else ""
    evidence = f" {_EVIDENCE}" if evidence_would_help else ""
    return f"Your child is not entitled to free travel to this school: {first}{_nearest(decision)}.{evidence}"


def _nearest(decision: Decision) -> str:
    """The nearest suitable school that had, or may have had, a place, where this is another one."""
    walked = (s for s in decision.schools if s.suitable and s.place is not False and s.walking_mm is not None)
    nearest = next(walked, None)
    if nearest is None or nearest.attended or nearest.walking_mm is None:
        return ""
    return f" (the nearest is {nearest.name}, {wording.miles(nearest.walking_mm)} on foot)"


def _start_after_notice(decision: Decision) -> str:
    """When travel starts, where a notice delays it."""
    if not decision.notices or (decision.notices[0].starts_on is None and "calendar" not in decision.missing):
        return ""
    if decision.starts_on is None:
        return " Half a term's notice applies; the day on which travel starts is not known without a school calendar."
    return f" Half a term's notice applies, so travel starts on {wording.date(decision.starts_on)}."
