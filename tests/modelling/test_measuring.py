"""A whole population is measured to the same figures as one pupil, what cannot be told included."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from eligibility.geography import Area
from eligibility.geography.ground import geodesic_um, grid_of, points_from_grid
from eligibility.modelling.generate.county import Draw
from eligibility.modelling.generate.from_area import county_of
from eligibility.modelling.generate.population import invent
from eligibility.modelling.generate.rates import rates
from eligibility.modelling.measuring.detours import detours
from eligibility.modelling.measuring.grounds import ByEstimate, InArea
from eligibility.modelling.measuring.lengths import Detour
from eligibility.modelling.measuring.measure import measure, with_phases
from eligibility.modelling.population_rows import cases_of
from eligibility.policy_files import policies
from tests.geography.county import EAST, NORTH, Drawing, line, postcode, school
from tests.modelling.invented import SECTIONS, area, as_case, day, differs, facts_of_one, figures_of, population

ON = dt.date(2018, 9, 4)


def without_figures(pupils: pl.DataFrame) -> pl.DataFrame:
    gone = [name for name in pupils.columns if name.startswith(("measured.", "measured_other_home."))]
    return pupils.drop(gone)


def numbered(pupils: pl.DataFrame) -> pl.DataFrame:
    return pupils.with_row_index("row", offset=1)


def disagreements(pupils: pl.DataFrame, where: Area, on: dt.date) -> list[str]:
    """Where a figure of a population says something else than that of the same pupil measured alone."""
    found = []
    for row, data in zip(pupils.iter_rows(named=True), cases_of(pupils.drop("row", strict=False)), strict=True):
        alone = facts_of_one(as_case(data, measured=False), where, on, row["year_group"])
        for section, suffix in SECTIONS:
            pairs = {name: (row[f"{section}.{name}"], alone.get(name + suffix)) for name in figures_of(pupils, section)}
            found += [
                f"{row['reference']} {name}{suffix}: {each}" for name, each in pairs.items() if differs(name, *each)
            ]
    return found


def test_every_figure_of_an_invented_pupil_is_what_an_officer_would_measure() -> None:
    pupils = population().pupils
    assert disagreements(pupils[random.Random(2).sample(range(len(pupils)), 60)], area(), day()) == []


def test_a_population_measured_anew_in_its_area_has_the_figures_it_was_invented_with() -> None:
    pupils = population().pupils
    found = measure(numbered(without_figures(pupils)), InArea(area()), policies(), on=None)
    assert found.set_aside == ()
    assert found.pupils.select(pupils.columns).equals(pupils)


def test_the_order_of_the_rows_makes_no_difference() -> None:
    pupils = numbered(without_figures(population().pupils))
    turned = measure(pupils.reverse(), InArea(area()), policies(), on=None).pupils.reverse()
    assert turned.equals(measure(pupils, InArea(area()), policies(), on=None).pupils)


@pytest.fixture(scope="module")
def bordered(tmp_path_factory: pytest.TempPathFactory) -> Area:
    """A strip of land with four schools and a stretch that is unsafe to walk; beyond its border nothing is known."""
    schools = [
        school(100001, (0, 0), religious_character="Roman Catholic"),
        school(100002, (3_000, 0)),
        school(100003, (6_000, 30), religious_character="Roman Catholic", gender="Girls"),
        school(100004, (5_200, 2_000), religious_character=""),
    ]
    roads = [
        line((-200, 0), (9_000, 0)),
        line((5_200, 0), (5_200, 2_200)),
        line((2_000, 0), (2_000, 1_500), (5_200, 1_500)),
    ]
    unsafe = [line((3_500, 0), (4_500, 0), name="Narrow bridge", **{"from": "2018-01-01"})]
    made = Drawing(tmp_path_factory.mktemp("bordered"))
    made.table("schools", schools)
    made.table("postcodes", [postcode("TA1 1AA", (100, 50))])
    made.shapes("roads", roads)
    made.shapes("unsafe", unsafe)
    return made.open(complete=False)


def test_where_an_area_holds_no_transport_areas_they_are_grown_and_said_to_be(bordered: Area) -> None:
    draw = Draw(1, rates())
    found = invent(county_of(bordered, draw, 80, ON, lambda _done, _of: None), draw, policies(), ON, 80)
    assert found.pupils["measured.transport_area_school"].any()
    assert (
        "The area holds no transport areas; they are grown by a rule and are not the council's."
        in (found.about["assumptions"])
    )
    unknown = measure(numbered(without_figures(found.pupils)), InArea(bordered), policies(), on=None).pupils
    assert "measured.transport_area_school" not in unknown.columns


def pupils_of(where: Area, number: int, seed: int) -> pl.DataFrame:
    """Pupils all over the strip, much of them not known."""
    rng = random.Random(seed)
    urns = sorted(where.schools)

    def maybe(value: Any) -> Any:
        return value if rng.random() < 0.8 else None

    rows = []
    for count in range(number):
        east, north = EAST + rng.randrange(-100, 8_900), NORTH + rng.choice([0, 20, -30, 1_500, 1_490])
        named = rng.sample(urns, 2)
        rows.append({
            "reference": f"T-{count}",
            "date_of_birth": dt.date(2018 - rng.randrange(5, 12), 3, 1),
            "sex": maybe(rng.choice(["female", "male"])),
            "travel_from": ON,
            "home.easting": east,
            "home.northing": north,
            "school.urn": rng.choice(urns),
            "places": maybe(f"{named[0]}=yes;{named[1]}=no"),
            "belief.religion": maybe(rng.choice(["roman_catholic", "no_religion"])),
        })  # fmt: skip
    return pl.DataFrame(rows).with_columns(year_group=pl.lit(2018 - 4) - pl.col("date_of_birth").dt.year())


@pytest.mark.parametrize("complete", [True, False])
def test_a_school_too_far_from_the_network_leaves_as_much_open_for_a_population(
    tmp_path: Path, *, complete: bool
) -> None:
    made = Drawing(tmp_path)
    made.table("schools", [school(100001, (0, 0)), school(100002, (6_000, 0)), school(100003, (2_000, 2_600))])
    made.table("postcodes", [postcode("TA1 1AA", (100, 50))])
    made.shapes("roads", [line((-200, 0), (9_000, 0))])
    where = made.open(complete=complete)
    pupils = numbered(pupils_of(where, 60, 5))
    found = measure(pupils, InArea(where), policies(), on=ON).pupils
    assert found.filter(pl.col("school.urn") == "100003")["measured.walking_mm"].is_null().all()
    assert found.filter(pl.col("school.urn") != "100003")["measured.nearest_school"].is_null().any()
    assert disagreements(found.select(pl.exclude("year_group"), pupils["year_group"]), where, ON) == []


@pytest.mark.parametrize("seed", range(3))
def test_what_a_border_or_an_unsafe_stretch_leaves_open_is_open_for_a_population_too(bordered: Area, seed: int) -> None:
    pupils = numbered(pupils_of(bordered, 60, seed))
    found = measure(pupils, InArea(bordered), policies(), on=ON)
    assert found.set_aside == ()
    assert disagreements(found.pupils.select(pl.exclude("year_group"), pupils["year_group"]), bordered, ON) == []


def test_a_stopped_run_goes_on_where_it_was_and_finds_the_same(tmp_path: Path) -> None:
    pupils = numbered(without_figures(population().pupils))
    out = tmp_path / "measured.parquet"

    def stop(done: int, _of: int) -> None:
        if done > 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(pupils, InArea(area(), out, stop), policies(), on=None)
    kept = sorted(path.name for path in out.with_name(f"{out.name}.parts").glob("*.parquet"))
    assert len(kept) == 2
    again = InArea(area(), out)
    assert measure(pupils, again, policies(), on=None).pupils.equals(
        measure(pupils, InArea(area()), policies(), on=None).pupils
    )
    again.forget()
    assert not out.with_name(f"{out.name}.parts").exists()


def test_a_pupil_whose_home_or_school_is_nowhere_is_set_aside_with_the_reason_and_the_others_go_on() -> None:
    pupils = (
        population()
        .pupils[:4]
        .with_columns(
            pl.Series("school.urn", ["900035", "123456", "900035", "900035"]),
            pl.Series("home.easting", [1, 1, 1, None], dtype=pl.Int64).fill_null(
                population().pupils["home.easting"][:4]
            ),
        )
    )
    found = measure(numbered(pupils), InArea(area()), policies(), on=None)
    assert [row for row, _ in found.set_aside] == [1, 2, 3]
    assert "easting and northing" in found.set_aside[0][1] or "home" in found.set_aside[0][1]
    assert found.set_aside[1][1] == "school.urn is of no school that is measured to here"
    assert found.pupils["row"].to_list() == [4]


def test_a_figure_that_the_file_gives_goes_before_a_measured_one_unless_all_is_measured_anew() -> None:
    pupils = numbered(population().pupils[:5]).with_columns(pl.lit(1).cast(pl.Int64).alias("measured.walking_mm"))
    kept, anew = (measure(pupils, InArea(area()), policies(), on=None, anew=anew).pupils for anew in (False, True))
    assert kept["measured.walking_mm"].to_list() == [1] * 5
    assert anew["measured.walking_mm"].equals(population().pupils["measured.walking_mm"][:5])


def test_the_phase_and_last_year_group_of_a_school_are_filled_in_where_the_file_is_silent() -> None:
    pupils = population().pupils
    silent = pupils.drop("school.phase", "about.last_year_group")
    assert (
        with_phases(silent, tuple(area().schools.values()))
        .select(pupils.columns)["school.phase"]
        .equals(pupils["school.phase"])
    )


def test_an_estimate_is_the_straight_line_times_the_detour_factor() -> None:
    schools = tuple(area().schools.values())[:2]
    east, north = grid_of(pl.Series([-6.20, -6.18]).to_numpy(), pl.Series([50.29, 50.29]).to_numpy())
    ground = ByEstimate(schools, (east, north), {}, Detour(1_300, 1_500, "a test"))
    pupils = numbered(population().pupils[:1]).with_columns(
        pl.Series("school.urn", [schools[1].urn]),
        pl.Series("home.easting", [int(east[0])]),
        pl.Series("home.northing", [int(north[0])]),
        pl.Series("other_home.easting", [None], dtype=pl.Int64),
    )
    found = measure(without_figures(pupils), ground, policies(), on=None).pupils
    one, two = points_from_grid([float(east[0]), float(east[1])], [float(north[0]), float(north[1])])
    assert one is not None
    assert two is not None
    straight_mm = geodesic_um(one, two) / 1000
    assert found["measured.walking_mm"][0] == pytest.approx(1.3 * straight_mm, rel=2e-6)
    assert found["measured.road_mm"][0] == pytest.approx(1.5 * straight_mm, rel=2e-6)


def test_ways_are_longer_than_straight_lines_and_their_detours_are_told_by_distance() -> None:
    (found,) = detours(area(), ((1.0, 5.0),))
    assert found.pairs > 1_000
    assert 1.0 < found.walking[0] <= found.walking[2] <= found.walking[4]
    assert found.walking[2] <= found.road[2]
