"""Reading the parameters and readings of a policy version, a source beside every one of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from eligibility.errors import nearest
from eligibility.marked_yaml import Marked
from eligibility.policy import RULE_TYPES, Parameter, Reading
from eligibility.school_calendar import month_day, weekday_of_month
from eligibility.units import MM_PER_METRE, MM_PER_MILE

_MM = {"miles": MM_PER_MILE, "metres": MM_PER_METRE}
_DAY, _DAYS, _WEEKDAY = "day of the year", "days of the year", "weekday of a month"
_UNITS = (*RULE_TYPES, _DAY, _DAYS, _WEEKDAY)
_COMMON_YEAR = 2001  # not a leap year
_LARGEST = 10**12  # millimetres or pence; no figure of a policy comes near it


def read_reading(name: str, mark: Marked, before: Reading | None = None) -> Reading:
    """One reading and its choices; the words of a choice stay those of the reading `before` it unless it has its own.

    Raises PolicyError where the one chosen is not among the choices, or it has no source.
    """
    keys = mark.mapping(("chosen", "choices", "source"), ("assumed", "settled", "refer_if_different", "words"))
    choices = keys["choices"].texts()
    chosen = keys["chosen"].text()
    if chosen not in choices:
        raise keys["chosen"].error(
            f"{chosen} is not one of its choices ({', '.join(choices)}){nearest(chosen, choices)}"
        )
    words = keys["words"].mapping((), choices) if "words" in keys else {}
    return Reading(
        name,
        chosen,
        choices,
        mark.source(name),
        keys["assumed"].text() if "assumed" in keys else "",
        "settled" in keys and keys["settled"].boolean(),
        "refer_if_different" in keys and keys["refer_if_different"].boolean(),
        {**(before.words if before else {}), **{choice: item.text() for choice, item in words.items()}},
    )


def read_value(mark: Marked, unit: str, choices: tuple[str, ...]) -> object:
    """A parameter's value in whole millimetres, pence, years or days, as a date or a word.

    Raises PolicyError where it is none of these, or a length or sum that is not exact or is below zero.
    """
    value = mark.value
    if unit in _MM or unit == "pounds":
        try:
            exact = Decimal(str(value)) * (_MM.get(unit) or 100)
        except InvalidOperation as error:
            raise mark.error(f"expected a number of {unit}") from error
        if not exact.is_finite() or exact > _LARGEST:
            raise mark.error(f"expected a number of {unit}")
        if exact != exact.to_integral_value() or exact < 0:
            raise mark.error(
                f"{unit} must come to whole {'pence' if unit == 'pounds' else 'millimetres'}, not below zero"
            )
        return int(exact)
    if RULE_TYPES.get(unit) == "whole":
        return mark.whole()
    if unit == "date":
        return mark.date()
    if unit == "word":
        if mark.text() not in choices:
            raise mark.error(f"{mark.text()} is not one of its choices{nearest(mark.text(), choices)}")
        return mark.text()
    if unit == _DAYS:
        return tuple(_day_of_the_year(item) for item in mark.items())
    return _day_of_the_year(mark) if unit == _DAY else _weekday_of_a_month(mark)


def _day_of_the_year(mark: Marked) -> str:
    """Month and day, one that every year has."""
    try:
        dt.date(_COMMON_YEAR, *month_day(mark.text()))
    except ValueError as error:
        raise mark.error("expected a day of the year, month and day, such as 08-31") from error
    return mark.text()


def _weekday_of_a_month(mark: Marked) -> str:
    try:
        weekday_of_month(mark.text(), _COMMON_YEAR)
    except ValueError as error:
        raise mark.error("expected a weekday of a month, such as: last friday of june") from error
    return mark.text()


def read_unit(name: str, mark: Marked) -> str:
    """A parameter's unit. Raises PolicyError where it has none, or none that the engine knows."""
    keys = mark.mapping((), ("unit", "value", "source", "assumed", "choices", "dated"))
    if "unit" not in keys:
        raise mark.error(f"{name} has no unit; expected one of {', '.join(_UNITS)}")
    unit = keys["unit"].text()
    if unit not in _UNITS:
        raise keys["unit"].error(f"{unit} is not a unit; expected {', '.join(_UNITS)}{nearest(unit, _UNITS)}")
    return unit


def read_parameter(name: str, mark: Marked, starts: dt.date) -> Parameter:
    """One parameter, its value holding from `starts` unless it is dated. Raises PolicyError where it has no source."""
    keys, unit = mark.value, read_unit(name, mark)
    source = mark.source(name)
    choices = keys["choices"].texts() if "choices" in keys else ()
    if ("value" in keys) == ("dated" in keys):
        raise mark.error(f"{name} needs either a value or dated values")
    if "value" in keys:
        values: list[tuple[dt.date, object]] = [(starts, read_value(keys["value"], unit, choices))]
        written = f"{keys['value'].raw or keys['value'].plain()} {unit}"
    else:
        lines = [item.mapping(("from", "value"), ()) for item in keys["dated"].items()]
        values = [(line["from"].date(), read_value(line["value"], unit, choices)) for line in lines]
        if [start for start, _ in values] != sorted({start for start, _ in values}):
            raise keys["dated"].error("dated values stand in order of their days, each day once")
        written = "; ".join(f"{line['value'].raw} {unit} from {line['from'].raw}" for line in lines)
    assumed = keys["assumed"].text() if "assumed" in keys else ""
    return Parameter(name, unit, source, tuple(values), written, assumed, choices)
