"""Who wins, loses and is protected, by everything that pupils are counted by; each breakdown adds up to the same total.

Every table here is a sum over pupils of whole numbers, so that a population can be counted in parts and in any order.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from eligibility.in_force import InForce, NoticeInForce
from eligibility.modelling.answers_in_columns import ENTITLED
from eligibility.modelling.changes import carries

ALL = "all"
RESULTS = ("met", "not_met", "not_known")
"""What a ground can come to."""
NOTICE_MARKS = ("applies", "does not apply", "not known")
"""Whether a notice falls."""
COUNTED = (
    "pupils",
    "entitled_before",
    "entitled_after",
    "carried_before",
    "carried_after",
    "pence_before",
    "pence_after",
    "seat_pence_before",
    "seat_pence_after",
)
"""What is summed: pupils; those entitled; those carried, who are entitled and take it up; `pence`, what those carried
cost at the average; `seat_pence`, what of it is saved if their seats fall empty."""


def counts() -> list[pl.Expr]:
    """The sums of a group of pupils, from `before` and `after`, `takes_up`, `pence` and `seat_pence`."""
    summed = {
        "entitled": pl.lit(1, pl.Int64),
        "carried": pl.col("takes_up").cast(pl.Int64),
        "pence": pl.col("pence"),
        "seat_pence": pl.col("seat_pence"),
    }
    sums = [
        pl.when(pl.col(when) == ENTITLED).then(value).otherwise(0).sum().cast(pl.Int64).alias(f"{name}_{when}")
        for name, value in summed.items()
        for when in ("before", "after")
    ]
    return [pl.len().cast(pl.Int64).alias("pupils"), *sums]


def outcomes(changed: pl.DataFrame, option: str) -> pl.DataFrame:
    """Counts by dimension, value and change. `changed` has both answers beside the columns of `people`."""
    dimensions = {name: name.removeprefix("by:") for name in changed.columns if name.startswith("by:")}
    dimensions |= {"ground_before": "ground_before", "ground_after": "ground_after"}
    tables = [changed.group_by("change").agg(counts()).select(_key(option, ALL, pl.lit(ALL)), "change", *COUNTED)]
    for column, name in dimensions.items():
        grouped = changed.group_by(column, "change").agg(counts())
        tables.append(grouped.select(_key(option, name, pl.col(column)), "change", *COUNTED))
    return pl.concat(tables).unnest("key")


def _key(option: str, dimension: str, value: pl.Expr) -> pl.Expr:
    return pl.struct(pl.lit(option).alias("option"), pl.lit(dimension).alias("dimension"), value.alias("value")).alias(
        "key"
    )


def transitions(changed: pl.DataFrame, option: str) -> pl.DataFrame:
    """Pupils by the outcome before, the outcome after, and the withdrawn element that is kept."""
    keys = ["before", "after", "change", "kept"]
    counted = changed.with_columns(pl.col("kept").fill_null("")).group_by(keys).agg(counts())
    return counted.select(pl.lit(option).alias("option"), *keys, *COUNTED)


def grounds_met(assessed: pl.DataFrame, book: InForce) -> pl.DataFrame:
    """Pupils by ground and result; a pupil may meet several grounds, so these do not add up over the grounds."""
    tables = (
        assessed.select(
            pl.lit(book.version.id).alias("policy"),
            pl.lit(ground.rule.id).alias("ground"),
            pl.lit(ground.rule.kind).alias("kind"),
            result_of(ground.rule.id).alias("result"),
        )
        .group_by("policy", "ground", "kind", "result")
        .agg(pl.len().cast(pl.Int64).alias("pupils"))
        for ground in book.grounds
    )
    return pl.concat(tables)


def result_of(ground: str) -> pl.Expr:
    """What `grounds_met` calls the result of a ground."""
    held, (met, not_met, not_known) = pl.col(ground), map(pl.lit, RESULTS)
    return pl.when(held.is_null()).then(not_known).when(held).then(met).otherwise(not_met)


STATUTORY, LOCAL = "on a statutory ground", "on a local ground"


def on_statutory_ground(columns: Sequence[str], book: InForce) -> pl.Expr:
    """Whether a statutory ground carries a pupil, known for certain."""
    statutory = (g for g in book.grounds if g.rule.kind == "statutory" and g.rule.outcome == ENTITLED)
    return pl.any_horizontal(pl.lit(False), *(carries(columns, ground).fill_null(False) for ground in statutory))


def late_marks(columns: Sequence[str], book: InForce, notice: NoticeInForce) -> list[pl.Expr]:
    """What carries a pupil, `carried_by`, and whether a notice falls, `notice`."""
    held, (applies, does_not, not_known) = pl.col(notice.applies), map(pl.lit, NOTICE_MARKS)
    return [
        pl.when(on_statutory_ground(columns, book))
        .then(pl.lit(STATUTORY))
        .otherwise(pl.lit(LOCAL))
        .alias("carried_by"),
        pl.when(held.is_null()).then(not_known).when(held).then(applies).otherwise(does_not).alias("notice"),
    ]


def late_notices(assessed: pl.DataFrame, changed: pl.DataFrame, book: InForce) -> pl.DataFrame:
    """Of the pupils carried: how often a notice falls on one whom a statutory ground carries, and on others.

    By dimension and value. A notice is given only where travel is granted, and delays nothing by itself where statute
    grants it.
    """
    dimensions = {name: name.removeprefix("by:") for name in changed.columns if name.startswith("by:")}
    tables = []
    for notice in book.notices:
        marks = assessed.select(late_marks(assessed.columns, book, notice))
        marked = changed.hstack(marks).filter(pl.col("after") == ENTITLED)
        for column, name in {"": ALL, **dimensions}.items():
            keys = ["notice", "carried_by", *([column] if column else [])]
            value = pl.col(column) if column else pl.lit(ALL)
            grouped = marked.group_by(keys).agg(
                pl.len().cast(pl.Int64).alias("pupils"), pl.col("pence").sum().cast(pl.Int64).alias("pence")
            )
            key = _key(book.version.id, name, value)
            tables.append(
                grouped.select(key, pl.lit(notice.id).alias("kind"), "notice", "carried_by", "pupils", "pence")
            )
    return pl.concat(tables).unnest("key") if tables else pl.DataFrame()
