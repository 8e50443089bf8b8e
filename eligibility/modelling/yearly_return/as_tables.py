"""A return as tables: for a terminal, as CSV, as JSON and as a workbook, all with the same numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table as Drawn

from eligibility import wording
from eligibility.modelling.report.as_xlsx import write_xlsx
from eligibility.modelling.report.blocks import Cell, Report, Section, Table
from eligibility.modelling.yearly_return.counted import TOTAL, WORDS, Count, YearlyReturn
from eligibility.text_page import Page

_NOT_COUNTED = "Not counted, and not in any line above"
SET_ASIDE = "set aside, see the reasons"


def rows(found: YearlyReturn) -> Iterator[dict[str, Any]]:
    """Every line of every question, the total of each last."""
    for question in found.categories.questions:
        for line in (*found.counts[question.id], _total(found, question.id)):
            across = {kind: line.across[kind] for kind in line.across}
            yield {"question": question.id, "category": line.category, "title": line.title, **across, TOTAL: line.total}


def _total(found: YearlyReturn, question: str) -> Count:
    lines = found.counts[question]
    across = {kind: sum(line.across[kind] for line in lines) for kind in lines[0].across}
    return Count(TOTAL, WORDS[TOTAL], across)


def as_csv(found: YearlyReturn) -> str:
    """The lines as CSV, then what became of the pupils who are not counted, under the question `pupils`."""
    lines = list(rows(found))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(lines[0]), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(lines)
    for became, number in _became(found).items():
        writer.writerow({"question": "pupils", "category": became.replace(" ", "_"), "title": became, TOTAL: number})
    return out.getvalue()


def as_object(found: YearlyReturn) -> dict[str, Any]:
    """The return in JSON types."""
    categories = found.categories
    return {
        "return": categories.id,
        "title": categories.title,
        "reference_day": categories.reference_day.isoformat(),
        **{key: value.isoformat() if isinstance(value, dt.date) else value for key, value in found.about.items()},
        "counted": found.counted,
        "pupils": _became(found),
        "lines": list(rows(found)),
        "notes": [
            {"about": about, "assumed": assumed, "source": source} for about, assumed, source in categories.notes
        ],
    }


def _became(found: YearlyReturn) -> dict[str, int]:
    return {**found.pupils, SET_ASIDE: found.set_aside}


def as_text(found: YearlyReturn) -> str:
    """The return for a terminal: what is counted, a table a question with its total, and who is not counted."""
    page, categories = Page(), found.categories
    page.line(categories.title)
    page.line(f"{found.counted:,} pupils counted, {_made_from(found)}")
    for table in _tables(found):
        page.heading(table.caption)
        drawn = Drawn(box=box.SIMPLE_HEAD, pad_edge=False)
        for place, head in enumerate(table.heads):
            drawn.add_column(head, justify="right" if place else "left", overflow="fold")
        for row in table.rows:
            drawn.add_row(*(f"{cell:,}" if isinstance(cell, int) else cell for cell in row))
        page.table(drawn)
    page.section("Assumed", [f"{about}: {assumed}" for about, assumed, _ in categories.notes if assumed])
    return page.text()


def _made_from(found: YearlyReturn) -> str:
    about = found.about
    on = f" on {wording.date(about['on'])}" if about.get("on") else ""
    under = f" under {about['policy']}" if about.get("policy") else ""
    day = found.categories.reference_day
    other = "" if about.get("on") == day else f"; the collection is as of {wording.date(day)}"
    return f"from {about['from']}{under}{on}{other}"


def _tables(found: YearlyReturn) -> Iterator[Table]:
    kinds = found.categories.kinds
    titles = {kind.id: kind.title for kind in kinds.categories} | WORDS
    for question in found.categories.questions:
        lines = [line for line in found.counts[question.id] if line.total or line.category not in WORDS]
        shown = [*lines, _total(found, question.id)]
        heads = [kind for kind in shown[0].across if kind in _used(found) or kind not in WORDS]
        asked = wording.listed([titles[kind] for kind in question.asked_of])
        caption = question.title + (f" (asked of {asked} travel)" if asked else "")
        if question.id == kinds.id:
            yield Table(question.id, caption, ("", "Pupils"), tuple((line.title, line.total) for line in shown))
            continue
        cells = tuple(_row(line, heads) for line in shown)
        yield Table(question.id, caption, ("", *(titles[kind] for kind in heads), "Total"), cells)
    became = tuple((name.replace("_", " "), number) for name, number in _became(found).items() if name != "entitled")
    yield Table("not_counted", _NOT_COUNTED, ("", "Pupils"), became)


def _row(line: Count, kinds: list[str]) -> tuple[Cell, ...]:
    return (line.title, *(line.across[kind] for kind in kinds), line.total)


def _used(found: YearlyReturn) -> set[str]:
    """The kinds that some pupil is counted in."""
    return {line.category for line in found.counts[found.categories.across] if line.total}


def write_workbook(found: YearlyReturn, path: Path) -> None:
    """The return as a workbook: what was counted and how, with its sources, then a sheet a question."""
    categories = found.categories
    notes = tuple(
        f"{about}: {' '.join(filter(None, (assumed and f'Assumed: {assumed}', f'[{source}]')))}"
        for about, assumed, source in categories.notes
    )
    sections = (
        Section("counts", "Counts", tables=tuple(_tables(found))),
        Section("how", "How it was counted", (categories.counted,), items=notes),
    )
    headline = f"{found.counted:,} pupils counted"
    write_xlsx(Report(categories.title, headline, (), sections, _made_from(found)), path)
