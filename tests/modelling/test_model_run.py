"""`model run`: from a council's file to tables, resumed where it was stopped."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.commands._headlines import headlines, whole_pounds
from eligibility.errors import EdtravelError, MismatchError, UsageError
from eligibility.modelling.questions import Asker
from eligibility.modelling.run import Run, finished_run, run
from eligibility.modelling.scenario import Scenario, scenario
from eligibility.modelling.unit_costs import read_unit_costs
from eligibility.new_draft import draft_text, write_draft
from eligibility.policy_files import load_policies, policies
from eligibility.reading import Rejected
from tests.modelling.small_county import population
from tests.modelling.small_run import BY, NEW, OLD, PUPILS, compared, no_reject
from tests.policy_folders import Folders


def _tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "tables").iterdir())}


def test_every_table_lies_there_as_parquet_and_as_csv(finished: Run) -> None:
    names = {path.name for path in (finished.folder / "tables").iterdir()}
    assert {name.replace(".csv", ".parquet") for name in names if name.endswith(".csv")} == {
        name for name in names if name.endswith(".parquet")
    }
    assert {
        "outcomes.csv",
        "run_off.csv",
        "savings_by_financial_year.csv",
        "each_reading.csv",
        "calibration.csv",
    } <= names


def test_a_run_says_what_it_rests_on(finished: Run) -> None:
    about = json.loads((finished.folder / "run.json").read_text(encoding="utf-8"))
    assert [each["id"] for each in about["policies"]] == [OLD, NEW]
    assert all(figure["source"] for figure in about["unit_costs"]["figures"])
    assert about["populations"][0]["pupils"] == PUPILS
    assert about["assumptions"]


def test_a_run_that_was_killed_goes_on_with_the_parts_it_has_and_comes_to_the_same_bytes(
    small_county_file: Path, finished: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, real = [], Scenario.count

    def killed(self: Scenario, part: object, years: int) -> object:
        counted.append(part)
        if len(counted) == 2:
            raise KeyboardInterrupt
        return real(self, part, years)  # type: ignore[arg-type]  # it is handed on as it comes

    with monkeypatch.context() as patch:
        patch.setattr(Scenario, "count", killed)
        with pytest.raises(KeyboardInterrupt):
            run(compared(by=(BY,)), [small_county_file], tmp_path, set_aside=no_reject, rows_in_a_part=60)
        assert not (tmp_path / "tables").exists()
        counted.clear()
        counted.append(None)
        counted.append(None)
        run(compared(by=(BY,)), [small_county_file], tmp_path, set_aside=no_reject, rows_in_a_part=60)
    assert len(counted) == 2 + 2, "only the two parts that were left are counted"
    assert _tables(tmp_path) == _tables(finished.folder)


def test_tables_do_not_hang_on_where_the_population_is_cut(
    small_county_file: Path, finished: Run, tmp_path: Path
) -> None:
    run(compared(by=(BY,)), [small_county_file], tmp_path, set_aside=no_reject)
    assert _tables(tmp_path) == _tables(finished.folder)


@pytest.mark.parametrize("engine", ["duckdb", "pyspark"])
def test_another_engine_comes_to_the_same_tables(small_county_file: Path, tmp_path: Path, engine: str) -> None:
    pytest.importorskip(engine)
    if engine == "pyspark" and not shutil.which("java"):
        pytest.skip("there is no Java")
    few = tmp_path / "few.parquet"
    pl.read_parquet(small_county_file).head(40).write_parquet(few)
    by_polars = run(compared(brief=True), [few], tmp_path / "polars", set_aside=no_reject)
    by_other = run(compared(brief=True), [few], tmp_path / engine, engine, set_aside=no_reject)
    assert _tables(by_other.folder) == _tables(by_polars.folder)


def test_a_folder_of_another_run_is_not_written_over(small_county_file: Path, finished: Run) -> None:
    costs = read_unit_costs(schedule="england_2024")
    with pytest.raises(MismatchError, match="holds a run with other unit costs"):
        run(scenario(policies(), (OLD, NEW), costs), [small_county_file], finished.folder, set_aside=no_reject)


def test_a_draft_that_drops_faith_alone_loses_the_pupils_of_faith_alone(
    small_county_file: Path, tmp_path: Path
) -> None:
    folders = Folders(tmp_path)
    text = draft_text(policies(), "no-faith", policies().version(OLD), withdraw=["faith"])
    write_draft(folders.versions / "drafts", "no-faith", text)
    held = load_policies(folders.rules, folders.versions)
    found = run(
        scenario(held, (OLD, NEW, "no-faith"), read_unit_costs(), brief=True),
        [small_county_file],
        tmp_path / "run",
        set_aside=no_reject,
    )
    outcomes = found.tables["outcomes"].filter((pl.col("dimension") == "ground_before") & (pl.col("change") == "loser"))
    lost = {option: set(rows.get_column("value")) for (option,), rows in outcomes.group_by("option")}
    assert lost["no-faith"] == {"faith"}
    assert lost[NEW] > {"faith"}


def _cli(*words: str) -> Result:
    return CliRunner().invoke(main, ["model", *words], standalone_mode=False)


def test_the_headlines_say_who_loses_what_it_saves_and_what_it_hangs_on(finished: Run) -> None:
    done = _cli("show", str(finished.folder))
    assert done.exception is None
    for said in ("Lose free travel", "What it saves", "How long pupils are protected", "Is it a key decision?"):
        assert said in done.output


def test_the_youngest_who_lose_are_said_to_be_in_reception(finished: Run) -> None:
    outcomes = finished.tables["outcomes"]
    youngest = (pl.col("dimension") == "year_group") & (pl.col("change") == "loser")
    as_if = outcomes.with_columns(value=pl.when(youngest).then(pl.lit("0")).otherwise("value"))
    assert "year group   Reception" in headlines(replace(finished, tables={**finished.tables, "outcomes": as_if}))


def test_several_values_follow_one_option(small_county_file: Path, tmp_path: Path) -> None:
    words = [
        "run",
        "--brief",
        "--policies",
        OLD,
        NEW,
        "--population",
        str(small_county_file),
        "--out",
        str(tmp_path / "run"),
    ]
    done = _cli(*words, "--format", "json")
    assert done.exception is None, done.exception
    assert json.loads(done.stdout)["run"]["policies"][1]["id"] == NEW


def test_two_populations_give_the_spread_of_their_figures(small_county_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.parquet"
    population(PUPILS, seed=6).drop("row").write_parquet(other)
    found = run(compared(brief=True), [small_county_file, other], tmp_path / "run", set_aside=no_reject)
    row = found.tables["spread"].filter(pl.col("measure") == "loser").row(0, named=True)
    assert row["populations"] == 2
    assert row["from"] < row["lowest"] <= row["mean"] <= row["highest"] < row["to"]


def test_a_bad_row_is_set_aside_and_the_others_are_counted(small_county_file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.parquet"
    rows = pl.read_parquet(small_county_file).head(5)
    rows.with_columns(
        pl.when(pl.int_range(pl.len()) == 2).then(None).otherwise("reference").alias("reference")
    ).write_parquet(bad)
    aside: list[Rejected] = []
    found = run(compared(brief=True), [bad], tmp_path / "run", set_aside=aside.append)
    assert [each.row for each in aside] == [3]
    assert found.set_aside == 1


def test_a_question_about_nobody_is_answered_with_nobody() -> None:
    part = compared(brief=True).part(population(3).clear(), Asker(policies()))
    assert part.people.is_empty()


@pytest.mark.parametrize("columns", ["40", "60", "72", "80", "100"])
def test_no_figure_of_the_headlines_is_broken_however_narrow_the_page(
    finished: Run, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = headlines(finished)
    saved = finished.tables["savings_by_financial_year"].row(0, named=True)
    figures = [whole_pounds(pence) for name, pence in saved.items() if name.endswith("_pence")]
    assert set(figures) <= set(text.split())
    assert max(map(len, text.split("\n"))) <= int(columns)


def test_where_nothing_can_be_written_or_an_earlier_run_is_broken_one_sentence_says_so(
    small_county_file: Path, finished: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EdtravelError, match=r"file: the run cannot be written there \(not a directory\)"):
        run(compared(brief=True), [small_county_file], tmp_path / "file", set_aside=no_reject)
    broken = tmp_path / "broken"
    shutil.copytree(finished.folder, broken)
    for name in ("identity.json", "population-1.json", "population-1.parquet"):
        kept = (broken / "work" / name).read_bytes()
        (broken / "work" / name).write_text("{")
        with pytest.raises(MismatchError, match=f"{name}: what an earlier run left there cannot be read"):
            run(compared(by=(BY,)), [small_county_file], broken, set_aside=no_reject, rows_in_a_part=60)
        (broken / "work" / name).write_bytes(kept)
    (broken / "tables" / "outcomes.parquet").write_text("{")
    with pytest.raises(UsageError, match="the tables of the run are not whole"):
        finished_run(broken)
