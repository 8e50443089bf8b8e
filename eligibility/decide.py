"""Writing a decision from a matter before the engine: every field of the contract, each from its own small function."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from eligibility import alternatives, timeline, wording
from eligibility.assumptions import assumptions
from eligibility.decision import Advice, Decision, Event, Notice, OtherReading, OtherVersion, Review, School
from eligibility.explain import Explainer
from eligibility.grounds import every_ground, protected, withdrawn
from eligibility.language.partial import evaluate
from eligibility.matter import Matter
from eligibility.notices import notices
from eligibility.outcome import Answer
from eligibility.summary import summary
from eligibility.timeline import Course, Turn
from eligibility.would_change import evidence_would_help, would_change

FIRST, SECOND = "reference", "durable"
"""The engine that decides, and the one that checks it; see `assess.py`."""
WAYS_CHANGE = "the stretches recorded as unsafe to walk change"


@dataclass(frozen=True)
class Dates:
    """When travel starts and lapses by itself, how it goes on, what notices fall, what is still to be asked."""

    first_day: dt.date
    course: Course
    notices: list[Notice]
    starts_on: dt.date | None
    ends_on: dt.date | None
    missing: list[str]


def explainer(matter: Matter) -> Explainer:
    """What puts the answers of a matter into words."""
    now = matter.now
    return Explainer(matter.policies, now.book, now.established, now.found, matter.figures())


def dates(matter: Matter, words: Explainer) -> Dates:
    """The dates of a decision, its notices, and the shortest list of facts to ask for."""
    now = matter.now
    first_day = max(matter.case.get("travel_from") or matter.on, matter.on)
    run = _course(matter, first_day)
    applying, starts_on, more_missing = notices(matter, words, run, first_day)
    ends_on = run.ends_on
    if starts_on and ends_on and ends_on < starts_on:
        starts_on = ends_on = None  # it lapses before the first day of travel; the summary says so
    missing = words.ask(now.missing.facts) if now.missing else []
    return Dates(first_day, run, applying, starts_on, ends_on, [*missing, *more_missing])


def advice(words: Explainer) -> list[Advice]:
    """What is said beside the outcome, and never changes it."""
    said = []
    for item in words.policies.rules.advice:
        if item.about in words.book.version.advice and evaluate(item.when, words.established.facts, {}):
            says = wording.fill(item.says, words.value_in_words)
            said.append(Advice(about=item.about, says=says, source=item.source))
    return said


def write(matter: Matter) -> Decision:
    """The decision on one case under one version."""
    now, version, words = matter.now, matter.version, explainer(matter)
    outcome = now.outcome
    when = dates(matter, words)
    other = alternatives.other_version(matter)
    decision = Decision(
        reference=matter.case.reference,
        policy=version.id,
        on=matter.on,
        decided_on=matter.decided_on,
        outcome=outcome,  # type: ignore[arg-type]  # an outcome of the rulebook
        summary="",
        grounds=every_ground(words, now),
        protected=protected(now),
        withdrawn=withdrawn(words, now),
        starts_on=when.starts_on,
        ends_on=when.ends_on,
        timeline=_timeline(when, outcome),
        notices=when.notices,
        advice=advice(words),
        missing=when.missing,
        readings=[OtherReading.model_validate(item) for item in alternatives.other_readings(matter)],
        assumptions=assumptions(matter, words, when.course, when.notices, other),
        would_change=would_change(matter),
        other_version=OtherVersion.model_validate(other) if other else None,
        review=_review(matter),
        schools=[School(**school) for school in matter.schools().get("home", [])],
        checked_by=[FIRST],
        provenance=matter.provenance(),
    )
    return decision.model_copy(update={"summary": summary(decision, evidence_would_help=evidence_would_help(matter))})


def _course(matter: Matter, start: dt.date) -> Course:
    successor = None if matter.forced else matter.policies.successor(matter.version)
    turn = None
    if successor:
        says = f"from {wording.date(successor.starts)} {successor.id} applies"
        turn = Turn(successor.starts, successor.starts, says, "policy")

    def answer_on(day: dt.date, *, new_policy: bool, income_known: bool) -> Answer:
        version = successor if new_policy and successor else matter.version
        asked_on = day if income_known else matter.on
        later = matter.answer_on(day, version=version, asked_on=asked_on)
        if matter.now.outcome != "entitled" or later.outcome == "entitled":
            return later
        # What is granted today is held from today, beside whatever else is held.
        held = [
            matter.answer_on(day, version=version, asked_on=asked_on, case=matter.with_award(award))
            for award in alternatives.awards_of(matter)
        ]
        otherwise = later if matter.case.get("award.ground") else next(iter(held), later)
        return next((one for one in held if one.outcome == "entitled"), otherwise)

    turns = [Turn(day, day, WAYS_CHANGE) for day in matter.ways_change_on]
    return timeline.course(matter.now, matter.on, start, answer_on, [*turns, *([turn] if turn else [])])


def _timeline(when: Dates, outcome: str) -> list[Event]:
    run, starts_on = when.course, when.starts_on
    events = [Event(on=c.turn.on, what=c.turn.what, outcome=c.outcome) for c in run.changes]  # type: ignore[arg-type]  # an outcome of the rulebook
    if starts_on and starts_on != when.first_day:
        events.append(Event(on=starts_on, what="notice ends and travel starts", outcome=outcome))  # type: ignore[arg-type]  # an outcome of the rulebook
    else:
        for notice in when.notices:
            if notice.starts_on:
                what = "half a term's notice would end, for the officer to decide"
                before = [c.outcome for c in run.changes if c.turn.first <= notice.starts_on]
                then = before[-1] if before else outcome
                events.append(Event(on=notice.starts_on, what=what, outcome=then))  # type: ignore[arg-type]  # an outcome of the rulebook
    return sorted(events, key=lambda event: event.on)


def _review(matter: Matter) -> Review:
    days = matter.version.whole("review_asked_within", matter.decided_on)
    return Review(ask_by=matter.policies.bank_holidays.add_working_days(matter.decided_on, days))
