"""What an area says of homes and schools, and of those it does not hold."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from eligibility.errors import EdtravelError, InputError, MismatchError, UsageError
from eligibility.geography import Area, Home, Pupil
from tests.geography.county import EAST, NORTH, Drawing, drawing, line, postcode, school, square

ROAD = [line((0, 0), (3000, 0))]


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    return drawing(tmp_path, ROAD, (1000, 0), (0, 0))


def message(area: Area, home: Home) -> str:
    with pytest.raises(InputError) as caught:
        area.measure(home, Pupil(3, None))
    return caught.value.message


def test_an_unknown_postcode_is_refused_without_being_repeated(drawn: Drawing) -> None:
    said = message(drawn.open(name="SAMPLE"), Home(postcode="TA9 9ZZ"))
    assert said == ("home.postcode is not in the area SAMPLE (1 postcodes); check it, or give easting and northing")


def test_a_terminated_postcode_is_refused_with_the_month_it_ended(drawn: Drawing) -> None:
    drawn.table("terminated_postcodes", [{"postcode": "TA1 9ZZ", "doterm": "201106"}])
    said = message(drawn.open(), Home(postcode="ta19zz", key="other_home"))
    assert said.startswith("other_home.postcode was terminated in 2011-06")
    assert "ZZ" not in said


def test_a_postcode_is_found_however_it_is_spaced_and_is_an_estimate_of_the_address(drawn: Drawing) -> None:
    area = drawn.open()
    for written in ("TA1 1AA", "ta11aa", " TA1  1aa "):
        assert area.measure(Home(postcode=written), Pupil(3, None)).kind == "postcode_centre"


def test_a_home_by_grid_reference_or_address_is_exact(drawn: Drawing) -> None:
    drawn.table("addresses", [{"uprn": "000123", "easting": EAST + 5, "northing": NORTH, "postcode": "TA1 1AA"}])
    area = drawn.open()
    assert area.measure(Home(uprn="123"), Pupil(3, None)).kind == "address"
    assert area.measure(Home(easting=EAST, northing=NORTH), Pupil(3, None)).kind == "grid_reference"
    assert "home.uprn is not in the area" in message(area, Home(uprn="124"))


@pytest.mark.parametrize(
    ("home", "says"),
    [
        (Home(), "give one of postcode"),
        (Home(easting=350_000), "give one of postcode"),
        (Home(postcode="TA1 1AA", uprn="1"), "give one of postcode"),
        (Home(easting=0, northing=0), "not on the British National Grid"),
        (Home(easting=99_999_999, northing=5), "not on the British National Grid"),
        (Home(easting=EAST, northing=NORTH + 9_000), "9.0 km from the nearest road"),
    ],
)
def test_a_home_that_cannot_be_placed_is_refused_in_a_sentence(drawn: Drawing, home: Home, says: str) -> None:
    assert says in message(drawn.open(), home)


def test_an_unknown_school_is_refused_with_the_nearest_right_one(drawn: Drawing) -> None:
    with pytest.raises(InputError, match=r"school.urn 100011 is not in the area .* 100001 \(School 100001\)\?"):
        drawn.open().school("100011")


@pytest.mark.parametrize("urn", ["100092", "109999", "10001"])
def test_a_school_that_is_more_than_a_slip_away_is_not_suggested(drawn: Drawing, urn: str) -> None:
    with pytest.raises(InputError) as refused:
        drawn.open().school(urn)
    assert "did you mean" not in refused.value.message


def test_a_school_with_two_digits_swapped_is_suggested(drawn: Drawing) -> None:
    with pytest.raises(InputError, match=r"did you mean 100001"):
        drawn.open().school("100010")


def test_a_closed_school_is_refused_as_closed(drawn: Drawing) -> None:
    rows = [
        {**school(100_001, (0, 0)), "close_date": ""},
        {**school(100_002, (0, 0)), "establishment_status": "Closed", "close_date": "31-08-2019"},
    ]
    drawn.table("schools", rows)
    with pytest.raises(InputError, match=r"\(School 100002\) closed on 2019-08-31"):
        drawn.open().school("100002")


def test_schools_come_nearest_first_and_the_unreachable_last(drawn: Drawing) -> None:
    drawn.table("schools", [school(100_000 + n, (x, 0)) for n, x in ((1, 900), (2, 300), (3, 900), (4, 9000))])
    drawn.shapes("roads", [*ROAD, line((8000, 0), (9500, 0))])
    found = drawn.open().measure(Home(postcode="TA1 1AA"), Pupil(3, None)).schools
    assert [each.school.urn for each in found] == ["100002", "100001", "100003", "100004"]
    assert found[-1].walking is None


def test_a_home_lies_in_the_authority_the_area_was_built_for(drawn: Drawing) -> None:
    home = Home(postcode="TA1 1AA")
    assert drawn.open().measure(home, Pupil(3, None)).in_authority is None
    area = drawn.open(la_codes=("933",))
    assert area.measure(home, Pupil(3, None)).in_authority is True
    assert area.measure(Home(easting=EAST, northing=NORTH), Pupil(3, None)).in_authority is None


def test_transport_areas_and_catchments_are_two_layers_and_absent_is_not_known(drawn: Drawing) -> None:
    home = Home(postcode="TA1 1AA")
    bare = drawn.open().measure(home, Pupil(3, None))
    assert bare.transport_areas is None
    assert bare.catchments is None
    drawn.shapes("transport_areas", [square((-500, -500), (500, 500), urn="100001")])
    drawn.shapes("catchments", [square((600, -500), (900, 500), urn="100001")])
    both = drawn.open().measure(home, Pupil(3, None))
    assert both.transport_areas == frozenset({"100001"})
    assert both.catchments == frozenset()


def test_a_file_that_is_no_area_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no area file"):
        Area.open(tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("hello")
    with pytest.raises(MismatchError, match="is not an area file"):
        Area.open(tmp_path / "text.gpkg")
    sqlite3.connect(tmp_path / "empty.gpkg").execute("CREATE TABLE gpkg_contents (table_name TEXT)")
    with pytest.raises(MismatchError, match="is not an area file"):
        Area.open(tmp_path / "empty.gpkg")


def tampered(area: Area) -> None:
    with sqlite3.connect(area.path) as base:
        base.execute("UPDATE edge SET length_um = length_um * 2")
    base.close()


def test_an_area_changed_by_hand_is_found_out_when_it_is_opened(drawn: Drawing) -> None:
    area = drawn.open()
    area.verify()
    tampered(area)
    with pytest.raises(MismatchError, match="was changed since it was built"):
        Area.open(area.path)


def test_an_area_that_was_not_touched_is_verified_once(drawn: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    area = drawn.open()
    with monkeypatch.context() as patch:
        patch.setattr(Area, "verify", lambda _: pytest.fail("verified again"))
        assert Area.open(area.path).content_hash == area.content_hash
    drawn.build(name="another")
    looked: list[Path] = []
    monkeypatch.setattr(Area, "verify", lambda self: looked.append(self.path))
    Area.open(area.path)
    assert looked == [area.path]


def test_setting_the_time_of_a_changed_area_back_hides_nothing(drawn: Drawing) -> None:
    area = drawn.open()
    status = area.path.stat()
    tampered(area)
    os.utime(area.path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(MismatchError, match="was changed since it was built"):
        Area.open(area.path)


def test_where_nothing_can_be_remembered_an_area_is_verified_each_time(
    drawn: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no_folder").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no_folder"))
    area = drawn.open()
    assert Area.open(area.path).content_hash == area.content_hash
    tampered(area)
    with pytest.raises(MismatchError, match="was changed since it was built"):
        Area.open(area.path)


@pytest.mark.parametrize("kept", ["", "[1]", '{"a": 1}', "{"])
def test_a_memory_that_cannot_be_read_is_no_memory(
    drawn: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "edtravel").mkdir()
    (tmp_path / "edtravel" / "areas_verified.json").write_text(kept)
    assert drawn.open().content_hash


def test_an_unknown_way_of_measuring_is_refused(drawn: Drawing) -> None:
    with pytest.raises(UsageError, match="expected address_point or property_meets_road"):
        drawn.open().measure(Home(postcode="TA1 1AA"), Pupil(3, None), measure_from="the_door")


def test_an_area_opens_in_a_geographic_information_system(drawn: Drawing) -> None:
    import pyogrio

    path = drawn.open().path
    layers = dict(pyogrio.list_layers(path).tolist())
    assert layers["edge"] == "LineString"
    assert layers["school"] == "Point"
    assert layers["coverage"] == "MultiPolygon"
    assert pyogrio.read_info(path, layer="postcode")["features"] == 1


@pytest.mark.parametrize(
    ("about", "pupil", "suits"),
    [
        ({}, Pupil(0, None), True),
        ({"statutory_low_age": 5}, Pupil(0, None), True),
        ({"statutory_low_age": 7}, Pupil(2, None), False),
        ({"statutory_low_age": 7}, Pupil(3, None), True),
        ({"statutory_high_age": 7}, Pupil(2, None), True),
        ({"statutory_high_age": 7}, Pupil(3, None), False),
        ({}, Pupil(7, None), False),
        ({"gender": "Girls"}, Pupil(3, "female"), True),
        ({"gender": "Girls"}, Pupil(3, "male"), False),
        ({"gender": "Girls"}, Pupil(3, None), None),
        ({"admissions_policy": "Selective"}, Pupil(3, "male"), None),
        ({"establishment_type_group": "Special schools"}, Pupil(3, None), False),
        ({"establishment_type_group": "Independent schools"}, Pupil(3, None), False),
    ],
)
def test_a_school_suits_by_age_sex_and_kind(
    drawn: Drawing, about: dict[str, object], pupil: Pupil, *, suits: bool | None
) -> None:
    drawn.table("schools", [school(100_001, (1000, 0), **about)])
    found = drawn.open().measure(Home(postcode="TA1 1AA"), pupil).schools[0]
    assert found.suitable is suits
    assert bool(found.unsuitable_because) is (suits is not True)


@pytest.mark.parametrize(("high", "last"), [(7, 2), (9, 4), (11, 6), (13, 8), (16, 11), (18, 11), (19, 11)])
def test_a_school_takes_year_groups_up_to_its_highest_age(drawn: Drawing, high: int, last: int) -> None:
    drawn.table("schools", [school(100_001, (0, 0), statutory_high_age=high)])
    assert drawn.open().school("100001").last_year_group == last


@pytest.mark.parametrize(
    ("register", "religions", "known"),
    [
        ("Roman Catholic", ("roman_catholic",), True),
        ("Church of England/Methodist", ("church_of_england", "methodist"), True),
        ("Does not apply", (), True),
        ("None", (), True),
        ("Not reported", (), False),
    ],
)
def test_a_schools_religion_is_read_from_the_register(
    drawn: Drawing, register: str, religions: tuple[str, ...], *, known: bool
) -> None:
    drawn.table("schools", [school(100_001, (0, 0), religious_character=register)])
    found = drawn.open().school("100001")
    assert (found.religions, found.religion_known) == (religions, known)
    assert found.religion == (religions[0] if religions else None)


def test_the_last_homes_are_kept_and_the_answer_is_the_same(drawn: Drawing) -> None:
    drawn.table("postcodes", [postcode("TA1 1AA", (0, 0)), postcode("TA1 1AB", (500, 0))])
    area = drawn.open()
    first = area.measure(Home(postcode="TA1 1AA"), Pupil(3, None))
    assert area.measure(Home(postcode="TA1 1AB"), Pupil(3, None)) != first
    assert area.measure(Home(postcode="TA1 1AA"), Pupil(3, None)) == first


def test_every_failure_is_one_of_ours(drawn: Drawing) -> None:
    area = drawn.open()
    with sqlite3.connect(area.path) as base:
        base.execute("DROP TABLE edge")
    base.close()
    with pytest.raises(EdtravelError, match="damaged in its layer edge"):
        Area.open(area.path)
