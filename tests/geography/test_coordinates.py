"""Mistakes in saying which coordinate system a file is in: caught wherever the numbers give them away."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from eligibility.errors import EdtravelError
from eligibility.geography.coordinates import in_degrees, system, undeclared
from eligibility.geography.ground import geodesic_um, points_from_grid

SYSTEMS = ("EPSG:27700", "EPSG:4326", "EPSG:3857", "EPSG:32630", "EPSG:25830", "EPSG:4258")
# Metres on the grid within England and Wales.
SPOTS = st.tuples(st.integers(200_000, 600_000), st.integers(80_000, 600_000))
LINES = st.lists(SPOTS, min_size=2, max_size=6, unique=True)
ESRI = (
    'PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,'
    '299.3249646]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",400000.0],PARAMETER["False_Northing",-100000.0],PARAMETER["Central_Meridian",-2.0],'
    'PARAMETER["Scale_Factor",0.9996012717],PARAMETER["Latitude_Of_Origin",49.0],UNIT["Meter",1.0]]'
)
ROUGH = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m"
)


def drawn(spots: list[tuple[int, int]], crs: str) -> shapely.LineString:
    """A line through grid places, its numbers in another system."""
    if crs == "EPSG:27700":
        return shapely.LineString(spots)
    points = np.array(points_from_grid([x for x, _ in spots], [y for _, y in spots]))
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return shapely.LineString(np.column_stack(turn.transform(points[:, 0], points[:, 1])))


def where(line: shapely.LineString, declared: str) -> tuple[shapely.LineString | None, str]:
    ((found, problem),) = in_degrees([line], system(declared, "roads.gpkg"))
    assert found is None or isinstance(found, shapely.LineString)
    return found, problem


@given(LINES, st.sampled_from(SYSTEMS))
def test_a_system_rightly_declared_puts_every_place_within_a_millimetre(spots: list[tuple[int, int]], crs: str) -> None:
    found, problem = where(drawn(spots, crs), crs)
    assert (found is None, problem) == (False, "")
    assert found is not None
    truth = points_from_grid([x for x, _ in spots], [y for _, y in spots])
    for point, true in zip(found.coords, truth, strict=True):
        assert true is not None
        assert geodesic_um((point[0], point[1]), true) < 1000


@given(LINES, st.sampled_from(SYSTEMS), st.sampled_from(SYSTEMS))
def test_a_system_wrongly_declared_is_caught_or_makes_no_difference(
    spots: list[tuple[int, int]], crs: str, declared: str
) -> None:
    found, problem = where(drawn(spots, crs), declared)
    if {crs, declared} <= {"EPSG:4326", "EPSG:4258"} or {crs, declared} <= {"EPSG:32630", "EPSG:25830"}:
        return
    if crs != declared:
        assert found is None
        assert problem


@given(LINES)
def test_longitude_and_latitude_swapped_are_said_to_be(spots: list[tuple[int, int]]) -> None:
    line = shapely.transform(drawn(spots, "EPSG:4326"), lambda pairs: pairs[:, ::-1])
    assert where(line, "EPSG:4326") == (None, "longitude and latitude are swapped; expected longitude first")


@given(LINES)
def test_metres_taken_for_degrees_and_degrees_for_metres_are_named(spots: list[tuple[int, int]]) -> None:
    metres, degrees = drawn(spots, "EPSG:27700"), drawn(spots, "EPSG:4326")
    assert where(metres, "EPSG:4326")[1] == (
        "coordinates are not longitude and latitude; they look like metres of the British National Grid: "
        "declare EPSG:27700"
    )
    assert where(degrees, "EPSG:27700")[1] == (
        "its numbers are degrees, and the British National Grid is declared, which is in metres"
    )
    assert where(degrees, "EPSG:3857")[1].startswith("its numbers are degrees, and WGS 84 / Pseudo-Mercator is")
    assert where(drawn(spots, "EPSG:3857"), "EPSG:27700")[1].endswith("they look like Web Mercator: declare EPSG:3857")
    assert undeclared([metres]) == "metres of the British National Grid (EPSG:27700)"
    assert undeclared([degrees]) == "degrees (EPSG:4326)"


@pytest.mark.parametrize("declared", ["EPSG:7405", ESRI, ROUGH])
def test_the_national_grid_is_known_however_it_is_written(declared: str) -> None:
    line = shapely.LineString([(350_000, 130_000), (351_000, 130_000)])
    assert where(line, declared) == where(line, "EPSG:27700")


@pytest.mark.parametrize("declared", ["EPSG:29903", "EPSG:4269", "EPSG:23030", "EPSG:5330"])
def test_another_datum_is_refused(declared: str) -> None:
    with pytest.raises(EdtravelError, match=r"without an error of metres; save the file in the British National Grid"):
        system(declared, "roads.gpkg")


@pytest.mark.parametrize("declared", ["nonsense", "EPSG:1", "LOCAL_CS[", "EPSG:5701"])
def test_what_is_no_system_of_places_is_refused(declared: str) -> None:
    with pytest.raises(EdtravelError, match=r"roads\.gpkg: its coordinate system"):
        system(declared, "roads.gpkg")


def test_a_place_abroad_is_outside_great_britain() -> None:
    paris = shapely.LineString([(2.35, 48.85), (2.36, 48.86)])
    assert where(paris, "EPSG:4326") == (None, "the place lies outside Great Britain")
