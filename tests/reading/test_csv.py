"""A table is read row by row, and a row that cannot be read costs no other."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eligibility.reading import RawCase, Rejected, read_cases
from tests.reading.helpers import COLUMNS, cases, read, references, rejected


def table(*rows: str) -> str:
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("resident", "yes", True),
        ("resident", "TRUE", True),
        ("resident", "No", False),
        ("resident", "false", False),
        ("resident", "none", None),
        ("year_group", "7", 7),
        ("year_group", " 07 ", 7),
        ("date_of_birth", "2007-05-14", date(2007, 5, 14)),
        ("belief.religion", "roman_catholic", "roman_catholic"),
        ("belief.religion", "None", None),
        ("measured.walking_miles", "3.412", Decimal("3.412")),
        ("measured.walking_miles", "3", Decimal(3)),
        ("other_home", "none", None),
        ("places", "136335=yes;109329=no", {"136335": True, "109329": False}),
        ("places", "none", {}),
        ("school.former_urns", "109329; 136335", [109329, 136335]),
        ("school.former_urns", "none", []),
        (
            "service.incidents",
            "2018-11-02;2018-12-01=serious",
            [{"on": date(2018, 11, 2), "serious": False}, {"on": date(2018, 12, 1), "serious": True}],
        ),
        ("service.incidents", "none", []),
    ],
)
def test_a_cell_is_read_by_the_kind_of_its_column(column: str, cell: str, value: object, tmp_path: Path) -> None:
    (case,) = cases(read(table(f"reference,{column}", f"A,{cell}"), "a.csv", tmp_path))
    inside: object = case
    for key in column.split("."):
        assert isinstance(inside, dict)
        inside = inside[key]
    assert inside == value
    assert type(inside) is type(value)


def test_a_column_about_a_pupil_of_a_population_is_passed_over_whatever_its_cells_hold(tmp_path: Path) -> None:
    text = table("about.ward,reference,about.phase,resident", "Otherby,A,first,yes", ",B,none,no")
    assert cases(read(text, "a.csv", tmp_path)) == [
        {"reference": "A", "resident": True},
        {"reference": "B", "resident": False},
    ]


def test_an_empty_cell_is_not_known_and_leaves_no_key(tmp_path: Path) -> None:
    text = table("reference,home.postcode,home.moved_on,other_home", "A,,,", "B,,none,")
    assert cases(read(text, "a.csv", tmp_path)) == [
        {"reference": "A"},
        {"reference": "B", "home": {"moved_on": None}},
    ]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("resident", "perhaps", "resident cannot be read: yes, no, true or false"),
        ("year_group", "seven", "a whole number"),
        ("year_group", "7.0", "a whole number"),
        ("year_group", "9" * 30, "a whole number"),
        ("date_of_birth", "14/05/2007", "a date such as 2018-09-04"),
        ("date_of_birth", "2007-02-30", "in the calendar"),
        ("measured.walking_miles", "3 miles", "a number such as 3.412"),
        ("measured.walking_miles", "NaN", "a number such as 3.412"),
        ("other_home", "yes", "only the word none"),
        ("places", "136335", "109329=yes"),
        ("places", "136335=perhaps", "109329=yes"),
        ("places", "136335=yes;136335=no", "each school was expected once"),
        ("service.incidents", "2018-11-02=minor", "2018-12-01=serious"),
        ("service.incidents", "yesterday", "a date such as"),
    ],
)
def test_a_cell_that_cannot_be_read_names_its_column_and_never_its_value(
    column: str, cell: str, words: str, tmp_path: Path
) -> None:
    found = read(table(f"reference,{column}", "A,", f"B,{cell}", "C,"), "a.csv", tmp_path)
    bad = rejected(found)
    assert (bad.row, bad.line, bad.raw) == (2, 3, f"B,{cell}")
    assert bad.reason.startswith(column)
    assert words in bad.reason
    assert references(found) == ["A", "C"]
    if cell not in ("yes", "136335"):
        assert cell not in bad.reason


def test_a_home_that_is_none_and_has_a_postcode_is_set_aside(tmp_path: Path) -> None:
    for header, row in (
        ("reference,other_home,other_home.postcode", "A,none,BA2 0AA"),
        ("reference,other_home.postcode,other_home", "A,BA2 0AA,none"),
    ):
        assert "other_home is none, yet" in rejected(read(table(header, row), "a.csv", tmp_path)).reason


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("reference,home.postcoed", "column 2 has a name that is not known, 'home.postcoed'; did you mean"),
        ("reference,year_group,year_group", "column 3 repeats the name 'year_group'"),
        ("reference,", "column 2 has no name"),
        ("year_group,resident", "the column reference must be there"),
        ("reference;year_group", "separated by semicolons, and commas were expected"),
        ("reference\tyear_group", "separated by tabs"),
        ("A-1001,BA2 0AA", "the first line names no known column"),
        ('"reference', "the column names cannot be read"),
        ("", "the file is empty"),
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_used_sets_the_file_aside(header: str, words: str, tmp_path: Path) -> None:
    (bad,) = read(header + "\n", "a.csv", tmp_path)
    assert isinstance(bad, Rejected)
    assert bad.row == 0
    assert words in bad.reason


def test_a_first_row_of_personal_data_is_not_repeated(tmp_path: Path) -> None:
    bad = rejected(read("Mary,Smith\n", "a.csv", tmp_path))
    assert "Mary" not in bad.reason
    bad = rejected(read("reference,BA2 0AA\n", "a.csv", tmp_path))
    assert "BA2" not in bad.reason


def test_a_table_with_a_header_and_no_row_is_reported(tmp_path: Path) -> None:
    assert "no row" in rejected(read("reference\n\n", "a.csv", tmp_path)).reason


def test_a_byte_that_is_not_utf_8_costs_its_own_row_alone(tmp_path: Path) -> None:
    found = read(b"\xef\xbb\xbfreference,home.postcode\nA,\nB,caf\xe9\nC,\n", "a.csv", tmp_path)
    assert references(found) == ["A", "C"]
    bad = rejected(found)
    assert (bad.row, bad.line) == (2, 3)
    assert "home.postcode holds a byte that is not UTF-8" in bad.reason
    bad.raw.encode()


def test_a_nul_character_costs_its_own_row_alone(tmp_path: Path) -> None:
    found = read("reference,home.postcode\nA,\nB,x\0y\nC,\n", "a.csv", tmp_path)
    assert references(found) == ["A", "C"]
    assert "NUL" in rejected(found).reason


def test_a_row_with_too_many_or_too_few_cells_costs_itself_alone(tmp_path: Path) -> None:
    found = read(table("reference,year_group", "A,7", "B", "C,7,8", "D,8"), "a.csv", tmp_path)
    assert references(found) == ["A", "D"]
    reasons = [item.reason for item in found if isinstance(item, Rejected)]
    assert reasons == [
        "the row has 1 cells and the header has 2 columns",
        "the row has 3 cells and the header has 2 columns",
    ]


def test_a_quoted_cell_may_hold_commas_quotes_and_new_lines(tmp_path: Path) -> None:
    found = read('reference,year_group\r\n"A, ""one""\r\ntwo",7\r\nB,8\r\n', "a.csv", tmp_path)
    assert references(found) == ['A, "one"\r\ntwo', "B"]
    assert [(item.row, item.line) for item in found] == [(1, 2), (2, 4)]


@pytest.mark.parametrize("tail", ["", "".join(f"R{n},{n % 14}\n" for n in range(100)), 'Z,"8"\n', '"Z",8\n'])
def test_an_open_quotation_mark_swallows_no_other_row(tail: str, tmp_path: Path) -> None:
    found = read('reference,year_group\nA,7\n"B,7\nC,7\n' + tail, "a.csv", tmp_path)
    bad = rejected(found)
    assert (bad.row, bad.line, bad.raw) == (2, 3, '"B,7')
    assert references(found)[:2] == ["A", "C"]
    assert len(found) == 3 + tail.count("\n")


def test_a_very_long_cell_or_line_costs_its_own_row_alone(tmp_path: Path) -> None:
    for size in (200_000, 3_000_000):
        found = read(f"reference,home.postcode\nA,\nB,{'x' * size}\nC,\n", "a.csv", tmp_path)
        assert references(found) == ["A", "C"]
        assert len(rejected(found).raw) < 10_000


def test_empty_rows_such_as_a_spreadsheet_leaves_are_passed_over(tmp_path: Path) -> None:
    found = read(table("reference,year_group", "", "A,7", ",", "B,8", ",", ""), "a.csv", tmp_path)
    assert references(found) == ["A", "B"]
    assert [item.row for item in found] == [1, 2]


def test_a_table_is_read_as_it_comes_and_never_held_whole() -> None:
    class Endless(io.RawIOBase):
        """A table without an end."""

        rows = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a narrower buffer will do
            text = b"reference\n" if not self.rows else b"A\n" * 1000
            self.rows += 1
            buffer[: len(text)] = text
            return len(text)

    found = read_cases(["-"], columns=COLUMNS, stdin=io.BufferedReader(Endless(), 4096))
    assert all(isinstance(next(found), RawCase) for _ in range(50_000))


def test_old_mac_line_ends_are_read(tmp_path: Path) -> None:
    assert references(read("reference\rA\rB\r", "a.csv", tmp_path)) == ["A", "B"]
