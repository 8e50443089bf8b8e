"""Tells how near runs come to what is published, and what was drawn otherwise from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from eligibility.commands._headlines import whole_pounds
from eligibility.decision import to_json
from eligibility.modelling.run import Run, finished_run


def tell(folders: Sequence[Path], form: str) -> None:
    """Each run's figures beside the published ones, then what was tuned between them."""
    runs = [finished_run(folder) for folder in folders]
    if form == "json":
        told = [{"run": str(run.folder), "calibration": run.tables["calibration"].to_dicts()} for run in runs]
        click.echo(to_json({"runs": told, "tuned": [_tuned(*pair) for pair in pairwise(runs)]}))
        return
    for figures in zip(*(run.tables["calibration"].iter_rows(named=True) for run in runs), strict=True):
        first = figures[0]
        click.echo(f"{first['says']}: {_figure(first['unit'], first['published'])} published [{first['source']}]")
        for run, figure in zip(runs, figures, strict=True):
            off = f"{figure['error_percent']:+.1f}%" if not first["at_most"] or figure["error_percent"] else "within it"
            click.echo(f"  {run.folder}: {_figure(first['unit'], figure['modelled'])}, {off}")
    for before, after in pairwise(runs):
        click.echo(f"\nDrawn otherwise from {before.folder} to {after.folder}:")
        for name, (old, new) in _tuned(before, after).items() or {"nothing": ("", "")}.items():
            click.echo(f"  {name.replace('_', ' ')}: {old} -> {new}" if name != "nothing" else "  nothing")
    for run in runs:
        if (origin := run.about["populations"][0]["origin"]) is not None:
            click.echo(f"\n{run.folder} is an invented population; distances: {origin.get('distances', 'not told')}.")


def _figure(unit: str, value: float) -> str:
    if unit == "pence":
        return whole_pounds(round(value))
    return f"{value:,.1f}%" if unit == "percent" else f"{value:,.0f} {unit}"


def _tuned(before: Run, after: Run) -> dict[str, tuple[Any, Any]]:
    """The figures that the two populations were drawn with and that differ, the seed among them."""
    old, new = (_drawn(run) for run in (before, after))
    return {name: (old.get(name), new.get(name)) for name in sorted({*old, *new}) if old.get(name) != new.get(name)}


def _drawn(run: Run) -> dict[str, Any]:
    origin = run.about["populations"][0]["origin"] or {}
    rates = {name: rate.get("value") for name, rate in (origin.get("rates") or {}).items()}
    return {**rates, "seed": origin.get("seed"), "on": origin.get("on")}
