"""What a council's file says is text in every file that a spreadsheet opens: no cell of one is a formula."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import polars as pl
import pytest

from eligibility.modelling import tables
from eligibility.modelling.report.as_xlsx import write_xlsx
from eligibility.modelling.report.blocks import Report, Section, Table

FORMULAS = ("=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "http://example.org")


def test_no_table_of_a_run_has_a_cell_that_a_spreadsheet_takes_for_a_formula(tmp_path: Path) -> None:
    table = pl.DataFrame({"value": [*FORMULAS, "North", None], "pence": range(-4, 4)})
    tables.write({"outcomes": table}, tmp_path)
    with (tmp_path / "outcomes.csv").open(newline="", encoding="utf-8") as stream:
        _, *rows = csv.reader(stream)
    words = [word for word, _ in rows]
    assert words[:5] == [f"'{formula}" for formula in FORMULAS[:5]]
    assert words[5:] == ["http://example.org", "North", ""]
    assert [int(pence) for _, pence in rows] == list(range(-4, 4))
    assert tables.read(tmp_path)["outcomes"].equals(table)


@pytest.mark.parametrize("where", ["sheet", "report"])
def test_no_cell_of_the_workbook_is_a_formula_or_a_link(tmp_path: Path, where: str) -> None:
    rows = tuple((word, 5) for word in FORMULAS) if where == "sheet" else ()
    said = FORMULAS if where == "report" else ()
    section = Section("who", "=1+1", said, tables=(Table("Wards", "=1+1", ("=1+1", "Pupils"), rows),), items=said)
    write_xlsx(Report("=1+1", "=1+1", (("=1+1", "=1+1"),), (section,), "=1+1"), tmp_path / "report.xlsx")
    with zipfile.ZipFile(tmp_path / "report.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist() if name.endswith((".xml", ".rels"))}
    assert not [name for name, part in parts.items() if b"<f>" in part or b"hyperlink" in part]
    assert b"=1+1" in parts["xl/sharedStrings.xml"]
