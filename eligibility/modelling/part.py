"""One part of a population, so many rows of it, with what has been asked of it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import polars as pl

from eligibility.engines.frame_conditions import FACT, column_of
from eligibility.facts import NEVER
from eligibility.in_force import InForce
from eligibility.modelling.changes import SETTLED, answers, compared
from eligibility.modelling.fact_columns import FactColumns
from eligibility.modelling.facts_of_cases import with_facts
from eligibility.modelling.open_readings import Choices
from eligibility.modelling.people import YearGroups, people
from eligibility.modelling.questions import Asker, Question, award_as_old_as_schooling
from eligibility.modelling.unit_costs import UnitCosts
from eligibility.policy import Version
from eligibility.school_calendar import as_number

_A_YEAR_APART = 10**12
"""What is added to the row of a pupil for each later year, where several years are asked about at once."""


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
        self._by_logic: dict[Question, pl.DataFrame] = {}
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

    def question(self, version: Version, *, years_ago: int | None = 0, choices: Choices = ()) -> Question:
        """What a version says of the pupils on the day of the run."""
        return Question(version.id, self.on, choices, years_ago, "" if years_ago == 0 else self.old.id)

    def book(self, version: Version) -> InForce:
        """A version written out."""
        return self.asker.book(version.id)

    def ask(self, version: Version) -> pl.DataFrame:
        """What a version says by its own readings on the day of the run, as decisions on the pupils would have it.

        Kept, because it is asked for often.
        """
        question = self.question(version)
        if question not in self._answers:
            self._answers[question], left = self.asker.settle(
                self._established([question]), question, self.by_logic(version)
            )
            self.left_open += left
        return self._answers[question]

    def by_logic(self, version: Version) -> pl.DataFrame:
        """What a version says by its own readings on the day of the run, by three-valued logic alone; kept too."""
        question = self.question(version)
        if question not in self._by_logic:
            self._by_logic |= self.ask_all([self.question(each) for each in self.versions])
        return self._by_logic[question]

    def ask_all(
        self, questions: Sequence[Question], *, long_held: bool = False
    ) -> Iterator[tuple[Question, pl.DataFrame]]:
        """The answers in the order of `row`, by three-valued logic alone.

        Questions that look at the same facts come one after another, in their order. With `long_held` an award of the
        first day of its policy is as old as the child's time at the school.
        """
        for group in self.asker.groups(questions):
            yield from self.asker.answers(self._facts_for(group, long_held=long_held), group)

    def _facts_for(self, group: list[Question], *, long_held: bool) -> FactColumns:
        facts = self._established(group)
        return replace(facts, frame=award_as_old_as_schooling(facts.frame, self.old.starts)) if long_held else facts

    def in_later_years(
        self, versions: Sequence[Version], years: Mapping[int, tuple[dt.date, pl.Series]]
    ) -> list[pl.DataFrame]:
        """What each version says of some of the pupils, by their rows, on a day of each of several later years.

        All years stand in one table, in the order of `year` and `row`.
        """
        cases = pl.concat(self._on_a_day(day, rows, year) for year, (day, rows) in years.items())
        questions = [Question(version.id) for version in versions]
        answers: dict[Question, pl.DataFrame] = {}
        for group in self.asker.groups(questions):
            facts = self.asker.establish(cases, [question.version for question in group], group[0])
            answers |= self.asker.answers(facts, group)
        year = (pl.col("row") // _A_YEAR_APART).alias("year")
        return [answers[question].with_columns(year, pl.col("row") % _A_YEAR_APART) for question in questions]

    def _on_a_day(self, day: dt.date, rows: pl.Series, year: int) -> pl.DataFrame:
        """Some pupils as they are asked about on a day, in rows of their own."""
        return self.cases.filter(pl.col("row").is_in(rows.implode())).with_columns(
            pl.col("row") + year * _A_YEAR_APART,
            pl.lit(as_number(day), pl.Int32).alias(column_of("travel_from")),
            pl.lit(NEVER, pl.Int32).alias(column_of("applied_on")),
        )

    def facts_of(self, questions: Sequence[Question], *, long_held: bool = False) -> dict[str, FactColumns]:
        """By version: the facts that its questions look at; all questions of a version look at the same."""
        found: dict[str, FactColumns] = {}
        for group in self.asker.groups(questions):
            facts = self._facts_for(group, long_held=long_held)
            found |= {question.version: facts for question in group}
        return found

    def _established(self, group: list[Question]) -> FactColumns:
        """The facts that a group of questions looks at; those of the run's own day are kept."""
        first, asked = group[0], [question.version for question in group]
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

    def read(self, answer: pl.DataFrame, version: Version, way: str = SETTLED, *, grounds: bool = True) -> pl.DataFrame:
        """What an answer comes to for each pupil, read one way (`changes.answers`)."""
        return answers(answer, self.book(version), way, grounds=grounds)

    def changed(self, old: pl.DataFrame, new: pl.DataFrame, among: pl.DataFrame | None = None) -> pl.DataFrame:
        """What two versions come to side by side, with the columns of the pupils asked (by default all)."""
        return (self.people if among is None else among).hstack(compared(old, new).drop("row"))

    @cached_property
    def priced(self) -> pl.DataFrame:
        """What of the pupils is needed to count them: `row`, whether they take up their seat, and their pence."""
        return self.people.select("row", "takes_up", "pence", "seat_pence")
