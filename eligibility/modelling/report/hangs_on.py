"""What the figures decide, and what they hang on: key decision, readings, the draw of the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eligibility.modelling.decisive import AFFECTED
from eligibility.modelling.report.blocks import Cell, Section, Table
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.drawn import Bar, bars
from eligibility.modelling.report.each_reading import hanging, nothing_hangs_on, over_all
from eligibility.modelling.report.money import nearest_penny
from eligibility.modelling.report.ranges import Range, ranges
from eligibility.modelling.report.said import CHANGED, READINGS, cell, plain, test_of
from eligibility.modelling.report.withheld import LEAST, MARK


def key_decision(counted: Counted) -> Section:
    """The tests of a key decision."""
    rows, said = [], []
    for row in counted.table("key_decision").iter_rows(named=True):
        money = "pence" in row["test"]
        sum_ = _most_in_a_year(counted, row) if money else row["found"]
        met = "not known" if sum_ is None else "yes" if sum_ >= row["limit"] else "no"
        found = counted.pounds(sum_) if money else _at_least(counted, sum_, row["limit"])
        limit = f"£{row['limit'] // 100:,}" if money else f"{row['limit']}"
        if money and sum_ is not None and not counted.everything and abs(sum_ - row["limit"]) <= counted.step:
            met = "too near"
            said = [
                f"Too near: within {counted.pounds(counted.step)} of the limit; the officers' companion has the sum."
            ]
        rows.append((test_of(row["test"]), found, limit, MARK if found == MARK else met, row["source"]))
    table = Table(
        "Key decision", "The tests of a key decision", ("Test", "Found", "Limit", "Met", "Source"), tuple(rows)
    )
    return Section("key-decision", "Is it a key decision?", tuple(said), (), (table,))


def _most_in_a_year(counted: Counted, row: Mapping[str, Any]) -> int | None:
    """The most that is saved or spent in a full year, by the sums that are published; None where there are none."""
    kind = row["test"].partition(",")[0]
    return max((abs(year[f"{kind}_pence"]) for year in counted.by_school_year.iter_rows(named=True)), default=None)


def _at_least(counted: Counted, found: int | None, limit: int) -> str:
    """A number of wards: in public only on which side of the limit, because more would tell of wards with few.

    Not even that where so few of those affected are published that it would tell how many the others are.
    """
    if found is None or counted.everything:
        return "not known" if found is None else f"{found:,}"
    affected = [counted.shown.totals[change] for change in AFFECTED]
    if None in affected and sum(filter(None, affected)) < limit:
        return MARK
    return f"{limit} or more" if found >= limit else f"under {limit}"


def readings(counted: Counted) -> Section:
    """How many pupils and pounds hang on each reading."""
    rows = []
    pupils: dict[str, list[Bar]] = {}
    pounds: dict[str, list[Bar]] = {}
    found = hanging(counted)
    for each in found:
        name, other, told = plain(each.reading), plain(each.other), each.pupils is not None
        saving, most = (counted.pounds(sum_) if told else MARK for sum_ in (each.saving, each.most))
        rows.append((name, other, cell(each.pupils), saving, most if each.most is not None or not told else ""))
        label = f"{name}, read as: {other}"
        pupils[label] = [Bar(each.pupils, counted.pupils(each.pupils))]
        if told and each.saving is not None:
            pounds[label] = [Bar(counted.whole(each.saving), saving)]
    heads = ("Reading", "If it is read as", "Pupils", "Saves more by", "At most")
    table = Table("Readings", "What hangs on each reading of the policy", heads, tuple(rows))
    said = [READINGS] if rows else []
    if combined := over_all(counted, found):
        said.append(
            f"Over {combined.combinations:,} combinations of the open readings a full year saves up to "
            f"{counted.pounds(combined.less)} less and up to {counted.pounds(combined.more)} more than as the policy "
            "chose them, with those protected left out."
        )
        if not all(each.pupils for each in found):
            said.append(f"In them a reading whose number of pupils is marked {MARK} is as the policy chose it.")
    if nothing := nothing_hangs_on(counted):
        said.append(f"Nothing hangs on: {', '.join(map(plain, nothing))}.")
    if counted.run.about["readings_not_run"]:
        names = ", ".join(map(plain, counted.run.about["readings_not_run"]))
        said.append(f"Not run, because distances were measured before: {names}.")
    drawn = tuple(
        bars(f"readings-{what}-", title, _in_words(shown), ("",), shown)
        for what, title, shown in (
            ("pupils", "Pupils whose answer hangs on a reading", pupils),
            ("pounds", "By how much more a full year saves if it is read otherwise (hatched: less)", pounds),
        )
        if any(bar.value for held in shown.values() for bar in held)
    )
    return Section("readings", "What hangs on how the policy is read", tuple(said), drawn, (table,) if rows else ())


def _in_words(found: Mapping[str, Sequence[Bar]]) -> str:
    return "; ".join(f"{label}: {held[0].said}" for label, held in found.items())


_TOO_SMALL = f"From every figure a number under {LEAST} could be worked back, so none is told."
_MONEY = ("pence", "saving")
_ENTITLED = ("entitled_before", "entitled_after", "carried_before", "carried_after")


def spread(counted: Counted) -> Section:
    """How far the figures differ between populations."""
    rows: list[tuple[Cell, ...]] = []
    figures, left_out = [], 0
    columns = ("mean", "lowest", "highest", "from", "to")
    told = {row["measure"]: [round(row[column]) for column in columns] for row in _told(counted)}
    if not counted.everything:
        told |= _sums_of(counted, told)
    for measure in counted.table("spread").get_column("measure"):
        numbers = told.get(measure)
        if numbers is None:
            left_out += 1
            continue
        name, money = _figure(measure), measure.startswith(_MONEY)
        words = [counted.pounds(number) if money else f"{number:,}" for number in numbers]
        rows.append((name, *(words if money else numbers)))
        shown = tuple(map(float, map(counted.whole, numbers))) if money else tuple(map(float, numbers))
        mean, lowest, highest, first, last = shown
        shortly = f"mean {words[0]}, from {words[1]} to {words[2]}"
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


def _told(counted: Counted) -> list[dict[str, Any]]:
    """The rows that are told as they are."""
    return [row for row in counted.table("spread").iter_rows(named=True) if _may_be_told(counted, row)]


def _sums_of(counted: Counted, told: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Sums of money over several populations, from the numbers of pupils that are told and what one costs here."""
    sums = {}
    if carried := told.get("carried_before"):
        each = counted.cost_of_the_carried.pence
        sums["pence_before"] = [nearest_penny(number * each) for number in carried]
    lose, gain = told.get("loser"), told.get("winner")
    if lose and gain and not any(gain):
        sums["saving_pence"] = [nearest_penny(number * counted.money.costs.lose.pence) for number in lose]
    return sums


def _figure(measure: str) -> str:
    """What a figure is called."""
    return CHANGED.get(measure) or plain(measure.removesuffix("_pence").replace("pence", "cost"))


def _may_be_told(counted: Counted, row: Mapping[str, Any]) -> bool:
    """Whether a figure over several populations gives away no number that is withheld of one of them."""
    if counted.everything:
        return True
    if row["measure"].startswith(_MONEY):
        return False
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
