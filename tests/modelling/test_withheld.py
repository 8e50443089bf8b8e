"""What a report withholds cannot be worked back, even with every number of all its tables at hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from eligibility.modelling.report.withheld import (
    LEAST,
    ROW,
    Published,
    publish,
    publish_parts,
    rounded,
    rounded_to,
)

CHANGES = ("loser", "winner", "protected", "unchanged")
REST = "unchanged"
Counts = dict[str, dict[str, int]]
Place = tuple[str, ...]
PUPILS = st.lists(
    st.tuples(
        st.sampled_from(CHANGES), st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from((1, 1, 2, 5, 9, 300))
    ),
    min_size=1,
    max_size=14,
)


def tables_of(pupils: list[tuple[str, str, str, int]]) -> tuple[dict[str, int], dict[str, Counts]]:
    totals = dict.fromkeys(CHANGES, 0)
    tables: dict[str, Counts] = {"one": {}, "other": {}}
    for change, one, other, count in pupils:
        totals[change] += count
        for name, row in (("one", one), ("other", other)):
            tables[name].setdefault(row, dict.fromkeys(CHANGES, 0))[change] += count
    return totals, tables


def most_possible(totals: Mapping[str, int], tables: Mapping[str, Counts], shown: Published) -> dict[Place, float]:
    """For every count that is withheld, the most that it can be to someone who has all that is published."""
    places: dict[Place, int] = {}
    for change in CHANGES:
        places["county", change] = len(places)
    for name, rows in tables.items():
        for row in rows:
            for change in (*CHANGES, ROW):
                places[name, row, change] = len(places)
    equations: list[tuple[dict[Place, int], int]] = [
        ({("county", change): 1 for change in CHANGES}, sum(totals.values()))
    ]
    bounds: list[tuple[int, int | None]] = [(0, None)] * len(places)

    def publishes(place: Place, count: int | None) -> None:
        if count is not None:
            bounds[places[place]] = (count, count)

    for change in CHANGES:
        publishes(("county", change), shown.totals[change])
    for name, rows in tables.items():
        found = shown.tables[name]
        equations += [({("county", change): -1, **{(name, row, change): 1 for row in rows}}, 0) for change in CHANGES]
        for row in rows:
            equations.append(({(name, row, ROW): -1, **{(name, row, change): 1 for change in CHANGES}}, 0))
            for change in (*CHANGES, ROW):
                publishes((name, row, change), found[row][change] if found is not None else None)
    matrix = np.zeros((len(equations), len(places)))
    for number, (terms, _) in enumerate(equations):
        for place, factor in terms.items():
            matrix[number, places[place]] = factor
    most: dict[Place, float] = {}
    nobody = {change for change in CHANGES if not totals[change]}
    for place, at in places.items():
        if bounds[at][0] != bounds[at][1] and place[-1] not in nobody:  # that there is none in the county is no secret
            wanted = np.zeros(len(places))
            wanted[at] = -1
            solved = linprog(wanted, A_eq=matrix, b_eq=[value for _, value in equations], bounds=bounds)
            assert solved.status == 0, solved.message
            most[place] = -float(solved.fun or 0)
    return most


@settings(max_examples=25, deadline=None)
@given(PUPILS)
def test_whoever_has_all_tables_cannot_tell_that_a_withheld_count_is_under_five(
    pupils: list[tuple[str, str, str, int]],
) -> None:
    totals, tables = tables_of(pupils)
    if sum(totals.values()) >= LEAST:
        most = most_possible(totals, tables, publish(totals, tables, REST))
        assert all(value >= LEAST - 1e-6 for value in most.values()), most


@settings(deadline=None)
@given(PUPILS)
def test_no_count_of_one_to_four_is_published_and_what_is_published_is_true(
    pupils: list[tuple[str, str, str, int]],
) -> None:
    totals, tables = tables_of(pupils)
    shown = publish(totals, tables, REST)
    pairs = [(shown.totals[change], totals[change]) for change in CHANGES]
    for name, found in shown.tables.items():
        for row, cells in (found or {}).items():
            whole = {**tables[name][row], ROW: sum(tables[name][row].values())}
            pairs += [(count, whole[change]) for change, count in cells.items()]
    for count, true in pairs:
        assert count is None or (count == true and not 0 < count < LEAST)


def test_a_county_without_small_numbers_is_published_whole() -> None:
    rows: Counts = {"a": {"loser": 8, "unchanged": 90}, "b": {"loser": 6, "unchanged": 50}}
    shown = publish({"loser": 14, "unchanged": 140}, {"one": rows}, REST)
    found = shown.tables["one"]
    assert found is not None
    assert found["a"] == {"loser": 8, "unchanged": 90, ROW: 98}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 12), min_size=1), st.booleans())
def test_a_withheld_part_of_a_list_may_be_five_or_more_and_no_small_one_is_told(
    parts: dict[str, int], known: bool
) -> None:
    total = sum(parts.values())
    if known and total < LEAST:
        return
    shown = publish_parts(parts, known=total if known else None)
    if shown is None:
        return
    assert all(count is None or count >= LEAST for count in shown.values())
    hidden = [part for part, count in shown.items() if count is None]
    if known and hidden:
        assert len(hidden) > 1
        assert sum(parts[part] for part in hidden) - (len(hidden) - 1) >= LEAST


@given(st.integers(1, 10_000_00), st.integers(0, 4))
def test_fewer_than_five_pupils_cost_nothing_that_can_be_told_from_nobody(pence: int, pupils: int) -> None:
    assert rounded(pence * pupils, rounded_to(pence)) == 0
