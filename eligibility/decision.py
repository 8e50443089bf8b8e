"""A decision: the outcome, its reasons, its dates, and what it takes to replay it. Lengths in whole millimetres."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal["entitled", "refer", "not_entitled", "need_information"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ground(_Part):
    """One ground as tested. `margin_mm` is positive over the limit; `outcome` is what the ground leads to when met."""

    id: str
    title: str
    kind: Literal["statutory", "local", "discretionary"]
    outcome: Literal["entitled", "refer"]
    result: Literal["met", "not_met", "not_known"]
    home: Literal["home", "other_home"]
    value: dict[str, int]
    limit: dict[str, int]
    margin_mm: int | None
    reason: str
    source: str
    missing: list[str]
    carries: bool


class Protected(_Part):
    """A withdrawn element that the pupil keeps: under which version, by which reading, until when."""

    ground: str
    under: str
    reading: str
    until: dt.date | None
    ends_when: list[str]


class Withdrawn(_Part):
    """A withdrawn element the pupil would have had, and why it is not kept under each reading."""

    ground: str
    title: str
    by: str
    source: str
    because: dict[str, str]


class Event(_Part):
    """A day on which the decision changes by itself, and the outcome after it."""

    on: dt.date
    what: str
    outcome: Outcome


class Notice(_Part):
    """A period of notice: its school days, and the first day after it."""

    kind: str
    days: int | None
    starts_on: dt.date | None
    review_by_officer: bool
    statutory: bool
    source: str
    says: str


class Advice(_Part):
    """Advice about the service; never part of eligibility."""

    about: str
    says: str
    source: str


class OtherReading(_Part):
    """Another reading of the policy's words that gives another outcome."""

    name: str
    chosen: str
    other: str
    outcome: Outcome
    source: str


class OtherVersion(_Part):
    """What another version says of the same day."""

    policy: str
    outcome: Outcome


class School(_Part):
    """A school around the home, as measured: what a parent can check."""

    urn: str
    name: str
    attended: bool
    walking_mm: int | None
    road_mm: int | None
    suitable: bool | None
    place: bool | None
    note: str


class Review(_Part):
    """The last day on which a review is asked for in time."""

    ask_by: dt.date


class Asked(_Part):
    """What was asked: the options that a replay needs."""

    on: dt.date | None
    policy: str | None
    decided_on: dt.date


class Provenance(_Part):
    """Everything a replay needs, and the hashes that tell whether it still rests on the same ground."""

    rules: str
    policy: str
    area: str | None
    engine: str
    asked: Asked
    measured: dict[str, Any] | None
    case: dict[str, Any]


class Decision(_Part):
    """One pupil's decision under one version."""

    reference: str
    policy: str
    on: dt.date
    decided_on: dt.date
    outcome: Outcome
    summary: str
    grounds: list[Ground]
    protected: Protected | None
    withdrawn: list[Withdrawn]
    starts_on: dt.date | None
    ends_on: dt.date | None
    timeline: list[Event]
    notices: list[Notice]
    advice: list[Advice]
    missing: list[str]
    readings: list[OtherReading]
    assumptions: list[str]
    would_change: list[str]
    other_version: OtherVersion | None
    review: Review
    schools: list[School]
    checked_by: list[str]
    provenance: Provenance

    def as_dict(self) -> dict[str, Any]:
        """The decision in JSON types, keys in the order of the contract."""
        return self.model_dump(mode="json")

    def as_json(self, *, one_line: bool = False) -> str:
        """The decision as JSON text; the same decision gives the same bytes."""
        return to_json(self.as_dict(), one_line=one_line)


def to_json(value: Any, *, one_line: bool = False) -> str:
    """JSON as edtravel writes it everywhere, so that a replay can be compared byte for byte."""
    if one_line:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value, ensure_ascii=False, indent=2)
