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
        *("fname", "lname", "mname", "sname", "knownas", "alias", "nickname"),
        *("address", "addresses", "addr", "street", "house", "postcode", "postalcode", "pcode", "zip"),
        *("uprn", "usrn", "toid", "easting", "northing", "latitude", "longitude", "lat", "lon", "lng"),
        *("coordinate", "coordinates", "gridref", "gridreference", "whatwords"),
        *("telephone", "tel", "phone", "mobile", "mob", "email", "mail", "upn", "uln", "nhs", "nino", "ninumber"),
        *("nationalinsurance", "nationalinsuranceno", "nationalinsurancenumber", "passport"),
        *("dob", "birth", "birthday", "birthdate", "borndate", "bornon", "dateborn"),
        *("note", "notes", "comment", "comments", "remark", "remarks"),
    )
)
"""Words in the names of columns of who somebody is, where exactly they live, or what is remarked of them.

Neighbouring words are tried as one too: `post_code` is a postcode.
"""
_WITHIN = ("postcode", "surname", "forename", "firstname", "lastname", "address", "telephone", "birth")
"""Those of them that are found inside a longer word, as in `homepostcode`: no other word holds one."""
_SOMEBODY = frozenset(
    (
        *("pupil", "child", "kid", "student", "learner", "parent", "carer", "guardian", "contact", "family"),
        *("mother", "father", "mum", "dad", "mummy", "daddy", "sibling", "siblings", "brother", "sister", "twin"),
        *("gran", "grandparent", "grandmother", "grandfather", "aunt", "uncle"),
        *("ni", "born", "road", "lane", "avenue", "locality", "flat", "add", "long"),
    )
)
"""Words for somebody, or for a line of an address: a column that is called by nothing else can only say who or where.
With another word beside them they may say something of many (`about.sibling_at_school`, `about.road_safety`)."""
_BESIDE = frozenset(
    (
        *("number", "no", "num", "id", "code", "unique", "line", "home", "current", "details", "info", "s"),
        *("first", "second", "other", "main", "the", "of", "on", "date", "day", "year"),
    )
)
"""Words that leave such a column what it is, as do figures."""
_OF_PLACES = frozenset(
    (
        *("school", "ward", "district", "division", "parish", "area", "authority", "lsoa", "msoa"),
        *("operator", "phase", "region", "council", "county", "town"),
    )
)
"""Words that make a name that of a place or body, which says nothing of a person."""
_HELD_AS = {
    **dict.fromkeys(("dob", "birth", "birthday", "birthdate", "bornon", "dateborn", "borndate"), "date_of_birth"),
    **{leaf: f"home.{leaf}" for leaf in ("postcode", "uprn", "easting", "northing")},
}
"""What a case has of this, and under which name."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


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
        written_so = kinds.kind(name.strip().lower()) is not None and not name.startswith(ABOUT)
        if not written_so and is_personal(name):
            held = sorted({_HELD_AS[word] for word in _personal_words(name) if word in _HELD_AS})
            otherwise = f", or call it {held[0]} if that is what it holds," if held and ABOUT not in name else ""
            raise InputError(
                f"{source}: column {number} looks like a name or an address, or a remark about somebody; "
                f"a population has none, so take the column out{otherwise} and try again"
            )


def check_columns(names: Sequence[str], source: str) -> None:
    """Raises InputError where a column looks like a name or an address, is not known, or is wanting."""
    refuse_personal(names, source)
    columns = PopulationColumns()
    for number, name in enumerate(names, 1):
        if columns.kind(name) is None:
            hint = nearest(name.lower(), columns.names, FIELD_NAMES_ALIKE)
            raise InputError(
                f"{source}: column {number} is no column of a case; a column that only tables read begins with "
                f"{ABOUT}{hint}"
            )
    if missing := [name for name in columns.required if name not in names]:
        plural = "s" if len(missing) > 1 else ""
        raise InputError(f"{source}: the column{plural} {', '.join(missing)} must be there and cannot be found")


def is_personal(name: str) -> bool:
    """Whether a column is called by a word for who somebody is, where they live or a remark, and not for a place."""
    words = _letters(name)
    rest = set(words) - _BESIDE
    if rest and rest <= _SOMEBODY:
        return True
    found = _personal_words(name)
    return bool(found) and not (found <= {"name", "names"} and not _OF_PLACES.isdisjoint(words))


def _letters(name: str) -> list[str]:
    """The words of a column's name, without figures."""
    return [word.lower() for word in _WORDS.findall(name.removeprefix(ABOUT)) if not word.isdigit()]


def _personal_words(name: str) -> set[str]:
    """The words in it that are of a person, neighbours tried as one."""
    words = _letters(name)
    runs = {"".join(words[first:last]) for first in range(len(words)) for last in range(first + 1, first + 4)}
    return runs & _PERSONAL | {each for each in _WITHIN for word in words if each in word}
