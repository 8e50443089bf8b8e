"""The outcome of a case on a day under a version: facts established, conclusions drawn, readings settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from eligibility.case import Case
from eligibility.engines import reference
from eligibility.establish import NOTHING_MEASURED, Established, Measured, establish
from eligibility.in_force import Books, InForce
from eligibility.missing import Missing, find_missing, settled_outcome
from eligibility.policy import Version
from eligibility.reading_names import EXPECTATION


@dataclass
class Answer:
    """What one version says of one case on one day."""

    book: InForce
    established: Established
    found: dict[str, bool | None]
    by_reading: dict[str, str]
    outcome: str
    missing: Missing | None
    agreed: tuple[str, ...]
    """The readings of legitimate expectation that the outcome is settled from."""

    @property
    def chosen(self) -> str:
        """The reading of legitimate expectation chosen, or "" where the version has no transition."""
        reading = self.established.facts.get(EXPECTATION)
        return str(reading) if reading in self.by_reading else next(iter(self.by_reading))

    def met(self) -> frozenset[str]:
        """The ids of grounds met, protected ones included under the chosen reading."""
        ids = {g.rule.id for g in self.book.grounds if self.found[g.result]}
        for element, (name, _) in self.book.expectations.get(self.chosen, {}).items():
            if self.found[name] and self.found[self.book.protected[element].result]:
                ids.add(element)
        return frozenset(ids)


def answer(
    case: Case,
    version: Version,
    books: Books,
    on: dt.date,
    *,
    measured: Measured = NOTHING_MEASURED,
    choices: Mapping[str, str] | None = None,
    asked_on: dt.date | None = None,
    want_missing: bool = False,
    want_settled: bool = False,
) -> Answer:
    """The outcome on a day. Both readings of legitimate expectation are worked out where they must agree.

    An outcome that is not known is tried with `want_missing` for the facts it hangs on, with `want_settled` only for
    whether it hangs on none. Raises Contradiction where supplied facts cannot all be true.
    """
    book = books.of(version)
    established = establish(
        case, version, books.policies, on, measured=measured, choices=choices, asked_on=asked_on, older=book.older
    )
    found = reference.conclude(book, established.facts)
    by_reading = {reading: reference.outcome(book, found, reading) for reading in book.outcomes}
    reading = version.readings.get(EXPECTATION)
    agreed = tuple(by_reading)
    if reading and not reading.refer_if_different and len(by_reading) > 1:
        agreed = (str(established.facts[EXPECTATION]),)
    outcome = reference.settle([by_reading[name] for name in agreed])
    missing = None
    if outcome == "need_information" and want_missing:
        missing = find_missing(book, established.facts, agreed)
        outcome = missing.settled or outcome
    elif outcome == "need_information" and want_settled:
        outcome = settled_outcome(book, established.facts, agreed) or outcome
    return Answer(book, established, found, by_reading, outcome, missing, agreed)
