"""The ways in which two versions answer differently, as the prover finds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eligibility.engines.proof import Formula
from eligibility.policy import Version
from eligibility.proving.carriers import Carrier, Test


@dataclass(frozen=True)
class Example:
    """A pupil: the case, the facts that matter to the way, and what each version must say of the pupil.

    `matters` is empty where the pupil is one of a list and need not be told of.

    `met` holds for the old and the new version the ids of its grounds that are met, `notices` the notices that apply.
    """

    case: Mapping[str, Any]
    matters: frozenset[str]
    outcomes: tuple[str, str]
    met: tuple[frozenset[str], frozenset[str]]
    notices: tuple[frozenset[str], frozenset[str]]


@dataclass
class Variant:
    """A way told apart further: by the ground from the other home, or by what fails; with a pupil of its own."""

    ground: str = ""
    failing: tuple[Test, ...] = ()
    example: Example | None = None


@dataclass
class Way:
    """One way: `old` and `new` give the outcomes, `when` says of whom it is true.

    `through` are the grounds by which the other home carries the pupil, `because` what keeps the ground that carries
    the pupil under one version from doing so under the other. A pupil of the way is in one of `through`, and in one of
    `because` or in the way in which two readings part on the same ground.
    """

    old: Carrier
    new: Carrier
    when: Formula
    example: Example
    through: list[Variant] = field(default_factory=list)
    because: list[Variant] = field(default_factory=list)


ADDED, GONE, WAITS, NO_LONGER_WAITS, READ_OTHERWISE = "added", "gone", "waits", "no_longer_waits", "read_otherwise"
"""What changes of a notice: it applies under the new version only, under the old only; it applies under both and
travel waits for it under the new only, under the old only; or, of pupils who wait for nothing, it is read otherwise."""


@dataclass(frozen=True)
class NoticeWay:
    """A notice of which something changes (`change`) for a pupil who gets free travel by `by`, under the new version
    unless the notice applies, or is waited for, under the old one only.

    `statutory`: by law travel starts all the same.
    """

    notice: str
    change: str
    statutory: bool
    by: Carrier
    when: Formula
    example: Example


@dataclass
class Differences:
    """What differs for pupils between two versions, from the first day to the last.

    `outcomes` are the ways in which the outcome differs; `footing` those in which it is the same although the ground
    that gave it no longer does; `notices` the notices that are new, gone or read otherwise.

    `held_from` is the first day on which a pupil may have applied, where one version alone goes by that day.
    """

    old: Version
    new: Version
    first: dt.date
    last: dt.date
    held_from: dt.date
    outcomes: list[Way] = field(default_factory=list)
    footing: list[Way] = field(default_factory=list)
    notices: list[NoticeWay] = field(default_factory=list)
