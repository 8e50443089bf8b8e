"""What is taken for granted in a measurement, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eligibility.geography.entrances import FURTHEST_LEG_UM
from eligibility.geography.unsafe import named

if TYPE_CHECKING:
    from eligibility.geography.area import Area
    from eligibility.geography.homes import Place
    from eligibility.geography.measure import How


def assumptions(area: Area, how: How, place: Place, *, joined: bool) -> list[str]:
    """Plain sentences about how the figures are come by, for a home that was found in a way."""
    said = []
    if not joined:
        said.append(
            "The road nearest to the home is not joined to the rest of the network, so no walking route "
            "could be measured."
        )
    if far := int(area.ends(how.school_entrance).far.sum()):
        said.append(
            f"No distance is known to {far:,} of {len(area.schools):,} schools, which stand more than "
            f"{FURTHEST_LEG_UM // 10**9} km from the network; each is taken to be no nearer than in a straight line."
        )
    if place.kind == "postcode_centre":
        said.append("The home is taken to be at the centre of its postcode, an estimate of its address.")
    if place.kind == "geocoded":
        said.append(f"The home was placed by a geocoding service ({place.placed}), an estimate of its address.")
    if not area.has_paths:
        said.append("The network holds no footpaths, so a shorter walking route may exist.")
    if metres := area.settings.get("join_paths"):
        said.append(paths_joined(metres))
    without = sum(not any(e.is_gate for e in found) for found in area.entrances.values())
    if how.school_entrance == "main_entrance":
        said.append("A school's entrance is taken to be where the network passes nearest to the register's point.")
    elif without:
        said.append(
            "Where a school's gates are not known, its entrance is taken to be where the network "
            f"passes nearest to the register's point ({without} of {len(area.schools)} schools)."
        )
    if area.settings.get("coverage") == "derived":
        said.append(
            "The land the network covers is derived from its roads (no further than 500 m from "
            "one), as no boundary was given."
        )
    if area.stretches and how.on is None:
        said.append(
            f"The area records stretches as unsafe to walk ({len(area.stretches)}); no day was given, so no route "
            "avoids them."
        )
    elif (closed := area.closed(how.on)) and how.on is not None:
        said.append(
            f"Walking routes leave out the stretches recorded as unsafe to walk on the day ({len(closed)}): "
            f"{named(closed)}."
        )
    return said


def paths_joined(metres: str) -> str:
    """What is taken of paths that were drawn on another map than the roads."""
    return (
        f"A path that ends within {metres} metres of a road or another path is taken to lead on to it, and one that "
        "crosses another way on the level to meet it."
    )
