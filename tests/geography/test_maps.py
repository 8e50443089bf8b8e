"""The map of a route shows what was measured, and nothing of whose home it is."""

from __future__ import annotations

import datetime as dt
import math
import re
from itertools import accumulate, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.geography import Area, Home, Inputs, Route, build, reach, reach_map, route_map
from eligibility.geography.ground import geodesic_um
from eligibility.sample_county import path as sample
from tests.conftest import PROJECT
from tests.geography.county import drawing, line, school

MILES = (3_218_688, 4_828_032)
SVG = "{http://www.w3.org/2000/svg}"


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314  # our own


def by_id(root: ET.Element, name: str) -> ET.Element:
    return next(each for each in root.iter() if each.get("id") == name)


def words(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter() if each.tag in (f"{SVG}text", f"{SVG}title", f"{SVG}desc")]


def route_of(area: Area, home: Home, urn: str, on: dt.date | None = None) -> Route:
    found = area.route(home, urn, "walk", on=on)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def county() -> Area:
    return Area.open(sample())


@pytest.fixture(scope="module")
def found(county: Area) -> Route:
    return route_of(county, Home(postcode="QX6 1AA"), "900033")


@pytest.fixture(scope="module")
def drawn(county: Area, found: Route) -> ET.Element:
    return read(route_map(county, found, MILES))


def path_length(data: str) -> float:
    """Units along a path of one relative line."""
    numbers = [int(each) for each in re.findall(r"-?\d+", data)]
    return sum(math.hypot(x, y) for x, y in zip(numbers[2::2], numbers[3::2], strict=True))


def bar(root: ET.Element, name: str) -> float:
    return float(by_id(root, f"scale-{name}").get("width", "0"))


def test_the_line_of_a_route_is_as_long_as_its_figure(found: Route) -> None:
    along = sum(geodesic_um(one, two) for one, two in pairwise(found.line))
    # Each vertex that a route is cut at lies right to a micrometre or so.
    assert abs(along - found.length_mm * 1000) < 1_000 * len(found.line)


def test_the_route_drawn_is_as_long_as_its_figure_by_the_scale_bar(drawn: ET.Element, found: Route) -> None:
    metres = path_length(by_id(drawn, "route").get("d", "")) / bar(drawn, "metres") * 1_000
    assert any(text == "1,000 m" for text in words(drawn))
    assert metres == pytest.approx(found.length_mm / 1000, rel=0.002)


def test_the_bar_of_miles_and_the_bar_of_metres_show_one_scale(drawn: ET.Element) -> None:
    assert "1/2 mile" in words(drawn)
    assert bar(drawn, "miles") / bar(drawn, "metres") == pytest.approx(804.672 / 1000, rel=0.001)


def test_the_scale_that_is_stated_is_that_of_the_paper(drawn: ET.Element) -> None:
    (stated,) = [text for text in words(drawn) if text.startswith("1:")]
    scale = int(re.sub(r"\D", "", stated.split(" ")[0][2:]))
    assert drawn.get("width") == "210mm"
    assert drawn.get("viewBox", "").split()[2] == "2100"
    assert bar(drawn, "metres") / 10 * scale == pytest.approx(1_000_000, rel=0.001)


def test_the_steps_of_a_route_add_up_to_its_length_to_the_millimetre(county: Area) -> None:
    for postcode in ("QX1 1AJ", "QX6 1AA"):
        for urn in list(county.schools)[::7]:
            route = county.route(Home(postcode=postcode), urn, "walk")
            if route is not None:
                assert sum(step.mm for step in route.steps) == route.length_mm


def test_the_table_of_steps_says_how_far_in_all(drawn: ET.Element, found: Route) -> None:
    told = words(drawn)
    for step, total in zip(found.steps, accumulate(step.mm for step in found.steps), strict=True):
        assert f"{step.mm // 1000:,}.{step.mm % 1000:03d}" in told
        assert f"{total // 1000:,}.{total % 1000:03d}" in told


def test_a_map_says_how_far_on_which_network_from_where_to_where_and_on_which_day(county: Area) -> None:
    route = route_of(county, Home(postcode="QX6 1AA"), "900033", dt.date(2018, 9, 4))
    told = " ".join(words(read(route_map(county, route, MILES))))
    assert "1.787 miles on foot (2,875.996 metres)" in told
    assert county.content_hash.removeprefix("sha256:")[:12] in told
    assert "from the centre of the home's postcode, an estimate" in told
    assert "Measured for 4 September 2018" in told


def test_no_postcode_stands_on_a_map(drawn: ET.Element) -> None:
    assert not re.search(r"QX ?\d", " ".join(words(drawn)))


def test_a_map_has_a_title_and_a_description_for_those_who_cannot_see_it(drawn: ET.Element, found: Route) -> None:
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == "title about"
    assert by_id(drawn, "title").text == "Otherby School: 1.787 miles on foot"
    assert all(step.street in (by_id(drawn, "about").text or "") for step in found.steps)


