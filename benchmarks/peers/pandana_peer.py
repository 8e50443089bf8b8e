"""Measures between pairs with pandana and says how long it took; runs in an environment of its own.

Given a folder with `graph.npz`. Says, as one line of JSON, the seconds to prepare its network and to answer every pair
of `schools` and `places`, and the most by which a length is another than that given, in metres.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandana  # type: ignore[import-not-found]  # of the peers' own environment
import pandas as pd  # type: ignore[import-untyped]  # of the peers' own environment


def main(folder: Path) -> None:
    """Every pair, in one call."""
    given = np.load(folder / "graph.npz")
    began = time.process_time()
    places = (pd.Series(given["lon"]), pd.Series(given["lat"]))
    metres = pd.DataFrame({"metres": given["um"] / 1e6})
    network = pandana.Network(*places, pd.Series(given["a"]), pd.Series(given["b"]), metres, twoway=True)
    prepared = time.process_time() - began
    schools, homes = (each.ravel() for each in np.meshgrid(given["schools"], given["places"], indexing="ij"))
    began, clock = time.process_time(), time.perf_counter()
    found = network.shortest_path_lengths(schools, homes, imp_name="metres")
    seconds, wall = time.process_time() - began, time.perf_counter() - clock
    lengths, within = given["lengths"].ravel(), np.isfinite(given["lengths"].ravel())
    apart = float(np.abs(np.array(found)[within] - lengths[within] / 1e6).max())
    said = {"seconds": seconds, "wall": wall, "prepared": prepared, "apart": apart, "version": pandana.__version__}
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
