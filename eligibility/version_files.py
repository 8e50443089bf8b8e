"""Reading one policy version: what it takes over from the one before, what it changes, who keeps what it withdraws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from eligibility.errors import Mistakes, nearest
from eligibility.language.parsing import Kind
from eligibility.marked_yaml import Marked
from eligibility.policy import Change, Expectation, Parameter, Reading, Transition, Version
from eligibility.policy_figures import read_parameter, read_reading, read_value
from eligibility.rule_files import parse_conditions
from eligibility.rule_names import words
from eligibility.rulebook import Rules

_LAYERS = ("statute", "council")
_LINKS = ("statute", "replaces")
_CHANGES: dict[str, tuple[str, ...]] = {
    "withdraw": ("says",),
    "add_ground": ("says",),
    "parameter": ("value", "says", "assumed"),
    "add_notice": ("says",),
    "withdraw_notice": ("says",),
    "clarification": ("says",),
}
"""The kinds of change, and what each may say beside its source."""


def _sourced_day(mark: Marked, of: str) -> tuple[dt.date, str]:
    keys = mark.mapping(("value", "source"), ("assumed",))
    mark.source(of)
    return keys["value"].date(), keys["assumed"].text() if "assumed" in keys else ""


@dataclass
class _Held:
    """What holds under a version so far: what it takes over, with its own changes put on top."""

    grounds: dict[str, str] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)

    def take_over(self, version: Version, known: Version | None) -> None:
        """Take over `version`, but not what it has itself from `known`, the statute it stood on."""
        for name in ("grounds", "notices", "parameters", "readings"):
            old = getattr(known, name) if known else {}
            held = {key: value for key, value in getattr(version, name).items() if old.get(key) != value}
            getattr(self, name).update(held)


def check_links(marks: Mapping[str, tuple[Marked, bool]], mistakes: Mistakes) -> None:
    """Raises PolicyError for a version that rests on one there is not."""
    for name, (mark, _) in marks.items():
        for link in _LINKS:
            with mistakes.kept(name):
                if link in mark.value and mark.value[link].text() not in {*marks, *mistakes.unread}:
                    wrong, others = mark.value[link].text(), [other for other in marks if other != name]
                    raise mark.value[link].error(f"there is no version {wrong}{nearest(wrong, others)}")


def read_version(
    name: str,
    marks: Mapping[str, tuple[Marked, bool]],
    built: dict[str, Version],
    rules: Rules,
    kinds: Mapping[str, Kind],
    *,
    mistakes: Mistakes,
    path: tuple[str, ...] = (),
) -> Version | None:
    """The version `name`, with all that it takes over from the versions it rests on; each is put into `built`.

    `path` names the versions that led here, to find a circle. Raises PolicyError for the first mistake; where mistakes
    are collected, a version that rests on an unreadable one is None.
    """
    if name in built or name in mistakes.unread:
        return built.get(name)
    mark, draft = marks[name]
    keys = mark.value
    text = {key: keys[key].text() for key in ("council", "layer", "statute", "replaces", "calendar") if key in keys}
    if text["layer"] not in _LAYERS:
        hint = nearest(text["layer"], _LAYERS)
        raise keys["layer"].error(f"{text['layer']} is not a layer; expected {' or '.join(_LAYERS)}{hint}")
    rests_on: dict[str, Version] = {}
    for link in _LINKS:
        if link in text:
            if text[link] in path or text[link] == name:
                raise keys[link].error("versions replace one another in a circle")
            found = read_version(text[link], marks, built, rules, kinds, mistakes=mistakes, path=(*path, name))
            if found is None:
                mistakes.unread.add(name)
                return None
            rests_on[link] = found
    statute, base = rests_on.get("statute"), rests_on.get("replaces")
    starts, assumed = _sourced_day(keys["from"], f"the first day of {name}")
    ends, ends_assumed = _sourced_day(keys["until"], f"the last day of {name}") if "until" in keys else (None, "")
    held = _Held()
    if statute:
        held.take_over(statute, None)
    if base:
        held.take_over(base, built.get(base.statute) if statute else None)
    own: dict[str, Marked] = {}
    for key, into, known in (("grounds", held.grounds, rules.grounds), ("notices", held.notices, rules.notices)):
        for item in keys[key].items() if key in keys else ():
            with mistakes.kept():
                parts = item.mapping((key[:-1], "source"), ())
                about = parts[key[:-1]]
                into[_known(about, {*known, *mistakes.unread}, f"there is no {key[:-1]}")] = item.source(about.text())
    for parameter, item in keys["parameters"].mapping().items() if "parameters" in keys else ():
        with mistakes.kept(parameter):
            held.parameters[parameter], own[parameter] = read_parameter(parameter, item, starts), item
    for reading, item in keys["readings"].mapping().items() if "readings" in keys else ():
        with mistakes.kept(reading):
            before = held.readings.get(reading)
            held.readings[reading], own[reading] = read_reading(reading, item, before), item
    changes: list[Change] = []
    for item in keys["changes"].items() if "changes" in keys else ():
        with mistakes.kept():
            change = _change(item)
            _refuse_twice(change, changes, own)
            changes.append(change)
            _apply(change, held, rules, starts, mistakes)
    transition = None
    if "transition" in keys:
        with mistakes.kept():
            transition = _transition(keys["transition"], rules, kinds, mistakes)
    built[name] = Version(
        name,
        keys["title"].text(),
        text["layer"],
        text.get("council", ""),
        starts,
        ends,
        text.get("replaces", ""),
        text.get("statute", base.statute if base and base.layer == "council" else ""),
        text.get("calendar", base.calendar if base else statute.calendar if statute else ""),
        held.grounds,
        held.notices,
        keys["advice"].texts() if "advice" in keys else base.advice if base else statute.advice if statute else (),
        held.parameters,
        held.readings,
        transition,
        tuple(changes),
        tuple(filter(None, (assumed, ends_assumed))),
        draft,
        mark,
        own,
    )
    return built[name]


def _known(mark: Marked, known: Collection[str], message: str) -> str:
    if mark.text() not in known:
        raise mark.error(f"{message} {mark.text()}{nearest(mark.text(), known)}")
    return mark.text()


def _change(mark: Marked) -> Change:
    more = sorted({key for keys in _CHANGES.values() for key in keys})
    keys = mark.mapping((), ("source", *_CHANGES, *more, "unit", "choices"))
    kinds = [kind for kind in _CHANGES if kind in keys]
    if len(kinds) != 1:
        raise mark.error(f"a change is exactly one of {', '.join(_CHANGES)}")
    kind, about = kinds[0], keys[kinds[0]].text()
    for key in keys:
        if key not in ("source", kind, *_CHANGES[kind]):
            may = ", ".join(("source", *_CHANGES[kind]))
            raise keys[key].error(f"{key} says nothing in a change of the kind {kind}, which has only {may}")
    return Change(
        kind, about, mark.source(f"the change to {about}"), mark, keys["says"].text() if "says" in keys else ""
    )


def _refuse_twice(change: Change, before: list[Change], own: Mapping[str, Marked]) -> None:
    about, kind = change.mark.value[change.kind], change.kind
    twice = kind != "clarification" and any((other.kind, other.about) == (kind, change.about) for other in before)
    if twice or (kind == "parameter" and change.about in own):
        raise about.error(f"{change.about} is changed twice in this version; keep one")


def _apply(change: Change, held: _Held, rules: Rules, starts: dt.date, mistakes: Mistakes) -> None:
    about = change.mark.value[change.kind]
    if change.about in mistakes.unread:
        return
    match change.kind:
        case "withdraw":
            del held.grounds[_known(about, held.grounds, "the version before has no ground")]
        case "add_ground":
            held.grounds[_known(about, rules.grounds, "there is no ground")] = change.source
        case "add_notice":
            held.notices[_known(about, rules.notices, "there is no notice")] = change.source
        case "withdraw_notice":
            del held.notices[_known(about, held.notices, "the version before has no notice")]
        case "parameter":
            old = held.parameters[_known(about, held.parameters, "the version before has no parameter")]
            held.parameters[old.name] = _changed(old, change, starts)


def _changed(old: Parameter, change: Change, starts: dt.date) -> Parameter:
    keys = change.mark.mapping(("value",))
    value = read_value(keys["value"], old.unit, old.choices)
    written = f"{keys['value'].raw or keys['value'].plain()} {old.unit}"
    assumed = keys["assumed"].text() if "assumed" in keys else ""
    return Parameter(old.name, old.unit, change.source, ((starts, value),), written, assumed, old.choices)


def _transition(mark: Marked, rules: Rules, kinds: Mapping[str, Kind], mistakes: Mistakes) -> Transition:
    keys = mark.mapping(("source", "protects", "readings"), ())
    protects: dict[str, str] = {}
    for item in keys["protects"].items():
        with mistakes.kept():
            parts = item.mapping(("ground", "source"), ())
            ground = _known(parts["ground"], {*rules.grounds, *mistakes.unread}, "there is no ground")
            protects[ground] = item.source(ground)
    readings: dict[str, Expectation] = {}
    for name, item in keys["readings"].mapping().items():
        if words(item) & (mistakes.unread - set(kinds)):
            continue
        with mistakes.kept():
            parts = item.mapping(("source", "says", "ends_when", "conditions"), ())
            readings[name] = Expectation(
                name,
                item.source(f"the reading {name}"),
                parts["says"].text(),
                parts["ends_when"].texts(),
                parse_conditions(parts["conditions"], kinds, rules),
            )
    return Transition(mark.source("the transition"), protects, readings)
