"""`edtravel policy tree`: the rulebook as a flow chart, in words or drawn."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eligibility.commands._cases import open_area, sample_inputs
from eligibility.commands._show import deliver
from eligibility.errors import UsageError

if TYPE_CHECKING:
    from eligibility.chart.picture import Picture


def run(
    *,
    version_id: str,
    against: str | None,
    case: str | None,
    area: str | None,
    on: dt.date | None,
    sample: bool,
    svg: str | None,
    html: str | None,
    pdf: str | None,
    form: str,
) -> int:
    """Write the chart. Returns the exit code; raises UsageError where the options do not go together."""
    from eligibility.policy_files import policies

    held = policies()
    version = held.version(version_id)
    if sample:
        (case,), area = sample_inputs((case,) if case else (), area)
    if against and case:
        raise UsageError("--against and --case do not go together; a pupil's way is drawn through one version")
    for option, given in (("--area", area), ("--on", on)):
        if given and not case:
            raise UsageError(f"{option} is about a case; give one with --case")
    if case:
        picture = _of_case(version_id, case, area, on)
    elif against:
        from eligibility.chart.make import of_two

        picture = of_two(held, held.version(against), version)
    else:
        from eligibility.chart.make import of_version

        picture = of_version(held, version)
    _write(picture, svg=svg, html=html, pdf=pdf)
    if not (svg or html or pdf) or form == "json":
        _print(picture, form)
    return 0


def _of_case(version_id: str, path: str, area: str | None, on: dt.date | None) -> Picture:
    """The picture with the way of the first pupil of a file. Raises InputError where the case cannot be used."""
    from eligibility.assess import Assessor
    from eligibility.chart.make import of_pupil
    from eligibility.columns import CaseColumns
    from eligibility.errors import InputError
    from eligibility.reading import Rejected, read_cases

    stdin = sys.stdin.buffer if sys.stdin else io.BytesIO()
    found = next(iter(read_cases([path], columns=CaseColumns(), stdin=stdin)), None)
    if found is None:
        raise UsageError(f"{path} holds no case")
    if isinstance(found, Rejected):
        raise InputError(found.sentence)
    with Assessor(area=open_area(area), second=None) as assessor:
        return of_pupil(assessor.matter(found.data, policy=version_id, on=on))


def _write(picture: Picture, *, svg: str | None, html: str | None, pdf: str | None) -> None:
    if svg:
        from eligibility.chart.sheets import sheets

        path = Path(svg)
        for number, sheet in enumerate(sheets(picture), start=1):
            deliver(str(sheet), str(path.with_name(f"{path.stem}-{number}{path.suffix or '.svg'}")))
    if html or pdf:
        from eligibility.chart.as_html import as_html
        from eligibility.page import as_pdf

        page = as_html(picture)
        if html:
            deliver(page, html)
        if pdf:
            deliver(as_pdf(page), pdf)


def _print(picture: Picture, form: str) -> None:
    if form == "json":
        from eligibility.chart.as_data import as_data

        click.echo(json.dumps(as_data(picture), indent=2, ensure_ascii=False))
    else:
        from eligibility.chart.as_text import as_text

        click.echo(as_text(picture), nl=False)
