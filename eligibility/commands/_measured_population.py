"""What `edtravel population measure` does: the file read and checked, measured, and written with how that was done."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click
import polars as pl

from eligibility.columns import CaseColumns
from eligibility.commands._measure import area_path
from eligibility.commands._progress import counted
from eligibility.errors import UsageError
from eligibility.geography import Area
from eligibility.in_force import Books
from eligibility.modelling.generate.county import Draw
from eligibility.modelling.generate.data_files import DataFolder
from eligibility.modelling.generate.open_data import estimate_ground
from eligibility.modelling.generate.rates import rates
from eligibility.modelling.measuring.grounds import ByEstimate, InArea
from eligibility.modelling.measuring.measure import measure, with_phases
from eligibility.modelling.population_file import Checks, check_population
from eligibility.modelling.population_writing import about_path, write_population
from eligibility.policy_files import policies
from eligibility.reading import Rejected

Aside = tuple[int, str, str]


def measured(
    source: Path, out: Path, *, area: str | None, data: Path | None, on: dt.date | None, anew: bool
) -> list[Aside]:
    """Measure the population `source` and write it to `out`; what was set aside: row, reason and the row.

    Raises UsageError or InputError where the file or the area cannot be used at all.
    """
    checked = out.with_name(out.name + ".checked.parquet")
    rejected: list[Rejected] = []
    try:
        held = policies()
        check_population(source, checked, Checks(Books(held), held.council_versions(), on), set_aside=rejected.append)
        pupils = _cases(checked)
        with counted("schools measured") as progress:
            ground: InArea | ByEstimate
            if data is not None:
                ground = estimate_ground(DataFolder(data), Draw(0, rates()), on or pupils["travel_from"].max())  # type: ignore[arg-type]  # a column of days
            else:
                ground = InArea(Area.open(area_path(str(area))), out, progress)
            found = measure(pupils, ground, held, on=on, anew=anew)
        if not len(found.pupils):
            row, reason = found.set_aside[0]
            raise UsageError(f"{source}: no pupil can be measured; row {row}: {reason}")
        whole = with_phases(found.pupils, ground.schools).drop("row")
        write_population(whole, {**_about(source), **_how(ground, len(whole), anew=anew)}, out)
    finally:
        checked.unlink(missing_ok=True)
    if isinstance(ground, InArea):
        ground.forget()
    click.echo(f"{out}: {len(whole):,} pupils measured, {_how(ground, len(whole), anew=anew)['distances']}")
    aside = [(each.row, each.reason, each.raw) for each in rejected]
    return sorted([*aside, *((row, reason, "") for row, reason in found.set_aside)])


def _cases(checked: Path) -> pl.DataFrame:
    """The checked rows as they stand in a population file, with `row`."""
    columns = CaseColumns()
    names = pl.scan_parquet(checked).collect_schema().names()
    kept = [name for name in names if name == "row" or columns.kind(name) or columns.is_passed_over(name)]
    return pl.read_parquet(checked, columns=kept)


def _about(source: Path) -> dict[str, Any]:
    """What goes with the population that was measured, if anything does."""
    beside = about_path(source)
    if not beside.is_file():
        return {}
    try:
        found = json.loads(beside.read_text(encoding="utf-8"))
    except ValueError:
        raise UsageError(f"{beside} is no JSON; take it away or write it again") from None
    return found if isinstance(found, dict) else {}


def _how(ground: InArea | ByEstimate, pupils: int, *, anew: bool) -> dict[str, Any]:
    """How the figures of a measured population were come by."""
    about: dict[str, Any] = {"pupils": pupils, "figures_given_before": "measured anew" if anew else "kept"}
    if isinstance(ground, InArea):
        area = {"name": ground.area.name, "content_hash": ground.area.content_hash}
        return {**about, "area": area, "distances": f"along the networks of the area {ground.area.name}"}
    detour = ground.detour
    return {
        **about,
        "distances": f"estimates: {detour.said}",
        "detour": {"source": detour.source, "estimate": True},
    }
