"""The layers of an area file: one list that writing, reading and hashing all follow."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

Cell = str | int | float | bytes | None
Row = tuple[Cell, ...]
FORMAT = "2"
BORDERED = ("transport_area", "catchment")
"""The layers whose borders a home may be near: a school's transport area, and its admissions catchment."""
NOT_STATED = "not stated"
"""Stands in `source` for a vintage or a licence that neither the file nor the builder states."""


@dataclass(frozen=True)
class Layer:
    """One table: its columns with SQL types, and the geometry type it is drawn with, if any.

    `derived` geometry follows from other layers (an edge from its two nodes) and `recorded` tables
    say where content came from; neither is part of the content hash. `drawn` tables show what another layer holds, to
    be looked at; they are no part of it either, and are compared with what they show.
    """

    name: str
    about: str
    columns: tuple[tuple[str, str], ...]
    geometry: str | None = None
    derived: bool = False
    recorded: bool = False
    drawn: bool = False
    index: str = ""


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    kinds = {"t": "TEXT", "i": "INTEGER", "r": "REAL", "b": "BLOB"}
    return tuple((word.split(":")[0], kinds[word.split(":")[1]]) for word in text.split())


LAYERS = (
    Layer("setting", "What the area was built with", _columns("key:t value:t")),
    Layer(
        "source",
        "The files the area was built from",
        _columns("role:t file:t sha256:t bytes:i vintage:t licence:t"),
        recorded=True,
    ),
    Layer(
        "network",
        "The network as it is measured on: arrays of numbers, little-endian",
        _columns("name:t kind:t length:i data:b"),
    ),
    Layer(
        "node",
        "Points where edges meet, degrees on WGS84",
        _columns("lon:r lat:r"),
        geometry="POINT",
        derived=True,
        drawn=True,
    ),
    Layer(
        "edge",
        "The network: one straight stretch between two nodes, length in micrometres",
        _columns("a:i b:i length_um:i walk:i forward:i back:i street:t unsafe:t"),
        geometry="LINESTRING",
        derived=True,
        drawn=True,
    ),
    Layer(
        "school",
        "Schools of the register",
        _columns(
            "urn:t name:t phase:t low_age:i high_age:i gender:t religions:t independent:i"
            " special:i selective:i la_code:t lon:r lat:r"
        ),
        geometry="POINT",
        derived=True,
        index="urn",
    ),
    Layer(
        "entrance",
        "Where routes to a school end, snapped to each network",
        _columns(
            "urn:t kind:t lon:r lat:r walk_edge:i walk_along_um:i walk_leg_um:i"
            " road_edge:i road_along_um:i road_leg_um:i border_mm:i"
        ),
        geometry="POINT",
        derived=True,
    ),
    Layer(
        "postcode",
        "Postcode centres",
        _columns("postcode:t district:t ward:t lon:r lat:r"),
        geometry="POINT",
        derived=True,
        index="postcode",
    ),
    Layer("terminated", "Postcodes no longer in use", _columns("postcode:t on:t"), index="postcode"),
    Layer(
        "address",
        "Addresses by UPRN; `placed` says which geocoding service put one where it is, and when",
        _columns("uprn:t postcode:t lon:r lat:r placed:t"),
        geometry="POINT",
        derived=True,
        index="uprn",
    ),
    Layer("closed_school", "Schools the register says are closed", _columns("urn:t name:t on:t")),
    Layer(
        "left_out_school",
        "Open schools of other authorities that stand inside the coverage",
        _columns("urn:t lon:r lat:r leg_um:i"),
    ),
    Layer("transport_area", "Designated transport areas", _columns("urn:t"), geometry="MULTIPOLYGON"),
    Layer("catchment", "Admissions catchments", _columns("urn:t"), geometry="MULTIPOLYGON"),
    Layer("district", "Districts", _columns("code:t name:t"), geometry="MULTIPOLYGON"),
    Layer("ward", "Electoral wards or divisions", _columns("code:t name:t"), geometry="MULTIPOLYGON"),
    Layer(
        "place",
        "Named places of the map, such as villages",
        _columns("name:t kind:t lon:r lat:r"),
        geometry="POINT",
        derived=True,
    ),
    Layer(
        "unsafe",
        "Stretches recorded as unsafe to walk, left out of the walking network from and until their dates",
        _columns("name:t from_date:t until_date:t"),
        geometry="MULTILINESTRING",
    ),
    Layer(
        "defect",
        "Stretches of the input that were left out: without length, or given more than once",
        _columns("what:t lon:r lat:r"),
        geometry="POINT",
        recorded=True,
    ),
    Layer("coverage", "The land the network covers", _columns("how:t"), geometry="MULTIPOLYGON"),
)
BY_NAME = {layer.name: layer for layer in LAYERS}


def content_hash(rows: Mapping[str, Iterable[Sequence[Cell]]]) -> str:
    """`sha256:` over every layer's rows in order; the same content gives the same hash.

    Rows carry the geometry's WKB last where the layer has one. Where a file came from, derived
    geometry, drawn layers and the order of tables in the file are left out, and no time is ever stored.
    """
    digest = hashlib.sha256(f"edtravel area {FORMAT}\n".encode())
    for layer in sorted(LAYERS, key=lambda each: each.name):
        if layer.recorded or layer.drawn:
            continue
        digest.update(f"{layer.name}\n".encode())
        own = layer.geometry is not None and not layer.derived
        width = len(layer.columns) + own
        for some in batched(rows.get(layer.name, ())):
            digest.update(json.dumps([row[:width] for row in some], ensure_ascii=False, default=_of_bytes).encode())
    return "sha256:" + digest.hexdigest()


def drawn_elsewhere(rows: Mapping[str, Iterable[Sequence[Cell]]]) -> str:
    """The first layer that draws a point elsewhere than its columns lon and lat say; "" where none does.

    The columns are what is measured with and what the hash covers; the point is what a person sees, and may have moved.
    """
    for layer in LAYERS:
        if layer.geometry == "POINT" and layer.derived and not layer.drawn:
            lon = [name for name, _ in layer.columns].index("lon")
            if any(_point(row[-1]) != tuple(row[lon : lon + 2]) for row in rows.get(layer.name, ())):
                return layer.name
    return ""


def _point(wkb: Cell) -> tuple[float, ...]:
    return _POINT.unpack(wkb)[2:] if isinstance(wkb, bytes) and len(wkb) == _POINT.size else ()


_POINT = struct.Struct("<BIdd")  # a point as WKB: little-endian, of kind 1


def _of_bytes(cell: object) -> str:
    if not isinstance(cell, bytes):
        raise TypeError(type(cell).__name__)
    return hashlib.sha256(cell).hexdigest()


def batched(rows: Iterable[Sequence[Cell]], size: int = 1_000) -> Iterator[list[Sequence[Cell]]]:
    """Rows so many at a time."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some
