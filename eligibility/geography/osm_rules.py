"""What OpenStreetMap's tags say may be done on a way, on foot and by vehicle, as British practice reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from eligibility.geography.walked import Kind, Walked

_ROADS = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
    "service", "road", "layby",
)  # fmt: skip
_WALKED = ("pedestrian", "footway", "path", "bridleway", "cycleway", "steps", "track")
_NO = ("no", "agricultural", "forestry", "agricultural;forestry", "military", "emergency", "delivery", "use_sidepath")
_PRIVATE = ("private", "customers", "permit", "residents", "staff")
_YES = ("yes", "designated", "permissive", "destination", "official", "public")
_ROUND = ("roundabout", "circular")
# On a node: what stops a vehicle unless its tags say otherwise. A gate is taken to open.
_STOPS_VEHICLES = (
    "block", "bollard", "bus_trap", "chain", "cycle_barrier", "debris", "full-height_turnstile", "fence", "hedge",
    "horse_stile", "jersey_barrier", "kissing_gate", "log", "motorcycle_barrier", "planter", "rope", "stile",
    "sump_buster", "tank_trap", "turnstile", "wall",
)  # fmt: skip
_STOPS_WALKERS = ("fence", "hedge", "wall", "full-height_turnstile")
_ON_FOOT = ("foot", "access")
_BY_VEHICLE = ("motorcar", "motor_vehicle", "vehicle", "access")

Tags = Mapping[str, str]


@dataclass(frozen=True)
class Use:
    """What may be done on a way: on foot, by vehicle in its direction and against it."""

    kind: Kind
    walk: bool
    forward: bool
    back: bool


def use_of(tags: Tags, walked: Walked) -> Use | None:
    """What may be done on a way with these tags; None where its `highway` is none that anybody travels on."""
    highway = tags.get("highway", "").removesuffix("_link")
    if highway not in _ROADS + _WALKED:
        return None
    motorway = highway == "motorway" or tags.get("motorroad") == "yes"
    kind: Kind = "motorway" if motorway else "path"
    if highway in _ROADS and not motorway:
        kind = "road"
    elif highway in ("steps", "track"):
        kind = "steps" if highway == "steps" else "track"
    on_foot, by_vehicle = _allowed(tags, _ON_FOOT), _allowed(tags, _BY_VEHICLE)
    if on_foot == "private" and not motorway:
        kind = "private"
    walk = on_foot != "no" and walked.allows(kind) and (walked.steps or highway != "steps")
    # One way on foot cannot be told to a network that is walked both ways, so such a way is not walked at all.
    walk = walk and tags.get("oneway:foot") not in ("yes", "-1")
    drive = by_vehicle == "yes" or (by_vehicle == "private" and walked.private)
    # A track or a pedestrian street is driven where its own tags allow it, not for want of any.
    drive = drive or (by_vehicle == "" and highway in _ROADS)
    drive = drive and highway not in ("footway", "bridleway", "cycleway", "steps")
    if highway in ("path", "pedestrian", "track"):
        drive = drive and any(tags.get(key) in _YES for key in _BY_VEHICLE[:3])
    forward, back = _ways(tags, motorway=highway == "motorway")
    return Use(kind, walk, drive and forward, drive and back)


def _allowed(tags: Tags, keys: tuple[str, ...]) -> Literal["yes", "no", "private", ""]:
    """What the most particular of the tags says; "" where none says anything known."""
    for key in keys:
        value = tags.get(key, "")
        if value in _NO:
            return "no"
        if value in _PRIVATE:
            return "private"
        if value in _YES:
            return "yes"
    return ""


def _ways(tags: Tags, *, motorway: bool) -> tuple[bool, bool]:
    """Whether a vehicle may go along a way, and against it."""
    oneway = tags.get("oneway:motor_vehicle") or tags.get("oneway:vehicle") or tags.get("oneway", "")
    if oneway in ("yes", "true", "1"):
        return True, False
    if oneway in ("-1", "reverse"):
        return False, True
    implied = motorway or tags.get("junction") in _ROUND
    return True, not implied or oneway in ("no", "false", "0")


def barred(tags: Tags) -> tuple[bool, bool]:
    """Whether a barrier with these tags stops walkers, and vehicles."""
    barrier = tags.get("barrier", "")
    if not barrier:
        return False, False
    on_foot, by_vehicle = _allowed(tags, _ON_FOOT), _allowed(tags, _BY_VEHICLE)
    walkers = on_foot in ("no", "private") or (barrier in _STOPS_WALKERS and on_foot != "yes")
    vehicles = by_vehicle in ("no", "private") or (barrier in _STOPS_VEHICLES and by_vehicle != "yes")
    return walkers, vehicles


def street_of(tags: Tags) -> str:
    """What people call a way: its name, else its road number, else the number of the right of way."""
    return tags.get("name") or tags.get("ref") or tags.get("prow_ref") or tags.get("alt_name") or ""
