"""Decides a whole population with OpenFisca-Core in one simulation; runs in an environment of its own.

Given a folder with `openfisca_rules.py`, `asked.json` and one array a fact. Says the processor seconds taken, and keeps
what it found of the first results asked for in `found.npy`.
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


def main(folder: Path) -> None:
    """Decide them all; what is timed begins with the arrays in memory."""
    sys.path.insert(0, str(folder))
    rules = importlib.import_module("openfisca_rules")
    given = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    system = TaxBenefitSystem([rules.Person])
    for variable in rules.VARIABLES:
        system.add_variable(variable)
    day = period("2018-09-01")  # a formula needs some day; the rules take theirs from the facts
    arrays = [np.load(folder / f"{number}.npy") for number in range(len(given["names"]))]
    began = time.process_time()
    simulation = SimulationBuilder().build_default_simulation(system, count=len(arrays[0]))
    for name, array in zip(given["names"], arrays, strict=True):
        simulation.set_input(name, day, array)
    found = [simulation.calculate(name, day) for name in given["asked"]]
    seconds = time.process_time() - began
    np.save(folder / "found.npy", np.array(found[: given["checked"]]))
    sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
