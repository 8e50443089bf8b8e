"""How a figure or a reading is written in a policy version, what it then is, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from eligibility.errors import PolicyError
from eligibility.marked_yaml import Marked, parse
from eligibility.policy import Parameter
from eligibility.policy_figures import read_parameter, read_reading, read_unit, read_value

STARTS = date(2016, 9, 1)


def mark(text: str) -> Marked:
    return parse(text, "policy.yaml")


def said(error: PolicyError, place: str) -> str:
    """What is wrong, without the place (line:column), which is the one expected."""
    before, _, message = error.message.partition(f"policy.yaml:{place}: ")
    assert before == ""
    return message


def value(written: str, unit: str, *choices: str) -> object:
    return read_value(mark(f"value: {written}").mapping()["value"], unit, choices)


def refused(written: str, unit: str, *choices: str) -> str:
    with pytest.raises(PolicyError) as found:
        value(written, unit, *choices)
    return said(found.value, "1:8")


def parameter(text: str) -> Parameter:
    return read_parameter("limit", mark(text), STARTS)


def parameter_refused(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as found:
        parameter(text)
    return found.value


@pytest.mark.parametrize(
    ("written", "unit", "held"),
    [
        ("2", "miles", 3_218_688),
        ("0.5", "miles", 804_672),
        ("0", "miles", 0),
        ("12.345", "metres", 12_345),
        ("1000000000", "metres", 10**12),
        ("616.67", "pounds", 61_667),
        ("0", "pounds", 0),
        ("10000000000", "pounds", 10**12),
        ("8", "years", 8),
        ("45", "minutes", 45),
        ("2018-04-01", "date", date(2018, 4, 1)),
        ("08-31", "day of the year", "08-31"),
        ("[08-31, 12-31]", "days of the year", ("08-31", "12-31")),
        ("last friday of june", "weekday of a month", "last friday of june"),
    ],
)
def test_a_figure_is_held_in_whole_millimetres_pence_years_or_days(written: str, unit: str, held: object) -> None:
    found = value(written, unit)
    assert (found, type(found)) == (held, type(held))


@pytest.mark.parametrize(
    ("written", "unit", "says"),
    [
        ("two", "miles", "expected a number of miles"),
        ("nan", "metres", "expected a number of metres"),
        ("Infinity", "pounds", "expected a number of pounds"),
        ("1000000000.001", "metres", "expected a number of metres"),
        ("10000000000.01", "pounds", "expected a number of pounds"),
        ("0.0005", "metres", "metres must come to whole millimetres, not below zero"),
        ("0.0000001", "miles", "miles must come to whole millimetres, not below zero"),
        ("-0.001", "metres", "metres must come to whole millimetres, not below zero"),
        ("0.001", "pounds", "pounds must come to whole pence, not below zero"),
        ("-1", "pounds", "pounds must come to whole pence, not below zero"),
        ("8.5", "years", "expected a whole number here"),
        ("soon", "date", "expected a date here, such as 2018-09-01"),
        ("02-29", "day of the year", "expected a day of the year, month and day, such as 08-31"),
        ("08", "day of the year", "expected a day of the year, month and day, such as 08-31"),
        ("first friday of june", "weekday of a month", "expected a weekday of a month, such as: last friday of june"),
    ],
)
def test_a_figure_that_is_none_is_refused_where_it_stands(written: str, unit: str, says: str) -> None:
    assert refused(written, unit) == says


def test_a_word_is_one_of_its_choices() -> None:
    assert value("nearest", "word", "nearest", "any") == "nearest"
    assert refused("nearset", "word", "nearest", "any") == "nearset is not one of its choices; did you mean nearest?"
    assert refused("elsewhere", "word", "nearest", "any") == "elsewhere is not one of its choices"


def test_each_day_of_a_list_is_looked_at() -> None:
    with pytest.raises(PolicyError, match="expected a day of the year") as found:
        value("[08-31, 12-32]", "days of the year")
    assert found.value.column == 16


# -- a parameter


def test_a_single_value_holds_from_the_first_day_of_the_version() -> None:
    found = parameter("{value: 2, unit: miles, source: the Act section 444, assumed: so taken}")
    assert found == Parameter("limit", "miles", "the Act section 444", ((STARTS, 3_218_688),), "2 miles", "so taken")


def test_a_list_is_written_out_as_it_stands() -> None:
    found = parameter("{value: [08-31, 12-31], unit: days of the year, source: x}")
    assert found.values == ((STARTS, ("08-31", "12-31")),)
    assert found.written == "['08-31', '12-31'] days of the year"


DATED = """unit: pounds
source: x
dated:
  - {from: 2016-09-01, value: 616.67}
  - {from: 2018-04-01, value: 7400}
