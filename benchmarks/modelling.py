"""How long a run of the model takes, from a measured file to finished tables, and how it grows with the population.

    .venv/bin/python -m benchmarks.modelling
    .venv/bin/python -m benchmarks.modelling --pupils 10000 100000 1000000 10000000 --svg benchmarks/growth.svg

The pupils are those of the invented sample county, as often as it takes, each time under other references. Every run is
a process of its own; its memory is the most that it held at once.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

PROJECT = Path(__file__).resolve().parent.parent
POLICIES = ("somerset-2016", "somerset-2018")
_AT_ONCE = 100_000


def write_population(some: pl.DataFrame, number: int, path: Path) -> None:
    """Write `number` pupils: those of `some` as often as it takes, no reference twice."""
    writer = None
    for first in range(0, number, _AT_ONCE):
        count = min(_AT_ONCE, number - first)
        rows = pl.concat([some] * math.ceil(count / some.height)).head(count)
        named = pl.format("P-{}", pl.int_range(first, first + count)).alias("reference")
        table = rows.with_columns(named).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def measured(words: list[str]) -> dict[str, float]:
    """Seconds on the clock, seconds of the processor and megabytes of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(process.stderr.read().decode() if process.stderr else "the run failed")
    return {
        "seconds": time.perf_counter() - start,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
    }


_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 680, 440, 70, 50, 80, 60


def plot(rows: list[dict[str, float]]) -> str:
    """Processor seconds against pupils, both by powers of ten, beside a line along which cost is in proportion."""
    low, high = (round(math.log10(end(row["pupils"] for row in rows))) for end in (min, max))
    times = [math.log10(row["processor_seconds"]) for row in rows]
    bottom, top = math.floor(min(times)), math.ceil(max(times))

    def across(pupils: float) -> float:
        return _LEFT + (math.log10(pupils) - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def up(seconds: float) -> float:
        return _HEIGHT - _BOTTOM - (math.log10(seconds) - bottom) / (top - bottom) * (_HEIGHT - _TOP - _BOTTOM)

    last = rows[-1]
    a_second = last["pupils"] / last["processor_seconds"]
    first = max(10.0**low, a_second * 10**bottom)
    told = ", ".join("{pupils:,.0f} pupils {processor_seconds:,.0f} seconds".format(**row) for row in rows)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-size="13" '
        f'font-family="sans-serif" fill="#222"><title>Processor seconds of a run of the model: {told}</title>'
    )
    parts = [
        head,
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="26" font-size="15">Processor seconds of a run, by the number of pupils</text>',
        f'<text x="{_LEFT}" y="46" fill="#555">Both by powers of ten. Dashed: in proportion to the largest run.</text>',
    ]
    for n in range(low, high + 1):
        x = across(10.0**n)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{10**n:,}</text>')
    for n in range(bottom, top + 1):
        y = up(10.0**n)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{10.0**n:,g}</text>')
    parts.append(
        f'<path d="M{across(first):.1f} {up(first / a_second):.1f}L{across(last["pupils"]):.1f} '
        f'{up(last["processor_seconds"]):.1f}" stroke="#777" stroke-width="1.5" stroke-dasharray="6 4"/>'
    )
    points = [(across(row["pupils"]), up(row["processor_seconds"]), row["processor_seconds"]) for row in rows]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#005ea5" stroke-width="2"/>')
    for place, (x, y, seconds) in enumerate(points):
        beside = f'x="{x - 10:.1f}" text-anchor="end"' if place else f'x="{x + 8:.1f}"'
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#005ea5"/>')
        parts.append(f'<text {beside} y="{y - 10:.1f}">{seconds:,.0f} s</text>')
    parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 12}" text-anchor="middle">pupils</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> None:
    """Measure runs of several sizes and print them, as a table or as JSON."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pupils", type=int, nargs="+", default=[10_000, 100_000])
    asked.add_argument("--brief", action="store_true", help="without the run-off and the readings")
    asked.add_argument("--svg", type=Path, help="draw how it grows")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample = folder / "sample.parquet"
        command = [sys.executable, str(PROJECT / "cli.py")]
        subprocess.run([*command, "population", "generate", "--sample", "--out", str(sample)], check=True)
        some = pl.read_parquet(sample)
        for number in sorted(given.pupils):
            path = folder / f"{number}.parquet"
            write_population(some, number, path)
            words = ["model", "run", "--population", str(path), "--policies", *POLICIES]
            words += ["--out", str(folder / f"run-{number}"), *(["--brief"] if given.brief else [])]
            rows.append({"pupils": number, **measured([*command, *words])})
            path.unlink()
            if not given.json:
                print("{pupils:>12,.0f} pupils {seconds:9.1f} s {processor_seconds:9.1f} s of processor "
                      "{megabytes:7,.0f} MB".format(**rows[-1]), flush=True)  # fmt: skip
    if given.json:
        print(json.dumps(rows))
    if given.svg:
        given.svg.write_text(plot(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
