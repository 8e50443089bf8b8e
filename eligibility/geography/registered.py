"""Schools as an area holds them, and the numbers they are asked for by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from eligibility.errors import MismatchError
from eligibility.geography.layers import Row
from eligibility.geography.model import School
from eligibility.geography.suitability import last_year_group


def is_a_slip(written: str, known: str) -> bool:
    """Whether two school numbers differ in one digit, or by two neighbours that are swapped."""
    if len(written) != len(known):
        return False
    apart = [place for place, pair in enumerate(zip(written, known, strict=True)) if pair[0] != pair[1]]
    if len(apart) != 2:
        return len(apart) == 1
    first, second = apart
    return second == first + 1 and written[first] == known[second] and written[second] == known[first]


def schools_of(rows: Iterable[Row], path: Path) -> dict[str, School]:
    """The schools by URN, from the rows of the layer `school` of the area at `path`.

    They are read before the content is verified. Raises MismatchError where a row holds what no area was built with.
    """
    try:
        return {school.urn: school for school in map(_school_of, rows)}
    except (TypeError, ValueError) as problem:
        raise MismatchError(
            f"the area {path} was changed since it was built: its layer school holds an age that is no number; "
            "build it again"
        ) from problem


def _school_of(row: Row) -> School:
    """The school in a row of the layer `school`."""
    urn, name, phase, low, high, gender, religions, independent, special, selective, la, *_ = row
    named = tuple(str(religions).split(";")) if religions else ()
    return School(
        urn=str(urn),
        name=str(name),
        phase=str(phase),
        low_age=None if low is None else int(low),
        high_age=None if high is None else int(high),
        gender=str(gender),
        religion=named[0] if named else None,
        independent=bool(independent),
        special=bool(special),
        selective=bool(selective),
        la_code=str(la),
        last_year_group=None if high is None else last_year_group(int(high)),
        religions=named,
        religion_known=religions is not None,
    )
