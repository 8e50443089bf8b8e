"""How near a run comes to what is published, so that nobody takes an invented county for the real one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl

from eligibility.marked_yaml import Marked, read
from eligibility.policy_figures import read_value

SHIPPED = Path(__file__).with_name("published_figures.yaml")
_UNITS = ("pupils", "pounds", "percent")


@dataclass(frozen=True)
class Published:
    """A published figure: pupils, pence or percent; `at_most` where anything below it agrees with it."""

    id: str
    says: str
    value: int
    unit: str
    source: str
    at_most: bool


def published_figures(path: Path = SHIPPED) -> tuple[Published, ...]:
    """Read a file of published figures. Raises PolicyError for a mistake in it, with its line."""
    items = read(path).mapping(("figures",), ())["figures"].items()
    return tuple(_published(item) for item in items)


def _published(mark: Marked) -> Published:
    keys = mark.mapping(("figure", "says", "value", "unit", "source"), ("at_most",))
    name, unit = keys["figure"].text(), keys["unit"].text()
    if unit not in _UNITS:
        raise keys["unit"].error(f"{unit} is not a unit; expected {', '.join(_UNITS)}")
    if name not in _MODELLED:
        raise keys["figure"].error(f"a run has no figure {name}; expected one of {', '.join(_MODELLED)}")
    value = read_value(keys["value"], unit, ()) if unit == "pounds" else keys["value"].whole()
    at_most = "at_most" in keys and keys["at_most"].boolean()
    return Published(name, keys["says"].text(), int(str(value)), unit, mark.source(name), at_most)


_MODELLED = {
    "carried": pl.col("carried_before").sum(),
    "cost_a_year": pl.col("pence_before").sum(),
    "cost_of_a_pupil": pl.col("pence_before").sum() / pl.col("carried_before").sum(),
    "share_entitled": 100 * pl.col("entitled_before").sum() / pl.col("pupils").sum(),
}
"""By published figure: what stands for it in the outcomes of a run, under the version held now."""


def calibration(outcomes: pl.DataFrame, option: str, published: tuple[Published, ...] | None = None) -> pl.DataFrame:
    """Every published figure beside the run's, under the version held now: the figures, the error in percent.

    Pounds are in pence. The error of a figure that is an upper bound is 0 below it.
    """
    whole = outcomes.filter((pl.col("option") == option) & (pl.col("dimension") == "all"))
    rows = []
    for figure in published if published is not None else published_figures():
        modelled = whole.select(_MODELLED[figure.id]).item()
        exact = Decimal(str(modelled)) if modelled is not None and math.isfinite(modelled) else Decimal(0)
        error = 100 * (exact - figure.value) / figure.value
        if figure.at_most:
            error = max(error, Decimal(0))
        rows.append(
            {
                "figure": figure.id,
                "says": figure.says,
                "unit": "pence" if figure.unit == "pounds" else figure.unit,
                "published": figure.value,
                "modelled": float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP)),
                "error_percent": float(error.quantize(Decimal("0.1"), ROUND_HALF_UP)),
                "at_most": figure.at_most,
                "source": figure.source,
            }
        )
    return pl.DataFrame(rows)
