"""Notices that are new, gone or read otherwise, in words."""

from __future__ import annotations

from eligibility import wording
from eligibility.policy import Version
from eligibility.proving.ways import ADDED, GONE, READ_OTHERWISE, WAITS, Differences, NoticeWay
from eligibility.reading_names import LATE_NOTICE
from eligibility.rulebook import Rules
from eligibility.told.entries import NOTICE, Entry, Told, titled
from eligibility.told.pupils import Pupils


def tell_notices(found: Differences, rules: Rules, told: Told, pupils: Pupils) -> None:
    """An entry for each kind of change of each notice, for pupils on a statutory ground and for others."""
    alike: dict[tuple[str, str, bool], list[NoticeWay]] = {}
    for way in found.notices:
        alike.setdefault((way.notice, way.change, way.statutory), []).append(way)
    for ways in alike.values():
        way = ways[0]
        which = "on a statutory ground" if way.statutory else "on a ground that is not statutory"
        title = f"{rules.notices[way.notice].title}, where travel is {which}"
        entry = Entry(len(told.entries) + 1, NOTICE, title, way.notice, way.example.outcomes, [])
        told.entries.append(entry)
        entry.says += [_what_is_so(way, found), *_what_it_does(way, pupils)]
        lines = [pupils.line(titled(rules, each.by), each.example) for each in ways]
        entry.lists["Travel is given on one of these grounds:"] = lines


def _what_is_so(way: NoticeWay, found: Differences) -> str:
    match way.change:
        case _ if way.change == ADDED:
            held = way.notice in found.old.notices
            return "The notice now reaches these pupils too." if held else "The notice is new."
        case _ if way.change == GONE:
            held = way.notice in found.new.notices
            return "The notice no longer reaches these pupils." if held else "The notice is no longer given."
        case _:
            before, after = _read_as(found.old), _read_as(found.new)
            if before == after:
                return "The notice reaches these pupils as before."
            return f"The notice reaches these pupils as before; it was read as “{before}” and is read as “{after}”."


def _read_as(version: Version) -> str:
    reading = version.readings.get(LATE_NOTICE)
    return reading.in_words(reading.chosen) if reading else "not settled"


def _what_it_does(way: NoticeWay, pupils: Pupils) -> list[str]:
    if way.change == READ_OTHERWISE:
        return ["By law travel starts on its first day all the same; an officer decides on the notice."]
    if way.statutory:
        same = "By law travel starts on its first day all the same; an officer decides on the notice."
        before = "By law travel started on its first day all the same; an officer decided on the notice."
        return [same if way.change == ADDED else before]
    waits = way.change in (ADDED, WAITS)
    decision = pupils.decisions(way.example)[1 if waits else 0]
    (notice,) = [n for n in decision.notices if n.kind == way.notice]
    first_day = way.example.case["travel_from"]
    if decision.starts_on and not (notice.starts_on and decision.starts_on > first_day):
        return []
    said = "Travel starts after the notice" if waits else "Travel no longer waits for it"
    if not decision.starts_on:
        return [f"{said}."]  # no calendar is held for the days
    after, first = wording.date(decision.starts_on), wording.date(first_day)
    days = f"for the first pupil below on {after} instead of {first}"
    return [f"{said}: {days if waits else f'the first pupil below starts on {first} instead of {after}'}."]
