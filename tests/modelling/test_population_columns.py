"""The columns of a council's own file: those that no rule and no table reads, and those that look like names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from eligibility.errors import InputError
from tests.modelling.test_population_file import WHOLE, checked, write_csv


@pytest.mark.parametrize(
    "column",
    ["name", "surname", "Pupil Name", "forename", "about.name", "about.child_surname", "address_line_1", "about.email",
     "home.address", "about.postcode", "FirstName", "telephone", "UPN", "about.pupil",
     "about.parent_contact"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_column_that_looks_like_a_name_or_an_address_is_refused(tmp_path: Path, column: str, kind: str) -> None:
    source = tmp_path / f"pupils.{kind}"
    table = pl.DataFrame([{**WHOLE, column: "Ann Other"}])
    writers: dict[str, Callable[[Path], object]] = {
        "csv": table.write_csv,
        "parquet": table.write_parquet,
        "xlsx": table.write_excel,
    }
    writers[kind](source)
    with pytest.raises(InputError, match="column 6 looks like a name or an address") as told:
        checked(source)
    assert "Ann" not in str(told.value)


def test_the_name_of_a_place_is_no_name_of_a_person(tmp_path: Path) -> None:
    row = {**WHOLE, "about.ward_name": "Frome North", "about.school_name": "St John's", "about.phase": "primary"}
    rows, aside = checked(write_csv(tmp_path / "pupils.csv", [row]))
    assert not aside
    assert rows.select("about.ward_name", "about.school_name", "about.phase").rows() == [
        ("Frome North", "St John's", "primary")
    ]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("measured.walkin_mm", "did you mean measured.walking_mm"),
        ("zzz", "a column that only tables read begins with about."),
    ],
)
def test_an_unknown_column_is_told_with_the_nearest_right_one(tmp_path: Path, column: str, says: str) -> None:
    pl.DataFrame([{**WHOLE, column: "1"}]).write_parquet(tmp_path / "pupils.parquet")
    with pytest.raises(InputError, match=says):
        checked(tmp_path / "pupils.parquet")


def test_what_tables_give_a_meaning_to_is_read_as_a_truth_or_a_number_whatever_the_file(tmp_path: Path) -> None:
    about = {"about.takes_up": "no", "about.last_year_group": "6", "about.mode": "send"}
    write_csv(tmp_path / "pupils.csv", [{**WHOLE, **about}])
    pl.DataFrame([{**WHOLE, **about}]).write_excel(tmp_path / "pupils.xlsx")
    pl.DataFrame(
        [{**WHOLE, "about.takes_up": False, "about.last_year_group": 6.0, "about.mode": "send"}]
    ).write_parquet(tmp_path / "pupils.parquet")
    for name in ("pupils.csv", "pupils.xlsx", "pupils.parquet"):
        rows, aside = checked(tmp_path / name)
        assert not aside
        assert rows.select(*about).rows() == [(False, 6, "send")], name


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("about.takes_up", "perhaps", "about.takes_up cannot be read: yes, no, true or false was expected"),
        ("about.last_year_group", "Year 6", "about.last_year_group cannot be read: a whole number"),
        ("about.last_year_group", "66", "about.last_year_group is not from 0 to 13"),
        ("about.mode", "SEND", "about.mode is not one of the words there are for it; expected mainstream or send"),
        ("about.note", "x" * 101, "about.note is longer than 100 characters"),
    ],
)
def test_what_tables_cannot_read_sets_its_row_aside(tmp_path: Path, column: str, cell: str, says: str) -> None:
    write_csv(tmp_path / "pupils.csv", [{**WHOLE, column: ""}, {**WHOLE, "reference": "A-2", column: cell}])
    rows, aside = checked(tmp_path / "pupils.csv")
    assert rows["row"].to_list() == [1]
    assert says in aside[0].reason


@pytest.mark.parametrize("value", [["a"], {"a": 1}, b"a"])
def test_a_column_of_lists_records_or_bytes_is_refused(tmp_path: Path, value: object) -> None:
    pl.DataFrame([{**WHOLE, "about.odd": value}]).write_parquet(tmp_path / "pupils.parquet")
    with pytest.raises(InputError, match="column 6 holds lists, records or bytes; expected one value a cell"):
        checked(tmp_path / "pupils.parquet")


def test_a_column_of_a_case_written_in_capitals_is_not_called_a_name_or_an_address(tmp_path: Path) -> None:
    pl.DataFrame([WHOLE]).rename({"home.postcode": "HOME.POSTCODE"}).write_excel(tmp_path / "pupils.xlsx")
    with pytest.raises(InputError, match=r"first sheet: column 3 is no column .* did you mean home\.postcode"):
        checked(tmp_path / "pupils.xlsx")