"""


def test_dated_values_hold_each_from_its_day() -> None:
    found = parameter(DATED)
    assert found.values == ((date(2016, 9, 1), 61_667), (date(2018, 4, 1), 740_000))
    assert found.written == "616.67 pounds from 2016-09-01; 7400 pounds from 2018-04-01"
    assert (found.assumed, found.choices) == ("", ())


@pytest.mark.parametrize("day", ["2016-09-01", "2016-08-31"])
def test_dated_values_out_of_order_or_of_the_same_day_are_refused(day: str) -> None:
    error = parameter_refused(DATED.replace("2018-04-01", day))
    assert said(error, "4:3") == "dated values stand in order of their days, each day once"


def test_a_word_keeps_its_choices() -> None:
    found = parameter("{value: any, unit: word, choices: [nearest, any], source: x}")
    assert (found.values, found.choices) == (((STARTS, "any"),), ("nearest", "any"))


@pytest.mark.parametrize(
    "text",
    ["{unit: miles, source: x}", "{unit: miles, source: x, value: 2, dated: [{from: 2016-09-01, value: 2}]}"],
)
def test_a_figure_has_either_a_value_or_dated_values(text: str) -> None:
    assert said(parameter_refused(text), "1:1") == "limit needs either a value or dated values"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{value: 2, source: x}", "limit has no unit; expected one of miles, metres, "),
        ("{value: 2, unit: mils, source: x}", "mils is not a unit; expected miles, metres, "),
        ("{value: 2, unit: mils, source: x}", "did you mean miles?"),
        ("{value: 2, unit: miles, source: ''}", "limit has no source"),
        ("{value: 2, unit: miles, source: x, asumed: y}", "did you mean assumed?"),
        ("{unit: miles, source: x, dated: [{from: 2016-09-01, valu: 2}]}", "value is missing here"),
        ("{unit: miles, source: x, dated: [{from: 2016-09-01, value: 2, unit: miles}]}", "unit is not known here"),
        ("2", "expected keys and values here"),
    ],
)
def test_what_a_figure_lacks_or_has_too_much_is_named(text: str, says: str) -> None:
    assert says in parameter_refused(text).message


@pytest.mark.parametrize("unit", ["miles", "day of the year", "days of the year", "weekday of a month", "word"])
def test_a_unit_is_one_that_the_engine_knows(unit: str) -> None:
    assert read_unit("limit", mark(f"{{value: 2, unit: {unit}}}")) == unit


# -- a reading


def test_a_reading_is_held_as_written() -> None:
    found = read_reading("means", mark("{chosen: a, choices: [a, b], source: x}"))
    assert (found.name, found.chosen, found.choices, found.source) == ("means", "a", ("a", "b"), "x")
    assert (found.assumed, found.settled, found.refer_if_different) == ("", False, False)


@pytest.mark.parametrize(("settled", "refer"), [(True, False), (False, True)])
def test_whether_a_reading_is_settled_or_goes_to_an_officer_is_as_written(*, settled: bool, refer: bool) -> None:
    further = f"assumed: why, settled: {str(settled).lower()}, refer_if_different: {str(refer).lower()}"
    found = read_reading("means", mark(f"{{chosen: a, choices: [a, b], source: x, {further}}}"))
    assert (found.assumed, found.settled, found.refer_if_different) == ("why", settled, refer)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "{chosen: neerest, choices: [nearest, any], source: x}",
            "neerest is not one of its choices (nearest, any); did",
        ),
        ("{chosen: a, choices: [a, b]}", "source is missing here"),
        ("{chosen: a, choices: [a, b], source: ''}", "means has no source"),
        ("{chosen: a, source: x}", "choices is missing here"),
        ("{choices: [a], source: x}", "chosen is missing here"),
        ("{chosen: a, choices: [a], source: x, setled: true}", "did you mean settled?"),
        ("{chosen: a, choices: [a], source: x, settled: 1}", "expected true or false here"),
    ],
)
def test_a_reading_with_a_mistake_is_refused(text: str, says: str) -> None:
    with pytest.raises(PolicyError) as found:
        read_reading("means", mark(text))
    assert says in found.value.message
