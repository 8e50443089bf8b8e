"""Reading `rules/` and `policy_versions/` into policies, every mistake with file, line and column."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from eligibility.errors import PolicyError, nearest
from eligibility.facts import Vocabulary, vocabulary
from eligibility.folders import policy_folder, rules_folder
from eligibility.language.parsing import Kind
from eligibility.marked_yaml import Marked, read
from eligibility.policy import (
    RULE_TYPES,
    Change,
    Expectation,
    Parameter,
    Policies,
    Reading,
    Transition,
    Version,
)
from eligibility.rulebook import RuleFiles, Rules, parse_conditions, parse_rules, read_rule_files
from eligibility.school_calendar import BankHolidays, SchoolCalendar, SchoolYear

_MM = {"miles": 1609344, "metres": 1000}
_CHANGES = ("withdraw", "add_ground", "parameter", "add_notice", "withdraw_notice", "clarification")
_VERSION_KEYS = [
    "council",
    "layer",
    "statute",
    "replaces",
    "calendar",
    "until",
    "grounds",
    "notices",
    "advice",
    "parameters",
    "readings",
    "changes",
    "transition",
]
VERSION_STARTS, REPLACED_VERSION = "version_from", "replaced_version"


@functools.cache
def policies() -> Policies:
    """The rulebook and policy versions that edtravel came with, or those of EDTRAVEL_RULES and its sister."""
    return load_policies(rules_folder(), policy_folder())


def load_policies(rules: Path, versions: Path) -> Policies:
    """Read both folders. Raises PolicyError for the first mistake found."""
    found = read_rule_files(rules)
    marks: dict[str, tuple[Marked, bool]] = {}
    paths: dict[str, Path] = {}
    for folder, draft in ((versions, False), (versions / "drafts", True)):
        for path in sorted(folder.glob("*.yaml")):
            mark = read(path)
            name = mark.mapping(("version", "title", "layer", "from"), tuple(_VERSION_KEYS))["version"]
            if name.text() in marks:
                raise name.error(f"the version {name.text()} stands twice")
            marks[name.text()], paths[name.text()] = (mark, draft), path
    terms = vocabulary()
    kinds = _kinds(terms, found, marks)
    book = parse_rules(found, kinds)
    calendars, holidays = _calendars(versions / "calendars")
    built: dict[str, Version] = {}
    for version_id in marks:
        _version(version_id, marks, built, book, kinds, ())
    for version in built.values():
        if version.calendar and version.calendar not in calendars:
            raise version.mark.error(f"there is no calendar {version.calendar}{nearest(version.calendar, calendars)}")
    shared = [*sorted((versions / "calendars").glob("*.yaml"))]
    hashes: dict[str, str] = {}
    for version in built.values():
        chain = [paths[link] for link in _chain(version, built)]
        hashes[version.id] = _hash([*chain, *shared])
    return Policies(book, built, calendars, holidays, _hash(sorted(rules.rglob("*.yaml"))), hashes)


def _chain(version: Version, built: Mapping[str, Version]) -> list[str]:
    names = [version.id]
    for link in (version.statute, version.replaces):
        if link:
            names += [name for name in _chain(built[link], built) if name not in names]
    return names


def _hash(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return "sha256:" + total.hexdigest()


def _kinds(terms: Vocabulary, found: RuleFiles, marks: Mapping[str, tuple[Marked, bool]]) -> dict[str, Kind]:
    """The names a condition may use: facts, and the parameters and readings of every version."""
    kinds = terms.kinds()
    lists = {"ground": frozenset(found.grounds), "policy": frozenset(marks)}
    for fact in terms.facts:
        if fact.name and fact.type in lists:
            kinds[fact.name] = Kind("word", lists[fact.type], bool(fact.other_home))
    kinds[VERSION_STARTS], kinds[REPLACED_VERSION] = Kind("date"), Kind("word", frozenset(marks))
    for mark, _ in marks.values():
        for name, item in mark.value["parameters"].mapping().items() if "parameters" in mark.value else ():
            keys = item.mapping((), ("value", "unit", "source", "assumed", "choices", "dated"))
            unit = keys["unit"].text() if "unit" in keys else ""
            if unit in RULE_TYPES:
                words = frozenset(keys["choices"].texts()) if "choices" in keys else None
                kinds[name] = Kind(RULE_TYPES[unit], words)
        for name, item in mark.value["readings"].mapping().items() if "readings" in mark.value else ():
            kinds[name] = Kind("word", frozenset(_reading(name, item).choices))
    return kinds


def _reading(name: str, mark: Marked) -> Reading:
    keys = mark.mapping(("chosen", "choices", "source"), ("assumed", "settled", "refer_if_different"))
    choices = keys["choices"].texts()
    chosen = keys["chosen"].text()
    if chosen not in choices:
        raise keys["chosen"].error(
            f"{chosen} is not one of its choices ({', '.join(choices)}){nearest(chosen, choices)}"
        )
    return Reading(
        name,
        chosen,
        choices,
        keys["source"].text(),
        keys["assumed"].text() if "assumed" in keys else "",
        "settled" in keys and keys["settled"].boolean(),
        "refer_if_different" in keys and keys["refer_if_different"].boolean(),
    )


def _value(mark: Marked, unit: str, choices: tuple[str, ...]) -> object:
    """A parameter's value in whole millimetres, pence, years or days, as a date or a word."""
    value = mark.value
    if unit in _MM or unit == "pounds":
        try:
            exact = Decimal(str(value)) * (_MM.get(unit) or 100)
        except InvalidOperation as error:
            raise mark.error(f"expected a number of {unit}") from error
        if exact != exact.to_integral_value() or exact < 0:
            raise mark.error(
                f"{unit} must come to whole {'pence' if unit == 'pounds' else 'millimetres'}, not below zero"
            )
        return int(exact)
    if RULE_TYPES.get(unit) == "whole":
        return mark.whole()
    if unit == "date":
        return mark.date()
    if unit == "word":
        if mark.text() not in choices:
            raise mark.error(f"{mark.text()} is not one of its choices{nearest(mark.text(), choices)}")
        return mark.text()
    return mark.texts() if isinstance(mark.value, list) else mark.text()


