"""What hangs on how the policy is read: every combination of the open readings, and each reading by itself.

A reading is worth the pupils whose outcome under the new version is another when it alone is read otherwise, and the
pounds by which what the change saves in a year then differs. A reading that settles only whether notice delays the
start of travel is worth the pupils delayed and the cost of the half-term that they wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from eligibility.modelling.answers_in_columns import ENTITLED
from eligibility.modelling.changes import SETTLED, is_open, ways_to_read
from eligibility.modelling.fact_columns import FactColumns
from eligibility.modelling.open_readings import (
    BEFORE_THE_RULES,
    NOTICE,
    STARTS,
    Choices,
    OpenReading,
    combinations,
)
from eligibility.modelling.outcome_tables import COUNTED, counts, on_statutory_ground
from eligibility.modelling.part import Part
from eligibility.modelling.questions import OPEN, Question
from eligibility.policy import Version
from eligibility.reading_names import DELAYS, EXPECTATION

READING = "reading:"
"""What the name of a column of choices begins with."""
WORTH = ("pupils", "pupils_before", "changes", "saving_pence")
"""Pupils whose outcome is another under the new version, and under the old; pupils for whom the change is another; by
how much more the change then saves in a full year at the average cost, in pence."""


def read_otherwise(part: Part, option: Version, readings: list[OpenReading]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Counts by change for every combination of readings, one column a reading; what hangs on each alone.

    A combination has rows for the pupils on whom it can hang, and rows for all others, which are to be added up.
    """
    chosen = {(reading.name, reading.choices[0]) for reading in readings}
    ways = ways_to_read(part.book(option)) or (SETTLED,)
    base = pl.DataFrame()
    others: dict[str, pl.DataFrame] = {}
    whole: dict[str, pl.DataFrame] = {}
    tables: list[pl.DataFrame] = []
    worth: dict[tuple[str, str], dict[str, int]] = {}
    for asked in _asked(part, option, readings):
        there = part.people if asked.rows is None else part.people.filter(_among(asked.rows))
        for way in ways:
            changed = part.changed(asked.old, part.read(asked.new, option, way), there)
            named = {"option": option.id} | {READING + name: choice for name, choice in asked.choices}
            named |= {READING + EXPECTATION: way} if way != SETTLED else {}
            tables.append(_counted(changed, named))
            if asked.rows is None:
                whole[way] = changed
                others.pop(way, None)
            else:
                others[way] = others.get(way, whole[way].filter(~_among(asked.rows)))
                tables.append(_counted(others[way], named))
            alone = [choice for choice in asked.choices if choice not in chosen]
            alone += [(EXPECTATION, way)] if way != ways[0] else []
            if not alone:
                base = changed
            elif len(alone) == 1:
                worth[alone[0]] = _worth(base if asked.rows is None else base.filter(_among(asked.rows)), changed)
    return pl.concat(tables), _each_alone(part, option, readings, worth)


def _among(rows: pl.Series) -> pl.Expr:
    return pl.col("row").is_in(rows.implode())


def _counted(changed: pl.DataFrame, named: Mapping[str, str]) -> pl.DataFrame:
    keys = [pl.lit(value).alias(name) for name, value in named.items()]
    return changed.group_by("change").agg(counts()).select(*keys, "change", *COUNTED)


@dataclass(frozen=True)
class _Asked:
    """A combination of readings: what the old version comes to, what the new one answers, of which rows (None: all)."""

    choices: Choices
    old: pl.DataFrame
    new: pl.DataFrame
    rows: pl.Series | None = None


def _asked(part: Part, option: Version, readings: list[OpenReading]) -> Iterator[_Asked]:
    """Every combination. Of those that look at the same facts the first is asked of all pupils.

    The others are asked of those alone for whom something stays open while the readings that rules ask for are left
    open: whatever is known then is the same however they are read.
    """
    by_facts: dict[Choices, list[Choices]] = {}
    for choices in combinations(readings):
        by_facts.setdefault(tuple(each for each in choices if each[0] in BEFORE_THE_RULES), []).append(choices)
    for same in by_facts.values():
        asked = [[_question(part, version, choices) for version in (part.old, option)] for choices in same]
        left_open = [(name, choice if name in BEFORE_THE_RULES else OPEN) for name, choice in same[0]]
        unread = [_question(part, version, tuple(left_open)) for version in (part.old, option)]
        facts = part.facts_of(asked[0])
        found = _answers(part, facts, [*asked[0], *unread])
        old, new = (found[question] for question in asked[0])
        yield _Asked(same[0], part.read(old, part.old), new)
        versions = (part.old, option)
        rows = _open_rows(part, ((each, found[question]) for each, question in zip(versions, unread, strict=True)))
        some = {version: part.asker.only(held, rows) for version, held in facts.items()}
        found = _answers(part, some, [question for pair in asked[1:] for question in pair])
        for choices, (old_question, new_question) in zip(same[1:], asked[1:], strict=True):
            yield _Asked(choices, part.read(found[old_question], part.old), found[new_question], rows)


