"""Every property holds of the real versions, and each finds the rulebook out that breaks it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from eligibility.assess import Assessor
from eligibility.engines.proof import FALSE, TRUE, Pair
from eligibility.folders import properties_folder
from eligibility.policy import Policies
from eligibility.policy_files import load_policies, policies
from eligibility.proof_text import in_json_types
from eligibility.proving.asked import Asked
from eligibility.proving.property_files import Property, load_properties
from eligibility.proving.settle import BROKEN, NOBODY, NOT_ASKED, Prover, Settled
from tests.conftest import PROJECT
from tests.policy_folders import Folders
from tests.proving import broken_rulebooks
from tests.proving.broken_rulebooks import Broken

REAL = {one.says: one for one in load_properties(properties_folder(), policies())}

# What no rule file can break, because the engine alone is answerable for it: each with a fault put into an engine.
FAULTS: dict[str, Callable[[Asked], None]] = {
    "whoever meets {it} is entitled": lambda asked: asked.main.concluded.update(entitled=Pair(FALSE, TRUE)),
    "whoever meets {it} is entitled or referred": lambda asked: asked.main.concluded.update(refer=Pair(FALSE, TRUE)),
    "where {it} is met as its paragraph words it, it also carries the outcome": (
        lambda asked: asked.main.concluded.update({"unsafe_route:decides": Pair(FALSE, TRUE)})
    ),
    "Every pupil has exactly one outcome": lambda asked: asked.main.concluded.update(entitled=Pair(TRUE, TRUE)),
    "{it} is never certain and ruled out at once, whatever facts are missing": (
        lambda asked: asked.less_known.concluded.update(walking_distance=Pair(TRUE, TRUE))
    ),
    "what is certain of {it} stays so when more is known": (
        lambda asked: asked.less_known.concluded.update(walking_distance=Pair(TRUE, FALSE))
    ),
    "An outcome given on some of the facts stays when all are known": (
        lambda asked: asked.less_known.concluded.update(entitled=Pair(TRUE, FALSE))
    ),
}


@functools.cache
def prover() -> Prover:
    return Prover(policies())


def the_property(says: str, held: Policies) -> Property:
    return next(one for one in load_properties(PROJECT / "properties", held) if one.says == says)


def bad(settled: list[Settled]) -> list[Settled]:
    return [one for one in settled if not one.green]


@pytest.mark.parametrize("says", REAL)
def test_a_property_holds_under_every_version(says: str) -> None:
    settled = [one for version in policies().versions for one in prover().settle(REAL[says], version)]
    assert [(one.version, one.sentence, one.status) for one in settled if not one.green] == []
    assert any(one.status != NOT_ASKED for one in settled)
    if REAL[says].finding:
        assert any(one.status == "finding" for one in settled), "it holds after all; take the mark away"


@pytest.mark.parametrize("broken", broken_rulebooks.BROKEN, ids=str)
def test_a_broken_rulebook_is_found_out_and_assess_shows_it(broken: Broken, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    broken.edit(folders)
    held = load_policies(folders.rules, folders.versions)
    prover = Prover(held, believable=False)
    assessor = Assessor(policies=held, second=None)
    for says in broken.breaks:
        found = bad(prover.settle(the_property(says, held), broken.version))
        assert found, f"nothing was found against “{says}”"
        for one in found:
            assert one.status in (BROKEN, NOBODY)
            assert bool(one.pupils) == (one.status == BROKEN)
            for pupil in one.pupils:
                on = pupil.case["travel_from"]
                for version, outcome in pupil.outcomes:
                    case = in_json_types(pupil.case)
                    decided = assessor.again(case, policy=version, on=on, decided=on, remembered=None)
                    assert decided.outcome == outcome, f"{pupil.who} under {version}"


@pytest.mark.parametrize("says", FAULTS)
def test_a_fault_in_the_engine_is_found_out(says: str) -> None:
    prover = Prover(policies(), believable=False)
    assert bad(prover.settle(REAL[says], "england")) == []
    FAULTS[says](prover.asked("england"))
    assert bad(prover.settle(REAL[says], "england"))


def test_every_property_is_shown_to_find_something() -> None:
    found_out = {says for broken in broken_rulebooks.BROKEN for says in broken.breaks} | set(FAULTS)
    assert found_out == set(REAL)


def test_a_pair_of_versions_is_asked_on_the_same_day() -> None:
    (settled,) = prover().settle(REAL["Whatever statute grants, the version grants"], "somerset-2018")
    assert settled.against == ("england",)


def test_a_property_says_when_there_is_nobody_to_whom_it_applies() -> None:
    (settled,) = prover().settle(
        REAL["Until 31 March 2018 Universal Credit counts whatever is earned"], "somerset-2018"
    )
    assert settled.empty
    assert settled.green


def test_readings_that_no_rule_reads_are_said_to_be_such() -> None:
    settled = prover().settle(REAL["somebody's outcome or notice hangs on {it}"], "somerset-2018")
    asked = {one.item.partition(" read as ")[0] for one in settled if one.status == "found"}
    rest = {one.item.partition(" read as ")[0] for one in settled if one.status == NOT_ASKED}
    assert asked == {
        "walking_limit_changes", "nearer_schools_counted", "faith_terms", "legitimate_expectation", "notice_nearest",
        "protection_scope", "catchment_means",
    }  # fmt: skip
    assert rest == {
        "governing_date", "nearest_measured_by", "unnamed_school_had_a_place", "measure_from",
        "school_entrance", "late_notice",
    }  # fmt: skip
    assert asked | rest == set(policies().versions["somerset-2018"].readings)
