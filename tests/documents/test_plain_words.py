"""Every condition is put into words that say all of it: a rule that changes reads otherwise."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from eligibility.errors import PolicyError
from eligibility.facts import vocabulary
from eligibility.language.expressions import (
    Among,
    AnyOf,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Or,
    atoms,
    names,
    operands,
)
from eligibility.language.parsing import Kind, parse_condition
from eligibility.marked_yaml import Marked
from eligibility.phrases import Several, links, plain
from eligibility.plain_words import PlainWords
from eligibility.policy import REPLACED_VERSION, RULE_TYPES, VERSION_STARTS, Version
from eligibility.policy_check import check
from eligibility.policy_files import load_policies, policies
from eligibility.policy_findings import written_tests
from eligibility.policy_values import in_units
from eligibility.units import MM_PER_MILE
from mutation.expressions import wrong_forms
from mutation.places import Offsets
from tests.policy_folders import Folders

HELD = policies()
CONDITIONS = list(written_tests(HELD))
NEWEST = HELD.versions["somerset-2018"]
_NAME = re.compile(r"\b[a-z]+_[a-z_]+\b|[{}]|\bTrue\b|\bFalse\b")


def kinds() -> dict[str, Kind]:
    """What a condition of the shipped rules may name."""
    found = vocabulary().kinds() | {name: Kind("boolean") for name in (*HELD.rules.definitions, *HELD.rules.grounds)}
    found |= {"award_ground": Kind("word"), "award_policy": Kind("word"), "element": Kind("word")}
    found |= {VERSION_STARTS: Kind("date"), REPLACED_VERSION: Kind("word")}
    for version in HELD.versions.values():
        found |= {name: Kind(RULE_TYPES[p.unit]) for name, p in version.parameters.items() if p.unit in RULE_TYPES}
        found |= dict.fromkeys(version.readings, Kind("word"))
    return found


KINDS = kinds()


def said_of(test: Expression) -> tuple[object, ...]:
    """All that is told of a condition as it is written, with what its words lead to."""
    said = PlainWords(HELD, NEWEST, as_written=True).said(test)
    return plain(said), tuple(links(said))


def wrong(mark: Marked) -> Iterator[tuple[str, Expression]]:
    """The condition with one thing in it changed, in every way that the mutation tests know."""
    alike: dict[str, list[str]] = {}
    for name, kind in KINDS.items():
        alike.setdefault(kind.type, []).append(name)
    near = {name: [other for other in alike[kind.type] if other != name][:3] for name, kind in KINDS.items()}
    source = " ".join(mark.raw.lstrip("> -\n").split())
    tree = ast.parse(f"({source})", mode="eval")
    places = Offsets(f"({source})")
    for part in ast.walk(tree.body):
        if isinstance(part, ast.expr):
            first, last = places.span(part)
            forms = [*wrong_forms(part, near), *([f"(not ({source}))"] if part is tree.body else [])]
            for form in forms:
                text = f"({source})"[:first] + form + f"({source})"[last:]
                with_it = dataclasses.replace(mark, value=text[1:-1], raw=text[1:-1])
                try:
                    yield text, parse_condition(with_it, KINDS, frozenset({"tried_from_each_home"}))
                except PolicyError:
                    continue  # no rule could be written so


@pytest.mark.parametrize("version", HELD.versions.values(), ids=HELD.versions)
def test_every_condition_reads_as_plain_english_under_every_version(version: Version) -> None:
    for words in (PlainWords(HELD, version), PlainWords(HELD, version, as_written=True)):
        for where, test in CONDITIONS:
            if not all(_is_held(name, version) for name in names(test)):
                continue  # a ground of another version
            asked, listed, _ = words.question(test)
            for text in (plain(words.said(test)), plain(words.denied(test)), plain(asked), plain(listed or ())):
                assert not _NAME.search(text), f"{where}: {text}"
            assert plain(asked).endswith("?"), where


def _is_held(name: str, version: Version) -> bool:
    elsewhere = {n for other in HELD.versions.values() for n in (*other.parameters, *other.readings)}
    return name not in elsewhere or name in version.parameters or name in version.readings


@pytest.mark.parametrize(("where", "test"), CONDITIONS, ids=[str(mark) for mark, _ in CONDITIONS])
def test_a_condition_that_is_changed_in_any_way_reads_otherwise(where: Marked, test: Expression) -> None:
    before = said_of(test)
    for written, changed in wrong(where):
        if meaning(changed) != meaning(test):
            assert said_of(changed) != before, f"{where}: {written} reads as before: {before[0]}"


def meaning(test: Expression) -> object:
    """A condition without what makes no difference: the order of a comparison's sides, a part said twice."""
    match test:
        case Not(part):
            inner = meaning(part)
            return inner[1] if isinstance(inner, tuple) and inner[0] == "not" else ("not", inner)
        case Compare("!=", left, right):
            return ("not", ("==", left, right))
        case _ if hasattr(test, "parts"):
            parts = frozenset(meaning(part) for part in test.parts)
            return next(iter(parts)) if len(parts) == 1 else (type(test).__name__, parts)
        case _:
            return test


