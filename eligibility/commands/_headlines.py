"""The headline tables of a run, in plain English, for a terminal or a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import polars as pl
from rich import box
from rich.table import Table

from eligibility.modelling.accounts import KINDS, saved
from eligibility.modelling.manifest import before_it_begins
from eligibility.modelling.outcome_tables import ALL, LOCAL, STATUTORY
from eligibility.modelling.people import NOT_GIVEN
from eligibility.modelling.report.said import CHANGED, READINGS, price, test_of
from eligibility.modelling.run import Run
from eligibility.modelling.run_off import FOLLOWED, KEPT
from eligibility.text_page import Page
from eligibility.wording import counted

_ROWS = 8
_PENCE = 100
_BETWEEN = 3


def headlines(run: Run) -> str:
    """Everything a member asks first: who, how much, when, and what it hangs on."""
    page = _Page(run)
    page.top()
    for number, option in enumerate(run.about["policies"][1:]):
        page.option(option["id"], first=not number)
    page.bottom()
    return page.text().lstrip("\n")


def whole_pounds(pence: int | None) -> str:
    """Pence as pounds to the nearest pound, such as -£1,210."""
    if pence is None:
        return "not known"
    pounds = (abs(pence) + _PENCE // 2) // _PENCE
    return f"{'-' if pence < 0 and pounds else ''}£{pounds:,}"


class _Page:
    def __init__(self, run: Run) -> None:
        self.run, self.tables, self.about = run, run.tables, run.about
        self._page = Page()
        self.text, self._say, self._heading = self._page.text, self._page.line, self._page.heading

    def _table(self, headers: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> None:
        """A table whose first `words` columns are words and all others figures.

        No word or figure is broken; a table that is too wide for that becomes two, each with the first columns.
        """
        widths = [
            max(map(len, f"{header} {' '.join(row[n] for row in rows)}".split())) for n, header in enumerate(headers)
        ]
        some = (len(headers) + words) // 2
        if sum(widths) + _BETWEEN * len(widths) > self._page.width and words < some < len(headers):
            self._table(headers[:some], [row[:some] for row in rows], words=words)
            rest = [(*row[:words], *row[some:]) for row in rows]
            self._table((*headers[:words], *headers[some:]), rest, words=words)
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for place, header in enumerate(headers):
            justify: Literal["left", "right"] = "left" if place < words else "right"
            table.add_column(header, justify=justify, overflow="fold", min_width=widths[place])
        for row in rows:
            table.add_row(*row)
        self._page.table(table)

    def top(self) -> None:
        first = self.about["populations"][0]
        old = self.about["policies"][0]
        pupils, carried, pence = self._whole("pupils"), self._whole("carried_before"), self._whole("pence_before")
        self._heading(f"{counted(pupils, 'pupil')} under {old['id']}: {old['title']}")
        entitled = self._whole("entitled_before")
        self._say(
            f"{entitled:,} are entitled and {carried:,} carried, which costs {whole_pounds(pence)} a year "
            f"({self.about['unit_costs']['title']})."
        )
        made = first["origin"] or {}
        if made:
            self._say(
                f"The population is invented (seed {made.get('seed', 'not told')}); "
                f"distances: {made.get('distances', 'not told')}."
            )
        if first["set_aside"]:
            aside = counted(first["set_aside"], "row")
            self._say(f"In no table, because they could not be used: {aside} of {first['file']}.")

    def _whole(self, column: str) -> int:
        first = self.about["policies"][1]["id"]
        return self._sum(self._of("outcomes", first).filter(pl.col("dimension") == ALL), column)

    @staticmethod
    def _sum(table: pl.DataFrame, column: str) -> int:
        return int(table.get_column(column).sum())

    def _of(self, name: str, option: str) -> pl.DataFrame:
        return self.tables[name].filter(pl.col("option") == option)

    def option(self, option: str, *, first: bool) -> None:
        title = next(each["title"] for each in self.about["policies"][1:] if each["id"] == option)
        self._heading(f"What {option} changes: {title}")
        for against in self.about.get("against_statute", {}).get(option, ()):
            self._say(f"Against statute: {against}.")
        if early := before_it_begins(self.about, option):
            self._say(early)
        self._changes(option)
        self._losers(option)
        if "run_off" in self.tables:
            self._savings(option)
            self._run_off(option)
            self._readings(option)
        self._late(option)
        self._key_decision(option)
        if first and "spread" in self.tables:
            self._spread(option)

    def _changes(self, option: str) -> None:
        whole = self._of("outcomes", option).filter(pl.col("dimension") == ALL)
        rows = []
        for change, words in CHANGED.items():
            found = whole.filter(pl.col("change") == change)
            told = "" if change in ("officer", "not_known") else whole_pounds(saved(found, "pence"))
            rows.append((words, f"{self._sum(found, 'pupils'):,}", told))
        rows.append(("All pupils", f"{self._sum(whole, 'pupils'):,}", ""))
        self._table(("", "Pupils", "Saves a year"), rows)

    def _losers(self, option: str) -> None:
        lost = self._of("outcomes", option).filter(pl.col("change") == "loser")
        if not lost.height:
            return
        rows = []
        for dimension, words in (("ground_before", "ground"), ("phase", "phase"), ("year_group", "year group")):
            found = lost.filter(pl.col("dimension") == dimension).sort("pupils", "value", descending=[True, False])
            for row in found.head(_ROWS).iter_rows(named=True):
                value, pence = self._value(dimension, row["value"]), row["pence_before"]
                rows.append((words, value, f"{row['pupils']:,}", whole_pounds(pence)))
        known = lost.filter(pl.col("value") != NOT_GIVEN)
        wards, schools = (
            known.filter(pl.col("dimension") == name).get_column("value").n_unique() for name in ("ward", "school")
        )
        self._heading("Who loses")
        self._table(("By", "", "Pupils", "A year"), rows, words=2)
        live = f"live in {counted(wards, 'ward')} and " if wards else ""
        self._say(f"They {live}go to {counted(schools, 'school')}.")

    def _value(self, dimension: str, value: str) -> str:
        grounds = self.about["grounds"]
        if (dimension, value) == ("year_group", "0"):
            return "Reception"
        return str(grounds.get(value, value)) if dimension.startswith("ground") else value

    def _savings(self, option: str) -> None:
        self._heading("What it saves")
        columns = [(kind, when) for when in ("in_year", "full_year") for kind in KINDS]
        rows = [
            (year["financial_year"], *(whole_pounds(year[f"{kind}_{when}_pence"]) for kind, when in columns))
            for year in self._of("savings_by_financial_year", option).iter_rows(named=True)
        ]
        headers = (f"{kind.capitalize()} {when.replace('_', '-')}" for kind, when in columns)
        self._table(("Financial year", *headers), rows)
        self._say(f"In-year: {self.about['accounts'][option]} Full-year: the school year that starts in it.")
        for kind in KINDS:
            self._say(f"{kind.capitalize()}: {self.about['definitions'][kind]}.")

    def _run_off(self, option: str) -> None:
        found = self._of("run_off", option).filter(pl.col("change") == "protected")
        readings = [
            reading
            for reading in self._of("run_off", option)
            .get_column("reading")
            .unique(maintain_order=True)
            .sort()
            .to_list()
            if reading != "nobody_protected"
        ]
        if not readings:
            return
        years = self._of("run_off", option).select("year", "school_year").unique().sort("year")
        keys = [(view, reading) for view in (FOLLOWED, KEPT) for reading in readings]
        rows = []
        for year, label in years.iter_rows():
            counts = [
                self._sum(
                    found.filter((pl.col("year") == year) & (pl.col("view") == view) & (pl.col("reading") == reading)),
                    "pupils",
                )
                for view, reading in keys
            ]
            rows.append((label, *(f"{count:,}" for count in counts)))
        words = {FOLLOWED: "Followed", KEPT: "County kept"}
        self._heading("How long pupils are protected")
        self._table(("School year", *(f"{words[view]}, {reading}" for view, reading in keys)), rows)
        self._say(f"Followed: {self.about['definitions'][FOLLOWED]}. Kept: {self.about['definitions'][KEPT]}.")

    def _readings(self, option: str) -> None:
        found = self._of("each_reading", option)
        hanging = found.filter(pl.col("pupils") > 0)
        self._heading("What hangs on how the policy is read")
        rows = [
            (
                _plain(row["reading"]),
                _plain(row["other"]),
                f"{max(row['pupils'], row['changes']):,}",
                whole_pounds(row["saving_pence"]),
                "" if row["most_saving_pence"] is None else whole_pounds(row["most_saving_pence"]),
            )
            for row in hanging.iter_rows(named=True)
        ]
        if rows:
            headers = ("Reading", "If it is read as", "Pupils", "Saves more by", "At most")
            self._table(headers, rows, words=2)
            self._say(READINGS)
        sums = self.tables["readings"].filter(pl.col("option") == option)
        if sums.height:
            low, high = _spread_of(sums)
            self._say(
                f"Over every combination of the readings a full year saves between {whole_pounds(low)} and "
                f"{whole_pounds(high)}."
            )
        nothing = found.filter(pl.col("pupils") == 0)
        if nothing.height:
            self._say(f"Nothing hangs on: {', '.join(map(_plain, nothing.get_column('reading').to_list()))}.")
        if self.about["readings_not_run"]:
            names = ", ".join(map(_plain, self.about["readings_not_run"]))
            self._say(f"Not run, because distances were measured before: {names}.")

    def _late(self, option: str) -> None:
        if "late_notices" not in self.tables:
            return
        given = self._of("late_notices", option).filter((pl.col("dimension") == ALL) & (pl.col("notice") == "applies"))
        if self._of("late_notices", option).is_empty():
            return
        statutory = self._sum(given.filter(pl.col("carried_by") == STATUTORY), "pupils")
        local = self._sum(given.filter(pl.col("carried_by") == LOCAL), "pupils")
        self._heading("Half a term's notice after a late application")
        whole = statutory + local
        share = f" ({100 * statutory / whole:.0f}%)" if whole else ""
        self._say(
            f"It falls on {whole:,} of the pupils entitled: on {statutory:,}{share} whom statute carries from the "
            f"first day, and on {local:,} on a local ground."
        )

    def _key_decision(self, option: str) -> None:
        self._heading("Is it a key decision?")
        for row in self._of("key_decision", option).iter_rows(named=True):
            money = "pence" in row["test"]
            found, limit = (
                (whole_pounds(row["found"]), whole_pounds(row["limit"])) if money else (row["found"], row["limit"])
            )
            met = "not known" if row["met"] is None else "yes" if row["met"] else "no"
            self._say(f"{test_of(row['test'])}: {found}, and the limit is {limit}: {met}.")

    def _spread(self, option: str) -> None:
        found = self._of("spread", option)
        rows = [
            (
                _plain(row["measure"].removesuffix("_pence")),
                *(
                    whole_pounds(round(row[name]))
                    if row["measure"].startswith(("pence", "saving"))
                    else f"{row[name]:,.0f}"
                    for name in ("mean", "lowest", "highest", "from", "to")
                ),
            )
            for row in found.iter_rows(named=True)
        ]
        self._heading(f"Over {found.item(0, 'populations')} invented populations")
        self._table(("", "Mean", "Lowest", "Highest", "19 in 20 from", "to"), rows)

    def bottom(self) -> None:
        self._heading("What the pounds rest on")
        for figure in self.about["unit_costs"]["figures"]:
            assumed = f" Assumed: {figure['assumed']}" if figure["assumed"] else ""
            self._page.item(f"{_plain(figure['name'])}: {price(figure)} [{figure['source']}]{assumed}")
        self._say("")
        self._say(
            f"{len(self.about['assumptions'])} assumptions, the sources and the vintages of the data are in "
            f"{self.run.folder / 'run.json'}; the tables are in {self.run.folder / 'tables'}."
        )


def _spread_of(sums: pl.DataFrame) -> tuple[int, int]:
    from eligibility.modelling.tables import combination_sums

    saved = combination_sums(sums).get_column("saving_pence")
    low, high = saved.min(), saved.max()
    return int(str(low)), int(str(high))


def _plain(name: Any) -> str:
    return str(name).replace("_", " ")
