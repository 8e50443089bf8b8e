"""Reading `rules/` into the rulebook: every file checked key by key, every condition parsed and typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eligibility.errors import Mistakes, nearest
from eligibility.language.parsing import Kind
from eligibility.marked_yaml import Marked, first_words, read
from eligibility.rule_names import BECAUSE, MARGINS, ORDINAL, RuleNames, words
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
    Review,
    Rules,
    Words,
    needs,
)


@dataclass
class RuleFiles:
    """The rule files read but not yet parsed: enough to know every name."""

    grounds: dict[str, Marked] = field(default_factory=dict)
    definitions: dict[str, Marked] = field(default_factory=dict)
    notices: dict[str, Marked] = field(default_factory=dict)
    advice: list[Marked] = field(default_factory=list)
    measures: Marked | None = None
    timeline: Marked | None = None
    words: Marked | None = None
    review: Marked | None = None
    tags: set[str] = field(default_factory=set)
    places: dict[str, Marked] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


_GROUND = ("ground", "title", "kind", "outcome", "source", "conditions", "met", "not_met")
_GROUND_MORE = ("tags", "assumed", "measures", "home", "listed_when", "either_way", "lasts_until", "ends_when")


def read_rule_files(folder: Path, mistakes: Mistakes) -> RuleFiles:
    """Read every rule file and check its keys; conditions are parsed later, once all names are known."""
    found = RuleFiles()
    for path in sorted(folder.rglob("*.yaml")):
        before = len(mistakes.found)
        with mistakes.kept():
            _read_rule_file(read(path, folder), found)
        if len(mistakes.found) > before:
            found.unread |= first_words(path)
    mistakes.unread |= found.unread
    return found


def _read_rule_file(mark: Marked, found: RuleFiles) -> None:
    keys = mark.mapping()
    first = next(iter(keys), "")
    if "ground" in keys:
        keys = mark.mapping(_GROUND, _GROUND_MORE)
        _add(found.grounds, keys["ground"], mark, found.places)
        found.tags.update(keys["tags"].texts() if "tags" in keys else ())
    elif "definitions" in keys:
        for item in mark.mapping(("definitions",), ())["definitions"].items():
            name = item.mapping(("name", "means", "test", "source"), ("assumed", "means_not", "asked"))["name"]
            _add(found.definitions, name, item, found.places)
    elif "notice" in keys:
        keys = mark.mapping(("notice", "title", "length", "source", "conditions", "says"), ("assumed",))
        _add(found.notices, keys["notice"], mark, found.places)
    elif "advice" in keys:
        found.places.setdefault(mark.mapping(("about", "source", "advice"), ())["about"].text(), mark)
        found.advice.append(mark)
    elif first == "measures":
        found.measures = mark.mapping(("measures",), ())["measures"]
    elif first == "timeline":
        found.timeline = mark.mapping(("timeline",), ())["timeline"]
    elif first == "words":
        found.words = mark.mapping(("words",), ())["words"]
    elif first == "review":
        found.review = mark.mapping(("review",), ())["review"]
    else:
        kinds = ("ground", "definitions", "notice", "advice", "measures", "timeline", "words", "review")
        raise mark.error(f"a rule file begins with one of {', '.join(kinds)}{nearest(first, kinds)}")


def _add(into: dict[str, Marked], name: Marked, mark: Marked, places: dict[str, Marked]) -> None:
    if name.text() in places:
        raise name.error(f"{name.text()} is already defined in {places[name.text()].file}; every name stands once")
    into[name.text()] = mark
    places[name.text()] = mark


def parse_rules(found: RuleFiles, kinds: Mapping[str, Kind], mistakes: Mistakes) -> Rules:
    """Parse every condition. `kinds` holds facts, parameters and readings; conclusions are added here.

    Raises PolicyError for an unknown name, a type that does not fit, or rules that depend on one another in a circle.
    """
    for name in sorted(set(kinds) & (set(found.grounds) | set(found.definitions))):
        with mistakes.kept():
            raise found.places[name].error(f"{name} is already the name of a fact, parameter or reading")
    conclusions = {*found.grounds, *found.definitions, *(found.unread - set(kinds))}
    names = RuleNames(kinds, conclusions, frozenset(found.tags))
    definitions, measures, grounds, notices = {}, {}, {}, {}
    advice: list[Advice] = []
    timeline: list[Event] = []
    for name, mark in _readable(found.definitions, names, mistakes):
        with mistakes.kept(name):
            definitions[name] = _definition(mark, names)
    for name, mark in _readable(found.measures.mapping() if found.measures else {}, names, mistakes):
        with mistakes.kept(name):
            measures[name] = tuple(_measure(item, names) for item in mark.items())
    for name, mark in _readable(found.grounds, names, mistakes):
        with mistakes.kept(name):
            grounds[name] = _ground(mark, names, {*(found.measures.mapping() if found.measures else ()), *found.unread})
    for name, mark in _readable(found.notices, names, mistakes):
        with mistakes.kept(name):
            notices[name] = _notice(mark, names)
    for _, mark in _readable({str(mark): mark for mark in found.advice}, names, mistakes):
        with mistakes.kept(mark.value["about"].text()):
            advice.extend(_advice(mark, names))
    for _, mark in _readable(
        {str(item): item for item in found.timeline.items()} if found.timeline else {}, names, mistakes
    ):
        with mistakes.kept():
            timeline.append(_event(mark, names))
    plain: dict[str, Words] = {}
    for name, mark in found.words.mapping().items() if found.words else ():
        with mistakes.kept():
            plain[name] = _words(mark)
            found.places.setdefault(f"words:{name}", mark)
    review: list[Review] = []
    for step, mark in found.review.mapping().items() if found.review else ():
        with mistakes.kept():
            keys = mark.mapping(("says", "source"), ())
            review.append(Review(step, names.sentence(keys["says"]), mark.source(step)))
    rules = Rules(
        grounds,
        definitions,
        notices,
        tuple(advice),
        measures,
        tuple(timeline),
        plain,
        tuple(review),
        found.places,
    )
    with mistakes.kept():
        _check_layers(rules)
    return rules


def _readable(marks: Mapping[str, Marked], names: RuleNames, mistakes: Mistakes) -> Iterator[tuple[str, Marked]]:
    """The rules that read no figure or reading that a mistake in a version kept from being read."""
    blocked = mistakes.unread - names.conclusions - set(names.kinds)
    for name, mark in marks.items():
        if words(mark) & blocked:
            mistakes.unread.add(name)
        else:
            yield name, mark


def _definition(mark: Marked, names: RuleNames) -> Definition:
    keys = mark.value
    name = keys["name"].text()
    texts = {key: keys[key].text() for key in ("assumed", "means_not") if key in keys}
    if "asked" in keys:
        texts["asked"] = names.sentence(keys["asked"])
    return Definition(name, keys["means"].text(), names.condition(keys["test"]), mark.source(name), **texts)


def _words(mark: Marked) -> Words:
    keys = mark.mapping((), ("called", "asks", "choices"))
    choices = keys["choices"].mapping() if "choices" in keys else {}
    texts = {key: keys[key].text() for key in ("called", "asks") if key in keys}
    return Words(**texts, choices={choice: text.text() for choice, text in choices.items()})


def _notice(mark: Marked, names: RuleNames) -> Notice:
    keys = mark.value
    name = keys["notice"].text()
    silent = RuleNames({}, set(), frozenset())  # the sentences of a notice show no figures
    return Notice(
        name,
        title=keys["title"].text(),
        length=keys["length"].text(),
        source=mark.source(name),
        says=silent.sentence(keys["says"]),
        conditions=_conditions(keys["conditions"], names),
        assumed=keys["assumed"].text() if "assumed" in keys else "",
    )


def _conditions(mark: Marked, names: RuleNames) -> tuple[Condition, ...]:
    conditions = []
    for item in mark.items():
        keys = item.mapping(("test", "otherwise"), ("only_for_the_result",))
        guard = "only_for_the_result" in keys and keys["only_for_the_result"].boolean()
        conditions.append(Condition(names.condition(keys["test"]), names.sentence(keys["otherwise"], *MARGINS), guard))
    return tuple(conditions)


def parse_conditions(mark: Marked, kinds: Mapping[str, Kind], rules: Rules) -> tuple[Condition, ...]:
    """Conditions written outside `rules/` (a policy's transition), with the rules' conclusions as names."""
    tags = frozenset(tag for ground in rules.grounds.values() for tag in ground.tags)
    return _conditions(mark, RuleNames(kinds, {*rules.grounds, *rules.definitions}, tags))


def _ground(mark: Marked, names: RuleNames, measures: set[str]) -> Ground:
    keys = mark.value
    for key, choices in (
        ("kind", KINDS),
        ("outcome", OUTCOMES),
        ("measures", tuple(sorted(measures))),
        ("home", ("home", "other_home")),
    ):
        if key in keys and keys[key].text() not in choices:
            wrong = keys[key].text()
            raise keys[key].error(f"{wrong} is no {key}; expected {', '.join(choices)}{nearest(wrong, choices)}")
    texts = {key: keys[key].text() for key in ("assumed", "measures", "home", "ends_when") if key in keys}
    if "either_way" in keys:
        texts["either_way"] = names.sentence(keys["either_way"], *MARGINS)
    if "lasts_until" in keys:
        texts["lasts_until"] = names.of_type(keys["lasts_until"], "date")
    name = keys["ground"].text()
    return Ground(
        id=name,
        title=keys["title"].text(),
        kind=keys["kind"].text(),
        outcome=keys["outcome"].text(),
        source=mark.source(name),
        conditions=_conditions(keys["conditions"], names),
        met=names.sentence(keys["met"], *MARGINS),
        not_met=names.sentence(keys["not_met"], *MARGINS, BECAUSE),
        tags=frozenset(keys["tags"].texts() if "tags" in keys else ()),
        listed_when=names.condition(keys["listed_when"]) if "listed_when" in keys else None,
        **texts,
    )


def _measure(mark: Marked, names: RuleNames) -> Measure:
    keys = mark.mapping(("value", "limit"), ("when",))
    for key in ("value", "limit"):
        if keys[key].text() not in names.kinds:
            raise keys[key].error(f"{keys[key].text()} is not a known name{nearest(keys[key].text(), names.kinds)}")
    when = names.condition(keys["when"]) if "when" in keys else None
    return Measure(keys["value"].text(), keys["limit"].text(), when)


def _advice(mark: Marked, names: RuleNames) -> Iterator[Advice]:
    about = mark.value["about"].text()
    for item in mark.value["advice"].items():
        keys = item.mapping(("when", "says"), ())
        yield Advice(about, mark.source(about), names.condition(keys["when"]), names.sentence(keys["says"]), item)


def _event(mark: Marked, names: RuleNames) -> Event:
    keys = mark.mapping(("says",), ("birthday", "from", "until", "yearly"))
    kind = next((key for key in keys if key != "says"), "")
    if len(keys) != 2:
        raise mark.error("an event is exactly one of birthday, from, until, yearly")
    expected = {"birthday": "whole", "yearly": ""}.get(kind, "date")
    name = names.of_type(keys[kind], expected) if expected else keys[kind].text()
    return Event(kind, name, names.sentence(keys["says"], ORDINAL))


def _check_layers(rules: Rules) -> None:
    """A conclusion may be used only in a later layer: no circles."""
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        if name in path:
            raise rules.places[name].error(
                "rules depend on one another in a circle: " + " -> ".join((*path[path.index(name) :], name))
            )
        for other in sorted(needs(rules, name)):
            visit(other, (*path, name))
        done.add(name)

    for name in (*rules.definitions, *rules.grounds):
        visit(name, ())
