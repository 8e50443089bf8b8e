"""Real published decisions come out as they were made."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from eligibility.decision import Decision
from eligibility.facts import vocabulary
from tests.case_builder import assessor, case
from tests.policy.published_cases import MUST_BE_KNOWN, PUBLISHED, adapt

SINGLE = {name: entry for name, entry in PUBLISHED.items() if "decision" in entry}
PAIRS = {name: entry for name, entry in PUBLISHED.items() if "pair" in entry}
IN_FORCE, STATUTE = None, "england"


def decision_on(data: dict[str, Any], policy: str | None = None, day: str | None = None) -> Decision:
    return assessor().assess(data, policy=policy, on=dt.date.fromisoformat(day) if day else None)


def reasons(decision: Decision) -> str:
    return " ".join(ground.reason for ground in decision.grounds)


@pytest.mark.parametrize("policy", [IN_FORCE, STATUTE])
@pytest.mark.parametrize("name", SINGLE)
def test_the_first_decision_is_the_published_one_for_the_published_reason(name: str, policy: str | None) -> None:
    decision = decision_on(adapt(SINGLE[name]).case(), policy)
    assert decision.outcome == SINGLE[name]["decision"]
    assert SINGLE[name].get("reason", "") in reasons(decision)
    assert decision.missing == []


@pytest.mark.parametrize("name", PAIRS)
def test_two_cases_that_differ_in_one_fact_come_out_as_the_principle_says(name: str) -> None:
    pair = PAIRS[name]["pair"]
    for half in (pair["first"], pair["second"]):
        decision = decision_on(adapt(PAIRS[name], **{pair["differ_in"]: half["value"]}).case())
        if "decision" in half:
            assert decision.outcome == half["decision"]
        if "protected" in half:
            assert (decision.protected is not None) is half["protected"]
            assert (decision.outcome == "entitled") is half["protected"]


@pytest.mark.parametrize("name", PAIRS)
def test_the_two_cases_of_a_pair_differ_in_nothing_else(name: str) -> None:
    pair = PAIRS[name]["pair"]
    first, second = (adapt(PAIRS[name], **{pair["differ_in"]: pair[half]["value"]}) for half in ("first", "second"))
    differing = {
        place.split(".")[0]
        for place in first.changes.keys() | second.changes.keys()
        if first.changes.get(place) != second.changes.get(place)
    }
    one_fact = {
        "nearer_school_had_a_place": {"places", "measured"},
        "nearer_school_was_first_preference": {"admission"},
        "nearer_schools_were_named": {"admission"},
        "sibling_is_carried_to_the_school": set(),
        "pass_was_an_error": {"award"},
        "other_home_miles": {"other_home", "measured_other_home"},
    }
    assert differing == one_fact[pair["differ_in"]]
    assert first.chosen == second.chosen


PETHERTON = PUBLISHED["somerset-north-petherton-2017"]


@pytest.mark.parametrize("line", PETHERTON["by_distance"], ids=lambda line: line["school_miles"])
def test_a_route_made_safe_ends_its_ground_at_easter_2017_and_only_within_walking_distance(
    line: dict[str, Any],
) -> None:
    data = adapt(PETHERTON, school_miles=line["school_miles"]).case()
    for day in ("2016-12-16", "2017-01-03", "2017-03-31"):  # the works were finished in December
        assert decision_on(data, day=day).outcome == line["before"]
    assert decision_on(data, day="2017-04-18").outcome == line["after"]


@pytest.mark.parametrize("example", PUBLISHED["compulsory-school-age"]["of_age"], ids=lambda e: str(e["born"]))
def test_compulsory_school_age_starts_and_ends_on_the_days_of_the_worked_examples(example: dict[str, Any]) -> None:
    starts = "first_day" in example
    day = example["first_day"] if starts else example["last_day"]
    of_age = []
    for step in (-1, 0, 1):
        on = (day + dt.timedelta(days=step)).isoformat()
        changes = {"date_of_birth": str(example["born"]), "travel_from": on, "applied_on": on, "school.started_on": on}
        far = {"measured.walking_mm": 5_000_000, "measured.road_mm": 5_000_000}
        of_age.append(decision_on(case(**changes | far), STATUTE).outcome == "entitled")
    assert of_age == ([False, True, True] if starts else [True, True, False])


def test_availability_is_what_the_kent_siblings_differ_in() -> None:
    """The younger is shown a nearer school with a place; the older is assessed against the nearest that had one."""
    pair = PUBLISHED["kent-23-019-374"]
    younger, older = (decision_on(adapt(pair, nearer_school_had_a_place=had).case(), STATUTE) for had in (True, False))
    assert "nearest suitable school" in younger.grounds[0].reason
    assert (older.grounds[0].id, older.grounds[0].result) == ("walking_distance", "met")


def test_under_the_old_policy_the_other_home_would_have_carried_the_norfolk_child() -> None:
    data = adapt(PUBLISHED["norfolk-24-010-971"], other_home_miles="12.0").case()
    assert decision_on(data, "somerset-2016").outcome == "entitled"
    assert decision_on(data, "somerset-2018").outcome == "not_entitled"


def test_no_fact_speaks_of_another_child() -> None:
    assert not [fact for fact in vocabulary().facts if "sibling" in f"{fact.case} {fact.name} {fact.question}".lower()]


def test_the_late_essex_child_is_entitled_by_statute_and_an_officer_sees_the_notice() -> None:
    data = adapt(PUBLISHED["essex-21-009-402"], nearer_schools_were_named=False).case()
    (notice,) = decision_on(data, "somerset-2018").notices
    assert (notice.statutory, notice.review_by_officer) == (True, True)


@pytest.mark.parametrize("name", [*SINGLE, *PAIRS, "somerset-north-petherton-2017"])
def test_what_the_publication_does_not_state_is_listed_as_chosen(name: str) -> None:
    entry = PUBLISHED[name]
    more = {entry["pair"]["differ_in"]: entry["pair"]["first"]["value"]} if "pair" in entry else {}
    adapted = adapt(entry, **more)
    for place in (*MUST_BE_KNOWN, "measured.walking_miles", "measured.nearest_school"):
        if place in adapted.changes:
            assert (place in adapted.stated) != (place in adapted.chosen), place
    for place in MUST_BE_KNOWN:
        assert adapted.chosen[place]


def test_every_published_decision_is_run() -> None:
    assert len(PUBLISHED) == 17
    assert all(entry["published_by"] for entry in PUBLISHED.values())
