"""What a ground is measured by: lengths held against limits, and the margin that decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from eligibility.in_force import GroundInForce, InForce
from eligibility.language.expressions import TRUE, Expression, Name, rename
from eligibility.language.partial import Known
from eligibility.language.straight_line import Over


class Figures(NamedTuple):
    """What a ground was measured by: values and limits in millimetres, and the margin over the limit that decides."""

    value: Mapping[str, int]
    limit: Mapping[str, int]
    margin_mm: int | None


NO_FIGURES = Figures({}, {}, None)


class Line(NamedTuple):
    """A length, called `name` in a decision and `fact` among the facts, held against a limit where `when` holds."""

    name: str
    fact: str
    limit: str
    when: Expression

    def asked(self) -> tuple[Expression, Name, Name, Over]:
        """What is asked of the facts for it; answered by what `Held` holds."""
        length, limit = Name(self.fact), Name(self.limit)
        return self.when, length, limit, Over(length, limit)


Held = tuple[bool | None, Known | None, Known | None, int | None]
"""A line with the facts in it: whether it applies, the length, the limit, and how far the length is over it (mm)."""


def lines_of(book: InForce, ground: GroundInForce, home: str = "") -> tuple[Line, ...]:
    """The lines of a ground as its version words them; `home` is the ending of names from the other home, or ""."""
    era = f"@{ground.protected_as}" if ground.protected_as else ""

    def written(name: str) -> str:
        """The conclusion that a term has as this version, or the older one, words it; a fact keeps its name."""
        return next((n for n in (name + era + home, name + era, name + home) if n in book.conclusions), name)

    return tuple(
        Line(
            name=measure.value,
            fact=measure.value + home,
            limit=measure.limit + era,
            when=TRUE if measure.when is None else rename(measure.when, written),
        )
        for measure in book.measures.get(ground.rule.measures, ())
    )


def figures(lines: Sequence[Line], held: Iterable[Held], measured: Mapping[str, int]) -> Figures:
    """The figures of some lines, of which for each length the first counts that applies.

    `measured` has lengths in millimetres by fact, for those known only to lie between two numbers. The first length is
    to be more than its limit, each further one not more. Raises TypeError where a limit is not known.
    """
    value: dict[str, int] = {}
    limit: dict[str, int] = {}
    margins: list[tuple[bool, int]] = []
    for line, (applies, length, bound, over) in zip(lines, held, strict=True):
        if not applies or line.name in limit:
            continue
        if not isinstance(bound, int):
            raise TypeError(f"{line.limit} is not known as a whole number")
        limit[line.name] = bound
        exact = length if isinstance(length, int) else measured.get(line.fact)
        if exact is not None:
            value[line.name] = exact
            margin = exact - bound if over is None else over
            margins.append((margin > 0 if len(limit) > 1 else margin <= 0, margin))
    failing = [margin for fails, margin in margins if fails]
    return Figures(value, limit, failing[0] if failing else margins[0][1] if margins else None)
