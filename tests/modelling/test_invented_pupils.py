"""Invented pupils are pupils that could be: of an age, a school and a family that fit, and cases like any other."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from eligibility.assess import Assessor
from eligibility.case import NO_DAY
from eligibility.columns import CaseColumns
from eligibility.errors import PolicyError
from eligibility.geography import Pupil
from eligibility.geography.suitability import suitable
from eligibility.in_force import Books
from eligibility.modelling.generate.admissions import admit
from eligibility.modelling.generate.choice import Choosing
from eligibility.modelling.generate.county import YEARS, Draw
from eligibility.modelling.generate.days import Days
from eligibility.modelling.generate.households import children_of
from eligibility.modelling.generate.needs import needs_of
from eligibility.modelling.generate.rates import rates, read_rates
from eligibility.modelling.population_rows import cases_of
from eligibility.modelling.population_writing import about_path, write_population
from eligibility.outcome import answer
from eligibility.policy_files import policies
from tests.modelling.invented import PUPILS, SEED, area, as_case, county, day, model, population

NINE_MONTHS = dt.timedelta(days=270)


@pytest.fixture(scope="module")
def pupils() -> pl.DataFrame:
    return population().pupils


def some(pupils: pl.DataFrame, number: int, seed: int = 1) -> pl.DataFrame:
    return pupils[sorted(random.Random(seed).sample(range(len(pupils)), number))]


def test_as_many_pupils_are_invented_as_were_asked_for(pupils: pl.DataFrame) -> None:
    assert len(pupils) == PUPILS
    assert pupils["reference"].n_unique() == PUPILS


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_pupils(tmp_path: Path) -> None:
    written = []
    for number, seed in enumerate((3, 3, 4)):
        found = population.__wrapped__(seed, 200)
        path = tmp_path / f"{number}.parquet"
        write_population(found.pupils, found.about, path)
        written.append((path.read_bytes(), about_path(path).read_bytes()))
    assert written[0] == written[1]
    assert written[0][0] != written[2][0]


def test_a_population_has_no_column_but_those_of_a_case_and_those_about_a_pupil(pupils: pl.DataFrame) -> None:
    columns = CaseColumns()
    assert all(columns.kind(name) or columns.is_passed_over(name) for name in pupils.columns)


def test_every_invented_row_is_a_case_that_can_be_decided(pupils: pl.DataFrame) -> None:
    assessor = Assessor(second=None)
    for case in cases_of(some(pupils, 150)):
        for name in ("somerset-2016", "somerset-2018"):
            decision = assessor.assess(case, policy=name)
            assert set(decision.missing) <= {"measured.nearest_school", "measured.nearest_ignoring_places"}


def test_what_is_not_known_of_an_invented_pupil_is_only_whether_a_selective_school_counts(pupils: pl.DataFrame) -> None:
    known = [name for name in pupils.columns if name.startswith("measured.") and "near" not in name]
    assert pupils.select(known).null_count().sum_horizontal().item() == 0
    selective = [school.urn for school in area().schools.values() if school.selective]
    unknown = pupils.filter(pl.col("measured.nearest_school").is_null())
    named = unknown["places"].str.contains_any([f"{urn}=yes" for urn in selective])
    assert named.all()


def test_siblings_share_homes_belief_and_income(pupils: pl.DataFrame) -> None:
    shared = [
        "home.easting", "home.northing", "other_home.easting", "other_home.northing", "belief.religion",
        "income.free_school_meals", "income.universal_credit", "income.net_earnings_pence",
    ]  # fmt: skip
    counts = pupils.group_by("about.household").agg(pl.col(shared).n_unique(), pl.len().alias("children"))
    assert counts.select(pl.col(shared).max()).row(0) == (1,) * len(shared)
    assert (counts["children"] > 1).any()


def test_siblings_are_born_on_one_day_or_nine_months_apart(pupils: pl.DataFrame) -> None:
    for (_,), family in pupils.group_by("about.household"):
        born = sorted(family["date_of_birth"].to_list())
        assert all(later == one or later - one >= NINE_MONTHS for one, later in itertools.pairwise(born))


def test_siblings_tend_to_go_to_one_school(pupils: pl.DataFrame) -> None:
    by_school = pupils.filter(pl.col("about.phase") == "primary").group_by("about.household")
    families = by_school.agg(pl.len().alias("n"), pl.col("school.urn").n_unique().alias("schools")).filter(
        pl.col("n") > 1
    )
    assert (families["schools"] == 1).sum() > 0.7 * len(families)


def test_year_groups_follow_the_dates_of_birth(pupils: pl.DataFrame) -> None:
    year = day().year
    born = pupils["date_of_birth"]
    assert ((year - 5 - pupils["year_group"]) == born.dt.year() - (born.dt.month() < 9)).all()


def test_every_school_suits_the_pupil_or_is_named_in_a_plan(pupils: pl.DataFrame) -> None:
    columns = ["school.urn", "year_group", "sex", "needs.ehc_plan.named_urns"]
    for urn, year, sex, named in pupils.select(columns).iter_rows():
        school = area().schools[urn]
        if school.special:
            assert named == urn
        else:
            assert suitable(school, Pupil(year, sex))[0] is not False


def test_dates_are_in_their_order(pupils: pl.DataFrame) -> None:
    born, started, on = pl.col("date_of_birth"), pl.col("school.started_on"), pl.lit(day())
    tests = pupils.select(
        born < started,
        (started <= on).alias("started"),
        (pl.col("applied_on") < started).alias("applied"),
        (
            (pl.col("home.moved_on") > born) & ((pl.col("home.moved_on") <= on) | (pl.col("home.moved_on") == NO_DAY))
        ).alias("moved"),
        (pl.col("medical.from") <= pl.col("medical.until")).fill_null(True).alias("medical"),
        (pl.col("award.granted_on") >= started).fill_null(True).alias("award"),
        (pl.col("award.granted_on") <= pl.col("award.ends_on")).fill_null(True).alias("award_ends"),
    )
    assert tests.select(pl.all().all()).row(0) == (True,) * 7


def test_only_a_late_application_results_in_a_place_because_it_was_late(pupils: pl.DataFrame) -> None:
    because = pupils.filter("admission.placed_because_late")
    assert not because["admission.on_time"].any()
    assert (because["admission.round"] == "normal").all()


def test_where_the_nearest_school_with_a_place_is_attended_no_nearer_one_had_a_place(pupils: pl.DataFrame) -> None:
    nearest = pupils.filter("measured.nearest_school")
    home_only = nearest.filter(pl.col("other_home") == "none", pl.col("belief.religion") == "no_religion")
    assert not home_only["places"].str.contains("=yes").any()


@pytest.fixture(scope="module")
def choosing() -> Choosing:
    draw = Draw(SEED, rates())
    children = children_of(county(), draw, Days.of(policies(), day()).year_starts)
    return Choosing(children, np.zeros(len(children.household), dtype=bool), draw.rates)


def test_no_year_group_of_a_school_takes_more_than_its_places(choosing: Choosing) -> None:
    draw = Draw(SEED, rates())
    needs = needs_of(choosing.children, draw)
    places = admit(choosing, needs.special_school, needs.plan, 3, draw)
    assert not places.crowded.any()
    ordinary = needs.special_school < 0
    for year in range(YEARS):
        taken = places.school[ordinary & (choosing.children.year_group == year)]
        assert (np.bincount(taken, minlength=len(choosing.places)) <= np.ceil(choosing.places)).all()


def test_a_child_who_did_not_get_a_preference_had_no_place_there(choosing: Choosing) -> None:
    draw = Draw(SEED, rates())
    nobody = np.full(len(choosing.children.household), -1, dtype=np.int64)
    places = admit(choosing, nobody, nobody > 0, 3, draw)
    available = {
        (int(pupil), int(school)): bool(has)
        for pupils, schools, has_place in zip(
            places.place_pupil, places.place_school, places.place_available, strict=True
        )
        for pupil, school, has in zip(pupils, schools, has_place, strict=True)
    }
    refused = [
        (child, int(school))
        for child in range(len(nobody))
        for number, school in enumerate(places.preferences[child])
        if school >= 0 and (places.chosen[child] < 0 or number < places.chosen[child])
    ]
    assert refused
    assert not any(available.get(pair, False) for pair in refused)


def test_awards_are_those_that_the_version_before_would_have_granted(pupils: pl.DataFrame) -> None:
    before = dt.date(day().year, 8, 31)
    version, books = policies().for_day(before), Books(policies())
    held = pupils.filter(pl.col("award.ground").is_not_null())
    assert (held["award.policy"] == version.id).all()
    for row, case in zip(some(held, 60).iter_rows(named=True), cases_of(some(held, 60)), strict=True):
        found = answer(as_case({**case, "award": None}), version, books, before)
        wrong = row["award.in_error"] or row["award.paid_seat"]
        assert (row["award.ground"] in found.met()) is not wrong
        assert row["award.urn"] == row["school.urn"]


def test_nobody_who_starts_with_the_school_year_holds_an_award(pupils: pl.DataFrame) -> None:
    new = pupils.filter(pl.col("school.started_on") >= dt.date(day().year, 9, 1))
    assert len(new)
    assert (new["award"] == "none").all()


def test_every_figure_has_a_source_or_says_what_is_assumed_and_goes_with_the_population() -> None:
    told = population().about["rates"]
    assert set(told) == set(rates().by_name)
    assert all(each["source"] != "none" or each["assumed"] for each in told.values())


def test_a_figure_without_source_or_assumption_is_refused_with_its_place(tmp_path: Path) -> None:
    own = tmp_path / "rates.yaml"
    own.write_text("about: x\nrates:\n  takes_up: {value: 1, source: none}\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"rates.yaml:3:13: the rate takes_up has neither a source"):
        read_rates(own)


def test_a_csv_file_of_a_population_is_a_csv_file_of_cases(pupils: pl.DataFrame, tmp_path: Path) -> None:
    from eligibility.case import read_case
    from eligibility.reading import RawCase, read_cases

    shown = some(pupils, 40)
    write_population(shown, {}, tmp_path / "some.csv")
    read = list(read_cases([tmp_path / "some.csv"], columns=CaseColumns()))
    for raw, case in zip(read, cases_of(shown), strict=True):
        assert isinstance(raw, RawCase)
        assert read_case(raw.data, model()).known == as_case(case).known


def test_what_was_tuned_can_be_drawn_as_it_was_before_and_nothing_else_differs() -> None:
    before, after = rates().untuned().told(), rates().told()
    assert [name for name in after if before[name] != after[name]] == ["takes_up"]
    assert before["takes_up"]["value"] == 0.85
