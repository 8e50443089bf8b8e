"""The yearly return on a day: who does not travel yet, or not any more, is told of and not counted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from eligibility.case import read_case
from eligibility.modelling.population_writing import write_population
from eligibility.modelling.rows import row_of, table_of
from eligibility.modelling.yearly_return.categories import SHIPPED, read_categories
from eligibility.modelling.yearly_return.make import make
from eligibility.policy_files import policies
from eligibility.reading import Rejected
from tests.case_builder import ABSENT, assessor, case

VERSION = "somerset-2018"


def categories() -> Any:
    return read_categories(SHIPPED, policies().rules.grounds)


def nobody(rejected: Rejected) -> None:
    raise AssertionError(rejected.reason)


LATE = {
    "admission": {"round": "normal", "on_time": False, "preferences": [109329], "placed_because_late": True},
    "measured.nearest_ignoring_places": False,
}
FAR, RECEPTION = {"measured.walking_mm": 6_000_000}, {"date_of_birth": "2014-05-14"}
BEGINS: list[dict[str, Any]] = [
    FAR,
    FAR | {"travel_from": "2018-10-31"},
    FAR | {"travel_from": "2018-11-01"},
    FAR | LATE,
    FAR | LATE | RECEPTION,
    FAR | LATE | RECEPTION | {"measured.nearest_ignoring_places": ABSENT},
    FAR | RECEPTION | {"travel_from": "2018-11-01"},
    {},
]
"""Pupils who begin to travel at once, later, after half a term's notice, on a day not known yet, or never."""


@pytest.mark.parametrize(("on", "counted"), [("2018-10-30", 2), ("2018-10-31", 4)])
def test_who_does_not_travel_yet_is_not_counted_whichever_way_the_pupils_come(
    tmp_path: Path, on: str, counted: int
) -> None:
    made = [case(reference=f"B-{number}", **changes) for number, changes in enumerate(BEGINS)]
    decisions, pupils = tmp_path / "d.jsonl", tmp_path / "p.parquet"
    made_of = (assessor().assess(each, policy=VERSION).as_json(one_line=True) for each in made)
    decisions.write_text("\n".join(made_of), encoding="utf-8")
    write_population(table_of(row_of(read_case(each, assessor().model)) for each in made), {}, pupils)
    day = dt.date.fromisoformat(on)
    one = make(decisions, categories(), policies(), on=day, set_aside=nobody)
    other = make(pupils, categories(), policies(), policy=VERSION, on=day, set_aside=nobody)
    assert (one.counted, other.counted) == (counted, counted)
    assert (one.counts, one.pupils) == (other.counts, other.pupils)
    assert one.pupils["entitled, not on this day"] == len(BEGINS) - 1 - counted
