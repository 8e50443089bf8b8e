"""A network as it lies in an area file: arrays that decide, and beside them the same network drawn as layers.

The arrays (layer `network`) are what is measured on and what the content hash covers. The layers `node` and `edge` are
there to be looked at; that they show the same network is checked when an area is verified.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from eligibility.geography.chains import Chains
from eligibility.geography.geopackage import damaged
from eligibility.geography.ground import lines_of, points_of
from eligibility.geography.layers import Cell, Row
from eligibility.geography.network import BACK, EXACT_UM, FORWARD, WALK, Network

_KINDS = {
    "lon": "<f8",
    "lat": "<f8",
    "a": "<i4",
    "b": "<i4",
    "um": "<i8",
    "uses": "|u1",
    "street": "<i4",
    "closing": "<i4",
    "order": "<i4",
    "starts": "<i4",
    "turned": "|b1",
}
_LISTS = ("streets", "closings")


def rows(chains: Chains) -> dict[str, list[Row]]:
    """The rows of the layers `network`, `node` and `edge`."""
    network = chains.network
    found: list[Row] = []
    for name, kind in _KINDS.items():
        array: NDArray[Any] = getattr(chains if name in ("order", "starts", "turned") else network, name)
        found.append((name, kind, len(array), array.astype(kind).tobytes()))
    for name in _LISTS:
        held = getattr(network, name)
        found.append((name, "json", len(held), json.dumps(held, ensure_ascii=False).encode()))
    return {"network": found, "node": _nodes(network), "edge": _edges(network)}


def _nodes(network: Network) -> list[Row]:
    points = _wkb(points_of(network.lon, network.lat))
    return list(zip(network.lon.tolist(), network.lat.tolist(), points, strict=True))


def _edges(network: Network) -> list[Row]:
    ends = np.stack([_places(network, network.a), _places(network, network.b)], axis=1)
    lines = _wkb(lines_of(ends)) if len(ends) else []
    return [(*row, line) for row, line in zip(_edge_columns(network), lines, strict=True)]


def _wkb(shapes: NDArray[Any]) -> list[bytes]:
    found: list[bytes] = np.asarray(shapely.to_wkb(shapes)).tolist()
    return found


def _places(network: Network, node: NDArray[np.int32]) -> NDArray[np.float64]:
    return np.stack([network.lon[node], network.lat[node]], axis=1)


def _edge_columns(network: Network) -> Iterable[tuple[Any, ...]]:
    closings = [";".join(str(stretch) for stretch in each) for each in network.closings]
    flags = [((network.uses & bit) > 0).astype(int).tolist() for bit in (WALK, FORWARD, BACK)]
    streets = [network.streets[number] for number in network.street.tolist()]
    unsafe = [closings[number] for number in network.closing.tolist()]
    return zip(network.a.tolist(), network.b.tolist(), network.um.tolist(), *flags, streets, unsafe, strict=True)


def read(held: Sequence[Row], path: Path) -> Chains:
    """The network and its chains from the rows of the layer `network` of the area at `path`.

    Raises MismatchError where they are damaged.
    """
    found = {str(name): (str(kind), count, data) for name, kind, count, data in held}
    try:
        arrays: dict[str, Any] = {name: _array(*found[name], expected=kind) for name, kind in _KINDS.items()}
        streets, closings = (json.loads(_bytes(found[name][2])) for name in _LISTS)
        network = Network(
            **{name: arrays[name] for name in _KINDS if name not in ("order", "starts", "turned")},
            streets=tuple(str(each) for each in streets),
            closings=tuple(tuple(int(each) for each in closing) for closing in closings),
        )
    except (KeyError, TypeError, ValueError):
        raise damaged(path, "network") from None
    chains = Chains(network, arrays["order"], arrays["starts"], arrays["turned"])
    if not _is_whole(chains):
        raise damaged(path, "network")
    return chains


def _bytes(data: Cell) -> bytes:
    if not isinstance(data, bytes):
        raise TypeError(type(data).__name__)
    return data


def _array(kind: str, count: Any, data: Any, *, expected: str) -> NDArray[Any]:
    array = np.frombuffer(data, dtype=expected)
    if kind != expected or len(array) != count:
        raise ValueError(kind)
    return array


def _is_whole(chains: Chains) -> bool:
    """Whether every number points at something, so that damage is never a wrong distance or a traceback."""
    network = chains.network
    nodes, edges = len(network.lon), len(network.a)
    per_edge = (network.b, network.um, network.uses, network.street, network.closing, chains.order, chains.turned)
    within = (
        (network.a, nodes),
        (network.b, nodes),
        (network.street, len(network.streets)),
        (network.closing, len(network.closings)),
        (chains.order, edges),
    )
    starts = chains.starts
    return (
        len(network.lat) == nodes
        and all(len(each) == edges for each in per_edge)
        and all(not len(each) or (each.min() >= 0 and each.max() < limit) for each, limit in within)
        and (not edges or bool(network.um.min() > 0 and network.um.max() < EXACT_UM // edges))
        and bool((np.abs(network.lon) <= 180).all() and (np.abs(network.lat) < 90).all())
        and len(starts) > 0
        and bool(starts[0] == 0 and starts[-1] == edges and (np.diff(starts) > 0).all())
    )


def drawn(network: Network, nodes: Sequence[Row], edges: Sequence[Row]) -> bool:
    """Whether the drawn layers, geometry included, show this network."""
    return list(nodes) == _nodes(network) and list(edges) == _edges(network)


_WEIGHT, _PRIME = 7_919, 1_000_003
# Sums of every column, each row weighed by its place: a row changed by hand shows at once, without reading all rows
# into Python. SQLite and NumPy do the same whole-number arithmetic; of a name they count bytes, since SQLite takes a
# text to end at its first NUL.
SUMS = {
    "node": ("CAST(round((lon + 180) * 1e9) AS INTEGER)", "CAST(round((lat + 180) * 1e9) AS INTEGER)"),
    "edge": ("a", "b", "length_um", "walk + 2 * forward + 4 * back", "length(CAST(street AS BLOB))", "length(unsafe)"),
}


def sums_query(layer: str) -> str:
    """The query that gives a drawn layer's count and sums."""
    weighed = (f"sum(((fid + 1) * {_WEIGHT} % {_PRIME}) * (({column}) % {_PRIME}))" for column in SUMS[layer])
    return f'SELECT count(*), {", ".join(weighed)} FROM "{layer}"'  # noqa: S608  # names of our own layers


def sums(network: Network) -> dict[str, tuple[int, ...]]:
    """What `sums_query` gives for layers that show this network."""
    closings = [";".join(str(stretch) for stretch in each) for each in network.closings]
    places: list[NDArray[Any]] = [np.rint((each + 180) * 1e9).astype(np.int64) for each in (network.lon, network.lat)]
    names = np.array([len(each.encode()) for each in network.streets], dtype=np.int64)[network.street]
    unsafe = np.array([len(each) for each in closings], dtype=np.int64)[network.closing]
    columns: list[NDArray[Any]] = [network.a, network.b, network.um, network.uses, names, unsafe]
    return {"node": _sums(places), "edge": _sums(columns)}


def _sums(columns: Sequence[NDArray[Any]]) -> tuple[int, ...]:
    count = len(columns[0])
    weight = np.arange(1, count + 1, dtype=np.int64) * _WEIGHT % _PRIME
    return (count, *(int((weight * (each.astype(np.int64) % _PRIME)).sum()) for each in columns))
