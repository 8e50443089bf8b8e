"""The days on which a decision changes by itself, found by deciding again on each day that could matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eligibility import wording
from eligibility.derived import Day
from eligibility.explain import in_words
from eligibility.facts import NEVER, OTHER_HOME
from eligibility.outcome import Answer
from eligibility.school_calendar import anniversary, as_date, next_school_year

_ONE_DAY = dt.timedelta(days=1)
AnswerOn = Callable[[dt.date], Answer]


@dataclass(frozen=True)
class Turn:
    """A day to look at: `on` is the day named, `first` the first day on which things may be different."""

    on: dt.date
    first: dt.date
    what: str


@dataclass(frozen=True)
class Change:
    """A day on which the decision changes, and the outcome after it."""

    turn: Turn
    outcome: str


@dataclass(frozen=True)
class Course:
    """What becomes of a decision: its changes, the day its entitlement lapses, and what the dates rest on."""

    changes: tuple[Change, ...]
    ends_on: dt.date | None
    assumptions: tuple[str, ...]


def course(now: Answer, start: dt.date, answer_on: AnswerOn, new_policy: Turn | None) -> Course:
    """Follow a decision from `start` to the end of the child's time at the school.

    `answer_on` decides again on a day; `new_policy` is the day the version changes, if it does by itself.
    """
    day = now.established.day
    assumptions: list[str] = []
    end = end_of_phase(day, start, assumptions)
    turns = list(_turns(day, now, start, end.on))
    if new_policy and start < new_policy.first <= end.on:
        turns.append(new_policy)
    changes: list[Change] = []
    before, before_met = now.outcome, now.met()
    ends_on: dt.date | None = None
    for first, said in _by_first_day(turns):
        later = answer_on(first)
        outcome, met = later.outcome, later.met()
        retest = any("tested again" in turn.what for turn in said)
        if outcome != before or met != before_met:
            shown = said[-1] if retest and outcome != before else said[0]
            changes.append(Change(shown, outcome))
            if now.outcome == before == "entitled" and outcome != "entitled" and ends_on is None:
                ends_on = first - _ONE_DAY if shown.on == first else shown.on
        before, before_met = outcome, met
    if start <= end.on:
        changes.append(Change(end, "not_entitled"))
        if ends_on is None and now.outcome == "entitled":
            ends_on = end.on
    elif now.outcome == "entitled":
        ends_on = start
    return Course(tuple(changes), ends_on, tuple(dict.fromkeys(assumptions)))


def end_of_phase(day: Day, start: dt.date, assumptions: list[str]) -> Turn:
    """The end of the child's time at this school: the school's last year group, or the end of schooling."""
    year = max(day.year_group(start), 0)
    last_of_schooling = day.parameter("schooling_ends_with")
    primary = day.parameter("primary_ends_with")
    last = day.last_year_group
    if last is None:
        if year <= primary:
            last = primary
            assumptions.append(day.version.parameters["primary_ends_with"].assumed)
        else:
            last = last_of_schooling
    last = max(min(last, last_of_schooling), min(year, last_of_schooling))
    within = dt.date(start.year, start.month, start.day)
    for _ in range(last - year):
        within = next_school_year(within, day.school_year_starts)
    ends = day.end_of_school_year(within, "end of phase")
    assumed = day.assumptions.get("end of phase", "")
    note = f" ({assumed[0].lower()}{assumed[1:].rstrip('.')})" if assumed else ""
    if assumed:
        assumptions.append(assumed)
    return Turn(ends, ends + _ONE_DAY, f"end of {'Year ' + str(last) if last else 'Reception'}{note}")


def _turns(day: Day, now: Answer, start: dt.date, end: dt.date) -> Iterator[Turn]:
    facts = now.established.facts
    for event in day.policies.rules.timeline:
        if event.kind == "yearly":
            first = next_school_year(start, day.school_year_starts)
            yield Turn(day.end_of_school_year(start), first, event.says)
            continue
        for name, where in ((event.name, ""), (event.name + OTHER_HOME, " (from the other home)")):
            value = facts.get(name)
            if not isinstance(value, int) or value == NEVER:
                continue
            if event.kind == "birthday":
                on = anniversary(day.born, value)
                says = wording.fill(event.says, lambda name, age=value: _word(day, name, age))  # type: ignore[misc]
                turn = Turn(on, on, says)
            else:
                on = as_date(value)
                turn = Turn(on, on if event.kind == "from" else on + _ONE_DAY, event.says + where)
            if start < turn.first <= end:
                yield turn


def _word(day: Day, name: str, age: int) -> str:
    if name == "ordinal":
        return wording.ordinal(age)
    return in_words(name, day.version.parameters[name].on(day.on), day.version)


def _by_first_day(turns: list[Turn]) -> Iterator[tuple[dt.date, list[Turn]]]:
    for first in sorted({turn.first for turn in turns}):
        yield first, [turn for turn in turns if turn.first == first]
