"""One part of a population, so many rows of it, with what has been asked of it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property

import polars as pl

from eligibility.in_force import InForce
from eligibility.modelling.changes import SETTLED, answers, compared
from eligibility.modelling.facts_in_columns import FactColumns
from eligibility.engines.frame import FACT
from eligibility.modelling.facts_of_cases import with_facts
from eligibility.modelling.open_readings import Choices
from eligibility.modelling.people import YearGroups, people
from eligibility.modelling.questions import Asker, Question
from eligibility.modelling.unit_costs import UnitCosts
from eligibility.policy import Version


class Part:
    """Rows of a checked population, compared under `old` and under other versions on the day `on`, or each's own."""

    def __init__(
        self,
        population: pl.DataFrame,
        asker: Asker,
        versions: Sequence[Version],
        costs: UnitCosts,
        *,
        on: dt.date | None = None,
        by: Sequence[str] = (),
    ) -> None:
        self.population = population.sort("row")
        self.asker, self.versions, self.costs, self.on, self.by = asker, tuple(versions), costs, on, tuple(by)
        self._facts: dict[Question, FactColumns] = {}
        self._answers: dict[Question, pl.DataFrame] = {}
        self.left_open = 0
        """Pupils whose outcome was left open without a proof."""

    @property
    def old(self) -> Version:
        """The version that all others are compared with."""
        return self.versions[0]

    @cached_property
    def groups(self) -> YearGroups:
        """How year groups are counted, as the old version has it."""
        return YearGroups.of(self.old)

    @cached_property
    def people(self) -> pl.DataFrame:
        """The pupils as the tables see them, in the order of `row`."""
        return people(self.population, self.groups, self.costs, on=self.on, by=self.by)

    @cached_property
    def cases(self) -> pl.DataFrame:
        """The pupils with the facts that their cases tell by themselves, worked out once for all questions."""
        told = any(name.startswith(FACT) for name in self.population.columns)
        return self.population if told else with_facts(self.population.lazy()).collect()

    def question(self, version: Version, *, years_ago: int = 0, choices: Choices = ()) -> Question:
        """What a version says of the pupils on the day of the run."""
        return Question(version.id, self.on, choices, years_ago)

    def book(self, version: Version) -> InForce:
        """A version written out."""
        return self.asker.book(version.id)

    def ask(self, version: Version) -> pl.DataFrame:
        """What a version says by its own readings on the day of the run, as decisions on the pupils would have it.

        Kept, because it is asked for often.
        """
        question = self.question(version)
        if question not in self._answers:
            asked = [self.question(each) for each in self.versions]
            for each, answer in self.ask_all(asked):
                settled, left = self.asker.settle(self._established([each], None), each, answer)
                self._answers[each] = settled
                self.left_open += left
        return self._answers[question]

    def ask_all(
        self, questions: Sequence[Question], rows: pl.Series | None = None
    ) -> Iterator[tuple[Question, pl.DataFrame]]:
        """The answers in the order of `row`, of the pupils in `rows` or of all, by three-valued logic alone.

        Questions that look at the same facts come one after another, in their order.
        """
        for group in self.asker.groups(questions):
            yield from self.asker.answers(self._established(group, rows), group)

    def _established(self, group: list[Question], rows: pl.Series | None) -> FactColumns:
        """The facts that a group of questions looks at; those of the run's own day are kept."""
        first, asked = group[0], [question.version for question in group]
        if rows is not None:
            there = self.cases.filter(pl.col("row").is_in(rows.implode()))
            return self.asker.establish(there, asked, first)
        if first.on != self.on or first.before:
            return self.asker.establish(self.cases, asked, first)
        key = Question(first.version, first.on)
        if key not in self._facts:
            held = self.asker.establish(self.cases, [version.id for version in self._alike(first)], first)
            self._facts |= dict.fromkeys((self.question(version) for version in self._alike(first)), held)
        return self._facts[key]

    def _alike(self, question: Question) -> list[Version]:
        """The versions of the run that look at the same facts as one question."""
        groups = self.asker.groups([self.question(version) for version in self.versions])
        (alike,) = (group for group in groups if question.version in {each.version for each in group})
        return [version for version in self.versions if version.id in {each.version for each in alike}]

    def read(self, answer: pl.DataFrame, version: Version, way: str = SETTLED) -> pl.DataFrame:
        """What an answer comes to for each pupil, read one way (`changes.answers`)."""
        return answers(answer, self.book(version), way)

    def changed(self, old: pl.DataFrame, new: pl.DataFrame, among: pl.DataFrame | None = None) -> pl.DataFrame:
        """What two versions come to side by side, with the columns of the pupils asked (by default all)."""
        return (self.people if among is None else among).hstack(compared(old, new).drop("row"))
