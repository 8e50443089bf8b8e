"""What a change of policy does to each pupil: from what two versions say of them to one word.

*Entitled* is an outcome of `entitled`; *carried* is entitled and taking it up. `refer` is never counted as either: an
officer decides it, and it is counted apart. The six words leave nobody out and nobody twice:

    winner      entitled under the new version, and not under the old
    loser       entitled under the old version, and neither entitled nor considered under the new
    protected   the same outcome under both, under the new one only because of legitimate expectation
    unchanged   the same outcome under both, for the new version's own reasons
    officer     the outcomes differ, and an officer decides under one of the two
    not_known   more information is needed under one of the two
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence

import polars as pl

from eligibility.in_force import PLAIN, GroundInForce, InForce
from eligibility.modelling.answers_in_columns import ENTITLED, NEED_INFORMATION, NOT_ENTITLED, REFER
from eligibility.reading_names import EXPECTATION

OUTCOMES = (ENTITLED, REFER, NOT_ENTITLED, NEED_INFORMATION)
CHANGES = ("winner", "loser", "protected", "unchanged", "officer", "not_known")
SETTLED, NOBODY = "settled", "nobody_protected"
"""Ways to read an outcome beside each reading of legitimate expectation: as a decision settles it, and as if the change
protected nobody."""
NONE, NOT_KNOWN = "none", "not_known"
"""What stands for the ground of a pupil whom none carries, and of one of whom more has to be known."""


def ways_to_read(book: InForce) -> tuple[str, ...]:
    """The readings of legitimate expectation of a version, the chosen one first; none where nothing is protected."""
    return tuple(reading for reading in book.outcomes if reading != PLAIN)


def answers(assessed: pl.DataFrame, book: InForce, way: str = SETTLED, *, grounds: bool = True) -> pl.DataFrame:
    """What a version says of each pupil, read one way: `row`, `outcome`, `kept` and, where it is asked for, `ground`.

    `ground` is the first of the version's grounds, in its order, that carries the pupil, so that each pupil counts
    under one. `kept` is the withdrawn element that carries a pupil whom none of the version's own grounds carries, null
    for all others.
    """
    columns, ways = assessed.columns, ways_to_read(book)
    own = {
        outcome: [(g.rule.id, carries(columns, g)) for g in book.grounds if g.rule.outcome == outcome]
        for outcome in (ENTITLED, REFER)
    }
    outcome = _outcome(columns, book, way)
    by_kept = {each: _named(_kept(book, each, way, ways)) for each in own}
    by_none = {each: ~_any(test.fill_null(False) for _, test in own[each]) for each in own}
    needed = [pl.when((outcome == each) & by_none[each]).then(by_kept[each]) for each in own]
    found = [outcome.alias("outcome"), pl.coalesce(*needed).alias("kept")]
    if grounds:
        by_own = {each: _named(own[each]) for each in own}
        ground = (
            pl.when(outcome == ENTITLED)
            .then(pl.coalesce(by_own[ENTITLED], by_kept[ENTITLED], pl.lit(NOT_KNOWN)))
            .when(outcome == REFER)
            .then(pl.coalesce(by_own[REFER], by_kept[REFER], pl.lit(EXPECTATION)))
            .when(outcome == NEED_INFORMATION)
            .then(pl.lit(NOT_KNOWN))
            .otherwise(pl.lit(NONE))
        )
        found.append(ground.alias("ground"))
    return assessed.select("row", *found)


def is_open(columns: Sequence[str], book: InForce, way: str = SETTLED) -> pl.Expr:
    """Whether what `answers` says of a pupil, the ground apart, is not known for certain: outcome, or what is kept."""
    ways = ways_to_read(book)
    outcome = _outcome(columns, book, way)
    found = outcome == NEED_INFORMATION
    for each in (ENTITLED, REFER):
        own = [carries(columns, ground) for ground in book.grounds if ground.rule.outcome == each]
        kept = [test for _, test in _kept(book, each, way, ways)]
        if kept:
            unsure = pl.any_horizontal(*(test.is_null() for test in (*own, *kept)))
            found |= (outcome == each) & ~_any(test.fill_null(False) for test in own) & unsure
    return found


def _kept(book: InForce, outcome: str, way: str, ways: tuple[str, ...]) -> list[tuple[str, pl.Expr]]:
    """The withdrawn elements that lead to an outcome, and whether each is kept under a way to read."""
    if way == NOBODY or not ways:
        return []
    reading = way if way in ways else ways[0]
    return [
        (element, pl.col(f"kept:{element}[{reading}]"))
        for element in book.expectations[reading]
        if book.protected[element].rule.outcome == outcome
    ]


def _outcome(columns: Sequence[str], book: InForce, way: str) -> pl.Expr:
    """The outcome of each pupil, read one way."""
    if way == NOBODY:
        tests = ([carries(columns, g) for g in book.grounds if g.rule.outcome == each] for each in (ENTITLED, REFER))
        return _own_outcome(*tests)
    return pl.col(f"outcome[{way}]" if way in ways_to_read(book) else "outcome")


def carries(columns: Sequence[str], ground: GroundInForce) -> pl.Expr:
    """Whether a ground carries each pupil, by the form that an outcome is drawn from."""
    name = f"carries:{ground.rule.id}"
    return pl.col(name if name in columns else ground.rule.id)


def _named(tests: Sequence[tuple[str, pl.Expr]]) -> pl.Expr:
    """The first name of which the test is true, or null."""
    return pl.coalesce(*(pl.when(test).then(pl.lit(name)) for name, test in tests), pl.lit(None, pl.String))


def _own_outcome(entitling: Sequence[pl.Expr], referring: Sequence[pl.Expr]) -> pl.Expr:
    """The outcome by the version's own grounds: the first of entitled and refer that is not false decides."""
    entitled, refer = _any(entitling), _any(referring)
    return (
        pl.when(entitled)
        .then(pl.lit(ENTITLED))
        .when(entitled.is_null())
        .then(pl.lit(NEED_INFORMATION))
        .when(refer)
        .then(pl.lit(REFER))
        .when(refer.is_null())
        .then(pl.lit(NEED_INFORMATION))
        .otherwise(pl.lit(NOT_ENTITLED))
    )


def _any(tests: Iterable[pl.Expr]) -> pl.Expr:
    return functools.reduce(operator.or_, tests, pl.lit(False))


def change() -> pl.Expr:
    """The word for each pupil, from the columns `before`, `after` and `kept`."""
    before, after = pl.col("before"), pl.col("after")
    return (
        pl.when((before == NEED_INFORMATION) | (after == NEED_INFORMATION))
        .then(pl.lit("not_known"))
        .when((before == after) & pl.col("kept").is_not_null())
        .then(pl.lit("protected"))
        .when(before == after)
        .then(pl.lit("unchanged"))
        .when(after == ENTITLED)
        .then(pl.lit("winner"))
        .when((before == ENTITLED) & (after == NOT_ENTITLED))
        .then(pl.lit("loser"))
        .otherwise(pl.lit("officer"))
        .alias("change")
    )


def compared(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Two answers on the same pupils side by side: `row`, `before`, `after`, both grounds if told, `kept`, `change`."""
    names = {"outcome": ("before", "after"), "ground": ("ground_before", "ground_after")}
    held = [name for name in names if name in old.columns]
    before = old.select("row", *(pl.col(name).alias(names[name][0]) for name in held))
    after = new.select(*(pl.col(name).alias(names[name][1]) for name in held), "kept")
    return before.hstack(after).with_columns(change())
