"""The parts of the second engine by themselves: what it is asked, how its answers are read and held to the first's."""

from __future__ import annotations

import importlib.util
import logging
from types import SimpleNamespace

import pytest

from eligibility.engines import durable
from eligibility.engines.clauses import End
from eligibility.engines.durable import (
    BOTH,
    LOSSES_BEFORE_A_REST,
    DurableEngine,
    Said,
    check_agreement,
    check_outcome,
    is_available,
    outcome,
)
from eligibility.engines.durable_rules_form import Ruleset, fields_of
from eligibility.errors import Disagreement
from eligibility.in_force import InForce
from eligibility.language.expressions import Holds, Name, Years
from eligibility.language.partial import Between
from eligibility.policy_files import policies


@pytest.fixture
def book() -> InForce:
    made = InForce(policies().versions["somerset-2018"])
    made.conclusions = {name: Holds(f"of {name}") for name in ("first", "second", "third")}
    made.outcomes = {"5.1": ("entitled[5.1]", "refer[5.1]"), "1.1": ("entitled[1.1]", "refer[1.1]")}
    return made


# -- the outcome, from the policy's words: the first of entitled, refer, not entitled that is not false decides

DECIDES: dict[tuple[Said, Said], str] = {
    (True, True): "entitled",
    (True, None): "entitled",
    (True, False): "entitled",
    (None, True): "need_information",
    (None, None): "need_information",
    (None, False): "need_information",
    (False, True): "refer",
    (False, None): "need_information",
    (False, False): "not_entitled",
}


@pytest.mark.parametrize(("concluded", "decided"), DECIDES.items())
def test_the_first_outcome_that_is_not_false_decides(concluded: tuple[Said, Said], decided: str, book: InForce) -> None:
    said = dict(zip(book.outcomes["5.1"], concluded, strict=True))
    assert outcome(book, said, ["5.1"]) == decided


@pytest.mark.parametrize(("one", "one_decides"), DECIDES.items())
@pytest.mark.parametrize(("other", "other_decides"), DECIDES.items())
def test_readings_alike_decide_and_different_ones_go_to_an_officer_unless_either_needs_information(
    one: tuple[Said, Said], one_decides: str, other: tuple[Said, Said], other_decides: str, book: InForce
) -> None:
    said = {**dict(zip(book.outcomes["5.1"], one, strict=True)), **dict(zip(book.outcomes["1.1"], other, strict=True))}
    if "need_information" in (one_decides, other_decides):
        expected = "need_information"
    else:
        expected = one_decides if one_decides == other_decides else "refer"
    assert outcome(book, said, ["5.1", "1.1"]) == expected


# -- agreement


def told(book: InForce, first: list[Said], second: list[Said]) -> str:
    """The sentence of a disagreement, or nothing."""
    answers = (dict(zip(book.conclusions, said, strict=True)) for said in (first, second))
    try:
        check_agreement(book, *answers)
    except Disagreement as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ([True, False, None], [True, False, None], ""),
        ([True, False, None], [True, True, None], "second under somerset-2018 (reference: not met; durable: met)"),
        (
            [True, False, None],
            [None, False, True],
            "first under somerset-2018 (reference: met; durable: not known) and on 1 more that may follow from it",
        ),
        (
            [True, False, None],
            [False, True, BOTH],
            "third under somerset-2018 (reference: not known; durable: both met and not met)",
        ),
        (
            [True, False, None],
            [False, True, True],
            "first under somerset-2018 (reference: met; durable: not met) and on 2 more that may follow from it",
        ),
    ],
)
def test_a_disagreement_names_the_first_rule_and_what_each_engine_says_of_it(
    first: list[Said], second: list[Said], sentence: str, book: InForce
) -> None:
    assert told(book, first, second) == (sentence and f"no decision: the engines disagree on {sentence}")


OUTCOMES = ("entitled", "refer", "not_entitled", "need_information")


@pytest.mark.parametrize("said", OUTCOMES)
@pytest.mark.parametrize("second", OUTCOMES)
def test_only_another_settled_outcome_is_a_disagreement(said: str, second: str, book: InForce) -> None:
    if second in (said, "need_information"):
        check_outcome(book, said, second)
        return
    with pytest.raises(Disagreement) as error:
        check_outcome(book, said, second)
    sentence = f"on the outcome under somerset-2018 (reference: {said}; durable: {second})"
    assert error.value.message == f"no decision: the engines disagree {sentence}"


# -- where it runs


@pytest.mark.parametrize(
    ("version", "program", "installed", "available"),
    [
        ((3, 11), "python", ("durable", "durable_rules_engine"), True),
        ((3, 12), "python", ("durable", "durable_rules_engine"), True),
        ((3, 13), "python", ("durable", "durable_rules_engine"), False),
        ((3, 14), "python", ("durable", "durable_rules_engine"), False),
        ((3, 12), "", ("durable", "durable_rules_engine"), False),
        ((3, 12), "python", ("durable",), False),
        ((3, 12), "python", (), False),
    ],
)
def test_the_second_engine_runs_below_python_3_13_where_all_of_it_is_installed(
    version: tuple[int, int],
    program: str,
    installed: tuple[str, ...],
    available: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(durable, "sys", SimpleNamespace(version_info=version, executable=program))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name if name in installed else None)
    assert is_available.__wrapped__() is available


def test_where_it_does_not_run_it_starts_no_process_and_says_nothing(
    book: InForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "is_available", lambda: False)
    with DurableEngine() as engine:
        assert engine.conclude(book, {}) is None
        assert engine.process_id is None


def test_it_is_given_three_cases_before_it_rests() -> None:
    assert LOSSES_BEFORE_A_REST == 3


def test_what_it_logs_reaches_no_terminal_unless_somebody_asks() -> None:
    assert {type(handler) for handler in durable._log.handlers} == {logging.NullHandler}


# -- what it is asked


@pytest.mark.parametrize(
    ("earlier", "later", "years"),
    [(20070904, 20180903, 10), (20070904, 20180904, 11), (20070904, 20180905, 11), (20080229, 20190228, 10)],
)
def test_whole_years_are_counted_by_the_calendar_and_only_between_two_days_that_are_known(
    earlier: int, later: int, years: int
) -> None:
    made = Ruleset(fields={End(Years(Name("born"), Name("on")), "exact"): "f0"})
    assert fields_of(made, {"born": earlier, "on": later}) == {"f0": years}
    assert fields_of(made, {"on": later}) == fields_of(made, {"born": earlier}) == {}
    assert fields_of(made, {"born": Between(earlier, earlier + 1), "on": later}) == {}


def test_a_number_known_between_two_has_its_ends_and_a_word_is_only_what_it_is() -> None:
    it = Name("it")
    made = Ruleset(fields={End(it, "least"): "least", End(it, "most"): "most", End(it, "exact"): "exact", "it": "held"})
    assert fields_of(made, {"it": Between(3, 5)}) == {"least": 3, "most": 5}
    assert fields_of(made, {"it": 4}) == {"least": 4, "most": 4, "exact": 4, "held": 4}
    assert fields_of(made, {"it": "red"}) == {"exact": "red", "held": "red"}
    assert fields_of(made, {"it": False})["held"] is False
    assert fields_of(made, {}) == {}
