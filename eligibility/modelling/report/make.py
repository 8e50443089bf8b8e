"""The report of one option of a finished run, section by section."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from eligibility.geography.drawing import Sheet
from eligibility.modelling.manifest import before_it_begins
from eligibility.modelling.report.blocks import Report, Section, Table
from eligibility.modelling.report.counted import BY_PHASE, EQUALITY, PHASE, REST, WARD, Counted
from eligibility.modelling.report.drawn import DOTTED, HATCHED, OPEN, SOLID, Bar, Flow, bars, flow
from eligibility.modelling.report.hangs_on import key_decision, readings, spread
from eligibility.modelling.report.over_years import run_off, savings
from eligibility.modelling.report.rests_on import rests_on
from eligibility.modelling.report.said import CHANGED, OUTCOMES, cell, plain, value
from eligibility.modelling.report.shaded_map import shaded_map
from eligibility.modelling.report.ward_areas import WardAreas
from eligibility.modelling.report.ward_map import NAMED, inside, middles, ward_map
from eligibility.modelling.report.withheld import LEAST, MARK, ROW, Shown
from eligibility.modelling.run import Run
from eligibility.wording import listed

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
    f"{MARK} marks a number of pupils that is under {LEAST}, or that would give such a number away. No such number can "
    "be worked back from all the others together."
)


Wards = Callable[[Collection[str]], WardAreas]
"""Gives the areas of some wards, as far as they are known."""


def make(run: Run, option: str = "", *, everything: bool = False, wards: Wards | None = None) -> Report:
    """The report. With `everything` nothing is withheld or rounded, which is for officers only.

    `wards` gives the areas of wards for the map; without it a ward is a circle at the middle of its pupils' homes.
    """
    counted = Counted.of(run, option, everything=everything)
    old, new = counted.policies
    return Report(
        title=f"What would change: {new['title']}",
        headline=headline(counted),
        about=tuple(_about(counted, old, new)),
        sections=tuple(_sections(counted, wards)),
        made_from=f"edtravel {run.about['edtravel']}, rules {run.about['rules']}, "
        f"{old['id']} {old['hash']}, {new['id']} {new['hash']}",
    )


def headline(counted: Counted) -> str:
    """What the change does, in one sentence."""
    totals, said = counted.shown.totals, []
    of = f"Of {sum(counted.totals.values()):,} pupil{'' if sum(counted.totals.values()) == 1 else 's'}"
    if counted.tells_nothing:
        return f"{of}, how many are affected cannot be published, because a number under {LEAST} could be worked back."
    saved = counted.by_school_year
    pence = [row[name] for row in saved.iter_rows(named=True) for name in ("probable_pence", "target_pence")]
    if not any(pence) and not any(count for change, count in counted.totals.items() if change != REST):
        return f"{of}, nothing would change for anybody."
    for change, words in (("loser", "lose"), ("winner", "gain")):
        said.append(f"{_people(totals[change])} would {words} free travel")
    kept = totals["protected"]
    if kept is None or kept:
        said.append(f"{_people(kept)} would keep it only because the change protects those who have it")
    left = totals["officer"]
    if left is None or left:
        said.append(f"for {_people(left)} an officer would decide under one of the two policies")
    sentence = f"{of}, {listed(said)}"
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
    if early := before_it_begins(counted.run.about, new["id"]):
        yield "To be noted", early
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
                "Worked out from numbers of pupils that are published here, never from one that is withheld, and "
                f"rounded to the nearest {counted.pounds(counted.step)}."
            ),
        )


def _sections(counted: Counted, wards: Wards | None) -> Iterator[Section]:
    if counted.tells_nothing:
        yield Section("changes", "What changes for pupils", (_TOO_FEW,))
        yield from rests_on(counted)
        return
    yield _changes(counted)
    yield _losers(counted)
    yield _wards(counted, wards)
    if counted.table("run_off").height:
        yield savings(counted)
        yield run_off(counted)
    yield _equality(counted)
    yield key_decision(counted)
    if counted.table("each_reading").height:
        yield readings(counted)
    if counted.table("spread").height:
        yield spread(counted)
    yield from rests_on(counted)


_TOO_FEW = f"So few pupils are left unchanged that every table would give away a number under {LEAST}."


def _changes(counted: Counted) -> Section:
    shown = counted.shown.totals
    rows = [(CHANGED[change], cell(shown[change])) for change in CHANGED]
    rows.append(("All pupils", sum(counted.totals.values())))
    tables = [Table("Changes", "Pupils by what changes for them", ("", "Pupils"), tuple(rows))]
    ways = [
        (OUTCOMES[before], OUTCOMES[after], CHANGED[change], cell(pupils))
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
        titles = counted.run.about["grounds"]
        rows = tuple((titles.get(ground, plain(ground)), cell(count)) for ground, count in parts.items())
        if rows:
            tables.append(Table("Ground lost", "Those who lose, by the ground they had", ("Ground", "Pupils"), rows))
    tables += _dimension(counted, PHASE, BY_PHASE)
    said = ("Nobody loses free travel.",) if counted.shown.totals["loser"] == 0 else ()
    return Section("losers", "Who loses", said, (), tuple(tables))


def _dimension(counted: Counted, name: str, title: str, called: Callable[[str], str] = value) -> list[Table]:
    """The table of a dimension, if the run has it and it may be shown; its rows as they are `called`."""
    found = counted.shown.tables.get(name)
    if not found:
        return []
    changes = [change for change in CHANGED if counted.totals[change]]
    heads = (title, *(CHANGED[change] for change in changes), "All")
    rows = tuple(
        (called(row), *(cell(cells[change]) for change in changes), cell(cells[ROW])) for row, cells in found.items()
    )
    return [Table(title, title, heads, rows)]


def _wards(counted: Counted, wards: Wards | None) -> Section:
    found = counted.shown.tables.get(WARD)
    if not found:
        return Section("wards", "Where they live", ("The pupils' wards are not known, or too few to be shown.",))
    areas = wards(found) if wards else WardAreas({}, "")
    tables = _dimension(counted, WARD, "Ward", areas.called)
    drawings, said = _maps(counted, found, areas)
    said += [areas.about_names] if areas.about_names else []
    groups = {
        areas.called(ward): [Bar(cells[change], counted.pupils(cells[change])) for change in ("loser", "protected")]
        for ward, cells in found.items()
        if any(cells[change] for change in ("loser", "protected"))
    }
    if not groups:
        said.append(f"In no ward may the number of those who lose or are protected be shown: each is under {LEAST}.")
        return Section("wards", "Where they live", tuple(said), tuple(drawings), tuple(tables))
    most = dict(sorted(groups.items(), key=lambda item: -sum(bar.value or 0 for bar in item[1]))[:_MOST_WARDS])
    said.append(f"Drawn: the wards with a number that can be shown, at most {_MOST_WARDS}; the table has all wards.")
    about = "; ".join(f"{ward}: {held[0].said} lose, {held[1].said} are protected" for ward, held in most.items())
    series = ("Lose free travel", "Keep it by legitimate expectation")
    drawn = bars("wards-", "Pupils who lose or are protected, by ward", about, series, most)
    return Section("wards", "Where they live", tuple(said), (*drawings, drawn), tuple(tables))


def _maps(counted: Counted, found: Shown, areas: WardAreas) -> tuple[list[Sheet], list[str]]:
    """A map for each change of which a ward's number may be shown, and what is to be said of them."""
    places = inside(areas) or {ward: place for ward, place in middles(counted.run).items() if ward in found}
    if not places:
        return [], ["There is no map: where the pupils' homes lie is not at hand."]
    names = {ward: areas.names.get(ward, ward) for ward in places}
    drawings = []
    for change, words in (("loser", "Pupils who lose free travel"), ("protected", "Pupils who keep it by protection")):
        counts = {ward: found[ward][change] for ward in places}
        if any(counts.values()):
            called, title = f"map-{change}-", f"{words}, by ward"
            shaded = bool(areas.shapes) and len(places) > NAMED
            drawings.append(
                shaded_map(called, title, areas.shapes, counts, names)
                if shaded
                else ward_map(called, title, places, counts, shapes=areas.shapes, names=names)
            )
    if not drawings:
        return [], ["There is no map: no ward has a number that may be shown."]
    missing = len(found) - len(places)
    how = areas.said or (
        "On a map each ward is a circle at the middle of its pupils' homes, because its border is not known."
    )
    circles = "A small dashed circle has no pupils or a number that is withheld."
    shades = "The darker a ward, the more pupils; those with most are named. The table below has all."
    said = f"{how} North is up. {shades if areas.shapes and len(places) > NAMED else circles}"
    return drawings, [said, f"Not on a map: {missing} wards{_WHY_NOT[bool(areas.said)]}."] if missing else [said]


_WHY_NOT = {True: " of which no border or postcode is known", False: " with few pupils"}


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
