"""The pupils of the differences: each decided under both versions before it is told of."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.assess import Assessor
from eligibility.decision import Decision
from eligibility.errors import EdtravelError
from eligibility.proving.pupil_as_told import Telling
from eligibility.proving.ways import Differences, Example
from eligibility.told.entries import Line, Told


class Pupils:
    """Puts pupils into words and into `told.cases`; each has a reference after the entry it is told under."""

    def __init__(self, found: Differences, assessor: Assessor, told: Told) -> None:
        self._found, self._assessor, self._told = found, assessor, told
        self._letters: dict[int, int] = {}
        self._decisions: dict[int, tuple[Example, tuple[Decision, Decision]]] = {}

    def line(self, says: str, example: Example, *, alone: bool = False) -> Line:
        """A line on the pupil of an example, under the last entry. `alone`: it is the only pupil there.

        Raises EdtravelError where the decisions do not show what the proof engine found.
        """
        number = len(self._told.entries)
        index = self._letters.get(number, 0)
        self._letters[number] = index + 1
        reference = f"D-{number}{'' if alone else _letters(index)}"
        self._check(example, reference)
        self._told.cases.append({**example.case, "reference": reference})
        if not example.matters:
            return Line(says, reference)
        names = {version.id: version.title for version in self._assessor.policies.versions.values()}
        names |= {self._found.old.id: "the old policy", self._found.new.id: "the new policy"}
        rules = self._assessor.policies.rules
        return Line(says, reference, Telling(example.case, example.matters, self._found.new, rules, names).told())

    def decisions(self, example: Example) -> tuple[Decision, Decision]:
        """What the old and the new version decide of the pupil."""
        held = self._decisions.get(id(example))
        if held is None:
            versions = (self._found.old.id, self._found.new.id)
            held = example, self._assessor.compare({**example.case, "reference": "D"}, versions=versions)
            self._decisions[id(example)] = held
        return held[1]

    def _check(self, example: Example, reference: str) -> None:
        """That the decisions show what the proof engine says of a pupil."""
        kept = {*self._protected()}
        for decision, outcome, met, notices in zip(
            self.decisions(example), example.outcomes, example.met, example.notices, strict=True
        ):
            shown = {ground.id for ground in decision.grounds if ground.result == "met"}
            alike = met <= shown and shown - met <= kept
            if decision.outcome != outcome or not alike or {n.kind for n in decision.notices} != notices:
                raise EdtravelError(
                    f"the decision on the pupil {reference} under {decision.policy} does not show what the proof "
                    "engine found, so no difference is told; please report it"
                )

    def _protected(self) -> Iterator[str]:
        """The grounds that some pupils keep, under either version or one before it."""
        for last in (self._found.old, self._found.new):
            for version in self._assessor.policies.with_those_before(last):
                yield from version.transition.protects if version.transition else ()


def _letters(index: int) -> str:
    """a to z, then aa to az and so on."""
    return (_letters(index // 26 - 1) if index >= 26 else "") + chr(ord("a") + index % 26)
