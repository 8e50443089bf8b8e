"""`model pupils`: from a cell of any table to the pupils behind it, as many as it says, and their reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.errors import UsageError
from eligibility.modelling.cells import Cells
from eligibility.modelling.drill_down import cases_behind, reasons
from eligibility.modelling.run import Run
from tests.modelling.small_run import BY, NEW, compared


@pytest.fixture(scope="module")
def cells(finished: Run) -> Cells:
    return Cells(compared(by=(BY,)), finished.folder)


def _rows(finished: Run, table: str, every: int = 1) -> list[dict[str, Any]]:
    return list(finished.tables[table].gather_every(every).iter_rows(named=True))


@pytest.mark.parametrize(
    ("table", "keys", "every"),
    [
        ("outcomes", ("dimension", "value", "change"), 7),
        ("transitions", ("before", "after", "change", "kept"), 1),
        ("grounds_met", ("policy", "ground", "result"), 1),
        ("late_notices", ("dimension", "value", "notice", "carried_by"), 7),
        ("run_off", ("view", "reading", "year", "change", "kept"), 29),
        ("run_off", ("view", "reading", "school_year", "change", "kept"), 97),
    ],
)
def test_the_pupils_behind_a_cell_are_as_many_as_it_says(
    finished: Run, cells: Cells, table: str, keys: tuple[str, ...], every: int
) -> None:
    for row in _rows(finished, table, every):
        where = {key: str(row[key]) for key in keys}
        assert cells.of(table, where).pupils.height == row["pupils"], where


def test_the_pupils_behind_a_combination_of_readings_are_as_many_as_it_says(finished: Run, cells: Cells) -> None:
    for row in _rows(finished, "readings", 67):
        where = {key: str(value) for key, value in row.items() if key == "change" or key.startswith("reading:")}
        assert cells.of("readings", where).pupils.height == row["pupils"], where


def test_the_pupils_who_hang_on_a_reading_are_as_many_as_it_says_and_told_with_what_it_makes_of_them(
    finished: Run, cells: Cells
) -> None:
    counted = [row for row in _rows(finished, "each_reading") if row["pupils"] is not None]
    assert {row["can_change"] for row in counted if row["pupils"]} >= {"outcome", "notice", "start of travel"}
    for row in counted:
        pupils = cells.of("each_reading", {"reading": row["reading"], "other": row["other"]}).pupils
        assert pupils.height == row["pupils"], row["reading"]
        for when in ("before", "after"):
            assert (pupils[when] != pupils[f"{when}_otherwise"]).sum() == row[f"pupils_{when}"], row["reading"]
    first = cells.of("each_reading", {"rank": "1"}).pupils
    assert first.height == counted[0]["pupils"]


def test_a_reading_that_was_measured_by_counts_no_pupils_and_says_so(finished: Run, cells: Cells) -> None:
    row = next(row for row in _rows(finished, "each_reading") if row["pupils"] is None)
    with pytest.raises(UsageError, match="was read when the distances were measured"):
        cells.of("each_reading", {"rank": str(row["rank"])})


def test_the_pupils_behind_a_key_decision_are_those_affected_in_a_ward_that_is_known(
    finished: Run, cells: Cells
) -> None:
    row = next(row for row in _rows(finished, "key_decision") if row["test"] == "wards with a pupil affected")
    pupils = cells.of("key_decision", {"test": row["test"]}).pupils
    assert pupils["ward"].n_unique() == row["found"]
    outcomes = finished.tables["outcomes"].filter(
        (pl.col("dimension") == "ward")
        & (pl.col("value") != "not known")
        & pl.col("change").is_in(["winner", "loser", "protected", "officer"])
    )
    assert pupils.height == outcomes["pupils"].sum()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("savings_by_school_year", "--table run_off --where view=kept --where change=loser, with a year and a reading"),
        ("savings_by_financial_year", "--table run_off"),
        ("unit_costs", "--table outcomes"),
        ("calibration", "--table outcomes"),
    ],
)
def test_a_table_of_sums_says_where_the_pupils_behind_it_are(
    finished: Run, cells: Cells, table: str, says: str
) -> None:
    assert table in finished.tables
    with pytest.raises(UsageError, match=f"the cells of {table} are sums and no pupils; the pupils .*{says}"):
        cells.of(table, {})


def test_every_table_of_a_run_opens_to_pupils_or_says_where_they_are(finished: Run, cells: Cells) -> None:
    ask = {"grounds_met": {"ground": "faith"}, "each_reading": {"rank": "1"}}
    told: dict[str, int | str] = {}
    for table in finished.tables:
        try:
            told[table] = cells.of(table, ask.get(table, {})).pupils.height
        except UsageError as error:
            told[table] = error.message.partition(" are ")[2].partition(";")[0]
    assert {said for said in told.values() if not isinstance(said, int)} == {"sums and no pupils"}


def test_a_sum_of_savings_is_that_of_the_pupils_to_whom_it_points(finished: Run, cells: Cells) -> None:
    for row in _rows(finished, "savings_by_school_year"):
        where = {"view": "kept", "year": str(row["year"]), "reading": "nobody_protected"}
        lost, won = (cells.of("run_off", {**where, "change": change}).pupils.height for change in ("loser", "winner"))
        assert lost - won == row["target_pupils"]


@pytest.mark.parametrize(
    ("table", "where", "says"),
    [
        ("outcome", {}, "did you mean outcomes"),
        ("outcomes", {"chnge": "loser"}, "did you mean change"),
        ("outcomes", {"change": "lsoer"}, "no row in outcomes has change=lsoer; did you mean loser?"),
        ("outcomes", {"dimension": "phse"}, "no row in outcomes has dimension=phse; did you mean phase?"),
        ("outcomes", {"dimension": "mode", "value": "coach"}, "has value=coach; expected mainstream, send"),
        (
            "outcomes",
            {"dimension": "phase", "value": "second"},
            "no row of phase in outcomes has value=second; did you mean secondary?",
        ),
        ("outcomes", {"value": "secondary"}, "a value is one of a dimension; name it too"),
        ("outcomes", {"phase": "secondery"}, "no pupil of the run has phase=secondery; did you mean secondary?"),
        ("outcomes", {"reference": "T-000000"}, "no pupil of the run has that reference"),
        ("outcomes", {"option": "somerset-2028"}, "did you mean somerset-2018"),
        ("transitions", {"kept": "fiath"}, "no row in transitions has kept=fiath; did you mean faith?"),
        ("grounds_met", {}, "name a ground of grounds_met"),
        ("grounds_met", {"ground": "fath"}, "did you mean faith?"),
        ("run_off", {"year": "one"}, "no row in run_off has year=one"),
        ("run_off", {"year": "1", "school_year": "2018/19"}, "both that year and that school year"),
        ("each_reading", {}, "rows of each_reading are named; name one, such as --where rank=1"),
        ("key_decision", {"test": "target, pence in a full year"}, "is a sum and no pupils"),
    ],
)
def test_a_slip_in_what_is_asked_is_told_with_the_nearest(
    cells: Cells, table: str, where: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError) as told:
        cells.of(table, where)
    assert says in told.value.message


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("outcomes", {"change": "winner"}),
        ("outcomes", {"dimension": "ground_after", "value": "boarding"}),
        ("transitions", {"before": "not_entitled", "after": "entitled"}),
        ("grounds_met", {"ground": "boarding"}),
        ("outcomes", {"phase": "primary", "change": "winner"}),
    ],
)
def test_what_a_table_could_have_and_has_of_nobody_is_nobody(cells: Cells, table: str, where: dict[str, str]) -> None:
    assert cells.of(table, where).pupils.is_empty()


def test_a_dimension_without_a_value_leaves_all_its_values_in(finished: Run, cells: Cells) -> None:
    losers = cells.of("outcomes", {"change": "loser"}).pupils
    assert cells.of("outcomes", {"dimension": "phase", "change": "loser"}).pupils.equals(losers)


def test_a_table_that_a_brief_run_has_not_is_told(finished: Run, cells: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cells.__dict__, "_tables", {"outcomes": finished.tables["outcomes"]})
    with pytest.raises(UsageError, match="this run has no table run_off; a brief one has no later years"):
        cells.of("run_off", {})


def test_the_reasons_of_a_pupil_are_those_of_a_decision_and_agree_with_the_table(finished: Run, cells: Cells) -> None:
    for change in ("loser", "protected", "officer", "not_known", "unchanged"):
        found = cells.of("outcomes", {"change": change})
        cases = cases_behind(finished.folder, found).head(4)
        told = zip(found.pupils.head(4).iter_rows(named=True), reasons(compared(by=(BY,)), cases, found), strict=True)
        for pupil, (old, new) in told:
            assert (old.reference, old.outcome, new.outcome) == (pupil["reference"], pupil["before"], pupil["after"])


def test_in_a_later_year_the_reasons_are_of_that_year(finished: Run, cells: Cells) -> None:
    for view in ("followed", "kept"):
        where = {"view": view, "reading": "5.1", "year": "1", "change": "protected"}
        found = cells.of("run_off", where)
        assert found.pupils.height
        cases = cases_behind(finished.folder, found).head(3)
        for _, new in reasons(compared(by=(BY,)), cases, found):
            assert new.outcome in {"entitled", "refer"}
            assert new.protected is not None


def _cli(*words: str) -> Result:
    return CliRunner().invoke(main, ["model", *words], standalone_mode=False)


def test_the_pupils_of_a_cell_are_written_as_cases_that_assess_reads(finished: Run, tmp_path: Path) -> None:
    cases = tmp_path / "losers.csv"
    words = ["pupils", str(finished.folder), "--table", "outcomes", "--where", "change=loser", "--reasons", "1"]
    done = _cli(*words, "--cases", str(cases))
    assert done.exception is None
    assert "for officers only" in done.output
    assert "Not entitled" in done.output
    decided = CliRunner().invoke(
        main, ["assess", str(cases), "--policy", NEW, "--format", "csv"], standalone_mode=False
    )
    assert decided.exception is None
    outcomes = [line.split(",")[4] for line in decided.stdout.splitlines()[1:]]
    assert outcomes == ["not_entitled"] * len(outcomes)
    assert outcomes


def test_a_run_counted_by_a_further_column_opens_to_its_pupils(finished: Run) -> None:
    words = ["--table", "outcomes", "--where", "dimension=band", "--where", "value=band 1", "--reasons", "0"]
    done = _cli("pupils", str(finished.folder), *words)
    assert done.exception is None, done.exception
    assert done.output.startswith("50 pupils of outcomes (dimension band, value band 1)")


def test_the_pupils_who_hang_on_a_reading_are_listed_with_what_it_makes_of_them(finished: Run) -> None:
    words = ["--table", "each_reading", "--where", "reading=legitimate_expectation", "--reasons", "0"]
    done = _cli("pupils", str(finished.folder), *words)
    assert done.exception is None, done.exception
    assert "; read otherwise entitled -> entitled" in done.output
