"""The whole path on one screen: case -> facts -> findings -> decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from eligibility import __version__, decide
from eligibility.case import Case, build_case_model, read_case
from eligibility.decision import Asked, Decision, Provenance
from eligibility.derived import Day
from eligibility.errors import Contradiction, InputError
from eligibility.establish import Measured, check_dates
from eligibility.outcome import Answer, answer
from eligibility.places import READINGS, measure
from eligibility.policy import Policies, Version
from eligibility.policy_files import policies as shipped_policies

if TYPE_CHECKING:
    from eligibility.geography import Area

GOVERNING_DATE = "governing_date"
FIRST_DAY, DATE_APPLIED = "first_day_of_travel", "date_applied"
TOLERANCE = "postcode_centre_tolerance"


@dataclass
class Assessor:
    """Assesses cases against one rulebook, and one area if there is one. Build it once and use it for many cases."""

    policies: Policies = field(default_factory=shipped_policies)
    area: Area | None = None

    def __post_init__(self) -> None:
        words = {"ground": tuple(self.policies.rules.grounds), "policy": tuple(self.policies.versions)}
        self.model = build_case_model(words)

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

        `policy` forces a version; `on` is the day the decision is about, by default the first day of travel; `decided` is
        the day it is made, by default the same. `remembered` gives measurements of an earlier decision in place of an area.

        Raises InputError (with one sentence) where the case cannot be used.
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

    def _assess(
        self,
        data: Mapping[str, Any],
        policy: str | None,
        on: dt.date | None,
        decided: dt.date | None,
        remembered: Mapping[str, Any] | None,
    ) -> Decision:
        case = read_case(data, self.model)
        matter = self._matter(case, policy, on, decided, remembered)
        return decide.write(matter)

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
        group = Day(case, version, self.policies, day).year_group()
        notes = check_dates(case, day, group)
        matter = Matter(self, case, version, day, decided or day, policy, on, tuple(notes), remembered or {})
        matter.year_group = group
        matter.now = matter.answer_on(day, want_missing=True)
        return matter

    def _version_and_day(self, case: Case, policy: str | None, on: dt.date | None) -> tuple[Version, dt.date]:
        """The version and the day the decision is about (reading `governing_date`)."""
        first = on or case.get("travel_from")
        applied = case.get("applied_on")
        if first is None and not applied:
            raise InputError("there is no day to decide for; give travel_from, or --on")
        first = first or applied
        version = self.policies.versions[policy] if policy else self.policies.for_day(first)
        reading = version.readings.get(GOVERNING_DATE)
        if on is None and reading and reading.chosen == DATE_APPLIED and applied:
            return (version if policy else self.policies.for_day(applied)), applied
        if on is None and case.get("travel_from") is None:
            raise InputError("there is no day to decide for; give travel_from, or --on")
        return version, first


@dataclass
class Matter:
    """One case before the engine: everything that its decision is written from."""

    assessor: Assessor
    case: Case
    version: Version
    on: dt.date
    decided_on: dt.date
    forced: str | None
    asked_on: dt.date | None
    notes: tuple[str, ...]
    remembered: Mapping[str, Any]
    year_group: int = 0
    now: Answer = field(init=False)
    measurements: dict[str, Any] = field(default_factory=dict)

    @property
    def policies(self) -> Policies:
        return self.assessor.policies

    def answer_on(
        self,
        day: dt.date,
        *,
        version: Version | None = None,
        choices: Mapping[str, str] | None = None,
        case: Case | None = None,
        want_missing: bool = False,
    ) -> Answer:
        """What a version says of the case on a day; by default this one, with its own readings."""
        version = version or self.version
        return answer(
            case or self.case,
            version,
            self.policies,
            day,
            measured=self.measured(version, choices or {}),
            choices=choices,
            asked_on=self.on,
            want_missing=want_missing,
        )

    def measured(self, version: Version, choices: Mapping[str, str]) -> Measured:
        """What the area adds under the readings that change what is measured."""
        return self._measurement(version, choices)[0]

    def schools(self) -> dict[str, list[dict[str, Any]]]:
        """The schools around each home, as measured."""
        return self._measurement(self.version, {})[1]

    def figures(self) -> dict[str, int]:
        """The lengths measured, in millimetres, by fact."""
        return self._measurement(self.version, {})[2]

    def _measurement(
        self, version: Version, choices: Mapping[str, str]
    ) -> tuple[Measured, dict[str, list[dict[str, Any]]], dict[str, int]]:
        how = {name: choices.get(name, version.readings[name].chosen) for name in READINGS}
        key = "/".join(how[name] for name in READINGS)
        if key not in self.measurements:
            tolerance = version.parameters[TOLERANCE].on(self.on)
            assert isinstance(tolerance, int)
            if key in self.remembered:
                self.measurements[key] = decide.from_memory(self.remembered[key])
            else:
                self.measurements[key] = measure(self.case, self.assessor.area, self.year_group, how, tolerance)
        return self.measurements[key]  # type: ignore[no-any-return]

    def provenance(self) -> Provenance:
        """What a replay starts from."""
        area = self.assessor.area
        remembered = {key: decide.to_memory(value) for key, value in sorted(self.measurements.items())}
        area_hash = area.content_hash if area else self.remembered.get("area")
        return Provenance(
            rules=self.policies.rules_hash,
            policy=self.policies.policy_hashes[self.version.id],
            area=area_hash,
            engine=__version__,
            asked=Asked(on=self.asked_on, policy=self.forced, decided_on=self.decided_on),
            measured={**remembered, "area": area_hash} if area_hash else None,
            case=dict(self.case.supplied),
        )

    def with_award(self, award: Mapping[str, Any]) -> Case:
        """The case as it will be once an award is held."""
        known = {place: value for place, value in self.case.known.items() if place.split(".")[0] != "award"}
        return replace(self.case, known={**known, **{f"award.{key}": value for key, value in award.items()}})
