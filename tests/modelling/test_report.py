"""The report of a change: what the public reads tells of no pupil; officers have a companion of their own."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.errors import UsageError
from eligibility.modelling.decisive import AFFECTED
from eligibility.modelling.manifest import before_it_begins
from eligibility.modelling.report.as_html import as_html
from eligibility.modelling.report.counted import EQUALITY, Counted
from eligibility.modelling.report.make import make
from eligibility.modelling.report.said import CHANGED
from eligibility.modelling.report.shaded_map import shaded_map
from eligibility.modelling.report.ward_areas import WardAreas
from eligibility.modelling.report.withheld import LEAST, MARK
from eligibility.modelling.run import Run, checked_path
from tests.modelling.reported import finished, over_draws, shared, squares
from tests.modelling.small_run import PUPILS


@pytest.fixture(scope="module")
def found() -> Run:
    return shared()


def _cli(*words: object) -> Result:
    return CliRunner().invoke(main, ["model", "report", *map(str, words)], standalone_mode=False)


def _pupils(found: Run) -> set[str]:
    return set(pl.read_parquet(checked_path(found.folder)).get_column("reference").to_list())


def test_a_published_report_has_no_number_of_pupils_from_one_to_four(found: Run) -> None:
    numbers = [
        cell
        for table in make(found).tables()
        if table.name != "Key decision"
        for row in table.rows
        for cell in row
        if isinstance(cell, int)
    ]
    assert numbers
    assert not [number for number in numbers if 0 < number < LEAST]


def test_money_in_a_published_report_does_not_tell_how_many_pupils_it_is_of(found: Run) -> None:
    (table,) = (table for table in make(found).tables() if table.name == "Savings")
    sums = {int(re.sub(r"\D", "", str(cell))) for row in table.rows for cell in row[1:]}
    assert all(pounds % 10_000 == 0 for pounds in sums), sums


def test_the_page_asks_for_nothing_and_runs_nothing(found: Run) -> None:
    page = as_html(make(found))
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.findall(r"(?:src|href)=\"(?!#)", page)


def test_the_page_tells_of_no_pupil(found: Run) -> None:
    page = as_html(make(found))
    assert not [reference for reference in _pupils(found) if re.search(rf"\b{re.escape(reference)}\b", page)]


def test_every_drawing_has_a_title_a_description_and_a_table_beside_it(found: Run) -> None:
    sections = make(over_draws(found, found.tables["outcomes"]), wards=squares).sections
    drawn = [section for section in sections if section.drawings]
    anchors = {section.anchor for section in drawn}
    assert {"changes", "wards", "savings", "run-off", "readings", "spread"} <= anchors
    for section in drawn:
        assert section.tables, section.title
        for sheet in section.drawings:
            assert [child.tag for child in sheet.root][:2] == ["title", "desc"]
            assert sheet.root[1].text


def test_the_report_has_an_equality_table_of_all_that_is_told_and_says_what_is_not(found: Run) -> None:
    (section,) = (each for each in make(found).sections if each.anchor == "equality")
    told = {table.name for table in section.tables} | {sentence.partition(":")[0] for sentence in section.sentences}
    assert set(EQUALITY.values()) <= told


def test_the_headline_is_one_sentence_of_whom_it_takes_from(found: Run) -> None:
    headline = make(found).headline
    assert headline.startswith(f"Of {PUPILS} pupils, ")
    assert "would lose free travel" in headline
    assert "an officer would decide" in headline
    assert headline.count(". ") == 0


def test_the_spread_gives_away_no_number_that_is_withheld_of_the_population_reported(found: Run) -> None:
    of_few = found.tables["outcomes"].with_columns(
        pl.when(pl.col("change") == "loser")
        .then(pl.when(pl.int_range(pl.len()).over("dimension", "change") == 0).then(3).otherwise(0))
        .otherwise("pupils")
        .alias("pupils")
    )
    few = replace(found, tables={**found.tables, "outcomes": of_few})
    report, counted = make(over_draws(few, found.tables["outcomes"])), Counted.of(few)
    (table,) = (each for each in report.tables() if each.name == "Spread")
    told = {str(row[0]) for row in table.rows}
    withheld = {change for change, count in counted.shown.totals.items() if count is None}
    assert withheld == {"loser", "unchanged"}
    assert not told & {CHANGED[change] for change in withheld}
    assert not told & {"Entitled before", "Entitled after", "Carried before", "Carried after"}
    assert told


def test_a_map_draws_what_is_known_of_a_ward_and_says_what_it_is(found: Run) -> None:
    (wards,) = (section for section in make(found, wards=squares).sections if section.anchor == "wards")
    assert any("not the legal borders" in sentence for sentence in wards.sentences)
    (without,) = (section for section in make(found).sections if section.anchor == "wards")
    assert not any("not the legal borders" in sentence for sentence in without.sentences)


def test_tables_and_maps_call_a_ward_by_its_name_and_keep_its_code(found: Run) -> None:
    report = make(found, wards=lambda wards: squares(wards).named({ward: f"Parish {ward}" for ward in wards}))
    (table,) = (each for each in report.tables() if each.name == "Ward")
    assert all(str(row[0]).startswith("Parish ") and str(row[0]).endswith(")") for row in table.rows)
    (section,) = (each for each in report.sections if each.anchor == "wards")
    assert any("Parish " in str(sheet) for sheet in section.drawings)


def test_a_ward_is_drawn_round_its_postcodes_and_no_two_wards_share_land() -> None:
    rng = np.random.default_rng(1)
    points = rng.integers(0, 20_000, (60, 2)).astype(np.float64)
    names = ["west" if x < 9_000 else "east" for x, _ in points]
    areas = WardAreas.round_postcodes(names, points, {"west", "east"})
    for name, (x, y) in zip(names, points.tolist(), strict=True):
        assert shapely.distance(areas.shapes[name], shapely.Point(x, y)) < 50
    west, east = areas.shapes["west"], areas.shapes["east"]
    assert shapely.area(shapely.intersection(west, east)) < 0.01 * shapely.area(west)


def test_many_wards_are_filled_in_steps_that_tell_no_number_withheld() -> None:
    counts: dict[str, int | None] = {**{f"W{n:02}": n for n in range(5, 35)}, "W35": 0, "W36": None}
    sheet = shaded_map("m-", "A map", squares(counts).shapes, counts)
    words = [each.text for each in sheet.root.iter("text")]
    assert words == ["5 to 14", "15 to 24", "25 to 34", f"none, or {MARK}"]
    white = [path for path in sheet.root.iter("path") if path.get("fill") == "#ffffff"]
    assert len(white) == 2


def test_wards_that_all_have_one_number_are_one_step() -> None:
    counts: dict[str, int | None] = dict.fromkeys("abcd", 7)
    sheet = shaded_map("m-", "A map", squares(counts).shapes, counts)
    assert [each.text for each in sheet.root.iter("text")] == ["7", f"none, or {MARK}"]


def test_who_takes_pupils_of_a_day_before_the_change_begins_is_told_so() -> None:
    about = {
        "on": "each pupil's first day of travel",
        "policies": [{"id": "old", "from": "2018-09-01"}, {"id": "new", "from": "2020-09-01"}],
        "populations": [{"origin": {"on": "2018-09-04"}}],
    }
    assert "4 September 2018 and new begins on 1 September 2020" in before_it_begins(about, "new")
    assert not before_it_begins({**about, "populations": [{"origin": {"on": "2020-09-01"}}]}, "new")
    assert not before_it_begins({**about, "populations": [{"origin": None}]}, "new")
    assert not before_it_begins({**about, "on": "2020-09-01"}, "new")


def of_so_many(found: Run, **pupils: int) -> Run:
    """The run as if there were so many pupils of each change, in the county and in every group."""
    counts = pl.col("change").replace_strict(pupils, default=0)
    outcomes = found.tables["outcomes"].filter(pl.int_range(pl.len()).over("dimension", "change") == 0)
    tables = {name: table for name, table in found.tables.items() if not name.startswith(("savings", "run_off"))}
    return replace(found, tables={**tables, "outcomes": outcomes.with_columns(counts.alias("pupils"))})


def test_the_headline_of_a_change_that_touches_nobody_says_so_and_of_too_few_pupils_says_nothing(found: Run) -> None:
    assert make(of_so_many(found, unchanged=200)).headline == "Of 200 pupils, nothing would change for anybody."
    one = make(of_so_many(found, loser=1)).headline
    assert one.startswith("Of 1 pupil, how many are affected cannot be published")


def test_a_report_on_a_handful_of_pupils_does_not_say_what_happens_to_them(found: Run) -> None:
    report = make(of_so_many(found, loser=2))
    assert not {"flow", "losers", "wards", "equality", "calibration"} & {section.anchor for section in report.sections}
    assert "Nobody loses" not in as_html(report)


def test_no_share_of_a_small_county_is_told_so_closely_that_it_counts_pupils(found: Run) -> None:
    shares = pl.DataFrame(
        {
            "says": ["A share", "A number"], "unit": ["percent", "pupils"], "published": [10.0, 9500.0],
            "error_percent": [3.2, -98.0], "at_most": [False, False], "source": ["a", "b"],
        }
    )  # fmt: skip
    run = replace(found, tables={**found.tables, "calibration": shares})
    (told,) = (table for table in make(run).tables() if table.name == "Calibration")
    assert [row[0] for row in told.rows] == ["A number"]


def test_a_sum_that_lies_within_its_rounding_of_the_limit_of_a_key_decision_is_said_to_be_too_near(found: Run) -> None:
    def met(limit: int) -> str:
        tests = found.tables["key_decision"].with_columns(pl.lit(limit, pl.Int64).alias("limit"))
        (table,) = (t for t in make(replace(found, tables={**found.tables, "key_decision": tests})).tables()
                    if t.name == "Key decision")  # fmt: skip
        return str(table.rows[0][3])

    most = max(Counted.of(found).by_school_year.get_column("target_pence"))
    step = Counted.of(found).step
    assert [met(limit) for limit in (most - step - 1, most - step, most, most + step, most + step + 1)] == [
        "yes", "too near", "too near", "too near", "no",
    ]  # fmt: skip


def test_what_hangs_on_a_reading_of_protection_is_withheld_where_the_number_it_protects_is(found: Run) -> None:
    of_few = pl.when((pl.col("reading") == "1.1") & (pl.col("change") == "protected") & (pl.col("year") == 0))
    few = found.tables["run_off"].with_columns(of_few.then(1).otherwise("pupils").alias("pupils"))
    (row,) = (
        row
        for table in make(replace(found, tables={**found.tables, "run_off": few})).tables()
        for row in table.rows
        if table.name == "Readings" and row[0] == "Legitimate expectation"
    )
    assert row[2:] == (MARK, MARK, MARK)


def test_a_run_that_was_made_before_sums_were_worked_out_so_is_to_be_run_again(found: Run) -> None:
    about = {key: value for key, value in found.about.items() if key != "in_year"}
    with pytest.raises(UsageError, match="run it again"):
        Counted.of(replace(found, about=about))


def test_a_run_without_a_run_off_is_reported_without_it(tmp_path: Path) -> None:
    report = make(finished(tmp_path, brief=True))
    assert not {"savings", "run-off", "readings"} & {section.anchor for section in report.sections}
    assert report.headline.endswith(".")


def test_the_workbook_has_the_tables_of_the_page(found: Run, tmp_path: Path) -> None:
    done = _cli(found.folder, "--xlsx", tmp_path / "report.xlsx")
    assert done.exception is None, done.exception
    sheets = pl.read_excel(tmp_path / "report.xlsx", sheet_id=0, has_header=False, infer_schema_length=0)
    for table in make(found).tables():
        held = [tuple(cell or "" for cell in row[: len(table.heads)]) for row in sheets[table.name].rows()]
        shown = [tuple(map(str, row)) for row in table.rows]
        assert held[-len(shown) :] == shown, table.name
    words = {str(cell) for sheet in sheets.values() for row in sheet.rows() for cell in row}
    assert not words & _pupils(found)
    parts = zipfile.ZipFile(tmp_path / "report.xlsx")
    book = parts.read("xl/workbook.xml").decode()
    assert "hidden" not in book
    assert "definedName" not in book
    assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


def test_the_officers_companion_has_the_pupils_their_reasons_and_every_number(
    found: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eligibility.modelling.report.officers.REASONS", 2)
    done = _cli(found.folder, "--officer", tmp_path / "officers.html", "--affected", tmp_path / "affected.csv")
    assert done.exception is None, done.exception
    page = (tmp_path / "officers.html").read_text(encoding="utf-8")
    affected = pl.read_csv(tmp_path / "affected.csv", schema_overrides={"reference": pl.String})
    assert "must not be published" in page
    assert MARK not in page
    assert affected.height
    assert all(f">{reference}<" in page for reference in affected.get_column("reference"))
    assert "Not entitled" in page.partition('id="told"')[2]
    whole = found.tables["outcomes"].filter((pl.col("dimension") == "all") & pl.col("change").is_in(AFFECTED))
    assert affected.height == whole.get_column("pupils").sum()


def test_without_a_file_named_the_report_lies_beside_the_run(found: Run) -> None:
    done = _cli(found.folder)
    assert done.exception is None, done.exception
    assert done.output.splitlines()[-1].endswith(str(found.folder / "report.html"))
    assert (found.folder / "report.html").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--option", "somerset-2081"), "did you mean somerset-2018"),
        (("--html", "report.pdf"), "ends in .html"),
    ],
)
def test_what_cannot_be_reported_is_said_in_a_sentence(found: Run, words: tuple[str, ...], said: str) -> None:
    done = _cli(found.folder, *words)
    assert isinstance(done.exception, UsageError)
    assert said in done.exception.message
