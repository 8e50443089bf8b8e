"""The differences between two versions in plain words, each pupil run through the decisions before it is told of.

Every pupil has a reference (D-1, D-2a) under which `edtravel compare` shows the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eligibility import wording
from eligibility.assess import Assessor
from eligibility.policy import Version
from eligibility.proving.carriers import Carrier
from eligibility.proving.ways import Differences, Way
from eligibility.told.entries import HEADINGS, SAME, Entry, Told, title, titled
from eligibility.told.notices import tell_notices
from eligibility.told.pupils import Pupils
from eligibility.told.reasons import WHY, introduction, why

_ORDER = ("entitled", "refer", "not_entitled")


def tell(found: Differences, assessor: Assessor) -> Told:
    """The differences in words. Raises EdtravelError where a decision does not show what the proof engine found."""
    return _Teller(found, assessor).tell()


class _Teller:
    def __init__(self, found: Differences, assessor: Assessor) -> None:
        self.found, self.policies, self.told = found, assessor.policies, Told()
        self.rules = assessor.policies.rules
        self.pupils = Pupils(found, assessor, self.told)

    def tell(self) -> Told:
        for way in self.found.outcomes:
            self._way(way)
        footing: dict[Carrier, list[Way]] = {}
        for way in self.found.footing:
            footing.setdefault(way.old, []).append(way)
        for carrier, ways in footing.items():
            self._footing(carrier, ways)
        tell_notices(self.found, self.rules, self.told, self.pupils)
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
        entry.says += self._under_the_old(way.old, giver) if gain else [self._instead(way.new, giver)]
        self._reasons(entry, way, gain=gain)

    def _reasons(self, entry: Entry, way: Way, *, gain: bool) -> None:
        giver, other = (way.new, self.found.old) if gain else (way.old, self.found.new)
        through = [(v, v.example) for v in way.through if v.example]
        because = [(v, v.example) for v in way.because if v.example]
        if len(through) > 1:
            lines = [self.pupils.line(self.rules.grounds[v.ground].title, example) for v, example in through]
            entry.lists["From the other home, on one of these grounds:"] = lines
        lesser = way.old if gain else way.new
        transition = self.policies.transition_of(other, giver.ground)
        disputed = transition if (lesser.how, lesser.ground) == ("disputed", giver.ground) else None
        readings, policy = (disputed.readings if disputed else ()), "old" if gain else "new"
        if len(way.because) == 1:
            said = introduction(way.because[0], readings, policy)
            entry.says.append(f"{said}: {why(way.because[0], way.example, other, self.pupils)}.")
            reasons = frozenset(name for test in way.because[0].failing for name in test.reads)
            way.example = replace(way.example, matters=way.example.matters | reasons)
        elif way.because and not because:
            entry.says.append("Why: one of the reasons given above for this ground.")
        for variant, example in because if len(way.because) > 1 else ():
            said = introduction(variant, readings, policy)
            said += ", one of these:" if said == WHY else ", for one of these reasons:"
            line = self.pupils.line(why(variant, example, other, self.pupils), example)
            entry.lists.setdefault(said, []).append(line)
        if len(through) < 2 and len(because) < 2:
            entry.pupil = self.pupils.line("", way.example, alone=True)

    def _standing(self, giver: Carrier, other: Version, *, gain: bool) -> str:
        policy = "old" if gain else "new"
        if giver.ground in other.grounds:
            return f"The {policy} policy has this ground too, but this pupil does not meet it there."
        kept = self.policies.transition_of(other, giver.ground) is not None
        return f"The {policy} policy has no such ground" + (", and this pupil does not keep it." if kept else ".")

    def _instead(self, new: Carrier, giver: Carrier) -> str:
        match new.how:
            case "ground":
                return f"An officer decides on another ground instead: {self._title(new)}."
            case "kept":
                return f"An officer decides on a ground that is kept: {self._title(new)}."
            case "disputed":
                return f"The readings of who keeps {self._it(new, giver)} differ for this pupil, so an officer decides."
            case "between":
                return "Each reading of who keeps what was withdrawn lets an officer decide, on another ground."
            case _:
                return "Nothing else gives travel."

    def _under_the_old(self, old: Carrier, giver: Carrier) -> list[str]:
        """What an officer decided on under the old policy, if that is what happened."""
        if old.how == "disputed":
            it = self._it(old, giver)
            return [f"Under the old policy the readings of who keeps {it} differ, so an officer decides."]
        if old.outcome == "refer":
            return [f"Under the old policy an officer decides on another ground: {self._title(old)}."]
        return []

    def _it(self, withdrawn: Carrier, giver: Carrier) -> str:
        """A withdrawn ground by name, unless it is the one that the entry is about."""
        return "it" if withdrawn.ground == giver.ground else f"“{self._title(withdrawn)}”"

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
                entry.pupil = self.pupils.line("", way.example, alone=True)
            elif own and way.new.how == "disputed":
                entry = self._entry(SAME, carrier, (outcome, outcome))
                entry.says.append(
                    f"{self._gone(carrier)}; the readings of who keeps it differ, and an officer decides as before."
                )
                entry.pupil = self.pupils.line("", way.example, alone=True)
        others = [way for way in ways if way.new.ground != carrier.ground]
        if others:
            entry = self._entry(SAME, carrier, (outcome, outcome))
            goes_on = "Free travel goes on" if outcome == "entitled" else "An officer still decides"
            entry.says.append(f"No longer met under the new policy. {goes_on} where another ground is met.")
            lines = [self.pupils.line(titled(self.rules, w.new), w.example) for w in others]
            entry.lists["Any one of these is enough:"] = lines

    def _gone(self, carrier: Carrier) -> str:
        return "Narrowed" if carrier.ground in self.found.new.grounds else "Withdrawn"

    def _ends_when(self, ground: str) -> str:
        transition = self.policies.transition_of(self.found.new, ground)
        readings = transition.readings.values() if transition else ()
        ends = [words for reading in readings for words in reading.ends_when]
        rule = self.rules.grounds[ground]
        parts = list(dict.fromkeys(ends))
        said = wording.listed(parts, "or")
        return f"{said}, or when {rule.ends_when}" if rule.ends_when else said

    # -- entries -----------------------------------------------------------------------------------------------------

    def _entry(self, heading: str, carrier: Carrier, outcomes: tuple[str, str]) -> Entry:
        entry = Entry(len(self.told.entries) + 1, heading, self._title(carrier), carrier.ground, outcomes, [])
        self.told.entries.append(entry)
        return entry

    def _title(self, carrier: Carrier) -> str:
        return title(self.rules, carrier)
