"""Reading `policy_versions/calendars/`: school years with their half-term blocks, and bank holidays."""

from __future__ import annotations

from pathlib import Path

from eligibility.errors import PolicyError
from eligibility.marked_yaml import read
from eligibility.school_calendar import BankHolidays, SchoolCalendar, SchoolYear


def read_calendars(folder: Path) -> tuple[dict[str, SchoolCalendar], BankHolidays]:
    """The school calendars in a folder by id, and the bank holidays. Raises PolicyError for a mistake."""
    calendars: dict[str, SchoolCalendar] = {}
    holidays: BankHolidays | None = None
    for path in sorted(folder.glob("*.yaml")):
        keys = read(path).mapping(("calendar", "title"), ("school_years", "days", "until", "source"))
        if "days" in keys:
            days = frozenset(item.date() for item in keys["days"].items())
            holidays = BankHolidays(days, keys["until"].date(), keys["source"].text())
            continue
        years = []
        for item in keys["school_years"].items():
            parts = item.mapping(("school_year", "source", "blocks"), ("assumed",))
            pairs = [tuple(day.date() for day in block.items()) for block in parts["blocks"].items()]
            if any(len(pair) != 2 or pair[0] > pair[1] for pair in pairs) or pairs != sorted(pairs):
                raise parts["blocks"].error("each block is a first and a last day, and the blocks stand in order")
            assumed = parts["assumed"].text() if "assumed" in parts else ""
            blocks = tuple((pair[0], pair[1]) for pair in pairs)
            years.append(SchoolYear(parts["school_year"].text(), blocks, parts["source"].text(), assumed))
        years.sort(key=lambda year: year.blocks[0][0])
        calendars[keys["calendar"].text()] = SchoolCalendar(keys["calendar"].text(), keys["title"].text(), tuple(years))
    if holidays is None:
        raise PolicyError("no calendar of bank holidays is held", file=folder.name)
    return calendars, holidays
