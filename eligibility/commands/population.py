"""`edtravel population`: invent a county of pupils, measure a population."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import click

from eligibility.commands._cases import IsoDate, Whole
from eligibility.commands._measure import area_path
from eligibility.commands._progress import counted
from eligibility.commands._set_aside import say_set_aside, write_table
from eligibility.errors import UsageError

FILE = click.Path(path_type=Path)
DATA = "EDTRAVEL_DATA"
_REJECTED = 3


@click.group(name="population")
def command() -> None:
    """Invent a county of pupils from open data, and measure a population."""


@command.command()
@click.option("--pupils", type=Whole(min=1), help="How many; by default all who live in the county.")
@click.option("--seed", type=Whole(min=0), default=1, show_default=True, help="Another seed, other pupils.")
@click.option("--area", metavar="AREA", help="Live and measure in this area (a GeoPackage made by `area build`).")
@click.option("--data", type=FILE, help=f"The folder of open data; by default {DATA}.")
@click.option("--la", "authority", metavar="CODE", help="The authority in the register of schools, such as 933.")
@click.option("--sample", is_flag=True, help="Live in the invented sample county.")
@click.option("--on", type=IsoDate(), help="The day the population is of; by default that of the rates.")
@click.option("--rates", "own_rates", type=FILE, help="Draw with the figures of this file, a copy of rates.yaml.")
@click.option("--untuned", is_flag=True, help="Draw with the figures from before any was tuned to a published total.")
@click.option("--out", type=FILE, required=True, help="The file to write: .parquet or .csv.")
def generate(
    *,
    pupils: int | None,
    seed: int,
    area: str | None,
    data: Path | None,
    authority: str | None,
    sample: bool,
    on: dt.date | None,
    own_rates: Path | None,
    untuned: bool,
    out: Path,
) -> None:
    """Invent pupils, none of whom exists; the same seed gives the same file.

    In an area their distances are measured along its roads. Without one they live in a county made from open data and
    their distances are estimates, straight lines times a detour factor; without data, in the sample county.

    \b
    Examples:
      edtravel population generate --sample --out pupils.parquet
      edtravel population generate --data DATA --la 933 --on 2017-09-04 --out somerset.parquet
    """
    from eligibility.geography import Area
    from eligibility.modelling.generate.county import Draw
    from eligibility.modelling.generate.data_files import DataFolder
    from eligibility.modelling.generate.days import Days
    from eligibility.modelling.generate.from_area import county_of
    from eligibility.modelling.generate.open_data import county_from
    from eligibility.modelling.generate.population import invent
    from eligibility.modelling.generate.rates import rates as shipped_rates
    from eligibility.modelling.generate.rates import read_rates
    from eligibility.modelling.population_writing import check_path, write_population
    from eligibility.policy_files import policies

    check_path(out)
    if sum(map(bool, (sample, area, data))) > 1:
        raise UsageError("give one of --sample, --area and --data")
    figures = read_rates(own_rates) if own_rates else shipped_rates()
    figures = figures.untuned() if untuned else figures
    draw = Draw(seed, figures)
    day = on or figures.day("day")
    held = policies()
    held.for_day(day)
    folder = data or (Path(os.environ[DATA]) if os.environ.get(DATA) else None)
    if sample or area or folder is None:
        if not sample and not area:
            click.echo(f"No data is named (--data, or {DATA}): these pupils live in the sample county.", err=True)
        pupils = pupils or figures.whole("pupils_of_an_area")
        with counted("measuring") as progress:
            opened = Area.open(area_path(area or "sample"))
            county = county_of(opened, draw, pupils, day, progress)
    else:
        year_starts = Days.of(held, day).year_starts
        county = county_from(DataFolder(folder), authority or figures.text("authority"), draw, day, year_starts)
    population = invent(county, draw, held, day, pupils)
    write_population(population.pupils, population.about, out)
    _tell(out, population.about)


@command.command()
@click.argument("population", type=FILE)
@click.option("--area", metavar="AREA", help="Measure along the networks of this area.")
@click.option("--data", type=FILE, help="Estimate to the schools of this folder of open data, where there is no area.")
@click.option("--on", type=IsoDate(), help="The day to measure for; by default each pupil's first day of travel.")
@click.option("--anew", is_flag=True, help="Measure what the file gives a figure for, too.")
@click.option("--rejects", type=FILE, help="Where rows set aside go; by default beside the population.")
@click.option("--out", type=FILE, required=True, help="The file to write: .parquet or .csv.")
@click.pass_context
def measure(ctx: click.Context, /, population: Path, out: Path, rejects: Path | None, **how: Any) -> None:
    """Give every pupil of a population (CSV, Parquet or XLSX) the distances that decide.

    Along an area's networks they are those of `edtravel assess --area`, to the millimetre, homes known by a postcode
    at its centre. A run that was stopped goes on where it was. Without an area they are estimates.

    \b
    Example:
      edtravel population measure pupils.csv --area area.gpkg --out measured.parquet
    """
    from eligibility.commands._measured_population import measured
    from eligibility.modelling.population_writing import check_path

    check_path(out)
    if bool(how["area"]) == bool(how["data"]):
        raise UsageError("give --area to measure in, or --data for estimates where there is no network")
    set_aside = measured(population, out, **how)
    if set_aside:
        beside = rejects or population.with_name(population.stem + ".rejects.csv")
        write_table(beside, ["row", "reason", "text"], set_aside)
        say_set_aside(len(set_aside), beside)
        ctx.exit(_REJECTED)


def _tell(out: Path, about: dict[str, Any]) -> None:
    click.echo(f"{out}: {about['pupils']:,} invented pupils of {about['households']:,} families, seed {about['seed']}")
    click.echo(f"Distances: {about['distances']}")
    for sentence in about["assumptions"]:
        click.echo(f"Note: {sentence}", err=True)
