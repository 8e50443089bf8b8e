"""`edtravel area measure`: the schools around one case's home, and the evidence for one distance."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import click

from eligibility.columns import CaseColumns
from eligibility.commands import _nearest
from eligibility.commands._cases import IsoDate, Whole
from eligibility.commands._measured import NOT_JUDGED, as_object, as_text, nothing_to_compare, opinion_text
from eligibility.errors import InputError, UsageError
from eligibility.reading import RawCase, read_cases
from eligibility.reading_names import MEASURE_FROM, NEAREST_MEASURED_BY, SCHOOL_ENTRANCE
from eligibility.units import MM_PER_METRE, MM_PER_MILE

if TYPE_CHECKING:
    from eligibility.case import Case
    from eligibility.geography import Area, How, Route

WALKING_LIMITS = ("walking_limit_for_younger_children", "walking_limit")
"""The parameters whose distances are drawn on maps."""
STATUTE = "england"
"""The version whose readings and distances hold where no day is given."""
_FURTHEST_MILES = 1_000
_SUPPLIED = {"walk": "measured.walking_mm", "road": "measured.road_mm"}


class Miles(click.ParamType[Decimal]):
    """A distance in miles on the command line, as a decimal number such as 2.98."""

    name = "miles"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The miles. Fails with what was expected."""
        try:
            miles = Decimal(str(value))
        except InvalidOperation:
            miles = Decimal("NaN")
        if not miles.is_finite() or not 0 < miles < _FURTHEST_MILES:
            self.fail(
                f"expected miles as a decimal number above 0 and below {_FURTHEST_MILES}, such as 2.98", param, ctx
            )
        return miles


def millimetres_of(miles: Decimal) -> int:
    """Whole millimetres; half a millimetre is rounded up."""
    return int((miles * MM_PER_MILE).to_integral_value(ROUND_HALF_UP))


@click.command("measure")
@click.argument("area", metavar="AREA")
@click.argument("case", metavar="CASE")
@click.option(
    "--on",
    type=IsoDate(),
    help="The day, from which the year group and the unsafe stretches follow; by default the first of travel. Without "
    "one the distances are measured all the same, and which schools suit the pupil is not judged.",
)
@click.option("--nearest", type=Whole(1), default=5, show_default=True, help="How many schools to rank.")
@click.option(
    "--tolerance",
    type=Whole(0),
    metavar="METRES",
    help="Schools whose distances differ by no more are named as being as near; by default 10. It decides nothing.",
)
@click.option("--to", metavar="URN", help="The school to show the route to; by default the one attended.")
@click.option(
    "--by",
    "mode",
    type=click.Choice(["walk", "road"]),
    default="walk",
    show_default=True,
    help="The network of the route: on foot, or as a vehicle drives.",
)
@click.option("--svg", metavar="FILE", help="Draw the route to the school, as a page for a letter.")
@click.option("--geojson", metavar="FILE", help="Write the route as GeoJSON.")
@click.option("--against", type=Miles(), help="Another system's figure in miles: explain the difference.")
@click.option("--against-mm", type=Whole(1), help="The same in millimetres.")
@click.option(
    "--within",
    type=Whole(0, 1_000),
    default=1,
    show_default=True,
    help="How many metres apart two figures may be and still be called the same.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def measure(
    *,
    area: str,
    case: str,
    on: dt.date | None,
    nearest: int,
    tolerance: int | None,
    to: str | None,
    mode: Literal["walk", "road"],
    svg: str | None,
    geojson: str | None,
    against: Decimal | None,
    against_mm: int | None,
    within: int,
    form: str,
) -> int:
    """Measure one case: the schools around the home, and the route to the school it attends, street by street.

    AREA may be the word `sample` for the invented sample county. Where the case supplies the distance to the school it
    attends in `measured`, or --against gives one, it is compared with the one measured here and the difference
    explained.

    \b
    Examples:
        edtravel area measure somerset.gpkg pupil.yaml --svg route.svg
        edtravel area measure somerset.gpkg pupil.yaml --against 2.98
        edtravel area measure somerset.gpkg pupil.yaml --to 109330 --by road --svg road.svg
    """
    from eligibility import geography
    from eligibility.places import home_of

    if against is not None and against_mm is not None:
        raise UsageError("--against and --against-mm give one figure twice; leave one out")
    held = geography.Area.open(area_path(area))
    asked = _Asked.of(case, on)
    home = home_of(asked.case, "home")
    attended = str(asked.case.get("school.urn"))
    urn = held.school(to or attended).urn
    how = asked.how
    seen = held.measure(
        home, asked.pupil, measure_from=how.measure_from, school_entrance=how.school_entrance, on=how.on
    )
    route = _route(held, home, urn, mode, how)
    if route is not None:
        write(svg, geography.route_map(held, route, asked.limits) if svg else "")
        write(geojson, geography.geojson(route) if geojson else "")
    found = as_object(asked.case.reference, held, seen, route, attended)
    supplied = asked.case.get(_SUPPLIED[mode]) if urn == attended else None
    theirs = against_mm or (millimetres_of(against) if against is not None else supplied)
    opinion = None
    compares = route is not None and route.safe
    if theirs is not None and not compares:
        found["second_opinion"] = None
    elif theirs is not None:
        opinion = geography.second_opinion(
            held,
            _homes(asked.case, home),
            urn,
            theirs,
            how,
            mode=mode,
            within_mm=within * MM_PER_METRE,
            limits=asked.limits,
        )
        found["second_opinion"] = geography.opinion_object(opinion)
    found["suitability_judged"] = asked.pupil is not None
    found |= _nearest.of(held, home, seen, asked.case, many=nearest, by=asked.by, tolerance=tolerance)
    if asked.pupil is None:
        found["assumptions"].append(NOT_JUDGED)
    if form == "json":
        from eligibility.decision import to_json

        click.echo(to_json(found))
    else:
        compared = opinion_text(opinion) if opinion else nothing_to_compare(theirs, asked.limits)
        click.echo("\n".join(as_text(found, asked.limits) + compared))
    wanting = ["draw"] if (svg or geojson) and route is None else []
    wanting += ["compare"] if theirs is not None and not compares else []
    if wanting:
        way = "route by road" if mode == "road" else "walking route" if route is None else "safe walking route"
        raise InputError(
            f"there is no {way} to the school on this network, so there is nothing to {' or '.join(wanting)}"
        )
    return 0


