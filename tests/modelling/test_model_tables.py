"""The tables of a run: they add up, whatever they are broken down by, and in whatever order pupils are counted."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from eligibility.errors import UsageError
from eligibility.modelling.accounts import InYear
from eligibility.modelling.calibration import calibration
from eligibility.modelling.changes import CHANGES, NOBODY
from eligibility.modelling.outcome_tables import ALL, COUNTED
from eligibility.modelling.parts import add_up
from eligibility.modelling.questions import Asker
from eligibility.modelling.readings import READING, read_otherwise
from eligibility.modelling.run_off import run_off
from eligibility.modelling.scenario import Scenario, scenario
from eligibility.modelling.tables import combination_sums, finished
from eligibility.modelling.unit_costs import read_unit_costs
from eligibility.new_draft import draft_text, write_draft
from eligibility.policy_files import load_policies, policies
from tests.modelling.small_county import population
from tests.policy_folders import Folders

OLD, NEW = "somerset-2016", "somerset-2018"
YEARS = 7


@functools.cache
def _asker() -> Asker:
    return Asker(policies())


@functools.cache
def _scenario(*names: str, brief: bool = False) -> Scenario:
    return scenario(policies(), names, read_unit_costs(), brief=brief)


def _counted(compared: Scenario, *parts: pl.DataFrame) -> dict[str, pl.DataFrame]:
    found: dict[str, list[pl.DataFrame]] = {}
    for rows in parts:
        for name, table in compared.count(compared.part(rows, _asker()), YEARS).items():
            found.setdefault(name, []).append(table)
    return {name: add_up(tables) for name, tables in found.items()}


@functools.cache
def _tables() -> dict[str, pl.DataFrame]:
    compared = _scenario(OLD, NEW)
    return finished(compared, _asker(), _counted(compared, population(300)))


def test_every_breakdown_adds_up_to_the_same_totals() -> None:
    outcomes = _tables()["outcomes"]
    sums = outcomes.group_by("dimension", "change").agg(pl.col(COUNTED).sum())
    whole = sums.filter(pl.col("dimension") == ALL).drop("dimension")
    assert set(outcomes.get_column("dimension")) > {
        "phase",
        "school",
        "ward",
        "district",
        "year_group",
        "ground_before",
    }
    for _, broken_down in sums.group_by("dimension"):
        assert_frame_equal(broken_down.drop("dimension"), whole, check_row_order=False)
    assert whole.get_column("pupils").sum() == 300


def test_outcomes_transitions_and_grounds_count_the_same_pupils() -> None:
    tables = _tables()
    assert tables["transitions"].get_column("pupils").sum() == 300
    by_ground = tables["grounds_met"].group_by("policy", "ground").agg(pl.col("pupils").sum())
    assert set(by_ground.get_column("pupils")) == {300}


def test_every_kind_of_change_comes_out_and_no_other() -> None:
    assert set(_tables()["outcomes"].get_column("change")) == set(CHANGES) - {"winner"}


def test_the_status_quo_against_itself_changes_nobody() -> None:
    counted = _counted(_scenario(OLD, OLD, brief=True), population(120))
    assert set(counted["outcomes"].get_column("change")) <= {"unchanged", "not_known"}
    whole = counted["outcomes"].filter(pl.col("dimension") == ALL)
    assert whole.get_column("pence_before").sum() == whole.get_column("pence_after").sum()


def test_the_newer_version_against_itself_changes_nobody_though_pupils_are_protected() -> None:
    counted = _counted(_scenario(NEW, NEW, brief=True), population(120))
    assert set(counted["outcomes"].get_column("change")) <= {"unchanged", "protected", "not_known"}


def test_neither_the_order_of_the_rows_nor_where_they_are_cut_changes_a_table() -> None:
    compared, rows = _scenario(OLD, NEW), population(300)
    shuffled = rows.sample(fraction=1, shuffle=True, seed=3)
    counted = _counted(compared, shuffled.head(41), shuffled.slice(41, 1), shuffled.tail(258))
    whole = _counted(compared, rows)
    assert counted.keys() == whole.keys()
    for name, table in whole.items():
        assert_frame_equal(counted[name], table)


def test_the_run_off_reaches_nobody_protected_in_both_views_under_each_reading() -> None:
    run_off = _tables()["run_off"]
    for (_, _), found in run_off.group_by("view", "reading"):
        last = found.get_column("year").max()
        assert not found.filter((pl.col("year") == last) & (pl.col("change") == "protected")).height
    protected = run_off.filter((pl.col("change") == "protected") & (pl.col("year") == 0))
    assert protected.height
    assert NOBODY not in protected.get_column("reading").to_list()


def test_in_the_county_kept_as_it_is_protection_only_ever_shrinks_and_savings_grow() -> None:
    saved = _tables()["savings_by_school_year"].sort("year")
    assert saved.get_column("protected").is_sorted(descending=True)
    for kind in ("probable", "assured"):
        assert saved.get_column(f"{kind}_pence").is_sorted()


def test_what_is_assured_never_exceeds_what_is_probable_and_that_never_the_target() -> None:
    for row in _tables()["savings_by_school_year"].iter_rows(named=True):
        assert row["assured_pence"] <= row["probable_pence"] <= row["target_pence"]
    last = _tables()["savings_by_school_year"].row(-1, named=True)
    assert last["probable_pence"] == last["target_pence"]


def test_the_years_of_accounts_share_out_every_penny_of_the_school_years() -> None:
    years = _tables()["savings_by_school_year"].sort("year")
    accounts = _tables()["savings_by_financial_year"].sort("financial_year")
    division = InYear(130, 195, "")
    whole = years.get_column("target_pence").sum()
    later = division.split(int(years.row(-1, named=True)["target_pence"]))[0]
    assert accounts.get_column("target_in_year_pence").sum() == whole + later
    assert accounts.row(0, named=True)["target_in_year_pence"] == division.split(int(years.item(0, "target_pence")))[0]


@pytest.mark.parametrize("pence", [0, 1, 2, -1, 100, 99_999_999, -7])
def test_a_school_year_is_divided_without_losing_a_penny(pence: int) -> None:
    first, later = InYear(130, 195, "").split(pence)
    assert first + later == pence
    assert abs(first * 195 - pence * 130) * 2 <= 195


def test_what_a_version_withdrew_runs_off_under_a_draft_on_top_of_it_too(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    text = draft_text(policies(), "longer-wait", policies().version(NEW), change={"waiting_guideline": "20"})
    write_draft(folders.versions, "longer-wait", text)
    compared = scenario(load_policies(folders.rules, folders.versions), (OLD, NEW, "longer-wait"), read_unit_costs())
    part = compared.part(population(60), Asker(compared.policies))
    by_new, by_draft = (add_up([run_off(part, option, YEARS)]).drop("option") for option in compared.options)
    assert_frame_equal(by_draft, by_new)


def test_each_combination_of_readings_counts_every_pupil() -> None:
    readings = _tables()["readings"]
    keys = [name for name in readings.columns if name.startswith(READING)]
    counted = readings.group_by(keys).agg(pl.col("pupils").sum())
    assert set(counted.get_column("pupils")) == {300}
    assert counted.height == 2 * 2**6


def test_a_reading_alone_is_worth_what_its_combination_differs_by() -> None:
    sums, each = combination_sums(_tables()["readings"]), _tables()["each_reading"]
    chosen = {f"{READING}{row['reading']}": row["other"] for row in each.iter_rows(named=True)}
    tried = [name for name in sums.columns if name.startswith(READING)]
    base = sums.filter(pl.all_horizontal(*(pl.col(name) != chosen[name] for name in tried))).row(0, named=True)
    for row in each.filter(pl.col("can_change") == "outcome").iter_rows(named=True):
        name = f"{READING}{row['reading']}"
        alone = pl.all_horizontal(*(pl.col(n) == chosen[n] if n == name else pl.col(n) != chosen[n] for n in tried))
        other = sums.filter(alone).row(0, named=True)
        assert row["saving_pence"] == other["saving_pence"] - base["saving_pence"]


def test_a_reading_that_changes_the_older_version_alone_has_its_pupils_beside_its_pounds() -> None:
    compared, further = _scenario(OLD, NEW), pl.lit(False).alias("measured.nearest_school_of_belief")
    part, (option,) = compared.part(population(60).with_columns(further), _asker()), compared.options
    readings = [reading for reading in compared.readings(_asker(), option) if reading.name == "faith_terms"]
    _, alone = read_otherwise(part, option, readings)
    row = alone.row(0, named=True)
    assert row["pupils_after"] < row["pupils_before"] == row["pupils"]
    assert row["saving_pence"] > 0


def test_no_pounds_hang_on_a_reading_without_pupils() -> None:
    for row in _tables()["each_reading"].drop_nulls("pupils").iter_rows(named=True):
        assert row["pupils"] >= max(row[name] for name in ("pupils_before", "pupils_after", "changes"))
        assert row["pupils"] or not row["saving_pence"]


def test_legitimate_expectation_is_worth_those_who_were_at_the_school_without_an_award() -> None:
    row = _tables()["each_reading"].filter(pl.col("reading") == "legitimate_expectation").row(0, named=True)
    assert row["pupils"] > 0
    assert row["saving_pence"] < 0


def test_late_notice_is_counted_for_those_carried_alone_and_on_statutory_grounds_apart() -> None:
    late = _tables()["late_notices"].filter(pl.col("dimension") == ALL)
    entitled = _tables()["outcomes"].filter(pl.col("dimension") == ALL).get_column("entitled_after").sum()
    assert late.get_column("pupils").sum() == entitled
    applies = late.filter(pl.col("notice") == "applies")
    assert "on a statutory ground" in applies.get_column("carried_by").to_list()


def test_a_key_decision_is_told_by_its_two_tests() -> None:
    found = {row["test"]: row for row in _tables()["key_decision"].iter_rows(named=True)}
    assert found["wards with a pupil affected"]["met"] is True
    assert found["target, pence in a full year"]["met"] is False


def test_a_family_that_does_not_take_it_up_is_entitled_and_not_carried() -> None:
    rows = population(60).with_columns(pl.lit(False).alias("about.takes_up"))
    whole = _counted(_scenario(OLD, NEW, brief=True), rows)["outcomes"].filter(pl.col("dimension") == ALL)
    assert whole.get_column("entitled_before").sum() > 0
    assert whole.get_column("carried_before").sum() == 0
    assert whole.get_column("pence_before").sum() == 0


def test_one_version_alone_is_no_comparison() -> None:
    with pytest.raises(UsageError, match="at least two versions"):
        _scenario(OLD)


def test_a_version_named_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="named twice"):
        _scenario(OLD, NEW, NEW)


def test_a_day_for_all_is_the_day_of_every_pupil() -> None:
    rows = population(60)
    on = dt.date(2018, 9, 4)
    fixed = scenario(policies(), (OLD, NEW), read_unit_costs(), on=on, brief=True)
    assert_frame_equal(_counted(fixed, rows)["outcomes"], _counted(_scenario(OLD, NEW, brief=True), rows)["outcomes"])


def test_a_published_share_of_those_entitled_is_held_against_those_entitled_and_not_those_carried() -> None:
    counted = {
        "option": NEW,
        "dimension": ALL,
        "pupils": 100,
        "entitled_before": 12,
        "carried_before": 9,
        "pence_before": 1,
    }
    found = calibration(pl.DataFrame([counted]), NEW).filter(pl.col("figure") == "share_entitled").row(0, named=True)
    assert (found["published"], found["modelled"], found["error_percent"]) == (10, 12.0, 20.0)
