"""The columns of the awards that pupils already hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import polars as pl

from eligibility import school_calendar as calendar
from eligibility.case import NO_DAY
from eligibility.modelling.facts_of_cases import NONE
from eligibility.modelling.generate.awards import Awards
from eligibility.policy import Policies


def no_awards(number: int) -> list[pl.Series]:
    """Nobody holds an award."""
    return [pl.Series("award", [NONE] * number, dtype=pl.String)]


def awards(
    frame: pl.DataFrame, held: Awards, yearly: Collection[str], policies: Policies, day: dt.date
) -> list[pl.Series]:
    """The awards held on a day under the version in force: since the pupil started at the school, or the version.

    One of a ground that is given each year anew (`yearly`) began with the school year and ends with it; one that
    lasts as long as a condition ends with that.
    """
    has = np.array([bool(each) for each in held.ground], dtype=bool)
    version = policies.for_day(day)
    is_yearly = np.array([each in yearly for each in held.ground], dtype=bool)
    while_it_lasts = {name for name, rule in policies.rules.grounds.items() if rule.lasts_until}
    is_passing = np.array([each in while_it_lasts for each in held.ground], dtype=bool)
    starts = calendar.month_day(version.parameters["school_year_starts"].on(day))
    without = calendar.month_day(version.parameters["school_year_ends_without_calendar"].on(day))
    last, _ = calendar.end_of_school_year(day, starts, without, policies.calendars.get(version.calendar))
    began = max(calendar.school_year_start(day, starts), version.starts)
    nobody = pl.Series(~has)
    frame = frame.select("school.urn", "school.started_on", "medical.from", "medical.until").with_columns(
        yearly=pl.Series(is_yearly), passing=pl.Series(is_passing)
    )
    granted = (
        pl.when("yearly")
        .then(pl.max_horizontal("school.started_on", pl.lit(began)))
        .when("passing")
        .then(pl.col("medical.from"))
        .otherwise(pl.max_horizontal("school.started_on", pl.lit(version.starts)))
    )
    ends = pl.when("yearly").then(pl.lit(last)).when("passing").then(pl.col("medical.until")).otherwise(pl.lit(NO_DAY))
    dates = frame.select(granted.alias("award.granted_on"), ends.alias("award.ends_on"))
    return [
        pl.Series("award", [NONE] * len(has), dtype=pl.String).set(pl.Series(has), None),
        pl.Series("award.ground", held.ground, dtype=pl.String).set(nobody, None),
        pl.Series("award.policy", [version.id] * len(has), dtype=pl.String).set(nobody, None),
        frame["school.urn"].alias("award.urn").set(nobody, None),
        dates["award.granted_on"].set(nobody, None),
        dates["award.ends_on"].set(nobody, None),
        pl.Series("award.in_error", held.in_error).set(nobody, None),
        pl.Series("award.paid_seat", held.paid_seat).set(nobody, None),
    ]
