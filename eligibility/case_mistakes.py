"""What is wrong with a case that does not fit its model, in words that name fields and never a value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from eligibility.errors import FIELD_NAMES_ALIKE, nearest

_HINTS = {
    "bool_type": "expected true or false",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "none_required": "expected nothing else but null here",
    "model_type": "expected keys and values here",
    "model_attributes_type": "expected keys and values here",
    "dict_type": "expected school numbers, each with true or false",
    "tuple_type": "expected a list",
    "missing": "is missing",
}

_OTHER_YES_AND_NO = frozenset({"yes", "no", "y", "n", "on", "off"})


def sentences(error: ValidationError, model: type[BaseModel]) -> Iterable[str]:
    """What is wrong with a case, a sentence for each of the first five mistakes; a value is never repeated."""
    for item in error.errors(include_url=False)[:5]:
        place = ".".join(str(step) for step in item["loc"] if not str(step).startswith("function-")) or "the case"
        place = re.sub(r"^places\..*", "places", place)
        kind, context = item["type"], item.get("ctx", {})
        if kind == "missing":
            yield f"{place} is missing; it is required"
        elif kind == "extra_forbidden":
            known = list(_field_names(model))
            siblings = [
                name.rsplit(".", 1)[-1] for name in known if name.rpartition(".")[0] == place.rpartition(".")[0]
            ]
            leaf = place.rsplit(".", 1)[-1]
            hint = nearest(leaf, siblings, FIELD_NAMES_ALIKE) or nearest(place, known, FIELD_NAMES_ALIKE)
            plain = re.fullmatch(r"[A-Za-z0-9_.]{1,80}", place) is not None
            yield f"{place if plain else 'a field'} is not known{hint}"
        elif kind == "literal_error":
            yield f"{place}: expected one of {context['expected']}"
        elif kind == "value_error":
            yield f"{place}: {context['error']}"
        elif kind in ("greater_than_equal", "less_than_equal"):
            limit = context.get("ge", context.get("le"))
            yield f"{place}: expected {'at least' if 'ge' in context else 'at most'} {limit}; it is negative or absurd"
        elif kind == "bool_type" and str(item.get("input")).lower() in _OTHER_YES_AND_NO:
            yield f"{place}: expected true or false (not yes or no)"
        else:
            yield f"{place}: {_HINTS.get(kind, 'expected another kind of value')}"


def _field_names(model: type[BaseModel], prefix: str = "") -> Iterable[str]:
    for name, info in model.model_fields.items():
        place = f"{prefix}{info.alias or name}"
        yield place
        for inner in _models_in(info.annotation):
            yield from _field_names(inner, f"{place}.")


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part
