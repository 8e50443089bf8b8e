"""A small population of the sample county, and one pupil measured as an officer's case is."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any

import polars as pl

from eligibility import sample_county
from eligibility.assess import Assessor
from eligibility.case import Case, read_case
from eligibility.geography import Area
from eligibility.language.partial import Between
from eligibility.modelling.generate.county import County, Draw
from eligibility.modelling.generate.from_area import county_of
from eligibility.modelling.generate.population import Population, invent
from eligibility.modelling.generate.rates import rates
from eligibility.modelling.measuring.limits import limits_of
from eligibility.places import measure
from eligibility.policy_files import policies
from eligibility.reading_names import MEASURING

SEED, PUPILS = 7, 1_500
SECTIONS = (("measured", ""), ("measured_other_home", "@other_home"))


def day() -> dt.date:
    return rates().day("day")


@functools.cache
def area() -> Area:
    return Area.open(sample_county.path())


@functools.cache
def county(seed: int = SEED, pupils: int = PUPILS) -> County:
    return county_of(area(), Draw(seed, rates()), pupils, day(), lambda _done, _of: None)


@functools.cache
def population(seed: int = SEED, pupils: int = PUPILS) -> Population:
    return invent(county(seed, pupils), Draw(seed, rates()), policies(), day(), pupils)


@functools.cache
def model() -> Any:
    return Assessor(second=None).model


def as_case(data: Mapping[str, Any], *, measured: bool = True) -> Case:
    """A row as a case; without its measured figures where these are to be found."""
    kept = {key: value for key, value in data.items() if measured or not key.startswith("measured")}
    return read_case(kept, model())


def facts_of_one(case: Case, where: Area, on: dt.date, year_group: int) -> dict[str, Any]:
    """What an area says of one pupil, as a decision is made from it."""
    version = policies().for_day(on)
    choices = {name: version.readings[name].chosen for name in MEASURING}
    return dict(measure(case, where, year_group, on=on, choices=choices, tolerances={}).measured.facts)


def differs(figure: str, given: Any, fact: Any) -> bool:
    """Whether a figure of a population says something else than the fact that one pupil is decided by.

    Of a fact that lies between two numbers every number between them says the same, unless a limit lies there.
    """
    if not isinstance(fact, Between):
        return bool(given != fact)
    limits = limits_of(policies())
    held = limits.lengths if figure.endswith("_mm") else tuple(number - 1 for number in limits.schools)
    if any(fact.low <= limit < fact.high for limit in held):
        return given is not None
    return given is None or not fact.low <= given <= fact.high


def figures_of(frame: pl.DataFrame, section: str) -> list[str]:
    return [name.removeprefix(f"{section}.") for name in frame.columns if name.startswith(f"{section}.")]
