"""A policy officer adds a property as one line, and every mistake in it is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.errors import PolicyError
from eligibility.policy_files import policies
from eligibility.proving.property_files import find_property_mistakes, load_properties
from eligibility.proving.settle import Prover, Settled


def written(folder: Path, *lines: str) -> Path:
    """A folder `properties` with one file of these properties."""
    path = folder / "properties"
    path.mkdir()
    (path / "own.yaml").write_text("properties:\n" + "".join(f"  - {line}\n" for line in lines), encoding="utf-8")
    return path


def settled(folder: Path, line: str, version: str = "somerset-2018") -> Settled:
    (one,) = load_properties(written(folder, line), policies())
    (found,) = Prover(policies()).settle(one, version)
    return found


def test_one_line_that_is_true_is_proved(tmp_path: Path) -> None:
    line = "{property: No faith ground since 2018, always: not faith, source: the paper}"
    assert settled(tmp_path, line).status == "proved"


def test_one_line_that_is_false_gives_a_pupil(tmp_path: Path) -> None:
    found = settled(tmp_path, "{property: A mile is enough, always: entitled or walking_mm < 1609344, source: a wish}")
    assert found.status == "broken"
    (pupil,) = found.pupils
    assert pupil.case["measured"]["walking_mm"] >= 1609344
    assert dict(pupil.outcomes)["somerset-2018"] != "entitled"
    assert "years old on" in pupil.told[0]


def test_one_line_can_ask_for_a_pupil(tmp_path: Path) -> None:
    line = "{property: Belief still carries some, possible: low_income_belief and entitled, source: para 12}"
    assert settled(tmp_path, line).status == "found"


def test_a_term_that_reads_a_figure_that_a_version_does_not_hold_is_not_asked_of_it(tmp_path: Path) -> None:
    found = settled(tmp_path, "{property: At school age, possible: of_school_age, source: section 3.1}", "england")
    assert found.status == "not_asked"
    assert found.why == "england has no school_age_ends_on, which of_school_age reads"


def test_a_figure_that_a_version_does_not_hold_is_not_asked_of_it(tmp_path: Path) -> None:
    found = settled(tmp_path, "{property: Fifteen minutes, always: waiting_guideline <= 15, source: 2.2}", "england")
    assert found.status == "not_asked"
    assert found.why == "england has no waiting_guideline"


@pytest.mark.parametrize(
    ("line", "place", "says"),
    [
        ("{property: P, always: walkng_mm > 3, source: s}", "2:27", "walkng_mm is not a known name; did you mean"),
        ("{property: P, always: entitld_before, source: s}", "2:27", "did you mean entitled_before?"),
        ("{property: P, always: walking_mm, source: s}", "2:27", "not true or false; compare it"),
        ("{property: P, always: faith}", "2:5", "source is missing here"),
        ("{property: P, never: years(date_of_birth, on) < 4, source: s}", "2:47", "value that holds a comma"),
        ('{property: P, never: award_ground in {"faith", "x"}, source: s}', "2:42", "value that holds a comma"),
        ("{property: P, always: faith, source: s, evry: x}", "2:51", "evry is not known here"),
        ("{property: P, source: s}", "2:5", "says exactly one of always, never and possible"),
        ("{property: P, always: faith, never: faith, source: s}", "2:5", "says exactly one of always"),
        ("{property: P, always: faith, source: s, versions: [somerset-2017]}", "2:56", "there is no policy version"),
        ("{property: P, always: this_ground, source: s}", "2:27", "this_ground is not a known name"),
        ("{property: P, always: this_ground, for_each: grund, source: s}", "2:50", "did you mean ground?"),
        ("{property: P, always: this_ground, for_each: ground, source: s}", "2:16", "{it} stands in the sentence"),
        ("{property: P, always: entitled_of_twin, source: s}", "2:5", "twin_differs_in belong together"),
        ("{property: P, always: entitled, twin_differs_in: [walking], source: s}", "2:55", "walking is no fact"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_and_column(tmp_path: Path, line: str, place: str, says: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_properties(written(tmp_path, line), policies())
    assert error.value.message.startswith(f"properties/own.yaml:{place}: ")
    assert says in error.value.message


def test_every_mistake_is_found_at_once(tmp_path: Path) -> None:
    folder = written(tmp_path, "{property: P, always: fath, source: s}", "{property: P, always: faith}")
    assert len(find_property_mistakes(folder, policies())) == 2


def test_a_sentence_stands_once(tmp_path: Path) -> None:
    line = "{property: P, always: faith, source: s}"
    (mistake,) = find_property_mistakes(written(tmp_path, line, line), policies())
    assert "stands already in properties/own.yaml:2:5" in mistake.message
