"""The chart as it is drawn: no line crosses another or runs through a box, no words leave theirs, all fits on A4."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

import pytest

from eligibility.chart.as_text import as_text
from eligibility.chart.make import of_pupil, of_two, of_version
from eligibility.chart.picture import Picture, every_box
from eligibility.chart.sheets import sheets
from eligibility.lettering import width_of, wrapped
from eligibility.policy_files import policies
from tests.case_builder import ABSENT, as_day, assessor, case

HELD = policies()
Segment = tuple[float, float, float, float]
Rect = tuple[float, float, float, float]


def drawn(version: str) -> list[ET.Element]:
    """The sheets of a version."""
    return sheets_of(of_version(HELD, HELD.versions[version]))


def sheets_of(picture: Picture) -> list[ET.Element]:
    """The sheets of a picture."""
    return [ET.fromstring(str(sheet)) for sheet in sheets(picture)]  # noqa: S314 - drawn by ourselves


def beside() -> Picture:
    """What changed in September 2018, marked."""
    return of_two(HELD, HELD.versions["somerset-2016"], HELD.versions["somerset-2018"])


def of_a_pupil() -> Picture:
    """The way of a pupil of whom something is not known, so that it forks."""
    held = case(**{"measured.nearest_school": ABSENT})
    return of_pupil(assessor().matter(held, policy="somerset-2018", on=as_day("2018-09-04")))


def lines_of(root: ET.Element) -> Iterator[Segment]:
    """The pieces of every line, heads of arrows aside."""
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        if path.get("d", "").endswith("z"):
            continue
        points = [pair.split() for pair in path.get("d", "")[1:].split("L")]
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            yield float(x1), float(y1), float(x2), float(y2)


def boxes_of(root: ET.Element) -> list[Rect]:
    """The frames of questions, charts and ends."""
    found = [r for r in root.iter("{http://www.w3.org/2000/svg}rect") if r.get("stroke") and r.get("x")]
    return [
        (float(r.get("x", 0)), float(r.get("y", 0)), float(r.get("width", 0)), float(r.get("height", 0))) for r in found
    ]


def cross(one: Segment, other: Segment) -> bool:
    """Whether two pieces of line cross, not merely meet."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = one, other
    if (ax == bx) == (cx == dx):
        return False
    (x, low, high), (y, left, right) = (
        ((ax, *sorted((ay, by))), (cy, *sorted((cx, dx))))
        if ax == bx
        else ((cx, *sorted((cy, dy))), (ay, *sorted((ax, bx))))
    )
    return low + 1 < y < high - 1 and left + 1 < x < right - 1


def runs_through(line: Segment, box: Rect) -> bool:
    """Whether some of a line lies within a box, beyond its frame."""
    (x1, y1, x2, y2), (x, y, width, height) = line, box
    frame = 6
    beside = max(x1, x2) <= x + frame or min(x1, x2) >= x + width - frame
    above_or_below = max(y1, y2) <= y + frame or min(y1, y2) >= y + height - frame
    return not beside and not above_or_below


PICTURES: dict[str, Callable[[], Picture]] = {
    **{name: functools.partial(of_version, HELD, version) for name, version in HELD.versions.items()},
    "two versions": beside,
    "a pupil": of_a_pupil,
}


@pytest.mark.parametrize("picture", PICTURES)
def test_no_two_lines_cross_and_none_runs_through_a_box(picture: str) -> None:
    for root in sheets_of(PICTURES[picture]()):
        title = root.findtext("{http://www.w3.org/2000/svg}title")
        lines, boxes = list(lines_of(root)), boxes_of(root)
        assert not [pair for pair in itertools.combinations(lines, 2) if cross(*pair)], title
        for line, box in itertools.product(lines, boxes):
            assert not runs_through(line, box), f"{title}: a line runs through a box"


@pytest.mark.parametrize("version", HELD.versions)
def test_no_words_run_out_of_their_box_or_off_the_sheet(version: str) -> None:
    for root in drawn(version):
        _, _, wide, high = map(float, root.get("viewBox", "").split())
        assert {(wide, high)} <= {(2100.0, 2970.0), (2970.0, 2100.0)}
        boxes = boxes_of(root)
        for x, y, width, _ in boxes:
            assert 0 <= x < x + width <= wide, "a box lies off the sheet"
            assert y >= 0
        for words in root.iter("{http://www.w3.org/2000/svg}text"):
            size, left, foot = (float(words.get(key, 0)) for key in ("font-size", "x", "y"))
            long = width_of(words.text or "", size, bold=words.get("font-weight") == "bold")
            left -= {"middle": long / 2, "end": long}.get(words.get("text-anchor", ""), 0)
            assert left + long <= wide, words.text
            for x, y, width, height in boxes:
                if x < left < x + width and y < foot < y + height:
                    assert left + long <= x + width, f"{words.text} runs out of its box"


@pytest.mark.parametrize("version", HELD.versions)
def test_every_sheet_says_in_words_what_it_is(version: str) -> None:
    for root in drawn(version):
        assert root.get("role") == "img"
        named = root.get("aria-labelledby", "").split()
        told = {child.get("id"): child.text for child in root if child.get("id")}
        assert all(told[name] for name in named)


@pytest.mark.parametrize("version", HELD.versions)
def test_the_list_in_words_asks_everything_that_is_drawn(version: str) -> None:
    picture = of_version(HELD, HELD.versions[version])
    text = " ".join(as_text(picture).split())
    for box in every_box(picture.nodes):
        told = picture.told(box)
        for said in (told.question, *told.items):
            assert " ".join(said.split()) in text


def test_a_word_that_is_wider_than_a_line_is_broken_and_none_of_it_is_lost() -> None:
    text = "A " + "verylongword" * 20 + " end"
    lines = wrapped(text, 30, 300)
    assert all(width_of(line, 30) <= 300 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrapped("wide", 30, 1) == list("wide")


def test_the_same_policy_draws_the_same_bytes() -> None:
    one, other = (list(map(str, sheets(of_version(HELD, HELD.versions["england"])))) for _ in range(2))
    assert one == other
