"""An invented county of some 200,000 nodes, the same every time: the files that an area is built from."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

from eligibility.geography import Inputs

SEED, SCHOOLS, PUPILS, EAST, NORTH = 1944, 300, 100_000, 300_000, 110_000


def invent(folder: Path, side: int, bends: float) -> tuple[Inputs, list[tuple[int, int]]]:
    """Writes the county's files; also where homes may stand."""
    chance = random.Random(SEED)
    gap = 59_000 // side
    spots = {
        (i, j): (
            EAST + i * gap + chance.randint(-gap // 5, gap // 5),
            NORTH + j * gap + chance.randint(-gap // 5, gap // 5),
        )
        for i in range(side)
        for j in range(side)
    }
    features, beside = [], []
    for (i, j), spot in spots.items():
        for other in ((i + 1, j), (i, j + 1)):
            if other not in spots or chance.random() < 0.2:
                continue
            end, line = spots[other], [spot]
            count = max(0, round(chance.gauss(bends, 1))) if bends else 0
            line += [
                (
                    round(spot[0] + (end[0] - spot[0]) * step / (count + 1)) + chance.randint(-gap // 12, gap // 12),
                    round(spot[1] + (end[1] - spot[1]) * step / (count + 1)) + chance.randint(-gap // 12, gap // 12),
                )
                for step in range(1, count + 1)
            ]
            line.append(end)
            beside.append(line[0])
            oneway = chance.choice(["yes", "-1"]) if chance.random() < 0.05 else "no"
            about = {"distname": f"Street {chance.randrange(9_000)}", "classifica": "Minor Road", "oneway": oneway}
            geometry = {"type": "LineString", "coordinates": line}
            features.append({"type": "Feature", "properties": about, "geometry": geometry})
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    document = {"type": "FeatureCollection", "crs": crs, "features": features}
    (folder / "roads.geojson").write_text(json.dumps(document), encoding="utf-8")
    schools = [
        {
            "urn": 100_001 + number, "establishment_name": f"School {number}", "establishment_status": "Open",
            "education_phase": "", "statutory_low_age": low, "statutory_high_age": high, "gender": "Mixed",
            "religious_character": "None", "establishment_type_group": "Academies", "la_code": "999",
            "postcode": "TA1 1AA", "easting": x + 20, "northing": y + 15,
        }
        for number, (x, y) in enumerate(chance.sample(beside, SCHOOLS))
        for low, high in [(4, 11) if number % 5 else (11, 16)]
    ]  # fmt: skip
    _table(folder / "schools.csv", schools)
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    homes = [(x + chance.randint(-40, 40), y + chance.randint(-40, 40)) for x, y in chance.choices(beside, k=PUPILS)]
    postcodes = [
        {
            "postcode": f"TA{1 + n // 4000} {n // 400 % 10}{letters[n % 400 // 20]}{letters[n % 20]}",
            "easting": x, "northing": y, "admin_district": "E1", "admin_ward": "W1",
        }
        for n, (x, y) in enumerate(homes[:20_000])
    ]  # fmt: skip
    _table(folder / "postcodes.csv", postcodes)
    return Inputs(folder / "schools.csv", folder / "postcodes.csv", folder / "roads.geojson", complete=True), homes


def _table(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
