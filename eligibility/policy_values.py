"""The figures of a policy in the units that officers use: miles, pounds, "4 September 2018"."""

from __future__ import annotations

import calendar
import datetime as dt

from eligibility import wording
from eligibility.policy import Parameter


def written(parameter: Parameter, *, spoken: bool = False) -> str:
    """Every value of a figure, each with the day from which it was known if it has moved.

    `spoken`: within a sentence, where the whole years of an age, and a number of schools, are told without their unit.
    """
    values = [(start, in_units(parameter, value, spoken=spoken)) for start, value in parameter.values]
    if len(values) == 1:
        return values[0][1]
    later = "; ".join(f"as known from {wording.date(start)}, {text}" for start, text in values[1:])
    return f"{values[0][1]} ({later})"


def in_units(parameter: Parameter, value: object, *, spoken: bool = True) -> str:
    """One value of a figure."""
    unit = parameter.unit
    match value:
        case dt.date():
            return wording.date(value)
        case tuple():
            return wording.listed([_day(str(item)) for item in value])
        case int() if unit in ("miles", "metres"):
            return wording.miles(value) if unit == "miles" else wording.metres(value)
        case int() if unit == "pounds":
            return wording.pounds(value)
        case int() if unit == "year group":
            return f"Year {value}" if value else "Reception"
        case int() if spoken and unit in ("years", "schools", "working days"):
            return str(value)
        case int():
            return f"{value} {unit.removesuffix('s') if value == 1 else unit}"
        case _:
            return _day(str(value)) if unit == "day of the year" else str(value).replace("_", " ")


def _day(month_and_day: str) -> str:
    """08-31 as 31 August."""
    month, _, day = month_and_day.partition("-")
    return f"{int(day)} {calendar.month_name[int(month)]}"
