"""A finished run of a small county, to be reported."""

from __future__ import annotations

from pathlib import Path

from eligibility.modelling.run import Run, run
from eligibility.modelling.scenario import scenario
from eligibility.modelling.unit_costs import read_unit_costs
from eligibility.policy_files import policies
from eligibility.reading import Rejected
from tests.modelling.small_county import population

OLD, NEW = "somerset-2016", "somerset-2018"
PUPILS = 150


def finished(folder: Path, *, brief: bool = False) -> Run:
    """The change of September 2018, over some pupils."""
    pupils = folder / "pupils.parquet"
    population(PUPILS, seed=5).drop("row").write_parquet(pupils)
    compared = scenario(policies(), (OLD, NEW), read_unit_costs(), brief=brief)
    return run(compared, [pupils], folder / "run", set_aside=_no_reject)


def _no_reject(rejected: Rejected) -> None:
    raise AssertionError(rejected.sentence)
