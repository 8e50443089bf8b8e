"""The report of one option of a finished run, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from eligibility.modelling.changes import NOBODY
from eligibility.modelling.report.blocks import Cell, Report, Section, Table
from eligibility.modelling.report.counted import BY_PHASE, EQUALITY, PHASE, WARD, Counted
from eligibility.modelling.report.drawn import DOTTED, HATCHED, OPEN, SOLID, Bar, Flow, bars, flow
from eligibility.modelling.report.rests_on import rests_on
from eligibility.modelling.report.withheld import LEAST, MARK, ROW
from eligibility.modelling.run import Run
from eligibility.modelling.run_off import FOLLOWED, KEPT
from eligibility.modelling.tables import combination_sums
from eligibility.phrases import capital
from eligibility.wording import listed

CHANGED = {
    "loser": "Lose free travel",
    "winner": "Gain free travel",
    "protected": "Keep it by legitimate expectation",
    "officer": "An officer decides under one of the two",
    "not_known": "Not known: more must be told",
    "unchanged": "Unchanged",
}
OUTCOMES = {
    "entitled": "Entitled",
    "refer": "An officer decides",
    "not_entitled": "Not entitled",
    "need_information": "More information needed",
}
_FILLS = {
    "loser": HATCHED,
    "winner": DOTTED,
    "protected": SOLID,
    "officer": DOTTED,
    "not_known": OPEN,
    "unchanged": OPEN,
}
_KINDS = ("target", "probable", "assured")
_MOST_WARDS = 30
WITHHELD = (
    f"{MARK} marks a number of pupils that is under {LEAST}, or that would give such a number away. Nobody can work one "
    "back from the others, in all tables together."
)


def make(run: Run, option: str = "", *, everything: bool = False) -> Report:
    """The report. With `everything` nothing is withheld or rounded, which is for officers only."""
    counted = Counted.of(run, option, everything=everything)
    old, new = counted.policies
    return Report(
        title=f"What would change: {new['title']}",
        headline=headline(counted),
        about=tuple(_about(counted, old, new)),
        sections=tuple(_sections(counted)),
        made_from=f"edtravel {run.about['edtravel']}, rules {run.about['rules']}, "
        f"{old['id']} {old['hash']}, {new['id']} {new['hash']}",
    )


def headline(counted: Counted) -> str:
    """What the change does, in one sentence."""
    totals, said = counted.shown.totals, []
    for change, words in (("loser", "lose"), ("winner", "gain")):
        said.append(f"{_people(totals[change])} would {words} free travel")
    kept = totals["protected"]
    if kept is None or kept:
        said.append(f"{_people(kept)} would keep it only because the change protects those who have it")
    sentence = f"Of {sum(counted.totals.values()):,} pupils {listed(said)}"
    saved = counted.table("savings_by_school_year")
    if not saved.height:
        return f"{sentence}."
    first, last = saved.row(0, named=True), saved.row(-1, named=True)
    return (
        f"{sentence}; it would save about {counted.pounds(first['probable_pence'])} in its first full school year, "
        f"{first['school_year']}, and about {counted.pounds(last['target_pence'])} a year once nobody is protected."
    )


def _people(count: int | None) -> str:
    if count is None:
        return f"some ({MARK})"
    return f"{count:,}" if count else "nobody"


def _about(counted: Counted, old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Held now", f"{old['title']} ({old['id']})"
    draft = ", a draft that decides nothing" if new["draft"] else ""
    yield "Compared with", f"{new['title']} ({new['id']}{draft})"
    first = counted.run.about["populations"][0]
    made = first["origin"] or {}
    invented = f"invented, seed {made.get('seed', 'not told')}" if made else "the council's own file"
    yield "Pupils", f"{first['pupils']:,}, {invented}"
    yield "Distances", str(counted.run.about["estimated"].get(first["file"], "not told"))
    yield "Looked at on", str(counted.run.about["on"])
    if first["set_aside"]:
        yield "Left out", f"{first['set_aside']:,} rows of {first['file']} that could not be used"
    if not counted.everything:
        yield "Small numbers", WITHHELD
        yield (
            "Sums of money",
            (
                f"Rounded to the nearest {counted.pounds(counted.step)}, so that the cost of fewer than {LEAST} pupils "
                "cannot be told from none."
            ),
        )


def _sections(counted: Counted) -> Iterator[Section]:
    yield _changes(counted)
    yield _losers(counted)
    yield _wards(counted)
    if counted.table("run_off").height:
        yield _savings(counted)
        yield _run_off(counted)
    yield _equality(counted)
    yield _key_decision(counted)
    if counted.table("each_reading").height:
        yield _readings(counted)
    if counted.table("spread").height:
        yield _spread(counted)
    yield from rests_on(counted.run)


def _changes(counted: Counted) -> Section:
    shown = counted.shown.totals
    rows = [(CHANGED[change], _cell(shown[change])) for change in CHANGED]
    rows.append(("All pupils", sum(counted.totals.values())))
    tables = [Table("Changes", "Pupils by what changes for them", ("", "Pupils"), tuple(rows))]
    ways = [
        (OUTCOMES[before], OUTCOMES[after], CHANGED[change], _cell(pupils))
        for (before, after, change), pupils in counted.ways.items()
    ]
    tables.append(
        Table(
            "Old to new", "From the old outcome to the new", ("Before", "After", "What changes", "Pupils"), tuple(ways)
        )
    )
    flows = [
        Flow(before, after, f"{counted.pupils(pupils)} {_SHORT[change]}", pupils, _FILLS[change])
        for (before, after, change), pupils in counted.ways.items()
    ]
    said = "; ".join(
        f"{counted.pupils(p)} {OUTCOMES[b]} to {OUTCOMES[a]}, {CHANGED[c]}" for (b, a, c), p in counted.ways.items()
    )
    drawn = flow("flow-", "From the old outcome to the new", said, flows, OUTCOMES)
    about = "A band is as thick as its share of the pupils, but never thinner than its words; dashed: withheld."
    return Section("changes", "What changes for pupils", (about,), (drawn,), tuple(tables))


_SHORT = {
    "loser": "lose it",
    "winner": "gain it",
    "protected": "keep it by protection",
    "officer": "for an officer",
    "not_known": "not known",
    "unchanged": "unchanged",
}


def _losers(counted: Counted) -> Section:
    lost = {name: cells["loser"] for name, cells in counted.by("ground_before").items() if cells["loser"]}
    tables = []
    if lost and counted.shown.totals["loser"] is not None:
        parts = counted.parts(lost, "loser")
        rows = tuple((_plain(ground), _cell(count)) for ground, count in parts.items())
        if rows:
            tables.append(Table("Ground lost", "Those who lose, by the ground they had", ("Ground", "Pupils"), rows))
    tables += _dimension(counted, PHASE, BY_PHASE)
    said = () if lost else ("Nobody loses free travel.",)
    return Section("losers", "Who loses", said, (), tuple(tables))


def _dimension(counted: Counted, name: str, title: str) -> list[Table]:
    """The table of a dimension, if the run has it and it may be shown."""
    found = counted.shown.tables.get(name)
    if not found:
        return []
    changes = [change for change in CHANGED if counted.totals[change]]
    heads = (title, *(CHANGED[change] for change in changes), "All")
    rows = tuple(
        (_value(row), *(_cell(cells[change]) for change in changes), _cell(cells[ROW])) for row, cells in found.items()
    )
    return [Table(title, title, heads, rows)]


def _wards(counted: Counted) -> Section:
    tables = _dimension(counted, WARD, "Ward")
    if not tables:
        return Section("wards", "Where they live", ("The pupils' wards are not known, or too few to be shown.",))
    said = ["There is no map: a run knows the code of a pupil's ward and not where its border runs."]
    found = counted.shown.tables[WARD] or {}
    groups = {
        ward: [Bar(cells[change], counted.pupils(cells[change])) for change in ("loser", "protected")]
        for ward, cells in found.items()
        if any(cells[change] for change in ("loser", "protected"))
    }
    if not groups:
        said.append(f"In no ward may the number of those who lose or are protected be shown: each is under {LEAST}.")
        return Section("wards", "Where they live", tuple(said), (), tuple(tables))
    most = dict(sorted(groups.items(), key=lambda item: -sum(bar.value or 0 for bar in item[1]))[:_MOST_WARDS])
    said.append(f"Drawn: the wards with a number that can be shown, at most {_MOST_WARDS}; the table has all wards.")
    about = "; ".join(f"{ward}: {held[0].said} lose, {held[1].said} are protected" for ward, held in most.items())
    series = ("Lose free travel", "Keep it by legitimate expectation")
    drawn = bars("wards-", "Pupils who lose or are protected, by ward", about, series, most)
    return Section("wards", "Where they live", tuple(said), (drawn,), tuple(tables))


def _savings(counted: Counted) -> Section:
    found = list(counted.table("savings_by_financial_year").iter_rows(named=True))
    columns = [f"{kind}_{part}_pence" for part in ("in_year", "full_year") for kind in _KINDS]
    heads = ("Financial year", *(f"{capital(kind)}, {part}" for part in ("in-year", "full year") for kind in _KINDS))
    rows = tuple((row["financial_year"], *(counted.pounds(row[column]) for column in columns)) for row in found)
    groups = {
        row["financial_year"]: [Bar(counted.whole(row[f"{kind}_in_year_pence"]), counted.pounds(row[f"{kind}_in_year_pence"]))
                                for kind in _KINDS]
        for row in found
    }  # fmt: skip
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


def _run_off(counted: Counted) -> Section:
    found = counted.table("run_off")
    others = set(
        counted.table("each_reading").filter(pl.col("reading") == "legitimate_expectation").get_column("other")
    )
    ways = sorted(set(found.get_column("reading")) - {NOBODY}, key=lambda way: (way in others, way))
    if not ways:
        return Section("run-off", "How long pupils are protected", ("The change protects nobody.",))
    protected = found.filter(pl.col("change") == "protected")
    sums = {key: int(n) for *key_, n in protected.group_by("view", "reading", "year").agg(pl.col("pupils").sum()).iter_rows()
            if (key := tuple(key_))}  # fmt: skip
    years = list(found.select("year", "school_year").unique().sort("year").iter_rows())
    names = {FOLLOWED: "Today's pupils", KEPT: "The county kept as it is"}
    keys = [(view, way) for view in (FOLLOWED, KEPT) for way in ways]

    def count(view: str, way: str, year: int) -> Cell:
        pupils, by_chosen = sums.get((view, way, year), 0), sums.get((view, ways[0], year), 0)
        if not counted.everything and way != ways[0] and 0 < abs(pupils - by_chosen) < LEAST:
            return MARK
        return _cell(counted.alone(pupils))

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


def _equality(counted: Counted) -> Section:
    tables, said = [], []
    for name, title in EQUALITY.items():
        made = _dimension(counted, name, title)
        tables += made
        if not made:
            there = name in counted.shown.tables
            said.append(f"{title}: {'too few pupils for a table' if there else 'the population does not tell it'}.")
    told = "As the population tells them; low income is free school meals or the most of working tax credit."
    return Section("equality", "Who is affected: equality", (told, *said), (), tuple(tables))


def _key_decision(counted: Counted) -> Section:
    rows = []
    for row in counted.table("key_decision").iter_rows(named=True):
        money = "pence" in row["test"]
        found = counted.pounds(row["found"]) if money else _at_least(counted, row["found"], row["limit"])
        limit = f"£{row['limit'] // 100:,}" if money else f"{row['limit']}"
        met = "not known" if row["met"] is None else "yes" if row["met"] else "no"
        test = capital(row["test"].replace(", pence in a full year", ", most saved or spent in a full year"))
        rows.append((test, found, limit, met, row["source"]))
    table = Table(
        "Key decision", "The tests of a key decision", ("Test", "Found", "Limit", "Met", "Source"), tuple(rows)
    )
    return Section("key-decision", "Is it a key decision?", (), (), (table,))


def _at_least(counted: Counted, found: int | None, limit: int) -> str:
    """A number of wards: in public only on which side of the limit, because more would tell of wards with few."""
    if found is None or counted.everything:
        return "not known" if found is None else f"{found:,}"
    return f"{limit} or more" if found >= limit else f"under {limit}"


def _readings(counted: Counted) -> Section:
    rows, nothing = [], []
    for row in counted.table("each_reading").iter_rows(named=True):
        if row["pupils"] is None:
            continue
        if not row["pupils"] + row["changes"]:
            nothing.append(_plain(row["reading"]))
            continue
        rows.append(
            (
                _plain(row["reading"]),
                _plain(row["other"]),
                _cell(counted.alone(row["pupils"])),
                counted.pounds(row["saving_pence"]),
                counted.pounds(row["most_saving_pence"]) if row["most_saving_pence"] is not None else "",
            )
        )
    heads = ("Reading", "If it is read as", "Pupils", "Saves more by", "At most")
    table = Table("Readings", "What hangs on each reading of the policy", heads, tuple(rows))
    said = []
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
        names = ", ".join(map(_plain, counted.run.about["readings_not_run"]))
        said.append(f"Not run, because distances were measured before: {names}.")
    return Section("readings", "What hangs on how the policy is read", tuple(said), (), (table,))


def _spread(counted: Counted) -> Section:
    rows = []
    columns = ("mean", "lowest", "highest", "from", "to")
    for row in counted.table("spread").iter_rows(named=True):
        money = row["measure"].startswith(("pence", "saving"))
        rows.append(
            (
                _plain(row["measure"].removesuffix("_pence")),
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


def _cell(count: int | None) -> Cell:
    return MARK if count is None else count


def _plain(name: object) -> str:
    return capital(str(name).replace("_", " "))


def _value(name: str) -> str:
    """A value of a dimension in words; a code stays as it is."""
    return {"true": "Yes", "false": "No"}.get(name, _plain(name))
