"""The whole path on one screen: case -> facts -> findings -> decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from eligibility import decide
from eligibility.case import Case, build_case_model, read_case
from eligibility.decision import Decision
from eligibility.derived import Day
from eligibility.engines.durable import DurableEngine, check_agreement, check_outcome, outcome
from eligibility.errors import Contradiction, InputError
from eligibility.establish import check_dates
from eligibility.in_force import Books
from eligibility.matter import Matter
from eligibility.policy import Policies, Version
from eligibility.policy_files import policies as shipped_policies

if TYPE_CHECKING:
    from eligibility.geography import Area


@dataclass
class Assessor:
    """Assesses cases against one rulebook, and one area if there is one. Build it once and use it for many cases.

    Every decision is drawn from what the reference engine concludes, and checked by the `second` engine; without one
    it says that one engine checked it. `close` (or `with`) ends the process of the second engine; so does the end of
    the program.
    """

    policies: Policies = field(default_factory=shipped_policies)
    area: Area | None = None
    second: DurableEngine | None = field(default_factory=DurableEngine)

    def __post_init__(self) -> None:
        words = {"ground": tuple(self.policies.rules.grounds), "policy": tuple(self.policies.versions)}
        self.model = build_case_model(words)
        self._books = Books(self.policies)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process of the second engine; it starts again if it is wanted again."""
        if self.second is not None:
            self.second.close()

    @property
    def why_one_engine(self) -> str:
        """Why a decision says that one engine checked it, in a few words for the officer."""
        return self.second.why_absent if self.second else "no second engine was asked for"

    def assess(
        self,
        data: Mapping[str, Any],
        *,
        policy: str | None = None,
        on: dt.date | None = None,
        decided: dt.date | None = None,
        remembered: Mapping[str, Any] | None = None,
    ) -> Decision:
        """The decision on one case.

        `policy` forces a version; `on` is the day the decision is about, by default the first day of travel; `decided`
        is the day it is made, by default the same. `remembered` gives measurements of an earlier decision in place of
        an area.

        Raises InputError (with one sentence) where the case cannot be used, and Disagreement where the two engines do
        not say the same of it.
        """
        if policy is not None:
            self.policies.deciding(policy)
        return self._assess(data, policy, on, decided, remembered)

    def compare(
        self,
        data: Mapping[str, Any],
        *,
        versions: tuple[str, str],
        on: dt.date | None = None,
        decided: dt.date | None = None,
    ) -> tuple[Decision, Decision]:
        """The decisions under two versions on the same day, in force or not; drafts may be compared too."""
        for name in versions:
            self.policies.version(name)
        old, new = (self._assess(data, name, on, decided, None) for name in versions)
        return old, new

    def matter(
        self,
        data: Mapping[str, Any],
        *,
        policy: str | None = None,
        on: dt.date | None = None,
        decided: dt.date | None = None,
    ) -> Matter:
        """One case before the engine; drafts may be looked at too. Raises InputError where it cannot be used."""
        return self._matter(read_case(data, self.model), policy, on, decided, None)

    def again(
        self,
        data: Mapping[str, Any],
        *,
        policy: str | None,
        on: dt.date | None,
        decided: dt.date,
        remembered: Mapping[str, Any] | None,
    ) -> Decision:
        """An earlier decision made once more, whether it was assessed or, perhaps under a draft, compared."""
        if policy is not None:
            self.policies.version(policy)
        return self._assess(data, policy, on, decided, remembered)

    def _assess(
        self,
        data: Mapping[str, Any],
        policy: str | None,
        on: dt.date | None,
        decided: dt.date | None,
        remembered: Mapping[str, Any] | None,
    ) -> Decision:
        if self.second is not None:
            self.second.start()
        case = read_case(data, self.model)
        return self._decide(self._matter(case, policy, on, decided, remembered))

    def _decide(self, matter: Matter) -> Decision:
        """The decision, checked by the second engine while it is written; what it says of the other version too."""
        if self.second is None:
            return decide.write(matter)
        answers = [matter.now, *([matter.other] if matter.other else [])]
        questions = [self.second.ask(each.book, each.established.facts) for each in answers]
        decision = decide.write(matter)
        for each, question in zip(answers, questions, strict=True):
            concluded = self.second.answer(question)
            if concluded is None:
                return decision  # lost twice: nobody waits for it a third time
            check_agreement(each.book, each.found, concluded)
            check_outcome(each.book, each.outcome, outcome(each.book, concluded, each.agreed))
        return decision.model_copy(update={"checked_by": [*decision.checked_by, decide.SECOND]})

    def _matter(
        self,
        case: Case,
        policy: str | None,
        on: dt.date | None,
        decided: dt.date | None,
        remembered: Mapping[str, Any] | None,
    ) -> Matter:
        version, day = self._version_and_day(case, policy, on)
        self.policies.check_held(version, day)
        if decided is not None and decided <= case.get("date_of_birth"):
            raise Contradiction("the day of the decision is not after date_of_birth")
        if self.second is not None:
            self.second.prepare(self._books.of(version))
        group = Day(case, version, self.policies, day).year_group()
        notes = check_dates(case, day, group)
        return Matter(
            books=self._books,
            area=self.area,
            case=case,
            version=version,
            on=day,
            decided_on=decided or day,
            forced=policy,
            asked_on=on,
            notes=tuple(notes),
            remembered=remembered or {},
            year_group=group,
        )

    def _version_and_day(self, case: Case, policy: str | None, on: dt.date | None) -> tuple[Version, dt.date]:
        """The version and the day the decision is about (reading `governing_date`)."""
        first = on or case.get("travel_from")
        applied = case.get("applied_on")
        if first is None and not applied:
            raise InputError("there is no day to decide for; give travel_from, or --on")
        first = first or applied
        version = self.policies.versions[policy] if policy else self.policies.for_day(first)
        if on is None and version.goes_by_application and applied:
            return (version if policy else self.policies.for_day(applied)), applied
        if on is None and case.get("travel_from") is None:
            raise InputError("there is no day to decide for; give travel_from, or --on")
        return version, first
