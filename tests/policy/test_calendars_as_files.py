"""What a calendar's file says is what is held, and a mistake in it is pointed at where it stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eligibility.calendar_files import read_calendars
from eligibility.errors import Mistakes, PolicyError
from eligibility.school_calendar import BankHolidays, SchoolCalendar

HOLIDAYS = "calendar: holidays\ntitle: Holidays\nsource: invented\nuntil: 2019-12-31\ndays:\n  - 2018-12-25\n"
TERMS = """calendar: county
title: The county's terms
school_years:
  - school_year: 2019/20
    source: the second paper
    blocks:
      - [2019-09-02, 2019-10-25]
  - school_year: 2018/19
    source: the first paper
    assumed: invented
    blocks:
      - [2018-09-03, 2018-10-26]
      - [2018-11-05, 2018-11-05]
"""
TOLD_ONE_BY_ONE = Mistakes()


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    folder = tmp_path / "policy_versions"
    (folder / "calendars").mkdir(parents=True)
    (folder / "calendars" / "holidays.yaml").write_text(HOLIDAYS)
    (folder / "calendars" / "terms.yaml").write_text(TERMS)
    return folder


def refused(versions: Path) -> PolicyError:
    with pytest.raises(PolicyError) as found:
        read_calendars(versions, TOLD_ONE_BY_ONE)
    return found.value


def test_bank_holidays_and_terms_are_held_as_written_the_years_in_order(versions: Path) -> None:
    calendars, holidays = read_calendars(versions, TOLD_ONE_BY_ONE)
    assert holidays == BankHolidays(frozenset({date(2018, 12, 25)}), date(2019, 12, 31), "invented")
    county = calendars.pop("county")
    assert calendars == {}
    assert isinstance(county, SchoolCalendar)
    assert (county.id, county.title) == ("county", "The county's terms")
    first, second = county.years
    assert (first.name, first.source, first.assumed) == ("2018/19", "the first paper", "invented")
    assert (second.name, second.source, second.assumed) == ("2019/20", "the second paper", "")
    # A block may be a single day.
    assert first.blocks == ((date(2018, 9, 3), date(2018, 10, 26)), (date(2018, 11, 5), date(2018, 11, 5)))


MISTAKES: dict[str, tuple[str, str, int, str]] = {
    "a block of one day alone": ("[2018-09-03, 2018-10-26]", "[2018-09-03]", 12, "its first and its last day"),
    "a block of three days": ("2018-10-26]", "2018-10-26, 2018-10-27]", 12, "its first and its last day"),
    "a block that ends before it begins": ("[2018-09-03,", "[2018-10-27,", 12, "its first and its last day"),
    "blocks out of order": ("[2018-11-05, 2018-11-05]", "[2018-08-06, 2018-08-24]", 13, "blocks stand in order"),
    "a block that begins before the one above and runs into it": (
        "[2018-11-05, 2018-11-05]",
        "[2018-08-06, 2018-09-10]",
        13,
        "blocks stand in order",
    ),
    "a third block that belongs between the two above": (
        "[2018-11-05, 2018-11-05]",
        "[2018-11-05, 2018-11-05]\n      - [2018-10-29, 2018-10-30]",
        14,
        "blocks stand in order",
    ),
    "a block that begins on the last day of the one above": ("[2018-11-05,", "[2018-10-26,", 13, "share a day"),
    "a third block that begins on the last day of the second": (
        "[2018-11-05, 2018-11-05]",
        "[2018-11-05, 2018-11-05]\n      - [2018-11-05, 2018-11-09]",
        14,
        "share a day",
    ),
    "a block within the one above": ("[2018-11-05, 2018-11-05]", "[2018-09-03, 2018-09-04]", 13, "share a day"),
    "a year that begins before the one before has ended": (
        "2018-11-05]",
        "2019-09-03]",
        4,
        "the school year 2019/20 begins before 2018/19 has ended",
    ),
    "a year that begins on the last day of the one before": (
        "2018-11-05]",
        "2019-09-02]",
        4,
        "the school year 2019/20 begins before 2018/19 has ended",
    ),
    "a year that lies within another's first block": (
        "[2019-09-02, 2019-10-25]",
        "[2018-09-05, 2018-09-06]",
        4,
        "the school year 2019/20 begins before 2018/19 has ended",
    ),
    "a year of which only the first block lies in the year before": (
        "[2019-09-02, 2019-10-25]",
        "[2018-11-05, 2018-11-06]\n      - [2019-09-02, 2019-10-25]",
        4,
        "the school year 2019/20 begins before 2018/19 has ended",
    ),
    "a year of which only the last of three blocks runs into the next": (
        "[2018-11-05, 2018-11-05]",
        "[2018-11-05, 2018-11-05]\n      - [2019-07-01, 2019-09-02]",
        4,
        "the school year 2019/20 begins before 2018/19 has ended",
    ),
    "a year without blocks": ("\n      - [2019-09-02, 2019-10-25]", " []", 6, "2019/20 has no blocks"),
    "a year without a source": ("    source: the second paper\n", "", 4, "source is missing"),
    "an unknown word beside the blocks": ("    assumed:", "    assume:", 10, "did you mean assumed?"),
    "an unknown word beside the years": ("title:", "titel: x\ntitle:", 2, "did you mean title?"),
    "a calendar without a title": ("title: The county's terms\n", "", 1, "title is missing"),
}


@pytest.mark.parametrize(("old", "new", "line", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_terms_is_pointed_at(versions: Path, old: str, new: str, line: int, says: str) -> None:
    assert TERMS.count(old) == 1
    (versions / "calendars" / "terms.yaml").write_text(TERMS.replace(old, new))
    error = refused(versions)
    assert (error.file, error.line) == ("policy_versions/calendars/terms.yaml", line)
    assert says in error.message


def test_a_year_may_begin_on_the_day_after_the_one_before_has_ended(versions: Path) -> None:
    (versions / "calendars" / "terms.yaml").write_text(TERMS.replace("2018-11-05]", "2019-09-01]"))
    calendars, _ = read_calendars(versions, TOLD_ONE_BY_ONE)
    assert len(calendars["county"].years) == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("source: invented\n", "", "source is missing"),
        ("source: invented\n", "source:\n", "has no source"),
        ("until: 2019-12-31", "until: soon", "expected a date"),
        ("- 2018-12-25", "- christmas", "expected a date"),
        ("title:", "titel: x\ntitle:", "did you mean title?"),
    ],
)
def test_a_mistake_in_the_bank_holidays_is_pointed_at(versions: Path, old: str, new: str, says: str) -> None:
    (versions / "calendars" / "holidays.yaml").write_text(HOLIDAYS.replace(old, new))
    error = refused(versions)
    assert error.file == "policy_versions/calendars/holidays.yaml"
    assert says in error.message


def test_without_any_bank_holidays_the_folder_is_named(versions: Path) -> None:
    (versions / "calendars" / "holidays.yaml").unlink()
    error = refused(versions)
    assert error.file == "policy_versions/calendars"
    assert "no calendar of bank holidays is held" in error.message


def test_bank_holidays_that_could_not_be_read_are_not_called_missing_as_well(versions: Path) -> None:
    (versions / "calendars" / "holidays.yaml").write_text(HOLIDAYS.replace("2018-12-25", "christmas"))
    mistakes = Mistakes(collect=True)
    calendars, holidays = read_calendars(versions, mistakes)
    assert ["expected a date" in error.message for error in mistakes.found] == [True]
    assert set(calendars) == {"county"}
    assert holidays.days == frozenset()


def test_every_mistake_of_the_calendars_is_told_and_missing_bank_holidays_among_them(versions: Path) -> None:
    (versions / "calendars" / "holidays.yaml").unlink()
    mistakes = Mistakes(collect=True)
    mistakes.found.append(PolicyError("another mistake, found before", file="rules"))
    read_calendars(versions, mistakes)
    assert [error.file for error in mistakes.found] == ["rules", "policy_versions/calendars"]
