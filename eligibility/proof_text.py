"""What was proved, and the pupils that break what was not, as a page and as JSON."""

from __future__ import annotations

import datetime as dt
import itertools
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from eligibility import wording
from eligibility.policy import Policies
from eligibility.proving import settle
from eligibility.proving.asked import days_of
from eligibility.proving.property_files import IT
from eligibility.proving.settle import Pupil, Settled


@dataclass(frozen=True)
class Said:
    """What `assess` says of a pupil under a version: an outcome or a sentence, and by ground its result."""

    outcome: str
    results: Mapping[str, str] = field(default_factory=dict)


Decided = Mapping[tuple[str, str], Said]
"""By pupil (its reference) and version."""

_WORDS = {
    settle.PROVED: "proved",
    settle.FOUND: "found",
    settle.BROKEN: "BROKEN",
    settle.NOBODY: "NOBODY",
    settle.OPEN: "OPEN",
    settle.NOT_ASKED: "not asked",
    settle.FINDING: "finding",
}
_WHY = {
    settle.NOBODY: "There should be such a pupil, and there is none.",
    settle.OPEN: "It could not be settled in time, so nothing is said of it.",
}
_MEANT = (
    "This is what the draft changes, or a mistake in it. Where it is meant, the property is to name under versions: "
    "those of which it stays true."
)
_OUTCOMES = {
    "entitled": "entitled",
    "refer": "an officer decides",
    "not_entitled": "not entitled",
    "need_information": "more information needed",
}
_RESULTS = {"met": "met", "not_met": "not met", "not_known": "not known"}
LABEL = slice(2, 12)
"""Where on a line the word stands that says how it went."""
_INDENT = LABEL.stop
_LONGEST_ENTRY = 45
"""Characters of a key and its value in a case; the line is broken after the entry that passes the width."""


def page(policies: Policies, settled: Iterable[Settled], decided: Mapping[int, Decided], width: int) -> Iterator[str]:
    """The lines of the page, version by version and pair by pair. `decided` is by the id of what was settled."""
    for version, of_version in itertools.groupby(settled, lambda one: one.version):
        first, last = (wording.date(day) for day in days_of(policies.versions[version]))
        by_pair: dict[tuple[str, ...], list[Settled]] = {}
        rest: list[Settled] = []
        for one in of_version:
            (rest if one.status == settle.NOT_ASKED else by_pair.setdefault(one.against, [])).append(one)
        for against, found in sorted(by_pair.items()):
            beside = f" beside {' and '.join(against)}" if against else ""
            yield from textwrap.wrap(f"{version}{beside}: every pupil, every day from {first} to {last}", width)
            for _, group in itertools.groupby(found, lambda one: one.tested.says):
                yield from _group(policies, list(group), decided, width)
            yield ""
        yield from _not_asked(version, rest, width)


def _group(policies: Policies, group: list[Settled], decided: Mapping[int, Decided], width: int) -> Iterator[str]:
    """One property; where it was asked of several, those alike on one line."""
    by_status: dict[str, list[Settled]] = {}
    for one in group:
        by_status.setdefault(one.status, []).append(one)
    for status, found in by_status.items():
        if status in (settle.PROVED, settle.FOUND) and not any(one.pupils for one in found):
            yield from _line(_WORDS[status], _together(found), width)
            continue
        for one in found:
            yield from _line(_WORDS[status], one.sentence, width)
            yield from _details(policies, one, decided.get(id(one), {}), width)


def _together(found: list[Settled]) -> str:
    tested = found[0].tested
    if tested.for_each:
        several = f"each {tested.for_each.replace('_', ' ')}"
        return f"{tested.says.replace(IT, several)} ({len(found)})"
    nobody = " (there is no such pupil)" if found[0].empty else ""
    return tested.says + nobody


def _line(label: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=f"  {label:<{_INDENT - LABEL.start}}",
        subsequent_indent=" " * _INDENT,
        break_long_words=False,
    )


def _details(policies: Policies, one: Settled, decided: Decided, width: int) -> Iterator[str]:
    titles = {name: ground.title for name, ground in policies.rules.grounds.items()}
    told = [f"{one.tested.source} [{one.tested.place.file}:{one.tested.place.line}]"]
    told += [_WHY[one.status]] if one.status in _WHY else []
    told += [_MEANT] if one.status == settle.BROKEN and policies.versions[one.version].draft else []
    told += [f"Known, and recorded in {one.tested.finding}."] if one.tested.finding else []
    for text in told:
        yield from textwrap.wrap(text, width, initial_indent=" " * _INDENT, subsequent_indent=" " * _INDENT)
    for pupil in one.pupils:
        says = [
            f"Decided under {version}: {_OUTCOMES.get(said.outcome, said.outcome)}{_results(one, said, titles)}"
            for (reference, version), said in decided.items()
            if reference == pupil.case["reference"]
        ]
        yield from _pupil(pupil, one.pupils[0], says, width)


