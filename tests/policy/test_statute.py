"""Section 1: the statutory floor under every version. Lower limits are strict, upper limits inclusive."""

from __future__ import annotations

from typing import Any

import pytest

from tests.case_builder import (
    ABSENT,
    FURTHER_SCHOOL,
    THREE_MILES,
    TWO_MILES,
    decided,
    ground,
    met,
    result,
)

every_version = pytest.mark.parametrize("policy", ["england", "somerset-2016", "somerset-2018"])

YOUNG: dict[str, Any] = {"date_of_birth": "2011-05-14"}  # 7 in September 2018
AGED_9: dict[str, Any] = {"date_of_birth": "2009-05-14"}
CANNOT_WALK: dict[str, Any] = {"needs.can_walk": False, "needs.special_needs": True}
UNSAFE: dict[str, Any] = {"route.unsafe": True, "route.assessed_on": "2018-06-01"}


# -- walking distance


@every_version
@pytest.mark.parametrize(
    ("walking_mm", "expected"),
    [(THREE_MILES - 1, "not_met"), (THREE_MILES, "not_met"), (THREE_MILES + 1, "met")],
)
def test_from_8_the_nearest_school_must_be_more_than_3_miles_on_foot(
    policy: str, walking_mm: int, expected: str
) -> None:
    decision = decided(policy=policy, **{"measured.walking_mm": walking_mm})
    assert result(decision, "walking_distance") == expected
    assert decision.outcome == ("entitled" if expected == "met" else "not_entitled")
    shown = ground(decision, "walking_distance")
    assert (shown.value, shown.limit) == ({"walking_mm": walking_mm}, {"walking_mm": 4828032})
    assert shown.margin_mm == walking_mm - 4828032


@every_version
@pytest.mark.parametrize(
    ("walking_mm", "expected"),
    [(TWO_MILES - 1, "not_met"), (TWO_MILES, "not_met"), (TWO_MILES + 1, "met")],
)
def test_under_8_the_nearest_school_must_be_more_than_2_miles_on_foot(
    policy: str, walking_mm: int, expected: str
) -> None:
    decision = decided(policy=policy, **YOUNG, **{"measured.walking_mm": walking_mm})
    assert result(decision, "walking_distance") == expected
    assert ground(decision, "walking_distance").limit == {"walking_mm": 3218688}


@pytest.mark.parametrize(
    ("miles", "expected"),
    [
        ("2.985", "not_entitled"),  # 24 metres short; never rounded before comparing
        ("3", "not_entitled"),
        ("3.0000003", "not_entitled"),  # 0.48 millimetres over
        ("3.0000004", "entitled"),  # 0.64 millimetres over, half a millimetre rounds up
        ("3.001", "entitled"),
    ],
)
def test_a_distance_in_miles_is_never_rounded_to_a_mile_figure_before_comparing(miles: str, expected: str) -> None:
    decision = decided(**{"measured.walking_mm": ABSENT, "measured.walking_miles": miles})
    assert decision.outcome == expected


@pytest.mark.parametrize("walking_mm", [THREE_MILES - 1, THREE_MILES, THREE_MILES + 1])
def test_a_sentence_never_shows_a_figure_that_seems_to_cross_a_limit_it_did_not_cross(walking_mm: int) -> None:
    reason = ground(decided(**{"measured.walking_mm": walking_mm}), "walking_distance").reason
    if walking_mm == THREE_MILES:
        assert "3 miles" in reason
        assert "exactly" in reason
    else:
        assert " is 3 miles on foot" not in reason
        assert "1 millimetre" in reason


def test_short_by_24_metres_is_said_in_metres() -> None:
    reason = decided(**{"measured.walking_mm": ABSENT, "measured.walking_miles": "2.985"}).grounds[0].reason
    assert "24 metres short of 3 miles" in reason


@every_version
def test_distance_alone_gives_nothing_when_another_suitable_school_with_a_place_is_nearer(policy: str) -> None:
    decision = decided(policy=policy, **FURTHER_SCHOOL, **{"measured.walking_mm": 2 * THREE_MILES})
    assert result(decision, "walking_distance") == "not_met"
    assert decision.outcome == "not_entitled"


def test_the_limits_are_walking_routes_whatever_the_road_distance() -> None:
    long_road = decided(**{"measured.walking_mm": THREE_MILES, "measured.road_mm": 2 * THREE_MILES})
    short_road = decided(**{"measured.walking_mm": THREE_MILES + 1, "measured.road_mm": THREE_MILES})
    assert (long_road.outcome, short_road.outcome) == ("not_entitled", "entitled")


def test_the_margin_is_positive_over_the_limit_and_negative_below_it() -> None:
    over = ground(decided(**{"measured.walking_mm": 5_491_082}), "walking_distance")
    under = ground(decided(**{"measured.walking_mm": 4_804_032}), "walking_distance")
    assert (over.margin_mm, under.margin_mm) == (663_050, -24_000)


