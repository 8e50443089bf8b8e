"""Which columns of a population its tables may be counted by: what many pupils share, and nothing that tells one apart.

A table has one row for each value of such a column, so a column of references or birth dates would write the pupils
themselves into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.columns import ABOUT
from eligibility.errors import UsageError, nearest
from eligibility.modelling.outcome_tables import ALL
from eligibility.modelling.people import DIMENSIONS, LOW_INCOME
from eligibility.modelling.population_columns import PopulationColumns, is_personal
from eligibility.modelling.population_parts import parts

FEW_VALUES, PUPILS_A_VALUE = 30, 10
"""A column may have as many values as this, so that a small file of the pupils of some wards can be tried; of more it
has at most one for so many pupils who have any, or a row of the table is on average about too few to be a group."""
_HOMES = ("home", "other_home")
_HOUSEHOLD = "household"
_OF_THE_TABLES = frozenset({ALL, "ground_before", "ground_after", "year_group", LOW_INCOME})


def check_names(by: Sequence[str]) -> None:
    """Raises UsageError where a column by its name tells single pupils apart, or the tables have one called so."""
    taken = dict(DIMENSIONS)
    for column in by:
        if _tells_apart(column):
            raise UsageError(
                f"--by {column} would write single pupils into the tables; count by what many share, such as about.lsoa"
            )
        name = column.removeprefix(ABOUT)
        if name in _OF_THE_TABLES or taken.setdefault(name, column) != column:
            raise UsageError(f"--by {column}: the tables have a {name} already; give the column another name")


def _tells_apart(column: str) -> bool:
    kind = PopulationColumns().kind(column)
    return (
        column == "reference"
        or column.partition(".")[0] in _HOMES
        or kind in ("date", "decimal")
        or (column.startswith(ABOUT) and (_HOUSEHOLD in column.lower() or is_personal(column)))
    )


def check_values(by: Sequence[str], source: Path) -> None:
    """Raises UsageError where a population has no such column, or one with a value of its own for nearly every pupil.

    Raises what `population_parts.parts` does where the file cannot be used.
    """
    values: dict[str, set[object]] = {column: set() for column in by}
    known = dict.fromkeys(by, 0)
    for part in parts(source) if by else ():
        for column in by:
            if column not in part.table.columns:
                there = [name for name in part.table.columns if not _tells_apart(name)]
                raise UsageError(f"{source}: there is no column {column} to count by{nearest(column, there)}")
            cells = part.table[column].drop_nulls()
            told = cells.filter(cells.cast(str) != "")
            values[column].update(told.unique())
            known[column] += len(told)
    for column, found in values.items():
        if len(found) > FEW_VALUES and len(found) * PUPILS_A_VALUE > known[column]:
            raise UsageError(
                f"{source}: {column} has {len(found):,} values for {known[column]:,} pupils, fewer than "
                f"{PUPILS_A_VALUE} pupils a value, and would tell single pupils apart; count by what many share"
            )
