"""The rows of two versions as one chart: the newer one's, with those that are gone, each difference marked in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eligibility.chart.routes import PARTS, Box, Route, routes
from eligibility.language.expressions import Expression
from eligibility.phrases import plain
from eligibility.policy import Policies, Version


@dataclass(frozen=True)
class Mark:
    """What is said of a row or question: a word in a frame (`tag`), and a sentence."""

    tag: str
    said: str


@dataclass(frozen=True)
class Marks:
    """The marks of a chart: of rows by name, of questions by what they mean."""

    rows: Mapping[str, Mark] = field(default_factory=dict)
    boxes: Mapping[Expression, Mark] = field(default_factory=dict)


def beside(policies: Policies, old: Version, new: Version) -> tuple[tuple[Route, ...], Marks]:
    """The rows of the newer version and those of the older that are gone, in order, and what is different."""
    before = {row.named: row for row in routes(policies, old)}
    now = {row.named: row for row in routes(policies, new)}
    rows: dict[str, Mark] = {}
    boxes: dict[Expression, Mark] = {}
    for name, row in now.items():
        if name not in before:
            kept = not name.startswith("ground:")
            rows[name] = Mark("New", f"for pupils who have it from {old.id}" if kept else f"not under {old.id}")
        else:
            boxes |= _questions(before[name], row, old)
            gone = _no_longer_asked(before[name], row)
            if gone:
                rows[name] = Mark("Changed", f"no longer asked: {' '.join(gone)}")
    gone_rows = [row for name, row in before.items() if name.startswith("ground:") and name not in now]
    rows |= {row.named: Mark("Withdrawn", f"under {old.id} only") for row in gone_rows}
    return tuple(sorted([*now.values(), *gone_rows], key=lambda row: PARTS.index(row.part))), Marks(rows, boxes)


def _questions(before: Route, now: Route, old: Version) -> dict[Expression, Mark]:
    """The questions of a row that are new, or that mean something else than before."""
    was = {box.named: box for box in before.boxes}
    found: dict[Expression, Mark] = {}
    for box in now.boxes:
        old_box = was.get(box.named)
        if old_box is None:
            found[box.means] = Mark("New", f"New: not asked under {old.id}")
        elif old_box.means != box.means:
            found[box.means] = Mark("Changed", f"Changed. Under {old.id}: {_said(old_box, box)}")
    return found


def _said(old: Box, new: Box) -> str:
    before = plain(old.asked) + (f" {plain(old.listed)}" if old.listed else "")
    now = plain(new.asked) + (f" {plain(new.listed)}" if new.listed else "")
    return before if before != now else "asked in these words, which meant something else"


def _no_longer_asked(before: Route, now: Route) -> list[str]:
    asked = {box.named for box in now.boxes}
    return [plain(box.asked) for box in before.boxes if box.named not in asked]
