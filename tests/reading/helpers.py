"""A small set of columns, and reading a text as if it stood in a file."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path

from eligibility.reading import Kind, RawCase, Rejected, read_cases

KINDS: dict[str, Kind] = {
    "reference": "text",
    "date_of_birth": "date",
    "year_group": "whole",
    "resident": "boolean",
    "home.postcode": "text",
    "home.moved_on": "date",
    "other_home": "section",
    "other_home.postcode": "text",
    "school.urn": "whole",
    "school.former_urns": "list",
    "places": "places",
    "belief.religion": "word",
    "service.incidents": "incidents",
    "measured.walking_miles": "decimal",
}


class SomeColumns:
    """The columns above, of which only the reference must be there."""

    @property
    def names(self) -> Collection[str]:
        return KINDS

    @property
    def required(self) -> Collection[str]:
        return ["reference"]

    def kind(self, name: str) -> Kind | None:
        return KINDS.get(name)

    def is_passed_over(self, name: str) -> bool:
        return name.startswith("about.")


COLUMNS = SomeColumns()


def read(content: str | bytes, name: str, folder: Path) -> list[RawCase | Rejected]:
    """What reading `content` gives when it is the file `name` in `folder`."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_cases([path], columns=COLUMNS))


def piped(content: str | bytes) -> list[RawCase | Rejected]:
    """What reading `content` gives when it comes on standard input."""
    data = content.encode() if isinstance(content, str) else content
    return list(read_cases(["-"], columns=COLUMNS, stdin=io.BytesIO(data)))


def cases(found: list[RawCase | Rejected]) -> list[dict[str, object]]:
    """The data of the cases, nothing having been set aside."""
    assert [item for item in found if isinstance(item, Rejected)] == []
    return [item.data for item in found if isinstance(item, RawCase)]


def rejected(found: list[RawCase | Rejected]) -> Rejected:
    """The one rejection among what was found."""
    (only,) = (item for item in found if isinstance(item, Rejected))
    return only


def references(found: list[RawCase | Rejected]) -> list[object]:
    """The references of the cases that could be read."""
    return [item.data.get("reference") for item in found if isinstance(item, RawCase)]
