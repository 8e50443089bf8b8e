"""A home that a geocoding service placed is an estimate everywhere; without a service configured nothing is sent."""

from __future__ import annotations

import csv
import json
import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from eligibility.commands import main
from eligibility.geography import Area, Home
from eligibility.sample_county import path as sample
from tests.geography.county import Drawing, drawing, line, school

AGENT = "Example Council, transport@example.gov.uk"
# What the service of these tests knows, by the first word of an address: where, and how exactly.
KNOWN: dict[str, tuple[float, float, int]] = {
    "12": (51.0660, -2.7125, 30),
    "Station": (51.0660, -2.7100, 26),
    "Nowhere": (20.0, 20.0, 30),
}


class Answers(BaseHTTPRequestHandler):
    """A Nominatim of our own that knows three addresses and is broken for one."""

    asked: list[str] = []  # noqa: RUF012  # one server a test, emptied before each

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)["q"][0]
        Answers.asked.append(query)
        if query.startswith("Broken"):
            self.send_error(503)
            return
        known = KNOWN.get(query.split(" ")[0])
        found: list[dict[str, Any]] = []
        if known:
            lat, lon, rank = known
            found = [{"lat": str(lat), "lon": str(lon), "display_name": "x", "place_rank": rank}]
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's own name
        """Say nothing."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A service on this machine, set up as a council would: in the environment."""
    Answers.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("NO_PROXY", "*")
    for name, value in (("", "nominatim"), ("_URL", url), ("_AGENT", AGENT)):
        monkeypatch.setenv(f"EDTRAVEL_GEOCODER{name}", value)
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def addresses(folder: Path, *rows: tuple[str, str]) -> Path:
    path = folder / "new_homes.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("uprn", "address"), *rows])
    return path


def ask(folder: Path, *rows: tuple[str, str]) -> Result:
    out = folder / "placed.csv"
    return run("area", "geocode", addresses(folder, *rows), "--every", "0", "--on", "2018-09-04", "--out", out)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_sockets")
def test_without_a_service_configured_nothing_is_asked_of_anybody(tmp_path: Path) -> None:
    done = ask(tmp_path, ("7", "12 Bread Street"))
    assert done.exit_code == 2
    assert "no geocoding service is configured" in done.output
    assert not (tmp_path / "placed.csv").exists()


