"""`model run --by`: the tables are counted by what many pupils share, and by nothing that tells one apart."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from eligibility.errors import EdtravelError, UsageError
from eligibility.modelling.counted_by import check_names, check_values
from eligibility.modelling.run import run
from eligibility.modelling.scenario import scenario
from eligibility.modelling.unit_costs import read_unit_costs
from eligibility.policy_files import policies
from tests.modelling.small_county import population
from tests.modelling.test_population_file import WHOLE, write_csv


def _no_reject(rejected: object) -> None:
    raise AssertionError(rejected)


@pytest.mark.parametrize(
    "column",
    ["reference", "date_of_birth", "school.started_on", "award.ends_on", "home.postcode", "home.easting", "other_home",
     "other_home.uprn", "about.household", "about.Household_id", "about.post_code", "about.dob", "about.pupil_number",
     "measured.walking_miles"],
)  # fmt: skip
def test_nothing_is_counted_by_what_tells_single_pupils_apart(column: str) -> None:
    with pytest.raises(UsageError, match=f"--by {column} would write single pupils into the tables"):
        scenario(policies(), ("somerset-2016", "somerset-2018"), read_unit_costs(), by=[column])


@pytest.mark.parametrize(
    "column", ["about.all", "about.year_group", "year_group", "about.school", "about.ground_after"]
)
def test_nothing_is_counted_under_a_name_that_the_tables_have_already(column: str) -> None:
    with pytest.raises(UsageError, match=f"--by {column}: the tables have a .* already"):
        check_names([column])


def test_what_many_pupils_share_is_counted_by() -> None:
    check_names(["about.lsoa", "about.ward", "school.urn", "school.phase", "award.ground", "about.ward_name"])


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_column_that_the_population_has_not_is_told_with_the_nearest_before_anything_is_run(
    tmp_path: Path, kind: str
) -> None:
    source = tmp_path / f"pupils.{kind}"
    table = pl.DataFrame([{**WHOLE, "about.lsoa": "E01"}])
    {"csv": table.write_csv, "parquet": table.write_parquet, "xlsx": table.write_excel}[kind](source)  # type: ignore[operator]  # each takes a path
    compared = scenario(policies(), ("somerset-2016", "somerset-2018"), read_unit_costs(), by=["about.lsao"])
    with pytest.raises(UsageError, match=r"there is no column about\.lsao to count by; did you mean about\.lsoa\?"):
        run(compared, [source], tmp_path / "run", set_aside=_no_reject)
    assert not (tmp_path / "run").exists()


def _with_values(path: Path, values: list[str]) -> Path:
    return write_csv(path, [{**WHOLE, "reference": f"A-{n}", "about.area": value} for n, value in enumerate(values)])


@pytest.mark.parametrize(
    "values",
    [
        [f"E{n}" for n in range(31)],
        [f"E{n % 31}" for n in range(309)],
        ["", *[f"E{n}" for n in range(31)], *[""] * 400],
    ],
)
def test_a_column_with_a_value_for_nearly_every_pupil_is_refused(tmp_path: Path, values: list[str]) -> None:
    with pytest.raises(UsageError, match=r"about\.area has 31 values for .* pupils, fewer than 10 pupils a value"):
        check_values(["about.area"], _with_values(tmp_path / "pupils.csv", values))


@pytest.mark.parametrize("values", [[f"E{n}" for n in range(30)], [f"E{n % 31}" for n in range(310)]])
def test_a_column_with_few_values_or_ten_pupils_to_each_is_counted_by(tmp_path: Path, values: list[str]) -> None:
    check_values(["about.area"], _with_values(tmp_path / "pupils.csv", values))


def test_a_file_that_is_none_is_told_as_without_by(tmp_path: Path) -> None:
    (tmp_path / "pupils.parquet").write_text("no such thing")
    with pytest.raises(EdtravelError, match="this is no Parquet file"):
        check_values(["about.area"], tmp_path / "pupils.parquet")


def test_the_tables_of_a_run_are_counted_by_a_further_column(tmp_path: Path) -> None:
    source = tmp_path / "pupils.parquet"
    rows = population(40).drop("row")
    rows.with_columns(pl.Series("about.lsoa", [f"E{n % 4}" for n in range(40)])).write_parquet(source)
    compared = scenario(
        policies(), ("somerset-2016", "somerset-2018"), read_unit_costs(), by=["about.lsoa"], brief=True
    )
    found = run(compared, [source], tmp_path / "run", set_aside=_no_reject).tables["outcomes"]
    by_area = found.filter(pl.col("dimension") == "lsoa").group_by("value").agg(pl.col("pupils").sum()).sort("value")
    assert by_area.rows() == [("E0", 10), ("E1", 10), ("E2", 10), ("E3", 10)]
