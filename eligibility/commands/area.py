"""`edtravel area`: build an area from open data, look at it, check it, measure in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from eligibility import wording
from eligibility.commands._cases import Whole
from eligibility.commands._geocode import geocode
from eligibility.commands._measure import area_path, measure
from eligibility.commands._reach import reach
from eligibility.commands._set_aside import say_set_aside, write_set_aside
from eligibility.errors import UsageError

FILE = click.Path(path_type=Path)
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
_REJECTED = 3
_BY_ROLE = {"licence": "licences", "layer": "layers", "crs": "systems"}


@click.group(name="area")
def command() -> None:
    """Build, check and measure in an area: schools, postcodes and the network between them."""


def _file(name: str, about: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", type=FILE, help=about)


def _files(name: str, about: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", type=FILE, multiple=True, help=about)


def _by_role(name: str, destination: str, metavar: str, about: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", destination, multiple=True, metavar=f"ROLE={metavar}", help=about)


@command.command()
@_file(
    "schools", "Register of schools: Get Information About Schools, CSV; from the tags of OpenStreetMap if not given."
)
@_file("postcodes", "Code-Point Open (csv, csv.gz or zip), or a CSV of the same columns; by default as above.")
@click.option(
    "--la",
    "la_codes",
    multiple=True,
    metavar="CODE",
    help="Keep the schools and postcodes of this authority (800); again for more.",
)
@_files(
    "roads",
    "Roads: OS Open Roads, MasterMap Highways or Open Map Local, as GeoPackage, Shapefile or GeoJSON, "
    "or OpenStreetMap (.osm.pbf, .osm) with its paths; again for more files.",
)
@_files("paths", "Footpaths and bridleways in the same formats; walked, never driven; again for more files.")
@click.option(
    "--join-paths",
    type=Whole(0, 50),  # more would join ways that have nothing to do with one another
    default=0,
    metavar="METRES",
    help="Lead each end of a path of --paths that meets no other way on to the nearest within so many metres, and join "
    "paths to what they cross on the level; for paths that were drawn on another map than the roads.",
)
@_file("addresses", "Addresses, CSV of uprn, easting, northing and postcode.")
@_file("geocoded", "Addresses placed by a geocoding service, as `area geocode` writes them.")
@_file("gates", "School gates: CSV of urn, easting, northing and, if wanted, available, or points drawn with urn.")
@_file("transport-areas", "Designated transport areas: polygons (GeoPackage, Shapefile or GeoJSON) with a column urn.")
@_file("catchments", "Admissions catchments, in the same form.")
@_file("unsafe", "Stretches unsafe to walk: lines with name, from and until, in the same formats.")
@_file("terminated-postcodes", "Postcodes no longer in use, CSV of postcode and doterm.")
@_file("boundary", "The land the roads cover in full, polygons; derived from the roads if not given.")
@_file("within", "Polygons; of roads and paths only what meets the box around them is read: for a map of the country.")
@_file("districts", "Districts: polygons with code and name.")
@_file("wards", "Electoral wards or divisions: polygons with code and name.")
@click.option(
    "--walk-private/--no-walk-private",
    default=False,
    show_default=True,
    help="Use roads and paths marked private, on foot and by vehicle.",
)
@click.option(
    "--restricted/--no-restricted",
    default=True,
    show_default=True,
    help="Use what the Ordnance Survey calls restricted local access roads.",
)
@click.option("--steps/--no-steps", default=True, show_default=True, help="Walk flights of steps.")
@_by_role("layer", "layers", "NAME", "The layer to read of a GeoPackage that holds several, such as roads=road_link.")
@_by_role("crs", "systems", "EPSG", "The coordinate system of a file that declares none, such as unsafe=EPSG:27700.")
@click.option("--complete", is_flag=True, help="Nothing lies beyond the network, as on an island.")
@click.option("--name", default="", help="What to call the area; by default the name of the file.")
@_by_role("licence", "licences", "TEXT", "The licence of a file, such as roads='OGL v3'; again for more.")
@click.option("--rejects", type=FILE, help="Where rows set aside go; by default beside the area.")
@click.option("--out", type=FILE, required=True, help="The GeoPackage to write.")
@click.pass_context
def build(ctx: click.Context, /, out: Path, rejects: Path | None, **given: Any) -> None:
    """Build an area: one GeoPackage holding everything that decides a distance.

    \b
    edtravel area build --schools gias.csv --postcodes codepoint.csv --la 800 --roads oproad_gb.gpkg --out a.gpkg
    edtravel area build --roads rutland.osm.pbf --out rutland.gpkg

    ROLE is the name of an option that gives a file. A file is read in the coordinate system it declares. What is
    left out of the networks or set aside is said, and listed with its reason.
    """
    from eligibility.geography import Inputs, Walked
    from eligibility.geography import build as build_area

    for option in ("licence", "layer", "crs"):
        given[_BY_ROLE[option]] = _roles(option, given[_BY_ROLE[option]])
    walked = Walked(private=given.pop("walk_private"), restricted=given.pop("restricted"), steps=given.pop("steps"))
    inputs = Inputs(**given, walked=walked)
    with _progress() as tell:
        built = build_area(inputs, out, tell)
    for note in built.notes:
        click.echo(f"Note: {note}.", err=True)
    if built.rejects:
        beside = rejects or out.with_name(out.name + ".rejects.csv")
        write_set_aside(beside, built.rejects)
        say_set_aside(len(built.rejects), beside)
    held = (wording.counted(built.counts[thing], thing) for thing in ("school", "postcode", "node", "edge"))
    click.echo(f"{out}: {', '.join(held)}")
    click.echo(built.content_hash)
    if built.rejects:
        ctx.exit(_REJECTED)


def _roles(option: str, given: tuple[str, ...]) -> dict[str, str]:
    from eligibility.geography.inputs import ROLES

    pairs = dict(each.partition("=")[::2] for each in given)
    for role, text in pairs.items():
        if role.replace("-", "_") not in ROLES or not text:
            raise UsageError(f"--{option} {role}: expected ROLE=..., ROLE one of {', '.join(ROLES)}")
    return {role.replace("-", "_"): text for role, text in pairs.items()}


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"cannot write {path}: {problem.strerror or problem}") from None


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Says each step on a terminal, and nothing anywhere else."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield status.update


@command.command()
@click.argument("area", type=FILE)
@FORMAT
def info(area: Path, form: str) -> None:
    """Say what an area holds, what it was built from and which hash names it."""
    from eligibility.geography import Area
    from eligibility.geography.layers import BY_NAME, LAYERS, NOT_STATED

    opened = Area.open(area_path(str(area)))
    source = [name for name, _ in BY_NAME["source"].columns]
    facts: dict[str, Any] = {
        "name": opened.name,
        "content_hash": opened.content_hash,
        "settings": {key: value for key, value in opened.settings.items() if key not in ("name", "content_hash")},
        "layers": {layer.name: opened.count(layer.name) for layer in LAYERS},
        "sources": [dict(zip(source, row, strict=True)) for row in opened.rows("source")],
    }
    if form == "json":
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"{facts['name']}  {facts['content_hash']}")
    click.echo("\nWhat it holds")
    for name, count in facts["layers"].items():
        if name not in ("setting", "source") and count:
            click.echo(f"  {count:>9,}  {BY_NAME[name].about}")
    click.echo("\nHow it was built")
    for key, value in facts["settings"].items():
        click.echo(f"  {key.replace('_', ' ')}: {value or 'none'}")
    click.echo("\nWhat it was built from (vintage as in the file's name)")
    for each in facts["sources"]:
        role = each["role"].replace("_", " ")
        stated = each["licence"] != NOT_STATED
        licence = each["licence"] if stated else f"{NOT_STATED} (give it with --licence ROLE=TEXT)"
        click.echo(f"  {role}: {each['file']}, vintage {each['vintage']}, licence {licence}")
        click.echo(f"    sha256 {each['sha256']}, {each['bytes']:,} bytes")


@command.command()
@click.argument("area", type=FILE)
@click.option("--svg", type=FILE, help="Draw where the findings are.")
@click.option("--geojson", type=FILE, help="Write where the findings are, for a GIS.")
@FORMAT
def check(area: Path, svg: Path | None, geojson: Path | None, form: str) -> None:
    """Report what is wrong with an area's inputs; finding something is a result, not a failure."""
    from eligibility.geography import Area, check_map
    from eligibility.geography.check import check as check_area

    opened = Area.open(area_path(str(area)))
    findings = check_area(opened)
    for path, draw in ((svg, check_map.svg), (geojson, check_map.geojson)):
        if path is not None:
            _write(path, draw(opened))
    if form == "json":
        facts = {
            "name": opened.name,
            "content_hash": opened.content_hash,
            "findings": [asdict(finding) for finding in findings],
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"{opened.name}  {opened.content_hash}")
    for finding in findings:
        examples = f": {', '.join(finding.examples)}" if finding.examples else ""
        more = ", ..." if len(finding.examples) < finding.count and finding.examples else ""
        click.echo(f"  {'wrong' if finding.serious else 'note '}  {finding.says}{examples}{more}")
    if not findings:
        click.echo("  nothing found")


command.add_command(geocode)
command.add_command(measure)
command.add_command(reach)
