"""Decides pupils with GoRules ZEN and says how long it took; runs in an environment of its own.

Given a folder with `zen_rules.json` and `pupils.json`. Says, as one line of JSON, what it concluded of each pupil and
the seconds taken, with and without a trace of every expression.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import zen  # type: ignore[import-not-found]  # of the peers' own environment


def main(folder: Path) -> None:
    """Decide every pupil, with a trace and then without."""
    given = json.loads((folder / "pupils.json").read_text(encoding="utf-8"))
    decision = zen.ZenEngine().create_decision((folder / "zen_rules.json").read_text(encoding="utf-8"))
    asked, pupils = given["asked"], given["pupils"]
    seconds = {}
    concluded: list[list[bool]] = []
    for name, options in (("seconds", {"trace": True}), ("seconds_without_trace", {"trace": False})):
        for pupil in pupils[:20]:
            decision.evaluate(pupil, options)
        began = time.process_time()
        found = [decision.evaluate(pupil, options)["result"] for pupil in pupils]
        seconds[name] = time.process_time() - began
        concluded = [[one[key] for key in asked] for one in found]
    sys.stdout.write(json.dumps({"concluded": concluded, "pupils": len(pupils), **seconds}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