def test_the_streets_of_the_route_are_named_and_no_two_names_share_a_place(drawn: ET.Element, found: Route) -> None:
    names = [(each.get("x"), each.get("y"), each.text) for each in drawn.iter(f"{SVG}text")]
    assert {"Weavers' Path", "Loom Path", "Thrift Lane"} <= {text for *_, text in names}
    haloed = [name for name in names if names.count(name) == 2]
    places = {(x, y) for x, y, _ in haloed}
    assert len(places) == len(set(haloed))


def test_a_name_that_looks_like_markup_is_only_a_name(tmp_path: Path) -> None:
    evil = '</text><script>alert("&")</script>\x00'
    made = drawing(tmp_path, [line((0, 0), (900, 0), name=evil)], (900, 0), (0, 5))
    made.table("schools", [school(100_001, (900, 0), establishment_name="A & B <C> \"D\" 'E'")])
    area = made.open()
    route = route_of(area, Home(postcode="TA1 1AA"), "100001")
    for text in (route_map(area, route, MILES), reach_map(area, [reach(area, "100001", 400_000)])):
        root = read(text)
        assert not [each for each in root.iter() if each.tag == f"{SVG}script"]
        assert any("A & B <C> \"D\" 'E'" in each for each in words(root))


def test_a_map_drawn_again_is_the_same_map(county: Area, found: Route) -> None:
    assert route_map(county, found, MILES) == route_map(Area.open(sample()), found, MILES)


def test_a_home_at_the_school_gate_still_makes_a_map(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (900, 0))], (0, 0), (0, 0)).open()
    route = route_of(area, Home(postcode="TA1 1AA"), "100001")
    assert route.length_mm == 0
    assert "0 miles on foot (0.000 metres)" in words(read(route_map(area, route, MILES)))


def test_a_figure_a_hair_over_the_limit_is_not_printed_as_the_limit(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (3500, 0))], (3300, 0), (81, 0)).open()
    route = route_of(area, Home(postcode="TA1 1AA"), "100001")
    limit = route.length_mm - 20
    told = words(read(route_map(area, route, [limit])))
    shown = next(text for text in told if text.endswith("metres)")).split(" ")[0]
    assert float(shown) * 1_609_344 > limit


def test_a_route_that_no_safe_way_replaces_says_that_it_is_no_walking_distance(tmp_path: Path) -> None:
    made = drawing(tmp_path, [line((0, 0), (900, 0))], (900, 0), (0, 0))
    made.shapes("unsafe", [line((300, 0), (400, 0), name="Narrow Lane", **{"from": "2018-01-01", "until": ""})])
    area = made.open()
    found = area.route(Home(postcode="TA1 1AA"), "100001", "walk", on=dt.date(2018, 9, 4), safe=False)
    assert found is not None
    told = " ".join(words(read(route_map(area, found, MILES))))
    assert "it is no walking distance" in told
    assert "unsafe to walk on the day" in told


def test_the_map_of_a_route_and_of_a_reach_are_small_enough_to_send(county: Area, found: Route) -> None:
    assert len(route_map(county, found, MILES).encode()) < 300_000
    assert len(reach_map(county, [reach(county, "900033", limit) for limit in MILES]).encode()) < 300_000


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ("across_the_river.svg", ("measure", "sample", "docs/examples/across_the_river.yaml")),
        ("otherby_reach.svg", ("reach", "sample", "900033")),
    ],
)
def test_the_pictures_in_the_documentation_are_what_the_program_draws(
    picture: str, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    done = CliRunner().invoke(main, ["area", *words, "--svg", str(tmp_path / picture)])
    assert done.exit_code == 0, done.output
    kept = PROJECT / "docs" / "pictures" / picture
    assert (tmp_path / picture).read_text(encoding="utf-8") == kept.read_text(encoding="utf-8"), (
        f"draw it again: edtravel area {' '.join(words)} --svg docs/pictures/{picture}"
    )


@pytest.mark.real_data
def test_a_map_of_a_real_city_is_small_enough_to_send_and_as_long_as_its_figure(
    data_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "bath.gpkg"
    inputs = Inputs(
        schools=data_folder / "schools" / "gias_2022-08_region.csv",
        postcodes=data_folder / "postcodes" / "codepoint_open_2025-05_TA_BA_BS_EX_DT.csv.gz",
        roads=data_folder / "roads" / "banes" / "os_roads.geojson",
        boundary=data_folder / "boundaries" / "os_boundaryline_bathandnortheastsomerset.geojson",
        la_codes=("800",),
    )
    build(inputs, out)
    area = Area.open(out)
    route = route_of(area, Home(postcode="BA1 5HP"), "146263")
    text = route_map(area, route, MILES)
    root = read(text)
    metres = path_length(by_id(root, "route").get("d", "")) / bar(root, "miles") * 804.672
    assert "1/2 mile" in words(root)
    assert metres == pytest.approx(route.length_mm / 1000, rel=0.003)
    assert len(text.encode()) < 300_000
    assert len(reach_map(area, [reach(area, "146263", limit) for limit in MILES]).encode()) < 300_000
