"""Writes the report of a finished run: page, workbook, officers' companion, list for a mailing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import click

from eligibility import sample_county
from eligibility.errors import UsageError
from eligibility.geography import Area
from eligibility.modelling.generate.data_files import DataFolder
from eligibility.modelling.report.as_html import as_html
from eligibility.modelling.report.as_xlsx import write_xlsx
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.make import Wards, make
from eligibility.modelling.report.ward_areas import WardAreas
from eligibility.modelling.report.ward_names import names_in
from eligibility.modelling.run import Run
from eligibility.modelling.scenario import Scenario
from eligibility.text import comparison_text

_OF_ONE_OPTION = 2
"""The version held now and the option: the policies of a run of which one report alone can be made."""
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
    area: Path | None,
    data: Path | None,
    ward_names: Path | None,
) -> None:
    """Write the files that are asked for; `scenario` is what the run was, asked only where pupils are looked for."""
    for path, ending in ((html, ".html"), (xlsx, ".xlsx"), (officer, ".html"), (affected, ".csv")):
        if path is not None and path.suffix.lower() != ending:
            raise UsageError(f"{path}: expected a name that ends in {ending}")
    name = Counted.of(run, option).option
    if area and data:
        raise UsageError("give --area or --data for the wards of the map, not both")
    wards = _wards(area, data, names_in(ward_names) if ward_names else {})
    report = make(run, name, wards=wards)
    click.echo(report.headline)
    if len(run.about["policies"]) > _OF_ONE_OPTION:
        click.echo(
            "edtravel: publish the report of one option only: what two of them withhold can be worked back from both",
            err=True,
        )
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
            _write(officer, as_html(officers.companion(run, compared, name, comparison_text, wards)))
            click.echo(f"The officers' companion, which {_NOT_TO_BE_PUBLISHED}: {officer}")
        if affected:
            rows = officers.affected(run, compared, name)
            _write(affected, rows.write_csv())
            click.echo(f"{rows.height:,} references for a consultation, a list that {_NOT_TO_BE_PUBLISHED}: {affected}")


def _wards(area: Path | None, data: Path | None, names: Mapping[str, str]) -> Wards:
    if area == sample_county.path():
        names = {**names_in(sample_county.wards()), **names}
    held = Area.open(area) if area else None
    folder = DataFolder(data) if data else None

    def of(wards: Collection[str]) -> WardAreas:
        found = WardAreas.of_area(held, wards) if held else WardAreas({}, "")
        found = WardAreas.of_data(folder, wards) if folder else found
        return found.named({ward: names[ward] for ward in wards if ward in names})

    return of


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
