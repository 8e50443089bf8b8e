"""Invent the pupils of the sample county: between them they reach every ground, outcome and reading.

Each pupil is a wish (`sample_pupil_wishes.py`). The first home of the island that fits is taken, in the order of its
postcodes, so the same area gives the same pupils. Run from the project's root:

    python -m scripts.make_sample_pupils
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from typing import Any

import yaml
from pyproj import Transformer

from eligibility import sample_county
from eligibility.geography import Area, Home, HomeMeasurement, Pupil, SchoolDistance
from scripts.sample_pupil_wishes import MILE, Wish, in_area, miles, nearer, wishes

AREA = Area.open(sample_county.path())
TO_GRID = Transformer.from_crs(4326, 27700, always_xy=True)


def base(wish: Wish) -> dict[str, Any]:
    """A case of which everything is known but the distances."""
    return {
        "reference": wish.reference,
        "date_of_birth": wish.born,
        "year_group": wish.year_group,
        "sex": wish.sex,
        "resident": True,
        "applied_on": wish.on - dt.timedelta(days=1),
        "travel_from": wish.on,
        "home": {},
        "other_home": None,
        "school": {"started_on": wish.on, "former_urns": []},
        "admission": {"round": "normal", "on_time": True, "placed_because_late": False},
        "belief": None,
        "income": {
            "free_school_meals": False,
            "free_school_meals_protected": False,
            "maximum_working_tax_credit": False,
            "universal_credit": False,
            "net_earnings_pence": 0,
            "evidence_seen_on": None,
        },
        "needs": {
            "special_needs": False,
            "disability": False,
            "mobility_problem": False,
            "can_walk": True,
            "ehc_plan": None,
        },
        "medical": None,
        "route": {"unsafe": False, "assessed_on": None, "safe_from": None},
        "exceptional": None,
        "award": None,
    }


def merged(case: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """The case with dotted facts put in their places."""
    for place, value in facts.items():
        *parents, leaf = place.split(".")
        part = case
        for parent in parents:
            part[parent] = part.get(parent) or {}
            part = part[parent]
        part[leaf] = value
    return case


@functools.cache
def seen(postcode: str, year_group: int, sex: str) -> HomeMeasurement:
    """Every school as seen from a postcode."""
    return AREA.measure(Home(postcode=postcode), Pupil(year_group, sex))


def homes() -> Iterator[str]:
    """Postcodes all over the island first, then all the others."""
    postcodes = sorted(str(row[0]) for row in AREA.rows("postcode"))
    yield from postcodes[::11]
    yield from (postcode for number, postcode in enumerate(postcodes) if number % 11)


def place(wish: Wish) -> dict[str, Any]:
    """The case with the first home and school that fit. Raises LookupError where none does."""
    for postcode in homes():
        home = seen(postcode, wish.year_group, wish.sex)
        for school in home.schools:
            if not school.suitable or not school.walking or not school.road:
                continue
            others = nearer(home, school)
            if not wish.fits(home, school, others) or _near_a_tie(home, school):
                continue
            if wish.from_other_home and not _is_far_from_some(school):
                continue
            case = base(wish)
            case["home"] = {"postcode": postcode, "moved_on": None}
            case["school"]["urn"] = int(school.school.urn)
            case["admission"]["preferences"] = [int(school.school.urn)]
            if wish.nearer_had_places is not None:
                case["places"] = {int(s.school.urn): wish.nearer_had_places for s in others}
            if wish.only_first_had_place:
                case["places"] = {int(s.school.urn): s is others[0] for s in others}
            return merged(case, wish.facts)
    raise LookupError(f"no home of the island fits {wish.reference}")


def _near_a_tie(home: HomeMeasurement, school: SchoolDistance) -> bool:
    """Whether another suitable school is about as near, or a limit about as far: the postcode's centre would not do."""
    own, road = school.walking, school.road
    if own is None or road is None:
        return True
    band = 150_000
    limits = any(abs(length - limit * MILE) < band for length in (own.mm, road.mm) for limit in (2, 3, 6, 15))
    others = (s for s in home.schools if s.suitable and s is not school and s.walking and s.road)
    return limits or any(
        s.walking is not None
        and s.road is not None
        and (abs(s.walking.mm - own.mm) < band or abs(s.road.mm - road.mm) < band)
        for s in others
    )


