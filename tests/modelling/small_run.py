"""What the tests of a run share: the versions compared, and that no row of a small county is set aside."""

from __future__ import annotations

import functools

from eligibility.modelling.scenario import Scenario, scenario
from eligibility.modelling.unit_costs import read_unit_costs
from eligibility.policy_files import policies
from eligibility.reading import Rejected

OLD, NEW = "somerset-2016", "somerset-2018"
PUPILS, ROWS_IN_A_PART = 150, 60
BY = "about.band"


@functools.cache
def compared(*, brief: bool = False, by: tuple[str, ...] = ()) -> Scenario:
    """The change of September 2018, without later years and readings where it is `brief`."""
    return scenario(policies(), (OLD, NEW), read_unit_costs(), brief=brief, by=by)


def no_reject(rejected: Rejected) -> None:
    """Takes a row that was set aside, and there is none."""
    raise AssertionError(rejected.sentence)
