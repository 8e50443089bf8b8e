"""What a ward is called where a population knows it by its code alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import numpy as np
import polars as pl
import shapely

from eligibility.errors import UsageError, nearest
from eligibility.geography.features import Asked
from eligibility.geography.ground import Floats, grid_of
from eligibility.geography.shapes import read_named_areas
from eligibility.modelling.generate.data_files import WARDS, DataFolder

_COLUMN = re.compile(r"(?:(?:wd|ced|ed|ward|division)?(?:[0-9]{2})?_?)(code|cd|name|nm)")
"""`code` and `name`, or as the ONS heads its lists: `WD24CD` and `WD24NM`, `CED21CD` and `CED21NM`."""


def names_in(path: Path) -> dict[str, str]:
    """The names of a council's own list (CSV: a code and a name a row). Raises UsageError that says what is wrong."""
    try:
        found = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError):
        raise UsageError(
            f"{path} cannot be read; expected a CSV file of wards with the columns code and name"
        ) from None
    columns: dict[str, str] = {}
    for column in found.columns:
        if kind := _COLUMN.fullmatch(column.strip().lower()):
            columns.setdefault({"cd": "code", "nm": "name"}.get(kind[1], kind[1]), column)
    for wanted in ("code", "name"):
        if wanted not in columns:
            raise UsageError(f"{path} has no column {wanted}{nearest(wanted, found.columns)}; expected code and name")
    rows = found.select(columns["code"], columns["name"]).drop_nulls().iter_rows()
    return {code.strip(): name.strip() for code, name in rows}


def where_they_lie(data: DataFolder, wards: Collection[str], owners: list[str], points: Floats) -> dict[str, str]:
    """The older ward in which more postcodes of each ward lie than in any other, where the data have older borders.

    `owners` and `points` (metres of the grid) are postcodes: the ward of each, and its place.
    """
    older = [item for path in data.any(WARDS) for item in read_named_areas(path, Asked("wards")).items]
    if not older or not len(points):
        return {}
    tree = shapely.STRtree([shapely.transform(border, in_metres) for _, _, border in older])
    postcodes, inside = tree.query(shapely.points(points), predicate="within")
    counts: dict[str, Counter[str]] = {ward: Counter() for ward in wards}
    for postcode, place in zip(postcodes.tolist(), inside.tolist(), strict=True):
        if owners[postcode] in counts and older[place][1]:
            counts[owners[postcode]][older[place][1]] += 1
    return {ward: min(held, key=lambda name: (-held[name], name)) for ward, held in counts.items() if held}


def in_metres(degrees: Floats) -> Floats:
    """Longitudes and latitudes as metres of the British National Grid."""
    return np.stack(grid_of(degrees[:, 0], degrees[:, 1]), axis=1).astype(np.float64)
