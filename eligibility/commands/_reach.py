"""`edtravel area reach`: everywhere within some miles of a school on foot, drawn along the network."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import click

from eligibility import wording
from eligibility.commands._cases import IsoDate
from eligibility.commands._measure import STATUTE, WALKING_LIMITS, Miles, area_path, millimetres_of, write
from eligibility.errors import UsageError
from eligibility.reading_names import SCHOOL_ENTRANCE
from eligibility.units import MM_PER_METRE

_MOST = 2


@click.command("reach")
@click.argument("area", metavar="AREA")
@click.argument("urn", metavar="URN")
@click.option(
    "--miles",
    type=Miles(),
    multiple=True,
    help="How far; again for another. By default the statutory walking distances.",
)
@click.option("--on", type=IsoDate(), help="The day, whose unsafe stretches are left out; without one nothing is.")
@click.option("--svg", metavar="FILE", help="Draw it, as a page.")
@click.option("--geojson", metavar="FILE", help="Write it as GeoJSON: ways, where the limits fall, and outlines.")
def reach(
    *, area: str, urn: str, miles: tuple[Decimal, ...], on: dt.date | None, svg: str | None, geojson: str | None
) -> int:
    """Show everywhere within 2 and 3 miles of a school on foot.

    AREA may be the word `sample` for the invented sample county. The ways end exactly where the limit falls on them;
    the outlines are drawn around them, for maps, and decide nothing.

    \b
    Example:
        edtravel area reach somerset.gpkg 109329 --miles 2 --miles 3 --svg reach.svg --geojson reach.geojson
    """
    from eligibility import geography
    from eligibility.assess import Assessor

    held = geography.Area.open(area_path(area))
    policies = Assessor().policies
    version = policies.version(STATUTE) if on is None else policies.for_day(on)
    limits = {millimetres_of(each) for each in miles}
    limits = limits or {version.whole(name, on or version.starts) for name in WALKING_LIMITS}
    if len(limits) > _MOST:
        raise UsageError(f"--miles: {len(limits)} distances are given; expected one or two")
    how = geography.How(school_entrance=version.readings[SCHOOL_ENTRANCE].chosen, on=on)  # type: ignore[arg-type]  # How checks it
    found = [geography.reach(held, urn, limit, how) for limit in sorted(limits)]
    write(svg, geography.reach_map(held, found, how) if svg else "")
    write(geojson, geography.reach_geojson(found) if geojson else "")
    click.echo(f"{held.school(urn).name} ({urn}) in the area {held.name} ({held.content_hash})")
    for each in found:
        ways = wording.miles(each.length_mm // MM_PER_METRE * MM_PER_METRE)
        click.echo(
            f"  within {wording.miles(each.limit_mm)} on foot: {ways} of ways in all; the limit falls at "
            f"{len(each.ends)} places"
        )
    return 0
