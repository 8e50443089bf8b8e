"""The shortest list of facts that could change an outcome, and the outcome where none can.

What is left of the outcome when the known facts are filled in hangs on the facts still named in it. Three-valued logic
asks for all of them; the proof engine tells which truly matter (docs/adr/0013). It is slow to load, so it is asked only
where a quick look does not settle the question.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eligibility.constraints import tied_to
from eligibility.facts import OTHER_HOME, vocabulary
from eligibility.in_force import InForce
from eligibility.language.expressions import FALSE, Always, Expression, names
from eligibility.language.partial import Facts, partial
from eligibility.language.simplify import simplify
from eligibility.two_ways import two_outcomes

if TYPE_CHECKING:
    from eligibility.proving.left_open import LeftOpen


@dataclass(frozen=True)
class Missing:
    """The facts an outcome hangs on, and the outcome itself where it turns out to hang on none."""

    facts: tuple[str, ...]
    settled: str | None


def what_is_left(book: InForce, facts: Facts) -> dict[str, Expression]:
    """What is left of every conclusion when `facts` are known."""
    rest: dict[str, Expression] = {}
    for name, test in book.conclusions.items():
        rest[name] = partial(test, facts, rest)
    return rest


def find_missing(book: InForce, facts: Facts, readings: Iterable[str]) -> Missing:
    """The facts that could change the outcome under `readings` of legitimate expectation taken together."""
    left = left_open(book, facts, readings)
    found = sorted(left.shortest(), key=vocabulary_order)
    return Missing(tuple(found), None if found else left.only_outcome())


def left_open(book: InForce, facts: Facts, readings: Iterable[str]) -> LeftOpen:
    """Every way in which the outcome could turn out under `readings` of legitimate expectation taken together."""
    from eligibility.proving.left_open import LeftOpen

    outcomes = [book.outcomes[reading] for reading in readings]
    return LeftOpen(facts, _needed(book, facts, outcomes), outcomes)


def find_missing_for(rest: Expression, facts: Facts) -> tuple[str, ...]:
    """The facts that could change whether one conclusion holds; `rest` is what is left of it.

    Where none could, the conclusion as it is worded still waits for all that it names.
    """
    rest = simplify(rest)
    asked = list(names(rest))
    if len(set(asked)) == len(asked) and not _tied_together(asked, facts):
        return tuple(asked)  # each is asked once and tied to no other, so each can change it
    from eligibility.proving.left_open import LeftOpen

    return LeftOpen(facts, {"it": rest, "never": FALSE}, [("it", "never")]).shortest() or tuple(dict.fromkeys(asked))


def _tied_together(asked: Sequence[str], facts: Facts) -> bool:
    """Whether constraints tie some of the facts to one another, at any distance."""
    groups: list[set[str]] = []
    for test in tied_to(asked, facts):
        group = set(names(test)).union(*(g for g in groups if g & set(names(test))))
        groups = [g for g in groups if not g & group] + [group]
    return any(len(group & set(asked)) > 1 for group in groups)


def settled_outcome(
    book: InForce, facts: Facts, readings: Iterable[str], found: dict[Hashable, str | None] | None = None
) -> str | None:
    """The outcome, where it turns out to hang on none of the facts that are not known.

    `found` keeps what was found of one pupil on one day, for the next time that the same is left open.
    """
    outcomes = [book.outcomes[reading] for reading in readings]
    rest = what_is_left(book, facts)
    left = tuple((rest[entitled], rest[refer]) for entitled, refer in outcomes)
    if two_outcomes(facts, left):
        return None
    asked = dict.fromkeys(name for pair in left for part in pair for name in names(part))
    tied = tuple(tied_to(asked, facts))
    asked |= dict.fromkeys(name for test in tied for name in names(test))
    key = (left, tied, tuple(facts.get(name) for name in asked))
    found = {} if found is None else found
    if key not in found:
        from eligibility.proving.left_open import LeftOpen

        found[key] = LeftOpen(facts, _needed(book, facts, outcomes), outcomes).only_outcome()
    return found[key]


def _needed(book: InForce, facts: Facts, outcomes: Sequence[tuple[str, str]]) -> dict[str, Expression]:
    """What is left of the conclusions that some outcomes need, in order; what an earlier one settles is filled in."""
    rest: dict[str, Expression] = {}
    settled: dict[str, Expression] = {}
    for name, test in book.conclusions.items():
        rest[name] = partial(test, facts, settled)
        if isinstance(rest[name], Always):
            settled[name] = rest[name]
    wanted = {name for pair in outcomes for name in pair}
    for name in reversed(rest):
        if name in wanted:
            wanted.update(names(rest[name]))
    return {name: test for name, test in rest.items() if name in wanted}


def vocabulary_order(name: str) -> tuple[bool, int, str]:
    """A key that sorts facts as the vocabulary has them, those of the other home last."""
    return (name.endswith(OTHER_HOME), _places().get(name.removesuffix(OTHER_HOME), 10_000), name)


@functools.cache
def _places() -> Mapping[str, int]:
    terms = vocabulary()
    sections = [section.name for section in terms.sections.values() if section.name]
    named = dict.fromkeys((*sections, *(fact.name for fact in terms.facts if fact.name)))
    return {name: place for place, name in enumerate(named)}
