"""What `assess` and `compare` share: reading cases, setting bad ones aside, writing results, the exit code."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from eligibility.columns import CaseColumns
from eligibility.errors import Disagreement, InputError, UsageError
from eligibility.reading import RawCase, Rejected, Rejects, read_cases

if TYPE_CHECKING:
    from eligibility.geography import Area

FORMATS = ("text", "json", "jsonl", "csv")


class IsoDate(click.ParamType[dt.date]):
    """A date on the command line, such as 2018-09-04."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The date. Fails with what was expected."""
        if isinstance(value, dt.date):
            return value
        try:
            if len(value) != 10:  # YYYY-MM-DD, not the compact form
                raise ValueError
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail("expected a date such as 2018-09-04", param, ctx)


class Whole(click.IntRange):
    """A whole number on the command line, within bounds."""

    name = "whole number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Fails with what was expected."""
        try:
            number = int(value)
        except (TypeError, ValueError):
            least = f"of at least {self.min}" if self.max is None else f"from {self.min} to {self.max:,}"
            self.fail(f"expected a whole number {least}", param, ctx)
        return super().convert(number, param, ctx)


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command on cases takes."""
    options = (
        click.argument("cases", nargs=-1, metavar="CASE..."),
        click.option("--area", metavar="AREA", help="Measure in this area (a GeoPackage made by `area build`)."),
        click.option("--on", type=IsoDate(), help="The day the decision is about; by default the first day of travel."),
        click.option("--decided", type=IsoDate(), help="The day the decision is made; by default the same day."),
        click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True),
        click.option("--rejects", metavar="FILE", help="Where cases that were set aside go, with row and reason."),
        click.option("--sample", is_flag=True, help="Take a pupil and the area of the invented sample county."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def open_area(path: str | None) -> Area | None:
    """The area file, opened; None without one."""
    if path is None:
        return None
    from eligibility.geography import Area

    return Area.open(Path(path))


def sample_inputs(cases: tuple[str, ...], area: str | None) -> tuple[tuple[str, ...], str]:
    """The shipped pupil and area, where no others are given."""
    from eligibility import sample_county

    return cases or (str(sample_county.pupil()),), area or str(sample_county.path())


def run(
    cases: tuple[str, ...],
    decide: Callable[[RawCase], list[Any]],
    *,
    why_one_engine: Callable[[], str],
    rejects: str | None,
    form: str,
    as_text: Callable[[list[Any]], str],
    as_object: Callable[[list[Any]], Any],
    as_row: Callable[[list[Any]], dict[str, str]],
    stdin: IO[bytes] | None = None,
) -> int:
    """Decide every case, write results as they come, set bad ones aside. Returns the exit code.

    `decide` gives the decisions of one case; the three `as_...` put them into words, JSON or a row; `why_one_engine`
    says why a decision was not checked by a second; `stdin` is read for `-` in place of standard input.
    """
    if not cases:
        raise UsageError("there is no case; give a file of cases, or - for standard input")
    found = read_cases(
        list(cases), columns=CaseColumns(), stdin=stdin or (sys.stdin.buffer if sys.stdin else io.BytesIO())
    )
    kept: list[str] = []
    writer: csv.DictWriter[str] | None = None
    count = alone = 0
    with Rejects(list(cases), Path(rejects) if rejects else None) as rejected:
        aside = _Aside(rejected)
        for decisions in _counted(_decided(found, decide, aside)):
            count += 1
            alone += any(len(decision.checked_by) == 1 for decision in decisions)
            if form == "text":
                click.echo(("\n" if count > 1 else "") + as_text(decisions))
            elif form == "jsonl":
                click.echo(_json(as_object(decisions), one_line=True))
            elif form == "json":
                kept.append(_json(as_object(decisions)))
            else:
                row = as_row(decisions)
                if writer is None:
                    writer = csv.DictWriter(sys.stdout, list(row), lineterminator="\n")
                    writer.writeheader()
                writer.writerow(row)
        if form == "json" and kept:
            single = count + rejected.count == 1
            click.echo(kept[0] if single else "[\n" + ",\n".join(kept) + "\n]")
        elif form == "json":
            click.echo("[]")
        for path in rejected.written:
            instead = ", in place of the file that stood there" if path in rejected.replaced else ""
            click.echo(f"edtravel: {rejected.count} set aside, with row and reason, in {path}{instead}", err=True)
        if alone:
            click.echo(f"edtravel: {alone} of {count} checked by one engine: {why_one_engine()}", err=True)
        return aside.exit_code


@dataclass
class _Aside:
    """The cases set aside, and the exit code that follows: that of a disagreement goes before that of bad input."""

    rejects: Rejects
    exit_code: int = 0

    def add(self, rejected: Rejected, exit_code: int = InputError.exit_code) -> None:
        self.rejects.add(rejected)
        click.echo(f"edtravel: {rejected.sentence}", err=True)
        self.exit_code = Disagreement.exit_code if Disagreement.exit_code in (exit_code, self.exit_code) else exit_code


def _json(value: Any, *, one_line: bool = False) -> str:
    from eligibility.decision import to_json

    return to_json(value, one_line=one_line)


def _counted(decided: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """Count the cases on the terminal while results go to a file."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from decided
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} cases decided"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        for decisions in decided:
            yield decisions
            progress.advance(task)


def _decided(
    found: Iterable[RawCase | Rejected], decide: Callable[[RawCase], list[Any]], aside: _Aside
) -> Iterator[list[Any]]:
    for item in found:
        if isinstance(item, Rejected):
            aside.add(item)
            continue
        try:
            yield decide(item)
        except (InputError, Disagreement) as error:
            aside.add(item.rejected(error.message), error.exit_code)


def row_of(decision: Any) -> dict[str, str]:
    """One decision as a row of a table."""
    return {
        "reference": decision.reference,
        "policy": decision.policy,
        "on": decision.on.isoformat(),
        "decided_on": decision.decided_on.isoformat(),
        "outcome": decision.outcome,
        "checked_by": ";".join(decision.checked_by),
        "grounds_met": ";".join(g.id for g in decision.grounds if g.result == "met"),
        "protected": decision.protected.ground if decision.protected else "",
        "starts_on": decision.starts_on.isoformat() if decision.starts_on else "",
        "ends_on": decision.ends_on.isoformat() if decision.ends_on else "",
        "notices": ";".join(n.kind for n in decision.notices),
        "missing": ";".join(decision.missing),
        "other_version": decision.other_version.outcome if decision.other_version else "",
        "review_by": decision.review.ask_by.isoformat(),
        "summary": decision.summary,
    }
