"""What the change saves and whom it protects, year by year."""

from __future__ import annotations

import polars as pl

from eligibility.modelling.accounts import KINDS as _KINDS
from eligibility.modelling.changes import NOBODY
from eligibility.modelling.report.blocks import Cell, Section, Table
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.drawn import Bar, bars
from eligibility.modelling.report.said import cell
from eligibility.modelling.report.withheld import LEAST, MARK
from eligibility.modelling.run_off import FOLLOWED, KEPT
from eligibility.phrases import capital
from eligibility.reading_names import EXPECTATION


def savings(counted: Counted) -> Section:
    """Target, probable and assured, in-year and full-year."""
    found = list(counted.table("savings_by_financial_year").iter_rows(named=True))
    columns = [f"{kind}_{part}_pence" for part in ("in_year", "full_year") for kind in _KINDS]
    heads = ("Financial year", *(f"{capital(kind)}, {part}" for part in ("in-year", "full year") for kind in _KINDS))
    rows = tuple((row["financial_year"], *(counted.pounds(row[column]) for column in columns)) for row in found)
    groups = {row["financial_year"]: [_bar(counted, row[f"{kind}_in_year_pence"]) for kind in _KINDS] for row in found}
    about = "; ".join(
        f"{year}: " + ", ".join(f"{kind} {bar.said}" for kind, bar in zip(_KINDS, held, strict=True))
        for year, held in groups.items()
    )
    definitions = counted.run.about["definitions"]
    said = [f"{capital(kind)}: {definitions[kind]}." for kind in _KINDS]
    said.append(f"In-year {counted.run.about['accounts'][counted.option]}")
    drawn = bars(
        "savings-", "What is saved in each financial year, in-year", about, [capital(k) for k in _KINDS], groups
    )
    table = Table("Savings", "What is saved, in-year beside full-year", heads, rows)
    return Section("savings", "What it saves", tuple(said), (drawn,), (table,))


def run_off(counted: Counted) -> Section:
    """How many pupils are still protected in each school year."""
    found = counted.table("run_off")
    others = set(counted.table("each_reading").filter(pl.col("reading") == EXPECTATION).get_column("other"))
    ways = sorted(set(found.get_column("reading")) - {NOBODY}, key=lambda way: (way in others, way))
    if not ways:
        return Section("run-off", "How long pupils are protected", ("The change protects nobody.",))
    protected = found.filter(pl.col("change") == "protected")
    sums = {
        (view, way, year): int(pupils)
        for view, way, year, pupils in protected.group_by("view", "reading", "year")
        .agg(pl.col("pupils").sum())
        .iter_rows()
    }
    years = list(found.select("year", "school_year").unique().sort("year").iter_rows())
    names = {FOLLOWED: "Today's pupils", KEPT: "The county kept as it is"}
    keys = [(view, way) for view in (FOLLOWED, KEPT) for way in ways]

    def count(view: str, way: str, year: int) -> Cell:
        pupils, by_chosen = sums.get((view, way, year), 0), sums.get((view, ways[0], year), 0)
        if not counted.everything and way != ways[0] and 0 < abs(pupils - by_chosen) < LEAST:
            return MARK
        return cell(counted.alone(pupils))

    rows = tuple((label, *(count(view, way, year) for view, way in keys)) for year, label in years)
    heads = ("School year", *(f"{names[view]}, reading {way}" for view, way in keys))
    groups = {}
    for year, label in years:
        cells = [count(view, ways[0], year) for view in names]
        groups[label] = [
            Bar(cell if isinstance(cell, int) else None, f"{cell:,}" if isinstance(cell, int) else cell)
            for cell in cells
        ]
    about = "; ".join(
        f"{label}: {held[0].said} of today's pupils, {held[1].said} of the county" for label, held in groups.items()
    )
    drawn = bars(
        "run-off-", f"Pupils protected in each school year, reading {ways[0]}", about, list(names.values()), groups
    )
    definitions = counted.run.about["definitions"]
    said = [f"{names[view]}: {definitions[view]}." for view in names]
    said.append(f"Drawn: the reading that the policy chose, {ways[0]}.")
    if not counted.everything and len(ways) > 1:
        said.append(f"Another reading's number is withheld where it differs by fewer than {LEAST}, too.")
    table = Table("Run-off", "Pupils protected by legitimate expectation", heads, rows)
    return Section("run-off", "How long pupils are protected", tuple(said), (drawn,), (table,))


def _bar(counted: Counted, pence: int) -> Bar:
    return Bar(counted.whole(pence), counted.pounds(pence))
