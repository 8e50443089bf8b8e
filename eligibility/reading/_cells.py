"""From the text of a CSV cell to a value, by the kind of its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from eligibility.reading._records import Kind

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


class Unreadable(Exception):
    """A cell that cannot be read; holds what was expected, never what was there."""


def read_cell(kind: Kind, text: str) -> Any:
    """The value of a cell that is not empty. Raises Unreadable saying what was expected.

    The word `none` is None, and for a list, places or incidents it is the empty one.
    """
    text = text.strip()
    if text.lower() == "none":
        return {"list": [], "incidents": [], "places": {}}.get(kind)
    return _READERS[kind](text)


def _boolean(text: str) -> bool:
    if (value := _WORDS.get(text.lower())) is None:
        raise Unreadable("yes, no, true or false was expected")
    return value


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Unreadable("a whole number in figures alone was expected")
    return int(text)


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise Unreadable("a number such as 3.412 was expected")
    return Decimal(text)


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise Unreadable("a date such as 2018-09-04 was expected")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable("a day that is in the calendar was expected") from None


def _text(text: str) -> str:
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _list(text: str) -> list[int | str]:
    return [int(part) if _WHOLE.fullmatch(part) else part for part in _parts(text)]


def _places(text: str) -> dict[str, bool]:
    places: dict[str, bool] = {}
    for part in _parts(text):
        urn, equals, word = (piece.strip() for piece in part.partition("="))
        if not equals or not urn or word.lower() not in _WORDS:
            raise Unreadable("schools written as 109329=yes;136335=no were expected")
        if urn in places:
            raise Unreadable("each school was expected once")
        places[urn] = _WORDS[word.lower()]
    return places


def _incidents(text: str) -> list[dict[str, Any]]:
    incidents = []
    for part in _parts(text):
        day, equals, word = (piece.strip() for piece in part.partition("="))
        if equals and word.lower() != "serious":
            raise Unreadable("days written as 2018-11-02;2018-12-01=serious were expected")
        incidents.append({"on": _date(day), "serious": bool(equals)})
    return incidents


def _section(_: str) -> None:
    raise Unreadable("only the word none, or nothing, was expected; the parts have columns of their own")


_READERS: dict[Kind, Callable[[str], Any]] = {
    "boolean": _boolean,
    "whole": _whole,
    "decimal": _decimal,
    "date": _date,
    "word": _text,
    "text": _text,
    "list": _list,
    "places": _places,
    "section": _section,
    "incidents": _incidents,
}
