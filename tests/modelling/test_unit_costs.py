"""Unit costs: a data file with a source beside every figure, in whole pence for each pupil."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from eligibility.errors import PolicyError, UsageError
from eligibility.modelling.report.said import price
from eligibility.modelling.unit_costs import SHIPPED, read_unit_costs

MILE = 1_609_344


def _pupils() -> pl.DataFrame:
    return pl.DataFrame(
        {"about.mode": ["mainstream", "send", None], "measured.road_mm": [5 * MILE, None, MILE // 2]},
        schema={"about.mode": pl.String, "measured.road_mm": pl.Int64},
    )


def test_every_figure_has_a_source_and_every_assumption_says_so() -> None:
    costs = read_unit_costs()
    assert all(figure.source for figure in costs.figures())
    assert all(figure.assumed for figure in costs.saved.values())


def test_somerset_in_2017_is_its_total_over_the_pupils_carried() -> None:
    found = _pupils().select(read_unit_costs().schedule.pence_a_year()).to_series().to_list()
    assert found == [121_053, 121_053, 121_053]
    assert round(11_500_000_00 / 9_500) == 121_053


def test_mainstream_and_special_needs_have_each_their_average() -> None:
    costs = read_unit_costs(schedule="england_2024")
    assert _pupils().select(costs.schedule.pence_a_year()).to_series().to_list() == [152_600, 811_600, 152_600]


def test_by_the_mile_goes_there_and_back_twice_a_day_and_takes_the_average_where_no_road_is_known() -> None:
    costs = read_unit_costs(schedule="by_the_mile")
    found = _pupils().select(costs.schedule.pence_a_year()).to_series().to_list()
    assert found == [5 * 45 * 4 * 190, 121_053, 45 * 4 * 190 // 2]


def test_an_empty_seat_saves_its_share_in_whole_pence() -> None:
    costs = read_unit_costs()
    assert _pupils().select(costs.saved_pence(pl.lit(101, pl.Int64))).to_series().to_list() == [51, 51, 51]


def test_a_schedule_that_there_is_not_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean england_2024"):
        read_unit_costs(schedule="england_2023")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("chosen: somerset_2017", "chosen: somerset", "there is no schedule somerset"),
        ("source: none is published\n    assumed: >-\n      When", "assumed: >-\n      When", "source is missing here"),
        ("value: 0.45", "value: 0.455", "pounds must come to whole pence"),
        (
            "    days_a_year:\n      value: 190\n",
            "    days_in_a_year:\n      value: 190\n",
            "days_in_a_year is not known",
        ),
        (
            "value: 50\n    source: none is published\n    assumed: The",
            "value: 150\n    source: x\n    assumed: The",
            "0 to",
        ),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "costs.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError, match=said) as refused:
        read_unit_costs(tmp_path / "costs.yaml")
    assert refused.value.line


def test_every_figure_is_told_with_its_unit_and_with_commas_in_thousands() -> None:
    told = [price({"value": figure.written, "unit": figure.unit}) for figure in read_unit_costs().figures()]
    assert {"£1,210.53", "£500,000", "50%", "1 April", "2"} == set(told)
