"""GeoPackages and Shapefiles through GDAL, which is shown no file that is not what its name says.

GDAL tells formats apart by their content, and some of them name further files or addresses to read. A file is
therefore looked at here first: a `.gpkg` that is anything but a SQLite database never reaches it.
"""

from __future__ import annotations

import glob
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from eligibility.errors import EdtravelError, UsageError

MOST_VERTICES = 1_000_000
"""Of one shape: the most intricate county boundary has a tenth of them."""
_BEGINS = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a"}
_HEADER = 100  # bytes of a Shapefile's, which state how long it is
_NAMES = {".gpkg": "a GeoPackage", ".shp": "a Shapefile"}
_DAMAGED = ("truncat", "corrupt", "fread", "malformed", "error in f", "failed to read")
_UNDEFINED = ("undefined", "unknown")

Row = tuple[int, dict[str, Any], shapely.Geometry | None, str]


def reads(path: Path) -> bool:
    """Whether the file's name says that it is one of these."""
    return path.suffix.lower() in _BEGINS


def layers(path: Path) -> list[str]:
    """The layers with shapes, in the order of their names. Raises EdtravelError, UsageError."""
    _look(path)
    import pyogrio

    with _sentence(path, ""):
        found = pyogrio.list_layers(path)
    return sorted(str(name) for name, kind in found.tolist() if kind is not None)


def declared(path: Path, layer: str) -> str | None:
    """The coordinate system a layer declares, as a code or WKT; None where it declares none."""
    crs = _info(path, layer)["crs"]
    return None if crs is None or any(word in crs.lower()[:60] for word in _UNDEFINED) else str(crs)


def _info(path: Path, layer: str) -> dict[str, Any]:
    import pyogrio

    with _sentence(path, layer):
        found: dict[str, Any] = pyogrio.read_info(path, layer=layer or None)
        return found


def read(path: Path, layer: str, box: tuple[float, float, float, float] | None = None) -> Iterator[Row]:
    """(number from 1, attributes, shape or None, why none) of each feature, or of those that meet a box.

    Raises EdtravelError, UsageError.
    """
    _look(path)
    from pyogrio.raw import read as read_raw

    with _sentence(path, layer):
        meta, _, shapes, cells = read_raw(path, layer=layer or None, force_2d=True, bbox=box)
    names = meta["fields"].tolist()
    columns = [_texts(column) for column in cells]
    for place, wkb in enumerate(shapes if shapes is not None else ()):
        properties = dict(zip(names, (column[place] for column in columns), strict=True))
        if wkb is None:
            yield place + 1, properties, None, "the feature has no geometry"
            continue
        try:
            with np.errstate(invalid="ignore"):
                shape = shapely.from_wkb(wkb)
        except shapely.errors.ShapelyError:
            yield place + 1, properties, None, "its geometry cannot be read"
            continue
        found = problem(shape)
        yield place + 1, properties, None if found else shape, found


def problem(shape: shapely.Geometry) -> str:
    """What keeps a shape from being used, whatever it is for; "" where nothing does."""
    if shapely.is_empty(shape):
        return "its geometry is empty"
    vertices = int(shapely.get_num_coordinates(shape))
    if vertices > MOST_VERTICES:
        return f"its geometry has {vertices:,} vertices; expected at most {MOST_VERTICES:,}"
    return ""


def _texts(column: Any) -> list[Any]:
    """A column's cells as Python values; days as ISO text, without the hour where it is midnight."""
    if np.issubdtype(column.dtype, np.datetime64):
        return [None if np.isnat(cell) else str(cell)[:19].removesuffix("T00:00:00") for cell in column]
    values: list[Any] = column.tolist()
    return values


def _look(path: Path) -> None:
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as stream:
            header = stream.read(_HEADER)
    except OSError as failure:
        raise UsageError(f"cannot read {path}: {failure.strerror or failure}") from None
    if not header:
        raise EdtravelError(f"{path} is empty; expected {_NAMES[suffix]}")
    if not header.startswith(_BEGINS[suffix]):
        raise EdtravelError(f"{path} is not {_NAMES[suffix]}, whatever its name says")
    if suffix == ".shp":
        if len(header) < _HEADER or path.stat().st_size < 2 * int.from_bytes(header[24:28], "big"):
            raise EdtravelError(f"{path} is damaged: it ends before the length it states")
        present = {each.suffix.lower() for each in path.parent.glob(f"{glob.escape(path.stem)}.*")}
        if missing := [each for each in (".shx", ".dbf") if each not in present]:
            raise EdtravelError(
                f"{path} lacks {' and '.join(path.stem + each for each in missing)} beside it; a Shapefile is "
                "several files of one name"
            )


@contextmanager
def _sentence(path: Path, layer: str) -> Iterator[None]:
    """Turns whatever GDAL says of a file into one sentence that names file and layer."""
    import pyogrio

    where = f"{path}, layer {layer}" if layer else str(path)
    failures = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, ValueError, MemoryError)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            yield
        except failures:
            raise EdtravelError(f"{where} is damaged: it cannot be read to its end") from None
    # GDAL warns of a file that ends too soon and goes on as if the rest had never been.
    if any(word in str(each.message).lower() for each in said for word in _DAMAGED):
        raise EdtravelError(f"{where} is damaged: it cannot be read to its end")


def versions() -> str:
    """What reads these files, to be recorded beside what was read."""
    import pyogrio
    import pyproj

    gdal = ".".join(map(str, pyogrio.__gdal_version__))
    return f"GDAL {gdal}, PROJ {pyproj.proj_version_str}"
