"""What a test holds a version to that is put in the place of those it names: a draft, above all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eligibility import wording
from eligibility.errors import nearest
from eligibility.marked_yaml import Marked
from eligibility.policy import Policies, Version
from eligibility.testing.expectations import Expectation
from eligibility.testing.table_files import TableTest


@dataclass(frozen=True)
class NotHeld:
    """A pupil of a test that could not be held against the version put in its place, and why not."""

    test: TableTest
    policy: str
    why: str


@dataclass(frozen=True)
class HeldTo:
    """What a version is held to, and the version it is expected of where that is another; "" where it is not."""

    expected: tuple[Expectation, ...]
    of: str = ""


def held_to(test: TableTest, version: Version, policies: Policies) -> HeldTo | NotHeld:
    """What a test expects of a version, whether it names it or not.

    A draft is held to the sentences of the version that it is made from, unless the test says what is expected of the
    draft itself. A version that is no draft is held to what is expected of any version alike.
    """
    setting = test.setting
    line = _made_from(version, policies)
    of = next((each for each in line if each in setting.policies), "")
    by_version = any(setting.expected.get(each) for each in setting.policies)
    if setting.policies and not of and (version.draft or by_version):
        named = wording.listed(list(setting.policies))
        return NotHeld(test, version.id, f"it is a sentence of {named}, and {_not_of(version, line)}")
    expected = test.expectations(of or version.id)
    closed = next((why for _, why in not_open(test, version, expected)), "")
    if closed:
        return NotHeld(test, version.id, f"it reads an open point otherwise, and {closed}")
    return HeldTo(expected, "" if of == version.id else of)


def not_open(test: TableTest, version: Version, expected: Iterable[Expectation]) -> Iterator[tuple[Marked, str]]:
    """The choices of readings that a test is decided by, or speaks of, and that a version has not: where, and why."""
    read = [(mark, name, mark.text()) for name, mark in test.setting.readings.items()]
    for mark, name, choice in [*read, *((each.mark, *each.chooses) for each in expected if each.chooses)]:
        reading = version.readings.get(name)
        if reading is None:
            yield mark, f"{version.id} has no open point {name}{nearest(name, version.readings)}"
        elif choice not in (open_ones := (reading.chosen, *reading.others)):
            yield mark, f"{version.id} does not leave it open to read {name} as {choice}; it may be {_or(open_ones)}"


def _or(words: Iterable[str]) -> str:
    return wording.listed(list(words), "or")


def _made_from(version: Version, policies: Policies) -> list[str]:
    """A version; for a draft then what it is made from, up to the first that is no draft."""
    line = [version.id]
    for each in policies.with_those_before(version)[1:] if version.draft else ():
        line.append(each.id)
        if not each.draft:
            break
    return line


def _not_of(version: Version, line: list[str]) -> str:
    if not version.draft:
        return f"expects nothing of {version.id}"
    if len(line) == 1:
        return f"{version.id} does not say which version it is made from"
    return f"{version.id} is made from {line[-1]}"