@pytest.mark.parametrize("version", HELD.versions.values(), ids=HELD.versions)
def test_every_figure_that_a_condition_reads_stands_in_its_words(version: Version) -> None:
    words = PlainWords(HELD, version, as_written=True)
    for where, test in CONDITIONS:
        if not all(_is_held(name, version) for name in names(test)):
            continue
        text = plain(words.said(test))
        for name in names(test):
            parameter = version.parameters.get(name)
            if parameter is None or parameter.unit == "word":
                continue
            for _, value in parameter.values:
                assert in_units(parameter, value) in text, f"{where}: {name}"
        for atom in atoms(test):
            if isinstance(atom, Compare):
                written = [o.value for o in operands(atom) if isinstance(o, Constant) and isinstance(o.value, int)]
                assert all(str(value) in text for value in written), where


def test_a_figure_written_in_a_rule_is_told_in_the_unit_of_what_it_is_held_against() -> None:
    words = PlainWords(HELD, NEWEST)
    assert plain(words.said(Compare("<=", Name("walking_mm"), Constant(MM_PER_MILE)))).endswith("is at most 1 mile")
    assert plain(words.said(Compare(">", Constant(740_000), Name("net_earnings_pence")))).endswith("less than £7,400")
    assert plain(words.said(Compare("<", Name("on"), Constant(20180901)))) == "the day is before 1 September 2018"


def test_what_is_not_so_is_told_as_what_is_so() -> None:
    words = PlainWords(HELD, NEWEST)
    either = Or((Holds("resident"), Compare(">", Name("walking_mm"), Name("walking_limit"))))
    denied = words.denied(either)
    assert isinstance(denied, Several)
    assert denied.every
    assert plain(denied.parts[1]) == "the shortest available walking route to the school is at most 3 miles"
    among = Among(Name("award_ground"), ("faith", "low_income_11"))
    assert " is neither “Religion or belief” nor “" in plain(words.denied(among))


def test_an_open_point_is_told_as_it_was_chosen_and_the_other_choice_can_be_asked_for() -> None:
    test = HELD.rules.definitions["counts_as_transport_area_school"].test
    words = PlainWords(HELD, NEWEST)
    assert plain(words.said(test)) == "this is the school of the home's designated transport area"
    other = words.choosing("catchment_means", "todays_catchment")
    assert plain(other.said(test)) == "the home is in this school's admissions catchment of today"


def test_a_condition_that_a_version_makes_idle_says_so_and_what_the_rule_asks() -> None:
    test = HELD.rules.grounds["temporary_medical"].conditions[3].test
    text = plain(PlainWords(HELD, HELD.versions["somerset-2016"]).said(test))
    assert text.startswith("every child passes this under this version")
    assert "“any school”" in text


def test_a_ground_that_tries_others_names_those_in_force() -> None:
    assert "“Religion or belief”" in plain(
        PlainWords(HELD, HELD.versions["somerset-2016"]).said(AnyOf("tried_from_each_home"))
    )
    assert "“Religion or belief”" not in plain(PlainWords(HELD, NEWEST).said(AnyOf("tried_from_each_home")))


def test_what_has_no_words_of_its_own_is_told_by_its_question() -> None:
    assert plain(PlainWords(HELD, NEWEST).said(Holds("made_up"))) == "the answer to “made_up” is yes"


@pytest.mark.parametrize(
    ("place", "old", "new", "found"),
    [
        (
            "rules/words.yaml",
            "  waiting_guideline: {",
            "  wating_guideline: {",
            "no version holds a figure or reading wating_guideline",
        ),
        (
            "rules/words.yaml",
            "choices: {any_school:",
            "choices: {any_schol:",
            "any_schol is no choice of temporary_medical_schools",
        ),
        (
            "rules/definitions/school.yaml",
            "fewer than {nearer_schools_that_rule_out}",
            "fewer than {waiting_guideline}",
            "the question of fewer_than_three_nearer shows waiting_guideline, which",
        ),
    ],
)
def test_words_about_nothing_are_found_by_the_check(place: str, old: str, new: str, found: str, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.replace(place, old, new)
    said = [str(finding) for finding in check(load_policies(folders.rules, folders.versions))]
    assert len(said) == 1
    assert found in said[0]
