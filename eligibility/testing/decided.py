"""What was decided of a pupil of a test; the parts of a decision that cost more are written when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from eligibility import decide
from eligibility.alternatives import outcome_under
from eligibility.decision import Advice, Decision, Ground
from eligibility.explain import Explainer
from eligibility.grounds import every_ground, protected
from eligibility.matter import Matter
from eligibility.outcome import Answer
from eligibility.reading_names import EXPECTATION, GOVERNING_DATE


@dataclass
class Decided:
    """A pupil before the engine, under one version."""

    matter: Matter

    @property
    def outcome(self) -> str:
        """The outcome, as `assess` gives it."""
        return self.matter.now.outcome

    @cached_property
    def grounds(self) -> list[Ground]:
        """Every ground as `assess` lists it."""
        return every_ground(self._words, self.matter.now)

    @cached_property
    def _words(self) -> Explainer:
        return decide.explainer(self.matter)

    @cached_property
    def dates(self) -> decide.Dates:
        """When travel starts and ends, what notices fall, what is still to be asked."""
        return decide.dates(self.matter, self._words)

    @cached_property
    def advice(self) -> list[Advice]:
        """What is said beside the outcome."""
        return decide.advice(self._words)

    def result(self, ground: str) -> str:
        """met, not_met or not_known; "not listed" where the decision does not list the ground."""
        return next((entry.result for entry in self.grounds if entry.id == ground), "not listed")

    @cached_property
    def protected(self) -> str | None:
        """The withdrawn element that the pupil keeps."""
        kept = protected(self.matter.now)
        return kept.ground if kept else None

    def outcome_under(self, reading: str, choice: str) -> str:
        """The outcome with one reading chosen otherwise; "cannot be tried" where no day can be meant by it."""
        return outcome_under(self.matter, reading, choice) or "cannot be tried"

    def answer_under(self, reading: str, choice: str) -> Answer | None:
        """What is concluded with one reading chosen otherwise; None where that concludes the same."""
        if reading in (EXPECTATION, GOVERNING_DATE):
            return None
        return self.matter.answer_on(self.matter.on, choices={reading: choice})

    @cached_property
    def decision(self) -> Decision:
        """The whole decision, many times the work of its outcome."""
        return decide.write(self.matter)

    @property
    def reasons(self) -> list[str]:
        """The sentence of each ground."""
        return [ground.reason for ground in self.grounds]
