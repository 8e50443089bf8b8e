"""Reading `rules/` and `policy_versions/` into policies, every mistake with file, line and column."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from eligibility.calendar_files import read_calendars
from eligibility.errors import Mistakes, PolicyError, nearest
from eligibility.facts import Vocabulary, vocabulary
from eligibility.folders import drafts_folder, policy_folder, rules_folder
from eligibility.language.parsing import Kind
from eligibility.marked_yaml import Marked, first_words, parse, read
from eligibility.policy import REPLACED_VERSION, RULE_TYPES, VERSION_STARTS, Policies, Version
from eligibility.policy_figures import read_reading, read_unit
from eligibility.rule_files import parse_rules, read_rule_files
from eligibility.version_files import check_links, read_version

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


@functools.cache
def policies() -> Policies:
    """The rulebook and policy versions that edtravel came with, or those of EDTRAVEL_RULES and its sister.

    A mistake in a draft leaves all drafts out, and is told to whoever asks for one.
    """
    rules, versions, drafts = rules_folder(), policy_folder(), drafts_folder()
    try:
        return load_policies(rules, versions, drafts)
    except PolicyError as error:
        without = load_policies(rules, versions, drafts / "none")
        return replace(without, unread_drafts=error.message)


def load_policies(rules: Path, versions: Path, drafts: Path | None = None) -> Policies:
    """Read the folders, drafts by default from that of the versions. Raises PolicyError for the first mistake found."""
    return _load(rules, versions, drafts or versions / "drafts", Mistakes())


def find_mistakes(rules: Path, versions: Path, drafts: Path | None = None) -> list[PolicyError]:
    """What is wrong with the files of both folders taken one by one; empty where they can be loaded.

    Nothing is said of what a mistake kept from being read.
    """
    mistakes = Mistakes(collect=True)
    with mistakes.kept():
        _load(rules, versions, drafts or versions / "drafts", mistakes)
    return mistakes.found


def with_draft(held: Policies, text: str, file: str) -> Policies:
    """The policies and one draft more, whose `text` is read as the `file` of a draft is. Raises PolicyError."""
    mark = parse(text, file)
    name = mark.mapping(("version", "title", "layer", "from"), tuple(_VERSION_KEYS))["version"]
    if name.text() in held.versions:
        raise name.error(f"the version {name.text()} stands twice")
    marks = {version.id: (version.mark, version.draft) for version in held.versions.values()}
    marks[name.text()] = (mark, True)
    mistakes, built = Mistakes(), dict(held.versions)
    check_links(marks, mistakes)
    kinds = _kinds(vocabulary(), held.rules.grounds, marks, mistakes)
    read_version(name.text(), marks, built, held.rules, kinds, mistakes=mistakes)
    under = "".join(held.policy_hashes[link] for link in _chain(built[name.text()], built)[1:])
    hashed = "sha256:" + hashlib.sha256((under + text).encode()).hexdigest()
    return replace(held, versions=built, policy_hashes={**held.policy_hashes, name.text(): hashed})


def _load(rules: Path, versions: Path, drafts: Path, mistakes: Mistakes) -> Policies:
    found = read_rule_files(rules, mistakes)
    marks: dict[str, tuple[Marked, bool]] = {}
    paths: dict[str, Path] = {}
    for folder, root, draft in ((versions, versions, False), (drafts, drafts.parent, True)):
        for path in sorted(folder.glob("*.yaml")):
            before = len(mistakes.found)
            with mistakes.kept():
                mark = read(path, root)
                name = mark.mapping(("version", "title", "layer", "from"), tuple(_VERSION_KEYS))["version"]
                if name.text() in marks:
                    raise name.error(f"the version {name.text()} stands twice")
                marks[name.text()], paths[name.text()] = (mark, draft), path
            if len(mistakes.found) > before:
                mistakes.unread |= first_words(path)
    linked = len(mistakes.found)
    check_links(marks, mistakes)
    if len(mistakes.found) > linked:
        raise mistakes.found[-1]  # which names there are hangs on the version that is missing
    kinds = _kinds(vocabulary(), found.grounds, marks, mistakes)
    book = parse_rules(found, kinds, mistakes)
    calendars, holidays = read_calendars(versions, mistakes)
    built: dict[str, Version] = {}
    for version_id in marks:
        with mistakes.kept(version_id):
            read_version(version_id, marks, built, book, kinds, mistakes=mistakes)
    for version in built.values():
        if version.calendar and version.calendar not in {*calendars, *mistakes.unread}:
            with mistakes.kept():
                where = version.mark.mapping().get("calendar", version.mark)
                raise where.error(f"there is no calendar {version.calendar}{nearest(version.calendar, calendars)}")
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


def _kinds(
    terms: Vocabulary, grounds: Iterable[str], marks: Mapping[str, tuple[Marked, bool]], mistakes: Mistakes
) -> dict[str, Kind]:
    """The names a condition may use: facts, and the parameters and readings of every version."""
    kinds = terms.kinds()
    lists = {"ground": frozenset(grounds), "policy": frozenset(marks)}
    for fact in terms.facts:
        if fact.name and fact.type in lists:
            kinds[fact.name] = Kind("word", lists[fact.type], bool(fact.other_home))
    kinds[VERSION_STARTS], kinds[REPLACED_VERSION] = Kind("date"), Kind("word", frozenset(marks))
    for mark, _ in marks.values():
        for name, item in mark.value["parameters"].mapping().items() if "parameters" in mark.value else ():
            with mistakes.kept(name):
                unit = read_unit(name, item)
                if unit in RULE_TYPES:
                    words = frozenset(item.value["choices"].texts()) if "choices" in item.value else None
                    kinds[name] = Kind(RULE_TYPES[unit], words)
        for name, item in mark.value["readings"].mapping().items() if "readings" in mark.value else ():
            with mistakes.kept(name):
                kinds[name] = Kind("word", frozenset(read_reading(name, item).choices))
    return kinds
