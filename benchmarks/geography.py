"""How long distances take on a county of 200,000 nodes, beside other programs on the same graph in the same run.

    python -m benchmarks.geography [--bends 1.6] [--folder FOLDER] [--alone]

The county is invented with a seed: junctions on a loose grid, a fifth of the ways missing, bends between them, one-way
streets, 300 schools, 100,000 homes. `--bends 0 --side 450` makes every node a junction, where nothing can be skipped.
igraph and pandana run in environments of their own under `.venv-benchmarks/` (GPL and AGPL). What is measured on a
slice is scaled, and says so.
"""

from __future__ import annotations

import argparse
import functools
import gc
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.county import PUPILS, SCHOOLS, invent
from benchmarks.environments import ask_peer
from eligibility.geography import Area, Home, How, Pupil, Reach, build, geojson, measure_many
from eligibility.geography.many import Homes, lengths, place_all
from eligibility.geography.network import Network
from eligibility.units import MM_PER_MILE

BLOCK = 16
REACH = Reach(walking_mm=8 * MM_PER_MILE, road_mm=15 * MM_PER_MILE)
"""Beyond the furthest limits of the statute, low income aged 11 and over: 6 and 15 miles by road."""


def timed(work: Callable[[], Any]) -> tuple[Seconds, Any]:
    """How long a piece of work takes, and what it gives."""
    gc.collect()
    begin, used = time.perf_counter(), time.process_time()
    found = work()
    return Seconds(time.process_time() - used, time.perf_counter() - begin), found


class Seconds(NamedTuple):
    """Of the processor, which a busy machine changes little, and of the clock on the wall."""

    processor: float
    wall: float

    def times(self, factor: float) -> Seconds:
        """Scaled from a slice."""
        return Seconds(self.processor * factor, self.wall * factor)


def median(found: list[Seconds]) -> Seconds:
    """The median of each."""
    return Seconds(statistics.median(s.processor for s in found), statistics.median(s.wall for s in found))


def say(what: str, seconds: Seconds, more: str = "") -> None:
    """One line of the report."""
    used, wall = seconds.processor * 1000, seconds.wall * 1000
    print(f"{what:<66} {used:>11,.1f} ms of processor {wall:>11,.1f} ms by the clock  {more}", flush=True)


def opening(path: Path) -> None:
    """Opening the area in a process of its own, verified for the first time and then remembered."""
    code = (
        "import sys, time; from pathlib import Path; import numpy, scipy.sparse.csgraph, shapely, pyproj;"
        "from eligibility.geography import Area; c = lambda: (time.process_time(), time.perf_counter()); t = c();"
        "a = Area.open(Path(sys.argv[1])); o = c();"
        "a.network.snap_both(numpy.array([-3.0]), numpy.array([51.0]));"
        "[a.arcs(m, None).table(reverse=False) for m in ('walk', 'road')]; a.ends('nearest_gate');"
        "r = c(); print(o[0] - t[0], o[1] - t[1], r[0] - t[0], r[1] - t[1])"
    )
    with tempfile.TemporaryDirectory() as cache:
        for what in ("opening, content verified for the first time", "opening, content remembered as verified"):
            command = [sys.executable, "-c", code, str(path)]
            environment = {**_environment(), "XDG_CACHE_HOME": cache}
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
            figures = [float(each) for each in done.stdout.split()]
            say(what, Seconds(*figures[:2]))
            say("  and ready to measure", Seconds(*figures[2:]))


def _environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1"}


def one_pupil(area: Area, homes: list[tuple[int, int]]) -> None:
    """The nearest five schools with both distances, each one's routes on both networks, their steps and lines."""
    drawn: list[str] = []
    pupil = Pupil(3, None)

    def measure(home: Home) -> None:
        seen = area.nearest(home, pupil, 5)
        urns = [each.school.urn for each in seen.schools if each.suitable][:5]
        for mode in ("walk", "road"):
            drawn.extend(geojson(found) for found in area.routes(home, urns, mode).values() if found)

    chosen = [Home(easting=x, northing=y) for x, y in random.Random(1).sample(homes, 60)]
    measure(chosen[0])
    seconds = [timed(functools.partial(measure, each))[0] for each in chosen]
    worst = max(each.processor for each in seconds) * 1000
    say(
        "one pupil, nearest five, ten routes, steps and GeoJSON",
        median(seconds),
        f"(median of 60; worst {worst:.0f} ms)",
    )
    whole = [timed(functools.partial(area.measure, each, pupil))[0] for each in chosen[:20]]
    say("one pupil, every school of the county", median(whole), "(median of 20)")


