"""How a distance was come by, in sentences that a parent can read and an expert can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eligibility import wording
from eligibility.geography.assumed import paths_joined
from eligibility.geography.layers import NOT_STATED
from eligibility.geography.model import Route, Step
from eligibility.geography.unsafe import named

if TYPE_CHECKING:
    from eligibility.geography.area import Area

_HOMES = {
    "postcode_centre": "the centre of the home's postcode, an estimate of its address",
    "grid_reference": "the grid reference given for the home",
    "address": "the home's address point",
    "geocoded": "the point at which a geocoding service placed the home, an estimate of its address",
}
_HASH_SHOWN = 12


def called(route: Route) -> list[str]:
    """What each step of a route is called: its street, or what else it is."""
    last = len(route.steps) - 1

    def name(place: int, step: Step) -> str:
        if not step.is_leg:
            return step.street or "unnamed way"
        is_end = route.to_gate and place == last and (place > 0 or route.measure_from != "address_point")
        return "straight to the school gate" if is_end else "straight from the home"

    return [name(place, step) for place, step in enumerate(route.steps)]


UNSAFE_WAY = "the shortest way, part of it unsafe, is"
"""What goes before the length of a way that is no walking route, since no route avoids what is unsafe."""


def how_measured(area: Area, route: Route) -> list[str]:
    """The rule used for a route: its network, where it starts and ends, the day, the lengths, and the area's hash."""
    if route.mode == "road":
        way = "The shortest route by road, as a vehicle may drive it,"
    else:
        paths = "footpaths included" if area.has_paths else "roads only, as the network holds no footpaths"
        way = f"The shortest {'walking route' if route.safe else 'way on foot'}, {paths},"
    home = _HOMES.get(route.home, "the home")
    begins = (
        f"{home}, the straight way from there to the network included,"
        if route.measure_from == "address_point"
        else f"where the property meets the road, the point of the network nearest to {home},"
    )
    nearest = "nearest gate" if route.school_entrance == "nearest_gate" else "main entrance"
    ends = (
        f"the school's {nearest}, the way from the network to it included"
        if route.to_gate
        else "where the network passes nearest to the register's point of the school"
    )
    said = [f"{way} from {begins} to {ends}."]
    if route.at_least_mm < route.length_mm:
        said.append(
            "Ways beyond the area's border are not known. One of them could make this distance shorter, though no "
            f"shorter than {wording.miles(route.at_least_mm)} ({metres_of(route.at_least_mm)} metres): so much is the "
            "straight line, or the way to the border and back."
        )
    if route.mode == "walk" and (metres := area.settings.get("join_paths")):
        said.append(paths_joined(metres))
    closed = area.closed(route.on)
    if not route.safe:
        said.append(
            "It uses what is recorded as unsafe to walk on the day, as no route avoids it; it is no walking distance."
        )
    elif closed and route.on and route.mode == "walk":
        said.append(f"It leaves out what is recorded as unsafe to walk on {wording.date(route.on)}: {named(closed)}.")
    elif route.on:
        said.append(f"Measured for {wording.date(route.on)}; no way is recorded as unsafe to walk on that day.")
    elif area.stretches and route.mode == "walk":
        said.append("No day was given, so nothing is left out as unsafe to walk.")
    said.append(
        "Lengths are on the ground (geodesic on WGS84), added up in micrometres and rounded once, to the millimetre."
    )
    said.append(hash_of(area))
    return said


def hash_of(area: Area) -> str:
    """The area that a figure rests on."""
    kind, _, digits = area.content_hash.partition(":")
    return f"Network: area {area.name}, {kind} {digits[:_HASH_SHOWN]}… (a change to anything it holds changes this)."


def metres_of(mm: int) -> str:
    """Metres to the millimetre."""
    return f"{mm // 1000:,}.{mm % 1000:03d}"


def source_of(area: Area) -> list[str]:
    """Where the roads and paths come from, as far as it is stated."""
    said = []
    for row in area.rows("source"):
        role, file, _, _, vintage, licence, *_ = map(str, row)
        if role in ("roads", "paths"):
            dated = f" of {vintage}" if vintage not in (NOT_STATED, "") and vintage not in file else ""
            licensed = f" ({licence})" if licence not in (NOT_STATED, "") else ""
            said.append(f"{role} from {file}{dated}{licensed}")
    return [wording.sentence("; ".join(said))] if said else []
