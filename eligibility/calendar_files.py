"""Reading `policy_versions/calendars/`: school years with their half-term blocks, and bank holidays."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

from eligibility.errors import Mistakes, PolicyError
from eligibility.marked_yaml import Marked, first_words, read, written_path
from eligibility.school_calendar import BankHolidays, SchoolCalendar, SchoolYear


def read_calendars(versions: Path, mistakes: Mistakes) -> tuple[dict[str, SchoolCalendar], BankHolidays]:
    """The school calendars of a folder of versions by id, and the bank holidays. Raises PolicyError for a mistake."""
    calendars: dict[str, SchoolCalendar] = {}
    holidays: BankHolidays | None = None
    folder = versions / "calendars"
    before = len(mistakes.found)
    for path in sorted(folder.glob("*.yaml")):
        with mistakes.kept(*first_words(path)):
            mark = read(path, versions)
            if "days" in mark.mapping():
                holidays = _bank_holidays(mark)
            else:
                calendar = _calendar(mark)
                calendars[calendar.id] = calendar
    if holidays is None:
        if len(mistakes.found) == before:
            with mistakes.kept():
                raise PolicyError("no calendar of bank holidays is held", file=written_path(folder, versions))
        holidays = BankHolidays(frozenset(), dt.date.max, "")
    return calendars, holidays


def _bank_holidays(mark: Marked) -> BankHolidays:
    keys = mark.mapping(("calendar", "title", "days", "until", "source"), ())
    days = frozenset(item.date() for item in keys["days"].items())
    return BankHolidays(days, keys["until"].date(), mark.source(keys["calendar"].text()))


def _calendar(mark: Marked) -> SchoolCalendar:
    keys = mark.mapping(("calendar", "title", "school_years"), ())
    held = [(_school_year(item), item) for item in keys["school_years"].items()]
    held.sort(key=lambda pair: pair[0].blocks[0][0])
    for (before, _), (after, item) in pairwise(held):
        if after.blocks[0][0] <= before.blocks[-1][1]:
            raise item.error(f"the school year {after.name} begins before {before.name} has ended")
    return SchoolCalendar(keys["calendar"].text(), keys["title"].text(), tuple(year for year, _ in held))


def _school_year(mark: Marked) -> SchoolYear:
    parts = mark.mapping(("school_year", "source", "blocks"), ("assumed",))
    blocks: list[tuple[dt.date, dt.date]] = []
    for item in parts["blocks"].items():
        days = [day.date() for day in item.items()]
        if len(days) != 2 or days[0] > days[1]:
            raise item.error("a block is its first and its last day")
        if blocks and days[0] < blocks[-1][0]:
            raise item.error("each block is a first and a last day, and the blocks stand in order")
        if blocks and days[0] <= blocks[-1][1]:
            raise item.error("this block begins before the one above it has ended; no two blocks share a day")
        blocks.append((days[0], days[1]))
    name = parts["school_year"].text()
    if not blocks:
        raise parts["blocks"].error(f"{name} has no blocks; expected the first and last day of each half term")
    return SchoolYear(name, tuple(blocks), mark.source(name), parts["assumed"].text() if "assumed" in parts else "")
