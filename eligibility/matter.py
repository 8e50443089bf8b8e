"""One case before the engine, under one version on one day: what its decision is written from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from eligibility import __version__
from eligibility.case import Case
from eligibility.decision import Asked, Provenance
from eligibility.errors import InputError
from eligibility.establish import Measured
from eligibility.in_force import Books
from eligibility.measurement import Measurement
from eligibility.outcome import Answer, answer
from eligibility.places import measure
from eligibility.policy import Policies, Version
from eligibility.reading_names import MEASURING

if TYPE_CHECKING:
    from eligibility.geography import Area

_TOLERANCES = {"postcode_centre": "postcode_centre_tolerance", "geocoded": "geocoding_tolerance"}
"""By kind of home that is an estimate, the parameter that says how far it is trusted."""
_WAYS_CHANGE_ON = "ways_change_on"


@dataclass(kw_only=True)
class Matter:
    """One case before the engine: everything that its decision is written from."""

    books: Books
    area: Area | None
    case: Case
    version: Version
    on: dt.date
    decided_on: dt.date
    forced: str | None
    """The version asked for, where it is not the day that chooses it."""
    asked_on: dt.date | None
    notes: tuple[str, ...]
    remembered: Mapping[str, Any]
    """Measurements of an earlier decision, by the readings they were made under."""
    year_group: int
    now: Answer = field(init=False)
    measurements: dict[str, Measurement] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.now = self.answer_on(self.on, want_missing=True)

    @property
    def policies(self) -> Policies:
        """The policies that the case is decided by."""
        return self.books.policies

    def answer_on(
        self,
        day: dt.date,
        *,
        version: Version | None = None,
        choices: Mapping[str, str] | None = None,
        case: Case | None = None,
        asked_on: dt.date | None = None,
        want_missing: bool = False,
    ) -> Answer:
        """What a version says of the case on a day; by default this one, with its own readings.

        `asked_on` is the day up to whose school year the family's income is known; by default the day of the decision.
        """
        version = version or self.version
        return answer(
            case or self.case,
            version,
            self.books,
            day,
            measured=self.measured(version, choices or {}, day),
            choices=choices,
            asked_on=asked_on or self.on,
            want_missing=want_missing,
            want_settled=True,
        )

    @cached_property
    def other(self) -> Answer | None:
        """What the version before (or after) says of the same day; None where it says nothing of it."""
        version = self.policies.other(self.version)
        try:
            return self.answer_on(self.on, version=version) if version else None
        except InputError:
            return None

    def measured(self, version: Version, choices: Mapping[str, str], day: dt.date | None = None) -> Measured:
        """What the area adds under the readings that change what is measured, on a day (by default the decision's)."""
        return self._measurement(version, choices, day or self.on).measured

    def schools(self) -> Mapping[str, list[dict[str, Any]]]:
        """The schools around each home, as measured."""
        return self._measurement(self.version, {}, self.on).schools

    def figures(self) -> Mapping[str, int]:
        """The lengths measured, in millimetres, by fact."""
        return self._measurement(self.version, {}, self.on).figures

    @cached_property
    def ways_change_on(self) -> tuple[dt.date, ...]:
        """The days from which other stretches are unsafe to walk than before, as the area has them, in order."""
        if self.area is not None:
            return self.area.ways_change_on
        return tuple(dt.date.fromisoformat(day) for day in self.remembered.get(_WAYS_CHANGE_ON, ()))

    def _measurement(self, version: Version, choices: Mapping[str, str], day: dt.date) -> Measurement:
        how = {name: choices.get(name, version.readings[name].chosen) for name in MEASURING}
        since = max((each for each in self.ways_change_on if each <= day), default=None)
        key = "/".join([*(how[name] for name in MEASURING), *([f"since {since}"] if since else [])])
        if key not in self.measurements:
            if key in self.remembered:
                self.measurements[key] = Measurement.from_memory(self.remembered[key])
            else:
                tolerances = {kind: version.whole(name, self.on) for kind, name in _TOLERANCES.items()}
                self.measurements[key] = measure(
                    self.case, self.area, self.year_group, on=day, choices=how, tolerances=tolerances
                )
        return self.measurements[key]

    def provenance(self) -> Provenance:
        """What a replay starts from."""
        remembered = {key: value.to_memory() for key, value in sorted(self.measurements.items())}
        area_hash = self.area.content_hash if self.area else self.remembered.get("area")
        changes = [day.isoformat() for day in self.ways_change_on]
        ways = {_WAYS_CHANGE_ON: changes} if changes else {}
        return Provenance(
            rules=self.policies.rules_hash,
            policy=self.policies.policy_hashes[self.version.id],
            area=area_hash,
            engine=__version__,
            asked=Asked(on=self.asked_on, policy=self.forced, decided_on=self.decided_on),
            measured={**remembered, **ways, "area": area_hash} if area_hash else None,
            case=dict(self.case.supplied),
        )

    def with_award(self, award: Mapping[str, Any]) -> Case:
        """The case as it will be once an award is held."""
        known = {place: value for place, value in self.case.known.items() if place.split(".")[0] != "award"}
        return replace(self.case, known={**known, **{f"award.{key}": value for key, value in award.items()}})
