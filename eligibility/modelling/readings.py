"""What hangs on how the policy is read: every combination of the open readings, and each reading by itself.

A reading is worth the pupils whose outcome under the new version is another when it alone is read otherwise, and the
pounds by which what the change saves in a year then differs. A reading that settles only whether notice delays the
start of travel is worth the pupils delayed and the cost of the half-term that they wait.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from eligibility.modelling.answers_in_columns import ENTITLED
from eligibility.modelling.changes import SETTLED, ways_to_read
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
from eligibility.modelling.questions import Question
from eligibility.policy import Version
from eligibility.reading_names import DELAYS, EXPECTATION

READING = "reading:"
"""What the name of a column of choices begins with."""
WORTH = ("pupils", "pupils_before", "changes", "saving_pence")
"""Pupils whose outcome is another under the new version, and under the old; pupils for whom the change is another; by
how much more the change then saves in a full year at the average cost, in pence."""


def read_otherwise(part: Part, option: Version, readings: list[OpenReading]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Counts by change for every combination of readings, one column a reading; what hangs on each alone."""
    ways = ways_to_read(part.book(option)) or (SETTLED,)
    base: pl.DataFrame | None = None
    tables: list[pl.DataFrame] = []
    worth: dict[tuple[str, str], dict[str, int]] = {}
    for choices, old, new in _asked(part, option, readings):
        otherwise = [choice for choice in choices if choice not in _chosen(readings)]
        for way in ways:
            changed = part.changed(old, part.read(new, option, way))
            base = changed if base is None else base  # the combination chosen comes first
            named = {"option": option.id} | {READING + name: choice for name, choice in choices}
            if way != SETTLED:
                named[READING + EXPECTATION] = way
            keys = [pl.lit(value).alias(name) for name, value in named.items()]
            tables.append(changed.group_by("change").agg(counts()).select(*keys, "change", *COUNTED))
            alone = [*otherwise, *([(EXPECTATION, way)] if way != ways[0] else [])]
            if len(alone) == 1:
                worth[alone[0]] = _worth(base, changed)
    return pl.concat(tables), _each_alone(part, option, readings, worth)


def _asked(
    part: Part, option: Version, readings: list[OpenReading]
) -> Iterator[tuple[Choices, pl.DataFrame, pl.DataFrame]]:
    """Every combination with what the old version then comes to, and what the new one answers.

    Those that look at the same facts are asked one after another, so that the facts are established once.
    """
    by_facts: dict[Choices, list[Choices]] = {}
    for choices in combinations(readings):
        by_facts.setdefault(_question(part, part.old, choices).before, []).append(choices)
    for same in by_facts.values():
        pairs = [(_question(part, part.old, choices), _question(part, option, choices)) for choices in same]
        of_old = dict.fromkeys(old for old, _ in pairs)
        held: dict[Question, pl.DataFrame] = {}
        asked = dict(zip((new for _, new in pairs), zip((old for old, _ in pairs), same, strict=True), strict=True))
        for question, answer in part.ask_all([*of_old, *asked]):
            if question in of_old:
                held[question] = part.read(answer, part.old)
            if question in asked:
                old, choices = asked[question]
                yield choices, held[old], answer


def _chosen(readings: list[OpenReading]) -> set[tuple[str, str]]:
    return {(reading.name, reading.choices[0]) for reading in readings}


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
