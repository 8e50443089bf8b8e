"""What hangs on how the policy is read: every combination of the open readings, and each reading by itself.

A reading is worth the pupils whose outcome under either version, or whose change, is another when it alone is read
otherwise, and the pounds by which what the change saves in a year then differs. A reading that settles only whether
notice delays the start of travel is worth the pupils delayed and the cost of the half-term that they wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from eligibility.modelling.outcome_tables import COUNTED, on_statutory_ground
from eligibility.modelling.part import Part
from eligibility.modelling.questions import OPEN, Question
from eligibility.modelling.variants import VARIANT, Changed, Pair, Variants
from eligibility.policy import Version
from eligibility.reading_names import DELAYS, EXPECTATION

READING = "reading:"
"""What the name of a column of choices begins with."""
WORTH = ("pupils", "pupils_before", "pupils_after", "changes", "saving_pence")
"""Pupils of whom anything below is another, or the notice; of whom the outcome under the old version is, under the new
one, and the change; by how much more the change then saves in a full year at the average cost, in pence."""


def read_otherwise(part: Part, option: Version, readings: list[OpenReading]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Counts by change for every combination of readings, one column a reading; what hangs on each alone.

    A combination may have two rows for a change, which are to be added up.
    """
    chosen = {(reading.name, reading.choices[0]) for reading in readings}
    ways = ways_to_read(part.book(option)) or (SETTLED,)
    base: Changed | None = None
    tables: list[pl.DataFrame] = []
    worth: dict[tuple[str, str], dict[str, int]] = {}
    for same in _by_facts(readings):
        variants = _variants(part, option, same, ways)
        for way in ways:
            changed = variants.changed(way)
            base = base or changed
            named = [dict(choices) | ({EXPECTATION: way} if way != SETTLED else {}) for choices in same]
            tables.append(_counted(changed, option, named))
            for place, choices in enumerate(same):
                alone = [choice for choice in choices if choice not in chosen]
                alone += [(EXPECTATION, way)] if way != ways[0] else []
                if len(alone) == 1:
                    here, there = _side_by_side(base, changed, place)
                    worth[alone[0]] = _worth(here, there)
    return pl.concat(tables), _each_alone(part, option, readings, worth)


def _by_facts(readings: list[OpenReading]) -> list[list[Choices]]:
    """Every combination of readings, those together that look at the same facts."""
    found: dict[Choices, list[Choices]] = {}
    for choices in combinations(readings):
        found.setdefault(tuple(each for each in choices if each[0] in BEFORE_THE_RULES), []).append(choices)
    return list(found.values())


def _variants(part: Part, option: Version, same: list[Choices], ways: Sequence[str]) -> Variants:
    """What is asked under combinations that look at the same facts."""

    def pair(choices: Choices) -> Pair:
        return _question(part, part.old, choices), _question(part, option, choices)

    left_open = tuple((name, choice if name in BEFORE_THE_RULES else OPEN) for name, choice in same[0])
    return Variants(part, option, [pair(choices) for choices in same], pair(left_open), ways)


def _side_by_side(base: Changed, changed: Changed, place: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same pupils as chosen and in a variant: all on whom it can hang."""
    if place == 0:
        return base.whole, changed.whole
    return base.whole.filter(pl.col("row").is_in(changed.rows.implode())), changed.variant(place)


def _counted(changed: Changed, option: Version, named: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    """The sums of every variant by change, under the names of its choices."""
    choices = pl.DataFrame([{READING + name: choice for name, choice in each.items()} for each in named])
    keys = choices.with_row_index(VARIANT).cast({VARIANT: pl.Int64})
    counted = changed.counted(["change"]).join(keys, on=VARIANT, maintain_order="left")
    return counted.select(pl.lit(option.id).alias("option"), *choices.columns, "change", *COUNTED)


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


def read_alone(
    part: Part, option: Version, readings: list[OpenReading], reading: OpenReading, other: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The pupils that hang on one reading alone, as chosen and with it read otherwise; by these, `each_reading` counts.

    Where it settles only the notice, both are as chosen.
    """
    ways = ways_to_read(part.book(option)) or (SETTLED,)
    chosen = next(combinations(readings))

    def read(choices: Choices, way: str) -> pl.DataFrame:
        asked = [_question(part, version, choices) for version in (part.old, option)]
        found = dict(part.ask_all(asked))
        old, new = (
            part.read(found[question], question_of, way)
            for question, question_of in zip(asked, (part.old, option), strict=True)
        )
        return part.changed(old, new)

    base = read(chosen, ways[0])
    if reading.changes in (NOTICE, STARTS):
        moved = base.filter(_notice_moved(part, option, reading, other)[0])
        return moved, moved
    alone = tuple((name, other if name == reading.name else choice) for name, choice in chosen)
    there = read(alone, other if reading.name == EXPECTATION else ways[0])
    differs = _differ(base, there)[0]
    return base.filter(differs), there.filter(differs)


def _differ(base: pl.DataFrame, other: pl.DataFrame) -> tuple[pl.Series, ...]:
    """Of whom anything is another, of whom the outcome before, the outcome after, the change."""
    differs = [base.get_column(name) != other.get_column(name) for name in ("before", "after", "change")]
    return differs[0] | differs[1] | differs[2], *differs


def _worth(base: pl.DataFrame, other: pl.DataFrame) -> dict[str, int]:
    counted = (int(each.sum()) for each in _differ(base, other))
    return dict(zip(WORTH, (*counted, saving(other) - saving(base)), strict=True))


def _of_notice(part: Part, option: Version, reading: OpenReading, other: str) -> dict[str, int]:
    moved, pence = _notice_moved(part, option, reading, other)
    return {"pupils": int(moved.sum()), "saving_pence": pence}


def _notice_moved(part: Part, option: Version, reading: OpenReading, other: str) -> tuple[pl.Series, int]:
    """Whose notice is another, and what the half-terms cost that they wait more or less for."""
    base = _notices(part, option, part.by_logic(option))
    if reading.changes == STARTS:
        waited = int(base.filter("delayed").get_column("half_term_pence").sum())
        return base.get_column("delayed"), -waited if reading.choices[0] == DELAYS else waited
    ((_, answers),) = part.ask_all([part.question(option, choices=((reading.name, other),))])
    found = _notices(part, option, answers)
    pence = [int(each.filter("delayed").get_column("half_term_pence").sum()) for each in (base, found)]
    return base.get_column("given") != found.get_column("given"), pence[1] - pence[0]


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