def _results(one: Settled, said: Said, titles: Mapping[str, str]) -> str:
    """What was decided of the grounds that the property names, as far as the decision lists them."""
    told = [f"; {titles[name]}: {_RESULTS[said.results[name]]}" for name in one.named if name in said.results]
    return "".join(told)


def _pupil(pupil: Pupil, first_pupil: Pupil, says: list[str], width: int) -> Iterator[str]:
    """One pupil; of a second one, only in what it differs from the first."""
    first, *answers = pupil.told
    indent = " " * _INDENT
    case = pupil.case
    if pupil is not first_pupil:
        answers = [answer for answer in answers if answer not in first_pupil.told]
        case = _apart(pupil.case, first_pupil.case)
    yield from textwrap.wrap(
        f"{wording.sentence(pupil.who)[:-1]}: {first}", width, initial_indent=indent, subsequent_indent=indent
    )
    for answer in answers:
        yield from textwrap.wrap(f"- {answer}", width, initial_indent=indent, subsequent_indent=indent + "  ")
    for said in says:
        yield from textwrap.wrap(said, width, initial_indent=indent, subsequent_indent=indent + "  ")
    yield indent + ("As a case:" if case is pupil.case else "As a case, the same but:")
    room = max(width - _INDENT - 2 - _LONGEST_ENTRY, 20)
    text = yaml.safe_dump(case, sort_keys=False, default_flow_style=None, width=room)
    yield from (f"{indent}  {line}" for line in text.splitlines())


def _apart(case: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What a case holds otherwise than another; what it leaves out is marked as not known."""
    found: dict[str, Any] = {}
    for key in dict.fromkeys([*case, *other]):
        mine, theirs = case.get(key), other.get(key)
        if key not in case:
            found[key] = "(not known)"
        elif isinstance(mine, dict) and isinstance(theirs, dict):
            found.update({key: apart} if (apart := _apart(mine, theirs)) else {})
        elif mine != theirs and key != "reference":
            found[key] = mine
    return found


def _not_asked(version: str, rest: list[Settled], width: int) -> Iterator[str]:
    readings: dict[str, set[str]] = {}
    for one in rest:
        if one.item:
            readings.setdefault(one.why, set()).add(one.item.partition(" read as ")[0])
    for why, names in readings.items():
        yield from _line("not asked", f"of {wording.listed(sorted(names))}: {why}", width)
    others = len({one.tested.says for one in rest if not one.item})
    if others:
        yield from _line("not asked", f"{others} more, of which {version} says nothing", width)
    if rest:
        yield ""


def summary(settled: list[Settled]) -> str:
    """How it went, in one sentence."""
    asked = [one for one in settled if one.status != settle.NOT_ASKED]
    wrong = [one for one in asked if not one.green]
    findings = sum(one.status == settle.FINDING for one in asked)
    held = len({one.tested.says for one in asked})
    said = "1 property" if held == 1 else f"{held} properties"
    said += ", settled once" if len(asked) == 1 else f", settled {len(asked)} times"
    if findings:
        said += f", {findings} of them known findings"
    if not wrong:
        return f"{said}: all is as it should be."
    counts = {
        status: sum(one.status == status for one in wrong) for status in dict.fromkeys(one.status for one in wrong)
    }
    return f"{said}: " + ", ".join(f"{count} {_WORDS[status].lower()}" for status, count in counts.items()) + "."


def as_object(policies: Policies, one: Settled, decided: Decided) -> dict[str, Any]:
    """One thing that was settled, in JSON types."""
    first, last = days_of(policies.versions[one.version])
    return {
        "property": one.sentence,
        "status": one.status,
        "policy": one.version,
        "beside": list(one.against),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "source": one.tested.source,
        "place": f"{one.tested.place.file}:{one.tested.place.line}",
        "nobody_to_whom_it_applies": one.empty,
        "why": one.why,
        "finding": one.tested.finding,
        "pupils": [
            {
                "who": pupil.who,
                "told": list(pupil.told),
                "decided": {v: said.outcome for (r, v), said in decided.items() if r == pupil.case["reference"]},
                "grounds": {
                    v: {name: said.results[name] for name in one.named if name in said.results}
                    for (r, v), said in decided.items()
                    if r == pupil.case["reference"]
                },
                "case": in_json_types(pupil.case),
            }
            for pupil in one.pupils
        ],
    }


def in_json_types(value: Any) -> Any:
    """A case with its dates as text."""
    match value:
        case dict():
            return {key: in_json_types(item) for key, item in value.items()}
        case list():
            return [in_json_types(item) for item in value]
        case dt.date():
            return value.isoformat()
        case _:
            return value
