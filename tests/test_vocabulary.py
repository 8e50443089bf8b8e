"""Every fact is declared once, and the case, its schema and its columns are made from that declaration."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from eligibility.columns import CaseColumns
from eligibility.derived import DERIVERS
from eligibility.errors import InputError
from eligibility.facts import UNITS, Fact, vocabulary
from eligibility.language.expressions import names
from eligibility.reading import RawCase, read_cases
from tests.case_builder import ABSENT, ELSEWHERE, FAITH, FURTHER_SCHOOL, HERE, assessor, award, case
from tests.policy.test_parents_apart import OTHER_HOME

FACTS = vocabulary().facts
by_name = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name or fact.case)


@by_name
def test_every_fact_has_a_type_a_unit_a_question_and_a_source(fact: Fact) -> None:
    assert fact.unit == UNITS[fact.type]
    assert fact.question.strip()
    assert fact.question.count("?") >= 1
    assert len(fact.source) > 3


@by_name
def test_every_fact_is_supplied_by_somebody_or_follows_from_others(fact: Fact) -> None:
    if fact.case:
        assert fact.supplied_by != "derived"
        assert not fact.by
    else:
        assert fact.by in DERIVERS


@by_name
def test_no_fact_is_a_number_with_a_point(fact: Fact) -> None:
    assert "float" not in fact.type
    for bound in (fact.min, fact.max):
        assert bound is None or isinstance(bound, int)


@by_name
def test_a_word_comes_from_a_closed_list(fact: Fact) -> None:
    assert bool(fact.words) is (fact.type == "word") or fact.by


def test_every_name_and_every_place_stands_once() -> None:
    rule_names = Counter(fact.name for fact in FACTS if fact.name)
    places = Counter(place for fact in FACTS for place in (fact.case, fact.other_home) if place)
    assert [name for name, count in (rule_names + places).items() if count > 2] == []
    assert [name for name, count in rule_names.items() if count > 1] == []
    assert [place for place, count in places.items() if count > 1] == []


def test_every_constraint_between_facts_speaks_of_known_facts() -> None:
    kinds = vocabulary().kinds()
    assert len(vocabulary().constraints) >= 5
    for constraint in vocabulary().constraints:
        assert constraint.otherwise
        assert set(names(constraint.test)) <= set(kinds)


# -- the case model


def properties(schema: dict[str, Any], node: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Every dotted place of the case model's JSON Schema, with its description."""
    found: dict[str, Any] = {}
    for key, item in node.get("properties", {}).items():
        found[prefix + key] = item
        for option in [item, *item.get("anyOf", [])]:
            if "$ref" in option:
                inner = schema["$defs"][option["$ref"].rsplit("/", 1)[-1]]
                found |= properties(schema, inner, f"{prefix}{key}.")
    return found


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = assessor().model.model_json_schema()
    return properties(found, found)


_CONTRACT = """
reference date_of_birth year_group sex resident applied_on travel_from home.postcode home.uprn home.easting
home.northing home.moved_on other_home.postcode other_home.uprn other_home.easting other_home.northing
other_home.moved_on other_home.can_walk other_home.route.unsafe other_home.route.assessed_on other_home.route.safe_from
school.urn school.started_on school.former_urns
admission.round admission.on_time admission.preferences admission.placed_because_late places
belief.religion belief.is_reason_for_school
income.free_school_meals income.free_school_meals_protected income.maximum_working_tax_credit income.universal_credit
income.net_earnings_pence income.evidence_seen_on
needs.special_needs needs.disability needs.mobility_problem needs.can_walk
needs.ehc_plan.named_urns needs.ehc_plan.is_parental_preference
medical.from medical.until route.unsafe route.assessed_on route.safe_from exceptional
award.ground award.policy award.urn award.granted_on award.ends_on award.in_error award.paid_seat
service.waiting_minutes.before_school service.waiting_minutes.after_school
service.risk_assessment.done_on service.risk_assessment.assistant_needed service.incidents
measured.walking_miles measured.walking_mm measured.road_miles measured.road_mm measured.nearest_school
measured.nearest_ignoring_places measured.transport_area_school measured.nearer_suitable_schools
measured.nearest_school_of_belief
measured_other_home.walking_miles measured_other_home.walking_mm measured_other_home.road_miles
measured_other_home.road_mm measured_other_home.nearest_school measured_other_home.nearest_ignoring_places
measured_other_home.transport_area_school measured_other_home.nearer_suitable_schools
measured_other_home.nearest_school_of_belief
"""
CONTRACT = _CONTRACT.split()


@pytest.mark.parametrize("place", CONTRACT)
def test_every_place_of_the_contract_is_in_the_schema_and_among_the_columns(place: str, schema: dict[str, Any]) -> None:
    assert place in schema
    assert CaseColumns().kind(place) is not None


def test_every_declared_place_is_in_the_schema_with_its_question(schema: dict[str, Any]) -> None:
    for fact in FACTS:
        for place in filter(None, (fact.case, fact.other_home)):
            assert fact.question in json.dumps(schema[place], ensure_ascii=False), place


