"""A council's own file: CSV, Parquet and XLSX say the same, bad rows are told one by one, names are refused."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from eligibility.assess import Assessor
from eligibility.case import NO_DAY
from eligibility.columns import CaseColumns
from eligibility.errors import InputError, UsageError
from eligibility.modelling.facts_of_cases import NONE
from eligibility.modelling.population_file import Checks, check_population
from eligibility.modelling.rows import row_of, table_of
from eligibility.policy_files import policies
from eligibility.reading import RawCase, Rejected, read_cases
from tests.modelling.populations import Drawn, books, drawn, population

WHOLE = {
    "reference": "A-1",
    "date_of_birth": "2007-05-14",
    "home.postcode": "BA2 0AA",
    "school.urn": "109329",
    "travel_from": "2018-09-04",
}


def write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dt.date():
            return NONE if value == NO_DAY else value.isoformat()
        case _:
            return str(value)


def pupils(seed: int = 1, number: int = 60) -> list[Drawn]:
    return drawn(seed, number)


def numbered(table: pl.DataFrame) -> pl.DataFrame:
    """A table whose references differ from row to row."""
    return table.with_columns(("P-" + pl.int_range(1, pl.len() + 1).cast(pl.String)).alias("reference"))


def checked(
    source: Path, *versions: str, on: dt.date | None = None, choices: dict[str, str] | None = None
) -> tuple[pl.DataFrame, list[Rejected]]:
    aside: list[Rejected] = []
    of = [policies().versions[name] for name in versions or ("somerset-2016", "somerset-2018")]
    out = source.with_name("checked.parquet")
    found = check_population(source, out, Checks(books(), of, on, choices or {}), set_aside=aside.append)
    rows = pl.read_parquet(out)
    assert (found.count, found.set_aside) == (rows.height, len(aside))
    return rows, aside


def test_a_row_is_the_same_case_in_csv_parquet_and_xlsx(tmp_path: Path) -> None:
    table = numbered(table_of(row_of(pupil.case) for pupil in pupils()))
    expected = population(pupils())
    table.write_parquet(tmp_path / "pupils.parquet")
    texts = [{name: as_text(value) for name, value in row.items()} for row in table.iter_rows(named=True)]
    write_csv(tmp_path / "pupils.csv", texts)
    pl.DataFrame(texts).with_columns(pl.all().replace("", None)).write_excel(tmp_path / "pupils.xlsx")
    facts = [name for name in expected.columns if name.startswith("fact_")]
    for name in ("pupils.parquet", "pupils.csv", "pupils.xlsx"):
        rows, aside = checked(tmp_path / name)
        assert not aside
        assert rows.select("row", *facts).equals(expected.select(pl.col("row").cast(pl.Int64), *facts)), name


def test_dates_numbers_and_truths_of_a_spreadsheet_are_read_as_they_are(tmp_path: Path) -> None:
    row = {
        **WHOLE,
        "date_of_birth": dt.date(2007, 5, 14),
        "school.urn": 109329,
        "travel_from": dt.date(2018, 9, 4),
        "measured.walking_miles": 3.412,
        "resident": True,
        "income.net_earnings_pence": 650_000,
    }
    pl.DataFrame([row]).write_excel(tmp_path / "pupils.xlsx")
    rows, aside = checked(tmp_path / "pupils.xlsx")
    assert not aside
    assert rows["measured.walking_mm"].to_list() == [5_491_082]
    assert rows["fact_date_of_birth"].to_list() == [20070514]
    assert rows["fact_resident"].to_list() == [True]
    assert rows["fact_net_earnings_pence"].to_list() == [650_000]


def test_a_number_that_is_not_a_number_is_not_known(tmp_path: Path) -> None:
    table = pl.DataFrame([{**WHOLE, "measured.walking_mm": 5000.0}, {**WHOLE, "reference": "A-2"}])
    table = table.with_columns(pl.col("measured.walking_mm").fill_null(float("nan")))
    table.write_parquet(tmp_path / "pupils.parquet")
    rows, aside = checked(tmp_path / "pupils.parquet")
    assert not aside
    assert rows["fact_walking_mm"].to_list() == [5000, None]


BAD = {
    "date_of_birth": ["14/05/2007", "2007-02-30", "", "none"],
    "home.postcode": ["", "somewhere", "none"],
    "school.urn": ["12345", "", "abc"],
    "reference": ["", "Ann Other", "x" * 65],
    "year_group": ["14", "seven", "-1", "5"],
    "measured.walking_mm": ["-1", "3.4", "3 miles", "99999999999999999999", "none"],
    "measured.walking_miles": ["-2", "many", "1e9", "311"],
    "measured.nearest_school": ["maybe", "none"],
    "award.ground": ["charity", "none"],
    "award.granted_on": ["2018-13-01", "none", "2001-01-01"],
    "places": ["123456", "1234567=yes", "123456=yes;123456=no"],
    "service.incidents": ["yesterday", "2018-02-30"],
    "needs.ehc_plan.named_urns": ["123", "123456,234567"],
    "award": ["yes", "null"],
    "home": ["none"],
    "income.net_earnings_pence": ["7400.50", "100000001"],
    "travel_from": ["", "tomorrow", "9999-12-31", "2016-08-31", "2006-01-01"],
    "applied_on": ["2001-01-01", "9999-12-31"],
}


def test_a_bad_row_is_told_in_the_sentence_that_assess_would_give_and_the_others_go_on(tmp_path: Path) -> None:
    rows = [{"reference": "first", **{key: value for key, value in WHOLE.items() if key != "reference"}}]
    for place, cells in BAD.items():
        rows += [{**WHOLE, "reference": f"B-{len(rows)}-{number}", place: cell} for number, cell in enumerate(cells)]
    rows.append({**WHOLE, "reference": "last"})
    source = write_csv(tmp_path / "pupils.csv", rows)
    found, aside = checked(source, "somerset-2018")
    assert found["reference"].to_list() == ["first", "last"]
    assessor, expected = Assessor(second=None), {}
    for item in read_cases([source], columns=CaseColumns()):
        rejected = item if isinstance(item, Rejected) else _why(assessor, item)
        if rejected is not None:
            expected[rejected.row] = rejected.reason
    own = {item.row: item.reason for item in aside}
    assert own == expected
    assert all(item.raw for item in aside)


def _why(assessor: Assessor, item: RawCase) -> Rejected | None:
    try:
        assert assessor.matter(item.data, policy="somerset-2018").now.outcome  # as assess, that then writes it
    except InputError as error:
        return item.rejected(error.message)
    return None


def test_every_contradiction_that_assess_finds_is_found(tmp_path: Path) -> None:
    measured = {
        "measured.nearest_school": ["yes", "no", ""],
        "measured.nearest_ignoring_places": ["yes", "no", ""],
        "measured.nearer_suitable_schools": ["0", "2", ""],
        "measured.nearer_ignoring_places": ["0", "1", "3", ""],
    }
    rows: list[dict[str, Any]] = [WHOLE]
    for place, cells in measured.items():
        rows = [{**row, place: cell} for row in rows for cell in cells]
    rows += [
        {
            **WHOLE,
            "award.granted_on": "2018-01-02",
            "award.ends_on": end,
            "medical.from": "2018-01-02",
            "medical.until": until,
        }
        for end in ("2018-01-01", "2018-01-02", "none", "")
        for until in ("2018-01-01", "2018-01-02", "none", "")
    ]
    rows = [{**row, "reference": f"C-{number}"} for number, row in enumerate(rows)]
    source = write_csv(tmp_path / "pupils.csv", rows)
    _, aside = checked(source, "somerset-2018")
    assessor = Assessor(second=None)
    items = [item for item in read_cases([source], columns=CaseColumns()) if isinstance(item, RawCase)]
    expected = {item.row: why.reason for item in items if (why := _why(assessor, item)) is not None}
    assert {item.row: item.reason for item in aside} == expected
    assert len(expected) > 20


def test_what_no_rule_reads_comes_through_whole_with_a_row_that_had_to_be_read_again(tmp_path: Path) -> None:
    row = {**WHOLE, "places": "123456=yes;234567=no", "about.ward": "Frome", "about.household": "7"}
    rows, aside = checked(write_csv(tmp_path / "pupils.csv", [row]))
    assert not aside
    assert rows.select("about.ward", "about.household", "places").rows() == [("Frome", "7", "123456=yes;234567=no")]


def test_a_missing_column_an_empty_file_and_a_file_of_another_kind_are_told(tmp_path: Path) -> None:
    pl.DataFrame([{"reference": "A-1"}]).write_parquet(tmp_path / "pupils.parquet")
    with pytest.raises(InputError, match=r"the columns date_of_birth, school\.urn must be there"):
        checked(tmp_path / "pupils.parquet")
    (tmp_path / "other.parquet").write_text("not one")
    with pytest.raises(InputError, match="this is no Parquet file"):
        checked(tmp_path / "other.parquet")
    (tmp_path / "other.xlsx").write_text("not one")
    with pytest.raises(InputError, match=r"no \.xlsx file that can be read"):
        checked(tmp_path / "other.xlsx")
    with pytest.raises(UsageError, match=r"expected a population as \.csv, \.parquet or \.xlsx"):
        checked(tmp_path / "pupils.ods")
    with pytest.raises(UsageError, match="there is no such file"):
        checked(tmp_path / "none.csv")
    (tmp_path / "header.csv").write_text(",".join(WHOLE) + "\n")
    with pytest.raises(InputError, match="the file holds no pupils; it has no row below the names of its columns"):
        checked(tmp_path / "header.csv")


def test_a_pupil_is_counted_once(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "pupils.csv", [WHOLE, {**WHOLE, "reference": "A-2"}, WHOLE])
    rows, aside = checked(source)
    assert rows["row"].to_list() == [1, 2]
    assert [(item.row, item.reason) for item in aside] == [(3, "its reference stands in an earlier row as well")]


def test_rows_that_cannot_be_told_apart_are_set_aside_and_the_rest_of_the_file_goes_on(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "pupils.csv", [WHOLE, {**WHOLE, "reference": "A-2"}])
    lines = source.read_bytes().splitlines()
    broken = [
        lines[0],
        b'"A-9,2007-05-14,BA2 0AA,109329,2018-09-04',
        lines[1],
        b"A-3,2007-05-14",
        b"A-4,\xff,,,",
        lines[2],
    ]
    source.write_bytes(b"\n".join(broken))
    rows, aside = checked(source)
    assert rows["reference"].to_list() == ["A-1", "A-2"]
    assert [item.row for item in aside] == [1, 3, 4]


def test_a_year_group_that_does_not_fit_is_found_on_the_day_asked_about(tmp_path: Path) -> None:
    groups = [{**WHOLE, "reference": f"Y-{group}", "year_group": str(group)} for group in range(14)]
    rows, aside = checked(write_csv(tmp_path / "pupils.csv", groups), on=dt.date(2018, 9, 4))
    assert rows["year_group"].to_list() == [6, 7, 8]
    assert len(aside) == 11


def test_a_file_of_which_no_row_can_be_used_says_why_the_first_cannot(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "pupils.csv", [{**WHOLE, "sex": "elephant", "reference": f"A-{n}"} for n in range(3)])
    with pytest.raises(InputError, match=r"no row can be used; of 3 set aside the first is row 1: sex: expected"):
        checked(source)


def test_exact_decimals_and_times_of_a_database_are_read(tmp_path: Path) -> None:
    seen = dt.datetime(2018, 1, 2, 3, 4, tzinfo=dt.UTC)
    table = pl.DataFrame([{**WHOLE, "measured.walking_mm": 5000, "about.seen": seen}])
    table.with_columns(pl.col("measured.walking_mm").cast(pl.Decimal(12, 2))).write_parquet(tmp_path / "pupils.parquet")
    rows, aside = checked(tmp_path / "pupils.parquet")
    assert not aside
    assert rows["measured.walking_mm"].to_list() == [5000]


def test_a_bad_row_of_a_spreadsheet_is_told_by_what_is_wrong_with_it_and_not_by_its_dates(tmp_path: Path) -> None:
    good = {**WHOLE, "date_of_birth": dt.date(2007, 5, 14), "travel_from": dt.date(2018, 9, 4), "resident": "yes"}
    bad = {**good, "reference": "A-2", "resident": "Y"}
    blank = dict.fromkeys(good) | {"reference": " "}
    pl.DataFrame([good, bad, blank]).rename({"resident": " resident "}).write_excel(tmp_path / "pupils.xlsx")
    rows, aside = checked(tmp_path / "pupils.xlsx")
    assert rows["row"].to_list() == [1]
    assert [item.reason for item in aside] == ["resident cannot be read: yes, no, true or false was expected"]


def test_a_row_of_a_spreadsheet_with_an_error_in_a_cell_is_set_aside(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "pupils.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*WHOLE, "measured.walking_mm"])
        sheet.write_row(1, 0, WHOLE.values())
        sheet.write_row(2, 0, {**WHOLE, "reference": "A-2"}.values())
        sheet.write_formula(2, len(WHOLE), "=1/0", None, "#DIV/0!")
    rows, aside = checked(tmp_path / "pupils.xlsx")
    assert rows["row"].to_list() == [1]
    told = [(item.row, item.reason) for item in aside]
    assert told == [(2, "measured.walking_mm holds an error of the spreadsheet, and no value")]
