"""What is worth saying of an area's entrances when it is built, and again when it is checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from eligibility.geography.layers import Row

FAR_GATE_METRES = 1_000
"""Wider than any school's grounds; an assumption, which only says where to look."""
_WALK_LEG = 6  # of an entrance's cells
_FAR_UM = 500_000_000
_SHOWN = 10


def about_far_schools(entrances: Sequence[Row], authorities: Collection[str]) -> list[str]:
    """A register of all England on the roads of one county holds schools that no road there leads to."""
    if len(authorities) < 2:
        return []
    near = {row[0] for row in entrances if row[_WALK_LEG] is not None and int(row[_WALK_LEG] or 0) <= _FAR_UM}
    schools = {row[0] for row in entrances}
    far = len(schools - near)
    says = (
        f"{far:,} of {len(schools):,} schools, of {len(authorities)} authorities in the register, are more "
        "than 500 m from this network and were kept; give --la CODE to keep one authority's schools alone"
    )
    return [says] if far else []


def about_far_gates(entrances: Sequence[Row]) -> list[str]:
    """A gate far from its school is most often a slip in its coordinates, and routes end at it all the same."""
    far = far_gates(entrances)
    if not far:
        return []
    schools = "1 school has" if len(far) == 1 else f"{len(far):,} schools have"
    says = (
        f"{schools} a gate more than {FAR_GATE_METRES // 1000} km from the register's point, at which routes may end "
        f"all the same; look at its coordinates: {_named(far)}"
    )
    return [says]


def far_gates(entrances: Sequence[Row]) -> list[str]:
    """The schools with a gate more than `FAR_GATE_METRES` from the register's point, each with how far; by URN."""
    from pyproj import Geod

    points = {row[0]: row[2:4] for row in entrances if row[1] == "register"}
    gates = [row for row in entrances if row[1] == "gate"]
    ends = np.array([(*points[row[0]], *row[2:4]) for row in gates], dtype=np.float64).reshape(-1, 4)
    metres = Geod(ellps="WGS84").inv(*ends.T)[2]
    furthest: dict[str, float] = {}
    for row, far in zip(gates, metres.tolist(), strict=True):
        furthest[str(row[0])] = max(far, furthest.get(str(row[0]), 0.0))
    return [f"{urn} ({far / 1000:.1f} km)" for urn, far in sorted(furthest.items()) if far > FAR_GATE_METRES]


def about_shut_gates(urns: Sequence[str]) -> str:
    """Schools of which gates are given and none is available, as when all were marked so by a slip."""
    schools = "1 school" if len(urns) == 1 else f"{len(urns):,} schools"
    return (
        f"every gate given of {schools} is marked as not available, so that routes end where the network passes "
        f"nearest to the register's point: {_named(urns)}"
    )


def _named(found: Sequence[str]) -> str:
    return ", ".join(found[:_SHOWN]) + (" and others" if len(found) > _SHOWN else "")
