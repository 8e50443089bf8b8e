"""What a run compares: a version held now and one or more others, drafts too, and how pupils are counted and priced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from eligibility.errors import PolicyError, UsageError
from eligibility.modelling.changes import ways_to_read
from eligibility.modelling.counted_by import check_names
from eligibility.modelling.open_readings import OpenReading, open_readings
from eligibility.modelling.outcome_tables import grounds_met, late_notices, outcomes, transitions
from eligibility.modelling.part import Part
from eligibility.modelling.people import YearGroups
from eligibility.modelling.questions import Asker
from eligibility.modelling.readings import read_otherwise
from eligibility.modelling.run_off import run_off
from eligibility.modelling.unit_costs import UnitCosts
from eligibility.policy import Policies, Version
from eligibility.policy_check import edits_that_change_nothing


@dataclass(frozen=True)
class Scenario:
    """The versions compared, the day (None: each pupil's own), further columns to count by, the prices.

    `brief` leaves out the run-off and the readings.
    """

    policies: Policies
    old: Version
    options: tuple[Version, ...]
    costs: UnitCosts
    on: dt.date | None = None
    by: tuple[str, ...] = ()
    brief: bool = False

    @property
    def groups(self) -> YearGroups:
        """How year groups are counted."""
        return YearGroups.of(self.old)

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version of the run, the one held now first."""
        return (self.old, *self.options)

    def part(self, population: pl.DataFrame, asker: Asker) -> Part:
        """Some rows of a checked population, to be counted."""
        return Part(population, asker, self.versions, self.costs, on=self.on, by=self.by)

    def readings(self, asker: Asker, option: Version) -> list[OpenReading]:
        """The open readings of a comparison with one option."""
        old, new = (asker.book(version.id) for version in (self.old, option))
        return open_readings(old, new, day_is_fixed=self.on is not None)

    def ways(self, asker: Asker, option: Version) -> tuple[str, ...]:
        """The readings of legitimate expectation of an option, the chosen one first."""
        return ways_to_read(asker.book(option.id))

    def count(self, part: Part, years: int) -> dict[str, pl.DataFrame]:
        """Every table of one part of the population."""
        answers = {version.id: part.ask(version) for version in part.versions}
        tables: dict[str, list[pl.DataFrame]] = {}

        def add(name: str, table: pl.DataFrame) -> None:
            if table.width:  # a version that gives no notice has no table of them
                tables.setdefault(name, []).append(table)

        for version in {version.id: version for version in part.versions}.values():
            add("grounds_met", grounds_met(answers[version.id], part.book(version)))
        for option in self.options:
            new = answers[option.id]
            changed = part.changed(part.read(answers[self.old.id], self.old), part.read(new, option))
            add("outcomes", outcomes(changed, option.id))
            add("transitions", transitions(changed, option.id))
            add("late_notices", late_notices(new, changed, part.book(option)))
            if not self.brief:
                readings = self.readings(part.asker, option)
                add("run_off", run_off(part, option, years))
                combined, alone = read_otherwise(part, option, readings)
                add("readings", combined)
                add("each_reading", alone)
        return {name: pl.concat(held, how="diagonal") for name, held in tables.items()}


def scenario(
    policies: Policies,
    names: Sequence[str],
    costs: UnitCosts,
    *,
    on: dt.date | None = None,
    by: Sequence[str] = (),
    brief: bool = False,
) -> Scenario:
    """The comparison of the first version named with each of the others.

    Raises UsageError for a version that there is not, or that is named alone, and for a column that cannot be counted
    by; PolicyError, with file and line, for a
    draft that changes nothing.
    """
    if len(names) < 2:
        raise UsageError("a run compares at least two versions; give --policies OLD NEW")
    versions = [policies.version(name) for name in names]
    if len(set(names[1:])) < len(names[1:]):
        raise UsageError("a version is named twice among the options; name each once")
    check_names(by)
    for version in versions:
        for finding in edits_that_change_nothing(policies, version) if version.draft else ():
            raise PolicyError(str(finding))
    return Scenario(policies, versions[0], tuple(versions[1:]), costs, on, tuple(by), brief)