def _answers(
    part: Part, facts: Mapping[str, FactColumns], questions: Sequence[Question]
) -> dict[Question, pl.DataFrame]:
    found: dict[Question, pl.DataFrame] = {}
    for version, held in facts.items():
        own = [question for question in dict.fromkeys(questions) if question.version == version]
        found |= part.asker.answers(held, own)
    return found


def _open_rows(part: Part, answers: Iterable[tuple[Version, pl.DataFrame]]) -> pl.Series:
    """The rows of pupils of whom something that a change is told by is open under some reading."""
    found = []
    for version, answer in answers:
        book = part.book(version)
        tests = (is_open(answer.columns, book, way) for way in ways_to_read(book) or (SETTLED,))
        found.append(answer.filter(pl.any_horizontal(*tests)).get_column("row"))
    return pl.concat(found).unique().sort()


def _each_alone(
    part: Part, option: Version, readings: list[OpenReading], worth: dict[tuple[str, str], dict[str, int]]
) -> pl.DataFrame:
    """One row for every choice that was not taken."""
    rows = []
    for reading in readings:
        for other in reading.others:
            found = worth.get((reading.name, other), dict.fromkeys(WORTH, 0))
            if reading.changes in (NOTICE, STARTS):
                found |= _of_notice(part, option, reading, other)
            keys = {"option": option.id, "reading": reading.name, "other": other, "can_change": reading.changes}
            rows.append({**keys, **found})
    words = dict.fromkeys(("option", "reading", "other", "can_change"), pl.String)
    return pl.DataFrame(rows, schema={**words, **dict.fromkeys(WORTH, pl.Int64)})


def _question(part: Part, version: Version, choices: Choices) -> Question:
    """What a version is asked under some choices, of which only those are named that can change an answer of it."""
    book, held = part.book(version), version.readings
    named = (
        (name, choice)
        for name, choice in choices
        if (name in book.outcome_reads or name in BEFORE_THE_RULES)
        and (name not in held or (held[name].chosen != choice and not held[name].settled))
    )
    return part.question(version, choices=tuple(named))


def saving(changed: pl.DataFrame) -> int:
    """What a change saves in a full year at the average cost, in pence: those who lose, less those who win."""
    sums = {word: changed.filter(pl.col("change") == word).get_column("pence").sum() for word in ("loser", "winner")}
    return int(sums["loser"]) - int(sums["winner"])


def _worth(base: pl.DataFrame, other: pl.DataFrame) -> dict[str, int]:
    differs = {
        name: int((base.get_column(name) != other.get_column(name)).sum()) for name in ("after", "before", "change")
    }
    return dict(zip(WORTH, (*differs.values(), saving(other) - saving(base)), strict=True))


def _of_notice(part: Part, option: Version, reading: OpenReading, other: str) -> dict[str, int]:
    """Pupils whose notice is another, and what the half-terms cost that they wait more or less for."""
    ((_, answers),) = part.ask_all([part.question(option)])
    base = _notices(part, option, answers)
    if reading.changes == STARTS:
        delayed = base.filter("delayed")
        waited = int(delayed.get_column("half_term_pence").sum())
        return {"pupils": delayed.height, "saving_pence": -waited if reading.choices[0] == DELAYS else waited}
    ((_, answers),) = part.ask_all([part.question(option, choices=((reading.name, other),))])
    found = _notices(part, option, answers)
    pence = [int(each.filter("delayed").get_column("half_term_pence").sum()) for each in (base, found)]
    pupils = int((base.get_column("given") != found.get_column("given")).sum())
    return {"pupils": pupils, "saving_pence": pence[1] - pence[0]}


def _notices(part: Part, option: Version, assessed: pl.DataFrame) -> pl.DataFrame:
    """To whom notice is given, whom it delays (no statutory ground carries them), and what a half-term costs."""
    book = part.book(option)
    given = pl.any_horizontal(pl.lit(False), *(pl.col(notice.applies).fill_null(False) for notice in book.notices))
    given &= pl.col("outcome") == ENTITLED
    calendar = part.asker.policies.calendars.get(option.calendar)
    blocks = len(calendar.years[-1].blocks) if calendar else 0
    half_term = pl.col("pence") // blocks if blocks else pl.lit(0, pl.Int64)
    return assessed.select(
        given.alias("given"), (given & ~on_statutory_ground(assessed.columns, book)).alias("delayed")
    ).hstack(part.people.select(half_term.alias("half_term_pence")))
