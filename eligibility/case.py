"""What an officer knows of a pupil: the case model, made from the vocabulary.

Absent is not known; null is known to be none. Nothing here looks at rules, an area or the clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from typing import Annotated, Any, Literal, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    create_model,
)

from eligibility.case_mistakes import sentences
from eligibility.errors import Contradiction, InputError
from eligibility.facts import Fact, Vocabulary, vocabulary
from eligibility.units import MM_PER_MILE

NO_DAY = dt.date.max
"""9999-12-31, which in columns of dates stands for "known to have no such day" and is the day of no case."""
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\Z")
_DIGITS = 18
_MILES = re.compile(
    rf"[-+]?([0-9]{{1,{_DIGITS}}}(\.[0-9]{{0,{_DIGITS}}})?|\.[0-9]{{1,{_DIGITS}}})([eE][-+]?[0-9]{{1,3}})?"
)
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{0,63}\Z")


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise ValueError("expected a date that exists, such as 2018-09-04") from error
    raise ValueError("expected a date such as 2018-09-04")


def _postcode(value: Any) -> str:
    text = re.sub(r"\s+", "", str(value)).upper() if isinstance(value, str) else ""
    text = f"{text[:-3]} {text[-3:]}"
    if not _POSTCODE.match(text):
        raise ValueError("expected the form of a UK postcode, such as BA2 0AA")
    return text


def _urn(value: Any) -> str:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{6}", text):
        raise ValueError("expected a school number (URN) of six digits")
    return text


def _uprn(value: Any) -> str:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise ValueError("expected an address number (UPRN) of up to twelve digits")
    return text.lstrip("0") or "0"


def _reference(value: Any) -> str:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _REFERENCE.match(text):
        raise ValueError("expected up to 64 letters, digits and . _ - : / # without spaces; never a name")
    return text


def read_miles(value: Any) -> Decimal:
    """Miles as an exact decimal number; never a binary float."""
    text = str(value).strip() if isinstance(value, int | str | Decimal) and not isinstance(value, bool) else ""
    # An exponent (JSON may write 3.4e0) can make a short text into a number that fills the memory.
    if not _MILES.fullmatch(text) or abs(int(Decimal(text).as_tuple().exponent)) > _DIGITS:
        raise ValueError('expected miles as a decimal number, such as "3.412"')
    miles = Decimal(text)
    if not 0 <= miles <= 310:
        raise ValueError("expected miles between 0 and 310; the distance is negative or absurd")
    return Decimal(format(abs(miles), "f"))  # minus nothing is nothing


def miles_to_mm(miles: Decimal) -> int:
    """Whole millimetres; half a millimetre rounds up."""
    return int((miles * MM_PER_MILE).to_integral_value(ROUND_HALF_UP))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Incident(_Part):
    """One recorded incident of behaviour."""

    on: Annotated[dt.date, BeforeValidator(_date)]
    serious: StrictBool = False


def _annotation(fact: Fact, words: Mapping[str, tuple[str, ...]]) -> Any:
    choices = fact.words or words.get(fact.type, ())
    match fact.type:
        case "boolean":
            return StrictBool
        case "whole" | "money" | "length":
            return Annotated[StrictInt, Field(ge=fact.min, le=fact.max)]
        case "date":
            return Annotated[dt.date, BeforeValidator(_date)]
        case "word" | "ground" | "policy":
            return Literal[choices]
        case "postcode":
            return Annotated[str, BeforeValidator(_postcode)]
        case "urn":
            return Annotated[str, BeforeValidator(_urn)]
        case "uprn":
            return Annotated[str, BeforeValidator(_uprn)]
        case "urns":
            return tuple[Annotated[str, BeforeValidator(_urn)], ...]
        case "places":
            return dict[Annotated[str, BeforeValidator(_urn)], StrictBool]
        case "incidents":
            return tuple[Incident, ...]
        case _:
            return Annotated[str, BeforeValidator(_reference)]


def may_be_none(fact: Fact) -> bool:
    """Whether a case may say that there is none."""
    if fact.type in ("urns", "places", "incidents", "urn") and not fact.required:
        return True
    if fact.type == "boolean":
        return fact.has_none and fact.none is False
    return (fact.has_none or fact.default == "not_given") and not fact.required


def build_case_model(words: Mapping[str, tuple[str, ...]]) -> type[BaseModel]:
    """The pydantic model of a case; `words` gives the closed lists that the policy files decide (ground, policy).

    Made once for the same words: making it takes a twentieth of a second, and many rulebooks have the same words.
    """
    return _of_words(tuple(sorted(words.items())))


@cache
def _of_words(words: tuple[tuple[str, tuple[str, ...]], ...]) -> type[BaseModel]:
    tree: dict[str, Any] = {}
    for fact in vocabulary().facts:
        for place in filter(None, (fact.case, fact.other_home)):
            node = tree
            *parents, leaf = place.split(".")
            for parent in parents:
                node = node.setdefault(parent, {})
            node[leaf] = fact
            if fact.also_miles:
                node[fact.also_miles] = "miles"
    return _model("Case", tree, dict(words))


def _model(name: str, tree: Mapping[str, Any], words: Mapping[str, tuple[str, ...]]) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for key, part in tree.items():
        alias = {"alias": key} if key == "from" else {}
        field_name = "from_" if key == "from" else key
        if part == "miles":
            fields[key] = (
                Annotated[Decimal, BeforeValidator(read_miles)] | None,
                Field(None, description="miles, decimal number"),
            )
        elif isinstance(part, Fact):
            kind = _annotation(part, words)
            note: dict[str, Any] = {"description": f"{part.question} ({part.unit})", **alias}
            if part.required:
                fields[field_name] = (kind, Field(..., **note))
            else:
                fields[field_name] = (kind | None if may_be_none(part) else kind, Field(None, **note))
        else:
            inner = _model(f"{name}_{key}", part, words)
            required = key in ("home", "school")
            fields[key] = (inner, ...) if required else (inner | None, None)
    return create_model(name, __base__=_Part, **fields)


@dataclass(frozen=True)
class Case:
    """A checked case: `known` maps a dotted place to its value (None: known to be none); absent is not known."""

    reference: str
    known: Mapping[str, Any]
    supplied: Mapping[str, Any]

    def has(self, place: str) -> bool:
        """Whether the place is known, by itself or because a part it lies in is known to be none."""
        return self.lies_in_none(place) or place in self.known

    def lies_in_none(self, place: str) -> bool:
        """Whether a part that the place lies in is known to be none."""
        return place.startswith(self._in_none)

    @cached_property
    def _in_none(self) -> tuple[str, ...]:
        """How the places begin that lie in a part known to be none."""
        return tuple(f"{place}." for place, value in self.known.items() if value is None)

    @property
    def born(self) -> dt.date:
        """The date of birth, which every case gives."""
        return cast("dt.date", self.known["date_of_birth"])

    def get(self, place: str) -> Any:
        """The value, or None where it is not known or known to be none."""
        return self.known.get(place)


def read_case(data: Mapping[str, Any], model: type[BaseModel]) -> Case:
    """Check one case. Raises InputError with one sentence that names fields and never repeats a value."""
    if not isinstance(data, Mapping):
        raise InputError("the case is not a set of keys and values")
    try:
        checked = model.model_validate(dict(data))
    except ValidationError as error:
        raise InputError("; ".join(sentences(error, model))) from error
    known: dict[str, Any] = {}
    _flatten(checked, "", known)
    terms = vocabulary()
    for place in [place for place in known if place.rsplit(".", 1)[-1] in _miles_keys(terms)]:
        _miles_into_mm(known, place, terms)
    for place, value in known.items():
        if value == NO_DAY:
            raise InputError(
                f"{place} is a day that no calendar reaches; where there is no such day write none, "
                "or null in YAML and JSON"
            )
    for home in ("home", "other_home"):
        given = home == "home" or any(place.startswith(f"{home}.") for place in known)
        if given and not _is_located(home, known):
            raise InputError(f"{home} has no postcode, no uprn, and no easting with northing; give one of them")
    return Case(checked.reference, known, _as_supplied(checked))  # type: ignore[attr-defined]  # made from the vocabulary


def _is_located(home: str, known: Mapping[str, Any]) -> bool:
    given = {leaf for leaf in ("postcode", "uprn", "easting", "northing") if f"{home}.{leaf}" in known}
    return bool(given & {"postcode", "uprn"}) or {"easting", "northing"} <= given


def _miles_keys(terms: Vocabulary) -> dict[str, str]:
    return {fact.also_miles: fact.case.rsplit(".", 1)[-1] for fact in terms.facts if fact.also_miles}


def _miles_into_mm(known: dict[str, Any], place: str, terms: Vocabulary) -> None:
    section, leaf = place.rsplit(".", 1)
    target = f"{section}.{_miles_keys(terms)[leaf]}"
    miles = known.pop(place)
    if miles is None:
        return
    value = miles_to_mm(miles)
    if known.get(target, value) != value:
        raise Contradiction(f"{target} and {place} give two different distances; keep one")
    known[target] = value


def _flatten(part: BaseModel, prefix: str, known: dict[str, Any]) -> None:
    for name, info in type(part).model_fields.items():
        if name not in part.model_fields_set:
            continue
        alias = info.alias or name
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            _flatten(value, f"{prefix}{alias}.", known)
        else:
            known[f"{prefix}{alias}"] = value


def _as_supplied(part: BaseModel) -> dict[str, Any]:
    """The case as checked, in JSON types and the vocabulary's order: what a replay starts from."""
    return part.model_dump(mode="json", by_alias=True, exclude_unset=True)
