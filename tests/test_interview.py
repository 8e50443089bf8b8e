"""An interview asks only what can still change the answer, and ends in the decision that `assess` gives."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eligibility import sample_county
from eligibility.assess import Assessor
from eligibility.case import Case, read_case
from eligibility.commands import main
from eligibility.commands.ask import next_line
from eligibility.errors import InputError, UsageError
from eligibility.facts import ANYONE_ELSE, vocabulary
from eligibility.geography import Area
from eligibility.interview import Interview, Question
from eligibility.still_wanted import cost
from tests.case_builder import FAITH, LOW_INCOME, THREE_MILES, award, case
from tests.test_sample_pupils import raw_cases

PUPILS = {str(raw.data["reference"]): raw.data for raw in raw_cases()}


@functools.cache
def county() -> Assessor:
    """The sample county with one engine, since the interview asks only the first."""
    return Assessor(area=Area.open(sample_county.path()), second=None)


@functools.cache
def nowhere() -> Assessor:
    """No area: figures are asked for."""
    return Assessor(second=None)


def typed(known: Case, place: str) -> str:
    """What an officer who knows this case would type when asked for a place; "" where the case does not say."""
    if place.endswith("_miles"):
        place = place.replace("_miles", "_mm")
        held = known.get(place)
        return "" if held is None else f"{held / 1_609_344:.9f}"
    value = known.get(place)
    if place.startswith("places."):
        value = (known.get("places") or {}).get(place.removeprefix("places."))
    elif place in vocabulary().sections:
        if known.lies_in_none(place) or (place in known.known and value is None):
            return "no"
        return "yes" if any(each.startswith(f"{place}.") for each in known.known) else ""
    elif known.lies_in_none(place) or (place in known.known and value is None):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value) or "none"
    return "" if value is None else str(value)


def interviewed(
    assessor: Assessor,
    data: dict[str, Any],
    look: Callable[[Interview, Question], None] = lambda *_: None,
    without: tuple[str, ...] = (),
) -> tuple[Interview, list[str]]:
    """The interview of somebody who knows the case but for `without`, and the places asked for, in order."""
    known = read_case(data, assessor.model)
    interview, asked = Interview(assessor), list[str]()
    while (question := interview.question) is not None:
        look(interview, question)
        asked.append(question.place)
        text = "" if question.place in without else typed(known, question.place)
        interview = interview.answer(text)
    return interview, asked


@pytest.mark.parametrize("name", PUPILS)
def test_who_knows_a_case_ends_in_its_outcome_and_is_never_asked_twice(name: str) -> None:
    counts: list[int] = []

    def count(_: Interview, question: Question) -> None:
        if question.at_most is not None and not question.or_other_home:
            counts.append(question.at_most)

    interview, asked = interviewed(county(), PUPILS[name], count)
    assert interview.matter.now.outcome == county().matter(PUPILS[name]).now.outcome
    assert len(asked) == len(set(asked))
    assert counts == sorted(set(counts), reverse=True), "the number left is kept"


@pytest.mark.parametrize(
    "changes",
    [
        {"measured.walking_mm": THREE_MILES + 1},
        {**LOW_INCOME, "measured.walking_mm": THREE_MILES - 1},
        {**FAITH, "award": award("faith"), "school.started_on": "2016-09-05"},
        {"medical": {"from": "2018-09-01", "until": "2018-10-01"}},
        {"needs.ehc_plan": {"named_urns": [109329], "is_parental_preference": False}},
        {"resident": False},
    ],
    ids=["beyond three miles", "low income", "an award of faith", "a condition", "a plan", "not resident"],
)
def test_without_an_area_figures_are_asked_for_and_the_outcome_is_the_same(changes: dict[str, Any]) -> None:
    data = case(**changes)
    interview, _ = interviewed(nowhere(), data)
    assert interview.matter.now.outcome == nowhere().matter(data).now.outcome


@pytest.mark.parametrize("name", ["S-04", "S-13", "S-15", "S-20", "S-27"])
def test_no_question_is_asked_all_of_whose_answers_give_the_same_outcome(name: str) -> None:
    def look(interview: Interview, question: Question) -> None:
        if question.kind == "boolean" and question.facts:
            outcomes = {interview.answer(text).matter.now.outcome for text in ("yes", "no")}
            assert len(outcomes) == 2 or outcomes == {"need_information"}, question.place

    interviewed(county(), PUPILS[name], look)


def test_what_can_still_change_the_outcome_is_asked_the_cheapest_first() -> None:
    def look(interview: Interview, question: Question) -> None:
        missing = interview.matter.now.missing if interview.can_be_decided else None
        if missing and question.facts:
            places = [place for name in missing.facts for place in interview.matter.now.established.ask(name)]
            assert cost(question.place) == min(cost(place) for place in places if place not in interview.said)

    interviewed(county(), PUPILS["S-05"], look)


def test_of_a_child_beyond_walking_distance_only_what_every_case_needs_and_what_is_unusual_is_asked() -> None:
    _, asked = interviewed(county(), PUPILS["S-01"])
    needed = ["reference", "date_of_birth", "school.urn", "home.postcode", "travel_from"]
    assert asked == [*needed, "school.independent", "school.boarding"]


def test_what_nobody_knows_is_left_not_known_and_what_could_settle_it_all_the_same_is_asked() -> None:
    """A route that the council treats as safe by then is no ground, whatever was found of it before."""
    interview, asked = interviewed(county(), PUPILS["S-02"], without=("route.unsafe",))
    assert "route.unsafe" in asked
    assert interview.matter.now.outcome == "need_information"
    assert interview.case["route"] == {"safe_from": None}
    assert asked.index("route.safe_from") > asked.index("route.unsafe")


def test_another_answer_can_settle_what_one_that_nobody_knows_left_open() -> None:
    """Without the condition, a child who cannot walk is entitled all the same."""
    interview, asked = interviewed(county(), PUPILS["S-03"], without=("medical", "exceptional", "award"))
    assert interview.matter.now.outcome == "entitled"
    assert "needs.disability" in asked


def test_an_award_of_which_nothing_is_known_stays_not_known() -> None:
    parts = tuple(place for place in vocabulary().by_case if place.startswith("award."))
    data = case(award=award("faith"), **FAITH)
    interview, asked = interviewed(nowhere(), data, without=parts)
    assert "award" in asked
    assert "award" not in interview.case


def test_going_back_undoes_the_last_answer() -> None:
    first = Interview(nowhere())
    second = first.answer("A-1")
    assert second.back().question == first.question
    with pytest.raises(InputError, match="nothing to go back to"):
        first.back()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2007-02-30", "date_of_birth: a day that is in the calendar was expected"),
        ("", "date_of_birth is missing; it is required"),
    ],
)
def test_a_mistake_is_told_as_of_a_case_and_asked_again(text: str, sentence: str) -> None:
    interview = Interview(nowhere()).answer("A-1")
    with pytest.raises(InputError) as told:
        interview.answer(text)
    assert told.value.message == sentence


def test_a_home_can_be_given_by_any_of_its_three_ways_and_has_to_be_by_one() -> None:
    interview = Interview(nowhere())
    for text in ("A-1", "2007-05-14", "109329", "", ""):
        interview = interview.answer(text)
    with pytest.raises(InputError, match="home has no postcode"):
        interview.answer("")
    with pytest.raises(InputError, match=r"home\.easting: expected at most"):
        interview.answer("700001")
    interview = interview.answer("350000").answer("130000").answer("2018-09-04")
    assert interview.case["home"] == {"easting": 350000, "northing": 130000}


def test_a_school_that_the_area_does_not_have_is_refused_when_it_is_given() -> None:
    interview = Interview(county()).answer("A-1").answer("2007-05-14")
    with pytest.raises(InputError, match="not in the area"):
        interview.answer("109329")


def test_a_word_of_a_list_can_be_given_by_its_number() -> None:
    interview = Interview(nowhere())
    for text in ("A-1", "2007-05-14", "109329", "BA2 0AA", "2018-09-04"):
        interview = interview.answer(text)
    while (question := interview.question) is not None and question.place != "exceptional":
        interview = interview.answer("")
    assert question is not None
    assert interview.answer("1").case["exceptional"] == "critical_stage"
    assert interview.answer("Critical stage").case["exceptional"] == "critical_stage"


def test_everybody_who_supplies_a_fact_has_a_cost_with_a_source() -> None:
    terms = vocabulary()
    who = {fact.supplied_by for fact in terms.facts if fact.case} | {s.supplied_by for s in terms.sections.values()}
    assert who - {""} == set(terms.costs) - {ANYONE_ELSE}
    assert terms.cost("somebody new") == terms.costs[ANYONE_ELSE]


# -- at the keyboard


def ask(lines: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["ask", *options], input=lines)


S_13 = PUPILS["S-13"]


def lines_of(data: dict[str, Any]) -> str:
    """What somebody types who knows a case."""
    known = read_case(data, county().model)
    _, asked = interviewed(county(), data)
    return "".join(f"{typed(known, place)}\n" for place in asked)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_saved_case_is_decided_the_same_to_the_byte(form: str, tmp_path: Path) -> None:
    saved = tmp_path / "case.yaml"
    asked = ask(lines_of(S_13), "--sample", "--format", form, "--save", str(saved))
    assert asked.exit_code == 0, asked.stderr
    assessed = CliRunner().invoke(main, ["assess", str(saved), "--sample", "--format", form])
    assert asked.stdout_bytes == assessed.stdout_bytes
    assert "S-13" in asked.stdout
    assert "Nothing else that could be asked can change the outcome." in asked.stderr


def test_an_officer_can_ask_why_go_back_and_stop() -> None:
    lines = "\n2009-03-02\n900027\nQX11 5XX\n2018-09-04\n?\nback\n2018-09-05\nstop\n"
    done = ask(lines, "--sample", "--format", "csv")
    assert done.exit_code == 0, done.stderr
    assert "Who usually knows: officer. Source: " in done.stderr
    assert "These grounds hang on it: " in done.stderr
    assert "Stopped. What was not answered is not known." in done.stderr
    assert ",2018-09-05,2018-09-05,need_information," in done.stdout
    assert done.stdout.splitlines()[1].startswith("ASK-")


def test_answers_that_are_no_text_or_cannot_be_read_end_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(main, ["ask"], input=b"A-\xff7\n")
    assert done.exit_code == 2
    assert done.stderr.endswith("edtravel: an answer on standard input is not UTF-8; give the answers as UTF-8\n")
    monkeypatch.setattr("eligibility.commands.ask.sys.stdin", None)
    assert next_line() == ""
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("eligibility.commands.ask.sys.stdin", closed)
    with pytest.raises(UsageError, match="standard input cannot be read"):
        next_line()


def test_the_mark_before_a_text_that_some_programs_write_is_no_part_of_an_answer(tmp_path: Path) -> None:
    answers = tmp_path / "answers.txt"
    answers.write_bytes(b"\xef\xbb\xbfA-7\n")
    for done in (ask("", "--answers", str(answers)), ask("\ufeffA-7\n")):
        assert "cannot be taken" not in done.stderr
        assert "date_of_birth" in done.stderr


def test_the_end_of_the_lines_stops_it_and_without_what_every_case_needs_nothing_is_decided() -> None:
    done = ask("S-13\n", "--sample")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "stopped before date_of_birth was given" in done.stderr
    assert "Traceback" not in done.stderr


def test_questions_are_plain_lines_and_say_how_many_are_left() -> None:
    done = ask(lines_of(S_13), "--sample", "--format", "csv")
    short = ask(lines_of(PUPILS["S-01"]), "--sample", "--format", "csv")
    assert "the last question" in short.stderr
    assert "\x1b" not in done.stderr
    assert "\r" not in done.stderr
    assert ", and those of another home if there is one" in done.stderr
    assert done.stdout.count("\n") == 2


def test_with_a_day_given_the_first_day_of_travel_is_not_asked_for() -> None:
    done = ask(
        "A-1\n2007-05-14\n109329\nBA2 0AA\nstop\n", "--on", "2018-09-04", "--policy", "england", "--format", "csv"
    )
    assert done.exit_code == 0, done.stderr
    assert "From which day is travel asked for?" not in done.stderr
    assert done.stdout.splitlines()[1].startswith("A-1,england,2018-09-04,")


def test_the_answers_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.txt"
    path.write_text(lines_of(S_13), encoding="utf-8")
    assert ask("", "--sample", "--format", "csv", "--answers", str(path)).stdout.splitlines()[1].startswith("S-13,")
    missing = ask("", "--sample", "--answers", str(tmp_path / "none.txt"))
    assert (missing.exit_code, missing.stderr.count("\n")) == (2, 1)
