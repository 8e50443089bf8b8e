"""The days on which a decision changes by itself, found by deciding again on each day that could matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from eligibility import wording
from eligibility.derived import Day
from eligibility.explain import in_words
from eligibility.facts import NEVER, OTHER_HOME
from eligibility.outcome import Answer
from eligibility.school_calendar import anniversary, as_date, next_school_year

_ONE_DAY = dt.timedelta(days=1)


class AnswerOn(Protocol):
    """Decides again on a day."""

    def __call__(self, day: dt.date, *, new_policy: bool, income_known: bool) -> Answer:
        """The answer under the version of the decision or the one that follows it, income still known or not."""
        ...


@dataclass(frozen=True)
class Turn:
    """A day to look at: `on` is the day named, `first` the first day on which things may be different.

    `kind` is `fact` (a birthday, the end of a condition), `policy` (a new version) or `retest` (income is asked again).
    """

    on: dt.date
    first: dt.date
    what: str
    kind: str = "fact"


@dataclass(frozen=True)
class Change:
    """A day on which the decision changes, and the answer after it."""

    turn: Turn
    outcome: str
    after: Answer | None = None


@dataclass(frozen=True)
class Course:
    """What becomes of a decision: its changes, the day its entitlement lapses, and what the dates rest on."""

    changes: tuple[Change, ...]
    ends_on: dt.date | None
    assumptions: tuple[str, ...]


def course(now: Answer, on: dt.date, start: dt.date, answer_on: AnswerOn, more: Sequence[Turn]) -> Course:
    """Follow a decision about the day `on` to the end of the child's time at the school.

    `start` is the first day of travel; `more` are days to look at besides those that follow from the facts: the day the
    version changes, if it does by itself, and days on which other ways may be walked.
    """
    day = now.established.day
    assumptions: list[str] = []
    end = end_of_phase(day, start, assumptions)
    if end is None:
        return Course((), None, ())
    turns = [turn for turn in (*_turns(day, now, start), *more) if on < turn.first <= end.on]
    changes: list[Change] = []
    before, policy_changed, income_known = now, False, True
    ends_on: dt.date | None = None
    for first in sorted({turn.first for turn in turns}):
        for turn in _in_turn(turns, first):
            policy_changed = policy_changed or turn.kind == "policy"
            later = answer_on(first, new_policy=policy_changed, income_known=income_known)
            if turn.kind == "retest":
                asked_again = answer_on(first, new_policy=policy_changed, income_known=False)
                # Where nothing held because of the family's income, asking again changes nothing.
                if _rested_on_income(later, asked_again):
                    later, income_known = asked_again, False
            if (later.outcome, later.met()) == (before.outcome, before.met()):
                continue
            changes.append(Change(turn, later.outcome, later))
            if now.outcome == before.outcome == "entitled" != later.outcome and ends_on is None:
                ends_on = first - _ONE_DAY if turn.on == first else turn.on
            before = later
    changes.append(Change(end, "not_entitled"))
    if ends_on is None and now.outcome == "entitled":
        ends_on = end.on
    return Course(tuple(changes), ends_on, tuple(dict.fromkeys(assumptions)))


def _rested_on_income(known: Answer, asked_again: Answer) -> bool:
    """Whether something holds only as long as what is asked anew each school year is known."""
    return any(held and not asked_again.found[name] for name, held in known.found.items())


def _in_turn(turns: list[Turn], first: dt.date) -> list[Turn]:
    """The turns of one day, so that each change is laid to what caused it: facts, then the retest, then the policy."""
    order = ("fact", "retest", "policy")
    return sorted((turn for turn in turns if turn.first == first), key=lambda turn: order.index(turn.kind))


def end_of_phase(day: Day, start: dt.date, assumptions: list[str]) -> Turn | None:
    """The end of the child's time at this school: the school's last year group, or the end of schooling.

    None for a child who is past schooling. A day in the summer holidays belongs to the school year that follows.
    """
    within = _in_a_school_year(day, start)
    now = day.year_group(within)  # below 0 before Reception
    year = max(now, 0)
    last_of_schooling = day.parameter("schooling_ends_with")
    if year > last_of_schooling:
        return None
    primary = day.parameter("primary_ends_with")
    last = day.last_year_group
    if last is None:
        if year <= primary:
            last = primary
            assumptions.append(day.version.parameters["primary_ends_with"].assumed)
        else:
            last = last_of_schooling
    last = max(min(last, last_of_schooling), year)
    for _ in range(last - now):
        within = next_school_year(within, day.school_year_starts)
    ends = day.end_of_school_year(within, "end of phase")
    assumed = day.assumptions.get("end of phase", "")
    note = f" ({assumed[0].lower()}{assumed[1:].rstrip('.')})" if assumed else ""
    if assumed:
        assumptions.append(assumed)
    return Turn(ends, ends + _ONE_DAY, f"end of {'Year ' + str(last) if last else 'Reception'}{note}")


def _in_a_school_year(day: Day, start: dt.date) -> dt.date:
    """`start`, or the first day of the next school year where it lies in the summer holidays."""
    return next_school_year(start, day.school_year_starts) if start > day.end_of_school_year(start) else start


def _turns(day: Day, now: Answer, start: dt.date) -> Iterator[Turn]:
    facts = now.established.facts
    for event in day.policies.rules.timeline:
        if event.kind == "yearly":
            within = _in_a_school_year(day, start)
            first = next_school_year(within, day.school_year_starts)
            yield Turn(day.end_of_school_year(within), first, event.says, "retest")
            continue
        for name, where in ((event.name, ""), (event.name + OTHER_HOME, " (from the other home)")):
            value = facts.get(name)
            if not isinstance(value, int) or value == NEVER:
                continue
            if event.kind == "birthday":
                on = anniversary(day.born, value)
                says = wording.fill(event.says, lambda name, age=value: _word(day, name, age))  # type: ignore[misc]  # its default binds the age of now
                yield Turn(on, on, says)
            else:
                on = as_date(value)
                yield Turn(on, on if event.kind == "from" else on + _ONE_DAY, event.says + where)


def _word(day: Day, name: str, age: int) -> str:
    if name == "ordinal":
        return wording.ordinal(age)
    return in_words(name, day.version.parameters[name].on(day.on), day.version)
