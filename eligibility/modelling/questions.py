"""What a population is asked: what a version says of it, on which day, under which readings, how long after the change.

Questions that look at the same facts are put together: the facts are established once, and what several answers have in
common is worked out once.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from eligibility.engines.frame_conditions import FACT, column_of
from eligibility.facts import NEVER
from eligibility.in_force import Books, InForce
from eligibility.language.partial import Known
from eligibility.modelling.answers_in_columns import NEED_INFORMATION, conclude
from eligibility.modelling.assessed import outcome_columns
from eligibility.modelling.engines import Engine, InPolars
from eligibility.modelling.fact_columns import FactColumns, looks_at
from eligibility.modelling.facts_in_columns import establish_in_columns
from eligibility.modelling.open_readings import BEFORE_THE_RULES, Choices
from eligibility.modelling.settled import settle
from eligibility.policy import VERSION_STARTS, Policies, Version
from eligibility.school_calendar import as_number

_AT_ONCE = 6
"""How many questions are answered in one go; more would hold too many columns at a time."""
_ROWS_AT_ONCE = 500_000
"""How many answers are worked out in one go where several questions are asked of the same pupils."""
_ROW, _QUESTION, _EVERY = "row", "question", "every"
OPEN = ""
"""The choice of a reading that is left open: what is known then holds however it is read."""


@dataclass(frozen=True)
class Question:
    """One question to a population, put to all its pupils at once.

    `on` is the day for everyone, None each pupil's own; `choices` read the policy otherwise than the version chose, or
    leave a reading `OPEN`; `years_ago` moves the change from the version `since` so many years back, None leaves open
    how many.
    """

    version: str
    on: dt.date | None = None
    choices: Choices = ()
    years_ago: int | None = 0
    since: str = ""

    @property
    def before(self) -> Choices:
        """The choices that change the facts, and not only what the rules make of them."""
        return tuple(choice for choice in self.choices if choice[0] in BEFORE_THE_RULES)


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years before; for 29 February, the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def the_change(policies: Policies, old: Version, version: Version) -> list[Version]:
    """The versions that make the change from `old`: `version`, and those before it that `old` does not come after."""
    held = {each.id for each in policies.with_those_before(old)}
    return [each for each in policies.with_those_before(version) if each.id not in held]


def the_change_moved(policies: Policies, old: Version, version: Version, years: int) -> Policies:
    """Policies in which a change lies so many years further back, all else the same: for reasons, never for decisions.

    A draft on top of a version moves with it, so that what either withdrew is kept as long.
    """
    moved = {
        each.id: replace(each, starts=years_before(each.starts, years)) for each in the_change(policies, old, version)
    }
    return replace(policies, versions={**policies.versions, **moved})


def award_as_old_as_schooling(frame: nw.LazyFrame[Any], first_day: dt.date) -> nw.LazyFrame[Any]:
    """Facts in which an award given by the first day of its policy is as old as the child's time at the school."""
    granted, started = (column_of(name) for name in ("award_granted_on", "school_started_on"))
    if not {granted, started} <= set(frame.collect_schema().names()):
        return frame
    older = nw.min_horizontal(granted, started)
    known = nw.when(nw.col(granted) <= as_number(first_day)).then(older).otherwise(nw.col(granted))
    return frame.with_columns(known.alias(granted))


