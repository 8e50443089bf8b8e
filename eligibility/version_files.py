"""Reading one policy version: what it takes over from the one before, what it changes, who keeps what it withdraws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from eligibility.errors import nearest
from eligibility.language.parsing import Kind
from eligibility.marked_yaml import Marked
from eligibility.policy import Change, Expectation, Parameter, Transition, Version
from eligibility.policy_figures import read_parameter, read_reading, read_value
from eligibility.rule_files import parse_conditions
from eligibility.rulebook import Rules

_LAYERS = ("statute", "council")
_CHANGES = ("withdraw", "add_ground", "parameter", "add_notice", "withdraw_notice", "clarification")


def _sourced_day(mark: Marked) -> tuple[dt.date, str]:
    keys = mark.mapping(("value", "source"), ("assumed",))
    return keys["value"].date(), keys["assumed"].text() if "assumed" in keys else ""


def read_version(
    name: str,
    marks: Mapping[str, tuple[Marked, bool]],
    built: dict[str, Version],
    rules: Rules,
    kinds: Mapping[str, Kind],
    *,
    path: tuple[str, ...] = (),
) -> Version:
    """The version `name`, with all that it takes over from the versions it rests on; each is put into `built`.

    `path` names the versions that led here, to find a circle. Raises PolicyError for the first mistake.
    """
    if name in built:
        return built[name]
    mark, draft = marks[name]
    keys = mark.value
    text = {key: keys[key].text() for key in ("council", "layer", "statute", "replaces", "calendar") if key in keys}
    if text["layer"] not in _LAYERS:
        hint = nearest(text["layer"], _LAYERS)
        raise keys["layer"].error(f"{text['layer']} is not a layer; expected {' or '.join(_LAYERS)}{hint}")
    base: Version | None = None
    for link in ("statute", "replaces"):
        if link in text:
            if text[link] not in marks:
                others = [other for other in marks if other != name]
                raise keys[link].error(f"there is no version {text[link]}{nearest(text[link], others)}")
            if text[link] in path or text[link] == name:
                raise keys[link].error("versions replace one another in a circle")
            base = read_version(text[link], marks, built, rules, kinds, path=(*path, name))
    starts, assumed = _sourced_day(keys["from"])
    ends, ends_assumed = _sourced_day(keys["until"]) if "until" in keys else (None, "")
    grounds, notices = dict(base.grounds if base else {}), dict(base.notices if base else {})
    parameters, readings = dict(base.parameters if base else {}), dict(base.readings if base else {})
    own: dict[str, Marked] = {}
    for key, into, known in (("grounds", grounds, rules.grounds), ("notices", notices, rules.notices)):
        for item in keys[key].items() if key in keys else ():
            parts = item.mapping((key[:-1], "source"), ())
            into[_known(parts[key[:-1]], known, f"there is no {key[:-1]}")] = parts["source"].text()
    for parameter, item in keys["parameters"].mapping().items() if "parameters" in keys else ():
        parameters[parameter], own[parameter] = read_parameter(parameter, item, starts), item
    for reading, item in keys["readings"].mapping().items() if "readings" in keys else ():
        readings[reading], own[reading] = read_reading(reading, item), item
    changes = tuple(_change(item) for item in keys["changes"].items()) if "changes" in keys else ()
    for change in changes:
        if change.kind == "parameter":
            _change_parameter(change, parameters, starts)
        else:
            _apply(change, grounds, notices, rules)
    transition = _transition(keys["transition"], rules, kinds) if "transition" in keys else None
    built[name] = Version(
        name,
        keys["title"].text(),
        text["layer"],
        text.get("council", ""),
        starts,
        ends,
        text.get("replaces", ""),
        text.get("statute", base.statute if base and base.layer == "council" else ""),
        text.get("calendar", base.calendar if base else ""),
        grounds,
        notices,
        keys["advice"].texts() if "advice" in keys else (base.advice if base else ()),
        parameters,
        readings,
        transition,
        changes,
        tuple(filter(None, (assumed, ends_assumed))),
        draft,
        mark,
        own,
    )
    return built[name]


def _known(mark: Marked, known: Mapping[str, object], message: str) -> str:
    if mark.text() not in known:
        raise mark.error(f"{message} {mark.text()}{nearest(mark.text(), known)}")
    return mark.text()


def _change(mark: Marked) -> Change:
    keys = mark.mapping(("source",), (*_CHANGES, "value", "says", "unit", "choices", "assumed"))
    kinds = [kind for kind in _CHANGES if kind in keys]
    if len(kinds) != 1:
        raise mark.error(f"a change is exactly one of {', '.join(_CHANGES)}")
    return Change(
        kinds[0],
        keys[kinds[0]].text(),
        keys["source"].text(),
        mark,
        keys["says"].text() if "says" in keys else "",
    )


def _apply(change: Change, grounds: dict[str, str], notices: dict[str, str], rules: Rules) -> None:
    about = change.mark.value[change.kind]
    match change.kind:
        case "withdraw":
            del grounds[_known(about, grounds, "the version before has no ground")]
        case "add_ground":
            grounds[_known(about, rules.grounds, "there is no ground")] = change.source
        case "add_notice":
            notices[_known(about, rules.notices, "there is no notice")] = change.source
        case "withdraw_notice":
            del notices[_known(about, notices, "the version before has no notice")]


def _change_parameter(change: Change, parameters: dict[str, Parameter], starts: dt.date) -> None:
    about = change.mark.value[change.kind]
    old = parameters[_known(about, parameters, "the version before has no parameter")]
    keys = change.mark.mapping(("source", "parameter", "value"), ("says", "assumed", "unit", "choices"))
    value = read_value(keys["value"], old.unit, old.choices)
    written = f"{keys['value'].raw} {old.unit}"
    assumed = keys["assumed"].text() if "assumed" in keys else ""
    parameters[old.name] = Parameter(
        old.name, old.unit, change.source, ((starts, value),), written, assumed, old.choices
    )


def _transition(mark: Marked, rules: Rules, kinds: Mapping[str, Kind]) -> Transition:
    keys = mark.mapping(("source", "protects", "readings"), ())
    protects = {}
    for item in keys["protects"].items():
        parts = item.mapping(("ground", "source"), ())
        protects[_known(parts["ground"], rules.grounds, "there is no ground")] = parts["source"].text()
    readings = {}
    for name, item in keys["readings"].mapping().items():
        parts = item.mapping(("source", "says", "ends_when", "conditions"), ())
        readings[name] = Expectation(
            name,
            parts["source"].text(),
            parts["says"].text(),
            parts["ends_when"].texts(),
            parse_conditions(parts["conditions"], kinds, rules),
        )
    return Transition(keys["source"].text(), protects, readings)