@every_version
def test_a_child_who_does_not_ordinarily_live_in_the_authority_is_not_entitled(policy: str) -> None:
    decision = decided(policy=policy, resident=False, **{"measured.walking_mm": 2 * THREE_MILES})
    assert (decision.outcome, met(decision)) == ("not_entitled", set())


# -- special needs, disability, mobility


@every_version
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"needs.can_walk": False, "needs.special_needs": True}, "met"),
        ({"needs.can_walk": False, "needs.disability": True}, "met"),
        ({"needs.can_walk": False, "needs.mobility_problem": True}, "met"),
        ({"needs.can_walk": False, "medical": {"from": "2018-09-01", "until": "2018-10-15"}}, "met"),
        ({"needs.can_walk": False}, "not_met"),
        ({"needs.can_walk": True, "needs.special_needs": True, "needs.disability": True}, "not_met"),
        ({"needs.can_walk": True, "medical": {"from": "2018-09-01", "until": "2018-10-15"}}, "not_met"),
        ({**CANNOT_WALK, **FURTHER_SCHOOL}, "not_met"),
    ],
)
def test_a_child_who_cannot_walk_to_the_nearest_school_because_of_needs_is_entitled_within_walking_distance(
    policy: str, changes: dict[str, Any], expected: str
) -> None:
    decision = decided(policy=policy, **changes)
    assert result(decision, "special_needs") == expected
    assert (decision.outcome == "entitled") is (expected == "met")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2018-09-30", "not_met"), ("2018-10-01", "met"), ("2018-11-12", "met"), ("2018-11-13", "not_met")],
)
def test_a_temporary_condition_counts_from_its_first_day_to_its_last(day: str, expected: str) -> None:
    condition = {"from": "2018-10-01", "until": "2018-11-12"}
    decision = decided(policy="england", day=day, medical=condition, **{"needs.can_walk": False})
    assert result(decision, "special_needs") == expected


@pytest.mark.parametrize("named", ["special_needs", "unsafe_route"])
@pytest.mark.parametrize(
    ("changes", "walking_mm", "expected"),
    [
        ({}, THREE_MILES, "met"),
        ({}, THREE_MILES + 1, "not_met"),
        (YOUNG, TWO_MILES, "met"),
        (YOUNG, TWO_MILES + 1, "not_met"),
    ],
)
def test_needs_and_route_are_grounds_within_walking_distance_and_beyond_it_the_distance_is(
    named: str, changes: dict[str, Any], walking_mm: int, expected: str
) -> None:
    claim = CANNOT_WALK if named == "special_needs" else UNSAFE
    decision = decided(policy="england", **claim, **changes, **{"measured.walking_mm": walking_mm})
    assert result(decision, named) == expected
    assert result(decision, "walking_distance") == ("not_met" if expected == "met" else "met")
    assert decision.outcome == "entitled"


@every_version
@pytest.mark.parametrize("claim", [CANNOT_WALK, UNSAFE])
def test_where_the_distance_is_not_known_the_child_who_cannot_walk_is_entitled_all_the_same(
    policy: str, claim: dict[str, Any]
) -> None:
    decision = decided(policy=policy, **claim, **{"measured.walking_mm": ABSENT})
    assert (decision.outcome, decision.missing) == ("entitled", [])
    assert result(decision, "walking_distance") == "not_known"


# -- unsafe route


@every_version
def test_an_unsafe_route_to_the_nearest_school_entitles_within_walking_distance(policy: str) -> None:
    assert met(decided(policy=policy, **UNSAFE)) == {"unsafe_route"}
    assert decided(policy=policy, **UNSAFE, **FURTHER_SCHOOL).outcome == "not_entitled"


@pytest.mark.parametrize(
    ("day", "expected"), [("2018-12-31", "entitled"), ("2019-01-01", "not_entitled"), ("2019-01-02", "not_entitled")]
)
def test_a_route_made_safe_ends_its_ground_only_from_the_stated_day(day: str, expected: str) -> None:
    assert decided(day=day, **UNSAFE, **{"route.safe_from": "2019-01-01"}).outcome == expected


def test_a_route_made_safe_takes_nothing_from_those_beyond_walking_distance() -> None:
    far = {"measured.walking_mm": THREE_MILES + 1}
    assert decided(day="2019-01-02", **UNSAFE, **far, **{"route.safe_from": "2019-01-01"}).outcome == "entitled"


@every_version
def test_each_statutory_ground_names_its_paragraph(policy: str) -> None:
    sources = {g.id: g.source for g in decided(policy=policy).grounds if g.kind == "statutory"}
    paragraphs = {
        "walking_distance": "paragraph 6",
        "special_needs": "paragraph 2",
        "unsafe_route": "paragraph 4",
        "low_income_8_to_10": "paragraph 9",
        "low_income_11": "paragraph 11",
        "low_income_belief": "paragraph 12",
    }
    assert set(sources) == set(paragraphs)
    for name, paragraph in paragraphs.items():
        assert f"Schedule 35B, {paragraph}" in sources[name]
