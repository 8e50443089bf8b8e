"""What the change saves and whom it protects, year by year."""

from __future__ import annotations

from eligibility.modelling.accounts import KINDS as _KINDS
from eligibility.modelling.report.blocks import Section, Table
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.drawn import Bar, bars
from eligibility.modelling.report.money import nearest_penny
from eligibility.modelling.report.said import cell
from eligibility.modelling.report.still_protected import VIEWS
from eligibility.modelling.report.withheld import LEAST, MARK
from eligibility.modelling.run_off import FOLLOWED, KEPT
from eligibility.phrases import capital
from eligibility.wording import listed, pounds


def savings(counted: Counted) -> Section:
    """Target, probable and assured, in-year and full-year."""
    found = list(counted.by_financial_year.iter_rows(named=True))
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
    said += [] if counted.everything else _worked_out(counted)
    drawn = bars(
        "savings-", "What is saved in each financial year, in-year", about, [capital(k) for k in _KINDS], groups
    )
    table = Table("Savings", "What is saved, in-year beside full-year", heads, rows)
    return Section("savings", "What it saves", tuple(said), (drawn,), (table,))


def _worked_out(counted: Counted) -> list[str]:
    """How the sums follow from what is published."""
    costs, totals = counted.money.costs, counted.shown.totals
    groups = (("loser", "of those who lose", costs.lose), ("protected", "of those protected", costs.protected),
              ("winner", "of those who gain", costs.gain))  # fmt: skip
    each = [f"{pounds(nearest_penny(cost.pence))} {words}" for change, words, cost in groups if totals[change]]
    said = "Each sum is of numbers of pupils published here, those carried, times what one of them costs on average"
    return [f"{said}{': ' if each else ''}{listed(each)}. A number marked {MARK} counts as nought in every sum."]


def run_off(counted: Counted) -> Section:
    """How many pupils are still protected in each school year."""
    protected = counted.protected
    ways, years = protected.ways, protected.years
    if not ways:
        return Section("run-off", "How long pupils are protected", ("The change protects nobody.",))
    names = {FOLLOWED: "Today's pupils", KEPT: "The county kept as it is"}
    keys = [(view, way) for view in VIEWS for way in ways]
    rows = tuple(
        (label, *(cell(protected.shown[view, way, year]) for view, way in keys)) for year, label in years.items()
    )
    heads = ("School year", *(f"{names[view]}, reading {way}" for view, way in keys))
    groups = {}
    for year, label in years.items():
        counts = [protected.shown[view, ways[0], year] for view in VIEWS]
        groups[label] = [Bar(count, counted.pupils(count)) for count in counts]
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
        said.append(
            f"A number is withheld, too, where it is within {LEAST - 1} of another reading's that is published."
        )
    table = Table("Run-off", "Pupils protected by legitimate expectation", heads, rows)
    return Section("run-off", "How long pupils are protected", tuple(said), (drawn,), (table,))


def _bar(counted: Counted, pence: int) -> Bar:
    return Bar(counted.whole(pence), counted.pounds(pence))
