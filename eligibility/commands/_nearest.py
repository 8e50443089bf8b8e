"""What `edtravel area measure` says of the nearest schools: ranked, ties named, why nearer ones were passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from eligibility import wording
from eligibility.units import MM_PER_METRE

if TYPE_CHECKING:
    from eligibility.case import Case
    from eligibility.geography import Area
    from eligibility.geography.nearest import Ranking


def of(
    area: Area, home: Any, seen: Any, case: Case, *, many: int, by: Literal["walk", "road"], tolerance: int | None
) -> dict[str, Any]:
    """The `many` nearest schools and the areas whose borders are near the home, in JSON types.

    `tolerance` is in whole metres; None stands for the usual one.
    """
    from eligibility.geography.layers import BORDERED
    from eligibility.geography.nearest import AS_NEAR_MM, TIES, rank

    places = {str(number): had for number, had in (case.get("places") or {}).items()}
    mm = AS_NEAR_MM if tolerance is None else tolerance * MM_PER_METRE
    ranking = rank(seen.schools, many=many, by=by, places=places, tolerance_mm=mm)
    transport, catchments = (area.near_areas(layer, home) for layer in BORDERED)
    return {
        "measured_by": "walking" if ranking.by == "walk" else "road",
        "tolerance_mm": ranking.tolerance_mm,
        "ties": TIES,
        "nearest": [
            {
                "rank": each.rank,
                **_school(each.distance),
                "place": each.place,
                "as_near_as": [{"urn": urn, "apart_mm": apart} for urn, apart in each.as_near_as],
            }
            for each in ranking.schools
        ],
        "passed_over": [_school(each) for each in ranking.passed_over],
        "perhaps_as_near": [_school(each) for each in _perhaps_as_near(seen, ranking, many)],
        "transport_area_borders": _borders(transport),
        "catchment_borders": _borders(catchments),
    }


def _perhaps_as_near(seen: Any, ranking: Ranking, many: int) -> list[Any]:
    """The schools too far from the network for their distance to be known that may come before the last one ranked."""
    from eligibility.geography.nearest import by_length

    lengths = [by_length(each.distance, ranking.by) for each in ranking.schools]
    last = max((each.mm for each in lengths if each), default=0) if len(lengths) >= many else None
    unknown = [each for each in seen.schools if each.at_least_mm is not None and each.suitable is not False]
    return [each for each in unknown if not by_length(each, ranking.by) and (last is None or each.at_least_mm <= last)]


def _school(distance: Any) -> dict[str, Any]:
    return {
        "urn": distance.school.urn,
        "name": distance.school.name,
        "walking_mm": distance.walking.mm if distance.walking else None,
        "walking_mm_at_least": distance.walking.low if distance.walking else None,
        "road_mm": distance.road.mm if distance.road else None,
        "road_mm_at_least": distance.road.low if distance.road else None,
        "through_unsafe_mm": distance.through_unsafe.mm if distance.through_unsafe else None,
        "at_least_mm": distance.at_least_mm,
        "suitable": distance.suitable,
        "note": distance.unsuitable_because,
    }


def _borders(near: Any) -> list[dict[str, Any]]:
    return [{"urn": each.urn, "inside": each.inside, "border_mm": each.border_mm} for each in near]


_SHOWN = 6
_PLACE = {True: "a place was available", False: "no place was available", None: "whether it had a place is not known"}


def as_text(found: dict[str, Any], limits: tuple[int, ...]) -> list[str]:
    """Lines on the nearest schools and the borders near the home; no figure seems to cross one of the `limits`."""
    names = {school["urn"]: school["name"] for school in found["schools"]}
    how = "on foot" if found["measured_by"] == "walking" else "by road"
    lines = ["", f"The nearest schools that suit, or may, {how}"]
    for each in found["nearest"]:
        said = [_lengths(each, limits), _PLACE[each["place"]], *([each["note"]] if each["note"] else [])]
        lines.append(f"  {each['rank']}. {each['name']} ({each['urn']}): {'; '.join(said)}")
        lines += [
            f"     as near as makes no difference: {names[other['urn']]} ({other['urn']}), "
            f"{wording.metres(other['apart_mm'])} apart"
            for other in each["as_near_as"]
        ]
    if found["perhaps_as_near"]:
        lines += ["", "Perhaps as near"]
        shown = found["perhaps_as_near"]
        lines += [f"  {s['name']} ({s['urn']}): {not_known(s, limits)}" for s in shown[:_SHOWN]]
        lines += [f"  and {len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
    if found["passed_over"]:
        lines += ["", "Nearer, and passed over"]
        lines += [
            f"  {s['name']} ({s['urn']}): {_lengths(s, limits)}; {s['note']}" for s in found["passed_over"][:_SHOWN]
        ]
        more = len(found["passed_over"]) - _SHOWN
        lines += [f"  and {more} more"] if more > 0 else []
    lines += ["", f"  {found['ties']}"]
    for what, key in (("transport area", "transport_area_borders"), ("catchment", "catchment_borders")):
        lines += [
            f"  The home is {wording.metres(each['border_mm'])} {'inside' if each['inside'] else 'outside'} "
            f"the {what} of {names.get(each['urn'], 'a school')} ({each['urn']})."
            for each in found[key]
        ]
    return lines


UNSURE = (
    "Where two distances are given, the second is by the ways known; a way beyond the area's border could be shorter, "
    "but no shorter than the first."
)


def is_unsure(school: dict[str, Any], network: str) -> bool:
    """Whether a way beyond the border could make a school's distance (`walking` or `road`) shorter."""
    mm = school[f"{network}_mm"]
    return mm is not None and bool(school[f"{network}_mm_at_least"] < mm)


def between(school: dict[str, Any], network: str, limits: tuple[int, ...]) -> str:
    """A school's distance in miles, or the two between which it lies; "" where there is no route."""
    mm = school[f"{network}_mm"]
    if mm is None:
        return ""
    low = f"{_miles(school[f'{network}_mm_at_least'], limits).split()[0]} to " if is_unsure(school, network) else ""
    return low + _miles(mm, limits)


def _miles(mm: int, limits: tuple[int, ...]) -> str:
    return wording.miles(mm, wording.closest(mm, limits))


def _lengths(school: dict[str, Any], limits: tuple[int, ...]) -> str:
    walking, road = (between(school, network, limits) for network in ("walking", "road"))
    unsafe = school["through_unsafe_mm"]
    on_foot = f"{walking} on foot" if walking else "no walking route"
    if unsafe is not None:
        on_foot = f"no safe walking route ({_miles(unsafe, limits)} on foot along what is recorded as unsafe)"
    return f"{on_foot}, {road} by road" if road else f"{on_foot}, no route by road"


def not_known(school: dict[str, Any], limits: tuple[int, ...]) -> str:
    """What stands in place of a distance where the school is too far from the network; "" where it is not."""
    mm = school["at_least_mm"]
    return f"distance not known, no less than {_miles(mm, limits)} in a straight line" if mm is not None else ""
