"""In columns the constraints settle what they settle case by case, whatever of their facts is known."""

from __future__ import annotations

import itertools
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from eligibility.constraints import apply_constraints, constraints_of_both_homes
from eligibility.engines.frame_conditions import column_of
from eligibility.errors import Contradiction, PolicyError
from eligibility.facts import OTHER_HOME
from eligibility.language.expressions import names
from eligibility.language.partial import Between, Known
from eligibility.modelling import constraints_in_columns
from eligibility.modelling.constraints_in_columns import sharpen

TRUTHS, COUNTS, DAYS = (None, False, True), (None, 0, 1, 2, 998, 999), (None, 20180101, 20180102)
VALUES: dict[str, tuple[Any, ...]] = {
    "nearest_school": TRUTHS,
    "nearest_ignoring_places": TRUTHS,
    "nearer_suitable_schools": COUNTS,
    "nearer_ignoring_places": COUNTS,
}
OTHERS: dict[str, tuple[Any, ...]] = {
    "has_temporary_condition": TRUTHS,
    "medical_from": DAYS,
    "medical_until": DAYS,
    "has_award": TRUTHS,
    "award_granted_on": DAYS,
    "award_ends_on": DAYS,
}
BORN = {"date_of_birth": 20070514, "on": 20180904}


def every(values: dict[str, tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())]


def alone(facts: dict[str, Any]) -> dict[str, Known] | str:
    """What the constraints make of one pupil's facts, or the sentence that they contradict one another."""
    known = {name: value for name, value in facts.items() if value is not None}
    try:
        apply_constraints(known)
    except Contradiction as error:
        return str(error)
    return known


def in_columns(pupils: list[dict[str, Any]], constants: dict[str, Known]) -> list[dict[str, Known] | None]:
    """The same of many at once; None where their facts contradict one another."""
    kinds = {name: pl.Boolean if name.startswith(("has_", "nearest_")) else pl.Int32 for name in pupils[0]}
    data = {column_of(name): [pupil[name] for pupil in pupils] for name in kinds}
    frame = pl.DataFrame(data, schema={column_of(name): kind for name, kind in kinds.items()})
    found = sharpen(nw.from_native(frame.lazy()), set(kinds), constants, set(kinds))
    rows = found.frame.with_columns(found.contradicts.alias("contradicts")).collect().to_native()
    return [
        None if row["contradicts"] else _known(row, list(kinds), found.bounds) for row in rows.iter_rows(named=True)
    ]


def _known(row: dict[str, Any], facts: list[str], bounds: dict[str, tuple[str, str]]) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for name in facts:
        low, high = (row[column] for column in bounds.get(name, (column_of(name), column_of(name))))
        if low is not None:
            known[name] = low if low == high else Between(low, high)
    return known


@pytest.mark.parametrize("values", [VALUES, {f"{name}{OTHER_HOME}": kept for name, kept in VALUES.items()}, OTHERS])
def test_every_combination_of_what_is_known_is_settled_as_for_a_single_case(values: dict[str, tuple[Any, ...]]) -> None:
    tied = {name for test, _ in constraints_of_both_homes() for name in names(test)}
    pupils = [{**dict.fromkeys(sorted(tied - set(values) - set(BORN))), **facts} for facts in every(values)]
    found = in_columns(pupils, dict(BORN))
    contradictions = 0
    for pupil, columns in zip(pupils, found, strict=True):
        expected = alone({**pupil, **BORN})
        contradictions += isinstance(expected, str)
        assert (None if columns is None else {**columns, **BORN}) == (
            None if isinstance(expected, str) else expected
        ), pupil
    assert contradictions


def test_no_step_more_settles_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    tied = {name for test, _ in constraints_of_both_homes() for name in names(test)}
    pupils = [{**dict.fromkeys(sorted(tied - set(VALUES) - set(BORN))), **facts} for facts in every(VALUES)]
    found = in_columns(pupils, dict(BORN))
    monkeypatch.setattr(constraints_in_columns, "_PASSES", 5)
    assert in_columns(pupils, dict(BORN)) == found


def test_a_constraint_of_another_form_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from eligibility.language.expressions import And, Holds, Or

    other = Or((Holds("nearest_school"), And((Holds("has_award"), Holds("nearest_ignoring_places")))))
    monkeypatch.setattr(constraints_in_columns, "constraints_of_both_homes", lambda: ((other, "it is so"),))
    with pytest.raises(PolicyError, match="write several constraints"):
        in_columns([dict.fromkeys(names(other), True)], {})
