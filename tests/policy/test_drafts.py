"""`policy new`: a draft is a file that changes a parameter or drops a ground, with no code."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from eligibility.assess import Assessor
from eligibility.commands import main
from eligibility.errors import PolicyError, UsageError
from eligibility.folders import drafts_folder
from eligibility.new_draft import draft_text, write_draft
from eligibility.policy import Policies
from eligibility.policy_check import check
from eligibility.policy_files import load_policies, policies
from tests.case_builder import award, case
from tests.policy.test_parents_apart import FROM_THERE, OTHER_HOME
from tests.policy_folders import Folders


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def _with(folders: Folders, text: str) -> Policies:
    write_draft(folders.versions / "drafts", "draft", text)
    return load_policies(folders.rules, folders.versions)


def test_a_draft_that_drops_a_ground_and_changes_a_figure_has_nothing_wrong(folders: Folders) -> None:
    base = policies().version("somerset-2016")
    text = draft_text(policies(), "draft", base, withdraw=["faith"], change={"waiting_guideline": "20"})
    held = _with(folders, text)
    draft = held.version("draft")
    assert "faith" not in draft.grounds
    assert draft.parameters["waiting_guideline"].on(draft.starts) == 20
    assert [str(finding) for finding in check(held)] == []


def test_a_draft_starts_the_day_after_the_version_it_changes_ends_or_in_its_place(folders: Folders) -> None:
    held = _with(folders, draft_text(policies(), "draft", policies().version("somerset-2016"), withdraw=["faith"]))
    assert held.version("draft").starts == dt.date(2018, 9, 1)
    text = draft_text(policies(), "other", policies().version("somerset-2018"), change={"waiting_guideline": "20"})
    write_draft(folders.versions / "drafts", "other", text)
    assert load_policies(folders.rules, folders.versions).version("other").starts == dt.date(2018, 9, 1)


def test_what_a_draft_drops_is_kept_as_the_latest_change_says(folders: Folders) -> None:
    held = _with(folders, draft_text(policies(), "draft", policies().version("somerset-2016"), withdraw=["faith"]))
    transition, latest = held.version("draft").transition, held.version("somerset-2018").transition
    assert transition is not None
    assert latest is not None
    assert list(transition.protects) == ["faith", "other_home"]
    assert transition.readings.keys() == latest.readings.keys()


def test_who_had_travel_from_the_other_home_on_a_ground_that_a_draft_drops_keeps_it(folders: Folders) -> None:
    base = policies().version("somerset-2016")
    text = draft_text(policies(), "draft", base, withdraw=["faith"])
    held_award = {"award": award("other_home"), "school.started_on": "2017-09-04"}
    child = case(**OTHER_HOME | FROM_THERE["faith"] | held_award)
    held = Assessor(_with(folders, text), second=None)
    for policy in ("somerset-2016", "draft"):
        assert held.matter(child, policy=policy, on=dt.date(2018, 10, 1)).now.outcome == "entitled"


def test_a_draft_that_names_not_who_keeps_what_hangs_on_a_ground_dropped_is_found_wrong(folders: Folders) -> None:
    text = draft_text(policies(), "draft", policies().version("somerset-2016"), withdraw=["faith"])
    lines = yaml.safe_load(text)
    lines["transition"]["protects"] = [each for each in lines["transition"]["protects"] if each["ground"] == "faith"]
    found = [str(finding) for finding in check(_with(folders, yaml.safe_dump(lines)))]
    assert len(found) == 1
    assert "other_home hangs on faith, which is withdrawn" in found[0]


def test_a_fresh_draft_changes_nothing_and_is_found_wrong(folders: Folders) -> None:
    held = _with(folders, draft_text(policies(), "draft", policies().version("somerset-2018")))
    assert any("changes nothing against somerset-2018" in str(finding) for finding in check(held))


@pytest.mark.parametrize(
    ("name", "base", "withdraw", "change", "said"),
    [
        ("draft", "england", [], {}, "a draft changes the version of a council"),
        ("Draft 1", "somerset-2018", [], {}, "cannot be the id of a version"),
        ("somerset-2016", "somerset-2018", [], {}, "there is a version somerset-2016 already"),
        ("draft", "somerset-2018", ["faith"], {}, "somerset-2018 has no ground faith"),
        ("draft", "somerset-2018", ["catchment"], {}, "expected one of transport_area (Designated transport area"),
        ("draft", "somerset-2018", ["walking_distance"], {}, "a ground of statute, which no council can withdraw"),
        ("draft", "somerset-2018", [], {"waiting_guidline": "1"}, "did you mean waiting_guideline?"),
        ("draft", "somerset-2018", [], {"waiting_guideline": "[1"}, "the value of waiting_guideline cannot be read"),
    ],
)
def test_what_cannot_be_a_draft_is_said_in_a_sentence(
    name: str, base: str, withdraw: list[str], change: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        draft_text(policies(), name, policies().version(base), withdraw=withdraw, change=change)
    assert said in refused.value.message


def test_a_draft_says_where_its_changes_are_decided_and_which_grounds_may_be_withdrawn() -> None:
    base, paper = policies().version("somerset-2018"), "an invented paper, section 1"
    text = draft_text(policies(), "draft", base, withdraw=["transport_area"], source=paper, title="The nearest alone")
    assert text.count(f"source: {paper}") == 2
    assert "title: The nearest alone" in text
    assert "#   transport_area: Designated transport area school" in text
    assert "#   walking_distance" not in text


def test_a_draft_of_an_installed_package_lies_in_the_folder_one_works_in(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("eligibility.folders._PACKAGE", folders.versions.parent)
    monkeypatch.chdir(tmp_path)
    words = ["policy", "new", "draft", "--from", "somerset-2018", "--withdraw", "exceptional"]
    done = CliRunner().invoke(main, words, standalone_mode=False)
    assert done.stdout == "policy_drafts/draft.yaml\n"
    assert not (folders.versions / "drafts" / "draft.yaml").exists()
    assert load_policies(folders.rules, folders.versions, drafts_folder()).version("draft").draft


@pytest.mark.parametrize("said", ["Free\u202e travel", "a paper\x07", "a\nb"])
def test_a_draft_is_not_called_by_characters_that_cannot_be_seen(said: str) -> None:
    base = policies().version("somerset-2018")
    for title, source in ((said, ""), ("", said)):
        with pytest.raises(UsageError, match="cannot be seen"):
            draft_text(policies(), "draft", base, withdraw=["transport_area"], title=title, source=source)


def test_a_draft_cannot_begin_before_what_it_changes() -> None:
    base = policies().version("somerset-2018")
    with pytest.raises(UsageError, match="somerset-2018 begins on 1 September 2018"):
        draft_text(policies(), "draft", base, withdraw=["exceptional"], starts=dt.date(2000, 1, 1))


def test_a_draft_that_could_not_be_read_is_not_made(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eligibility.folders._PACKAGE", folders.versions.parent / "eligibility")
    words = ["policy", "new", "draft", "--from", "somerset-2018", "--set", "waiting_guideline=twenty"]
    done = CliRunner().invoke(main, words, standalone_mode=False)
    assert isinstance(done.exception, UsageError)
    assert "expected a whole number" in done.exception.message
    assert not (folders.versions / "drafts" / "draft.yaml").exists()


def test_a_mistake_in_a_draft_stops_no_decision_and_is_told_to_who_asks_for_a_draft(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.write("policy_versions/drafts/broken.yaml", "version: broken\n")
    monkeypatch.setattr("eligibility.folders._PACKAGE", folders.versions.parent / "eligibility")
    held = policies.__wrapped__()
    assert held.for_day(dt.date(2018, 9, 4)).id == "somerset-2018"
    with pytest.raises(PolicyError, match=r"drafts/broken\.yaml"):
        held.version("broken")


def test_a_draft_is_never_written_over(folders: Folders) -> None:
    write_draft(folders.versions / "drafts", "draft", "first")
    with pytest.raises(UsageError, match="there is a file"):
        write_draft(folders.versions / "drafts", "draft", "second")


def test_the_command_writes_the_draft_among_the_policy_versions(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eligibility.folders._PACKAGE", folders.versions.parent / "eligibility")
    words = ["policy", "new", "draft", "--from", "somerset-2016", "--withdraw", "faith", "--starts", "2018-09-01"]
    done = CliRunner().invoke(main, words, standalone_mode=False)
    assert done.exception is None
    assert (folders.versions / "drafts" / "draft.yaml").exists()