def bare_graph(area: Area) -> Any:
    """The walking network with every vertex a node, as anyone would hand it to SciPy."""
    from scipy.sparse import csr_array

    network = area.network
    used = np.flatnonzero(network.usable("walk"))
    a, b, um = network.a[used], network.b[used], network.um[used].astype(float)
    size = len(network.lon)
    return csr_array((np.concatenate([um, um]), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(size, size))


def population(area: Area, homes: Homes, *, peers: bool) -> None:
    """Walking distance to 8 miles from every school: this program, bare SciPy, and others on a slice."""
    from scipy.sparse.csgraph import dijkstra

    limit_um = REACH.walking_mm * 1000.0
    blocks = [range(first, min(first + BLOCK, SCHOOLS)) for first in range(0, SCHOOLS, BLOCK)]
    graph = bare_graph(area)
    ends = area.ends("nearest_gate")
    sources = area.network.a[ends.edges["walk"][ends.first]]

    def ours() -> int:
        how, limit = How(), REACH.walking_mm
        return sum(int((lengths(area, homes, b, how, mode="walk", limit_mm=limit) >= 0).sum()) for b in blocks)

    def bare() -> None:
        for block in blocks:
            dijkstra(graph, directed=True, indices=sources[block.start : block.stop], limit=limit_um)

    ours()  # once, so that neither is measured with cold caches
    mine, theirs, ratios = [], [], []
    for _ in range(3):
        one, pairs = timed(ours)
        two, _none = timed(bare)
        mine.append(one)
        theirs.append(two)
        ratios.append(one.processor / two.processor)
    pupils = len(homes.references)
    say(f"{SCHOOLS} schools x {pupils:,} pupils, walking to 8 miles", median(mine), f"{pairs:,} pairs within")
    say("bare scipy.sparse.csgraph.dijkstra, the same rows", median(theirs))
    print(f"ratio (median of 3): {statistics.median(ratios):.2f}")
    if peers:
        others(area, homes, graph, sources, limit_um)


def others(area: Area, homes: Homes, graph: Any, sources: Any, limit_um: float) -> None:
    """NetworkX, igraph and pandana on the same graph; slices, scaled to 300 schools and 100,000 pupils."""
    import networkx as nx

    coo = graph.tocoo()
    whole: nx.DiGraph[int] = nx.DiGraph()
    whole.add_weighted_edges_from(zip(coo.row.tolist(), coo.col.tolist(), coo.data.tolist(), strict=True))
    few = sources[:3].tolist()
    seconds, _ = timed(lambda: [nx.single_source_dijkstra_path_length(whole, each, cutoff=limit_um) for each in few])
    say("NetworkX to 8 miles, 3 schools, scaled to 300", seconds.times(100))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        walk = homes.spots["walk"]
        assert walk is not None  # noqa: S101  # the county has walking edges
        places = area.chains.first[walk.chain][:1_000]
        write_graph(folder, area.network, sources[:10], places, lengths_between(graph, sources[:10], places, limit_um))
        told = ask_peer("igraph", folder)
        say(
            f"igraph {told['version']} (knows no limit), 10 schools, scaled to 300",
            Seconds(told["seconds"], told["wall"]).times(30),
            f"{told['different']} of {told['compared']:,} lengths differ",
        )
        write_graph(folder, area.network, sources[:30], places, lengths_between(graph, sources[:30], places, limit_um))
        told = ask_peer("pandana", folder)
        say(
            f"pandana {told['version']}, 30 x 1,000, scaled to 300 x 100,000",
            Seconds(told["seconds"], told["wall"]).times(1_000),
            f"apart by {told['apart'] * 1000:.3f} mm at most; prepared in {told['prepared']:.0f} s",
        )


def lengths_between(graph: Any, schools: Any, places: Any, limit_um: float) -> Any:
    """Micrometres from schools to places by bare SciPy, infinite beyond the limit: what a peer is to agree with."""
    from scipy.sparse.csgraph import dijkstra

    return dijkstra(graph, directed=True, indices=schools, limit=limit_um)[:, places]


def write_graph(folder: Path, network: Network, schools: Any, places: Any, lengths: Any) -> None:
    """The walking network for a peer, with the nodes of schools and of places, and the lengths between them."""
    used = np.flatnonzero(network.usable("walk"))
    np.savez(
        folder / "graph.npz", lon=network.lon, lat=network.lat, a=network.a[used], b=network.b[used],
        um=network.um[used].astype(float), schools=schools, places=places, lengths=lengths,
    )  # fmt: skip


def main() -> None:
    """Measures everything and prints it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--side", type=int, default=240, help="junctions along each side")
    parser.add_argument("--bends", type=float, default=1.6, help="vertices between two junctions, on average")
    parser.add_argument("--folder", type=Path, help="keep the county here, and use it again")
    parser.add_argument("--alone", action="store_true", help="without NetworkX, igraph and pandana, which take long")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        inputs, spots = invent(folder, given.side, given.bends)
        path = folder / "county.gpkg"
        if not path.exists():
            say("building the area", timed(lambda: build(inputs, path))[0])
        area = Area.open(path)
        network = area.network
        print(f"{len(network.lon):,} nodes, {len(network.um):,} edges, {len(area.chains.um):,} chains, "
              f"{area.arcs('walk', None).size:,} junctions, {path.stat().st_size / 1e6:.0f} MB")  # fmt: skip
        opening(path)
        one_pupil(area, spots)
        pupils = [(f"P-{n}", Home(easting=x, northing=y)) for n, (x, y) in enumerate(spots)]
        seconds, (homes, _) = timed(lambda: place_all(area, pupils, How()))
        say(f"placing and snapping {PUPILS:,} homes on both networks", seconds)
        out = folder / "distances.parquet"
        seconds, done = timed(lambda: measure_many(area, pupils, out, reach=REACH))
        size = out.stat().st_size / 1e6
        say(
            "the whole file: 8 miles walking, 15 by road, from grid references",
            seconds,
            f"{done.rows:,} rows, {size:.0f} MB",
        )
        print(f"peak memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
        population(area, homes, peers=not given.alone)


if __name__ == "__main__":
    main()
