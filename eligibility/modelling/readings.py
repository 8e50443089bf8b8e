"""What hangs on how the policy is read: every combination of the open readings, and each reading by itself.

A reading is worth the pupils whose outcome under the new version is another when it alone is read otherwise, and the
pounds by which what the change saves in a year then differs. A reading that settles only whether notice delays the
start of travel is worth the pupils delayed and the cost of the half-term that they wait.
"""

from __future__ import annotations

from itertools import groupby

import polars as pl

from eligibility.in_force import InForce
from eligibility.modelling.changes import ENTITLED, SETTLED, ways_to_read
from eligibility.modelling.open_readings import (
    BEFORE_THE_RULES,
    NOTICE,
    OUTCOME,
    STARTS,
    Choices,
    OpenReading,
    combinations,
)
from eligibility.modelling.outcome_tables import COUNTED, counts, on_statutory_ground
from eligibility.modelling.part import Part
from eligibility.policy import Version
from eligibility.reading_names import DELAYS, EXPECTATION

READING = "reading:"
"""What the name of a column of choices begins with."""
WORTH = ("pupils", "pupils_before", "changes", "saving_pence")
"""Pupils whose outcome is another under the new version, and under the old; pupils for whom the change is another; by
how much more the change then saves in a full year at the average cost, in pence."""


def every_combination(part: Part, option: Version, readings: list[OpenReading]) -> pl.DataFrame:
    """Counts by change for every combination, one column a reading."""

    def of_the_old(choices: Choices) -> Choices:
        return _that_matter(part.book(part.old), choices)

    ways = ways_to_read(part.book(option)) or (SETTLED,)
    tables = []
    for asked_of_old, same in groupby(sorted(combinations(readings), key=of_the_old), key=of_the_old):
        old = part.ask(part.question(part.old, choices=asked_of_old))
        for choices in same:
            new = _new(part, option, choices)
            for way in ways:
                changed = part.changed(old, new, option, way=way, among=part.people)
                named = {"option": option.id} | {READING + name: choice for name, choice in choices}
                if way != SETTLED:
                    named[READING + EXPECTATION] = way
                keys = [pl.lit(value).alias(name) for name, value in named.items()]
                tables.append(changed.group_by("change").agg(counts()).select(*keys, "change", *COUNTED))
    return pl.concat(tables)


def each_alone(part: Part, option: Version, readings: list[OpenReading]) -> pl.DataFrame:
    """What hangs on each reading where it alone is read otherwise than chosen."""
    way = next(iter(ways_to_read(part.book(option))), SETTLED)
    old, new = part.ask(part.question(part.old)), _new(part, option, ())
    base = part.changed(old, new, option, way=way, among=part.people)
    rows = []
    for reading in readings:
        for other in reading.others:
            worth = dict.fromkeys(WORTH, 0)
            if reading.name == EXPECTATION:
                worth = _worth(base, part.changed(old, new, option, way=other, among=part.people))
            elif reading.changes == OUTCOME:
                choices = ((reading.name, other),)
                asked = part.question(part.old, choices=_that_matter(part.book(part.old), choices))
                answers = part.ask(asked), _new(part, option, choices)
                worth = _worth(base, part.changed(*answers, option, way=way, among=part.people))
            elif reading.changes in (NOTICE, STARTS):
                worth |= _of_notice(part, option, reading, other)
            keys = {"option": option.id, "reading": reading.name, "other": other, "can_change": reading.changes}
            rows.append({**keys, **worth})
    words = dict.fromkeys(("option", "reading", "other", "can_change"), pl.String)
    return pl.DataFrame(rows, schema={**words, **dict.fromkeys(WORTH, pl.Int64)})


def _new(part: Part, option: Version, choices: Choices) -> pl.DataFrame:
    return part.ask(part.question(option, choices=_that_matter(part.book(option), choices)))


def _that_matter(book: InForce, choices: Choices) -> Choices:
    """The choices other than the version's own that its outcomes, or its day, can hang on."""
    held = book.version.readings
    return tuple(
        (name, choice)
        for name, choice in choices
        if (name in book.outcome_reads or name in BEFORE_THE_RULES) and (name not in held or held[name].chosen != choice)
    )


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
    base = _notices(part, option, part.ask(part.question(option)))
    if reading.changes == STARTS:
        delayed = base.filter("delayed")
        pence = int(delayed.get_column("half_term_pence").sum())
        return {"pupils": delayed.height, "saving_pence": -pence if reading.choices[0] == DELAYS else pence}
    asked = part.ask(part.question(option, choices=((reading.name, other),)))
    found = _notices(part, option, asked)
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
