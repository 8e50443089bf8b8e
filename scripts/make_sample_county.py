"""Makes the sample county: an invented island in the open sea west of Cornwall, the same every time.

West of its river there are first, middle and upper schools, east of it primary and secondary ones. Two
road bridges cross the river far to the north and south, and one footbridge between two towns that face
each other, so that walking and driving differ. A motorway in the east is driven and not walked.

    python -m scripts.make_sample_county [--inputs FOLDER] [--out FILE]

The names of its wards, a list of their own, are written beside it. `--inputs` keeps the files that the area is built
from, to try `edtravel area build` on.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely

from eligibility.geography import Inputs, build
from eligibility.sample_county import path as shipped
from eligibility.sample_county import wards
from scripts.sample_county import DISTRICTS, LA, TOWNS, County, areas, lay_out, paths, schools, settle, side, ward_of

LICENCE = "invented; MIT"


def write(folder: Path) -> Inputs:
    """Writes every input file to `folder`."""
    county = County()
    lay_out(county)
    footpaths = paths(county)
    settle(county)
    register = schools(county)
    _geojson(folder / "roads.geojson", ((shapely.LineString(line), about) for line, about in county.lines))
    _geojson(folder / "paths.geojson", ((shapely.LineString(line), about) for line, about in footpaths))
    _geojson(folder / "transport_areas.geojson", areas(county, register, 0))
    _geojson(folder / "catchments.geojson", areas(county, register, 1_500))
    _csv(folder / "schools.csv", register)
    _csv(folder / "postcodes.csv", (
        {"postcode": postcode, "easting": x, "northing": y, "ladcd": DISTRICTS[side((x, y))][0], "admin_ward": ward}
        for postcode, (x, y), ward in county.postcodes
    ))  # fmt: skip
    _csv(folder / "terminated.csv", (
        {"postcode": f"QX{n % 12 + 1} 9Z{'AB'[n // 12]}", "doterm": f"20{10 + n % 9}{n % 12 + 1:02}"} for n in range(24)
    ))  # fmt: skip
    _csv(folder / "addresses.csv", (
        {"uprn": 990_000_000_000 + n, "easting": x + 9 - n % 19, "northing": y + 7 - n % 15, "postcode": postcode}
        for n, (postcode, (x, y), _) in enumerate(county.postcodes[::25], start=1)
    ))  # fmt: skip
    _csv(folder / "gates.csv", (
        {"urn": row["urn"], "easting": row["easting"] + dx, "northing": row["northing"] + dy, "available": available}
        for row in register[::5]
        for dx, dy, available in ((30, 10, "yes"), (-40, -25, "yes"), (0, 45, "no"))
    ))  # fmt: skip
    names = {"schools": "schools.csv", "postcodes": "postcodes.csv", "roads": "roads.geojson", "paths": "paths.geojson",
             "addresses": "addresses.csv", "gates": "gates.csv", "transport_areas": "transport_areas.geojson",
             "catchments": "catchments.geojson", "terminated_postcodes": "terminated.csv"}  # fmt: skip
    files: dict[str, Any] = {role: folder / name for role, name in names.items()}
    return Inputs(**files, la_codes=(LA,), complete=True, name="SAMPLE", licences=dict.fromkeys(names, LICENCE))


def ward_names() -> str:
    """The wards as a list of their own (CSV): each town with what lies round it is one."""
    return "code,name\n" + "".join(f"{ward_of(town)},{town}\n" for town in TOWNS)


def _geojson(path: Path, features: Iterable[tuple[shapely.Geometry, dict[str, Any]]]) -> None:
    document = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        "features": [
            {"type": "Feature", "properties": about, "geometry": json.loads(shapely.to_geojson(shape))}
            for shape, about in features
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def _csv(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(found[0]))
        writer.writeheader()
        writer.writerows(found)


def main() -> None:
    """Makes the county and says its hash."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=Path, help="keep the input files in this folder")
    parser.add_argument("--out", type=Path, default=shipped())
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.inputs or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        built = build(write(folder), given.out)
    given.out.with_name(wards().name).write_text(ward_names(), encoding="utf-8")
    for reject in built.rejects:
        print(f"{Path(reject.file).name}, row {reject.row}: {reject.reason}")
    print(built.counts, built.content_hash)


if __name__ == "__main__":
    main()
