"""What the figures decide, and what they hang on: key decision, readings, the draw of the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eligibility.modelling.report.blocks import Cell, Section, Table
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.drawn import Bar, bars
from eligibility.modelling.report.ranges import Range, ranges
from eligibility.modelling.report.said import CHANGED, READINGS, cell, plain, test_of
from eligibility.modelling.report.withheld import LEAST
from eligibility.modelling.tables import combination_sums


def key_decision(counted: Counted) -> Section:
    """The tests of a key decision."""
    rows = []
    for row in counted.table("key_decision").iter_rows(named=True):
        money = "pence" in row["test"]
        found = counted.pounds(row["found"]) if money else _at_least(counted, row["found"], row["limit"])
        limit = f"£{row['limit'] // 100:,}" if money else f"{row['limit']}"
        met = "not known" if row["met"] is None else "yes" if row["met"] else "no"
        rows.append((test_of(row["test"]), found, limit, met, row["source"]))
    table = Table(
        "Key decision", "The tests of a key decision", ("Test", "Found", "Limit", "Met", "Source"), tuple(rows)
    )
    return Section("key-decision", "Is it a key decision?", (), (), (table,))


def _at_least(counted: Counted, found: int | None, limit: int) -> str:
    """A number of wards: in public only on which side of the limit, because more would tell of wards with few."""
    if found is None or counted.everything:
        return "not known" if found is None else f"{found:,}"
    return f"{limit} or more" if found >= limit else f"under {limit}"


def readings(counted: Counted) -> Section:
    """How many pupils and pounds hang on each reading."""
    rows, nothing = [], []
    pupils: dict[str, list[Bar]] = {}
    pounds: dict[str, list[Bar]] = {}
    for row in counted.table("each_reading").iter_rows(named=True):
        if row["pupils"] is None:
            continue
        name, other = plain(row["reading"]), plain(row["other"])
        if not row["pupils"]:
            nothing.append(name)
            continue
        count, saving = counted.alone(row["pupils"]), counted.pounds(row["saving_pence"])
        most = counted.pounds(row["most_saving_pence"]) if row["most_saving_pence"] is not None else ""
        rows.append((name, other, cell(count), saving, most))
        label = f"{name}, read as: {other}"
        pupils[label] = [Bar(count, counted.pupils(count))]
        if row["saving_pence"] is not None:
            pounds[label] = [Bar(counted.whole(row["saving_pence"]), saving)]
    heads = ("Reading", "If it is read as", "Pupils", "Saves more by", "At most")
    table = Table("Readings", "What hangs on each reading of the policy", heads, tuple(rows))
    said = [READINGS] if rows else []
    combined = counted.table("readings")
    if combined.height:
        saved = combination_sums(combined).get_column("saving_pence").to_list()
        said.append(
            f"Over all {len(saved):,} combinations of the open readings a full year saves between "
            f"{counted.pounds(min(saved))} and {counted.pounds(max(saved))}, with those protected left out."
        )
    if nothing:
        said.append(f"Nothing hangs on: {', '.join(nothing)}.")
    if counted.run.about["readings_not_run"]:
        names = ", ".join(map(plain, counted.run.about["readings_not_run"]))
        said.append(f"Not run, because distances were measured before: {names}.")
    drawn = tuple(
        bars(f"readings-{what}-", title, _in_words(found), ("",), found)
        for what, title, found in (
            ("pupils", "Pupils whose answer hangs on a reading", pupils),
            ("pounds", "By how much more a full year saves if it is read otherwise (hatched: less)", pounds),
        )
        if any(bar.value for held in found.values() for bar in held)
    )
    return Section("readings", "What hangs on how the policy is read", tuple(said), drawn, (table,) if rows else ())


def _in_words(found: Mapping[str, Sequence[Bar]]) -> str:
    return "; ".join(f"{label}: {held[0].said}" for label, held in found.items())


_TOO_SMALL = f"From every figure a number under {LEAST} could be worked back, so none is told."
_ENTITLED = ("entitled_before", "entitled_after", "carried_before", "carried_after")


def spread(counted: Counted) -> Section:
    """How far the figures differ between populations."""
    rows: list[tuple[Cell, ...]] = []
    figures, left_out = [], 0
    columns = ("mean", "lowest", "highest", "from", "to")
    for row in counted.table("spread").iter_rows(named=True):
        if not _may_be_told(counted, row):
            left_out += 1
            continue
        name, numbers = _figure(row["measure"]), [round(row[column]) for column in columns]
        money = row["measure"].startswith(("pence", "saving"))
        told = [counted.pounds(number) if money else f"{number:,}" for number in numbers]
        rows.append((name, *(told if money else numbers)))
        shown = tuple(map(float, map(counted.whole, numbers))) if money else tuple(map(float, numbers))
        mean, lowest, highest, first, last = shown
        shortly = f"mean {told[0]}, from {told[1]} to {told[2]}"
        figures.append(Range(name, shortly, (mean, lowest, highest, first, last)))
    heads = ("Figure", "Mean", "Lowest", "Highest", "19 in 20 from", "to")
    number = counted.table("spread").item(0, "populations")
    if not rows:
        return Section("spread", "From one invented population to the next", (_TOO_SMALL,))
    table = Table("Spread", f"Over {number} invented populations", heads, tuple(rows))
    said = ["Each figure is drawn on a scale of its own, from nought."]
    if left_out:
        said.append(f"Left out: {left_out} figures from which a number under {LEAST} could be worked back.")
    about = "; ".join(f"{figure.name}: {figure.said}" for figure in figures)
    drawn = ranges("spread-", f"How far figures differ over {number} populations", about, figures)
    return Section("spread", "From one invented population to the next", tuple(said), (drawn,), (table,))


def _figure(measure: str) -> str:
    """What a figure is called."""
    return CHANGED.get(measure) or plain(measure.removesuffix("_pence").replace("pence", "cost"))


def _may_be_told(counted: Counted, row: Mapping[str, Any]) -> bool:
    """Whether a figure over several populations gives away no number that is withheld of one of them."""
    if counted.everything or row["measure"].startswith(("pence", "saving")):
        return True
    told = {change for _, _, change in counted.ways}
    hidden = None in {*counted.shown.totals.values(), *counted.ways.values()} or told < {
        change for change, count in counted.totals.items() if count
    }
    if row["measure"] in counted.shown.totals and counted.shown.totals[row["measure"]] is None:
        return False
    if hidden and row["measure"] in _ENTITLED:
        return False
    # Of two draws the mean and the one tell the other.
    return all(counted.alone(round(row[column])) is not None for column in ("lowest", "highest", "mean"))
