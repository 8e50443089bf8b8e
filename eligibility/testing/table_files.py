"""Table tests: YAML files of sentences of policy, each with pupils and what is expected of them.

Every mistake is told with file, line and column. How a file is written is told in docs/testing-a-policy.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from eligibility.columns import CaseColumns
from eligibility.errors import Mistakes, PolicyError, nearest
from eligibility.facts import vocabulary
from eligibility.marked_yaml import Marked, read
from eligibility.policy import Policies
from eligibility.testing.background import BACKGROUNDS, NOT_KNOWN, Case, changed, twins
from eligibility.testing.expectations import Expectation, ExpectationReader, one_of

_OF_FILE = ("about", "policy", "on", "decided", "readings", "begin_with", "given")
_OF_TEST = ("policy", "on", "decided", "readings", "pupil", "expect", "columns", "rows")
_FACTS = ("given", "pupil")
_EXPECT = "expect"
_NOT_FACTS = ("policy", "on", "decided", "readings", _EXPECT)
"""The columns of a table that are no facts of a pupil, beside those that begin with `expect.`"""


@dataclass(frozen=True)
class Setting:
    """What is said so far of a pupil, of the version and days it is looked at by, and of what is expected."""

    background: str = "nothing"
    facts: Mapping[str, Marked] = field(default_factory=dict)
    policies: tuple[str, ...] = ()
    on: dt.date | None = None
    decided: dt.date | None = None
    readings: Mapping[str, Marked] = field(default_factory=dict)
    """The open points of the policy that are read otherwise than chosen, or said to be read so, by a choice of each."""
    expected: Mapping[str, tuple[Expectation, ...]] = field(default_factory=dict)
    """By version; what is expected under any of them under ""."""


@dataclass(frozen=True)
class TableTest:
    """One pupil and what is expected of it. `row` counts from 1 in a table, and is 0 where there is none."""

    name: str
    row: int
    mark: Marked
    setting: Setting

    @property
    def choices(self) -> dict[str, str]:
        """The open points that are read by a choice named here."""
        return {name: mark.text() for name, mark in self.setting.readings.items()}

    @property
    def case(self) -> Case:
        """The pupil as a case."""
        facts = {place: mark.plain() for place, mark in self.setting.facts.items()}
        return changed(BACKGROUNDS[self.setting.background](), facts)

    def expectations(self, policy: str) -> tuple[Expectation, ...]:
        """What is expected under a version."""
        return (*self.setting.expected.get("", ()), *self.setting.expected.get(policy, ()))

    def written_at(self, sentence: str) -> Marked:
        """The place of the fact that a sentence about the case begins with; that of the test where there is none."""
        places = sorted(self.setting.facts, key=len, reverse=True)
        return next((self.setting.facts[place] for place in places if sentence.startswith(place)), self.mark)


def read_tests(path: Path, policies: Policies, mistakes: Mistakes) -> list[TableTest]:
    """The tests of one file; what is wrong with it goes to `mistakes`, and the other tests are read."""
    folder = path.parent.parent if path.parent.name == "tests" else path.parent
    found: list[TableTest] = []
    with mistakes.kept():
        found += _Reader(policies, mistakes).file(read(path, folder))
    return found


def find_test_mistakes(folders: Iterable[Path], policies: Policies) -> list[PolicyError]:
    """What is wrong with the files of tests in some folders, as far as it can be told without deciding."""
    mistakes = Mistakes(collect=True)
    for path in (path for folder in folders for path in sorted(folder.rglob("*.yaml"))):
        read_tests(path, policies, mistakes)
    return mistakes.found


class _Reader:
    def __init__(self, policies: Policies, mistakes: Mistakes) -> None:
        self.policies, self.mistakes = policies, mistakes
        self.columns = CaseColumns()
        self.expects = ExpectationReader(policies)

    def file(self, mark: Marked) -> Iterator[TableTest]:
        _elsewhere(mark, set(_OF_TEST) - set(_OF_FILE), "of one test", "given")
        parts = mark.mapping(("tests",), _OF_FILE)
        shared = self._with(Setting(), parts, "given")
        if "begin_with" in parts:
            word = parts["begin_with"]
            if word.value not in BACKGROUNDS:
                raise word.error(f"expected {' or '.join(BACKGROUNDS)} here{nearest(str(word.value), BACKGROUNDS)}")
            shared = replace(shared, background=word.text())
        names: set[str] = set()
        for item in parts["tests"].items():
            with self.mistakes.kept():
                _elsewhere(item, set(_OF_FILE) - set(_OF_TEST), "of the whole file", "pupil")
                name = item.mapping(("name",), _OF_TEST)["name"]
                if name.text() in names:
                    raise name.error("another test of this file has the same name; each is a sentence of its own")
                names.add(name.text())
                yield from self._test(name.text(), item, shared)

    def _test(self, name: str, mark: Marked, shared: Setting) -> Iterator[TableTest]:
        parts = mark.value
        setting = self._with(shared, parts, "pupil")
        if ("rows" in parts) != ("columns" in parts):
            missing = "columns" if "rows" in parts else "rows"
            raise mark.error(f"{missing} is missing here; a table has columns (names) and rows (lists)")
        if "rows" not in parts:
            yield self._finished(name, 0, mark, setting)
            return
        headings: list[str] = []
        for item in parts["columns"].items():
            if self._heading(item) in headings:
                raise item.error(f"{item.text()} is a column already; keep one")
            headings.append(item.text())
        for number, row in enumerate(parts["rows"].items(), 1):
            with self.mistakes.kept():
                cells = row.items()
                if len(cells) != len(headings):
                    raise row.error(f"this row has {len(cells)} cells and the table has {len(headings)} columns")
                told = self._row(setting, dict(zip(headings, cells, strict=True)))
                yield self._finished(name, number, row, told)

    def _finished(self, name: str, row: int, mark: Marked, setting: Setting) -> TableTest:
        under = tuple(version for version in setting.expected if version)
        if not setting.policies:
            setting = replace(setting, policies=under)
        test = TableTest(name, row, mark, setting)
        for policy in setting.policies or ("",):
            if not test.expectations(policy):
                says = f" of {policy}" if under else ""
                raise mark.error(f"nothing is expected{says} here; expect an outcome, or some of {self._expected()}")
        for policy in under:
            if policy not in setting.policies:
                raise mark.error(f"something is expected of {policy}, which is not among the versions of this test")
        return test

    def _expected(self) -> str:
        return ", ".join(self.expects.names)

    def _with(self, setting: Setting, parts: Mapping[str, Marked], facts: str) -> Setting:
        """The setting with what is said here in place of what was said outside."""
        if facts in parts:
            setting = replace(setting, facts=_put_over(setting.facts, _each_once(self._facts(parts[facts], ""))))
        if "policy" in parts:
            setting = replace(setting, policies=tuple(map(self._version, _listed(parts["policy"]))))
        if "on" in parts:
            setting = replace(setting, on=parts["on"].date())
        if "decided" in parts:
            setting = replace(setting, decided=parts["decided"].date())
        if "readings" in parts:
            setting = replace(setting, readings={**setting.readings, **self.expects.choices(parts["readings"])})
        return self._expecting(setting, self.expects.read(parts[_EXPECT])) if _EXPECT in parts else setting

    @staticmethod
    def _expecting(setting: Setting, more: Mapping[str, list[Expectation]]) -> Setting:
        expected = dict(setting.expected)
        for policy, found in more.items():
            expected[policy] = (*expected.get(policy, ()), *found)
        return replace(setting, expected=expected)

    def _row(self, setting: Setting, cells: Mapping[str, Marked]) -> Setting:
        facts: list[tuple[str, Marked]] = []
        for heading, cell in cells.items():
            if heading.startswith(f"{_EXPECT}."):
                setting = self._expecting(setting, {"": self.expects.one(heading.removeprefix(f"{_EXPECT}."), cell)})
            elif heading in _NOT_FACTS:
                setting = self._with(setting, {heading: cell}, "")
            else:
                facts += self._facts(cell, heading)
        return replace(setting, facts=_put_over(setting.facts, _each_once(facts)))

    def _heading(self, mark: Marked) -> str:
        name = mark.text()
        if name not in _NOT_FACTS and name.removeprefix(f"{_EXPECT}.") not in self.expects.names:
            self._known(mark, name)
        return name

    def _version(self, mark: Marked) -> str:
        name = mark.text()
        if name not in self.policies.versions:
            raise mark.error(f"there is no policy version {name}{nearest(name, self.policies.versions)}")
        return name

    def _facts(self, mark: Marked, prefix: str) -> Iterator[tuple[str, Marked]]:
        """Each fact said here by its dotted name; parts of a case may be written within one another."""
        if prefix:
            self._known(mark, prefix)
        if isinstance(mark.value, dict) and (not prefix or self.columns.kind(prefix) == "section"):
            for key, item in mark.value.items():
                yield from self._facts(item, f"{prefix}.{key}" if prefix else key)
        elif not prefix:
            raise mark.error("expected facts of the pupil here, such as measured.walking_miles: 3")
        else:
            words = self._words(prefix)
            if words and mark.value not in (None, NOT_KNOWN):
                one_of(mark, words, f"a word for {prefix}")
            yield prefix, mark

    def _words(self, place: str) -> tuple[str, ...]:
        """The words that a fact may be; none where it is no word."""
        fact = vocabulary().by_case.get(place)
        lists = {"ground": tuple(self.policies.rules.grounds), "policy": tuple(self.policies.versions)}
        return (fact.words or lists.get(fact.type, ())) if fact else ()

    def _known(self, mark: Marked, place: str) -> None:
        if self.columns.kind(place) is None:
            raise mark.error(f"{place} is no fact of a pupil{_nearest_fact(place, self.columns.names)}")


def _nearest_fact(place: str, known: tuple[str, ...]) -> str:
    """The fact meant: one whose last word is the same or nearest, otherwise the nearest name as a whole."""
    leaf = place.rpartition(".")[2]
    ends = [name for name in known if name.rpartition(".")[2] == leaf]
    return f"; did you mean {ends[0]}?" if ends else nearest(place, known)


def _each_once(told: Iterable[tuple[str, Marked]]) -> dict[str, Marked]:
    """Facts told together, by name. Raises PolicyError where one is told twice, by itself or with the whole part."""
    found: dict[str, Marked] = {}
    for place, mark in told:
        for other, before in found.items():
            if place == other:
                raise mark.error(f"{place} is given twice, at line {before.line} too; keep one")
            if place.startswith(f"{other}."):
                raise mark.error(f"{place} is given, and {other} as a whole at line {before.line}; keep one")
            if other.startswith(f"{place}."):
                raise mark.error(f"{place} is given as a whole, and {other} at line {before.line}; keep one")
        found[place] = mark
    return found


def _elsewhere(mark: Marked, keys: set[str], of: str, facts: str) -> None:
    """Raises PolicyError for a key that stands elsewhere in a file; `facts` is what facts are given under here."""
    for key in sorted(keys & set(mark.value if isinstance(mark.value, dict) else ())):
        meant = f"did you mean {facts}?" if key in _FACTS else "it stands there alone"
        raise mark.value[key].error(f"{key} is {of}; {meant}")


def _put_over(facts: Mapping[str, Marked], more: Mapping[str, Marked]) -> dict[str, Marked]:
    """Facts with others in their place; one that is said of a whole part takes the place of what was said within it."""
    gone = {*more, *(twins()[place] for place in more if place in twins())}
    kept = {
        place: mark
        for place, mark in facts.items()
        if not any(place == over or place.startswith(f"{over}.") for over in gone)
    }
    return {**kept, **more}


def _listed(mark: Marked) -> list[Marked]:
    return mark.value if isinstance(mark.value, list) else [mark]
