"""Small numbers withheld from what is published, so that they cannot be worked back from what is left.

Every table of a report breaks the same pupils down by what changes for them: its rows are groups of pupils, its columns
the changes. A count under five is withheld, nought too where anybody in the county has that change. So that it cannot
be worked back:

- in a column, the counts withheld come to five or more together, so that each of them may be five or more;
- the column of those for whom nothing changes is withheld as soon as anything is, which frees the rows;
- where that column does not free a row, its total is withheld, with another row's to balance it;
- where a total of the county is under five, so is withheld how many stay unchanged, in every table.

So whoever has every number published, of all tables together, can still not rule out that a withheld count is five or
more. A table for which that cannot be had is withheld whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 5
"""The lowest count that is published."""
ROW = "all"
"""The name of the total of a row."""
MARK = "[c]"
"""What stands for a withheld number, as government statistics mark confidential ones."""

_TWO_PARTS = 2 * LEAST - 1
"""The lowest whole of which not both of two parts can be fewer than five."""

Counts = Mapping[str, Mapping[str, int]]
"""Pupils by row and change."""
Shown = dict[str, dict[str, int | None]]


@dataclass(frozen=True)
class Published:
    """What may be published: the county's totals by change, and each table; None is a withheld number or table."""

    totals: dict[str, int | None]
    tables: dict[str, Shown | None]


def publish(totals: Mapping[str, int], tables: Mapping[str, Counts], rest: str) -> Published:
    """What of several tables of the same pupils may be published. `rest` is the change of those who keep all as it was.

    `totals` has every change, and every row of a table has them too.
    """
    small = {change for change, count in totals.items() if 0 < count < LEAST}
    if small and totals[rest] < LEAST:
        return Published(dict.fromkeys(totals), dict.fromkeys(tables))
    hidden = small | ({rest} if small else set())
    shown = {change: None if change in hidden else count for change, count in totals.items()}
    return Published(shown, {name: _table(counts, shown, totals, rest) for name, counts in tables.items()})


def _table(
    counts: Counts, shown_totals: Mapping[str, int | None], totals: Mapping[str, int], rest: str
) -> Shown | None:
    whole = {row: sum(cells.values()) for row, cells in counts.items()}
    hidden = {
        (row, change)
        for change in totals
        if change != rest and totals[change]
        for row in _column({row: cells[change] for row, cells in counts.items()}, known=shown_totals[change])
    }
    short = {row for row, cells in counts.items() if cells[rest] < LEAST}
    tiny = {row for row, count in whole.items() if count < LEAST}
    small_rest = totals[rest] and short
    if hidden or tiny or small_rest or shown_totals[rest] is None:
        hidden |= {(row, rest) for row in counts}
        free = sorted((row for row in counts if row not in short), key=lambda row: (whole[row], row))
        if not free:
            return None
        if short:
            hidden |= {(row, ROW) for row in (*short, free[0])}
    cells: dict[str, dict[str, int]] = {row: {**found, ROW: whole[row]} for row, found in counts.items()}
    return {
        row: {change: None if (row, change) in hidden else count for change, count in found.items()}
        for row, found in cells.items()
    }


def _column(column: Mapping[str, int], *, known: int | None) -> set[str]:
    """The rows of one column that are withheld."""
    by_size = sorted(column, key=lambda row: (column[row], row))
    hidden = [row for row in by_size if column[row] < LEAST]
    while hidden and known is not None and sum(column[row] for row in hidden) < LEAST:
        hidden.append(by_size[len(hidden)])
    return set(hidden)


def publish_parts(parts: Mapping[str, int], *, known: int | None) -> dict[str, int | None] | None:
    """What of a list of parts may be published, each of which is one or more, with their sum or without it.

    `known` is the sum where that is published. Where even a list without numbers would give one away, None.
    """
    by_size = sorted(parts, key=lambda part: (parts[part], part))
    hidden = [part for part in by_size if parts[part] < LEAST]

    def room() -> int:
        """The most that one of them can be: each is one at least, so only what is above one can lie in another."""
        return sum(parts[part] - 1 for part in hidden) + 1

    while (hidden or known is None) and room() < LEAST and len(hidden) < len(parts):
        hidden.append(by_size[len(hidden)])
    if hidden and known is not None and room() < LEAST:
        return None
    return {part: None if part in hidden else count for part, count in parts.items()}


def publishable(count: int) -> int | None:
    """A number of pupils that stands by itself; nought tells of nobody."""
    return None if 0 < count < LEAST else count


def publish_in_order(counts: Iterable[int], known: Iterable[int] = ()) -> list[int | None]:
    """What of several readings of one number may be published: each where it tells of fewer than five by no comparison.

    A number is published where it is nought or five or more, and differs by nought or by five or more from every one
    published before it and from all that are `known`. So no withheld number has a say in what else is published.
    """
    told, shown = list(known), list[int | None]()
    for count in counts:
        small = 0 < count < LEAST or (count and any(0 < abs(count - each) < LEAST for each in told))
        shown.append(None if small else count)
        if count and not small:
            told.append(count)
    return shown


def completes(count: int, totals: Iterable[int | None]) -> bool:
    """Whether a number of pupils may be that of some changes together, and then tells a total that is withheld."""
    held = list(totals)
    most = (LEAST - 1) * held.count(None)
    sums = {0}
    for total in filter(None, held):
        sums |= {total + each for each in sums}
    return any(each < count <= each + most for each in sums)


def told_share(part: int, whole: int) -> int:
    """A part of a whole as sums of money may tell it: none or all of it where part or rest are fewer than five.

    All of a whole so small that both may be fewer than five.
    """
    if whole - part < LEAST or whole < _TWO_PARTS:
        return whole
    return 0 if part < LEAST else part


def put_right(count: int, wrong_by: int) -> int:
    """A number worked out from published ones, put right where it is wrong by five or more; what it stands for.

    Nothing where fewer than five are left. Of a number so small that fewer than five may be left and fewer than five
    taken away, none are taken away.
    """
    right = count + wrong_by
    if abs(wrong_by) < LEAST or (0 <= right < count < _TWO_PARTS):
        return count
    return right if abs(right) >= LEAST else 0


_STEPS = (1, 2, 5)


def rounded_to(pence_of_a_pupil: int) -> int:
    """To how many pence sums are rounded: so that fewer than five pupils at that price are rounded to nothing."""
    most, step = 2 * (LEAST - 1) * pence_of_a_pupil, 100
    while True:
        for each in _STEPS:
            if each * step > most:
                return each * step
        step *= 10


def rounded(pence: int, step: int) -> int:
    """A sum to the nearest `step`."""
    nearest = (2 * abs(pence) + step) // (2 * step) * step
    return nearest if pence >= 0 else -nearest
