"""The invented island itself: its places, roads, paths, postcodes, schools and their areas."""

from __future__ import annotations

import csv
import math
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

SEED = 1996
WEST, SOUTH, COLUMNS, ROWS, SPACING = 76_000, 38_000, 30, 28, 1_000  # metres on the British National Grid
LA, DISTRICTS = "990", {"west": ("E07900001", "West Samphire"), "east": ("E07900002", "East Samphire")}
Spot = tuple[int, int]  # easting, northing

FOOTBRIDGE = ("Quillbank", "Otherby")
BRIDGE_ROWS = (5, 23)
MOTORWAY = ("Farrowgate", "Sandholm")
FIRSTS = (
    "Samphire", "Kittiwake", "Thrift", "Marram", "Tamarisk", "Fulmar", "Curlew", "Sandpiper", "Heather",
    "Bracken", "Gorse", "Cowrie",
)  # fmt: skip
LASTS = ("Lane", "Road", "Street", "Way", "Hill", "Close", "Drove", "Rise", "Row", "Walk")  # fmt: skip


def listed(name: str) -> list[dict[str, str]]:
    """The rows of a list that lies beside this script."""
    with Path(__file__).with_name(name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


PLACES = listed("sample_county_places.csv")  # each stands at the junction of a column and a row
TOWNS = {row["place"]: (int(row["column"]), int(row["row"])) for row in PLACES if row["kind"] == "town"}
VILLAGES = {row["place"]: (int(row["column"]), int(row["row"])) for row in PLACES if row["kind"] == "village"}


@dataclass
class County:
    """The island as it grows: junctions, lines with their attributes, postcodes."""

    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    junctions: dict[Spot, Spot] = field(default_factory=dict)
    edges_of_town: dict[str, list[Spot]] = field(default_factory=dict)
    streets: dict[str, list[list[Spot]]] = field(default_factory=dict)
    country: list[list[Spot]] = field(default_factory=list)
    lines: list[tuple[list[Spot], dict[str, Any]]] = field(default_factory=list)
    postcodes: list[tuple[str, Spot, str]] = field(default_factory=list)

    def name(self) -> str:
        """An invented street name."""
        return f"{self.chance.choice(FIRSTS)} {self.chance.choice(LASTS)}"

    def bent(self, start: Spot, end: Spot, bends: int, sway: int) -> list[Spot]:
        """A line with `bends` vertices between its ends, each up to `sway` metres off the straight."""
        middle = [
            (
                round(start[0] + (end[0] - start[0]) * step / (bends + 1)) + self.chance.randint(-sway, sway),
                round(start[1] + (end[1] - start[1]) * step / (bends + 1)) + self.chance.randint(-sway, sway),
            )
            for step in range(1, bends + 1)
        ]
        return [start, *middle, end]

    def beside(self, line: list[Spot]) -> Spot:
        """A place within 40 m of one of a line's stretches."""
        place = self.chance.randrange(len(line) - 1)
        (x, y), (u, v), share = line[place], line[place + 1], self.chance.random()
        off = self.chance.randint(-28, 28), self.chance.randint(-28, 28)
        return round(x + (u - x) * share) + off[0], round(y + (v - y) * share) + off[1]


def river(northing: float) -> float:
    """The river's easting at a northing."""
    return WEST + 15_000 + 700 * math.sin((northing - SOUTH) / 3_000)


def side(spot: Spot) -> str:
    """Which side of the river a place is on."""
    return "west" if spot[0] < river(spot[1]) else "east"


def lay_out(county: County) -> None:
    """Country roads between jittered junctions, with a grid of streets around each town's."""
    chance = county.chance
    for column in range(COLUMNS):
        for row in range(ROWS):
            oval = ((column - COLUMNS / 2 + 0.5) / (COLUMNS / 2)) ** 2 + ((row - ROWS / 2 + 0.5) / (ROWS / 2)) ** 2
            spot = (
                WEST + column * SPACING + chance.randint(-180, 180),
                SOUTH + row * SPACING + chance.randint(-180, 180),
            )
            if oval <= 1.02:
                county.junctions[column, row] = spot
    for town, cell in TOWNS.items():
        _town(county, town, county.junctions[cell])
    pairs = [
        (cell, (cell[0] + dx, cell[1] + dy))
        for cell in county.junctions
        for dx, dy in ((1, 0), (0, 1))
        if (cell[0] + dx, cell[1] + dy) in county.junctions
    ]
    chance.shuffle(pairs)
    joined: dict[Spot, Spot] = {}

    def root(cell: Spot) -> Spot:
        while cell in joined:
            cell = joined[cell]
        return cell

    for one, two in pairs:
        crosses = side(county.junctions[one]) != side(county.junctions[two])
        if crosses and (one[1] not in BRIDGE_ROWS or one[1] != two[1]):
            continue
        # Every fifth road is missing, except where a place would be cut off.
        if root(one) == root(two) and not crosses and chance.random() < 0.2:
            continue
        if root(one) != root(two):
            joined[root(one)] = root(two)
        line = county.bent(_end(county, one, two), _end(county, two, one), 3, 60)
        county.country.append(line)
        kind = "B Road" if crosses or chance.random() < 0.2 else "Minor Road"
        county.lines.append((line, {"distname": county.name(), "classifica": kind}))
    motorway = [min(county.edges_of_town[a], key=lambda s: math.dist(s, county.edges_of_town[b][0]))
                for a, b in (MOTORWAY, MOTORWAY[::-1])]  # fmt: skip
    line = county.bent(motorway[0], motorway[1], 12, 20)
    county.lines.append((line, {"distname": "", "roadnumber": "M99", "classifica": "Motorway", "drawlevel": "1"}))


def _town(county: County, town: str, centre: Spot) -> None:
    half, gap, chance = 4, 105, county.chance
    grid = {
        (i, j): (centre[0] + i * gap + chance.randint(-15, 15), centre[1] + j * gap + chance.randint(-15, 15))
        for i in range(-half, half + 1)
        for j in range(-half, half + 1)
    }
    county.edges_of_town[town] = [grid[i, j] for i, j in ((half, 0), (-half, 0), (0, half), (0, -half))]
    county.streets[town] = []
    for across in (True, False):
        for k in range(-half, half + 1):
            about: dict[str, Any] = {"distname": county.name(), "classifica": "Local Road"}
            # The two streets beside the middle are one-way, one up and one down.
            about["oneway"] = {-1: "yes", 1: "-1"}.get(k, "no")
            whole: list[Spot] = []
            for step in range(-half, half):
                start, end = ((step, k), (step + 1, k)) if across else ((k, step), (k, step + 1))
                whole += county.bent(grid[start], grid[end], 1, 6)[: 3 if step == half - 1 else 2]
            county.streets[town].append(whole)
            county.lines.append((whole, about))


def _end(county: County, here: Spot, there: Spot) -> Spot:
    """Where a road from `here` starts: the junction, or the side of the town built around it."""
    for town, cell in TOWNS.items():
        if cell == here:
            return min(county.edges_of_town[town], key=lambda spot: math.dist(spot, county.junctions[there]))
    return county.junctions[here]


def paths(county: County) -> list[tuple[list[Spot], dict[str, Any]]]:
    """The footbridge over the river, and paths across the fields."""
    a, b = (county.edges_of_town[town] for town in FOOTBRIDGE)
    start, end = max(a), min(b)
    banks = [(round(river(start[1])) + off, start[1]) for off in (-60, 60)]
    found: list[tuple[list[Spot], dict[str, Any]]] = [
        (county.bent(start, banks[0], 4, 10), {"name": "Weavers' Path"}),
        (banks, {"name": "Weavers' Footbridge"}),
        (county.bent(banks[1], end, 4, 10), {"name": "Loom Path"}),
    ]
    for cell in sorted(county.junctions):
        other = cell[0] + 1, cell[1] + 1
        ends = county.junctions[cell], county.junctions.get(other)
        free = cell not in TOWNS.values() and other not in TOWNS.values()
        if ends[1] and free and side(ends[0]) == side(ends[1]) and county.chance.random() < 0.12:
            found.append((county.bent(ends[0], ends[1], 3, 50), {"name": f"{county.chance.choice(FIRSTS)} Path"}))
    return found


def settle(county: County) -> None:
    """Postcodes beside the streets of towns and along the country roads."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    for number, town in enumerate(TOWNS, start=1):
        for unit in range(140):
            spot = county.beside(county.chance.choice(county.streets[town]))
            _postcode(
                county, f"QX{number} {1 + unit // 100}{letters[unit % 100 // 10]}{letters[unit % 10]}", spot, town
            )
    for unit in range(560):
        spot = county.beside(county.chance.choice(county.country))
        town = min(TOWNS, key=lambda each: math.dist(county.junctions[TOWNS[each]], spot))
        district = list(TOWNS).index(town) + 1
        _postcode(county, f"QX{district} {5 + unit // 400}{letters[unit % 400 // 20]}{letters[unit % 20]}", spot, town)


def ward_of(town: str) -> str:
    """The code of the ward of a town."""
    return f"E0590{list(TOWNS).index(town) + 1:04}"


def _postcode(county: County, postcode: str, spot: Spot, town: str) -> None:
    county.postcodes.append((postcode, spot, ward_of(town)))


def schools(county: County) -> list[dict[str, Any]]:
    """The register: schools stand beside a street, village schools beside their junction."""
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(listed("sample_county_schools.csv"), start=1):
        place = row.pop("place")
        if place in VILLAGES:
            x, y = county.junctions[VILLAGES[place]]
            spot = x + 25, y + 20
        else:
            spot = county.beside(county.chance.choice(county.streets[place]))
        near = min(county.postcodes, key=lambda each: math.dist(each[1], spot))
        rows.append({
            "urn": 900_000 + number, **row, "establishment_status": "Open", "la_code": LA,
            "administrative_district": DISTRICTS[side(spot)][1], "postcode": near[0],
            "easting": spot[0], "northing": spot[1],
        })  # fmt: skip
    return rows


def _kind(school: dict[str, Any]) -> tuple[str, int, int]:
    ages = int(school["statutory_low_age"]), int(school["statutory_high_age"])
    return side((school["easting"], school["northing"])), *ages


def areas(county: County, register: list[dict[str, Any]], shift: int) -> list[tuple[Any, dict[str, Any]]]:
    """Each point to its nearest school of a kind, schools moved by up to `shift` metres first.

    Faith, special, independent, selective and single-sex schools have no area.
    """
    plain = [
        row for row in register
        if row["religious_character"] == "None" and row["gender"] == "Mixed" and row["admissions_policy"] != "Selective"
        and row["establishment_type_group"].startswith("Local")
    ]  # fmt: skip
    north, south = SOUTH + ROWS * SPACING, SOUTH - SPACING
    bank = [(round(river(n)), n) for n in range(south, north + 1, 500)]
    found: list[tuple[Any, dict[str, Any]]] = []
    for kind in sorted({_kind(row) for row in plain}):
        far = WEST - SPACING if kind[0] == "west" else WEST + COLUMNS * SPACING
        land = shapely.Polygon([*bank, (far, north), (far, south)])
        sites = {
            row["urn"]: shapely.Point(
                row["easting"] + county.chance.randint(-shift, shift),
                row["northing"] + county.chance.randint(-shift, shift),
            )
            for row in plain
            if _kind(row) == kind
        }
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(list(sites.values())), extend_to=land))
        for urn, site in sites.items():
            cell = next((each for each in cells.tolist() if each.covers(site)), land)
            found.append((shapely.transform(cell.intersection(land), lambda each: each.round()), {"urn": str(urn)}))
    return found
