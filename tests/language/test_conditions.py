"""Every mistake in a condition is reported with file, line, column, what was expected and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.errors import PolicyError
from eligibility.language.expressions import (
    Among,
    And,
    AnyOf,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Or,
    Years,
)
from eligibility.language.parsing import Kind, parse_condition
from eligibility.marked_yaml import parse

KINDS = {
    "walking_mm": Kind("length", None, True),
    "walking_limit": Kind("length"),
    "net_earnings_pence": Kind("money"),
    "nearer_schools": Kind("whole"),
    "nearest_school": Kind("boolean", None, True),
    "resident": Kind("boolean"),
    "boards": Kind("boolean"),
    "date_of_birth": Kind("date"),
    "on": Kind("date"),
    "phase": Kind("word", frozenset({"primary", "middle", "secondary"})),
    "reference": Kind("word"),
}
TAGS = frozenset({"tried_from_each_home"})


def parsed(condition: str) -> Expression:
    """The condition, written on the second line of a file."""
    mark = parse(f"about: a rule\ntest: {condition}\n", "rule.yaml")
    return parse_condition(mark.mapping()["test"], KINDS, TAGS)


def refused(condition: str) -> PolicyError:
    with pytest.raises(PolicyError) as found:
        parsed(condition)
    return found.value


# -- what may be written


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("resident", Holds("resident")),
        ("not resident", Not(Holds("resident"))),
        ("walking_mm > walking_limit", Compare(">", Name("walking_mm"), Name("walking_limit"))),
        ("walking_mm > 3218688", Compare(">", Name("walking_mm"), Constant(3218688))),
        ('phase == "primary"', Compare("==", Name("phase"), Constant("primary"))),
        ("on >= date(2018, 9, 1)", Compare(">=", Name("on"), Constant(20180901))),
        ("8 <= years(date_of_birth, on)", Compare("<=", Constant(8), Years(Name("date_of_birth"), Name("on")))),
        ("any(tried_from_each_home)", AnyOf("tried_from_each_home")),
    ],
)
def test_a_condition_becomes_a_typed_tree(condition: str, expected: Expression) -> None:
    assert parsed(condition) == expected


def test_chained_comparisons_are_two_comparisons() -> None:
    assert parsed("0 < nearer_schools < 3") == And(
        (
            Compare("<", Constant(0), Name("nearer_schools")),
            Compare("<", Name("nearer_schools"), Constant(3)),
        )
    )


@pytest.mark.parametrize("negated", [False, True])
def test_in_takes_a_set_of_words(negated: bool) -> None:
    among = Among(Name("phase"), ("primary", "middle"))
    condition = f'phase {"not in" if negated else "in"} {{"primary", "middle"}}'
    assert parsed(condition) == (Not(among) if negated else among)


def test_brackets_say_what_belongs_together() -> None:
    assert parsed("resident and (boards or nearest_school)") == And(
        (Holds("resident"), Or((Holds("boards"), Holds("nearest_school"))))
    )


def test_a_long_condition_may_be_folded_over_lines() -> None:
    assert parsed(">-\n  resident\n  and boards") == And((Holds("resident"), Holds("boards")))


# -- what may not


def test_half_a_condition_is_pointed_at_where_it_ends() -> None:
    error = refused("resident and")
    assert (error.line, error.column) == (2, len("test: resident and") + 1)
    error = refused(">-\n  resident\n  and")
    assert (error.line, error.column) == (4, len("  and") + 1)


MISTAKES: dict[str, tuple[str, str, str]] = {
    # name: the condition, the part that is pointed at, what is said
    "an unknown name": ("walking_m > walking_limit", "walking_m", "did you mean walking_mm?"),
    "an unknown name on the right": ("walking_mm > walkin_limit", "walkin_limit", "did you mean walking_limit?"),
    "an unknown true-or-false name": ("resident and residant", "residant", "did you mean resident?"),
    "a name like no other": ("xyzzy", "xyzzy", "xyzzy is not a known name"),
    "a length alone": ("resident and walking_mm", "walking_mm", "walking_mm is a length, not true or false"),
    "a length against a date": ("walking_mm > on", "on", "a length is compared with a date"),
    "a length against money": ("walking_mm > net_earnings_pence", "net_earnings_pence", "expected a length"),
    "a date against a number": ("on > 20180901", "20180901", "a date is compared with a whole"),
    "a word against a number": ("phase == 7", "7", "a word is compared with a whole"),
    "order on words": ('phase > "primary"', '"primary"', "words have no order; use == or !="),
    "an unknown word": ('phase == "primery"', '"primery"', "did you mean primary?"),
    "an unknown word in a set": ('phase in {"primary", "midle"}', '"midle"', "did you mean middle?"),
    "== on a boolean": ("nearest_school == resident", "nearest_school", "written alone or with not, never compared"),
    "a boolean against a constant": ("resident == 1", "resident", "written alone or with not, never compared"),
    "arithmetic": ("walking_mm + 1 > walking_limit", "walking_mm + 1", "expected a name, a whole number"),
    "a negative number": ("nearer_schools > -1", "-1", "expected a name, a whole number"),
    "a decimal number": ("walking_mm > 2.5", "2.5", "only whole numbers and words"),
    "true": ("resident and True", "True", "expected a comparison, a true-or-false name"),
    "two constants": ("1 < 2", "1", "one side must be a name"),
    "is": ("phase is reference", "reference", "expected < <= > >= == != or in"),
    "in a list": ('phase in ["primary"]', '["primary"]', "expected in {words or whole numbers}"),
    "in a name": ("phase in reference", "reference", "expected in {words or whole numbers}"),
    "a name in a set": ("phase in {reference}", "reference", "expected a word written out"),
    "a number among words": ('phase in {"primary", 1}', "1", "expected a word written out"),
    "a date that does not exist": ("on > date(2018, 2, 30)", "date(2018", "this date does not exist"),
    "years of a length": ("8 <= years(walking_mm, on)", "walking_mm", "years(a, b) takes two dates"),
    "an unknown function": ("year(date_of_birth, on)", "year", "did you mean years?"),
    "an unknown tag": ("any(tried_from_every_home)", "tried_from_every_home", "did you mean tried_from_each_home?"),
    "a call of anything": ("__import__(resident)", "__import__", "cannot stand here"),
    "an attribute": ("resident.real", "resident.real", "expected a comparison, a true-or-false name"),
    "if and else": ("resident if boards else resident", "resident if", "expected a comparison"),
    "and beside or": ("resident and boards or nearest_school", "or nearest", "put brackets around the part"),
    "or beside and": ("resident or boards and nearest_school", "and nearest", "put brackets around the part"),
    "and beside or in brackets": ("not (resident or boards and boards)", "and boards", "put brackets around the part"),
    "brackets turned round": ("resident) or (boards", ") or", "closes one that was never opened"),
    "a bracket too many": ("resident)", ")", "closes one that was never opened"),
    "a bracket too few": ("(resident", "(", "cannot be read here"),
    "an assignment": ("walking_mm = walking_limit", "", "cannot be read here"),
    "two conditions": ("resident boards", "", "cannot be read here"),
    "&": ("resident & boards", "resident & boards", "expected a comparison"),
}


@pytest.mark.parametrize(("condition", "pointed_at", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_condition_is_pointed_at_and_said(condition: str, pointed_at: str, says: str) -> None:
    error = refused(condition)
    assert (error.file, error.line) == ("rule.yaml", 2)
    assert says in error.message
    if says and pointed_at:
        assert error.column == len("test: ") + 1 + condition.index(pointed_at)
    assert error.message.startswith(f"rule.yaml:2:{error.column}: ")


def test_in_a_folded_condition_the_line_and_column_are_those_of_the_file() -> None:
    error = refused(">-\n  resident\n  and (boards or\n       nearest_shool)")
    assert (error.line, error.column) == (5, 8)
    assert "did you mean nearest_school?" in error.message


@pytest.mark.parametrize("condition", ["'resident'", '"resident"', '"not resident"'])
def test_a_condition_in_quotes_is_refused(condition: str) -> None:
    error = refused(condition)
    assert (error.line, error.column) == (2, 7)
    assert "without quotes" in error.message


@pytest.mark.parametrize("condition", ["", "null", "true", "3", "2018-09-01", "[resident]", "{a: b}"])
def test_what_is_no_condition_is_refused(condition: str) -> None:
    error = refused(condition)
    assert error.line == 2
    assert "expected a condition here" in error.message


@pytest.mark.parametrize("condition", ["resident # lives here", ">-\n  resident # lives here\n  and boards"])
def test_a_comment_inside_a_condition_is_refused(condition: str) -> None:
    error = refused(condition)
    assert error.line in (2, 3)
    assert "comment" in error.message


@pytest.mark.parametrize("depth", [9, 50, 300, 5000])
def test_deep_nesting_is_refused(depth: int) -> None:
    error = refused("(" * depth + "resident" + ")" * depth)
    assert error.line == 2


@pytest.mark.parametrize("depth", [33, 300, 5000])
def test_a_long_row_of_nots_is_refused(depth: int) -> None:
    error = refused("not " * depth + "resident")
    assert error.line == 2


def test_nothing_is_ever_evaluated(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    refused(f'open("{trap}", "w")')
    refused(f"[x for x in open('{trap}', 'w')]")
    assert not trap.exists()