def _is_far_from_some(school: SchoolDistance) -> bool:
    """Whether the school's transport area reaches beyond walking distance."""
    urn = school.school.urn
    for postcode in itertools.islice(homes(), 210):
        home = seen(postcode, 7, "female")
        if urn in (home.transport_areas or ()) and miles(next(s for s in home.schools if s.school.urn == urn)) > 3.2:
            return True
    return False


def with_other_home(case: dict[str, Any]) -> dict[str, Any]:
    """The other home lies in the same school's transport area, beyond walking distance; travel is for Year 7."""
    for postcode in homes():
        home = seen(postcode, 7, "female")
        school = next(s for s in home.schools if s.school.urn == str(case["school"]["urn"]))
        if in_area(home, school) and miles(school) > 3.2 and not _near_a_tie(home, school):
            unsafe = {"unsafe": False, "assessed_on": None, "safe_from": None}
            case["other_home"] = {"postcode": postcode, "moved_on": None, "can_walk": True, "route": unsafe}
            return case
    raise LookupError("no other home fits")


def off_the_road(case: dict[str, Any]) -> dict[str, Any]:
    """A home far enough from the road that the way to the road makes the difference."""
    ways: tuple[dict[str, Any], ...] = ({"measure_from": "address_point"}, {"measure_from": "property_meets_road"})
    return between_two_ways(case, ways, 450_000, range(-500, 501, 100))


def at_the_gate(case: dict[str, Any]) -> dict[str, Any]:
    """A home from which a school is beyond walking distance at its gate and within it at its main entrance, or so."""
    ways: tuple[dict[str, Any], ...] = ({"school_entrance": "nearest_gate"}, {"school_entrance": "main_entrance"})
    try:
        return between_two_ways(case, ways, 150_000, range(-150, 151, 25))
    except LookupError:
        return between_two_ways(case, ways[::-1], 150_000, range(-150, 151, 25))


def between_two_ways(
    case: dict[str, Any], ways: tuple[dict[str, Any], ...], within_mm: int, steps: range
) -> dict[str, Any]:
    """A home from which one way of measuring is beyond three miles and the other is not."""
    limit = 3 * MILE
    for postcode in homes():
        found = seen(postcode, 7, "female")
        first = next(s for s in found.schools if s.suitable)
        if first.walking is None or not limit - within_mm < first.walking.mm < limit:
            continue
        urn, pupil = first.school.urn, Pupil(7, "female")
        lon, lat = next((row[3], row[4]) for row in AREA.rows("postcode") if row[0] == postcode)
        easting, northing = (round(value) for value in TO_GRID.transform(lon, lat))
        for step, other in itertools.product(steps, steps):
            home = Home(easting=easting + step, northing=northing + other)
            lengths = []
            for way in ways:
                nearest = next(s for s in AREA.measure(home, pupil, **way).schools if s.suitable)
                if nearest.school.urn != urn or nearest.walking is None:
                    break
                lengths.append(nearest.walking.mm)
            if len(lengths) == 2 and lengths[0] > limit >= lengths[1]:
                case["home"] = {"easting": easting + step, "northing": northing + other, "moved_on": None}
                case["school"]["urn"] = int(urn)
                case["admission"]["preferences"] = [int(urn)]
                return case
    raise LookupError("no home between the two ways of measuring")


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # yaml passes it
        return True


def documents() -> Iterator[str]:
    """The cases as YAML documents, each headed by what it shows."""
    for wish in wishes():
        case = place(wish)
        if case["award"]:
            case["award"]["urn"] = case["school"]["urn"]
        if wish.from_other_home:
            case = with_other_home(case)
        if wish.off_the_road:
            case = off_the_road(case)
        if wish.at_the_gate:
            case = at_the_gate(case)
        text = yaml.dump(case, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
        yield f"# {wish.shows[0].upper()}{wish.shows[1:]}.\n{text}"


if __name__ == "__main__":
    folder = sample_county.path().parent
    found = list(documents())
    (folder / "pupils.yaml").write_text("---\n".join(found), encoding="utf-8")
    (folder / "pupil.yaml").write_text(next(text for text in found if "reference: S-10" in text), encoding="utf-8")
    print(f"{len(found)} pupils")
