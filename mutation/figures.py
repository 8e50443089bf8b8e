"""Wrong figures and days in place of one: its last digit by one, its day by one, its year by one."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_DAY = re.compile(r"\d{2}-\d{2}\Z")
_NUMBER = re.compile(r"\d+(\.\d+)?\Z")
_LAST = re.compile(r"last (\w+) of (\w+)\Z")
_ONE_DAY = dt.timedelta(days=1)


def near(text: str, *, years: bool) -> list[str]:
    """What may wrongly stand in place of a number, a day, a day of the year or a weekday of a month; else nothing."""
    if _DATE.match(text):
        day = dt.date.fromisoformat(text)
        days = [day - _ONE_DAY, day + _ONE_DAY]
        if years:
            days += [day - 365 * _ONE_DAY, day + 365 * _ONE_DAY]
        return [each.isoformat() for each in days]
    if _DAY.match(text):
        day = dt.date.fromisoformat(f"2001-{text}")
        return [f"{each:%m-%d}" for each in (day - _ONE_DAY, day + _ONE_DAY)]
    if _NUMBER.match(text):
        step = Decimal(1).scaleb(-len(text.partition(".")[2]))
        return [str(Decimal(text) - step), str(Decimal(text) + step)]
    if found := _LAST.match(text):
        weekday, month = found.groups()
        return [f"last {_other(weekday)} of {month}", f"last {weekday} of july", f"last {weekday} of may"]
    return []


def _other(weekday: str) -> str:
    return "thursday" if weekday == "friday" else "friday"
