"""What hangs on each reading, as it is published: pupils, by how much more a full year saves, and the range of all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from eligibility.modelling.readings import READING
from eligibility.modelling.report.counted import REST, Counted
from eligibility.modelling.report.withheld import completes, publish_in_order
from eligibility.modelling.tables import combination_sums, worth_at_most
from eligibility.reading_names import EXPECTATION

Choice = tuple[str, str]
"""A reading, and one that the policy did not choose."""


@dataclass(frozen=True)
class Hanging:
    """What hangs on a reading: pupils, None where withheld, and with them the pence; `most` None if there is none."""

    reading: str
    other: str
    pupils: int | None
    saving: int | None
    most: int | None


@dataclass(frozen=True)
class Range:
    """Over how many combinations of readings a full year saves how much less and more than as chosen, in pence."""

    combinations: int
    less: int
    more: int


def hanging(counted: Counted) -> list[Hanging]:
    """Every reading on which something hangs, the one worth most first, in the order of what is published."""
    rows = counted.table("each_reading").filter(pl.col("pupils") > 0).sort("reading", "other")
    shown = _pupils(counted, {(row["reading"], row["other"]): row["pupils"] for row in rows.iter_rows(named=True)})
    combined = _combined(counted, [choice for choice, count in shown.items() if count is None])
    found = []
    for row in rows.iter_rows(named=True):
        reading, other = row["reading"], row["other"]
        saving, most, money = row["saving_pence"], row["most_saving_pence"], counted.money
        if not counted.everything:
            if most is not None and combined.height:
                most = worth_at_most(row, combined)["most_saving_pence"]
            if reading == EXPECTATION:
                saving = money.saved(other, 0) - money.saved(money.chosen, 0)
        found.append(Hanging(reading, other, shown[reading, other], saving, most))
    return sorted(found, key=lambda each: _rank(counted, each))


def nothing_hangs_on(counted: Counted) -> list[str]:
    """The readings on which no pupil hangs."""
    return sorted(counted.table("each_reading").filter(pl.col("pupils") == 0).get_column("reading"))


def _rank(counted: Counted, each: Hanging) -> tuple[int, int, str, str]:
    worth = 0 if each.pupils is None else abs(counted.whole(each.saving or 0))
    return -worth, -(each.pupils or 0), each.reading, each.other


def _pupils(counted: Counted, counts: dict[Choice, int]) -> dict[Choice, int | None]:
    """What is published of the pupils of each reading.

    Not what tells how many are protected under it where that is withheld, nor what together with the totals of some
    changes tells another, nor what differs by fewer than five between two choices of one reading.
    """
    if counted.everything:
        return {**counts}
    totals = [count for change, count in counted.shown.totals.items() if change != REST]
    told, money = counted.protected, counted.money
    shown: dict[Choice, int | None] = {}
    for (reading, other), count in counts.items():
        same = [each for (name, _), each in shown.items() if name == reading and each]
        (published,) = publish_in_order([count], same)
        secret = reading == EXPECTATION and not (money.is_told(other, 0) and money.is_told(told.ways[0], 0))
        shown[reading, other] = None if secret or completes(count, totals) else published
    return shown


def _combined(counted: Counted, left_out: Collection[Choice]) -> pl.DataFrame:
    """The combinations of readings without those in which one is read otherwise that is left out."""
    combined = counted.table("readings")
    for reading, other in left_out:
        if READING + reading in combined.columns:
            combined = combined.filter(pl.col(READING + reading).ne_missing(other))
    return combined


def over_all(counted: Counted, found: Collection[Hanging]) -> Range | None:
    """By how much a full year saves less or more over the combinations of readings; None where a run has none.

    Readings of which the number of pupils is withheld are left as they are chosen.
    """
    combined = _combined(counted, [(each.reading, each.other) for each in found if each.pupils is None])
    if combined.is_empty():
        return None
    saved = combination_sums(combined).get_column("saving_pence").to_list()
    others = counted.table("each_reading").select("reading", "other").iter_rows()
    (chosen,) = combination_sums(_combined(counted, list(others))).get_column("saving_pence").to_list()
    return Range(len(saved), chosen - min(saved), max(saved) - chosen)