def test_the_schema_has_no_place_that_is_not_declared(schema: dict[str, Any]) -> None:
    declared = {place for fact in FACTS for place in (fact.case, fact.other_home) if place}
    miles = {f"{place.rsplit('.', 1)[0]}.{fact.also_miles}" for fact in FACTS if fact.also_miles
             for place in (fact.case, fact.other_home)}  # fmt: skip
    sections = {place.rsplit(".", depth)[0] for place in declared for depth in (1, 2) if place.count(".") >= depth}
    assert set(schema) <= declared | miles | sections


def test_a_case_that_gives_every_key_of_the_contract_never_needs_information() -> None:
    for changes in ({}, FAITH, FURTHER_SCHOOL, OTHER_HOME, {"award": award("faith")}):
        for day in ("2016-10-03", "2018-08-31", "2018-09-04", "2019-10-01"):
            for policy in (None, "england", "somerset-2016", "somerset-2018"):
                started = {"school.started_on": "2016-09-05"}
                on = dt.date.fromisoformat(day)
                decision = assessor().assess(case(**changes | started), policy=policy, on=on)
                assert decision.outcome != "need_information"
                assert [g.id for g in decision.grounds if g.result == "not_known"] == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"measured.walkng_mm": 5}, "measured.walkng_mm is not known; did you mean walking_mm?"),
        ({"date_of_brith": "2007-05-14"}, "date_of_brith is not known; did you mean date_of_birth?"),
        ({"reference": ABSENT}, "reference is missing"),
        ({"school.urn": ABSENT}, "school.urn is missing"),
        ({"measured.walking_mm": -1}, "measured.walking_mm: expected at least 0"),
        ({"measured.walking_mm": True}, "measured.walking_mm: expected a whole number"),
        ({"measured.walking_mm": 4828032.5}, "measured.walking_mm: expected a whole number"),
        ({"measured.nearest_school": "yes"}, "measured.nearest_school: expected true or false"),
        ({"measured.nearest_school": 1}, "measured.nearest_school: expected true or false"),
        ({"date_of_birth": "14/05/2007"}, "date_of_birth: expected a date such as"),
        ({"date_of_birth": None}, "date_of_birth: "),
        ({"exceptional": "illness"}, "exceptional: expected one of"),
        ({"measured.nearer_suitable_schools": 2}, "measured.nearest_school is true, yet"),
        ({"measured.nearest_school": False}, "measured.nearest_ignoring_places is true, yet"),
        ({"measured.walking_miles": "1.5"}, "two different distances"),
        ({"medical": {"from": "2018-11-12", "until": "2018-10-01"}}, "medical.until is before medical.from"),
        ({"date_of_birth": "2019-01-01"}, "before date_of_birth"),
        ({"home": {}}, "home has no postcode"),
    ],
)
def test_a_mistake_in_a_case_is_one_sentence_that_names_its_place(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as found:
        assessor().assess(case(**changes))
    assert says in found.value.message
    assert "2007" not in found.value.message.replace(says, "")


# -- CSV and YAML


def cell(value: Any) -> str:
    """A value as it stands in a CSV."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(f"{i['on']}=serious" if i["serious"] else i["on"] for i in value) if value and isinstance(
            value[0], dict) else ";".join(map(str, value))  # fmt: skip
    return str(value)


def flat(data: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """A case as columns with dotted names; an empty list has no cell of its own and is written as none."""
    row: dict[str, str] = {}
    for key, value in data.items():
        place = f"{prefix}{key}"
        if place == "places":
            row[place] = ";".join(f"{urn}={'yes' if had else 'no'}" for urn, had in value.items()) or "none"
        elif isinstance(value, dict):
            row |= flat(value, f"{place}.")
        else:
            row[place] = "none" if value == [] else cell(value)
    return row


ROWS: dict[str, dict[str, Any]] = {
    "whole": {},
    "much unknown": {"income": ABSENT, "needs": ABSENT, "award": ABSENT, "service": ABSENT, "belief": ABSENT},
    "faith pupil": FAITH | {"award": award("faith"), "school.started_on": "2016-09-05"},
    "other home": OTHER_HOME,
    "lists": {
        "places": {ELSEWHERE: True, 123456: False},
        "admission.preferences": [HERE, ELSEWHERE],
        "school.former_urns": [123456, 123457],
        "needs.ehc_plan": {"named_urns": [HERE, ELSEWHERE], "is_parental_preference": False},
        "service.incidents": [{"on": "2018-10-02", "serious": False}, {"on": "2018-10-03", "serious": True}],
    },
    "miles": {"measured.walking_mm": ABSENT, "measured.walking_miles": "3.412"},
    "medical": {"medical": {"from": "2018-10-01", "until": None}, "exceptional": "critical_stage"},
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_csv_and_a_yaml_file_of_the_same_case_give_the_same_decision(name: str, tmp_path: Path) -> None:
    data = case(**ROWS[name])
    written = tmp_path / "case.yaml"
    written.write_text(yaml.safe_dump(data), encoding="utf-8")
    row = flat(data)
    table = tmp_path / "cases.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(row))
        writer.writeheader()
        writer.writerow(row)
    decisions = []
    for path in (written, table):
        (read,) = read_cases([path], columns=CaseColumns())
        assert isinstance(read, RawCase), read
        decisions.append(assessor().assess(read.data, policy="somerset-2016", on=dt.date(2018, 10, 1)).as_dict())
    for decision in decisions:
        decision["provenance"]["case"] = {}
    assert decisions[0] == decisions[1]
