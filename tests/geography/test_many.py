"""Whole populations: the same millimetres as for one pupil, in one file, however often the run was stopped."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from eligibility.geography import Area, Home, How
from eligibility.geography.distance_files import Parts
from eligibility.geography.many import Reach, measure_many
from eligibility.sample_county import path as sample

REACH = Reach(walking_mm=6_000_000, road_mm=9_000_000)


@pytest.fixture(scope="module")
def area() -> Area:
    return Area.open(sample())


@pytest.fixture(scope="module")
def pupils(area: Area) -> list[tuple[str, Home]]:
    chance = random.Random(4)
    postcodes = chance.sample([str(row[0]) for row in area.rows("postcode")], 40)
    uprns = [str(row[0]) for row in area.rows("address")][:10]
    homes = [Home(postcode=each) for each in postcodes] + [Home(uprn=each) for each in uprns]
    homes += [Home(easting=88_000 + 350 * n, northing=52_000 + 290 * n) for n in range(10)]
    return [(f"P-{number}", home) for number, home in enumerate(homes)]


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


@pytest.mark.parametrize(
    "how", [How(), How("property_meets_road"), How(school_entrance="main_entrance")], ids=["as_chosen", "road", "main"]
)
def test_every_length_is_that_of_the_pupil_measured_alone(
    area: Area, pupils: list[tuple[str, Home]], tmp_path: Path, how: How
) -> None:
    out = tmp_path / "distances.parquet"
    measured = measure_many(area, pupils, out, how=how, reach=REACH)
    assert (measured.pupils, measured.unplaced) == (len(pupils), ())
    expected = []
    for reference, home in pupils:
        seen = area.measure(home, None, measure_from=how.measure_from, school_entrance=how.school_entrance)
        for school in seen.schools:
            walking = school.walking.mm if school.walking and school.walking.mm <= REACH.walking_mm else None
            road = school.road.mm if school.road and school.road.mm <= REACH.road_mm else None
            if walking is not None or road is not None:
                expected.append((reference, school.school.urn, walking, road))
    found = [tuple(row.values()) for row in rows(out)]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert measured.rows == len(found) > 200


def test_pupils_come_in_their_order_and_each_ones_nearest_school_first(
    area: Area, pupils: list[tuple[str, Home]], tmp_path: Path
) -> None:
    out = tmp_path / "distances.parquet"
    measure_many(area, pupils, out, reach=REACH)
    order = {reference: place for place, (reference, _) in enumerate(pupils)}
    far = 10**9
    keys = [
        (order[r["reference"]], r["walking_mm"] or far, r["road_mm"] or far, r["urn"]) for r in rows(out)
    ]  # fmt: skip
    assert keys == sorted(keys)
    about = json.loads(pq.read_schema(out).metadata[b"edtravel"])
    assert (about["area"], about["walking_mm"]) == (area.content_hash, REACH.walking_mm)


class Stopped(Exception):
    """Stands for the run being killed."""


@pytest.mark.parametrize("after", [1, 2])
def test_a_run_that_was_stopped_goes_on_where_it_was_and_gives_the_same_bytes(
    area: Area, pupils: list[tuple[str, Home]], tmp_path: Path, after: int
) -> None:
    whole, again = tmp_path / "whole.parquet", tmp_path / "again.parquet"
    measure_many(area, pupils, whole, reach=REACH)
    told: list[int] = []

    def stop(done: int, _: int) -> None:
        told.append(done)
        if len(told) == after:
            raise Stopped

    with pytest.raises(Stopped):
        measure_many(area, pupils, again, reach=REACH, progress=stop)
    kept = sorted(tmp_path.glob("again.parquet.parts/*.parquet"))
    assert len(kept) == after
    before = [part.stat().st_mtime_ns for part in kept]
    measure_many(
        area, pupils, again, reach=REACH, progress=lambda *_: before.append(kept[0].stat().st_mtime_ns)
    )  # fmt: skip
    assert set(before[after:]) == {before[0]}
    assert again.read_bytes() == whole.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["again.parquet", "whole.parquet"]


def test_what_another_run_left_behind_is_not_used(area: Area, pupils: list[tuple[str, Home]], tmp_path: Path) -> None:
    out, other = tmp_path / "out.parquet", tmp_path / "other.parquet"

    def stop(_done: int, _of: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        measure_many(area, pupils[::-1], out, reach=REACH, progress=stop)
    measure_many(area, pupils, out, reach=REACH)
    measure_many(area, pupils, other, reach=REACH)
    assert out.read_bytes() == other.read_bytes()


def test_a_home_that_cannot_be_placed_is_set_aside_without_being_repeated(area: Area, tmp_path: Path) -> None:
    pupils = [
        ("P-1", Home(postcode="ZZ1 1ZZ")),
        ("P-2", Home(postcode="QX6 1AA")),
        ("P-3", Home(easting=400_000, northing=300_000)),
        ("P-4", Home(easting=0, northing=0)),
    ]
    measured = measure_many(area, pupils, tmp_path / "out.parquet", reach=REACH)
    assert measured.pupils == 1
    assert [each.row for each in measured.unplaced] == [1, 3, 4]
    assert not any("ZZ" in each.reason for each in measured.unplaced)
    assert {row["reference"] for row in rows(tmp_path / "out.parquet")} == {"P-2"}


def test_no_pupils_give_a_file_without_rows(area: Area, tmp_path: Path) -> None:
    assert measure_many(area, [], tmp_path / "out.parquet", reach=REACH).rows == 0
    assert rows(tmp_path / "out.parquet") == []


def test_pupils_far_from_every_school_of_a_block_leave_the_others_in_their_places(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "out.parquet", "a run", 20_000)
    pupil = np.array([1, 2, 14_000, 19_999], dtype=np.int32)
    none = np.empty(0, dtype=np.int32)
    parts.write(0, pupil, np.zeros_like(pupil), pupil, pupil)
    parts.write(1, none, none, none, none)
    assert parts.merge(2, [f"P-{n}" for n in range(20_000)], ["900001", "900002"], {}) == 4
    assert [row["reference"] for row in rows(tmp_path / "out.parquet")] == ["P-1", "P-2", "P-14000", "P-19999"]
