"""The officers' companion of a report: the same tables with every number, the pupils affected, and their reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from eligibility.decision import Decision
from eligibility.modelling.cells import Cell, cell
from eligibility.modelling.decisive import AFFECTED
from eligibility.modelling.drill_down import cases_behind, reasons
from eligibility.modelling.report.blocks import Report, Section, Table
from eligibility.modelling.report.make import Wards, make
from eligibility.modelling.report.said import CHANGED, OUTCOMES
from eligibility.modelling.run import Run
from eligibility.modelling.scenario import Scenario

REASONS = 10
"""For how many pupils of each change the decisions are told."""
WARNING = "For officers only: this page holds pupils. It must not be published or sent on."
_TOLD = (*AFFECTED, "not_known")
_MORE = "edtravel model pupils DIR --table outcomes --where change={} --cases FILE"


def companion(
    run: Run,
    scenario: Scenario,
    option: str,
    in_words: Callable[[Decision, Decision], str],
    wards: Wards | None = None,
) -> Report:
    """The companion of the report of an option; `in_words` tells two decisions on a pupil, `wards` as for `make`."""
    found = _by_change(run, scenario, option, _TOLD)
    tables = tuple(_pupils(change, cell_) for change, cell_ in found.items() if cell_.pupils.height)
    listed = Section(
        "pupils", "The pupils affected", (f"Reasons are told for the first {REASONS} of each.",), (), tables
    )
    told = tuple(_reasons(run, scenario, found, in_words))
    plain = make(run, option, everything=True, wards=wards)
    first, *others = plain.sections
    return replace(plain, warning=WARNING, sections=(first, listed, *others), told=told)


def affected(run: Run, scenario: Scenario, option: str) -> pl.DataFrame:
    """Whom a consultation should reach: a row a pupil affected, by reference, with what would change."""
    found = _by_change(run, scenario, option, AFFECTED).values()
    rows = [each.pupils.select("reference", "change", "before", "after", "ground_before", "kept") for each in found]
    return pl.concat(rows).sort("reference")


def _by_change(run: Run, scenario: Scenario, option: str, changes: Sequence[str]) -> dict[str, Cell]:
    """The pupils of each change; the question is asked once, because asking is what takes long."""
    whole = cell(scenario, run.folder, "outcomes", {"option": option})
    return {change: replace(whole, pupils=whole.pupils.filter(pl.col("change") == change)) for change in changes}


def _pupils(change: str, found: Cell) -> Table:
    rows = tuple(
        (
            row["reference"],
            str(row["row"]),
            OUTCOMES[row["before"]],
            OUTCOMES[row["after"]],
            row["ground_before"].replace("_", " "),
            (row["kept"] or "").replace("_", " "),
        )
        for row in found.pupils.iter_rows(named=True)
    )
    heads = ("Reference", "Row", "Before", "After", "Ground before", "Kept")
    return Table(f"Pupils {change}".replace("_", " "), CHANGED[change], heads, rows)


def _reasons(
    run: Run, scenario: Scenario, found: dict[str, Cell], in_words: Callable[[Decision, Decision], str]
) -> Iterator[tuple[str, str]]:
    for change, cell_ in found.items():
        cases = cases_behind(run.folder, cell_).head(REASONS)
        for old, new in reasons(scenario, cases, cell_):
            yield f"{old.reference}: {CHANGED[change]}", in_words(old, new)
        if cell_.pupils.height > REASONS:
            left = cell_.pupils.height - REASONS
            yield f"{CHANGED[change]}: {left:,} more", f"Their cases are written by {_MORE.format(change)}"
