"""Policy versions: what applied when, with a source beside every value.

A version is a dated file of `policy_versions/`. Statute is the layer under every council version; a council version
that replaces another holds only what changes. A draft can be modelled and compared and can never decide a case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from eligibility.errors import InputError, PolicyError, UsageError, nearest
from eligibility.language.expressions import Value
from eligibility.marked_yaml import Marked
from eligibility.reading_names import DATE_APPLIED, GOVERNING_DATE
from eligibility.rulebook import Condition, Rules
from eligibility.school_calendar import BankHolidays, SchoolCalendar

VERSION_STARTS, REPLACED_VERSION = "version_from", "replaced_version"
"""The facts that a version itself gives: the day it starts, and the version it replaces."""


@dataclass(frozen=True)
class Parameter:
    """A figure of the policy, by the day it holds from; whole millimetres, pence, years or days, a date, a word."""

    name: str
    unit: str
    source: str
    values: tuple[tuple[dt.date, object], ...]
    written: str
    assumed: str = ""
    choices: tuple[str, ...] = ()

    def on(self, day: dt.date) -> object:
        """The value on a day (the earliest one before its first day)."""
        current = self.values[0][1]
        for start, value in self.values:
            if start <= day:
                current = value
        return current


@dataclass(frozen=True)
class Reading:
    """An open point of the policy's words, settled as a named choice.

    `settled`: no other choice is open in this version. `refer_if_different`: where the choices give different outcomes
    an officer decides. `words` are a choice's words in a sentence, where they are not those of its name.
    """

    name: str
    chosen: str
    choices: tuple[str, ...]
    source: str
    assumed: str = ""
    settled: bool = False
    refer_if_different: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def in_words(self, choice: str) -> str:
        """A choice as it stands in a sentence."""
        return self.words.get(choice, choice.replace("_", " "))

    @property
    def others(self) -> tuple[str, ...]:
        """The choices that are still open beside the one chosen."""
        return () if self.settled else tuple(choice for choice in self.choices if choice != self.chosen)


@dataclass(frozen=True)
class Expectation:
    """Who keeps what was withdrawn, under one reading of legitimate expectation."""

    reading: str
    source: str
    says: str
    ends_when: tuple[str, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Transition:
    """What was withdrawn, and the readings of who keeps it. `protects` maps a ground id to its source."""

    source: str
    protects: Mapping[str, str]
    readings: Mapping[str, Expectation]


@dataclass(frozen=True)
class Change:
    """One change from the version before: its kind, what it is about, its source, and where it is written."""

    kind: str
    about: str
    source: str
    mark: Marked
    says: str = ""


@dataclass(frozen=True)
class Version:
    """One policy version with everything that holds under it, statute included."""

    id: str
    title: str
    layer: str
    council: str
    starts: dt.date
    ends: dt.date | None
    replaces: str
    statute: str
    calendar: str
    grounds: Mapping[str, str]
    notices: Mapping[str, str]
    advice: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Reading]
    transition: Transition | None
    changes: tuple[Change, ...]
    assumed: tuple[str, ...]
    draft: bool
    mark: Marked
    own: Mapping[str, Marked] = field(default_factory=dict)
    """Parameters and readings written in this version's own file, with their places."""

    def whole(self, parameter: str, day: dt.date) -> int:
        """A parameter's value on a day as a whole number: millimetres, pence, years or days, by its unit.

        Raises PolicyError where the version holds no whole number by this name.
        """
        value = self.parameters[parameter].on(day) if parameter in self.parameters else None
        if not isinstance(value, int):
            raise self.mark.error(f"{self.id} holds no whole number called {parameter}")
        return value

    @property
    def goes_by_application(self) -> bool:
        """Whether the day of the application governs, otherwise the first day of travel (reading `governing_date`)."""
        reading = self.readings.get(GOVERNING_DATE)
        return reading is not None and reading.chosen == DATE_APPLIED

    def in_force(self, day: dt.date) -> bool:
        """Whether the version applies on a day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Policies:
    """The rulebook and every version, calendar and list of days read from the two data folders."""

    rules: Rules
    versions: Mapping[str, Version]
    calendars: Mapping[str, SchoolCalendar]
    bank_holidays: BankHolidays
    rules_hash: str
    policy_hashes: Mapping[str, str]
    unread_drafts: str = ""
    """What is wrong with a draft, for which none was read: drafts decide nothing, so cases are decided all the same."""

    def version(self, name: str) -> Version:
        """The version with this id. Raises UsageError with the nearest one, PolicyError where drafts were not read."""
        if name not in self.versions and self.unread_drafts:
            raise PolicyError(self.unread_drafts)
        if name not in self.versions:
            raise UsageError(f"there is no policy version {name}{nearest(name, self.versions)}")
        return self.versions[name]

    def deciding(self, name: str) -> Version:
        """The version with this id, if it may decide a case."""
        version = self.version(name)
        if version.draft:
            raise UsageError(f"{name} is a draft; a draft can be modelled and compared and can never decide a case")
        return version

    def council_versions(self) -> list[Version]:
        """The versions of councils that may decide, oldest first."""
        found = [v for v in self.versions.values() if v.layer == "council" and not v.draft]
        return sorted(found, key=lambda v: (v.starts, v.id))

    def for_day(self, day: dt.date) -> Version:
        """The council version in force on a day. Raises InputError before the first or between two."""
        versions = self.council_versions()
        found = [version for version in versions if version.in_force(day)]
        if len(found) > 1:
            names = ", ".join(version.id for version in found)
            raise InputError(
                f"more than one version is in force on {day.isoformat()} ({names}); choose one with --policy"
            )
        if found:
            return found[0]
        first = min(version.starts for version in versions)
        if day < first:
            raise InputError(
                f"{day.isoformat()} is before the first policy version, which applies from {first.isoformat()}"
            )
        raise InputError(f"no policy version is in force on {day.isoformat()}")

    def check_held(self, version: Version, day: dt.date) -> None:
        """Raises InputError where the day is before the statute under the version is held."""
        statute = self.versions[version.statute] if version.statute else version
        if day < statute.starts:
            raise InputError(
                f"{day.isoformat()} is before the first policy version, which applies from {statute.starts.isoformat()}"
            )

    def latest_change(self) -> tuple[str, str]:
        """The newest version of a council that replaced another, and the one it replaced first."""
        changed = [version for version in self.council_versions() if version.replaces]
        if not changed:
            raise UsageError("no version replaces another; name the two with --policies OLD NEW")
        return changed[-1].replaces, changed[-1].id

    def other(self, version: Version) -> Version | None:
        """The version this one is compared with: the one it replaced, otherwise the one that replaced it."""
        if version.replaces:
            return self.versions[version.replaces]
        following = [v for v in self.versions.values() if v.replaces == version.id and not v.draft]
        return following[0] if following else None

    def with_those_before(self, version: Version) -> list[Version]:
        """The version and all those it replaced, one after another, latest first."""
        found = [version]
        while found[-1].replaces:
            found.append(self.versions[found[-1].replaces])
        return found

    def transition_of(self, version: Version, ground: str) -> Transition | None:
        """What says who keeps a ground under a version: of its own change, or the latest before it that withdrew it."""
        chain = (one.transition for one in self.with_those_before(version))
        return next((one for one in chain if one is not None and ground in one.protects), None)

    def successor(self, version: Version) -> Version | None:
        """The version that replaces this one, drafts aside."""
        return next((v for v in self.versions.values() if v.replaces == version.id and not v.draft), None)


def rule_value(value: object) -> Value:
    """A parameter's value as a rule reads it: dates as YYYYMMDD."""
    if isinstance(value, dt.date):
        return value.year * 10000 + value.month * 100 + value.day
    if isinstance(value, bool | int | str):
        return value
    raise TypeError(f"{type(value).__name__} is not a value a rule can read")


RULE_TYPES = {
    "miles": "length",
    "metres": "length",
    "pounds": "money",
    "years": "whole",
    "schools": "whole",
    "minutes": "whole",
    "school days": "whole",
    "working days": "whole",
    "year group": "whole",
    "percent": "whole",
    "date": "date",
    "word": "word",
}
"""What a parameter's unit makes it in a rule; other units are read by the engine alone."""
