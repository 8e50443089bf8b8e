"""Somerset from the open data: what the invented county has to share with the real one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from eligibility.assess import Assessor
from eligibility.geography import Area, Inputs, build
from eligibility.in_force import Books
from eligibility.modelling.assessed import assess
from eligibility.modelling.facts_of_cases import with_facts
from eligibility.modelling.generate.county import Draw
from eligibility.modelling.generate.data_files import DataFolder
from eligibility.modelling.generate.open_data import county_from, estimate_ground
from eligibility.modelling.generate.population import Population, invent
from eligibility.modelling.generate.rates import rates
from eligibility.modelling.measuring.detours import detours
from eligibility.modelling.measuring.measure import measure
from eligibility.modelling.population_rows import cases_of
from eligibility.policy_files import policies

pytestmark = pytest.mark.real_data
ON = dt.date(2017, 9, 4)
PUPILS = 6_000


@pytest.fixture(scope="module")
def somerset(data_folder: Path) -> Population:
    draw = Draw(1, rates())
    county = county_from(DataFolder(data_folder), rates().text("authority"), draw, ON, dt.date(2017, 9, 1))
    return invent(county, draw, policies(), ON, PUPILS)


def test_every_row_is_a_case_and_says_that_its_distances_are_estimates(somerset: Population) -> None:
    assert len(somerset.pupils) == PUPILS
    assert somerset.about["distances"].startswith("estimates: straight lines times 1.293")
    assert {each["vintage"] for each in somerset.about["sources"]} >= {"mid2017", "2022-08", "2025-05"}
    assessor = Assessor(second=None)
    for case in cases_of(somerset.pupils[::100]):
        assert assessor.assess(case).policy == "somerset-2016"


def test_the_county_has_its_four_districts_in_their_proportions(somerset: Population) -> None:
    shares = dict(somerset.pupils["about.district"].value_counts(normalize=True).iter_rows())
    counted = {"Mendip": 15_809, "Sedgemoor": 16_678, "South Somerset": 22_259, "Somerset West and Taunton": 19_733}
    whole = sum(counted.values())
    assert shares == pytest.approx({name: count / whole for name, count in counted.items()}, abs=0.04)


def test_places_come_out_about_as_published_though_nothing_was_fitted_to_that(somerset: Population) -> None:
    out, published = somerset.about["came_out"], somerset.about["published"]
    assert published["first_preference_met_percent"] == 93.5
    assert out["first_preference_met_percent"] == pytest.approx(published["first_preference_met_percent"], abs=3)
    assert out["rolls_missed_by_percent"] < 8
    assert out["placed_beyond_a_schools_places"] == 0


def test_about_as_many_are_carried_as_were_published(somerset: Population) -> None:
    held = policies()
    found = assess(with_facts(somerset.pupils.lazy()), Books(held), held.versions["somerset-2016"], on=ON).collect()
    carried = (found["outcome"] == "entitled") & somerset.pupils["about.takes_up"]
    assert carried.sum() / PUPILS == pytest.approx(9_500 / 70_000, rel=0.12)


def test_estimated_anew_every_figure_is_the_same_but_those_of_grown_areas(
    somerset: Population, data_folder: Path
) -> None:
    pupils = somerset.pupils[::20]
    figures = [name for name in pupils.columns if name.startswith(("measured.", "measured_other_home."))]
    grown = [name for name in figures if name.endswith(("transport_area_school", "catchment_school"))]
    ground = estimate_ground(DataFolder(data_folder), Draw(1, rates()), ON)
    found = measure(pupils.drop(figures).with_row_index("row", offset=1), ground, policies(), on=None)
    assert found.set_aside == ()
    lengths = [name for name in figures if name.endswith("_mm") or "nearest" in name]
    assert found.pupils.select(lengths).equals(pupils.select(lengths))
    assert not set(grown) & set(found.pupils.columns)


def test_the_detour_factor_is_the_median_of_real_roads(data_folder: Path, tmp_path: Path) -> None:
    (postcodes,) = (data_folder / "postcodes").glob("codepoint_open_*.csv.gz")
    inputs = Inputs(
        schools=data_folder / "schools" / "gias_2022-08_region.csv",
        postcodes=postcodes,
        la_codes=("800",),
        roads=(data_folder / "roads" / "banes" / "os_roads.geojson",),
        paths=(data_folder / "roads" / "banes" / "banes_prow_bath.geojson",),
    )
    build(inputs, tmp_path / "banes.gpkg")
    (found,) = detours(Area.open(tmp_path / "banes.gpkg"), ((2.0, 10.0),))
    assert found.walking[2] == pytest.approx(rates().number("detour_walking"), abs=0.002)
    assert found.road[2] == pytest.approx(rates().number("detour_road"), abs=0.002)


def test_a_file_that_lacks_a_column_is_named_with_it(data_folder: Path, tmp_path: Path) -> None:
    from eligibility.errors import UsageError
    from eligibility.modelling.generate.data_files import CENTRES

    (tmp_path / "population").mkdir()
    (tmp_path / "population" / "lsoa11_population_weighted_centroids.csv").write_text("lsoa,x,y\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"centroids\.csv has no column lsoa11_code"):
        DataFolder(tmp_path).table(CENTRES, ["lsoa11_code"])
