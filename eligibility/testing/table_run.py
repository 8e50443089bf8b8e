"""Running table tests: each pupil is decided in this process, by the reference engine, and held against its test."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from eligibility.assess import Assessor
from eligibility.errors import InputError, Mistakes, UsageError, nearest
from eligibility.policy import Policies, Version
from eligibility.testing.decided import Decided
from eligibility.testing.expectations import Expectation, Failure
from eligibility.testing.held_to import HeldTo, NotHeld, held_to, not_open
from eligibility.testing.table_files import TableTest, read_tests


@dataclass(frozen=True)
class Result:
    """How one pupil of a test came out under one version.

    `expected_of`: the version that it is expected of, where another stands in its place, "" where none does. `broken`:
    it holds there, and under the one in its place no longer.
    """

    test: TableTest
    decided: Decided
    expected: tuple[Expectation, ...]
    failures: tuple[Failure, ...]
    expected_of: str = ""
    broken: bool = False

    @property
    def policy(self) -> str:
        """The version that decided."""
        return self.decided.matter.version.id

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures

    def reasons(self) -> list[str]:
        """Why it came out so: the summary, and the grounds that carry it or were expected otherwise, with sources."""
        expected = {failure.about for failure in self.failures}
        told = [g for g in self.decided.grounds if g.result != "not_met" or g.id in expected]
        return [self.decided.decision.summary, *(f"{g.title}: {g.reason} [{g.source}]" for g in told)]


def files_of(paths: Iterable[str], policies: Policies, folders: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """The files of tests meant, and the versions that alone are asked about (none: every one).

    `paths` are files, folders of them, or ids of versions; where no file is meant, all that lie in `folders`.
    Raises UsageError where there is no such thing, or no file of tests.
    """
    found: list[Path] = []
    ids: list[str] = []
    for said in paths:
        path = Path(said)
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            found += sorted(path.rglob("*.yaml"))
        elif said in policies.versions:
            ids.append(said)
        else:
            hint = nearest(said, policies.versions)
            raise UsageError(f"there is no file, folder or policy version {said}{hint}")
    if len(ids) == len(list(paths)):
        found += (path for folder in folders for path in sorted(folder.rglob("*.yaml")))
    if not found:
        raise UsageError("there is no test there; a test is written in a YAML file (docs/testing-a-policy.md)")
    return list(dict.fromkeys(found)), ids


class TableTests:
    """Runs the tests of files against some policies.

    What is wrong with the files is kept in `mistakes`, and in `not_held` what says nothing of the version put in the
    place of all others.
    """

    def __init__(self, policies: Policies, *, policy: str | None = None, ids: Collection[str] = ()) -> None:
        """`policy`: decide every test under this version, whichever it names. `ids`: only tests about these."""
        self.policies, self.policy = policies, policies.version(policy) if policy else None
        self.ids = ids
        self.mistakes = Mistakes(collect=True)
        self.not_held: list[NotHeld] = []
        self._assessors: dict[tuple[tuple[str, str], ...], Assessor] = {}

    def run(
        self,
        files: Iterable[Path],
        *,
        chosen: Callable[[TableTest], bool] = lambda _: True,
    ) -> Iterator[Result]:
        """Every test of the files that is `chosen`, under each version that it is for."""
        for path in files:
            for test in read_tests(path, self.policies, self.mistakes):
                if chosen(test):
                    yield from self.results(test)

    def results(self, test: TableTest) -> Iterator[Result]:
        """One test under each version that it is for; a case that cannot be decided is a mistake of its file."""
        if self.policy:
            yield from self._in_place(test, self.policy)
            return
        for policy in test.setting.policies or [None]:
            with self.mistakes.kept():
                decided = self._decide(test, policy)
                version = decided.matter.version.id
                if not self.ids or version in self.ids:
                    expected = test.expectations(version)
                    for mark, why in not_open(test, self.policies.versions[version], expected):
                        raise mark.error(why)
                    yield Result(test, decided, expected, _failures(expected, decided))

    def _in_place(self, test: TableTest, version: Version) -> Iterator[Result]:
        """One test under the version put in the place of those that it names."""
        if self.ids and not {version.id, *test.setting.policies} & set(self.ids):
            return
        match held_to(test, version, self.policies):
            case NotHeld() as not_held:
                self.not_held.append(not_held)
            case HeldTo(expected, of):
                with self.mistakes.kept():
                    decided = self._decide(test, version.id)
                    failures = _failures(expected, decided)
                    broken = bool(of and failures) and not _failures(expected, self._decide(test, of))
                    yield Result(test, decided, expected, failures, of, broken)

    def _decide(self, test: TableTest, policy: str | None) -> Decided:
        setting = test.setting
        try:
            assessor = self._assessor(tuple(sorted(test.choices.items())))
            matter = assessor.matter(test.case, policy=policy, on=setting.on, decided=setting.decided)
        except InputError as error:
            raise test.written_at(error.message).error(f"no pupil can be so: {error.message}") from error
        return Decided(matter)

    def _assessor(self, choices: tuple[tuple[str, str], ...]) -> Assessor:
        """An assessor by whom open points are read so."""
        if choices not in self._assessors:
            self._assessors[choices] = Assessor(_read_otherwise(self.policies, dict(choices)), second=None)
        return self._assessors[choices]


def _failures(expected: Iterable[Expectation], decided: Decided) -> tuple[Failure, ...]:
    return tuple(filter(None, (each.failure(decided) for each in expected)))


def _read_otherwise(policies: Policies, choices: Mapping[str, str]) -> Policies:
    """The policies with open points read by other choices, in every version that has them."""
    versions = {}
    for name, version in policies.versions.items():
        readings = {
            reading.name: replace(reading, chosen=choices.get(reading.name, reading.chosen))
            for reading in version.readings.values()
        }
        versions[name] = replace(version, readings=readings)
    return replace(policies, versions=versions)
