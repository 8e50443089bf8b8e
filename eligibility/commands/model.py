"""`edtravel model`: what a change of policy would do to a county, and the pupils behind every figure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eligibility.commands._cases import IsoDate, Whole
from eligibility.commands._progress import counted
from eligibility.commands._set_aside import say_set_aside
from eligibility.errors import InputError, UsageError

if TYPE_CHECKING:
    from eligibility.modelling.run import Run
    from eligibility.modelling.scenario import Scenario

FILE = click.Path(path_type=Path)
_MANY = ("--policies", "--population")


class _TakesMany(click.Command):
    """A command of which some options take several values one after another, as in `--policies A B C`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Say the option again before each further value."""
        said: list[str] = []
        current = ""
        for word in args:
            if word.startswith("-"):
                current = word if word in _MANY else ""
                said.append(word)
            elif current and said[-1] != current:
                said += [current, word]
            else:
                said.append(word)
        return super().parse_args(ctx, said)


@click.group(name="model")
def command() -> None:
    """What a change of policy would do to a county: who loses, who is protected, what it saves and when."""


@command.command(cls=_TakesMany)
@click.option(
    "--population",
    "populations",
    type=FILE,
    multiple=True,
    required=True,
    metavar="FILE...",
    help="Pupils: .csv, .parquet or .xlsx. Several are draws of one county: the tables are of the first.",
)
@click.option(
    "--policies",
    multiple=True,
    required=True,
    metavar="OLD NEW...",
    help="The version held now, then one or more others, drafts too.",
)
@click.option(
    "--on", type=IsoDate(), help="Look at all pupils on this day; by default each on its first day of travel."
)
@click.option("--engine", type=click.Choice(["polars", "duckdb", "pyspark"]), default="polars", show_default=True)
@click.option("--unit-costs", "costs", type=FILE, help="Unit costs of your own, a copy of what `model costs` prints.")
@click.option("--costs", "schedule", metavar="NAME", help="Price by this schedule of the file of unit costs.")
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Also count by this column, which many pupils share, such as about.lsoa.",
)
@click.option("--brief", is_flag=True, help="Leave out the run-off and the readings.")
@click.option("--rejects", type=FILE, help="Where rows that were set aside go, with row and reason.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--out", type=FILE, required=True, metavar="DIR", help="The folder for the tables.")
def run(
    *,
    populations: tuple[Path, ...],
    policies: tuple[str, ...],
    on: dt.date | None,
    engine: str,
    costs: Path | None,
    schedule: str | None,
    by: tuple[str, ...],
    brief: bool,
    rejects: Path | None,
    form: str,
    out: Path,
) -> int:
    """Compare the version held now with others over a whole population, and write the tables.

    A run that was stopped goes on where it stopped; one that is finished is only told again. DIR is the officers':
    `DIR/tables` counts exactly, however few, and `DIR/work` holds pupils. What may be published is `model report`.

    \b
    Examples:
      edtravel population generate --sample --out pupils.parquet
      edtravel model run --population pupils.parquet --policies somerset-2016 somerset-2018 --out change
    """  # fmt: skip
    from eligibility.modelling.run import run as model
    from eligibility.modelling.scenario import scenario
    from eligibility.modelling.unit_costs import SHIPPED, read_unit_costs
    from eligibility.policy_files import policies as held
    from eligibility.reading import Rejects

    compared = scenario(held(), policies, read_unit_costs(costs or SHIPPED, schedule or ""), on=on, by=by, brief=brief)
    with Rejects([str(path) for path in populations], rejects) as aside, counted("pupils") as told:
        try:
            found = model(compared, populations, out, engine, set_aside=aside.add, told=told)
        finally:
            for path, count in aside.counts.items():
                say_set_aside(count, path)
    _tell(found, form)
    return InputError.exit_code if found.set_aside else 0


@command.command()
@click.argument("folder", type=FILE, metavar="DIR")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(folder: Path, form: str) -> None:
    """Tell a finished run again.

    \b
    Example:
      edtravel model show change
    """
    from eligibility.modelling.run import finished_run

    _tell(finished_run(folder), form)


@command.command()
@click.argument("folder", type=FILE, metavar="DIR")
@click.option("--option", default="", metavar="NAME", help="Which of the versions compared; by default the first.")
@click.option("--html", type=FILE, metavar="FILE", help="The report as one page, by default DIR/report.html.")
@click.option("--xlsx", type=FILE, metavar="FILE", help="The same tables as a workbook.")
@click.option("--officer", type=FILE, metavar="FILE", help="The officers' companion: every number, pupils and reasons.")
@click.option("--affected", type=FILE, metavar="FILE", help="References of those affected, for a consultation (.csv).")
@click.option("--area", metavar="AREA", help="Draw wards on the map as this area has them: borders, or postcodes.")
@click.option("--data", type=FILE, metavar="DIR", help="Draw them round the postcodes of this folder of open data.")
@click.option("--ward-names", type=FILE, metavar="FILE", help="What wards are called (.csv): a code and a name a row.")
def report(
    folder: Path,
    *,
    option: str,
    html: Path | None,
    xlsx: Path | None,
    officer: Path | None,
    affected: Path | None,
    area: str | None,
    data: Path | None,
    ward_names: Path | None,
) -> None:
    """Write the report of a finished run for members and the public, and what goes with it.

    The page and the workbook withhold small numbers so that they cannot be worked back. The officers' companion and
    the list of references hold pupils and may not be published.

    \b
    Example:
      edtravel model report change --html report.html --xlsx report.xlsx --area area.gpkg
    """
    from eligibility.commands._measure import area_path
    from eligibility.commands._report import write
    from eligibility.modelling.run import finished_run

    if not (html or xlsx or officer or affected):
        html = folder / "report.html"
    write(
        finished_run(folder),
        option,
        lambda: _scenario_of(folder),
        html=html,
        xlsx=xlsx,
        officer=officer,
        affected=affected,
        area=area_path(area) if area else None,
        data=data,
        ward_names=ward_names,
    )


def _tell(found: Run, form: str) -> None:
    from eligibility.commands._headlines import headlines
    from eligibility.decision import to_json

    if form == "text":
        click.echo(headlines(found))
        return
    told = {name: table.to_dicts() for name, table in found.tables.items() if name not in ("run_off", "outcomes")}
    whole = found.tables["outcomes"].filter(found.tables["outcomes"]["dimension"] == "all").to_dicts()
    click.echo(to_json({"run": found.about, "outcomes": whole, **told}))


@command.command()
@click.argument("folder", type=FILE, metavar="DIR")
@click.option("--table", required=True, metavar="TABLE", help="Such as outcomes, run_off or late_notices.")
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="The cell: a column of the table and its value.")
@click.option(
    "--reasons",
    type=Whole(min=0),
    default=3,
    show_default=True,
    help="For how many of the pupils the decisions are told.",
)
@click.option(
    "--cases", type=FILE, help="Write all of them to this file (.csv or .parquet), as cases that `compare` reads."
)
def pupils(folder: Path, table: str, where: tuple[str, ...], reasons: int, cases: Path | None) -> None:
    """The pupils behind a cell of a table, and why each came out so. For officers; never to be published.

    \b
    Example:
      edtravel model pupils change --table outcomes --where dimension=phase --where value=secondary --where change=loser
    """  # fmt: skip
    from eligibility.commands._pupils import tell

    chosen: dict[str, str] = {}
    for item in where:
        name, is_there, value = item.partition("=")
        if not is_there:
            raise UsageError("expected --where COLUMN=VALUE, such as --where change=loser")
        chosen[name] = value
    tell(folder, _scenario_of(folder), table, chosen, number=reasons, cases=cases)


def _scenario_of(folder: Path) -> Scenario:
    """The comparison that a finished run was. Raises MismatchError where the rules or versions are others by now."""
    from eligibility.errors import MismatchError
    from eligibility.modelling.run import finished_run
    from eligibility.modelling.scenario import scenario
    from eligibility.modelling.unit_costs import read_unit_costs
    from eligibility.policy_files import policies

    about, held = finished_run(folder).about, policies()
    names, day = [each["id"] for each in about["policies"]], _day(about["on"])
    compared = scenario(held, names, read_unit_costs(), on=day, by=about.get("by", ()))
    hashes = [held.policy_hashes[version.id] for version in compared.versions]
    if held.rules_hash != about["rules"] or hashes != [each["hash"] for each in about["policies"]]:
        raise MismatchError(f"{folder} was run with other rules or versions; run it again, in another folder")
    return compared


def _day(said: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        return None


@command.command()
@click.argument("folders", type=FILE, nargs=-1, required=True, metavar="DIR...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def calibration(folders: tuple[Path, ...], form: str) -> None:
    """How near runs come to what is published: the first before any tuning, the later ones after.

    Beside the figures it tells what was drawn otherwise from one population to the next.

    \b
    Example:
      edtravel model calibration before after
    """
    from eligibility.commands._calibration import tell

    tell(folders, form)


@command.command()
def costs() -> None:
    """The unit costs that come with edtravel, as a file to copy and edit, each figure with its source.

    \b
    Example:
      edtravel model costs > our_costs.yaml
    """
    from eligibility.modelling.unit_costs import SHIPPED

    click.echo(SHIPPED.read_text(encoding="utf-8"), nl=False)