@pytest.mark.usefixtures("no_sockets")
def test_measuring_drawing_and_comparing_open_no_socket(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("reference: A\ndate_of_birth: 2007-05-14\nhome: {postcode: QX6 1AA}\nschool: {urn: 900033}\n")
    done = run("area", "measure", "sample", case, "--svg", tmp_path / "a.svg", "--against", "2")
    assert done.exit_code == 0
    assert run("area", "reach", "sample", "900033", "--svg", tmp_path / "b.svg").exit_code == 0


@pytest.mark.usefixtures("service")
def test_an_address_is_placed_on_the_grid_with_the_service_the_day_and_how_exactly(tmp_path: Path) -> None:
    done = ask(tmp_path, ("100", "12 Bread Street"))
    assert done.exit_code == 0, done.output
    (row,) = table(tmp_path / "placed.csv")
    assert row["uprn"] == "100"
    assert (row["placed_on"], row["accuracy"]) == ("2018-09-04", "building")
    assert row["placed_by"].startswith("nominatim at 127.0.0.1")
    assert abs(int(row["easting"]) - 350_190) < 100
    assert "Bread" not in done.output
    assert Answers.asked == ["12 Bread Street"]


@pytest.mark.usefixtures("service")
def test_what_the_service_knows_only_roughly_or_not_at_all_is_set_aside(tmp_path: Path) -> None:
    rows = ("1", "Station Road"), ("2", "Unknown"), ("3", "Nowhere"), ("4", ""), ("x", "12 Bread Street")
    done = ask(tmp_path, ("100", "12 Bread Street"), *rows)
    assert done.exit_code == 3
    reasons = {row["row"]: row["reason"] for row in table(tmp_path / "new_homes.csv.rejects.csv")}
    assert reasons["3"] == "the service found the street and not the building"
    assert reasons["4"] == "the service knows no such address"
    assert reasons["5"] == "the service placed it outside Great Britain"
    assert reasons["6"] == "address is empty"
    assert reasons["7"].startswith("uprn is not a number")
    assert [row["uprn"] for row in table(tmp_path / "placed.csv")] == ["100"]


@pytest.mark.usefixtures("service")
def test_no_address_reaches_a_log_or_an_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        done = ask(tmp_path, ("100", "Broken Lane 5"))
    assert done.exit_code == 1
    assert "does not answer" in done.output
    assert "Broken" not in done.output + caplog.text


def test_a_service_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        monkeypatch.setenv("NO_PROXY", "*")
        words = ["--service", "nominatim", "--url", url, "--user-agent", AGENT, "--every", "0"]
        done = run("area", "geocode", addresses(tmp_path, ("1", "12 X")), *words, "--out", tmp_path / "o.csv")
    assert done.exit_code == 1
    assert done.stderr.strip().splitlines()[-1].endswith("does not answer: it failed with GeocoderServiceError")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--service", "goggle"), "expected nominatim, photon, pelias"),
        (("--url", "geocode.example.gov.uk"), "url is not one"),
        (("--url", "https://user:secret@geocode.example.gov.uk"), "url is not one"),
        (("--user-agent", " "), "user agent is empty"),
    ],
)
def test_a_service_configured_wrongly_is_wrong_usage(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    given = ["--service", "nominatim", "--url", "http://127.0.0.1:9", "--user-agent", AGENT, *words]
    done = run("area", "geocode", addresses(tmp_path, ("1", "12 X")), *given, "--out", tmp_path / "o.csv")
    assert done.exit_code == 2
    assert says in done.output
    assert "secret" not in done.output


def placed(folder: Path, east: int, uprn: str = "100") -> Path:
    path = folder / "placed.csv"
    path.write_text(
        "uprn,easting,northing,postcode,placed_by,placed_on,accuracy\n"
        f"{uprn},{350_000 + east},130000,TA1 1AA,nominatim at geo.example,2018-09-01,building\n"
    )
    return path


@pytest.fixture
def drawn(tmp_path: Path) -> Drawing:
    """A road of 6 km with a school at its end."""
    made = drawing(tmp_path, [line((0, 0), (6000, 0))], (6000, 0), (0, 0))
    age = {"statutory_low_age": 11, "statutory_high_age": 16, "education_phase": "Secondary"}
    made.table("schools", [school(100_001, (6000, 0), **age)])
    return made


def test_a_geocoded_home_is_marked_as_one_with_its_service(drawn: Drawing) -> None:
    drawn.files["geocoded"] = placed(drawn.folder, 1000)
    seen = drawn.open().measure(Home(uprn="100"), None)
    assert seen.kind == "geocoded"
    (said,) = [text for text in seen.assumptions if "geocoding" in text]
    assert "nominatim at geo.example, on 2018-09-01, to the building" in said
    assert "estimate" in said


def test_a_surveyed_address_goes_before_a_geocoded_one(drawn: Drawing) -> None:
    drawn.files["geocoded"] = placed(drawn.folder, 1000)
    drawn.table("addresses", [{"uprn": 100, "easting": 352_000, "northing": 130_000, "postcode": "TA1 1AA"}])
    area = drawn.open()
    assert area.count("address") == 1
    assert area.measure(Home(uprn="100"), None).kind == "address"


def test_a_row_that_does_not_say_who_placed_it_is_set_aside(drawn: Drawing) -> None:
    path = drawn.files["geocoded"] = placed(drawn.folder, 1000)
    path.write_text(path.read_text().replace("nominatim at geo.example", ""))
    (reject,) = drawn.build().rejects
    assert "placed_by" in reject.reason


def decided(area: Area, folder: Path) -> dict[str, Any]:
    case = folder / "case.yaml"
    case.write_text(
        "reference: A-1\ndate_of_birth: 2006-05-14\nresident: true\ntravel_from: 2018-09-04\n"
        "home: {uprn: 100, moved_on: null}\nother_home: null\nschool: {urn: 100001, started_on: 2018-09-04}\n"
        "places: none\nbelief: null\nmedical: null\nexceptional: null\naward: null\n"
        "needs: {special_needs: false, disability: false, mobility_problem: false, can_walk: true, ehc_plan: null}\n"
        "income: {free_school_meals: false, maximum_working_tax_credit: false, universal_credit: false}\n"
        "route: {unsafe: false, assessed_on: null, safe_from: null}\n".replace("places: none\n", "")
    )
    done = run("assess", case, "--area", area.path, "--format", "json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def ground(found: dict[str, Any]) -> dict[str, Any]:
    (one,) = [each for each in found["grounds"] if each["id"] == "walking_distance"]
    held: dict[str, Any] = one
    return held


@pytest.mark.parametrize(
    ("east", "result"), [(1000, "met"), (1120, "not_known"), (1230, "not_known"), (1400, "not_met")]
)
def test_nothing_is_decided_on_a_geocoded_home_close_to_the_limit(drawn: Drawing, east: int, result: str) -> None:
    drawn.files["geocoded"] = placed(drawn.folder, east)
    found = decided(drawn.open(), drawn.folder)
    assert ground(found)["result"] == result
    assert any("placed by a geocoding service" in text for text in found["assumptions"])
    if result == "not_known":
        assert "home.easting" in found["missing"]


def test_a_surveyed_address_as_close_to_the_limit_is_decided(drawn: Drawing) -> None:
    drawn.table("addresses", [{"uprn": 100, "easting": 351_120, "northing": 130_000, "postcode": "TA1 1AA"}])
    assert ground(decided(drawn.open(), drawn.folder))["result"] == "met"


def test_the_sample_county_holds_no_geocoded_home() -> None:
    assert {row[4] for row in Area.open(sample()).rows("address")} == {""}
