"""Reading `rules/` into the rulebook: every file checked key by key, every condition parsed and typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eligibility.errors import nearest
from eligibility.language.parsing import Kind, parse_condition
from eligibility.marked_yaml import Marked, read
from eligibility.rulebook import (
    KINDS,
    OUTCOMES,
    Advice,
    Condition,
    Definition,
    Event,
    Ground,
    Measure,
    Notice,
    Rules,
    needs,
)


@dataclass
class RuleFiles:
    """The rule files read but not yet parsed: enough to know every name."""

    grounds: dict[str, Marked]
    definitions: dict[str, Marked]
    notices: dict[str, Marked]
    advice: list[Marked]
    measures: Marked | None
    timeline: Marked | None
    tags: frozenset[str]
    files: dict[str, Path]


_GROUND = ("ground", "title", "kind", "outcome", "source", "conditions", "met", "not_met")
_GROUND_MORE = ("tags", "assumed", "measures", "home", "listed_when", "either_way", "lasts_until", "ends_when")


def read_rule_files(folder: Path) -> RuleFiles:
    """Read every rule file and check its keys; conditions are parsed later, once all names are known."""
    found = RuleFiles({}, {}, {}, [], None, None, frozenset(), {})
    tags: set[str] = set()
    for path in sorted(folder.rglob("*.yaml")):
        mark = read(path)
        keys = mark.mapping()
        if "ground" in keys:
            keys = mark.mapping(_GROUND, _GROUND_MORE)
            _add(found.grounds, keys["ground"], mark, found.files, path)
            tags.update(keys["tags"].texts() if "tags" in keys else ())
        elif "definitions" in keys:
            for item in mark.mapping(("definitions",), ())["definitions"].items():
                name = item.mapping(("name", "means", "test", "source"), ("assumed",))["name"]
                _add(found.definitions, name, item, found.files, path)
        elif "notice" in keys:
            keys = mark.mapping(("notice", "title", "length", "source", "conditions", "says"), ("assumed",))
            _add(found.notices, keys["notice"], mark, found.files, path)
        elif "advice" in keys:
            found.files[mark.mapping(("about", "source", "advice"), ())["about"].text()] = path
            found.advice.append(mark)
        elif next(iter(keys)) == "measures":
            found.measures = mark.mapping(("measures",), ())["measures"]
        elif next(iter(keys)) == "timeline":
            found.timeline = mark.mapping(("timeline",), ())["timeline"]
        else:
            kinds = ("ground", "definitions", "notice", "advice", "measures", "timeline")
            first = next(iter(keys), "")
            raise mark.error(f"a rule file begins with one of {', '.join(kinds)}{nearest(first, kinds)}")
    found.tags = frozenset(tags)
    return found


def _add(into: dict[str, Marked], name: Marked, mark: Marked, files: dict[str, Path], path: Path) -> None:
    if name.text() in files:
        raise name.error(f"{name.text()} is already defined in {files[name.text()].name}; every name stands once")
    into[name.text()] = mark
    files[name.text()] = path


def parse_rules(found: RuleFiles, kinds: Mapping[str, Kind]) -> Rules:
    """Parse every condition. `kinds` holds facts, parameters and readings; conclusions are added here.

    Raises PolicyError for an unknown name, a type that does not fit, or rules that depend on one another in a circle.
    """
    clash = sorted(set(kinds) & (set(found.grounds) | set(found.definitions)))
    if clash:
        mark = found.grounds.get(clash[0]) or found.definitions[clash[0]]
        raise mark.error(f"{clash[0]} is already the name of a fact, parameter or reading")
    known = dict(kinds) | {name: Kind("boolean") for name in (*found.grounds, *found.definitions)}
    definitions = {}
    for name, mark in found.definitions.items():
        keys = mark.value
        definitions[name] = Definition(
            name,
            keys["means"].text(),
            parse_condition(keys["test"], known, found.tags),
            keys["source"].text(),
            keys["assumed"].text() if "assumed" in keys else "",
        )
    measures = {
        name: tuple(_measure(item, known) for item in lines.items())
        for name, lines in (found.measures.mapping().items() if found.measures else ())
    }
    grounds = {name: _ground(mark, known, found.tags, measures) for name, mark in found.grounds.items()}
    notices = {}
    for name, mark in found.notices.items():
        keys = mark.value
        notices[name] = Notice(
            name,
            title=keys["title"].text(),
            length=keys["length"].text(),
            source=keys["source"].text(),
            says=keys["says"].text(),
            conditions=_conditions(keys["conditions"], known, found.tags),
            assumed=keys["assumed"].text() if "assumed" in keys else "",
        )
    advice = [item for mark in found.advice for item in _advice(mark, known)]
    timeline = tuple(_event(item, kinds) for item in found.timeline.items()) if found.timeline else ()
    rules = Rules(grounds, definitions, notices, tuple(advice), measures, timeline, found.files)
    _check_layers(rules, found)
    return rules


def _conditions(mark: Marked, kinds: Mapping[str, Kind], tags: frozenset[str]) -> tuple[Condition, ...]:
    conditions = []
    for item in mark.items():
        keys = item.mapping(("test", "otherwise"), ("only_for_the_result",))
        guard = "only_for_the_result" in keys and keys["only_for_the_result"].boolean()
        conditions.append(Condition(parse_condition(keys["test"], kinds, tags), keys["otherwise"].text(), guard))
    return tuple(conditions)


def parse_conditions(mark: Marked, kinds: Mapping[str, Kind], rules: Rules) -> tuple[Condition, ...]:
    """Conditions written outside `rules/` (a policy's transition), with the rules' conclusions as names."""
    known = dict(kinds) | {name: Kind("boolean") for name in (*rules.grounds, *rules.definitions)}
    return _conditions(mark, known, frozenset(tag for ground in rules.grounds.values() for tag in ground.tags))


def _ground(
    mark: Marked, kinds: Mapping[str, Kind], tags: frozenset[str], measures: Mapping[str, tuple[Measure, ...]]
) -> Ground:
    keys = mark.value
    for key, choices in (
        ("kind", KINDS),
        ("outcome", OUTCOMES),
        ("measures", tuple(measures)),
        ("home", ("home", "other_home")),
    ):
        if key in keys and keys[key].text() not in choices:
            wrong = keys[key].text()
            raise keys[key].error(f"{wrong} is not a {key}; expected {', '.join(choices)}{nearest(wrong, choices)}")
    texts = {
        key: keys[key].text()
        for key in ("assumed", "measures", "home", "either_way", "lasts_until", "ends_when")
        if key in keys
    }
    return Ground(
        id=keys["ground"].text(),
        title=keys["title"].text(),
        kind=keys["kind"].text(),
        outcome=keys["outcome"].text(),
        source=keys["source"].text(),
        conditions=_conditions(keys["conditions"], kinds, tags),
        met=keys["met"].text(),
        not_met=keys["not_met"].text(),
        tags=frozenset(keys["tags"].texts() if "tags" in keys else ()),
        listed_when=parse_condition(keys["listed_when"], kinds, tags) if "listed_when" in keys else None,
        **texts,
    )


def _measure(mark: Marked, kinds: Mapping[str, Kind]) -> Measure:
    keys = mark.mapping(("value", "limit"), ("when",))
    for key in ("value", "limit"):
        if keys[key].text() not in kinds:
            raise keys[key].error(f"{keys[key].text()} is not a known name{nearest(keys[key].text(), kinds)}")
    return Measure(
        keys["value"].text(),
        keys["limit"].text(),
        parse_condition(keys["when"], kinds) if "when" in keys else None,
    )


def _advice(mark: Marked, kinds: Mapping[str, Kind]) -> Iterable[Advice]:
    for item in mark.value["advice"].items():
        keys = item.mapping(("when", "says"), ())
        when = parse_condition(keys["when"], kinds)
        yield Advice(mark.value["about"].text(), mark.value["source"].text(), when, keys["says"].text())


def _event(mark: Marked, kinds: Mapping[str, Kind]) -> Event:
    keys = mark.mapping(("says",), ("birthday", "from", "until", "yearly"))
    kind = next((key for key in keys if key != "says"), "")
    if len(keys) != 2:
        raise mark.error("an event is exactly one of birthday, from, until, yearly")
    name, expected = keys[kind].text(), "whole" if kind == "birthday" else "date"
    if kind != "yearly" and (name not in kinds or kinds[name].type != expected):
        raise keys[kind].error(f"{name} is not the name of a {expected}{nearest(name, kinds)}")
    return Event(kind, name, keys["says"].text())


def _check_layers(rules: Rules, found: RuleFiles) -> None:
    """A conclusion may be used only in a later layer: no circles."""
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        if name in path:
            mark = found.grounds.get(name) or found.definitions[name]
            raise mark.error(
                "rules depend on one another in a circle: " + " -> ".join((*path[path.index(name) :], name))
            )
        for other in sorted(needs(rules, name)):
            visit(other, (*path, name))
        done.add(name)

    for name in (*rules.definitions, *rules.grounds):
        visit(name, ())
