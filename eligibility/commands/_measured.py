"""What `edtravel area measure` found, as data and in text."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from eligibility import wording
from eligibility.commands import _nearest
from eligibility.units import MM_PER_METRE

if TYPE_CHECKING:
    from eligibility.geography import Area, Opinion, Route


def as_object(reference: str, area: Area, seen: Any, route: Route | None, urn: str) -> dict[str, Any]:
    """The schools around a home (`seen`) and the route to one, in JSON types."""
    from eligibility.geography import called, how_measured

    schools = [
        {
            "urn": s.school.urn,
            "name": s.school.name,
            "attended": s.school.urn == urn,
            "walking_mm": s.walking.mm if s.walking else None,
            "walking_mm_at_least": s.walking.low if s.walking else None,
            "road_mm": s.road.mm if s.road else None,
            "road_mm_at_least": s.road.low if s.road else None,
            "at_least_mm": s.at_least_mm,
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
            "urn": route.urn,
            "network": "walking" if route.mode == "walk" else "road",
            "length_mm": route.length_mm,
            "length_mm_at_least": route.at_least_mm,
            "safe": route.safe,
            "measure_from": route.measure_from,
            "school_entrance": route.school_entrance,
            "to_gate": route.to_gate,
            "on": route.on.isoformat() if route.on else None,
            "how_measured": how_measured(area, route),
            "steps": [
                {"street": step.street, "called": name, "mm": step.mm, "total_mm": total, "straight": step.is_leg}
                for name, step, total in zip(
                    called(route), route.steps, accumulate(step.mm for step in route.steps), strict=True
                )
            ],
        },
        "assumptions": list(seen.assumptions),
    }


NOT_JUDGED = (
    "Whether a school suits the pupil was not judged, because no day tells the year group; give travel_from, or --on."
)


def as_text(found: dict[str, Any], limits: tuple[int, ...]) -> list[str]:
    """Lines for people, of what `as_object` gave; no figure seems to cross one of the `limits`."""
    lines = [f"{found['reference']} in the area {found['area']} ({found['area_hash']})"]
    if found["suitability_judged"]:
        lines += [*_nearest.as_text(found, limits), "", "The school attended"]
        shown = [school for school in found["schools"] if school["attended"]]
    else:
        lines += ["", "Schools, nearest on foot first"]
        shown = found["schools"]
    for school in shown:
        unknown = _nearest.not_known(school, limits)
        lengths = [_nearest.between(school, network, limits) for network in ("walking", "road")]
        on_foot, by_road = (each or ("distance not known" if unknown else "no route") for each in lengths)
        note = "; ".join(part for part in ("attends" if school["attended"] else "", school["note"]) if part)
        said = f"{on_foot} on foot, {by_road} by road" if any(lengths) or not unknown else unknown
        line = f"  {school['name']} ({school['urn']}): {said}"
        lines.append(f"{line} - {note}" if note else line)
    if found["border_mm"] is not None:
        lines += ["", f"A school beyond the border could be as near as {wording.miles(found['border_mm'])}."]
        if any(_nearest.is_unsure(school, network) for school in shown for network in ("walking", "road")):
            lines.append(_nearest.UNSURE)
    if found["route"]:
        names = {school["urn"]: school["name"] for school in found["schools"] if not school["attended"]}
        lines += _steps_text(found["route"], names.get(found["route"]["urn"], "the school"), limits)
    lines += ["", "Assumptions", *(f"  {text}" for text in found["assumptions"])]
    return lines


def _steps_text(route: dict[str, Any], school: str, limits: tuple[int, ...]) -> list[str]:
    from rich.console import Console
    from rich.table import Table

    from eligibility.geography.said import UNSAFE_WAY

    whole = route["length_mm"]
    table = Table(box=None, pad_edge=False)
    for head, side in (("", "right"), ("Street", "left"), ("metres", "right"), ("in all", "right"), ("miles", "right")):
        table.add_column(head, justify=side, overflow="fold")  # type: ignore[arg-type]  # left or right
    for number, step in enumerate(route["steps"], start=1):
        total = step["total_mm"]
        miles = wording.miles(total, wording.closest(total, limits)).split()[0]
        table.add_row(str(number), step["called"], _exact(step["mm"]), _exact(total), miles)
    console = Console(width=100, no_color=True, highlight=False, markup=False)
    with console.capture() as caught:
        console.print(table)
    way = "walking route" if route["network"] == "walking" else "route by road"
    miles = wording.miles(whole, wording.closest(whole, limits))
    safe, unsafe = f"The {way} to {school}: {miles}", f"No safe {way} to {school}; {UNSAFE_WAY} {miles}"
    steps = [f"  {line.rstrip()}" for line in caught.get().splitlines()]
    return [
        "",
        f"{safe if route['safe'] else unsafe} ({_exact(whole)} metres)",
        *steps,
        "",
        "How it was measured",
        *_indented(route["how_measured"]),
    ]


def _indented(texts: list[str]) -> list[str]:
    return [f"  {text}" for text in texts]


def _exact(mm: int) -> str:
    return f"{mm // MM_PER_METRE:,}.{mm % MM_PER_METRE:03d}"


def opinion_text(opinion: Opinion) -> list[str]:
    """Lines on another system's figure."""
    from eligibility.geography import opinion_sentences

    return ["", "Another system's figure", *_indented(opinion_sentences(opinion))]


def nothing_to_compare(theirs: int | None, limits: tuple[int, ...]) -> list[str]:
    """Lines on another system's figure where no route is measured here; none where no figure was given."""
    if theirs is None:
        return []
    miles = wording.miles(theirs, wording.closest(theirs, limits))
    return ["", "Another system's figure", f"  The other figure is {miles}; there is none here to hold it against."]
