"""The day of a population, and what the policy's calendar makes of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from eligibility import school_calendar as calendar
from eligibility.modelling.generate.county import YEARS
from eligibility.policy import Policies, Version


@dataclass(frozen=True)
class Days:
    """The day, the version in force, and when the school year starts.

    `first_days` gives, by the number of school years before this one, the first day of school; where no calendar is
    held, the first day of the school year.
    """

    on: dt.date
    version: Version
    year_starts: dt.date
    first_days: dict[int, dt.date]

    @classmethod
    def of(cls, policies: Policies, on: dt.date) -> Days:
        """The days of a population for the day `on`. Raises InputError where no version is in force."""
        version = policies.for_day(on)
        month_day = calendar.month_day(version.parameters["school_year_starts"].on(on))
        year_starts = calendar.school_year_start(on, month_day)
        held = policies.calendars.get(version.calendar)
        first_days = {}
        for ago in range(YEARS + 1):
            starts = dt.date(year_starts.year - ago, *month_day)
            year = held.year_of(starts, month_day) if held else None
            first_days[ago] = year.blocks[0][0] if year else starts
        first_days[0] = min(first_days[0], on)
        return cls(on, version, year_starts, first_days)