class Asker:
    """Puts questions to populations by one engine, and keeps what each version puts in force.

    Another engine than Polars reads pupils from a file; such files go to the folder `files`, for the caller to remove,
    or to one of their own that goes with the asker.
    """

    def __init__(self, policies: Policies, engine: Engine | None = None, files: Path | None = None) -> None:
        self.policies = policies
        self.engine: Engine = engine or InPolars()
        self.books = Books(policies)
        self._files = files
        self._brought = 0

    def _bring(self, cases: pl.DataFrame) -> nw.LazyFrame[Any]:
        """The rows of cases in the engine; others than Polars read them from a file."""
        if isinstance(self.engine, InPolars):
            return self.engine.open(cases.lazy())
        if self._files is None:
            self._files = Path(tempfile.mkdtemp(prefix="edtravel-"))
            weakref.finalize(self, shutil.rmtree, self._files, ignore_errors=True)
        self._brought += 1
        self._files.mkdir(exist_ok=True)
        path = self._files / f"{self._brought}.parquet"
        cases.write_parquet(path)
        return self.engine.open(path)

    def book(self, version: str) -> InForce:
        """A version written out."""
        return self.books.of(self.policies.version(version))

    def groups(self, questions: Sequence[Question]) -> Iterator[list[Question]]:
        """The questions that look at the same facts, group by group."""
        found: dict[object, list[Question]] = {}
        for question in dict.fromkeys(questions):
            looks = looks_at(self.policies.version(question.version), dict(question.before))
            found.setdefault((question.on, looks), []).append(question)
        yield from found.values()

    def establish(self, cases: pl.DataFrame, versions: Sequence[str], question: Question) -> FactColumns:
        """The facts that versions read of some pupils, as one question looks at them."""
        books = [self.book(name) for name in dict.fromkeys(versions)]
        found = establish_in_columns(
            self._bring(self._no_day_before_the_law(cases, versions)),
            books,
            self.policies,
            on=question.on,
            choices=dict(question.before),
            join=self.engine.join,
        )
        facts = (name for name in found.frame.collect_schema().names() if name.startswith(FACT))
        frame = found.frame.select(_ROW, *facts)
        if isinstance(self.engine, InPolars):  # worked out once, for every question that will be asked of them
            (table,) = self.engine.collect(frame)
            frame = self.engine.open(table.lazy())
        return replace(found, frame=frame)

    def _no_day_before_the_law(self, cases: pl.DataFrame, versions: Sequence[str]) -> pl.DataFrame:
        """The cases without the day of an application from before the statute is held: no reading can mean that day."""
        applied = column_of("applied_on")
        if applied not in cases.columns:
            return cases
        held = [self.policies.version(name) for name in versions]
        first = max(self.policies.version(version.statute or version.id).starts for version in held)
        known = pl.when(pl.col(applied) < as_number(first)).then(pl.lit(NEVER)).otherwise(pl.col(applied))
        return cases.with_columns(known.cast(pl.Int32).alias(applied))

    def answers(self, facts: FactColumns, questions: Sequence[Question]) -> Iterator[tuple[Question, pl.DataFrame]]:
        """The answer to each question, one row a pupil in the order of `row`."""
        for first in range(0, len(questions), _AT_ONCE):
            asked = {f"{place}:": question for place, question in enumerate(questions[first : first + _AT_ONCE])}
            books = {prefix: self.book(question.version) for prefix, question in asked.items()}
            instead = {prefix: self._instead(question) for prefix, question in asked.items()}
            frame, columns = conclude(facts, books, instead)
            (found,) = self.engine.collect(
                frame.select(_ROW, *dict.fromkeys(column.held for column in columns.values()))
            )
            found = found.sort(_ROW)
            for prefix, question in asked.items():
                own = {name: column for name, column in columns.items() if name.startswith(prefix)}
                told = (column.in_words().alias(name.removeprefix(prefix)) for name, column in own.items())
                yield question, found.select(_ROW, *told)

    def together(self, facts: FactColumns, rows: pl.Series, questions: Sequence[Question]) -> pl.DataFrame:
        """The answers to questions of one version about some of the pupils, in one table by `question` and `row`.

        `question` is the place of the question. The rules are written out once, however many questions there are: what
        the questions take otherwise than one another stands in columns.
        """
        version = questions[0].version
        of_version, otherwise = facts.versions[version], [self._instead(question) for question in questions]
        taken = {
            name: [each.get(name, of_version.constants.get(name)) for each in otherwise]
            for name in dict.fromkeys(name for each in otherwise for name in each)
        }
        differ = {name: values for name, values in taken.items() if len(set(values)) > 1}
        alike = {name: values[0] for name, values in taken.items() if name not in differ}
        asked = pl.DataFrame(
            [
                pl.Series(_QUESTION, range(len(questions)), pl.Int64),
                pl.Series(_EVERY, [1] * len(questions), pl.Int32),
                *(pl.Series(column_of(_asked(name)), values, _kind(values)) for name, values in differ.items()),
            ]
        )
        some = facts.frame.filter(nw.col(_ROW).is_in(rows.to_list())).with_columns(nw.lit(1, nw.Int32).alias(_EVERY))
        if isinstance(self.engine, InPolars):
            (table,) = self.engine.collect(some)
            some = self.engine.open(table.lazy())
        own = replace(
            of_version,
            constants={name: value for name, value in of_version.constants.items() if name not in differ},
            columns={**of_version.columns, **{name: _asked(name) for name in differ}},
        )
        found = []
        for part in asked.iter_slices(max(1, _ROWS_AT_ONCE // len(rows))):
            frame = self.engine.join(some, part, _EVERY)
            told = replace(facts, frame=frame, versions={**facts.versions, version: own})
            frame, columns = conclude(told, {"": self.book(version)}, {"": alike})
            held = dict.fromkeys(column.held for column in columns.values())
            (answered,) = self.engine.collect(frame.select(_QUESTION, _ROW, *held))
            words = (column.in_words().alias(name) for name, column in columns.items())
            found.append(answered.sort(_QUESTION, _ROW).select(_QUESTION, _ROW, *words))
        return pl.concat(found)

    def settle(self, facts: FactColumns, question: Question, answer: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """An answer with every outcome settled that is open and hangs on nothing unknown, as a decision would have it.

        Also how many pupils were left open without a proof, because their gaps make too many patterns.
        """
        left = 0
        for name, (book, readings) in outcome_columns({"": self.book(question.version)}, facts).items():
            rows = answer.filter(pl.col(name) == NEED_INFORMATION).get_column("row")
            if rows.is_empty():
                continue
            (there,) = self.engine.collect(facts.frame.filter(nw.col(_ROW).is_in(rows.to_list())))
            there = there.sort(_ROW)
            found = settle(there, facts, book, readings)
            known = pl.DataFrame([there.get_column("row"), found.settled.alias("settled")]).drop_nulls()
            joined = answer.join(known, on="row", how="left", maintain_order="left")
            answer = joined.with_columns(pl.coalesce("settled", name).alias(name)).drop("settled")
            left += found.not_tried
        return answer, left

    def _instead(self, question: Question) -> Mapping[str, Known | None]:
        """The readings and the day of a version that a question takes otherwise."""
        version, choices = self.policies.version(question.version), dict(question.choices)
        found: dict[str, Known | None] = {}
        worded = {f"@{older}": self.policies.version(older) for older in self.book(version.id).older}
        for suffix, held in {"": version, **worded}.items():
            for name, reading in held.readings.items():
                if name in choices and not reading.settled:
                    found[name + suffix] = None if choices[name] == OPEN else choices[name]
        if question.years_ago != 0:
            moved = {each.id for each in self._moved(question, version)}
            for suffix, held in {"": version, **worded}.items():
                if held.id in moved:
                    ago = question.years_ago
                    found[VERSION_STARTS + suffix] = None if ago is None else as_number(years_before(held.starts, ago))
        return found

    def _moved(self, question: Question, version: Version) -> list[Version]:
        return the_change(self.policies, self.policies.version(question.since), version)


def _asked(name: str) -> str:
    """The fact that holds what each question takes for a reading or a day."""
    return f"asked_{name}"


def _kind(values: Sequence[Known | None]) -> type[pl.DataType]:
    return pl.String if any(isinstance(value, str) for value in values) else pl.Int32
