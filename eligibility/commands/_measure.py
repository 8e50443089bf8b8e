"""`edtravel area measure`: the schools around one case's home, and the evidence for one distance."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from eligibility import wording
from eligibility.columns import CaseColumns
from eligibility.commands._cases import IsoDate
from eligibility.errors import InputError, UsageError
from eligibility.reading import RawCase, read_cases


@click.command("measure")
@click.argument("area", metavar="AREA")
@click.argument("case", metavar="CASE")
@click.option(
    "--on",
    type=IsoDate(),
    help="The day, from which the year group follows; by default the first of travel. Without one the distances are "
    "measured all the same, and which schools suit the pupil is not judged.",
)
@click.option("--svg", metavar="FILE", help="Draw the walking route to the school.")
@click.option("--geojson", metavar="FILE", help="Write the walking route as GeoJSON.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def measure(*, area: str, case: str, on: dt.date | None, svg: str | None, geojson: str | None, form: str) -> int:
    """Measure one case: the schools around the home, and the route to the school it attends, street by street.

    \b
    Example:
        edtravel area measure somerset.gpkg pupil.yaml --svg route.svg
    """
    from eligibility import geography
    from eligibility.places import home_of

    held = geography.Area.open(Path(area))
    known, year_group = _case(case, on)
    home = home_of(known, "home")
    urn = str(known.get("school.urn"))
    held.school(urn)
    pupil = None if year_group is None else geography.Pupil(max(year_group, 0), known.get("sex"))
    seen = held.measure(home, pupil)
    route = held.route(home, urn, "walk")
    if (svg or geojson) and route is None:
        raise InputError("there is no walking route to the school on this network, so there is nothing to draw")
    if route is not None:
        _write(svg, geography.svg(held, route) if svg else "")
        _write(geojson, geography.geojson(route) if geojson else "")
    found = _as_object(known.reference, held, seen, route, urn)
    found["suitability_judged"] = pupil is not None
    if pupil is None:
        found["assumptions"].append(_NOT_JUDGED)
    if form == "json":
        from eligibility.decision import to_json

        click.echo(to_json(found))
    else:
        click.echo("\n".join(_as_text(found)))
    return 0


def _case(path: str, on: dt.date | None) -> tuple[Any, int | None]:
    """The one case in a file, checked, and its year group on the day; None where there is no day."""
    from eligibility.assess import Assessor
    from eligibility.case import read_case
    from eligibility.derived import Day

    items = list(read_cases([path], columns=CaseColumns(), stdin=sys.stdin.buffer))
    if len(items) != 1:
        raise UsageError(f"{path} holds {len(items)} cases; area measure takes one")
    item = items[0]
    if not isinstance(item, RawCase):
        raise InputError(item.sentence)
    assessor = Assessor()
    known = read_case(item.data, assessor.model)
    day = on or known.get("travel_from")
    if day is None:
        return known, None
    version = assessor.policies.for_day(day)
    return known, Day(known, version, assessor.policies, day).year_group()


def _write(path: str | None, text: str) -> None:
    if path is None:
        return
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror})") from error


def _as_object(reference: str, area: Any, seen: Any, route: Any, urn: str) -> dict[str, Any]:
    schools = [
        {
            "urn": s.school.urn,
            "name": s.school.name,
            "attended": s.school.urn == urn,
            "walking_mm": s.walking.mm if s.walking else None,
            "walking_mm_at_least": s.walking.low if s.walking else None,
            "road_mm": s.road.mm if s.road else None,
            "suitable": s.suitable,
            "note": s.unsuitable_because,
        }
        for s in seen.schools
    ]
    return {
        "reference": reference,
        "area": area.name,
        "area_hash": area.content_hash,
        "home": seen.kind,
        "schools": schools,
        "border_mm": seen.border_mm,
        "transport_areas": sorted(seen.transport_areas) if seen.transport_areas is not None else None,
        "catchments": sorted(seen.catchments) if seen.catchments is not None else None,
        "route": None
        if route is None
        else {
            "length_mm": route.length_mm,
            "steps": [{"street": step.street, "mm": step.mm} for step in route.steps],
        },
        "assumptions": list(seen.assumptions),
    }


_SHOWN = 8
_NOT_JUDGED = (
    "Whether a school suits the pupil was not judged, because no day tells the year group; give travel_from, or --on."
)


def _as_text(found: dict[str, Any]) -> list[str]:
    lines = [
        f"{found['reference']} in the area {found['area']} ({found['area_hash']})",
        "",
        "Schools, nearest on foot first",
    ]
    suitable = [s for s in found["schools"] if s["suitable"] is not False]
    shown = suitable[: _SHOWN if found["suitability_judged"] else None]
    shown += [s for s in found["schools"] if s["attended"] and s not in shown]
    for school in shown:
        lengths = [
            wording.miles(mm) if mm is not None else "no route" for mm in (school["walking_mm"], school["road_mm"])
        ]
        note = "; ".join(part for part in ("attends" if school["attended"] else "", school["note"]) if part)
        line = f"  {school['name']} ({school['urn']}): {lengths[0]} on foot, {lengths[1]} by road"
        lines.append(f"{line} - {note}" if note else line)
    if found["border_mm"] is not None:
        lines += ["", f"A school beyond the border could be as near as {wording.miles(found['border_mm'])}."]
    if found["route"]:
        lines += ["", f"The walking route to the school: {wording.miles(found['route']['length_mm'])}"]
        total = 0
        for step in found["route"]["steps"]:
            total += step["mm"]
            lines.append(f"  {step['street'] or 'unnamed way'}: {wording.metres(step['mm'])} ({wording.miles(total)})")
    lines += ["", "Assumptions", *(f"  {text}" for text in found["assumptions"])]
    return lines
