"""`edtravel area geocode`: place addresses by the geocoding service that the council configured."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path

import click

from eligibility.commands._cases import IsoDate
from eligibility.commands._set_aside import say_set_aside, write_set_aside, write_table
from eligibility.errors import UsageError

_FILE = click.Path(path_type=Path)
_REJECTED = 3


@click.command("geocode")
@click.argument("addresses", metavar="ADDRESSES.csv", type=_FILE)
@click.option("--service", envvar="EDTRAVEL_GEOCODER", help="nominatim, photon or pelias (EDTRAVEL_GEOCODER).")
@click.option("--url", envvar="EDTRAVEL_GEOCODER_URL", help="Where the service listens (EDTRAVEL_GEOCODER_URL).")
@click.option(
    "--user-agent",
    envvar="EDTRAVEL_GEOCODER_AGENT",
    help="Who asks, as the service wants to know: the council and a contact (EDTRAVEL_GEOCODER_AGENT).",
)
@click.option(
    "--every",
    type=click.FloatRange(0, 60),
    default=1.0,
    show_default=True,
    help="Least seconds between two questions, as the service's terms of use ask.",
)
@click.option("--on", type=IsoDate(), help="The day of asking, which is written beside each place; by default today.")
@click.option("--rejects", type=_FILE, help="Where rows set aside go; by default beside the addresses.")
@click.option("--out", type=_FILE, required=True, help="The CSV to write, for `area build --geocoded`.")
@click.pass_context
def geocode(
    ctx: click.Context,
    /,
    *,
    addresses: Path,
    service: str | None,
    url: str | None,
    user_agent: str | None,
    every: float,
    on: dt.date | None,
    rejects: Path | None,
    out: Path,
) -> None:
    """Place addresses that no register of yours places, by a geocoding service.

    ADDRESSES.csv has the columns uprn (or a number of the council's own), address and, if wanted, postcode. Each
    address is sent to the service, and to nobody else; without one named here or in the environment nothing is sent.

    \b
    edtravel area geocode new_homes.csv --service nominatim --url https://geocode.example.gov.uk \\
        --user-agent "Example Council, transport@example.gov.uk" --out placed.csv
    edtravel area build ... --geocoded placed.csv

    A home placed so is an estimate: every decision says so, and nothing is decided close to a limit.
    """
    from eligibility.geography.geocode import Placed, Service
    from eligibility.geography.geocode import geocode as place

    if not service or not url or not user_agent:
        raise UsageError(
            "no geocoding service is configured; give --service, --url and --user-agent, or set EDTRAVEL_GEOCODER, "
            "EDTRAVEL_GEOCODER_URL and EDTRAVEL_GEOCODER_AGENT"
        )
    if not addresses.is_file():
        raise UsageError(f"there is no file {addresses}")
    chosen = Service(service, url, user_agent, every)
    click.echo(f"Addresses are sent to {chosen.said}.", err=True)
    today = dt.datetime.now(tz=dt.UTC).date()
    with _counting() as tell:
        placed, aside = place(addresses, chosen, on or today, tell)
    write_table(out, [field.name for field in fields(Placed)], [astuple(each) for each in placed])
    click.echo(f"{out}: {len(placed):,} addresses placed by {chosen.said}, estimates all")
    if aside:
        beside = rejects or addresses.with_name(addresses.name + ".rejects.csv")
        write_set_aside(beside, aside)
        say_set_aside(len(aside), beside)
        ctx.exit(_REJECTED)


@contextmanager
def _counting() -> Iterator[Callable[[int], None]]:
    """Counts on a terminal, and says nothing anywhere else."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("asking") as status:
        yield lambda done: status.update(f"{done:,} addresses asked for")
