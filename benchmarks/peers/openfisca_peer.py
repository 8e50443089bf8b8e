"""Decides pupils with OpenFisca-Core and says how long it took; runs in an environment of its own.

Given a folder with `openfisca_rules.py` and `pupils.json`. Says, as one line of JSON, what it concluded of each pupil
and the seconds taken: a simulation for each pupil, and one simulation for them all.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core.periods import period  # type: ignore[import-not-found]  # of the peers' own environment
from openfisca_core.simulations import SimulationBuilder  # type: ignore[import-not-found]  # of the peers' own environment
from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # type: ignore[import-not-found]  # of the peers' own environment


def main(folder: Path, one_by_one: int) -> None:
    """Decide the first `one_by_one` pupils each by itself, then all of them at once."""
    sys.path.insert(0, str(folder))
    rules = importlib.import_module("openfisca_rules")
    given = json.loads((folder / "pupils.json").read_text(encoding="utf-8"))
    system = TaxBenefitSystem([rules.Person])
    for variable in rules.VARIABLES:
        system.add_variable(variable)
    builder, asked, names = SimulationBuilder(), given["asked"], given["names"]
    day = period("2018-09-01")  # a formula needs some day; the rules take theirs from the facts
    kinds = [bool if kind == "bool" else np.int32 for kind in given["kinds"]]

    def decide(arrays: list[np.ndarray], count: int) -> list[np.ndarray]:
        simulation = builder.build_default_simulation(system, count=count)
        for name, array in zip(names, arrays, strict=True):
            simulation.set_input(name, day, array)
        return [simulation.calculate(name, day) for name in asked]

    def columns(rows: list[list[int]]) -> list[np.ndarray]:
        return [np.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)]

    rows = given["rows"]
    single = [columns([row]) for row in rows[:one_by_one]]
    for arrays in single[:5]:
        decide(arrays, 1)
    began = time.process_time()
    found = [decide(arrays, 1) for arrays in single]
    seconds = time.process_time() - began
    together = columns(rows)
    began = time.process_time()
    all_found = decide(together, len(rows))
    at_once = time.process_time() - began
    concluded = [[bool(array[0]) for array in one] for one in found]
    same = np.array(all_found).T.tolist()
    if same[: len(concluded)] != concluded:
        sys.exit("OpenFisca concludes otherwise of a pupil alone than of all pupils at once")
    said = {"concluded": same, "seconds": seconds, "pupils": len(single), "seconds_at_once": at_once}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
