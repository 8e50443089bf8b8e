"""Days that cannot all be true are refused in a sentence that names places and no value; what can just be is not."""

from __future__ import annotations

import datetime as dt

import pytest

from eligibility.errors import Contradiction, InputError
from eligibility.facts import vocabulary
from tests.case_builder import case, decided

BORN = dt.date(2007, 5, 14)
EVE = str(BORN - dt.timedelta(days=1))
NOT_BEFORE_BIRTH = [
    place
    for fact in vocabulary().facts
    if fact.not_before_birth
    for place in (fact.case, fact.other_home)
    if place and "[" not in place
]


def refused(**changes: object) -> str:
    with pytest.raises(Contradiction) as found:
        decided(**changes)
    return str(found.value)


def test_there_are_days_that_no_child_has_before_it_is_born() -> None:
    assert {"school.started_on", "award.granted_on", "medical.from"} <= set(NOT_BEFORE_BIRTH)


@pytest.mark.parametrize("place", NOT_BEFORE_BIRTH)
def test_a_day_before_the_date_of_birth_is_refused(place: str) -> None:
    home = {"other_home.postcode": "BA2 0AB"} if place.startswith("other_home") else {}
    said = refused(**{place: EVE, **home})
    assert f"{place} is before date_of_birth" in said
    assert EVE not in said


@pytest.mark.parametrize("place", ["travel_from", "applied_on"])
def test_travel_or_an_application_before_the_date_of_birth_is_refused(place: str) -> None:
    assert f"{place} is before date_of_birth" in refused(day="2018-09-04", **{place: EVE})


def test_a_place_may_be_applied_for_on_the_day_of_birth() -> None:
    assert str(decided(applied_on=str(BORN)).on) == "2018-09-04"


def test_nothing_is_decided_for_the_day_of_birth_or_before() -> None:
    places = ("date_of_birth", "applied_on", "travel_from", "school.started_on")
    newborn = dict.fromkeys(places, "2018-10-01")
    for day in ("2018-10-01", "2018-09-30"):
        assert "the day of the decision is not after date_of_birth" in refused(day=day, made="2018-12-01", **newborn)
    assert decided(day="2018-10-02", **newborn).outcome == "not_entitled"


@pytest.mark.parametrize("made", [BORN, dt.date(2007, 1, 1)])
def test_nothing_is_decided_on_the_day_of_birth_or_before(made: dt.date) -> None:
    assert "the day of the decision is not after date_of_birth" in refused(made=made)


def test_whoever_was_born_more_than_25_years_before_is_no_pupil() -> None:
    with pytest.raises(InputError, match="more than 25 years before the day"):
        decided(date_of_birth="1992-12-31")
    assert decided(date_of_birth="1993-01-01").outcome == "not_entitled"


# -- the year group given and the one by date of birth


def test_the_year_group_by_date_of_birth_needs_no_word() -> None:
    assert not [text for text in decided(year_group=7).assumptions if "Year group" in text]


@pytest.mark.parametrize("given", [6, 8])
def test_a_year_group_one_off_is_taken_and_said(given: int) -> None:
    said = f"Year group {given} is given; the date of birth gives 7, and the dates follow it."
    assert said in decided(year_group=given).assumptions


@pytest.mark.parametrize("given", [5, 9])
def test_a_year_group_further_off_is_refused(given: int) -> None:
    assert f"year_group {given} does not fit date_of_birth, which gives year group 7" in refused(year_group=given)


def test_a_child_not_yet_at_school_counts_as_of_reception() -> None:
    young = {"date_of_birth": "2015-05-14", "school.started_on": None}
    assert "does not fit date_of_birth, which gives year group 0" in refused(year_group=3, **young)


def test_the_whole_case_itself_can_be() -> None:
    assert case()["date_of_birth"] == str(BORN)
    assert decided().outcome == "not_entitled"
