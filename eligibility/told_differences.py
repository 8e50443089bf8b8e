"""The differences between two versions in plain words, each pupil run through the decisions before it is told of.

Every pupil has a reference (D-1, D-2a) under which `edtravel compare` shows the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from eligibility import wording
from eligibility.assess import Assessor
from eligibility.decision import Decision
from eligibility.errors import EdtravelError
from eligibility.policy import Version
from eligibility.proving.carriers import Carrier, Test
from eligibility.proving.pupil_as_told import Telling
from eligibility.proving.ways import Differences, Example, NoticeWay, Variant, Way

HEADINGS = {
    ("entitled", "not_entitled"): "Free travel under the old policy, none under the new",
    ("refer", "not_entitled"): "An officer decides under the old policy, no travel under the new",
    ("entitled", "refer"): "Free travel under the old policy, under the new an officer decides",
    ("refer", "entitled"): "An officer decides under the old policy, free travel under the new",
    ("not_entitled", "refer"): "No travel under the old policy, under the new an officer decides",
    ("not_entitled", "entitled"): "No free travel under the old policy, free travel under the new",
}
SAME, NOTICE = "The same answer, on another footing", "Notice before travel"
_HOW = {"kept": " (kept)", "disputed": " (where the readings of who keeps it differ)"}
_ORDER = ("entitled", "refer", "not_entitled")


@dataclass(frozen=True)
class Line:
    """One of several ways to the same thing: what is said, the pupil's reference, and the pupil in words.

    `pupil` is empty where the like has been told of another pupil.
    """

    says: str
    reference: str = ""
    pupil: str = ""


@dataclass
class Entry:
    """One numbered difference: the heading it stands under, its title, what is said of it, and its pupils.

    `lists` are further lines under a sentence that introduces them.
    """

    number: int
    heading: str
    title: str
    ground: str
    outcomes: tuple[str, str]
    says: list[str]
    pupil: Line | None = None
    lists: dict[str, list[Line]] = field(default_factory=dict)


@dataclass
class Told:
    """All differences in words; `cases` are the pupils as cases that `edtravel compare` reads."""

    entries: list[Entry] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)

    def as_list(self) -> list[dict[str, Any]]:
        """The differences in JSON types."""
        return [asdict(entry) for entry in self.entries]


def tell(found: Differences, assessor: Assessor) -> Told:
    """The differences in words. Raises EdtravelError where a decision does not show what the proof engine found."""
    return _Teller(found, assessor).tell()


class _Teller:
    def __init__(self, found: Differences, assessor: Assessor) -> None:
        self.found, self.assessor, self.told = found, assessor, Told()
        self.rules = assessor.policies.rules
        self._texts: dict[str, str] = {}
        self._letters = 0

    def tell(self) -> Told:
        for way in self.found.outcomes:
            self._way(way)
        footing: dict[Carrier, list[Way]] = {}
        for way in self.found.footing:
            footing.setdefault(way.old, []).append(way)
        for carrier, ways in footing.items():
            self._footing(carrier, ways)
        notices: dict[tuple[str, bool, bool], list[NoticeWay]] = {}
        for notice in self.found.notices:
            notices.setdefault((notice.notice, notice.added, notice.statutory), []).append(notice)
        for found in notices.values():
            self._notice(found)
        return self.told

    # -- another outcome ---------------------------------------------------------------------------------------------

    def _way(self, way: Way) -> None:
        gain = _ORDER.index(way.new.outcome) < _ORDER.index(way.old.outcome)
        giver, other = (way.new, self.found.old) if gain else (way.old, self.found.new)
        entry = self._entry(HEADINGS[way.old.outcome, way.new.outcome], giver, (way.old.outcome, way.new.outcome))
        if giver.how == "kept":
            entry.says.append(f"Kept by a legitimate expectation under the {'new' if gain else 'old'} policy.")
        elif giver.how == "disputed":
            entry.says.append("Withdrawn; the readings of who keeps it differ for this pupil, so an officer decides.")
        entry.says.append(self._standing(giver, other, gain=gain))
        if not gain:
            entry.says.append(self._instead(way.new))
        elif way.old.how == "disputed":
            entry.says.append("Under the old policy the readings of who keeps it differ, so an officer decides.")
        elif way.old.outcome == "refer":
            entry.says.append(f"Under the old policy an officer decides on another ground: {self._title(way.old)}.")
        through = [v for v in way.through if v.example]
        because = [v for v in way.because if v.example]
        if len(through) > 1:
            lines = [self._line(self.rules.grounds[v.ground].title, v.example) for v in through]
            entry.lists["From the other home, on one of these grounds:"] = lines
        if len(way.because) == 1:
            entry.says.append(f"Why: {self._why(way.because[0], way.example, other)}.")
            reasons = frozenset(name for test in way.because[0].failing for name in test.reads)
            way.example = replace(way.example, matters=way.example.matters | reasons)
        elif way.because and not because:
            entry.says.append("Why: one of the reasons given above for this ground.")
        elif because:
            lines = [self._line(self._why(v, v.example, other), v.example) for v in because]
            entry.lists[self._introduction(way, other)] = lines
        if len(through) < 2 and len(because) < 2:
            entry.pupil = self._line("", way.example, alone=True)

    def _standing(self, giver: Carrier, other: Version, *, gain: bool) -> str:
        policy = "old" if gain else "new"
        if giver.ground in other.grounds:
            return f"The {policy} policy has this ground too, but this pupil does not meet it there."
        kept = other.transition is not None and giver.ground in other.transition.protects
        return f"The {policy} policy has no such ground" + (", and this pupil does not keep it." if kept else ".")

    def _instead(self, new: Carrier) -> str:
        match new.how:
            case "ground":
                return f"An officer decides on another ground instead: {self._title(new)}."
            case "kept":
                return f"An officer decides on a ground that is kept: {self._title(new)}."
            case "disputed":
                return "The two readings of who keeps it differ for this pupil, so an officer decides."
            case "between":
                return "Each reading of who keeps what was withdrawn lets an officer decide, on another ground."
            case _:
                return "Nothing else gives travel."

    def _introduction(self, way: Way, other: Version) -> str:
        readings = other.transition.readings if other.transition else {}
        failing = {test.reading for variant in way.because for test in variant.failing} - {""}
        if way.new.how == "disputed" and len(failing) == 1:
            (read,) = failing
            kept = wording.listed([f"section {name}" for name in readings if name != read])
            return f"Kept as {kept} reads, and not as section {read} reads, for one of these reasons:"
        return "Why, one of these:"

    def _why(self, variant: Variant, example: Example | None, other: Version) -> str:
        said = (self._text(test, example, other) for test in variant.failing)
        return "; and ".join(dict.fromkeys(text for text in said if text))

    def _text(self, test: Test, example: Example | None, other: Version) -> str:
        if "{" not in test.fails_as:
            return test.fails_as
        if test.fails_as not in self._texts and example is not None:
            # The figures of the condition, as the decision on this pupil gives them.
            by_version = dict(zip((self.found.old.id, self.found.new.id), self._compare(example, "D"), strict=True))
            reasons = [g.reason for g in by_version[other.id].grounds if g.result == "not_met"]
            plain = re.escape(test.fails_as)
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", r".+?", plain) + r"(?=; and |\.$)")
            matches = [match.group() for reason in reasons if (match := pattern.search(reason))]
            self._texts[test.fails_as] = matches[0] if matches else re.sub(r",? ?\(?\{\w+\}\)?", "", test.fails_as)
        return self._texts.get(test.fails_as, "")

    # -- the same outcome --------------------------------------------------------------------------------------------

    def _footing(self, carrier: Carrier, ways: Sequence[Way]) -> None:
        outcome = carrier.outcome
        for way in ways:
            own = way.new.ground == carrier.ground
            if own and way.new.how == "kept":
                entry = self._entry(SAME, carrier, (outcome, outcome))
                ends = self._ends_when(carrier.ground)
                entry.says.append(
                    f"{self._gone(carrier)}, and kept by this pupil for now; it ends when the child {ends}."
                )
                entry.pupil = self._line("", way.example, alone=True)
            elif own and way.new.how == "disputed":
                entry = self._entry(SAME, carrier, (outcome, outcome))
                entry.says.append(
                    f"{self._gone(carrier)}; the readings of who keeps it differ, and an officer decides as before."
                )
                entry.pupil = self._line("", way.example, alone=True)
        others = [way for way in ways if way.new.ground != carrier.ground]
        if others:
            entry = self._entry(SAME, carrier, (outcome, outcome))
            goes_on = "Free travel goes on" if outcome == "entitled" else "An officer still decides"
            entry.says.append(f"No longer met under the new policy. {goes_on} where another ground is met.")
            lines = [self._line(self._title(w.new) + _HOW.get(w.new.how, ""), w.example) for w in others]
            entry.lists["Any one of these is enough:"] = lines

    def _gone(self, carrier: Carrier) -> str:
        return "Narrowed" if carrier.ground in self.found.new.grounds else "Withdrawn"

    def _ends_when(self, ground: str) -> str:
        transition = self.found.new.transition
        version = self.found.new
        while transition is None or ground not in transition.protects:
            version = self.assessor.policies.versions[version.replaces]
            transition = version.transition
        ends = [words for reading in transition.readings.values() for words in reading.ends_when]
        rule = self.rules.grounds[ground]
        parts = list(dict.fromkeys(ends))
        said = wording.listed(parts, "or")
        return f"{said}, or when {rule.ends_when}" if rule.ends_when else said

    # -- notices -----------------------------------------------------------------------------------------------------

    def _notice(self, ways: Sequence[NoticeWay]) -> None:
        way = ways[0]
        rule = self.rules.notices[way.notice]
        which = "on a statutory ground" if way.statutory else "on a ground that is not statutory"
        title = f"{rule.title}, where travel is {which}"
        self._letters = 0
        entry = Entry(len(self.told.entries) + 1, NOTICE, title, way.notice, way.example.outcomes, [])
        self.told.entries.append(entry)
        entry.says.append(self._whom_a_notice_reaches(way))
        decision = self._compare(way.example, "D")[1 if way.added else 0]
        (notice,) = [n for n in decision.notices if n.kind == way.notice]
        if way.statutory:
            same = "By law travel starts on its first day all the same; an officer decides on the notice."
            before = "By law travel started on its first day all the same; an officer decided on the notice."
            entry.says.append(same if way.added else before)
        elif decision.starts_on and notice.starts_on and decision.starts_on > decision.on:
            after, first = wording.date(decision.starts_on), wording.date(decision.on)
            entry.says.append(
                f"Travel starts after the notice: for the first pupil below on {after} instead of {first}."
                if way.added
                else f"Travel no longer waits for it: the first pupil below starts on {first} instead of {after}."
            )
        lines = [self._line(self._title(w.by) + _HOW.get(w.by.how, ""), w.example) for w in ways]
        entry.lists["Travel is given on one of these grounds:"] = lines

    def _whom_a_notice_reaches(self, way: NoticeWay) -> str:
        if way.added:
            held = way.notice in self.found.old.notices
            return "The notice now reaches these pupils too." if held else "The notice is new."
        held = way.notice in self.found.new.notices
        return "The notice no longer reaches these pupils." if held else "The notice is no longer given."

    # -- pupils ------------------------------------------------------------------------------------------------------

    def _entry(self, heading: str, carrier: Carrier, outcomes: tuple[str, str]) -> Entry:
        entry = Entry(len(self.told.entries) + 1, heading, self._title(carrier), carrier.ground, outcomes, [])
        self.told.entries.append(entry)
        self._letters = 0
        return entry

    def _title(self, carrier: Carrier) -> str:
        return self.rules.grounds[carrier.ground].title if carrier.ground else "Several grounds"

    def _line(self, says: str, example: Example | None, *, alone: bool = False) -> Line:
        if example is None:
            return Line(says)
        letter = "" if alone else _letters(self._letters)
        self._letters += 1
        reference = f"D-{len(self.told.entries)}{letter}"
        self._check(example, reference)
        self.told.cases.append({**example.case, "reference": reference})
        if not example.matters:
            return Line(says, reference)
        names = {version.id: version.title for version in self.assessor.policies.versions.values()}
        names |= {self.found.old.id: "the old policy", self.found.new.id: "the new policy"}
        told = Telling(example.case, example.matters, self.found.new, self.rules, names).told()
        return Line(says, reference, told)

    def _compare(self, example: Example, reference: str) -> tuple[Decision, Decision]:
        versions = (self.found.old.id, self.found.new.id)
        return self.assessor.compare({**example.case, "reference": reference}, versions=versions)

    def _check(self, example: Example, reference: str) -> None:
        """That the decisions show what the proof engine says of a pupil."""
        decisions = self._compare(example, reference)
        kept = set(self.found.new.transition.protects if self.found.new.transition else ())
        for decision, outcome, met, notices in zip(
            decisions, example.outcomes, example.met, example.notices, strict=True
        ):
            shown = {ground.id for ground in decision.grounds if ground.result == "met"}
            alike = met <= shown and shown - met <= {*kept, *self._kept_before()}
            if decision.outcome != outcome or not alike or {n.kind for n in decision.notices} != notices:
                raise EdtravelError(
                    f"the decision on the pupil {reference} under {decision.policy} does not show what the proof "
                    "engine found, so no difference is told; please report it"
                )

    def _kept_before(self) -> Iterator[str]:
        for version in (self.found.old, self.found.new):
            while version.replaces:
                yield from version.transition.protects if version.transition else ()
                version = self.assessor.policies.versions[version.replaces]  # noqa: PLW2901  # back to the first


def _letters(index: int) -> str:
    """a to z, then aa to az and so on."""
    return (_letters(index // 26 - 1) if index >= 26 else "") + chr(ord("a") + index % 26)
