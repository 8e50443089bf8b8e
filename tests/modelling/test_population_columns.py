"""The columns of a council's own file: those that no rule and no table reads, and those that look like names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from eligibility.errors import InputError
from eligibility.modelling.population_columns import is_personal, refuse_personal
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


OF_SOMEBODY = """addr addr1 addr_line_2 add1 post_code PostCode homepostcode postal_code house_no flat_number street
    road road1 locality easting home_northing latitude dob DOB date_of_birth birthdate unique_pupil_number pupil_number
    PupilNumber student_id upn ni_number NINumber nino national_insurance known_as mum mums_name dad sibling gran
    pupil parent_contact family tel_no e_mail FirstName last_name notes note comments Remarks"""
OF_MANY = """ward_name WardName district household phase mode lsoa surrounds last_year_group takes_up transport alone
    school_name area_name council_name lad_code ward_code parish town village region road_safety sibling_at_school
    number_of_children family_income_band pupil_premium parental_choice notice_given year_group summer_born lateness
    flat_rate_fare platform mobility long_term band stop addition"""


@pytest.mark.parametrize("name", OF_SOMEBODY.split())
def test_a_column_called_by_another_spelling_of_who_or_where_somebody_is_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="column 1 looks like a name or an address"):
        refuse_personal([f"about.{name}"], "pupils.csv")


def test_a_column_of_what_many_share_is_not_refused() -> None:
    assert not [name for name in OF_MANY.split() if is_personal(f"about.{name}")]


def test_what_a_case_holds_under_a_name_of_its_own_is_told_with_that_name() -> None:
    with pytest.raises(InputError, match="or call it date_of_birth if that is what it holds"):
        refuse_personal(["reference", "DOB"], "pupils.csv")


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
        ("about.band", "x" * 101, "about.band is longer than 100 characters"),
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
