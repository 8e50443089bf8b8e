"""`edtravel population`: what a person types, what it writes, and what it says where something is missing."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.modelling.population_writing import about_path

SAMPLE = ("population", "generate", "--sample", "--pupils", "60", "--seed", "5")


def run(*words: object, data: Path | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], env={"EDTRAVEL_DATA": str(data) if data else ""})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("written") / "pupils.parquet"
    assert run(*SAMPLE, "--out", out).exit_code == 0
    return out


def test_a_population_comes_with_a_file_that_says_how_it_came_to_be(written: Path) -> None:
    told = json.loads(about_path(written).read_text(encoding="utf-8"))
    assert (told["pupils"], told["seed"], told["distances"]) == (60, 5, "along the networks of the area SAMPLE")
    assert told["rates"]["takes_up"]["assumed"]
    assert json.loads(pl.read_parquet_metadata(written)["edtravel"]) == told


def test_without_data_the_pupils_live_in_the_sample_county_and_that_is_said(tmp_path: Path) -> None:
    out = tmp_path / "p.csv"
    found = run("population", "generate", "--pupils", 20, "--out", out)
    assert found.exit_code == 0
    assert "these pupils live in the sample county" in found.stderr
    assert len(pl.read_csv(out)) == 20


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--out", "pupils.txt"), "pupils.txt: expected a name that ends in .parquet or .csv"),
        (("--out", "nowhere/p.csv"), "cannot write nowhere/p.csv: there is no folder nowhere"),
        (("--sample", "--area", "a.gpkg", "--out", "p.csv"), "give one of --sample, --area and --data"),
        (("--data", "nowhere", "--out", "p.csv"), "there is no folder nowhere of open data"),
        (
            ("--data", ".", "--out", "p.csv"),
            "the data folder . has no postcodes/codepoint_open_*.csv*: Code-Point Open",
        ),
        (("--sample", "--on", "2015-01-05", "--out", "p.csv"), "2015-01-05 is before the first policy version"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_and_nothing_is_written(
    words: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("population", "generate", *words)
    assert found.exit_code in {1, 2, 3}
    assert says in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_population_that_is_measured_again_keeps_its_figures_and_says_how_it_was_measured(
    written: Path, tmp_path: Path
) -> None:
    out = tmp_path / "measured.parquet"
    assert run("population", "measure", written, "--area", "sample", "--anew", "--out", out).exit_code == 0
    assert pl.read_parquet(out).equals(pl.read_parquet(written))
    told = json.loads(about_path(out).read_text(encoding="utf-8"))
    assert (told["seed"], told["figures_given_before"]) == (5, "measured anew")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["measured.parquet", "measured.parquet.about.json"]


def test_rows_that_cannot_be_measured_are_set_aside_with_row_and_reason(written: Path, tmp_path: Path) -> None:
    pupils = pl.read_parquet(written).with_row_index("n")
    moved = pupils.with_columns(
        pl.when(pl.col("n") == 2).then(pl.lit("123456")).otherwise("school.urn").alias("school.urn"),
        pl.when(pl.col("n") == 4).then(pl.lit(1)).otherwise("home.easting").alias("home.easting"),
        pl.when(pl.col("n") == 6).then(pl.lit("robin")).otherwise("sex").alias("sex"),
    )
    (tmp_path / "in.parquet").write_bytes(b"")
    moved.drop("n").write_parquet(tmp_path / "in.parquet")
    found = run("population", "measure", tmp_path / "in.parquet", "--area", "sample", "--out", tmp_path / "out.parquet")
    assert found.exit_code == 3
    rejects = pl.read_csv(tmp_path / "in.rejects.csv")
    assert rejects["row"].to_list() == [3, 5, 7]
    assert len(pl.read_parquet(tmp_path / "out.parquet")) == 57
    assert "robin" not in rejects["reason"][2]


def test_an_area_or_data_must_be_named_to_measure(written: Path, tmp_path: Path) -> None:
    found = run("population", "measure", written, "--out", tmp_path / "m.parquet")
    assert found.exit_code == 2
    assert "give --area to measure in, or --data for estimates" in found.stderr
