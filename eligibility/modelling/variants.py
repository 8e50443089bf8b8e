"""A change asked about in several variants at once: of all pupils once, and again of those on whom a variant can hang.

Variants differ in readings, or in how long ago the change was. Left open, these leave some pupils open: of all others
what is known then holds in every variant, so that they are asked once and counted into each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from eligibility.modelling.changes import is_open
from eligibility.modelling.fact_columns import FactColumns
from eligibility.modelling.outcome_tables import COUNTED, counts
from eligibility.modelling.part import Part
from eligibility.modelling.questions import Question
from eligibility.policy import Version

VARIANT = "variant"
"""The column that has the place of a variant."""
Pair = tuple[Question, Question]
"""What the old version and the new one are asked in a variant."""


@dataclass(frozen=True)
class Changed:
    """What a change comes to, read one way: of all pupils in the first variant, and of some of them in every variant.

    Both have the columns of `Part.priced` and of `changes.compared`; `some` has the `variant` as well, in its order.
    """

    whole: pl.DataFrame
    some: pl.DataFrame
    rows: pl.Series
    variants: int

    def variant(self, number: int) -> pl.DataFrame:
        """The pupils of `rows` in one variant."""
        return self.some.slice(number * len(self.rows), len(self.rows))

    def first(self) -> pl.DataFrame:
        """The pupils of `rows` in the first variant, as they stand in `whole`."""
        return self.whole.filter(pl.col("row").is_in(self.rows.implode()))

    def counted(self, by: Sequence[str]) -> pl.DataFrame:
        """Sums of all pupils by variant and by some columns.

        A group may have two rows, which are to be added up: one of those in `rows`, and one of all others.
        """
        keys = [VARIANT, *by]
        others = self.whole.filter(~pl.col("row").is_in(self.rows.implode())).group_by(by).agg(counts())
        every = pl.DataFrame({VARIANT: range(self.variants)}, schema={VARIANT: pl.Int64})
        some = self.some.group_by(keys).agg(counts())
        return pl.concat([every.join(others, how="cross"), some]).select(*keys, *COUNTED)


class Variants:
    """The answers to several variants of one change, of which the first is asked of all pupils."""

    def __init__(
        self,
        part: Part,
        option: Version,
        pairs: Sequence[Pair],
        unread: Pair,
        ways: Sequence[str],
        *,
        long_held: bool = False,
    ) -> None:
        """Ask `pairs`; `unread` is the same with what they differ in left open, `ways` how the answers will be read."""
        self._part, self._option, self._pairs = part, option, pairs
        facts = part.facts_of(pairs[0], long_held=long_held)
        whole = _whole(part, facts, dict.fromkeys([*pairs[0], *unread]))
        self._whole = tuple(whole[question] for question in pairs[0])
        self._rows = _open_rows(part, whole, pairs[0], unread, ways)
        self._some = tuple(
            _some(part, facts, self._rows, questions) if len(self._rows) else self._whole[place].clear()
            for place, questions in enumerate(zip(*pairs, strict=True))
        )

    def changed(self, way: str) -> Changed:
        """What the change comes to in every variant, read one way."""
        part, rows, number = self._part, self._rows, len(self._pairs)
        priced = part.priced.filter(pl.col("row").is_in(rows.implode()))
        places = pl.Series(VARIANT, range(number), pl.Int64)
        named = places.to_frame().join(priced, how="cross", maintain_order="left_right")
        return Changed(
            self._compared(self._whole, way, part.priced), self._compared(self._some, way, named), rows, number
        )

    def _compared(self, answers: tuple[pl.DataFrame, ...], way: str, among: pl.DataFrame) -> pl.DataFrame:
        held = zip(answers, (self._part.old, self._option), strict=True)
        old, new = (self._part.read(answer, version, way, grounds=False) for answer, version in held)
        return self._part.changed(old, new, among)


def _whole(
    part: Part, facts: Mapping[str, FactColumns], questions: Mapping[Question, None]
) -> dict[Question, pl.DataFrame]:
    """The answers of all pupils; questions about the same facts are put together."""
    by_facts: dict[int, list[Question]] = {}
    for question in questions:
        by_facts.setdefault(id(facts[question.version]), []).append(question)
    found: dict[Question, pl.DataFrame] = {}
    for group in by_facts.values():
        found |= part.asker.answers(facts[group[0].version], group)
    return found


def _some(part: Part, facts: Mapping[str, FactColumns], rows: pl.Series, questions: Sequence[Question]) -> pl.DataFrame:
    """The answers of some pupils to the question of every variant, one after another."""
    different = list(dict.fromkeys(questions))
    answers = part.asker.together(facts[different[0].version], rows, different)
    if len(different) == len(questions):
        return answers
    places = [different.index(question) for question in questions]
    return pl.concat(answers.slice(place * len(rows), len(rows)) for place in places)


def _open_rows(
    part: Part, answers: Mapping[Question, pl.DataFrame], pair: Pair, unread: Pair, ways: Sequence[str]
) -> pl.Series:
    """The rows of pupils of whom something that a change is told by is open while a variant is."""
    found = [part.priced.get_column("row").clear()]
    for read, question in zip(pair, unread, strict=True):
        if read != question:
            book, answer = part.asker.book(question.version), answers[question]
            tests = (is_open(answer.columns, book, way) for way in ways)
            found.append(answer.filter(pl.any_horizontal(*tests)).get_column("row"))
    return pl.concat(found).unique().sort()
