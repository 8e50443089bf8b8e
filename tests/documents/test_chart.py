"""The chart says what the engine says: whoever follows its questions comes to the engine's outcome."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.case import Case, build_case_model, read_case
from eligibility.chart.as_data import as_data
from eligibility.chart.as_text import as_text
from eligibility.chart.differences import Marks, beside
from eligibility.chart.make import of_pupil, of_two, of_version
from eligibility.chart.picture import every_box
from eligibility.chart.routes import routes
from eligibility.chart.tree import MOST_BESIDE, MOST_ROWS, Gate, Node, charts, tree
from eligibility.chart.walk import Way, walk
from eligibility.errors import Contradiction
from eligibility.in_force import Books
from eligibility.outcome import Answer, answer
from eligibility.phrases import plain
from eligibility.policy_files import load_policies, policies
from tests.case_builder import assessor, case
from tests.documents.third_version import THIRD, write_third_version
from tests.policy_folders import Folders
from tests.pupils import Question, pupils, seeded

HELD = policies()
BOOKS = Books(HELD)
TREES = {version.id: tree(routes(HELD, version)) for version in HELD.versions.values()}


def answered(question: Question, version: str, books: Books = BOOKS, *, without: Sequence[str] = ()) -> Answer | None:
    """What the reference engine says of a pupil, without what is left out; None of one who cannot be."""
    supplied = {key: value for key, value in question.case.items() if key not in without}
    held = books.policies
    model = build_case_model({"ground": tuple(held.rules.grounds), "policy": tuple(held.versions)})
    case: Case = read_case(supplied, model)
    try:
        return answer(case, held.versions[version], books, question.on)
    except Contradiction:
        return None


def way_of(found: Answer, nodes: Sequence[Node]) -> Way:
    """The way of a pupil through a tree."""
    return walk(nodes, found.established.facts, found.found)


@pytest.mark.parametrize("version", HELD.versions)
@given(question=pupils())
@settings(max_examples=150)
def test_whoever_answers_every_question_comes_to_the_outcome_of_the_engine(version: str, question: Question) -> None:
    found = answered(question, version)
    if found is None or found.outcome == "need_information":
        return
    way = way_of(found, TREES[version])
    assert way.outcomes == {found.outcome}
    assert way.ends[found.outcome] is True


@given(question=pupils(), without=st.sets(st.sampled_from(["income", "needs", "route", "measured", "award", "belief"])))
@settings(max_examples=100)
def test_of_what_is_not_known_the_way_forks_and_the_true_end_is_among_those_it_may_come_to(
    question: Question, without: set[str]
) -> None:
    whole = answered(question, "somerset-2018")
    part = answered(question, "somerset-2018", without=sorted(without))
    if whole is None or part is None or whole.outcome == "need_information":
        return
    way = way_of(part, TREES["somerset-2018"])
    assert whole.outcome in way.outcomes
    if part.outcome != "need_information":
        assert part.outcome in way.outcomes


def changed(folders: Folders, what: str) -> None:
    """One change of the policy by files, as an officer would make it."""
    match what:
        case "another reading of who keeps it":
            folders.choose("legitimate_expectation", "1.1")
        case "only the chosen reading":
            folders.replace("policy_versions/somerset-2018.yaml", "    refer_if_different: true\n", "")
        case "the limit of a younger child to the end of the school year":
            folders.choose("walking_limit_changes", "end_of_school_year")
        case "today's catchment":
            folders.choose("catchment_means", "todays_catchment")
        case "readings of which neither is the stricter":
            folders.replace(
                "policy_versions/somerset-2018.yaml",
                "        - test: school_started_on < version_from\n"
                "          otherwise: the child starts at this school after the change\n"
                "        - test: not award_in_error",
                "        - test: not award_in_error",
            )
        case "a third version":
            write_third_version(folders)


@pytest.mark.parametrize(
    "what",
    [
        "another reading of who keeps it",
        "only the chosen reading",
        "the limit of a younger child to the end of the school year",
        "today's catchment",
        "readings of which neither is the stricter",
        "a third version",
    ],
)
def test_the_chart_of_a_changed_policy_says_what_its_engine_says(what: str, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    changed(folders, what)
    held = load_policies(folders.rules, folders.versions)
    books, draw = Books(held), seeded(20180901)
    name = THIRD if what == "a third version" else "somerset-2018"
    nodes = tree(routes(held, held.versions[name]))
    seen: set[str] = set()
    for _ in range(400):
        found = answered(draw(), name, books)
        if found is not None and found.outcome != "need_information":
            seen.add(found.outcome)
            assert way_of(found, nodes).outcomes == {found.outcome}
    assert seen == {"entitled", "refer", "not_entitled"}


def test_a_question_that_the_engine_would_answer_otherwise_is_found_out() -> None:
    """The property above is no empty one: a chart without its first question gives wrong answers."""
    (gate,) = TREES["somerset-2018"]
    assert isinstance(gate, Gate)
    draw, wrong = seeded(7), 0
    for _ in range(300):
        found = answered(draw(), "somerset-2018")
        if found is not None and found.outcome != "need_information":
            wrong += way_of(found, gate.inside).outcomes != {found.outcome}
    assert wrong


@pytest.mark.parametrize("version", HELD.versions)
def test_few_questions_stand_on_a_sheet(version: str) -> None:
    for chart in charts(TREES[version]):
        assert 1 <= len(chart.rows) <= MOST_ROWS
        assert all(len(row.boxes) <= MOST_BESIDE for row in chart.rows)
        assert len(chart.lead) <= 4


@pytest.mark.parametrize("version", HELD.versions)
def test_what_entitles_is_asked_before_what_an_officer_decides(version: str) -> None:
    outcomes = [row.outcome for chart in charts(TREES[version]) for row in chart.rows]
    assert outcomes == sorted(outcomes, key=["entitled", "refer"].index)


def test_a_question_that_several_grounds_ask_is_asked_once_on_the_way_to_them() -> None:
    (resident,) = TREES["somerset-2018"]
    assert isinstance(resident, Gate)
    assert plain(resident.box.asked) == "Does the child ordinarily live in the authority's area?"
    asked = [plain(box.asked) for box in every_box(resident.inside)]
    assert plain(resident.box.asked) not in asked
    assert asked.count("Is the child of compulsory school age on the day, about 5 to 16?") == 1


def test_the_figures_of_a_version_stand_in_its_questions(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.replace("policy_versions/england.yaml", "{value: 3, unit: miles", "{value: 3.5, unit: miles")
    held = load_policies(folders.rules, folders.versions)
    text = as_text(of_version(held, held.versions["somerset-2018"]))
    assert "longer than 3.5 miles, or than 2 miles until the child turns 8?" in " ".join(text.split())


# -- two versions, one pupil


def test_a_version_beside_itself_has_no_marks() -> None:
    newest = HELD.versions["somerset-2018"]
    _, marks = beside(HELD, newest, newest)
    assert marks == Marks({}, {})


def test_what_was_withdrawn_and_what_is_newly_asked_is_marked_in_words() -> None:
    rows, marks = beside(HELD, HELD.versions["somerset-2016"], HELD.versions["somerset-2018"])
    tags = {name: mark.tag for name, mark in marks.rows.items()}
    assert tags["ground:faith"] == tags["ground:other_home"] == "Withdrawn"
    assert {row.named for row in rows} >= {"ground:faith", "ground:other_home", "ground:walking_distance"}
    assert "ground:walking_distance" not in tags
    (new,) = marks.boxes.values()
    assert new.tag == "New"  # a temporary medical need is helped to the nearest or transport area school only


def test_a_figure_that_was_changed_is_told_with_what_it_was(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.replace(
        "policy_versions/somerset-2018.yaml",
        "changes:\n",
        "changes:\n  - parameter: low_income_road_limit\n    value: 5\n    source: an invented paper\n",
    )
    held = load_policies(folders.rules, folders.versions)
    picture = of_two(held, held.versions["somerset-2016"], held.versions["somerset-2018"])
    text = " ".join(as_text(picture).split())
    assert "Is the shortest road route to the school at most 5 miles? [Changed. Under somerset-2016:" in text
    assert "at most 6 miles?" in text
    data = as_data(picture)
    assert '"is": "changed"' in json.dumps(data)


def test_a_pupils_answers_stand_at_the_questions_on_the_way_and_nowhere_else() -> None:
    picture = of_pupil(assessor().matter(case(reference="A-1"), policy="somerset-2018", on=dt.date(2018, 9, 4)))
    assert picture.outcome in {"entitled", "not_entitled", "refer", "need_information"}
    for box in every_box(picture.nodes):
        answered_here = any("Answer: " in said for said in picture.told(box).more)
        assert answered_here == (picture.reached(box) is not False)
