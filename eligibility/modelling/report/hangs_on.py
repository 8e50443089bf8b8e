"""What the figures decide, and what they hang on: key decision, readings, the draw of the population."""

from __future__ import annotations

from eligibility.modelling.report.blocks import Section, Table
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.said import READINGS, cell, plain, test_of
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
    for row in counted.table("each_reading").iter_rows(named=True):
        if row["pupils"] is None:
            continue
        if not row["pupils"]:
            nothing.append(plain(row["reading"]))
            continue
        rows.append(
            (
                plain(row["reading"]),
                plain(row["other"]),
                cell(counted.alone(row["pupils"])),
                counted.pounds(row["saving_pence"]),
                counted.pounds(row["most_saving_pence"]) if row["most_saving_pence"] is not None else "",
            )
        )
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
    return Section("readings", "What hangs on how the policy is read", tuple(said), (), (table,))


def spread(counted: Counted) -> Section:
    """How far the figures differ between populations."""
    rows = []
    columns = ("mean", "lowest", "highest", "from", "to")
    for row in counted.table("spread").iter_rows(named=True):
        money = row["measure"].startswith(("pence", "saving"))
        rows.append(
            (
                plain(row["measure"].removesuffix("_pence")),
                *(
                    counted.pounds(round(row[name])) if money else counted.pupils(counted.alone(round(row[name])))
                    for name in columns
                ),
            )
        )
    heads = ("Figure", "Mean", "Lowest", "Highest", "19 in 20 from", "to")
    number = counted.table("spread").item(0, "populations")
    table = Table("Spread", f"Over {number} invented populations", heads, tuple(rows))
    return Section("spread", "From one invented population to the next", (), (), (table,))
