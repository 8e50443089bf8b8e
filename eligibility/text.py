"""Decisions as an officer would show them to a parent: the answer, the grounds, the reasons, what would change it."""

from __future__ import annotations

import re

from rich import box
from rich.table import Table
from rich.text import Text

from eligibility import wording
from eligibility.asking import words_for
from eligibility.decision import Decision, Ground, Notice, OtherReading
from eligibility.text_page import STYLES, Page

OUTCOMES = {
    "entitled": "Entitled",
    "refer": "An officer decides",
    "not_entitled": "Not entitled",
    "need_information": "More information needed",
}
_NO_GROUND = "-"
_RESULTS = {"met": "met", "not_met": "not met", "not_known": "not known"}
_ASKED_AT_ONCE = 3  # questions that a reason repeats; more are counted
_UNTIL = re.compile(
    r"(Not known until \d+ facts? (?:is|are) given|Withdrawn; not known whether it is protected until given): "
    r"([\w.]*\w(?:, [\w.]*\w)*)\.(?= |$)"
)


def decision_text(decision: Decision, other: Decision | None) -> str:
    """One decision; `other` is the other version's decision on the same day, for the table."""
    out = Page()
    out.title(f"{decision.reference}: {OUTCOMES[decision.outcome]}", decision.outcome)
    out.line(decision.summary)
    out.line(_dates(decision))
    older_first = (
        [other, decision] if other and other.policy < decision.policy else [decision, *([other] if other else [])]
    )
    _grounds(out, older_first)
    _details(out, decision)
    return out.text()


def comparison_text(old: Decision, new: Decision) -> str:
    """Two decisions on one pupil, side by side."""
    out = Page()
    same = "the same under both" if old.outcome == new.outcome else "the policy makes the difference"
    out.title(f"{new.reference} on {wording.date(new.on)}: {same}", new.outcome)
    for decision in (old, new):
        out.labelled(f"{decision.policy}: {OUTCOMES[decision.outcome]}.", decision.summary, decision.outcome)
    _grounds(out, [old, new])
    out.heading(f"Under {new.policy}")
    _details(out, new)
    return out.text()


def _dates(decision: Decision) -> str:
    parts = [f"Decided under {decision.policy} for {wording.date(decision.on)}"]
    if decision.starts_on:
        parts.append(f"travel starts on {wording.date(decision.starts_on)}")
    if decision.ends_on:
        parts.append(f"it lapses by itself after {wording.date(decision.ends_on)}")
    parts.append(f"a review may be asked for until {wording.date(decision.review.ask_by)}")
    return "; ".join(parts) + "."


def _grounds(out: Page, decisions: list[Decision]) -> None:
    """Every ground under every version: a table, or a list where the lines are short."""
    listed: dict[str, Ground] = {}
    for decision in decisions:
        listed.update({ground.id: ground for ground in decision.grounds})
    rows = [
        (
            ground.title,
            [_cell(d, next((g for g in d.grounds if g.id == ground_id), None)) for d in decisions],
            _margins(ground),
        )
        for ground_id, ground in listed.items()
    ]
    if out.is_narrow:
        out.heading("Grounds")
        for title, cells, margin in [*rows, ("Outcome", [OUTCOMES[d.outcome] for d in decisions], "")]:
            said = [f"{cell} under {d.policy}" for d, cell in zip(decisions, cells, strict=True) if cell != _NO_GROUND]
            words = said if len(set(cells)) > 1 else cells[:1]
            out.item(f"{title}: {'; '.join([*words, margin] if margin else words)}")
        return
    table = _table("Ground", *(decision.policy for decision in decisions), "By how much")
    for title, cells, margin in rows:
        table.add_row(title, *cells, margin)
    table.add_section()
    table.add_row("Outcome", *(Text(OUTCOMES[d.outcome], STYLES[d.outcome]) for d in decisions), "")
    out.table(table)


