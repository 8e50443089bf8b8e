"""A mistake in a case is told in words that help, and a number is read however it is written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from eligibility.case import Case, build_case_model, read_case
from eligibility.errors import InputError

MODEL = build_case_model({"ground": ("faith",), "policy": ("somerset-2016",)})
CASE: dict[str, Any] = {
    "reference": "A-1",
    "date_of_birth": dt.date(2007, 5, 14),
    "home": {"postcode": "BA2 0AA"},
    "school": {"urn": 109329},
}


def read(**more: Any) -> Case:
    return read_case({**CASE, **more}, MODEL)


def mistake(**more: Any) -> str:
    with pytest.raises(InputError) as refused:
        read(**more)
    return refused.value.message


def test_a_field_that_is_nothing_like_any_other_is_taken_for_none() -> None:
    assert mistake(name="x") == "name is not known"
    assert mistake(home={"postcode": "BA2 0AA", "flat": 3}) == "home.flat is not known"


def test_a_slip_in_the_name_of_a_field_is_put_right() -> None:
    assert mistake(incme=None) == "incme is not known; did you mean income?"
    assert mistake(home={"postcod": "BA2 0AA"}) == "home.postcod is not known; did you mean postcode?"


def test_a_day_that_is_not_in_the_calendar_is_said_to_be_none() -> None:
    said = "expected a date that exists, such as 2018-09-04"
    assert mistake(date_of_birth="2007-02-30") == f"date_of_birth: {said}"
    assert mistake(travel_from="2018-13-01") == f"travel_from: {said}"
    assert mistake(date_of_birth="14 May 2007") == "date_of_birth: expected a date such as 2018-09-04"


@pytest.mark.parametrize("day", ["9999-12-31", dt.date(9999, 12, 31)])
def test_the_last_day_of_all_is_no_day_of_a_case_and_is_not_taken_for_none(day: str | dt.date) -> None:
    said = "is a day that no calendar reaches; where there is no such day write none, or null in YAML and JSON"
    assert mistake(travel_from=day) == f"travel_from {said}"
    assert mistake(award={"ends_on": day}) == f"award.ends_on {said}"


@pytest.mark.parametrize("word", ["yes", "No", "y", "off"])
def test_yes_and_no_are_not_how_yaml_writes_true_and_false(word: str) -> None:
    assert mistake(resident=word) == "resident: expected true or false (not yes or no)"


def test_anything_else_is_no_true_or_false_either_and_is_not_repeated() -> None:
    assert mistake(resident="Smith") == "resident: expected true or false"


@pytest.mark.parametrize(
    ("written", "mm", "kept"),
    [
        (Decimal("-0"), 0, "0"),
        (Decimal("-0.0"), 0, "0.0"),
        ("-0", 0, "0"),
        (Decimal("1E+2"), 160_934_400, "100"),
        (Decimal("34e-1"), 5_471_770, "3.4"),
        ("1E-18", 0, "1E-18"),
        (Decimal("3.123456789012345678"), 5_026_716, "3.123456789012345678"),
        ("3.0000000000000", 4_828_032, "3.0000000000000"),
        (3, 4_828_032, "3"),
    ],
)
def test_miles_are_exact_however_the_number_is_written(written: Any, mm: int, kept: str) -> None:
    case = read(measured={"walking_miles": written})
    assert case.get("measured.walking_mm") == mm
    assert case.supplied["measured"] == {"walking_miles": kept}
    assert read_case(case.supplied, MODEL).supplied == case.supplied


@pytest.mark.parametrize(
    "written",
    [Decimal("1e-999"), Decimal("0e999"), Decimal("NaN"), "1e99", "3_1", "1e99999999999999999999", 1.5, True, "Smith"],
)
def test_what_is_no_number_of_miles_is_refused_in_a_sentence(written: Any) -> None:
    assert mistake(measured={"walking_miles": written}) == (
        'measured.walking_miles: expected miles as a decimal number, such as "3.412"'
    )
