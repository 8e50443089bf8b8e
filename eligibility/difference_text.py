"""The differences between two versions as a page that one would hand to a councillor."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

from eligibility import wording
from eligibility.proving.ways import Differences
from eligibility.told.entries import NOTICE, SAME, Entry, Line, Told

_NARROWEST, _WIDEST = 40, 100


def page(found: Differences, told: Told) -> str:
    """The whole page, as wide as the terminal up to 100 characters."""
    width = min(max(shutil.get_terminal_size((_WIDEST, 24)).columns, _NARROWEST), _WIDEST)
    return "\n".join(_lines(found, told, width))


def days(found: Differences) -> str:
    """The days that the proof covers."""
    return f"from {wording.date(found.first)} to {wording.date(found.last)}"


def proved(found: Differences) -> str:
    """What was proved, in one sentence."""
    other = "there is no other way in which an answer differs" if found.outcomes else "no answer differs"
    old, new = found.old.goes_by_application, found.new.goes_by_application
    if old == new:
        return f"Proved: {other}, for any pupil on any day {days(found)}."
    return (
        f"Proved: {other}, for any pupil whose first day of travel is any day {days(found)} and who applied on any day "
        f"from {wording.date(found.held_from)} to {wording.date(found.last)}."
    )


def _on_which_day(found: Differences) -> str:
    """On which day each version was applied to the pupils."""
    old, new = found.old.goes_by_application, found.new.goes_by_application
    if old == new:
        return f"on every day {days(found)}"
    by_application = "old" if old else "new"
    return (
        f"with every first day of travel {days(found)} and every day of the application; the {by_application} policy "
        "goes by the day of the application, the other by the first day of travel"
    )


def _lines(found: Differences, told: Told, width: int) -> Iterator[str]:
    yield "What changes for pupils"
    yield ""
    yield from _wrapped(
        f"Old policy: {found.old.title} [{found.old.id}]. New policy: {found.new.title} [{found.new.id}]. "
        f"Both were applied to every pupil of whom everything is known, {_on_which_day(found)}. "
        "A pupil can be in more than one of the ways below.",
        width,
    )
    heading, stated = "", False
    for entry in told.entries:
        if entry.heading != heading:
            if not stated and entry.heading in (SAME, NOTICE):
                stated = True
                yield ""
                yield from _wrapped(proved(found), width)
            heading = entry.heading
            yield ""
            lines = _wrapped(heading, width)
            yield from lines
            yield "-" * max(map(len, lines))
        yield from _entry(entry, width)
    if not stated:
        yield ""
        yield from _wrapped(proved(found), width)
    if found.new.advice or found.old.advice:
        yield ""
        yield from _wrapped(
            "Advice on the service (waiting, assistants, behaviour) never changes an answer; what differs in it stands "
            "among the changes of the text.",
            width,
        )


def _entry(entry: Entry, width: int) -> Iterator[str]:
    yield ""
    yield from _wrapped(
        f"{entry.title} [{entry.ground}]" if entry.ground else entry.title, width, f"{entry.number:3}. "
    )
    yield from _wrapped(" ".join(entry.says), width, " " * 5)
    if entry.pupil:
        yield from _wrapped(f"{entry.pupil.pupil}.", width, " " * 5, f"Pupil {entry.pupil.reference}: ")
    for introduction, lines in entry.lists.items():
        yield from _wrapped(introduction, width, " " * 5)
        for line in lines:
            yield from _line(line, width)


def _line(line: Line, width: int) -> Iterator[str]:
    if line.pupil:
        yield from _wrapped(f"{line.says}.", width, " " * 5, "- ")
        yield from _wrapped(f"{line.pupil}.", width, " " * 7, f"Pupil {line.reference}: ")
    else:
        yield from _wrapped(f"{line.says} (pupil {line.reference})", width, " " * 5, "- ")


def _wrapped(text: str, width: int, indent: str = "", mark: str = "") -> list[str]:
    """Lines that all start with `indent` (blank but on the first), the first with `mark` too."""
    further = " " * (len(indent) + (len(mark) if len(mark) <= 2 else 0))
    return textwrap.wrap(text, width, initial_indent=indent + mark, subsequent_indent=further, break_on_hyphens=False)
