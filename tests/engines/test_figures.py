"""Which figures a ground shows, and which of its margins is the one that decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eligibility.engines.figures import Figures, Held, Line, figures, lines_of
from eligibility.in_force import GroundInForce, InForce
from eligibility.language.expressions import TRUE, Holds, Name
from eligibility.policy_files import policies
from eligibility.rulebook import Measure

WALKING = Line("walking_mm", "walking_mm", "walking_limit", TRUE)
ROAD = Line("road_mm", "road_mm", "road_limit", TRUE)


def held(length: int | None, limit: int) -> Held:
    return True, length, limit, None if length is None else length - limit


@pytest.mark.parametrize(
    ("walking", "road", "margin"),
    [
        (3001, 5999, 1),  # more than the first and not more than the second: the first is shown
        (3001, 6000, 1),
        (3000, 5999, 0),  # not more than the first
        (2999, 5999, -1),
        (3001, 6001, 1),  # more than the second
        (3005, 6001, 1),  # more than the second by less than it is more than the first
        (3500, 6002, 2),
        (3001, 6002, 2),  # a millimetre more than the first is more
        (2990, 6001, -10),  # both fail: the first of them
    ],
)
def test_the_margin_is_of_the_first_limit_that_fails_and_where_none_does_of_the_first(
    walking: int, road: int, margin: int
) -> None:
    found = figures((WALKING, ROAD), (held(walking, 3000), held(road, 6000)), {})
    assert found.margin_mm == margin
    assert found.value == {"walking_mm": walking, "road_mm": road}
    assert found.limit == {"walking_mm": 3000, "road_mm": 6000}


def test_of_two_lines_for_one_length_the_first_that_applies_counts() -> None:
    younger = Line("walking_mm", "walking_mm", "lower_limit", TRUE)
    out: Held = (False, 2500, 2000, 500)
    assert figures((younger, WALKING), (held(2500, 2000), held(2500, 3000)), {}).margin_mm == 500
    assert figures((younger, WALKING), (out, held(2500, 3000)), {}).margin_mm == -500
    assert figures((younger, WALKING), (out, out), {}) == Figures({}, {}, None)


def test_a_length_not_known_leaves_the_limit_and_no_margin() -> None:
    found = figures((WALKING,), (held(None, 3000),), {})
    assert found == Figures({}, {"walking_mm": 3000}, None)
    assert figures((WALKING,), (held(None, 3000),), {"walking_mm": 3020}).margin_mm == 20


@pytest.mark.parametrize(
    ("concluded", "era", "home", "read"),
    [
        ((), "", "", "younger"),
        (("younger",), "", "", "younger"),
        (("younger", "younger@old"), "old", "", "younger@old"),
        (("younger",), "old", "", "younger"),  # worded alike in both versions
        (("younger", "younger@other_home"), "", "@other_home", "younger@other_home"),
        (("younger@old", "younger@other_home"), "old", "@other_home", "younger@old"),
        (("younger@old", "younger@old@other_home"), "old", "@other_home", "younger@old@other_home"),
        (("younger", "younger@other_home"), "old", "@other_home", "younger@other_home"),
    ],
)
def test_a_line_applies_as_its_version_words_it_and_from_the_home_it_is_measured_from(
    concluded: tuple[str, ...], era: str, home: str, read: str
) -> None:
    version = policies().versions["england"]
    rule = replace(policies().rules.grounds["walking_distance"], measures="by_age")
    measures = {"by_age": (Measure("walking_mm", "lower_limit", Holds("younger")), Measure("road_mm", "limit", None))}
    book = InForce(version, conclusions=dict.fromkeys(concluded, TRUE), measures=measures)
    found = lines_of(book, GroundInForce(rule, "it", "it", (), protected_as=era), home)
    old = "@old" if era else ""
    assert found == (
        Line("walking_mm", f"walking_mm{home}", f"lower_limit{old}", Holds(read)),
        Line("road_mm", f"road_mm{home}", f"limit{old}", TRUE),
    )
    assert found[1].asked()[1:3] == (Name(f"road_mm{home}"), Name(f"limit{old}"))


def test_a_limit_that_is_not_known_is_a_mistake_of_the_engine() -> None:
    with pytest.raises(TypeError, match="walking_limit is not known as a whole number"):
        figures((WALKING,), ((True, 3001, None, None),), {})
