"""Random conditions and random answers, for the properties of the language."""

from __future__ import annotations

from hypothesis import strategies as st

from eligibility.language.expressions import (
    FALSE,
    TRUE,
    Among,
    And,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Operand,
    Or,
    Value,
    Years,
)
from eligibility.language.partial import Between, Known

TRUTHS, NUMBERS, DATES, WORDS = ("a", "b", "c"), ("x", "y"), ("born", "on"), ("w", "v")
CHOICES = ("red", "green", "blue")

_numbers = st.integers(0, 6)
_dates = st.dates().map(lambda day: day.year * 10000 + day.month * 100 + day.day)
_number: st.SearchStrategy[Operand] = st.sampled_from(NUMBERS).map(Name) | _numbers.map(Constant)
_years: st.SearchStrategy[Operand] = st.just(Years(Name("born"), Name("on")))


def _comparisons() -> st.SearchStrategy[Expression]:
    order = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    equality = st.sampled_from(["==", "!="])
    return (
        st.builds(Compare, order, _number | _years, _number)
        | st.builds(Compare, order, st.sampled_from(DATES).map(Name), st.sampled_from(DATES).map(Name))
        | st.builds(Compare, equality, st.sampled_from(WORDS).map(Name), st.sampled_from(CHOICES).map(Constant))
        | st.builds(Compare, equality, st.just(Name("w")), st.just(Name("v")))
        | st.builds(Among, st.sampled_from(WORDS).map(Name), st.lists(st.sampled_from(CHOICES), min_size=1).map(tuple))
        | st.builds(Among, st.sampled_from(NUMBERS).map(Name), st.lists(_numbers, min_size=1).map(tuple))
    )


def _joined(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=1, max_size=4).map(tuple)
    return st.builds(Not, parts) | st.builds(And, several) | st.builds(Or, several)


conditions: st.SearchStrategy[Expression] = st.recursive(
    st.sampled_from(TRUTHS).map(Holds) | _comparisons() | st.sampled_from([TRUE, FALSE]), _joined, max_leaves=12
)

everything_known: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {name: st.booleans() for name in TRUTHS}
    | dict.fromkeys(NUMBERS, _numbers)
    | dict.fromkeys(DATES, _dates)
    | {name: st.sampled_from(CHOICES) for name in WORDS}
)
"""An answer to every question."""

names_known = st.sets(st.sampled_from((*TRUTHS, *NUMBERS, *DATES, *WORDS)))
"""Which of the answers are known."""


@st.composite
def partly_known(draw: st.DrawFn, full: st.SearchStrategy[dict[str, Value]] = everything_known) -> dict[str, Known]:
    """Random facts, some not known and some numbers known only to lie between two."""
    values = draw(full)
    known: dict[str, Known] = {name: values[name] for name in sorted(draw(names_known))}
    for name in sorted(known.keys() & {*NUMBERS, *DATES}):
        if draw(st.booleans()):
            low, high = sorted((draw(st.integers(0, 6)), draw(st.integers(0, 6))))
            known[name] = Between(low, high)
    return known
