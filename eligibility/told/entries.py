"""What a page on two versions consists of: numbered differences, under headings, with their pupils."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from eligibility.proving.carriers import Carrier
from eligibility.rulebook import Rules

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


def title(rules: Rules, carrier: Carrier) -> str:
    """The title of the ground that gives an outcome."""
    return rules.grounds[carrier.ground].title if carrier.ground else "Several grounds"


def titled(rules: Rules, carrier: Carrier) -> str:
    """The title, and how the ground is held where the version has it no longer."""
    return title(rules, carrier) + _HOW.get(carrier.how, "")


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