def _table(*headers: str) -> Table:
    """A table whose headers are never broken inside a word."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in headers:
        table.add_column(header, overflow="fold", min_width=max(len(word) for word in header.split()))
    return table


def _cell(decision: Decision, ground: Ground | None) -> str:
    if ground is None:
        return _NO_GROUND
    protected = decision.protected is not None and decision.protected.ground == ground.id
    considered = " (officer)" if ground.outcome == "refer" and ground.result == "met" else ""
    return _RESULTS[ground.result] + (" (protected)" if protected else "") + considered


def _margins(ground: Ground) -> str:
    """The figures, where the ground turns on them."""
    said = []
    for name, limit in ground.limit.items():
        if name in ground.value:
            kind = "on foot" if name.startswith("walking") else "by road"
            margin = wording.margin(ground.value[name], limit)
            if f"The distance {kind} is known only" in ground.reason:
                said.append(f"not exact {kind} (see the reasons)")
            elif ground.result != "not_met" or margin in ground.reason:
                said.append(f"{wording.miles(ground.value[name], limit)} {kind}, {margin}")
    return "; ".join(said)


def _details(out: Page, decision: Decision) -> None:
    if decision.schools:
        out.heading("Schools around the home")
        _schools(out, decision)
    out.heading("Reasons")
    for ground in decision.grounds:
        out.item(f"{ground.title}: {_reason(ground.reason, decision.missing)} [{ground.source}]")
    for item in decision.withdrawn:
        why = "; ".join(f"read by section {name}: {text}" for name, text in item.because.items())
        out.item(
            f"{item.title}: withdrawn by {item.by}; the older policy would have given it. "
            f"{wording.sentence(why)} [{item.source}]"
        )
    if decision.protected:
        ends = wording.listed(list(decision.protected.ends_when), "or")
        until = f", until {wording.date(decision.protected.until)}" if decision.protected.until else ""
        out.item(
            f"Protected: kept as under {decision.protected.under} (section {decision.protected.reading}){until}; "
            f"it ends when the child {ends}."
        )
    out.section("Still to be known", (question(place, decision) for place in decision.missing))
    out.section("Notices", (_notice(notice) for notice in decision.notices))
    out.section("What would change it", decision.would_change)
    out.section("Other readings of the policy that would change it", (_reading(r) for r in decision.readings))
    out.section(
        "What happens when",
        (f"{wording.date(e.on)}: {e.what} - {OUTCOMES[e.outcome].lower()}" for e in decision.timeline),
    )
    out.section("Advice on the service", (advice.says for advice in decision.advice))
    out.section("Assumptions", decision.assumptions)
    out.line(f"{_checked(decision)}. Review: ask by {wording.date(decision.review.ask_by)}.")


def _checked(decision: Decision) -> str:
    return "Checked by two engines" if len(decision.checked_by) > 1 else "Checked by one engine"


def _reason(reason: str, asked: list[str]) -> str:
    """A reason with questions in the place of the names of facts; `asked` is what the decision asks for below."""
    found = _UNTIL.match(reason)
    if not found:
        return reason
    places = found.group(2).split(", ")
    start, rest = found.group(1), reason[found.end() :]
    if len(places) <= _ASKED_AT_ONCE:
        return f"{start}: {' '.join(map(question, places))}{rest}"
    if start.endswith("until given"):
        start = start.replace("until given", f"until {len(places)} facts are given")
    below = [place for place in places if any(f"{place}.".startswith(f"{part}.") for part in asked)]
    if len(below) == len(places):
        return f"{start} (listed below).{rest}"
    if below:
        return f"{start} (those that could change the outcome are listed below).{rest}"
    return f"{start}; none of them could change the outcome.{rest}"


def _schools(out: Page, decision: Decision) -> None:
    table = _table("School", "On foot", "By road", "Place", "Note")
    for school in decision.schools:
        place = {True: "yes", False: "no", None: "not known"}[school.place]
        note = "attends" if school.attended else ""
        note = "; ".join(part for part in (note, school.note) if part)
        lengths = [wording.miles(mm) if mm is not None else "no route" for mm in (school.walking_mm, school.road_mm)]
        name = f"{school.name} ({school.urn})"
        table.add_row(name, *lengths, place, note)
        if out.is_narrow:
            said = f"{name}: {lengths[0]} on foot, {lengths[1]} by road; place: {place}"
            out.item(f"{said}; {note}" if note else said)
    if not out.is_narrow:
        out.table(table)


def question(place: str, decision: Decision | None = None) -> str:
    """What to ask for a place in the case, in plain words, with the place behind it; `decision` names the schools."""
    schools = {school.urn: school.name for school in decision.schools} if decision else {}
    asked = words_for(place, schools)
    return f"{asked} [{place}]" if asked else place


def _notice(notice: Notice) -> str:
    days = f"{notice.days} school days" if notice.days else "its length is not known without a school calendar"
    start = f"; after it, travel from {wording.date(notice.starts_on)}" if notice.starts_on else ""
    law = (
        " The award is statutory: it starts on its first day, and the officer decides about the notice."
        if notice.statutory
        else ""
    )
    return f"{notice.says} Half a term is {days}{start}.{law}"


def _reading(reading: OtherReading) -> str:
    name = reading.name.replace("_", " ")
    chosen, other = reading.chosen.replace("_", " "), reading.other.replace("_", " ")
    return f"{name} is read as “{chosen}”; read as “{other}”: {OUTCOMES[reading.outcome].lower()} [{reading.source}]"