def area_path(given: str) -> Path:
    """The file of an area; the word `sample` stands for the sample county's, unless there is a file of that name."""
    if given == "sample" and not Path(given).exists():
        from eligibility import sample_county

        return sample_county.path()
    return Path(given)


def write(path: str | None, text: str) -> None:
    """Write a file that was asked for. Raises UsageError where it cannot be."""
    if path is None:
        return
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror})") from error


class _Asked(NamedTuple):
    """The one case in a file, checked, with what its day decides: the pupil, how to measure, which limits to draw."""

    case: Case
    pupil: Any
    how: How
    limits: tuple[int, ...]
    by: Literal["walk", "road"]

    @classmethod
    def of(cls, path: str, on: dt.date | None) -> _Asked:
        """The case; without a day the statute's readings are taken, no pupil is judged and nothing is left out."""
        from eligibility.assess import Assessor
        from eligibility.case import read_case
        from eligibility.derived import Day
        from eligibility.geography import How, Pupil

        items = list(read_cases([path], columns=CaseColumns(), stdin=sys.stdin.buffer))
        if len(items) != 1:
            raise UsageError(f"{path} holds {len(items)} cases; area measure takes one")
        item = items[0]
        if not isinstance(item, RawCase):
            raise InputError(item.sentence)
        assessor = Assessor()
        known = read_case(item.data, assessor.model)
        day = on or known.get("travel_from")
        version = assessor.policies.version(STATUTE) if day is None else assessor.policies.for_day(day)
        readings = version.readings
        how = How(readings[MEASURE_FROM].chosen, readings[SCHOOL_ENTRANCE].chosen, day)  # type: ignore[arg-type]  # How checks it
        limits = tuple(sorted({version.whole(name, day or version.starts) for name in WALKING_LIMITS}))
        by: Literal["walk", "road"] = "road" if readings[NEAREST_MEASURED_BY].chosen == "road" else "walk"
        if day is None:
            return cls(known, None, how, limits, by)
        year_group = Day(known, version, assessor.policies, day).year_group()
        return cls(known, Pupil(max(year_group, 0), known.get("sex")), how, limits, by)


def _route(held: Area, home: Any, urn: str, mode: Literal["walk", "road"], how: How) -> Route | None:
    """The shortest route by road or safe walk or, where none is, the walk that is not safe, which says so."""
    for safe in (True, False):
        found = held.route(
            home,
            urn,
            mode,
            measure_from=how.measure_from,
            school_entrance=how.school_entrance,
            on=how.on,
            safe=safe,
        )
        if found is not None:
            return found
    return None


def _homes(case: Case, home: Any) -> dict[str, Any]:
    """The ways in which the case knows one home, that which is measured from first."""
    from eligibility.geography import Home

    homes = {_KNOWN_BY["uprn" if home.uprn else "postcode" if home.postcode else "grid"]: home}
    uprn, postcode = case.get("home.uprn"), case.get("home.postcode")
    if uprn:
        homes.setdefault(_KNOWN_BY["uprn"], Home(uprn=uprn))
    if postcode:
        homes.setdefault(_KNOWN_BY["postcode"], Home(postcode=postcode))
    return homes


_KNOWN_BY = {
    "uprn": "the address point",
    "postcode": "the centre of the postcode",
    "grid": "the grid reference",
}
