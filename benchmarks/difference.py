"""Seconds that the complete difference between two versions takes.

Run `python -m benchmarks.difference` from the top of the checkout.
"""

from __future__ import annotations

import time

import click

from eligibility.assess import Assessor
from eligibility.proving.differences import Comparison
from eligibility.told.differences import tell

TO_REACH = 120
"""Seconds on two cores."""


@click.command()
@click.argument("old", default="somerset-2016")
@click.argument("new", default="somerset-2018")
def main(old: str, new: str) -> None:
    """The complete difference from OLD to NEW: found, proved complete, run through the decisions and told."""
    assessor = Assessor()
    held = assessor.policies
    began, worked = time.perf_counter(), time.process_time()
    comparison = Comparison(held, held.version(old), held.version(new))
    found = comparison.differences()
    complete = comparison.outside(found.outcomes) is None
    told = tell(found, assessor)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    click.echo(f"{old} to {new}: {len(told.entries)} differences, {len(told.cases)} pupils, complete: {complete}")
    click.echo(f"{seconds:.1f} s ({processor:.1f} s of one core in this process), to reach {TO_REACH} s")


if __name__ == "__main__":
    main()
