"""Measures from schools to everywhere with igraph and says how long it took; runs in an environment of its own.

Given a folder with `graph.npz`. igraph knows no limit, so it goes everywhere. Says, as one line of JSON, the seconds
and how many of the lengths to `places` are another than those given, of those that are within the limit.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import igraph
import numpy as np


def main(folder: Path) -> None:
    """From each school in turn."""
    given = np.load(folder / "graph.npz")
    pairs = np.stack([given["a"], given["b"]], axis=1)
    graph = igraph.Graph(n=len(given["lon"]), edges=pairs.tolist(), directed=False)
    weights = given["um"].tolist()
    began, clock = time.process_time(), time.perf_counter()
    found = graph.distances(source=given["schools"].tolist(), weights=weights)
    seconds, wall = time.process_time() - began, time.perf_counter() - clock
    lengths = np.array(found)[:, given["places"]]
    within = np.isfinite(given["lengths"])
    different = int((lengths[within] != given["lengths"][within]).sum())
    compared, version = int(within.sum()), igraph.__version__
    said = {"seconds": seconds, "wall": wall, "compared": compared, "different": different, "version": version}
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
