"""The headline tables of a run, in plain English, for a terminal or a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from rich import box
from rich.table import Table

from eligibility.modelling.manifest import before_it_begins
from eligibility.modelling.outcome_tables import ALL, LOCAL, STATUTORY
from eligibility.modelling.run import Run
from eligibility.modelling.run_off import FOLLOWED, KEPT
from eligibility.text_page import Page

CHANGES = {
    "loser": "Lose free travel",
    "winner": "Gain free travel",
    "protected": "Keep it by legitimate expectation",
    "officer": "An officer decides under one of the two",
    "not_known": "Not known: more information is needed",
    "unchanged": "Unchanged",
}
_ROWS = 8
_PENCE = 100


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


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


class _Page:
    def __init__(self, run: Run) -> None:
        self.run, self.tables, self.about = run, run.tables, run.about
        self._page = Page()
        self.text, self._say, self._heading = self._page.text, self._page.line, self._page.heading

    def _table(self, headers: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> None:
        """A table whose first `words` columns are words and all others figures."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for place, header in enumerate(headers):
            table.add_column(header, justify="left" if place < words else "right", overflow="fold")
        for row in rows:
            table.add_row(*row)
        self._page.table(table)

    def top(self) -> None:
        first = self.about["populations"][0]
        old = self.about["policies"][0]
        pupils, carried, pence = self._whole("pupils"), self._whole("carried_before"), self._whole("pence_before")
        self._heading(f"{pupils:,} pupils under {old['id']}: {old['title']}")
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
            self._say(f"{first['set_aside']:,} rows of {first['file']} could not be used and are in no table.")

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
        for change, words in CHANGES.items():
            found = whole.filter(pl.col("change") == change)
            saved = self._sum(found, "pence_before") - self._sum(found, "pence_after")
            rows.append((words, f"{self._sum(found, 'pupils'):,}", whole_pounds(saved)))
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
        wards = lost.filter(pl.col("dimension") == "ward").get_column("value").n_unique()
        schools = lost.filter(pl.col("dimension") == "school").get_column("value").n_unique()
        self._heading("Who loses")
        self._table(("By", "", "Pupils", "A year"), rows, words=2)
        self._say(f"They live in {_many(wards, 'ward')} and go to {_many(schools, 'school')}.")

    def _value(self, dimension: str, value: str) -> str:
        grounds = self.about["grounds"]
        return str(grounds.get(value, value)) if dimension.startswith("ground") else value

    def _savings(self, option: str) -> None:
        self._heading("What it saves")
        rows = [
            (
                row["financial_year"],
                *(whole_pounds(row[f"{kind}_in_year_pence"]) for kind in ("target", "probable", "assured")),
                *(whole_pounds(row[f"{kind}_full_year_pence"]) for kind in ("target", "probable", "assured")),
            )
            for row in self._of("savings_by_financial_year", option).iter_rows(named=True)
        ]
        kinds = ("Target", "Probable", "Assured")
        headers = ("Financial year", *(f"{kind} in-year" for kind in kinds), *(f"{kind} full-year" for kind in kinds))
        self._table(headers, rows)
        self._say(f"In-year: {self.about['accounts'][option]} Full-year: the school year that starts in it.")
        for kind in ("target", "probable", "assured"):
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
        counted = found.filter(pl.col("pupils").is_not_null() & (pl.col("pupils") + pl.col("changes") > 0))
        self._heading("What hangs on how the policy is read")
        rows = [
            (
                _plain(row["reading"]),
                _plain(row["other"]),
                f"{max(row['pupils'], row['changes']):,}",
                whole_pounds(row["saving_pence"]),
                "" if row["most_saving_pence"] is None else whole_pounds(row["most_saving_pence"]),
            )
            for row in counted.iter_rows(named=True)
        ]
        if rows:
            headers = ("Reading", "If it is read as", "Pupils", "Saves more by", "At most")
            self._table(headers, rows, words=2)
        sums = self.tables["readings"].filter(pl.col("option") == option)
        if sums.height:
            low, high = _spread_of(sums)
            self._say(
                f"Over every combination of the readings a full year saves between {whole_pounds(low)} and "
                f"{whole_pounds(high)}."
            )
        nothing = found.filter(pl.col("pupils").is_not_null() & (pl.col("pupils") + pl.col("changes") == 0))
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
            self._say(f"{_test(row['test'])}: {found}, and the limit is {limit}: {met}.")

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
            unit = {"pounds": "£", "percent": ""}.get(figure["unit"], "")
            after = "%" if figure["unit"] == "percent" else ""
            assumed = " Assumed: " + figure["assumed"] if figure["assumed"] else ""
            self._page.item(f"{_plain(figure['name'])}: {unit}{figure['value']}{after} [{figure['source']}]{assumed}")
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


def _test(name: str) -> str:
    return name.replace(", pence in a full year", ", most saved or spent in a full year").capitalize()
