"""Writes the report of a finished run: page, workbook, officers' companion, list for a mailing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from eligibility.errors import UsageError
from eligibility.modelling.report.as_html import as_html
from eligibility.modelling.report.as_xlsx import write_xlsx
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.make import make
from eligibility.modelling.run import Run
from eligibility.modelling.scenario import Scenario
from eligibility.text import comparison_text

_NOT_TO_BE_PUBLISHED = "holds pupils and is not to be published"


def write(
    run: Run,
    option: str,
    scenario: Callable[[], Scenario],
    *,
    html: Path | None,
    xlsx: Path | None,
    officer: Path | None,
    affected: Path | None,
) -> None:
    """Write the files that are asked for; `scenario` is what the run was, asked only where pupils are looked for."""
    for path, ending in ((html, ".html"), (xlsx, ".xlsx"), (officer, ".html"), (affected, ".csv")):
        if path is not None and path.suffix.lower() != ending:
            raise UsageError(f"{path}: expected a name that ends in {ending}")
    name = Counted.of(run, option).option
    report = make(run, name)
    click.echo(report.headline)
    if html:
        _write(html, as_html(report))
        click.echo(f"The report, one page that may be published: {html}")
    if xlsx:
        unfinished = xlsx.with_name(xlsx.name + ".unfinished")
        write_xlsx(report, unfinished)
        unfinished.replace(xlsx)
        click.echo(f"Its tables as a workbook: {xlsx}")
    if officer or affected:
        from eligibility.modelling.report import officers

        compared = scenario()
        if officer:
            _write(officer, as_html(officers.companion(run, compared, name, comparison_text)))
            click.echo(f"The officers' companion, which {_NOT_TO_BE_PUBLISHED}: {officer}")
        if affected:
            rows = officers.affected(run, compared, name)
            _write(affected, rows.write_csv())
            click.echo(f"{rows.height:,} references for a consultation, a list that {_NOT_TO_BE_PUBLISHED}: {affected}")


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
