"""Places addresses by a geocoding service that the council configures, through geopy. Nothing else here opens a socket.

A service is asked only by `geocode`, only for the addresses given to it, and only at the address that was configured;
none is built in. What it finds is an estimate and is marked as one wherever it goes.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from eligibility.errors import EdtravelError, UsageError
from eligibility.geography.tables import Reject, RowError, in_order, read_rows, tidy_postcode

SERVICES = ("nominatim", "photon", "pelias")
"""Services that a council can run itself; each by its name in geopy."""
_COLUMNS = {"uprn": ("UPRN",), "address": ("full_address", "SINGLE_LINE_ADDRESS"), "postcode": ("POSTCODE_LOCATOR",)}
_BUILDING_RANK, _STREET_RANK = 30, 26  # Nominatim's place_rank
_TRIED_AGAIN, _GIVEN_UP_AFTER = 2, 3


@dataclass(frozen=True)
class Service:
    """Which service to ask and how: `url` where it listens, `agent` what it is told of who asks.

    `every_seconds` is the least time between two questions. Raises UsageError where one of them cannot be.
    """

    name: str
    url: str
    agent: str
    every_seconds: float = 1.0
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        if self.name not in SERVICES:
            raise UsageError(f"the geocoding service is {self.name}; expected {', '.join(SERVICES)}")
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.username or parts.query or parts.fragment:
            raise UsageError("the geocoding service's url is not one; expected such as https://geocode.example.gov.uk")
        if not self.agent.strip():
            raise UsageError("the geocoding service's user agent is empty; expected the council's name and a contact")

    @property
    def said(self) -> str:
        """The service as an area names it."""
        return f"{self.name} at {urlsplit(self.url).netloc}"

    def open(self) -> Any:
        """The service as geopy has it; nothing is asked yet."""
        from geopy.adapters import URLLibAdapter
        from geopy.geocoders import get_geocoder_for_service

        parts = urlsplit(self.url)
        domain = (parts.netloc + parts.path).rstrip("/")
        # The other adapters log every question, address and all, through libraries of their own.
        return get_geocoder_for_service(self.name)(
            domain=domain,
            scheme=parts.scheme,
            user_agent=self.agent,
            timeout=self.timeout_seconds,
            adapter_factory=URLLibAdapter,
        )


@dataclass(frozen=True)
class Placed:
    """An address that a service placed: whole metres on the National Grid, and how exactly in the service's words."""

    uprn: str
    easting: int
    northing: int
    postcode: str
    placed_by: str
    placed_on: str
    accuracy: str


def geocode(
    addresses: Path, service: Service, on: dt.date, tell: Callable[[int], None] = lambda _: None
) -> tuple[list[Placed], list[Reject]]:
    """Asks the service for each address of a CSV file of uprn, address and, if wanted, postcode.

    Only buildings count: where the service knows no more than the street, the row is set aside. `tell` is told how many
    rows are done. Raises EdtravelError where the file cannot be read, or the service does not answer.
    """
    rows = in_order(read_rows(addresses, _COLUMNS, optional=("postcode",)))
    placed: list[Placed] = []
    rejects: list[Reject] = []
    failed = 0
    with _no_words_of_addresses():
        ask = _asking(service)
        for done, (number, record, cells) in enumerate(rows, start=1):
            try:
                placed.append(_place(record, ask, service, on))
                failed = 0
            except RowError as problem:
                rejects.append(Reject(str(addresses), number, str(problem), ",".join(cells)))
                failed = failed + 1 if isinstance(problem, _NoAnswer) else 0
                if failed == _GIVEN_UP_AFTER or failed == len(rows):
                    raise EdtravelError(f"the geocoding service ({service.said}) does not answer: {problem}") from None
            tell(done)
    return sorted(placed, key=lambda each: int(each.uprn)), sorted(rejects, key=lambda each: each.row)


class _NoAnswer(RowError):
    """The service did not answer, or refused to."""


def _asking(service: Service) -> Callable[[str], Any]:
    from geopy.exc import GeocoderServiceError
    from geopy.extra.rate_limiter import RateLimiter

    limited = RateLimiter(
        service.open().geocode,
        min_delay_seconds=service.every_seconds,
        max_retries=_TRIED_AGAIN,
        error_wait_seconds=max(service.every_seconds, 0.01),
        swallow_exceptions=False,
    )
    more = {"country_codes": "gb"} if service.name == "nominatim" else {}

    def ask(address: str) -> Any:
        try:
            return limited(address, **more)
        except GeocoderServiceError as problem:
            # Its words repeat the whole question, address and all.
            raise _NoAnswer(f"it failed with {type(problem).__name__}") from None

    return ask


def _place(record: dict[str, str], ask: Callable[[str], Any], service: Service, on: dt.date) -> Placed:
    from convertbng.cutil import convert_to_osgb36
    from numpy import array, isnan

    uprn, address, postcode = record["uprn"].lstrip("0"), record["address"], tidy_postcode(record["postcode"])
    if not uprn.isdecimal() or len(uprn) > 12:
        raise RowError("uprn is not a number of up to 12 digits; give the UPRN, or a number of the council's own")
    if not address:
        raise RowError("address is empty")
    found = ask(f"{address}, {record['postcode']}" if postcode and postcode not in tidy_postcode(address) else address)
    if found is None:
        raise RowError("the service knows no such address")
    accuracy = _accuracy(service.name, found.raw)
    if accuracy != "building":
        raise RowError(f"the service found the {accuracy} and not the building")
    east, north = (float(each[0]) for each in convert_to_osgb36(array([found.longitude]), array([found.latitude])))
    if isnan(east) or isnan(north):
        raise RowError("the service placed it outside Great Britain")
    return Placed(uprn, round(east), round(north), postcode, service.said, on.isoformat(), accuracy)


def _accuracy(service: str, raw: dict[str, Any]) -> str:
    """How exactly a service found an address: building, street or place."""
    if service == "nominatim":
        rank = raw.get("place_rank")
        if isinstance(rank, int):
            return "building" if rank >= _BUILDING_RANK else "street" if rank >= _STREET_RANK else "place"
        kind = "house" if raw.get("class") == "building" else raw.get("type")
    elif service == "photon":
        kind = raw.get("properties", {}).get("type")
    else:
        about = raw.get("properties", {})
        # What lies between two known houses is a guess along the street.
        kind = "street" if about.get("match_type") == "interpolated" else about.get("layer")
    known = {
        "house": "building",
        "address": "building",
        "venue": "building",
        "street": "street",
        "residential": "street",
    }
    return known.get(str(kind), "place")


@contextmanager
def _no_words_of_addresses() -> Iterator[None]:
    """Keep geopy from logging what it was asked: addresses are personal."""
    log = logging.getLogger("geopy")
    before = log.disabled
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = before
