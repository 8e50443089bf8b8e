"""Writing a decision from a matter before the engine: every field of the contract, each from its own small function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from eligibility import alternatives, timeline, wording
from eligibility.decision import (
    Advice,
    Decision,
    Event,
    Ground,
    Notice,
    OtherReading,
    OtherVersion,
    Protected,
    Review,
    School,
    Withdrawn,
)
from eligibility.establish import Measured
from eligibility.explain import RESULTS, Explainer, Figures
from eligibility.facts import NEVER, OTHER_HOME
from eligibility.in_force import GroundInForce
from eligibility.language.partial import Between, evaluate
from eligibility.outcome import Answer
from eligibility.school_calendar import as_date
from eligibility.timeline import Course, Turn

if TYPE_CHECKING:
    from eligibility.assess import Matter

LATE_NOTICE, DELAYS = "late_notice", "delays_the_start"
ENGINES = ["reference"]


def write(matter: Matter) -> Decision:
    """The decision on one case under one version."""
    now, version = matter.now, matter.version
    words = Explainer(matter.policies, now.book, now.established, now.found, matter.figures())
    grounds = [*_grounds(words), *_protected_grounds(words, now)]
    outcome = now.outcome
    first_day = max(matter.case.get("travel_from") or matter.on, matter.on)
    notices, starts_on, more_missing = _notices(matter, words, grounds, first_day)
    run = _course(matter)
    missing = words.ask(now.missing.facts) if now.missing and outcome == "need_information" else []
    other = alternatives.other_version(matter)
    assumptions = _assumptions(matter, words, run, notices, other)
    decision = Decision(
        reference=matter.case.reference,
        policy=version.id,
        on=matter.on,
        decided_on=matter.decided_on,
        outcome=outcome,  # type: ignore[arg-type]
        summary="",
        grounds=grounds,
        protected=_protected(matter, now),
        withdrawn=_withdrawn(words, now),
        starts_on=starts_on,
        ends_on=run.ends_on,
        timeline=_timeline(run, notices, starts_on, first_day, outcome),
        notices=notices,
        advice=_advice(words),
        missing=[*missing, *(place for place in more_missing if place not in missing)],
        readings=[OtherReading(**item) for item in alternatives.other_readings(matter)],
        assumptions=assumptions,
        would_change=alternatives.would_change(matter, words),
        other_version=OtherVersion(**other) if other else None,
        review=_review(matter),
        schools=[School(**school) for school in matter.schools().get("home", [])],
        checked_by=list(ENGINES),
        provenance=matter.provenance(),
    )
    return decision.model_copy(update={"summary": summary(decision)})


# -- grounds


def _grounds(words: Explainer) -> list[Ground]:
    found = words.found
    grounds = []
    for ground in words.book.grounds:
        shown = ground.rule.listed_when
        if shown is None or evaluate(shown, words.established.facts, found):
            grounds.append(_ground(words, ground, found[ground.result]))
    return grounds


def _ground(words: Explainer, ground: GroundInForce, result: bool | None, because: str = "") -> Ground:
    rule = ground.rule
    figures = _figures(words, ground)
    missing = words.missing_for(ground.result) if result is None else []
    return Ground(
        id=rule.id,
        title=rule.title,
        kind=rule.kind,  # type: ignore[arg-type]
        outcome=rule.outcome,  # type: ignore[arg-type]
        result=RESULTS[result],  # type: ignore[arg-type]
        home=rule.home,  # type: ignore[arg-type]
        value=figures.value,
        limit=figures.limit,
        margin_mm=figures.margin_mm,
        reason=words.reason(ground, result, figures, because),
        source=rule.source,
        missing=missing,
    )


def _figures(words: Explainer, ground: GroundInForce) -> Figures:
    if ground.rule.home != "home":
        carried = words.carried_from_other_home(ground)
        if carried:
            return words.measured_by(carried[0], OTHER_HOME)
        return Figures({}, {}, None)
    return words.measured_by(ground)


def _protected_grounds(words: Explainer, now: Answer) -> list[Ground]:
    """Withdrawn elements that are, or may be, protected under the chosen reading."""
    listed = []
    for element, (name, conditions) in now.book.expectations.get(now.chosen, {}).items():
        protected = now.found[name]
        ground = now.book.protected[element]
        if protected is False or now.book.version.grounds.get(element):
            continue
        result = _both(protected, now.found[ground.result])
        if protected is None and result is None:
            asked = [*words.missing_for(name), *words.missing_for(ground.result)]
            entry = _ground(words, ground, result)
            missing = list(dict.fromkeys(asked))
            reason = f"Withdrawn; not known whether it is protected until given: {', '.join(missing)}."
            listed.append(entry.model_copy(update={"missing": missing, "reason": reason}))
            continue
        because = "; and ".join(
            c.otherwise for c in conditions if not evaluate(c.test, words.established.facts, now.found)
        )
        because = because if protected is not True else ""
        entry = _ground(words, ground, result, because)
        if result:
            entry = entry.model_copy(update={"reason": f"Protected as under {ground.protected_as}. {entry.reason}"})
        listed.append(entry)
    return listed


def _both(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else True if a and b else None


def _protected(matter: Matter, now: Answer) -> Protected | None:
    transition = matter.version.transition
    for element, (name, _) in now.book.expectations.get(now.chosen, {}).items():
        ground = now.book.protected[element]
        if now.found[name] and now.found[ground.result] and transition:
            until = now.established.facts.get("award_ends_on")
            return Protected(
                ground=element,
                under=ground.protected_as,
                reading=now.chosen,
                until=as_date(until) if isinstance(until, int) and until != NEVER else None,
                ends_when=list(transition.readings[now.chosen].ends_when),
            )
    return None


def _withdrawn(words: Explainer, now: Answer) -> list[Withdrawn]:
    """Withdrawn elements that the older version would have given, not kept under some reading: why not."""
    transition = words.book.version.transition
    listed = []
    for element, source in (transition.protects if transition else {}).items():
        ground = now.book.protected.get(element)
        if ground is None or not now.found[ground.result] or element in now.met():
            continue
        because = {}
        for reading, expectations in now.book.expectations.items():
            _, conditions = expectations[element]
            failing = [c.otherwise for c in conditions if evaluate(c.test, words.established.facts, now.found) is False]
            because[reading] = failing[0] if failing else "kept" if now.found[expectations[element][0]] else "not known"
        listed.append(Withdrawn(ground=element, title=ground.rule.title, source=source, because=because))
    return listed


# -- dates


def _course(matter: Matter) -> Course:
    successor = None if matter.forced else matter.policies.successor(matter.version)
    turn = None
    if successor:
        turn = Turn(
            successor.starts,
            successor.starts,
            f"from {wording.date(successor.starts)} {successor.id} applies",
        )

    def answer_on(day: dt.date) -> Answer:
        version = successor if successor and day >= successor.starts else matter.version
        case = None
        if version is not matter.version and matter.now.outcome == "entitled" and not matter.case.get("award.ground"):
            case = matter.with_award(alternatives.award_of(matter))
        return matter.answer_on(day, version=version, case=case)

    return timeline.course(matter.now, matter.on, answer_on, turn)


def _timeline(
    run: Course, notices: list[Notice], starts_on: dt.date | None, first_day: dt.date, outcome: str
) -> list[Event]:
    events = [Event(on=c.turn.on, what=c.turn.what, outcome=c.outcome) for c in run.changes]  # type: ignore[arg-type]
    if starts_on and starts_on != first_day:
        events.append(Event(on=starts_on, what="notice ends and travel starts", outcome=outcome))  # type: ignore[arg-type]
    else:
        for notice in notices:
            if notice.starts_on:
                what = "half a term's notice would end, for the officer to decide"
                events.append(Event(on=notice.starts_on, what=what, outcome=outcome))  # type: ignore[arg-type]
    return sorted(events, key=lambda event: event.on)


def _notices(
    matter: Matter, words: Explainer, grounds: list[Ground], first_day: dt.date
) -> tuple[list[Notice], dt.date | None, list[str]]:
    """The notices that apply, the day travel starts, and what else would have to be known for it."""
    now = matter.now
    if now.outcome != "entitled":
        return [], None, []
    statutory = any(g.kind == "statutory" and g.result == "met" and g.outcome == "entitled" for g in grounds)
    starts: dt.date | None = first_day
    notices: list[Notice] = []
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
        notices.append(
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
    return notices, starts, list(dict.fromkeys(missing))


def _review(matter: Matter) -> Review:
    days = matter.version.parameters["review_asked_within"].on(matter.decided_on)
    assert isinstance(days, int)
    return Review(ask_by=matter.policies.bank_holidays.add_working_days(matter.decided_on, days))


# -- advice and assumptions


def _advice(words: Explainer) -> list[Advice]:
    said = []
    for item in words.policies.rules.advice:
        if item.about in words.book.version.advice and evaluate(item.when, words.established.facts, {}):
            says = wording.fill(item.says, words.value_in_words)
            said.append(Advice(about=item.about, says=says, source=item.source))
    return said


def _assumptions(
    matter: Matter, words: Explainer, run: Course, notices: list[Notice], other: Mapping[str, str] | None
) -> list[str]:
    """Every assumption that the decision rests on, each once."""
    now, version, rules = matter.now, matter.version, matter.policies.rules
    used: set[str] = set()
    for reading in now.by_reading:
        for conclusion in now.book.outcomes[reading]:
            used |= words.rests_on(conclusion)
    found: list[str] = [*matter.notes, *now.established.measured.assumptions]
    if any(figure.endswith("_mm") for figure in _supplied(matter)):
        found.append("Distances were supplied with the case and not measured here.")
    for notice in notices:
        found.append(rules.notices[notice.kind].assumed)
        used |= words.rests_on(f"notice:{notice.kind}")
        if notice.starts_on:
            found.extend(_calendar_assumptions(matter))
    bases = {name.split("@")[0].split(":")[0] for name in used}
    for name in sorted(bases):
        for texts in (rules.definitions, rules.grounds, version.parameters, version.readings):
            if name in texts:
                found.append(texts[name].assumed)
        found.append(now.established.day.assumptions.get(name, ""))
    if now.outcome == "entitled":
        found.extend(run.assumptions)
    if other and other["outcome"] != now.outcome:
        found.extend(version.assumed)
    return [text for text in dict.fromkeys(found) if text]


def _supplied(matter: Matter) -> list[str]:
    return [place for place in matter.case.known if place.split(".")[0].startswith("measured")]


def _calendar_assumptions(matter: Matter) -> list[str]:
    calendar = matter.policies.calendars[matter.version.calendar]
    counted = calendar.half_term(matter.decided_on, matter.policies.bank_holidays)
    return [year.assumed for year in counted[2]] if counted else []


# -- the sentence for the parent


def summary(decision: Decision) -> str:
    """One sentence that a parent understands."""
    if decision.outcome == "need_information":
        count = len(decision.missing)
        what = "one more fact" if count == 1 else f"{count} more facts"
        return f"This cannot be decided yet: {what} could change the answer."
    carrying = [g for g in decision.grounds if g.result == "met" and g.outcome == decision.outcome]
    if decision.outcome == "entitled":
        text = f"Your child is entitled to free travel to this school: {carrying[0].reason}" if carrying else _ENTITLED
        for notice in decision.notices:
            if notice.statutory:
                until = (
                    f" (travel could otherwise start on {wording.date(notice.starts_on)})" if notice.starts_on else ""
                )
                return (
                    "This is a statutory entitlement from the first day of travel; whether half a term's notice for the "
                    f"late application is given{until} is for a named officer to decide. {text}"
                )
        return text
    if decision.outcome == "refer":
        reasons = " ".join(g.reason for g in carrying)
        differing = [r for r in decision.readings if r.name == "legitimate_expectation"]
        if differing and not carrying:
            reasons = "The two readings of who keeps what was withdrawn give different answers."
        return f"An officer must decide this case. {reasons}".strip()
    first = decision.grounds[0].reason if decision.grounds else ""
    return f"Your child is not entitled to free travel to this school. {first}".strip()


_ENTITLED = "Your child is entitled to free travel to this school."


# -- measurements kept for a replay


def to_memory(measurement: tuple[Measured, Any, dict[str, int]]) -> dict[str, Any]:
    """A measurement in JSON types."""
    measured, around, figures = measurement
    facts = {n: [v.low, v.high] if isinstance(v, Between) else v for n, v in measured.facts.items()}
    return {
        "facts": facts,
        "asks": {name: list(places) for name, places in measured.asks.items()},
        "assumptions": list(measured.assumptions),
        "phase": measured.phase,
        "last_year_group": measured.last_year_group,
        "schools": around,
        "figures": figures,
    }


def from_memory(kept: Mapping[str, Any]) -> tuple[Measured, Any, dict[str, int]]:
    """The measurement that `to_memory` kept."""
    facts = {n: Between(v[0], v[1]) if isinstance(v, list) else v for n, v in kept["facts"].items()}
    asks = {name: tuple(places) for name, places in kept["asks"].items()}
    measured = Measured(facts, asks, tuple(kept["assumptions"]), kept["phase"], kept["last_year_group"])
    return measured, kept["schools"], dict(kept["figures"])
