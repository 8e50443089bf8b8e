"""What a table test expects of a decision, as its file says it, and whether it is so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from eligibility.columns import CaseColumns
from eligibility.decision import Outcome
from eligibility.errors import nearest
from eligibility.marked_yaml import Marked
from eligibility.policy import Policies
from eligibility.testing.decided import Decided

OUTCOMES: tuple[str, ...] = get_args(Outcome)
RESULTS = ("met", "not_met", "not_known")


@dataclass(frozen=True)
class Expectation:
    """One thing expected: what it is about, the value expected, what was decided, and where it is written.

    `chooses`: the reading and the choice that it is about, where it says what another reading would give.
    """

    about: str
    value: Any
    found: Callable[[Decided], Any]
    mark: Marked
    chooses: tuple[str, str] | None = None

    def failure(self, decided: Decided) -> Failure | None:
        """What is not as expected; None where it is."""
        found = self.found(decided)
        if found == self.value:
            return None
        return Failure(self.about, in_words(self.value), in_words(found), str(self.mark))


@dataclass(frozen=True)
class Failure:
    """Something that is not as expected, both in words, and where the expectation is written."""

    about: str
    expected: str
    decided: str
    where: str

    @property
    def sentence(self) -> str:
        """The failure in one line."""
        return f"{self.about}: expected {self.expected}, decided {self.decided}"


def in_words(value: Any) -> str:
    """A value of an expectation for a person."""
    match value:
        case None:
            return "none"
        case dt.date():
            return value.isoformat()
        case frozenset() | tuple():
            return ", ".join(sorted(map(in_words, value))) or "none"
        case _:
            return str(value)


class ExpectationReader:
    """Reads what is written under `expect`, for the grounds, readings and versions that the policies hold."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._kinds: dict[str, Callable[[Marked], Iterable[Expectation]]] = {
            "outcome": self._outcome,
            **{result: self._results(result) for result in RESULTS},
            "protected": self._protected,
            "starts_on": _day("starts_on", lambda decided: decided.dates.starts_on),
            "ends_on": _day("ends_on", lambda decided: decided.dates.ends_on),
            "missing": self._missing,
            "notice": self._notices,
            "advice": self._advice,
            "readings": self._readings,
            "reason": _reason,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """What can be expected."""
        return tuple(self._kinds)

    def read(self, mark: Marked) -> dict[str, list[Expectation]]:
        """Expectations by the version that they are of; those of any version under "".

        Raises PolicyError for what is not known, or is not of a kind that it can be.
        """
        if not isinstance(mark.value, dict):
            return {"": list(self._outcome(mark))}
        versions = [key for key in mark.value if key in self.policies.versions]
        if versions:
            parts = mark.mapping((), tuple(self.policies.versions))
            return {version: self.read(part).get("", []) for version, part in parts.items()}
        parts = mark.mapping((), (*self.names, *self.policies.versions))
        if not parts:
            raise mark.error(f"nothing is expected here; expected an outcome, or some of {', '.join(self.names)}")
        return {"": [each for kind, part in parts.items() for each in self.one(kind, part)]}

    def one(self, kind: str, mark: Marked) -> list[Expectation]:
        """The expectations of one kind."""
        return list(self._kinds[kind](mark))

    def choices(self, mark: Marked) -> dict[str, Marked]:
        """Open readings, each with the choice that it is read by. Raises PolicyError for one that there is not."""
        known = self._open_points()
        found = mark.mapping((), tuple(known))
        for name, item in found.items():
            one_of(item, known[name], f"a choice of {name}")
        return found

    def _open_points(self) -> dict[str, tuple[str, ...]]:
        """The readings of every version, with the choices that some version has of it."""
        known: dict[str, tuple[str, ...]] = {}
        for version in self.policies.versions.values():
            for name, reading in version.readings.items():
                known[name] = tuple(dict.fromkeys((*known.get(name, ()), *reading.choices)))
        return known

    def _outcome(self, mark: Marked) -> Iterator[Expectation]:
        yield Expectation("outcome", one_of(mark, OUTCOMES, "an outcome"), lambda decided: decided.outcome, mark)

    def _results(self, result: str) -> Callable[[Marked], Iterator[Expectation]]:
        def read(mark: Marked) -> Iterator[Expectation]:
            for item in mark.value if isinstance(mark.value, list) else [mark]:
                ground = one_of(item, self.policies.rules.grounds, "a ground")
                yield Expectation(ground, result, _result_of(ground), item)

        return read

    def _protected(self, mark: Marked) -> Iterator[Expectation]:
        value = None if mark.value is None else one_of(mark, self.policies.rules.grounds, "a ground")
        yield Expectation("protected", value, lambda decided: decided.protected, mark)

    def _notices(self, mark: Marked) -> Iterator[Expectation]:
        for item in _listed(mark):
            one_of(item, self.policies.rules.notices, "a notice")
        return _set("notice", lambda decided: (notice.kind for notice in decided.dates.notices))(mark)

    def _missing(self, mark: Marked) -> Iterator[Expectation]:
        for item in _listed(mark):
            if not item.text().startswith("places."):
                one_of(item, CaseColumns().names, "a fact of a pupil")
        return _set("missing", lambda decided: decided.dates.missing)(mark)

    def _advice(self, mark: Marked) -> Iterator[Expectation]:
        for item in _listed(mark):
            one_of(item, {advice.about for advice in self.policies.rules.advice}, "advice")
        return _set("advice", lambda decided: (said.about for said in decided.advice))(mark)

    def _readings(self, mark: Marked) -> Iterator[Expectation]:
        known = self._open_points()
        for name, item in mark.mapping((), tuple(known)).items():
            for choice, wanted in item.mapping((), known[name]).items():
                yield Expectation(
                    f"outcome with {name} read as {choice}",
                    one_of(wanted, OUTCOMES, "an outcome"),
                    _outcome_under(name, choice),
                    wanted,
                    (name, choice),
                )


def _result_of(ground: str) -> Callable[[Decided], str]:
    return lambda decided: decided.result(ground)


def _outcome_under(reading: str, choice: str) -> Callable[[Decided], str]:
    return lambda decided: decided.outcome_under(reading, choice)


def one_of(mark: Marked, known: Iterable[str], what: str) -> str:
    """The word here, among those known. Raises PolicyError with the nearest one, or with those there are."""
    word = str(mark.value)
    if word not in known:
        raise mark.error(f"{word} is not {what}{nearest(word, known) or f'; expected one of {_first(known)}'}")
    return word


def _first(known: Iterable[str]) -> str:
    return ", ".join(list(known)[:12])


def _listed(mark: Marked) -> list[Marked]:
    return mark.value if isinstance(mark.value, list) else [] if mark.value is None else [mark]


def _set(about: str, found: Callable[[Decided], Iterable[str]]) -> Callable[[Marked], Iterator[Expectation]]:
    def read(mark: Marked) -> Iterator[Expectation]:
        wanted = frozenset(item.text() for item in _listed(mark))
        yield Expectation(about, wanted, lambda decided: frozenset(found(decided)), mark)

    return read


def _day(about: str, found: Callable[[Decided], dt.date | None]) -> Callable[[Marked], Iterator[Expectation]]:
    def read(mark: Marked) -> Iterator[Expectation]:
        yield Expectation(about, None if mark.value is None else mark.date(), found, mark)

    return read


def _reason(mark: Marked) -> Iterator[Expectation]:
    wanted = mark.text()

    def found(decided: Decided) -> str:
        return wanted if any(wanted in reason for reason in decided.reasons) else "no reason that says so"

    yield Expectation("reason", wanted, found, mark)
