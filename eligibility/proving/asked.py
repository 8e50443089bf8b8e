"""One version of which properties are asked: the days, the pupils and the other versions that they name."""

from __future__ import annotations

import datetime as dt
import functools

from eligibility.in_force import put_in_force
from eligibility.policy import Policies, Version
from eligibility.proving import property_names as said
from eligibility.proving.every_pupil import OLDEST, EveryPupil
from eligibility.proving.less_known import LessKnown
from eligibility.proving.under_version import UnderVersion

_YEARS_ON = 14
"""How long a proof goes on after the last day from which the version has another figure: a whole time at school."""


def days_of(version: Version) -> tuple[dt.date, dt.date]:
    """The days that a proof of a version covers: those on which it is in force.

    Where it has no last day: until the oldest pupil of the last of them was not born on the first, and a whole time at
    school after the last day from which a figure changes.
    """
    if version.ends:
        return version.starts, version.ends
    dated = [day.year + _YEARS_ON for parameter in version.parameters.values() for day, _ in parameter.values]
    return version.starts, dt.date(max([version.starts.year + OLDEST, *dated]), 8, 31)


class NotAsked(Exception):
    """The version says nothing of what a property names; the message says what."""


class Asked:
    """A version of which properties are asked, with the pupils and the other versions that they name."""

    def __init__(self, policies: Policies, version: Version) -> None:
        self.policies, self.version = policies, version
        self.first, self.last = days_of(version)
        self.pupil = EveryPupil(policies, self.first, self.last)
        self.book = put_in_force(policies, version)
        self.conclusions = tuple(self.book.conclusions)
        """The version's own conclusions, before those that only properties name."""
        conclusions = (said.concluded(policies, for_each) for for_each in ("", *said.FOR_EACH))
        self.known = frozenset(said.kinds_of(policies)).union(*conclusions)
        """Every name of a property without its ending."""
        self._twins: dict[tuple[str, ...], UnderVersion] = {}
        self._otherwise: dict[tuple[str, str], UnderVersion] = {}

    # -- the version and the pupil as seen from elsewhere ------------------------------------------------------------

    @functools.cached_property
    def main(self) -> UnderVersion:
        """The pupil under the version."""
        return UnderVersion(self.pupil, self.book)

    @functools.cached_property
    def before(self) -> UnderVersion:
        """The same pupil on the same day under the version that was replaced."""
        if not self.version.replaces:
            raise NotAsked(f"{self.version.id} replaces no version")
        return UnderVersion(self.pupil, put_in_force(self.policies, self.policies.versions[self.version.replaces]))

    @functools.cached_property
    def under_statute(self) -> UnderVersion:
        """The same pupil on the same day under statute alone."""
        if not self.version.statute:
            raise NotAsked(f"{self.version.id} has no statute under it")
        return UnderVersion(self.pupil, put_in_force(self.policies, self.policies.versions[self.version.statute]))

    @functools.cached_property
    def less_known_pupil(self) -> LessKnown:
        """The same pupil as far as it is known."""
        return LessKnown(self.pupil)

    @functools.cached_property
    def less_known(self) -> UnderVersion:
        """What the version says as far as the pupil is known."""
        return UnderVersion(self.less_known_pupil, self.book, all_known=False)

    @functools.cached_property
    def all_given(self) -> UnderVersion:
        """The same pupil with everything known that there is."""
        return UnderVersion(self.pupil, self.book, all_known=False)

    def twin(self, but: tuple[str, ...]) -> UnderVersion:
        """A second pupil, the same but for some facts."""
        if but not in self._twins:
            other = EveryPupil(self.policies, self.first, self.last, like=self.pupil, but=but)
            self._twins[but] = UnderVersion(other, self.book)
        return self._twins[but]

    def otherwise(self, reading: str, choice: str) -> UnderVersion:
        """The same pupil under another choice of a reading."""
        if (reading, choice) not in self._otherwise:
            self._otherwise[reading, choice] = UnderVersion(self.pupil, self.book, choices={reading: choice})
        return self._otherwise[reading, choice]
