"""Awards already held: what the version before would have granted, to those who took it up.

Every pupil who was at the school before this school year is assessed under the version in force on the last day before
it, on that day. The award is of the first ground that carries, in the order of the rulebook, so
no award is held that the rules of the day would not have given, errors and paid seats apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from eligibility.in_force import Books, GroundInForce
from eligibility.modelling.assessed import assess
from eligibility.modelling.facts_of_cases import with_facts
from eligibility.modelling.generate.county import Draw
from eligibility.modelling.measuring.figures import Bools
from eligibility.policy import Policies, Version

_ENTITLED = "entitled"


@dataclass(frozen=True, eq=False)
class Awards:
    """By pupil: the ground ("" where no award is held), and whether it was made in error or is a paid seat."""

    ground: list[str]
    in_error: Bools
    paid_seat: Bools


def carried(pupils: pl.DataFrame, policies: Policies, version: Version, on: dt.date) -> tuple[list[str], list[str]]:
    """For each pupil, the ground that carries it under a version on a day, and the one an officer would decide on.

    Either is "" where there is none.
    """
    books = Books(policies)
    grounds = books.of(version).grounds
    found = assess(with_facts(pupils.lazy()), books, version, on=on).collect()
    entitling = [ground for ground in grounds if ground.rule.outcome == _ENTITLED]
    referring = [ground for ground in grounds if ground.rule.outcome != _ENTITLED]
    return _first(found, entitling), _first(found, referring)


def _first(found: pl.DataFrame, grounds: Sequence[GroundInForce]) -> list[str]:
    """The first of some grounds that the outcome is drawn from, in the order of the rulebook."""
    met = {ground.rule.id: pl.col(_answer(found, ground.rule.id)) for ground in grounds}
    first = pl.coalesce(*(pl.when(answer).then(pl.lit(name)) for name, answer in met.items()), pl.lit(""))
    return found.select(first).to_series().to_list()


def _answer(found: pl.DataFrame, ground: str) -> str:
    """The column that a ground carries by: its own result, unless the outcome is drawn from another form."""
    other = f"carries:{ground}"
    return other if other in found.columns else ground


def awards_of(
    answers: tuple[Sequence[str], Sequence[str]],
    takes_up: Bools,
    before: Bools,
    wishes_belief: Bools,
    draw: Draw,
) -> Awards:
    """Who holds an award: those `before` the school year who take up what is granted, and a few errors and paid seats.

    `wishes_belief` tells who chose the school by a belief, which errors and paid seats are recorded by.
    """
    granted, considered = answers
    recorded = draw.rates.by_name["ground_of_errors_and_paid_seats"].value
    rng = draw.of("awards")
    officer = rng.random(len(granted)) < draw.rates.number("officer_grants")
    ground = [
        (one or (other if grants else "")) if takes and was else ""
        for one, other, grants, takes, was in zip(
            granted, considered, officer.tolist(), takes_up.tolist(), before.tolist(), strict=True
        )
    ]
    without = np.array([not each for each in ground], dtype=bool) & np.array([not each for each in granted], dtype=bool)
    luck: Any = rng.random(len(granted))
    error, paid = draw.rates.number("award_in_error"), draw.rates.number("paid_seat")
    in_error = without & before & (luck < error)
    paid_seat = without & before & ~in_error & (luck < error + paid)
    for number in np.flatnonzero(in_error | paid_seat).tolist():
        ground[number] = str(recorded["belief" if wishes_belief[number] else "other"])
    return Awards(ground, in_error, paid_seat)
