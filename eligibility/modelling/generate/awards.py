"""Awards already held: what the version before would have granted, to those who took it up.

Every pupil who was at the school before this school year is assessed under the version in force on the last day before
it, by the reference engine, on that day. The award is of the first ground that carries, in the order of the rulebook, so
no award is held that the rules of the day would not have given, errors and paid seats apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eligibility.case import build_case_model, read_case
from eligibility.in_force import Books
from eligibility.modelling.generate.county import Dice
from eligibility.modelling.generate.rates import Rates
from eligibility.modelling.measuring.figures import Bools
from eligibility.modelling.measuring.lengths import Progress
from eligibility.outcome import answer
from eligibility.policy import Policies, Version

_ENTITLED = "entitled"


@dataclass(frozen=True, eq=False)
class Awards:
    """By pupil: the ground ("" where no award is held), and whether it was made in error or is a paid seat."""

    ground: list[str]
    in_error: Bools
    paid_seat: Bools


def carried(
    cases: Iterable[Mapping[str, Any]], policies: Policies, version: Version, on: dt.date, progress: Progress, of: int
) -> tuple[list[str], list[str]]:
    """For each case, the ground that carries it under a version on a day, and the one an officer would decide on.

    Either is "" where there is none.
    """
    books = Books(policies)
    book = books.of(version)
    model = build_case_model({"ground": tuple(policies.rules.grounds), "policy": tuple(policies.versions)})
    entitling = [ground for ground in book.grounds if ground.rule.outcome == _ENTITLED]
    referring = [ground for ground in book.grounds if ground.rule.outcome != _ENTITLED]
    granted, considered = [], []
    for number, data in enumerate(cases, start=1):
        found = answer(read_case(data, model), version, books, on).found
        granted.append(next((ground.rule.id for ground in entitling if found[ground.decides]), ""))
        considered.append(next((ground.rule.id for ground in referring if found[ground.decides]), ""))
        if not number % _TELL_EVERY:
            progress(number, of)
    return granted, considered


def awards_of(
    granted: Sequence[str],
    considered: Sequence[str],
    takes_up: Bools,
    before: Bools,
    wishes_belief: Bools,
    rates: Rates,
    dice: Dice,
) -> Awards:
    """Who holds an award: those `before` the school year who take up what is granted, and a few errors and paid seats.

    `wishes_belief` tells who chose the school by a belief, which errors and paid seats are recorded by.
    """
    recorded = rates.by_name["ground_of_errors_and_paid_seats"].value
    rng = dice.of("awards")
    officer = rng.random(len(granted)) < rates.number("officer_grants")
    ground = [
        (one or (other if grants else "")) if takes and was else ""
        for one, other, grants, takes, was in zip(
            granted, considered, officer.tolist(), takes_up.tolist(), before.tolist(), strict=True
        )
    ]
    without = np.array([not each for each in ground], dtype=bool) & np.array([not each for each in granted], dtype=bool)
    luck: Any = rng.random(len(granted))
    error, paid = rates.number("award_in_error"), rates.number("paid_seat")
    in_error = without & before & (luck < error)
    paid_seat = without & before & ~in_error & (luck < error + paid)
    for number in np.flatnonzero(in_error | paid_seat).tolist():
        ground[number] = str(recorded["belief" if wishes_belief[number] else "other"])
    return Awards(ground, in_error, paid_seat)


_TELL_EVERY = 500
