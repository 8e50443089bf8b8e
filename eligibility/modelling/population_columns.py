"""The columns of a population file: those of a case, and those beginning `about.` that tables break down by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eligibility.columns import ABOUT, CaseColumns, kind_of
from eligibility.errors import FIELD_NAMES_ALIKE, InputError, nearest
from eligibility.modelling.about_columns import with_meaning
from eligibility.reading import Kind

_PERSONAL = frozenset(
    (
        *("name", "names", "forename", "forenames", "firstname", "surname", "surnames", "lastname", "familyname"),
        *("givenname", "middlename", "fullname", "pupilname", "childname", "parentname", "initials"),
        *("address", "addresses", "street", "house", "postcode", "uprn"),
        *("telephone", "phone", "mobile", "email", "mail", "upn", "nhs", "nino"),
    )
)
"""Words that stand in the names of columns of who somebody is, or where exactly they live."""
_SOMEBODY = frozenset(
    (
        "pupil",
        "child",
        "kid",
        "student",
        "learner",
        "parent",
        "carer",
        "guardian",
        "mother",
        "father",
        "contact",
        "family",
    )
)
"""Words for somebody: a column that is called by nothing else can only say who that is."""
_OF_PLACES = frozenset(
    (
        *("school", "ward", "district", "division", "parish", "area", "authority", "lsoa", "msoa"),
        *("operator", "phase", "region", "council", "county", "town"),
    )
)
"""Words that make a name that of a place or body, which says nothing of a person."""
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


class PopulationColumns:
    """Every column of a population file, and how its cells are read."""

    def __init__(self) -> None:
        self._case = CaseColumns()

    @property
    def names(self) -> tuple[str, ...]:
        """Every column name of a case."""
        return self._case.names

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which no row can be a case."""
        return self._case.required

    def kind(self, name: str) -> Kind | None:
        """How the cells of a column are read; None where there can be no such column."""
        if name in with_meaning():
            return kind_of(with_meaning()[name])
        return "text" if self._case.is_passed_over(name) else self._case.kind(name)

    def is_passed_over(self, name: str) -> bool:  # noqa: ARG002  # tables read every one of them
        """Whether a column is known to be no part of a population: none is."""
        return False


def refuse_personal(names: Sequence[str], source: str) -> None:
    """Raises InputError where the name of a column looks like that of names or addresses."""
    kinds = PopulationColumns()
    for number, name in enumerate(names, 1):
        if (kinds.kind(name) is None or name.startswith(ABOUT)) and _is_personal(name):
            raise InputError(
                f"{source}: column {number} looks like a name or an address; a population has neither, "
                "so take the column out and try again"
            )


def check_columns(names: Sequence[str], source: str) -> None:
    """Raises InputError where a column looks like a name or an address, is not known, or is wanting."""
    refuse_personal(names, source)
    columns = PopulationColumns()
    for number, name in enumerate(names, 1):
        if columns.kind(name) is None:
            raise InputError(
                f"{source}: column {number} is no column of a case{nearest(name, columns.names, FIELD_NAMES_ALIKE)}; "
                f"a column that only tables read begins with {ABOUT}"
            )
    if missing := [name for name in columns.required if name not in names]:
        plural = "s" if len(missing) > 1 else ""
        raise InputError(f"{source}: the column{plural} {', '.join(missing)} must be there and cannot be found")


def _is_personal(name: str) -> bool:
    """Whether a column's name has a word for who somebody is and none for a place or body, or no word but somebody."""
    words = {word.lower() for word in _WORDS.findall(name.removeprefix(ABOUT))}
    if words and words <= _SOMEBODY:
        return True
    return bool(words & _PERSONAL) and not (words & _OF_PLACES and words & _PERSONAL <= {"name", "names"})
