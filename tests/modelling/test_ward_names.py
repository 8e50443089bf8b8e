"""A ward that a population knows by its code is called what the council calls it, or is told by where it lies."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from eligibility.errors import UsageError
from eligibility.modelling.generate.data_files import DataFolder
from eligibility.modelling.report.drawn import Bar, bars
from eligibility.modelling.report.shaded_map import shaded_map
from eligibility.modelling.report.ward_areas import BY_OLDER_WARDS, ROUND_POSTCODES, WardAreas
from eligibility.modelling.report.ward_names import names_in, where_they_lie
from eligibility.testing.places import EAST, NORTH, Drawing, square
from tests.modelling.reported import squares


@pytest.mark.parametrize(
    "rows",
    [
        'code,name\nE05000001,"Moor, East"\nE05000002,\n',
        'WD24CD,WD24NM\nE05000001,"Moor, East"\n',
        'Name,Code,Seats\n"Moor, East",E05000001,2\n',
    ],
)
def test_a_list_of_wards_is_read_as_the_council_or_the_statistics_office_heads_it(rows: str, tmp_path: Path) -> None:
    path = tmp_path / "wards.csv"
    path.write_text(rows, encoding="utf-8")
    assert names_in(path) == {"E05000001": "Moor, East"}


def test_a_list_of_wards_without_names_is_told_with_the_column_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "wards.csv"
    path.write_text("code,nmae\nE05000001,Moor\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"wards\.csv has no column name; did you mean nmae\?; expected code and name"):
        names_in(path)
    with pytest.raises(UsageError, match="cannot be read"):
        names_in(tmp_path / "none.csv")


def test_a_ward_known_by_code_is_told_by_the_older_ward_in_which_most_of_its_postcodes_lie(tmp_path: Path) -> None:
    older = [
        square((0, 0), (1_000, 1_000), WD13CD="E05000001", WD13NM="Moor"),
        square((1_000, 0), (2_000, 1_000), WD13CD="E05000002", WD13NM="Levels"),
    ]
    (tmp_path / "boundaries").mkdir()
    Drawing(tmp_path / "boundaries").shapes("wards_x", older)
    points = np.array([(EAST + x, NORTH + 500) for x in (100, 900, 1_100, 1_900, 9_000)], dtype=np.float64)
    owners = ["A", "A", "A", "B", "C"]
    assert where_they_lie(DataFolder(tmp_path), {"A", "B", "C"}, owners, points) == {"A": "Moor", "B": "Levels"}
    assert where_they_lie(DataFolder(tmp_path / "boundaries"), {"A"}, owners, points) == {}


def test_the_names_of_the_council_s_own_list_stand_before_any_other() -> None:
    areas = WardAreas({}, ROUND_POSTCODES, {"A": "Moor", "B": "Levels"}, BY_OLDER_WARDS)
    assert areas.named({"A": "Moor and Drove"}).called("A") == "Moor and Drove (A)"
    assert areas.named({"A": "Moor and Drove"}).about_names == BY_OLDER_WARDS
    assert not areas.named({"A": "Moor and Drove", "B": "Levels"}).about_names
    assert areas.called("C") == "C"


def test_on_a_shaded_map_the_wards_with_most_pupils_are_named_and_no_name_hides_another() -> None:
    counts: dict[str, int | None] = {**{f"W{n:02}": n for n in range(5, 35)}, "W36": None}
    names = {ward: f"The ward of {ward}" for ward in counts}
    sheet = shaded_map("m-", "A map", squares(counts).shapes, counts, names)
    written = [each for each in sheet.root.iter("text") if str(each.text).startswith("The ward of")]
    assert written[0].text == "The ward of W34"
    assert len(written) < 12
    places = sorted(float(each.get("x", "")) for each in written)
    assert all(here + 100 < there for here, there in itertools.pairwise(places))


def test_a_long_name_above_a_bar_goes_on_in_a_second_line() -> None:
    name = "Wellington Rockwell Green and West with Wellington North and Milverton (E05014387)"
    sheet = bars("b-", "Bars", "", ["Lose"], {name: [Bar(5, "5")]})
    lines = [each.text for each in sheet.root.iter("text") if each.get("font-weight") == "bold"]
    assert len(lines) == 2
    assert " ".join(str(line) for line in lines) == name
