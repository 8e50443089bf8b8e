"""One part of a population, so many rows of it, with what has been asked of it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from eligibility.in_force import InForce
from eligibility.modelling.changes import SETTLED, answers, compared
from eligibility.modelling.facts_of_cases import with_facts
from eligibility.modelling.people import YearGroups, people
from eligibility.modelling.questions import Asker, Question
from eligibility.modelling.unit_costs import UnitCosts
from eligibility.policy import Version


@dataclass
class Part:
    """Rows of a checked population, compared under `old` and under other versions."""

    population: pl.DataFrame
    asker: Asker
    old: Version
    costs: UnitCosts
    on: dt.date | None = None
    by: Sequence[str] = ()
    _answered: dict[Question, pl.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.population = self.population.sort("row")

    @cached_property
    def groups(self) -> YearGroups:
        """How year groups are counted, as the old version has it."""
        return YearGroups.of(self.old)

    @cached_property
    def people(self) -> pl.DataFrame:
        """The pupils as the tables see them, in the order of `row`."""
        return people(self.population, self.groups, self.costs, on=self.on, by=self.by)

    @cached_property
    def facts(self) -> pl.DataFrame:
        """The pupils with the facts that their cases tell by themselves, worked out once for all questions."""
        return with_facts(self.population.lazy()).collect()

    def question(self, version: Version, *, years_ago: int = 0, choices: tuple[tuple[str, str], ...] = ()) -> Question:
        """What a version says of the pupils on the day of the run."""
        return Question(version.id, self.on, choices, years_ago)

    def book(self, version: Version) -> InForce:
        """A version written out."""
        return self.asker.book(self.question(version))

    def ask(self, question: Question, rows: pl.Series | None = None) -> pl.DataFrame:
        """The answers in the order of `row`, of the pupils in `rows` or of all.

        Only what is asked again and again is kept, what a version says by its own readings on its own day.
        """
        if rows is not None:
            return self.asker.ask(self.facts.filter(pl.col("row").is_in(rows.implode())), question)
        if question in self._answered:
            return self._answered[question]
        found = self.asker.ask(self.facts, question)
        if question == Question(question.version, self.on):
            self._answered[question] = found
        return found

    def changed(
        self, old: pl.DataFrame, new: pl.DataFrame, option: Version, *, way: str = SETTLED, among: pl.DataFrame
    ) -> pl.DataFrame:
        """Two answers side by side with the columns of `among`, the pupils they were asked of."""
        both = compared(answers(old, self.book(self.old)), answers(new, self.book(option), way))
        return among.hstack(both.drop("row"))
