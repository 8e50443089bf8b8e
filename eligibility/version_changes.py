"""What one version changes against another, thing by thing, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eligibility.policy import Parameter, Reading, Version


@dataclass(frozen=True)
class Withdrawn:
    """A ground or notice (`kind`) that the newer version no longer has."""

    kind: str
    name: str
    source: str


@dataclass(frozen=True)
class Added:
    """A ground or notice (`kind`) that the older version did not have."""

    kind: str
    name: str
    source: str


@dataclass(frozen=True)
class Figure:
    """A figure that is another than before; None where one version has none."""

    name: str
    before: Parameter | None
    after: Parameter | None
    source: str


@dataclass(frozen=True)
class Point:
    """An open point that is read otherwise than before, or is open, closed, asked or no longer asked."""

    name: str
    before: Reading | None
    after: Reading | None
    source: str


@dataclass(frozen=True)
class Kept:
    """What pupils with a legitimate expectation keep."""

    grounds: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Clarified:
    """What was only said more clearly, and changes nothing."""

    about: str
    says: str
    source: str


Changed = Withdrawn | Added | Figure | Point | Kept | Clarified


def changes(old: Version, new: Version) -> Iterator[Changed]:
    """Everything that `new` changes against `old`."""
    changed = {(change.kind, change.about): change for change in new.changes}
    for name in old.grounds:
        if name not in new.grounds:
            source = changed[("withdraw", name)].source if ("withdraw", name) in changed else "not in the other"
            yield Withdrawn("ground", name, source)
    yield from (Added("ground", name, source) for name, source in new.grounds.items() if name not in old.grounds)
    for name in dict.fromkeys((*old.notices, *new.notices)):
        if (name in old.notices) != (name in new.notices):
            kind = Added if name in new.notices else Withdrawn
            yield kind("notice", name, (new.notices if name in new.notices else old.notices)[name])
    for name in dict.fromkeys((*old.parameters, *new.parameters)):
        before, after = old.parameters.get(name), new.parameters.get(name)
        if _values(before) != _values(after):
            yield Figure(name, before, after, after.source if after else before.source if before else "")
    for name in dict.fromkeys((*old.readings, *new.readings)):
        was, now = old.readings.get(name), new.readings.get(name)
        if (was and was.chosen, was and was.others) != (now and now.chosen, now and now.others):
            yield Point(name, was, now, now.source if now else was.source if was else "")
    if new.transition and new.replaces == old.id:
        yield Kept(tuple(new.transition.protects), new.transition.source)
    for change in new.changes:
        if change.kind == "clarification":
            yield Clarified(change.about, change.says, change.source)


def _values(parameter: Parameter | None) -> object:
    return [value for _, value in parameter.values] if parameter else None
