"""Writes and reads an area as one OGC GeoPackage, with nothing but SQLite.

Written here rather than through GDAL so that the same content gives the same bytes, and so that
an area opens in a fraction of a second.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely

from eligibility.errors import EdtravelError, MismatchError, UsageError
from eligibility.geography.layers import FORMAT, LAYERS, Cell, Layer, Row

_APPLICATION_ID = 0x47504B47  # "GPKG"
_HEADER = b"GP\x00\x01" + struct.pack("<i", 4326)  # version 0, little-endian, no envelope
# GeoPackage requires a time of last change; a constant keeps the clock out of the bytes.
_LAST_CHANGE = "2000-01-01T00:00:00.000Z"
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
_SCHEMA = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
  description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name));
"""


def write(path: Path, rows: Mapping[str, Sequence[Row]]) -> None:
    """Writes every layer to `path`, replacing the file whole or not at all.

    A row holds the layer's columns in order, then the geometry's WKB where the layer has one.
    Raises UsageError where the file cannot be written.
    """
    draft = path.with_name(path.name + ".part")
    try:
        draft.unlink(missing_ok=True)
        with sqlite3.connect(draft) as base:
            _fill(base, rows)
        base.close()
        draft.replace(path)
    except (OSError, sqlite3.Error) as problem:
        draft.unlink(missing_ok=True)
        raise UsageError(f"cannot write {path}: {problem}") from problem


def _fill(base: sqlite3.Connection, rows: Mapping[str, Sequence[Row]]) -> None:
    base.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    base.execute("PRAGMA user_version = 10300")
    base.executescript(_SCHEMA)
    base.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
        [
            ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
            ("Undefined geographic", 0, "NONE", 0, "undefined"),
            ("WGS 84", 4326, "EPSG", 4326, _WGS84),
        ],
    )
    for layer in LAYERS:
        _fill_layer(base, layer, rows.get(layer.name, ()))


def _fill_layer(base: sqlite3.Connection, layer: Layer, rows: Sequence[Row]) -> None:
    drawn = layer.geometry is not None
    columns = [f'"{name}" {kind}' for name, kind in layer.columns]
    columns += [f"geom {layer.geometry}"] * drawn
    base.execute(f'CREATE TABLE "{layer.name}" (fid INTEGER PRIMARY KEY, {", ".join(columns)})')
    marks = ", ".join("?" * (len(columns) + 1))
    base.executemany(
        f'INSERT INTO "{layer.name}" VALUES ({marks})',  # noqa: S608  # names of our own layers
        ((fid, *_packed(row, drawn)) for fid, row in enumerate(rows)),
    )
    if layer.index:
        base.execute(f'CREATE INDEX "{layer.name}_key" ON "{layer.name}" ("{layer.index}")')
    box: tuple[float | None, ...] = (None, None, None, None)
    if drawn and rows:
        box = tuple(shapely.total_bounds([shape(row[-1]) for row in rows]).tolist())
    kind = "features" if drawn else "attributes"
    base.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer.name, kind, layer.name, layer.about, _LAST_CHANGE, *box, 4326 if drawn else None),
    )
    if drawn:
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)",
            (layer.name, layer.geometry),
        )


def _packed(row: Row, drawn: bool) -> Row:
    last = row[-1]
    return (*row[:-1], _HEADER + last) if drawn and isinstance(last, bytes) else row


def shape(wkb: Cell) -> shapely.Geometry:
    """The geometry in a row's last cell. Raises EdtravelError where it holds none."""
    if not isinstance(wkb, bytes):
        raise EdtravelError("the area file is damaged: a shape is missing")
    return shapely.from_wkb(wkb)


def connect(path: Path) -> sqlite3.Connection:
    """Opens an area file for reading only.

    Raises UsageError where there is no file, MismatchError where it is not an area.
    """
    if not path.is_file():
        raise UsageError(f"there is no area file {path}; make one with `edtravel area build`")
    try:
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        known = {name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")}
    except sqlite3.Error as problem:
        raise MismatchError(_not_an_area(path)) from problem
    made_as = _format(base) if "setting" in known else None
    if made_as is not None and made_as != FORMAT:
        base.close()
        raise MismatchError(
            f"{path} is an area of format {made_as}, and this version of edtravel reads format {FORMAT}; "
            "build it again with `edtravel area build`"
        )
    if not {layer.name for layer in LAYERS} <= known:
        base.close()
        raise MismatchError(_not_an_area(path))
    return base


def _format(base: sqlite3.Connection) -> str | None:
    """The format an area states, if it states one."""
    try:
        row = base.execute("SELECT value FROM setting WHERE key = 'format'").fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])


def _not_an_area(path: Path) -> str:
    return f"{path} is not an area file; expected a GeoPackage made by `edtravel area build`"


def damaged(path: Path, layer: str) -> MismatchError:
    """What to raise where a layer of the area at `path` cannot be read."""
    return MismatchError(f"the area {path} is damaged in its layer {layer}; build it again with `edtravel area build`")


def rows_of(base: sqlite3.Connection, path: Path, layer: Layer, *, geometry: bool) -> list[Row]:
    """All rows of a layer in order, with WKB last if `geometry` is asked for and there is one.

    Raises MismatchError where the layer cannot be read.
    """
    names = [f'"{name}"' for name, _ in layer.columns]
    drawn = geometry and layer.geometry is not None
    query = f'SELECT {", ".join(names + ["geom"] * drawn)} FROM "{layer.name}" ORDER BY fid'  # noqa: S608  # names of our own layers
    try:
        found = base.execute(query).fetchall()
    except sqlite3.Error as problem:
        raise damaged(path, layer.name) from problem
    return [(*row[:-1], _wkb(row[-1])) for row in found] if drawn else found


def _wkb(blob: Cell) -> bytes:
    return blob[len(_HEADER) :] if isinstance(blob, bytes) else b""