def _parameter(name: str, mark: Marked, starts: dt.date) -> Parameter:
    keys = mark.mapping(("unit",), ("value", "source", "assumed", "choices", "dated"))
    if "source" not in keys:
        raise mark.error(f"{name} has no source; every value says where it comes from")
    unit = keys["unit"].text()
    choices = keys["choices"].texts() if "choices" in keys else ()
    if ("value" in keys) == ("dated" in keys):
        raise mark.error(f"{name} needs either a value or dated values")
    if "value" in keys:
        values: list[tuple[dt.date, object]] = [(starts, _value(keys["value"], unit, choices))]
        written = f"{keys['value'].raw or keys['value'].plain()} {unit}"
    else:
        lines = [item.mapping(("from", "value"), ()) for item in keys["dated"].items()]
        values = [(line["from"].date(), _value(line["value"], unit, choices)) for line in lines]
        if [start for start, _ in values] != sorted({start for start, _ in values}):
            raise keys["dated"].error("dated values stand in order of their days, each day once")
        written = "; ".join(f"{line['value'].raw} {unit} from {line['from'].raw}" for line in lines)
    assumed = keys["assumed"].text() if "assumed" in keys else ""
    return Parameter(name, unit, keys["source"].text(), tuple(values), written, assumed, choices)


def _sourced_day(mark: Marked) -> tuple[dt.date, str]:
    keys = mark.mapping(("value", "source"), ("assumed",))
    return keys["value"].date(), keys["assumed"].text() if "assumed" in keys else ""


def _version(
    name: str,
    marks: Mapping[str, tuple[Marked, bool]],
    built: dict[str, Version],
    rules: Rules,
    kinds: Mapping[str, Kind],
    path: tuple[str, ...],
) -> Version:
    if name in built:
        return built[name]
    mark, draft = marks[name]
    keys = mark.value
    text = {key: keys[key].text() for key in ("council", "layer", "statute", "replaces", "calendar") if key in keys}
    base: Version | None = None
    for link in ("statute", "replaces"):
        if link in text:
            if text[link] not in marks:
                raise keys[link].error(f"there is no version {text[link]}{nearest(text[link], marks)}")
            if text[link] in path or text[link] == name:
                raise keys[link].error("versions replace one another in a circle")
            base = _version(text[link], marks, built, rules, kinds, (*path, name))
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
        parameters[parameter], own[parameter] = _parameter(parameter, item, starts), item
    for reading, item in keys["readings"].mapping().items() if "readings" in keys else ():
        readings[reading], own[reading] = _reading(reading, item), item
    changes = tuple(_change(item) for item in keys["changes"].items()) if "changes" in keys else ()
    for change in changes:
        _apply(change, grounds, notices, parameters, rules, starts)
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


def _apply(
    change: Change,
    grounds: dict[str, str],
    notices: dict[str, str],
    parameters: dict[str, Parameter],
    rules: Rules,
    starts: dt.date,
) -> None:
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
        case "parameter":
            old = parameters[_known(about, parameters, "the version before has no parameter")]
            keys = change.mark.mapping(("source", "parameter", "value"), ("says", "assumed", "unit", "choices"))
            value = _value(keys["value"], old.unit, old.choices)
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


def _calendars(folder: Path) -> tuple[dict[str, SchoolCalendar], BankHolidays]:
    calendars: dict[str, SchoolCalendar] = {}
    holidays: BankHolidays | None = None
    for path in sorted(folder.glob("*.yaml")):
        keys = read(path).mapping(("calendar", "title"), ("school_years", "days", "until", "source"))
        if "days" in keys:
            days = frozenset(item.date() for item in keys["days"].items())
            holidays = BankHolidays(days, keys["until"].date(), keys["source"].text())
            continue
        years = []
        for item in keys["school_years"].items():
            parts = item.mapping(("school_year", "source", "blocks"), ("assumed",))
            pairs = [tuple(day.date() for day in block.items()) for block in parts["blocks"].items()]
            if any(len(pair) != 2 or pair[0] > pair[1] for pair in pairs) or pairs != sorted(pairs):
                raise parts["blocks"].error("each block is a first and a last day, and the blocks stand in order")
            assumed = parts["assumed"].text() if "assumed" in parts else ""
            blocks = tuple((pair[0], pair[1]) for pair in pairs)
            years.append(SchoolYear(parts["school_year"].text(), blocks, parts["source"].text(), assumed))
        years.sort(key=lambda year: year.blocks[0][0])
        calendars[keys["calendar"].text()] = SchoolCalendar(keys["calendar"].text(), keys["title"].text(), tuple(years))
    if holidays is None:
        raise PolicyError("no calendar of bank holidays is held", file=folder.name)
    return calendars, holidays
