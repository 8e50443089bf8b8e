"""`edtravel return`: the yearly return, from decisions or from a population."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eligibility.commands._cases import FORMATS, IsoDate
from eligibility.commands._show import deliver
from eligibility.errors import InputError, UsageError

if TYPE_CHECKING:
    from eligibility.modelling.yearly_return.counted import YearlyReturn

FILE = click.Path(path_type=Path)


@click.command("return")
@click.argument("source", type=FILE, required=False, metavar="DECISIONS|POPULATION|DIR")
@click.option("--on", type=IsoDate(), help="The day that is counted, such as that of the collection.")
@click.option("--policy", metavar="ID", help="The version a population is assessed under; by default that of the day.")
@click.option("--about", type=FILE, metavar="FILE", help="More of the pupils decided: a CSV, reference and about.*.")
@click.option("--categories", type=FILE, metavar="FILE", help="Your own categories: a copy of what --show prints.")
@click.option("--show", is_flag=True, help="Print the categories, each with its source, and count nothing.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--out", metavar="FILE", help="Where it goes (.csv, .xlsx, .json, .txt); by default standard output.")
@click.option("--rejects", type=FILE, metavar="FILE", help="Where rows that were set aside go, with row and reason.")
def command(
    source: Path | None,
    *,
    on: dt.date | None,
    policy: str | None,
    about: Path | None,
    categories: Path | None,
    show: bool,
    form: str,
    out: str | None,
    rejects: Path | None,
) -> int:
    """Count the pupils carried by ground and mode, as the yearly collection of the Department for Education asks.

    From decisions (JSON Lines of `assess`), a population (CSV, Parquet, XLSX) or the folder of a run of the model.
    Every pupil counted stands once in every question; who is not known stands apart. No reference comes through.

    \b
    Example:
        edtravel assess pupils.csv --area area.gpkg --format jsonl > decisions.jsonl
        edtravel return decisions.jsonl --on 2026-02-02 --about travel.csv --out return.xlsx
        edtravel return pupils.parquet --policy somerset-2018 --on 2018-10-01
    """
    from eligibility.modelling.yearly_return.categories import SHIPPED, read_categories
    from eligibility.modelling.yearly_return.make import make
    from eligibility.policy_files import policies
    from eligibility.reading import Rejects

    if show:
        click.echo((categories or SHIPPED).read_text(encoding="utf-8"), nl=False)
        return 0
    if source is None:
        raise UsageError("there is nothing to count; give decisions, a population, or the folder of a run")
    held = policies()
    counted_in = read_categories(categories or SHIPPED, held.rules.grounds)
    with Rejects([str(each) for each in (source, about) if each], rejects) as aside:
        found = make(source, counted_in, held, policy=policy, on=on, about=about, set_aside=aside.add)
        _deliver(found, form, out)
        for path, number in aside.counts.items():
            click.echo(f"edtravel: {number} set aside, with row and reason, in {path}", err=True)
        return InputError.exit_code if aside.count else 0


def _deliver(found: YearlyReturn, form: str, out: str | None) -> None:
    from eligibility.decision import to_json
    from eligibility.modelling.yearly_return.as_tables import as_csv, as_object, as_text, rows, write_workbook

    suffix = Path(out).suffix.lower() if out else ""
    if out and suffix == ".xlsx":
        write_workbook(found, Path(out))
        click.echo(f"edtravel: written to {out}", err=True)
        return
    form = {".csv": "csv", ".json": "json", ".jsonl": "jsonl"}.get(suffix, form)
    if form == "csv":
        made = as_csv(found)
    elif form == "json":
        made = to_json(as_object(found)) + "\n"
    elif form == "jsonl":
        made = "".join(to_json(row, one_line=True) + "\n" for row in rows(found))
    else:
        made = as_text(found) + "\n"
    deliver(made, out)
