"""A map for a letter can be read: nothing runs off the sheet or upon something else, in whatever font it is printed."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from eligibility.geography import Area, Home, reach, reach_map, route_map
from eligibility.geography.base_map import BEYOND_THE_AREA
from eligibility.geography.drawing import HEIGHT, MARGIN, WIDTH, width_of
from tests.geography.county import Drawing, drawing, line, school, square
from tests.geography.test_maps import MILES, SVG, by_id, read, route_of, words

BEYOND = "beyond the area: ways not known"

Box = tuple[float, float, float, float]


@pytest.mark.parametrize(
    ("text", "bold", "ems"),
    [
        ("The shortest walking route, footpaths included, from the centre of the home's postcode", False, 43.94),
        ("beyond the area: ways not known", False, 17.0),
        ("13,798.471", False, 5.73),
        ("Walking route to Casterton Business & Enterprise College", True, 32.65),
        ("Home (its postcode's centre)", True, 16.3),
        ("Ryhall Road", True, 6.69),
    ],
)
def test_a_line_of_words_is_never_wider_than_it_is_taken_to_be(text: str, bold: bool, ems: float) -> None:
    """`ems` is its width in DejaVu Sans, the widest of the fonts a page may be shown in."""
    assert ems <= width_of(text, 1.0, bold=bold) <= 1.12 * ems


def boxes(root: ET.Element) -> list[tuple[str, Box]]:
    """Every level line of words with the space it takes in the widest font; those in a halo once."""
    found: dict[tuple[str, Box], None] = {}
    for each in root.iter(f"{SVG}text"):
        if each.get("transform") or not each.text:
            continue
        x, y, size = (float(each.get(name, "0")) for name in ("x", "y", "font-size"))
        wide = width_of(each.text, size, bold=each.get("font-weight") == "bold")
        left = x - wide * {"middle": 0.5, "end": 1.0}.get(each.get("text-anchor", ""), 0.0)
        found[each.text, (left, y - 0.75 * size, left + wide, y + 0.2 * size)] = None
    return list(found)


def are_apart(one: Box, two: Box) -> bool:
    return one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


def long_names(folder: Path) -> Drawing:
    """A town's worth of crooked streets with long names, walked, driven or neither, in the middle of a border."""
    spots = [(n * 450.0, (n % 3) * 140.0) for n in range(15)]
    roads = [
        line(one, two, name=f"Upper Wymondham Market Street and Rutland Way {n}")
        for n, (one, two) in enumerate(pairwise(spots))
    ]
    roads += [line(spot, (spot[0], spot[1] + 900), name=f"Great Casterton Lane {n}") for n, spot in enumerate(spots)]
    roads += [line((0, 500), (7000, 700), name="M5", classifica="Motorway")]
    made = drawing(folder, roads, spots[-1], (20, 10))
    made.table("schools", [school(100_001, spots[-1], establishment_name="Great Wymondham & Market Overton Academy")])
    made.shapes("paths", [line((450, 1040), (6300, 900), name="")])
    made.shapes("boundary", [square((-200, -300), (6700, 1200))])
    return made


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Area:
    return long_names(tmp_path_factory.mktemp("names")).open(complete=False)


@pytest.fixture(scope="module", params=["route", "reach"])
def page(area: Area, request: pytest.FixtureRequest) -> ET.Element:
    if request.param == "reach":
        return read(reach_map(area, [reach(area, "100001", limit) for limit in MILES]))
    return read(route_map(area, route_of(area, Home(postcode="TA1 1AA"), "100001"), MILES))


def test_nothing_on_a_page_runs_off_it(page: ET.Element) -> None:
    for text, (left, top, right, foot) in boxes(page):
        assert left >= MARGIN - 5, text
        assert right <= WIDTH - MARGIN + 5, text
        assert 0 <= top < foot <= HEIGHT, text


def test_no_words_on_a_page_stand_upon_others(page: ET.Element) -> None:
    for (one, at), (two, beside) in combinations(boxes(page), 2):
        assert are_apart(at, beside), (one, two)


def test_the_arrow_to_the_north_stands_clear_of_the_legend(page: ET.Element) -> None:
    arrow = next(each for each in by_id(page, "north").iter(f"{SVG}text"))
    x, y = float(arrow.get("x", "0")), float(arrow.get("y", "0"))
    around = (x - 30, y - 115, x + 30, y + 5)
    assert [text for text, box in boxes(page) if not are_apart(box, around)] == ["N"]


def test_land_whose_ways_the_area_does_not_hold_is_hatched_and_the_legend_says_so(page: ET.Element) -> None:
    assert BEYOND_THE_AREA == BEYOND
    assert BEYOND in words(page)
    assert [each for each in page.iter(f"{SVG}path") if each.get("class") == "beyond"]


def test_nothing_is_hatched_where_nothing_lies_beyond(tmp_path: Path) -> None:
    area = drawing(tmp_path, [line((0, 0), (900, 0))], (900, 0), (0, 5)).open()
    root = read(route_map(area, route_of(area, Home(postcode="TA1 1AA"), "100001"), MILES))
    assert BEYOND not in words(root)
    assert not [each for each in root.iter() if each.tag == f"{SVG}pattern"]


def test_the_dots_on_a_map_of_a_reach_are_explained(area: Area) -> None:
    root = read(reach_map(area, [reach(area, "100001", limit) for limit in MILES]))
    assert [each for each in root.iter(f"{SVG}path") if each.get("class") == "limit-falls"]
    assert "where a limit falls on a way" in words(root)
