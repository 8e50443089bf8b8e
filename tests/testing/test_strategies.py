"""What the kit draws is such as the rest of edtravel reads: pupils, drafts, populations and places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eligibility import testing
from eligibility.errors import UsageError
from eligibility.geography import Home
from eligibility.in_force import Books
from eligibility.modelling.population_file import Checks, check_population
from eligibility.policy import Policies, Version
from eligibility.policy_files import load_policies, policies, with_draft
from eligibility.testing.drawn_pupils import Question
from eligibility.testing.edges import edges_of
from eligibility.testing.strategies import drawn
from tests.case_builder import THREE_MILES, assessor
from tests.conftest import PROJECT
from tests.policy_folders import Folders

few = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
VERSIONS = sorted(policies().versions)


@few
@given(data=st.data(), version=st.sampled_from(VERSIONS), near=st.booleans(), missing=st.booleans())
def test_every_pupil_is_a_case_that_can_be_decided(
    data: st.DataObject, version: str, *, near: bool, missing: bool
) -> None:
    case = data.draw(testing.pupils(version, near_boundaries=near, missing=missing))
    matter = assessor().matter(case, policy=version)
    if not missing:
        assert matter.now.outcome != "need_information"


@pytest.mark.parametrize("version", VERSIONS)
def test_pupils_are_drawn_beside_the_limits_ages_and_days_of_their_version(version: str) -> None:
    edges = edges_of(policies(), policies().version(version))
    assert {THREE_MILES - 1, THREE_MILES, THREE_MILES + 1} <= set(edges.lengths)
    assert {739_999, 740_000, 740_001} <= set(edges.pence)
    assert {5, 8, 11, 16} <= set(edges.ages)
    assert set(edges.withdrawn) == (
        {"faith", "other_home", "temporary_medical"} if version == "somerset-2018" else set()
    )


def test_a_limit_that_a_version_changes_is_drawn_beside(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.replace("policy_versions/england.yaml", "{value: 3, unit: miles", "{value: 4, unit: miles")
    held = load_policies(folders.rules, folders.versions)
    assert 4 * 1_609_344 + 1 in edges_of(held, held.version("england")).lengths


@few
@given(question=drawn(edges_of(policies(), policies().version("somerset-2018"))))
def test_a_pupil_is_drawn_with_the_day_it_is_about(question: Question) -> None:
    assert question.case["travel_from"] == question.on


@few
@given(made=testing.policies())
def test_every_draft_is_read_by_the_loader_and_changes_something(made: tuple[Policies, Version]) -> None:
    held, draft = made
    assert draft.draft
    assert draft.changes or draft.own
    base = held.version(draft.replaces)
    withdrawn = {change.about for change in draft.changes if change.kind == "withdraw"}
    assert set(draft.grounds) == set(base.grounds) - withdrawn
    Books(held).of(draft)


def test_a_draft_read_beside_the_versions_is_the_one_read_from_its_file(tmp_path: Path) -> None:
    from eligibility.new_draft import draft_text

    folders = Folders(tmp_path)
    text = draft_text(
        policies(), "drawn", policies().version("somerset-2018"), choose={"late_notice": "ends_assistance"}
    )
    folders.write("policy_versions/drafts/drawn.yaml", text)
    beside = with_draft(policies(), text, "drawn.yaml").version("drawn")
    in_file = folders.assessor().policies.version("drawn")
    assert beside.readings["late_notice"].chosen == "ends_assistance"
    assert (beside.grounds, beside.readings, beside.parameters) == (
        in_file.grounds,
        in_file.readings,
        in_file.parameters,
    )
    with pytest.raises(UsageError, match="did you mean late_notice"):
        draft_text(policies(), "x", policies().version("somerset-2018"), choose={"late_notise": "ends_assistance"})


@settings(few, max_examples=2)
@given(population=testing.populations(max_size=6, missing=True), suffix=st.sampled_from([".csv", ".parquet"]))
def test_every_population_is_read_with_no_row_set_aside(tmp_path: Path, population: pl.DataFrame, suffix: str) -> None:
    from eligibility.modelling.population_writing import write_population

    source = tmp_path / f"pupils{suffix}"
    write_population(population, {}, source)
    held = policies()
    aside: list[Any] = []
    checks = Checks(Books(held), [held.version("somerset-2018")])
    found = check_population(source, tmp_path / "checked.parquet", checks, set_aside=aside.append)
    assert [each.reason for each in aside] == []
    assert found.count == population.height


@settings(few, max_examples=1)
@given(places=testing.networks())
def test_an_area_is_built_of_every_network_and_its_schools_are_measured_in_it(
    tmp_path_factory: pytest.TempPathFactory, places: Any
) -> None:
    area = places.build(tmp_path_factory.mktemp("area"))
    assert {str(school["urn"]) for school in places.schools} == set(area.schools)
    for code in places.postcodes:
        found = area.measure(Home(postcode=code["postcode"]), None)
        assert {each.school.urn for each in found.schools} == set(area.schools)


def test_the_rest_of_the_kit_needs_no_hypothesis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "eligibility.testing.strategies", None)
    monkeypatch.delattr(testing, "strategies", raising=False)
    assert testing.whole_pupil()["date_of_birth"] == "2007-05-14"


def test_nothing_but_the_strategies_imports_hypothesis() -> None:
    found = {
        path.name
        for path in (PROJECT / "eligibility").rglob("*.py")
        if "import hypothesis" in (text := path.read_text(encoding="utf-8")) or "from hypothesis" in text
    }
    assert found == {"strategies.py"}
