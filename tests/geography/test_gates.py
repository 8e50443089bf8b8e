"""What is told of the gates of schools when an area is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.geography.county import EAST, NORTH, drawing, feature, line, school


def test_a_gate_far_from_its_school_is_told_of_when_the_area_is_built(tmp_path: Path) -> None:
    made = drawing(tmp_path, [line((0, 0), (9000, 0))], (1000, 0), (0, 0))
    made.table("gates", [{"urn": 100001, "easting": EAST + each, "northing": NORTH} for each in (1_050, 8_000)])
    (note,) = made.build().notes
    assert note == (
        "1 school has a gate more than 1 km from the register's point, at which routes may end all the same; look at "
        "its coordinates: 100001 (7.0 km)"
    )
    made.table("gates", [{"urn": 100001, "easting": EAST + 1_990, "northing": NORTH}])
    assert not made.build().notes


@pytest.mark.parametrize("drawn", [True, False])
def test_a_school_of_whose_gates_none_is_available_is_told_of(tmp_path: Path, *, drawn: bool) -> None:
    made = drawing(tmp_path, [line((0, 0), (9000, 0))], (1000, 0), (0, 0))
    made.table("schools", [school(100_001, (1000, 0)), school(100_002, (1500, 0))])

    def gates(*last: str) -> tuple[str, ...]:
        given = [(100_001, "no"), (100_001, "no"), (100_002, "no"), *((100_002, each) for each in last)]
        if drawn:
            made.shapes("gates", [feature("Point", [900 + n, 0], urn=u, available=a) for n, (u, a) in enumerate(given)])
        else:
            names = ("urn", "easting", "northing", "available")
            made.table("gates", [dict(zip(names, (u, EAST + 900, NORTH, a), strict=True)) for u, a in given])
        return made.build().notes

    (note,) = gates("yes")
    assert note == (
        "every gate given of 1 school is marked as not available, so that routes end where the network passes nearest "
        "to the register's point: 100001"
    )
    assert "of 2 schools" in gates()[0]
