"""Where a home is: from a postcode, an address's UPRN or a grid reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eligibility.errors import InputError
from eligibility.geography.ground import from_grid, on_grid
from eligibility.geography.model import Home, Point
from eligibility.geography.tables import tidy_postcode

if TYPE_CHECKING:
    from eligibility.geography.area import Area


@dataclass(frozen=True)
class Place:
    """A home found in the area: its point, how it was given, and whether the authority holds it.

    `placed` says which geocoding service placed it, where one did.
    """

    point: Point
    kind: str
    in_authority: bool | None
    placed: str = ""


def locate(area: Area, home: Home) -> Place:
    """Where a home is. Raises InputError where it cannot be found; never echoes a postcode."""
    given = [home.postcode is not None, home.uprn is not None, home.easting is not None]
    if sum(given) != 1 or (home.easting is None) != (home.northing is None):
        raise InputError(f"{home.key}: give one of postcode, uprn, or easting and northing")
    if home.postcode is not None:
        return _by_postcode(area, home.postcode, home.key)
    if home.uprn is not None:
        return _by_uprn(area, home.uprn, home.key)
    easting, northing = home.easting or 0, home.northing or 0
    point = from_grid(easting, northing) if on_grid(easting, northing) else None
    if point is None:
        raise InputError(
            f"{home.key}.easting and northing are not on the British National Grid; "
            "expected whole metres, such as 350000 and 130000"
        )
    return Place(point, "grid_reference", None)


def _by_postcode(area: Area, postcode: str, key: str) -> Place:
    tidy = (tidy_postcode(postcode),)
    row = area.one("postcode", "SELECT lon, lat FROM postcode WHERE postcode = ?", tidy)
    if row is not None:
        return Place((row[0], row[1]), "postcode_centre", _authority(area))
    ended = area.one("terminated", 'SELECT "on" FROM terminated WHERE postcode = ?', tidy)
    if ended is not None:
        raise InputError(
            f"{key}.postcode was terminated in {ended[0]}; give the address's present postcode, or easting and northing"
        )
    raise InputError(
        f"{key}.postcode is not in the area {area.name} ({area.count('postcode'):,} postcodes); "
        "check it, or give easting and northing"
    )


def _by_uprn(area: Area, uprn: str, key: str) -> Place:
    row = area.one(
        "address",
        "SELECT lon, lat, placed, EXISTS (SELECT 1 FROM postcode"
        " WHERE postcode.postcode = address.postcode) FROM address WHERE uprn = ?",
        (str(uprn).lstrip("0"),),
    )
    if row is None:
        raise InputError(
            f"{key}.uprn is not in the area {area.name} ({area.count('address'):,} addresses); "
            "check it, or give easting and northing"
        )
    kind = "geocoded" if row[2] else "address"
    return Place((row[0], row[1]), kind, _authority(area) if row[3] else None, str(row[2]))


def _authority(area: Area) -> bool | None:
    # An area built for authorities keeps no other authority's postcodes.
    return True if area.settings.get("la_codes") else None
